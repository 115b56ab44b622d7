/** Parts that the sections of the audit report share: heading, row, place, names that fit. */
import type { Finding, PackageRow } from '../types.ts';
import { formatBytes, formatCount, formatLocation } from './format.ts';
import { isLowerBound, type View } from './headline.ts';
import { displayWidth, padEnd, padStart, truncate, wrap } from './text-width.ts';

/** Text under a section's word, and the word itself in eight columns. */
export const INDENT = 8;

/** Widths that the rows of one section share. */
export interface Columns {
  readonly name: number;
  readonly version: number;
  readonly place: number;
}

/** One package of a section. */
export interface SectionRow {
  readonly name: string;
  readonly version: string;
  readonly place: string;
  /** What is said of it: the first text that has room beside the place is shown. */
  readonly texts: readonly string[];
}

/** Columns wide enough for these rows; one that is far longer than the others does not widen all. */
export function measureColumns(rows: readonly SectionRow[]): Columns {
  const widest = (texts: readonly string[], least: number, most: number): number =>
    Math.max(least, ...texts.map(displayWidth).filter((width) => width <= most));
  const versions = rows.map((row) => row.version);
  return {
    name: widest(
      rows.map((row) => row.name),
      10,
      24,
    ),
    version: versions.every((version) => version === '') ? 0 : widest(versions, 5, 12),
    place: widest(
      rows.map((row) => row.place),
      10,
      44,
    ),
  };
}

/** Name, version, place and text on one line; where they have no room, the text and then the place move below. */
export function renderRow(row: SectionRow, columns: Columns, width: number): readonly string[] {
  const version = columns.version === 0 ? '' : `  ${padEnd(row.version, columns.version)}`;
  const cells = `  ${padEnd(truncate(row.name, width - 4), columns.name)}${version}`;
  for (const text of row.texts) {
    const line = `${cells}  ${padEnd(row.place, columns.place)}  ${text}`.trimEnd();
    if (displayWidth(line) <= width) return [line];
  }
  const [text = ''] = row.texts;
  const short = `${cells}  ${row.place}`;
  const below = wrap(text.trim(), width - 6).map((line) => `      ${line}`);
  if (displayWidth(short) <= width) return [short, ...below];
  const place = shortenPlace(row.place, width - 6);
  return [truncate(cells.trimEnd(), width), `      ${place}`, ...below];
}

/** `REMOVE  declared, never imported                 frees 4.79 GB`. */
export function renderHeading(
  word: string,
  title: string,
  findings: readonly Finding[],
  { options, rowByName }: View,
): string {
  let bytes = 0;
  for (const finding of findings) bytes += finding.savedInstalledBytes ?? 0;
  const known = findings.some((finding) => finding.savedInstalledBytes !== null);
  const unsure = findings.some((finding) => isLowerBound(finding, rowByName));
  const amount = known
    ? `frees ${unsure ? '≥ ' : ''}${formatBytes(bytes, options.units)}`
    : 'frees ?';
  return `${word}${title}${padStart(amount, Math.min(options.width, 80) - INDENT - displayWidth(title))}`;
}

/** Where a package of a finding is declared, the file that is weighed first: `requirements.txt:12 +1`. */
export function placeOf(name: string, finding: Finding, { document }: View): string {
  const primary = new Set(document.inputs.filter((input) => input.primary).map(({ path }) => path));
  const declared = document.declared.filter(
    (row) =>
      row.name === name &&
      finding.locations.some((other) => other.path === row.path && other.line === row.line),
  );
  const places = [...new Set(declared.map(formatLocation))];
  const weighed = declared.find(({ path }) => primary.has(path));
  const [first = finding.locations[0]] = weighed === undefined ? declared : [weighed];
  if (first === undefined) return '';
  const others = places.length - 1;
  return `${formatLocation(first)}${others > 0 ? ` +${others}` : ''}`;
}

/** `… and 38 more packages, 9 MB (--all lists them)`, dim; nothing when nothing was left out. */
export function renderLeftOut(
  count: number,
  noun: string,
  bytes: number,
  { options, painter }: View,
): readonly string[] {
  if (count === 0) return [];
  const size = bytes > 0 ? `, ${formatBytes(bytes, options.units)}` : '';
  return [painter.dim(`  … and ${formatCount(count, `more ${noun}`)}${size} (--all lists them)`)];
}

/** What the names take by themselves, as far as it is known. */
export function bytesOfNames(
  names: readonly string[],
  rowByName: ReadonlyMap<string, PackageRow>,
): number {
  let bytes = 0;
  for (const name of names) bytes += rowByName.get(name)?.installedBytes ?? 0;
  return bytes;
}

/** Names after some words; `hidden` more are known only by their number. */
interface NameList {
  readonly lead: string;
  readonly names: readonly string[];
  readonly hidden?: number;
}

/** `a, b, c and 7 more`: as many of the names as have room in `most` lines. */
export function listFitting(list: NameList, width: number, most: number): string {
  const { lead, names, hidden = 0 } = list;
  const say = (count: number): string => {
    const left = names.length - count + hidden;
    return `${lead}${names.slice(0, count).join(', ')}${left > 0 ? ` and ${left} more` : ''}`;
  };
  let count = names.length;
  while (count > 1 && wrap(say(count), width).length > most) count -= 1;
  return say(count);
}

/** At most `most` lines; the last ends in `…` when words were left out. */
export function clip(text: string, width: number, most: number): readonly string[] {
  const lines = wrap(text, width);
  if (lines.length <= most) return lines;
  const last = truncate(lines.slice(most - 1).join(' '), width - 2);
  // Cut at a word, so that no half name is read for a whole one.
  return [...lines.slice(0, most - 1), last.replace(/,? [^ ]*…$/, ' …')];
}

/** A word in the first columns and text that hangs beside it. */
export function hang(word: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) =>
    index === 0 ? `${word}${line}` : `${' '.repeat(INDENT)}${line}`,
  );
}

/** A place with folders left out from the left until it fits: `…/pages/analytics.py:4 (optional)`. */
export function shortenPlace(text: string, width: number): string {
  if (displayWidth(text) <= width) return text;
  const [path = '', ...remark] = text.split(' ');
  const folders = path.split('/');
  for (let index = 1; index < folders.length; index += 1) {
    const short = ['…', ...folders.slice(index)].join('/');
    const cut = [short, ...remark].join(' ');
    if (displayWidth(cut) <= width) return cut;
  }
  // The end of a name says more than its beginning: the line, and why.
  let cut = text;
  while (displayWidth(cut) > width) cut = `…${Array.from(cut).slice(2).join('')}`;
  return cut;
}
