import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { normalizeName } from '../../src/pep/name.ts';
import { createHeldResolver, resolveHeld } from '../../src/resolve/held.ts';
import type { HeldResolution, Root } from '../../src/resolve/held.ts';
import type { WeighedGraph } from '../../src/types.ts';
import { linux, weighedGraph } from '../support/weighed-graph.ts';

const roots = (...texts: readonly string[]): readonly Root[] => weighedGraph(texts, {}).roots;
const remaining = (resolution: HeldResolution): string[] => [...resolution.names].toSorted();

describe('resolveHeld', () => {
  test('keeps all when the same roots are asked for', () => {
    const graph = weighedGraph(['app'], { app: { requires: ['web', 'tool'] }, web: {}, tool: {} });
    expect(remaining(resolveHeld(graph, graph.roots, linux))).toEqual(['app', 'tool', 'web']);
  });

  test('keeps what another root still needs', () => {
    const graph = weighedGraph(['left', 'right'], {
      left: { requires: ['shared', 'only-left'] },
      right: { requires: ['shared'] },
      shared: {},
      'only-left': {},
    });
    expect(remaining(resolveHeld(graph, roots('right'), linux))).toEqual(['right', 'shared']);
  });

  test('drops what only an extra brought in when the distribution stays without it', () => {
    const graph = weighedGraph(['server[standard]', 'framework'], {
      server: { requires: ['click', "loop; extra == 'standard'"] },
      framework: { requires: ['server'] },
      click: {},
      loop: {},
    });
    const held = resolveHeld(graph, roots('framework'), linux);
    expect(remaining(held)).toEqual(['click', 'framework', 'server']);
    expect(held.extras.size).toBe(0);
  });

  test('keeps an extra that another requirement asks for', () => {
    const graph = weighedGraph(['server[standard]', 'framework'], {
      server: { requires: ["loop; extra == 'standard'"] },
      framework: { requires: ['server[standard]'] },
      loop: {},
    });
    const held = resolveHeld(graph, roots('framework'), linux);
    expect(remaining(held)).toEqual(['framework', 'loop', 'server']);
    expect(held.extras.get(normalizeName('server'))).toEqual(new Set(['standard']));
  });

  test('follows an extra that requires other extras of its own distribution', () => {
    const graph = weighedGraph(['kit[all]', 'other'], {
      kit: {
        requires: [
          "kit[web]; extra == 'all'",
          "kit[db]; extra == 'all'",
          "flask; extra == 'web'",
          "driver; extra == 'db'",
        ],
      },
      flask: {},
      driver: {},
      other: {},
    });
    expect(remaining(resolveHeld(graph, graph.roots, linux))).toEqual([
      'driver',
      'flask',
      'kit',
      'other',
    ]);
    expect(remaining(resolveHeld(graph, roots('kit[web]'), linux))).toEqual(['flask', 'kit']);
  });

  test('follows one extra among several markers on the platform', () => {
    const graph = weighedGraph(['kit[fast]'], {
      kit: {
        requires: [
          "native; extra == 'fast' and sys_platform == 'linux'",
          "winonly; extra == 'fast' and sys_platform == 'win32'",
          "old; python_version < '3.8'",
        ],
      },
      native: {},
      winonly: {},
      old: {},
    });
    expect(remaining(resolveHeld(graph, graph.roots, linux))).toEqual(['kit', 'native']);
    expect(remaining(resolveHeld(graph, roots('kit'), linux))).toEqual(['kit']);
  });

  test('ends on cycles and on distributions that need themselves', () => {
    const graph = weighedGraph(['egg'], {
      egg: { requires: ['hen', 'egg'] },
      hen: { requires: ['egg'] },
    });
    expect(remaining(resolveHeld(graph, graph.roots, linux))).toEqual(['egg', 'hen']);
    expect(remaining(resolveHeld(graph, [], linux))).toEqual([]);
  });

  test('names a root that the graph does not have', () => {
    const graph = weighedGraph(['app'], { app: {} });
    const held = resolveHeld(graph, roots('app', 'absent'), linux);
    expect(held.missing).toEqual([{ name: 'absent', by: null }]);
    expect(remaining(held)).toEqual(['app']);
  });

  test('evaluates an extra that was not in force, and names what it lacks', () => {
    const graph = weighedGraph(['app', 'driver'], {
      app: { requires: ["driver; extra == 'db'", "absent; extra == 'db'"] },
      driver: {},
    });
    const held = createHeldResolver(graph, linux)(roots('app[db]'));
    expect(remaining(held)).toEqual(['app', 'driver']);
    expect(held.missing).toEqual([{ name: 'absent', by: 'app' }]);
  });

  test('does not follow a requirement that an override dropped from the edges', () => {
    const graph = weighedGraph(['app', 'heavy'], { app: { requires: ['heavy'] }, heavy: {} });
    const overridden: WeighedGraph = {
      ...graph,
      distributions: graph.distributions.map((one) => ({ ...one, dependencies: [] })),
    };
    expect(remaining(resolveHeld(overridden, roots('app'), linux))).toEqual(['app']);
  });

  test('follows an edge that the metadata does not explain, as locks and overrides make them', () => {
    const graph = weighedGraph(['app'], {
      app: { requires: ['web[fast]'] },
      web: { requires: ["c; extra == 'fast'"] },
      c: {},
    });
    const locked: WeighedGraph = {
      ...graph,
      distributions: graph.distributions.map((one) =>
        one.name === 'app' ? { ...one, requires: [] } : one,
      ),
    };
    expect(remaining(resolveHeld(locked, roots('app'), linux))).toEqual(['app', 'c', 'web']);
  });

  test('keeps what needs two extras at once', () => {
    const graph = weighedGraph(['app'], { app: {}, bridge: {} });
    const app = graph.distributions[0];
    const both = weighedGraph(['bridge'], { bridge: {} }).distributions[0];
    if (app === undefined || both === undefined) throw new Error('the graph is empty');
    const made: WeighedGraph = {
      ...graph,
      distributions: [
        { ...app, extras: ['a', 'b'], dependencies: [{ name: both.name, extras: [] }] },
        both,
      ],
    };
    expect(remaining(resolveHeld(made, roots('app'), linux))).toEqual(['app', 'bridge']);
  });

  test('walks a chain of 20,000 without overflowing the stack', () => {
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
    expect(resolveHeld(graph, graph.roots, linux).names.size).toBe(length);
  });

  test('fewer roots never keep more', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(fc.nat(11), { maxLength: 4 }), { minLength: 12, maxLength: 12 }),
        fc.uniqueArray(fc.nat(11), { minLength: 1, maxLength: 6 }),
        (edges, chosen) => {
          const invented = Object.fromEntries(
            edges.map((needs, i) => [`p${i}`, { requires: needs.map((n) => `p${n}`) }]),
          );
          const graph = weighedGraph(
            chosen.map((n) => `p${n}`),
            invented,
          );
          const all = resolveHeld(graph, graph.roots, linux);
          const fewer = resolveHeld(graph, graph.roots.slice(1), linux);
          const expected = weighedGraph(
            chosen.slice(1).map((n) => `p${n}`),
            invented,
          );
          expect(all.names.size).toBe(graph.distributions.length);
          expect([...fewer.names].every((name) => all.names.has(name))).toBe(true);
          expect(remaining(fewer)).toEqual(expected.distributions.map((one) => one.name));
        },
      ),
    );
  });
});
