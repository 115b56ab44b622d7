import type { AuditDocument } from '../types.ts';
import { renderSections } from './full-report.ts';
import { createView } from './headline.ts';
import { createPainter } from './paint.ts';
import { renderProjects } from './projects.ts';
import type { RenderOptions, ReportFormat } from './report.ts';
import { sanitizeDocument } from './sanitize.ts';

/** What `audit` prints: the answer first, then why, in about 30 lines whatever the size of the project. */
export const report: ReportFormat = {
  name: 'table',
  description: 'for people: the answer, what can go, what stays and why',
  render(dirty: AuditDocument, options: RenderOptions): string {
    const view = createView(sanitizeDocument(dirty), options, createPainter(options.color));
    const { projects = [] } = view.document;
    const sections = projects.length > 0 ? renderProjects(view, projects) : renderSections(view);
    return `${sections
      .filter((section) => section.length > 0)
      .map((section) => section.join('\n'))
      .join('\n\n')}\n`;
  },
};
