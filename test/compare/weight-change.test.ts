import { describe, expect, test } from 'vitest';
import { changeBetween, differenceOf } from '../../src/compare/weight-change.ts';
import type { WeighedSet } from '../../src/compare/weight-change.ts';
import type { WeightDifference } from '../../src/types.ts';
import { createPackage, parsePackages, totalsOf } from '../report/documents.ts';

function setOf(text: string, isPartial = false): WeighedSet {
  const packages = text === '' ? [] : parsePackages(text);
  const totals = totalsOf(packages);
  return { packages, totals: isPartial ? { ...totals, lowerBound: true } : totals };
}

function difference(before: string, after: string): WeightDifference {
  return differenceOf(changeBetween(setOf(before), setOf(after)));
}

describe('the change between two sets', () => {
  test('is what only one has, and what both have otherwise', () => {
    const change = changeBetween(
      setOf('a 1 10 5\nb 1 20 5\nc 1 30 5'),
      setOf('b 1 20 5\nc 2 35 6\nd 1 1 1'),
    );
    expect(change.added).toEqual([
      { name: 'd', version: '1', installedBytes: 1, downloadBytes: 1 },
    ]);
    expect(change.removed.map(({ name }) => name)).toEqual(['a']);
    expect(change.changed).toMatchObject([
      { name: 'c', before: { version: '1' }, after: { version: '2' } },
    ]);
    expect(differenceOf(change)).toEqual({
      packages: 0,
      installedBytes: -4,
      installedBound: 'exact',
      downloadBytes: -3,
      downloadBound: 'exact',
    });
  });

  test('includes another file of the same version', () => {
    const file = (name: string): WeighedSet['packages'][number]['file'] => ({
      kind: 'wheel',
      filename: name,
      sha256: null,
    });
    const set = (name: string, bytes: number): WeighedSet => {
      const packages = [createPackage({ name: 'torch', installedBytes: bytes, file: file(name) })];
      return { packages, totals: totalsOf(packages) };
    };
    expect(changeBetween(set('cuda.whl', 9), set('cpu.whl', 5)).changed).toHaveLength(1);
    expect(changeBetween(set('cpu.whl', 5), set('cpu.whl', 5)).changed).toEqual([]);
  });
});

describe('of a difference is certain', () => {
  test.each([
    [
      'all, where what is unknown is on both sides alike',
      'a 1 ? ?',
      'a 1 ? ?\nb 1 5 1',
      5,
      'exact',
    ],
    [
      'that it is at least so much, where what came is unknown',
      'b 1 5 1',
      'a 1 ? ?',
      -5,
      'at-least',
    ],
    ['that it is at most so much, where what went is unknown', 'a 1 ? ?', 'b 1 5 1', 5, 'at-most'],
    ['nothing, where both are', 'a 1 ? ?', 'b 1 ? ?', 0, 'open'],
    ['nothing of another version of what is unknown', 'a 1 ? ?', 'a 2 ? ?', 0, 'open'],
    ['a bound, where only the old version is unknown', 'a 1 ? ?', 'a 2 7 7', 7, 'at-most'],
  ])('%s', (_, before, after, installedBytes, installedBound) => {
    expect(difference(before, after)).toMatchObject({ installedBytes, installedBound });
  });

  test('a bound, where requirements of one side could not be read', () => {
    const known = 'a 1 5 5';
    const of = (before: boolean, after: boolean): string =>
      differenceOf(changeBetween(setOf(known, before), setOf(known, after))).installedBound;
    expect([of(true, false), of(false, true), of(true, true)]).toEqual([
      'at-most',
      'at-least',
      'open',
    ]);
  });
});
