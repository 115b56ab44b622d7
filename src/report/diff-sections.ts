/** What `diff` says of one project: the sums of both sides, what makes the difference and what brings it, findings. */
import type { AuditDocument, DiffDocument, DiffFacts, DiffProject, Finding } from '../types.ts';
import { renderChanged, renderPackages } from './change-rows.ts';
import {
  formatBytes,
  formatChange,
  formatCountChange,
  formatLocation,
  formatPercentChange,
  formatTarget,
} from './format.ts';
import type { View } from './headline.ts';
import { renderLeftOut } from './section-parts.ts';
import { displayWidth, padEnd, padStart, truncate, wrap } from './text-width.ts';

/** Findings of one kind that are shown unless all are asked for. */
const MOST_FINDINGS = 6;
/** Columns of the name of a ref. */
const MOST_OF_NAME = 40;

/** True for what `diff` made. */
export function isDiffDocument(document: AuditDocument | DiffDocument): document is DiffDocument {
  return 'ref' in document;
}

/** True where both sides could be weighed. */
export function hasFacts<T extends Partial<DiffFacts>>(document: T): document is T & DiffFacts {
  return document.difference !== undefined;
}

/** `since main (1a2b3c4d)`; the hash says which it was when the branch goes on. */
export function describeRef({ name, commit, mergeBase }: DiffDocument['ref']): string {
  const short = commit.slice(0, 10);
  if (commit.startsWith(name)) return `since ${short}`;
  const shown = truncate(name.replace(/\.\.\.?(?:HEAD|@)?$/, ''), MOST_OF_NAME);
  return `since ${mergeBase ? 'it left ' : ''}${shown} (${short})`;
}

/** The sections on one project. */
export function renderProject(
  project: DiffProject | DiffDocument,
  ref: string,
  view: View,
): readonly (readonly string[])[] {
  if (!hasFacts(project)) return [renderFailure(project, view)];
  const { painter } = view;
  const name = truncate(ref, MOST_OF_NAME);
  const { added, removed, changed, newFindings, solvedFindings } = project;
  const heading = (word: string): string => painter.bold(padEnd(word, 7));
  const isSame = added.length + removed.length + changed.length === 0;
  return [
    [...renderTotals(project, view), ...renderTargets(project, name, view)],
    isSame ? [`${painter.green('✓')} the same packages in the same versions`] : [],
    renderPackages(heading('ADDED'), added, view, causesOf),
    renderPackages(heading('REMOVED'), removed, view, causesOf),
    renderChanged(heading('CHANGED'), changed, view),
    renderFindings(painter.bold('NEW'), `findings that ${name} has not`, newFindings, view),
    renderFindings(painter.bold('SOLVED'), `findings of ${name}`, solvedFindings, view),
  ];
}

/** The reason stands on stderr; of two sides it has to be told which. */
function renderFailure(
  { error }: Pick<AuditDocument, 'error'>,
  { options, painter }: View,
): readonly string[] {
  const [reason = 'nothing could be weighed'] = (error?.message ?? '').split(/\n| {2}/, 1);
  return wrap(reason, options.width - 4).map((line, at) =>
    at === 0 ? `  ${painter.red('✗')} ${line}` : `    ${line}`,
  );
}

/** A line for each measure: before, after, the difference. */
function renderTotals(
  { before, after, difference, presence }: DiffFacts,
  { options, painter }: View,
): readonly string[] {
  const size = (bytes: number, lower: boolean): string =>
    `${lower ? '≥ ' : ''}${formatBytes(bytes, options.units)}`;
  const { installedBytes, installedBound, downloadBytes, downloadBound, packages } = difference;
  const percent = formatPercentChange(installedBytes, before, installedBound);
  const rows = [
    [
      'installed',
      size(before.installedBytes, before.lowerBound),
      size(after.installedBytes, after.lowerBound),
      formatChange(installedBytes, installedBound, options.units),
      percent,
    ],
    [
      'download',
      size(before.downloadBytes, before.lowerBound),
      size(after.downloadBytes, after.lowerBound),
      formatChange(downloadBytes, downloadBound, options.units),
      '',
    ],
    ['packages', String(before.packages), String(after.packages), formatCountChange(packages), ''],
  ];
  const heads = [
    '',
    presence === 'new' ? 'not there' : 'before',
    presence === 'gone' ? 'gone' : 'now',
    'difference',
  ];
  const widths = heads.map((head, at) =>
    Math.max(displayWidth(head), ...rows.map((row) => displayWidth(row[at] ?? ''))),
  );
  const line = (cells: readonly string[]): string =>
    `  ${padEnd(cells[0] ?? '', widths[0] ?? 0)}${cells
      .slice(1, 4)
      .map((cell, at) => `  ${padStart(cell, widths[at + 1] ?? 0)}`)
      .join('')}${(cells[4] ?? '') === '' ? '' : `  ${cells[4]}`}`;
  const [first = [], ...others] = rows;
  return [painter.dim(line(heads)), painter.bold(line(first)), ...others.map(line)];
}

/** That the ref itself asks for another target. */
function renderTargets(
  { targetBefore }: DiffFacts,
  name: string,
  { options, painter, document }: View,
): readonly string[] {
  if (targetBefore === null) return [];
  const from = targetBefore.from === 'default' ? '' : ` (${targetBefore.from})`;
  const text = `At ${name} the target was ${formatTarget(targetBefore)}${from}; both sides are weighed for ${formatTarget(document.target)}, so that only the packages differ.`;
  return wrap(text, options.width - 2).map((line) => painter.yellow(`  ${line}`));
}

/** `requirements.txt:7`, or `pandas (requirements.txt:7)` for what a declared package brings. */
export function describeCause({ through, declaredAt }: DiffFacts['added'][number]): string {
  const [place] = declaredAt;
  const at = place === undefined ? '' : formatLocation(place);
  const [root = ''] = through;
  if (through.length < 2) return at;
  const chain = through.length === 2 ? root : `${root} → ${through.at(-2) ?? ''}`;
  return at === '' ? chain : `${chain} (${at})`;
}

/** The same in fewer words each time: without the steps between, with the place alone. */
export function causesOf(row: DiffFacts['added'][number]): readonly string[] {
  const { through, declaredAt } = row;
  const [place] = declaredAt;
  const whole = describeCause(row);
  if (whole === '' || through.length < 2 || place === undefined) return whole === '' ? [] : [whole];
  const [root = ''] = through;
  const at = formatLocation(place);
  const short = at.replace(/^.*\//, '…/');
  return [whole, `${root} (${at})`, `${root} (${short})`, at];
}

function renderFindings(
  word: string,
  title: string,
  findings: readonly Finding[],
  view: View,
): readonly string[] {
  if (findings.length === 0) return [];
  const { options } = view;
  const shown = options.all ? findings : findings.slice(0, MOST_FINDINGS);
  const width = Math.max(...shown.map(({ rule }) => rule.length));
  return [
    `${word}  ${title}`,
    ...shown.flatMap(({ rule, message, locations: [place] }) => {
      const at = place === undefined ? '' : ` (${formatLocation(place)})`;
      const lines = wrap(`${message}${at}`, options.width - width - 4);
      return lines.map((line, index) => `  ${padEnd(index === 0 ? rule : '', width)}  ${line}`);
    }),
    ...renderLeftOut(findings.length - shown.length, 'finding', 0, view),
  ];
}
