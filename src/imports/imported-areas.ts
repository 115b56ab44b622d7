/**
 * Folders and files that are no product by their names, and still are part of it: product code imports from them, or an
 * entry point names them (`agent/tools` of an agent, `elastic/test_rule.py` behind a command).
 */
import { folderOf } from '../inputs/file-access.ts';
import { ascend, outerFolders } from './folders.ts';
import type { SourceArea } from '../types.ts';
import type { AreaUnit } from './source-area.ts';
import type { FoundImport } from './scanner.ts';

/** What is asked of a file. */
interface AreaFile {
  readonly path: string;
  readonly folder: string;
  readonly area: SourceArea | undefined;
  readonly imports: readonly FoundImport[];
}

/** Paths of the files that are product after all. `modules` are those that entry points of the product name. */
export function findImportedAreas(
  files: readonly AreaFile[],
  unitOf: (path: string) => AreaUnit | null,
  modules: Iterable<string>,
): ReadonlySet<string> {
  const units = collectUnits(files, unitOf);
  const promoted = new Set<string>();
  if (units.byModule.size === 0) return promoted;
  const pending: AreaFile[] = files.filter(({ area }) => area === undefined);
  const promote = (unit: string): void => {
    for (const file of units.files.get(unit) ?? []) {
      if (promoted.has(file.path)) continue;
      promoted.add(file.path);
      pending.push(file);
    }
  };
  // What an entry point names is a command of the product even where its file looks like a test.
  for (const module of modules) {
    const unit = findUnit(units, '.', module.replaceAll('.', '/'));
    if (unit !== null) promote(unit);
  }
  for (let file = pending.pop(); file !== undefined; file = pending.pop()) {
    for (const found of file.imports) {
      for (const unit of unitsMeant(units, file, found)) if (!units.tests.has(unit)) promote(unit);
    }
  }
  return promoted;
}

interface Units {
  /** Paths of modules and of the folders above them, within units, to the unit. */
  readonly byModule: ReadonlyMap<string, string>;
  readonly files: ReadonlyMap<string, readonly AreaFile[]>;
  /** Product code that imports from tests is rare, and tests are large: those stay what they are. */
  readonly tests: ReadonlySet<string>;
  /** Last parts of the paths: most imports end in none of them. */
  readonly names: ReadonlySet<string>;
}

function collectUnits(
  files: readonly AreaFile[],
  unitOf: (path: string) => AreaUnit | null,
): Units {
  const byModule = new Map<string, string>();
  const grouped = new Map<string, AreaFile[]>();
  const tests = new Set<string>();
  for (const file of files) {
    const found =
      file.area === undefined || file.path.endsWith('.ipynb') ? null : unitOf(file.path);
    if (found === null) continue;
    const { unit, area } = found;
    if (area === 'test') tests.add(unit);
    const group = grouped.get(unit);
    if (group === undefined) grouped.set(unit, [file]);
    else group.push(file);
    for (const module of modulesBelow(file.path, unit)) byModule.set(module, unit);
  }
  const names = new Set([...byModule.keys()].map((path) => path.slice(path.lastIndexOf('/') + 1)));
  return { byModule, files: grouped, tests, names };
}

/** `tools/read/read`, `tools/read`, `tools` of `tools/read/read.py` in the unit `tools`. */
function modulesBelow(path: string, unit: string): readonly string[] {
  const modules: string[] = [];
  const module = path.replace(/(?:\/__init__)?\.\w+$/, '');
  for (
    let outer = module;
    outer === module || outer === unit || outer.startsWith(`${unit}/`);
    outer = folderOf(outer)
  ) {
    modules.push(outer);
    if (outer === '.') break;
  }
  return modules;
}

function* unitsMeant(
  units: Units,
  { folder }: AreaFile,
  { module, level, names }: FoundImport,
): Iterable<string> {
  const own = module.replaceAll('.', '/');
  const last = module.slice(module.lastIndexOf('.') + 1);
  if (!units.names.has(last) && !names.some((name) => units.names.has(name))) return;
  const paths = [...(own === '' ? [] : [own]), ...names.map((name) => join(own, name))];
  for (const base of level === 0 ? outerFolders(folder) : [ascend(folder, level - 1)])
    for (const path of paths) {
      const unit = findUnit(units, base, path);
      if (unit !== null) yield unit;
    }
}

function findUnit({ byModule }: Units, base: string, path: string): string | null {
  return byModule.get(base === '.' ? path : `${base}/${path}`) ?? null;
}

function join(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}
