/** The first stage: what the files of a repository, or the one file that was named, declare. */
import type { AuditEnv, AuditRequest } from '../audit-env.ts';
import { DepweightError } from '../errors.ts';
import type { InputRow, Warning } from '../types.ts';
import { decodeFile } from './decode.ts';
import { findInlineScripts } from './find-inline-scripts.ts';
import { sourceOfOutput } from './outputs.ts';
import { parsePlatformName } from '../pep/platform-name.ts';
import type { ProjectInputs, ReadProjectOptions, RepositoryInputs } from './project.ts';
import { listNames } from './quote.ts';
import { readNamedFile } from './read-named-file.ts';
import { readRepository } from './read-project.ts';

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
    ignoresOutputs: request.makesSplits,
    ...architectureOf(request),
  };
  const isFolder = request.path === '.';
  if (!isFolder && request.makesSplits) refuseOutput(request.path, env);
  const read = isFolder
    ? await readRepository(env.files, options)
    : await readNamedFile(env.files, request.path, options);
  const repository = nameProjects(read);
  const [project, ...others] = repository.projects;
  if (project !== undefined && request.everyProject) return { repository, project };
  if (project !== undefined) return { repository: withNote(request, repository, others), project };
  if (isFolder && repository.outputs.length > 0) throw onlyOutputs(repository.outputs);
  if (isFolder) throw nothingFound(env);
  throw nothingIn(request.path, repository);
}

/** Of several projects "this project" is none: what is said of a set that it has not names the one that is meant. */
function nameProjects(repository: RepositoryInputs): RepositoryInputs {
  if (repository.projects.length < 2) return repository;
  const projects = repository.projects.map((project) => {
    const place = project.project === '.' ? 'at the top' : `in ${project.project}`;
    const named = `in the project ${project.name} (${place})`;
    const warnings = project.warnings.map((warning) =>
      warning.code === 'unknown-environment'
        ? { ...warning, message: warning.message.replace('in this project', () => named) }
        : warning,
    );
    return { ...project, warnings };
  });
  return { ...repository, projects };
}

/** Null for several, as one reading serves them all; nothing where nobody names a platform. */
function architectureOf({
  platform,
  targets,
}: AuditRequest): Pick<ReadProjectOptions, 'architecture'> {
  const names = targets?.platforms ?? (platform === null ? [] : [platform]);
  const found = new Set(names.flatMap((name) => parsePlatformName(name)?.arch ?? []));
  const [architecture] = found;
  if (architecture === undefined) return {};
  return { architecture: found.size === 1 ? architecture : null };
}

/** To split what a split made would take more and more out of it. */
function refuseOutput(path: string, { files }: Pick<AuditEnv, 'files'>): void {
  const decoded = decodeFile(path, files.read(path));
  const source = decoded.ok ? sourceOfOutput(decoded.file.text) : null;
  if (source !== null) throw new DepweightError('split-of-output', { path, source });
}

function onlyOutputs(outputs: readonly string[]): DepweightError {
  return new DepweightError('only-outputs', { outputs: listNames(outputs) });
}

function nothingIn(path: string, { warnings }: RepositoryInputs): DepweightError {
  const [reason] = warnings.filter(({ severity }) => severity === 'error');
  if (reason === undefined) return new DepweightError('not-a-dependency-file', { path });
  return new DepweightError('nothing-declared', { message: reason.message });
}

// Scripts that carry their requirements are not found by walking, but a folder of nothing else is a folder of some.
function nothingFound({ files, rootName }: Pick<AuditEnv, 'files' | 'rootName'>): DepweightError {
  const scripts = findInlineScripts(files);
  const [first] = scripts;
  if (first === undefined) return new DepweightError('no-dependency-file', { path: rootName });
  return new DepweightError('only-scripts', {
    path: rootName,
    scripts: listNames(scripts),
    first,
  });
}

/** Only one project is detailed; that there are more must be said. */
function withNote(
  { command, subject }: AuditRequest,
  repository: RepositoryInputs,
  others: readonly ProjectInputs[],
): RepositoryInputs {
  const [first] = repository.projects;
  if (first === undefined || others.length === 0) return repository;
  const list = listNames(others.map((other) => other.project));
  const own = first.project === '.' ? 'the one at the top' : first.project;
  const call = ['depweight', command, ...(subject === null ? [] : [subject]), 'FOLDER'].join(' ');
  const note: Warning = {
    code: 'more-projects',
    message: `this repository holds ${others.length + 1} projects; this is ${own}. The others, each with \`${call}\`: ${list}`,
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
