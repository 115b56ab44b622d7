/**
 * Writes proposals beside the user's files: all of them or none, and never over what a person wrote, nor in the place of a
 * link, unless forced. Every file is written to a temporary one first, so that a killed run leaves whole files.
 */
import { randomUUID } from 'node:crypto';
import {
  lstatSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join, relative, sep } from 'node:path';
import { decideWrite } from '../edit/write-policy.ts';
import { DepweightError } from '../errors.ts';
import type { SplitRow, Warning } from '../types.ts';

interface Planned {
  readonly file: string;
  readonly path: string;
  readonly content: string;
  readonly mode: number;
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
  const planned: Planned[] = [];
  const refusals = new Map<string, Refusal>();
  const rows = splits.map((split): SplitRow => {
    const { file, content } = split;
    const path = join(root, file);
    const existing = readExisting(path, file);
    const decision = decideWrite(existing?.text ?? null, content, force);
    if (decision === 'unchanged') return { ...split, status: 'unchanged' };
    const refusal = force ? null : findRefusal(root, path, decision);
    if (refusal !== null) refusals.set(file, refusal);
    planned.push({ file, path, content, mode: existing?.mode ?? 0o644 });
    return { ...split, status: 'written' };
  });
  if (refusals.size > 0) return refuse(splits, refusals);
  writeAll(planned);
  return { splits: rows, warnings: [] };
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

function readExisting(
  path: string,
  file: string,
): { readonly text: string; readonly mode: number } | null {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return null;
  if (!status.isFile()) {
    throw new DepweightError('write-failed', {
      path: file,
      reason: 'there is something that is no file',
    });
  }
  try {
    return { text: readFileSync(path, 'utf8'), mode: status.mode & 0o777 };
  } catch (cause) {
    throw new DepweightError('write-failed', { path: file, reason: codeOf(cause) }, { cause });
  }
}

function findRefusal(
  root: string,
  path: string,
  decision: ReturnType<typeof decideWrite>,
): Refusal | null {
  const folder = dirname(path);
  if (statSync(folder, { throwIfNoEntry: false }) !== undefined && !isWithin(root, folder)) {
    return { reason: 'its folder is a symbolic link out of the project', severity: 'error' };
  }
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
  const temporary = planned.map((plan) => ({
    ...plan,
    from: join(dirname(plan.path), `.depweight-${randomUUID()}.tmp`),
  }));
  let current = '';
  try {
    for (const { file, from, content, mode } of temporary) {
      current = file;
      writeFileSync(from, content, { mode, flag: 'wx' });
    }
    for (const { file, from, path } of temporary) {
      current = file;
      renameSync(from, path);
    }
  } catch (cause) {
    for (const { from } of temporary) rmSync(from, { force: true });
    throw new DepweightError('write-failed', { path: current, reason: codeOf(cause) }, { cause });
  }
}
