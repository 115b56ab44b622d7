/**
 * Whose bytes these are (CONTRACT.md, Semantics: Exclusive). Versions are held and one virtual root stands over all direct
 * requirements.
 *
 * Traps: a package that two directs share belongs to neither; two directs that need each other free nothing alone; an extra
 * may leave where its distribution stays; weights may be unknown, and a sum over them is then a lower bound.
 */
import type { FeatureGraph, HeldResolver, Root } from '../resolve/held.ts';
import { createFeatureGraph } from '../resolve/held.ts';
import type { Bytes, DistributionName, TargetEnvironment, WeighedGraph } from '../types.ts';
import { dominatorTree } from './dominators.ts';
import { reachableSums } from './reachable-sums.ts';
import { downloadBytesOf } from './totals.ts';

/** What one distribution is answerable for. */
export interface Attribution {
  /**
   * Direct: what leaves when all its declarations are dropped, 0 if another needs it. Transitive: its dominator subtree,
   * itself included. null where its own size is unknown.
   */
  readonly exclusiveBytes: Bytes | null;
  /** All that it reaches, itself included, each once. null where its own size is unknown. */
  readonly subtreeBytes: Bytes | null;
  /** As `exclusiveBytes`, but never null: what is unknown counts nothing. */
  readonly exclusiveAtLeast: Bytes;
  /** As `subtreeBytes`, but never null. */
  readonly subtreeAtLeast: Bytes;
}

/** What leaves when declared names are dropped, the rest held. */
export interface Saving {
  /** All that leaves, the dropped ones included where they leave. Sorted. */
  readonly leaves: readonly DistributionName[];
  /** Extras that leave while their distribution stays: `uvicorn[standard]`. Sorted. */
  readonly leavingExtras: readonly string[];
  /** Lower bound where some of it is unknown; null where all that leaves is unknown. */
  readonly installedBytes: Bytes | null;
  /** As `installedBytes`, to download. */
  readonly downloadBytes: Bytes | null;
  /** Distributions of unknown size among `leaves`. */
  readonly unknown: number;
}

/** What must go for one distribution to leave. */
export interface RemovalSet {
  /** Directs that must be dropped besides the distribution itself. Sorted; there is no smaller set. */
  readonly with: readonly DistributionName[];
  readonly saving: Saving;
}

/** Attribution of every distribution of the graph. Linear but for `subtreeBytes` of densely shared graphs. */
export function attributeWeights(
  graph: WeighedGraph,
  target: TargetEnvironment,
): ReadonlyMap<DistributionName, Attribution> {
  const features = createFeatureGraph(graph, graph.roots, target);
  const weights = graph.distributions.map(({ weight }) =>
    weight.known ? weight.value.installedBytes : 0,
  );
  const exclusiveOfDirects = exclusiveByRoot(features, graph.roots, weights);
  const merged = mergeExtras(features);
  const rootNode = merged.length;
  const rootIndexes = graph.roots.flatMap((root) => features.nodesOf(root.name, [])?.[0] ?? []);
  const exclusive = dominatedSums([...merged, rootIndexes], rootNode, weights);
  const subtrees = reachableSums(merged, weights);
  const attributions = new Map<DistributionName, Attribution>();
  graph.distributions.forEach(({ name, weight }, index) => {
    const exclusiveAtLeast = exclusiveOfDirects.get(name) ?? exclusive[index] ?? 0;
    const subtreeAtLeast = subtrees[index] ?? 0;
    attributions.set(name, {
      exclusiveBytes: weight.known ? exclusiveAtLeast : null,
      subtreeBytes: weight.known ? subtreeAtLeast : null,
      exclusiveAtLeast,
      subtreeAtLeast,
    });
  });
  return attributions;
}

