import { findPreset } from '../budget/presets.ts';
import { isFailure } from '../exit-code.ts';
import type { AuditDocument, BudgetRow, CheckDocument, Finding } from '../types.ts';
import {
  formatBytes,
  formatCount,
  formatLocation,
  formatPercent,
  formatTarget,
  isSaving,
} from './format.ts';
import { createView, originOf, renderBesides, renderConflict, type View } from './headline.ts';
import { describeGrowth, renderGrowth, whyGrowthIsOpen } from './growth-section.ts';
import { createPainter } from './paint.ts';
import type { RenderOptions, ReportFormat } from './report.ts';
import { sanitizeDocument } from './sanitize.ts';
import { listFitting } from './section-parts.ts';
import { displayWidth, padEnd, padStart, wrap } from './text-width.ts';

/** What `check` prints: a line for each limit that is broken and each finding that fails, or one line where all is well. */
export const report: ReportFormat = {
  name: 'table',
  description: 'budgets and findings that fail, and what would meet them',
  render(dirty: AuditDocument, options: RenderOptions): string {
    const document = sanitizeDocument(dirty);
    const view = createView(document, options, createPainter(options.color));
    const checked = checkedOf(view);
    const { budgets } = checked;
    if (document.error !== null) return `${renderConflict(view).join('\n')}\n`;
    const failing = failingFindings(view);
    const failed = budgets.filter(({ status }) => status === 'failed');
    const lines =
      failed.length + failing.length === 0
        ? [...renderPassed(budgets, view), ...renderCaveats(budgets, view)]
        : [
            ...renderFailed(budgets, failing, view),
            ...(failed.some(({ measure }) => countsBesides.has(measure))
              ? renderBesides(view)
              : []),
            ...renderCaveats(budgets, view),
            ...renderGrowth(checked, view),
            ...renderWayOut(failed, failing, view),
          ];
    return `${lines.join('\n')}\n`;
  },
};

/** Limits that what an image holds besides counts for. */
const countsBesides: ReadonlySet<BudgetRow['measure']> = new Set([
  'installed',
  'download',
  'packages',
]);

function isCheckDocument(document: AuditDocument | CheckDocument): document is CheckDocument {
  return 'budgets' in document;
}

function checkedOf({ document }: View): CheckDocument {
  return isCheckDocument(document) ? document : { ...document, budgets: [] };
}

function failingFindings({ document, options }: View): readonly Finding[] {
  const failOn = options.failOn ?? null;
  return failOn === null ? [] : document.findings.filter((finding) => isFailure(finding, failOn));
}

