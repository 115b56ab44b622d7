/** What somebody once asked for, of a lock that does not say it. */
import type { LockPin } from '../types.ts';

/**
 * The pins that no other one needs, and of each circle that nobody needs all members: what somebody once asked for. Where
 * pins carry the conditions they came by (`ownMarkers`), one that is only needed under a condition is installed by its own.
 */
export function findRootPins(pins: readonly LockPin[], ownMarkers = false): readonly LockPin[] {
  const byName = new Map<string, number[]>();
  for (const [index, { name }] of pins.entries())
    byName.set(name, [...(byName.get(name) ?? []), index]);
  const edges = pins.map(({ name, dependencies }) =>
    dependencies
      .filter(({ optional, name: needed }) => !optional && needed !== name)
      .filter(({ marker }) => marker === null || !ownMarkers)
      .flatMap((dependency) => byName.get(dependency.name) ?? []),
  );
  const circleOf = findCircles(edges);
  const needed = new Set<number>();
  for (const [index, targets] of edges.entries()) {
    for (const target of targets)
      if (circleOf[target] !== circleOf[index]) needed.add(circleOf[target] ?? -1);
  }
  return pins.filter((_, index) => !needed.has(circleOf[index] ?? -1));
}

// Tarjan's strongly connected components with a stack of our own: a chain of 20,000 packages must not exhaust the other.
function findCircles(edges: readonly (readonly number[])[]): readonly number[] {
  const order = edges.map(() => -1);
  const low = edges.map(() => 0);
  const circle = edges.map(() => -1);
  const path: number[] = [];
  let count = 0;
  for (const start of edges.keys()) {
    if (order[start] !== -1) continue;
    const open: { readonly node: number; next: number }[] = [{ node: start, next: 0 }];
    while (open.length > 0) {
      const frame = open.at(-1);
      if (frame === undefined) break;
      const { node } = frame;
      if (frame.next === 0) {
        order[node] = low[node] = count++;
        path.push(node);
      }
      const target = edges[node]?.[frame.next++];
      if (target !== undefined) {
        if (order[target] === -1) open.push({ node: target, next: 0 });
        else if (circle[target] === -1) low[node] = Math.min(low[node] ?? 0, order[target] ?? 0);
        continue;
      }
      open.pop();
      const parent = open.at(-1)?.node;
      if (parent !== undefined) low[parent] = Math.min(low[parent] ?? 0, low[node] ?? 0);
      if (low[node] !== order[node]) continue;
      for (let member = path.pop(); member !== undefined; member = path.pop()) {
        circle[member] = node;
        if (member === node) break;
      }
    }
  }
  return circle;
}
