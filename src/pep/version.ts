/**
 * Versions (PEP 440).
 *
 * Traps:
 * - `1.0` equals `1.0.0`, and trailing zeros still matter for `~=` and `==X.*`: `release` keeps them.
 * - `1.0.dev1` < `1.0a1` < `1.0` < `1.0.post1`, and `1.0a1.dev1` < `1.0a1`: a bare dev release sorts before every pre-release.
 * - `1.0-1` is post release 1; `1.0-r1`, `1.0rev1` too; `1.0c1`, `1.0pre1`, `1.0preview1` are release candidates.
 * - `1.0a-` is alpha 0: a separator may stand there without a number.
 * - A local label sorts after none, its numbers after its words, and a longer one after its prefix.
 * - Numbers have no limit: dates and hashes occur. Where doubles cannot tell two apart, the digits of `text` do.
 */
import type { Version } from '../types.ts';

type Prerelease = NonNullable<Version['pre']>;

const DOT = 46;
const ZERO = 48;
const NINE = 57;
/** Digits that always fit a double exactly. */
const SAFE_DIGITS = 15;

/** The version that the text means, normalised, or null where it is none (PEP 440, appendix B). */
export function parseVersion(text: string): Version | null {
  return parseSimple(text) ?? parseGeneral(text.trim());
}

/** The normalised text of a version. */
export function formatVersion(version: Version): string {
  return version.text;
}

/** True for alpha, beta, candidate and development releases. */
export function isPrerelease(version: Version): boolean {
  return version.pre !== null || version.dev !== null;
}

/** True for `1.0.post1`, and for `1.0.post1.dev1`. */
export function isPostRelease(version: Version): boolean {
  return version.post !== null;
}

/** The public version: `2.4.1+cpu` gives `2.4.1`. */
export function withoutLocal(version: Version): Version {
  if (version.local === null) return version;
  return { ...version, text: version.text.slice(0, version.text.indexOf('+')), local: null };
}

/** Order of PEP 440 as a number below, at or above 0: total, and 0 for versions that are equal (`1.0`, `1.0.0`). */
export function compareVersions(left: Version, right: Version): number {
  return comparePublicVersions(left, right) || compareLocal(left, right);
}

/** Like `compareVersions`, local labels ignored. */
export function comparePublicVersions(left: Version, right: Version): number {
  return (
    compareNumbers(left.epoch, right.epoch, left, right, epochDigits) ||
    compareReleases(left, right) ||
    comparePhases(left, right)
  );
}

/** True when both have the same epoch and release, trailing zeros aside. */
export function isSameRelease(left: Version, right: Version): boolean {
  return (
    compareNumbers(left.epoch, right.epoch, left, right, epochDigits) === 0 &&
    compareReleases(left, right) === 0
  );
}

/** True when `version` begins with the first `length` numbers of the release of `prefix`, in the same epoch; missing ones count as 0. */
export function hasReleasePrefix(version: Version, prefix: Version, length: number): boolean {
  if (compareNumbers(version.epoch, prefix.epoch, version, prefix, epochDigits) !== 0) return false;
  for (let index = 0; index < length; index += 1) {
    if (compareReleaseAt(version, prefix, index) !== 0) return false;
  }
  return true;
}

// ---------------------------------------------------------------------------------------------------------------------
// Order

function compareReleases(left: Version, right: Version): number {
  const length = Math.max(left.release.length, right.release.length);
  for (let index = 0; index < length; index += 1) {
    const order = compareReleaseAt(left, right, index);
    if (order !== 0) return order;
  }
  return 0;
}

function compareReleaseAt(left: Version, right: Version, index: number): number {
  const leftNumber = left.release[index] ?? 0;
  const rightNumber = right.release[index] ?? 0;
  if (leftNumber < rightNumber) return -1;
  if (leftNumber > rightNumber) return 1;
  if (leftNumber <= Number.MAX_SAFE_INTEGER) return 0;
  return compareDigits(releaseDigits(left)[index] ?? '0', releaseDigits(right)[index] ?? '0');
}

function comparePhases(left: Version, right: Version): number {
  return (
    preRank(left) - preRank(right) ||
    compareNumbers(left.pre?.number ?? 0, right.pre?.number ?? 0, left, right, preDigits) ||
    compareOptional(left.post, right.post, -1) ||
    compareNumbers(left.post ?? 0, right.post ?? 0, left, right, postDigits) ||
    compareOptional(left.dev, right.dev, 1) ||
    compareNumbers(left.dev ?? 0, right.dev ?? 0, left, right, devDigits)
  );
}

