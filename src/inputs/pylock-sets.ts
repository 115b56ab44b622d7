/** Markers of pylock.toml that ask for sets (`'dev' in dependency_groups`), for sets that are chosen (PEP 751). */
import type { Marker } from '../types.ts';

/** What is left of a marker once the sets are known: a marker of the target, or that it always or never holds. */
export type SettledMarker = Marker | boolean;

/** Answers every comparison with `extras` and `dependency_groups`; names are normalised. */
export function settleSets(marker: Marker, chosen: ReadonlySet<string>): SettledMarker {
  if (marker.kind === 'compare') return settleComparison(marker, chosen);
  const decisive = marker.kind === 'or';
  const operands: Marker[] = [];
  for (const operand of marker.operands) {
    const settled = settleSets(operand, chosen);
    if (settled === decisive) return decisive;
    if (typeof settled !== 'boolean') operands.push(settled);
  }
  const [only] = operands;
  if (only === undefined) return !decisive;
  return operands.length === 1 ? only : { ...marker, operands };
}

function settleComparison(
  marker: Extract<Marker, { readonly kind: 'compare' }>,
  chosen: ReadonlySet<string>,
): SettledMarker {
  const { left, operator, right } = marker;
  const asks =
    right.kind === 'variable' && (right.name === 'extras' || right.name === 'dependency_groups');
  if (!asks || left.kind !== 'literal') return marker;
  if (operator === 'in') return chosen.has(left.value);
  return operator === 'not in' && !chosen.has(left.value);
}
