import { describe, expect, test } from 'vitest';
import { countOf, listNames, withPlaces } from '../../src/advice/wording.ts';

describe('listNames', () => {
  test.each([
    [[], ''],
    [['a'], 'a'],
    [['a', 'b'], 'a and b'],
    [['a', 'b', 'c'], 'a, b and c'],
    [['a', 'b', 'c', 'd', 'e', 'f', 'g'], 'a, b, c, d, e and 2 more'],
  ])('%j reads %j', (names, text) => {
    expect(listNames(names)).toBe(text);
  });
});

test('one is not plural', () => {
  expect([countOf(1, 'package'), countOf(0, 'package'), countOf(2, 'package')]).toEqual([
    '1 package',
    '0 packages',
    '2 packages',
  ]);
});

test('a name carries all its places', () => {
  const at = (line: number): { path: string; line: number; column: number } => ({
    path: 'a.txt',
    line,
    column: 1,
  });
  expect(withPlaces('web', [at(1), at(7)])).toBe('web (a.txt:1, a.txt:7)');
  expect(withPlaces('web', [])).toBe('web');
});
