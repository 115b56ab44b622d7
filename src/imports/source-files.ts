/**
 * Which files of a folder are read for imports and for references: what git ignores, virtual environments, installed
 * packages, caches and build outputs are left out; nothing else is, and what could not be read is said.
 */

import type { Warning } from '../types.ts';
import type { IgnoreRules } from './gitignore.ts';
import { isIgnored, parseIgnoreRules } from './gitignore.ts';
import type { SourceAccess, SourceEntry } from './source-access.ts';

/** How a file with Python in it is read. */
export type PythonKind = 'python' | 'stub' | 'cython' | 'notebook';

/** A file to read imports from. */
export interface PythonFile {
  readonly path: string;
  readonly kind: PythonKind;
}

/** The files of a tree that matter, each list in the order of its paths. */
export interface SourceListing {
  readonly python: readonly PythonFile[];
  /** Files that may name commands and modules: Dockerfiles, scripts, configuration. */
  readonly texts: readonly string[];
  /** Folders with Python files, to whether they hold an `__init__.py`. `.` is the root. */
  readonly folders: ReadonlyMap<string, boolean>;
  /** Names of links that point at nothing: a submodule that is not there is still the project's own. */
  readonly lost: readonly string[];
  readonly warnings: readonly Warning[];
}

/** Never source of the project, whatever git thinks. */
const SKIPPED_FOLDERS: ReadonlySet<string> = new Set([
  '.bzr',
  '.direnv',
  '.eggs',
  '.git',
  '.hg',
  '.hypothesis',
  '.ipynb_checkpoints',
  '.mypy_cache',
  '.nox',
  '.pytest_cache',
  '.ruff_cache',
  '.svn',
  '.terraform',
  '.tox',
  '.venv',
  '.yarn',
  '__pycache__',
  '__pypackages__',
  'bower_components',
  'dist-packages',
  'node_modules',
  'site-packages',
]);
/** What stands in a folder of which nothing is the user's. */
const FOREIGN_MARKS: ReadonlySet<string> = new Set(['CACHEDIR.TAG', 'conda-meta', 'pyvenv.cfg']);
const PYTHON_SUFFIXES: ReadonlyMap<string, PythonKind> = new Map([
  ['py', 'python'],
  ['pyw', 'python'],
  ['pyi', 'stub'],
  ['pyx', 'cython'],
  ['pxd', 'cython'],
  ['ipynb', 'notebook'],
]);
const TEXT_SUFFIXES: ReadonlySet<string> = new Set([
  'bash',
  'bat',
  'cfg',
  'cmd',
  'conf',
  'cron',
  'dockerfile',
  'env',
  'fish',
  'hcl',
  'ini',
  'json',
  'just',
  'ksh',
  'mk',
  'ps1',
  'service',
  'sh',
  'tf',
  'timer',
  'toml',
  'yaml',
  'yml',
  'zsh',
  'properties',
  'socket',
]);
const TEXT_NAMES =
  /^(?:(?:Docker|Container|Proc|Make|GNUmake|make|Just|just|Jenkins|Vagrant|Tilt|Earth|Snake|Caddy)file(?:[.-].*)?|\.justfile|crontab|\.env(?:\..*)?|\.flake8|\.pylintrc|\.coveragerc|\.bandit|Taskfile)$/;
/** Python that is written from it: what it imports has to be there. */
export const PYTHON_TEMPLATE: RegExp = /\.py(?:\.(?:j2|jinja2?|tmpl|tpl|template|mako)|[-_]tpl)$/i;
/** Written by tools, large, and full of names that say nothing about use. */
const LOCK_NAMES =
  /^(?:uv\.lock|poetry\.lock|pdm\.lock|Pipfile\.lock|pylock(?:\..*)?\.toml|package-lock\.json|yarn\.lock|pnpm-lock\.yaml|composer\.lock|conda-lock\.ya?ml)$/;
