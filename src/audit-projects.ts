/** A repository with several projects: each is audited by itself, and what fails in one loses none of the others. */
import { emptyParts } from './document.ts';
import type { AuditEnv, AuditRequest } from './audit-env.ts';
import type { AuditOutcome, Run } from './audit.ts';
import { auditProject } from './audit.ts';
import { DepweightError } from './errors.ts';
import { inputRows, readInputs } from './inputs/read-inputs.ts';
import type { ProjectInputs } from './inputs/project.ts';
import type { AuditDocument, ProjectDocument, Warning } from './types.ts';

/** What came of one project: a document, or the error that kept it from one. */
type Attempt =
  | { readonly project: ProjectInputs; readonly document: AuditDocument }
  | { readonly project: ProjectInputs; readonly error: DepweightError };

/**
 * The document of the first project with those of all beside it, one after the other: they share index and cache. Throws
 * DepweightError where none of them has a document.
 */
export async function auditProjects(
  request: AuditRequest,
  run: Run,
  env: AuditEnv,
): Promise<AuditDocument> {
  const shared = { ...env, openIndex: remember(env.openIndex) };
  const attempts: Attempt[] = [];
  for (const project of run.repository.projects)
    attempts.push(await attempt(request, project, run, shared));
  const told = forgiveUnknownSets(attempts);
  const [first] = told.flatMap((one) => ('document' in one ? [one.document] : []));
  if (first === undefined) throw errorOf(attempts);
  const warnings = [...run.repository.warnings, ...first.warnings];
  return { ...first, warnings, projects: told.map(toProjectDocument) };
}

/** Projects with the same settings share one client, and with it the pages that it has read. */
export function remember(open: AuditEnv['openIndex']): AuditEnv['openIndex'] {
  const clients = new Map<string, ReturnType<AuditEnv['openIndex']>>();
  return (wanted) => {
    const key = JSON.stringify(wanted);
    const client = clients.get(key) ?? open(wanted);
    clients.set(key, client);
    return client;
  };
}

async function attempt(
  request: AuditRequest,
  project: ProjectInputs,
  run: Run,
  env: AuditEnv,
): Promise<Attempt> {
  const folder = project.project === '.' ? project.name : project.project;
  const progress: AuditEnv['progress'] = {
    update: (stage, done, total, label) =>
      env.progress.update(stage, done, total, `${folder}  ${label}`),
  };
  try {
    const own = await env.requestOf(request, project.project);
    const ports = { ...env, progress };
    const { document } =
      own.request === request
        ? await auditProject(request, project, run, ports)
        : await auditConfigured(own.request, project, run, ports);
    return { project, document: withWarnings(document, own.warnings) };
  } catch (error) {
    if (!(error instanceof DepweightError) || error.code === 'interrupted') throw error;
    return { project, error };
  }
}

/** With a configuration of its own, extras and constraints, and the index, may be others. */
async function auditConfigured(
  request: AuditRequest,
  project: ProjectInputs,
  run: Run,
  env: AuditEnv,
): Promise<AuditOutcome> {
  const { repository } = await readInputs(request, env);
  const again = repository.projects.find((other) => other.project === project.project) ?? project;
  return auditProject(request, again, run, env);
}

function withWarnings(document: AuditDocument, warnings: readonly Warning[]): AuditDocument {
  return warnings.length === 0
    ? document
    : { ...document, warnings: [...warnings, ...document.warnings] };
}

function errorOf(attempts: readonly Attempt[]): Error {
  const [failed] = attempts.flatMap((one) => ('error' in one ? [one.error] : []));
  return failed ?? new Error('A repository without projects was audited');
}

/** `--extra`, `--group` and `--env` are meant for the projects that have such a set: no fault of the others. */
function forgiveUnknownSets(attempts: readonly Attempt[]): readonly Attempt[] {
  const missing = (one: Attempt): readonly string[] =>
    'error' in one ? [] : one.document.warnings.filter(isUnknownSet).map(whatIsMissing);
  const everywhere = (key: string): boolean =>
    attempts.every((one) => 'error' in one || missing(one).includes(key));
  return attempts.map((one) => {
    if ('error' in one || missing(one).length === 0) return one;
    const warnings = one.document.warnings.map((warning) =>
      isUnknownSet(warning) && !everywhere(whatIsMissing(warning))
        ? { ...warning, severity: 'warning' as const }
        : warning,
    );
    return { ...one, document: { ...one.document, warnings } };
  });
}

function isUnknownSet({ code }: Warning): boolean {
  return code === 'unknown-environment';
}

/** `there is no extra "x"`, without the project and what there is in it. */
function whatIsMissing({ message }: Warning): string {
  return message.replace(/ in th(?:is|e) project.*$/s, '');
}

function toProjectDocument(one: Attempt): ProjectDocument {
  const { project } = one;
  const path = project.project;
  if ('document' in one) {
    const { schemaVersion: _1, tool: _2, command: _3, ...parts } = one.document;
    return { path, ...parts };
  }
  const { code, message, hint } = one.error;
  // A set that only this project does not have is no fault of it.
  const isFault = code !== 'unknown-environment';
  const told = hint === null ? message : `${message}: ${hint}`;
  return {
    path,
    project: project.name,
    target: null,
    inputs: inputRows(project),
    ...emptyParts(),
    warnings: isFault ? project.warnings : [...project.warnings, { code, message: told }],
    error: isFault ? { message: told, requirements: [] } : null,
  };
}
