/**
 * Which imports are answered by the project itself.
 *
 * Traps:
 * - `import redis` in `app/cache.py` is not `app/redis.py` when `app` is a package, but it is when `app` is a folder of scripts.
 * - A folder without `__init__.py` is a namespace: it answers only for what lies in it, and an installed package of its
 *   name wins (a folder `docker/` beside a Dockerfile is not the module `docker`).
 * - The code is importable from the folder of the project, from `src`, and from every outer folder that is no package.
 */

import { folderOf } from '../inputs/file-access.ts';
import { outerFolders } from './folders.ts';
import type { ImportScan, ImportUse } from '../types.ts';
import type { FoundImport } from './scanner.ts';
import type { SourceListing } from './source-files.ts';

/** Tells whether an import of a file in `folder` is the project's own. */
export type FirstPartyTest = (folder: string, found: FoundImport) => boolean;

/** The modules of a tree by the place that they are imported from. */
export interface LocalModules {
  /** Paths of modules and packages without suffix: `app/main`, `app`. */
  readonly modules: ReadonlySet<string>;
  /** Folders with Python below them, packages or not. */
  readonly folders: ReadonlySet<string>;
  readonly packages: ReadonlySet<string>;
}

/** Folders beside the code that are put on the path by custom (src layouts). */
const SOURCE_ROOTS = ['src', 'lib', 'python'] as const;

/** Collects the local modules of a listing. */
export function collectLocalModules(
  listing: Pick<SourceListing, 'python' | 'folders'>,
): LocalModules {
  const modules = new Set<string>();
  const folders = new Set<string>();
  const packages = new Set<string>();
  for (const { path, kind } of listing.python) {
    if (kind === 'notebook') continue;
    const slash = path.lastIndexOf('/');
    const stem = path.slice(slash + 1).split('.', 1)[0] ?? '';
    if (stem !== '__init__') modules.add(slash === -1 ? stem : `${path.slice(0, slash)}/${stem}`);
  }
  for (const [folder, isPackage] of listing.folders) {
    if (isPackage) {
      packages.add(folder);
      modules.add(folder);
    }
    for (let outer = folder; outer !== '.' && !folders.has(outer); outer = folderOf(outer))
      folders.add(outer);
  }
  return { modules, folders, packages };
}

/**
 * Whether a file beside the importing one has the name, though its folder is a package: it answers where the file is run
 * as a script. Too weak to say what an import means, enough to say that nothing is missing.
 */
export function hasSibling(python: ReadonlySet<string>, path: string, top: string): boolean {
  const folder = path.slice(0, path.lastIndexOf('/') + 1);
  return python.has(`${folder}${top}.py`) || python.has(`${folder}${top}/__init__.py`);
}

/** What the tree has under the name of an import, though no folder that is surely on the path offers it. */
export interface LocalNames {
  /**
   * The whole dotted module lies in a folder at or above the importing file, package or not: where a file up there is the
   * program (`streamlit run src/dashboard/app.py`), that folder is on the path.
   */
  readonly above: (use: ImportUse) => boolean;
  /** Some product code has the name: too weak to say what an import means, enough to say that nothing is missing. */
  readonly anywhere: (use: ImportUse) => boolean;
}

/** Collects the names of a scan's Python files. */
export function collectLocalNames({ sources }: Pick<ImportScan, 'sources'>): LocalNames {
  const modules = new Set<string>();
  const names = new Set<string>();
  const members = new Set<string>();
  for (const path of sources?.python ?? []) {
    if (path.endsWith('.ipynb')) continue;
    const module = moduleOfPath(path);
    modules.add(module);
    if (sources?.areas[path] !== undefined) continue;
    const parts = module.split('/');
    names.add(parts.at(-1) ?? '');
    // A folder without `__init__.py` answers only for what lies in it.
    for (const [index, part] of parts.entries())
      if (index > 0) members.add(`${parts[index - 1]}/${part}`);
  }
  return {
    above: (use) => {
      const below = modulesMeant(use);
      return outerFolders(folderOf(use.path)).some((outer) =>
        below.some((module) => modules.has(outer === '.' ? module : `${outer}/${module}`)),
      );
    },
    anywhere: (use) => {
      const [top = '', ...rest] = use.module.split('.');
      const next = rest.length > 0 ? rest.slice(0, 1) : use.names;
      return names.has(top) || next.some((name) => members.has(`${top}/${name}`));
    },
  };
}

/** `app/cart` of `app/cart.py`, `app` of `app/__init__.py`. */
function moduleOfPath(path: string): string {
  const slash = path.lastIndexOf('/');
  const stem = path.slice(slash + 1).split('.', 1)[0] ?? '';
  if (stem === '__init__') return folderOf(path);
  return slash === -1 ? stem : `${path.slice(0, slash)}/${stem}`;
}

