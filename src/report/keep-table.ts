import Table from 'cli-table3';
import type { DeclaredRow, PackageRow } from '../types.ts';
import type { Columns } from './finding-sections.ts';
import { formatBytes, formatCount, formatLocation, formatSize, isSaving } from './format.ts';
import type { View } from './headline.ts';
import { compareBytes, compareText } from './order.ts';
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

/** `KEEP`: what stays, by what leaves if it is dropped: itself, only for it, shared, and why it stays. */
export function renderKeep(
  view: View,
  kept: readonly PackageRow[],
  columns: Columns,
): readonly string[] {
  if (kept.length === 0) return [];
  const { painter, options } = view;
  const shown = options.all ? kept : kept.slice(0, MOST_ROWS);
  const table = new Table({
    chars: BORDERLESS,
    style: { 'padding-left': 0, 'padding-right': 0, head: [], border: [] },
    colAligns: isNarrow(view)
      ? ['left', 'right', 'right', 'right', 'left']
      : ['left', 'left', 'right', 'right', 'right', 'left'],
  });
  const head = [
    '',
    '',
    'itself',
    padStart('only for it', 12),
    padStart('shared', 7),
    'why it stays',
  ];
  // `needed by NAME too` spans two of them: 12 and 7 columns, and the gap.
  table.push(isNarrow(view) ? head.toSpliced(1, 1) : head);
  for (const row of shown) {
    const cells = cellsOf(row, view, columns);
    table.push(isNarrow(view) ? cells.toSpliced(1, 1) : cells);
  }
  const lines = table
    .toString()
    .split('\n')
    .map((line) => `  ${line.trimEnd()}`);
  const left = kept.slice(shown.length);
  return [
    `${painter.bold(padEnd('KEEP', 8))}what stays, by what leaves if you drop it`,
    ...lines,
    ...(left.length === 0 ? [] : [painter.dim(`  ${describeRest(left, view)}`)]),
  ];
}

/** Below 72 columns the versions have no room. */
function isNarrow({ options }: View): boolean {
  return options.width < 72;
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
  middle: '  ',
};

type Cell =
  | string
  | { readonly content: string; readonly colSpan: number; readonly hAlign: 'left' };

function cellsOf(row: PackageRow, view: View, columns: Columns): Cell[] {
  const { units, width } = view.options;
  const name = padEnd(truncate(row.name, columns.name), columns.name);
  const version = padEnd(truncate(row.version, columns.version), columns.version);
  const itself = formatSize(row.installedBytes, units);
  // What the columns before it take, with their gaps.
  const room = Math.max(width - columns.name - (isNarrow(view) ? 0 : columns.version + 2) - 38, 12);
  const why = truncatePath(whyItStays(row, view), room);
  const holders = holdersOf(row, view);
  if (row.exclusiveBytes === 0 && holders.length > 0) {
    const content = view.painter.dim(truncate(`needed by ${holders[0] ?? ''} too`, 21));
    return [name, version, itself, { content, colSpan: 2, hAlign: 'left' }, why];
  }
  const difference = (whole: number | null, part: number | null): string =>
    whole === null || part === null ? '?' : formatBytes(Math.max(whole - part, 0), units);
  return [
    name,
    version,
    itself,
    difference(row.exclusiveBytes, row.installedBytes),
    difference(row.subtreeBytes, row.exclusiveBytes),
    why,
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

/** The end of a path says more than its beginning. */
function truncatePath(text: string, width: number): string {
  let cut = text;
  while (displayWidth(cut) > width) cut = `…${Array.from(cut).slice(2).join('')}`;
  return cut;
}

function whyItStays(row: PackageRow, { document }: View): string {
  const declared = document.declared.filter((other) => other.name === row.name);
  const used =
    declared.find(({ verdict }) => verdict !== 'unknown' && verdict !== 'unused') ?? declared[0];
  if (used === undefined) return '';
  const [first] = used.evidence;
  const place = first === undefined ? '' : formatLocation(first);
  const word = VERDICT_WORDS[used.verdict];
  if (first === undefined) return word === '' ? 'used' : word;
  // `import numpy` says no more than the name; `CMD` does.
  const note = /^(import|from) /.test(first.note) || first.note.length > 14 ? '' : first.note;
  const remark = [word, note].filter((part) => part !== '').join(', ');
  return remark === '' ? place : `${place} (${remark})`;
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
  const lower = rows.some((row) => !row.known) ? '≥ ' : '';
  const size = `${lower}${formatBytes(bytes, options.units)}`;
  return `… and ${formatCount(rows.length, 'more package')}, ${size} (--all lists them)`;
}
