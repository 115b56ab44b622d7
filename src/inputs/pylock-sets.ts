/** Markers of pylock.toml that ask for sets (`'dev' in dependency_groups`), for sets that are chosen (PEP 751). */
import { settleMarker, type MarkerComparison, type SettledMarker } from '../pep/settle-marker.ts';
import type { Marker } from '../types.ts';

/** Answers every comparison with `extras` and `dependency_groups`; names are normalised. */
export function settleSets(marker: Marker, chosen: ReadonlySet<string>): SettledMarker {
  return settleMarker(marker, (comparison) => answerSet(comparison, chosen));
}

function answerSet(
  { left, operator, right }: MarkerComparison,
  chosen: ReadonlySet<string>,
): boolean | null {
  const asks =
    right.kind === 'variable' && (right.name === 'extras' || right.name === 'dependency_groups');
  if (!asks || left.kind !== 'literal') return null;
  if (operator === 'in') return chosen.has(left.value);
  return operator === 'not in' && !chosen.has(left.value);
}
