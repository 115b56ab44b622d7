/**
 * The files that run when a script is run: itself, and the modules of its own folder that it imports, directly or through
 * others. As Python has it: the folder of the script is the first place on the path, whether it is a package or not.
 */
import { folderOf, joinPath } from '../inputs/file-access.ts';
import type { FoundImport } from './scanner.ts';
import { scanPython } from './scanner.ts';
import type { SourceAccess } from './source-access.ts';
import type { SourceListing } from './source-files.ts';

/** A script that leads to more files than this is a program with a folder of its own. */
const mostFiles = 5000;

interface Search {
  readonly access: SourceAccess;
  /** Names of the regular files in the folders asked for. */
  readonly files: Map<string, ReadonlySet<string>>;
  /** In the order in which they were reached; grows while it is walked. */
  readonly reached: Set<string>;
}

/** Lists them; files that cannot be read are listed and lead nowhere. */
export function listScriptSources(access: SourceAccess, script: string): SourceListing {
  const root = folderOf(script);
  const search: Search = { access, files: new Map(), reached: new Set([script]) };
  for (const path of search.reached) {
    if (search.reached.size >= mostFiles) break;
    const content = access.read(path);
    if (!content.ok) continue;
    for (const found of scanPython(content.bytes, content.length).imports)
      follow(search, found.level === 0 ? root : folderAbove(path, found.level), found);
  }
  const paths = [...search.reached].toSorted();
  const packages = paths.filter((path) => path.endsWith('/__init__.py')).map(folderOf);
  return {
    python: paths.map((path) => ({ path, kind: 'python' })),
    texts: [],
    lost: [],
    folders: new Map([...packages.map((folder) => [folder, true] as const), [root, false]]),
    warnings: [],
  };
}

function folderAbove(path: string, level: number): string {
  let folder = folderOf(path);
  for (let step = 1; step < level; step++) folder = folderOf(folder);
  return folder;
}

/** Adds the module that an import names below a folder, the packages on the way, and modules among the names. */
function follow(search: Search, base: string, { module, names }: FoundImport): void {
  let folder = base;
  for (const part of module.split('.')) {
    if (part === '') continue;
    if (!addModule(search, folder, part)) return;
    folder = joinPath(folder, part);
  }
  for (const name of names) addModule(search, folder, name);
}

/** Whether the way may go on below that name: a package, or a folder without `__init__.py`. */
function addModule(search: Search, folder: string, name: string): boolean {
  const inside = joinPath(folder, name);
  if (filesIn(search, inside).has('__init__.py')) {
    search.reached.add(joinPath(inside, '__init__.py'));
    return true;
  }
  if (!filesIn(search, folder).has(`${name}.py`)) return filesIn(search, inside).size > 0;
  search.reached.add(joinPath(folder, `${name}.py`));
  return false;
}

function filesIn(search: Search, folder: string): ReadonlySet<string> {
  const known = search.files.get(folder);
  if (known !== undefined) return known;
  const entries = search.access.list(folder) ?? [];
  const names = entries.filter(({ kind }) => kind === 'file' || kind === 'link-inside');
  const files = new Set(names.map(({ name }) => name));
  search.files.set(folder, files);
  return files;
}
