import { sumOf, type ImageFacts } from '../image/image-facts.ts';
import { everyExtra, type InstallStep } from '../inputs/primary-source.ts';
import { mainSetOf } from '../inputs/related-files.ts';
import { isDevelopmentRole } from '../inputs/roles.ts';
import { normalizeExtra } from '../pep/name.ts';
import type { Finding, ParsedInput, WeighedGraph } from '../types.ts';
import { createHeldResolver } from '../resolve/held.ts';
import { savingWithout } from '../weigh/attribution.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { imageFinding } from './image-finding.ts';

/** What is for development by its own name, installed where the product runs. */
export const devInImage: AdviceRule = {
  code: 'DW128',
  rule: 'dev-in-image',
  title: 'requirements for development that the image of the product installs',
  severity: 'info',
  evaluate: (context) => {
    const { image } = context;
    if (image === null || !image.isWeighed) return [];
    return [
      ...ofFiles(context, image),
      ...ofExtras(context, image),
      ...ofGroups(context, image),
      ...ofSyncs(context, image),
    ];
  },
};

/** requirements-dev.txt and its like. */
function ofFiles(context: AdviceContext, { image, steps, inputs }: ImageFacts): readonly Finding[] {
  return steps.flatMap((step) => {
    const { path } = step;
    const input = inputs.find((one) => one.path === path && isDevelopmentRole(one.role));
    if (input === undefined) return [];
    const others = inputs.filter(
      (one) => one !== input && steps.some((step) => step.path === one.path),
    );
    const message = `${path} is for development, and the image of the product installs it`;
    const remedy = `leave ${path} to a stage or an image of its own`;
    const names = own(namesOf([input]), [...others, ...included(input, inputs)]);
    return finding(context, { path: image.path, at: step, names, message, remedy });
  });
}

/** `pip install .[dev]`. */
function ofExtras(context: AdviceContext, { image, inputs }: ImageFacts): readonly Finding[] {
  return image.installs.flatMap((install) => {
    const { projects, sync } = install;
    const named = [...projects.flatMap((project) => project.extras), ...(sync?.extras ?? [])];
    const isAll = named.includes(everyExtra) || sync?.allExtras === true;
    const extras = isAll ? namesOfExtras(inputs) : named.map(normalizeExtra);
    return extras.flatMap((extra) => {
      const message = `the extra ${extra} is for development, and the image of the product installs it`;
      const remedy = `install without [${extra}]`;
      const names = namesOfSet(inputs, 'extra', extra);
      return finding(context, { path: image.path, at: install, names, message, remedy });
    });
  });
}

/** `uv sync --group dev`, `pip install --group tests`. */
function ofGroups(
  context: AdviceContext,
  { image, steps, inputs }: ImageFacts,
): readonly Finding[] {
  return steps.flatMap((step) => {
    const { path, groups } = step;
    const files = inputs.filter((one) => one.path === path);
    return groups.flatMap((group) => {
      const message = `the group ${group} is for development, and the image of the product installs it`;
      const remedy = `install without the group ${group}`;
      const names = namesOfSet(files, 'group', group);
      return finding(context, { path: image.path, at: step, names, message, remedy });
    });
  });
}

/** What only an extra or group for development names. */
function namesOfSet(
  inputs: readonly ParsedInput[],
  kind: 'extra' | 'group',
  name: string,
): ReadonlySet<string> {
  const sets = inputs.flatMap(({ groups }) =>
    groups.filter((one) => one.kind === kind && one.name === name && isDevelopmentRole(one.role)),
  );
  const names = sets.flatMap(({ requirements }) =>
    requirements.map(({ requirement }) => requirement.name),
  );
  return own(new Set(names), inputs);
}

function namesOfExtras(inputs: readonly ParsedInput[]): readonly string[] {
  const groups = inputs.flatMap((input) => input.groups.filter(({ kind }) => kind === 'extra'));
  return [...new Set(groups.flatMap(({ name }) => name ?? []))];
}

