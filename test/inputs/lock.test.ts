import fc from 'fast-check';
import { stringify } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { inputFormats } from '../../src/inputs/index.ts';
import { findRootPins } from '../../src/inputs/lock-roots.ts';
import { quoteValue } from '../../src/inputs/lock.ts';
import { normalizeName } from '../../src/pep/name.ts';
import type { LockPin } from '../../src/types.ts';
import { fileOf } from './lock-support.ts';
import { contextOf } from './support.ts';

const pinOf = (name: string, needs: readonly string[]): LockPin => ({
  name: normalizeName(name),
  version: null,
  marker: null,
  requiresPython: null,
  source: 'index',
  origin: null,
  hashes: [],
  dependencies: needs.map((needed) => ({
    name: normalizeName(needed),
    extras: [],
    specifier: '',
    marker: null,
    optional: false,
  })),
  location: { path: 'x.lock', line: 1, column: 1 },
});

describe('the roots of a lock', () => {
  const graphs = fc.array(fc.array(fc.nat({ max: 7 }), { maxLength: 4 }), {
    minLength: 1,
    maxLength: 8,
  });

  const reach = (pins: readonly LockPin[], from: readonly string[]): ReadonlySet<string> => {
    const reached = new Set(from);
    for (const name of reached) {
      for (const pin of pins) {
        if (pin.name === name) for (const { name: needed } of pin.dependencies) reached.add(needed);
      }
    }
    return reached;
  };

  it('reach all of it, and none is needed from outside of its circle', () => {
    fc.assert(
      fc.property(graphs, (graph) => {
        const pins = graph.map((needs, index) =>
          pinOf(
            `p${index}`,
            needs.filter((needed) => needed < graph.length).map((needed) => `p${needed}`),
          ),
        );
        const roots = findRootPins(pins).map(({ name }) => name as string);
        expect(reach(pins, roots).size).toBe(pins.length);
        for (const { name } of pins) {
          const below = reach(pins, [name]);
          for (const root of roots) {
            if (root === name || !below.has(root)) continue;
            // Who reaches a root is reached by it: they are one circle.
            expect(reach(pins, [root]).has(name)).toBe(true);
          }
        }
      }),
    );
  });
});

describe('a value in a message', () => {
  it.each([
    ['1.0', '`1.0`'],
    [9, '`9`'],
    [10n ** 20n, '`100000000000000000000`'],
    [Object.create(null), 'a table'],
    [['x'], 'an array'],
    [undefined, 'absent'],
    [true, 'a boolean'],
  ])('%# is shown', (value, expected) => {
    expect(quoteValue(value)).toBe(expected);
  });
});

describe('every lock format', () => {
  const locks = inputFormats.filter(({ kind }) => kind === 'lock');
  const context = contextOf(createMemoryFiles({}));
  const text = fc.oneof(
    fc.constantFrom('a', '1.0', '>=1', "os_name == 'nt'", 'x', '../x'),
    fc.string(),
  );
  const scalar = fc.oneof(text, fc.integer(), fc.boolean());
  const value = fc.oneof(
    scalar,
    fc.array(scalar, { maxLength: 3 }),
    fc.dictionary(text, scalar, { maxKeys: 3 }),
  );
  const keys = [
    'name',
    'version',
    'source',
    'dependencies',
    'optional-dependencies',
    'resolution-markers',
    'wheels',
    'sdist',
    'metadata',
    'groups',
    'markers',
    'marker',
    'files',
    'extras',
    'python-versions',
    'optional',
    'category',
    'url',
    'path',
    'git',
    'vcs',
    'archive',
    'directory',
    'requires-python',
    'hashes',
    'index',
    'dev-dependencies',
  ];
  const entry = fc.dictionary(
    fc.constantFrom(...keys),
    fc.oneof(value, fc.array(fc.dictionary(fc.constantFrom(...keys), value), { maxLength: 2 })),
  );
  const entries = fc.oneof(
    { weight: 8, arbitrary: fc.array(entry, { maxLength: 4 }) },
    { weight: 1, arbitrary: value },
  );

  it('has its own test and says its name', async () => {
    const loaded = await Promise.all(locks.map(({ load }) => load()));
    expect(loaded.map(({ name }) => name)).toEqual(locks.map(({ name }) => name));
  });

  it.each(locks.map((format) => [format.name, format] as const))(
    '%s: reads anything without failing',
    async (name, format) => {
      const { parse } = await format.load();
      await fc.assert(
        fc.asyncProperty(entries, value, async (packages, other) => {
          const root = {
            version: 1,
            'lock-version': '1.0',
            metadata: { 'lock-version': '2.1', lock_version: '4.5', files: other },
            extras: other,
            package: packages,
            packages,
          };
          const written =
            name === 'pipfile-lock'
              ? JSON.stringify({ _meta: other, default: packages, develop: other })
              : stringify(root);
          const input = await parse(fileOf('some.lock', written), context);
          expect(input.locked).toBe(true);
          for (const { line } of input.warnings) expect(line).toBeGreaterThan(0);
          for (const { location } of input.lock?.pins ?? [])
            expect(location.line).toBeGreaterThan(0);
        }),
        { numRuns: 200 },
      );
    },
  );
});
