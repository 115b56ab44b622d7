import type { AuditDocument, DeclaredRow, SplitRow } from '../types.ts';
import { renderExpenses } from './expenses-section.ts';
import { formatCount, hasCondaPackages, isSaving } from './format.ts';
import { createView, type View } from './headline.ts';
import { createPainter } from './paint.ts';
import type { RenderOptions, ReportFormat } from './report.ts';
import { sanitize, sanitizeDocument } from './sanitize.ts';
import { listFitting, shortenPlace } from './section-parts.ts';
import { linesOfSource, renderFiles } from './split-files.ts';
import { renderDiff } from './split-diff.ts';
import { renderProof } from './split-proof.ts';
import { displayWidth, padEnd, truncate, wrap } from './text-width.ts';

const MOST_LINES = 18;

/** What `split` prints: the files, what changes in the first of them, and the proof. */
export const report: ReportFormat = {
  name: 'table',
  description: 'the proposed files, what changes in them, and the proof',
  render(dirty: AuditDocument, options: RenderOptions): string {
    const view = createView(sanitizeSplits(dirty), options, createPainter(options.color));
    const { splits } = view.document;
    if (splits.length === 0) return `${renderNothing(view)}\n`;
    const sections = [
      renderFiles(view),
      ...splits.filter(isShown(options.all)).map((split) => renderChange(split, view)),
      ...splits.map((split) => renderImageDiff(split, view)),
      renderProof(view),
      renderExpenses(view.document.expenses, view),
      renderNext(view),
    ];
    return `${sections
      .filter((section) => section.length > 0)
      .map((section) => section.join('\n'))
      .join('\n\n')}\n`;
  },
};

/** Line ends of the contents matter here, so their lines are sanitised one by one. */
function sanitizeSplits(document: AuditDocument): AuditDocument {
  const splits = document.splits.map((split) => ({
    ...sanitizeDocument(split),
    content: sanitizeLines(split.content),
    ...(split.diff === undefined ? {} : { diff: sanitizeLines(split.diff) }),
    ...(split.imageDiff === undefined ? {} : { imageDiff: sanitizeLines(split.imageDiff) }),
  }));
  return { ...sanitizeDocument({ ...document, splits: [] }), splits };
}

function sanitizeLines(text: string): string {
  return text.split(/\r?\n/).map(sanitize).join('\n');
}

/** The first file, and every edit of one that is there. */
function isShown(all: boolean): (split: SplitRow, index: number) => boolean {
  return ({ diff }, index) => all || index === 0 || diff !== undefined;
}

function renderChange(split: SplitRow, view: View): readonly string[] {
  return split.diff === undefined ? renderContent(split, view) : renderDiff(split.diff, view);
}

/** The lines of the Dockerfile that would name the new file: those are the user's to change. */
function renderImageDiff({ file, imageDiff }: SplitRow, view: View): readonly string[] {
  if (imageDiff === undefined) return [];
  const text = `For the image to install ${file} (\`git apply\` takes it; depweight does not write it):`;
  return [...wrap(text, view.options.width), ...renderDiff(imageDiff, view, true)];
}

function renderNothing({ document, painter, options }: View): string {
  if (document.error !== null) return 'Nothing is proposed: the requirements do not fit together.';
  if (document.environments[0]?.job !== undefined)
    return 'Nothing is proposed: what a job of CI installs is not held against the code.';
  if ((document.scannedFiles ?? 0) === 0) {
    return 'Nothing is proposed: no Python source was read, so nothing is known to be unused.';
  }
  if (hasCondaPackages(document.packages)) {
    return 'Nothing is proposed: a requirements file cannot hold its conda packages.';
  }
  const leaving = document.findings.filter(isSaving);
  if (leaving.length > 0) {
    const names = [...new Set(leaving.flatMap(({ packages }) => packages))].toSorted();
    const lead =
      'Nothing is proposed: what is to be installed otherwise is no line of a file (`depweight audit` has more): ';
    return wrap(listFitting({ lead, names }, options.width, 3), options.width).join('\n');
  }
  const nothing = 'nothing to split; nothing unused, nothing only for development.';
  return wrap(`✓ ${document.project}: ${nothing}`, options.width)
    .join('\n')
    .replace('✓', painter.green('✓'));
}

interface ContentLine {
  readonly text: string;
  /** Left the file or moves to another. */
  readonly isChange: boolean;
}

/** The proposed text, with what left it shown where it stood. */
function renderContent(split: SplitRow, view: View): readonly string[] {
  const { options, painter } = view;
  const lines = contentLines(split, view);
  const shown =
    options.all || lines.length <= MOST_LINES
      ? lines.map(({ text }) => text)
      : aroundChanges(lines, view);
  const remark = '(comments, order, pins and hashes kept)';
  const isWide = displayWidth(split.file) + 3 + displayWidth(remark) <= options.width;
  return [
    isWide ? `${painter.bold(split.file)}   ${painter.dim(remark)}` : painter.bold(split.file),
    ...shown,
  ];
}

function contentLines(split: SplitRow, view: View): readonly ContentLine[] {
  const kept = withoutHeader(split.content.replace(/\n+$/, '').split('\n'));
  const pending = split.kind === 'prod' ? [...removedRows(view, split.content)] : [];
  const lines: ContentLine[] = [];
  const remove = (row: RemovedRow): number =>
    lines.push({ text: removedLine(row, view), isChange: true });
  // A removed row follows the kept one that stood before it in the file.
  for (const text of kept) {
    const line = `    ${truncate(text, view.options.width - 4)}`.trimEnd();
    lines.push({ text: line, isChange: false });
    const index = pending.findIndex(({ after }) => after !== null && text.includes(after));
    if (index < 0) continue;
    const after = pending[index]?.after;
    while (pending[index] !== undefined && pending[index]?.after === after) {
      pending.splice(index, 1).forEach(remove);
    }
  }
  pending.forEach(remove);
  return lines;
}

