/**
 * Import module -> distribution, from the module lists of the resolved wheels (never from guessed names).
 *
 * Traps: several distributions may offer one module (`opencv-python` and `-headless`); a namespace root (`google.cloud`)
 * belongs to none, what lies in it to one; `X-stubs` offers types for `X` and no code; `from google.cloud import storage`
 * names the module `google.cloud.storage`.
 */

import type { DistributionName, ImportUse, Known, WeighedDistribution } from '../types.ts';

/** What is known of the modules of one distribution. */
export interface DistributionModules {
  readonly name: DistributionName;
  /** Modules that can be imported, without stubs. */
  readonly modules: readonly string[];
  /** Modules that `X-stubs` folders describe. */
  readonly stubs: readonly string[];
  /** Names of its programs. */
  readonly scripts: readonly string[];
  readonly entryPoints: Readonly<Record<string, readonly string[]>>;
  /** Where the list comes from a wheel of the release; else it is empty or from another source and accuses less. */
  readonly known: boolean;
  /** Where it comes from another source: that one. */
  readonly other: OtherModuleList | null;
}

/** What a distribution offers, by something else than the wheel that is installed. */
export interface OtherModuleList {
  readonly modules: readonly string[];
  readonly scripts: readonly string[];
  readonly entryPoints: Readonly<Record<string, readonly string[]>>;
  /** For the reader: `the wheel of 1.2`. */
  readonly source: string;
  /** False where it may be of another project altogether: then it clears and never accuses. */
  readonly accuses: boolean;
}

/** Distributions whose wheel cannot be read, and what other files tell of their modules. */
export type OtherModules = ReadonlyMap<DistributionName, OtherModuleList>;

/** The modules of a resolved distribution. */
export function modulesOf(
  distribution: Pick<WeighedDistribution, 'name' | 'weight'>,
  others: OtherModules = new Map(),
): DistributionModules {
  const summary = valueOf(distribution.weight);
  const other = summary === null ? (others.get(distribution.name) ?? null) : null;
  const offer = summary ?? other;
  const all = offer?.modules ?? [];
  return {
    name: distribution.name,
    modules: all.filter((module) => !isStubFolder(module)),
    stubs: all
      .filter(isStubFolder)
      .map((module) => module.split('.', 1)[0]?.replace(/-stubs$/, '') ?? module),
    scripts: offer?.scripts ?? [],
    entryPoints: offer?.entryPoints ?? {},
    known: summary !== null,
    other,
  };
}

/** Whether it is known to hold no module, apart from one that tells its version: it is there for what it requires. */
export function isBundle(distribution: DistributionModules | undefined): boolean {
  return (
    distribution?.known === true &&
    distribution.stubs.length === 0 &&
    distribution.modules.every((module) => /(?:^|[._])version$/.test(module))
  );
}

function valueOf<T>(known: Known<T>): T | null {
  return known.known ? known.value : null;
}

function isStubFolder(module: string): boolean {
  return (module.split('.', 1)[0] ?? '').endsWith('-stubs');
}

/** Folders that wheels ship at their top by mistake: an import of that name means the project's own. */
export const STRAY_MODULES: ReadonlySet<string> = new Set([
  'benchmarks',
  'ci',
  'doc',
  'docs',
  'example',
  'examples',
  'scripts',
  'src',
  'test',
  'testing',
  'tests',
  'tools',
  'utils',
]);

/** Finds the distributions that offer what an import names. */
export interface ModuleIndex {
  /** Owners of an import, by the longest module that answers it; empty where none does. */
  owners(use: Pick<ImportUse, 'module' | 'names'>): readonly DistributionName[];
  /** Owners of a dotted name that stands in a string or a command. */
  ownersOfName(name: string): readonly DistributionName[];
}

/** Builds the index over all distributions of an environment. */
export function indexModules(distributions: readonly DistributionModules[]): ModuleIndex {
  const byModule = new Map<string, DistributionName[]>();
  /** Roots that several modules share, `google` of `google.cloud.storage`, to those below. */
  const namespaces = new Map<string, Set<DistributionName>>();
  for (const { name, modules } of distributions) {
    for (const module of modules) {
      if (modules.length > 1 && STRAY_MODULES.has(module)) continue;
      const owners = byModule.get(module);
      if (owners === undefined) byModule.set(module, [name]);
      else if (!owners.includes(name)) owners.push(name);
      for (let dot = module.indexOf('.'); dot !== -1; dot = module.indexOf('.', dot + 1)) {
        const root = module.slice(0, dot);
        const below = namespaces.get(root) ?? new Set();
        below.add(name);
        namespaces.set(root, below);
      }
    }
  }
  const cache = new Map<string, readonly DistributionName[]>();
  const ownersOfName = (name: string): readonly DistributionName[] => {
    const known = cache.get(name);
    if (known !== undefined) return known;
    let found: readonly DistributionName[] = [];
    for (let end = name.length; end > 0 && found.length === 0; end = name.lastIndexOf('.', end - 1))
      found = byModule.get(name.slice(0, end)) ?? [];
    cache.set(name, found);
    return found;
  };
  const owners = ({
    module,
    names,
  }: Pick<ImportUse, 'module' | 'names'>): readonly DistributionName[] => {
    const direct = ownersOfName(module);
    const below = namespaces.get(module);
    if (below === undefined) return direct;
    // The import ends in a namespace: its names say what is meant, else all of it is.
    const named = names.flatMap((name) => byModule.get(`${module}.${name}`) ?? []);
    if (named.length > 0) return [...new Set(named)];
    if (direct.length > 0) return direct;
    return names.length === 0 || names.includes('*') ? [...below] : [];
  };
  return { owners, ownersOfName };
}
