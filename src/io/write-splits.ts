/**
 * Writes proposals beside the user's files: all of them or none, and never over what a person wrote, nor in the place of a
 * link, unless forced; out of the project not even then. Every file is written to a temporary one first, so that a killed
 * run leaves whole files.
 */
import { randomUUID } from 'node:crypto';
import {
  chmodSync,
  lstatSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { unifiedDiff } from '../edit/unified-diff.ts';
import { decideWrite, type WriteDecision } from '../edit/write-policy.ts';
import { DepweightError } from '../errors.ts';
import { readGitState } from './git-index.ts';
import type { SplitRow, Warning } from '../types.ts';

interface Planned {
  readonly file: string;
  readonly path: string;
  readonly content: Buffer;
  /** Of the file that is renewed; null for a new one, which gets what the user's mask leaves. */
  readonly mode: number | null;
}

/** Why a file is left alone. */
interface Refusal {
  readonly reason: string;
  /** `error`: another call is needed. `incomplete`: the name is taken within the project, and the rest of the run stands. */
  readonly severity: 'error' | 'incomplete';
}

/** The rows with what became of them, and a warning for each file that is in the way. */
export interface WrittenSplits {
  readonly splits: readonly SplitRow[];
  readonly warnings: readonly Warning[];
}

/** Writes what differs, or nothing at all where one file is refused. Throws DepweightError where the disk refuses. */
export function writeSplits(
  root: string,
  splits: readonly SplitRow[],
  force: boolean,
): WrittenSplits {
  const wishes = { force, copied: copiedAmong(splits) };
  const plans = splits.map((split) => ({ split, plan: planWrite(root, split, wishes) }));
  const refusals = new Map(
    plans.flatMap(({ split, plan }) =>
      typeof plan === 'object' && 'reason' in plan ? [[split.file, plan] as const] : [],
    ),
  );
  if (refusals.size > 0) return refuse(splits, refusals);
  writeAll(plans.flatMap(({ plan }) => (typeof plan === 'object' && 'path' in plan ? [plan] : [])));
  return {
    splits: plans.map(({ split, plan }) => ({
      ...split,
      status: plan === 'unchanged' ? 'unchanged' : 'written',
    })),
    warnings: [],
  };
}

/** The rows as proposals, each with why it would be refused. Changes nothing. */
export function foreseeRefusals(
  root: string,
  splits: readonly SplitRow[],
  force: boolean,
): readonly SplitRow[] {
  const wishes = { force, copied: copiedAmong(splits) };
  return splits.map((split) => {
    const refusal = foresee(() => planWrite(root, split, wishes));
    return refusal === null ? split : { ...split, refusal };
  });
}

function foresee(plan: () => WritePlan): string | null {
  try {
    const planned = plan();
    return typeof planned === 'object' && 'reason' in planned ? planned.reason : null;
  } catch (cause) {
    // What is told of another file, or of none, would be in the way all the same.
    if (cause instanceof DepweightError) return cause.message;
    throw cause;
  }
}

/** What is kept under another name may be overwritten under its own. */
function copiedAmong(splits: readonly SplitRow[]): ReadonlySet<string> {
  return new Set(splits.flatMap(({ copyOf }) => copyOf ?? []));
}

/** What is to be done with one file. */
type WritePlan = 'unchanged' | Planned | Refusal;

function planWrite(
  root: string,
  split: SplitRow,
  { force, copied }: { readonly force: boolean; readonly copied: ReadonlySet<string> },
): WritePlan {
  const { file } = split;
  const path = join(root, file);
  const existing = asked(file, () => readExisting(path, file));
  const content = asked(file, () => contentOf(root, split));
  if (existing?.bytes.equals(content) === true) return 'unchanged';
  const text = existing?.bytes.toString('utf8') ?? null;
  const decision =
    split.diff === undefined
      ? decideWrite(text, split, force || copied.has(file))
      : decideEdit(existing, { path, split }, force);
  const refusal = asked(
    file,
    () => refuseFolder(root, path) ?? (force ? null : findRefusal(root, path, decision)),
  );
  return refusal ?? { file, path, content, mode: existing?.mode ?? null };
}

/** A file of the user that is edited in place: as it was read, and so that git can give back what it was. */
function decideEdit(
  existing: Existing | null,
  { path, split }: { readonly path: string; readonly split: SplitRow },
  force: boolean,
): WriteDecision {
  const text = existing?.bytes.toString('utf8').replace(/^\uFEFF/, '') ?? '';
  if (unifiedDiff(split.file, text, split.content.replace(/^\uFEFF/, '')) !== split.diff)
    return { refuse: 'it has changed since it was read; run again' };
  if (force || existing === null) return 'write';
  const state = readGitState(path, existing.bytes);
  if (state === 'changed')
    return {
      refuse:
        'it has changes that are not added or committed in git; --force edits it all the same',
    };
  if (state === 'unknown')
    return {
      refuse: 'what git has of it cannot be read; --force edits it all the same',
    };
  if (state === 'untracked')
    return {
      refuse:
        'git does not know it, so that nothing could be got back; --force edits it all the same',
    };
  return 'write';
}

/** One file of a set without the others would be wrong, since they include one another. */
function refuse(
  splits: readonly SplitRow[],
  refusals: ReadonlyMap<string, Refusal>,
): WrittenSplits {
  const [first] = refusals.keys();
  const rows = splits.map((split): SplitRow => {
    const own = refusals.get(split.file)?.reason;
    return { ...split, status: 'refused', refusal: own ?? `${first ?? ''} is in the way` };
  });
  const warnings = [...refusals].map(([path, { reason, severity }]): Warning => {
    const message = `${path} is not written: ${reason}; nothing is changed`;
    return { code: 'write-refused', message, path, severity };
  });
  return { splits: rows, warnings };
}

interface Existing {
  readonly bytes: Buffer;
  readonly mode: number;
}

function readExisting(path: string, file: string): Existing | null {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return null;
  if (!status.isFile()) {
    throw new DepweightError('write-failed', {
      path: file,
      reason: 'there is something that is no file',
    });
  }
  return { bytes: readFileSync(path), mode: status.mode & 0o777 };
}

/** A copy is of the bytes as they are now, whatever their encoding. */
function contentOf(root: string, { content, copyOf }: SplitRow): Buffer {
  return copyOf === undefined ? Buffer.from(content, 'utf8') : readFileSync(join(root, copyOf));
}

/** What the disk answers; a link in a circle or a closed folder is told as the error of that file. */
function asked<Answer>(file: string, ask: () => Answer): Answer {
  try {
    return ask();
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause) || cause instanceof DepweightError)
      throw cause;
    throw new DepweightError('write-failed', { path: file, reason: codeOf(cause) }, { cause });
  }
}

