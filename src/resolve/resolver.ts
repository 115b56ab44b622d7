/**
 * Resolution of one environment for one target: PubGrub over the index, with the order of decisions and the rules of
 * uv, so that both choose the same versions.
 *
 * An extra is a package of its own, as in uv: `black[jupyter]` asks for `black` and for `black[jupyter]` in one version.
 */
import type {
  CoreMetadata,
  DeclaredRequirement,
  DistributionFile,
  DistributionName,
  Requirement,
  ResolvedGraph,
  TargetEnvironment,
  Version,
  Warning,
} from '../types.ts';
import { evaluateMarker } from '../pep/marker.ts';
import { createRequiresPythonCheck } from '../pep/requires-python.ts';
import { isSingletonSpecifiers } from '../pep/specifier.ts';
import { compatibleTags } from '../pep/tags.ts';
import type { Eventually, MetadataAnswer, PackageIndex } from '../package-index/package-index.ts';
import type { CandidatePolicy, Leaf, Obstacle, Universe } from './candidates.ts';
import {
  createLeafUniverse,
  createMissingUniverse,
  createUniverse,
  findVersion,
  pickVersion,
} from './candidates.ts';
import { buildPolicy } from './candidate-policy.ts';
import type { CondaProvision, Replacement } from './conda.ts';
import { CondaOutgrownError, createCondaUniverse, splitConda } from './conda.ts';
import { directLeaf, directUniverse } from './direct-references.ts';
import type { Conflict, ConflictWorld, Note } from './conflict.ts';
import { brokenReleasesOf, explainConflict, missingNamesOf } from './explain.ts';
import { SearchGivenUpError, explainGivenUp } from './given-up.ts';
import { buildGraph } from './graph.ts';
import type { Incompatibility } from './incompatibility.ts';
import { decidedVersion, knownTerm, undecidedPackages } from './partial-solution.ts';
import { createPrefetcher } from './prefetch.ts';
import type { Demand, Priorities } from './priorities.ts';
import {
  comesBefore,
  createPriorities,
  discover,
  markConflictEarly,
  markConflictLate,
} from './priorities.ts';
import type { ActiveRequirement, GlobalRequirements } from './requirements.ts';
import { activeRequirements } from './requirements.ts';
import type { Solver, SolverDependency } from './solver.ts';
import {
  NoSolutionError,
  addIncompatibility,
  addVersion,
  backtrackPackage,
  createSolver,
  propagate,
  rootPackage,
} from './solver.ts';
import { isEmptySet, setHas, singleSet } from './version-set.ts';

/** What is to be resolved. */
export interface ResolveRequest {
  readonly requirements: readonly DeclaredRequirement[];
  readonly constraints: readonly DeclaredRequirement[];
  readonly overrides: readonly DeclaredRequirement[];
  readonly target: TargetEnvironment;
  readonly options: ResolveOptions;
}

/** Settings that decide which versions and files may be chosen. */
export interface ResolveOptions {
  readonly preReleases: boolean;
  /** Names, or `:all:`. */
  readonly noBinary: readonly string[];
  readonly onlyBinary: readonly string[];
  /** Versions to be kept where the requirements allow it. */
  readonly preferences: ReadonlyMap<DistributionName, Version>;
}

/** The ports of a resolution. */
export interface ResolveEnv {
  readonly index: PackageIndex;
  readonly onDecision?: (name: string, version: string) => void;
  readonly signal?: AbortSignal;
  /** Steps of the search (incompatibilities looked at) after which it is given up; 20 million unless told. */
  readonly mostSteps?: number;
}

export type ResolveAnswer =
  | { readonly solved: true; readonly graph: ResolvedGraph }
  | { readonly solved: false; readonly conflict: Conflict };

