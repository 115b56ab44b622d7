/** Rows that reports on two sides share: what comes, what goes and what changes, heaviest first. */
import type { PackageWeight, WeightChange } from '../types.ts';
import { formatBytes, formatChange, formatCount, formatSize, type Units } from './format.ts';
import type { View } from './headline.ts';
import { compareBytes, compareText } from './order.ts';
import { renderLeftOut, shortenPlace } from './section-parts.ts';
import { displayWidth, padEnd, padStart, truncate } from './text-width.ts';

type Changed = WeightChange['changed'][number];

/** Rows that are shown unless all are asked for. */
const MOST_ROWS = 10;
const SIZE_COLUMNS = 9;

/** Heaviest first. */
export function byWeight<T extends PackageWeight>(packages: readonly T[]): readonly T[] {
  return packages.toSorted(
    (a, b) => compareBytes(a.installedBytes, b.installedBytes) || compareText(a.name, b.name),
  );
}

/** What changes most first. */
export function byChange(changed: readonly Changed[]): readonly Changed[] {
  const weight = (row: Changed): number => Math.abs(bytesOf(row));
  return changed.toSorted((a, b) => weight(b) - weight(a) || compareText(a.name, b.name));
}

function bytesOf({ before, after }: Changed): number {
  return (after.installedBytes ?? 0) - (before.installedBytes ?? 0);
}

/** `+1.1 MB`, `?` where one of the two is not known. */
export function formatChanged({ before, after }: Changed, units: Units): string {
  if (before.installedBytes === null || after.installedBytes === null) return '?';
  return formatChange(after.installedBytes - before.installedBytes, 'exact', units);
}

/** `2 packages, 62 MB`. */
export function describePackages(packages: readonly PackageWeight[], units: Units): string {
  const bytes = packages.reduce((sum, { installedBytes }) => sum + (installedBytes ?? 0), 0);
  const lower = packages.some(({ installedBytes }) => installedBytes === null) ? '≥ ' : '';
  return `${formatCount(packages.length, 'package')}, ${lower}${formatBytes(bytes, units)}`;
}

/** A heading and a line for each; `remarksOn` says more: the first of its texts that has room. */
export function renderPackages<T extends PackageWeight>(
  heading: string,
  packages: readonly T[],
  view: View,
  remarksOn: (row: T) => readonly string[] = () => [],
): readonly string[] {
  if (packages.length === 0) return [];
  const { options } = view;
  const rows = byWeight(packages);
  const shown = options.all ? rows : rows.slice(0, MOST_ROWS);
  const remarks = shown.map(remarksOn);
  const hasRemarks = remarks.some((texts) => texts.length > 0);
  const room = hasRemarks ? Math.floor(options.width / 2) : options.width - SIZE_COLUMNS - 5;
  const labels = shown.map(({ name, version }) => truncate(`${name} ${version}`, room));
  const width = Math.max(...labels.map(displayWidth));
  const lines = shown.map((row, at) => {
    const size = padStart(formatSize(row.installedBytes, options.units), SIZE_COLUMNS);
    const line = `  ${padEnd(labels[at] ?? '', width)}  ${size}`;
    const left = options.width - displayWidth(line) - 2;
    const texts = remarks[at] ?? [];
    const remark = texts.find((text) => displayWidth(text) <= left) ?? texts.at(-1) ?? '';
    return remark === '' ? line : `${line}  ${shortenPlace(remark, left)}`;
  });
  const left = rows.slice(shown.length);
  const bytes = left.reduce((sum, { installedBytes }) => sum + (installedBytes ?? 0), 0);
  return [
    `${heading}  ${describePackages(rows, options.units)}`,
    ...lines,
    ...renderLeftOut(left.length, 'package', bytes, view),
  ];
}

/** A heading and a line for each: `numpy 1.24.3 → 1.26.0   60 MB → 61 MB   +1.1 MB`. */
export function renderChanged(
  heading: string,
  changed: readonly Changed[],
  view: View,
): readonly string[] {
  if (changed.length === 0) return [];
  const { options } = view;
  const rows = byChange(changed);
  const shown = options.all ? rows : rows.slice(0, MOST_ROWS);
  const size = (row: PackageWeight): string => formatSize(row.installedBytes, options.units);
  const cells = shown.map((row) => ({
    label: truncate(describeVersions(row), options.width - 40),
    sizes: `${padStart(size(row.before), SIZE_COLUMNS)} → ${padEnd(size(row.after), SIZE_COLUMNS)}`,
    change: formatChanged(row, options.units),
  }));
  const width = Math.max(...cells.map(({ label }) => displayWidth(label)));
  const bytes = rows.reduce((sum, row) => sum + bytesOf(row), 0);
  const isKnown = rows.every(
    ({ before, after }) => before.installedBytes !== null && after.installedBytes !== null,
  );
  const total = isKnown ? `, ${formatChange(bytes, 'exact', options.units)}` : '';
  return [
    `${heading}  ${formatCount(rows.length, 'package')}${total}`,
    ...cells.map(({ label, sizes, change }) =>
      `  ${padEnd(label, width)}  ${sizes}  ${padStart(change, SIZE_COLUMNS)}`.trimEnd(),
    ),
    ...renderLeftOut(rows.length - shown.length, 'package', 0, view),
  ];
}

/** `numpy 1.24.3 → 1.26.0`; `numpy 1.24.3, another file` where only that differs. */
export function describeVersions({ name, before, after }: Changed): string {
  return before.version === after.version
    ? `${name} ${before.version}, another file`
    : `${name} ${before.version} → ${after.version}`;
}
