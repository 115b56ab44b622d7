/** What all verdicts rest on: which imports, commands and settings point at which distribution. */

import { collectLocalNames, hasSibling } from '../imports/first-party.ts';
import { isStandardModule } from '../imports/standard-library.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  ImportScan,
  ImportUse,
  Overrule,
  Reference,
  Role,
  SourceLocation,
  SourcesAround,
  WeighedGraph,
} from '../types.ts';
import { configuredDistribution, distributionOfProgram, toolKind } from './development-tools.ts';
import { indexModules, modulesOf } from './module-owners.ts';
import type { DistributionModules, ModuleIndex, OtherModules } from './module-owners.ts';
import type { SourceEvidence } from './source-evidence.ts';

/** A requirement with what its set is for; `DeclaredEntry` of the inputs is one. */
export interface DeclaredForUsage {
  readonly declared: DeclaredRequirement;
  readonly role: Role;
  /** Name of the extra that it is written in, null for other sets. */
  readonly extra?: string | null;
  /** Said to be for development where it is written, and installed with the product all the same. */
  readonly isForDevelopment?: boolean;
}

/** What the judgement rests on. The graph is that of the environment which holds all the declared. */
export interface UsageInput {
  readonly declared: readonly DeclaredForUsage[];
  readonly graph: WeighedGraph;
  readonly scan: ImportScan;
  /** Target, e.g. `3.11`: tells what the standard library answers. */
  readonly python: string;
  /** From `gatherEvidence` for the questions of `questionsFor`; without it nothing is `certain` to be unused. */
  readonly evidence?: SourceEvidence;
  /** What the projects above this one declare: an import that theirs may answer is not missing. */
  readonly declaredAbove?: ReadonlySet<DistributionName>;
  /** Top-level modules that the platform brings, from `hostedModules`. */
  readonly hosted?: ReadonlySet<string>;
  /** What stands in a file of one project and is in the set of another too (`-r app/requirements.txt`): either may use it. */
  readonly shared?: ReadonlySet<DistributionName>;
  /** What the projects below this one declare, by their folders. */
  readonly declaredBelow?: ReadonlyMap<string, ReadonlySet<DistributionName>>;
  /** What the user keeps, from `collectOverrules`. */
  readonly overrules?: readonly Overrule[];
  /** Modules of distributions without a wheel, from other releases or an sdist: they clear, and accuse as `likely`. */
  readonly otherModules?: OtherModules;
}

/** An import in code beside that of the project. */
export type UseAround = SourcesAround['imports'][number];

/** All that points at one distribution. */
export interface Signs {
  readonly imports: ImportUse[];
  readonly references: Reference[];
  /** In code that no project is above, or below this project where nobody declares it nearer: they clear. */
  readonly importsAround: UseAround[];
  readonly referencesAround: Reference[];
  /** In a project below that declares it itself: no use of this one's, but worth saying. */
  readonly importsElsewhere: UseAround[];
}

/** The facts that all verdicts share. */
export interface Court {
  readonly input: UsageInput;
  readonly modules: ReadonlyMap<DistributionName, DistributionModules>;
  readonly dependencies: ReadonlyMap<DistributionName, readonly DistributionName[]>;
  readonly signs: ReadonlyMap<DistributionName, Signs>;
  /** Imports of product code that no distribution, module or standard library answers. */
  readonly unexplained: readonly ImportUse[];
  readonly roles: ReadonlyMap<DistributionName, readonly Role[]>;
  readonly overrules: ReadonlyMap<DistributionName, readonly Overrule[]>;
  readonly ofConda: ReadonlySet<DistributionName>;
  /** Where each of what the product gets only by files, extras and groups for development is written. */
  readonly forDevelopment: ReadonlyMap<DistributionName, SourceLocation>;
  /** Of something that is installed it is not known, or merely supposed, what it requires: that may be anything. */
  readonly hasOpenNeeds: boolean;
}

