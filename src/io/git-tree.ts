/**
 * The files of a commit, from git's objects into memory: nothing is checked out, so that no filter runs, no link leads
 * anywhere and nothing has to be cleaned up. What is likely to be read comes in one answer; the rest one by one.
 *
 * Traps: names are bytes; a tree may hold `..` or `.git` as a name; a submodule is a commit of another repository; a partial
 * clone lacks blobs; Git LFS keeps a pointer where the file would be; of a sparse checkout files are missing on purpose.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, statSync } from 'node:fs';
import { join, resolve, sep } from 'node:path';
import { DepweightError } from '../errors.ts';
import type { Warning } from '../types.ts';
import { type Git, type GitPlace, openGit } from './git.ts';
import type { BlobRead, TreeEntry } from './tree-files.ts';

/** The files of a commit, and what could not be found out of them. */
export interface GitTree {
  /** With paths from the top of the work tree. */
  readonly entries: readonly TreeEntry[];
  readonly read: (entry: TreeEntry) => BlobRead;
  readonly warnings: readonly Warning[];
}

/** What is asked of a commit. */
export interface TreeRequest {
  readonly commit: string;
  /** As the user calls it. */
  readonly name: string;
  /** Which files will most likely be read, by their paths. */
  readonly isLikely: (path: string) => boolean;
}

/** A larger file is read when it is asked for. */
const LARGEST_AHEAD = 4_000_000;
/** Of all that is read ahead. */
const MOST_AHEAD = 400_000_000;
/** As of files on disk. */
const LARGEST_FILE = 64_000_000;
/** One inside the other. */
const DEEPEST_SUBMODULE = 5;

/** Reads the list of files of a commit, and the likely ones. Throws DepweightError where git cannot. */
export function readGitTree(git: Git, place: GitPlace, request: TreeRequest): Promise<GitTree> {
  return readTree(git, place, request, 0);
}

async function readTree(
  git: Git,
  place: GitPlace,
  request: TreeRequest,
  depth: number,
): Promise<GitTree> {
  const listed = await listTree(git, request);
  const absent = await absentPaths(git);
  const own = listed.filter(({ path }) => !absent.has(path));
  const modules = await readSubmodules(own, git.top, { place, request, depth });
  const blobs = await readAhead(git, own, request.isLikely);
  const common = (await git.ask(['rev-parse', '--git-common-dir'])) ?? '.git';
  const media = resolve(place.folder, common, 'lfs', 'objects');
  const read = (entry: TreeEntry): BlobRead => {
    const inner = modules.reads.get(entry);
    if (inner !== undefined) return inner(entry);
    const found = blobs.get(entry.id) ?? readOne(git, entry);
    if ('ok' in found) return found;
    blobs.set(entry.id, found);
    return fromMedia(found, media);
  };
  // First the empty folders of submodules, which their files then fill.
  const entries = [...own, ...modules.reads.keys()];
  const left = listed.length - own.length;
  const message = `${left} files are not in this sparse checkout: they are compared on neither side`;
  const sparse: readonly Warning[] = left === 0 ? [] : [{ code: 'sparse-checkout', message }];
  return { entries, read, warnings: [...sparse, ...modules.warnings] };
}

// ---------------------------------------------------------------------------------------------------------------------
// What is there

const KINDS: Readonly<Record<string, TreeEntry['kind']>> = {
  '100644': 'file',
  '100755': 'file',
  '100664': 'file',
  '120000': 'link',
  '160000': 'submodule',
};

async function listTree(git: Git, { commit, name }: TreeRequest): Promise<readonly TreeEntry[]> {
  const words = ['ls-tree', '-r', '-z', '-l', '--full-tree', commit];
  const told = await git.run(words);
  // A partial clone lacks objects whose sizes would be told; their names it has.
  const short = words.filter((word) => word !== '-l');
  const { code, stdout, stderr } = told.code === 0 ? told : await git.run(short);
  if (code !== 0) throw unreadable(name, stderr);
  const entries: TreeEntry[] = [];
  for (const line of stdout.toString('utf8').split('\0')) {
    const [, mode = '', id = '', size = '', path = ''] =
      /^(\d+) \w+ ([\da-f]+)(?: +(\S+))?\t([^]+)$/.exec(line) ?? [];
    const kind = KINDS[mode];
    if (kind === undefined || path.split('/').some(isUnsafe)) continue;
    entries.push({ path, kind, id, size: /^\d+$/.test(size) ? Number(size) : null });
  }
  return entries;
}

/** git itself checks none of these out. */
function isUnsafe(name: string): boolean {
  return name === '' || name === '.' || name === '..' || name.toLowerCase() === '.git';
}

function unreadable(what: string, stderr: string): DepweightError {
  const reason = /^(?:fatal|error): (.*)$/m.exec(stderr)?.[1] ?? '';
  return new DepweightError('git-failed', {
    what,
    reason: reason === '' ? 'it gave no answer' : reason,
    hint: 'of a partial clone `git fetch --refetch --no-filter` gets the rest',
  });
}

/** Of a sparse checkout: what is in the index and not in the work tree. To compare it would be to call it removed. */
async function absentPaths(git: Git): Promise<ReadonlySet<string>> {
  if ((await git.ask(['config', '--bool', 'core.sparseCheckout'])) !== 'true') return new Set();
  const { stdout } = await git.run(['ls-files', '-z', '-t', '--full-name', ':/']);
  const lines = stdout.toString('utf8').split('\0');
  return new Set(lines.filter((line) => line.startsWith('S ')).map((line) => line.slice(2)));
}

