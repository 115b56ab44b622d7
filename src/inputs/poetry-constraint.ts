/**
 * Version constraints of Poetry to PEP 440 specifiers and markers.
 *
 * Traps: `^0.2` keeps the first part that is not 0; `~1` is `<2` but `~1.2` is `<1.3`; a bare version means `==`; blanks mean
 * "and" as commas do; `||` has no counterpart in one specifier set.
 */

/** Specifiers, `''` for any version. `approximate`: alternatives (`||`) were widened to the range that holds them all. */
export interface PoetryConstraint {
  readonly specifiers: string;
  readonly approximate: boolean;
}

/** Converts a constraint on a version. Text that is none of Poetry's forms is passed on for the PEP 440 parser to judge. */
export function convertPoetryConstraint(text: string): PoetryConstraint {
  const alternatives = text.split(/\s*\|\|?\s*/).map(convertAlternative);
  const [only = ''] = alternatives;
  if (alternatives.length === 1) return { specifiers: only, approximate: false };
  return { specifiers: widen(alternatives), approximate: true };
}

/** The marker of a constraint on Python, null where any version will do. */
export function poetryPythonMarker(text: string): string | null {
  const alternatives = text.split(/\s*\|\|?\s*/).map((alternative) =>
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
    .join(',');
}

function convertClause(clause: string): string {
  if (clause.startsWith('^')) return caret(clause.slice(1));
  if (clause.startsWith('~=')) return clause;
  if (clause.startsWith('~')) return tilde(clause.slice(1));
  if (/^=[^=]/.test(clause)) return `=${clause}`;
  return /^[<>=!]/.test(clause) ? clause : `==${clause}`;
}

function caret(version: string): string {
  const parts = releaseOf(version);
  if (parts.length === 0) return `^${version}`;
  const kept = parts.findIndex((part) => part !== 0);
  return `>=${version},<${bump(parts, kept === -1 ? parts.length - 1 : kept)}`;
}

function tilde(version: string): string {
  const parts = releaseOf(version);
  if (parts.length === 0) return `~${version}`;
  return `>=${version},<${bump(parts, Math.min(1, parts.length - 1))}`;
}

function releaseOf(version: string): readonly number[] {
  const match = /^v?(\d+(?:\.\d+)*)/.exec(version);
  return match?.[1] === undefined ? [] : match[1].split('.').map(Number);
}

function bump(parts: readonly number[], index: number): string {
  const head = parts.slice(0, index + 1);
  head[index] = (head[index] ?? 0) + 1;
  if (head.length === 1) head.push(0);
  return head.join('.');
}

// From the lowest lower bound to the highest upper bound; a bound that one alternative lacks is no bound.
function widen(alternatives: readonly string[]): string {
  const bounds = alternatives.map((alternative) => {
    const clauses = alternative.split(',').filter((clause) => clause !== '');
    const exact = clauses.find((clause) => clause.startsWith('==') && !clause.includes('*'));
    return {
      lower: exact?.replace('==', '>=') ?? clauses.find((clause) => clause.startsWith('>')),
      upper: exact?.replace('==', '<=') ?? clauses.find((clause) => clause.startsWith('<')),
    };
  });
  const lowers = bounds.map(({ lower }) => lower);
  const uppers = bounds.map(({ upper }) => upper);
  const chosen = [pick(lowers, -1), pick(uppers, 1)];
  return chosen.filter((clause) => clause !== null).join(',');
}

function pick(clauses: readonly (string | undefined)[], direction: 1 | -1): string | null {
  let best: string | null = null;
  for (const clause of clauses) {
    if (clause === undefined) return null;
    if (best === null || compareReleases(clause, best) * direction > 0) best = clause;
  }
  return best;
}

function compareReleases(a: string, b: string): number {
  const left = releaseOf(a.replace(/^[<>=]+/, ''));
  const right = releaseOf(b.replace(/^[<>=]+/, ''));
  for (let index = 0; index < Math.max(left.length, right.length); index++) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

// `python_version` has two parts; a bound with a patch needs `python_full_version`.
function toPythonMarker(clause: string): string {
  const match = /^([<>=!~]+)(.*)$/.exec(clause);
  const operator = match?.[1] ?? '==';
  const version = match?.[2] ?? clause;
  const wildcard = version.endsWith('.*');
  const bare = wildcard ? version.slice(0, -2) : version;
  const parts = bare.split('.').length;
  if (wildcard && parts === 2) return `python_version ${operator} "${bare}"`;
  const variable = wildcard || parts > 2 ? 'python_full_version' : 'python_version';
  if (parts === 1 && !wildcard) return `${variable} ${operator} "${bare}.0"`;
  return `${variable} ${operator} "${version}"`;
}
