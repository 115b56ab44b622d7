import type { AuditDocument, RuleName } from '../types.ts';
import { renderAdd } from './add-section.ts';
import { renderCheck, renderLeaving } from './finding-sections.ts';
import { renderExpenses } from './expenses-section.ts';
import { formatBytes, formatCount, formatTarget, hasCondaPackages, isSaving } from './format.ts';
import {
  type Saved,
  originOf,
  renderBar,
  renderConflict,
  renderEnvironments,
  renderLeft,
  renderService,
  renderFooter,
  renderTitle,
  renderTotals,
  renderUnread,
  savedBytes,
  type View,
} from './headline.ts';
import { heavyCiFindings, renderCi } from './ci-section.ts';
import { heavyImageFindings, renderImage } from './image-section.ts';
import { keptPackages, renderKeep } from './keep-table.ts';
import { lighterFindings, renderLighter } from './lighter-section.ts';
import { renderNotes } from './notes.ts';
import { notePlace, renderPlaces } from './places-section.ts';
import { renderPrograms } from './programs-section.ts';
import { renderScripts } from './scripts-section.ts';
import { displayWidth, padEnd, truncate, wrap } from './text-width.ts';

/** What is put into the report of one project of several. */
export interface Surroundings {
  /** `FOLDER` of the calls that are proposed; '' for the top. */
  readonly folder: string;
  /** Lines on the other projects, before what to call next. */
  readonly others: readonly string[];
}

/** The sections of the report on one project: the answer first, then why. Some may be empty. */
export function renderSections(
  view: View,
  { folder, others }: Surroundings = { folder: '', others: [] },
): readonly (readonly string[])[] {
  const { document } = view;
  if (document.error !== null) return [...renderWithoutWeights(view), others];
  const isEmpty = document.environments.every(({ totals }) => totals.packages === 0);
  if (document.totals.packages === 0 && isEmpty) return [renderEmpty(view), others];
  if (isClean(document) && !view.options.all)
    return [
      renderClean(view),
      renderPrograms(view),
      renderExpenses(document.expenses, view),
      others,
    ];
  const saved = savedBytes(view);
  // Of a CI file no code is read on purpose.
  const isOfCi = document.environments[0]?.job !== undefined;
  const verdict = isOfCi
    ? []
    : saved === null || saved.bytes <= 0
      ? wrap(describeNothing(view, saved), view.options.width - 2).map((line) => `  ${line}`)
      : renderBar(view, saved);
  return [
    renderTitle(view),
    [...renderTotals(view), ...verdict],
    ...renderLeaving(view),
    renderAdd(view),
    renderCheck(view),
    renderLighter(view),
    renderImage(view),
    renderCi(view),
    renderKeep(view, keptPackages(view)),
    renderPrograms(view),
    renderScripts(view),
    renderPlaces(view),
    renderExpenses(document.expenses, view),
    renderNotes(view),
    others,
    renderNext(view, saved, folder),
    renderFooter(view),
  ];
}

/** Code was read, all is weighed, and there is nothing to do and nothing that the reader has to know. */
function isClean(document: AuditDocument): boolean {
  const { findings, scannedFiles, totals, warnings } = document;
  if (scannedFiles === null || scannedFiles === 0 || totals.lowerBound) return false;
  if (warnings.some(({ severity }) => severity === 'error' || severity === 'incomplete'))
    return false;
  if (lighterFindings(document).length > 0 || heavyImageFindings(findings).length > 0) return false;
  if (heavyCiFindings(findings).length > 0) return false;
  return findings.every(({ rule, severity }) => severity === 'info' && !WORK.has(rule));
}

/** Rules that ask for something to be done, however mild they are. */
const WORK: ReadonlySet<RuleName> = new Set(['unused', 'dev-only', 'over-budget']);

/** `✓ trackmaster weighs 443 MB, 44 packages; nothing unused, nothing only for development.` */
function renderClean(view: View): readonly string[] {
  const { document, options, painter } = view;
  const { totals, project } = document;
  const target = `for ${formatTarget(document.target)}${originOf(document)}`;
  const weight = formatBytes(totals.installedBytes, options.units);
  const what =
    totals.packages === 0
      ? 'needs no packages'
      : `weighs ${weight}, ${formatCount(totals.packages, 'package')}`;
  const text = `${project} ${what}; nothing unused, nothing only for development.`;
  const [first = '', ...more] = wrap(text, options.width - 2);
  const place = notePlace(view);
  const notes = document.findings.length;
  const hint = notes > 0 ? [painter.dim(`  ${formatCount(notes, 'note')} (--all lists them)`)] : [];
  return [
    `${painter.green('✓')} ${first}`,
    ...more.map((line) => `  ${line}`),
    ...wrap(target, options.width - 2).map((line) => painter.dim(`  ${line}`)),
    ...renderLeft(view),
    ...renderService(view),
    ...renderEnvironments(view),
    ...(place === '' ? [] : wrap(place, options.width - 2).map((line) => `  ${line}`)),
    ...hint,
  ];
}