// ---------------------------------------------------------------------------------------------------------------------
// What is in it

/** Bytes by the name of their object. */
async function readAhead(
  git: Git,
  entries: readonly TreeEntry[],
  isLikely: TreeRequest['isLikely'],
): Promise<Map<string, Buffer>> {
  const wanted = new Set<string>();
  let bytes = 0;
  for (const { path, kind, id, size } of entries) {
    const length = size ?? 0;
    if (kind === 'submodule' || length > LARGEST_AHEAD) continue;
    if (bytes + length > MOST_AHEAD || wanted.has(id)) continue;
    if (kind === 'file' && !isLikely(path)) continue;
    wanted.add(id);
    bytes += length;
  }
  if (wanted.size === 0) return new Map();
  const { stdout } = await git.run(['cat-file', '--batch'], `${[...wanted].join('\n')}\n`);
  return parseBatch(stdout);
}

/** `ID blob SIZE\n` and the bytes with a line feed, one after the other; `ID missing\n` for what is not there. */
function parseBatch(answer: Buffer): Map<string, Buffer> {
  const blobs = new Map<string, Buffer>();
  let offset = 0;
  for (;;) {
    const end = answer.indexOf(10, offset);
    if (end === -1) return blobs;
    const [id = '', type = '', size = ''] = answer.toString('latin1', offset, end).split(' ');
    offset = end + 1;
    if (type !== 'blob') continue;
    const last = offset + Number(size);
    if (last > answer.length) return blobs;
    blobs.set(id, answer.subarray(offset, last));
    offset = last + 1;
  }
}

type Failure = Extract<BlobRead, { readonly ok: false }>;

function readOne(git: Git, { id, size }: TreeEntry): Buffer | Failure {
  const most = LARGEST_FILE;
  if (size !== null && size > most)
    return { ok: false, detail: `has ${size} bytes, more than the ${most} that are read` };
  const { code, stdout } = git.runNow(['cat-file', 'blob', id]);
  if (code === 0) return stdout;
  return { ok: false, detail: 'is not in this clone, which is a partial one' };
}

const POINTER =
  /^version https:\/\/git-lfs\.github\.com\/spec\/v\d+\n(?:.*\n)*oid sha256:([\da-f]{64})\nsize (\d+)\n/;

/** What Git LFS has put aside here, where the file is a pointer to it. */
function fromMedia(bytes: Buffer, folder: string): BlobRead {
  const [, hash = '', size = ''] =
    bytes.length < 2000 ? (POINTER.exec(bytes.toString('latin1')) ?? []) : [];
  if (hash === '') return { ok: true, bytes };
  const path = join(folder, hash.slice(0, 2), hash.slice(2, 4), hash);
  const status = statSync(path, { throwIfNoEntry: false });
  if (status?.isFile() === true && status.size === Number(size) && status.size <= LARGEST_FILE) {
    const kept = readFileSync(path);
    if (createHash('sha256').update(kept).digest('hex') === hash) return { ok: true, bytes: kept };
  }
  return { ok: false, detail: 'is kept by Git LFS, and not on this machine (`git lfs fetch`)' };
}

// ---------------------------------------------------------------------------------------------------------------------
// Submodules

interface Around {
  readonly place: GitPlace;
  readonly request: TreeRequest;
  readonly depth: number;
}

interface Submodules {
  /** Files in submodules, with the way to read each. */
  readonly reads: ReadonlyMap<TreeEntry, (entry: TreeEntry) => BlobRead>;
  readonly warnings: readonly Warning[];
}

/** A submodule has a repository of its own; where that has the commit, its files are those of the whole. */
async function readSubmodules(
  entries: readonly TreeEntry[],
  top: string,
  { place, request, depth }: Around,
): Promise<Submodules> {
  const reads = new Map<TreeEntry, (entry: TreeEntry) => BlobRead>();
  const warnings: Warning[] = [];
  for (const { path, kind, id } of entries) {
    if (kind !== 'submodule') continue;
    const folder = join(top, path);
    // One that is not checked out is on neither side.
    if (!existsSync(join(folder, '.git'))) continue;
    const tree = await readSubmodule(folder, top, {
      place,
      request: { ...request, commit: id },
      depth,
    });
    if (tree === null) {
      const message = `the submodule ${path} cannot be read as it was at ${request.name}; what it held counts as nothing there`;
      warnings.push({ code: 'submodule', message, path, severity: 'incomplete' });
      continue;
    }
    for (const entry of tree.entries)
      reads.set({ ...entry, path: `${path}/${entry.path}` }, () => tree.read(entry));
    warnings.push(...tree.warnings);
  }
  return { reads, warnings };
}

async function readSubmodule(
  folder: string,
  top: string,
  { place, request, depth }: Around,
): Promise<GitTree | null> {
  const isInside = `${realpathSync(folder)}${sep}`.startsWith(`${top}${sep}`);
  if (!isInside || depth >= DEEPEST_SUBMODULE) return null;
  try {
    const own = { ...place, folder };
    const git = await openGit(own);
    return git.prefix === '' ? await readTree(git, own, request, depth + 1) : null;
  } catch (error) {
    if (error instanceof DepweightError) return null;
    throw error;
  }
}