/** What leaves when all declarations of `dropped` go and every version is held. */
export function savingWithout(
  graph: WeighedGraph,
  held: HeldResolver,
  dropped: ReadonlySet<DistributionName>,
): Saving {
  const before = held(graph.roots);
  const after = held(graph.roots.filter((root) => !dropped.has(root.name)));
  const leaving = graph.distributions.filter(
    ({ name }) => before.names.has(name) && !after.names.has(name),
  );
  const leavingExtras: string[] = [];
  for (const [name, extras] of before.extras) {
    if (!after.names.has(name)) continue;
    const gone = [...extras].filter((extra) => after.extras.get(name)?.has(extra) !== true);
    leavingExtras.push(...gone.map((extra) => `${name}[${extra}]`));
  }
  return {
    leaves: leaving.map(({ name }) => name).toSorted(),
    leavingExtras: leavingExtras.toSorted(),
    installedBytes: sumOfKnown(
      leaving.map(({ weight }) => (weight.known ? weight.value.installedBytes : null)),
    ),
    downloadBytes: sumOfKnown(leaving.map(downloadBytesOf)),
    unknown: leaving.filter(({ weight }) => !weight.known).length,
  };
}

/**
 * The directs that must be dropped for `name` to leave. The set is unique: each direct that reaches `name` keeps it alone.
 * `name` itself, when it is direct, is dropped too and not listed.
 */
export function smallestRemovalSet(
  graph: WeighedGraph,
  held: HeldResolver,
  name: DistributionName,
): RemovalSet {
  const holders = graph.roots.filter((root) => held([root]).names.has(name));
  const dropped = new Set(holders.map((root) => root.name));
  return {
    with: [...dropped].filter((holder) => holder !== name).toSorted(),
    saving: savingWithout(graph, held, dropped),
  };
}

/** Each direct gets a node for its declarations: what that node dominates leaves with them. */
function exclusiveByRoot(
  features: FeatureGraph,
  roots: readonly Root[],
  weights: readonly Bytes[],
): ReadonlyMap<DistributionName, Bytes> {
  const byName = new Map<DistributionName, number[]>();
  for (const root of roots) {
    const nodes = byName.get(root.name) ?? [];
    nodes.push(...(features.nodesOf(root.name, root.extras) ?? []));
    byName.set(root.name, nodes);
  }
  const first = features.edges.length;
  const declarations = [...byName.values()];
  const start = first + declarations.length;
  const edges = [...features.edges, ...declarations, declarations.map((_, index) => first + index)];
  const sums = dominatedSums(edges, start, weights);
  return new Map([...byName.keys()].map((name, index) => [name, sums[first + index] ?? 0]));
}

/** By node: the weights of all that it dominates, itself included. Nodes beyond `weights` weigh nothing. */
function dominatedSums(
  edges: readonly (readonly number[])[],
  start: number,
  weights: readonly Bytes[],
): readonly Bytes[] {
  const { immediate, order } = dominatorTree(edges, start);
  const sums = edges.map((_, node) => weights[node] ?? 0);
  for (const node of order.toReversed()) {
    const dominator = immediate[node] ?? -1;
    if (dominator >= 0) sums[dominator] = (sums[dominator] ?? 0) + (sums[node] ?? 0);
  }
  return sums;
}

/** The graph of distributions alone, each with the needs of all its extras. */
function mergeExtras(features: FeatureGraph): readonly (readonly number[])[] {
  const merged = features.distributions.map(() => new Set<number>());
  features.edges.forEach((successors, node) => {
    const owner = features.owners[node] ?? -1;
    for (const successor of successors) {
      const needed = features.owners[successor] ?? -1;
      if (needed !== owner) merged[owner]?.add(needed);
    }
  });
  return merged.map((successors) => [...successors]);
}

/** Sum of the known ones; null when there are some and none is known. */
export function sumOfKnown(values: readonly (Bytes | null)[]): Bytes | null {
  const known = values.filter((value) => value !== null);
  if (known.length === 0 && values.length > 0) return null;
  return known.reduce((sum, value) => sum + value, 0);
}
