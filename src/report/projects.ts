/**
 * A repository with several projects: a table with a line for each, and below it what is to be done in each of them. With
 * `--all`, the whole report of each instead. Where all but one are for development (`docs/`, `examples/`), that one is
 * what the reader wants to know about: its report, with a line for each of the others.
 */
import { isDevelopmentFolder } from '../inputs/roles.ts';
import type { AuditDocument, Expense, Expenses, Finding, ProjectDocument } from '../types.ts';
import { renderExpenses } from './expenses-section.ts';
import { renderSections } from './full-report.ts';
import { formatBytes, formatCount, formatLocation, formatTarget, isSaving } from './format.ts';
import { createView, originOf, renderFooter, savedBytes, type View } from './headline.ts';
import { heavyImageFindings } from './image-section.ts';
import { lighterFindings } from './lighter-section.ts';
import { compareBytes } from './order.ts';
import { INDENT, listFitting } from './section-parts.ts';
import { displayWidth, padEnd, padStart, truncate, wrap } from './text-width.ts';

const MOST_ROWS = 12;
/** Lines of a report that a reader takes in; sections are left out beyond them. */
const MOST_LINES = 30;

/** A project with what the reports on one project take. */
interface Project {
  readonly path: string;
  readonly name: string;
  /** Null where it failed before it had a target. */
  readonly view: View | null;
  /** Why it has no weights, '' where it has. */
  readonly failure: string;
}

/** The sections of the report on all projects. The view and the projects are sanitised. */
export function renderProjects(
  top: View,
  documents: readonly ProjectDocument[],
): readonly (readonly string[])[] {
  const projects = documents.map((document) => toProject(top, document));
  if (top.options.all) return [...renderSummary(top, projects), ...renderEach(projects)];
  const main = mainProject(projects);
  if (main === null) return renderBriefly(top, projects);
  const others = renderOthers(
    top,
    projects.filter((project) => project !== main),
  );
  const folder = main.path === '.' ? '' : main.path;
  return main.view === null ? [] : renderSections(main.view, { folder, others });
}

function toProject(top: View, document: ProjectDocument): Project {
  const { path, target, project: name } = document;
  const [failure = ''] = (document.error?.message ?? '').split('\n', 1);
  if (target === null) {
    const [reason] = document.warnings.filter(({ code }) => code === 'unknown-environment');
    return { path, name, view: null, failure: failure === '' ? (reason?.message ?? '') : failure };
  }
  const { schemaVersion, tool, command } = top.document;
  const whole: AuditDocument = { schemaVersion, tool, command, ...document, target };
  return { path, name, view: createView(whole, top.options, top.painter), failure };
}

/** The only one that is not for development; null where there are several, or it has nothing to show. */
function mainProject(projects: readonly Project[]): Project | null {
  const [first, second] = projects.filter(({ path }) => !isDevelopmentFolder(path));
  return second === undefined && first !== undefined && first.view !== null ? first : null;
}

function renderBriefly(top: View, projects: readonly Project[]): readonly (readonly string[])[] {
  const summary = renderSummary(top, projects);
  const last = [renderNext(top, projects), renderFooter(unitedView(top, projects))];
  const used = [...summary, ...last].flatMap((section) => ['', ...section]).length;
  const costs = renderExpenses(sumExpenses(projects), top);
  return [...summary, ...renderWork(top, projects, MOST_LINES - used), costs, ...last];
}

/** Of all projects together: each is deployed by itself. */
function sumExpenses(projects: readonly Project[]): Expenses | undefined {
  const all = projects.flatMap(({ view }) => view?.document.expenses ?? []);
  const [first] = all;
  if (first === undefined) return undefined;
  const add = (pick: (expenses: Expenses) => Expense): Expense => {
    const sum = (key: keyof Expense): number | null =>
      pick(first)[key] === null
        ? null
        : all.reduce((total, expenses) => total + (pick(expenses)[key] ?? 0), 0);
    const [storage, transfer, seconds] = [sum('storage'), sum('transfer'), sum('seconds')];
    return { downloadBytes: sum('downloadBytes') ?? 0, storage, transfer, seconds };
  };
  const isChanged = all.some(({ after }) => after !== null);
  return {
    prices: first.prices,
    before: add(({ before }) => before),
    after: isChanged ? add(({ before, after }) => after ?? before) : null,
    lowerBound: all.some(({ lowerBound }) => lowerBound),
  };
}

