/**
 * The verdict on every declared distribution (CONTRACT.md, Usage).
 *
 * In this order: product code imports it, a command of the product runs it, a feature needs it, a plugin host that is
 * used loads it (used, optional, type-only); something used requires it (indirect); tests or tools need it (dev-only);
 * nothing does (unused). Module names come from the wheels; a guessed name may clear, never accuse.
 */

import { normalizeName } from '../pep/name.ts';
import type {
  Confidence,
  DeclaredRequirement,
  DistributionName,
  ImportScan,
  ImportUse,
  Reference,
  Role,
  Usage,
  UsageEvidence,
  Verdict,
  WeighedGraph,
} from '../types.ts';
import {
  configuredDistribution,
  distributionOfProgram,
  isTestLibrary,
  pluginHosts,
  toolKind,
} from './development-tools.ts';
import { collectLocalNames, hasSibling } from './first-party.ts';
import type { DistributionModules, ModuleIndex, OtherModules } from './module-owners.ts';
import { indexModules, modulesOf } from './module-owners.ts';
import type { EvidenceQuestion, FeatureUse, SourceEvidence } from './source-evidence.ts';
import { isStandardModule } from './standard-library.ts';

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
  /** Modules of distributions without a wheel, from other releases or an sdist: they clear, and accuse as `likely`. */
  readonly otherModules?: OtherModules;
}

/** All that points at one distribution. */
interface Signs {
  readonly imports: ImportUse[];
  readonly references: Reference[];
}

interface Judgement {
  readonly verdict: Verdict;
  readonly confidence: Confidence;
  readonly evidence: readonly UsageEvidence[];
}

/** The facts that all verdicts share. */
interface Court {
  readonly input: UsageInput;
  readonly modules: ReadonlyMap<DistributionName, DistributionModules>;
  readonly dependencies: ReadonlyMap<DistributionName, readonly DistributionName[]>;
  readonly signs: ReadonlyMap<DistributionName, Signs>;
  /** Imports of product code that no distribution, module or standard library answers. */
  readonly unexplained: readonly ImportUse[];
  readonly roles: ReadonlyMap<DistributionName, readonly Role[]>;
  readonly kept: ReadonlySet<DistributionName>;
  /** Of something that is installed it is not known, or merely supposed, what it requires: that may be anything. */
  readonly hasOpenNeeds: boolean;
}

/** At most so many places are kept per verdict. */
const MOST_EVIDENCE = 5;

/** One verdict per declared name, sorted by name. Requirements of builds and constraints are not judged. */
export function judgeUsage(input: UsageInput): readonly Usage[] {
  const court = openCourt(input);
  const names = [...court.roles.keys()].toSorted();
  const verdicts = new Map<DistributionName, Judgement>();
  const settle = (judge: (name: DistributionName) => Judgement | null): void => {
    for (const name of names) {
      const judgement = verdicts.has(name) ? null : judge(name);
      if (judgement !== null) verdicts.set(name, judgement);
    }
  };
  if (input.scan.files === 0) settle(() => withoutSources());
  settle((name) => judgeDirectUse(court, name));
  settle((name) => judgeFeatures(court, name, 'product'));
  settlePlugins(court, settle, verdicts);
  settleIndirect(court, settle, verdicts);
  settle((name) => judgeDevelopment(court, name, verdicts));
  settleCarriers(court, settle, verdicts);
  settleIndirect(court, settle, verdicts);
  settleDevelopmentOnly(court, settle, verdicts);
  settle((name) => judgeAbsent(court, name) ?? judgeUnused(court, name));
  return names.map((name) => ({
    name,
    ...capped(court, name, verdicts.get(name) ?? judgeUnused(court, name)),
    lookedFor: court.modules.get(name)?.modules ?? [],
  }));
}

/** A list from another file than the one that is installed accuses with less confidence. */
function capped(court: Court, name: DistributionName, judgement: Judgement): Judgement {
  const isAccusation = ['unused', 'dev-only', 'indirect'].includes(judgement.verdict);
  if (!isAccusation || judgement.confidence !== 'certain') return judgement;
  const other = court.modules.get(name)?.other ?? null;
  return other === null ? judgement : { ...judgement, confidence: 'likely' };
}

