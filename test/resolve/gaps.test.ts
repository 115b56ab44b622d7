import { describe, expect, test } from 'vitest';
import type { Gap } from '../../src/resolve/gaps.ts';
import { findGaps, isUnresolved } from '../../src/resolve/gaps.ts';
import type { UnknownReason, WeighedDistribution, WeighedGraph } from '../../src/types.ts';
import { invent } from '../imports/support.ts';
import { mainOf, readRequirements } from '../inputs/support.ts';
import { targetOf } from '../support/scenario.ts';

const linux = targetOf({});

function gapsOf(
  lines: readonly string[],
  ...graphs: readonly (readonly WeighedDistribution[])[]
): readonly Gap[] {
  const declared = mainOf(readRequirements({ 'requirements.txt': lines.join('\n') }));
  const weighed = graphs.map((distributions): WeighedGraph => ({
    roots: [],
    warnings: [],
    distributions,
  }));
  return findGaps(declared, weighed, linux);
}

/** One that was resolved, and whose wheel could not be read. */
function unread(name: string, reason: UnknownReason): WeighedDistribution {
  return { ...invent(name), unknownReason: reason, weight: { known: false, reason } };
}

function namesOf(gaps: readonly Gap[]): readonly string[] {
  return gaps.map(({ declared }) => declared.requirement.name);
}

describe('findGaps', () => {
  test('finds nothing where every declared wheel was read', () => {
    expect(gapsOf(['a', 'b==1.0'], [invent('a'), invent('b'), unread('c', 'sdist-only')])).toEqual(
      [],
    );
  });

  test('finds what was resolved without a readable wheel', () => {
    const graph = [unread('b', 'no-wheel-for-target'), unread('a', 'sdist-only'), invent('c')];
    const gaps = gapsOf(['c', 'b', 'a', 'a[x]', 'a[y,x]'], graph);
    expect(namesOf(gaps)).toEqual(['a', 'b']);
    expect(gaps[0]).toMatchObject({ extras: ['x', 'y'], resolved: { name: 'a' } });
  });

  test('leaves out what comes from conda: nothing on an index speaks for it', () => {
    const declared = mainOf(readRequirements({ 'requirements.txt': 'a\nb' })).map((one) =>
      one.raw === 'a' ? { ...one, source: 'conda' as const } : one,
    );
    const distributions = [unread('a', 'conda'), unread('b', 'sdist-only')];
    const graph = { roots: [], warnings: [], distributions };
    expect(namesOf(findGaps(declared, [graph], linux))).toEqual(['b']);
    expect(namesOf(findGaps(declared, [], linux))).toEqual(['b']);
  });

  test('finds all that is in force where nothing was resolved', () => {
    const lines = ['a', 'b; sys_platform == "win32"', 'c; python_version >= "3.8"'];
    const gaps = gapsOf(lines);
    expect(namesOf(gaps)).toEqual(['a', 'c']);
    expect(gaps.map(isUnresolved)).toEqual([true, true]);
  });

  test('leaves out what another environment could read, folders, and what nobody wanted to weigh', () => {
    expect(gapsOf(['a'], [unread('a', 'sdist-only')], [invent('a')])).toEqual([]);
    expect(gapsOf(['a'], [unread('a', 'not-weighed')])).toEqual([]);
    expect(gapsOf(['-e ./x', 'a @ file:///x/a'])).toEqual([]);
  });

  test('tells leaves of which only the name is known from releases without a wheel', () => {
    const archive = { ...unread('a', 'sdist-only'), metadataFrom: 'sdist-pkg-info' as const };
    const gaps = gapsOf(['a', 'b'], [archive, unread('b', 'network')]);
    expect(gaps.map(isUnresolved)).toEqual([false, true]);
  });

  test('is bounded', () => {
    const names = Array.from({ length: 1000 }, (_, at) => `n${at}`);
    expect(gapsOf(names)).toHaveLength(400);
    const archives = names.map((name) => ({
      ...unread(name, 'sdist-only'),
      metadataFrom: 'sdist-pkg-info' as const,
    }));
    expect(gapsOf(names, archives)).toHaveLength(40);
  });
});
