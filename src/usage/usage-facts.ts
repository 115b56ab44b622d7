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
  /** What the user keeps, from `collectOverrules`. */
  readonly overrules?: readonly Overrule[];
  /** Modules of distributions without a wheel, from other releases or an sdist: they clear, and accuse as `likely`. */
  readonly otherModules?: OtherModules;
}

/** All that points at one distribution. */
interface Signs {
  readonly imports: ImportUse[];
  readonly references: Reference[];
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
  readonly ofConda: ReadonlySet<DistributionName>;
  readonly overrules: ReadonlyMap<DistributionName, readonly Overrule[]>;
  /** Of something that is installed it is not known, or merely supposed, what it requires: that may be anything. */
  readonly hasOpenNeeds: boolean;
}

/** Collects the facts. */
export function openCourt(input: UsageInput): Court {
  const modules = new Map<DistributionName, DistributionModules>();
  const dependencies = new Map<DistributionName, readonly DistributionName[]>();
  for (const distribution of input.graph.distributions) {
    modules.set(distribution.name, modulesOf(distribution, input.otherModules));
    dependencies.set(
      distribution.name,
      distribution.dependencies.map(({ name }) => name),
    );
  }
  const roles = new Map<DistributionName, Role[]>();
  for (const { declared, role } of input.declared) {
    if (role === 'build' || role === 'constraints') continue;
    const { name } = declared.requirement;
    const known = roles.get(name);
    if (known === undefined) roles.set(name, [role]);
    else known.push(role);
  }
  const overrules = new Map<DistributionName, readonly Overrule[]>();
  for (const overrule of input.overrules ?? [])
    overrules.set(overrule.name, [...(overrules.get(overrule.name) ?? []), overrule]);
  const index = indexModules([...modules.values()]);
  const signs = new Map<DistributionName, Signs>();
  const signsOf = (name: DistributionName): Signs => {
    const known = signs.get(name) ?? { imports: [], references: [] };
    signs.set(name, known);
    return known;
  };
  const unexplained: ImportUse[] = [];
  const explained = explainedNames(input);
  const files = new Set(input.scan.sources?.python);
  const own = collectLocalNames(input.scan);
  const scripts = new Set(input.scan.inlineScripts);
  for (const use of input.scan.imports) {
    if (use.level > 0 || use.firstParty === true || use.module === '') continue;
    // A script with requirements of its own is installed apart: it uses nothing of the project's sets.
    if (scripts.has(use.path)) continue;
    const owners = index.owners(use);
    for (const name of owners) signsOf(name).imports.push(use);
    if (owners.length > 0 || use.area !== undefined || explained(use.module)) continue;
    if (own.above(use)) continue;
    if (!hasSibling(files, use.path, use.module.split('.', 1)[0] ?? '')) unexplained.push(use);
  }
  const programs = indexPrograms([...modules.values()]);
  for (const reference of input.scan.references)
    for (const name of ownersOfReference(reference, { index, programs, modules, explained }))
      signsOf(name).references.push(reference);
  const hasOpenNeeds = input.graph.distributions.some(
    ({ unknownReason, metadataFrom }) =>
      unknownReason === 'not-weighed' ||
      (unknownReason !== null && unknownReason !== 'local' && metadataFrom === null),
  );
  const ofConda = new Set(
    input.graph.distributions.filter(({ conda }) => conda !== undefined).map(({ name }) => name),
  );
  return { input, modules, dependencies, signs, unexplained, roles, overrules, ofConda, hasOpenNeeds };
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
