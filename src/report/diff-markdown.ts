import type { AuditDocument, DiffDocument, DiffFacts, DiffProject, Finding } from '../types.ts';
import { byChange, byWeight, formatChanged } from './change-rows.ts';
import { describeCause, describeRef, hasFacts, isDiffDocument } from './diff-sections.ts';
import {
  formatBytes,
  formatChange,
  formatCount,
  formatCountChange,
  formatLocation,
  formatPercentChange,
  formatSize,
  formatTarget,
  type Units,
} from './format.ts';
import { escapeMarkdown } from './markdown-text.ts';
import type { RenderOptions, ReportFormat } from './report.ts';
import { sanitizeDocument } from './sanitize.ts';

/** Rows of a table that a reader of a comment takes in. */
const MOST_ROWS = 15;
const MOST_FINDINGS = 10;

/**
 * A comment for a pull request. Its first line is no text: by that the comment of an earlier run is found, to be edited in
 * place. Everything that comes from a repository or an index is escaped, mentions and references included.
 */
export const report: ReportFormat = {
  name: 'markdown',
  description: 'a comment for a pull request',
  render(dirty: AuditDocument, options: RenderOptions): string {
    const document = sanitizeDocument(dirty);
    if (!isDiffDocument(document)) return '';
    const projects: readonly (DiffProject | DiffDocument)[] = document.projects ?? [document];
    const isOne = document.projects === undefined;
    const sections = projects.filter((project) => isOne || isWorthAWord(project));
    const lines = [
      '<!-- depweight diff -->',
      ...(isOne
        ? []
        : [
            `### depweight: ${formatCount(projects.length, 'project')}, ${formatCount(sections.length, 'change').replace(/changes?$/, 'changed')}`,
            '',
          ]),
      ...sections.flatMap((project) => [...renderProject(project, isOne, options), '']),
      escapeMarkdown(`${describeRef(document.ref)} · depweight ${document.tool.version}`).replace(
        /^/,
        '<sub>',
      ) + '</sub>',
    ];
    return `${lines.join('\n')}\n`;
  },
};

function isWorthAWord(project: DiffProject | DiffDocument): boolean {
  if (!hasFacts(project)) return true;
  const { added, removed, changed, newFindings, solvedFindings } = project;
  return [added, removed, changed, newFindings, solvedFindings].some((list) => list.length > 0);
}

function renderProject(
  project: DiffProject | DiffDocument,
  isOne: boolean,
  options: RenderOptions,
): readonly string[] {
  const name = isOne || !('path' in project) ? 'depweight' : escapeMarkdown(project.path);
  const level = isOne ? '###' : '####';
  if (!hasFacts(project)) {
    const [reason = ''] = (project.error?.message ?? '').split('\n', 1);
    return [`${level} ${name}: no weights`, '', escapeMarkdown(reason)];
  }
  const { target } = project;
  return [
    `${level} ${name}: ${describeTotals(project, options.units)}`,
    '',
    ...renderTable(project, options),
    ...renderFindings('New', project.newFindings, options),
    ...renderFindings('Solved', project.solvedFindings, options),
    ...(target === null ? [] : [escapeMarkdown(describeTargets(project, formatTarget(target)))]),
  ];
}

/** `443 MB installed (**−4.79 GB**, −92 %), 44 packages (−22)`. */
function describeTotals({ before, after, difference }: DiffFacts, units: Units): string {
  const { installedBytes, installedBound, packages } = difference;
  const lower = after.lowerBound ? '≥ ' : '';
  const percent = formatPercentChange(installedBytes, before, installedBound);
  const change = formatChange(installedBytes, installedBound, units);
  const isSame = installedBytes === 0 && installedBound === 'exact';
  const size = isSame ? 'unchanged' : `**${change}**${percent === '' ? '' : `, ${percent}`}`;
  const count = packages === 0 ? '' : ` (${formatCountChange(packages)})`;
  return `${lower}${formatBytes(after.installedBytes, units)} installed (${size}), ${formatCount(after.packages, 'package')}${count}`;
}

function describeTargets({ targetBefore }: DiffFacts, target: string): string {
  const other =
    targetBefore === null
      ? ''
      : `; before, the target was ${formatTarget(targetBefore)} (${targetBefore.from})`;
  return `Both sides for ${target}${other}.`;
}

// ---------------------------------------------------------------------------------------------------------------------
// The table

