/** One project beside what it was: what moved, what brings it, how much of the difference is certain, and which findings. */
import { emptyParts } from '../document.ts';
import { changeBetween, differenceOf } from '../compare/weight-change.ts';
import type {
  AuditDocument,
  DiffFacts,
  DiffProject,
  ProjectDocument,
  TargetRow,
  Warning,
} from '../types.ts';
import { compareFindings } from './compare-findings.ts';
import type { SideProject } from './weigh-sides.ts';
import { asThen } from './weigh-sides.ts';
import { withCauses } from './what-brings.ts';

/** The same project on both sides; null where one has it not. */
export interface ProjectPair {
  readonly before: SideProject | null;
  readonly after: SideProject | null;
}

/** A project with its facts; without them where one of the sides has no solution. */
export function compareProjects({ before, after }: ProjectPair, name: string): DiffProject {
  const now = after?.document ?? emptied(before?.document ?? null);
  if (now === null) throw new Error('A pair of nothing and nothing was compared');
  // Its set is not there at the ref, or the project is not.
  const then = before === null || before.document.target === null ? null : before.document;
  const told = tellOther(before?.document ?? null, now, name);
  const warnings = [...now.warnings, ...told, ...faultsOf(then, { now, told, name })];
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
export function emptied<T extends AuditDocument | ProjectDocument>(document: T | null): T | null {
  if (document === null) return null;
  return {
    ...document,
    inputs: [],
    ...emptyParts(),
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

/** What is wrong with the other side, but for what is wrong with this one alike. */
function tellOther(
  document: ProjectDocument | null,
  now: ProjectDocument,
  name: string,
): readonly Warning[] {
  // Some say the line themselves, which moves.
  const bare = ({ message }: Warning): string => message.replace(/:\d+/g, '');
  const known = new Set(now.warnings.map(bare));
  const own = (document?.warnings ?? []).filter((warning) => !known.has(bare(warning)));
  return own.flatMap((warning) => asThen(warning, name));
}

const FAULTS: ReadonlySet<string> = new Set([
  'not-on-index',
  'no-usable-file',
  'network',
  'broken-wheel',
  'broken-metadata',
  'offline',
]);

/** Answers that failed on the other side alone, and that no warning tells. */
function faultsOf(
  document: ProjectDocument | null,
  { now, told, name }: Around,
): readonly Warning[] {
  const alike = new Set(now.packages.map((row) => `${row.name} ${row.version}`));
  const failed = (document?.packages ?? [])
    .filter(({ known, unknownReason }) => !known && FAULTS.has(unknownReason ?? ''))
    .filter((row) => !told.some(({ message }) => message.includes(row.name)))
    .map((row) => `${row.name} ${row.version}`)
    .filter((one) => !alike.has(one));
  if (failed.length === 0) return [];
  const message = `at ${name}: what these weigh could not be found out: ${failed.join(', ')}`;
  return [{ code: 'unknown-at-ref', message, severity: 'incomplete' }];
}

interface Around {
  readonly now: ProjectDocument;
  readonly told: readonly Warning[];
  readonly name: string;
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
