/** Imports of product code that no declaration answers: `missing`, or there only through another (`transitive-import`). */

import type { DistributionName, ImportScan, ImportUse } from '../types.ts';
import { importsOfCommands } from './command-imports.ts';
import type { CommandImport } from './command-imports.ts';
import { collectLocalNames, hasSibling } from '../imports/first-party.ts';
import { isGuarded, isLastResort, isTried } from './guards.ts';
import { indexModules, isBundle, modulesOf } from './module-owners.ts';
import { isStandardModule, wasStandardModule } from '../imports/standard-library.ts';
import type { UsageInput } from './usage-facts.ts';

/** One module that is imported and not declared, with all its places in order. */
export interface UndeclaredImport {
  readonly kind: 'missing' | 'transitive';
  /** As far as it is known: `google.cloud.storage`, else the top-level name. */
  readonly module: string;
  /** Distributions that bring it, though nobody declares them; empty for `missing`. */
  readonly distributions: readonly DistributionName[];
  /** Every import is inside `try` with a handler, in a handler, or for type checking: the code runs without it. */
  readonly guarded: boolean;
  /** Not guarded, but each import hangs on a condition that is not of the target (`settleBranches`). */
  readonly conditional?: boolean;
  /** Left the standard library before the target Python (`distutils`, `imp`). */
  readonly wasStandard: boolean;
  readonly uses: readonly ImportUse[];
}

/** What an interpreter, a hosted notebook or a type checker brings by itself. */
const PROVIDED: ReadonlySet<string> = new Set([
  '__main__',
  '_typeshed',
  'js',
  'pyodide',
  'micropip',
  'dbutils',
  'kaggle_datasets',
  'kaggle_secrets',
  'org',
  'com',
  'java',
  'javax',
  'bpy',
  'gi',
  'hou',
  'maya',
  'unreal',
  'idaapi',
  'idc',
  'machine',
  'micropython',
]);

function isHosted(module: string): boolean {
  return /^google\.(?:colab|appengine)(?:\.|$)/.test(module);
}

/** pip is in every environment, and so was setuptools before Python 3.12 (ensurepip documentation). */
function isFromVenv(top: string, python: string): boolean {
  const minor = Number(python.split('.')[1] ?? 0);
  return top === 'pip' || (minor < 12 && (top === 'pkg_resources' || top === 'setuptools'));
}

/** Written by protoc from a .proto file, often when the image is built. */
const GENERATED = /_pb2(?:_grpc)?$/;

/** What a build script imports is declared by `[build-system]`, if anywhere. A module may have its name. */
function buildScripts(scan: ImportScan): ReadonlySet<string> {
  return new Set(
    scan.imports
      .filter(
        ({ path, module }) =>
          /(?:^|\/)setup\.py$/.test(path) &&
          /^(?:setuptools|distutils|Cython|numpy\.distutils|skbuild|torch\.utils\.cpp_extension)(?:\.|$)/.test(
            module,
          ),
      )
      .map(({ path }) => path),
  );
}

/** Undeclared imports, sorted by module. Scripts with their own requirements (PEP 723) are not asked. */
export function findUndeclaredImports(input: UsageInput): readonly UndeclaredImport[] {
  const { scan, python, graph } = input;
  const distributions = graph.distributions.map((distribution) =>
    modulesOf(distribution, input.otherModules),
  );
  const index = indexModules(distributions);
  const declared = new Set(input.declared.map((entry) => entry.declared.requirement.name));
  const installed = new Set(graph.distributions.map(({ name }) => name));
  // Who declares a distribution without modules of its own means what it requires.
  const bundles = distributions.filter((one) => declared.has(one.name) && isBundle(one));
  const bundled = new Set(
    graph.distributions
      .filter(({ name }) => bundles.some((bundle) => bundle.name === name))
      .flatMap(({ dependencies }) => dependencies.map(({ name }) => name)),
  );
  // Its modules are not known for sure: any unexplained module may be its own, so only a surely foreign one is told.
  const opaque = [...new Set([...declared, ...installed])].filter(
    (name) =>
      !installed.has(name) || distributions.some((other) => other.name === name && !other.known),
  );
  const guesses = [...opaque, ...(input.declaredAbove ?? [])];
  // `google` says nothing where `google.cloud.storage` is meant.
  const namespaces = new Set(
    distributions.flatMap(({ modules }) =>
      modules.filter((module) => module.includes('.')).map((module) => module.split('.', 1)[0]),
    ),
  );
  const local = new Set(scan.firstPartyModules);
  const scripts = new Set(scan.inlineScripts);
  const files = new Set(scan.sources?.python);
  const own = collectLocalNames(scan);
  const builds = buildScripts(scan);
  const found = new Map<
    string,
    { readonly owners: readonly DistributionName[]; readonly uses: ImportUse[] }
  >();
  const uses: readonly (ImportUse | CommandImport)[] = [
    ...scan.imports,
    ...importsOfCommands(scan),
  ];
  for (const use of uses) {
    const top = use.module.split('.', 1)[0] ?? '';
    if (
      use.level > 0 ||
      use.area !== undefined ||
      use.firstParty === true ||
      top === '' ||
      scripts.has(use.path)
    )
      continue;
    if (isStandardModule(top, python) || PROVIDED.has(top) || isHosted(use.module)) continue;
    if (isFromVenv(top, python)) continue;
    if (GENERATED.test(top) || builds.has(use.path)) continue;
    const owners = index.owners(use);
    // A command may run the Python of the system, which has packages of its own.
    if (owners.length === 0 && 'byCommand' in use) continue;
    if (owners.some((name) => declared.has(name) || bundled.has(name))) continue;
    if (own.above(use)) continue;
    if (
      owners.length === 0 &&
      (local.has(top) || hasSibling(files, use.path, top) || own.anywhere(use))
    )
      continue;
    if (owners.length === 0 && input.hosted?.has(top) === true) continue;
    if (owners.length === 0 && guesses.some((name) => mayBelong(top, name))) continue;
    const key = owners.length === 0 && !namespaces.has(top) ? top : use.module;
    const entry = found.get(key) ?? { owners, uses: [] };
    entry.uses.push(use);
    found.set(key, entry);
  }
  return [...found]
    .toSorted(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0))
    .map(([module, { owners, uses }]) => ({
      kind: owners.length === 0 ? 'missing' : 'transitive',
      module,
      distributions: owners,
      guarded: isOptional(uses),
      wasStandard: wasStandardModule(module),
      uses,
    }));
}

/**
 * Each import is guarded; or one is, so that the code knows how to go on, and the others come only in functions and under
 * conditions.
 */
function isOptional(uses: readonly ImportUse[]): boolean {
  if (uses.some((use) => isLastResort(use, uses))) return false;
  if (uses.every(isGuarded)) return true;
  return (
    uses.some(isTried) &&
    uses.every(
      (use) => isGuarded(use) || use.context.includes('if') || use.context.includes('function'),
    )
  );
}

/** Whether a top-level module may be of a distribution, by their names. */
export function mayBelong(top: string, name: DistributionName): boolean {
  const compact = top.toLowerCase().replaceAll('_', '');
  return (
    name.replaceAll('-', '').includes(compact) ||
    name.split('-').some((part) => part.length > 2 && compact.includes(part))
  );
}