/** The changes of a long file with a line before and after each; its start where nothing changes. */
function aroundChanges(lines: readonly ContentLine[], { painter }: View): readonly string[] {
  const isNear = (index: number): boolean =>
    [index - 1, index, index + 1].some((near) => lines[near]?.isChange === true) &&
    lines[index]?.text !== '';
  const hasChanges = lines.some(({ isChange }) => isChange);
  const shown: string[] = [];
  let left = 0;
  const tellLeft = (hint: string): void => {
    if (left > 0) shown.push(painter.dim(`    … ${formatCount(left, 'line')} as before${hint}`));
    left = 0;
  };
  for (const [index, { text }] of lines.entries()) {
    const isShown = hasChanges ? isNear(index) : index < MOST_LINES;
    if (!isShown || shown.length >= MOST_LINES) {
      left += 1;
      continue;
    }
    tellLeft('');
    shown.push(text);
  }
  tellLeft(' (--all lists them)');
  return shown;
}

/** The first line names depweight, for depweight. */
function withoutHeader(lines: readonly string[]): readonly string[] {
  if (!/^# Written by depweight\b/.test(lines[0] ?? '')) return lines;
  return lines.slice(lines[1] === '' ? 2 : 1);
}

interface RemovedRow {
  readonly row: DeclaredRow;
  readonly isMoved: boolean;
  /** The requirement that stood before it and stays, null when there is none. */
  readonly after: string | null;
}

/** What left the file, once for each name: a line that stands in two files is told where the text came from. */
function removedRows({ document }: View, content: string): readonly RemovedRow[] {
  const unused = new Set<string>();
  const moved = new Set<string>();
  for (const finding of document.findings.filter(isSaving)) {
    for (const name of finding.packages) (finding.rule === 'unused' ? unused : moved).add(name);
  }
  const rows: RemovedRow[] = [];
  let after: DeclaredRow | null = null;
  const declared = linesOfSource(document);
  for (const row of declared.toSorted((a, b) =>
    a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line,
  )) {
    const isMoved = moved.has(row.name);
    if (isMoved || unused.has(row.name)) {
      rows.push({ row, isMoved, after: after?.path === row.path ? after.raw : null });
    } else {
      after = row;
    }
  }
  const keptLines = new Set(content.split('\n').map((line) => line.trim()));
  const keptIn = (path: string): number =>
    declared.filter((row) => row.path === path && keptLines.has(row.raw)).length;
  const byName = new Map<string, RemovedRow>();
  for (const entry of rows) {
    const known = byName.get(entry.row.name);
    if (known === undefined || keptIn(entry.row.path) > keptIn(known.row.path)) {
      byName.set(entry.row.name, entry);
    }
  }
  return rows.filter((entry) => byName.get(entry.row.name) === entry);
}

function removedLine({ row, isMoved }: RemovedRow, { options, painter }: View): string {
  const raw = padEnd(truncate(row.raw, 36), 24);
  // Its own line says only what kind of tool it is.
  const paths = row.evidence.map(({ path }) => path).filter((path) => path !== row.path);
  const [first] = paths;
  const target = ' → dev';
  const room = options.width - displayWidth(raw) - displayWidth(target) - 14;
  const where = first === undefined ? 'a development tool' : `only in ${shortenPlace(first, room)}`;
  const text = isMoved ? `> ${raw}  ${where}${target}` : `- ${raw}  never imported`;
  const line = `  ${truncate(text, options.width - 2)}`;
  return isMoved ? painter.yellow(line) : painter.red(line);
}

/** How a lock is made again, by the kind of the input that it is. */
const LOCKING: Readonly<Record<string, string>> = {
  'uv-lock': 'uv lock',
  'poetry-lock': 'poetry lock',
  'pdm-lock': 'pdm lock',
};

function renderNext({ document, options, painter }: View): readonly string[] {
  const { splits, inputs } = document;
  const isForeseen = splits.some(
    ({ status, refusal }) => status === undefined && refusal !== undefined,
  );
  if (isForeseen)
    return [`${painter.cyan('--write')} would write nothing while one file is in the way.`];
  const open = splits.filter(({ status }) => status === undefined || status === 'proposed');
  const edits = open.filter(({ kind }) => kind === 'manifest').map(({ file }) => file);
  const created = open.length - edits.length;
  const doing = [
    ...(created === 0 ? [] : [`create ${formatCount(created, 'file')}`]),
    ...(edits.length === 0 ? [] : [`edit ${edits.join(', ')}`]),
  ].join(' and ');
  const lock = inputs.map(({ kind }) => LOCKING[kind]).find((command) => command !== undefined);
  const isEdited = splits.some(({ kind, status }) => kind === 'manifest' && status !== 'refused');
  const again = `${open.length === 0 ? 'Now' : 'then'} lock again: ${painter.cyan(lock ?? '')}`;
  const sentences = [
    ...(open.length === 0 ? [] : [`Run again with ${painter.cyan('--write')} to ${doing}`]),
    ...(isEdited && lock !== undefined ? [again] : []),
  ];
  return sentences.length === 0 ? [] : wrap(`${sentences.join('; ')}.`, options.width);
}
