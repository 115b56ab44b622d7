import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  comparePublicVersions,
  compareVersions,
  formatVersion,
  hasReleasePrefix,
  isPostRelease,
  isPrerelease,
  isSameRelease,
  parseVersion,
  withoutLocal,
} from '../../src/pep/version.ts';
import type { Version } from '../../src/types.ts';
import { readVectors } from './vectors.ts';

const vectors = readVectors<{
  readonly parse: readonly (readonly [string, string | null])[];
  readonly ascending: readonly (readonly string[])[];
  readonly compare: readonly (readonly [string, string, number])[];
}>('versions');

function version(text: string): Version {
  const parsed = parseVersion(text);
  if (parsed === null) throw new Error(`no version: ${text}`);
  return parsed;
}

function order(left: string, right: string): number {
  return Math.sign(compareVersions(version(left), version(right)));
}

/** Versions in all their spellings. */
const anyVersion = fc
  .record({
    epoch: fc.constantFrom('', '1!'),
    release: fc.array(fc.nat(12), { minLength: 1, maxLength: 4 }),
    pre: fc.constantFrom('', 'a1', 'b2', 'rc1', 'rc2', '-alpha.3'),
    post: fc.constantFrom('', '.post1', '-2', '.rev3'),
    dev: fc.constantFrom('', '.dev0', 'dev2'),
    local: fc.constantFrom('', '+cpu', '+1', '+1.a', '+cpu.2'),
  })
  .map(
    ({ epoch, release, pre, post, dev, local }) =>
      epoch + release.join('.') + pre + post + dev + local,
  );

describe('parseVersion', () => {
  test('reads and normalises every text as packaging does', () => {
    const differences = vectors.parse.filter(
      ([text, expected]) => (parseVersion(text)?.text ?? null) !== expected,
    );
    expect(differences).toEqual([]);
    expect(vectors.parse.length).toBeGreaterThan(1900);
  });

  test('keeps all parts', () => {
    expect(version('v1!2.0-ALPHA.3_post4-dev5+Ubuntu_01')).toEqual({
      text: '1!2.0a3.post4.dev5+ubuntu.1',
      epoch: 1,
      release: [2, 0],
      pre: { kind: 'a', number: 3 },
      post: 4,
      dev: 5,
      local: ['ubuntu', 1],
    });
  });

  test.each([
    ['1.0-1', '1.0.post1'],
    ['1.0-r4', '1.0.post4'],
    ['1.0rev', '1.0.post0'],
    ['1.0preview', '1.0rc0'],
    ['1.0c2', '1.0rc2'],
    ['1.0a-', '1.0a0'],
    ['1.0a--1', '1.0a0.post1'],
    [' v007.010 ', '7.10'],
    ['0!1', '1'],
    ['1.0+0', '1.0+0'],
    ['1.0.DEV', '1.0.dev0'],
  ])('%j is %s', (text, expected) => {
    expect(version(text).text).toBe(expected);
  });

  test.each([
    '',
    '.',
    '1.',
    '1..0',
    'v',
    '1!',
    '1.0+',
    '1.0+a..b',
    '1.0a1b2',
    '1 .0',
    '1.0.*',
    '1.0+\u212A',
    '１.0',
  ])('%j is none', (text) => {
    expect(parseVersion(text)).toBeNull();
  });

  test('keeps trailing zeros of the release', () => {
    expect(version('1.0.0').release).toEqual([1, 0, 0]);
  });

  test('reads its own text back to the same', () => {
    fc.assert(
      fc.property(anyVersion, (text) => {
        const parsed = version(text);
        expect(parseVersion(formatVersion(parsed))).toEqual(parsed);
      }),
    );
  });

  test('takes linear time on hostile text', () => {
    const start = performance.now();
    for (const unit of ['1.', 'a', '-', '1-', '+a', '1!', '.dev'])
      parseVersion(`1${unit.repeat(50_000)}x`);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});

describe('compareVersions', () => {
  test('agrees with packaging on pairs', () => {
    const differences = vectors.compare.filter(
      ([left, right, sign]) => order(left, right) !== sign,
    );
    expect(differences).toEqual([]);
  });

  test('puts the groups of equal versions of packaging in their order', () => {
    let previous: string | undefined;
    for (const group of vectors.ascending) {
      const [first = ''] = group;
      for (const other of group) expect(order(first, other), `${first} = ${other}`).toBe(0);
      if (previous !== undefined) expect(order(previous, first), `${previous} < ${first}`).toBe(-1);
      previous = first;
    }
  });

  test('sorts all kinds of one release', () => {
    const sorted = [
      '1.0.dev1',
      '1.0a1.dev1',
      '1.0a1',
      '1.0a1.post1.dev1',
      '1.0a1.post1',
      '1.0b1',
      '1.0rc1',
      '1.0',
      '1.0+a',
      '1.0+a.a',
      '1.0+a.1',
      '1.0+1',
      '1.0.post1.dev1',
      '1.0.post1',
      '1!0.1',
    ];
    expect(sorted.map(version).toReversed().toSorted(compareVersions).map(formatVersion)).toEqual(
      sorted,
    );
  });

  test.each([
    ['1.9007199254740993', '1.9007199254740992'],
    ['1.0.dev20240101000000000002', '1.0.dev20240101000000000001'],
    ['1.0a99999999999999999999', '1.0a99999999999999999998'],
    ['1.0.post99999999999999999999', '1.0.post99999999999999999998'],
    ['1.0+99999999999999999999', '1.0+99999999999999999998'],
    ['99999999999999999999!1', '99999999999999999998!1'],
    [`1.${'9'.repeat(400)}`, `1.${'9'.repeat(399)}8`],
    [`1.1${'0'.repeat(400)}`, `1.${'9'.repeat(400)}`],
  ])('tells numbers apart that a double cannot: %s', (higher, lower) => {
    expect(order(higher, lower)).toBe(1);
    expect(order(lower, higher)).toBe(-1);
    expect(order(higher, higher)).toBe(0);
  });

  test('is a total order', () => {
    fc.assert(
      fc.property(anyVersion, anyVersion, anyVersion, (first, second, third) => {
        expect(order(first, second) + order(second, first)).toBe(0);
        const [low = '', middle = '', high = ''] = [first, second, third].toSorted(order);
        expect(order(low, middle)).toBeLessThanOrEqual(0);
        expect(order(middle, high)).toBeLessThanOrEqual(0);
        expect(order(low, high)).toBeLessThanOrEqual(0);
      }),
    );
  });

  test('ignores trailing zeros', () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(20), { minLength: 1, maxLength: 4 }),
        fc.nat(3),
        (release, zeros) => {
          const longer = [...release, ...Array.from({ length: zeros }, () => 0)];
          expect(order(release.join('.'), longer.join('.'))).toBe(0);
        },
      ),
    );
  });
});

