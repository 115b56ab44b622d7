/** The search: what is known is followed to its consequences, the next package is decided, and so on. */
import type { ResolvedGraph } from '../types.ts';
import { parseSpecifiers } from '../pep/specifier.ts';
import type { Choice, Universe } from './candidates.ts';
import { findVersion, pickVersion } from './candidates.ts';
import type { Note } from './conflict.ts';
import { recordConflict, reprioritize } from './conflict-tracker.ts';
import { takeNext } from './decision-queue.ts';
import type { Dependency } from './dependencies.ts';
import { dependenciesOf, membersFor, rootDependencies, rootRequirements } from './dependencies.ts';
import { SearchGivenUpError } from './given-up.ts';
import { buildGraph } from './graph.ts';
import type { SolverPackage } from './packages.ts';
import { packageOf, pythonPackage } from './packages.ts';
import { addDecision, isUndecided, knownTerm } from './partial-solution.ts';
import { createPrefetcher } from './prefetch.ts';
import { firstRank, rankOf } from './priorities.ts';
import { lastingWarnings } from './release-metadata.ts';
import type { Run } from './run.ts';
import type { SolverVersion } from './solver.ts';
import { addIncompatibility, addVersion, propagate, rootPackage } from './solver.ts';
import { universeOf } from './universes.ts';
import type { VersionSet } from './version-set.ts';
import { isEmptySet, singleSet } from './version-set.ts';