/**
 * The names worth a search in the sources: declared, but neither imported by product code nor run by a command. Ask
 * `gatherEvidence` with them and judge again with its answer.
 */
export function questionsFor(input: UsageInput): readonly EvidenceQuestion[] {
  const court = openCourt(input);
  const questions: EvidenceQuestion[] = [];
  for (const name of [...court.roles.keys()].toSorted()) {
    if (judgeDirectUse(court, name) !== null) continue;
    const known = court.modules.get(name);
    const words = new Set<string>([name, ...(known?.scripts ?? []), ...(known?.modules ?? [])]);
    for (const { declared } of input.declared)
      if (declared.requirement.name === name) words.add(declared.requirement.displayName);
    questions.push({ name, words: [...words].filter((word) => word.length > 1).toSorted() });
  }
  return questions;
}

// ---------------------------------------------------------------------------------------------------------------------
// The facts

function openCourt(input: UsageInput): Court {
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
  const kept = new Set<DistributionName>();
  for (const { declared, role } of input.declared) {
    if (role === 'build' || role === 'constraints') continue;
    const { name } = declared.requirement;
    const known = roles.get(name);
    if (known === undefined) roles.set(name, [role]);
    else known.push(role);
    if (declared.keep) kept.add(name);
  }
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
  for (const use of input.scan.imports) {
    if (use.level > 0 || use.firstParty === true || use.module === '') continue;
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
  return { input, modules, dependencies, signs, unexplained, roles, kept, hasOpenNeeds };
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

// ---------------------------------------------------------------------------------------------------------------------
// Use by the product

function withoutSources(): Judgement {
  return { verdict: 'unknown', confidence: 'possible', evidence: [] };
}

/** Imports and commands of product code; for a set of development or an extra, of any code. */
function judgeDirectUse(court: Court, name: DistributionName): Judgement | null {
  const signs = court.signs.get(name);
  const isProduct = court.roles.get(name)?.includes('prod') === true;
  const imports = signs?.imports ?? [];
  const product = imports.filter(({ area }) => area === undefined);
  if (product.length > 0) return judgeImports(product);
  const commands = (signs?.references ?? []).filter((reference) =>
    isProductReference(reference, name),
  );
  if (commands.length > 0)
    return {
      verdict: 'used',
      confidence: 'certain',
      evidence: codeFirst(commands).slice(0, MOST_EVIDENCE).map(referenceEvidence),
    };
  if (court.kept.has(name))
    return { verdict: 'used', confidence: 'certain', evidence: keepEvidence(court, name) };
  const guess = judgeGuess(court, name);
  if (guess !== null || isProduct) return guess;
  const anywhere = [
    ...imports.map(importEvidence),
    ...codeFirst(signs?.references ?? []).map(referenceEvidence),
  ];
  if (anywhere.length > 0)
    return { verdict: 'used', confidence: 'certain', evidence: anywhere.slice(0, MOST_EVIDENCE) };
  if (court.roles.get(name)?.every((role) => role !== 'extra') === true)
    // A tool of development is run by people: no import is no sign.
    return { verdict: 'used', confidence: 'possible', evidence: [] };
  return null;
}

function judgeImports(product: readonly ImportUse[]): Judgement {
  const runtime = product.filter(({ context }) => !context.includes('type-checking'));
  const plain = runtime.filter(
    ({ context, fallback }) => !context.includes('try') && fallback !== true,
  );
  const verdict: Verdict =
    runtime.length === 0 ? 'type-only' : plain.length === 0 ? 'optional' : 'used';
  const shown = plain.length > 0 ? plain : product;
  return {
    verdict,
    confidence: 'certain',
    evidence: shown.slice(0, MOST_EVIDENCE).map(importEvidence),
  };
}

/** Development tools that a Makefile or a script runs, or a table configures, are not thereby part of the product. */
function isProductReference(reference: Reference, name: DistributionName): boolean {
  if (reference.area !== undefined) return false;
  const kind = toolKind(name);
  if (kind === null) return true;
  // An image may well serve notebooks or documentation; it does not run a linter for its users.
  return reference.kind === 'dockerfile' && kind !== 'test' && kind !== 'lint' && kind !== 'typing';
}

/** The module list is not that of its wheel, and a module that nothing explains has a part of the name: that clears it. */
function judgeGuess(court: Court, name: DistributionName): Judgement | null {
  if (court.modules.get(name)?.known === true) return null;
  const use = court.unexplained.find(({ module }) => mayBeModuleOf(module, name));
  if (use === undefined) return null;
  return { verdict: 'used', confidence: 'possible', evidence: [importEvidence(use)] };
}

/** `whisper` may be of `openai-whisper`, `yaml` of `pyyaml`, `google.foo` of `google-foo`. */
function mayBeModuleOf(module: string, name: DistributionName): boolean {
  const compact = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const whole = compact(name);
  const top = module.split('.', 1)[0] ?? module;
  if (
    compact(top) === whole ||
    compact(module) === whole ||
    `py${compact(top)}` === whole ||
    compact(top) === `py${whole}`
  )
    return true;
  const parts = name.split('-');
  return (
    top.length > 2 &&
    (parts.includes(top.toLowerCase()) ||
      parts.includes(`py${top.toLowerCase()}`) ||
      parts.includes(compact(top)) ||
      normalizeName(module.replaceAll('.', '-')).startsWith(name))
  );
}

function importEvidence(use: ImportUse): UsageEvidence {
  const what = use.dynamic ? `import of ${use.module} by name` : `import ${use.module}`;
  const guards: string[] = [];
  if (use.context.includes('type-checking')) guards.push('for type checking');
  else if (use.context.includes('try')) guards.push('guarded');
  else if (use.fallback === true) guards.push('as a fallback');
  if (use.area !== undefined) guards.push(`in ${AREA_WORDS[use.area]}`);
  return { path: use.path, line: use.line, note: [what, ...guards].join(' ') };
}

const AREA_WORDS = {
  test: 'tests',
  docs: 'docs',
  example: 'examples',
  benchmark: 'benchmarks',
  tool: 'tools',
} as const;

function referenceEvidence({ path, line, kind, name, imported }: Reference): UsageEvidence {
  if (imported === true) return { path, line, note: `imports ${name}` };
  const notes = {
    command: `runs ${name}`,
    dockerfile: `runs ${name}`,
    'entry-point': `entry point in ${name}`,
    string: `names ${name}`,
    config: `configures ${name}`,
  } as const;
  return { path, line, note: notes[kind] };
}

/** Product code before the rest, commands before configuration, else as it was: the first is shown as the reason. */
function codeFirst(references: readonly Reference[]): readonly Reference[] {
  const rank = ({ path, kind, area }: Reference): number =>
    (area === undefined ? 0 : 4) + (isPython(path) ? 0 : kind === 'config' ? 2 : 1);
  return references.toSorted((a, b) => rank(a) - rank(b));
}

function isPython(path: string): boolean {
  return /\.(?:py[iwx]?|ipynb)$/.test(path);
}

function keepEvidence(court: Court, name: DistributionName): readonly UsageEvidence[] {
  return court.input.declared
    .filter(({ declared }) => declared.keep && declared.requirement.name === name)
    .map(({ declared }) => ({
      path: declared.location.path,
      line: declared.location.line,
      note: '# depweight: keep',
    }));
}

/** Features and URLs, in product code or outside it. */
function judgeFeatures(
  court: Court,
  name: DistributionName,
  where: 'product' | 'outside',
): Judgement | null {
  const features = (court.input.evidence?.features ?? []).filter(
    (feature) => feature.name === name && (feature.area === undefined) === (where === 'product'),
  );
  if (features.length === 0) return null;
  const rank = ({ path, named }: FeatureUse): number =>
    (isPython(path) ? 0 : 2) + (named === true ? 0 : 1);
  const evidence = features
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, MOST_EVIDENCE)
    .map(({ path, line, note }) => ({ path, line, note }));
  return { verdict: where === 'product' ? 'used' : 'dev-only', confidence: 'likely', evidence };
}

type Settle = (judge: (name: DistributionName) => Judgement | null) => void;

/** Plugins of what is used are used, as far as nothing says otherwise. */
function settlePlugins(
  court: Court,
  settle: Settle,
  verdicts: ReadonlyMap<DistributionName, Judgement>,
): void {
  const used = reachableFrom(court, keptNames(verdicts));
  settle((name) => {
    const hosts = pluginHosts(court.modules.get(name)?.entryPoints ?? {});
    const host = hosts.find(
      (candidate) =>
        candidate.area === 'product' && candidate.host !== name && used.has(candidate.host),
    );
    if (host === undefined || toolKind(name) !== null) return null;
    return {
      verdict: 'used',
      confidence: 'possible',
      evidence: placeEvidence(court, name, `plugin of ${host.host} (${host.group})`),
    };
  });
}

function placeEvidence(
  court: Court,
  name: DistributionName,
  note: string,
): readonly UsageEvidence[] {
  const places = court.input.declared.filter(
    ({ declared, role }) =>
      declared.requirement.name === name && role !== 'build' && role !== 'constraints',
  );
  const isProduct = places.some(({ role }) => role === 'prod');
  const rows = new Map<string, UsageEvidence>();
  for (const { declared, role } of places) {
    const { path, line } = declared.location;
    if (!isProduct || role === 'prod') rows.set(`${path}\0${line}`, { path, line, note });
  }
  return [...rows.values()]
    .toSorted((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line))
    .slice(0, MOST_EVIDENCE);
}

function settleCarriers(
  court: Court,
  settle: Settle,
  verdicts: ReadonlyMap<DistributionName, Judgement>,
): void {
  const held = reachableFrom(court, keptNames(verdicts));
  settle((name) => judgeCarrier(court, name, held));
}

/**
 * Declared and not imported, but the only one to bring something that product code imports. One without modules of its
 * own (a bundle) is used so; another is not, but cannot go before what it brings is declared.
 */
function judgeCarrier(
  court: Court,
  name: DistributionName,
  held: ReadonlySet<DistributionName>,
): Judgement | null {
  if (court.roles.get(name)?.includes('prod') !== true || held.has(name)) return null;
  for (const brought of [...reachableFrom(court, new Set([name]))].toSorted()) {
    if (brought === name || held.has(brought) || court.roles.has(brought)) continue;
    const use = court.signs.get(brought)?.imports.find(isPlainProductUse);
    if (use === undefined) continue;
    const { path, line, note } = importEvidence(use);
    const evidence = [{ path, line, note: `${note}: only ${name} brings ${brought}` }];
    const isBundle = court.modules.get(name)?.modules.length === 0;
    return isBundle
      ? { verdict: 'used', confidence: 'likely', evidence }
      : { verdict: 'unused', confidence: 'possible', evidence };
  }
  return null;
}

function isPlainProductUse({ area, context }: ImportUse): boolean {
  return area === undefined && !context.includes('try') && !context.includes('type-checking');
}

// ---------------------------------------------------------------------------------------------------------------------
// Indirect, development, unused

function keptNames(
  verdicts: ReadonlyMap<DistributionName, Judgement>,
): ReadonlySet<DistributionName> {
  const names = new Set<DistributionName>();
  for (const [name, { verdict }] of verdicts)
    if (verdict !== 'dev-only' && verdict !== 'unused' && verdict !== 'unknown') names.add(name);
  return names;
}

/** All that is installed with the given names, themselves included. */
function reachableFrom(
  court: Court,
  names: ReadonlySet<DistributionName>,
): ReadonlySet<DistributionName> {
  const reached = new Set<DistributionName>(names);
  const pending = [...names];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const dependency of court.dependencies.get(next) ?? []) {
      if (reached.has(dependency)) continue;
      reached.add(dependency);
      pending.push(dependency);
    }
  }
  return reached;
}

