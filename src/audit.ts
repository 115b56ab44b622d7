/**
 * The pipeline: read what is declared, decide the target, resolve and weigh every environment, scan the code, judge,
 * advise, and put the document together. Each stage is a function of plain data; the world comes in by `AuditEnv`.
 * Stages that a command does not need are not loaded.
 */
import type { AuditEnv, AuditRequest } from './audit-env.ts';
import type { UsageParts, UsageStage } from './usage-stage.ts';
import { buildDocument } from './document.ts';
import { inputRows, readInputs } from './inputs/read-inputs.ts';
import type { CiJobInputs, ProjectInputs, RepositoryInputs } from './inputs/project.ts';
import { createOpenEnvironment } from './resolve/open-environment.ts';
import type { CostStage } from './cost-stage.ts';
import type { OpenEnvironment, ResolvedProject } from './resolve/project.ts';
import { resolveProject } from './resolve/project.ts';
import { TOOL } from './tool.ts';
import type { AuditDocument, CostFacts, Removal } from './types.ts';

/** The document, and what `why` alone asks for. */
export interface AuditOutcome {
  readonly document: AuditDocument;
  /** What leaves with the subject of `why`; null for other commands and names that are not there. */
  readonly removal: Removal | null;
  /** What `cost` asks for; null for other commands, and where there is no solution. */
  readonly cost: CostFacts | null;
}

/** What the projects of one run share: the files as they were read, and the one scan of the code. */
export interface Run {
  readonly repository: RepositoryInputs;
  /** Null for commands that read no code. */
  readonly usageStage: UsageStage | null;
}

/** Runs the stages that a command needs and gives its document. Throws DepweightError. */
export async function audit(request: AuditRequest, env: AuditEnv): Promise<AuditOutcome> {
  const { repository, project } = await readInputs(request, env);
  const run = await openRun(request, repository, env);
  if (repository.projects.length > 1 && request.everyProject) {
    const { auditProjects } = await import('./audit-projects.ts');
    return { document: await auditProjects(request, run, env), removal: null, cost: null };
  }
  const outcome = await auditProject(request, project, run, env);
  const warnings = [...repository.warnings, ...outcome.document.warnings];
  return { ...outcome, document: { ...outcome.document, warnings } };
}

/** Reads nothing yet: the code is scanned once, when the first project asks. */
export async function openRun(
  request: AuditRequest,
  repository: RepositoryInputs,
  env: AuditEnv,
): Promise<Run> {
  if (!request.readsSources) return { repository, usageStage: null };
  const { createUsageStage } = await import('./usage-stage.ts');
  return { repository, usageStage: createUsageStage(repository, env) };
}

/** The stages for one project. What is said of the repository as a whole is not in its document. Throws DepweightError. */
export async function auditProject(
  request: AuditRequest,
  read: ProjectInputs,
  { usageStage }: Run,
  env: AuditEnv,
): Promise<AuditOutcome> {
  const openEnvironment = await createOpenEnvironment(request, read.project, env);
  const { project, resolved, usage } = await halvesOf(request, read, {
    env,
    usageStage,
    openEnvironment,
  });
  const { warnings = [], removal = null, ...parts } = usage;
  const addition = await costOf(request, resolved);
  const document = buildDocument({
    toolVersion: TOOL.version,
    command: request.command,
    project: project.name,
    target: resolved.target,
    inputs: inputRows(project),
    environments: resolved.environments,
    headline: resolved.headline,
    declared: project.declared,
    warnings: [
      ...project.warnings,
      ...resolved.warnings,
      ...warnings,
      ...(addition?.warnings ?? []),
    ],
    error: resolved.error ?? addition?.error ?? null,
    ...parts,
  });
  return { document, removal, cost: addition?.cost ?? null };
}

/** The two halves of the pipeline. */
interface Halves {
  /** What was read, as far as it is weighed. */
  readonly project: ProjectInputs;
  readonly resolved: ResolvedProject;
  readonly usage: UsageParts;
}

interface Ports {
  readonly env: AuditEnv;
  readonly openEnvironment: OpenEnvironment;
  readonly usageStage: UsageStage | null;
}

async function halvesOf(
  request: AuditRequest,
  project: ProjectInputs,
  ports: Ports,
): Promise<Halves> {
  const { ciJobs, services } = project;
  // What a job of CI needs is no matter of what the product uses.
  if (ciJobs !== undefined) return resolveCi(request, { ...project, ciJobs }, ports);
  if (services === undefined) return judged(request, project, ports);
  const { openServices } = await import('./compose/open-services.ts');
  const { wanted, weighed, join } = openServices(request, { ...project, services }, ports);
  return join(await judged(wanted, weighed, ports));
}

async function judged(
  request: AuditRequest,
  project: ProjectInputs,
  { env, usageStage, openEnvironment }: Ports,
): Promise<Halves> {
  const resolved = await resolveProject(request, project, env, openEnvironment);
  if (usageStage === null) return { project, resolved, usage: {} };
  return { project, resolved, usage: await usageStage({ request, project, resolved }) };
}

async function resolveCi(
  request: AuditRequest,
  project: ProjectInputs & { readonly ciJobs: readonly CiJobInputs[] },
  { env, openEnvironment }: Ports,
): Promise<Halves> {
  const { resolveJobs } = await import('./ci/resolve-jobs.ts');
  const { weighMachine } = await import('./ci/weigh-machine.ts');
  const { job, ...weighed } = await resolveJobs(request, project, env, openEnvironment);
  const usage = request.readsSources ? await weighMachine(request.path, job, weighed.resolved) : {};
  return { ...weighed, usage };
}

async function costOf(
  { addition }: AuditRequest,
  resolved: ResolvedProject,
): Promise<CostStage | null> {
  if (addition === null) return null;
  const { measureCost } = await import('./cost-stage.ts');
  return measureCost(addition, resolved);
}
