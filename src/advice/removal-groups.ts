/**
 * Groups of directs that must leave together. Two belong together when dropping all of them frees something that both
 * reach: one holds the other, or they share what nothing else needs.
 */
import type { HeldResolver } from '../resolve/held.ts';
import type { DistributionName, WeighedGraph } from '../types.ts';
import { savingWithout, type Saving } from '../weigh/attribution.ts';

/** Directs to be dropped as one, and what that frees. */
export interface RemovalGroup {
  /** Sorted. */
  readonly names: readonly DistributionName[];
  readonly saving: Saving;
}

/** A set of directs in groups. Each saving is that of its group alone, all other directs held. */
export interface RemovalGroups {
  /** Largest saving first. */
  readonly groups: readonly RemovalGroup[];
  /** Dropping these frees nothing, as others that stay need them. Sorted. */
  readonly held: readonly DistributionName[];
}

/**
 * Groups `names`, which are roots of the graph. `leavingToo` are roots that go for another reason: what only they hold is
 * not held. Where there are none, the savings add up to what dropping all `names` frees.
 */
export function groupRemovals(
  graph: WeighedGraph,
  held: HeldResolver,
  names: ReadonlySet<DistributionName>,
  leavingToo: ReadonlySet<DistributionName> = new Set(),
): RemovalGroups {
  const joint = savingWithout(graph, held, new Set([...names, ...leavingToo]));
  const freed = new Set<string>([...joint.leaves, ...joint.leavingExtras]);
  const leaderOf = new Map<string, DistributionName>();
  const parents = new Map<DistributionName, DistributionName>();
  const find = (name: DistributionName): DistributionName => {
    let top = name;
    for (let next = parents.get(top); next !== undefined; next = parents.get(top)) top = next;
    return top;
  };
  const freeing = new Set<DistributionName>();
  for (const root of graph.roots) {
    if (!names.has(root.name)) continue;
    for (const item of reachedItems(held, root)) {
      if (!freed.has(item)) continue;
      freeing.add(root.name);
      const other = find(leaderOf.get(item) ?? root.name);
      const own = find(root.name);
      if (other !== own) parents.set(own, other);
      leaderOf.set(item, other);
    }
  }
  const members = new Map<DistributionName, DistributionName[]>();
  for (const name of [...freeing].toSorted()) {
    members.set(find(name), [...(members.get(find(name)) ?? []), name]);
  }
  const groups = [...members.values()].map((group) => ({
    names: group,
    saving: savingWithout(graph, held, new Set(group)),
  }));
  return {
    groups: groups.toSorted(bySaving),
    held: [...names].filter((name) => !freeing.has(name)).toSorted(),
  };
}

function* reachedItems(held: HeldResolver, root: WeighedGraph['roots'][number]): Generator<string> {
  const { names, extras } = held([root]);
  yield* names;
  for (const [name, ofName] of extras) for (const extra of ofName) yield `${name}[${extra}]`;
}

function bySaving(a: RemovalGroup, b: RemovalGroup): number {
  const difference = (b.saving.installedBytes ?? -1) - (a.saving.installedBytes ?? -1);
  if (difference !== 0) return difference;
  return (a.names[0] ?? '') < (b.names[0] ?? '') ? -1 : 1;
}
