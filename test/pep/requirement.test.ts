import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatRequirement,
  parseRequirement,
  repairRequirement,
} from '../../src/pep/requirement.ts';
import { formatSpecifiers } from '../../src/pep/specifier.ts';
import { offsetOf } from './offset.ts';
import { readVectors } from './vectors.ts';

interface Row {
  readonly in: string;
  readonly valid: boolean;
  readonly name: string;
  readonly canonical: string;
  readonly extras: readonly string[];
  readonly specifier: string;
  readonly url: string | null;
  readonly marker: string | null;
}
const { requirements } = readVectors<{ readonly requirements: readonly Row[] }>('requirements');

describe('against packaging', () => {
  test.each(requirements.filter((row) => !row.valid))('$in is refused', (row) => {
    expect(offsetOf(() => parseRequirement(row.in))).not.toBeNull();
  });

  test.each(requirements.filter((row) => row.valid))('$in is read the same', (row) => {
    const requirement = parseRequirement(row.in);
    expect(requirement.displayName).toBe(row.name);
    expect(requirement.name).toBe(row.canonical);
    expect(requirement.extras).toHaveLength(row.extras.length);
    expect(formatSpecifiers(requirement.specifiers)).toBe(row.specifier);
    expect(requirement.url).toBe(row.url);
    expect(requirement.markerText).toBe(row.marker);
  });
});

describe('parseRequirement', () => {
  test('reads all parts', () => {
    expect(
      parseRequirement(
        'Requests [Socks, use_chardet ,socks] (>= 2.8.1, == 2.8.* ) ; os_name == "nt"',
      ),
    ).toMatchObject({
      name: 'requests',
      displayName: 'Requests',
      extras: ['socks', 'use-chardet'],
      specifiers: [
        { operator: '>=', text: '2.8.1' },
        { operator: '==', text: '2.8.*', wildcard: true },
      ],
      url: null,
      marker: { kind: 'compare' },
      markerText: 'os_name == "nt"',
    });
  });

  test.each([
    [
      'a@git+ssh://git@index.test/a.git@main#subdirectory=b',
      'git+ssh://git@index.test/a.git@main#subdirectory=b',
    ],
    ['a @\thttps://index.test/a.whl\t; os_name == "nt"', 'https://index.test/a.whl'],
    ['a[x]@https://index.test/a.whl ', 'https://index.test/a.whl'],
  ])('%j has a URL', (text, url) => {
    expect(parseRequirement(text)).toMatchObject({ url, specifiers: [] });
  });

  test.each([
    ['', 0, /name of a distribution/],
    ['  >=1', 2, /name of a distribution/],
    ['a>=1 <2', 5, /`,` and another specifier/],
    ['a b', 2, /version specifier/],
    ['a=1', 1, /comparison/],
    ['a>=', 3, /version after `>=`/],
    ['a>=1.0.*', 3, /only stand after == and !=/],
    ['a[x', 1, /`\]` for this bracket/],
    ['a[x y]', 4, /`,` or `\]`/],
    ['a[x,]', 4, /name of an extra/],
    ['a[', 2, /name of an extra/],
    ['a (>=1', 2, /`\)` for this parenthesis/],
    ['a>=1)', 4, /`,` and another specifier/],
    ['a @ ', 4, /URL after `@`/],
    ['a @ https://index.test/a b', 25, /` ;` and a marker/],
    ['a @ https://index.test/a; os_name == "nt"', 26, /` ;` and a marker/],
    ['a; ', 3, /marker variable/],
    ['a>=1; python_version', 20, /comparison/],
    ['a>=1\n', 4, /`,` and another specifier/],
    ['a-', 1, /version specifier/],
  ])('%j fails at %i', (text, offset, message) => {
    expect(() => parseRequirement(text)).toThrow(message);
    expect(offsetOf(() => parseRequirement(text))).toBe(offset);
  });

  test('takes linear time on hostile text', () => {
    const start = performance.now();
    for (const unit of ['-', ' ', '[', 'a,', '<', '=', '1.', '(', '@ ', ';']) {
      offsetOf(() => parseRequirement(`a${unit.repeat(100_000)}!`));
      offsetOf(() => parseRequirement(`a[${unit.repeat(100_000)}!`));
      offsetOf(() => parseRequirement(`a>=1${unit.repeat(100_000)}!`));
    }
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('repairs', () => {
  test.each([
    ['elasticsearch-dsl (>=7.2.0<8.0.0)', 'elasticsearch-dsl<8.0.0,>=7.2.0'],
    ['jupyter-core (!=~5,>=4.12)', 'jupyter-core!=5.*,>=4.12'],
    ['torch (>= 1.9.*)', 'torch>=1.9'],
    ['pyzmq (>=2.7,!=3.0*,!=3.1*,!=3.2*)', 'pyzmq!=3.0.*,!=3.1.*,!=3.2.*,>=2.7'],
    ["botocore>=1.3.0,<1.4.0',", 'botocore<1.4.0,>=1.3.0'],
    ["numpy (>='1.19') ; python_version >= '3.7'", 'numpy>=1.19; python_version >= "3.7"'],
  ])('%s becomes %s, as in uv', (text, expected) => {
    const { requirement, repaired } = repairRequirement(text);
    expect(formatRequirement(requirement)).toBe(expected);
    expect(repaired).not.toEqual([]);
    expect(formatRequirement(parseRequirement(text, { repair: true }))).toBe(expected);
    expect(offsetOf(() => parseRequirement(text))).not.toBeNull();
  });

  test('a well-formed requirement is not repaired', () => {
    expect(repairRequirement('a>=1,<2').repaired).toEqual([]);
  });

  test('what cannot be repaired fails where it was written', () => {
    expect(offsetOf(() => parseRequirement('a>=1, ^2', { repair: true }))).toBe(6);
  });
});

describe('formatRequirement', () => {
  test.each([
    ['A [Y,x]  >=1 ,<2;os_name=="nt"', 'a[x,y]<2,>=1; os_name == "nt"'],
    [
      'a @ https://index.test/a.whl ; os_name=="nt"',
      'a @ https://index.test/a.whl ; os_name == "nt"',
    ],
    ['a', 'a'],
  ])('%s becomes %s', (text, expected) => {
    expect(formatRequirement(parseRequirement(text))).toBe(expected);
  });

  test('gives what parses to the same requirement', () => {
    const text = fc
      .record({
        name: fc.constantFrom('a', 'Foo.Bar', 'x1'),
        extras: fc.constantFrom('', '[x]', '[b, A_c]'),
        tail: fc.constantFrom(
          '',
          '>=1',
          ' (>1,<2.0a1)',
          ' @ file:///x/y',
          '===weird',
          '~=1.4,!=1.5.*',
        ),
        marker: fc.constantFrom(
          '',
          ' ; os_name=="nt"',
          ' ; (extra == "x" or os_name == "a") and python_version>"3"',
        ),
      })
      .map((parts) => parts.name + parts.extras + parts.tail + parts.marker);
    fc.assert(
      fc.property(text, (written) => {
        const once = parseRequirement(written);
        const again = parseRequirement(formatRequirement(once));
        expect(formatRequirement(again)).toBe(formatRequirement(once));
        expect({ ...again, displayName: '', specifiers: [] }).toEqual({
          ...once,
          displayName: '',
          specifiers: [],
        });
      }),
    );
  });
});