/** Who requires a name among the given ones: for the note. */
function requirersOf(
  court: Court,
  name: DistributionName,
  among: ReadonlySet<DistributionName>,
): string {
  const requirers = [...among]
    .filter((other) => other !== name && court.dependencies.get(other)?.includes(name) === true)
    .toSorted();
  return requirers.slice(0, 3).join(', ');
}

function settleIndirect(
  court: Court,
  settle: Settle,
  verdicts: ReadonlyMap<DistributionName, Judgement>,
): void {
  const product = new Set(
    [...keptNames(verdicts)].filter((name) => court.roles.get(name)?.includes('prod') === true),
  );
  const reached = reachableFrom(court, product);
  settle((name) => {
    if (court.roles.get(name)?.includes('prod') !== true || !reached.has(name)) return null;
    const note = `not imported; required by ${requirersOf(court, name, reached)}`;
    return {
      verdict: 'indirect',
      confidence: 'certain',
      evidence: placeEvidence(court, name, note),
    };
  });
}

/** Tests, docs, examples, CI and tools need it; or it is a tool of development or types for one. */
function judgeDevelopment(
  court: Court,
  name: DistributionName,
  verdicts: ReadonlyMap<DistributionName, Judgement>,
): Judgement | null {
  const signs = court.signs.get(name);
  const imports = signs?.imports ?? [];
  if (imports.length > 0) {
    const isTest = imports.some(({ area }) => area === 'test');
    return {
      verdict: 'dev-only',
      confidence: isTest ? 'certain' : 'likely',
      evidence: imports.slice(0, MOST_EVIDENCE).map(importEvidence),
    };
  }
  const references = codeFirst(signs?.references ?? []).map(referenceEvidence);
  const kind = toolKind(name);
  if (kind !== null && !isStubs(court, name) && (references.length > 0 || !isTestLibrary(name))) {
    const evidence =
      references.length > 0
        ? references
        : placeEvidence(court, name, `a tool of development (${kind})`);
    return {
      verdict: 'dev-only',
      confidence: references.length > 0 ? 'certain' : 'likely',
      evidence: evidence.slice(0, MOST_EVIDENCE),
    };
  }
  if (references.length > 0)
    return {
      verdict: 'dev-only',
      confidence: 'likely',
      evidence: references.slice(0, MOST_EVIDENCE),
    };
  if (isTestLibrary(name)) return judgeFeatures(court, name, 'outside');
  return (
    judgeFeatures(court, name, 'outside') ??
    judgeStubs(court, name) ??
    judgePlugin(court, name, verdicts)
  );
}

