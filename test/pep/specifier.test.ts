import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ParseError } from '../../src/pep/parse-error.ts';
import {
  formatRange,
  formatSpecifiers,
  isSingletonSpecifiers,
  parseSpecifiers,
  specifierContains,
} from '../../src/pep/specifier.ts';
import { parseVersion, withoutLocal } from '../../src/pep/version.ts';
import { offsetOf } from './offset.ts';
import { readVectors } from './vectors.ts';

type Row =
  | readonly [spec: string, invalid: null]
  | readonly [
      spec: string,
      normalized: string | 0,
      contained: readonly string[],
      others: readonly string[],
    ];
const { rows } = readVectors<{ readonly rows: readonly Row[] }>('specifiers');

function contains(specifiers: string, version: string): boolean {
  const parsed = parseVersion(version);
  return parsed !== null && specifierContains(parseSpecifiers(specifiers).specifiers, parsed);
}

function repaired(text: string): string {
  return formatSpecifiers(parseSpecifiers(text, { repair: true }).specifiers);
}

describe('against packaging', () => {
  test('the same texts are specifiers', () => {
    const differences = rows.filter(
      ([spec, normalized]) =>
        (offsetOf(() => parseSpecifiers(spec)) === null) !== (normalized !== null),
    );
    expect(differences).toEqual([]);
  });

  test('they have the same normal form', () => {
    for (const [spec, normalized] of rows) {
      if (normalized === null) continue;
      expect(formatSpecifiers(parseSpecifiers(spec).specifiers)).toBe(
        normalized === 0 ? spec : normalized,
      );
    }
  });

  test('they contain the same versions', () => {
    const differences: string[] = [];
    let compared = 0;
    for (const [spec, , contained = [], others = []] of rows) {
      for (const version of contained)
        if (!contains(spec, version)) differences.push(`${spec} lacks ${version}`);
      for (const version of others) {
        // packaging compares `===` with the text as written; a candidate here has only its normalised text.
        const isWrittenOtherwise = spec.includes('===') && parseVersion(version)?.text !== version;
        if (!isWrittenOtherwise && contains(spec, version))
          differences.push(`${spec} has ${version}`);
      }
      compared += contained.length + others.length;
    }
    expect(differences).toEqual([]);
    expect(compared).toBeGreaterThan(14_000);
  });
});