/** Finds one version for everything that is wanted, or says why there is none. Throws only what the ports throw. */
export async function resolve(asked: ResolveRequest, env: ResolveEnv): Promise<ResolveAnswer> {
  const { pip: request, provisions, replaced } = splitConda(asked);
  // A name that no index has is first a conflict to go round; only if that alone is in the way it becomes a leaf.
  const leaves = new Map<DistributionName, Leaf>();
  // The same for a release whose metadata is broken: only where nothing else fits it is taken as it is.
  const tolerated = new Set<string>();
  const conda: CondaState = { provisions: new Map(provisions), replaced: new Map(replaced) };
  const shared = createShared(request, env, conda);
  for (;;) {
    const run = createRun(shared, leaves, tolerated);
    try {
      return { solved: true, graph: await solve(run) };
    } catch (error) {
      if (error instanceof CondaOutgrownError) {
        const { provision, why } = error;
        conda.provisions.delete(provision.name);
        conda.replaced.set(provision.name, { provision, why });
        continue;
      }
      if (error instanceof SearchGivenUpError)
        return {
          solved: false,
          conflict: explainGivenUp(error.steps, rejectionsOf(run), request.requirements),
        };
      if (!(error instanceof NoSolutionError)) throw error;
      const root = error.incompatibility as Incompatibility<Note>;
      const missing = missingNamesOf(root).filter(({ name }) => !leaves.has(name));
      const broken = brokenReleasesOf(root).filter((release) => !tolerated.has(release));
      if (missing.length === 0 && broken.length === 0)
        return { solved: false, conflict: explainConflict(root, worldOf(run)) };
      for (const { name, leaf } of missing) leaves.set(name, leaf);
      for (const release of broken) tolerated.add(release);
    }
  }
}

/** How often versions of each name were rejected. */
function rejectionsOf(run: Run): ReadonlyMap<DistributionName, number> {
  const rejections = new Map<DistributionName, number>();
  for (const [packageId, count] of run.conflicts.affected) {
    const { name } = packageOf(run, packageId);
    rejections.set(name, (rejections.get(name) ?? 0) + count);
  }
  return rejections;
}

function worldOf(run: Run): ConflictWorld {
  return {
    universeOf: (name) => {
      const universe = run.universes.get(run.leaves.has(name) ? `${name} leaf` : name);
      return universe instanceof Promise ? undefined : universe;
    },
    python: run.request.target.python,
  };
}

/** What all attempts share: answers of the index do not change. */
interface Shared {
  readonly request: ResolveRequest;
  readonly env: ResolveEnv;
  readonly policy: CandidatePolicy;
  readonly global: GlobalRequirements;
  readonly universes: Map<string, Eventually<Universe>>;
  /** Names that a root requirement gives a place for (URL, VCS, path), or an explicit index. */
  readonly direct: ReadonlyMap<DistributionName, DeclaredRequirement>;
  /** Where the requirements of the input stand. */
  readonly places: ReadonlyMap<Requirement, DeclaredRequirement>;
  readonly conda: CondaState;
}

/** Names move from the first to the second where conda's version will not do. */
interface CondaState {
  readonly provisions: Map<DistributionName, CondaProvision>;
  readonly replaced: Map<DistributionName, Replacement>;
}

function createShared(request: ResolveRequest, env: ResolveEnv, conda: CondaState): Shared {
  const { target } = request;
  // As in uv: a constraint limits a version and asks for nothing, extras included.
  const limits = request.constraints.map((declared) => ({
    declared,
    requirement:
      declared.requirement.extras.length === 0
        ? declared.requirement
        : { ...declared.requirement, extras: [] },
  }));
  const demands = [...request.overrides, ...request.requirements];
  return {
    request,
    env,
    policy: buildPolicy(
      request,
      compatibleTags(target),
      createRequiresPythonCheck(target.pythonFull),
    ),
    global: {
      markers: target.markers,
      constraints: byName(limits),
      overrides: byName(request.overrides),
    },
    universes: new Map(),
    direct: new Map(
      [...request.requirements, ...request.constraints, ...request.overrides]
        .filter((declared) => declared.source !== 'index' || declared.index !== null)
        // A place that is meant for another platform is none here.
        .filter(
          ({ requirement: { marker } }) =>
            marker === null || evaluateMarker(marker, target.markers, []),
        )
        .map((declared) => [declared.requirement.name, declared]),
    ),
    places: new Map([
      ...limits.map(({ requirement, declared }) => [requirement, declared] as const),
      ...demands.map((declared) => [declared.requirement, declared] as const),
    ]),
    conda,
  };
}

