/**
 * Version specifiers (PEP 440).
 *
 * Traps:
 * - `==2.4.1` admits `2.4.1+cpu`, `==2.4.1+cpu` only that; every other operator ignores the local label of the candidate.
 * - `<2.0` excludes `2.0a1` though it sorts below; `<2.0rc1` admits it. `<1.0.post1` excludes `1.0.post1.dev0` only.
 * - `>1.0` excludes `1.0.post1` and `1.0+cpu`; `>1.0.post1` admits `1.0.post2`.
 * - `==1.0.*` admits `1`; `~=1.0` is `>=1.0, ==1.*`, `~=1.0.0` is `>=1.0.0, ==1.0.*`.
 * - `===` compares text, without regard to case, and its text need not be a version.
 * Pre-releases are admitted here wherever the bounds admit them: whether they are wanted is for the resolver to say.
 */
import type { Specifier, SpecifierOperator, Version } from '../types.ts';
import { ParseError } from './parse-error.ts';
import { parseWithRepairs } from './repair.ts';
import {
  comparePublicVersions,
  compareVersions,
  hasReleasePrefix,
  isPrerelease,
  isSameRelease,
  parseVersion,
} from './version.ts';

/** The clauses of `text`, in the order written; throws ParseError. `repaired` says what was repaired, where asked to. */
export function parseSpecifiers(
  text: string,
  options: { readonly repair?: boolean } = {},
): { readonly specifiers: readonly Specifier[]; readonly repaired: readonly string[] } {
  if (options.repair !== true) return { specifiers: parseStrictly(text), repaired: [] };
  const { value, repaired } = parseWithRepairs(text, parseStrictly);
  return { specifiers: value, repaired };
}

/** The single clause in `text` from `start` to `end`; throws ParseError with an offset in the whole text. */
export function parseClause(text: string, start: number, end: number): Specifier {
  const operator = readOperator(text, start, end);
  let versionStart = start + operator.length;
  while (versionStart < end && isSpace(text.charCodeAt(versionStart))) versionStart += 1;
  const versionText = text.slice(versionStart, end).trimEnd();
  if (versionText === '')
    throw new ParseError(`Expected a version after \`${operator}\``, versionStart);
  if (operator === '===') return parseArbitrary(versionText, versionStart);
  const wildcard = versionText.endsWith('.*');
  const version = parseVersion(wildcard ? versionText.slice(0, -2) : versionText);
  if (version === null || /\s/.test(versionText))
    throw new ParseError(`Expected a version, found \`${versionText}\``, versionStart);
  const objection = objectionTo(operator, version, wildcard);
  if (objection !== null) throw new ParseError(objection, versionStart);
  return { operator, version, wildcard, text: versionText };
}

/** True when every clause admits the version; no clause admits all. Pre-releases are judged by the bounds alone. */
export function specifierContains(specifiers: readonly Specifier[], version: Version): boolean {
  for (const specifier of specifiers) {
    if (!clauseContains(specifier, version)) return false;
  }
  return true;
}

/** The clauses as one text: sorted by code point, without doubles, `,` between them. */
export function formatSpecifiers(specifiers: readonly Specifier[]): string {
  const clauses = specifiers.map((specifier) => specifier.operator + specifier.text);
  return [...new Set(clauses)].toSorted().join(',');
}

/** As `formatSpecifiers`, for readers: lower bounds first. */
export function formatRange(specifiers: readonly Specifier[]): string {
  const rank = (clause: string): number =>
    readingOrder.findIndex((part) => clause.startsWith(part));
  const clauses = specifiers.map((specifier) => specifier.operator + specifier.text);
  return [...new Set(clauses)]
    .toSorted()
    .toSorted((left, right) => rank(left) - rank(right))
    .join(',');
}

const readingOrder: readonly string[] = ['=', '~', '>', '<', '!'];

/** True when exactly one public version is admitted: a single `==` without wildcard, or a single `===`. */
export function isSingletonSpecifiers(specifiers: readonly Specifier[]): boolean {
  const [only] = specifiers;
  if (only === undefined || specifiers.length !== 1) return false;
  return only.operator === '===' || (only.operator === '==' && !only.wildcard);
}

// ---------------------------------------------------------------------------------------------------------------------
// Parsing

