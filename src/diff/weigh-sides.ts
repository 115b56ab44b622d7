/**
 * The projects of the work tree, and the same projects as they were at a ref. What they were is resolved for the targets
 * that they have now, by the same options and configuration, so that a difference comes from the repository alone.
 */
import type { AuditEnv, AuditRequest } from '../audit-env.ts';
import { auditProjects } from '../audit-projects.ts';
import { openRun } from '../audit.ts';
import { targetRow } from '../document.ts';
import { DepweightError, type ErrorCode } from '../errors.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import { readInputs } from '../inputs/read-inputs.ts';
import { createTarget } from '../pep/platform-name.ts';
import { findPlatform, findPythons } from '../resolve/find-target.ts';
import type { AuditDocument, ProjectDocument, TargetRow, Warning } from '../types.ts';

/** Both worlds: the same index, the same settings, other files. */
export interface Sides {
  readonly current: AuditEnv;
  readonly former: AuditEnv;
  /** What the user calls the ref. */
  readonly name: string;
}

/** A project of one side. */
export interface SideProject {
  readonly path: string;
  readonly document: ProjectDocument;
  /** What it would be resolved for by itself: platform, Python, and where they are named. */
  readonly own: TargetRow;
  /** The Python of that as it is named: it may have a patch. */
  readonly python: string;
}

/** One side; `document` is null where nothing is declared. */
export interface Side {
  readonly document: AuditDocument | null;
  readonly projects: readonly SideProject[];
  readonly warnings: readonly Warning[];
}

const NOTHING: Side = { document: null, projects: [], warnings: [] };

/** A side on which nothing is declared is empty; anything else that is wrong with it is an error. */
const NOTHING_THERE: ReadonlySet<ErrorCode> = new Set([
  'no-dependency-file',
  'only-scripts',
  'only-outputs',
]);

/** All projects of the work tree. Throws DepweightError. */
export async function weighNow(request: AuditRequest, { current }: Sides): Promise<Side> {
  return orNothing(() => weighSide(request, current, (asked) => asked));
}

/** The projects as they were. `only` names one of them. Throws DepweightError. */
export async function weighThen(
  request: AuditRequest,
  sides: Sides,
  projects: readonly SideProject[],
  only: string | null = null,
): Promise<Side> {
  const { former } = sides;
  const isAbsent = request.path !== '.' && !former.files.read(request.path).ok;
  if (isAbsent && isMissing(request.path, former)) return NOTHING;
  const partners = new Map(projects.map((project) => [project.path, project]));
  const dropped: Warning[] = [];
  const asked = withoutAbsentFiles(request, sides, dropped);
  const side = await orNothing(() =>
    weighSide(
      asked,
      former,
      (own, inputs) => likeNow(own, inputs, partners.get(inputs.project)),
      only,
    ),
  );
  return { ...side, warnings: [...dropped, ...tell(side.warnings, sides.name)] };
}

function isMissing(path: string, { files }: AuditEnv): boolean {
  const read = files.read(path);
  return !read.ok && read.problem === 'missing';
}

async function orNothing(weigh: () => Promise<Side>): Promise<Side> {
  try {
    return await weigh();
  } catch (error) {
    if (error instanceof DepweightError && NOTHING_THERE.has(error.code)) return NOTHING;
    throw error;
  }
}

type Adapt = (request: AuditRequest, inputs: ProjectInputs) => AuditRequest;

async function weighSide(
  request: AuditRequest,
  env: AuditEnv,
  adapt: Adapt,
  only: string | null = null,
): Promise<Side> {
  const { repository } = await readInputs(request, env);
  const projects = repository.projects.filter(({ project }) => only === null || project === only);
  if (projects.length === 0) return NOTHING;
  const inputs = new Map(projects.map((project) => [project.project, project]));
  const told: Warning[] = [];
  const requestOf: AuditEnv['requestOf'] = async (asked, path) => {
    const own = await env.requestOf(asked, path);
    const project = inputs.get(path);
    return project === undefined ? own : { ...own, request: adapt(own.request, project) };
  };
  const warn = (warning: Warning): void => void told.push(warning);
  const run = await openRun(request, repository, env);
  const ports = { ...env, requestOf, ...(only === null ? {} : { warn }) };
  const document = await auditProjects(
    request,
    { ...run, repository: { ...repository, projects } },
    ports,
  );
  return {
    document,
    projects: (document.projects ?? []).flatMap((project) => {
      const of = inputs.get(project.path);
      return of === undefined
        ? []
        : [{ path: project.path, document: project, ...ownTarget(request, of, env) }];
    }),
    warnings: [...told, ...repository.warnings],
  };
}

/** What would be tried first: a set of another time may come to another one that still fits. */
export function ownTarget(
  request: AuditRequest,
  project: ProjectInputs,
  { files }: Pick<AuditEnv, 'files'>,
): Pick<SideProject, 'own' | 'python'> {
  const { row, from: platformFrom } = findPlatform(request.platform, project);
  const { candidates, from } = findPythons(request.python, project, files);
  const [python = ''] = candidates;
  const places = [...new Set([from, platformFrom])].filter((place) => place !== 'default');
  const target = createTarget({ python, platform: row, from: places.join(', ') || 'default' });
  return { own: targetRow(target), python };
}

/** On the target, and for the set, that the project has now. */
function likeNow(
  request: AuditRequest,
  { environments }: ProjectInputs,
  now: SideProject | undefined,
): AuditRequest {
  const target = now?.document.target ?? null;
  if (now === undefined || target === null) return request;
  const minor = target.implementation === 'pp' ? `pypy${target.python}` : target.python;
  const isNamed = now.python === minor || now.python.startsWith(`${minor}.`);
  const set = now.document.environments[0]?.id;
  const hasSet = set !== undefined && environments.some(({ id }) => id === set);
  return {
    ...request,
    python: request.python ?? (isNamed ? now.python : minor),
    platform: target.platformTag,
    environment: hasSet ? set : request.environment,
  };
}

/** A constraint file that the command line names and the ref has not held nothing then. */
function withoutAbsentFiles(
  request: AuditRequest,
  { former, name }: Sides,
  warnings: Warning[],
): AuditRequest {
  const isThere = (path: string): boolean => {
    if (!isMissing(path, former)) return true;
    const message = `${path} is not there at ${name}: it holds nothing on that side`;
    warnings.push({ code: 'absent-at-ref', message });
    return false;
  };
  return {
    ...request,
    constraintFiles: request.constraintFiles.filter(isThere),
    overrideFiles: request.overrideFiles.filter(isThere),
  };
}

/** Of the other side only that is told which makes its figures unsure: the rest is no longer in front of the reader. */
function tell(warnings: readonly Warning[], name: string): readonly Warning[] {
  return warnings.flatMap((warning) => asThen(warning, name));
}

/** A warning of the other side, with its name; what was an error there makes the answer incomplete. */
export function asThen(warning: Warning, name: string): readonly Warning[] {
  const { code, message, severity, path, line } = warning;
  const isFault = severity === 'error' || severity === 'incomplete';
  // An extra that came later was not there to be taken.
  if (!isFault || code === 'unknown-environment') return [];
  const place =
    path === undefined || message.includes(path)
      ? ''
      : ` (${path}${line === undefined ? '' : `:${line}`})`;
  return [{ code, message: `at ${name}: ${message}${place}`, severity: 'incomplete' }];
}
