/** What `compare` prints of two inputs: both totals, the difference, and what makes it. */
import type { InputsDocument } from '../types.ts';
import { renderChanged, renderPackages } from './change-rows.ts';
import { formatBytes, formatChange, formatCountChange, formatTarget } from './format.ts';
import type { View } from './headline.ts';
import { displayWidth, padEnd, padStart, truncate } from './text-width.ts';

/** The rows of both inputs and of the difference; then what comes, what goes and what changes, heaviest first. */
export function renderInputs(document: InputsDocument, view: View): readonly (readonly string[])[] {
  const { painter } = view;
  const { added, removed, changed } = document;
  return [
    [painter.bold(`for ${formatTarget(document.target)}`)],
    renderTotals(document, view),
    renderPackages(painter.bold('Only in the second'), added, view),
    renderPackages(painter.bold('Only in the first'), removed, view),
    renderChanged(painter.bold('In other versions'), changed, view),
    added.length + removed.length + changed.length === 0
      ? ['The same packages in the same versions.']
      : [],
  ];
}

function renderTotals(
  { targets, difference }: InputsDocument,
  { options, painter }: View,
): readonly string[] {
  const size = (bytes: number, lower: boolean): string =>
    `${lower ? '≥ ' : ''}${formatBytes(bytes, options.units)}`;
  const rows = targets.map(({ input = '', totals }) => [
    input,
    size(totals.downloadBytes, totals.lowerBound),
    size(totals.installedBytes, totals.lowerBound),
    String(totals.packages),
  ]);
  const { downloadBytes, downloadBound, installedBytes, installedBound, packages } = difference;
  const last = [
    'difference',
    formatChange(downloadBytes, downloadBound, options.units),
    formatChange(installedBytes, installedBound, options.units),
    formatCountChange(packages),
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