function byName(
  declared: readonly Pick<DeclaredRequirement, 'requirement'>[],
): ReadonlyMap<DistributionName, readonly Requirement[]> {
  const map = new Map<DistributionName, Requirement[]>();
  for (const { requirement } of declared) {
    const list = map.get(requirement.name);
    if (list === undefined) map.set(requirement.name, [requirement]);
    else list.push(requirement);
  }
  return map;
}

/** A package of the solver: a distribution, an extra of it, or the proxy that ties the two to one version. */
export interface SolverPackage {
  readonly name: DistributionName;
  readonly extra: string | null;
  readonly kind: 'root' | 'base' | 'proxy' | 'extra';
}

interface Run extends Shared {
  readonly leaves: ReadonlyMap<DistributionName, Leaf>;
  /** `name version` of releases that are taken though their metadata is broken. */
  readonly tolerated: ReadonlySet<string>;
  readonly solver: Solver<Note>;
  readonly packages: SolverPackage[];
  readonly packageIds: Map<string, number>;
  readonly priorities: Priorities;
  readonly conflicts: ConflictTracker;
  /** `package:version` whose dependencies the solver has been told. */
  readonly told: Set<string>;
  /** By message. */
  readonly warnings: Map<string, { readonly warning: Warning; readonly release: string | null }>;
  readonly metadata: Map<string, MetadataAnswer>;
}

/** How often packages rejected others or were rejected (uv moves them after five times). */
interface ConflictTracker {
  readonly affected: Map<number, number>;
  readonly culprits: Map<number, number>;
  readonly raise: number[];
  readonly lower: number[];
}

const conflictThreshold = 5;

function createRun(
  shared: Shared,
  leaves: ReadonlyMap<DistributionName, Leaf>,
  tolerated: ReadonlySet<string>,
): Run {
  const rootName = '' as DistributionName;
  return {
    ...shared,
    leaves,
    tolerated,
    solver: createSolver<Note>(),
    packages: [{ name: rootName, extra: null, kind: 'root' }],
    packageIds: new Map(),
    priorities: createPriorities(),
    conflicts: { affected: new Map(), culprits: new Map(), raise: [], lower: [] },
    told: new Set(),
    warnings: new Map(),
    metadata: new Map(),
  };
}

async function solve(run: Run): Promise<ResolvedGraph> {
  const { solver, env, request } = run;
  const prefetcher = createPrefetcher({
    index: env.index,
    global: run.global,
    universeOf: (name) => universeOf(run, name),
    preReleases: request.options.preReleases,
    preferences: request.options.preferences,
  });
  propagate(solver, rootPackage);
  const declared = rootRequirements(run);
  prefetcher.start(declared.map(({ requirement }) => requirement));
  await decide(run, rootPackage, 0, await rootDependencies(run, declared));
  const { mostSteps = usualSteps } = env;
  for (let changed = rootPackage, rounds = 0; ; rounds++) {
    env.signal?.throwIfAborted();
    if (solver.steps > mostSteps) throw new SearchGivenUpError(mostSteps);
    // Where all answers are at hand nothing else would ever have its turn: no key that interrupts, no progress.
    if (rounds % roundsWithoutPause === roundsWithoutPause - 1) await pause();
    for (const { packageId, incompatibility } of propagate(solver, changed)) {
      recordConflict(run, changed, packageId, incompatibility);
    }
    reprioritize(run);
    const next = nextPackage(run);
    if (next === null) break;
    changed = next;
    await decideNext(run, next);
  }
  return buildGraph({
    solution: solver.solution,
    packages: run.packages,
    universeOf: (name) => universeOf(run, name),
    metadata: run.metadata,
    global: run.global,
    roots: declared,
    conda: run.conda,
    warnings: lastingWarnings(run),
  });
}

// Some ten seconds. The 74 packages of TrackMaster take a hundred.
const usualSteps = 20_000_000;
const roundsWithoutPause = 1000;

function pause(): Promise<void> {
  return new Promise((resume) => void setImmediate(resume));
}