// ---------------------------------------------------------------------------------------------------------------------
// The table

function renderSummary(top: View, projects: readonly Project[]): readonly (readonly string[])[] {
  const most = top.options.all ? projects.length : MOST_ROWS;
  const shown = projects.slice(0, most);
  const left = projects.length - shown.length;
  const more = `  … and ${formatCount(left, 'more project')} (--all lists them)`;
  return [
    renderTitle(top, projects),
    [...renderTable(top, shown, projects), ...(left > 0 ? [top.painter.dim(more)] : [])],
  ];
}

function renderTitle({ painter, options }: View, projects: readonly Project[]): readonly string[] {
  const name = projects.find(({ path }) => path === '.')?.name ?? '';
  const files = projects.reduce(
    (sum, { view }) => sum + (view === null ? 0 : (view.document.scannedFiles ?? 0)),
    0,
  );
  const count = `${formatCount(projects.length, 'project')}, ${formatCount(files, 'Python file')}`;
  const target = commonTarget(projects);
  const what = name === '' ? painter.bold(count) : `${painter.bold(truncate(name, 40))}  ${count}`;
  return [what, ...wrap(target, options.width - 2).map((line) => painter.dim(`  ${line}`))];
}

const OWN_TARGETS = 'each for a target of its own';

function commonTarget(projects: readonly Project[]): string {
  const targets = new Set(
    projects.flatMap(({ view }) => (view === null ? [] : [targetOf(view.document)])),
  );
  const [first = ''] = targets;
  return targets.size === 1 ? first : OWN_TARGETS;
}

function targetOf(document: AuditDocument): string {
  return `for ${formatTarget(document.target)}${originOf(document)}`;
}

/** Cells after the name of a project; a failure stands in the place of all. */
type Cells = readonly string[];

function renderTable(
  { options, painter }: View,
  shown: readonly Project[],
  all: readonly Project[],
): readonly string[] {
  const hasUnknown = all.some(({ view }) => (view?.document.totals.unknown ?? 0) > 0);
  const columns = ['installed', 'packages', ...(hasUnknown ? ['unknown'] : []), 'can go'];
  const rows = shown.map((project) => ({ project, cells: cellsOf(project, hasUnknown) }));
  const widths = columns.map((column, index) =>
    Math.max(displayWidth(column), ...rows.map(({ cells }) => displayWidth(cells[index] ?? ''))),
  );
  const used = widths.reduce((sum, width) => sum + width + 2, 0);
  const room = Math.max(options.width - 2 - used, 12);
  const widest = Math.max('project'.length, ...shown.map(({ path }) => displayWidth(path)));
  const name = Math.min(widest, room);
  const line = (first: string, cells: Cells): string =>
    `  ${padEnd(truncateStart(first, name), name)}${cells
      .map((cell, index) => `  ${padStart(cell, widths[index] ?? 0)}`)
      .join('')}`;
  return [
    painter.dim(line('project', columns)),
    ...rows.map(({ project, cells }) =>
      project.failure === ''
        ? line(project.path, cells)
        : `${line(project.path, [])}  ${painter.red(truncate(project.failure, options.width - name - 4))}`,
    ),
  ];
}

/** The end of a path says more than its beginning. */
function truncateStart(path: string, width: number): string {
  if (displayWidth(path) <= width) return path;
  return `…${Array.from(path)
    .slice(1 - width)
    .join('')}`;
}

