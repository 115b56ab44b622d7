import type { AuditDocument, CostDocument, PackageWeight } from '../types.ts';
import { renderExpenses } from './expenses-section.ts';
import { formatBytes, formatCount, formatSize } from './format.ts';
import { createView, formatLower, renderConflict, renderTitle, type View } from './headline.ts';
import { compareBytes, compareText } from './order.ts';
import { createPainter } from './paint.ts';
import type { RenderOptions, ReportFormat } from './report.ts';
import { sanitizeDocument } from './sanitize.ts';
import { clip, listFitting } from './section-parts.ts';
import { displayWidth, padEnd, padStart, truncate, wrap } from './text-width.ts';

const MOST_ROWS = 10;

/** What `cost` prints: what one more requirement would add, what of it is there already, and what would change. */
export const report: ReportFormat = {
  name: 'table',
  description: 'what one more requirement would add',
  render(dirty: AuditDocument, options: RenderOptions): string {
    const document = sanitizeDocument(dirty);
    const view = createView(document, options, createPainter(options.color));
    const sections = isCostDocument(document)
      ? [
          renderTitle(view),
          renderSum(document, view),
          renderAdded(document, view),
          renderChanged(document, view),
          renderExpenses(document.expenses, view),
        ]
      : [renderTitle(view), renderConflict(view)];
    return `${sections
      .filter((section) => section.length > 0)
      .map((section) => section.join('\n'))
      .join('\n\n')}\n`;
  },
};

function isCostDocument(document: AuditDocument | CostDocument): document is CostDocument {
  return 'requirement' in document && 'shared' in document;
}

/** `+ 174 MB installed   + 51 MB to download   + 5 packages`. */
function renderSum(document: CostDocument, { options, painter }: View): readonly string[] {
  const { before, after, added, shared, requirement } = document;
  const bound = [...added, ...document.changed.map((one) => one.after)].some(
    ({ installedBytes }) => installedBytes === null,
  );
  const lower = bound ? '≥ ' : '';
  const signed = (bytes: number): string =>
    `${lower}${bytes < 0 ? '−' : '+'}${formatBytes(Math.abs(bytes), options.units)}`;
  const count = after.packages - before.packages;
  const figures = [
    painter.bold(`${signed(after.installedBytes - before.installedBytes)} installed`),
    `${signed(after.downloadBytes - before.downloadBytes)} to download`,
    `${count < 0 ? '−' : '+'}${formatCount(Math.abs(count), 'package')}`,
  ];
  const whole = `${formatLower(before.installedBytes, before, options.units)} → ${formatLower(after.installedBytes, after, options.units)} with ${requirement}`;
  const room = options.width - 2;
  return [
    `  ${figures.join('   ')}`,
    ...wrap(whole, room).map((line) => `  ${line}`),
    ...(shared.length === 0
      ? []
      : clip(
          listFitting({ lead: 'there already: ', names: shared }, room, 2),
          room,
          options.all ? 99 : 2,
        ).map((line) => painter.dim(`  ${line}`))),
  ];
}

function renderAdded(document: CostDocument, view: View): readonly string[] {
  const { options, painter } = view;
  const rows = document.added.toSorted(
    (a, b) => compareBytes(a.installedBytes, b.installedBytes) || compareText(a.name, b.name),
  );
  if (rows.length === 0) return [];
  const shown = options.all ? rows : rows.slice(0, MOST_ROWS);
  const name = Math.min(
    options.width - 32,
    40,
    Math.max(...shown.map((row) => displayWidth(row.name))),
  );
  const version = Math.min(16, Math.max(...shown.map((row) => displayWidth(row.version))));
  const line = (row: PackageWeight): string =>
    `  ${padEnd(truncate(row.name, name), name)}  ${padEnd(truncate(row.version, version), version)}  ${padStart(formatSize(row.installedBytes, options.units), 9)}`;
  const left = rows.slice(shown.length);
  const bytes = left.reduce((sum, { installedBytes }) => sum + (installedBytes ?? 0), 0);
  return [
    painter.bold('Comes'),
    ...shown.map(line),
    ...(left.length === 0
      ? []
      : [
          painter.dim(
            `  … and ${formatCount(left.length, 'more package')}, ${formatBytes(bytes, options.units)} (--all lists them)`,
          ),
        ]),
  ];
}

function renderChanged(
  { changed, removed }: CostDocument,
  { options, painter }: View,
): readonly string[] {
  if (changed.length + removed.length === 0) return [];
  const lines = [
    ...changed.map(({ name, before, after }) => `${name} ${before.version} → ${after.version}`),
    ...removed.map(({ name, version }) => `${name} ${version} goes`),
  ];
  const shown = options.all ? lines : lines.slice(0, MOST_ROWS);
  const left = lines.length - shown.length;
  return [
    painter.bold('Changes'),
    ...shown.map((line) => `  ${truncate(line, options.width - 2)}`),
    ...(left > 0 ? [painter.dim(`  … and ${left} more (--all lists them)`)] : []),
  ];
}