const NO_SCRIPTS: ReadonlySet<string> = new Set([
  'LICENSE',
  'LICENCE',
  'COPYING',
  'NOTICE',
  'README',
  'AUTHORS',
  'CHANGELOG',
  'CODEOWNERS',
  'VERSION',
  'MANIFEST',
  'PKG-INFO',
]);
/** A repository with more folders below each other than this is a trap. */
const DEEPEST = 2000;

interface Walk {
  readonly access: SourceAccess;
  readonly python: PythonFile[];
  readonly texts: string[];
  readonly folders: Map<string, boolean>;
  readonly lost: string[];
  readonly warnings: Warning[];
}

/** Lists the files below `root` (`.` for all). */
export function listSources(access: SourceAccess, root = '.'): SourceListing {
  const walk: Walk = {
    access,
    python: [],
    texts: [],
    folders: new Map(),
    lost: [],
    warnings: [],
  };
  const pending: {
    readonly folder: string;
    readonly stack: readonly IgnoreRules[];
    readonly depth: number;
  }[] = [{ folder: root, stack: [], depth: 0 }];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const { folder, stack, depth } = next;
    const entries = access.list(folder);
    if (entries === null) {
      walk.warnings.push({
        code: 'unreadable-folder',
        message: 'this folder cannot be listed; it was left out',
        path: folder,
      });
      continue;
    }
    if (depth > 0 && isForeignFolder(folder, entries)) continue;
    const rules = readRules(walk, folder, entries, stack);
    for (const child of readFolder(walk, folder, entries, rules))
      if (depth < DEEPEST) pending.push({ folder: child, stack: rules, depth: depth + 1 });
  }
  const byPath = (a: { readonly path: string }, b: { readonly path: string }): number =>
    compare(a.path, b.path);
  return {
    python: walk.python.toSorted(byPath),
    texts: walk.texts.toSorted(compare),
    folders: walk.folders,
    lost: walk.lost.toSorted(compare),
    warnings: walk.warnings.toSorted((a, b) => compare(a.path ?? '', b.path ?? '')),
  };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function readRules(
  walk: Walk,
  folder: string,
  entries: readonly SourceEntry[],
  stack: readonly IgnoreRules[],
): readonly IgnoreRules[] {
  let rules = stack;
  const add = (path: string): void => {
    const content = walk.access.read(path, 1_000_000);
    if (content.ok)
      rules = [...rules, parseIgnoreRules(decode(content.bytes, content.length), folder)];
  };
  if (folder === '.' && entries.some(({ name, kind }) => name === '.git' && kind === 'folder')) {
    const info = walk.access.list('.git/info') ?? [];
    if (info.some(({ name, kind }) => name === 'exclude' && kind === 'file'))
      add('.git/info/exclude');
  }
  if (entries.some(({ name, kind }) => name === '.gitignore' && kind === 'file'))
    add(folder === '.' ? '.gitignore' : `${folder}/.gitignore`);
  return rules;
}

/** Whatever they are called: virtual and conda environments, caches (bford.info/cachedir), build outputs. */
function isForeignFolder(folder: string, entries: readonly SourceEntry[]): boolean {
  if (entries.some(({ name }) => FOREIGN_MARKS.has(name))) return true;
  const has = (wanted: RegExp): boolean => entries.some(({ name }) => wanted.test(name));
  const name = folder.slice(folder.lastIndexOf('/') + 1);
  if (name === 'build')
    return has(/^(?:lib(?:\..*)?|bdist\..*|temp\..*)$/) && !has(/^__init__\.py$/);
  if (name === 'dist') return has(/\.(?:whl|tar\.gz)$/);
  return false;
}

