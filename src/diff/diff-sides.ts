/** The document of `diff`: each project of the work tree beside what it was at the ref. */
import type { AuditRequest } from '../audit-env.ts';
import { changeBetween, differenceOf } from '../compare/weight-change.ts';
import { DepweightError } from '../errors.ts';
import type {
  AuditDocument,
  DiffDocument,
  DiffFacts,
  DiffProject,
  ProjectDocument,
  RefRow,
  TargetRow,
  Warning,
} from '../types.ts';
import { totalsOf } from '../weigh/totals.ts';
import { compareFindings } from './compare-findings.ts';
import type { Side, SideProject, Sides } from './weigh-sides.ts';
import { asThen, weighNow, weighThen } from './weigh-sides.ts';
import { withCauses } from './what-brings.ts';

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
  const rows = pairUp(before, after).map((pair) => toRow(pair, sides.name));
  const main = rows.find(({ target }) => target !== null) ?? rows[0];
  const { projects: _, ...whole } = base;
  const { path: _path, target, ...facts } = main ?? { path: '.', target: null };
  const warnings = [...repositoryWarnings(after), ...before.warnings];
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

/** Those of its projects are in these. */
function repositoryWarnings({ warnings }: Side): readonly Warning[] {
  return warnings;
}

interface Pair {
  readonly before: SideProject | null;
  readonly after: SideProject | null;
}

function pairUp(before: Side, after: Side): readonly Pair[] {
  const old = new Map(before.projects.map((project) => [project.path, project]));
  const now = new Set(after.projects.map(({ path }) => path));
  return [
    ...after.projects.map((project) => ({ before: old.get(project.path) ?? null, after: project })),
    ...before.projects
      .filter(({ path }) => !now.has(path))
      .map((project) => ({ before: project, after: null })),
  ];
}

/** A project with its facts; without them where one of the sides has no solution. */
function toRow({ before, after }: Pair, name: string): DiffProject {
  const now = after?.document ?? emptied(before?.document ?? null);
  if (now === null) throw new Error('A pair of nothing and nothing was compared');
  // Its set is not there at the ref, or the project is not.
  const then = before === null || before.document.target === null ? null : before.document;
  const told = (before?.document.warnings ?? []).flatMap((warning) => asThen(warning, name));
  const warnings = [...now.warnings, ...told, ...faultsOf(then, name)];
  const error = now.error ?? errorOf(before?.document ?? null, name);
  if (error !== null) return { ...now, warnings, error };
  const old = then ?? emptied(now);
  const change = changeBetween(old ?? now, now);
  const names = [...change.added, ...change.removed, ...change.changed].map((row) => row.name);
  const moved = new Set(names);
  const facts: DiffFacts = {
    ...change,
    added: withCauses(change.added, now, moved),
    removed: withCauses(change.removed, old ?? now, moved),
    difference: differenceOf(change),
    presence: after === null ? 'gone' : then === null ? 'new' : 'both',
    targetBefore: otherTarget(before, after),
    ...compareFindings(old?.findings ?? [], now.findings),
  };
  return { ...now, ...facts, warnings };
}

/** A document of the same project, in which there is nothing. */
function emptied<T extends AuditDocument | ProjectDocument>(document: T | null): T | null {
  if (document === null) return null;
  return {
    ...document,
    inputs: [],
    environments: [],
    declared: [],
    packages: [],
    totals: totalsOf([]),
    findings: [],
    splits: [],
    scannedFiles: null,
    warnings: [],
    error: null,
  };
}

function errorOf(document: ProjectDocument | null, name: string): AuditDocument['error'] {
  const error = document?.error ?? null;
  if (error === null) return null;
  const python = document?.target?.python;
  const hint =
    python === undefined
      ? ''
      : `both sides are resolved for Python ${python}; --python and --platform name a target that fits both`;
  return {
    ...error,
    message: `at ${name}: ${error.message}`,
    ...(hint === '' ? {} : { hint: error.hint ?? hint }),
  };
}

/** Answers that failed on the other side: what it weighed is then not known, though nothing of the work tree is amiss. */
function faultsOf(document: ProjectDocument | null, name: string): readonly Warning[] {
  const faults = new Set(['not-on-index', 'no-usable-file', 'network', 'broken-wheel', 'offline']);
  const failed = (document?.packages ?? []).filter(
    ({ known, unknownReason }) => !known && faults.has(unknownReason ?? ''),
  );
  if (failed.length === 0) return [];
  const names = failed.map((row) => `${row.name} ${row.version}`).join(', ');
  const message = `at ${name}: what these weigh could not be found out: ${names}`;
  return [{ code: 'unknown-at-ref', message, severity: 'incomplete' }];
}

function otherTarget(before: SideProject | null, after: SideProject | null): TargetRow | null {
  if (before === null || after === null) return null;
  const { own } = before;
  const isSame =
    own.python === after.own.python &&
    own.implementation === after.own.implementation &&
    own.platformTag === after.own.platformTag;
  return isSame ? null : own;
}
