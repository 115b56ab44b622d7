/** The first stage: what the files of a repository, or the one file that was named, declare. */
import type { AuditEnv, AuditRequest } from '../audit-env.ts';
import { DepweightError } from '../errors.ts';
import type { InputRow, Warning } from '../types.ts';
import type { ProjectInputs, RepositoryInputs } from './project.ts';
import { readNamedFile, readRepository } from './read-project.ts';

/** Everything that was read, and the project that the report details. Throws DepweightError where there is none. */
export async function readInputs(
  request: AuditRequest,
  env: Pick<AuditEnv, 'files' | 'rootName' | 'variables'>,
): Promise<{ readonly repository: RepositoryInputs; readonly project: ProjectInputs }> {
  const options = {
    rootName: env.rootName,
    variables: env.variables,
    extras: request.extras,
    allExtras: request.allExtras,
    groups: request.groups,
    constraintFiles: request.constraintFiles,
    overrideFiles: request.overrideFiles,
  };
  const isFolder = request.path === '.';
  const repository = isFolder
    ? await readRepository(env.files, options)
    : await readNamedFile(env.files, request.path, options);
  const [project, ...others] = repository.projects;
  if (project !== undefined) return { repository: withNote(repository, project, others), project };
  if (isFolder) throw new DepweightError('no-dependency-file', { path: env.rootName });
  throw new DepweightError('not-a-dependency-file', { path: request.path });
}

/** Only one project is detailed; that there are more must be said. */
function withNote(
  repository: RepositoryInputs,
  project: ProjectInputs,
  others: readonly ProjectInputs[],
): RepositoryInputs {
  if (others.length === 0) return repository;
  const names = others.map((other) => other.project);
  const list =
    names.length > 5
      ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`
      : names.join(', ');
  const own = project.project === '.' ? 'the one at the top' : project.project;
  const note: Warning = {
    code: 'more-projects',
    message: `this repository holds ${others.length + 1} projects; this is ${own}. The others, each with \`depweight audit FOLDER\`: ${list}`,
  };
  return { ...repository, warnings: [...repository.warnings, note] };
}

/** The rows of the document for the files that were read. */
export function inputRows(project: ProjectInputs): readonly InputRow[] {
  return project.inputs.map(({ path, kind, role }) => ({
    path,
    kind,
    role,
    primary: project.primaries.includes(path),
  }));
}
