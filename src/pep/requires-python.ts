/**
 * Requires-Python against one interpreter, as uv reads it.
 *
 * Traps:
 * - Only the lower bound counts: `>=3.8,<3.11` admits 3.12, and `!=3.9.7` admits 3.9.7. An upper bound there is a guess.
 * - Release numbers alone are compared: `>=3.13` admits 3.13.0rc1, `>3.8` admits 3.8.1.
 * - `>=3.8,!=3.8.*` begins at 3.9: the clauses are intersected before the bound is taken.
 * - Bounds that exclude one another have no lower bound, and admit everything.
 */
import type { Specifier, Version } from '../types.ts';
import { ParseError } from './parse-error.ts';
import { parseSpecifiers } from './specifier.ts';
import { compareVersions, parseVersion } from './version.ts';

/** Where the admitted releases begin; null for no bound. */
export interface LowerBound {
  /** The release alone: epoch and numbers. */
  readonly version: Version;
  readonly inclusive: boolean;
}

/** Whether a Requires-Python admits the interpreter, and what had to be repaired or ignored to say so. */
export interface RequiresPythonAnswer {
  readonly admits: boolean;
  readonly note: string | null;
}

/** A run of releases; null for an open end. */
interface Interval {
  readonly lower: LowerBound | null;
  readonly upper: LowerBound | null;
}

/** The lower bound of what all clauses admit, by release numbers alone; null for none. */
export function lowerBoundOf(specifiers: readonly Specifier[]): LowerBound | null {
  let intervals: readonly Interval[] = [{ lower: null, upper: null }];
  for (const specifier of specifiers) intervals = intersect(intervals, intervalsOf(specifier));
  return intervals[0]?.lower ?? null;
}

/** True when the interpreter is at or above the lower bound of `text`, or `text` cannot be read. `pythonFull` is `3.11.0`. */
export function requiresPythonAdmits(text: string, pythonFull: string): boolean {
  return answer(text, releaseOf(pythonFull)).admits;
}

/** Like `requiresPythonAdmits` for one interpreter; each text is parsed once. */
export function createRequiresPythonCheck(
  pythonFull: string,
): (text: string) => RequiresPythonAnswer {
  const python = releaseOf(pythonFull);
  const answers = new Map<string, RequiresPythonAnswer>();
  return (text) => {
    let known = answers.get(text);
    if (known === undefined) {
      known = answer(text, python);
      answers.set(text, known);
    }
    return known;
  };
}

function answer(text: string, python: Version | null): RequiresPythonAnswer {
  try {
    const { specifiers, repaired } = parseSpecifiers(text, { repair: true });
    const note =
      repaired.length === 0
        ? null
        : `Requires-Python \`${text}\` was repaired by ${repaired.join(', ')}`;
    return { admits: python === null || isAtOrAbove(python, lowerBoundOf(specifiers)), note };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { admits: true, note: `Requires-Python \`${text}\` was ignored: ${error.message}` };
  }
}

function isAtOrAbove(python: Version, bound: LowerBound | null): boolean {
  if (bound === null) return true;
  const order = compareVersions(python, bound.version);
  return bound.inclusive ? order >= 0 : order > 0;
}

function releaseOf(pythonFull: string): Version | null {
  const version = parseVersion(pythonFull);
  return version === null ? null : onlyRelease(version);
}

function onlyRelease(version: Version): Version {
  return withRelease(version, version.release);
}

function withRelease(version: Version, release: readonly number[]): Version {
  const text = (version.epoch === 0 ? '' : `${version.epoch}!`) + release.join('.');
  return { text, epoch: version.epoch, release, pre: null, post: null, dev: null, local: null };
}

/** The release after all that begin with the first `length` numbers: `3.9.7`, 2 gives `3.10`. */
function afterPrefix(version: Version, length: number): Version {
  const prefix = version.release.slice(0, length);
  return withRelease(version, [...prefix.slice(0, -1), (prefix.at(-1) ?? 0) + 1]);
}

function intervalsOf(specifier: Specifier): readonly Interval[] {
  if (specifier.version === null) return [{ lower: null, upper: null }];
  const at = onlyRelease(specifier.version);
  const included = { version: at, inclusive: true };
  const excluded = { version: at, inclusive: false };
  const length = at.release.length;
  switch (specifier.operator) {
    case '>=':
      return [{ lower: included, upper: null }];
    case '>':
      return [{ lower: excluded, upper: null }];
    case '<=':
      return [{ lower: null, upper: included }];
    case '<':
      return [{ lower: null, upper: excluded }];
    case '~=':
      return [
        { lower: included, upper: { version: afterPrefix(at, length - 1), inclusive: false } },
      ];
    case '===':
      return [{ lower: included, upper: included }];
    case '==':
      return [{ lower: included, upper: endOfEquals(specifier, at) }];
    case '!=':
      return [
        { lower: null, upper: excluded },
        { lower: opposite(endOfEquals(specifier, at)), upper: null },
      ];
    default:
      return specifier.operator satisfies never;
  }
}

function endOfEquals(specifier: Specifier, at: Version): LowerBound {
  if (!specifier.wildcard) return { version: at, inclusive: true };
  return { version: afterPrefix(at, at.release.length), inclusive: false };
}

function opposite(bound: LowerBound): LowerBound {
  return { version: bound.version, inclusive: !bound.inclusive };
}

function intersect(left: readonly Interval[], right: readonly Interval[]): readonly Interval[] {
  const result: Interval[] = [];
  for (const first of left) {
    for (const second of right) {
      const lower = higher(first.lower, second.lower);
      const upper = nearer(first.upper, second.upper);
      if (!isEmpty(lower, upper)) result.push({ lower, upper });
    }
  }
  return result;
}

function higher(left: LowerBound | null, right: LowerBound | null): LowerBound | null {
  if (left === null || right === null) return left ?? right;
  const order = compareVersions(left.version, right.version);
  if (order === 0) return left.inclusive ? right : left;
  return order > 0 ? left : right;
}

function nearer(left: LowerBound | null, right: LowerBound | null): LowerBound | null {
  if (left === null || right === null) return left ?? right;
  const order = compareVersions(left.version, right.version);
  if (order === 0) return left.inclusive ? right : left;
  return order < 0 ? left : right;
}

function isEmpty(lower: LowerBound | null, upper: LowerBound | null): boolean {
  if (lower === null || upper === null) return false;
  const order = compareVersions(lower.version, upper.version);
  return order > 0 || (order === 0 && !(lower.inclusive && upper.inclusive));
}
