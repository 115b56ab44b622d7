/** From the decisions of the solver to the graph that everything after it works on. */
import type {
  DeclaredRequirement,
  DistributionName,
  Requirement,
  ResolvedDistribution,
  ResolvedGraph,
  UnknownReason,
  Warning,
} from '../types.ts';
import type { Eventually, MetadataAnswer } from '../package-index/package-index.ts';
import type { Choice, Leaf, Universe } from './candidates.ts';
import type { CondaProvision, Replacement } from './conda.ts';
import { condaNeeds, condaRoots, unsolvedOfConda, withCondaNeeds } from './conda-graph.ts';
import { warnOfConda } from './conda-warnings.ts';
import type { Note } from './conflict.ts';
import type { PartialSolution } from './partial-solution.ts';
import { decidedVersion } from './partial-solution.ts';
import type { GlobalRequirements } from './requirements.ts';
import { activeRequirements } from './requirements.ts';
import type { SolverPackage } from './packages.ts';

/** What a finished run hands over. */
export interface Solved {
  readonly solution: PartialSolution<Note>;
  readonly packages: readonly SolverPackage[];
  readonly universeOf: (name: DistributionName) => Eventually<Universe>;
  /** By `name version-number`. */
  readonly metadata: ReadonlyMap<string, MetadataAnswer>;
  readonly global: GlobalRequirements;
  readonly roots: readonly {
    readonly requirement: Requirement;
    readonly declared: DeclaredRequirement | null;
  }[];
  /** What conda provides, and what pip replaces of it. */
  readonly conda: {
    readonly provisions: ReadonlyMap<DistributionName, CondaProvision>;
    readonly replaced: ReadonlyMap<DistributionName, Replacement>;
  };
  readonly warnings: readonly Warning[];
}

/** The chosen distributions, sorted by name, with the edges in force. */
export async function buildGraph(solved: Solved): Promise<ResolvedGraph> {
  const chosen = chosenVersions(solved);
  const extras = chosenExtras(solved);
  const found: Found[] = [];
  const all = [...chosen, ...unsolvedOfConda(solved.conda.provisions, chosen)];
  for (const [name, version] of all) {
    const universe = await solved.universeOf(name);
    const distribution = toDistribution(solved, {
      universe,
      version,
      extras: extras.get(name) ?? [],
    });
    found.push({ universe, version, distribution });
  }
  const there = new Set(found.map(({ universe }) => universe.name));
  const distributions = found.map(({ distribution }) =>
    withCondaNeeds(solved.conda.provisions, distribution, there),
  );
  distributions.sort(
    (left, right) => Number(left.name > right.name) - Number(left.name < right.name),
  );
  const wanters = wantersOf(solved, distributions);
  const warnings = [
    ...solved.warnings,
    ...found.flatMap((one) => warningsOf(solved, one, wanters)),
    ...warnOfConda(
      condaNeeds(solved.conda.provisions, distributions),
      [...solved.conda.replaced.values()].filter(({ provision }) => chosen.has(provision.name)),
    ),
  ];
  return { roots: mergeRoots(solved, distributions), distributions, warnings };
}

function chosenVersions({ solution, packages }: Solved): ReadonlyMap<DistributionName, number> {
  const chosen = new Map<DistributionName, number>();
  packages.forEach(({ kind, name }, packageId) => {
    const version = kind === 'base' ? decidedVersion(solution, packageId) : undefined;
    if (version !== undefined) chosen.set(name, version);
  });
  return chosen;
}

function chosenExtras({
  solution,
  packages,
}: Solved): ReadonlyMap<DistributionName, readonly string[]> {
  const extras = new Map<DistributionName, string[]>();
  packages.forEach(({ kind, name, extra }, packageId) => {
    if (kind !== 'extra' || extra === null || decidedVersion(solution, packageId) === undefined)
      return;
    const known = extras.get(name) ?? [];
    if (!known.includes(extra)) extras.set(name, [...known, extra].toSorted());
  });
  return extras;
}

interface Found {
  readonly universe: Universe;
  readonly version: number;
  readonly distribution: ResolvedDistribution;
}

interface Chosen {
  readonly universe: Universe;
  readonly version: number;
  readonly extras: readonly string[];
}

function toDistribution(
  solved: Solved,
  { universe, version, extras }: Chosen,
): ResolvedDistribution {
  const { name, leaf } = universe;
  if (leaf !== null) return toLeaf(name, universe.versions[version]?.text, leaf, extras);
  const choice = universe.choose(version);
  const file = choice.usable ? choice.file : null;
  const metadata = solved.metadata.get(`${name} ${version}`);
  const requires = metadata?.known === true ? metadata.value.requiresDist : [];
  return {
    name,
    version: universe.versions[version]?.text ?? '',
    extras,
    file,
    unknownReason: file?.kind === 'wheel' ? null : reasonOf(universe, version, choice),
    requires,
    metadataFrom: metadata?.known === true ? metadata.from : null,
    dependencies: edgesOf(solved.global, name, requires, extras),
  };
}