function isStubs(court: Court, name: DistributionName): boolean {
  const modules = court.modules.get(name);
  if (modules === undefined || modules.modules.length === 0) return /^types-|-stubs$/.test(name);
  return false;
}

/** Types for a module that the code imports. */
function judgeStubs(court: Court, name: DistributionName): Judgement | null {
  if (!isStubs(court, name)) return null;
  const stubs = court.modules.get(name)?.stubs ?? [];
  const described =
    stubs.length > 0 ? stubs : [name.replace(/^types-|-stubs$/g, '').replaceAll('-', '_')];
  const use = court.input.scan.imports.find(
    ({ module, level }) => level === 0 && described.includes(module.split('.', 1)[0] ?? module),
  );
  if (use === undefined) return null;
  return {
    verdict: 'dev-only',
    confidence: 'possible',
    evidence: [{ ...importEvidence(use), note: `types for ${importEvidence(use).note}` }],
  };
}

/** A plugin of a tool of development. */
function judgePlugin(
  court: Court,
  name: DistributionName,
  verdicts: ReadonlyMap<DistributionName, Judgement>,
): Judgement | null {
  const host = pluginHosts(court.modules.get(name)?.entryPoints ?? {}).find(
    ({ area }) => area === 'development',
  );
  if (host === undefined) return null;
  const isPresent = court.modules.has(host.host) || verdicts.has(host.host);
  return isPresent
    ? {
        verdict: 'dev-only',
        confidence: 'possible',
        evidence: placeEvidence(court, name, `plugin of ${host.host} (${host.group})`),
      }
    : null;
}

