import { findPreset } from '../budget/presets.ts';
import type { PlaceRow } from '../types.ts';
import { formatBytes, formatLocation, formatPercent } from './format.ts';
import type { View } from './headline.ts';
import { INDENT, measureColumns, renderRow, type SectionRow } from './section-parts.ts';
import { padEnd, wrap } from './text-width.ts';

/** A workflow shows no place that the product goes to: what takes little of its disk is not worth a line. */
const NOTICEABLE: Readonly<Record<string, number>> = { 'github-runner': 0.25 };

/** Places that do not take it, and of the others the nearest to its limit. */
function shownPlaces({ document, options }: View): readonly PlaceRow[] {
  const places = document.places ?? [];
  if (options.all) return places;
  const missed = places.filter(({ status }) => status === 'failed');
  const nearest = places.find(
    ({ key, status, actual, limit }) =>
      status !== 'failed' && (actual ?? 0) >= limit * (NOTICEABLE[key] ?? 0),
  );
  return nearest === undefined ? missed : [...missed, nearest];
}

/** `PLACE`: whether it takes what is installed, and what else it counts. */
export function renderPlaces(view: View): readonly string[] {
  const { options, painter } = view;
  const shown = shownPlaces(view);
  if (shown.length === 0) return [];
  const isMissed = shown.some(({ status }) => status === 'failed');
  const paint = isMissed ? painter.red : painter.cyan;
  const rows = shown.map((row) => rowOf(row, view));
  const columns = measureColumns(rows);
  return [
    `${painter.bold(paint(padEnd('PLACE', INDENT)))}where the repository shows that it goes`,
    ...shown.flatMap((row) => [
      ...renderRow(rowOf(row, view), columns, options.width),
      ...wrap(describeCaveat(row, view), options.width - 6)
        .filter((line) => line !== '')
        .map((line) => painter.dim(`    ${line}`)),
    ]),
  ];
}

/** The same in one line for a report that has no sections; '' where there is nothing to say. */
export function notePlace(view: View): string {
  const [row] = shownPlaces(view);
  if (row === undefined || row.status === 'failed') return '';
  return `${describe(row, view)} of ${row.key} (${placeOf(row)})`;
}

function rowOf(row: PlaceRow, view: View): SectionRow {
  return { name: row.key, version: '', place: placeOf(row), texts: [describe(row, view)] };
}

function placeOf({ locations }: PlaceRow): string {
  const [first] = locations;
  if (first === undefined) return '';
  return `${formatLocation(first)}${locations.length > 1 ? ` +${locations.length - 1}` : ''}`;
}

function describe({ actual, limit, status, measure }: PlaceRow, { options }: View): string {
  const value = actual ?? 0;
  const about = measure === 'download' ? '≈ ' : '';
  const least = status === 'unknown' ? 'at least ' : about;
  const pair = `${least}${formatBytes(value, options.units)} of ${formatBytes(limit, options.units)}`;
  if (status === 'failed') return `✗ ${pair}`;
  return status === 'unknown' ? `? ${pair}` : `✓ ${pair} (${formatPercent(value, limit)})`;
}

/** Nothing where there is room for whatever else the place counts. */
function describeCaveat(row: PlaceRow, { options }: View): string {
  const { key, status, actual, limit, remaining, measure } = row;
  const value = actual ?? 0;
  if (status === 'passed' && value < limit / 2) return '';
  const estimate = measure === 'download' ? ['it compresses by itself: this is an estimate'] : [];
  if (status !== 'failed') {
    const isNear = value >= limit / 2;
    const counts = findPreset(key)?.counts ?? '';
    return [
      ...(isNear ? [`it also counts ${counts}`] : []),
      ...estimate,
      ...(status === 'unknown' ? ['unknown sizes come on top'] : []),
    ].join('; ');
  }
  const over = `over by ${formatBytes(value - limit, options.units)}`;
  const stays = formatBytes(remaining, options.units);
  const verdict = remaining > limit ? 'still too much' : 'which fits';
  const way = remaining < value ? [`what the product needs is ${stays}, ${verdict}`] : [];
  return [over, ...way, ...estimate].join('; ');
}
