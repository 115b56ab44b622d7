import type { AuditDocument, CompareDocument, InputsDocument, TargetComparison } from '../types.ts';
import { renderDifferences } from './compare-differences.ts';
import { renderInputs } from './compare-inputs.ts';
import { describeMissing } from './compare-missing.ts';
import type { TargetLabels } from './compare-targets.ts';
import { labelTargets } from './compare-targets.ts';
import { formatBytes, formatCount, formatReason } from './format.ts';
import { createView, describeEffort, renderTitle, type View } from './headline.ts';
import { createPainter } from './paint.ts';
import type { RenderOptions, ReportFormat } from './report.ts';
import { sanitizeDocument } from './sanitize.ts';
import { listFitting } from './section-parts.ts';
import { displayWidth, padEnd, padStart, truncate, wrap } from './text-width.ts';

/** More rows than this are shown as a grid of platforms and Pythons, unless all is asked for. */
const MOST_ROWS = 14;
/** Of the reason of a conflict. */
const MOST_LINES = 6;

/** What `compare` prints: which targets the project can be installed on, what it weighs there, and what stands in the way. */
export const report: ReportFormat = {
  name: 'table',
  description: 'the project on several targets, and what has no wheel there',
  render(dirty: AuditDocument, options: RenderOptions): string {
    const document = sanitizeDocument(withoutPackages(dirty));
    const view = createView(document, options, createPainter(options.color));
    if (!isCompareDocument(document)) return `${renderTitle(view).join('\n')}\n`;
    const labels = labelTargets(document.targets);
    if (isInputsDocument(document))
      return joinSections([
        ...renderInputs(document, view),
        ...describeMissing(document.targets, labels, view),
        [describeEffort(options)],
      ]);
    const hasGrid =
      labels.pythons.length > 1 &&
      labels.platforms.length > 1 &&
      document.targets.length > MOST_ROWS;
    const sections = [
      renderHead(document, labels, view),
      hasGrid ? renderGrid(document, labels, view) : [],
      hasGrid && !options.all ? [] : renderRows(document, labels, view),
      ...describeMissing(document.targets, labels, view),
      renderRefused(document, labels, view),
      renderConflicts(document, labels, view),
      renderUnknown(document, labels, view),
      isCompareDocument(dirty) ? renderDifferences(dirty.targets, labels, view) : [],
      renderEnd(document, labels, view),
    ];
    return joinSections(sections);
  },
};

function joinSections(sections: readonly (readonly string[])[]): string {
  return `${sections
    .map((section) => section.filter((line, at) => line !== '' || at > 0).join('\n'))
    .filter((section) => section !== '')
    .join('\n\n')}\n`;
}

function isInputsDocument(document: CompareDocument | InputsDocument): document is InputsDocument {
  return 'before' in document && 'changed' in document;
}

/** Packages of unknown size that are not among those without a wheel. */
function unknownIn({ packages, missing }: TargetComparison): TargetComparison['packages'] {
  const lacking = new Set(missing.map(({ name }) => name));
  return packages.filter(({ name, known }) => !known && !lacking.has(name));
}

/** Of what nothing is shown nothing need be made safe: thirty targets have thousands of rows. */
function withoutPackages(document: AuditDocument): AuditDocument | CompareDocument {
  const declared: AuditDocument = { ...document, packages: [], declared: [] };
  if (!isCompareDocument(document)) return declared;
  return {
    ...declared,
    targets: document.targets.map((one) => ({ ...one, packages: unknownIn(one) })),
    chosen: document.chosen,
  };
}

function isCompareDocument(document: AuditDocument | CompareDocument): document is CompareDocument {
  return 'targets' in document && 'chosen' in document;
}

// ---------------------------------------------------------------------------------------------------------------------
// The answer

