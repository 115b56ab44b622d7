import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSpecifiers, specifierContains } from '../../src/pep/specifier.ts';
import { parseVersion } from '../../src/pep/version.ts';
import type { Cut } from '../../src/pep/version-range.ts';
import { compareCuts, rangesOf } from '../../src/pep/version-range.ts';
import type { Version } from '../../src/types.ts';

function versionOf(text: string): Version {
  const version = parseVersion(text);
  if (version === null) throw new Error(`${text} is no version`);
  return version;
}

/** Whether the ranges of the clauses hold a version. */
function holds(specifiers: string, text: string): boolean {
  const at: Cut = { version: versionOf(text), side: 'before' };
  return parseSpecifiers(specifiers).specifiers.every((specifier) =>
    rangesOf(specifier).some(
      ({ from, to }) =>
        (from === null || compareCuts(from, at) <= 0) && (to === null || compareCuts(at, to) < 0),
    ),
  );
}

const number = fc.constantFrom(0, 1, 2, 10);
const release = fc.array(number, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
const part = (...texts: string[]): fc.Arbitrary<string> => fc.constantFrom('', '', ...texts);
const version = fc
  .tuple(
    part('1!'),
    release,
    part('a0', 'a1', 'b1', 'rc1', 'rc2'),
    part('.post0', '.post1', '.post2'),
    part('.dev0', '.dev1', '.dev2'),
  )
  .map((parts) => parts.join(''));
const local = part('+cpu', '+cu118', '+1');
const clause = fc.oneof(
  fc
    .tuple(fc.constantFrom('<', '<=', '>', '>=', '==', '!='), version)
    .map(([operator, text]) => operator + text),
  fc
    .tuple(fc.constantFrom('==', '!='), version, local)
    .map(([operator, text, label]) => operator + text + label),
  fc.tuple(fc.constantFrom('==', '!='), release).map(([operator, text]) => `${operator}${text}.*`),
  fc
    .tuple(release, number, part('a1', 'rc1', '.post1'))
    .map(([text, last, end]) => `~=${text}.${last}${end}`),
);

describe('the ranges of a clause', () => {
  test('hold what the clause admits, and nothing else', () => {
    fc.assert(
      fc.property(clause, version, local, (text, candidate, label) => {
        const { specifiers } = parseSpecifiers(text);
        const wanted = specifierContains(specifiers, versionOf(candidate + label));
        expect(holds(text, candidate + label), `${candidate}${label} in ${text}`).toBe(wanted);
      }),
      { numRuns: 20_000 },
    );
  });

  test.each([
    ['==1.0', '1.0.post0.dev0', false],
    ['>1.0a1', '1.0a1.post1', false],
    ['>1.0a1', '1.0a2.dev0', true],
    ['>1.0', '1.0.post9', false],
    ['>1.0', '1.0.0.0.1.dev0', true],
    ['<1.0.post1', '1.0.post0', true],
    ['<1.0.post1', '1.0.post1.dev0', false],
    ['==0.dev20230101123456789', '0.dev20230101123456789+local', true],
    ['==0.dev20230101123456789', '0.dev20230101123456790', false],
    ['~=2023.20230101123456789', '2023.20230101123456790', true],
  ])('%s and %s: %s', (text, candidate, expected) => {
    expect(holds(text, candidate)).toBe(expected);
  });

  test('are none for a text after === that is no version', () => {
    expect(rangesOf({ operator: '===', version: null, wildcard: false, text: 'latest' })).toEqual(
      [],
    );
  });

  test('have ends in one order', () => {
    const cut = fc
      .tuple(version, fc.constantFrom<Cut['side']>('before', 'behind', 'release-end'))
      .map(([text, side]): Cut => ({ version: versionOf(text), side }));
    fc.assert(
      fc.property(cut, cut, cut, (a, b, c) => {
        expect(Math.sign(compareCuts(a, b))).toBe(0 - Math.sign(compareCuts(b, a)));
        if (compareCuts(a, b) <= 0 && compareCuts(b, c) <= 0)
          expect(compareCuts(a, c)).toBeLessThanOrEqual(0);
      }),
      { numRuns: 5000 },
    );
  });
});
