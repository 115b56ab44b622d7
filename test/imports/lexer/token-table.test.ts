import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Lexer } from '../../../src/imports/lexer/lexer.ts';
import { createLexer } from '../../../src/imports/lexer/lexer.ts';
import { looksOf } from '../../../src/imports/lexer/looks.ts';
import { SCALAR_MODULE, VECTOR_MODULE } from '../../../src/imports/lexer/modules.ts';

const RUN = looksOf(new Set(['run']));

interface Tokens {
  readonly tokens: readonly string[];
  readonly named: readonly string[];
}

function read(lexer: Lexer, text: string, { looks = RUN, takesAll = false } = {}): Tokens {
  const bytes = Buffer.from(text, 'latin1');
  const { table, findNamed } = lexer.readTokens(bytes, bytes.length, { comments: true });
  const at = (index: number): string =>
    `${table.line(index)} ${table.kind(index)} ${table.value(index)}`;
  const tokens = Array.from({ length: table.length }, (_, index) => at(index));
  return { tokens, named: [...findNamed(looks, takesAll)].map(at) };
}

function named(text: string, takesAll = false): readonly string[] {
  return read(createLexer(VECTOR_MODULE), text, { takesAll }).named;
}

describe('the tokens of the lexer', () => {
  it('are the same with and without vectors', () => {
    const vector = createLexer(VECTOR_MODULE);
    const scalar = createLexer(SCALAR_MODULE);
    const piece = fc.constantFrom(
      ...['run', 'NAME', 'pytest_plugins', 'rb', 'f', 'x1', '12', 'class', '()', '\xe9', '\ufeff'],
      ...['\n', '\r\n', '\r', ' ', '\t', '\\', '\\\n', '#', '\0', '                ', '\v', '\f'],
      ...['"', "'", '"""', "'''", '(', ')', '[', ']', '{', '}', '=', ':', '+=', '.', ','],
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), fc.boolean(), (pieces, takesAll) => {
        const text = pieces.join('');
        expect(read(vector, text, { takesAll })).toEqual(read(scalar, text, { takesAll }));
      }),
      { numRuns: 1000 },
    );
  });

  it('have no marks, kinds or names outside the table', () => {
    const { table } = createLexer(VECTOR_MODULE).readTokens(Buffer.from('a'), 1);
    for (const index of [-1, 1]) {
      expect(table.isName(index) || table.isString(index)).toBe(false);
      expect(table.mark(index)).toBe(0);
    }
  });

  it('begin behind a byte order mark', () => {
    const bytes = Buffer.from('\ufeffimport a');
    const { table } = createLexer(VECTOR_MODULE).readTokens(bytes, bytes.length);
    expect([table.value(0), table.value(1)]).toEqual(['import', 'a']);
  });

  it('have room however many there are, and leave the file where it was put', () => {
    const lexer = createLexer(VECTOR_MODULE);
    const text = '('.repeat(1_000_000);
    lexer.reserve(text.length).write(text);
    const { table, findNamed } = lexer.readTokens(lexer.reserve(0), text.length);
    expect(table.length).toBe(text.length);
    expect(findNamed(RUN, true)).toHaveLength(0);
    expect(lexer.reserve(0).toString('latin1', 0, text.length)).toBe(text);
  });
});

describe('where something may be named', () => {
  it.each([
    ['subprocess.run(["a"])', ['1 name run']],
    ['rum(x); ran(x); walk(x)', ['1 name rum', '1 name ran']],
    ['run = x', []],
    ['APPS = ["a"]', ['1 name APPS', '1 mark [']],
    ['APPS += ["a"]', ['1 name APPS', '1 mark [']],
    ['APPS: list = x', ['1 name APPS']],
    ['self.APPS(x)', ['1 name APPS']],
    ['APPS.append(x)', ['1 name APPS']],
    ['APPS', []],
    ['Apps = x', []],
    ['pytest_plugins = x', ['1 name pytest_plugins']],
    ['cmd = "one"', []],
    ['cmd = "two words"', ['1 string two words']],
    ['{"class": "a.B", "()": "c.D"}', ['1 string a.B', '1 string c.D']],
    ['{"level": "x y", "id": "x"}', ['1 string x y']],
  ])('%s', (text, found) => {
    expect(named(text)).toEqual(found);
  });

  it('is in all names that are assigned to, where all are asked for', () => {
    expect(named('imports = x')).toEqual([]);
    expect(named('imports = x', true)).toEqual(['1 name imports']);
  });

  it('is told by the looks that are asked for last', () => {
    const lexer = createLexer(VECTOR_MODULE);
    const text = 'run(x); which(x)';
    const looks = looksOf(new Set(['which']));
    expect(read(lexer, text).named).toEqual(['1 name run']);
    expect(read(lexer, text, { looks }).named).toEqual(['1 name which']);
    expect(read(lexer, text).named).toEqual(['1 name run']);
  });
});
