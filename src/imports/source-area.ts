/** What a source file is for, from its path: product code, or tests, docs, examples, benchmarks, tools. */

import type { SourceArea } from '../types.ts';

/** Folders that are no product wherever they are. */
const TEST_FOLDER =
  /^(?:tests?|testing|_tests?|__tests__|(?:unit|integration|functional|e2e|smoke|acceptance|perf)[-_]?tests?|tests?[-_](?:unit|integration|functional|e2e|suite))$/i;
/** Folders that are no product unless they are part of a package: `app/tools` may well be the product. */
const OUTER_FOLDERS: readonly (readonly [RegExp, SourceArea])[] = [
  [/^(?:docs?|documentation|doc[-_]?src|sphinx)$/i, 'docs'],
  [/^(?:examples?|samples?|tutorials?|demos?|cookbook|snippets)$/i, 'example'],
  [/^(?:bench|benchmarks?|asv_bench|perf|performance)$/i, 'benchmark'],
  [
    /^(?:tools?|devtools|dev|ci|\.ci|\.github|\.gitlab|\.circleci|\.buildkite|\.devcontainer|maint|maintenance|release|packaging)$/i,
    'tool',
  ],
];
const TEST_FILE = /^(?:test_.*|.*_tests?|conftest|tests)\.(?:pyi?|pyw|pyx|ipynb)$/i;
const BENCHMARK_FILE =
  /^(?:bench(?:mark)?s?|(?:bench(?:mark)?_.*)|.*_bench(?:mark)?s?)\.(?:py|ipynb)$/i;
/** Files at the top of a project that build, check or run it. */
const TOOL_FILE =
  /^(?:setup|noxfile[^/]*|tasks|fabfile|dodo|duties|toxfile|pavement|make|versioneer|ez_setup|bootstrap-buildout)\.py$/i;

/** Whether a name may be that of a test, a benchmark, a tool or a hook at all: almost none is. */
const MAY_SAY_AREA =
  /test|bench|^(?:hook-|setup|noxfile|tasks|fabfile|dodo|duties|toxfile|pavement|make|versioneer|ez_setup|bootstrap)/i;

/** Hooks of PyInstaller: it runs them where it packs the product, and no import can name such a file. */
const HOOK_FILE = /^hook-[^/]*\.py$/i;

/** An area, and what it is by its name: a folder with all below it, or one file. */
export interface AreaUnit {
  readonly area: SourceArea;
  readonly unit: string;
}

/**
 * The area of a source file, undefined for product code. The path is relative to its project; `isPackage` tells whether
 * a folder (relative too) holds an `__init__.py`.
 */
export function areaOf(
  path: string,
  isPackage: (folder: string) => boolean,
): SourceArea | undefined {
  return areaUnitOf(path, isPackage)?.area;
}

/** Whether the name of a file may say what it is for, wherever it lies. */
export function mayNameArea(file: string): boolean {
  return MAY_SAY_AREA.test(file);
}

/** Whether a file of a folder with an area is a test, whatever else its name says. */
export function isTestAnyway(area: SourceArea | undefined, file: string): boolean {
  return area === 'test' && !HOOK_FILE.test(file);
}

/** The same with the folder or file whose name says so; null for product code. */
export function areaUnitOf(path: string, isPackage: (folder: string) => boolean): AreaUnit | null {
  const nameStart = path.lastIndexOf('/') + 1;
  const file = path.slice(nameStart);
  if (TEST_FILE.test(file)) return { area: 'test', unit: path };
  if (HOOK_FILE.test(file)) return { area: 'tool', unit: path };
  const parts = nameStart === 0 ? [] : path.slice(0, nameStart - 1).split('/');
  let folder = '';
  let insidePackage = false;
  for (const part of parts) {
    folder = folder === '' ? part : `${folder}/${part}`;
    if (TEST_FOLDER.test(part)) return { area: 'test', unit: folder };
    if (!insidePackage) {
      const outer = OUTER_FOLDERS.find(([pattern]) => pattern.test(part));
      if (outer !== undefined) return { area: outer[1], unit: folder };
    }
    insidePackage ||= isPackage(folder);
  }
  if (insidePackage) return null;
  if (BENCHMARK_FILE.test(file)) return { area: 'benchmark', unit: path };
  // `docs/conf.py` is caught above; one beside an index.rst elsewhere is read as product, which accuses nothing.
  return TOOL_FILE.test(file) ? { area: 'tool', unit: path } : null;
}

/** Whether a file is product code (CONTRACT.md: outside tests, docs, examples, benchmarks, tools). */
export function isProductPath(
  path: string,
  isPackage: (folder: string) => boolean = () => false,
): boolean {
  return areaOf(path, isPackage) === undefined;
}
