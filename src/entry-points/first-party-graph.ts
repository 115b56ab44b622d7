/**
 * Which files of a project an import of its own code goes to.
 *
 * Traps: `import a.b.c` runs `a/__init__.py` and `a/b/__init__.py` as well; `from a import b` may mean the module `a/b.py`;
 * the code lies below the project, below `src` and the like, or beside the script that imports it.
 */
import { folderOf } from '../inputs/file-access.ts';
import { ascend, outerFolders } from '../imports/folders.ts';
import type { ImportScan, ImportUse } from '../types.ts';

/** Files of product code by what they import. */
export interface FirstPartyGraph {
  /** Files that an import runs, those of the packages on the way included; empty where it is not the project's own. */
  filesOf(use: ImportUse): readonly string[];
  /** The file of a dotted module, the one nearest to the top where several have the name; null where none has. */
  fileOfModule(module: string): string | null;
  /** All files of the product. */
  readonly paths: readonly string[];
  /** The imports of a file, in order. */
  importsOf(path: string): readonly ImportUse[];
}

/** Prepares the graph of a scan. */
export function createFirstPartyGraph({ sources, imports }: ImportScan): FirstPartyGraph {
  const files = new Map<string, string>();
  const byLastPart = new Map<string, string[]>();
  for (const path of sources?.python ?? []) {
    if (sources?.areas[path] !== undefined || !/\.pyw?$/.test(path)) continue;
    const module = moduleOfPath(path);
    files.set(module, path);
    const last = module.slice(module.lastIndexOf('/') + 1);
    byLastPart.set(last, [...(byLastPart.get(last) ?? []), module]);
  }
  const byPath = new Map<string, ImportUse[]>();
  for (const use of imports) {
    const ofFile = byPath.get(use.path);
    if (ofFile === undefined) byPath.set(use.path, [use]);
    else ofFile.push(use);
  }
  const modulesEndingIn = (module: string): readonly string[] => {
    const last = module.slice(module.lastIndexOf('/') + 1);
    return (byLastPart.get(last) ?? [])
      .filter((one) => one === module || one.endsWith(`/${module}`))
      .toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
  };
  /** The module itself and the packages above it that are not above `base`. */
  const withPackages = (module: string, base: string): readonly string[] => {
    const found: string[] = [];
    for (let one = module; one !== base && one !== '.'; one = folderOf(one)) {
      const path = files.get(one);
      if (path !== undefined) found.push(path);
    }
    return found;
  };
  return {
    filesOf(use) {
      const { module, level, names, path } = use;
      const own = module.replaceAll('.', '/');
      const folder = folderOf(path);
      if (level > 0) {
        const base = ascend(folder, level - 1);
        const target = own === '' ? base : join(base, own);
        return unique(
          [target, ...names.map((name) => join(target, name))].flatMap((one) =>
            files.has(one) ? withPackages(one, base) : [],
          ),
        );
      }
      if (use.firstParty !== true) return [];
      const wanted = [own, ...names.map((name) => join(own, name))];
      const near = outerFolders(folder).find((outer) =>
        wanted.some((one) => files.has(join(outer, one))),
      );
      if (near !== undefined)
        return unique(
          wanted
            .map((one) => join(near, one))
            .flatMap((one) => (files.has(one) ? withPackages(one, near) : [])),
        );
      return unique(
        wanted.flatMap((one) => {
          const [first] = modulesEndingIn(one);
          return first === undefined
            ? []
            : withPackages(first, first.slice(0, -one.length - 1) || '.');
        }),
      );
    },
    fileOfModule(module) {
      const own = module.replaceAll('.', '/');
      const [first] = [`${own}/__main__`, own].flatMap(modulesEndingIn);
      return first === undefined ? null : (files.get(first) ?? null);
    },
    paths: (sources?.python ?? []).filter((path) => sources?.areas[path] === undefined),
    importsOf: (path) => byPath.get(path) ?? [],
  };
}

/** `app/cart` of `app/cart.py`, `app` of `app/__init__.py`. */
function moduleOfPath(path: string): string {
  const module = path.replace(/\.\w+$/, '');
  return module.endsWith('/__init__') ? folderOf(module) : module;
}

function join(folder: string, name: string): string {
  return folder === '.' || folder === '' ? name : `${folder}/${name}`;
}

function unique(paths: readonly string[]): readonly string[] {
  return [...new Set(paths)];
}
