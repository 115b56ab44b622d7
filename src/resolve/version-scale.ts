/**
 * The versions of one distribution as places on a line, so that sets of them are intervals of numbers.
 *
 * Version number 3 of the list lies at 3; between 3 and 4 there is room for versions that nobody released, which
 * requirements still name: `>=2.1` and `>=2.2` are different sets where only 2.0 and 3.0 exist, and `>9` is not empty.
 * The order in which a search meets its conflicts depends on that, and with it which of several answers comes out (as uv).
 */
import { formatSpecifiers, specifierContains } from '../pep/specifier.ts';
import { compareVersions } from '../pep/version.ts';
import type { Cut, VersionRange } from '../pep/version-range.ts';
import { compareCuts, rangesOf } from '../pep/version-range.ts';
import type { Specifier, Version } from '../types.ts';
import type { VersionSet } from './version-set.ts';
import { everything, intersectSets, pointWidth, singleSet, uniteSets } from './version-set.ts';

/** The line of one list of versions. */
export interface VersionScale {
  /** All versions that specifiers admit, those that nobody released included. */
  setFor(specifiers: readonly Specifier[]): VersionSet;
  /** The version at an index and all around it up to its neighbours: none of those can be chosen. */
  around(index: number): VersionSet;
}

/** A scale over versions in ascending order. */
export function createVersionScale(versions: readonly Version[]): VersionScale {
  const gaps = new Map<number, Placed[]>();
  const sets = new Map<string, VersionSet>();
  // Every target of a run asks the same requirements again, and to write them down is most of the answer.
  const found = new WeakMap<readonly Specifier[], VersionSet>();
  const toSet = (specifier: Specifier): VersionSet => {
    if (specifier.operator === '===') return identical(specifier);
    return rangesOf(specifier).reduce<VersionSet>((set, range) => {
      const interval = toInterval(range);
      return interval === null ? set : uniteSets(set, interval);
    }, []);
  };
  // The text counts here, not the order: `===1.0` is not 1.0.0.
  const identical = (specifier: Specifier): VersionSet => {
    const at = versions.findIndex((version) => specifierContains([specifier], version));
    if (at >= 0) return singleSet(at);
    const isThere = versions.some(
      (version) => specifier.version !== null && compareVersions(version, specifier.version) === 0,
    );
    const [point] = isThere ? [] : rangesOf(specifier);
    return (point === undefined ? null : toInterval(point)) ?? [];
  };
  const toInterval = ({ from, to }: VersionRange): VersionSet | null => {
    const start = from === null ? Number.NEGATIVE_INFINITY : positionOf(versions, gaps, from);
    const end = to === null ? Number.POSITIVE_INFINITY : positionOf(versions, gaps, to);
    return start < end ? [start, end] : null;
  };
  return {
    setFor(specifiers) {
      if (specifiers.length === 0) return everything;
      const asked = found.get(specifiers);
      if (asked !== undefined) return asked;
      // A requirement is met by the same versions each time; hundreds of requirements share few specifiers.
      const key = formatSpecifiers(specifiers);
      const set = sets.get(key) ?? specifiers.map(toSet).reduce(intersectSets);
      sets.set(key, set);
      found.set(specifiers, set);
      return set;
    },
    around: (index) => [
      index === 0 ? Number.NEGATIVE_INFINITY : index - 1 + pointWidth,
      index + 1 === versions.length ? Number.POSITIVE_INFINITY : index + 1,
    ],
  };
}

interface Placed {
  readonly cut: Cut;
  readonly position: number;
}

/** Where a cut lies: at or right behind a known version, else in the gap between two, which is divided as they come. */
function positionOf(versions: readonly Version[], gaps: Map<number, Placed[]>, cut: Cut): number {
  const next = firstNotBelow(versions, (version) => compareCuts({ version, side: 'before' }, cut));
  const version = versions[next];
  if (version !== undefined && compareCuts({ version, side: 'before' }, cut) === 0) return next;
  const last = versions[next - 1];
  if (last !== undefined && compareCuts({ version: last, side: 'behind' }, cut) === 0)
    return next - 1 + pointWidth;
  const gap = gaps.get(next) ?? [];
  gaps.set(next, gap);
  const at = firstNotBelow(gap, (placed) => compareCuts(placed.cut, cut));
  const right = gap[at];
  if (right !== undefined && compareCuts(right.cut, cut) === 0) return right.position;
  const low = gap[at - 1]?.position ?? next - 1 + pointWidth;
  const high = right?.position ?? next;
  // Numbers run out after some fifty cuts that close in on one another; the last two are then the same place.
  const position = low + (high - low) / 2;
  gap.splice(at, 0, { cut, position });
  return position;
}

/** The index of the first that is not below, in a sorted list. */
function firstNotBelow<T>(sorted: readonly T[], order: (one: T) => number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    const one = sorted[middle];
    if (one !== undefined && order(one) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