/** The undecided package of the highest priority, null when all are decided. */
function nextPackage(run: Run): number | null {
  let best: { readonly packageId: number; readonly name: DistributionName } | null = null;
  for (const { packageId } of undecidedPackages(run.solver.solution)) {
    const candidate = { packageId, name: packageOf(run, packageId).name };
    if (best === null || comesBefore(run.priorities, candidate, best)) best = candidate;
  }
  return best === null ? null : best.packageId;
}

async function decideNext(run: Run, packageId: number): Promise<void> {
  const { solver } = run;
  const { name, kind, extra } = packageOf(run, packageId);
  const universe = await universeOf(run, name);
  const set = knownTerm(solver.solution, packageId)?.set ?? [];
  const version = choose(run, universe, set);
  if (version === null) {
    const term = { positive: true, set };
    if (universe.missing !== null)
      reject(run, packageId, set, { kind: 'missing', name, ...universe.missing });
    else addIncompatibility(solver, [packageId], [term], { kind: 'no-versions', packageId, set });
    return;
  }
  const text = universe.versions[version]?.text ?? '';
  const choice = universe.choose(version);
  if (universe.leaf === null && !choice.usable) {
    reject(run, packageId, singleSet(version), {
      kind: 'unavailable',
      name,
      version: text,
      why: choice.why,
      ...(choice.obstacle === undefined ? {} : { obstacle: choice.obstacle }),
    });
    return;
  }
  if (run.told.has(`${packageId}:${version}`)) {
    addVersion(solver, packageId, version, []);
    return;
  }
  if (kind === 'proxy') {
    await decide(run, packageId, version, proxyDependencies(run, name, extra, version));
    return;
  }
  const dependencies = await dependenciesOf(run, universe, version, extra);
  if ('why' in dependencies) {
    const note: Note = { kind: 'unavailable', name, version: text, ...dependencies };
    reject(run, packageId, singleSet(version), note);
    return;
  }
  if (kind === 'base') run.env.onDecision?.(name, text);
  await decide(run, packageId, version, dependencies.list);
}

function choose(run: Run, universe: Universe, set: readonly number[]): number | null {
  const preference = run.request.options.preferences.get(universe.name);
  const preferred = preference === undefined ? null : findVersion(universe, set, preference);
  return preferred ?? pickVersion(universe, set, run.request.options.preReleases);
}

function reject(run: Run, packageId: number, set: readonly number[], note: Note): void {
  addIncompatibility(run.solver, [packageId], [{ positive: true, set }], {
    kind: 'unavailable',
    packageId,
    note,
  });
}

/** Tells the solver of a version and its dependencies. */
async function decide(
  run: Run,
  packageId: number,
  version: number,
  dependencies: readonly SolverDependency<Note>[],
): Promise<void> {
  run.told.add(`${packageId}:${version}`);
  const conflict = addVersion(run.solver, packageId, version, dependencies);
  if (conflict !== null) recordConflict(run, packageId, packageId, conflict);
}

function proxyDependencies(
  run: Run,
  name: DistributionName,
  extra: string | null,
  version: number,
): readonly SolverDependency<Note>[] {
  const set = singleSet(version);
  return [packageIdOf(run, 'base', name, null), packageIdOf(run, 'extra', name, extra)].map(
    (packageId) => {
      discover(run.priorities, packageId, name, 'singleton');
      return { packageId, set, note: { kind: 'proxy' } };
    },
  );
}

interface RootRequirement extends ActiveRequirement {
  readonly declared: DeclaredRequirement | null;
}

/** The requirements of the input that are in force for the target, overrides and constraints included. */
function rootRequirements(run: Run): readonly RootRequirement[] {
  const written = run.request.requirements.map(({ requirement }) => requirement);
  return activeRequirements(null, written, null, run.global).map((active) => ({
    ...active,
    declared: run.places.get(active.requirement) ?? null,
  }));
}

async function rootDependencies(
  run: Run,
  requirements: readonly RootRequirement[],
): Promise<readonly SolverDependency<Note>[]> {
  const lists = await dependencyLists(
    run,
    requirements.map(({ requirement }) => requirement),
    (requirement, at) => ({
      kind: 'requires',
      parent: null,
      requirement,
      declared: requirements[at]?.declared ?? null,
      ...originOf(requirements[at]),
    }),
  );
  return lists.flat();
}

