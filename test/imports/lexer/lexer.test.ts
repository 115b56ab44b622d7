import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LexedFile, Lexer } from '../../../src/imports/lexer/lexer.ts';
import { SIZE, SPANS } from '../../../src/imports/lexer/layout.ts';
import { createLexer } from '../../../src/imports/lexer/lexer.ts';
import { looksOf } from '../../../src/imports/lexer/looks.ts';
import { SCALAR_MODULE, VECTOR_MODULE } from '../../../src/imports/lexer/modules.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

interface Read extends Pick<
  LexedFile,
  'mayHoldScript' | 'hasComputed' | 'problem' | 'problemLine'
> {
  readonly records: readonly number[];
  readonly rows: string | null;
}

function read(lexer: Lexer, file: Buffer, length = file.length): Read {
  const options = { skipped: 0, bits: 0, isCython: false };
  const lexed = lexer.read(file, length, options);
  const { numbers, from, to, mayHoldScript, hasComputed, problem, problemLine } = lexed;
  const records = [...numbers.subarray(from, to)];
  const rows = lexed.rows('a.py')?.toString('latin1') ?? null;
  return { records, rows, mayHoldScript, hasComputed, problem, problemLine };
}

function readText(lexer: Lexer, text: string): Read {
  return read(lexer, Buffer.from(text, 'latin1'));
}

describe('the lexer', () => {
  it('is built from its sources', () => {
    const { status, stderr } = spawnSync(process.execPath, ['scripts/build-lexer.mjs', '--check'], {
      cwd: root,
      encoding: 'utf8',
    });
    expect(`${status} ${stderr}`).toBe('0 ');
  });

  it('reads the same with and without vectors', () => {
    const vector = createLexer(VECTOR_MODULE);
    const scalar = createLexer(SCALAR_MODULE);
    const piece = fc.constantFrom(
      ...['import a', 'from b import c', 'import_module("d")', 'try:', 'except ImportError:'],
      ...['\n', '\r\n', '\r', '    ', '\t', '                ', ' ', ';', ':', '\\', '#', 'x = 1'],
      ...['"', "'", '"""', 'f"', '{', '}', '(', ')', '[', ']', '!', '?', '`', '$', '\0', '\xe9'],
      ...['0123456789abcdef', 'a_long_name_of_more_than_sixteen_letters'],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 80 }), (pieces) => {
        const text = pieces.join('');
        expect(readText(vector, text)).toEqual(readText(scalar, text));
      }),
      { numRuns: 2000 },
    );
  });

  it('says whether some module is computed', () => {
    const lexer = createLexer(VECTOR_MODULE);
    expect(readText(lexer, 'import_module(name)').hasComputed).toBe(true);
    expect(readText(lexer, 'import_module("a")').hasComputed).toBe(false);
  });

  it.each([
    ['import os, shop.cli', 'sh', []],
    ['import os, shop.cli', 'os', ['os']],
    ['from xml import sax\nimport sys, sax', 'six', ['sys', 'sax']],
    ['import_module("nox")', 'nox', ['nox']],
    ['import_module(nox)', 'nox', []],
  ])('finds in %j what may be %s', (text, word, found) => {
    const file = Buffer.from(text);
    const options = { skipped: 0, bits: 0, isCython: false };
    const lexed = createLexer(VECTOR_MODULE).read(file, file.length, options);
    const modules: string[] = [];
    const looks = looksOf(new Set([word]));
    for (let at = lexed.findLook(looks, lexed.from); at < lexed.to;) {
      const [start = 0, length = 0] = lexed.numbers.subarray(at + SPANS, at + SPANS + 2);
      modules.push(lexed.memory.toString('latin1', start, start + length));
      at = lexed.findLook(looks, at + ((lexed.numbers[at + SIZE] ?? 0) >> 2));
    }
    expect(modules).toEqual(found);
  });

  it('leaves nothing of a file to the next one', () => {
    const lexer = createLexer(VECTOR_MODULE);
    const before = readText(lexer, 'import a\n');
    readText(lexer, `import b\n${'x = [\n'.repeat(10_000)}`);
    expect(readText(lexer, 'import a\n')).toEqual(before);
  });

  it('reads a file where it was put, and leaves it there while another one is read', () => {
    const lexer = createLexer(VECTOR_MODULE);
    const text = 'import a\nx = "é"\n';
    const length = lexer.reserve(0).write(text);
    const { records } = read(lexer, lexer.reserve(0), length);
    expect(records).toHaveLength(7);
    readText(lexer, `${'x\n'.repeat(500_000)}import b`);
    expect(lexer.reserve(0).toString('utf8', 0, length)).toBe(text);
  });

  it('has room for a larger file, which begins with what was there', () => {
    const lexer = createLexer(VECTOR_MODULE);
    lexer.reserve(0).write('import a');
    const larger = lexer.reserve(3_000_000);
    expect(larger.length).toBe(3_000_000);
    expect(larger.toString('utf8', 0, 8)).toBe('import a');
    larger.fill('\nimport b', 8);
    expect(read(lexer, larger).records.length).toBeGreaterThan(7 * 300_000);
  });

  it.each([
    ['a name', (count: number) => `from a import (${'b,'.repeat(count)})`],
    ['a module', (count: number) => `import a${',b'.repeat(count)}`],
    ['a call', (count: number) => `find_spec("a")\n`.repeat(count)],
  ])('needs no more memory while it reads, however short %s is', (_, make) => {
    const lexer = createLexer(VECTOR_MODULE);
    const text = make(200_000);
    lexer.reserve(text.length).write(text);
    const { buffer } = lexer.reserve(0);
    expect(read(lexer, lexer.reserve(0), text.length).problem).toBe(0);
    // A memory that grows takes the bytes from those who still hold them.
    expect(lexer.reserve(0).buffer).toBe(buffer);
    expect(lexer.reserve(0).toString('latin1', 0, text.length)).toBe(text);
  });
});
