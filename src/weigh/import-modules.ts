/**
 * The import modules of a distribution, from the paths of its files below site-packages (PEP 420 namespaces included).
 *
 * Traps:
 * - A folder without `__init__.py` is a namespace that other distributions may share: its content is named, not itself.
 * - Namespaces of the old kinds (pkgutil, pkg_resources) have an `__init__.py` all the same: they are a list here.
 * - `_x.cpython-311-x86_64-linux-gnu.so` is the module `_x`; `libx.so` beside it is a library.
 * - A `.pth` file may put folders on the path (pywin32); its content is not in the file list: known ones are a list.
 */

interface Folder {
  /** Modules that are files of this folder, `__init__` among them. */
  readonly modules: Set<string>;
  readonly folders: Map<string, Folder>;
  hasStubs: boolean;
}

/** Deeper folders cannot add a name; it also bounds what a hostile list can ask for. */
const deepestFolder = 6;

const identifier = /^[\p{L}_][\p{L}\p{N}\p{M}_]*$/u;
const extensionModule =
  /^([^.]+)(?:\.(?:cpython-[^.]+|cp\d[^.]*|abi\d[^.]*|pypy[^.]*|graalpy[^.]*))?\.(?:so|pyd)$/;
const untaggedLibrary = /^lib[^.]*\.so$/;

/** Namespace roots whose distributions ship an `__init__.py` that only extends `__path__`. */
const sharedNamespaces: ReadonlySet<string> = new Set(
  (
    'azure backports collective flaskext google google.api google.cloud jaraco logilab mpl_toolkits oslo paste ' +
    'peak plone Products repoze ruamel sphinxcontrib xstatic xstatic.pkg z3c zc zope'
  ).split(' '),
);

/** Folders that a `.pth` file of this name puts on the path, as its distribution writes it. */
const pathFiles: Readonly<Record<string, readonly string[]>> = {
  'pywin32.pth': ['win32', 'win32/lib', 'Pythonwin', 'pythonwin'],
};

/**
 * The top-level import modules of the given files, sorted: packages, single-file and extension modules, `X-stubs`
 * folders, and what namespaces hold as dotted names (`google.cloud.storage`). Names that cannot be imported are left out.
 */
export function findImportModules(sitePaths: Iterable<string>): readonly string[] {
  const root = newFolder();
  const searched: (readonly string[])[] = [];
  for (const path of sitePaths) {
    const segments = path.split('/');
    addFile(root, segments);
    const added = segments.length === 1 ? (pathFiles[path] ?? []) : [];
    searched.push(...added.map((folder) => folder.split('/')));
  }
  const found = new Set<string>();
  collectTop(root, found);
  for (const folder of searched) collectSearched(descend(root, folder), found);
  return [...found].toSorted();
}

function newFolder(): Folder {
  return { modules: new Set(), folders: new Map(), hasStubs: false };
}

function addFile(root: Folder, segments: readonly string[]): void {
  const file = segments.at(-1) ?? '';
  const stub = file.endsWith('.pyi');
  // A package whose code is all below it may be a stub file alone at its top (opentelemetry.sdk).
  const module = stub ? (file === '__init__.pyi' ? '__init__' : null) : moduleOfFile(file);
  if (!stub && module === null) return;
  let folder = root;
  for (const segment of segments.slice(0, Math.min(segments.length - 1, deepestFolder))) {
    if (segment === '__pycache__' || (folder === root && isMetadata(segment))) return;
    let next = folder.folders.get(segment);
    if (next === undefined) {
      next = newFolder();
      folder.folders.set(segment, next);
    }
    folder = next;
    folder.hasStubs ||= stub;
  }
  // A file below the deepest folder stands for a module there: enough to know that the folder holds code.
  if (module !== null) folder.modules.add(module);
}

function isMetadata(folder: string): boolean {
  return /\.(?:dist-info|egg-info|data|libs)$/.test(folder);
}

/** `a.py` and `a.pyc` are `a`; `_x.abi3.so` is `_x`; null for what cannot be imported. */
function moduleOfFile(file: string): string | null {
  const dot = file.indexOf('.');
  const suffix = file.slice(dot + 1);
  const stem =
    suffix === 'py' || suffix === 'pyc'
      ? file.slice(0, dot)
      : untaggedLibrary.test(file)
        ? undefined
        : extensionModule.exec(file)?.[1];
  return stem !== undefined && identifier.test(stem) ? stem : null;
}

function collectTop(root: Folder, found: Set<string>): void {
  for (const module of root.modules) {
    if (module !== '__init__' && module !== '__main__') found.add(module);
  }
  for (const [name, folder] of root.folders) {
    if (name.endsWith('-stubs') && folder.hasStubs) found.add(name);
    if (!identifier.test(name)) continue;
    if (!sharedNamespaces.has(name) && (isPackage(folder) || isCrowded(folder))) {
      found.add(name);
      continue;
    }
    const before = found.size;
    collectNamespace(name, folder, found);
    if (isPackage(folder) && found.size === before) found.add(name);
  }
}

/** What a folder on the path adds: folders without `__init__.py` there (`win32/test`) are no one's namespace. */
function collectSearched(folder: Folder, found: Set<string>): void {
  for (const module of folder.modules) {
    if (module !== '__init__' && module !== '__main__') found.add(module);
  }
  for (const [name, child] of folder.folders) {
    if (identifier.test(name) && isPackage(child)) found.add(name);
  }
}

/** What a namespace holds: its modules and packages, and below folders without code of their own the same again. */
function collectNamespace(dotted: string, namespace: Folder, found: Set<string>): void {
  for (const module of namespace.modules) {
    if (module !== '__init__' && module !== '__main__') found.add(`${dotted}.${module}`);
  }
  for (const [name, folder] of namespace.folders) {
    if (!identifier.test(name)) continue;
    const child = `${dotted}.${name}`;
    if (folder.modules.size > 0 && !sharedNamespaces.has(child)) found.add(child);
    else collectNamespace(child, folder, found);
  }
}

function isPackage(folder: Folder): boolean {
  return folder.modules.has('__init__');
}

/** Namespaces hold a module or two at most: a folder full of them is a package whose `__init__.py` was left out. */
function isCrowded(folder: Folder): boolean {
  return folder.modules.size > 8;
}

function descend(root: Folder, path: readonly string[]): Folder {
  let folder = root;
  for (const name of path) folder = folder.folders.get(name) ?? newFolder();
  return folder;
}