/** Sorts the entries of a folder into the walk; answers the folders to go on with. */
function readFolder(
  walk: Walk,
  folder: string,
  entries: readonly SourceEntry[],
  rules: readonly IgnoreRules[],
): readonly string[] {
  const children: string[] = [];
  let hasPython = false;
  let isPackage = false;
  for (const { name, kind } of entries) {
    const path = folder === '.' ? name : `${folder}/${name}`;
    if (kind === 'folder') {
      if (
        !SKIPPED_FOLDERS.has(name) &&
        !name.endsWith('.egg-info') &&
        !isIgnored(rules, path, true)
      )
        children.push(path);
      continue;
    }
    const suffix = suffixOf(name);
    const pythonKind = name.includes('.') ? PYTHON_SUFFIXES.get(suffix) : undefined;
    if (kind !== 'file') {
      warnAboutLink(walk, path, kind, pythonKind !== undefined);
      if (kind === 'link-broken') walk.lost.push(name.split('.', 1)[0] ?? name);
      continue;
    }
    const isText = pythonKind === undefined && isTextName(name, suffix);
    const mayBeScript =
      pythonKind === undefined && !isText && !name.includes('.') && !NO_SCRIPTS.has(name);
    if ((pythonKind === undefined && !isText && !mayBeScript) || isIgnored(rules, path, false))
      continue;
    if (pythonKind !== undefined) {
      walk.python.push({ path, kind: pythonKind });
      hasPython = true;
      isPackage ||= name === '__init__.py' || name === '__init__.pyi' || name === '__init__.pyx';
    } else if (isText) walk.texts.push(path);
    else sortScript(walk, path);
  }
  if (hasPython) walk.folders.set(folder, isPackage);
  return children;
}

function isTextName(name: string, suffix: string): boolean {
  if (LOCK_NAMES.test(name)) return false;
  return (
    (name.includes('.') && TEXT_SUFFIXES.has(suffix)) ||
    TEXT_NAMES.test(name) ||
    PYTHON_TEMPLATE.test(name)
  );
}

/** True for a name by which a file may be read, if only for its first line. */
export function mayBeSource(name: string): boolean {
  const suffix = suffixOf(name);
  if (!name.includes('.')) return !NO_SCRIPTS.has(name);
  return PYTHON_SUFFIXES.has(suffix) || isTextName(name, suffix);
}

/** A file without suffix is Python or a shell script by its first line. */
function sortScript(walk: Walk, path: string): void {
  const line = readShebang(walk.access, path);
  if (PYTHON_SHEBANG.test(line)) walk.python.push({ path, kind: 'python' });
  else if (/\b(?:ba|z|k|da|a|fi)?sh\b/.test(line)) walk.texts.push(path);
}

const PYTHON_SHEBANG = /\bpython[\d.]*w?\b|\bpypy\d?\b|\buv run\b|\bpipx run\b/;

/** The first line of a script, empty where it is none. */
function readShebang(access: SourceAccess, path: string): string {
  const head = access.read(path, 128);
  if (!head.ok || head.bytes[0] !== 35 || head.bytes[1] !== 33) return '';
  return decode(head.bytes, Math.min(head.length, 128)).split('\n', 1)[0] ?? '';
}

/** One file by its path, or null where neither its suffix nor its first line says that it is Python. */
export function findPythonFile(access: SourceAccess, path: string): PythonFile | null {
  const name = path.slice(path.lastIndexOf('/') + 1);
  const kind = name.includes('.') ? PYTHON_SUFFIXES.get(suffixOf(name)) : undefined;
  if (kind !== undefined) return { path, kind };
  return PYTHON_SHEBANG.test(readShebang(access, path)) ? { path, kind: 'python' } : null;
}

function suffixOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1).toLowerCase();
}

function warnAboutLink(
  walk: Walk,
  path: string,
  kind: SourceEntry['kind'],
  isPython: boolean,
): void {
  if (kind === 'link-outside')
    walk.warnings.push({
      code: 'link-outside',
      message: 'this link leaves the project; it was not followed',
      path,
    });
  else if (isPython && kind === 'other')
    walk.warnings.push({
      code: 'not-a-file',
      message: 'this is not a regular file; it was left out',
      path,
    });
  else if (isPython && kind === 'link-broken')
    walk.warnings.push({ code: 'broken-link', message: 'this link points at nothing', path });
}

/** Text of a small file; bytes that are no UTF-8 become replacement characters. */
export function decode(bytes: Uint8Array, length: number): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, length).toString('utf8');
}
