/**
 * The disk as the scan of the sources sees it. Synchronous: thousands of small files are read one after the other into
 * one buffer, and awaiting each costs more than reading it.
 */

import type { Dirent } from 'node:fs';
import { closeSync, fstatSync, openSync, readSync, readdirSync, realpathSync } from 'node:fs';
import { constants } from 'node:fs';
import { join, sep } from 'node:path';
import { setFlagsFromString } from 'node:v8';

import type { SourceAccess, SourceEntry, SourceRead } from '../imports/source-access.ts';

/** Larger files are not read: Python source of that size is data, and a warning says so. */
export const LARGEST_SOURCE_BYTES = 64_000_000;

/** A FIFO that took the place of a file between listing and opening must not block. */
const OPEN_FLAGS: number = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0);

/**
 * Lets V8 compile less: fewer small functions are put into each other, and a function has run three times as long as usual
 * before it is compiled again. For a million lines compiling costs more processor time than a scan wins by it: a fifth of
 * the whole. For a process that does nothing but scan, as the settings are for all of it.
 */
export function limitCompiling(): void {
  setFlagsFromString('--max-inlined-bytecode-size-cumulative=300');
  setFlagsFromString('--interrupt-budget=400000');
}

/** Memory that files are read into, one after the other. */
export interface ReadingSpace {
  /** At least `size` bytes that begin with what was there. The buffer is valid until the next call. */
  reserve(size: number): Buffer;
}

const FIRST_BUFFER_BYTES = 262_144;

function createSpace(): ReadingSpace {
  let buffer = Buffer.allocUnsafe(FIRST_BUFFER_BYTES);
  return {
    reserve(size) {
      if (size <= buffer.length) return buffer;
      const larger = Buffer.allocUnsafe(size);
      buffer.copy(larger);
      buffer = larger;
      return buffer;
    },
  };
}

/** Access to the files below a folder of the disk, read into one space. */
export function openSourceTree(root: string, space: ReadingSpace = createSpace()): SourceAccess {
  const realRoot = realpathSync(root);
  /** Names that are not UTF-8: the text that stands for them to the bytes that they are. */
  const rawNames = new Map<string, Buffer>();
  const toPath = (path: string): string | Buffer => {
    const raw = rawNames.size === 0 ? undefined : rawNames.get(path);
    return raw ?? (path === '.' ? root : `${root}/${path}`);
  };

  const read = (path: string, limit: number = LARGEST_SOURCE_BYTES): SourceRead => {
    let descriptor: number | null = null;
    let buffer = space.reserve(0);
    try {
      descriptor = openSync(toPath(path), OPEN_FLAGS);
      let length = 0;
      for (;;) {
        const wanted = Math.min(buffer.length - 1, limit) - length;
        const got = wanted > 0 ? readSync(descriptor, buffer, length, wanted, null) : 0;
        length += got;
        // A short read is the end of a regular file: one call for almost every file.
        if (wanted > 0 && got < wanted) break;
        if (length >= limit) {
          if (limit === LARGEST_SOURCE_BYTES)
            return { ok: false, problem: 'too-large', detail: `is larger than ${limit / 1e6} MB` };
          break;
        }
        const size = Math.min(Math.max(fstatSync(descriptor).size, buffer.length * 2), limit);
        buffer = space.reserve(size + 2);
      }
      return { ok: true, bytes: buffer, length };
    } catch (error) {
      return { ok: false, problem: 'unreadable', detail: reasonOf(error) };
    } finally {
      if (descriptor !== null) closeSync(descriptor);
    }
  };

  const list = (folder: string): readonly SourceEntry[] | null => {
    let entries: readonly Dirent[];
    try {
      entries = readdirSync(toPath(folder), { withFileTypes: true });
    } catch {
      // The walk warns about a folder without a list.
      return null;
    }
    const path = toPath(folder);
    const listed: SourceEntry[] = [];
    let isText = typeof path === 'string';
    for (const entry of entries) {
      listed.push({ name: entry.name, kind: kindOf(entry, realRoot, path) });
      isText &&= !entry.name.includes('\ufffd');
    }
    // Below a folder whose name is not UTF-8 every path needs its bytes.
    if (!isText) keepRawNames(folder, path, rawNames);
    return listed;
  };
  return { list, read };
}

/** Some name is not UTF-8: the folder is read again as bytes. */
function keepRawNames(folder: string, path: string | Buffer, rawNames: Map<string, Buffer>): void {
  const parent = typeof path === 'string' ? Buffer.from(path) : path;
  for (const name of readdirSync(path, { encoding: 'buffer' })) {
    const text = name.toString('utf8');
    if (typeof path === 'string' && !text.includes('\ufffd')) continue;
    const key = folder === '.' ? text : `${folder}/${text}`;
    rawNames.set(key, Buffer.concat([parent, Buffer.from('/'), name]));
  }
}

function kindOf(entry: Dirent, realRoot: string, folder: string | Buffer): SourceEntry['kind'] {
  if (entry.isFile()) return 'file';
  if (entry.isDirectory()) return 'folder';
  if (!entry.isSymbolicLink()) return 'other';
  try {
    const target = realpathSync(join(folder.toString(), entry.name));
    return target === realRoot || target.startsWith(realRoot + sep)
      ? 'link-inside'
      : 'link-outside';
  } catch {
    return 'link-broken';
  }
}

function reasonOf(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
  return code === 'EACCES' || code === 'EPERM' ? 'may not be read' : `cannot be read (${code})`;
}
