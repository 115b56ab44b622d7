/**
 * Dominators of a directed graph: node `d` dominates `v` when every path from the start to `v` passes through `d`.
 * Lengauer and Tarjan's algorithm (1979, simple version), without recursion: graphs may be chains of 20,000 nodes.
 */

/** The dominator tree, with the nodes in the order in which a depth-first walk met them. */
export interface DominatorTree {
  /** By node: its immediate dominator; -1 for the start and for what it does not reach. */
  readonly immediate: Int32Array;
  /** Reached nodes, start first. A node comes after its immediate dominator. */
  readonly order: readonly number[];
}

interface Walk {
  readonly order: number[];
  /** By node: position in `order`, -1 when not reached. */
  readonly positions: Int32Array;
  /** By position: position of the parent in the tree of the walk. */
  readonly parents: Int32Array;
}

/** Dominator tree of the graph whose node `i` leads to `edges[i]`. Nodes out of range are an error of the caller. */
export function dominatorTree(edges: readonly (readonly number[])[], start: number): DominatorTree {
  const { order, positions, parents } = depthFirst(edges, start);
  const count = order.length;
  const predecessors: number[][] = order.map(() => []);
  order.forEach((node, position) => {
    for (const next of edges[node] ?? []) predecessors[positions[next] ?? -1]?.push(position);
  });
  // All arrays below speak of positions, not of nodes. Typed arrays: this runs for every report.
  const semi = Int32Array.from(order.keys());
  const best = Int32Array.from(order.keys());
  const ancestors = new Int32Array(count).fill(-1);
  const dominators = new Int32Array(count).fill(-1);
  const buckets: number[][] = order.map(() => []);
  const at = (array: Int32Array, position: number): number => array[position] ?? -1;

  const evaluate = (position: number): number => {
    if (at(ancestors, position) === -1) return position;
    const path: number[] = [];
    let top = position;
    while (at(ancestors, at(ancestors, top)) !== -1) {
      path.push(top);
      top = at(ancestors, top);
    }
    for (let step = path.pop(); step !== undefined; step = path.pop()) {
      const above = at(ancestors, step);
      if (at(semi, at(best, above)) < at(semi, at(best, step))) best[step] = at(best, above);
      ancestors[step] = at(ancestors, above);
    }
    return at(best, position);
  };

  for (let position = count - 1; position > 0; position--) {
    for (const predecessor of predecessors[position] ?? []) {
      const candidate = at(semi, evaluate(predecessor));
      if (candidate < at(semi, position)) semi[position] = candidate;
    }
    buckets[at(semi, position)]?.push(position);
    const parent = at(parents, position);
    ancestors[position] = parent;
    for (const waiting of buckets[parent]?.splice(0) ?? []) {
      const candidate = evaluate(waiting);
      dominators[waiting] = at(semi, candidate) < at(semi, waiting) ? candidate : parent;
    }
  }
  const immediate = new Int32Array(edges.length).fill(-1);
  for (let position = 1; position < count; position++) {
    if (at(dominators, position) !== at(semi, position)) {
      dominators[position] = at(dominators, at(dominators, position));
    }
    immediate[order[position] ?? 0] = order[at(dominators, position)] ?? -1;
  }
  return { immediate, order };
}

function depthFirst(edges: readonly (readonly number[])[], start: number): Walk {
  const positions = new Int32Array(edges.length).fill(-1);
  const parents = new Int32Array(edges.length).fill(-1);
  const order: number[] = [start];
  positions[start] = 0;
  const stack = [{ node: start, next: 0 }];
  for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
    const successor = edges[top.node]?.[top.next++];
    if (successor === undefined) {
      stack.pop();
      continue;
    }
    if (positions[successor] !== -1) continue;
    parents[order.length] = positions[top.node] ?? -1;
    positions[successor] = order.push(successor) - 1;
    stack.push({ node: successor, next: 0 });
  }
  return { order, positions, parents };
}