/** Pins of what only tools of development require go where those go. */
function settleDevelopmentOnly(
  court: Court,
  settle: Settle,
  verdicts: ReadonlyMap<DistributionName, Judgement>,
): void {
  const tools = new Set(
    [...verdicts].filter(([, { verdict }]) => verdict === 'dev-only').map(([name]) => name),
  );
  const reached = reachableFrom(court, tools);
  settle((name) => {
    if (!reached.has(name)) return null;
    const note = `not imported; only required by ${requirersOf(court, name, reached)}, which is for development`;
    return {
      verdict: 'dev-only',
      confidence: 'likely',
      evidence: placeEvidence(court, name, note),
    };
  });
}

/** Declared, but not installed for this target (a marker), or nothing was resolved at all: no ground to accuse. */
function judgeAbsent(court: Court, name: DistributionName): Judgement | null {
  if (court.modules.has(name)) return null;
  const isConditional = court.input.declared.some(
    ({ declared: { requirement } }) => requirement.name === name && requirement.marker !== null,
  );
  const note =
    court.modules.size > 0 && isConditional
      ? 'not installed for this target'
      : 'its modules are not known, as the requirements could not be resolved';
  return {
    verdict: 'unknown',
    confidence: 'possible',
    evidence: placeEvidence(court, name, note),
  };
}

