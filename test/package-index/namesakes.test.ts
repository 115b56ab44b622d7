import { expect, test } from 'vitest';
import { warnOfNamesakes } from '../../src/package-index/namesakes.ts';
import { normalizeName } from '../../src/pep/name.ts';

const own = 'https://index.test/own';
const messages = (
  ...rows: readonly (readonly [string, string | null, readonly (string | null)[]])[]
) =>
  warnOfNamesakes(
    rows.map(([name, index, others]) => ({ name: normalizeName(name), index, others })),
  ).map(({ message }) => message);

test('one name, and both places, are named', () => {
  expect(messages(['tool', own, [null]])).toEqual([
    'tool is on https://index.test/own and on PyPI: taken from the first, as uv does; pip would take the highest version of both',
  ]);
});

test('names of the same two indexes are one warning, long lists are cut', () => {
  const other = 'https://index.test/other';
  const found = messages(
    ...['g', 'f', 'e', 'd', 'c', 'b', 'a'].map((name) => [name, own, [null]] as const),
    ['z', own, [other, null]],
    ['y', null, [other]],
  );
  expect(found.map((message) => message.split(':')[0])).toEqual([
    'a, b, c, d, e, f and 2 more are on https',
    'z is on https',
    'y is on PyPI and on https',
  ]);
  expect(messages(['b', own, [null]], ['a', own, [null]])[0]).toMatch(/^a and b are on /);
});

test('nothing is said of nothing', () => {
  expect(warnOfNamesakes([])).toEqual([]);
});
