/**
 * Names that a later index has too. The first index that has a name gives it, as in uv; pip mixes all of them and takes the
 * highest version, so that whoever can put a namesake on one of them decides what is installed (dependency confusion).
 */
import type { DistributionName, Warning } from '../types.ts';

/** A name on several indexes; addresses are without credentials, null is the default index. */
export interface Namesake {
  readonly name: DistributionName;
  readonly index: string | null;
  readonly others: readonly (string | null)[];
}

const mostNames = 6;

/** One warning for each pair of indexes. */
export function warnOfNamesakes(namesakes: readonly Namesake[]): readonly Warning[] {
  const pairs = new Map<string, { readonly names: string[]; readonly places: string }>();
  for (const { name, index, others } of namesakes) {
    for (const other of others) {
      const places = `${nameOf(index)} and on ${nameOf(other)}`;
      const pair = pairs.get(places) ?? { names: [], places };
      pair.names.push(name);
      pairs.set(places, pair);
    }
  }
  return [...pairs.values()].map(({ names, places }) => {
    const verb = names.length === 1 ? 'is' : 'are';
    const message = `${listOf(names.toSorted())} ${verb} on ${places}: taken from the first, as uv does; pip would take the highest version of both`;
    return { code: 'several-indexes', message };
  });
}

function nameOf(index: string | null): string {
  return index ?? 'PyPI';
}

function listOf(names: readonly string[]): string {
  if (names.length === 1) return names.join('');
  const last = names.at(-1) ?? '';
  if (names.length <= mostNames) return `${names.slice(0, -1).join(', ')} and ${last}`;
  return `${names.slice(0, mostNames).join(', ')} and ${names.length - mostNames} more`;
}
