/** How much a project has grown since a git ref: for a budget, so that no code is scanned a second time. */
import type { AuditRequest } from '../audit-env.ts';
import { readInputs } from '../inputs/read-inputs.ts';
import type { AuditDocument, GrowthFacts, RefRow, TargetRow, Warning } from '../types.ts';
import { compareProjects } from './compare-projects.ts';
import { ownTarget, type SideProject, type Sides, weighThen } from './weigh-sides.ts';

/** What is known of the growth; null where one of the sides has no solution. */
export interface MeasuredGrowth {
  readonly growth: GrowthFacts | null;
  readonly warnings: readonly Warning[];
}

/** Measures the project that the document speaks of. Throws DepweightError where the other side cannot be read. */
export async function measureGrowth(
  request: AuditRequest,
  sides: Sides,
  ref: RefRow,
  document: AuditDocument,
): Promise<MeasuredGrowth> {
  if (document.error !== null) return { growth: null, warnings: [] };
  const asked = { ...request, readsSources: false, makesSplits: false, everyProject: true };
  const after = await sideOf(asked, sides, document);
  const then = await weighThen(asked, sides, [after], after.path);
  const [before = null] = then.projects;
  // What is to be said of the work tree is in the document.
  const blank = { ...after, document: { ...after.document, warnings: [] } };
  const row = compareProjects({ before, after: blank }, sides.name);
  const warnings: Warning[] = [...then.warnings, ...row.warnings];
  const { before: old, after: now, difference, added, removed, changed, targetBefore = null } = row;
  if (!old || !now || !difference || !added || !removed || !changed) {
    const message = `how much it has grown is not known: ${row.error?.message ?? 'nothing was weighed'}`;
    return {
      growth: null,
      warnings: [...warnings, { code: 'growth', message, severity: 'incomplete' }],
    };
  }
  if (targetBefore !== null) warnings.push(warnOfTarget(targetBefore, after, sides.name));
  const facts = { ref, before: old, after: now, difference, added, removed, changed, targetBefore };
  return { growth: facts, warnings };
}

function warnOfTarget(target: TargetRow, { own }: SideProject, name: string): Warning {
  const told = ({ python, platformTag, from }: TargetRow): string =>
    `Python ${python} on ${platformTag}${from === 'default' ? '' : ` (${from})`}`;
  const message = `at ${name} the target was ${told(target)}; growth is measured with both sides on ${told(own)}`;
  return { code: 'target-changed', message };
}

async function sideOf(
  request: AuditRequest,
  { current }: Sides,
  { schemaVersion: _1, tool: _2, command: _3, ...parts }: AuditDocument,
): Promise<SideProject> {
  const path = parts.environments[0]?.project ?? '.';
  const { repository, project } = await readInputs(request, current);
  const inputs = repository.projects.find((one) => one.project === path) ?? project;
  return { path, document: { path, ...parts }, ...ownTarget(request, inputs, current) };
}
