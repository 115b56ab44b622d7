import { describe, expect, test } from 'vitest';
import { findOptional, importsAtRisk } from '../../src/usage/optional-use.ts';
import type { ImportUse, Reference } from '../../src/types.ts';
import { declaration, weighedGraph } from '../support/weighed-graph.ts';

const use = (module: string, more: Partial<ImportUse> = {}): ImportUse => ({
  path: 'app/main.py',
  line: 1,
  module,
  level: 0,
  names: [],
  context: [],
  dynamic: false,
  ...more,
});
const lazy = { context: ['function'] } as const;
const guarded = { context: ['try'] } as const;

function optional(
  imports: readonly ImportUse[],
  references: readonly Reference[] = [],
  more: Partial<Parameters<typeof findOptional>[0]> = {},
): readonly string[] {
  const scan = {
    files: 1,
    imports,
    references,
    dynamicImports: [],
    firstPartyModules: [],
    warnings: [],
  };
  const graph = weighedGraph(['heavy'], { heavy: { modules: ['heavy'] } });
  const declared = [{ declared: declaration('heavy'), role: 'prod' as const }];
  return [...findOptional({ declared, graph, scan, python: '3.11', ...more })];
}

describe('what the product can start without', () => {
  test.each([
    ['in a function', lazy],
    ['guarded by try', guarded],
    ['for types alone', { context: ['type-checking'] } as const],
    ['in a function of a branch', { context: ['if', 'function'] } as const],
  ])('is imported %s', (_, more) => {
    expect(optional([use('heavy', more)])).toEqual(['heavy']);
  });

  test.each([
    ['at the top of a module', {}],
    ['in a branch, as nobody knows which one is taken', { context: ['if'] } as const],
    ['in the body of a class, which runs at once', { context: ['class'] } as const],
    ['as the way out when another is missing', { fallback: true }],
  ])('is not imported %s', (_, more) => {
    expect(optional([use('heavy', lazy), use('heavy', more)])).toEqual([]);
  });

  test('is not what nobody imports, or tests alone', () => {
    expect(optional([])).toEqual([]);
    expect(optional([use('heavy', { area: 'test' })])).toEqual([]);
  });

  test('is not what a command of the product runs, a feature needs or the user keeps', () => {
    const lazily = [use('heavy', lazy)];
    const { name } = declaration('heavy').requirement;
    const place = { path: 'app/main.py', line: 1 };
    const command = { ...place, kind: 'dockerfile', name: 'heavy', module: true } as const;
    expect(optional(lazily, [command])).toEqual([]);
    const features = [{ name, note: 'an address needs it', ...place }];
    expect(optional(lazily, [], { evidence: { features, mentions: [] } })).toEqual([]);
    const kept = { name, reason: '', location: { ...place, column: 1 }, from: 'line' } as const;
    expect(optional(lazily, [], { overrules: [kept] })).toEqual([]);
  });
});

describe('imports that may fail', () => {
  test('are those of product code of modules of others, by place', () => {
    const imports = [
      use('heavy', { line: 9, ...guarded }),
      use('other.part', { line: 2, ...lazy }),
      use('json'),
      use('own', { firstParty: true }),
      use('', { level: 1 }),
      use('tested', { area: 'test' }),
      use('typed', { context: ['type-checking'] }),
      use('scripted', { path: 'script.py' }),
    ];
    const scan = {
      files: 1,
      imports,
      references: [],
      dynamicImports: [],
      firstPartyModules: [],
      warnings: [],
    };
    expect(importsAtRisk({ ...scan, inlineScripts: ['script.py'] }, '3.11')).toEqual([
      { module: 'other.part', path: 'app/main.py', line: 2, guarded: false, lazy: true },
      { module: 'heavy', path: 'app/main.py', line: 9, guarded: true, lazy: false },
    ]);
  });
});
