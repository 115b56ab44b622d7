import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { dominatorTree } from '../../src/weigh/dominators.ts';

type Edges = readonly (readonly number[])[];

function reached(edges: Edges, start: number, without: number): Set<number> {
  const seen = new Set<number>();
  const pending = start === without ? [] : [start];
  for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
    if (seen.has(node) || node === without) continue;
    seen.add(node);
    pending.push(...(edges[node] ?? []));
  }
  return seen;
}

/** All dominators of each node, by taking every other node away in turn. */
function bruteForce(edges: Edges, start: number): Map<number, Set<number>> {
  const all = reached(edges, start, -1);
  const dominators = new Map<number, Set<number>>();
  for (const node of all) {
    const lost = [...all].filter((other) => !reached(edges, start, other).has(node));
    dominators.set(node, new Set(lost.filter((other) => other !== node)));
  }
  return dominators;
}

function fromTree(edges: Edges, start: number): Map<number, Set<number>> {
  const { immediate, order } = dominatorTree(edges, start);
  const dominators = new Map<number, Set<number>>();
  for (const node of order) {
    const above = immediate[node] ?? -1;
    dominators.set(node, new Set(above < 0 ? [] : [above, ...(dominators.get(above) ?? [])]));
  }
  return dominators;
}

const graphs = fc.array(fc.array(fc.nat(13), { maxLength: 4 }), { minLength: 14, maxLength: 14 });

describe('dominatorTree', () => {
  test('gives the shared end of a diamond to its top', () => {
    expect([...dominatorTree([[1, 2], [3], [3], []], 0).immediate]).toEqual([-1, 0, 0, 0]);
  });

  test('leaves what is not reached without a dominator', () => {
    const { immediate, order } = dominatorTree([[1], [], [1]], 0);
    expect([...immediate]).toEqual([-1, 0, -1]);
    expect(order).toEqual([0, 1]);
  });

  test('agrees with taking every node away in turn, on random graphs with cycles', () => {
    fc.assert(
      fc.property(graphs, (edges) => {
        expect(fromTree(edges, 0)).toEqual(bruteForce(edges, 0));
      }),
      { numRuns: 500 },
    );
  });

  test('walks a chain of 20,000 with edges back to its start', () => {
    const length = 20_000;
    const edges = Array.from({ length }, (_, i) => (i + 1 < length ? [i + 1, 0] : [0]));
    const { immediate } = dominatorTree(edges, 0);
    expect(immediate[length - 1]).toBe(length - 2);
  });
});
