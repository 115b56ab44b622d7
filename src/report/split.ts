import type { AuditDocument, DeclaredRow, SplitRow } from '../types.ts';
import { formatBytes, formatCount, isSaving } from './format.ts';
import { createView, formatLower, type View } from './headline.ts';
import { createPainter } from './paint.ts';
import type { RenderOptions, ReportFormat } from './report.ts';
import { sanitize, sanitizeDocument } from './sanitize.ts';
import { displayWidth, padEnd, padStart, truncate, wrap } from './text-width.ts';

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
      ...splits.slice(0, options.all ? undefined : 1).map((split) => renderContent(split, view)),
      renderProof(view),
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
    content: split.content.split(/\r?\n/).map(sanitize).join('\n'),
  }));
  return { ...sanitizeDocument({ ...document, splits: [] }), splits };
}

function renderNothing({ document, painter }: View): string {
  if (document.error !== null) return 'Nothing is proposed: the requirements do not fit together.';
  return `${painter.green('✓')} ${document.project}: nothing to split; nothing unused, nothing only for development.`;
}

function renderFiles({ document, options, painter }: View): readonly string[] {
  const { splits, totals } = document;
  const written = splits.some(({ status }) => status === 'written' || status === 'unchanged');
  const refused = splits.some(({ status }) => status === 'refused');
  const word = written ? 'Written' : refused ? 'Not written' : 'Would write';
  const width = Math.max(22, ...splits.map(({ file }) => displayWidth(file)));
  const head = `${padEnd(painter.bold(word), width + 2)}${padStart('lines', 7)}${padStart('packages', 10)}${padStart('installed', 11)}`;
  const lines = splits.map((split, index) => {
    const size = formatBytes(split.totals.installedBytes, options.units);
    const weight = padStart(`${split.totals.lowerBound ? '≥ ' : ''}${size}`, 11);
    const before = formatLower(totals.installedBytes, totals, options.units);
    const remark = index === 0 ? `was ${before}` : describeStatus(split);
    const counts = `${padStart(String(requirementLines(split).length), 7)}${padStart(String(split.totals.packages), 10)}`;
    const cells = `  ${padEnd(split.file, width)}${counts}${painter.green(weight)}`;
    const room = options.width - displayWidth(cells) - 3;
    // Half a remark says nothing.
    return displayWidth(remark) > room ? cells : `${cells}   ${painter.dim(remark)}`.trimEnd();
  });
  const refusals = splits.flatMap(({ file, refusal }) =>
    refusal === undefined
      ? []
      : wrap(`${file} is not written: ${refusal}`, options.width - 2).map(
          (line) => `  ${painter.red(line)}`,
        ),
  );
  return [head, ...lines, ...refusals];
}

function describeStatus({ status, content }: SplitRow): string {
  if (status === 'unchanged') return 'as it was';
  const include = /^(?:-r|--requirement)\s+(\S+)/m.exec(content)?.[1];
  return include === undefined ? '' : `-r ${include}`;
}