function originOf(active: ActiveRequirement | undefined): {
  readonly origin?: 'constraint' | 'override';
} {
  return active === undefined || active.origin === 'requirement' ? {} : { origin: active.origin };
}

async function dependenciesOf(
  run: Run,
  universe: Universe,
  version: number,
  extra: string | null,
): Promise<{ readonly list: readonly SolverDependency<Note>[] } | Unusable> {
  if (universe.leaf !== null) return { list: [] };
  const choice = universe.choose(version);
  if (!choice.usable) return { why: choice.why };
  const metadata = await metadataOf(run, universe, version, choice.file);
  if (metadata === null) return { list: [] };
  if ('why' in metadata) return metadata;
  const { requiresPython } = metadata;
  if (requiresPython !== null && !run.policy.admitsPython(requiresPython).admits) {
    return { why: `needs Python ${requiresPython}`, obstacle: { kind: 'python', requiresPython } };
  }
  if (extra !== null && !metadata.providesExtras.includes(extra)) {
    warnOfExtra(run, universe, universe.versions[version]?.text ?? '', extra);
  }
  const active = activeRequirements(universe.name, metadata.requiresDist, extra, run.global);
  const parent = { name: universe.name, version: universe.versions[version]?.text ?? '', extra };
  const others = active.filter(({ requirement }) => requirement.name !== universe.name);
  const own = active.filter(({ requirement }) => requirement.name === universe.name);
  for (const { requirement } of own) {
    if (!setHas(universe.setFor(requirement.specifiers), version))
      return { why: 'asks for another version of itself' };
  }
  const lists = await dependencyLists(
    run,
    others.map(({ requirement }) => requirement),
    (requirement, at) => {
      const declared = run.places.get(requirement) ?? null;
      // A constraint or an override is what the user says, whoever brought the name in.
      return {
        kind: 'requires',
        parent: declared === null ? parent : null,
        requirement,
        declared,
        ...originOf(others[at]),
      };
    },
  );
  return { list: lists.flat() };
}

/** Why a version is out, and whether a broken answer is the reason. */
interface Unusable {
  readonly why: string;
  readonly obstacle?: Obstacle;
  readonly broken?: true;
}

/** The metadata, null where it cannot be known (the version then counts as one without dependencies), or why not. */
async function metadataOf(
  run: Run,
  universe: Universe,
  version: number,
  file: DistributionFile,
): Promise<CoreMetadata | Unusable | null> {
  const answered = run.env.index.metadata(universe.name, file, universe.release(version));
  const answer = answered instanceof Promise ? await answered : answered;
  // Broken metadata is a fault of that version: another one may do. What merely could not be had is not.
  const fault = faultOf(answer);
  if (fault !== null && !run.tolerated.has(`${universe.name} ${file.version.text}`)) {
    const why = `has metadata that cannot be used (${fault})`;
    const message = `${universe.name} ${file.version.text} ${why}; it was passed over`;
    warn(run, { code: 'broken-metadata', message }, null);
    return { why, broken: true };
  }
  run.metadata.set(`${universe.name} ${version}`, answer);
  if (!answer.known) return null;
  warnOfRepairs(run, universe.name, file, answer.value);
  return answer.value;
}

/** What is broken about the metadata of a version, null where nothing is. */
function faultOf(answer: MetadataAnswer): string | null {
  if (answer.known)
    return answer.value.unreadable === undefined ? null : 'a requirement of it cannot be read';
  const isBroken = answer.reason === 'broken-metadata' || answer.reason === 'broken-wheel';
  return isBroken ? (answer.detail ?? answer.reason) : null;
}

function warnOfRepairs(
  run: Run,
  name: DistributionName,
  file: DistributionFile,
  { repairs, unreadable }: CoreMetadata,
): void {
  const release = `${name} ${file.version.text}`;
  for (const repair of repairs)
    warn(run, { code: 'repaired-metadata', message: `${release}: ${repair}` }, release);
  if (unreadable === undefined) return;
  const message = `${release} has requirements that cannot be read; what they would bring is not counted`;
  warn(run, { code: 'unreadable-requirement', message, severity: 'incomplete' }, release);
}