describe('parts of versions', () => {
  test('pre-releases are alpha, beta, candidate and dev releases', () => {
    expect(['1.0a1', '1.0rc1', '1.0.dev1', '1.0.post1.dev1'].map(version).every(isPrerelease)).toBe(
      true,
    );
    expect(['1.0', '1.0.post1', '1.0+rc1'].map(version).some(isPrerelease)).toBe(false);
  });

  test('post releases', () => {
    expect(isPostRelease(version('1.0-1'))).toBe(true);
    expect(isPostRelease(version('1.0'))).toBe(false);
  });

  test('the public version has no local label', () => {
    expect(withoutLocal(version('2.4.1+cpu'))).toEqual(version('2.4.1'));
    expect(withoutLocal(version('2.4.1'))).toEqual(version('2.4.1'));
    expect(comparePublicVersions(version('2.4.1+cpu'), version('2.4.1'))).toBe(0);
  });

  test('releases are the same whatever follows them', () => {
    expect(isSameRelease(version('1.0a1'), version('1.post2'))).toBe(true);
    expect(isSameRelease(version('1.0'), version('1!1.0'))).toBe(false);
    expect(isSameRelease(version('1.0'), version('1.0.1'))).toBe(false);
  });

  test('a missing number of a release is 0 for a prefix', () => {
    expect(hasReleasePrefix(version('1'), version('1.0'), 2)).toBe(true);
    expect(hasReleasePrefix(version('1.2.3'), version('1.2'), 2)).toBe(true);
    expect(hasReleasePrefix(version('1.20'), version('1.2'), 2)).toBe(false);
    expect(hasReleasePrefix(version('1!1.2'), version('1.2'), 2)).toBe(false);
  });
});
