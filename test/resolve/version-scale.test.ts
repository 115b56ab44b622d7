import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSpecifiers, specifierContains } from '../../src/pep/specifier.ts';
import { compareVersions, parseVersion } from '../../src/pep/version.ts';
import { createVersionScale } from '../../src/resolve/version-scale.ts';
import {
  areDisjoint,
  indexesIn,
  isSubset,
  setsEqual,
  singleSet,
} from '../../src/resolve/version-set.ts';
import type { Specifier, Version } from '../../src/types.ts';

const clauses = (text: string): readonly Specifier[] => parseSpecifiers(text).specifiers;

function versionsOf(texts: readonly string[]): readonly Version[] {
  const versions = [...new Set(texts)].flatMap((text) => parseVersion(text) ?? []);
  return versions.toSorted(compareVersions);
}

const some = fc.constantFrom(
  '0.9',
  '1.0a1',
  '1.0rc1',
  '1.0',
  '1.0+cpu',
  '1.0.post1',
  '1.1',
  '2.0.dev1',
  '2.0',
  '3.0',
);
const asked = fc
  .array(
    fc
      .tuple(fc.constantFrom('<', '<=', '>', '>=', '==', '!=', '~='), some)
      .filter(([operator, text]) => !(text.includes('+') && !['==', '!='].includes(operator)))
      .map(([operator, text]) => operator + text),
    { minLength: 1, maxLength: 3 },
  )
  .map((list) => list.join(','));

describe('a scale of versions', () => {
  test('gives specifiers the released versions that they admit', () => {
    fc.assert(
      fc.property(
        fc.array(some),
        fc.array(asked, { minLength: 1, maxLength: 4 }),
        (texts, list) => {
          const versions = versionsOf(texts);
          const scale = createVersionScale(versions);
          for (const text of list) {
            const admitted = versions.flatMap((version, index) =>
              specifierContains(clauses(text), version) ? [index] : [],
            );
            expect(indexesIn(scale.setFor(clauses(text)), versions.length), text).toEqual(admitted);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  test('tells ranges apart that differ in no release, and keeps their order as more are named', () => {
    const scale = createVersionScale(versionsOf(['1.0', '5.0']));
    const wide = scale.setFor(clauses('>=2'));
    const narrow = scale.setFor(clauses('>=3'));
    expect(setsEqual(wide, narrow)).toBe(false);
    expect(isSubset(narrow, wide)).toBe(true);
    expect(isSubset(scale.setFor(clauses('>=2.5')), wide)).toBe(true);
    expect(isSubset(narrow, scale.setFor(clauses('>=2.5')))).toBe(true);
    expect(areDisjoint(scale.setFor(clauses('<3')), narrow)).toBe(true);
    expect(scale.setFor(clauses('>9'))).not.toEqual([]);
    expect(scale.setFor(clauses('>9,<8'))).toEqual([]);
  });

  test('surrounds a version with what lies between its neighbours', () => {
    const scale = createVersionScale(versionsOf(['1.0', '2.0', '3.0']));
    expect(indexesIn(scale.around(1), 3)).toEqual([1]);
    expect(isSubset(scale.setFor(clauses('>1.5,<2.5')), scale.around(1))).toBe(true);
    expect(isSubset(scale.setFor(clauses('<1')), scale.around(0))).toBe(true);
    expect(isSubset(scale.setFor(clauses('>3')), scale.around(2))).toBe(true);
    expect(areDisjoint(scale.around(0), singleSet(1))).toBe(true);
  });

  test('compares text after ===', () => {
    const scale = createVersionScale(versionsOf(['1.0.0', '2.0']));
    expect(scale.setFor(clauses('===1.0'))).toEqual([]);
    expect(indexesIn(scale.setFor(clauses('===1.0.0')), 2)).toEqual([0]);
    expect(scale.setFor(clauses('===1.5'))).toHaveLength(2);
    expect(scale.setFor(clauses('===latest'))).toEqual([]);
  });

  test('stays in order where a hundred cuts close in on one place', () => {
    const scale = createVersionScale([]);
    for (let at = 1; at <= 100; at++) {
      const set = scale.setFor(clauses(`>=1.${at}`));
      const before = scale.setFor(clauses(`>=1.${at - 1}`));
      expect(isSubset(set, before)).toBe(true);
    }
  });
});
