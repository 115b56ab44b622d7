/** Where every requirement has a hash, pip asks for one of everything that these bring in as well. */
import type { DeclaredRequirement, ResolvedGraph, Warning } from '../types.ts';

const mostNames = 6;

/** What such a set needs and does not list: the sizes hold, and pip refuses to install it. */
export function warnOfUnlisted(
  requirements: readonly DeclaredRequirement[],
  { distributions }: Pick<ResolvedGraph, 'distributions'>,
): readonly Warning[] {
  const hashed = requirements.filter(({ source }) => source === 'index' || source === 'url');
  if (hashed.length === 0 || hashed.some(({ hashes }) => hashes.length === 0)) return [];
  const listed = new Set(requirements.map(({ requirement }) => requirement.name));
  const names = distributions.flatMap(({ name }) => (listed.has(name) ? [] : [name]));
  if (names.length === 0) return [];
  const more = names.length > mostNames ? ` and ${names.length - mostNames} more` : '';
  const verb = names.length === 1 ? 'is' : 'are';
  const message = `${names.slice(0, mostNames).join(', ')}${more} ${verb} needed and not listed, so without a hash: pip refuses a set whose other lines have hashes`;
  return [{ code: 'missing-hash', message }];
}
