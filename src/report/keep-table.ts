import Table from 'cli-table3';
import type { DeclaredRow, PackageRow } from '../types.ts';
import { formatBytes, formatCount, formatLocation, formatSize, isSaving } from './format.ts';
import type { View } from './headline.ts';
import { compareBytes, compareText } from './order.ts';
import { INDENT, shortenPlace } from './section-parts.ts';
import { displayWidth, padEnd, padStart, truncate } from './text-width.ts';

const MOST_ROWS = 7;

/** The declared packages that stay, heaviest to drop first. */
export function keptPackages({ document, packages }: View): readonly PackageRow[] {
  const leaving = new Set(
    document.findings.filter(isSaving).flatMap((finding) => finding.packages),
  );
  return packages
    .filter((row) => row.direct && !leaving.has(row.name))
    .toSorted(
      (a, b) =>
        compareBytes(a.exclusiveBytes, b.exclusiveBytes) ||
        compareBytes(a.installedBytes, b.installedBytes) ||
        compareText(a.name, b.name),
    );
}

/** Columns that the table has room for, with their widths. */
interface Layout {
  readonly name: number;
  /** 0: no column. */
  readonly version: number;
  /** What is only for it, or who needs it too. */
  readonly only: number;
  /** What all that the package needs and others need too takes. */
  readonly shared: boolean;
  /** Columns left for why it stays. */
  readonly why: number;
}

/** One row before it is laid out. */
interface Kept {
  readonly row: PackageRow;
  readonly why: string;
  /** The package that keeps it if it is dropped; null where there is none. */
  readonly holder: string | null;
}

/** `KEEP`: what stays, by what leaves if it is dropped: itself, only for it, shared, and why it stays. */
export function renderKeep(view: View, kept: readonly PackageRow[]): readonly string[] {
  // A table of question marks says nothing.
  if (kept.every((row) => !row.known)) return [];
  const { painter, options, document } = view;
  const shown = options.all ? kept : kept.slice(0, MOST_ROWS);
  const rows = shown.map((row) => ({
    row,
    why: whyItStays(row, view),
    holder: row.exclusiveBytes === 0 ? (holdersOf(row, view)[0] ?? null) : null,
  }));
  // Where no code was read, nothing says that it has to stay.
  const isRead = (document.scannedFiles ?? 0) > 0;
  const layout = chooseLayout(rows, options.width);
  const head = headOf(layout, isRead ? 'why it stays' : 'declared in');
  const table = new Table({
    chars: BORDERLESS,
    // One column of each gap is padding: a cell that spans two counts one for the gap inside it.
    style: { 'padding-left': 1, 'padding-right': 0, head: [], border: [] },
    colAligns: head.map((title) => (NUMBERS.has(title.trim()) ? 'right' : 'left')),
  });
  table.push(head);
  for (const row of rows) table.push(cellsOf(row, view, layout));
  const lines = table
    .toString()
    .split('\n')
    .map((line) => ` ${line.trimEnd()}`);
  const left = kept.slice(shown.length);
  const title = isRead ? 'what stays, by what leaves if you drop it' : 'what leaves if you drop it';
  return [
    `${painter.bold(padEnd(isRead ? 'KEEP' : 'WEIGHT', INDENT))}${title}`,
    ...lines,
    ...(left.length === 0 ? [] : [painter.dim(`  ${describeRest(left, view)}`)]),
  ];
}

const NUMBERS: ReadonlySet<string> = new Set(['itself', 'only for it', 'shared']);
const SIZE_COLUMN = 7;
const ONLY_COLUMN = 12;
/** ` too` after a name. */
const TOO = 4;

function headOf({ name, version, only, shared }: Layout, last: string): string[] {
  return [
    padEnd('', name),
    ...(version > 0 ? [padEnd('', version)] : []),
    padStart('itself', SIZE_COLUMN),
    padStart('only for it', only),
    ...(shared ? [padStart('shared', SIZE_COLUMN)] : []),
    last,
  ];
}

/** The first layout that shows every place whole; else the one with the most room for places. */
function chooseLayout(rows: readonly Kept[], width: number): Layout {
  const widest = (texts: readonly string[], least: number, most: number): number =>
    Math.min(Math.max(least, ...texts.map(displayWidth)), most);
  const version = widest(
    rows.map(({ row }) => row.version),
    5,
    10,
  );
  const name = widest(
    rows.map(({ row }) => row.name),
    10,
    24,
  );
  const layoutOf = (columns: Omit<Layout, 'why' | 'only'>): Layout => {
    let used = 2;
    const shared = columns.shared ? SIZE_COLUMN : 0;
    for (const column of [columns.name, columns.version, SIZE_COLUMN, ONLY_COLUMN, shared]) {
      used += column === 0 ? 0 : column + 2;
    }
    return { ...columns, only: ONLY_COLUMN, why: width - used };
  };
  const narrow = layoutOf({ name: Math.min(name, 18), version: 0, shared: false });
  const layouts = [
    layoutOf({ name, version, shared: true }),
    layoutOf({ name, version, shared: false }),
    layoutOf({ name, version: 0, shared: false }),
  ];
  const needed = Math.max(12, ...rows.map(({ why }) => displayWidth(why)));
  const layout = layouts.find(({ why }) => needed <= why) ?? narrow;
  if (layout.shared) return layout;
  const holders = rows.map(({ holder }) => (holder === null ? 0 : displayWidth(holder) + TOO));
  const spare = Math.max(Math.min(layout.why - needed, Math.max(0, ...holders) - ONLY_COLUMN), 0);
  return { ...layout, only: ONLY_COLUMN + spare, why: layout.why - spare };
}