function toLeaf(
  name: DistributionName,
  version: string | undefined,
  leaf: Leaf,
  extras: readonly string[],
): ResolvedDistribution {
  return {
    name,
    version: version ?? leaf.version,
    extras,
    file: null,
    unknownReason: leaf.reason,
    ...(leaf.conda === undefined ? {} : { conda: leaf.conda }),
    requires: [],
    metadataFrom: null,
    dependencies: [],
  };
}

function reasonOf(universe: Universe, version: number, choice: Choice): UnknownReason {
  if (choice.usable && choice.wheelsRefused === true) return 'no-binary';
  const files = universe.release(version).files();
  return files.some((file) => file.kind === 'wheel') ? 'no-wheel-for-target' : 'sdist-only';
}

function edgesOf(
  global: GlobalRequirements,
  name: DistributionName,
  requires: readonly Requirement[],
  extras: readonly string[],
): ResolvedDistribution['dependencies'] {
  const edges = new Map<DistributionName, Set<string>>();
  for (const extra of [null, ...extras]) {
    for (const { requirement, origin } of activeRequirements(name, requires, extra, global)) {
      if (origin === 'constraint' || requirement.name === name) continue;
      const known = edges.get(requirement.name) ?? new Set<string>();
      for (const wanted of requirement.extras) known.add(wanted);
      edges.set(requirement.name, known);
    }
  }
  return [...edges]
    .map(([target, wanted]) => ({ name: target, extras: [...wanted].toSorted() }))
    .toSorted((left, right) => Number(left.name > right.name) - Number(left.name < right.name));
}

function mergeRoots(
  { roots, conda }: Solved,
  distributions: readonly ResolvedDistribution[],
): ResolvedGraph['roots'] {
  const merged = new Map<DistributionName, Set<string>>();
  for (const { requirement } of roots) {
    const extras = merged.get(requirement.name) ?? new Set<string>();
    for (const extra of requirement.extras) extras.add(extra);
    merged.set(requirement.name, extras);
  }
  for (const name of condaRoots(conda.provisions, merged.keys(), distributions))
    if (!merged.has(name)) merged.set(name, new Set());
  return [...merged].map(([name, extras]) => ({ name, extras: [...extras].toSorted() }));
}

/** What the reader must know of a distribution about which something could not be known. */
function warningsOf(
  solved: Solved,
  { universe, version, distribution }: Found,
  wanters: ReadonlyMap<DistributionName, string>,
): readonly Warning[] {
  const { name, file } = distribution;
  const warnings: Warning[] = [];
  if (universe.leaf !== null) {
    const { reason, detail } = universe.leaf;
    // One warning speaks of all of them.
    if (reason === 'conda') return [];
    // Its own words name the line that takes it from there.
    const isPlaced = ['vcs', 'url', 'local'].includes(reason);
    const wanter = isPlaced ? '' : ` (${wanters.get(name) ?? 'wanted by nobody'})`;
    const byNature = isPlaced || reason === 'hash-excluded';
    return [
      {
        code: reason,
        message: `${name}${wanter}: ${detail}`,
        severity: byNature ? 'warning' : 'incomplete',
      },
    ];
  }
  if (file !== null && file.yanked !== null) {
    const why = file.yanked === '' ? '' : ` (${file.yanked})`;
    const message = `${name} ${distribution.version} was yanked${why}; it is taken because the input pins it`;
    warnings.push({ code: 'yanked', message });
  }
  const metadata = solved.metadata.get(`${name} ${version}`);
  if (metadata === undefined || metadata.known) return warnings;
  return [...warnings, warnOfMetadata(`${name} ${distribution.version}`, metadata)];
}

/** Says that what a release depends on is unknown. */
export function warnOfMetadata(
  release: string,
  { reason, detail }: Extract<MetadataAnswer, { readonly known: false }>,
): Warning {
  const severity = faults.has(reason) ? 'incomplete' : 'warning';
  const message = `what ${release} depends on is unknown: ${detail ?? 'its metadata could not be read'}`;
  return { code: 'unknown-dependencies', message, severity };
}

/** Reasons that lie in an answer that failed, not in the nature of a release. */
const faults: ReadonlySet<UnknownReason> = new Set([
  'network',
  'offline',
  'broken-metadata',
  'broken-wheel',
]);

/** How each name came in, by the shortest way: `requirements.txt:2`, or `wanted by web 1.0, by app 1.0, requirements.txt:1`. */
function wantersOf(
  { roots }: Solved,
  distributions: readonly ResolvedDistribution[],
): ReadonlyMap<DistributionName, string> {
  const byName = new Map(distributions.map((distribution) => [distribution.name, distribution]));
  const wanters = new Map<DistributionName, string>();
  for (const { requirement, declared } of roots) {
    const place =
      declared === null ? 'the input' : `${declared.location.path}:${declared.location.line}`;
    if (!wanters.has(requirement.name)) wanters.set(requirement.name, place);
  }
  // A map that grows while it is walked gives a breadth-first search.
  for (const [name, way] of wanters) {
    const parent = byName.get(name);
    for (const edge of parent?.dependencies ?? []) {
      if (wanters.has(edge.name)) continue;
      const rest = way.startsWith('wanted by ') ? way.slice('wanted '.length) : way;
      wanters.set(edge.name, `wanted by ${name} ${parent?.version ?? ''}, ${rest}`);
    }
  }
  return wanters;
}