function renderHead(
  document: CompareDocument,
  labels: TargetLabels,
  { options, painter }: View,
): readonly string[] {
  const { inputs, environments, targets, project } = document;
  const primary = inputs.filter((input) => input.primary).map(({ path }) => path);
  const [path = '', ...others] = primary.length > 0 ? primary : (environments[0]?.inputs ?? []);
  const files = others.length === 0 ? path : `${path} + ${formatCount(others.length, 'more file')}`;
  const common = [labels.common, labels.levels].filter((text) => text !== '').join(' · ');
  const title = truncate(project, 40);
  const room = options.width - displayWidth(title) - 2;
  const isOneLine = displayWidth(files) + 6 + displayWidth(common) <= room;
  const head = `${painter.bold(title)}  ${truncate(files, room)}`;
  const titles = isOneLine
    ? [`${head}  for ${common}`]
    : [head, painter.dim(truncate(`  for ${common}`, options.width))];
  const answer = [
    sumUp('ready', 'wheels for everything', labels, targets),
    sumUp('build', 'source builds needed', labels, targets),
    sumUp('incomplete', 'not everything could be found out', labels, targets),
    sumUp('not-allowed', 'not allowed by requires-python', labels, targets),
    sumUp('not-installable', 'not installable', labels, targets),
  ].filter(({ names }) => names !== '');
  const column = Math.max(...answer.map(({ text }) => displayWidth(text)));
  const lines = answer.flatMap(({ sign, text, names }) => {
    const indent = ' '.repeat(column + 6);
    return wrap(names, options.width - column - 6).map((line, at) =>
      at === 0
        ? `  ${paintSign(sign, painter)} ${padEnd(text, column)}  ${line}`
        : `${indent}${line}`,
    );
  });
  return [...titles, '', ...lines];
}

/** `✓ wheels for everything  Python 3.11, 3.12`. */
function sumUp(
  verdict: TargetComparison['verdict'],
  text: string,
  labels: TargetLabels,
  targets: readonly TargetComparison[],
): { readonly sign: string; readonly text: string; readonly names: string } {
  const of = targets.filter((one) => one.verdict === verdict);
  return { sign: SIGNS[verdict], text, names: of.length === 0 ? '' : labels.describe(of) };
}

const SIGNS: Readonly<Record<TargetComparison['verdict'], string>> = {
  ready: '✓',
  build: '!',
  incomplete: '?',
  'not-allowed': '✗',
  'not-installable': '✗',
};

function paintSign(sign: string, painter: View['painter']): string {
  if (sign === '✓') return painter.green(sign);
  return sign === '✗' ? painter.red(sign) : painter.yellow(sign);
}

// ---------------------------------------------------------------------------------------------------------------------
// A row for each target

function renderRows(
  { targets }: CompareDocument,
  labels: TargetLabels,
  { options, painter }: View,
): readonly string[] {
  const rows = targets.map((one, at) => {
    const before = targets[at - 1];
    const isSame = before !== undefined && labels.platformOf(before) === labels.platformOf(one);
    return {
      one,
      platform: isSame && labels.pythons.length > 1 ? '' : labels.platformOf(one),
      python: labels.pythonOf(one),
      cells: cellsOf(one, options.units),
    };
  });
  const widthOf = (head: string, texts: readonly string[]): number =>
    Math.max(displayWidth(head), ...texts.map(displayWidth));
  const heads = ['download', 'installed', 'packages'];
  const first = targets.some(({ input }) => input !== undefined) ? 'input' : 'platform';
  const platform =
    labels.platforms.length > 1
      ? widthOf(
          'platform',
          rows.map((row) => row.platform),
        )
      : 0;
  const python =
    labels.pythons.length > 1 || platform === 0
      ? widthOf(
          'Python',
          rows.map((row) => row.python),
        )
      : 0;
  const widths = heads.map((head, at) =>
    widthOf(
      head,
      rows.map(({ cells }) => cells[at] ?? ''),
    ),
  );
  const line = (name: string, version: string, cells: readonly string[]): string =>
    [
      ...(platform === 0 ? [] : [padEnd(name, platform)]),
      ...(python === 0 ? [] : [padEnd(version, python)]),
      ...cells.map((cell, at) => padStart(cell, widths[at] ?? 0)),
    ].join('  ');
  const used = displayWidth(line('', '', heads)) + 4;
  return [
    painter.dim(`    ${line(first, 'Python', heads)}`),
    ...rows.map(({ one, cells, ...names }) => {
      const start = line(names.platform, names.python, cells);
      const remark = remarkOn(one, options.width - used - 2);
      return `  ${paintSign(SIGNS[one.verdict], painter)} ${start}  ${remark}`.trimEnd();
    }),
  ];
}

function cellsOf({ totals, error }: TargetComparison, units: 'si' | 'iec'): readonly string[] {
  if (error !== null) return ['–', '–', '–'];
  const lower = totals.lowerBound ? '≥ ' : '';
  return [
    `${lower}${formatBytes(totals.downloadBytes, units)}`,
    `${lower}${formatBytes(totals.installedBytes, units)}`,
    String(totals.packages),
  ];
}

