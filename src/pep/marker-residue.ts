/** Markers and the extras in them: which one all depends on, and what is left once it is known which are asked for. */
import type { Marker, MarkerEnvironment } from '../types.ts';
import { evaluateMarker, formatMarker, markerExtras } from './marker.ts';

const texts = new WeakMap<Marker, Map<string, string | null>>();

/** The text of a marker without its comparisons of `extra`, those taken as answered; null where nothing else is left. */
export function formatWithoutExtras(
  marker: Marker,
  extras: readonly string[],
  markers: MarkerEnvironment,
): string | null {
  // Asked again for every version that is tried.
  const known = texts.get(marker) ?? new Map<string, string | null>();
  texts.set(marker, known);
  const key = extras.join();
  const text = known.get(key);
  if (text !== undefined) return text;
  const left = residueOf(marker, extras, markers);
  const formatted = typeof left === 'boolean' ? null : formatMarker(left);
  known.set(key, formatted);
  return formatted;
}

/** `true` and `false` where the extras alone decide. */
function residueOf(
  marker: Marker,
  extras: readonly string[],
  markers: MarkerEnvironment,
): Marker | boolean {
  if (marker.kind === 'compare')
    return markerExtras(marker).length > 0 ? evaluateMarker(marker, markers, extras) : marker;
  const decides = marker.kind === 'or';
  const left: Marker[] = [];
  for (const operand of marker.operands) {
    const residue = residueOf(operand, extras, markers);
    if (residue === decides) return decides;
    if (typeof residue !== 'boolean') left.push(residue);
  }
  const [only, ...others] = left;
  if (only === undefined) return !decides;
  return others.length === 0 ? only : { kind: marker.kind, operands: left };
}

/** The extra without which a marker never holds, null where there is none: `a` of `extra == "a" and os_name == "nt"`. */
export function extraOfAll(marker: Marker): string | null {
  if (marker.kind === 'compare') {
    const [extra = null] = markerExtras(marker);
    return marker.operator === '==' ? extra : null;
  }
  const extras = marker.operands.map(extraOfAll);
  if (marker.kind === 'and') return extras.find((extra) => extra !== null) ?? null;
  const [first = null] = extras;
  return extras.every((extra) => extra === first) ? first : null;
}
