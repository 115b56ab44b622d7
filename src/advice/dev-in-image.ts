import { findDevelopmentInstalls, type DevelopmentInstall } from '../image/development-installs.ts';
import { sumOf, type ImageFacts } from '../image/image-facts.ts';
import { createHeldResolver } from '../resolve/held.ts';
import type { Finding, Verdict, WeighedGraph } from '../types.ts';
import { savingWithout } from '../weigh/attribution.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { imageFinding } from './image-finding.ts';
import { listNames } from './wording.ts';

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
      ...findDevelopmentInstalls(image).flatMap((install) =>
        ofInstall(context, image.image.path, install),
      ),
      ...ofSyncs(context, image),
    ];
  },
};

/** A file, extra or group, without what the product turns out to use of it. */
function ofInstall(
  { graph, held, usages }: AdviceContext,
  path: string,
  { at, what, names, remedy }: DevelopmentInstall,
): readonly Finding[] {
  const needed = new Set<string>(
    usages.filter(({ verdict }) => usedVerdicts.has(verdict)).map(({ name }) => name),
  );
  const installed = graph.roots.map(({ name }) => name).filter((name) => names.has(name));
  const dropped = installed.filter((name) => !needed.has(name));
  if (dropped.length === 0) return [];
  const kept = installed.filter((name) => needed.has(name)).toSorted();
  const saving = savingWithout(graph, held, new Set(dropped));
  const first =
    kept.length === 0
      ? ''
      : `; ${listNames(kept)}, which the product needs, has to stand elsewhere`;
  return [
    imageFinding(devInImage, path, {
      packages: dropped.toSorted(),
      leaves: saving.leaves,
      message: `${what} is for development, and the image of the product installs it${first}`,
      lines: [at],
      savedInstalledBytes: saving.installedBytes,
      savedDownloadBytes: saving.downloadBytes,
      remedy: { kind: 'remove', text: remedy },
    }),
  ];
}

const usedVerdicts: ReadonlySet<Verdict> = new Set(['used', 'optional', 'type-only', 'indirect']);

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

function sumOfAll(
  graph: WeighedGraph,
  measure: 'installedBytes' | 'downloadBytes' = 'installedBytes',
): number {
  return sumOf(graph, new Set(graph.distributions.map(({ name }) => name)), measure);
}
