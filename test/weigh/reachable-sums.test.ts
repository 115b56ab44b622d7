import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { reachableSums } from '../../src/weigh/reachable-sums.ts';

describe('reachableSums', () => {
  test('counts what two paths reach once', () => {
    expect(reachableSums([[1, 2], [3], [3], []], [1, 10, 100, 1000])).toEqual([
      1111, 1010, 1100, 1000,
    ]);
  });

  test('gives every member of a cycle the same sum', () => {
    expect(reachableSums([[1], [2], [0, 3], []], [1, 2, 4, 8])).toEqual([15, 15, 15, 8]);
  });

  test('agrees with a plain walk from every node, on random graphs', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(14), { maxLength: 3 }), { minLength: 15, maxLength: 15 }),
        (edges) => {
          const weights = edges.map((_, node) => 2 ** node);
          const expected = edges.map((_, start) => {
            const seen = new Set<number>();
            const pending = [start];
            for (let node = pending.pop(); node !== undefined; node = pending.pop()) {
              if (seen.has(node)) continue;
              seen.add(node);
              pending.push(...(edges[node] ?? []));
            }
            return [...seen].reduce((sum, node) => sum + (weights[node] ?? 0), 0);
          });
          expect(reachableSums(edges, weights)).toEqual(expected);
        },
      ),
      { numRuns: 500 },
    );
  });

  test('sums a chain of 20,000', () => {
    const length = 20_000;
    const edges = Array.from({ length }, (_, i) => (i + 1 < length ? [i + 1] : []));
    expect(
      reachableSums(
        edges,
        Array.from({ length }, () => 1),
      )[0],
    ).toBe(length);
  });
});
