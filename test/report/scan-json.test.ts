import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readImports } from '../../src/imports/lexer/records.ts';
import { scanRecords } from '../../src/imports/scanner.ts';
import { createByteWriter } from '../../src/report/byte-writer.ts';
import { createScanJson } from '../../src/report/scan-json.ts';

const rest = { schemaVersion: 1, files: 1, references: [], warnings: [] } as const;

/** The report of one file, by way of its records or of the objects made of them. */
function reportOf(path: string, text: string, way: 'records' | 'objects'): string {
  const bytes = Buffer.from(text);
  const { records, isLatin1 } = scanRecords(bytes, bytes.length, {});
  const json = createScanJson();
  const imports = readImports(records, isLatin1);
  json.add({ path, imports, records: way === 'records' ? records : null });
  return json.finish(rest).join('');
}

describe('createScanJson', () => {
  it('gives the same bytes for records as for objects', () => {
    const piece = fc.constantFrom(
      ...[
        'import a',
        'import a.b as c, d',
        'import a . b',
        'from . import e',
        'from ...f.g import h, i',
      ],
      ...[
        'from j import *',
        'from j import é',
        'import ｆｘ',
        'import_module("..k.l")',
        '__import__(m)',
      ],
      ...[
        'x = [import_module("n"),\n  import_module("o")]',
        'find_spec("a" "b")',
        'import_module("a b")',
      ],
      ...[
        '\n',
        '\n',
        '\n',
        'try:\n  ',
        'except ImportError:\n  ',
        'def f():\n  ',
        'if TYPE_CHECKING:\n  ',
      ],
    );
    const path = fc.constantFrom(
      'a.py',
      'a b/é.py',
      '"/a.py',
      'https://user:secret@index.test/a.py',
    );
    fc.assert(
      fc.property(path, fc.array(piece, { maxLength: 20 }), (name, pieces) => {
        const text = pieces.join('');
        expect(reportOf(name, text, 'records')).toBe(reportOf(name, text, 'objects'));
      }),
      { numRuns: 300 },
    );
  });

  it('gives the same for a file that holds hardly anything but names, and for one of many lines', () => {
    const dense = `import ${Array.from({ length: 40_000 }, (_, index) => `a${index}`).join(',')}\n`;
    const long = `${'\n'.repeat(99_999)}import a\n`;
    for (const text of [dense, long])
      expect(reportOf('a.py', text, 'records')).toBe(reportOf('a.py', text, 'objects'));
  });

  it('is JSON that holds what was found', () => {
    const text = 'from ..a import b, c\ndef f():\n  import_module(".d.e")\n';
    expect(JSON.parse(reportOf('x/y.py', text, 'records')).imports).toEqual([
      ...[
        {
          path: 'x/y.py',
          line: 1,
          module: 'a',
          level: 2,
          names: ['b', 'c'],
          context: [],
          dynamic: false,
        },
      ],
      ...[
        {
          path: 'x/y.py',
          line: 3,
          module: 'd.e',
          level: 1,
          names: [],
          context: ['function'],
          dynamic: true,
        },
      ],
    ]);
  });
});

describe('createByteWriter', () => {
  it('keeps the order of parts of all sizes', () => {
    const writer = createByteWriter();
    const parts = ['a', 'b'.repeat(3_000_000), 'é', 'c'.repeat(500_000)];
    for (const part of parts) writer.text(part);
    writer.bytes(Buffer.from('y'));
    expect(Buffer.concat(writer.finish()).toString()).toBe(`${parts.join('')}y`);
  });

  it('has no empty piece, even where the first part is larger than one', () => {
    const writer = createByteWriter();
    writer.text('b'.repeat(3_000_000));
    writer.text('c');
    expect(writer.finish().map(({ length }) => length)).toEqual([3_000_000, 1]);
  });
});
