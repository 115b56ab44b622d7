/**
 * Files of the user on disk. Only regular files are opened, nothing is followed out of the repository, nothing is written.
 */
import {
  existsSync,
  lstatSync,
  readdirSync,
  readFileSync,
  realpathSync,
  statSync,
  type Dirent,
  type Stats,
} from 'node:fs';
import { basename, dirname, isAbsolute, join, relative, resolve, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import type { LocalArchive } from '../audit-env.ts';
import {
  compareText,
  type FileAccess,
  type FileProblem,
  type FolderEntry,
  type ListResult,
  type ReadResult,
} from '../inputs/file-access.ts';

/** How a root on disk is read. */
export interface DiskFilesOptions {
  /** Absolute path of the folder that paths are relative to. */
  readonly root: string;
  /** Absolute path of the folder that no file may lie outside of; the root unless given. */
  readonly boundary?: string;
  /** `--allow-outside`. */
  readonly allowOutside?: boolean;
}

/** Largest file that is read, in bytes. */
const largestFile = 64_000_000;

/** File access on a folder of the disk. */
export function createDiskFiles(options: DiskFilesOptions): FileAccess {
  const root = realPathOr(options.root);
  const isInside = createBoundary(options);
  return {
    list: (folder) => listFolder(resolve(root, folder), isInside),
    sizeOf(path) {
      const absolute = resolve(root, path);
      const status = isInside(absolute) ? statusOf(absolute) : undefined;
      return status?.isFile() === true ? status.size : null;
    },
    read(path) {
      const absolute = resolve(root, path);
      // Asked before the disk is: a path outside is not even looked at.
      if (!isInside(absolute)) return outside();
      return readFile(absolute, root, isInside);
    },
  };
}

function createBoundary(options: DiskFilesOptions): (path: string) => boolean {
  const boundary = realPathOr(options.boundary ?? options.root);
  return (path) =>
    options.allowOutside === true ||
    path === boundary ||
    path.startsWith(boundary.endsWith(sep) ? boundary : boundary + sep);
}

/** Gives the absolute path of a path below the root, null where it, or what it links to, leaves the boundary. */
export function createLocator(options: DiskFilesOptions): (path: string) => string | null {
  const root = realPathOr(options.root);
  const isInside = createBoundary(options);
  return (path) => {
    const absolute = resolve(root, path);
    return isInside(absolute) && isInside(realPathOr(absolute)) ? absolute : null;
  };
}

function readFile(absolute: string, root: string, isInside: (path: string) => boolean): ReadResult {
  try {
    const real = realpathSync(absolute);
    if (!isInside(real)) return outside();
    const status = statSync(real);
    if (status.isDirectory()) return failure('folder', 'is a folder, not a file');
    // A FIFO or a device would block or never end.
    if (!status.isFile()) return failure('not-regular', 'is not a regular file');
    if (status.size > largestFile) {
      return failure(
        'too-large',
        `has ${status.size} bytes, more than the ${largestFile} that are read`,
      );
    }
    return { ok: true, bytes: readFileSync(real), realPath: toRelative(root, real) };
  } catch (error) {
    return toFailure(error, absolute);
  }
}

function listFolder(absolute: string, isInside: (path: string) => boolean): ListResult {
  if (!isInside(absolute)) return outside();
  try {
    if (!isInside(realpathSync(absolute))) return outside();
    const entries = readdirSync(absolute, { withFileTypes: true }).map((entry) =>
      toEntry(absolute, entry),
    );
    return { ok: true, entries: entries.sort((a, b) => compareText(a.name, b.name)) };
  } catch (error) {
    return toFailure(error, absolute);
  }
}

function toEntry(folder: string, entry: Dirent): FolderEntry {
  if (!entry.isSymbolicLink()) return { name: entry.name, kind: kindOf(entry), symlink: false };
  const status = statusOf(join(folder, entry.name));
  return { name: entry.name, kind: status === undefined ? 'other' : kindOf(status), symlink: true };
}

function kindOf(status: { isFile(): boolean; isDirectory(): boolean }): FolderEntry['kind'] {
  if (status.isFile()) return 'file';
  return status.isDirectory() ? 'folder' : 'other';
}

function outside(): { readonly ok: false; readonly problem: FileProblem; readonly detail: string } {
  return failure(
    'outside',
    'lies outside the repository and is not read (--allow-outside reads it)',
  );
}

function failure(
  problem: FileProblem,
  detail: string,
): { readonly ok: false; readonly problem: FileProblem; readonly detail: string } {
  return { ok: false, problem, detail };
}

function toFailure(
  error: unknown,
  absolute: string,
): { readonly ok: false; readonly problem: FileProblem; readonly detail: string } {
  const code = error instanceof Error && 'code' in error ? String(error.code) : null;
  if (code === null) throw error;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    const isLink = isDanglingLink(absolute);
    return failure('missing', isLink ? 'is a link that leads nowhere' : 'does not exist');
  }
  if (code === 'ELOOP') return failure('unreadable', 'is a link that leads to itself');
  return failure(
    'unreadable',
    code === 'EACCES' || code === 'EPERM'
      ? 'cannot be read: permission denied'
      : `cannot be read: ${code}`,
  );
}