function renderEmpty(view: View): readonly string[] {
  const { document, painter, options } = view;
  const unread = renderUnread(view);
  if (unread.length > 0) return [...renderTitle(view), '', '  Nothing to weigh.', ...unread];
  const isSure = document.warnings.length === 0;
  const text = `${document.project} needs no packages; nothing to weigh${isSure ? '.' : ', but see the warnings.'}`;
  const [first = '', ...more] = wrap(text, options.width - 2);
  return [
    `${isSure ? painter.green('✓') : painter.yellow('!')} ${first}`,
    ...more.map((line) => `  ${line}`),
  ];
}

function describeNothing({ document, painter }: View, saved: Saved | null): string {
  if (saved?.lowerBound === true) return 'How much can go is not known, as the sizes are not.';
  if (saved !== null) return 'No bytes can go: what is not used is needed by other packages too.';
  if (document.scannedFiles === null || document.scannedFiles === 0) {
    return 'No Python source was read, so nothing is said about what is used.';
  }
  const isOpen = document.findings.some(({ rule }) => rule === 'unused' || rule === 'dev-only');
  if (isOpen) return 'Nothing is surely unused; see CHECK.';
  return `${painter.green('✓')} nothing unused, nothing only for development`;
}

/** No solution: what the code says is still worth reading; the error itself goes to stderr. */
function renderWithoutWeights(view: View): readonly (readonly string[])[] {
  return [
    renderTitle(view),
    renderConflict(view),
    ...renderLeaving(view),
    renderAdd(view),
    renderCheck(view),
  ];
}

/** ` compose.yml --env service:api`: of one image of several the others mean something else. */
function placeOfService({ environments: [first, ...others] }: AuditDocument): string {
  if (first?.service === undefined) return '';
  const { path, names } = first.service;
  const isAlone = others.every(({ service }) => service === undefined);
  return ` ${path}${isAlone ? '' : ` --env service:${names[0] ?? ''}`}`;
}

/** What to call next. */
function renderNext(view: View, saved: Saved | null, folder: string): readonly string[] {
  const { document, options, painter } = view;
  if (saved === null) return [];
  const { totals } = document;
  const place = folder === '' ? placeOfService(document) : ` ${folder}`;
  // No requirements file holds what the image has besides.
  const besides = (document.environments[0]?.besides ?? []).map((set) => set.totals.installedBytes);
  const own = besides.reduce((bytes, one) => bytes - one, totals.installedBytes);
  const stays = formatBytes(own - saved.bytes, options.units);
  const leaving = document.findings.filter(isSaving);
  const moves = leaving.some(({ remedy }) => remedy?.kind === 'move') ? ' and -dev.txt' : '';
  const what = `requirements-prod.txt (${saved.restLowerBound ? '≥ ' : ''}${stays})${moves}`;
  const rows: (readonly [string, string])[] = hasCondaPackages(view.packages)
    ? []
    : [[`depweight split${place}`, what]];
  const heaviest = leaving
    .flatMap((finding) => finding.packages)
    .toSorted((a, b) => weightOf(b, view) - weightOf(a, view))[0];
  if (heaviest !== undefined) {
    rows.push([`depweight why ${heaviest}${place}`, 'the paths that bring it in']);
  }
  const width = Math.min(
    Math.max(...rows.map(([command]) => displayWidth(command))),
    options.width - 26,
  );
  return rows.flatMap(([command, text], index) =>
    wrap(text, options.width - width - 8).map((line, part) => {
      const word = index + part === 0 ? 'Next' : '    ';
      const shown = part === 0 ? truncate(command, width) : '';
      return `${word}  ${painter.cyan(padEnd(shown, width))}  ${line}`;
    }),
  );
}

function weightOf(name: string, { rowByName }: View): number {
  return rowByName.get(name)?.installedBytes ?? 0;
}
