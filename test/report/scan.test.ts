import { expect, test } from 'vitest';
import { formatScan } from '../../src/report/scan.ts';
import type { ImportUse, ScanDocument } from '../../src/types.ts';

const plain = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
} as const;

function use(path: string, line: number, module: string, level = 0): ImportUse {
  return { path, line, module, level, names: [], context: [], dynamic: false };
}

function scan(imports: readonly ImportUse[]): ScanDocument {
  return { schemaVersion: 1, files: 2, imports, references: [], warnings: [] };
}

test('top-level modules, the most used first, with the first place', () => {
  const text = formatScan(
    scan([
      use('a.py', 3, 'numpy.linalg'),
      use('b.py', 1, 'numpy'),
      use('a.py', 1, 'os'),
      use('a.py', 9, 'local', 1),
    ]),
    plain,
  );
  expect(text).toBe(
    [
      '2 Python files  2 modules imported',
      '',
      '  numpy     2   a.py:3',
      '  os        1   a.py:1',
      '',
    ].join('\n'),
  );
});

test('no imports is a sentence', () => {
  expect(formatScan(scan([]), plain)).toBe('2 Python files: no imports from outside\n');
});

test('long lists are cut and counted', () => {
  const imports = Array.from({ length: 60 }, (_, index) => use('a.py', index + 1, `m${index}`));
  expect(formatScan(scan(imports), plain)).toContain('… and 35 more modules');
  expect(formatScan(scan(imports), { ...plain, all: true })).toContain('m59');
});

test('hostile paths reach the terminal as visible text', () => {
  expect(formatScan(scan([use('\u001b[2J.py', 1, 'os')]), plain)).toContain('␛[2J.py:1');
});