function warnOfExtra(run: Run, universe: Universe, version: string, extra: string): void {
  const release = `${universe.name} ${version}`;
  const message = `${release} has no extra "${extra}"; nothing is installed for it`;
  warn(run, { code: 'unknown-extra', message }, release);
}

/** `release`: the warning counts only if that release is chosen in the end. */
function warn(run: Run, warning: Warning, release: string | null): void {
  run.warnings.set(warning.message, { warning, release });
}

/** The warnings on what was chosen, and those on what was passed over. */
function lastingWarnings(run: Run): readonly Warning[] {
  const chosen = new Set<string>();
  run.packages.forEach(({ kind, name }, packageId) => {
    const version = kind === 'base' ? decidedVersion(run.solver.solution, packageId) : undefined;
    const universe = version === undefined ? undefined : run.universes.get(name);
    if (version === undefined || universe === undefined || universe instanceof Promise) return;
    chosen.add(`${name} ${universe.versions[version]?.text ?? ''}`);
  });
  return [...run.warnings.values()].flatMap(({ warning, release }) =>
    release === null || chosen.has(release) ? [warning] : [],
  );
}

/** The dependencies that requirements make: of a name, or of each extra that is asked for. */
async function dependencyLists(
  run: Run,
  requirements: readonly Requirement[],
  noteOf: (requirement: Requirement, at: number) => Note,
): Promise<readonly (readonly SolverDependency<Note>[])[]> {
  const pending = requirements.map(({ name }) => universeOf(run, name));
  // All pages are under way by now; waiting for them one after the other costs nothing.
  const universes: Universe[] = [];
  for (const universe of pending)
    universes.push(universe instanceof Promise ? await universe : universe);
  return requirements.map((requirement, at) => {
    const universe = universes[at];
    if (universe === undefined) return [];
    return toDependencies(run, requirement, universe, noteOf(requirement, at));
  });
}

function toDependencies(
  run: Run,
  requirement: Requirement,
  universe: Universe,
  note: Note,
): readonly SolverDependency<Note>[] {
  const { name, extras, specifiers } = requirement;
  const demand: Demand =
    run.direct.get(name)?.source === 'url'
      ? 'direct'
      : isSingletonSpecifiers(specifiers)
        ? 'singleton'
        : 'other';
  const set = universe.setFor(specifiers);
  if (isEmptySet(set)) refuseConda(run, requirement, note);
  const noteWithCause = isEmptySet(set) ? withCause(note, universe) : note;
  const base = packageIdOf(run, 'base', name, null);
  if (extras.length === 0) {
    discover(run.priorities, base, name, demand);
    return [{ packageId: base, set, note: noteWithCause }];
  }
  return extras.map((extra) => {
    const proxy = packageIdOf(run, 'proxy', name, extra);
    discover(run.priorities, proxy, name, demand);
    discover(run.priorities, base, name, demand);
    // Whatever the proxy turns out to be, the base is within the same set.
    if (set.length > 0) {
      const terms = [
        { positive: true, set },
        { positive: false, set },
      ];
      addIncompatibility(run.solver, [proxy, base], terms, { kind: 'proxy' });
    }
    return { packageId: proxy, set, note: noteWithCause };
  });
}

// As pip: what is installed and will not do is replaced, before anything else is tried.
function refuseConda(run: Run, requirement: Requirement, note: Note): void {
  const provision = run.conda.provisions.get(requirement.name);
  if (provision === undefined || note.kind !== 'requires') return;
  const { parent, declared } = note;
  const place = declared === null ? 'the input' : declared.location.path;
  const by = parent === null ? place : `${parent.name} ${parent.version}`;
  throw new CondaOutgrownError(provision, requirement, by);
}

/** Says with a demand that nothing can meet why that is so. */
function withCause(note: Note, universe: Universe): Note {
  if (note.kind !== 'requires') return note;
  if (universe.missing !== null) return { ...note, missing: universe.missing };
  const leftOut = universe.newestLeftOut?.(note.requirement.specifiers) ?? null;
  const newest = universe.versions.at(-1)?.text ?? '';
  const { firstIndex, takenFrom } = universe;
  return {
    ...note,
    newest,
    ...(takenFrom === undefined ? {} : { takenFrom }),
    ...(firstIndex === undefined ? {} : { firstIndex }),
    ...(leftOut === null ? {} : { leftOut }),
  };
}

