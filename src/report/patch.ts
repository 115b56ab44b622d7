import type { AuditDocument } from '../types.ts';
import type { ReportFormat } from './report.ts';

/** What findings say of single lines of Dockerfiles, as `git apply` takes it. */
export const report: ReportFormat = {
  name: 'patch',
  description: 'what findings on images change in their Dockerfiles, for git apply',
  render(document: AuditDocument): string {
    const all = document.projects ?? [document];
    const patches = new Set(all.flatMap(({ imagePatch }) => imagePatch ?? []));
    // Text that is no diff says nothing to git.
    return patches.size === 0 ? `${NOTHING}\n` : [...patches].join('');
  },
};

const NOTHING = 'Nothing is proposed: no finding on an image is a plain change of a line.';
