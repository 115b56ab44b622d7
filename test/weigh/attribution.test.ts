import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizeName } from '../../src/pep/name.ts';
import { createHeldResolver } from '../../src/resolve/held.ts';
import type { WeighedGraph } from '../../src/types.ts';
import {
  attributeWeights,
  savingWithout,
  smallestRemovalSet,
} from '../../src/weigh/attribution.ts';
import { totalsOf } from '../../src/weigh/totals.ts';
import type { Invented } from '../support/weighed-graph.ts';
import { linux, names, weighedGraph } from '../support/weighed-graph.ts';

const exclusive = (graph: WeighedGraph): Record<string, number | null> =>
  Object.fromEntries(
    [...attributeWeights(graph, linux)].map(([name, one]) => [name, one.exclusiveBytes]),
  );
const subtree = (graph: WeighedGraph): Record<string, number | null> =>
  Object.fromEntries(
    [...attributeWeights(graph, linux)].map(([name, one]) => [name, one.subtreeBytes]),
  );
const removal = (graph: WeighedGraph, name: string): ReturnType<typeof smallestRemovalSet> =>
  smallestRemovalSet(graph, createHeldResolver(graph, linux), normalizeName(name));

/** The shape of the first seed: a heavy direct that another direct needs too. */
const audio = weighedGraph(['torch', 'torchaudio', 'librosa'], {
  torch: { size: 1400, requires: ['cublas', 'sympy'] },
  torchaudio: { size: 12, requires: ['torch'] },
  cublas: { size: 600 },
  sympy: { size: 30 },
  librosa: { size: 1, requires: ['numba'] },
  numba: { size: 200, requires: ['numpy'] },
  numpy: { size: 60 },
});

describe('attributeWeights', () => {
  test('gives a direct that another needs nothing, and what it brings to neither', () => {
    expect(exclusive(audio)).toEqual({
      torch: 0,
      torchaudio: 12,
      cublas: 600,
      sympy: 30,
      librosa: 261,
      numba: 260,
      numpy: 60,
    });
  });

  test('a subtree holds all that is reached, shared or not', () => {
    expect(subtree(audio)).toMatchObject({
      torchaudio: 2042,
      torch: 2030,
      librosa: 261,
      sympy: 30,
    });
  });

  test('gives the shared end of a diamond to the one above both sides', () => {
    const graph = weighedGraph(['app'], {
      app: { size: 1, requires: ['left', 'right'] },
      left: { size: 2, requires: ['end'] },
      right: { size: 4, requires: ['end'] },
      end: { size: 8 },
    });
    expect(exclusive(graph)).toEqual({ app: 15, left: 2, right: 4, end: 8 });
  });

  test('two directs that need each other free nothing alone', () => {
    const graph = weighedGraph(['egg', 'hen'], {
      egg: { size: 3, requires: ['hen'] },
      hen: { size: 5, requires: ['egg'] },
    });
    expect(exclusive(graph)).toEqual({ egg: 0, hen: 0 });
    expect(subtree(graph)).toEqual({ egg: 8, hen: 8 });
  });

  test('a cycle below one direct leaves with it', () => {
    const graph = weighedGraph(['app'], {
      app: { size: 1, requires: ['x'] },
      x: { size: 2, requires: ['y'] },
      y: { size: 4, requires: ['x', 'app'] },
    });
    expect(exclusive(graph)).toEqual({ app: 7, x: 6, y: 4 });
  });

  test('counts what an extra brings for the direct that asks for it', () => {
    const graph = weighedGraph(['server[standard]', 'framework'], {
      server: { size: 10, requires: ["loop; extra == 'standard'"] },
      loop: { size: 100 },
      framework: { size: 1, requires: ['server'] },
    });
    expect(exclusive(graph)).toEqual({ server: 100, loop: 100, framework: 1 });
  });

  test('is null where the size itself is unknown, and a lower bound above it', () => {
    const graph = weighedGraph(['app'], {
      app: { size: 1, requires: ['built'] },
      built: { size: 'sdist-only', requires: ['numpy'] },
      numpy: { size: 60 },
    });
    expect(attributeWeights(graph, linux).get(normalizeName('built'))).toEqual({
      exclusiveBytes: null,
      subtreeBytes: null,
      exclusiveAtLeast: 60,
      subtreeAtLeast: 60,
    });
    expect(exclusive(graph)['app']).toBe(61);
  });

  test('attributes a chain of 20,000 in its own time', () => {
    const length = 20_000;
    const graph = weighedGraph(
      ['p0'],
      Object.fromEntries(
        Array.from({ length }, (_, i) => [
          `p${i}`,
          { requires: i + 1 < length ? [`p${i + 1}`] : [] },
        ]),
      ),
    );
    const attributions = attributeWeights(graph, linux);
    expect(attributions.get(normalizeName('p0'))?.exclusiveBytes).toBe(length);
    expect(attributions.get(normalizeName('p19000'))).toMatchObject({
      exclusiveBytes: 1000,
      subtreeBytes: 1000,
    });
  });

  test('attributes a graph without roots to nobody', () => {
    expect(attributeWeights({ roots: [], distributions: [], warnings: [] }, linux).size).toBe(0);
  });
});