/** Collects the facts. */
export function openCourt(input: UsageInput): Court {
  const { distributions } = input.graph;
  const modules = new Map(
    distributions.map((one) => [one.name, modulesOf(one, input.otherModules)] as const),
  );
  const dependencies = new Map(
    distributions.map((one) => [one.name, one.dependencies.map(({ name }) => name)] as const),
  );
  const hasOpenNeeds = distributions.some(
    ({ unknownReason, metadataFrom }) =>
      unknownReason === 'not-weighed' ||
      (unknownReason !== null && unknownReason !== 'local' && metadataFrom === null),
  );
  return {
    input,
    modules,
    dependencies,
    roles: collectRoles(input),
    overrules: groupOverrules(input),
    ofConda: new Set(
      distributions.filter(({ conda }) => conda !== undefined).map(({ name }) => name),
    ),
    forDevelopment: collectForDevelopment(input),
    hasOpenNeeds,
    ...collectSigns(input, modules),
  };
}

function collectRoles({ declared }: UsageInput): ReadonlyMap<DistributionName, readonly Role[]> {
  const roles = new Map<DistributionName, Role[]>();
  for (const { declared: one, role } of declared) {
    if (role === 'build' || role === 'constraints') continue;
    const { name } = one.requirement;
    const known = roles.get(name);
    if (known === undefined) roles.set(name, [role]);
    else known.push(role);
  }
  return roles;
}

function collectForDevelopment({
  declared,
}: UsageInput): ReadonlyMap<DistributionName, SourceLocation> {
  const ofProduct = declared.filter(({ role }) => role === 'prod');
  const needed = new Set(
    ofProduct
      .filter(({ isForDevelopment }) => isForDevelopment !== true)
      .map((one) => one.declared.requirement.name),
  );
  return new Map(
    ofProduct
      .map(({ declared: { requirement, location } }) => [requirement.name, location] as const)
      .filter(([name]) => !needed.has(name)),
  );
}

function groupOverrules({
  overrules = [],
}: UsageInput): ReadonlyMap<DistributionName, readonly Overrule[]> {
  const groups = new Map<DistributionName, readonly Overrule[]>();
  for (const overrule of overrules)
    groups.set(overrule.name, [...(groups.get(overrule.name) ?? []), overrule]);
  return groups;
}

function collectSigns(
  input: UsageInput,
  modules: ReadonlyMap<DistributionName, DistributionModules>,
): Pick<Court, 'signs' | 'unexplained'> {
  const { scan } = input;
  const index = indexModules([...modules.values()]);
  const signs = new Map<DistributionName, Signs>();
  const signsOf = (name: DistributionName): Signs => {
    const known = signs.get(name) ?? noSigns();
    signs.set(name, known);
    return known;
  };
  // The standard library comes before what is installed: `import asyncio` is never the distribution of that name.
  const ownersOfImport = (use: ImportUse): readonly DistributionName[] =>
    isStandardModule(use.module.split('.', 1)[0] ?? '', input.python) ? [] : index.owners(use);
  const unexplained: ImportUse[] = [];
  const explained = explainedNames(input);
  const files = new Set(scan.sources?.python);
  const own = collectLocalNames(scan);
  const scripts = new Set(scan.inlineScripts);
  const beside = indexBeside(input, modules);
  for (const use of scan.imports) {
    for (const name of beside(use)) signsOf(name).imports.push(use);
    if (!isForeign(use)) continue;
    // A script with requirements of its own is installed apart: it uses nothing of the project's sets.
    if (scripts.has(use.path)) continue;
    const owners = ownersOfImport(use);
    for (const name of owners) signsOf(name).imports.push(use);
    if (owners.length > 0 || use.area !== undefined || explained(use.module)) continue;
    if (own.above(use)) continue;
    if (!hasSibling(files, use.path, use.module.split('.', 1)[0] ?? '')) unexplained.push(use);
  }
  for (const use of scan.around?.imports ?? []) {
    if (!isForeign(use)) continue;
    for (const name of ownersOfImport(use)) {
      const isNearer = use.project !== null && input.declaredBelow?.get(use.project)?.has(name);
      if (isNearer !== true) signsOf(name).importsAround.push(use);
      // The set of the project below is a part of this one (`-r app/requirements.txt`): its code is what it is there for.
      else if (isDeclaredIn(input, name, use.project))
        signsOf(name).importsAround.push({ ...use, project: null });
      else signsOf(name).importsElsewhere.push(use);
    }
  }
  const lookup = { index, programs: indexPrograms([...modules.values()]), modules, explained };
  for (const reference of scan.references)
    for (const name of ownersOfReference(reference, lookup))
      signsOf(name).references.push(reference);
  for (const reference of scan.around?.references ?? [])
    for (const name of ownersOfReference(reference, lookup))
      signsOf(name).referencesAround.push(reference);
  return { signs, unexplained };
}

