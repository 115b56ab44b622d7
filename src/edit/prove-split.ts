/**
 * The proof of a proposed file (CONTRACT.md, Semantics: Splits): it resolves with the versions held, it resolves freely, and
 * what differs is named with the requirement that used to cap it; every module that the product imports is provided.
 */
import { normalizeName } from '../pep/name.ts';
import { formatRequirement } from '../pep/requirement.ts';
import { specifierContains } from '../pep/specifier.ts';
import { parseVersion } from '../pep/version.ts';
import type {
  DistributionName,
  ImportAtRisk,
  Requirement,
  ResolvedGraph,
  SplitRow,
  WeighedGraph,
} from '../types.ts';
import type { SplitProposal } from './plan-splits.ts';

/** Resolves the text of a requirements file freely; null when it has no solution. */
export type ResolveFree = (requirementsText: string) => Promise<ResolvedGraph | null>;

/** Stands for a version where a distribution is in one resolution only. */
export const absent = 'absent';

/** Proves a proposal. `imports` are those of product code of modules of others. */
export async function proveSplit(
  proposal: SplitProposal,
  imports: readonly ImportAtRisk[],
  resolveFree: ResolveFree,
): Promise<SplitRow> {
  const { file, kind, content, totals, held, graph, program } = proposal;
  const free = await resolveFree(proposal.resolvable);
  const lost = lostModules(
    proposal,
    imports.map(({ module }) => module),
  );
  return {
    file,
    kind,
    content,
    totals,
    ...(program === undefined ? {} : { entryPoint: program.program.name }),
    packages: packagesOf(graph, held.names),
    proof: {
      resolved: held.missing.length === 0 && free !== null,
      changedVersions: free === null ? [] : changedVersions(proposal, free),
      unprovidedModules: lost,
      importErrors: imports.filter(({ module }) => lost.includes(module)),
      providedModules: providedModules(graph, held.names, imports),
    },
  };
}

/** `name==version` of the members of a graph that are among the names; all where none are given. */
export function packagesOf(
  { distributions }: ResolvedGraph,
  names?: ReadonlySet<DistributionName>,
): readonly string[] {
  return distributions
    .filter(({ name }) => names?.has(name) !== false)
    .map(({ name, version }) => `${name}==${version}`)
    .toSorted();
}

/** What a free resolution chooses otherwise, by name. */
export function changedVersions(
  { graph, held, removed }: Pick<SplitProposal, 'graph' | 'held' | 'removed'>,
  free: ResolvedGraph,
): SplitRow['proof']['changedVersions'] {
  const before = new Map(
    graph.distributions
      .filter(({ name }) => held.names.has(name))
      .map(({ name, version }) => [name, version]),
  );
  const after = new Map(free.distributions.map(({ name, version }) => [name, version]));
  const names = [...new Set([...before.keys(), ...after.keys()])].toSorted();
  return names.flatMap((name) => {
    const [was, is] = [before.get(name) ?? absent, after.get(name) ?? absent];
    if (was === is) return [];
    return [
      { name, before: was, after: is, cappedBy: findCap({ graph, held, removed }, name, is) },
    ];
  });
}

/** The requirement that no longer applies and does not admit the new version. */
function findCap(
  { graph, held, removed }: Pick<SplitProposal, 'graph' | 'held' | 'removed'>,
  name: DistributionName,
  version: string,
): string | null {
  const parsed = parseVersion(version);
  if (parsed === null) return null;
  const caps = (requirement: Requirement): boolean =>
    requirement.name === name && !specifierContains(requirement.specifiers, parsed);
  for (const { declared } of removed) {
    const { path, line } = declared.location;
    if (caps(declared.requirement)) return `${declared.raw} (${path}:${line})`;
  }
  for (const distribution of graph.distributions) {
    if (held.names.has(distribution.name)) continue;
    if (!distribution.dependencies.some((edge) => edge.name === name)) continue;
    const cap = distribution.requires.find(caps);
    if (cap !== undefined) {
      return `${distribution.name} ${distribution.version} needs ${formatRequirement({ ...cap, marker: null, markerText: null })}`;
    }
  }
  return null;
}

/** What would become an ImportError: modules that the whole set provides and the proposed one does not. */
export function lostModules(
  { graph, held }: Pick<SplitProposal, 'graph' | 'held'>,
  modules: readonly string[],
): readonly string[] {
  const everything = new Set(graph.distributions.map(({ name }) => name));
  // What was missing before is no fault of the proposal; the audit tells it.
  const missingBefore = new Set(unprovidedModules(graph, everything, modules));
  return unprovidedModules(graph, held.names, modules).filter(
    (module) => !missingBefore.has(module),
  );
}

/** The modules of the imports that the set provides, sorted. */
export function providedModules(
  graph: WeighedGraph,
  names: ReadonlySet<DistributionName>,
  imports: readonly ImportAtRisk[],
): readonly string[] {
  const modules = [...new Set(imports.map(({ module }) => module))].toSorted();
  const lacking = new Set(unprovidedModules(graph, names, modules));
  return modules.filter((module) => !lacking.has(module));
}

/** Modules that no distribution of the set provides, sorted. A set member of unknown content provides its own name. */
export function unprovidedModules(
  graph: WeighedGraph,
  names: ReadonlySet<DistributionName>,
  modules: readonly string[],
): readonly string[] {
  const provided = new Set<string>();
  const parents = new Set<string>();
  const unknown = new Set<string>();
  for (const { name, weight } of graph.distributions) {
    if (!names.has(name)) continue;
    if (!weight.known) unknown.add(name);
    for (const module of weight.known ? weight.value.modules : []) {
      provided.add(module);
      for (const prefix of prefixesOf(module)) parents.add(prefix);
    }
  }
  const isProvided = (module: string): boolean =>
    parents.has(module) ||
    prefixesOf(module).some((prefix) => provided.has(prefix) || unknown.has(normalizeName(prefix)));
  return [...new Set(modules)].filter((module) => !isProvided(module)).toSorted();
}

/** `a.b.c` gives `a`, `a.b`, `a.b.c`. */
function prefixesOf(module: string): readonly string[] {
  const parts = module.split('.');
  return parts.map((_, index) => parts.slice(0, index + 1).join('.'));
}
