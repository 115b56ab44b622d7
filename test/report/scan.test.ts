import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatJson } from '../../src/report/json.ts';
import { compareText } from '../../src/report/order.ts';
import { createScanJson } from '../../src/report/scan-json.ts';
import { formatScan } from '../../src/report/scan.ts';
import type { ImportContext, ImportUse, ScanDocument } from '../../src/types.ts';

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

// ---------------------------------------------------------------------------------------------------------------------
// JSON, file by file

const words = fc.oneof(
  fc.constantFrom(
    'os',
    'a.b',
    '*',
    'https://user:secret@index.test/x',
    '\u202e',
    'é',
    '"',
    '\\',
    '',
  ),
  fc.string({ maxLength: 6 }),
);
const row = fc.record({
  line: fc.integer({ min: 1, max: 9 }),
  module: words,
  level: fc.integer({ min: 0, max: 2 }),
  names: fc.array(words, { maxLength: 3 }),
  context: fc.subarray(['function', 'try', 'test'] satisfies ImportContext[]),
  dynamic: fc.boolean(),
});

test('gives the bytes that the whole document gives', () => {
  const file = fc.record({ path: words, rows: fc.array(row, { maxLength: 4 }) });
  const files = fc.uniqueArray(file, { maxLength: 4, selector: ({ path }) => path });
  const warning = fc.record({ code: fc.constant('source-x'), message: words, path: words });
  fc.assert(
    fc.property(files, fc.array(warning, { maxLength: 2 }), (drawn, warnings) => {
      const sorted = drawn.toSorted((a, b) => compareText(a.path, b.path));
      const rest = { schemaVersion: 1, files: drawn.length, references: [], warnings } as const;
      const json = createScanJson();
      for (const { path, rows } of sorted) json.add({ path, imports: rows });
      const imports = sorted.flatMap(({ path, rows }) => rows.map((each) => ({ path, ...each })));
      expect(json.finish(rest).join('')).toBe(formatJson({ ...rest, imports }));
    }),
  );
});

test('cuts a long report into pieces between characters', () => {
  const json = createScanJson();
  const rows = Array.from({ length: 3000 }, (_, index) => ({
    line: index + 1,
    module: 'é',
    level: 0,
    names: ['ü'],
    context: [],
    dynamic: false,
  }));
  for (const path of ['a.py', 'b.py', 'ç.py']) json.add({ path, imports: rows });
  const pieces = json.finish({ schemaVersion: 1, files: 3, references: [], warnings: [] });
  expect(pieces.length).toBeGreaterThan(3);
  const document = JSON.parse(pieces.join(''));
  expect(document.imports).toHaveLength(9000);
  expect(document.imports[8999]).toMatchObject({ path: 'ç.py', line: 3000, module: 'é' });
});