/** Graphs of 10 with extras: `needs[i]` are the plain needs, `optional[i]` those of the extra `x`. */
const needs = fc.array(fc.tuple(fc.nat(9), fc.boolean()), { maxLength: 3 });
const randomGraphs = fc
  .record({
    nodes: fc.array(
      fc.record({ size: fc.integer({ min: 1, max: 1000 }), needs, optional: needs }),
      { minLength: 10, maxLength: 10 },
    ),
    roots: fc.uniqueArray(fc.tuple(fc.nat(9), fc.boolean()), {
      minLength: 1,
      maxLength: 5,
      selector: ([node]) => node,
    }),
  })
  .map(({ nodes, roots }) => {
    const text = ([node, extra]: readonly [number, boolean]): string =>
      `p${node}${extra ? '[x]' : ''}`;
    const invented: Record<string, Invented> = {};
    nodes.forEach(({ size, needs: plain, optional }, i) => {
      invented[`p${i}`] = {
        size,
        requires: [...plain.map(text), ...optional.map((one) => `${text(one)}; extra == 'x'`)],
      };
    });
    return { roots: roots.map(text), invented, graph: weighedGraph(roots.map(text), invented) };
  });

describe('on random graphs with extras and cycles', () => {
  test('the exclusive bytes of a direct are what the total loses when it is not asked for', () => {
    fc.assert(
      fc.property(randomGraphs, ({ roots, invented, graph }) => {
        const attributions = attributeWeights(graph, linux);
        graph.roots.forEach((root, index) => {
          const without = weighedGraph(roots.toSpliced(index, 1), invented);
          const lost =
            totalsOf(graph.distributions).installedBytes -
            totalsOf(without.distributions).installedBytes;
          expect(attributions.get(root.name)?.exclusiveBytes).toBe(lost);
        });
      }),
      { numRuns: 300 },
    );
  });

  test('a removal set frees its distribution, and no smaller one does', () => {
    fc.assert(
      fc.property(randomGraphs, ({ graph }) => {
        const held = createHeldResolver(graph, linux);
        for (const { name } of graph.distributions) {
          const { with: others, saving } = smallestRemovalSet(graph, held, name);
          expect(saving.leaves).toContain(name);
          for (const kept of others) {
            const smaller = new Set([name, ...others].filter((other) => other !== kept));
            expect(savingWithout(graph, held, smaller).leaves).not.toContain(name);
          }
        }
      }),
      { numRuns: 100 },
    );
  });
});

describe('savingWithout', () => {
  const held = createHeldResolver(audio, linux);

  test('frees together what holds each other', () => {
    expect(savingWithout(audio, held, new Set(names('torch'))).installedBytes).toBe(0);
    expect(savingWithout(audio, held, new Set(names('torch', 'torchaudio')))).toEqual({
      leaves: ['cublas', 'sympy', 'torch', 'torchaudio'],
      leavingExtras: [],
      installedBytes: 2042,
      downloadBytes: 1021,
      unknown: 0,
    });
  });

  test('names an extra that leaves alone', () => {
    const graph = weighedGraph(['server[standard]', 'framework'], {
      server: { size: 10, requires: ["loop; extra == 'standard'"] },
      loop: { size: 100 },
      framework: { requires: ['server'] },
    });
    const saving = savingWithout(graph, createHeldResolver(graph, linux), new Set(names('server')));
    expect(saving).toMatchObject({ leaves: ['loop'], leavingExtras: ['server[standard]'] });
  });

  test('cannot tell where all that leaves is unknown, and says how many where some are', () => {
    const graph = weighedGraph(['built', 'mixed'], {
      built: { size: 'sdist-only' },
      mixed: { size: 7, requires: ['other'] },
      other: { size: 'vcs' },
    });
    const resolver = createHeldResolver(graph, linux);
    expect(savingWithout(graph, resolver, new Set(names('built')))).toMatchObject({
      installedBytes: null,
      unknown: 1,
    });
    expect(savingWithout(graph, resolver, new Set(names('mixed')))).toMatchObject({
      installedBytes: 7,
      unknown: 1,
    });
  });
});

describe('smallestRemovalSet', () => {
  test('names the direct that holds another', () => {
    expect(removal(audio, 'torch')).toMatchObject({
      with: ['torchaudio'],
      saving: { installedBytes: 2042 },
    });
    expect(removal(audio, 'torchaudio')).toMatchObject({
      with: [],
      saving: { installedBytes: 12 },
    });
  });

  test('names all directs that bring in a transitive one', () => {
    const graph = weighedGraph(['diarize', 'whisper', 'api'], {
      diarize: { requires: ['pipeline'] },
      pipeline: { requires: ['torch'] },
      whisper: { requires: ['torch'] },
      torch: { size: 1000 },
      api: {},
    });
    expect(removal(graph, 'torch').with).toEqual(['diarize', 'whisper']);
  });
});