function packageIdOf(
  run: Run,
  kind: SolverPackage['kind'],
  name: DistributionName,
  extra: string | null,
): number {
  const key = `${kind} ${name} ${extra ?? ''}`;
  const known = run.packageIds.get(key);
  if (known !== undefined) return known;
  const id = run.packages.push({ name, extra, kind }) - 1;
  run.packageIds.set(key, id);
  return id;
}

function packageOf(run: Run, packageId: number): SolverPackage {
  const found = run.packages[packageId];
  if (found === undefined) throw new Error(`There is no package number ${packageId}`);
  return found;
}

function universeOf(run: Run, name: DistributionName): Eventually<Universe> {
  const leaf = run.leaves.get(name);
  const provision = run.conda.provisions.get(name);
  const key =
    provision === undefined ? (leaf === undefined ? name : `${name} leaf`) : `${name} conda`;
  const known = run.universes.get(key);
  if (known !== undefined) return known;
  const found =
    provision !== undefined
      ? createCondaUniverse(provision)
      : leaf === undefined
        ? findUniverse(run, name)
        : createLeafUniverse(name, leaf);
  run.universes.set(key, found);
  // A failure is told to whoever waits for the answer; nobody waits for this copy of it.
  if (found instanceof Promise)
    void found.then(
      (universe) => run.universes.set(key, universe),
      () => undefined,
    );
  return found;
}

function findUniverse(run: Run, name: DistributionName): Eventually<Universe> {
  const declared = run.direct.get(name);
  const leaf = declared === undefined ? null : directLeaf(declared);
  if (leaf !== null) return createLeafUniverse(name, leaf);
  const direct = declared === undefined ? null : directUniverse(declared, run.policy);
  if (direct !== null) return direct;
  const answer = run.env.index.page(name, declared?.index ?? null);
  return answer instanceof Promise
    ? answer.then((found) => toUniverse(run, name, found))
    : toUniverse(run, name, answer);
}

function toUniverse(
  run: Run,
  name: DistributionName,
  answer: Awaited<ReturnType<PackageIndex['page']>>,
): Universe {
  if (answer.status === 'found') return createUniverse(answer.page, run.policy);
  if (answer.status === 'not-found') {
    return createMissingUniverse(name, {
      reason: 'not-on-index',
      detail: `no index has a project named ${name}`,
    });
  }
  // What could not be asked for must not change the versions of the rest.
  return createLeafUniverse(name, {
    version: 'unknown',
    reason: answer.reason,
    detail: answer.detail,
  });
}

// ---- conflicts ------------------------------------------------------------------------------------------------------

/** Counts who rejected whom: `next` was being decided, `affected` is where the conflict was traced to. */
function recordConflict(
  run: Run,
  next: number,
  affected: number,
  incompatibility: Incompatibility<Note>,
): void {
  const name = packageOf(run, affected).name;
  let isReal = false;
  for (const packageId of incompatibility.packages) {
    if (packageId === affected || packageOf(run, packageId).name === name) continue;
    isReal = true;
    if (increase(run.conflicts.culprits, packageId) === conflictThreshold)
      run.conflicts.lower.push(packageId);
  }
  if (isReal && increase(run.conflicts.affected, next) === conflictThreshold)
    run.conflicts.raise.push(next);
}

function increase(counts: Map<number, number>, packageId: number): number {
  const count = (counts.get(packageId) ?? 0) + 1;
  counts.set(packageId, count);
  return count;
}

function reprioritize(run: Run): void {
  const { raise, lower } = run.conflicts;
  for (const packageId of raise.splice(0)) {
    if (packageId !== rootPackage)
      markConflictEarly(run.priorities, packageOf(run, packageId).name);
  }
  for (const packageId of lower.splice(0)) {
    if (packageId === rootPackage) continue;
    if (markConflictLate(run.priorities, packageOf(run, packageId).name))
      backtrackPackage(run.solver, packageId);
  }
}
