/**
 * Version constraints of Poetry to PEP 440 specifiers and markers; held against poetry-core 2.5.
 *
 * Traps: `^0.2` keeps the first part that is not 0; `~1` is `<2` but `~1.2` is `<1.3`; a bare version means `==`; blanks mean
 * "and" as commas do; `||` has no counterpart in one specifier set.
 */
import { ParseError } from '../pep/parse-error.ts';
import { uniteRanges } from './version-ranges.ts';

/** Specifiers, `''` for any version. `approximate`: alternatives (`||`) were widened to a range that holds them all. */
export interface PoetryConstraint {
  readonly specifiers: string;
  readonly approximate: boolean;
}

/** Converts a constraint on a version. Text that is none of Poetry's forms is passed on for the PEP 440 parser to judge. */
export function convertPoetryConstraint(text: string): PoetryConstraint {
  const alternatives = splitAlternatives(text).map(convertAlternative);
  const [only = ''] = alternatives;
  if (alternatives.length === 1) return { specifiers: only, approximate: false };
  if (alternatives.includes('')) return { specifiers: '', approximate: false };
  try {
    const { specifiers, exact } = uniteRanges(alternatives);
    return { specifiers, approximate: !exact };
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    return { specifiers: alternatives.join(' || '), approximate: false };
  }
}

function splitAlternatives(text: string): readonly string[] {
  return text.split(/\s*\|\|?\s*/);
}

/** The marker of a constraint on Python, null where any version will do. */
export function poetryPythonMarker(text: string): string | null {
  const alternatives = splitAlternatives(text).map((alternative) =>
    convertAlternative(alternative)
      .split(',')
      .filter((clause) => clause !== '')
      .map(toPythonMarker),
  );
  if (alternatives.some((clauses) => clauses.length === 0)) return null;
  if (alternatives.length === 1) return alternatives[0]?.join(' and ') ?? null;
  return alternatives
    .map((clauses) => (clauses.length === 1 ? clauses.join('') : `(${clauses.join(' and ')})`))
    .join(' or ');
}

function convertAlternative(text: string): string {
  // `>= 1.0` is one clause; `>=1.0 <2.0` are two.
  const tight = text.trim().replace(/([<>=!~^]+)\s+/g, '$1');
  return tight
    .split(/[\s,]+/)
    .filter((clause) => clause !== '' && clause !== '*')
    .map(convertClause)
    .filter((clause) => clause !== '')
    .join(',');
}

function convertClause(written: string): string {
  const clause = written.replace(/^([<>=!~^]*)v(?=\d)/i, '$1');
  // `>=1.*` says no more than `>=1`.
  if (/^[<>]=?\d.*\.\*$/.test(clause)) return clause.slice(0, -2);
  if (clause.startsWith('^')) return caret(clause.slice(1));
  if (clause.startsWith('~=')) return clause;
  if (clause.startsWith('~')) return tilde(clause.slice(1));
  if (/^=[^=]/.test(clause)) return `=${clause}`;
  return /^[<>=!]/.test(clause) ? clause : `==${clause}`;
}

function caret(version: string): string {
  const { epoch, parts } = releaseOf(version);
  if (parts.length === 0) return `^${version}`;
  const kept = parts.findIndex((part) => part !== 0);
  return `>=${version},<${epoch}${bump(parts, kept === -1 ? parts.length - 1 : kept)}`;
}

function tilde(version: string): string {
  const { epoch, parts } = releaseOf(version);
  if (parts.length === 0) return `~${version}`;
  return `>=${version},<${epoch}${bump(parts, Math.min(1, parts.length - 1))}`;
}

function releaseOf(version: string): { readonly epoch: string; readonly parts: readonly number[] } {
  const [, epoch = '', release = ''] = /^(\d+!)?(\d+(?:\.\d+)*)/.exec(version) ?? [];
  return { epoch, parts: release === '' ? [] : release.split('.').map(Number) };
}

function bump(parts: readonly number[], index: number): string {
  const head = parts.slice(0, index + 1);
  head[index] = (head[index] ?? 0) + 1;
  if (head.length === 1) head.push(0);
  return head.join('.');
}

// `python_version` has two parts: what tells patches of one minor apart, as `<=3.9` does, needs `python_full_version`.
function toPythonMarker(clause: string): string {
  const match = /^([<>=!~]+)(.*)$/.exec(clause);
  const operator = match?.[1] ?? '==';
  const version = match?.[2] ?? clause;
  const wildcard = version.endsWith('.*');
  const bare = wildcard ? version.slice(0, -2) : version;
  const parts = bare.split('.').length;
  if (wildcard && parts === 2) return `python_version ${operator} "${bare}"`;
  if (wildcard || parts > 2) return `python_full_version ${operator} "${version}"`;
  const minor = parts === 1 ? `${bare}.0` : bare;
  const isOfPatches = operator === '>' || operator === '<=' || operator === '!=';
  return isOfPatches
    ? `python_full_version ${operator} "${minor}.0"`
    : `python_version ${operator} "${minor}"`;
}