/** Longer operators come first. */
const OPERATORS: readonly SpecifierOperator[] = ['===', '==', '~=', '!=', '<=', '>=', '<', '>'];

function parseStrictly(text: string): readonly Specifier[] {
  const specifiers: Specifier[] = [];
  let start = 0;
  while (start <= text.length) {
    const comma = text.indexOf(',', start);
    const end = comma === -1 ? text.length : comma;
    let first = start;
    while (first < end && isSpace(text.charCodeAt(first))) first += 1;
    // An empty clause means nothing, as PyPA's packaging reads `>=1.0,`.
    if (first < end) specifiers.push(parseClause(text, first, end));
    start = end + 1;
  }
  return specifiers;
}

function readOperator(text: string, start: number, end: number): SpecifierOperator {
  const operator = OPERATORS.find((candidate) => text.startsWith(candidate, start));
  if (operator === undefined || start + operator.length > end) {
    throw new ParseError('Expected a comparison: ==, !=, <=, >=, <, >, ~= or ===', start);
  }
  return operator;
}

function parseArbitrary(text: string, offset: number): Specifier {
  const bad = /[\s;)]/.exec(text);
  if (bad !== null) throw new ParseError('Expected one word after `===`', offset + bad.index);
  return { operator: '===', version: parseVersion(text), wildcard: false, text };
}

function objectionTo(
  operator: SpecifierOperator,
  version: Version,
  wildcard: boolean,
): string | null {
  const isEquality = operator === '==' || operator === '!=';
  if (wildcard && !isEquality) return 'Expected no `.*`: it can only stand after == and !=';
  if (wildcard && (isPrerelease(version) || version.post !== null || version.local !== null)) {
    return 'Expected only a release before `.*`';
  }
  if (version.local !== null && !isEquality)
    return 'Expected no local label: it can only stand after == and !=';
  if (operator === '~=' && version.release.length < 2)
    return 'Expected at least two numbers after ~=, such as `~=1.0`';
  return null;
}

function isSpace(code: number): boolean {
  return code === 32 || (code >= 9 && code <= 13);
}

// ---------------------------------------------------------------------------------------------------------------------
// Membership

function clauseContains(specifier: Specifier, candidate: Version): boolean {
  const { operator, version } = specifier;
  if (operator === '===') return isIdentical(specifier, candidate);
  if (version === null) return false;
  switch (operator) {
    case '==':
      return equals(specifier, version, candidate);
    case '!=':
      return !equals(specifier, version, candidate);
    case '<=':
      return comparePublicVersions(candidate, version) <= 0;
    case '>=':
      return comparePublicVersions(candidate, version) >= 0;
    case '<':
      return isBelow(candidate, version);
    case '>':
      return isAbove(candidate, version);
    case '~=':
      return (
        comparePublicVersions(candidate, version) >= 0 &&
        hasReleasePrefix(candidate, version, version.release.length - 1)
      );
    default:
      return operator satisfies never;
  }
}

// A candidate is known in normalised form only, so a version after `===` is compared in that form too, as uv does.
function isIdentical(specifier: Specifier, candidate: Version): boolean {
  return (specifier.version?.text ?? specifier.text.toLowerCase()) === candidate.text;
}

function equals(specifier: Specifier, version: Version, candidate: Version): boolean {
  if (specifier.wildcard) return hasReleasePrefix(candidate, version, version.release.length);
  if (version.local === null) return comparePublicVersions(candidate, version) === 0;
  return compareVersions(candidate, version) === 0;
}

function isBelow(candidate: Version, version: Version): boolean {
  if (comparePublicVersions(candidate, version) >= 0) return false;
  if (isPrerelease(version) || !isSameRelease(candidate, version)) return true;
  // What is below and of the same release is a pre-release of `version`, save for the earlier ones of a post release.
  return version.post !== null && (candidate.pre !== null || candidate.post !== version.post);
}

function isAbove(candidate: Version, version: Version): boolean {
  if (comparePublicVersions(candidate, version) <= 0) return false;
  if (version.post !== null || version.dev !== null) return true;
  const isSamePre =
    candidate.pre?.kind === version.pre?.kind && candidate.pre?.number === version.pre?.number;
  return !isSamePre || !isSameRelease(candidate, version);
}
