/**
 * Resolution with every version held: what remains of a resolved graph when other roots are asked for. Every saving that
 * depweight states is computed so (CONTRACT.md: "by resolving again with the rest held").
 *
 * Traps: an extra is a node of its own, since `uvicorn` may stay where `uvicorn[standard]` goes; `name[all]` may require
 * `name[web]`; overrides and locks can drop or add an edge that the metadata knows nothing of; chains can be 20,000 deep.
 */
import { evaluateMarker, markerExtras } from '../pep/marker.ts';
import { parseVersion } from '../pep/version.ts';
import type {
  DistributionName,
  Requirement,
  ResolvedDistribution,
  ResolvedGraph,
  TargetEnvironment,
  Version,
  WeighedGraph,
} from '../types.ts';

/** The versions of a graph by name, to be held in another resolution; what is no version cannot be. */
export function versionsInForce({
  distributions,
}: WeighedGraph | ResolvedGraph): ReadonlyMap<DistributionName, Version> {
  const versions = new Map<DistributionName, Version>();
  for (const { name, version } of distributions) {
    const parsed = parseVersion(version);
    if (parsed !== null) versions.set(name, parsed);
  }
  return versions;
}

/** A distribution asked for at the top, with its extras. */
export type Root = ResolvedGraph['roots'][number];

/** A requirement that the held versions cannot meet, as its distribution is not among them. `by` is null for a root. */
export interface MissingRequirement {
  readonly name: DistributionName;
  readonly by: DistributionName | null;
}

/** What remains when only the given roots are asked for. */
export interface HeldResolution {
  readonly names: ReadonlySet<DistributionName>;
  /** Extras still installed, by distribution; absent where there are none. */
  readonly extras: ReadonlyMap<DistributionName, ReadonlySet<string>>;
  /** Empty when the resolution succeeds. Sorted by name. */
  readonly missing: readonly MissingRequirement[];
}

/** Answers held resolutions of one graph; the graph is prepared once. */
export type HeldResolver = (roots: readonly Root[]) => HeldResolution;

/**
 * The graph in numbers: node `i` below `distributions.length` is that distribution, each further node one extra of one.
 * Markers are evaluated already; an extra's node leads to its distribution and to what the extra adds.
 */
export interface FeatureGraph {
  readonly distributions: readonly ResolvedDistribution[];
  /** By node: the index of its distribution. */
  readonly owners: readonly number[];
  /** By node: the extra, null for the distribution itself. */
  readonly extras: readonly (string | null)[];
  /** By node: the nodes that it needs; may hold one twice. */
  readonly edges: readonly (readonly number[])[];
  /** By node: names that it needs and the graph does not have. */
  readonly missing: readonly (readonly DistributionName[])[];
  /** Nodes of a root; null where the graph lacks the distribution. Unknown extras are left out. */
  readonly nodesOf: (name: DistributionName, extras: readonly string[]) => readonly number[] | null;
}

/** Which distributions remain of `graph` when only `roots` are asked for, every version held. */
export function resolveHeld(
  graph: WeighedGraph | ResolvedGraph,
  roots: readonly Root[],
  target: TargetEnvironment,
): HeldResolution {
  return walk(createFeatureGraph(graph, roots, target), roots);
}

/** As `resolveHeld`, for many sets of roots of one graph. */
export function createHeldResolver(
  graph: WeighedGraph | ResolvedGraph,
  target: TargetEnvironment,
): HeldResolver {
  const prepared = createFeatureGraph(graph, graph.roots, target);
  const inForce = new Map(graph.roots.map((root) => [root.name, new Set(root.extras)]));
  const asksMore = (root: Root): boolean =>
    root.extras.some((extra) => inForce.get(root.name)?.has(extra) !== true);
  return (roots) =>
    // An extra that the graph was not prepared with needs its requirements evaluated.
    walk(roots.some(asksMore) ? createFeatureGraph(graph, roots, target) : prepared, roots);
}