describe('specifierContains', () => {
  test.each([
    ['==2.4.1', '2.4.1+cpu'],
    ['==2.4.1+cpu', '2.4.1+cpu'],
    ['!=2.4.1+cpu', '2.4.1+cu121'],
    ['<=2.4.1', '2.4.1+cpu'],
    ['>=2.4.1', '2.4.1+cpu'],
    ['==1.0.*', '1'],
    ['==1.*', '1.0rc1'],
    ['==1.1.*', '1.1.dev1'],
    ['<2.0rc1', '2.0a1'],
    ['<2.0', '1.9.post1'],
    ['<2.0.post1', '2.0'],
    ['<2.0.post1', '2.0a1'],
    ['>1.0.post1', '1.0.post2'],
    ['>1.0.dev1', '1.0'],
    ['>1.0a1', '1.0a2'],
    ['>1.0', '1.0.1.post1'],
    ['~=1.0', '1.9'],
    ['~=1.0.0', '1.0.9'],
    ['~=1.1a1', '1.1'],
    ['===1.0', '1.0'],
    ['===1.0-1', '1.0.post1'],
    ['', '0.dev0'],
    ['>=1!0', '1!0'],
  ])('%s admits %s', (specifiers, version) => {
    expect(contains(specifiers, version)).toBe(true);
  });

  test.each([
    ['==2.4.1+cpu', '2.4.1'],
    ['!=2.4.1', '2.4.1+cpu'],
    ['>2.4.1', '2.4.1+cpu'],
    ['>1.0', '1.0.post1'],
    ['>1.0', '1.0.post1.dev1'],
    ['>1.0a1', '1.0a1.post1'],
    ['>1.0.post1', '1.0.post1+local'],
    ['<2.0', '2.0a1'],
    ['<2.0', '2.0.dev0'],
    ['<2.0.post1', '2.0.post1.dev0'],
    ['<0', '0.dev1'],
    ['==1.1.*', '1'],
    ['!=1.0.*', '1'],
    ['~=1.0', '2.0'],
    ['~=1.0.0', '1.1'],
    ['~=1!1.0', '1.5'],
    ['===1.0', '1.0.0'],
    ['===foobar', '1.0'],
    ['>=1,<2', '2'],
    ['==1.9007199254740993.*', '1.9007199254740992.1'],
  ])('%s does not admit %s', (specifiers, version) => {
    expect(contains(specifiers, version)).toBe(false);
  });

  const version = fc
    .tuple(
      fc.array(fc.nat(3), { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', 'a1', 'rc1', '.post1', '.dev1', '.post1.dev2'),
    )
    .map(([release, suffix]) => release.join('.') + suffix);

  test('== and != never agree, nor do a bound and its opposite outside pre- and post-releases', () => {
    fc.assert(
      fc.property(version, version, (bound, candidate) => {
        expect(contains(`==${bound}`, candidate)).toBe(!contains(`!=${bound}`, candidate));
        expect(contains(`>=${bound}`, candidate) || contains(`<=${bound}`, candidate)).toBe(true);
        if (contains(`<${bound}`, candidate)) expect(contains(`>=${bound}`, candidate)).toBe(false);
        if (contains(`>${bound}`, candidate)) expect(contains(`<=${bound}`, candidate)).toBe(false);
      }),
    );
  });

  test('several clauses admit what each of them admits', () => {
    fc.assert(
      fc.property(version, version, version, (low, high, candidate) => {
        const both = contains(`>=${low},<${high}`, candidate);
        expect(both).toBe(contains(`>=${low}`, candidate) && contains(`<${high}`, candidate));
      }),
    );
  });

  test('~= is a lower bound with a prefix', () => {
    fc.assert(
      fc.property(fc.nat(3), fc.nat(3), version, (major, minor, candidate) => {
        const expected = contains(`>=${major}.${minor},==${major}.*`, candidate);
        expect(contains(`~=${major}.${minor}`, candidate)).toBe(expected);
      }),
    );
  });

  test('a local label of the candidate changes nothing where the clause has none', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('==', '!=', '<', '<=', '>', '>='),
        version,
        version,
        (operator, bound, candidate) => {
          const local = parseVersion(`${candidate}+cpu`);
          if (local === null) throw new Error(candidate);
          const { specifiers } = parseSpecifiers(operator + bound);
          expect(specifierContains(specifiers, local)).toBe(
            specifierContains(specifiers, withoutLocal(local)),
          );
        },
      ),
    );
  });
});

