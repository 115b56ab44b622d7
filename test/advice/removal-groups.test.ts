import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { groupRemovals, type RemovalGroups } from '../../src/advice/removal-groups.ts';
import { createHeldResolver } from '../../src/resolve/held.ts';
import type { WeighedGraph } from '../../src/types.ts';
import { savingWithout } from '../../src/weigh/attribution.ts';
import { linux, names, weighedGraph } from '../support/weighed-graph.ts';

const group = (
  graph: WeighedGraph,
  dropped: readonly string[],
  leavingToo: readonly string[] = [],
): RemovalGroups =>
  groupRemovals(
    graph,
    createHeldResolver(graph, linux),
    new Set(names(...dropped)),
    new Set(names(...leavingToo)),
  );

describe('groupRemovals', () => {
  test('puts together what holds each other, and leaves the independent apart', () => {
    const graph = weighedGraph(['torch', 'torchaudio', 'plots', 'web'], {
      torch: { size: 100, requires: ['cublas'] },
      cublas: { size: 50 },
      torchaudio: { size: 5, requires: ['torch'] },
      plots: { size: 20 },
      web: {},
    });
    const { groups, held } = group(graph, ['plots', 'torch', 'torchaudio']);
    expect(groups.map((one) => [one.names, one.saving.installedBytes])).toEqual([
      [['torch', 'torchaudio'], 155],
      [['plots'], 20],
    ]);
    expect(held).toEqual([]);
  });

  test('puts together what shares something that nothing else needs', () => {
    const graph = weighedGraph(['a', 'b'], {
      a: { requires: ['shared'] },
      b: { requires: ['shared'] },
      shared: { size: 40 },
    });
    expect(group(graph, ['a', 'b']).groups.map((one) => one.names)).toEqual([['a', 'b']]);
  });

  test('keeps apart what shares only something that stays', () => {
    const graph = weighedGraph(['a', 'b', 'web'], {
      a: { requires: ['numpy'] },
      b: { requires: ['numpy'] },
      web: { requires: ['numpy'] },
      numpy: { size: 40 },
    });
    expect(group(graph, ['a', 'b']).groups.map((one) => one.names)).toEqual([['a'], ['b']]);
  });

  test('tells what frees nothing as another needs it', () => {
    const graph = weighedGraph(['pydantic', 'fastapi'], {
      pydantic: { size: 9 },
      fastapi: { requires: ['pydantic'] },
    });
    expect(group(graph, ['pydantic'])).toEqual({ groups: [], held: ['pydantic'] });
  });

  test('is not held by what leaves for another reason, and still claims nothing for that', () => {
    const graph = weighedGraph(['plugin', 'test-runner'], {
      plugin: { size: 9 },
      'test-runner': { requires: ['plugin'] },
    });
    const { groups, held } = group(graph, ['plugin'], ['test-runner']);
    expect(held).toEqual([]);
    expect(groups.map((one) => [one.names, one.saving.installedBytes])).toEqual([[['plugin'], 0]]);
  });

  test('counts an extra that leaves while its distribution stays', () => {
    const graph = weighedGraph(['server[standard]', 'framework'], {
      server: { requires: ["loop; extra == 'standard'"] },
      loop: { size: 30 },
      framework: { requires: ['server'] },
    });
    expect(group(graph, ['server'])).toMatchObject({
      groups: [{ names: ['server'], saving: { leaves: ['loop'], installedBytes: 30 } }],
      held: [],
    });
  });

  test('puts the largest saving first and the unknown last', () => {
    const graph = weighedGraph(['small', 'built', 'large'], {
      small: { size: 1 },
      built: { size: 'sdist-only' },
      large: { size: 9 },
    });
    const { groups } = group(graph, ['small', 'built', 'large']);
    expect(groups.map((one) => one.names[0])).toEqual(['large', 'small', 'built']);
  });

  test('the savings of the groups add up to what all of them free together', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(11), { maxLength: 3 }), { minLength: 12, maxLength: 12 }),
        fc.uniqueArray(fc.nat(11), { minLength: 2, maxLength: 7 }),
        fc.integer({ min: 1, max: 6 }),
        (edges, roots, count) => {
          const invented = Object.fromEntries(
            edges.map((needs, i) => [
              `p${i}`,
              { size: 2 ** i, requires: needs.map((n) => `p${n}`) },
            ]),
          );
          const graph = weighedGraph(
            roots.map((n) => `p${n}`),
            invented,
          );
          const dropped = new Set(graph.roots.slice(0, count).map(({ name }) => name));
          const held = createHeldResolver(graph, linux);
          const { groups, held: stuck } = groupRemovals(graph, held, dropped);
          const sum = groups.reduce((bytes, one) => bytes + (one.saving.installedBytes ?? 0), 0);
          expect(sum).toBe(savingWithout(graph, held, dropped).installedBytes);
          expect([...groups.flatMap((one) => one.names), ...stuck].toSorted()).toEqual(
            [...dropped].toSorted(),
          );
        },
      ),
      { numRuns: 300 },
    );
  });
});
