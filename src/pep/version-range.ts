/**
 * Version specifiers (PEP 440) as ranges of the order of all versions, whether anybody released them or not.
 *
 * Traps:
 * - `==1.0` is a range: it holds `1.0` and every local version of it, up to `1.0.post0.dev0`, the least version behind them.
 * - `<2.0` ends before `2.0.dev0`, since it admits no pre-release of 2.0; `<2.0rc1` ends before that candidate.
 * - `>1.0` begins behind every post release of 1.0, and no version is the least of those.
 * - Numbers have no limit, so that the one after another is told from the digits of the text.
 */
import type { Specifier, Version } from '../types.ts';
import {
  compareVersions,
  isPrerelease,
  isSameRelease,
  parseVersion,
  withoutLocal,
} from './version.ts';

/** A place between two versions. `release-end`: behind every version of the same release, post releases included. */
export interface Cut {
  readonly version: Version;
  readonly side: 'before' | 'behind' | 'release-end';
}

/** All versions between two cuts; null where there is no end on that side. */
export interface VersionRange {
  readonly from: Cut | null;
  readonly to: Cut | null;
}

/** The ranges of the versions that a clause admits, ascending. None for `===` of something that is no version. */
export function rangesOf({ operator, version, wildcard }: Specifier): readonly VersionRange[] {
  if (version === null) return [];
  switch (operator) {
    case '===':
      return [pointOf(version)];
    case '==':
      return [equalRange(version, wildcard)];
    case '!=':
      return complement(equalRange(version, wildcard));
    case '~=':
      return [{ from: before(version), to: before(seriesEnd(version, -1)) }];
    case '>=':
      return [{ from: before(version), to: null }];
    case '<=':
      return [{ from: null, to: before(nextPublic(version)) }];
    case '<':
      return [{ from: null, to: before(lowerEnd(version)) }];
    case '>':
      return [{ from: upperEnd(version), to: null }];
    default:
      return operator satisfies never;
  }
}

/** The order of cuts as a number below, at or above 0. */
export function compareCuts(left: Cut, right: Cut): number {
  const ends = Number(left.side === 'release-end') - Number(right.side === 'release-end');
  if ((ends !== 0 || left.side === 'release-end') && isSameRelease(left.version, right.version))
    return ends;
  return (
    compareVersions(left.version, right.version) ||
    Number(left.side === 'behind') - Number(right.side === 'behind')
  );
}

function before(version: Version): Cut {
  return { version, side: 'before' };
}

function pointOf(version: Version): VersionRange {
  return { from: before(version), to: { version, side: 'behind' } };
}

function equalRange(version: Version, wildcard: boolean): VersionRange {
  if (wildcard) return { from: before(firstOf(version)), to: before(seriesEnd(version, 0)) };
  if (version.local !== null) return pointOf(version);
  return { from: before(version), to: before(nextPublic(version)) };
}

function complement({ from, to }: VersionRange): readonly VersionRange[] {
  return [
    { from: null, to: from },
    { from: to, to: null },
  ];
}

/** Where `<` ends. */
function lowerEnd(version: Version): Version {
  if (isPrerelease(version)) return version;
  if (version.post !== null) return read(`${withoutLocal(version).text}.dev0`);
  return firstOf(version);
}

/** Where `>` begins. */
function upperEnd(version: Version): Cut {
  if (version.dev !== null || version.post !== null) return before(nextPublic(version));
  if (version.pre === null) return { version, side: 'release-end' };
  // Behind the post releases of a candidate, too, and those end where the next candidate begins.
  return before(read(`${raiseLastNumber(withoutLocal(version).text)}.dev0`));
}

/** The least version behind a version and all local versions of it. */
function nextPublic(version: Version): Version {
  const { text } = withoutLocal(version);
  if (version.dev !== null) return read(raiseLastNumber(text));
  if (version.post !== null) return read(`${raiseLastNumber(text)}.dev0`);
  return read(`${text}.post0.dev0`);
}

/** The least version of a release: `2.0.dev0`. */
function firstOf(version: Version): Version {
  return read(`${releaseText(version)}.dev0`);
}

/** The least version that no longer begins with the numbers of the release, of which so many at its end do not count. */
function seriesEnd(version: Version, dropped: 0 | -1): Version {
  const text = releaseText(version);
  const series = dropped === 0 ? text : text.slice(0, text.lastIndexOf('.'));
  return read(`${raiseLastNumber(series)}.dev0`);
}

function releaseText({ text }: Version): string {
  return /^(?:\d+!)?[\d.]*\d/.exec(text)?.[0] ?? text;
}

function raiseLastNumber(text: string): string {
  return text.replace(/\d+$/, (digits) => String(BigInt(digits) + 1n));
}

function read(text: string): Version {
  const version = parseVersion(text);
  if (version === null) throw new Error(`${text} was meant to be a version`);
  return version;
}
