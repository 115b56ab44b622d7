/** The code that the verdicts on a project rest on. A repository is scanned once, however many projects it holds. */
import type { AuditEnv } from '../audit-env.ts';
import { createProjectScans, withProduct } from '../imports/project-scan.ts';
import { scanSources } from '../imports/scan-project.ts';
import { fileNameOf, folderOf } from '../inputs/file-access.ts';
import type {
  ImageScope,
  ProjectInputs,
  RepositoryInputs,
  ServiceInputs,
} from '../inputs/project.ts';
import { isDockerfileName } from '../target/dockerfile-name.ts';
import type { ImportScan, SourcesAround } from '../types.ts';

/** The code of a project, of the folder of a named file, or of a named script. `path` is what was asked for. */
export type ProjectSources = (path: string, project: ProjectInputs) => Promise<ImportScan>;

/** Prepares the scan; nothing is read before it is asked for. */
export function createProjectSources(
  { projects }: RepositoryInputs,
  { sources, progress }: Pick<AuditEnv, 'sources' | 'progress'>,
): ProjectSources {
  const folders = projects.map(({ project }) => project);
  const beside = projects.flatMap(({ services }) => services?.images ?? []);
  let ofProjects: Promise<(project: string) => ImportScan> | null = null;
  return async (path, { project, script, scope }) => {
    progress.update('scanning', 0, 0, '');
    // What a script declares is for these very files.
    if (script !== null) return { ...(await scanSources(sources, { script })), inlineScripts: [] };
    if (scope !== undefined) return scanScope(scope, { path, beside, sources });
    if (path !== '.')
      return withProduct(await scanSources(sources, { root: folderOf(path), projects: folders }));
    ofProjects ??= scanSources(sources, { projects: folders }).then((scan) =>
      createProjectScans(scan, folders),
    );
    return withProduct((await ofProjects)(project));
  };
}

/** The code that an image is built from, and what runs it there; `beside`: the images of a compose file. */
async function scanScope(
  { folder, dockerfile }: ImageScope,
  {
    path,
    beside,
    sources,
  }: {
    readonly path: string;
    readonly beside: readonly ServiceInputs[];
  } & Pick<AuditEnv, 'sources'>,
): Promise<ImportScan> {
  const others = beside.flatMap(({ project: { scope } }) => scope?.folder ?? []);
  const folders = [...new Set([folder, ...others])];
  // What runs a service stands in the compose file, which may lie above all that is built.
  const root = beside.length === 0 ? folder : sharedFolder([folderOf(path), ...folders]);
  const scan = await scanSources(sources, { root, projects: folders });
  const part = withProduct(createProjectScans(scan, folders)(folder));
  const isOther = (text: string): boolean =>
    text !== dockerfile && isDockerfileName(fileNameOf(text));
  const own = <T extends ImportScan | SourcesAround>(texts: T): T => ({
    ...texts,
    references: texts.references.filter((reference) => !isOther(reference.path)),
    ...(texts.sources === undefined
      ? {}
      : {
          sources: {
            ...texts.sources,
            texts: texts.sources.texts.filter((text) => !isOther(text)),
          },
        }),
  });
  return own(part.around === undefined ? part : { ...part, around: own(part.around) });
}

/** The lowest folder that all of them are in. */
function sharedFolder(folders: readonly string[]): string {
  const [first = '.', ...others] = folders;
  let shared = first;
  for (const folder of others)
    while (shared !== '.' && folder !== shared && !folder.startsWith(`${shared}/`))
      shared = folderOf(shared);
  return shared;
}