/** `--force` is about what stands in the project: nothing is ever written out of it. */
function refuseFolder(root: string, path: string): Refusal | null {
  const folder = dirname(path);
  if (statSync(folder, { throwIfNoEntry: false }) === undefined || isWithin(root, folder)) {
    return null;
  }
  return { reason: 'its folder is a symbolic link out of the project', severity: 'error' };
}

function findRefusal(root: string, path: string, decision: WriteDecision): Refusal | null {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry?.isSymbolicLink() === true) return refuseLink(root, path);
  // Only this name would get the new text, and whoever made the link wants one text under both.
  if (entry !== undefined && entry.nlink > 1) {
    const reason =
      'it is a hard link to a file of another name; --force puts a new file in its place';
    return { reason, severity: 'incomplete' };
  }
  return typeof decision === 'object' ? { reason: decision.refuse, severity: 'error' } : null;
}

function refuseLink(root: string, path: string): Refusal {
  const way = '--force puts a file in the place of the link';
  if (statSync(path, { throwIfNoEntry: false }) === undefined) {
    return { reason: `it is a symbolic link to nothing; ${way}`, severity: 'error' };
  }
  if (!isWithin(root, path)) {
    return { reason: `it is a symbolic link out of the project; ${way}`, severity: 'error' };
  }
  const name = relative(realpathSync(root), realpathSync(path)).split(sep).join('/');
  return { reason: `it is a symbolic link to ${name}; ${way}`, severity: 'incomplete' };
}

function isWithin(root: string, path: string): boolean {
  const boundary = realpathSync(root);
  const target = realpathSync(path);
  return (
    target === boundary || target.startsWith(boundary.endsWith(sep) ? boundary : boundary + sep)
  );
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : String(error);
}

/** Two steps, so that a full disk or a read-only folder is met before the first file changes. */
function writeAll(planned: readonly Planned[]): void {
  const temporary = planned.map((plan) => ({ ...plan, from: temporaryBeside(plan.path) }));
  const undo: Undo[] = [];
  let current = '';
  try {
    for (const { file, from, content, mode } of temporary) {
      current = file;
      writeFileSync(from, content, { mode: mode ?? 0o644, flag: 'wx' });
      // The mask of the process cuts the mode of a file that is created.
      if (mode !== null) chmodSync(from, mode);
    }
    for (const { file, from, path } of temporary) {
      current = file;
      const restore = restorerOf(path);
      renameSync(from, path);
      undo.push({ file, restore });
    }
  } catch (cause) {
    const reason = [codeOf(cause), ...undoAll(undo)].join('; ');
    for (const { from } of temporary) rmSync(from, { force: true });
    throw new DepweightError('write-failed', { path: current, reason }, { cause });
  }
}

interface Undo {
  readonly file: string;
  readonly restore: () => void;
}

function temporaryBeside(path: string): string {
  return join(dirname(path), `.depweight-${randomUUID()}.tmp`);
}

/** Puts back what stands at the path now: a file, a link, or nothing. */
function restorerOf(path: string): () => void {
  const entry = lstatSync(path, { throwIfNoEntry: false });
  if (entry === undefined) return () => rmSync(path, { force: true });
  const from = temporaryBeside(path);
  if (entry.isSymbolicLink()) {
    const target = readlinkSync(path);
    return () => {
      try {
        symlinkSync(target, from);
        renameSync(from, path);
      } finally {
        rmSync(from, { force: true });
      }
    };
  }
  const bytes = readFileSync(path);
  return () => {
    try {
      writeFileSync(from, bytes, { flag: 'wx' });
      chmodSync(from, entry.mode & 0o777);
      renameSync(from, path);
    } finally {
      rmSync(from, { force: true });
    }
  };
}

/** Every file gets its turn; what fails is handed back in words. */
function undoAll(undo: readonly Undo[]): readonly string[] {
  return undo.flatMap(({ file, restore }) => {
    try {
      restore();
      return [];
    } catch (cause) {
      return `${file} could not be put back: ${codeOf(cause)}`;
    }
  });
}