/** Paths that an import goes to if it is the project's own and more than a bare name, which may well be a sibling's. */
function modulesMeant({ module, names }: ImportUse): readonly string[] {
  const path = module.replaceAll('.', '/');
  return [...(module.includes('.') ? [path] : []), ...names.map((name) => `${path}/${name}`)];
}

/** Top-level names that some folder of the project offers, wherever it is: what is surely not missing. Sorted. */
export function topLevelNames(local: LocalModules): readonly string[] {
  const names = new Set<string>();
  for (const path of local.modules) {
    if (!local.packages.has(folderOf(path))) names.add(path.slice(path.lastIndexOf('/') + 1));
  }
  return [...names].toSorted();
}

/**
 * Prepares the test. `usedAsPackages` are folders without `__init__.py` whose modules are imported through their name or
 * relatively: their files are no scripts, so their siblings are not importable by bare names.
 */
export function createFirstPartyTest(
  local: LocalModules,
  usedAsPackages: ReadonlySet<string>,
): FirstPartyTest {
  const folders = new Map<
    string,
    { readonly roots: readonly string[]; readonly answers: Map<string, boolean> }
  >();
  return (folder, found) => {
    if (found.level > 0) return true;
    let known = folders.get(folder);
    if (known === undefined) {
      known = { roots: findRoots(local, usedAsPackages, folder), answers: new Map() };
      folders.set(folder, known);
    }
    const { roots, answers } = known;
    let isModule = answers.get(found.module);
    if (isModule === undefined) {
      isModule = roots.some((root) => isLocalModule(local, root, found.module));
      answers.set(found.module, isModule);
    }
    return (
      isModule || (found.names.length > 0 && roots.some((root) => hasLocalName(local, root, found)))
    );
  };
}

/** Folders without `__init__.py` that imports treat as packages. */
export function findUsedAsPackages(
  local: LocalModules,
  files: Iterable<{ readonly folder: string; readonly imports: readonly FoundImport[] }>,
): ReadonlySet<string> {
  const used = new Set<string>();
  const seen = new Map<string, Set<string>>();
  for (const { folder, imports } of files) {
    let modules = seen.get(folder);
    if (modules === undefined) {
      modules = new Set();
      seen.set(folder, modules);
    }
    for (const { module, level } of imports) {
      if (level > 0) {
        if (folder !== '.' && !local.packages.has(folder)) used.add(folder);
      } else if (!modules.has(module)) {
        modules.add(module);
        addNamespaces(local, folder, module, used);
      }
    }
  }
  return used;
}

/** Adds the folders above a file that a dotted module goes through as a namespace. */
function addNamespaces(
  local: LocalModules,
  folder: string,
  module: string,
  used: Set<string>,
): void {
  const dot = module.indexOf('.');
  if (dot <= 0) return;
  const top = module.slice(0, dot);
  const second = module.slice(dot + 1).split('.', 1)[0] ?? '';
  for (const root of outerFolders(folder)) {
    const candidate = root === '.' ? top : `${root}/${top}`;
    if (!local.folders.has(candidate) || local.packages.has(candidate)) continue;
    const next = `${candidate}/${second}`;
    if (local.modules.has(next) || local.folders.has(next)) used.add(candidate);
  }
}

function findRoots(
  local: LocalModules,
  usedAsPackages: ReadonlySet<string>,
  folder: string,
): readonly string[] {
  const roots: string[] = [];
  for (const outer of outerFolders(folder)) {
    // The top is on the path whatever it holds: an `__init__.py` there is a mistake, not a package.
    if (outer === '.' || (!local.packages.has(outer) && !usedAsPackages.has(outer)))
      roots.push(outer);
    for (const name of SOURCE_ROOTS) {
      const source = outer === '.' ? name : `${outer}/${name}`;
      if (local.folders.has(source) && !local.packages.has(source)) roots.push(source);
    }
  }
  return roots;
}

/** Whether a dotted module is found below a root: a module or package on the way answers for all below it. */
function isLocalModule(local: LocalModules, root: string, module: string): boolean {
  let path = root;
  for (const part of module.split('.')) {
    path = path === '.' ? part : `${path}/${part}`;
    if (local.modules.has(path)) return true;
    if (!local.folders.has(path)) return false;
  }
  return false;
}

/** `from namespace import module`: the namespace is a folder here and one of the names lies in it. */
function hasLocalName(local: LocalModules, root: string, found: FoundImport): boolean {
  const top = found.module.split('.', 1)[0] ?? '';
  if (!local.folders.has(root === '.' ? top : `${root}/${top}`)) return false;
  const path =
    root === '.'
      ? found.module.replaceAll('.', '/')
      : `${root}/${found.module.replaceAll('.', '/')}`;
  return (
    local.folders.has(path) && found.names.some((name) => local.modules.has(`${path}/${name}`))
  );
}