/** `poetry install` and `uv sync` take what is for development unless they are told not to. */
function ofSyncs({ graph, target }: AdviceContext, facts: ImageFacts): readonly Finding[] {
  const { image } = facts;
  if (facts.development === null) return [];
  const install = image.installs.find(({ sync }) => sync?.withDevelopment === true);
  if (install === undefined) return [];
  const { tool } = install;
  const unasked = unaskedNames(tool, facts);
  const roots = new Set<string>([...graph.roots.map(({ name }) => name), ...unasked]);
  const { names } = createHeldResolver(
    facts.development,
    target,
  )(facts.development.roots.filter(({ name }) => roots.has(name)));
  const development = {
    ...facts.development,
    distributions: facts.development.distributions.filter(({ name }) => names.has(name)),
  };
  const bytes = sumOfAll(development) - sumOfAll(graph);
  if (unasked.size === 0 || bytes <= 0) return [];
  const option = { poetry: '--only main', pdm: '--prod', uv: '--no-dev' }[tool as string];
  const more = new Set(graph.distributions.map(({ name }) => name));
  return [
    imageFinding(devInImage, image.path, {
      leaves: development.distributions.map(({ name }) => name).filter((name) => !more.has(name)),
      message: `${tool} installs here what is for development as well, which is in no other figure`,
      lines: [install],
      savedInstalledBytes: bytes,
      savedDownloadBytes: sumOfAll(development, 'downloadBytes') - sumOfAll(graph, 'downloadBytes'),
      remedy: { kind: 'add', text: `add ${option ?? '--no-dev'}` },
    }),
  ];
}

/** What the groups declare that a tool installs unasked: those of uv's `default-groups` (`dev`), all of others; never extras. */
function unaskedNames(tool: string, { inputs }: ImageFacts): ReadonlySet<string> {
  const defaults = inputs.find(({ defaultGroups }) => defaultGroups !== undefined)?.defaultGroups;
  const isUnasked = (name: string): boolean =>
    tool !== 'uv' || defaults === 'all' || (defaults ?? ['dev']).includes(name);
  return new Set(
    inputs.flatMap(({ groups }) =>
      groups
        .filter(({ kind, name }) => kind === 'group' && isUnasked(name ?? ''))
        .flatMap(({ requirements }) => requirements.map(({ requirement }) => requirement.name)),
    ),
  );
}

interface Parts {
  readonly path: string;
  readonly at: Pick<InstallStep, 'line' | 'script'>;
  readonly names: ReadonlySet<string>;
  readonly message: string;
  readonly remedy: string;
}

function finding(
  { graph, held }: AdviceContext,
  { path, at, names, message, remedy }: Parts,
): readonly Finding[] {
  const dropped = graph.roots.map(({ name }) => name).filter((name) => names.has(name));
  if (dropped.length === 0) return [];
  const saving = savingWithout(graph, held, new Set(dropped));
  return [
    imageFinding(devInImage, path, {
      packages: dropped.toSorted(),
      leaves: saving.leaves,
      message,
      lines: [at],
      savedInstalledBytes: saving.installedBytes,
      savedDownloadBytes: saving.downloadBytes,
      remedy: { kind: 'remove', text: remedy },
    }),
  ];
}

function namesOf(inputs: readonly ParsedInput[]): ReadonlySet<string> {
  return new Set(
    inputs.flatMap((input) => mainSetOf(input).map(({ requirement }) => requirement.name)),
  );
}

function own(names: ReadonlySet<string>, others: readonly ParsedInput[]): ReadonlySet<string> {
  const elsewhere = namesOf(others);
  return new Set([...names].filter((name) => !elsewhere.has(name)));
}

function included(
  { includes }: ParsedInput,
  inputs: readonly ParsedInput[],
): readonly ParsedInput[] {
  return inputs.filter(({ path }) => includes.includes(path));
}

function sumOfAll(
  graph: WeighedGraph,
  measure: 'installedBytes' | 'downloadBytes' = 'installedBytes',
): number {
  return sumOf(graph, new Set(graph.distributions.map(({ name }) => name)), measure);
}