/** What stands in the way, by name where there is room for names. */
function remarkOn(one: TargetComparison, room: number): string {
  const { missing, error, outside } = one;
  const lacking = missing.filter(({ kind }) => kind === 'none').map(({ name }) => name);
  const built = missing.filter(({ kind }) => kind === 'build').map(({ name }) => name);
  const unknown = one.packages.map(({ name }) => name);
  const parts = [
    ...(lacking.length === 0
      ? []
      : [{ lead: 'no file: ', short: `${lacking.length} no file`, names: lacking }]),
    ...(error !== null && lacking.length === 0
      ? [{ lead: 'conflict', short: 'conflict', names: [] }]
      : []),
    ...(outside === null ? [] : [{ lead: 'not allowed', short: 'not allowed', names: [] }]),
    ...(built.length === 0
      ? []
      : [{ lead: 'build: ', short: `${built.length} to build`, names: built }]),
    ...(unknown.length === 0
      ? []
      : [{ lead: 'unknown: ', short: `${unknown.length} unknown`, names: unknown }]),
    ...(one.verdict === 'not-allowed' && missing.length === 0
      ? [{ lead: 'wheels for everything', short: 'wheels for all', names: [] }]
      : []),
  ];
  const long = parts.map(({ lead, names }) => `${lead}${names.join(', ')}`).join('; ');
  if (displayWidth(long) <= room) return long;
  const [first, ...others] = parts;
  if (first === undefined) return '';
  if (others.length === 0 && first.names.length > 0) {
    const listed = listFitting({ lead: first.lead, names: first.names }, room, 1);
    if (displayWidth(listed) <= room) return listed;
  }
  // The worst comes first, and what has no room is told below.
  const shorts = parts.map(({ short }) => short);
  while (shorts.length > 1 && displayWidth(shorts.join(', ')) > room) shorts.pop();
  return truncate(shorts.join(', '), room);
}

// ---------------------------------------------------------------------------------------------------------------------
// Platforms by Pythons

function renderGrid(
  { targets }: CompareDocument,
  labels: TargetLabels,
  { options, painter }: View,
): readonly string[] {
  const rows = labels.platforms.map((platform) => ({
    platform,
    cells: labels.pythons.map((python) => {
      const one = targets.find(
        (row) => labels.platformOf(row) === platform && labels.pythonOf(row) === python,
      );
      return one === undefined ? '' : gridCell(one, options.units);
    }),
  }));
  const name = Math.max(...labels.platforms.map(displayWidth));
  const widths = labels.pythons.map((python, at) =>
    Math.max(displayWidth(python), ...rows.map(({ cells }) => displayWidth(cells[at] ?? ''))),
  );
  const line = (first: string, cells: readonly string[]): string =>
    `  ${padEnd(first, name)}${cells.map((cell, at) => `  ${padStart(cell, widths[at] ?? 0)}`).join('')}`.trimEnd();
  const paint = (cell: string): string =>
    cell.startsWith('✗') ? painter.red(cell) : cell.startsWith('!') ? painter.yellow(cell) : cell;
  const hasBounds = targets.some(({ verdict }) => verdict === 'not-allowed');
  const bounds = hasBounds ? '; ✗ bound: not allowed by requires-python' : '';
  return [
    painter.dim(line('installed', labels.pythons)),
    ...rows.map(({ platform, cells }) => line(platform, cells).replace(/[✗!] \d*/g, paint)),
    ...wrap(
      `! and a number: packages to build from source, the size without them; ✗: packages that cannot be had there${bounds}. --all: a row for each target`,
      options.width - 2,
    ).map((text) => painter.dim(`  ${text}`)),
  ];
}

function gridCell({ verdict, totals, missing }: TargetComparison, units: 'si' | 'iec'): string {
  const lacking = missing.filter(({ kind }) => kind === 'none').length;
  if (verdict === 'not-allowed') return '✗ bound';
  if (verdict === 'not-installable') return lacking === 0 ? '✗ conflict' : `✗ ${lacking}`;
  const size = formatBytes(totals.installedBytes, units);
  if (verdict === 'build') return `!${missing.length} ${size}`;
  return totals.lowerBound ? `≥ ${size}` : size;
}

// ---------------------------------------------------------------------------------------------------------------------
// Conflicts, and the end

