import { findPreset } from '../budget/presets.ts';
import type { PlaceRow } from '../types.ts';
import { formatBytes, formatLocation, formatPercent, formatTarget } from './format.ts';
import type { View } from './headline.ts';
import { INDENT, measureColumns, renderRow, type SectionRow } from './section-parts.ts';
import { padEnd, wrap } from './text-width.ts';

/** Where there is room for almost anything, what takes little of it is not worth a line. */
const NOTICEABLE: Readonly<Record<string, number>> = {
  'aws-lambda-image': 0.25,
  'github-runner': 0.25,
};

/** Places that do not take it, and of the others the nearest to its limit. */
function shownPlaces({ document, options }: View): readonly PlaceRow[] {
  const places = document.places ?? [];
  if (options.all) return places;
  const missed = places.filter(isMissed);
  const nearest = places.find(
    (one) => !isMissed(one) && (one.actual ?? 0) >= one.limit * (NOTICEABLE[one.key] ?? 0),
  );
  // Functions on other machines are each a place of their own.
  const others = places.filter((one) => !isMissed(one) && one.key === nearest?.key);
  return [...missed, ...others];
}

/** It is too much, or cannot be installed there at all. */
function isMissed({ status, actual }: PlaceRow): boolean {
  return status === 'failed' || actual === null;
}

/** `PLACE`: whether it takes what is installed, and what else it counts. */
export function renderPlaces(view: View): readonly string[] {
  const { options, painter } = view;
  const shown = shownPlaces(view);
  if (shown.length === 0) return [];
  const paint = shown.some(isMissed) ? painter.red : painter.cyan;
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
  if (row === undefined || isMissed(row)) return '';
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

function describe(row: PlaceRow, { options }: View): string {
  const { actual, limit, status, measure } = row;
  if (actual === null) return `✗ ? of ${formatBytes(limit, options.units)}`;
  const value = actual;
  const about = measure === 'download' ? '≈ ' : '';
  const bound = row.upperBound === true ? 'at most ' : 'at least ';
  const isBound = status === 'unknown' || row.upperBound === true;
  const least = isBound ? bound : about;
  const pair = `${least}${formatBytes(value, options.units)} of ${formatBytes(limit, options.units)}`;
  if (status === 'failed') return `✗ ${pair}`;
  return status === 'unknown' ? `? ${pair}` : `✓ ${pair} (${formatPercent(value, limit)})`;
}

/** The machine where it is another one, and whatever is to be known of the figure. */
function describeCaveat(row: PlaceRow, view: View): string {
  const machine = formatTarget(row.target);
  const isOther = machine !== formatTarget(view.document.target);
  return [...(isOther ? [`for ${machine}`] : []), ...row.notes, ...describeRoom(row, view)].join(
    '; ',
  );
}

/** Nothing where there is room for whatever else the place counts. */
function describeRoom(row: PlaceRow, { options }: View): readonly string[] {
  const { key, status, actual, limit, remaining, measure } = row;
  if (actual === null || (status === 'passed' && actual < limit / 2)) return [];
  const estimate = measure === 'download' ? ['it compresses by itself: this is an estimate'] : [];
  if (status !== 'failed') {
    const counts = findPreset(key)?.counts ?? '';
    return [
      ...(actual >= limit / 2 ? [`it also counts ${counts}`] : []),
      ...estimate,
      ...(status === 'unknown' && row.upperBound !== true ? ['unknown sizes come on top'] : []),
    ];
  }
  const over = `over by ${formatBytes(actual - limit, options.units)}`;
  const left = remaining ?? actual;
  const stays = formatBytes(left, options.units);
  const verdict = left > limit ? 'still too much' : 'which fits';
  const way = left < actual ? [`what the product needs is ${stays}, ${verdict}`] : [];
  return [over, ...way, ...estimate];
}
