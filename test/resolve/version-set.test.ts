import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { VersionSet } from '../../src/resolve/version-set.ts';
import {
  areDisjoint,
  emptySet,
  everything,
  highestIn,
  indexesIn,
  intersectSets,
  isEmptySet,
  isSubset,
  setHas,
  setsEqual,
  singleSet,
  subtractSets,
  uniteSets,
} from '../../src/resolve/version-set.ts';

const count = 12;
/** Which of twelve versions are in: the plain form that interval sets are held against. */
const members = fc.array(fc.boolean(), { minLength: count, maxLength: count });

const toSet = (flags: readonly boolean[]): VersionSet =>
  flags.reduce<VersionSet>(
    (set, flag, index) => (flag ? uniteSets(set, [index, index + 1]) : set),
    emptySet,
  );
const toFlags = (set: VersionSet): readonly boolean[] =>
  Array.from({ length: count }, (_, index) => setHas(set, index));

/** Sorted bounds in pairs that neither touch nor are empty: one form for one set. */
function expectCanonical(set: VersionSet): void {
  expect(set.length % 2).toBe(0);
  for (let at = 1; at < set.length; at++) expect(set[at]).toBeGreaterThan(set[at - 1] ?? -1);
}

describe('interval sets do what sets do', () => {
  const operations: readonly (readonly [
    string,
    (a: VersionSet, b: VersionSet) => VersionSet,
    (a: boolean, b: boolean) => boolean,
  ])[] = [
    ['intersection', intersectSets, (a, b) => a && b],
    ['union', uniteSets, (a, b) => a || b],
    ['difference', subtractSets, (a, b) => a && !b],
  ];
  test.each(operations)('%s', (_name, operation, expected) => {
    fc.assert(
      fc.property(members, members, (left, right) => {
        const result = operation(toSet(left), toSet(right));
        expectCanonical(result);
        expect(toFlags(result)).toEqual(
          left.map((flag, index) => expected(flag, right[index] === true)),
        );
      }),
      { numRuns: 1000 },
    );
  });

  test('subset, disjointness, equality, emptiness and size', () => {
    fc.assert(
      fc.property(members, members, (left, right) => {
        const [a, b] = [toSet(left), toSet(right)];
        expect(isSubset(a, b)).toBe(left.every((flag, index) => !flag || right[index] === true));
        expect(areDisjoint(a, b)).toBe(
          left.every((flag, index) => !(flag && right[index] === true)),
        );
        expect(setsEqual(a, b)).toBe(left.every((flag, index) => flag === right[index]));
        expect(isEmptySet(a)).toBe(!left.includes(true));
        const indexes = left.flatMap((flag, index) => (flag ? [index] : []));
        expect(indexesIn(a, count)).toEqual(indexes);
        expect(highestIn(a, count, () => true)).toBe(indexes.at(-1) ?? null);
        const even = indexes.filter((index) => index % 2 === 0);
        expect(highestIn(a, count, (index) => index % 2 === 0)).toBe(even.at(-1) ?? null);
      }),
      { numRuns: 1000 },
    );
  });

  test('what was made from members has them', () => {
    fc.assert(
      fc.property(members, (flags) => {
        expectCanonical(toSet(flags));
        expect(toFlags(toSet(flags))).toEqual(flags);
      }),
    );
  });
});

test('the empty set, the full one and single ones', () => {
  expect(toFlags(everything).every(Boolean)).toBe(true);
  expect(indexesIn(everything, 3)).toEqual([0, 1, 2]);
  expect(highestIn(everything, 3, () => true)).toBe(2);
  expect(highestIn(everything, 0, () => true)).toBeNull();
  expect(indexesIn(singleSet(3), count)).toEqual([3]);
  expect(isSubset(singleSet(3), [3, 4])).toBe(true);
  expect(setHas(emptySet, 0)).toBe(false);
  // Between two versions there is none of the list.
  expect(indexesIn([3.25, 4], count)).toEqual([]);
});

test('an odd number of bounds is a bug, and said to be one', () => {
  expect(() => indexesIn([1], 2)).toThrow(/odd number/);
});