interface Row {
  readonly cells: readonly string[];
  /** What it adds or takes away; null where it is not known. */
  readonly bytes: number | null;
}

function renderTable(facts: DiffFacts, { units, all }: RenderOptions): readonly string[] {
  const { before, after, difference } = facts;
  const rows = rowsOf(facts, units);
  if (rows.length === 0) return ['The same packages in the same versions.', ''];
  const shown = all ? rows : rows.slice(0, MOST_ROWS);
  const left = rows.slice(shown.length);
  const percent = formatPercentChange(difference.installedBytes, before, difference.installedBound);
  const total = formatChange(difference.installedBytes, difference.installedBound, units);
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(['package', 'version', 'before', 'now', 'difference', 'because of']),
    '| :-- | :-- | --: | --: | --: | :-- |',
    ...shown.map(({ cells }) => line(cells)),
    ...(left.length === 0
      ? []
      : [
          line([
            `*${formatCount(left.length, 'more package')}*`,
            '',
            '',
            '',
            describeRest(left, units),
            '',
          ]),
        ]),
    line([
      '**installed**',
      '',
      sizeOf(before.installedBytes, before.lowerBound, units),
      sizeOf(after.installedBytes, after.lowerBound, units),
      `**${total}**${percent === '' ? '' : ` (${percent})`}`,
      '',
    ]),
    line([
      'download',
      '',
      sizeOf(before.downloadBytes, before.lowerBound, units),
      sizeOf(after.downloadBytes, after.lowerBound, units),
      formatChange(difference.downloadBytes, difference.downloadBound, units),
      '',
    ]),
    '',
  ];
}

function sizeOf(bytes: number, lower: boolean, units: Units): string {
  return `${lower ? '≥ ' : ''}${formatBytes(bytes, units)}`;
}

/** Whatever moves most first, in whichever way. */
function rowsOf({ added, removed, changed }: DiffFacts, units: Units): readonly Row[] {
  const size = (bytes: number | null): string => formatSize(bytes, units);
  const signed = (bytes: number | null, sign: 1 | -1): string =>
    bytes === null ? '?' : formatChange(sign * bytes, 'exact', units);
  const rows: readonly Row[] = [
    ...byWeight(added).map((row) => ({
      cells: [
        row.name,
        row.version,
        '–',
        size(row.installedBytes),
        signed(row.installedBytes, 1),
        describeCause(row),
      ],
      bytes: row.installedBytes,
    })),
    ...byWeight(removed).map((row) => ({
      cells: [
        row.name,
        row.version,
        size(row.installedBytes),
        '–',
        signed(row.installedBytes, -1),
        describeCause(row),
      ],
      bytes: row.installedBytes === null ? null : -row.installedBytes,
    })),
    ...byChange(changed).map((row) => ({
      cells: [
        row.name,
        row.before.version === row.after.version
          ? `${row.after.version}, another file`
          : `${row.before.version} → ${row.after.version}`,
        size(row.before.installedBytes),
        size(row.after.installedBytes),
        formatChanged(row, units),
        '',
      ],
      bytes:
        row.before.installedBytes === null || row.after.installedBytes === null
          ? null
          : row.after.installedBytes - row.before.installedBytes,
    })),
  ];
  return rows
    .toSorted((a, b) => Math.abs(b.bytes ?? 0) - Math.abs(a.bytes ?? 0))
    .map(({ cells, bytes }) => ({ cells: cells.map(escapeMarkdown), bytes }));
}

function describeRest(rows: readonly Row[], units: Units): string {
  if (rows.some(({ bytes }) => bytes === null)) return '?';
  return formatChange(
    rows.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0),
    'exact',
    units,
  );
}

function renderFindings(
  word: string,
  findings: readonly Finding[],
  { all }: RenderOptions,
): readonly string[] {
  if (findings.length === 0) return [];
  const shown = all ? findings : findings.slice(0, MOST_FINDINGS);
  const left = findings.length - shown.length;
  return [
    `**${word} findings**`,
    '',
    ...shown.map(({ rule, message, locations: [place] }) => {
      const at = place === undefined ? '' : ` (${formatLocation(place)})`;
      return `- \`${rule}\`: ${escapeMarkdown(`${message}${at}`)}`;
    }),
    ...(left > 0 ? [`- … and ${formatCount(left, 'more finding')}`] : []),
    '',
  ];
}