describe('parseSpecifiers', () => {
  test('keeps the parts of each clause in the order written', () => {
    expect(parseSpecifiers(' >= 1.0 , !=1.3.* ').specifiers).toMatchObject([
      { operator: '>=', wildcard: false, text: '1.0', version: { text: '1.0' } },
      { operator: '!=', wildcard: true, text: '1.3.*', version: { text: '1.3' } },
    ]);
  });

  test.each([
    ['1.0', 0, /comparison/],
    ['>=1.0,=2', 6, /comparison/],
    ['>=1.0, <', 8, /version after `<`/],
    ['>=1.0,<x', 7, /found `x`/],
    ['>=1.0.*', 2, /only stand after == and !=/],
    ['==1.0a1.*', 2, /only a release/],
    ['>=1.0+cpu', 2, /local label/],
    ['~=1', 2, /two numbers/],
    ['== 1.0 .*', 3, /found/],
    ['===a b', 4, /one word/],
    ['===', 3, /version/],
  ])('%j fails at %i', (text, offset, message) => {
    expect(() => parseSpecifiers(text)).toThrow(message);
    expect(offsetOf(() => parseSpecifiers(text))).toBe(offset);
  });

  test.each([
    ['>=7.2.0<8.0.0', '<8.0.0,>=7.2.0', ['inserting a missing comma']],
    ['!=~5.0,>=4.12', '!=5.0.*,>=4.12', ['replacing an invalid tilde by a wildcard']],
    ['>=1.9.*', '>=1.9', ['removing a star after a comparison other than == and !=']],
    ['>= 3.5.*', '>=3.5', ['removing a star after a comparison other than == and !=']],
    ['>=2.7,!=3.0*,!=3.1*', '!=3.0.*,!=3.1.*,>=2.7', ['inserting a missing dot']],
    [">= '2.7'", '>=2.7', ['removing stray quotes']],
    [">=3.6'", '>=3.6', ['removing stray quotes']],
    ['>dev', '>0.0.0dev', ['reading `dev` as `0.0.0dev`']],
    ['>=9.0.0a1.0', '>=9.0.0a1', ['removing a trailing zero']],
    ['>=3.6,', '>=3.6', []],
    ['>=1.0', '>=1.0', []],
  ])('repairs %s as uv does', (text, expected, repairs) => {
    expect(repaired(text)).toBe(expected);
    expect(parseSpecifiers(text, { repair: true }).repaired).toEqual(repairs);
  });

  test('applies several repairs where one is not enough', () => {
    expect(repaired(">=2.7<4,!=3.0*,!=3.1.*'")).toBe('!=3.0.*,!=3.1.*,<4,>=2.7');
  });

  test('reports the text as it was written when no repair helps', () => {
    expect(() => parseSpecifiers('>=1.0, ^2', { repair: true })).toThrow(ParseError);
    expect(offsetOf(() => parseSpecifiers('>=1.0, ^2', { repair: true }))).toBe(7);
  });

  test('does not try to repair a text that no metadata holds', () => {
    const text = `>=${'1'.repeat(50_000)}a1.0.0x`;
    const start = performance.now();
    expect(() => parseSpecifiers(text, { repair: true })).toThrow(ParseError);
    expect(performance.now() - start).toBeLessThan(500);
  });
});

describe('formatRange', () => {
  test('puts lower bounds first, as people write them', () => {
    const { specifiers } = parseSpecifiers('<2,!=1.5,>=1,~=1.0,<2,==1.*');
    expect(formatRange(specifiers)).toBe('==1.*,~=1.0,>=1,<2,!=1.5');
    expect(formatRange([])).toBe('');
  });
});

describe('formatSpecifiers', () => {
  test('sorts, drops doubles and keeps the version as written', () => {
    expect(formatSpecifiers(parseSpecifiers('>=v1, <2, >=v1').specifiers)).toBe('<2,>=v1');
  });

  test('gives what parses to the same', () => {
    const clause = fc.constantFrom('>=1', '<2.0', '!=1.3.*', '~=1.4', '==1.0+cpu', '===x');
    fc.assert(
      fc.property(fc.array(clause, { maxLength: 4 }), (clauses) => {
        const text = formatSpecifiers(parseSpecifiers(clauses.join(' , ')).specifiers);
        expect(formatSpecifiers(parseSpecifiers(text).specifiers)).toBe(text);
      }),
    );
  });
});

describe('isSingletonSpecifiers', () => {
  test.each(['==1.0', '===1.0', '==1.0+cpu', '===weird'])('%s is one version', (text) => {
    expect(isSingletonSpecifiers(parseSpecifiers(text).specifiers)).toBe(true);
  });

  test.each(['', '==1.*', '>=1', '==1.0,==1.0', '~=1.0'])('%j is not', (text) => {
    expect(isSingletonSpecifiers(parseSpecifiers(text).specifiers)).toBe(false);
  });
});
