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
import type { Universe } from './candidates.ts';
import type { Note } from './explain.ts';
import type { PartialSolution } from './partial-solution.ts';
import { decidedVersion } from './partial-solution.ts';
import type { GlobalRequirements } from './requirements.ts';
import { activeRequirements } from './requirements.ts';
import type { SolverPackage } from './resolver.ts';

/** What a finished run hands over. */
export interface Solved {
  readonly solution: PartialSolution<Note>;
  readonly packages: readonly SolverPackage[];
  readonly universeOf: (name: DistributionName) => Eventually<Universe>;
  /** By `name version-number`. */
  readonly metadata: ReadonlyMap<string, MetadataAnswer>;
  readonly global: GlobalRequirements;
  readonly roots: readonly { readonly requirement: Requirement; readonly declared: DeclaredRequirement | null }[];
  readonly warnings: readonly Warning[];
}

/** The chosen distributions, sorted by name, with the edges in force. */
export async function buildGraph(solved: Solved): Promise<ResolvedGraph> {
  const chosen = chosenVersions(solved);
  const extras = chosenExtras(solved);
  const warnings = [...solved.warnings];
  const distributions: ResolvedDistribution[] = [];
  for (const [name, version] of chosen) {
    const universe = await solved.universeOf(name);
    const distribution = toDistribution(solved, { universe, version, extras: extras.get(name) ?? [] });
    distributions.push(distribution);
    warnings.push(...warningsOf(solved, universe, version, distribution));
  }
  distributions.sort((left, right) => Number(left.name > right.name) - Number(left.name < right.name));
  return { roots: mergeRoots(solved), distributions, warnings };
}

function chosenVersions({ solution, packages }: Solved): ReadonlyMap<DistributionName, number> {
  const chosen = new Map<DistributionName, number>();
  packages.forEach(({ kind, name }, packageId) => {
    const version = kind === 'base' ? decidedVersion(solution, packageId) : undefined;
    if (version !== undefined) chosen.set(name, version);
  });
  return chosen;
}

function chosenExtras({ solution, packages }: Solved): ReadonlyMap<DistributionName, readonly string[]> {
  const extras = new Map<DistributionName, string[]>();
  packages.forEach(({ kind, name, extra }, packageId) => {
    if (kind !== 'extra' || extra === null || decidedVersion(solution, packageId) === undefined) return;
    extras.set(name, [...(extras.get(name) ?? []), extra].toSorted());
  });
  return extras;
}

interface Chosen {
  readonly universe: Universe;
  readonly version: number;
  readonly extras: readonly string[];
}

function toDistribution(solved: Solved, { universe, version, extras }: Chosen): ResolvedDistribution {
  const { name, leaf } = universe;
  if (leaf !== null) return toLeaf(name, leaf.version, leaf.reason, extras);
  const choice = universe.choose(version);
  const file = choice.usable ? choice.file : null;
  const metadata = solved.metadata.get(`${name} ${version}`);
  const requires = metadata?.known === true ? metadata.value.requiresDist : [];
  return {
    name,
    version: universe.versions[version]?.text ?? '',
    extras,
    file,
    unknownReason: file?.kind === 'wheel' ? null : reasonOf(universe, version),
    requires,
    metadataFrom: metadata?.known === true ? metadata.from : null,
    dependencies: edgesOf(solved.global, name, requires, extras),
  };
}

function toLeaf(
  name: DistributionName,
  version: string,
  unknownReason: UnknownReason,
  extras: readonly string[],
): ResolvedDistribution {
  return { name, version, extras, file: null, unknownReason, requires: [], metadataFrom: null, dependencies: [] };
}

function reasonOf(universe: Universe, version: number): UnknownReason {
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

function mergeRoots({ roots }: Solved): ResolvedGraph['roots'] {
  const merged = new Map<DistributionName, Set<string>>();
  for (const { requirement } of roots) {
    const extras = merged.get(requirement.name) ?? new Set<string>();
    for (const extra of requirement.extras) extras.add(extra);
    merged.set(requirement.name, extras);
  }
  return [...merged].map(([name, extras]) => ({ name, extras: [...extras].toSorted() }));
}

/** What the reader must know of a distribution about which something could not be known. */
function warningsOf(
  solved: Solved,
  universe: Universe,
  version: number,
  distribution: ResolvedDistribution,
): readonly Warning[] {
  const { name } = distribution;
  if (universe.leaf !== null) {
    const byNature = ['vcs', 'url', 'local', 'conda'].includes(universe.leaf.reason);
    const message = byNature ? `${name}: ${universe.leaf.detail}` : `${name}${wantedBy(solved, name)}: ${universe.leaf.detail}`;
    return [{ code: universe.leaf.reason, message, severity: byNature ? 'warning' : 'incomplete' }];
  }
  const metadata = solved.metadata.get(`${name} ${version}`);
  if (metadata === undefined || metadata.known) return [];
  const detail = metadata.detail ?? 'its metadata could not be read';
  const severity = metadata.reason === 'network' || metadata.reason === 'offline' ? 'incomplete' : 'warning';
  const message = `what ${name} ${distribution.version} depends on is unknown: ${detail}`;
  return [{ code: 'unknown-dependencies', message, severity }];
}

function wantedBy({ roots }: Solved, name: DistributionName): string {
  const declared = roots.find(({ requirement }) => requirement.name === name)?.declared ?? null;
  return declared === null ? '' : ` (${declared.location.path}:${declared.location.line})`;
}
