/**
 * Writes proposals beside the user's files: all of them or none, and never over what a person wrote unless forced.
 * Every file is written to a temporary one first, so that a killed run leaves whole files.
 */
import { randomUUID } from 'node:crypto';
import { lstatSync, readFileSync, realpathSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import { decideWrite } from '../edit/write-policy.ts';
import { DepweightError } from '../errors.ts';
import type { SplitRow } from '../types.ts';

interface Planned {
  readonly file: string;
  readonly path: string;
  readonly content: string;
  readonly mode: number;
}

/** Writes what differs; returns the rows with what became of them. Throws DepweightError before anything is written. */
export function writeSplits(root: string, splits: readonly SplitRow[], force: boolean): readonly SplitRow[] {
  const planned: Planned[] = [];
  const rows = splits.map((split): SplitRow => {
    const { file, content } = split;
    const path = join(root, file);
    const existing = readExisting(root, path, file, force);
    const decision = decideWrite(existing?.text ?? null, content, force);
    if (typeof decision === 'object') throw new DepweightError('write-refused', { path: file, reason: decision.refuse });
    if (decision === 'unchanged') return { ...split, status: 'unchanged' };
    planned.push({ file, path, content, mode: existing?.mode ?? 0o644 });
    return { ...split, status: 'written' };
  });
  writeAll(planned);
  return rows;
}

function readExisting(
  root: string,
  path: string,
  file: string,
  force: boolean,
): { readonly text: string; readonly mode: number } | null {
  const link = lstatSync(path, { throwIfNoEntry: false });
  if (link === undefined) return null;
  if (link.isSymbolicLink() && !force) {
    throw new DepweightError('write-refused', { path: file, reason: describeLink(root, path) });
  }
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined) return null;
  if (!status.isFile()) throw new DepweightError('write-failed', { path: file, reason: 'there is something that is no file' });
  return { text: readFileSync(path, 'utf8'), mode: status.mode & 0o777 };
}

function describeLink(root: string, path: string): string {
  const boundary = realpathSync(root);
  try {
    const target = realpathSync(path);
    if (target !== boundary && !target.startsWith(boundary + sep)) return 'it is a symbolic link out of the project';
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return 'it is a symbolic link to nothing';
  }
  return 'it is a symbolic link';
}

/** Two steps, so that a full disk or a read-only folder is met before the first file changes. */
function writeAll(planned: readonly Planned[]): void {
  const temporary = planned.map((plan) => ({ ...plan, from: join(dirname(plan.path), `.depweight-${randomUUID()}.tmp`) }));
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
    const reason = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    throw new DepweightError('write-failed', { path: current, reason }, { cause });
  }
}
