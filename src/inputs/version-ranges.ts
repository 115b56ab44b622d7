/** Ranges of versions that are alternatives to each other (`^1.0 || ^3.0`), as one set of PEP 440 specifiers where that can say it. */
import { parseSpecifiers } from '../pep/specifier.ts';
import { compareVersions } from '../pep/version.ts';
import type { Specifier, Version } from '../types.ts';

/** An end of a range. */
interface Bound {
  readonly version: Version;
  readonly inclusive: boolean;
}

/** From the lower to the upper bound; null is open. */
interface Range {
  readonly lower: Bound | null;
  readonly upper: Bound | null;
}

/** Specifiers that admit what one of the alternatives admits. `exact`: and nothing else, pre-releases at the ends aside. */
export interface UnitedRanges {
  readonly specifiers: string;
  readonly exact: boolean;
}

/** True where no version can satisfy both lists, as far as their bounds tell. */
export function excludeEachOther(one: readonly Specifier[], other: readonly Specifier[]): boolean {
  const {
    range: { lower, upper },
  } = toRange([...one, ...other]);
  if (lower === null || upper === null) return false;
  const order = compareVersions(lower.version, upper.version);
  return order > 0 || (order === 0 && !(lower.inclusive && upper.inclusive));
}

/** Unites alternatives, each a list of specifiers. Throws ParseError for text that is none. */
export function uniteRanges(alternatives: readonly string[]): UnitedRanges {
  const read = alternatives.map((text) =>
    toRange(parseSpecifiers(text, { repair: true }).specifiers),
  );
  const ranges = merge(read.map(({ range }) => range));
  const [first] = ranges;
  const last = ranges.at(-1);
  const gaps = ranges
    .slice(1)
    .map((range, index) => describeGap(ranges[index]?.upper, range.lower));
  const clauses = [
    describe(first?.lower ?? null, '>'),
    describe(last?.upper ?? null, '<'),
    ...gaps.flatMap((gap) => gap ?? []),
  ];
  return {
    specifiers: clauses.filter((clause) => clause !== '').join(','),
    exact: read.every(({ exact }) => exact) && gaps.every((gap) => gap !== null),
  };
}

// What is excluded inside of a range (`!=1.5`) is let in again: the range alone can be united.
function toRange(specifiers: readonly Specifier[]): {
  readonly range: Range;
  readonly exact: boolean;
} {
  let range: Range = { lower: null, upper: null };
  let exact = true;
  for (const specifier of specifiers) {
    const next = rangeOf(specifier);
    if (next === null) exact = false;
    else
      range = {
        lower: tighter(range.lower, next.lower, 1),
        upper: tighter(range.upper, next.upper, -1),
      };
  }
  return { range, exact };
}

function rangeOf({ operator, version, wildcard }: Specifier): Range | null {
  if (version === null) return null;
  const end = (inclusive: boolean): Bound => ({ version, inclusive });
  if (operator === '==' && wildcard)
    return {
      lower: end(true),
      upper: { version: bumped(version, version.release.length - 1), inclusive: false },
    };
  if (operator === '~=')
    return {
      lower: end(true),
      upper: { version: bumped(version, version.release.length - 2), inclusive: false },
    };
  switch (operator) {
    case '==':
      return { lower: end(true), upper: end(true) };
    case '>=':
    case '>':
      return { lower: end(operator === '>='), upper: null };
    case '<=':
    case '<':
      return { lower: null, upper: end(operator === '<=') };
    default:
      return null;
  }
}

function bumped(version: Version, index: number): Version {
  const release = version.release.slice(0, Math.max(index, 0) + 1);
  release[release.length - 1] = (release.at(-1) ?? 0) + 1;
  const epoch = version.epoch === 0 ? '' : `${version.epoch}!`;
  const text = `${epoch}${release.join('.')}`;
  return { text, epoch: version.epoch, release, pre: null, post: null, dev: null, local: null };
}

function tighter(a: Bound | null, b: Bound | null, direction: 1 | -1): Bound | null {
  if (a === null || b === null) return a ?? b;
  const order = compareVersions(a.version, b.version) * direction;
  if (order !== 0) return order > 0 ? a : b;
  return a.inclusive ? b : a;
}

// Sorted by where they begin; what overlaps or meets is one.
function merge(ranges: readonly Range[]): readonly Range[] {
  const sorted = ranges.toSorted((a, b) => compareLower(a.lower, b.lower));
  const merged: Range[] = [];
  for (const range of sorted) {
    const before = merged.at(-1);
    if (before !== undefined && meets(before.upper, range.lower))
      merged[merged.length - 1] = { lower: before.lower, upper: wider(before.upper, range.upper) };
    else merged.push(range);
  }
  return merged;
}

function compareLower(a: Bound | null, b: Bound | null): number {
  if (a === null || b === null) return Number(b === null) - Number(a === null);
  return compareVersions(a.version, b.version) || Number(b.inclusive) - Number(a.inclusive);
}

function meets(upper: Bound | null, lower: Bound | null): boolean {
  if (upper === null || lower === null) return true;
  const order = compareVersions(upper.version, lower.version);
  return order > 0 || (order === 0 && (upper.inclusive || lower.inclusive));
}

function wider(a: Bound | null, b: Bound | null): Bound | null {
  if (a === null || b === null) return null;
  const order = compareVersions(a.version, b.version);
  if (order !== 0) return order > 0 ? a : b;
  return a.inclusive ? a : b;
}

function describe(bound: Bound | null, operator: '<' | '>'): string {
  return bound === null ? '' : `${operator}${bound.inclusive ? '=' : ''}${bound.version.text}`;
}

const mostExclusions = 20;

/** `!=2.*` for the gap from 2.0 to 3.0; null for one that such clauses cannot say. */
function describeGap(
  upper: Bound | null | undefined,
  lower: Bound | null,
): readonly string[] | null {
  if (upper === null || upper === undefined || lower === null) return null;
  if (compareVersions(upper.version, lower.version) === 0) return [`!=${upper.version.text}`];
  if (upper.inclusive || !lower.inclusive || !isPlain(upper.version) || !isPlain(lower.version))
    return null;
  const from = withoutZeros(upper.version.release);
  const to = withoutZeros(lower.version.release);
  const length = Math.max(from.length, to.length);
  const [start, end] = [from, to].map((parts) => [
    ...parts,
    ...Array<number>(length - parts.length).fill(0),
  ]);
  if (start === undefined || end === undefined) return null;
  const head = start.slice(0, -1);
  if (head.some((part, index) => part !== end[index])) return null;
  const [low = 0, high = 0] = [start.at(-1), end.at(-1)];
  if (high - low > mostExclusions) return null;
  return Array.from({ length: high - low }, (_, step) => `!=${[...head, low + step].join('.')}.*`);
}

function isPlain({ epoch, pre, post, dev, local }: Version): boolean {
  return epoch === 0 && pre === null && post === null && dev === null && local === null;
}

function withoutZeros(release: readonly number[]): readonly number[] {
  const end = release.findLastIndex((part) => part !== 0);
  return release.slice(0, Math.max(end + 1, 1));
}