/** Evaluates the requirements of all distributions for the target: see `FeatureGraph`. */
export function createFeatureGraph(
  graph: WeighedGraph | ResolvedGraph,
  roots: readonly Root[],
  target: TargetEnvironment,
): FeatureGraph {
  const { distributions } = graph;
  const indexes = new Map(distributions.map((distribution, index) => [distribution.name, index]));
  const owners: number[] = [];
  const extras: (string | null)[] = [];
  const edges: number[][] = [];
  const missing: DistributionName[][] = [];
  const features = new Map<string, number>();

  const addNode = (owner: number, extra: string | null): number => {
    owners.push(owner);
    extras.push(extra);
    missing.push([]);
    return edges.push([]) - 1;
  };
  const featureOf = (index: number, extra: string): number => {
    const key = `${index} ${extra}`;
    const node = features.get(key) ?? addNode(index, extra);
    features.set(key, node);
    return node;
  };
  const connect = (node: number, name: DistributionName, wanted: readonly string[]): void => {
    const index = indexes.get(name);
    if (index === undefined) {
      missing[node]?.push(name);
      return;
    }
    if (wanted.length === 0) edges[node]?.push(index);
    for (const extra of wanted) edges[node]?.push(featureOf(index, extra));
  };

  distributions.forEach((_, index) => addNode(index, null));
  for (const root of [...graph.roots, ...roots]) {
    const index = indexes.get(root.name);
    if (index !== undefined) for (const extra of root.extras) featureOf(index, extra);
  }
  // `owners` grows while edges ask for extras that were not met before.
  for (let node = 0; node < owners.length; node++) {
    const index = owners[node] ?? 0;
    const distribution = distributions[index];
    if (distribution === undefined) continue;
    const extra = extras[node] ?? null;
    if (extra !== null) edges[node]?.push(index);
    for (const need of needsOf(distribution, extra, target)) {
      if (need.name !== distribution.name || need.extras.length > 0) {
        connect(node, need.name, need.extras);
      }
    }
  }
  const nodesOf: FeatureGraph['nodesOf'] = (name, wanted) => {
    const index = indexes.get(name);
    if (index === undefined) return null;
    const nodes = wanted.map((extra) => features.get(`${index} ${extra}`));
    return [index, ...nodes.filter((node) => node !== undefined)];
  };
  return { distributions, owners, extras, edges, missing, nodesOf };
}

/** What a distribution needs by itself (`extra` null), or what one of its extras adds to that. */
function needsOf(
  distribution: ResolvedDistribution,
  extra: string | null,
  target: TargetEnvironment,
): readonly Root[] {
  const edgeNames = new Set(distribution.dependencies.map((dependency) => dependency.name));
  const isActive = (requirement: Requirement, extras: readonly string[]): boolean =>
    requirement.marker === null || evaluateMarker(requirement.marker, target.markers, extras);
  if (extra !== null) {
    const inForce = distribution.extras.includes(extra);
    return distribution.requires.filter(
      (requirement) =>
        // An extra in force whose edge is absent was dropped by an override or a lock.
        (!inForce || edgeNames.has(requirement.name) || requirement.name === distribution.name) &&
        requirement.marker !== null &&
        markerExtras(requirement.marker).includes(extra) &&
        isActive(requirement, [extra]) &&
        !isActive(requirement, []),
    );
  }
  const candidates = distribution.requires.filter(
    ({ name }) => edgeNames.has(name) || name === distribution.name,
  );
  const needs: Root[] = candidates.filter((requirement) => isActive(requirement, []));
  return [...needs, ...unexplainedEdges(distribution, candidates, isActive)];
}

/**
 * Edges that no requirement explains by itself or by one extra: made by an override, a lock without metadata, or a marker
 * on two extras. They are kept with the distribution, so that no saving is claimed for them.
 */
function unexplainedEdges(
  distribution: ResolvedDistribution,
  candidates: readonly Requirement[],
  isActive: (requirement: Requirement, extras: readonly string[]) => boolean,
): readonly Root[] {
  const explained = new Map<DistributionName, Set<string>>();
  for (const requirement of candidates) {
    const active =
      isActive(requirement, []) ||
      distribution.extras.some((extra) => isActive(requirement, [extra]));
    if (!active) continue;
    const extras = explained.get(requirement.name) ?? new Set();
    for (const extra of requirement.extras) extras.add(extra);
    explained.set(requirement.name, extras);
  }
  const unexplained: Root[] = [];
  for (const { name, extras } of distribution.dependencies) {
    const known = explained.get(name);
    const rest = extras.filter((extra) => known?.has(extra) !== true);
    if (known === undefined || rest.length > 0) unexplained.push({ name, extras: rest });
  }
  return unexplained;
}

function walk(graph: FeatureGraph, roots: readonly Root[]): HeldResolution {
  const missing: MissingRequirement[] = [];
  const pending: number[] = [];
  for (const root of roots) {
    const nodes = graph.nodesOf(root.name, root.extras);
    if (nodes === null) missing.push({ name: root.name, by: null });
    pending.push(...(nodes ?? []));
  }
  const seen = new Uint8Array(graph.owners.length);
  const names = new Set<DistributionName>();
  const extras = new Map<DistributionName, Set<string>>();
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    const name = graph.distributions[graph.owners[node] ?? -1]?.name;
    if (seen[node] === 1 || name === undefined) continue;
    seen[node] = 1;
    names.add(name);
    const extra = graph.extras[node] ?? null;
    if (extra !== null) extras.set(name, (extras.get(name) ?? new Set()).add(extra));
    for (const lacking of graph.missing[node] ?? []) missing.push({ name: lacking, by: name });
    for (const next of graph.edges[node] ?? []) if (seen[next] !== 1) pending.push(next);
  }
  return { names, extras, missing: missing.toSorted(byMissing) };
}

function byMissing(a: MissingRequirement, b: MissingRequirement): number {
  const left = `${a.name} ${a.by ?? ''}`;
  const right = `${b.name} ${b.by ?? ''}`;
  return left < right ? -1 : left > right ? 1 : 0;
}
