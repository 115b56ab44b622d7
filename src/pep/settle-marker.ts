/** What is left of a marker once some of its comparisons are answered. */
import type { Marker } from '../types.ts';

/** One comparison of a marker. */
export type MarkerComparison = Extract<Marker, { readonly kind: 'compare' }>;

/** What is left of a marker: one of what is still open, or that it always or never holds. */
export type SettledMarker = Marker | boolean;

/** Puts answers in the place of comparisons; `answer` gives null for one that stays open. */
export function settleMarker(
  marker: Marker,
  answer: (comparison: MarkerComparison) => boolean | null,
): SettledMarker {
  if (marker.kind === 'compare') return answer(marker) ?? marker;
  const decisive = marker.kind === 'or';
  const operands: Marker[] = [];
  for (const operand of marker.operands) {
    const settled = settleMarker(operand, answer);
    if (settled === decisive) return decisive;
    if (typeof settled !== 'boolean') operands.push(settled);
  }
  const [only] = operands;
  if (only === undefined) return !decisive;
  return operands.length === 1 ? only : { ...marker, operands };
}
