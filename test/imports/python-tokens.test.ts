import { describe, expect, it } from 'vitest';
import { readPythonTokens } from '../../src/imports/python-tokens.ts';

function tokens(text: string): readonly string[] {
  return readPythonTokens(text).map(({ kind, value, line }) => `${line} ${kind} ${value}`);
}

describe('readPythonTokens', () => {
  it('tells names, strings, comments and marks with their lines', () => {
    expect(tokens("x = f(rb\"a\\\"b\", '''c\nd''')  # note\ny")).toEqual([
      '1 name x',
      '1 mark =',
      '1 name f',
      '1 mark (',
      '1 string a\\"b',
      '1 mark ,',
      '1 string c\nd',
      '2 mark )',
      '2 comment # note',
      '3 name y',
    ]);
  });

  it('does not take a name before a string for its prefix', () => {
    expect(tokens('buf "x"')).toEqual(['1 name buf', '1 string x']);
    expect(tokens('buf"x"')).toEqual(['1 name buf', '1 string x']);
    expect(tokens('f"x"')).toEqual(['1 string x']);
  });

  it('counts the lines of all kinds of newlines', () => {
    expect(tokens('a\r\nb\rc\nd')).toEqual(['1 name a', '2 name b', '3 name c', '4 name d']);
  });

  it('ends an open string with its line, an open triple one with the text', () => {
    expect(tokens("'open\nx")).toEqual(['1 string open', '2 name x']);
    expect(tokens('"""open\nx')).toEqual(['1 string open\nx']);
    expect(tokens("'\\")).toHaveLength(1);
  });

  it('is linear', () => {
    const start = performance.now();
    readPythonTokens('"'.repeat(100_001));
    readPythonTokens('('.repeat(200_000));
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
