import { expect, test } from 'vitest';
import type { RenderOptions } from '../../src/report/report.ts';
import { report } from '../../src/report/terminal.ts';
import type { EntryPointRow } from '../../src/types.ts';
import {
  attribute,
  createDeclared,
  createDocument,
  createFinding,
  parsePackages,
} from './documents.ts';

const plain: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
};
const packages = attribute(parsePackages('torch 2 900000000 1\nfastapi 1 100000000 1'), [
  'torch',
  'fastapi',
]);
const declared = ['torch', 'fastapi'].map((name) => createDeclared({ name }));
const findings = [createFinding({ rule: 'missing', severity: 'error', packages: [] })];
const document = createDocument({ packages, declared, findings });

function program(name: string, megabytes: number): EntryPointRow {
  const totals = { ...document.totals, packages: 1, installedBytes: megabytes * 1_000_000 };
  return {
    name,
    path: `${name}.py`,
    startedBy: { path: 'Dockerfile', line: 9 },
    files: 1,
    declared: [],
    totals,
  };
}
function sectionOf(entryPoints: readonly EntryPointRow[], all = false): string {
  const text = report.render({ ...document, entryPoints }, { ...plain, all });
  return /(PARTS[\s\S]*?)\n\n/.exec(text)?.[1] ?? '';
}

test('PARTS says what each program needs, where one needs much less than all', () => {
  expect(sectionOf([program('worker', 900), program('app.main', 100)])).toBe(
    [
      'PARTS   what each program needs by itself',
      '  worker      Dockerfile:9  900 MB, 1 package',
      '  app.main    Dockerfile:9  100 MB, 1 package',
    ].join('\n'),
  );
});

test('PARTS names the extra that a program needs', () => {
  const dashboard = { ...program('dashboard', 900), extra: 'charts' };
  expect(sectionOf([dashboard, program('app.main', 100)])).toContain(
    '  dashboard   Dockerfile:9  900 MB, 1 package, with extra charts\n',
  );
});

test('PARTS stands below the verdict where nothing else is to be done', () => {
  const clean = { ...document, findings: [] };
  const render = (entryPoints: readonly EntryPointRow[]): string =>
    report.render({ ...clean, entryPoints }, plain);
  expect(render([program('worker', 900), program('app.main', 100)])).toMatch(
    /^✓ .*\n[\s\S]*\n\nPARTS .*\n {2}worker .*\n {2}app\.main .*\n$/,
  );
  expect(render([program('worker', 900), program('app.main', 850)])).not.toContain('PARTS');
});

test('PARTS is left out where all programs need nearly all of it', () => {
  expect(sectionOf([program('worker', 900), program('app.main', 850)])).toBe('');
  expect(sectionOf([program('worker', 100)])).toBe('');
});

test('PARTS has the heaviest three and the lightest; --all lists them', () => {
  const many = [9, 8, 7, 6, 5].map((n) => program(`p${n}`, n * 100));
  expect(sectionOf(many)).toMatch(/p9[\s\S]*p8[\s\S]*p7[\s\S]*p5[\s\S]*… and 1 more program/);
  expect(sectionOf(many)).not.toContain('p6');
  expect(sectionOf(many, true)).toContain('p6');
});
