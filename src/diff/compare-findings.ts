/** Findings of two sides, held against each other by what they are about. */
import type { Finding } from '../types.ts';

/**
 * Of the whole work tree, in which there is more than git knows of: what is in it by chance would be new each time. And
 * what only ranks.
 */
const NOT_COMPARED: ReadonlySet<Finding['rule']> = new Set(['build-context', 'heavy']);

/** What is found now and was not, and what was found and is no longer. Each in the order of its side. */
export function compareFindings(
  before: readonly Finding[],
  after: readonly Finding[],
): { readonly newFindings: readonly Finding[]; readonly solvedFindings: readonly Finding[] } {
  return { newFindings: without(after, before), solvedFindings: without(before, after) };
}

function without(findings: readonly Finding[], others: readonly Finding[]): readonly Finding[] {
  const counts = new Map<string, number>();
  for (const other of others) counts.set(keyOf(other), (counts.get(keyOf(other)) ?? 0) + 1);
  return findings.filter((finding) => {
    if (NOT_COMPARED.has(finding.rule)) return false;
    const key = keyOf(finding);
    const left = counts.get(key) ?? 0;
    counts.set(key, left - 1);
    return left <= 0;
  });
}

/** Lines move and bytes change without a finding being another one. */
function keyOf({ rule, packages, message, locations }: Finding): string {
  // The rest of a sentence has counts and names that change; it begins with what it is about.
  const subject = packages.length > 0 ? packages : [message.split(/:? /, 1)[0] ?? ''];
  const [place] = packages.length > 0 ? [] : locations;
  return JSON.stringify([rule, ...subject, place?.path ?? '']);
}