const BORDERLESS = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
  left: '',
  'left-mid': '',
  mid: '',
  'mid-mid': '',
  right: '',
  'right-mid': '',
  middle: ' ',
};

type Cell =
  | string
  | { readonly content: string; readonly colSpan: number; readonly hAlign: 'left' };

function cellsOf({ row, why, holder }: Kept, view: View, layout: Layout): Cell[] {
  const { units } = view.options;
  const start = [
    padEnd(truncate(row.name, layout.name), layout.name),
    ...(layout.version > 0 ? [truncate(row.version, layout.version)] : []),
    formatSize(row.installedBytes, units),
  ];
  const end = shortenPlace(why, layout.why);
  if (holder !== null && layout.shared) {
    const room = layout.only + 2 + SIZE_COLUMN - 'needed by '.length - TOO;
    const content = view.painter.dim(`needed by ${truncate(holder, room)} too`);
    return [...start, { content, colSpan: 2, hAlign: 'left' }, end];
  }
  if (holder !== null) {
    return [...start, view.painter.dim(`${truncate(holder, layout.only - TOO)} too`), end];
  }
  const difference = (whole: number | null, part: number | null): string =>
    whole === null || part === null ? '?' : formatBytes(Math.max(whole - part, 0), units);
  return [
    ...start,
    difference(row.exclusiveBytes, row.installedBytes),
    ...(layout.shared ? [difference(row.subtreeBytes, row.exclusiveBytes)] : []),
    end,
  ];
}

/** The packages of this environment that need it, those that stay first. */
function holdersOf(row: PackageRow, { document, rowByName }: View): readonly string[] {
  const leaving = new Set(
    document.findings
      .filter(isSaving)
      .flatMap((finding) => [...finding.packages, ...finding.leaves]),
  );
  const holders = row.requiredBy.filter((holder) => rowByName.has(holder));
  return holders.toSorted((a, b) => Number(leaving.has(a)) - Number(leaving.has(b)));
}

function whyItStays(row: PackageRow, { document }: View): string {
  const declared = document.declared.filter((other) => other.name === row.name);
  const used =
    declared.find(({ verdict }) => verdict !== 'unknown' && verdict !== 'unused') ?? declared[0];
  if (used === undefined) return '';
  if ((document.scannedFiles ?? 0) === 0 && used.evidence.length === 0) return formatLocation(used);
  // An import says more than a mention in some configuration.
  const first = used.evidence.find(({ note }) => /^(import|from) /.test(note)) ?? used.evidence[0];
  const place = first === undefined ? '' : formatLocation(first);
  const word = VERDICT_WORDS[used.verdict];
  if (first === undefined) return word === '' ? 'used' : word;
  const note = shortNote(first.note);
  const remark = [word, note].filter((part) => part !== '').join(', ');
  return remark === '' ? place : `${place} (${remark})`;
}

/** `import numpy` says no more than the name; `CMD` does, and that the user wants it so. */
function shortNote(note: string): string {
  if (/^(?:# depweight: keep|kept by)/.test(note)) return 'kept';
  return /^(import|from) /.test(note) || note.length > 14 ? '' : note;
}

const VERDICT_WORDS: Readonly<Record<DeclaredRow['verdict'], string>> = {
  used: '',
  unused: 'unused?',
  'dev-only': 'development?',
  'type-only': 'types only',
  optional: 'optional',
  indirect: 'indirect',
  unknown: 'not known',
};

/** `… and 38 more packages, 9 MB (--all lists them)`, by what they take themselves. */
function describeRest(rows: readonly PackageRow[], { options }: View): string {
  let bytes = 0;
  for (const row of rows) bytes += row.installedBytes ?? 0;
  const unknown = rows.filter((row) => !row.known).length;
  const count = formatCount(rows.length, 'more package');
  if (unknown === rows.length) return `… and ${count} of unknown size (--all lists them)`;
  const size = `${unknown > 0 ? '≥ ' : ''}${formatBytes(bytes, options.units)}`;
  return `… and ${count}, ${size} (--all lists them)`;
}
