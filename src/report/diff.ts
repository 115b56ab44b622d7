import type { AuditDocument, DiffDocument } from '../types.ts';
import { renderDiffProjects } from './diff-projects.ts';
import { describeRef, hasFacts, isDiffDocument, renderProject } from './diff-sections.ts';
import { formatTarget } from './format.ts';
import { createView, describeEffort, renderTitle, type View } from './headline.ts';
import { createPainter } from './paint.ts';
import type { RenderOptions, ReportFormat } from './report.ts';
import { sanitizeDocument } from './sanitize.ts';
import { displayWidth, truncate, wrap } from './text-width.ts';

/** What `diff` prints: the sums of both sides, what makes the difference and what brings it, and which findings came and went. */
export const report: ReportFormat = {
  name: 'table',
  description: 'what changed in weight since a git ref',
  render(dirty: AuditDocument, options: RenderOptions): string {
    const document = sanitizeDocument(dirty);
    const view = createView(document, options, createPainter(options.color));
    if (!isDiffDocument(document)) return `${renderTitle(view).join('\n')}\n`;
    const sections =
      document.projects === undefined
        ? [renderHead(document, view), ...renderProject(document, document.ref.name, view)]
        : renderDiffProjects(document, view);
    const end = renderEnd(document, view);
    return `${[...sections, end]
      .filter((section) => section.length > 0)
      .map((section) => section.join('\n'))
      .join('\n\n')}\n`;
  },
};

function renderHead(document: DiffDocument, view: View): readonly string[] {
  const { options, painter } = view;
  const project = truncate(document.project, 40);
  const since = describeRef(document.ref);
  const paths = document.inputs.filter(({ primary }) => primary).map(({ path }) => path);
  const room = options.width - displayWidth(project) - 2;
  const files =
    paths.length > 2 ? `${paths[0] ?? ''} + ${paths.length - 1} more` : paths.join(' + ');
  const all = files === '' ? since : `${files}  ${since}`;
  const target = `for ${formatTarget(document.target)}`;
  const first =
    displayWidth(all) <= room
      ? [`${painter.bold(project)}  ${all}`]
      : [`${painter.bold(project)}  ${truncate(files, room)}`, `  ${since}`];
  return [...first, ...wrap(target, options.width - 2).map((line) => painter.dim(`  ${line}`))];
}

/** What the signs mean, where there are some. */
function renderEnd(document: DiffDocument, { options, painter }: View): readonly string[] {
  const all = (document.projects ?? [document]).filter(hasFacts);
  const bounds = new Set(all.map(({ difference }) => difference.installedBound));
  const meanings = [
    ...(bounds.has('at-least') ? ['≥: or more, as a size that came is not known.'] : []),
    ...(bounds.has('at-most') ? ['≤: or less, as a size that went is not known.'] : []),
    ...(bounds.has('open') ? ['~: more or less, as sizes on both sides are not known.'] : []),
  ];
  const text = [...meanings, describeEffort(options)].filter((part) => part !== '').join(' ');
  return text === '' ? [] : wrap(text, options.width).map((line) => painter.dim(line));
}
