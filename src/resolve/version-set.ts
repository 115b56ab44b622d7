/**
 * Sets of versions of one distribution, as half-open intervals of the line that `version-scale.ts` lays out:
 * `[0, 3, 5, 6]` holds the versions 0, 1, 2 and 5 of the list, and what lies between 0 and 3 and is in no list.
 */
export type VersionSet = readonly number[];

/** What a version of the list takes up of the line; the rest up to the next one is for versions that nobody released. */
export const pointWidth = 0.25;

/** The set without versions. */
export const emptySet: VersionSet = [];

/** All versions. */
export const everything: VersionSet = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY];

/** The set of the one version at `index`. */
export function singleSet(index: number): VersionSet {
  return [index, index + pointWidth];
}

export function isEmptySet(set: VersionSet): boolean {
  return set.length === 0;
}

/** The versions of a list of `count` that are in a set, ascending. */
export function indexesIn(set: VersionSet, count: number): readonly number[] {
  const indexes: number[] = [];
  for (let at = 0; at < set.length; at += 2) {
    const start = Math.max(0, Math.ceil(bound(set, at)));
    const end = Math.min(count, bound(set, at + 1));
    for (let index = start; index < end; index++) indexes.push(index);
  }
  return indexes;
}

/** The highest version of a list of `count` that is in a set and admitted, null where there is none. */
export function highestIn(
  set: VersionSet,
  count: number,
  admits: (index: number) => boolean,
): number | null {
  for (let at = set.length - 2; at >= 0; at -= 2) {
    const start = Math.max(0, bound(set, at));
    for (let index = Math.ceil(Math.min(count, bound(set, at + 1))) - 1; index >= start; index--)
      if (admits(index)) return index;
  }
  return null;
}

/** Whether the version at `index` is in a set. */
export function setHas(set: VersionSet, index: number): boolean {
  for (let at = 0; at < set.length; at += 2) {
    if (index < bound(set, at)) return false;
    if (index < bound(set, at + 1)) return true;
  }
  return false;
}

export function setsEqual(left: VersionSet, right: VersionSet): boolean {
  if (left === right) return true;
  if (left.length !== right.length) return false;
  for (let at = 0; at < left.length; at++) if (left[at] !== right[at]) return false;
  return true;
}

export function intersectSets(left: VersionSet, right: VersionSet): VersionSet {
  const bounds: number[] = [];
  let a = 0;
  let b = 0;
  while (a < left.length && b < right.length) {
    const start = Math.max(bound(left, a), bound(right, b));
    const end = Math.min(bound(left, a + 1), bound(right, b + 1));
    if (start < end) bounds.push(start, end);
    if (bound(left, a + 1) < bound(right, b + 1)) a += 2;
    else b += 2;
  }
  return bounds;
}

export function uniteSets(left: VersionSet, right: VersionSet): VersionSet {
  if (left.length === 0) return right;
  if (right.length === 0) return left;
  const bounds: number[] = [];
  let a = 0;
  let b = 0;
  while (a < left.length || b < right.length) {
    const takeLeft = b >= right.length || (a < left.length && bound(left, a) <= bound(right, b));
    const start = takeLeft ? bound(left, a) : bound(right, b);
    const end = takeLeft ? bound(left, a + 1) : bound(right, b + 1);
    if (takeLeft) a += 2;
    else b += 2;
    const last = bounds.length - 1;
    if (last >= 0 && start <= bound(bounds, last))
      bounds[last] = Math.max(bound(bounds, last), end);
    else bounds.push(start, end);
  }
  return bounds;
}

/** The versions of `left` that are not in `right`. */
export function subtractSets(left: VersionSet, right: VersionSet): VersionSet {
  if (left.length === 0 || right.length === 0) return left;
  const bounds: number[] = [];
  let b = 0;
  for (let a = 0; a < left.length; a += 2) {
    let start = bound(left, a);
    const end = bound(left, a + 1);
    while (b < right.length && bound(right, b + 1) <= start) b += 2;
    for (let at = b; at < right.length && bound(right, at) < end; at += 2) {
      if (bound(right, at) > start) bounds.push(start, bound(right, at));
      start = Math.max(start, bound(right, at + 1));
    }
    if (start < end) bounds.push(start, end);
  }
  return bounds;
}

export function isSubset(inner: VersionSet, outer: VersionSet): boolean {
  let b = 0;
  for (let a = 0; a < inner.length; a += 2) {
    while (b < outer.length && bound(outer, b + 1) < bound(inner, a + 1)) b += 2;
    if (b >= outer.length || bound(outer, b) > bound(inner, a)) return false;
  }
  return true;
}

export function areDisjoint(left: VersionSet, right: VersionSet): boolean {
  let a = 0;
  let b = 0;
  while (a < left.length && b < right.length) {
    if (
      Math.max(bound(left, a), bound(right, b)) < Math.min(bound(left, a + 1), bound(right, b + 1))
    )
      return false;
    if (bound(left, a + 1) < bound(right, b + 1)) a += 2;
    else b += 2;
  }
  return true;
}

// Bounds come in pairs and every caller checks the length first, so that a missing one is a bug here.
function bound(set: VersionSet, at: number): number {
  const value = set[at];
  if (value === undefined) throw new Error('A version set has an odd number of bounds');
  return value;
}