function preRank(version: Version): number {
  if (version.pre === null) return version.post === null && version.dev !== null ? 0 : 4;
  if (version.pre.kind === 'a') return 1;
  return version.pre.kind === 'b' ? 2 : 3;
}

/** Order by presence alone; `missing` says whether the one without it is below (-1) or above (1). */
function compareOptional(left: number | null, right: number | null, missing: -1 | 1): number {
  if ((left === null) === (right === null)) return 0;
  return left === null ? missing : -missing;
}

function compareNumbers(
  left: number,
  right: number,
  leftVersion: Version,
  rightVersion: Version,
  digitsOf: (version: Version) => string,
): number {
  if (left < right) return -1;
  if (left > right) return 1;
  if (left <= Number.MAX_SAFE_INTEGER) return 0;
  return compareDigits(digitsOf(leftVersion), digitsOf(rightVersion));
}

function compareLocal(left: Version, right: Version): number {
  if (left.local === null || right.local === null) {
    return (left.local === null ? 0 : 1) - (right.local === null ? 0 : 1);
  }
  const length = Math.min(left.local.length, right.local.length);
  for (let index = 0; index < length; index += 1) {
    const order = compareLocalAt(left, right, index);
    if (order !== 0) return order;
  }
  return left.local.length - right.local.length;
}

function compareLocalAt(left: Version, right: Version, index: number): number {
  const leftPart = left.local?.[index] ?? '';
  const rightPart = right.local?.[index] ?? '';
  if (typeof leftPart === 'number' && typeof rightPart === 'number') {
    const digits = (version: Version): string => localDigits(version)[index] ?? '0';
    return compareNumbers(leftPart, rightPart, left, right, digits);
  }
  if (typeof leftPart === 'number') return 1;
  if (typeof rightPart === 'number') return -1;
  if (leftPart === rightPart) return 0;
  return leftPart < rightPart ? -1 : 1;
}

// The digits of one number in the normalised text: read only where two doubles beyond 2^53 are equal.

function compareDigits(left: string, right: string): number {
  if (left.length !== right.length) return left.length - right.length;
  if (left === right) return 0;
  return left < right ? -1 : 1;
}

function epochDigits(version: Version): string {
  return /^(\d+)!/.exec(version.text)?.[1] ?? '0';
}

function releaseDigits(version: Version): readonly string[] {
  return (/^(?:\d+!)?([\d.]*\d)/.exec(version.text)?.[1] ?? '0').split('.');
}

function preDigits(version: Version): string {
  return /^[\d.!]+(?:a|b|rc)(\d+)/.exec(version.text)?.[1] ?? '0';
}

function postDigits(version: Version): string {
  return /^[^+]*\.post(\d+)/.exec(version.text)?.[1] ?? '0';
}

function devDigits(version: Version): string {
  return /^[^+]*\.dev(\d+)/.exec(version.text)?.[1] ?? '0';
}

function localDigits(version: Version): readonly string[] {
  return version.text.slice(version.text.indexOf('+') + 1).split('.');
}

// ---------------------------------------------------------------------------------------------------------------------
// Parsing

/** `1.2.3` without leading zeros and with small numbers: nine versions in ten, read without an expression. */
function parseSimple(text: string): Version | null {
  const release: number[] = [];
  let value = 0;
  let digits = 0;
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index);
    if (code >= ZERO && code <= NINE) {
      if ((digits === 1 && value === 0) || digits === SAFE_DIGITS) return null;
      value = value * 10 + (code - ZERO);
      digits += 1;
    } else if (code === DOT && digits > 0) {
      release.push(value);
      value = 0;
      digits = 0;
    } else {
      return null;
    }
  }
  if (digits === 0) return null;
  release.push(value);
  return { text, epoch: 0, release, pre: null, post: null, dev: null, local: null };
}

interface Cursor {
  readonly text: string;
  index: number;
}