function cellsOf({ view, failure }: Project, hasUnknown: boolean): Cells {
  if (view === null || failure !== '') return [];
  const { totals, scannedFiles } = view.document;
  const lower = totals.lowerBound ? '≥ ' : '';
  const saved = savedBytes(view);
  const goes =
    saved !== null
      ? `${saved.lowerBound ? '≥ ' : ''}${formatBytes(Math.max(saved.bytes, 0), view.options.units)}`
      : (scannedFiles ?? 0) === 0
        ? 'no code'
        : '–';
  return [
    `${lower}${formatBytes(totals.installedBytes, view.options.units)}`,
    String(totals.packages),
    ...(hasUnknown ? [totals.unknown === 0 ? '–' : String(totals.unknown)] : []),
    goes,
  ];
}

// ---------------------------------------------------------------------------------------------------------------------
// What is to be done

/** A section for each project in which there is something to do, as many as there is room for. */
function renderWork(
  top: View,
  projects: readonly Project[],
  room: number,
): readonly (readonly string[])[] {
  const isOfOneTarget = commonTarget(projects) !== OWN_TARGETS;
  const sections = projects.toSorted(compareUrgency).flatMap((project) => {
    const rows = project.view === null ? [] : workOf(project.view);
    return rows.length === 0 ? [] : [[headOf(project, top, isOfOneTarget), ...rows]];
  });
  const fits = (shown: typeof sections, between: number): boolean =>
    shown.flat().length + between * shown.length <= room;
  // Air between the sections is given up before a section is.
  if (fits(sections, 1)) return sections;
  let count = sections.length;
  // One is shown whatever it takes: a report that shows no work helps nobody.
  while (count > 1 && !fits(sections.slice(0, count), 0)) count--;
  const hidden = sections.length - count;
  const more = `… and ${formatCount(hidden, 'more project')} with work to do (--all: each report)`;
  const lines = sections.slice(0, count).flat();
  return [hidden > 0 ? [...lines, top.painter.dim(more)] : lines];
}

/** The product before what is for development, then by what can go. */
function compareUrgency(a: Project, b: Project): number {
  const bytes = ({ view }: Project): number => (view === null ? 0 : (savedBytes(view)?.bytes ?? 0));
  return (
    Number(isDevelopmentFolder(a.path)) - Number(isDevelopmentFolder(b.path)) ||
    compareBytes(bytes(a), bytes(b))
  );
}

function headOf(
  { path, name, view }: Project,
  { options, painter }: View,
  isOfOneTarget: boolean,
): string {
  const isNamed = path !== name && !path.endsWith(`/${name}`);
  const title = truncate(isNamed ? `${path}  ${name}` : path, 40);
  if (isOfOneTarget || view === null) return painter.bold(title);
  const target = truncate(targetOf(view.document), options.width - displayWidth(title) - 2);
  return `${painter.bold(title)}  ${painter.dim(target)}`;
}

/** `REMOVE  torch, torchaudio        services/api/requirements.txt:12  frees 4.79 GB`: a line for each kind of work. */
function workOf(view: View): readonly string[] {
  const { findings } = view.document;
  const rows: readonly (readonly [string, readonly Finding[]])[] = [
    ['REMOVE', findings.filter((one) => one.rule === 'unused' && isSaving(one))],
    ['MOVE', findings.filter((one) => one.rule === 'dev-only' && isSaving(one))],
    ['ADD', findings.filter(isUndeclared)],
    ['FIX', findings.filter(({ rule }) => rule === 'misplaced-extra')],
    ['LIGHTER', lighterFindings(view.document)],
    ['IMAGE', heavyImageFindings(findings)],
    ['PLACE', findings.filter(({ rule }) => rule === 'over-budget')],
    ['CHECK', findings.filter(isDoubtful)],
  ];
  return rows.flatMap(([word, found]) => (found.length === 0 ? [] : [workLine(word, found, view)]));
}

function isUndeclared({ rule, severity }: Finding): boolean {
  return (rule === 'missing' || rule === 'transitive-import') && severity !== 'info';
}