/** Of packages that end below a Python, by what they say. */
function renderRefused(
  { targets }: CompareDocument,
  labels: TargetLabels,
  { options, painter }: View,
): readonly string[] {
  const byRelease = new Map<string, TargetComparison[]>();
  for (const one of targets) {
    for (const { name, version, requiresPython } of one.refused) {
      const key = `${name} ${version}  Requires-Python ${requiresPython}`;
      byRelease.set(key, [...(byRelease.get(key) ?? []), one]);
    }
  }
  if (byRelease.size === 0) return [];
  const rows = [...byRelease].map(([text, of]) => `  ${text}  ${labels.describe(of)}`);
  return [
    `${painter.bold(painter.yellow('BOUND'))}  pip refuses what ends below the Python; uv takes it`,
    ...(options.all ? rows : rows.slice(0, MOST_ROWS)).map((row) => truncate(row, options.width)),
  ];
}

/** Of targets without a solution where it is not a single requirement that stands in the way. */
function renderConflicts(
  { targets }: CompareDocument,
  labels: TargetLabels,
  { options, painter }: View,
): readonly string[] {
  const byMessage = new Map<string, TargetComparison[]>();
  for (const one of targets) {
    if (one.error === null || one.missing.some(({ kind }) => kind === 'none')) continue;
    const list = byMessage.get(one.error.message);
    if (list === undefined) byMessage.set(one.error.message, [one]);
    else list.push(one);
  }
  return [...byMessage].flatMap(([message, of]) => {
    // The lines of the message, which are one once they are made safe.
    const lines = message
      .split(/ {2,}/)
      .flatMap((text) => wrap(text.trim(), options.width - 2))
      .filter((line) => line !== '');
    const shown = options.all ? lines : lines.slice(0, MOST_LINES);
    return [
      `${painter.bold(painter.red('CONFLICT'))}  ${truncate(labels.describe(of), options.width - 10)}`,
      ...shown.map((line) => `  ${line}`),
      ...(shown.length < lines.length ? [painter.dim('  … (--all: the whole reason)')] : []),
      ...(of[0]?.error?.requirements ?? []).map(({ path, line, raw }) =>
        truncate(`    ${path}:${line}   ${raw}`, options.width),
      ),
    ];
  });
}

/** Packages of unknown size that are not for want of a wheel, with the reason. */
function renderUnknown(
  { targets }: CompareDocument,
  labels: TargetLabels,
  { options, painter }: View,
): readonly string[] {
  const byRow = new Map<string, TargetComparison[]>();
  for (const one of targets) {
    for (const { name, version, unknownReason } of one.packages) {
      const key = `${name} ${version}  ${formatReason(unknownReason)}`;
      byRow.set(key, [...(byRow.get(key) ?? []), one]);
    }
  }
  const rows = [...byRow].map(([text, of]) => `  ${text}  ${labels.describe(of)}`);
  const shown = options.all ? rows : rows.slice(0, MOST_ROWS);
  const left = rows.length - shown.length;
  if (rows.length === 0) return [];
  return [
    `${painter.bold(painter.yellow('UNKNOWN'))}  of which the size could not be found out`,
    ...shown.map((row) => truncate(row, options.width)),
    ...(left > 0 ? [painter.dim(`  … and ${formatCount(left, 'more')} (--all lists them)`)] : []),
  ];
}

function whatIsOpen(targets: readonly TargetComparison[]): string {
  const isBuilt = targets.some(({ missing }) => missing.some(({ kind }) => kind === 'build'));
  return isBuilt
    ? 'What has to be built is of unknown size'
    : 'What is unknown is counted as nothing';
}

function renderEnd(
  { targets, chosen }: CompareDocument,
  labels: TargetLabels,
  { options, painter }: View,
): readonly string[] {
  const outside = targets.filter((one) => one.outside !== null);
  const bounds = [...new Set(outside.map((one) => one.outside?.requiresPython ?? ''))];
  const place = outside[0]?.outside?.location;
  const sentences = [
    ...(outside.length === 0 || place === undefined
      ? []
      : [
          `Outside of requires-python ${bounds.join(', ')} (${place.path}:${place.line}): ${labels.describe(outside)}.`,
        ]),
    ...(chosen === null ? [] : [`Compared: ${chosen}; --platform and --python name others.`]),
    ...(targets.some(({ totals, error }) => totals.lowerBound && error === null)
      ? [`${whatIsOpen(targets)} and in no figure (≥).`]
      : []),
    describeEffort(options),
  ];
  return wrap(sentences.filter((text) => text !== '').join(' '), options.width)
    .filter((line) => line !== '')
    .map((line) => painter.dim(line));
}
