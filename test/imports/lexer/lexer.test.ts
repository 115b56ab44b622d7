import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LexedFile, Lexer } from '../../../src/imports/lexer/lexer.ts';
import { createLexer } from '../../../src/imports/lexer/lexer.ts';
import { SCALAR_MODULE, VECTOR_MODULE } from '../../../src/imports/lexer/modules.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));

function read(lexer: Lexer, text: string): Omit<LexedFile, 'bytes'> {
  const bytes = Buffer.from(text, 'latin1');
  const {
    bytes: _,
    records,
    ...rest
  } = lexer(bytes, bytes.length, {
    skipped: 0,
    bits: 0,
    isCython: false,
  });
  return { ...rest, records: records.slice() };
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
        expect(read(vector, text)).toEqual(read(scalar, text));
      }),
      { numRuns: 2000 },
    );
  });

  it('leaves nothing of a file to the next one', () => {
    const lexer = createLexer(VECTOR_MODULE);
    const before = read(lexer, 'import a\n');
    read(lexer, `import b\n${'x = [\n'.repeat(100_000)}`);
    expect(read(lexer, 'import a\n')).toEqual(before);
  });

  it('has room for more names than its memory held at first', () => {
    const names = Array.from({ length: 200_000 }, (_, index) => `n${index}`);
    const { records, problem } = read(
      createLexer(VECTOR_MODULE),
      `from a import (${names.join(',')})\nimport b`,
    );
    expect(problem).toBe(0);
    expect(records.length).toBe(5 + 2 * 200_001 + 7);
  });
});