function isDoubtful({ rule, confidence }: Finding): boolean {
  return (rule === 'unused' || rule === 'dev-only') && confidence === 'possible';
}

function workLine(word: string, findings: readonly Finding[], { options, painter }: View): string {
  const paint = { REMOVE: painter.red, ADD: painter.red, MOVE: painter.yellow }[word];
  const label = painter.bold((paint ?? ((text: string) => text))(padEnd(word, INDENT)));
  const end = endOf(word, findings, options.units);
  const room = options.width - 2 - INDENT - displayWidth(end) - 2;
  const names = findings
    .toSorted((a, b) => compareBytes(a.savedInstalledBytes, b.savedInstalledBytes))
    .flatMap(({ packages, message, rule, locations: [place] }) =>
      word === 'IMAGE' && place !== undefined
        ? `${rule} (${formatLocation(place)})`
        : packages.length > 0
          ? packages
          : [message.split(/:? /, 1)[0] ?? ''],
    );
  const text = truncate(listFitting({ lead: '', names: [...new Set(names)] }, room, 1), room);
  return `  ${label}${padEnd(text, room)}  ${end}`.trimEnd();
}

function endOf(word: string, findings: readonly Finding[], units: 'si' | 'iec'): string {
  if (word === 'REMOVE' || word === 'MOVE') {
    const bytes = findings.reduce((sum, one) => sum + (one.savedInstalledBytes ?? 0), 0);
    return `frees ${formatBytes(bytes, units)}`;
  }
  if (word === 'LIGHTER' || word === 'IMAGE') {
    const [most = 0] = findings.map((one) => one.savedInstalledBytes ?? 0);
    return `up to −${formatBytes(most, units)}`;
  }
  const [place] = findings.flatMap(({ locations }) => locations);
  return place === undefined ? '' : `${place.path}:${place.line}`;
}

function renderNext({ painter, options }: View, projects: readonly Project[]): readonly string[] {
  const worst = projects
    .flatMap(({ path, view }) =>
      view === null || path === '.' ? [] : [{ path, bytes: savedBytes(view)?.bytes ?? 0 }],
    )
    .toSorted((a, b) => compareBytes(a.bytes, b.bytes))[0];
  if (worst === undefined) return [];
  const lead = 'Next  ';
  const rest = '  its whole report (--all: of each)';
  const call = truncate(`depweight audit ${worst.path}`, options.width - lead.length - rest.length);
  return [`${lead}${painter.cyan(call)}${rest}`];
}

/** Of all projects, for the sentence on what the figures rest on. */
function unitedView(top: View, projects: readonly Project[]): View {
  const views = projects.flatMap(({ view }) => (view === null ? [] : [view]));
  return {
    ...top,
    document: { ...top.document, findings: views.flatMap(({ document }) => document.findings) },
    packages: views.flatMap(({ packages }) => packages),
  };
}

// ---------------------------------------------------------------------------------------------------------------------
// Whole reports, and the others beside one

function renderEach(projects: readonly Project[]): readonly (readonly string[])[] {
  return projects.flatMap(({ path, view, failure }) => {
    if (view === null) return [[`${path}  ${failure}`]];
    const { document } = view;
    const project = path === '.' ? document.project : path;
    const folder = path === '.' ? '' : path;
    return renderSections({ ...view, document: { ...document, project } }, { folder, others: [] });
  });
}

/** `ALSO`: a line for each of the other projects. */
function renderOthers(top: View, projects: readonly Project[]): readonly string[] {
  const { painter } = top;
  const word = painter.bold(padEnd('ALSO', INDENT));
  const [head = '', ...rows] = renderTable(top, projects.slice(0, MOST_ROWS), projects);
  const left = projects.length - Math.min(projects.length, MOST_ROWS);
  const more = `  … and ${formatCount(left, 'more project')} (--all lists them)`;
  return [
    `${word}other projects of this repository (--all prints each report)`,
    head,
    ...rows,
    ...(left > 0 ? [painter.dim(more)] : []),
  ];
}
