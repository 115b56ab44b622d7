/** What `compare` prints of two inputs: both totals, the difference, and what makes it. */
import type { InputsDocument, PackageWeight } from '../types.ts';
import { formatBytes, formatCount, formatSize, formatTarget } from './format.ts';
import type { View } from './headline.ts';
import { compareBytes, compareText } from './order.ts';
import { displayWidth, padEnd, padStart, truncate } from './text-width.ts';

const MOST_ROWS = 10;

/** The rows of both inputs and of the difference; then what comes, what goes and what changes, heaviest first. */
export function renderInputs(document: InputsDocument, view: View): readonly (readonly string[])[] {
  const { painter } = view;
  const { added, removed, changed } = document;
  return [
    [painter.bold(`for ${formatTarget(document.target)}`)],
    renderTotals(document, view),
    renderPackages('Only in the second', added, view),
    renderPackages('Only in the first', removed, view),
    renderChanged(changed, view),
    added.length + removed.length + changed.length === 0
      ? ['The same packages in the same versions.']
      : [],
  ];
}

function renderTotals(
  { targets, before, after }: InputsDocument,
  { options, painter }: View,
): readonly string[] {
  const bound = before.lowerBound || after.lowerBound ? '≥ ' : '';
  const size = (bytes: number, lower: boolean): string =>
    `${lower ? '≥ ' : ''}${formatBytes(bytes, options.units)}`;
  const rows = targets.map(({ input = '', totals }) => [
    input,
    size(totals.downloadBytes, totals.lowerBound),
    size(totals.installedBytes, totals.lowerBound),
    String(totals.packages),
  ]);
  const signed = (difference: number, text: string): string =>
    difference === 0 ? '0' : `${bound === '' ? '' : '~ '}${difference < 0 ? '−' : '+'}${text}`;
  const change = (one: 'downloadBytes' | 'installedBytes'): string =>
    signed(
      after[one] - before[one],
      formatBytes(Math.abs(after[one] - before[one]), options.units),
    );
  const packages = after.packages - before.packages;
  const last = [
    'difference',
    change('downloadBytes'),
    change('installedBytes'),
    signed(packages, String(Math.abs(packages))),
  ];
  const heads = ['', 'download', 'installed', 'packages'];
  const all = [heads, ...rows, last];
  const widths = heads.map((_, at) => Math.max(...all.map((row) => displayWidth(row[at] ?? ''))));
  const name = Math.min(
    widths[0] ?? 0,
    options.width - 2 - widths.slice(1).reduce((a, b) => a + b + 2, 0),
  );
  const line = ([first = '', ...cells]: readonly string[]): string =>
    `  ${padEnd(truncate(first, name), name)}${cells
      .map((cell, at) => `  ${padStart(cell, widths[at + 1] ?? 0)}`)
      .join('')}`;
  return [painter.dim(line(heads)), ...rows.map(line), painter.bold(line(last))];
}

function renderPackages(
  title: string,
  packages: readonly PackageWeight[],
  { options, painter }: View,
): readonly string[] {
  if (packages.length === 0) return [];
  const rows = packages.toSorted(
    (a, b) => compareBytes(a.installedBytes, b.installedBytes) || compareText(a.name, b.name),
  );
  const bytes = rows.reduce((sum, { installedBytes }) => sum + (installedBytes ?? 0), 0);
  const lower = rows.some(({ installedBytes }) => installedBytes === null) ? '≥ ' : '';
  const shown = options.all ? rows : rows.slice(0, MOST_ROWS);
  const left = rows.length - shown.length;
  const labels = shown.map(({ name, version }) =>
    truncate(`${name} ${version}`, options.width - 14),
  );
  const width = Math.max(...labels.map(displayWidth));
  return [
    `${painter.bold(title)}  ${formatCount(rows.length, 'package')}, ${lower}${formatBytes(bytes, options.units)}`,
    ...shown.map(
      (row, at) =>
        `  ${padEnd(labels[at] ?? '', width)}  ${padStart(formatSize(row.installedBytes, options.units), 9)}`,
    ),
    ...(left > 0
      ? [painter.dim(`  … and ${formatCount(left, 'more package')} (--all lists them)`)]
      : []),
  ];
}

function renderChanged(
  changed: InputsDocument['changed'],
  { options, painter }: View,
): readonly string[] {
  if (changed.length === 0) return [];
  const weight = (row: InputsDocument['changed'][number]): number =>
    Math.abs((row.after.installedBytes ?? 0) - (row.before.installedBytes ?? 0));
  const rows = changed.toSorted((a, b) => weight(b) - weight(a) || compareText(a.name, b.name));
  const shown = options.all ? rows : rows.slice(0, MOST_ROWS);
  const left = rows.length - shown.length;
  const size = (row: PackageWeight): string => formatSize(row.installedBytes, options.units);
  return [
    `${painter.bold('In other versions')}  ${formatCount(rows.length, 'package')}`,
    ...shown.map(({ name, before, after }) =>
      truncate(
        `  ${name} ${before.version} → ${after.version}  ${size(before)} → ${size(after)}`,
        options.width,
      ),
    ),
    ...(left > 0
      ? [painter.dim(`  … and ${formatCount(left, 'more package')} (--all lists them)`)]
      : []),
  ];
}
