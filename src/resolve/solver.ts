/**
 * The core of PubGrub: unit propagation, conflict resolution and backtracking over numbered packages. It knows nothing
 * of Python: `search.ts` feeds it with dependencies and decides which package comes next.
 *
 * Two choices follow uv, because the order in which conflicts are found decides which of several valid answers comes
 * out: the newest incompatibility is looked at first, and dependencies of adjacent versions are merged.
 */
import type { Cause, Incompatibility, Term } from './incompatibility.ts';
import { intersectTerms, isAnyTerm, relateTerm, termOn, uniteTerms } from './incompatibility.ts';
import type { Moment, PartialSolution } from './partial-solution.ts';
import {
  addDecision,
  addDerivation,
  backtrack,
  createPartialSolution,
  findSatisfier,
  hasBacktracked,
  knownTerm,
  momentOf,
  relate,
  stillStands,
} from './partial-solution.ts';
import type { VersionSet } from './version-set.ts';
import { isEmptySet, singleSet, uniteSets } from './version-set.ts';

/** The number of the root package, whose only version is 0. */
export const rootPackage = 0;

/** One dependency of a version: a package and the versions of it that do. */
export interface SolverDependency<Note> {
  readonly packageId: number;
  readonly set: VersionSet;
  readonly note: Note;
}

/** One step in resolving a conflict: the package it was traced to and the incompatibility that was learned. */
export interface ResolvedConflict<Note> {
  readonly packageId: number;
  readonly incompatibility: Incompatibility<Note>;
}

/** The mutable state of a run. Only the functions of this file change it. */
export interface Solver<Note> {
  readonly solution: PartialSolution<Note>;
  readonly byPackage: Map<number, Incompatibility<Note>[]>;
  /** Incompatibilities that cannot matter until something is undone that was known then. */
  readonly contradicted: Map<number, Moment>;
  /** Dependencies by `from:to:set`, so that equal ones of several versions become one. */
  readonly merged: Map<string, Incompatibility<Note>>;
  nextId: number;
  /** Incompatibilities looked at so far: what a search costs, the same on every machine. */
  steps: number;
}

/** No assignment satisfies all requirements; the incompatibility is the root of the derivation. */
export class NoSolutionError<Note> extends Error {
  readonly incompatibility: Incompatibility<Note>;
  constructor(incompatibility: Incompatibility<Note>) {
    super('No solution');
    this.name = 'NoSolutionError';
    this.incompatibility = incompatibility;
  }
}

/** A solver that knows only that the root must be selected. */
export function createSolver<Note>(): Solver<Note> {
  const solver: Solver<Note> = {
    solution: createPartialSolution<Note>(),
    byPackage: new Map(),
    contradicted: new Map(),
    merged: new Map(),
    nextId: 0,
    steps: 0,
  };
  addIncompatibility(solver, [rootPackage], [{ positive: false, set: singleSet(0) }], {
    kind: 'root',
  });
  return solver;
}

/** Records that the terms cannot all hold. */
export function addIncompatibility<Note>(
  solver: Solver<Note>,
  packages: readonly number[],
  terms: readonly Term[],
  cause: Cause<Note>,
): Incompatibility<Note> {
  const incompatibility = { id: solver.nextId++, packages, terms, cause };
  register(solver, incompatibility);
  return incompatibility;
}

/** A version that is about to be decided for. */
export interface SolverVersion {
  readonly packageId: number;
  readonly version: number;
  /** The version, and what around it nobody can choose: what holds for it is said of all of that. */
  readonly around: VersionSet;
}

/**
 * Records the dependencies of a version and decides for it, unless one of them contradicts what is known: then the
 * version is left undecided and the incompatibility is returned.
 */
export function addVersion<Note>(
  solver: Solver<Note>,
  chosen: SolverVersion,
  dependencies: readonly SolverDependency<Note>[],
): Incompatibility<Note> | null {
  const { packageId, version, around } = chosen;
  const added = dependencies.map((dependency) =>
    addDependency(solver, packageId, around, dependency),
  );
  // Before the first conflict a contradiction is unlikely and undoing this one decision is cheap (as pubgrub-rs).
  if (hasBacktracked(solver.solution)) {
    const exact: Term = { positive: true, set: singleSet(version) };
    const conflict = added.find((incompatibility) =>
      isSatisfiedWith(solver, incompatibility, packageId, exact),
    );
    if (conflict !== undefined) return conflict;
  }
  addDecision(solver.solution, packageId, version);
  return null;
}

/** Follows all consequences of a change to a package. Throws NoSolutionError. */
export function propagate<Note>(
  solver: Solver<Note>,
  changedPackage: number,
): readonly ResolvedConflict<Note>[] {
  const conflicts: ResolvedConflict<Note>[] = [];
  const changed = [changedPackage];
  for (let current = changed.pop(); current !== undefined; current = changed.pop()) {
    const conflict = propagatePackage(solver, current, changed);
    if (conflict === null) continue;
    const learned = resolveConflict(solver, conflict, conflicts);
    changed.length = 0;
    changed.push(learned.packageId);
    addDerivation(solver.solution, learned.packageId, learned.incompatibility);
    solver.contradicted.set(learned.incompatibility.id, momentOf(solver.solution));
  }
  return conflicts;
}

/** Goes back to before the decision on a package. False when it is not decided. */
export function backtrackPackage<Note>(solver: Solver<Note>, packageId: number): boolean {
  const at = solver.solution.decisions.indexOf(packageId);
  if (at < 0) return false;
  backtrack(solver.solution, at);
  return true;
}