/** Searches until all is decided. Throws NoSolutionError, SearchGivenUpError, CondaOutgrownError, and what ports throw. */
export async function search(run: Run): Promise<ResolvedGraph> {
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
  const root = { packageId: rootPackage, version: 0, around: singleSet(0) };
  decide(run, root, await rootDependencies(run, declared));
  const { mostSteps = usualSteps } = env;
  for (let changed = rootPackage, rounds = 0; ; rounds++) {
    env.signal?.throwIfAborted();
    if (solver.steps > mostSteps) throw new SearchGivenUpError(mostSteps);
    // Where all answers are at hand nothing else would ever have its turn: no key that interrupts, no progress.
    if (rounds % roundsWithoutPause === roundsWithoutPause - 1) await pause();
    for (const conflict of propagate(solver, changed))
      recordConflict(run.conflicts, run.packages, changed, conflict);
    reprioritize(run.conflicts, run.packages, run.priorities, solver);
    const next = nextPackage(run);
    if (next === null) break;
    changed = next;
    await decideNext(run, next);
  }
  return buildGraph({
    solution: solver.solution,
    packages: run.packages.list,
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
  const { solution } = run.solver;
  return takeNext(
    solution.waiting,
    (packageId) => isUndecided(solution, packageId),
    (packageId) =>
      packageId === rootPackage || packageId === pythonPackage
        ? firstRank
        : rankOf(run.priorities, packageId, packageOf(run.packages, packageId).name),
  );
}

async function decideNext(run: Run, packageId: number): Promise<void> {
  const { solver } = run;
  const asked = packageOf(run.packages, packageId);
  const set = knownTerm(solver.solution, packageId)?.set ?? [];
  if (asked.kind === 'python') {
    excludeAll(run, packageId, set);
    return;
  }
  const found = universeOf(run, asked.name);
  const universe = found instanceof Promise ? await found : found;
  const version = choose(run, universe, set);
  if (version === null) {
    const { name, missing } = universe;
    if (missing === null) excludeAll(run, packageId, set);
    else reject(run, packageId, set, { kind: 'missing', name, ...missing });
    return;
  }
  const chosen = { packageId, version, around: universe.around(version) };
  const choice = universe.choose(version);
  if (universe.leaf === null && !choice.usable) {
    rejectVersion(run, universe, chosen, choice);
    return;
  }
  if (run.told.has(`${packageId}:${version}`)) {
    addDecision(solver.solution, packageId, version);
    return;
  }
  await decideVersion(run, asked, universe, chosen);
}

async function decideVersion(
  run: Run,
  asked: SolverPackage,
  universe: Universe,
  chosen: SolverVersion,
): Promise<void> {
  const { kind, name, extra } = asked;
  if (kind === 'proxy') {
    decide(run, chosen, membersFor(run, asked, chosen.version));
    return;
  }
  const text = universe.versions[chosen.version]?.text ?? '';
  run.walkAhead(universe, chosen.version);
  const dependencies = await dependenciesOf(run, universe, chosen.version, extra);
  if ('why' in dependencies) {
    const note: Note = { kind: 'unavailable', name, version: text, ...dependencies };
    reject(run, chosen.packageId, chosen.around, note);
    return;
  }
  if (kind === 'base' && asked.condition === null) run.env.onDecision?.(name, text);
  decide(run, chosen, dependencies.list);
}

function choose(run: Run, universe: Universe, set: VersionSet): number | null {
  const preference = run.request.options.preferences.get(universe.name);
  const preferred = preference === undefined ? null : findVersion(universe, set, preference);
  return preferred ?? pickVersion(universe, set, run.request.options.preReleases);
}

function excludeAll(run: Run, packageId: number, set: VersionSet): void {
  const term = { positive: true, set };
  addIncompatibility(run.solver, [packageId], [term], { kind: 'no-versions', packageId, set });
}

function reject(run: Run, packageId: number, set: VersionSet, note: Note): void {
  addIncompatibility(run.solver, [packageId], [{ positive: true, set }], {
    kind: 'unavailable',
    packageId,
    note,
  });
}

/** A version without a file that would do. One for another Python is said to depend on that, as in uv. */
function rejectVersion(
  run: Run,
  universe: Universe,
  { packageId, version, around }: SolverVersion,
  choice: Extract<Choice, { readonly usable: false }>,
): void {
  const { why, obstacle } = choice;
  const note: Note = {
    kind: 'unavailable',
    name: universe.name,
    version: universe.versions[version]?.text ?? '',
    why,
    ...(obstacle === undefined ? {} : { obstacle }),
  };
  if (obstacle?.kind !== 'python') {
    reject(run, packageId, around, note);
    return;
  }
  const needed = { positive: false, set: pythonsOf(run, obstacle.requiresPython) };
  addIncompatibility(
    run.solver,
    [packageId, pythonPackage],
    [{ positive: true, set: around }, needed],
    { kind: 'dependency', packageId, dependencyId: pythonPackage, note },
  );
  addDecision(run.solver.solution, packageId, version);
}

/** Hundreds of releases say the same few things of Python. */
function pythonsOf({ pythons, pythonSets }: Run, requiresPython: string): VersionSet {
  const known = pythonSets.get(requiresPython);
  if (known !== undefined) return known;
  const set = pythons.setFor(parseSpecifiers(requiresPython, { repair: true }).specifiers);
  pythonSets.set(requiresPython, set);
  return set;
}

/** Tells the solver of a version and its dependencies. */
function decide(run: Run, chosen: SolverVersion, dependencies: readonly Dependency[]): void {
  const { solver } = run;
  const { packageId, version, around } = chosen;
  // As in uv: clauses that exclude one another rule the version out by themselves.
  const impossible = dependencies.find(({ set }) => isEmptySet(set));
  if (impossible !== undefined) {
    const { packageId: dependencyId, note } = impossible;
    const term = { positive: true, set: around };
    addIncompatibility(solver, [packageId], [term], {
      kind: 'dependency',
      packageId,
      dependencyId,
      note,
    });
    return;
  }
  run.told.add(`${packageId}:${version}`);
  for (const { packageId: proxy, set, standsFor } of dependencies) {
    // Whatever the proxy turns out to be, the base is within the same set.
    if (standsFor === undefined) continue;
    const terms = [
      { positive: true, set },
      { positive: false, set },
    ];
    addIncompatibility(solver, [proxy, standsFor], terms, {
      kind: 'dependency',
      packageId: proxy,
      dependencyId: standsFor,
      note: { kind: 'proxy' },
    });
  }
  const conflict = addVersion(solver, chosen, dependencies);
  if (conflict === null) return;
  const met = { packageId, incompatibility: conflict };
  recordConflict(run.conflicts, run.packages, packageId, met);
}
