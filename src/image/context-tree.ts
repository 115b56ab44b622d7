/** What lies in a folder of the build context, as far as .dockerignore lets it into the image. */
import { fileNameOf, joinPath, type FileAccess } from '../inputs/file-access.ts';
import type { Bytes } from '../types.ts';
import type { Dockerignore } from './dockerignore.ts';

/** A regular file. */
export interface ContextFile {
  /** Relative to the root of the repository. */
  readonly path: string;
  readonly bytes: Bytes;
}

/** A folder without what is needless for what it is (`.git`, a virtual environment, `tests`). */
export interface ContextFolder {
  readonly path: string;
  /** Of all below it. */
  readonly bytes: Bytes;
  /** There is Python code in it or below. */
  readonly hasCode: boolean;
  /** It is a package of Python itself. */
  readonly isPackage: boolean;
  readonly files: readonly ContextFile[];
  readonly folders: readonly ContextFolder[];
}

/** What one walk finds. */
export interface ContextTree {
  readonly root: ContextFolder;
  /** All that it takes, the needless included. */
  readonly bytes: Bytes;
  readonly files: number;
  /** By their paths; folders end in `/`. */
  readonly needless: ReadonlyMap<string, Bytes>;
  /** There is more than was looked at, or could be read: the figures are lower bounds. */
  readonly isPartial: boolean;
}

/** So many entries are looked at; a repository with more has its figures as lower bounds. */
const mostEntries = 60_000;

const needlessFolders =
  /^(?:\.git|\.hg|\.svn|\.github|\.venv|venv|\.tox|\.nox|node_modules|__pycache__|\.mypy_cache|\.pytest_cache|\.ruff_cache|\.cache|\.idea|\.vscode|\.ipynb_checkpoints|htmlcov|tests?|docs?|examples?|benchmarks?)$/;
const needlessFiles = /^(?:\.coverage.*|.*\.py[co])$/;
/** Of these there is one in each folder of code. */
const scattered = /^(?:__pycache__|\.ipynb_checkpoints)$/;

/** Walks a folder; `inContext` gives its paths as .dockerignore means them. */
export function readContextTree(
  folder: string,
  {
    ignore,
    inContext,
  }: { readonly ignore: Dockerignore; readonly inContext: (path: string) => string },
  access: FileAccess,
): ContextTree {
  const needless = new Map<string, Bytes>();
  const totals = { bytes: 0, files: 0, entries: 0 };
  let isUnread = false;
  const count = (path: string, bytes: Bytes, part: string | null): void => {
    totals.bytes += bytes;
    totals.files++;
    if (part !== null) needless.set(part, (needless.get(part) ?? 0) + bytes);
    else if (needlessFiles.test(fileNameOf(path))) {
      const key = /\.py[co]$/.test(path) ? '**/*.pyc' : path;
      needless.set(key, (needless.get(key) ?? 0) + bytes);
    }
  };
  const visit = (place: string, part: string | null): ContextFolder => {
    const files: ContextFile[] = [];
    const folders: ContextFolder[] = [];
    const listed = access.list(place);
    const entries = listed.ok ? listed.entries : [];
    isUnread ||= !listed.ok;
    const isEnvironment = entries.some(({ name }) => name === 'pyvenv.cfg');
    const own = part ?? (isEnvironment ? `${place}/` : null);
    for (const { name, kind, symlink } of entries) {
      if (++totals.entries > mostEntries) break;
      const path = joinPath(place, name);
      const isIgnored = ignore.ignores(inContext(path));
      if (kind === 'folder' && !symlink) {
        if (isIgnored && !ignore.takesBack) continue;
        const below = visit(path, own ?? partOf(name, path));
        if (own === null && partOf(name, path) === null) folders.push(below);
      } else if (!isIgnored && kind === 'file') {
        const size = symlink ? 0 : access.sizeOf(path);
        isUnread ||= size === null;
        const bytes = size ?? 0;
        count(path, bytes, own);
        if (own === null && !needlessFiles.test(name)) files.push({ path, bytes });
      }
    }
    return toFolder(place, files, folders);
  };
  const root = visit(folder, null);
  const { bytes, files, entries } = totals;
  return { root, bytes, files, needless, isPartial: isUnread || entries > mostEntries };
}

function partOf(name: string, path: string): string | null {
  if (!needlessFolders.test(name)) return null;
  return scattered.test(name) ? `**/${name}/` : `${path}/`;
}

function toFolder(
  path: string,
  files: readonly ContextFile[],
  folders: readonly ContextFolder[],
): ContextFolder {
  const own = files.map((file) => fileNameOf(file.path));
  const bytes = [...files, ...folders].reduce((sum, one) => sum + one.bytes, 0);
  return {
    path,
    bytes,
    hasCode: own.some((name) => name.endsWith('.py')) || folders.some(({ hasCode }) => hasCode),
    isPackage: own.includes('__init__.py'),
    files,
    folders,
  };
}

/** All files of a folder and below it, in no order. */
export function* filesBelow({ files, folders }: ContextFolder): Iterable<ContextFile> {
  yield* files;
  for (const folder of folders) yield* filesBelow(folder);
}
