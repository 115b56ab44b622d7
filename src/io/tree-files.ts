/**
 * Files of a commit as the stages see files: links are followed inside the tree alone, and what a path names outside of the
 * repository is asked of the disk, which has its own bounds.
 */
import {
  compareText,
  type FileAccess,
  type FileProblem,
  type FolderEntry,
  normalizePath,
  type ReadResult,
} from '../inputs/file-access.ts';

/** One name in a tree. */
export interface TreeEntry {
  /** From the top of the repository, with `/`. */
  readonly path: string;
  readonly kind: 'file' | 'link' | 'submodule';
  /** Of its object. */
  readonly id: string;
  /** Null where it is not told. */
  readonly size: number | null;
}

/** The bytes of a file, or half a sentence on why there are none. */
export type BlobRead =
  | { readonly ok: true; readonly bytes: Uint8Array }
  | { readonly ok: false; readonly detail: string };

/** What the files are read from. */
export interface TreeSource {
  readonly entries: readonly TreeEntry[];
  readonly read: (entry: TreeEntry) => BlobRead;
  /** Folder that paths are relative to, from the top of the repository; '' for the top. */
  readonly prefix: string;
  /** Absolute: the top of the repository on disk, which absolute paths are held against. */
  readonly top: string;
  /** Paths that leave the repository. */
  readonly outside: FileAccess;
}

type Node = TreeEntry | { readonly kind: 'folder'; readonly names: Map<string, Node> };

/** Links that lead to links. */
const MOST_LINKS = 40;

/** File access on the files of a commit. */
export function createTreeFiles(source: TreeSource): FileAccess {
  const root = buildTree(source.entries);
  const place = (path: string): Place => locate(path, root, source);
  return {
    list(path) {
      const found = place(path);
      if (found.kind === 'outside') return source.outside.list(path);
      if (found.kind === 'failure') return found.failure;
      if (found.node.kind !== 'folder') return failure('missing', 'is a file, not a folder');
      const entries = [...found.node.names].map(([name, node]) =>
        toEntry(name, node, () => place(`${path}/${name}`)),
      );
      return { ok: true, entries: entries.toSorted((a, b) => compareText(a.name, b.name)) };
    },
    sizeOf(path) {
      const found = place(path);
      if (found.kind === 'outside') return source.outside.sizeOf(path);
      return found.kind === 'node' && found.node.kind === 'file' ? found.node.size : null;
    },
    read(path) {
      const found = place(path);
      if (found.kind === 'outside') return source.outside.read(path);
      if (found.kind === 'failure') return found.failure;
      return readNode(found, source);
    },
  };
}

function buildTree(entries: readonly TreeEntry[]): Node {
  const root: Node = { kind: 'folder', names: new Map() };
  for (const entry of entries) {
    const parts = entry.path.split('/');
    const name = parts.pop() ?? '';
    let names = root.names;
    for (const part of parts) {
      let next = names.get(part);
      if (next?.kind !== 'folder') {
        next = { kind: 'folder', names: new Map() };
        names.set(part, next);
      }
      names = next.names;
    }
    names.set(name, entry.kind === 'submodule' ? { kind: 'folder', names: new Map() } : entry);
  }
  return root;
}

function toEntry(name: string, node: Node, follow: () => Place): FolderEntry {
  if (node.kind !== 'link')
    return { name, kind: node.kind === 'folder' ? 'folder' : 'file', symlink: false };
  const place = follow();
  const kind = place.kind === 'node' ? (place.node.kind === 'folder' ? 'folder' : 'file') : 'other';
  return { name, kind, symlink: true };
}

function readNode(
  { node, path }: Extract<Place, { kind: 'node' }>,
  source: TreeSource,
): ReadResult {
  if (node.kind === 'folder') return failure('folder', 'is a folder, not a file');
  if (node.kind !== 'file') return failure('not-regular', 'is not a regular file');
  const blob = source.read(node);
  if (!blob.ok) return failure('unreadable', blob.detail);
  return { ok: true, bytes: blob.bytes, realPath: fromRoot(path, source.prefix) };
}

/** A path from the top as one from the folder that paths are relative to. */
function fromRoot(path: string, prefix: string): string {
  const own = prefix === '' ? [] : prefix.split('/');
  const parts = path.split('/');
  let same = 0;
  while (same < own.length && own[same] === parts[same]) same += 1;
  return [...own.slice(same).map(() => '..'), ...parts.slice(same)].join('/');
}

// ---------------------------------------------------------------------------------------------------------------------
// Paths

interface Failure {
  readonly ok: false;
  readonly problem: FileProblem;
  readonly detail: string;
}

type Place =
  | { readonly kind: 'node'; readonly node: Node; readonly path: string }
  | { readonly kind: 'outside' }
  | { readonly kind: 'failure'; readonly failure: Failure };

function locate(path: string, root: Node, { prefix, top, read }: TreeSource): Place {
  const fromTop = toTop(path, prefix, normalizePath(top));
  if (fromTop === null) return { kind: 'outside' };
  let todo = fromTop === '.' ? [] : fromTop.split('/');
  let done: string[] = [];
  let node = root;
  for (let links = 0; ;) {
    if (node.kind === 'link') {
      links += 1;
      if (links > MOST_LINKS) return failed('unreadable', 'is a link that leads to itself');
      const blob = read(node);
      const target = blob.ok ? new TextDecoder().decode(blob.bytes) : '';
      const led = target.startsWith('/')
        ? '..'
        : normalizePath([...done.slice(0, -1), target].join('/'));
      if (led === '..' || led.startsWith('../'))
        return failed('outside', 'is a link that leaves the repository');
      todo = [...(led === '.' ? [] : led.split('/')), ...todo];
      done = [];
      node = root;
      continue;
    }
    const name = todo.shift();
    if (name === undefined) return { kind: 'node', node, path: done.join('/') };
    const next = node.kind === 'folder' ? node.names.get(name) : undefined;
    if (next === undefined)
      return failed('missing', links > 0 ? 'is a link that leads nowhere' : 'does not exist');
    done = [...done, name];
    node = next;
  }
}

/** From the top of the repository; null for what lies outside. */
function toTop(path: string, prefix: string, top: string): string | null {
  const normal = normalizePath(path);
  if (normal.startsWith('/')) {
    if (normal === top) return '.';
    return normal.startsWith(`${top}/`) ? normal.slice(top.length + 1) : null;
  }
  const joined = normalizePath(prefix === '' ? normal : `${prefix}/${normal}`);
  return joined === '..' || joined.startsWith('../') ? null : joined;
}

function failed(problem: FileProblem, detail: string): Place {
  return { kind: 'failure', failure: failure(problem, detail) };
}

function failure(problem: FileProblem, detail: string): Failure {
  return { ok: false, problem, detail };
}