/** Lines that ask for something: neither blank, nor comments, nor options, nor the rest of a line above. */
function requirementLines({ content }: SplitRow): readonly string[] {
  let continued = false;
  return content.split('\n').filter((line) => {
    const starts = !continued && line.trim() !== '' && !/^\s*[#-]/.test(line);
    continued = line.endsWith('\\');
    return starts;
  });
}

/** The proposed text, with what left it shown where it stood. */
function renderContent(split: SplitRow, view: View): readonly string[] {
  const { options, painter } = view;
  const kept = split.content.replace(/\n+$/, '').split('\n');
  const gone = /-prod\./.test(split.file) ? removedRows(view) : [];
  const lines: string[] = [];
  const pending = [...gone];
  // A removed row follows the kept one that stood before it in the file.
  for (const text of kept) {
    lines.push(`    ${truncate(text, options.width - 4)}`.trimEnd());
    const index = pending.findIndex(({ after }) => after !== null && text.includes(after));
    if (index < 0) continue;
    const after = pending[index]?.after;
    while (pending[index] !== undefined && pending[index]?.after === after) {
      lines.push(...pending.splice(index, 1).map((row) => removedLine(row, view)));
    }
  }
  lines.push(...pending.map((row) => removedLine(row, view)));
  const shown = options.all ? lines : lines.slice(0, MOST_LINES);
  const left = lines.length - shown.length;
  const remark = '(comments, order, pins and hashes kept)';
  const isWide = displayWidth(split.file) + 3 + displayWidth(remark) <= options.width;
  return [
    isWide ? `${painter.bold(split.file)}   ${painter.dim(remark)}` : painter.bold(split.file),
    ...shown,
    ...(left > 0
      ? [painter.dim(`    … and ${formatCount(left, 'more line')} (--all lists them)`)]
      : []),
  ];
}

interface RemovedRow {
  readonly row: DeclaredRow;
  readonly isMoved: boolean;
  /** The requirement that stood before it and stays, null when there is none. */
  readonly after: string | null;
}

function removedRows({ document }: View): readonly RemovedRow[] {
  const unused = new Set<string>();
  const moved = new Set<string>();
  for (const finding of document.findings.filter(isSaving)) {
    for (const name of finding.packages) (finding.rule === 'unused' ? unused : moved).add(name);
  }
  const rows: RemovedRow[] = [];
  let after: DeclaredRow | null = null;
  const declared = document.declared.filter(
    ({ environment }) => environment === document.environments[0]?.id,
  );
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
  return rows;
}

function removedLine({ row, isMoved }: RemovedRow, { options, painter }: View): string {
  const raw = padEnd(truncate(row.raw, 36), 24);
  const paths = [...new Set(row.evidence.map(({ path }) => path))];
  const where = paths.length > 0 ? `only in ${paths[0] ?? ''}` : 'a development tool';
  const text = isMoved ? `> ${raw}  ${where} → requirements-dev.txt` : `- ${raw}  never imported`;
  const line = `  ${truncate(text, options.width - 2)}`;
  return isMoved ? painter.yellow(line) : painter.red(line);
}

function renderProof({ document, options, painter }: View): readonly string[] {
  const { splits, scannedFiles } = document;
  const proven = splits.filter(({ proof }) => isProven(proof));
  const sentences: string[] = [];
  if (proven.length > 0) {
    const which =
      proven.length === splits.length ? 'each file' : proven.map(({ file }) => file).join(', ');
    const modules =
      scannedFiles === null ? '' : ', and every module that the code imports is there';
    sentences.push(
      `resolved again, held and free: ${which} gives the same versions as before${modules}.`,
    );
  }
  for (const split of splits) if (!isProven(split.proof)) sentences.push(...describeGaps(split));
  const lines = sentences.flatMap((sentence) => wrap(sentence, options.width - 7));
  return lines.map((line, index) => `${index === 0 ? painter.bold('Proof') : '     '}  ${line}`);
}

function isProven({ resolved, changedVersions, unprovidedModules }: SplitRow['proof']): boolean {
  return resolved && changedVersions.length === 0 && unprovidedModules.length === 0;
}

function describeGaps({ file, proof }: SplitRow): readonly string[] {
  const sentences: string[] = [];
  if (!proof.resolved) sentences.push(`${file}: NOT proven, it could not be resolved again.`);
  if (proof.changedVersions.length > 0) {
    sentences.push(`${file}: held it resolves; resolved free, these versions change:`);
  }
  for (const { name, before, after, cappedBy } of proof.changedVersions.slice(0, 5)) {
    const cap = cappedBy === null ? '' : `, which ${cappedBy} used to cap`;
    sentences.push(`- ${name} ${before} → ${after}${cap}`);
  }
  const left = proof.changedVersions.length - 5;
  if (left > 0) sentences.push(`- … and ${left} more`);
  if (proof.unprovidedModules.length > 0) {
    const more = proof.unprovidedModules.length > 6 ? ' …' : '';
    const modules = proof.unprovidedModules.slice(0, 6).join(', ');
    sentences.push(`${file}: does NOT provide ${modules}${more}, which the code imports.`);
  }
  return sentences;
}

function renderNext({ document, painter }: View): readonly string[] {
  const open = document.splits.filter(
    ({ status }) => status === undefined || status === 'proposed',
  );
  if (open.length === 0) return [];
  return [
    `Run again with ${painter.cyan('--write')} to create ${formatCount(open.length, 'file')}.`,
  ];
}
