/**
 * Wheels and source archives that the files of a commit name by path: they are read as they were then, not as they lie in the
 * work tree now. Each is written out once, to a folder that is removed at the end, as archives are read from the disk.
 */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileNameOf, type FileAccess, normalizePath } from '../inputs/file-access.ts';
import { isArchiveName } from '../inputs/requirement-source.ts';

/** The places of archives of a commit. */
export interface RefArchives {
  /** Absolute: where the file or folder of a path lies now; null where that leaves the repository. */
  readonly locate: (path: string) => string | null;
  /** Removes them. */
  close(): void;
}

/** What the commit holds, and who finds what lies outside of it. */
export interface ArchiveSource {
  readonly files: FileAccess;
  readonly outside: (path: string) => string | null;
}

/** Writes nothing before something is asked for. */
export function createRefArchives({ files, outside }: ArchiveSource): RefArchives {
  const places = new Map<string, string>();
  let folder: string | null = null;
  const place = (): string => (folder ??= mkdtempSync(join(tmpdir(), 'depweight-ref-')));
  const write = (path: string, into: string): void => {
    const read = files.read(path);
    if (read.ok) writeFileSync(join(into, fileNameOf(path)), read.bytes);
  };
  return {
    locate(written) {
      const path = normalizePath(written);
      // A path of this machine is of no commit.
      if (path.startsWith('/') || path.startsWith('..') || written.startsWith('file:'))
        return outside(written);
      const known = places.get(path);
      if (known !== undefined) return known;
      const own = join(place(), String(places.size));
      mkdirSync(own);
      const listed = files.list(path);
      if (listed.ok) {
        for (const { name, kind } of listed.entries)
          if (kind === 'file' && isArchiveName(name)) write(`${path}/${name}`, own);
      } else write(path, own);
      // Where the commit has no such file there is none at this place either.
      const found = listed.ok ? own : join(own, fileNameOf(path));
      places.set(path, found);
      return found;
    },
    close() {
      if (folder !== null) rmSync(folder, { recursive: true, force: true });
      folder = null;
    },
  };
}
