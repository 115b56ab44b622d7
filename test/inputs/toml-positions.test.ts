import fc from 'fast-check';
import { parse } from 'smol-toml';
import { describe, expect, it } from 'vitest';
import { findTomlPositions } from '../../src/inputs/toml-positions.ts';

/** Text from the place of a value to the end of its line. */
function textAt(text: string, path: readonly (string | number)[]): string | null {
  const place = findTomlPositions(text).ofValue(path);
  return place === null ? null : (text.split('\n')[place.line - 1] ?? '').slice(place.column - 1);
}

describe('findTomlPositions', () => {
  it('finds values of tables, dotted keys, arrays and inline tables', () => {
    const text =
      "a = 1\n[b.'c d']\ne.f = 'x' # [no]\ng = [\n  'one', # ]\n  \"two\", [ 3 ],\n]\nh = { i = 'j', k = { l = 5 } }\n";
    expect(textAt(text, ['a'])).toBe('1');
    expect(textAt(text, ['b', 'c d', 'e', 'f'])).toBe("'x' # [no]");
    expect(textAt(text, ['b', 'c d', 'g', 1])).toBe('"two", [ 3 ],');
    expect(textAt(text, ['b', 'c d', 'g', 2, 0])).toBe('3 ],');
    expect(textAt(text, ['b', 'c d', 'h', 'k', 'l'])).toBe('5 } }');
    expect(textAt(text, ['nope'])).toBeNull();
  });

  it('counts the elements of arrays of tables, and tables below them', () => {
    const text =
      "[[p]]\nn = 'a'\n[p.q]\nr = 1\n[[p.s]]\nt = 2\n[[p]]\nn = 'b'\n[[p.s]]\nt = 3\n[[p.s]]\nt = 4\n";
    expect(textAt(text, ['p', 0, 'n'])).toBe("'a'");
    expect(textAt(text, ['p', 0, 'q', 'r'])).toBe('1');
    expect(textAt(text, ['p', 0, 's', 0, 't'])).toBe('2');
    expect(textAt(text, ['p', 1, 'n'])).toBe("'b'");
    expect(textAt(text, ['p', 1, 's', 1, 't'])).toBe('4');
  });

  it('is not misled by strings over several lines', () => {
    const text = 'a = """\nb = 1\n\\""" [x] """"\nc = \'\'\'\nd = 2\'\'\'\'\'\ne = 3\n';
    expect(textAt(text, ['e'])).toBe('3');
    expect(textAt(text, ['b'])).toBeNull();
    expect(textAt(text, ['d'])).toBeNull();
  });

  it('knows quoted keys with escapes and dots in them', () => {
    const text = '"a.b" = 1\n"c\\"d" = 2\n\'e\\f\' = 3\n"\\u0067" = 4\n';
    expect(textAt(text, ['a.b'])).toBe('1');
    expect(textAt(text, ['c"d'])).toBe('2');
    expect(textAt(text, ['e\\f'])).toBe('3');
    expect(textAt(text, ['g'])).toBe('4');
  });

  it('tells where the key stands', () => {
    const positions = findTomlPositions('[a]\n  b.c = 1\n[[d]]\n');
    expect(positions.ofKey(['a', 'b', 'c'])).toEqual({ line: 2, column: 3 });
    expect(positions.ofKey(['a'])).toEqual({ line: 1, column: 1 });
    expect(positions.ofKey(['d', 0])).toEqual({ line: 3, column: 1 });
  });

  it.each([
    ["a = [\n  'x',\n", { line: 1, column: 5 }],
    ['a = [ { b = [ 1,\n', { line: 1, column: 13 }],
    ['\na = """x\n\n', { line: 2, column: 5 }],
    ["a = ['x']\n", null],
  ])('tells what is never closed in %j', (text, place) => {
    expect(findTomlPositions(text).unclosed).toEqual(place);
  });

  it('comes to an end on any text', () => {
    fc.assert(
      fc.property(
        fc.string({
          maxLength: 80,
          unit: fc.constantFrom(
            '[',
            ']',
            '{',
            '}',
            '"',
            "'",
            '=',
            ',',
            '.',
            '#',
            '\n',
            'a',
            ' ',
            '\\',
          ),
        }),
        (text) => {
          expect(() => findTomlPositions(text)).not.toThrow();
        },
      ),
      { numRuns: 1000 },
    );
  });

  it('places every text of a document that the parser reads', () => {
    const key = fc.constantFrom('a', 'b', '"c d"', "'e.f'", 'g.h', 'long_key-1');
    const string = fc.constantFrom('"x"', "'y'", '"a#b"', '"[z]"', "'''m\nn'''", '"q\\"r"');
    const value = fc.letrec<{ value: string }>((tie) => ({
      value: fc.oneof(
        { depthSize: 'small' },
        string,
        fc.constantFrom('1', 'true', '1979-05-27T07:32:00Z', '-0.5e3'),
        fc.array(tie('value'), { maxLength: 3 }).map((items) => `[ ${items.join(' , ')} ]`),
        fc
          .array(tie('value'), { maxLength: 2 })
          .map((items) => `{ ${items.map((item, index) => `k${index} = ${item}`).join(', ')} }`),
      ),
    })).value;
    const pair = fc.tuple(key, value).map(([name, written]) => `${name} = ${written} # c ]\n`);
    const line = fc.oneof(pair, fc.constantFrom('[t]\n', '[[u]]\n', '[t.v]\n', '\n', '# [x]\n'));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 8 }), (lines) => {
        const text = lines.join('');
        const document = parseOrNull(text);
        fc.pre(document !== null);
        const positions = findTomlPositions(text);
        for (const path of textPaths(document)) {
          const place = positions.ofValue(path);
          expect(place, `${path.join('/')} in\n${text}`).not.toBeNull();
          const written = (text.split('\n')[(place?.line ?? 1) - 1] ?? '').slice(
            (place?.column ?? 1) - 1,
          );
          expect(written).toMatch(/^["']/);
        }
      }),
      { numRuns: 500 },
    );
  });
});

function parseOrNull(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return null;
  }
}

function textPaths(
  value: unknown,
  path: readonly (string | number)[] = [],
): readonly (readonly (string | number)[])[] {
  if (typeof value === 'string') return [path];
  if (Array.isArray(value))
    return value.flatMap((item: unknown, index) => textPaths(item, [...path, index]));
  if (typeof value !== 'object' || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([key, item]: [string, unknown]) =>
    textPaths(item, [...path, key]),
  );
}