function judgeUnused(court: Court, name: DistributionName): Judgement {
  const modules = court.modules.get(name);
  const mentions = (court.input.evidence?.mentions ?? []).filter(
    (mention) => mention.name === name,
  );
  const doubts = doubtsOf(court, name, mentions.length);
  const evidence = [
    ...otherSource(court, name),
    ...mentions
      .slice(0, MOST_EVIDENCE)
      .map(({ path, line, word }) => ({ path, line, note: `mentions ${word}` })),
  ];
  if (doubts === 'open' && court.unexplained.length > 0 && modules?.known !== true)
    // Some import is unexplained and the module list is not known: the two may belong together.
    return {
      verdict: 'unknown',
      confidence: 'possible',
      evidence: [...evidence, ...court.unexplained.slice(0, 1).map(importEvidence)],
    };
  const confidence: Confidence =
    doubts === 'none' ? 'certain' : doubts === 'some' ? 'likely' : 'possible';
  return { verdict: 'unused', confidence, evidence };
}

/** Says what was looked for, where that is not the list of the wheel itself. */
function otherSource(court: Court, name: DistributionName): readonly UsageEvidence[] {
  const modules = court.modules.get(name);
  if (modules === undefined || modules.other === null || modules.modules.length === 0) return [];
  const shown = modules.modules.slice(0, 3).join(', ');
  const more = modules.modules.length > 3 ? ', …' : '';
  return placeEvidence(court, name, `looked for ${shown}${more}, by ${modules.other.source}`);
}

/** What speaks against an accusation: `open` where the modules are not known, `some` where a use may hide. */
function doubtsOf(
  court: Court,
  name: DistributionName,
  mentions: number,
): 'none' | 'some' | 'open' {
  const modules = court.modules.get(name);
  if (modules === undefined || modules.modules.length === 0 || isStubs(court, name)) return 'open';
  if (!modules.known && modules.other?.accuses !== true) return 'open';
  if (pluginHosts(modules.entryPoints).length > 0 && modules.scripts.length === 0) return 'open';
  const dynamic = court.input.scan.dynamicImports.some(
    ({ path }) => court.input.scan.sources?.areas[path] === undefined,
  );
  const isOptional = court.input.graph.distributions.some(
    (other) =>
      court.signs.has(other.name) &&
      other.requires.some((requirement) => requirement.name === name),
  );
  const isSure = modules.known && court.input.evidence !== undefined && !court.hasOpenNeeds;
  return dynamic || isOptional || mentions > 0 || !isSure ? 'some' : 'none';
}