function parseGeneral(trimmed: string): Version | null {
  // Only ASCII letters may be folded: the Kelvin sign is no `k`.
  const cursor: Cursor = { text: trimmed.replace(/[A-Z]/g, toLower), index: 0 };
  if (cursor.text.charAt(0) === 'v') cursor.index = 1;
  let epoch = '0';
  let first = readDigits(cursor);
  if (first !== '' && cursor.text.charAt(cursor.index) === '!') {
    cursor.index += 1;
    epoch = first;
    first = readDigits(cursor);
  }
  if (first === '') return null;
  const release = [first, ...readReleaseTail(cursor)];
  const pre = readPrerelease(cursor);
  const post = readPost(cursor);
  const dev = readLabel(cursor, ['dev'])?.digits ?? null;
  const local = readLocal(cursor);
  if (local === undefined || cursor.index !== cursor.text.length) return null;
  return {
    text: join(epoch, release, pre, post, dev, local),
    epoch: Number(epoch),
    release: release.map(Number),
    pre: pre === null ? null : { kind: pre.kind, number: Number(pre.digits) },
    post: post === null ? null : Number(post),
    dev: dev === null ? null : Number(dev),
    local: local === null ? null : local.map((part) => (isDigits(part) ? Number(part) : part)),
  };
}

function join(
  epoch: string,
  release: readonly string[],
  pre: { readonly kind: string; readonly digits: string } | null,
  ...rest: readonly [post: string | null, dev: string | null, local: readonly string[] | null]
): string {
  const [post, dev, local] = rest;
  return [
    epoch === '0' ? '' : `${epoch}!`,
    release.join('.'),
    pre === null ? '' : pre.kind + pre.digits,
    post === null ? '' : `.post${post}`,
    dev === null ? '' : `.dev${dev}`,
    local === null ? '' : `+${local.join('.')}`,
  ].join('');
}

function readReleaseTail(cursor: Cursor): readonly string[] {
  const numbers: string[] = [];
  while (cursor.text.charAt(cursor.index) === '.' && isDigitAt(cursor.text, cursor.index + 1)) {
    cursor.index += 1;
    numbers.push(readDigits(cursor));
  }
  return numbers;
}

function readPrerelease(
  cursor: Cursor,
): { readonly kind: Prerelease['kind']; readonly digits: string } | null {
  const label = readLabel(cursor, ['alpha', 'beta', 'preview', 'pre', 'rc', 'a', 'b', 'c']);
  if (label === null) return null;
  if (label.word === 'a' || label.word === 'alpha') return { kind: 'a', digits: label.digits };
  if (label.word === 'b' || label.word === 'beta') return { kind: 'b', digits: label.digits };
  return { kind: 'rc', digits: label.digits };
}

function readPost(cursor: Cursor): string | null {
  if (cursor.text.charAt(cursor.index) === '-' && isDigitAt(cursor.text, cursor.index + 1)) {
    cursor.index += 1;
    return readDigits(cursor);
  }
  return readLabel(cursor, ['post', 'rev', 'r'])?.digits ?? null;
}

/** A separator, one of the words, a separator, a number: all but the word optional. Longer words come first. */
function readLabel(
  cursor: Cursor,
  words: readonly string[],
): { readonly word: string; readonly digits: string } | null {
  const start = cursor.index + (isSeparatorAt(cursor.text, cursor.index) ? 1 : 0);
  const word = words.find((candidate) => cursor.text.startsWith(candidate, start));
  if (word === undefined) return null;
  cursor.index = start + word.length;
  if (isSeparatorAt(cursor.text, cursor.index)) cursor.index += 1;
  const digits = readDigits(cursor);
  return { word, digits: digits === '' ? '0' : digits };
}

/** null: no local label; undefined: one that is malformed. */
function readLocal(cursor: Cursor): readonly string[] | null | undefined {
  if (cursor.text.charAt(cursor.index) !== '+') return null;
  const parts = cursor.text.slice(cursor.index + 1).split(/[-_.]/);
  cursor.index = cursor.text.length;
  if (!parts.every((part) => /^[a-z0-9]+$/.test(part))) return undefined;
  return parts.map((part) => (isDigits(part) ? withoutLeadingZeros(part) : part));
}

function readDigits(cursor: Cursor): string {
  const start = cursor.index;
  while (isDigitAt(cursor.text, cursor.index)) cursor.index += 1;
  return withoutLeadingZeros(cursor.text.slice(start, cursor.index));
}

function withoutLeadingZeros(digits: string): string {
  let start = 0;
  while (start < digits.length - 1 && digits.charCodeAt(start) === ZERO) start += 1;
  return start === 0 ? digits : digits.slice(start);
}

function isDigits(text: string): boolean {
  return /^\d+$/.test(text);
}

function isDigitAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return code >= ZERO && code <= NINE;
}

function isSeparatorAt(text: string, index: number): boolean {
  const character = text.charAt(index);
  return character === '.' || character === '-' || character === '_';
}

function toLower(letter: string): string {
  return letter.toLowerCase();
}
