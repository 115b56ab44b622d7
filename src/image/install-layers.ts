/** What the layers of an image hold of the packages that are weighed: which command brings which, and what else they leave. */
import { installsSomething, nameIn } from '../inputs/dockerfile.ts';
import { everyExtra } from '../inputs/primary-source.ts';
import { installedSetOf } from '../inputs/related-files.ts';
import { normalizeExtra } from '../pep/name.ts';
import type { HeldResolver } from '../resolve/held.ts';
import type { InstallCommand } from '../target/install-command.ts';
import type { ImageLayer } from '../target/image-layers.ts';
import type { ShellCommand } from '../target/shell-lines.ts';
import { textsOf } from '../target/shell-pieces.ts';
import type { DeclaredRequirement, DistributionName, ParsedInput, WeighedGraph } from '../types.ts';
import type { ImageFacts } from './image-facts.ts';

/** All that commands at some lines bring, with what that needs. Empty where the image says nothing of what is weighed. */
export function installedBy(
  { image, isWeighed, steps, inputs }: ImageFacts,
  { graph, held }: { readonly graph: WeighedGraph; readonly held: HeldResolver },
  lines: ReadonlySet<number>,
): ReadonlySet<DistributionName> {
  if (!isWeighed) return new Set();
  const commands = image.installs.filter(({ line }) => lines.has(line));
  const extras = new Set(commands.flatMap(extrasOf).map(normalizeExtra));
  const installed = steps
    .filter(({ line }) => lines.has(line))
    .flatMap((step) =>
      inputs
        .filter(({ path }) => path === step.path)
        .flatMap((input) => [...installedSetOf(input, step), ...setsOfExtras(input, extras)]),
    );
  const names = new Set<string>([
    ...installed.map(({ requirement }) => requirement.name),
    ...commands.flatMap(({ packages }) => packages.map(({ text }) => nameIn(text))),
  ]);
  return held(graph.roots.filter(({ name }) => names.has(name))).names;
}

function extrasOf({ projects, sync }: InstallCommand): readonly string[] {
  return [
    ...projects.flatMap((project) => project.extras),
    ...(sync?.extras ?? []),
    ...(sync?.allExtras === true ? [everyExtra] : []),
  ];
}

function setsOfExtras(
  { groups }: ParsedInput,
  extras: ReadonlySet<string>,
): readonly DeclaredRequirement[] {
  return groups
    .filter(
      ({ kind, name }) =>
        kind === 'extra' && (extras.has(everyExtra) || extras.has(normalizeExtra(name ?? ''))),
    )
    .flatMap(({ requirements }) => requirements);
}

/** A command that installs and leaves its downloads in the layer. */
export interface CachingInstall {
  readonly layer: ImageLayer;
  readonly install: InstallCommand;
}

const caching: ReadonlySet<InstallCommand['tool']> = new Set([
  'pip',
  'pipx',
  'poetry',
  'pdm',
  'pipenv',
]);

/** Commands of the image itself whose downloads stay in their layer: no option, variable, mount or deletion is against it. */
export function cachingInstalls({ image }: ImageFacts): readonly CachingInstall[] {
  return image.layers.flatMap((layer) => {
    if (!layer.isInImage || layer.mounts.some((target) => isCache(target, layer))) return [];
    if (layer.commands.some((command) => emptiesCache(command))) return [];
    return layer.installs
      .filter((install) => keepsCache(install, layer))
      .map((install) => ({ layer, install }));
  });
}

function isCache(target: string, { variables }: ImageLayer): boolean {
  const named = ['PIP_CACHE_DIR', 'POETRY_CACHE_DIR', 'PIPENV_CACHE_DIR', 'XDG_CACHE_HOME'];
  // Those of other programs keep nothing of pip outside.
  const isOther = /\/(?:apt|npm|yarn|pnpm|uv)\/?$/.test(target);
  return (
    (/cache/i.test(target) && !isOther) || named.some((name) => variables.get(name) === target)
  );
}

const keepingNothing: ReadonlySet<string> = new Set(['--no-cache-dir', '--no-cache', '--no-index']);

function keepsCache(install: InstallCommand, layer: ImageLayer): boolean {
  if (!caching.has(install.tool) || !installsSomething(install)) return false;
  // Without an index nothing is downloaded.
  if (install.options.some((option) => keepingNothing.has(option))) return false;
  // Whatever its value, pip reads the variable as "no".
  const own = layer.commands.find(
    ({ line, script }) => line === install.line && script?.line === install.script?.line,
  )?.variables;
  return [layer.variables, own].every(
    (variables) =>
      variables === undefined ||
      !['PIP_NO_CACHE_DIR', 'POETRY_NO_CACHE', 'PDM_NO_CACHE'].some((name) => variables.has(name)),
  );
}

/** `rm -rf /root/.cache`, `pip cache purge`. */
export function emptiesCache({ words }: ShellCommand): boolean {
  const [name = '', ...rest] = textsOf(words);
  if (/^pip[\d.]*$/.test(name)) return rest[0] === 'cache' && rest[1] === 'purge';
  return (
    (name === 'rm' || name === 'find') &&
    rest.some((word) => /cache/i.test(word) && !/__pycache__|\/apt/.test(word))
  );
}
