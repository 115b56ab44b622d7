/** What `depweight cache` does with the folder of the cache. */
import { readdirSync, rmSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** How much a cache holds. */
export interface CacheUse {
  readonly files: number;
  readonly bytes: number;
}

/** Counts the files of a cache; one that is not there is empty. */
export function measureCache(folder: string): CacheUse {
  let files = 0;
  let bytes = 0;
  for (const path of filesBelow(folder)) {
    files++;
    bytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
  }
  return { files, bytes };
}

/** Deletes the files that were not touched since a moment (milliseconds since 1970); returns what went. */
export function pruneCache(folder: string, before: number): CacheUse {
  let files = 0;
  let bytes = 0;
  for (const path of filesBelow(folder)) {
    const status = statSync(path, { throwIfNoEntry: false });
    if (status === undefined || status.mtimeMs >= before) continue;
    rmSync(path, { force: true });
    files++;
    bytes += status.size;
  }
  return { files, bytes };
}

/**
 * Deletes the cache and returns what went. Only what depweight itself makes is deleted: a folder that the user named by
 * mistake keeps everything else.
 */
export function clearCache(folder: string): CacheUse {
  const use = measureCache(folder);
  for (const version of versionFolders(folder)) rmSync(version, { recursive: true, force: true });
  try {
    rmdirSync(folder);
  } catch (error) {
    // It holds something that is not ours, or is not there.
    if (!(error instanceof Error && 'code' in error)) throw error;
  }
  return use;
}

function versionFolders(folder: string): readonly string[] {
  return list(folder)
    .filter((name) => /^v\d+$/.test(name))
    .map((name) => join(folder, name));
}

function filesBelow(folder: string): readonly string[] {
  return versionFolders(folder).flatMap((version) =>
    ['pages', 'facts', 'results'].flatMap((kind) =>
      list(join(version, kind)).map((name) => join(version, kind, name)),
    ),
  );
}

function list(folder: string): readonly string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}