/** What a place counts that is in no figure here: its limit is for more than dependencies. */
function renderCaveats(budgets: readonly BudgetRow[], view: View): readonly string[] {
  const { options, painter } = view;
  return budgets.flatMap(({ key, measure }) => {
    const preset = findPreset(key);
    if (preset === null) return [];
    const estimate =
      measure === 'download' ? '; it compresses by itself: the wheels are an estimate of that' : '';
    const text = `${key} also counts ${preset.counts}${estimate}`;
    return wrap(text, options.width - 2).map((line) => painter.dim(`  ${line}`));
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// All is well

/** `✓ 443 MB of 500 MB (89 %), 140 MB of 200 MB to download, 44 of 60 packages`. */
function renderPassed(budgets: readonly BudgetRow[], view: View): readonly string[] {
  const { options, painter, document } = view;
  const open = budgets.filter(({ status }) => status === 'unknown');
  const proven = budgets.filter(({ status }) => status === 'passed');
  const weight = formatBytes(document.totals.installedBytes, options.units);
  const lower = document.totals.lowerBound ? 'at least ' : '';
  const bare = `no budget is set, and no finding fails: ${lower}${weight}, ${formatCount(document.totals.packages, 'package')}`;
  const text = proven.map((row) => describePassed(row, view)).join(', ');
  const passed =
    budgets.length === 0 || text !== ''
      ? mark(painter.green('✓'), budgets.length === 0 ? bare : text, view)
      : [];
  return [...passed, ...open.flatMap((row) => renderOpen(row, view))];
}

function describePassed(row: BudgetRow, view: View): string {
  const { key, measure, actual, limit } = row;
  const value = actual ?? 0;
  if (measure === 'packages') return `${value} of ${formatCount(limit, 'package')}`;
  if (measure === 'growth') {
    const grown = describeGrowth(row, checkedOf(view), view.options.units);
    return `${grown.has} of ${grown.of}`;
  }
  const { options } = view;
  const [has, of] = formatPair(value, limit, options.units);
  const pair = `${has} of ${of}`;
  const isPreset = key !== measure;
  if (isPreset) return `${pair} (${formatPercent(value, limit)}) of ${key}`;
  if (measure === 'installed') return `${pair} (${formatPercent(value, limit)})`;
  return `${pair} ${measure === 'download' ? 'to download' : 'unused'}`;
}

/** `? budget   installed   at least 40 MB of 500 MB   cannot be proven: 1 size is unknown`. */
function renderOpen(row: BudgetRow, view: View): readonly string[] {
  const { key, measure, actual, limit } = row;
  const { document, options, painter } = view;
  if (measure === 'growth') {
    const checked = checkedOf(view);
    const { has, of } = describeGrowth(row, checked, options.units);
    const text = `budget   ${key}   ${has} of ${of}: cannot be proven, as ${whyGrowthIsOpen(row, checked)}`;
    return mark(painter.yellow('?'), text, view);
  }
  const { unknown } = document.totals;
  const why =
    measure === 'unused' && actual === null
      ? 'no Python source was read'
      : unknown > 0
        ? `${formatCount(unknown, 'size')} ${unknown === 1 ? 'is' : 'are'} unknown`
        : 'not all requirements could be read';
  const has =
    actual === null
      ? '?'
      : measure === 'packages'
        ? `at least ${actual}`
        : `at least ${formatBytes(actual, options.units)}`;
  const of = measure === 'packages' ? String(limit) : formatBytes(limit, options.units);
  return mark(
    painter.yellow('?'),
    `budget   ${key}   ${has} of ${of}: cannot be proven, as ${why}`,
    view,
  );
}

function mark(sign: string, text: string, { options }: View): readonly string[] {
  return wrap(text, options.width - 2).map((line, index) => `${index === 0 ? sign : ' '} ${line}`);
}

// ---------------------------------------------------------------------------------------------------------------------
// Something fails

/** Columns as in the mock-up: label, key, what there is of what may be, and by how much it is over. */
function renderFailed(
  budgets: readonly BudgetRow[],
  failing: readonly Finding[],
  view: View,
): readonly string[] {
  const { options, painter } = view;
  const failed = budgets.filter(({ status }) => status === 'failed');
  const rows = failed.map((row) => ({ row, ...amountsOf(row, view) }));
  const key = Math.max(0, ...rows.map(({ row }) => displayWidth(row.key)));
  const has = Math.max(0, ...rows.map((cells) => displayWidth(cells.has)));
  const of = Math.max(0, ...rows.map((cells) => displayWidth(cells.of)));
  const lines = rows.flatMap((cells) => {
    const amount = `${padEnd(cells.row.key, key)}   ${padStart(cells.has, has)} of ${padEnd(cells.of, of)}`;
    const over = painter.red(`over by ${cells.over}`);
    const line = `${label('budget', view)}${amount}   ${over}`;
    if (displayWidth(line) <= options.width) return [line];
    return [`${label('budget', view)}${amount.trimEnd()}`, `${' '.repeat(11)}${over}`];
  });
  const broken = failed.some(({ measure }) => measure === 'unused')
    ? view.document.findings.filter((one) => one.rule === 'unused' && isSaving(one))
    : [];
  const findings = [...new Set([...broken, ...failing])];
  const open = budgets.filter(({ status }) => status === 'unknown');
  return [
    ...lines,
    ...findings.flatMap((finding) => renderFinding(finding, view)),
    ...open.flatMap((row) => renderOpen(row, view)),
  ];
}

function label(word: string, { painter }: View): string {
  return painter.bold(painter.red(padEnd(`✗ ${word}`, 11)));
}

function amountsOf(
  row: BudgetRow,
  view: View,
): { readonly has: string; readonly of: string; readonly over: string } {
  const { measure, actual, limit } = row;
  const { options } = view;
  const value = actual ?? 0;
  if (measure === 'growth') {
    const grown = describeGrowth(row, checkedOf(view), options.units);
    return { ...grown, over: formatBytes(value - limit, options.units) };
  }
  if (measure === 'packages')
    return { has: String(value), of: String(limit), over: String(value - limit) };
  const [has, of] = formatPair(value, limit, options.units);
  return { has, of, over: formatBytes(value - limit, options.units) };
}

/** Two sizes that differ look different: `262,144,001 B of 262,144,000 B` where the rounded ones would be the same. */
function formatPair(value: number, limit: number, units: 'si' | 'iec'): readonly [string, string] {
  const rounded = [formatBytes(value, units), formatBytes(limit, units)] as const;
  if (rounded[0] !== rounded[1] || value === limit) return rounded;
  return [formatCount(value, 'B').replace(/s$/, ''), formatCount(limit, 'B').replace(/s$/, '')];
}

/** `✗ unused   torch, torchaudio (requirements.txt:12, :13)   4.79 GB`. */
function renderFinding(finding: Finding, view: View): readonly string[] {
  const { options } = view;
  const { rule, packages, locations, savedInstalledBytes, message } = finding;
  const width = options.width - 11;
  const size =
    savedInstalledBytes === null || savedInstalledBytes <= 0
      ? ''
      : `   ${formatBytes(savedInstalledBytes, options.units)}`;
  const places = describePlaces(locations);
  const what =
    packages.length === 0 || !isSaving(finding)
      ? `${message}${places}`
      : `${listFitting({ lead: '', names: packages }, width, 2)}${places}${size}`;
  const word = rule.length <= 8 ? rule : rule.slice(0, 8);
  const lines = wrap(what, width);
  return hangAt(label(word, view), rule === word ? lines : wrap(`${rule}: ${what}`, width));
}

function hangAt(word: string, lines: readonly string[]): readonly string[] {
  return lines.map((line, index) => (index === 0 ? `${word}${line}` : `${' '.repeat(11)}${line}`));
}

/** ` (requirements.txt:12, :13, setup.py:4)`: a path is said once. */
function describePlaces(locations: Finding['locations']): string {
  const shown: string[] = [];
  let last = '';
  for (const { path, line } of locations.slice(0, 4)) {
    shown.push(path === last ? `:${line}` : formatLocation({ path, line }));
    last = path;
  }
  if (shown.length === 0) return '';
  const left = locations.length - shown.length;
  return ` (${shown.join(', ')}${left > 0 ? ` and ${left} more` : ''})`;
}

/** What removing and moving what is surely not needed comes to, and whether that is enough. */
function renderWayOut(
  failed: readonly BudgetRow[],
  failing: readonly Finding[],
  view: View,
): readonly string[] {
  const { document, options, painter } = view;
  const target = wrap(
    `for ${formatTarget(document.target)}${originOf(document)}`,
    options.width - 2,
  ).map((line) => painter.dim(`  ${line}`));
  const savings = document.findings.filter(isSaving);
  if (savings.length === 0) return ['', ...target];
  const after = remaining(view, savings);
  const met = failed.filter((row) => after[row.measure] <= row.limit);
  const solved = failing.filter((finding) => savings.includes(finding));
  const names = new Set(savings.flatMap(({ packages }) => packages));
  const act = savings.every(({ rule }) => rule === 'unused') ? 'Removing' : 'Removing and moving';
  const lines = names.size === 1 ? 'the line' : `the ${names.size} lines`;
  const count = failed.length + failing.length;
  const meets = met.length + solved.length;
  const verdict =
    meets === 0
      ? count === 1
        ? 'is not enough'
        : 'does not meet any of them'
      : meets === count
        ? count === 1
          ? 'meets it'
          : `meets all ${count}`
        : `meets ${meets} of ${count}`;
  const figures = [
    formatBytes(after.installed, options.units),
    `${formatBytes(after.download, options.units)} to download`,
    formatCount(after.packages, 'package'),
  ].join(', ');
  const bound = document.totals.lowerBound ? 'at least ' : '';
  const text = `${act} ${lines} that nothing in the product needs ${verdict}: ${bound}${figures}.`;
  return [
    '',
    ...wrap(text, options.width - 2).map((line) => `  ${line}`),
    `  ${painter.cyan('depweight split')}`,
    ...target,
  ];
}

/** What stays, at most: two findings may free something only together. */
function remaining(
  view: View,
  savings: readonly Finding[],
): Readonly<Record<BudgetRow['measure'], number>> {
  const { document, packages } = view;
  const { totals } = document;
  const leaving = new Set(savings.flatMap((finding) => [...finding.packages, ...finding.leaves]));
  const sum = (pick: (finding: Finding) => number | null): number =>
    savings.reduce((bytes, finding) => bytes + (pick(finding) ?? 0), 0);
  return {
    installed: totals.installedBytes - sum((finding) => finding.savedInstalledBytes),
    download: totals.downloadBytes - sum((finding) => finding.savedDownloadBytes),
    packages: totals.packages - packages.filter(({ name }) => leaving.has(name)).length,
    unused: 0,
    growth:
      (checkedOf(view).growth?.difference.installedBytes ?? 0) -
      sum((finding) => finding.savedInstalledBytes),
  };
}