function propagatePackage<Note>(
  solver: Solver<Note>,
  packageId: number,
  changed: number[],
): Incompatibility<Note> | null {
  const incompatibilities = solver.byPackage.get(packageId) ?? [];
  for (let at = incompatibilities.length - 1; at >= 0; at--) {
    const incompatibility = incompatibilities[at];
    if (incompatibility === undefined) continue;
    const since = solver.contradicted.get(incompatibility.id);
    if (since !== undefined && stillStands(solver.solution, since)) continue;
    solver.steps++;
    const { relation, packageId: other } = relate(solver.solution, incompatibility);
    if (relation === 'satisfied') return incompatibility;
    if (relation === 'inconclusive') continue;
    if (relation === 'almost') {
      if (!changed.includes(other)) changed.push(other);
      addDerivation(solver.solution, other, incompatibility);
    }
    solver.contradicted.set(incompatibility.id, momentOf(solver.solution));
  }
  return null;
}

/** Learns from a conflict until going back resolves it; each fact on the way is put down in `learned`. */
function resolveConflict<Note>(
  solver: Solver<Note>,
  conflict: Incompatibility<Note>,
  learned: ResolvedConflict<Note>[],
): ResolvedConflict<Note> {
  let current = conflict;
  while (!isTerminal(current)) {
    const { packageId, previousLevel, cause } = findSatisfier(solver.solution, current);
    if (cause === null) {
      backtrack(solver.solution, previousLevel);
      if (current !== conflict) register(solver, current);
      const last = { packageId, incompatibility: current };
      learned.push(last);
      return last;
    }
    current = priorCause(solver, current, cause, packageId);
    learned.push({ packageId, incompatibility: current });
  }
  throw new NoSolutionError(current);
}

/** The rule of resolution: what follows from both, without the term on which they clash. */
function priorCause<Note>(
  solver: Solver<Note>,
  left: Incompatibility<Note>,
  right: Incompatibility<Note>,
  packageId: number,
): Incompatibility<Note> {
  const packages: number[] = [];
  const terms: Term[] = [];
  const put = (other: number, term: Term): void => {
    const at = packages.indexOf(other);
    const existing = terms[at];
    if (existing === undefined) {
      packages.push(other);
      terms.push(term);
    } else {
      terms[at] = intersectTerms(existing, term);
    }
  };
  for (const incompatibility of [left, right]) {
    incompatibility.packages.forEach((other, at) => {
      const term = incompatibility.terms[at];
      if (other !== packageId && term !== undefined) put(other, term);
    });
  }
  const leftTerm = termOn(left, packageId);
  const rightTerm = termOn(right, packageId);
  if (leftTerm !== undefined && rightTerm !== undefined) {
    const united = uniteTerms(leftTerm, rightTerm);
    if (!isAnyTerm(united)) put(packageId, united);
  }
  return { id: solver.nextId++, packages, terms, cause: { kind: 'derived', left, right } };
}

function isTerminal<Note>(incompatibility: Incompatibility<Note>): boolean {
  const [first, ...others] = incompatibility.packages;
  if (first === undefined) return true;
  return (
    others.length === 0 && first === rootPackage && incompatibility.terms[0]?.positive === true
  );
}

function addDependency<Note>(
  solver: Solver<Note>,
  packageId: number,
  versions: VersionSet,
  dependency: SolverDependency<Note>,
): Incompatibility<Note> {
  const cause: Cause<Note> = {
    kind: 'dependency',
    packageId,
    dependencyId: dependency.packageId,
    note: dependency.note,
  };
  const from: Term = { positive: true, set: versions };
  if (isEmptySet(dependency.set)) return addIncompatibility(solver, [packageId], [from], cause);
  const to: Term = { positive: false, set: dependency.set };
  return addIncompatibility(solver, [packageId, dependency.packageId], [from, to], cause);
}

/** Puts an incompatibility where propagation finds it, in place of an older one that it can be merged with. */
function register<Note>(solver: Solver<Note>, incompatibility: Incompatibility<Note>): void {
  const registered = mergeDependents(solver, incompatibility);
  for (const packageId of registered.packages) {
    const list = solver.byPackage.get(packageId);
    if (list === undefined) solver.byPackage.set(packageId, [registered]);
    else list.push(registered);
  }
}

function mergeDependents<Note>(
  solver: Solver<Note>,
  incompatibility: Incompatibility<Note>,
): Incompatibility<Note> {
  const { cause } = incompatibility;
  if (cause.kind !== 'dependency') return incompatibility;
  const key = `${cause.packageId}:${cause.dependencyId}:${incompatibility.terms[1]?.set.join() ?? ''}`;
  const past = solver.merged.get(key);
  if (past === undefined) {
    solver.merged.set(key, incompatibility);
    return incompatibility;
  }
  const [pastFrom, ...rest] = past.terms;
  const [from] = incompatibility.terms;
  if (pastFrom === undefined || from === undefined) return incompatibility;
  const terms = [{ positive: true, set: uniteSets(pastFrom.set, from.set) }, ...rest];
  const merged = { id: solver.nextId++, packages: past.packages, terms, cause: past.cause };
  for (const packageId of past.packages) {
    const list = solver.byPackage.get(packageId) ?? [];
    const position = list.indexOf(past);
    if (position >= 0) list.splice(position, 1);
  }
  solver.merged.set(key, merged);
  return merged;
}

function isSatisfiedWith<Note>(
  solver: Solver<Note>,
  incompatibility: Incompatibility<Note>,
  packageId: number,
  exact: Term,
): boolean {
  return incompatibility.packages.every((other, at) => {
    const term = incompatibility.terms[at];
    const known = other === packageId ? exact : knownTerm(solver.solution, other);
    return term !== undefined && known !== undefined && relateTerm(known, term) === 'satisfied';
  });
}