function isDeclaredIn(
  { declared }: UsageInput,
  name: DistributionName,
  project: string | null,
): boolean {
  return declared.some(
    ({ declared: { requirement, location } }) =>
      requirement.name === name && location.path.startsWith(`${project}/`),
  );
}

/**
 * Distributions that lie in another folder of the repository: what is imported of them is the repository's own, and still
 * theirs where no code of this project has the name.
 */
function indexBeside(
  { scan, graph }: UsageInput,
  modules: ReadonlyMap<DistributionName, DistributionModules>,
): (use: ImportUse) => readonly DistributionName[] {
  const local = graph.distributions.filter(({ unknownReason }) => unknownReason === 'local');
  if (local.length === 0) return () => [];
  const index = indexModules(local.flatMap(({ name }) => modules.get(name) ?? []));
  const own = namesBelow(scan.sources?.python ?? []);
  return (use) =>
    use.level > 0 || use.firstParty !== true || own.has(use.module.split('.', 1)[0] ?? '')
      ? []
      : index.owners(use);
}

/** Names of the folders and files of a project, without those of the folders that it lies in itself. */
function namesBelow(paths: readonly string[]): ReadonlySet<string> {
  const parts = paths.map((path) => path.split('/'));
  const [first = []] = parts;
  let depth = 0;
  while (
    depth < first.length - 1 &&
    parts.every((one) => one.length - 1 > depth && one[depth] === first[depth])
  )
    depth++;
  return new Set(
    parts.flatMap((one) => one.slice(depth).map((part) => part.replace(/\.\w+$/, ''))),
  );
}

function noSigns(): Signs {
  return {
    imports: [],
    references: [],
    importsAround: [],
    referencesAround: [],
    importsElsewhere: [],
  };
}

function isForeign({ level, firstParty, module }: ImportUse): boolean {
  return level === 0 && firstParty !== true && module !== '';
}

/** Whether a module is answered by Python itself or by the project. */
function explainedNames({ scan, python }: UsageInput): (module: string) => boolean {
  const local = new Set(scan.firstPartyModules);
  return (module) => {
    const top = module.split('.', 1)[0] ?? module;
    return isStandardModule(top, python) || local.has(top);
  };
}

function indexPrograms(
  distributions: readonly DistributionModules[],
): ReadonlyMap<string, readonly DistributionName[]> {
  const programs = new Map<string, DistributionName[]>();
  for (const { name, scripts } of distributions) {
    for (const script of scripts) {
      const owners = programs.get(script);
      if (owners === undefined) programs.set(script, [name]);
      else owners.push(name);
    }
  }
  return programs;
}

interface Lookup {
  readonly index: ModuleIndex;
  readonly programs: ReadonlyMap<string, readonly DistributionName[]>;
  readonly modules: ReadonlyMap<DistributionName, DistributionModules>;
  readonly explained: (module: string) => boolean;
}

function ownersOfReference(reference: Reference, lookup: Lookup): readonly DistributionName[] {
  if (reference.kind === 'config') {
    const byTable = configuredDistribution(reference.name);
    if (lookup.modules.has(byTable)) return [byTable];
    // `build-backend = "setuptools.build_meta"` and the like are no use of the product.
    return [];
  }
  if (reference.module === true)
    return lookup.explained(reference.name) ? [] : lookup.index.ownersOfName(reference.name);
  const owners = lookup.programs.get(reference.name);
  if (owners !== undefined) return owners;
  // Programs of distributions without a readable wheel: the name may clear them.
  const guessed = distributionOfProgram(reference.name);
  return lookup.modules.get(guessed)?.known === false || toolKind(guessed) !== null
    ? [guessed]
    : [];
}
