/**
 * For every node of a graph, the sum of the weights of all that it reaches, each counted once and itself included.
 * Cycles are one node; a node whose needs lie behind one other node takes over that node's sum, so that a chain of
 * 20,000 is as cheap as its length.
 */

interface Components {
  /** By node: its strongly connected component. A component comes after all that it reaches. */
  readonly componentOf: Int32Array;
  readonly members: readonly (readonly number[])[];
}

/** By node: the weight of all that is reached from it, itself included. */
export function reachableSums(
  edges: readonly (readonly number[])[],
  weights: readonly number[],
): readonly number[] {
  const { componentOf, members } = stronglyConnected(edges);
  const own = members.map((nodes) => nodes.reduce((sum, node) => sum + (weights[node] ?? 0), 0));
  const successors = members.map((nodes, component) => {
    const found = new Set<number>();
    for (const node of nodes)
      for (const next of edges[node] ?? []) found.add(componentOf[next] ?? -1);
    found.delete(component);
    return [...found];
  });
  const sums: number[] = [];
  // One mark per component and walk: no set to clear, as this may run for thousands of nodes.
  const marks = new Int32Array(members.length).fill(-1);
  members.forEach((_, component) => {
    const next = successors[component] ?? [];
    const ownSum = own[component] ?? 0;
    sums.push(
      next.length <= 1
        ? ownSum + (sums[next[0] ?? -1] ?? 0)
        : walkSum(component, successors, own, marks),
    );
  });
  return edges.map((_, node) => sums[componentOf[node] ?? -1] ?? 0);
}

function walkSum(
  start: number,
  successors: readonly (readonly number[])[],
  own: readonly number[],
  marks: Int32Array,
): number {
  let sum = 0;
  const pending = [start];
  marks[start] = start;
  for (let component = pending.pop(); component !== undefined; component = pending.pop()) {
    sum += own[component] ?? 0;
    for (const next of successors[component] ?? []) {
      if (marks[next] === start) continue;
      marks[next] = start;
      pending.push(next);
    }
  }
  return sum;
}

/** Tarjan's strongly connected components, without recursion. */
function stronglyConnected(edges: readonly (readonly number[])[]): Components {
  const count = edges.length;
  const componentOf = new Int32Array(count).fill(-1);
  const members: number[][] = [];
  const indexes = new Int32Array(count).fill(-1);
  const lowest = new Int32Array(count);
  const open: number[] = [];
  let counter = 0;
  const lower = (node: number, value: number): void => {
    if (value < (lowest[node] ?? 0)) lowest[node] = value;
  };
  const enter = (node: number): { node: number; next: number } => {
    indexes[node] = lowest[node] = counter++;
    open.push(node);
    return { node, next: 0 };
  };
  const close = (root: number): void => {
    const start = open.lastIndexOf(root);
    const nodes = open.splice(start);
    for (const node of nodes) componentOf[node] = members.length;
    members.push(nodes);
  };
  for (let start = 0; start < count; start++) {
    if (indexes[start] !== -1) continue;
    const stack = [enter(start)];
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const successor = edges[top.node]?.[top.next++];
      if (successor === undefined) {
        stack.pop();
        if (lowest[top.node] === indexes[top.node]) close(top.node);
        const parent = stack.at(-1);
        if (parent !== undefined) lower(parent.node, lowest[top.node] ?? 0);
      } else if (indexes[successor] === -1) {
        stack.push(enter(successor));
      } else if (componentOf[successor] === -1) {
        lower(top.node, indexes[successor] ?? 0);
      }
    }
  }
  return { componentOf, members };
}
