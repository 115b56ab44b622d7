/** Reading and writing the files of a cache, any of which may be missing, foreign or half. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';

/** The text of an entry, null where it cannot be had. */
export function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return absent(error);
  }
}

/** Whatever keeps an entry from being read (it is not there, not ours, a folder), the index can be asked instead. */
export function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error) return null;
  throw error;
}

/** What a text says, null where it is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half a file of a crashed machine, or not our file: the entry is made again.
    return null;
  }
}

/** Writes entries of a cache: whole, or not at all. */
export interface CacheWriter {
  /** Several parts, so that a large one need not be copied to stand behind a small one. */
  write(path: string, ...parts: readonly (string | Buffer)[]): void;
  attempt(action: () => void): boolean;
}

/** Says to backups and scans, our own included, that there is nothing of the user's here (bford.info/cachedir). */
const TAG = 'CACHEDIR.TAG';
const TAG_TEXT = 'Signature: 8a477f597d28d172789f06886806bc55\n# Made by depweight.\n';

/** For paths below `root`. Gives up for good at the first failure: a full or read-only disk does not get better during a run. */
export function createCacheWriter(root: string): CacheWriter {
  let failed = false;
  let isTagged = false;
  let serial = 0;
  const attempt = (action: () => void): boolean => {
    if (failed) return false;
    try {
      action();
      return true;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      failed = true;
      return false;
    }
  };
  return {
    attempt,
    write(path, ...parts) {
      attempt(() => {
        mkdirSync(dirname(path), { recursive: true });
        if (!isTagged && !existsSync(join(root, TAG))) writeFileSync(join(root, TAG), TAG_TEXT);
        isTagged = true;
        const temporary = `${path}.${process.pid}-${serial++}.tmp`;
        try {
          const file = openSync(temporary, 'wx', 0o600);
          try {
            for (const part of parts) writeFileSync(file, part);
          } finally {
            closeSync(file);
          }
          renameSync(temporary, path);
        } catch (error) {
          rmSync(temporary, { force: true });
          throw error;
        }
      });
    },
  };
}