function isDanglingLink(path: string): boolean {
  if (statusOf(path) !== undefined) return false;
  try {
    return lstatSync(path).isSymbolicLink();
  } catch {
    // Not there at all: no link either.
    return false;
  }
}

// A link that leads nowhere or to itself, and a path below a file, have no status; asking for it throws.
function statusOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

function realPathOr(path: string): string {
  return existsSync(path) ? realpathSync(path) : resolve(path);
}

function toRelative(root: string, path: string): string {
  return relative(root, path).split(sep).join('/');
}

// ---------------------------------------------------------------------------------------------------------------------
// What PATH means

/** A PATH of the command line, taken apart. */
export interface LocatedPath {
  /** Absolute: paths in the report are relative to it. */
  readonly root: string;
  /** Absolute: nothing outside of it is read. */
  readonly boundary: string;
  /** What to read below the root: `.` for a folder, else the file. */
  readonly target: string;
  readonly kind: 'folder' | 'file' | 'missing';
}

/**
 * For a folder the root is the folder; for a file the working folder if the file lies below it, else the file's own folder.
 * The boundary is the repository around it (the nearest `.git`), else the root.
 */
export function locatePath(path: string, workingFolder: string): LocatedPath {
  const absolute = resolve(workingFolder, path);
  const status = statusOf(absolute);
  if (status?.isDirectory() === true && !looksLikeFile(absolute)) {
    return {
      root: absolute,
      boundary: repositoryAround(absolute) ?? absolute,
      target: '.',
      kind: 'folder',
    };
  }
  const fromWorking = relative(workingFolder, absolute);
  const isBelow = fromWorking !== '' && !fromWorking.startsWith('..') && !isAbsolute(fromWorking);
  const root = isBelow ? workingFolder : dirname(absolute);
  const target = relative(root, absolute).split(sep).join('/');
  // A FIFO and a dangling link are files that cannot be read, not paths that are missing.
  const exists = status !== undefined || isDanglingLink(absolute);
  return {
    root,
    boundary: repositoryAround(dirname(absolute)) ?? root,
    target,
    kind: exists ? 'file' : 'missing',
  };
}

// `requirements.txt` as a folder is a mistake to name, not a repository to search.
function looksLikeFile(path: string): boolean {
  return /requirements[^/\\]*\.(?:txt|in)$|pyproject\.toml$/i.test(path);
}

function repositoryAround(folder: string): string | null {
  for (
    let current = folder, previous = '';
    current !== previous;
    previous = current, current = dirname(current)
  ) {
    if (existsSync(join(current, '.git'))) return current;
  }
  return null;
}

// ---------------------------------------------------------------------------------------------------------------------
// Folders of archives

/** The files of a folder, or the one file that a path names, sorted; null when there is neither. */
export function listArchives(path: string): readonly LocalArchive[] | null {
  const plain = path.startsWith('file:') ? fileURLToPath(path) : path;
  const status = statSync(plain, { throwIfNoEntry: false });
  if (status === undefined) return null;
  const names = status.isDirectory() ? readdirSync(plain).toSorted() : [''];
  return names.flatMap((name) => {
    const absolute = resolve(plain, name);
    const file = statSync(absolute, { throwIfNoEntry: false });
    if (file?.isFile() !== true) return [];
    return [
      {
        filename: basename(absolute),
        url: pathToFileURL(absolute).href,
        size: file.size,
        modified: file.mtimeMs,
      },
    ];
  });
}
