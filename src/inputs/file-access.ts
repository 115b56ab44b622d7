/**
 * How stages see files: a port that the caller fills (`io/files.ts` for the disk, `createMemoryFiles` for tests and git refs).
 * Paths are relative to the root, with `/`; `.` is the root; `../x` leaves it and is answered only inside the boundary.
 * Synchronous on purpose: a few dozen small files are read, and awaiting each costs more than reading it.
 */

/** What a folder holds. A symbolic link has the kind of what it points at; `other` is a FIFO, a device or a dangling link. */
export interface FolderEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'other';
  readonly symlink: boolean;
}

/** Why a file gave no bytes. `outside`: its real path leaves the boundary of the repository. */
export type FileProblem =
  | 'missing'
  | 'folder'
  | 'not-regular'
  | 'too-large'
  | 'outside'
  | 'unreadable';

/** The bytes of a file, or why there are none; `detail` is half a sentence for the reader, e.g. `is a folder, not a file`. */
export type ReadResult =
  | {
      readonly ok: true;
      readonly bytes: Uint8Array;
      /** Identity of the file after symbolic links: the same file has the same one. Relative to the root where it lies inside. */
      readonly realPath: string;
    }
  | { readonly ok: false; readonly problem: FileProblem; readonly detail: string };

/** Sorted by name, or why the folder could not be listed. */
export type ListResult =
  | { readonly ok: true; readonly entries: readonly FolderEntry[] }
  | { readonly ok: false; readonly problem: FileProblem; readonly detail: string };

/** Files below one root. Never blocks on a device, never follows a link out of the boundary, never writes. */
export interface FileAccess {
  list(folder: string): ListResult;
  read(path: string): ReadResult;
  /** Bytes of a regular file, without reading it; null where there is none inside the boundary. */
  sizeOf(path: string): number | null;
}

const encoder = new TextEncoder();

/** File access on a record of path to content, for tests and for versions that are not on disk. */
export function createMemoryFiles(
  files: Readonly<Record<string, string | Uint8Array>>,
): FileAccess {
  const contents = new Map(
    Object.entries(files).map(([path, content]) => [normalizePath(path), content]),
  );
  return {
    list: (folder) => listMemory(contents.keys(), normalizePath(folder)),
    sizeOf(path) {
      const content = contents.get(normalizePath(path));
      if (content === undefined) return null;
      return typeof content === 'string' ? encoder.encode(content).length : content.length;
    },
    read(path) {
      const normal = normalizePath(path);
      const content = contents.get(normal);
      if (content !== undefined) {
        const bytes = typeof content === 'string' ? encoder.encode(content) : content;
        return { ok: true, bytes, realPath: normal };
      }
      const isFolder =
        normal === '.' || [...contents.keys()].some((known) => known.startsWith(`${normal}/`));
      if (isFolder) return { ok: false, problem: 'folder', detail: 'is a folder, not a file' };
      if (normal.startsWith('/') || normal.startsWith('..')) {
        return { ok: false, problem: 'outside', detail: 'lies outside the repository' };
      }
      return { ok: false, problem: 'missing', detail: 'does not exist' };
    },
  };
}

function listMemory(paths: Iterable<string>, folder: string): ListResult {
  const prefix = folder === '.' ? '' : `${folder}/`;
  const kinds = new Map<string, FolderEntry['kind']>();
  for (const path of paths) {
    if (!path.startsWith(prefix)) continue;
    const rest = path.slice(prefix.length);
    const slash = rest.indexOf('/');
    kinds.set(slash === -1 ? rest : rest.slice(0, slash), slash === -1 ? 'file' : 'folder');
  }
  if (kinds.size === 0 && folder !== '.') {
    return { ok: false, problem: 'missing', detail: 'does not exist' };
  }
  const names = [...kinds.keys()].sort(compareText);
  const entries = names.map((name) => ({ name, kind: kinds.get(name) ?? 'file', symlink: false }));
  return { ok: true, entries };
}

/** Order by code point, the same on every machine. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** `a/./b/../c` becomes `a/c`; back slashes become `/`; the root is `.`; leading `..` are kept. */
export function normalizePath(path: string): string {
  const slashed = path.replaceAll('\\', '/');
  const absolute = slashed.startsWith('/');
  const parts: string[] = [];
  for (const part of slashed.split('/')) {
    if (part === '' || part === '.') continue;
    if (part === '..' && parts.length > 0 && parts.at(-1) !== '..') parts.pop();
    else if (part !== '..' || !absolute) parts.push(part);
  }
  const joined = parts.join('/');
  if (absolute) return `/${joined}`;
  return joined === '' ? '.' : joined;
}

/** The folder of a path: `a/b.txt` gives `a`, `b.txt` gives `.`. */
export function folderOf(path: string): string {
  const slash = path.lastIndexOf('/');
  if (slash === -1) return '.';
  return slash === 0 ? '/' : path.slice(0, slash);
}

/** The last part of a path. */
export function fileNameOf(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

/** A path written in a file of `folder`, as a normalised path relative to the root. */
export function joinPath(folder: string, path: string): string {
  if (path.startsWith('/')) return normalizePath(path);
  return normalizePath(folder === '.' ? path : `${folder}/${path}`);
}
