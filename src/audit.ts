/**
 * The pipeline: read what is declared, decide the target, resolve and weigh every environment, scan the code, judge,
 * advise, and put the document together. Each stage is a function of plain data; the world comes in by `AuditEnv`.
 * Stages that a command does not need are not loaded.
 */
import type { AuditEnv, AuditRequest } from './audit-env.ts';
import type { UsageParts } from './usage-stage.ts';
import { buildDocument } from './document.ts';
import { inputRows, readInputs } from './inputs/read-inputs.ts';
import { createOpenEnvironment } from './resolve/open-environment.ts';
import { resolveProject } from './resolve/project.ts';
import { TOOL } from './tool.ts';
import type { AuditDocument, Removal } from './types.ts';

/** The document, and what `why` alone asks for. */
export interface AuditOutcome {
  readonly document: AuditDocument;
  /** What leaves with the subject of `why`; null for other commands and names that are not there. */
  readonly removal: Removal | null;
}

/** Runs the stages that a command needs and gives its document. Throws DepweightError. */
export async function audit(request: AuditRequest, env: AuditEnv): Promise<AuditOutcome> {
  const { repository, project } = await readInputs(request, env);
  const openEnvironment = await createOpenEnvironment(request, project.project, env);
  const resolved = await resolveProject(request, project, env, openEnvironment);
  let usage: UsageParts = {};
  if (request.readsSources) {
    const { judgeAndAdvise } = await import('./usage-stage.ts');
    usage = await judgeAndAdvise({ request, repository, project, resolved }, env);
  }
  const { warnings = [], removal = null, ...parts } = usage;
  const document = buildDocument({
    toolVersion: TOOL.version,
    command: request.command,
    project: project.name,
    target: resolved.target,
    inputs: inputRows(project),
    environments: resolved.environments,
    headline: resolved.headline,
    declared: project.declared,
    warnings: [...repository.warnings, ...project.warnings, ...resolved.warnings, ...warnings],
    error: resolved.error,
    ...parts,
  });
  return { document, removal };
}
