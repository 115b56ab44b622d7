/** `diff` of a repository with several projects: a line for each, and what changed in those in which something did. */
import type { DiffDocument, DiffProject } from '../types.ts';
import { describeRef, hasFacts, renderProject } from './diff-sections.ts';
import { formatBytes, formatChange, formatCount, formatTarget } from './format.ts';
import type { View } from './headline.ts';
import { displayWidth, padEnd, padStart, truncate } from './text-width.ts';

/** Projects without a change that are listed unless all are asked for. */
const MOST_SAME = 4;

/** The sections of the report. The document is sanitised. */
export function renderDiffProjects(
  document: DiffDocument,
  view: View,
): readonly (readonly string[])[] {
  const { painter, options } = view;
  const projects = document.projects ?? [];
  const different = projects.filter(isDifferent);
  const same = projects.filter((project) => !isDifferent(project));
  const listed = options.all ? projects : [...different, ...same.slice(0, MOST_SAME)];
  const left = projects.length - listed.length;
  const name = document.ref.name;
  const top = projects.find(({ path }) => path === '.')?.project ?? '';
  const count = `${formatCount(projects.length, 'project')}  ${describeRef(document.ref)}`;
  const title = top === '' ? painter.bold(count) : `${painter.bold(truncate(top, 40))}  ${count}`;
  return [
    [title, ...(left === projects.length ? [] : renderTable(listed, view))],
    ...(left > 0
      ? [
          [
            painter.dim(
              `  … and ${formatCount(left, 'project')} more without a change (--all lists them)`,
            ),
          ],
        ]
      : []),
    ...different.flatMap((project) => {
      const { target } = project;
      const own = target === null ? '' : `  for ${formatTarget(target)}`;
      const head = `${painter.bold(truncate(project.path, 40))}${painter.dim(own)}`;
      const whole = target === null ? view : { ...view, document: { ...document, target } };
      const [first = [], ...rest] = renderProject(project, name, whole);
      return [[head, ...first], ...rest];
    }),
  ];
}

function isDifferent(project: DiffProject): boolean {
  if (!hasFacts(project)) return true;
  const { added, removed, changed, newFindings, solvedFindings, presence, targetBefore } = project;
  const rows = [added, removed, changed, newFindings, solvedFindings];
  return presence !== 'both' || targetBefore !== null || rows.some((list) => list.length > 0);
}

function renderTable(
  projects: readonly DiffProject[],
  { options, painter }: View,
): readonly string[] {
  const heads = ['before', 'now', 'difference'];
  const rows = projects.map((project) => ({ project, cells: cellsOf(project, options.units) }));
  const widths = heads.map((head, at) =>
    Math.max(displayWidth(head), ...rows.map(({ cells }) => displayWidth(cells[at] ?? ''))),
  );
  const used = widths.reduce((sum, width) => sum + width + 2, 0);
  const names = rows.map(({ project }) => project.path);
  const name = Math.min(
    Math.max('installed'.length, ...names.map(displayWidth)),
    options.width - used - 2,
  );
  const line = (first: string, cells: readonly string[]): string =>
    `  ${padEnd(truncate(first, name), name)}${cells
      .map((cell, at) => `  ${padStart(cell, widths[at] ?? 0)}`)
      .join('')}`;
  return [
    painter.dim(line('installed', heads)),
    ...rows.map(({ project, cells }) => line(project.path, cells)),
  ];
}

function cellsOf(project: DiffProject, units: 'si' | 'iec'): readonly string[] {
  if (!hasFacts(project)) return ['?', '?', '?'];
  const { before, after, difference, presence } = project;
  const size = ({ installedBytes, lowerBound }: typeof before): string =>
    `${lowerBound ? '≥ ' : ''}${formatBytes(installedBytes, units)}`;
  return [
    presence === 'new' ? '–' : size(before),
    presence === 'gone' ? '–' : size(after),
    formatChange(difference.installedBytes, difference.installedBound, units),
  ];
}
