/** The document of `diff`: each project of the work tree beside what it was at the ref. */
import type { AuditRequest } from '../audit-env.ts';
import { DepweightError } from '../errors.ts';
import type { DiffDocument, RefRow } from '../types.ts';
import { compareProjects, emptied, type ProjectPair } from './compare-projects.ts';
import type { Side, Sides } from './weigh-sides.ts';
import { weighNow, weighThen } from './weigh-sides.ts';

/** Weighs both sides and holds them against each other. Throws DepweightError where neither declares anything. */
export async function diffSides(
  request: AuditRequest,
  sides: Sides,
  ref: RefRow,
): Promise<DiffDocument> {
  const after = await weighNow(request, sides);
  const before = await weighThen(request, sides, after.projects);
  const base = after.document ?? emptied(before.document);
  if (base === null)
    throw new DepweightError('no-dependency-file', { path: sides.current.rootName });
  const rows = pairUp(before, after).map((pair) => compareProjects(pair, sides.name));
  const main = rows.find(({ target }) => target !== null) ?? rows[0];
  const { projects: _, ...whole } = base;
  const { path: _path, target, ...facts } = main ?? { path: '.', target: null };
  const warnings = [...after.warnings, ...before.warnings];
  const isOne = rows.length === 1;
  return {
    ...whole,
    ...facts,
    target: target ?? whole.target,
    ref,
    warnings: [...warnings, ...(main?.warnings ?? [])],
    ...(isOne ? {} : { projects: rows }),
  };
}

function pairUp(before: Side, after: Side): readonly ProjectPair[] {
  const old = new Map(before.projects.map((project) => [project.path, project]));
  const now = new Set(after.projects.map(({ path }) => path));
  return [
    ...after.projects.map((project) => ({ before: old.get(project.path) ?? null, after: project })),
    ...before.projects
      .filter(({ path }) => !now.has(path))
      .map((project) => ({ before: project, after: null })),
  ];
}
