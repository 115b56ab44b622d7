/**
 * Whether git has the bytes of a file, read from `.git/index` itself: to run git would run what the repository configures
 * (fsmonitor, filters). The index holds the hash of what was last added or committed, so a file with that hash can be got
 * back, and `git diff` shows an edit of it and nothing else.
 *
 * Traps: `.git` may be a file that names the folder (worktrees, submodules); version 4 of the index shortens paths; the
 * index of a SHA-256 repository has longer hashes; a work tree may have `\r\n` where git has `\n`.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';

/** `none`: there is no repository; `unknown`: its index cannot be read. */
export type GitState = 'clean' | 'changed' | 'untracked' | 'unknown' | 'none';

/** What git knows of a file with these bytes. */
export function readGitState(path: string, bytes: Buffer): GitState {
  const repository = findRepository(dirname(path));
  if (repository === null) return 'none';
  const index = join(repository.gitFolder, 'index');
  if (!existsSync(index)) return 'untracked';
  const entries = readIndex(index);
  if (entries === null) return 'unknown';
  const hash = entries.get(relative(repository.workTree, path).split(sep).join('/'));
  if (hash === undefined) return 'untracked';
  const unix = Buffer.from(bytes.toString('latin1').replaceAll('\r\n', '\n'), 'latin1');
  return [bytes, unix].some((one) => blobHash(one, hash.length / 2) === hash) ? 'clean' : 'changed';
}

interface Repository {
  readonly workTree: string;
  readonly gitFolder: string;
}

function findRepository(from: string): Repository | null {
  for (let folder = from; ; folder = dirname(folder)) {
    const git = join(folder, '.git');
    const status = statSync(git, { throwIfNoEntry: false });
    if (status?.isDirectory() === true) return { workTree: folder, gitFolder: git };
    if (status?.isFile() === true) {
      const named = /^gitdir: ([^\r\n]+)/.exec(readFileSync(git, 'utf8').slice(0, 4096))?.[1];
      return named === undefined ? null : { workTree: folder, gitFolder: resolve(folder, named) };
    }
    if (dirname(folder) === folder) return null;
  }
}

const HEADER_BYTES = 12;
const FIXED_BYTES = 40;
const MOST_BYTES = 500_000_000;

/** Hashes by path, of the entries without conflicts; null where it is no index that we can read. */
function readIndex(path: string): ReadonlyMap<string, string> | null {
  if (statSync(path).size > MOST_BYTES) return null;
  const bytes = readFileSync(path);
  if (bytes.length < HEADER_BYTES || bytes.toString('latin1', 0, 4) !== 'DIRC') return null;
  const version = bytes.readUInt32BE(4);
  if (version < 2 || version > 4) return null;
  const hashBytes = hashBytesOf(bytes);
  return hashBytes === null ? null : readEntries(bytes, { version, hashBytes });
}

/** The index ends with its own hash, which also tells how long hashes are; null for one that is broken. */
function hashBytesOf(bytes: Buffer): number | null {
  const isSum = (length: number, algorithm: string): boolean =>
    bytes.length > length &&
    createHash(algorithm)
      .update(bytes.subarray(0, bytes.length - length))
      .digest()
      .equals(bytes.subarray(bytes.length - length));
  if (isSum(20, 'sha1')) return 20;
  if (isSum(32, 'sha256')) return 32;
  // `index.skipHash` leaves zeros.
  return bytes.subarray(bytes.length - 20).every((byte) => byte === 0) ? 20 : null;
}

/** Null where the entries do not come out even. */
function readEntries(
  bytes: Buffer,
  { version, hashBytes }: { readonly version: number; readonly hashBytes: number },
): ReadonlyMap<string, string> | null {
  const entries = new Map<string, string>();
  const count = bytes.readUInt32BE(8);
  let offset = HEADER_BYTES;
  let previous = '';
  for (let index = 0; index < count; index++) {
    const flagsAt = offset + FIXED_BYTES + hashBytes;
    if (flagsAt + 4 > bytes.length) return null;
    const flags = bytes.readUInt16BE(flagsAt);
    const isExtended = (flags & 0x4000) !== 0;
    if (isExtended && version === 2) return null;
    const nameAt = flagsAt + (isExtended ? 4 : 2);
    const name = readName(bytes, nameAt, version === 4 ? previous : null);
    if (name === null || name.text === '' || name.text < previous) return null;
    const length = name.end - offset;
    offset = version === 4 ? name.end + 1 : offset + (Math.floor(length / 8) + 1) * 8;
    previous = name.text;
    const hash = bytes.toString('hex', flagsAt - hashBytes, flagsAt);
    if (((flags >> 12) & 3) === 0)
      entries.set(Buffer.from(name.text, 'latin1').toString('utf8'), hash);
  }
  return entries;
}

/** The name as one character per byte, and the offset of the zero after it. */
function readName(
  bytes: Buffer,
  start: number,
  previous: string | null,
): { readonly text: string; readonly end: number } | null {
  let offset = start;
  let kept = '';
  if (previous !== null) {
    let value = (bytes[offset] ?? 0) & 0x7f;
    while (((bytes[offset++] ?? 0) & 0x80) !== 0) {
      if (offset >= bytes.length) return null;
      value = ((value + 1) << 7) | ((bytes[offset] ?? 0) & 0x7f);
    }
    if (value > previous.length) return null;
    kept = previous.slice(0, previous.length - value);
  }
  const end = bytes.indexOf(0, offset);
  return end === -1 ? null : { text: kept + bytes.toString('latin1', offset, end), end };
}

function blobHash(bytes: Buffer, hashBytes: number): string {
  return createHash(hashBytes === 20 ? 'sha1' : 'sha256')
    .update(`blob ${bytes.length}\0`)
    .update(bytes)
    .digest('hex');
}
