import type { AuditDocument } from '../types.ts';
import {
  measureColumns,
  renderAdd,
  renderCheck,
  renderMove,
  renderNotes,
  renderRemove,
} from './finding-sections.ts';
import { formatBytes, formatCount, formatTarget, isSaving } from './format.ts';
import {
  createView,
  type Saved,
  formatLower,
  renderBar,
  renderFooter,
  renderTitle,
  renderTotals,
  savedBytes,
  type View,
} from './headline.ts';
import { keptPackages, renderKeep } from './keep-table.ts';
import { createPainter } from './paint.ts';
import type { RenderOptions, ReportFormat } from './report.ts';
import { sanitizeDocument } from './sanitize.ts';
import { displayWidth, padEnd, wrap } from './text-width.ts';

/** What `audit` prints: the answer first, then why, in about 30 lines whatever the size of the project. */
export const report: ReportFormat = {
  name: 'table',
  description: 'for people: the answer, what can go, what stays and why',
  render(dirty: AuditDocument, options: RenderOptions): string {
    const painter = createPainter(options.color);
    const view = createView(sanitizeDocument(dirty), options, painter);
    return `${renderSections(view)
      .filter((section) => section.length > 0)
      .map((section) => section.join('\n'))
      .join('\n\n')}\n`;
  },
};

function renderSections(view: View): readonly (readonly string[])[] {
  const { document } = view;
  if (document.error !== null) return renderWithoutWeights(view);
  if (isClean(document) && !view.options.all) return [renderClean(view)];
  const kept = keptPackages(view);
  const leaving = new Set(
    document.findings.filter(isSaving).flatMap((finding) => finding.packages),
  );
  const named = view.packages.filter((row) => row.direct || leaving.has(row.name));
  const columns = measureColumns(named, view.options.width);
  const saved = savedBytes(document);
  const verdict =
    saved === null || saved.bytes <= 0
      ? [`  ${describeNothing(view, saved)}`]
      : renderBar(view, saved);
  return [
    renderTitle(view),
    [...renderTotals(view), ...verdict],
    renderRemove(view, columns),
    renderMove(view, columns),
    renderAdd(view),
    renderCheck(view),
    renderKeep(view, kept, columns),
    renderNotes(view),
    renderNext(view, saved),
    renderFooter(view),
  ];
}

/** Nothing to do and nothing that the reader has to know. */
function isClean({ findings, scannedFiles, packages }: AuditDocument): boolean {
  if (scannedFiles === null && packages.length > 0) return false;
  return findings.every(
    ({ rule, severity }) => severity === 'info' && rule !== 'unused' && rule !== 'dev-only',
  );
}

/** `✓ trackmaster weighs 443 MB, 44 packages; nothing unused, nothing only for development.` */
function renderClean(view: View): readonly string[] {
  const { document, options, painter } = view;
  const { totals, project } = document;
  const target = painter.dim(`  for ${formatTarget(document.target)}`);
  if (totals.packages === 0) {
    return [`${painter.green('✓')} ${project} needs no packages; nothing to weigh.`];
  }
  const weight = formatLower(totals.installedBytes, totals, options.units);
  const text = `${project} weighs ${weight}, ${formatCount(totals.packages, 'package')}; nothing unused, nothing only for development.`;
  const [first = '', ...more] = wrap(text, options.width - 2);
  const notes = document.findings.length;
  const hint = notes > 0 ? [painter.dim(`  ${formatCount(notes, 'note')} (--all lists them)`)] : [];
  const unknown = totals.unknown > 0 ? renderFooter(view) : [];
  return [
    `${painter.green('✓')} ${first}`,
    ...more.map((line) => `  ${line}`),
    target,
    ...hint,
    ...unknown,
  ];
}

function describeNothing({ document, painter }: View, saved: Saved | null): string {
  if (saved?.lowerBound === true) return 'How much can go is not known, as the sizes are not.';
  if (saved !== null) return 'No bytes can go: what is not used is needed by other packages too.';
  if (document.scannedFiles === null) {
    return 'No Python source was found, so nothing is said about what is used.';
  }
  return `${painter.green('✓')} nothing unused, nothing only for development`;
}

/** No solution: what the code says is still worth reading; the error itself goes to stderr. */
function renderWithoutWeights(view: View): readonly (readonly string[])[] {
  const columns = { name: 12, version: 0 };
  const places = view.document.error?.requirements ?? [];
  return [
    renderTitle(view),
    [
      '  No weights: these requirements do not fit together.',
      ...places.map((place) => `    ${place.path}:${place.line}   ${place.raw}`),
    ],
    renderRemove(view, columns),
    renderMove(view, columns),
    renderAdd(view),
    renderCheck(view),
  ];
}

/** What to call next. */
function renderNext(view: View, saved: Saved | null): readonly string[] {
  const { document, options, painter } = view;
  if (saved === null) return [];
  const stays = formatBytes(document.totals.installedBytes - saved.bytes, options.units);
  const rows: (readonly [string, string])[] = [
    ['depweight split', `shows requirements-prod.txt (${stays}) and -dev.txt`],
  ];
  const heaviest = document.findings
    .filter(isSaving)
    .flatMap((finding) => finding.packages)
    .toSorted((a, b) => weightOf(b, view) - weightOf(a, view))[0];
  if (heaviest !== undefined) {
    rows.push([`depweight why ${heaviest}`, 'shows the paths that bring it in']);
  }
  const width = Math.max(...rows.map(([command]) => displayWidth(command)));
  return rows.flatMap(([command, what], index) =>
    wrap(what, options.width - width - 8).map((line, part) => {
      const word = index + part === 0 ? 'Next' : '    ';
      return `${word}  ${painter.cyan(padEnd(part === 0 ? command : '', width))}  ${line}`;
    }),
  );
}

function weightOf(name: string, { rowByName }: View): number {
  return rowByName.get(name)?.installedBytes ?? 0;
}
