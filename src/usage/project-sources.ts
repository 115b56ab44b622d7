/** The code that the verdicts on a project rest on. A repository is scanned once, however many projects it holds. */
import type { AuditEnv } from '../audit-env.ts';
import { createProjectScans, withProduct } from '../imports/project-scan.ts';
import { scanSources } from '../imports/scan-project.ts';
import { folderOf } from '../inputs/file-access.ts';
import type { ProjectInputs, RepositoryInputs } from '../inputs/project.ts';
import type { ImportScan } from '../types.ts';

/** The code of a project, of the folder of a named file, or of a named script. `path` is what was asked for. */
export type ProjectSources = (path: string, project: ProjectInputs) => Promise<ImportScan>;

/** Prepares the scan; nothing is read before it is asked for. */
export function createProjectSources(
  { projects }: RepositoryInputs,
  { sources, progress }: Pick<AuditEnv, 'sources' | 'progress'>,
): ProjectSources {
  const folders = projects.map(({ project }) => project);
  let ofProjects: Promise<(project: string) => ImportScan> | null = null;
  return async (path, { project, script }) => {
    progress.update('scanning', 0, 0, '');
    // What a script declares is for these very files.
    if (script !== null) return { ...(await scanSources(sources, { script })), inlineScripts: [] };
    if (path !== '.')
      return withProduct(await scanSources(sources, { root: folderOf(path), projects: folders }));
    ofProjects ??= scanSources(sources, { projects: folders }).then((scan) =>
      createProjectScans(scan, folders),
    );
    return withProduct((await ofProjects)(project));
  };
}
