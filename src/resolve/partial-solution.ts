/**
 * What the solver has decided and derived so far, in order, with the decision level of each assignment, so that a
 * conflict can be traced to its first cause and undone (PubGrub, "Partial solution").
 */
import type { Incompatibility, Relation, Term } from './incompatibility.ts';
import type { DecisionQueue } from './decision-queue.ts';
import { createDecisionQueue } from './decision-queue.ts';
import { intersectTerms, negateTerm, relateTerm, termOn } from './incompatibility.ts';
import { singleSet } from './version-set.ts';

interface Derivation<Note> {
  readonly order: number;
  readonly level: number;
  readonly cause: Incompatibility<Note>;
  /** Intersection of this and all earlier derivations of the package. */
  readonly accumulated: Term;
}

interface Assignment<Note> {
  readonly derivations: Derivation<Note>[];
  smallestLevel: number;
  highestLevel: number;
  /** Index of the version that was decided, or -1. */
  decision: number;
  decisionOrder: number;
  term: Term;
}

/** The mutable state of a partial solution. Only the functions of this file change it. */
export interface PartialSolution<Note> {
  readonly assignments: Map<number, Assignment<Note>>;
  /** Packages in the order of their decision. */
  readonly decisions: number[];
  level: number;
  nextOrder: number;
  /** What waits for a decision. */
  readonly waiting: DecisionQueue;
  /** For each time that decisions were undone, the highest level that has stood ever since. */
  readonly lastValidLevels: number[];
}

export function createPartialSolution<Note>(): PartialSolution<Note> {
  return {
    assignments: new Map(),
    decisions: [],
    level: 0,
    nextOrder: 0,
    waiting: createDecisionQueue(),
    lastValidLevels: [],
  };
}

/** True once a decision was undone. */
export function hasBacktracked<Note>({ lastValidLevels }: PartialSolution<Note>): boolean {
  return lastValidLevels.length > 0;
}

/** A time in the history of a solution. */
export interface Moment {
  readonly level: number;
  /** How often decisions had been undone. */
  readonly generation: number;
}

export function momentOf<Note>({ level, lastValidLevels }: PartialSolution<Note>): Moment {
  return { level, generation: lastValidLevels.length };
}

/** True while nothing of what was known at that time was undone. */
export function stillStands<Note>(
  { lastValidLevels }: PartialSolution<Note>,
  { level, generation }: Moment,
): boolean {
  const valid = lastValidLevels[generation];
  return valid === undefined || level <= valid;
}

/** What is known of a package, undefined when nothing is. */
export function knownTerm<Note>(
  solution: PartialSolution<Note>,
  packageId: number,
): Term | undefined {
  return solution.assignments.get(packageId)?.term;
}

/** Index of the decided version, undefined when the package is not decided. */
export function decidedVersion<Note>(
  solution: PartialSolution<Note>,
  packageId: number,
): number | undefined {
  const assignment = solution.assignments.get(packageId);
  return assignment === undefined || assignment.decision < 0 ? undefined : assignment.decision;
}

export function addDecision<Note>(
  solution: PartialSolution<Note>,
  packageId: number,
  version: number,
): void {
  const assignment = solution.assignments.get(packageId);
  if (assignment === undefined)
    throw new Error('A package is decided before anything asked for it');
  solution.level += 1;
  solution.decisions.push(packageId);
  assignment.decision = version;
  assignment.decisionOrder = solution.nextOrder++;
  assignment.highestLevel = solution.level;
  assignment.term = { positive: true, set: singleSet(version) };
}

export function addDerivation<Note>(
  solution: PartialSolution<Note>,
  packageId: number,
  cause: Incompatibility<Note>,
): void {
  const causeTerm = termOn(cause, packageId);
  if (causeTerm === undefined) throw new Error('A derivation without a term on its package');
  const derived = negateTerm(causeTerm);
  const order = solution.nextOrder++;
  const existing = solution.assignments.get(packageId);
  const accumulated = existing === undefined ? derived : intersectTerms(existing.term, derived);
  const derivation = { order, level: solution.level, cause, accumulated };
  if (accumulated.positive) solution.waiting.changed.add(packageId);
  if (existing !== undefined) {
    existing.derivations.push(derivation);
    existing.highestLevel = solution.level;
    existing.term = accumulated;
    return;
  }
  solution.assignments.set(packageId, {
    derivations: [derivation],
    smallestLevel: solution.level,
    highestLevel: solution.level,
    decision: -1,
    decisionOrder: -1,
    term: accumulated,
  });
}

/** True for a package that has to be there and is not decided. */
export function isUndecided<Note>(solution: PartialSolution<Note>, packageId: number): boolean {
  const assignment = solution.assignments.get(packageId);
  return assignment !== undefined && assignment.decision < 0 && assignment.term.positive;
}

/** Undoes everything above a decision level. */
export function backtrack<Note>(solution: PartialSolution<Note>, level: number): void {
  solution.level = level;
  solution.decisions.length = level;
  for (const [packageId, assignment] of solution.assignments) {
    if (assignment.smallestLevel > level) {
      solution.assignments.delete(packageId);
      continue;
    }
    const { changed, ranks } = solution.waiting;
    if (assignment.highestLevel <= level) {
      if (assignment.decision < 0 && assignment.term.positive && !ranks.has(packageId))
        changed.add(packageId);
      continue;
    }
    const { derivations } = assignment;
    while ((derivations.at(-1)?.level ?? level) > level) derivations.pop();
    const last = derivations.at(-1);
    if (last === undefined) throw new Error('A package lost its first derivation');
    assignment.decision = -1;
    assignment.decisionOrder = -1;
    assignment.highestLevel = last.level;
    assignment.term = last.accumulated;
    ranks.delete(packageId);
    if (last.accumulated.positive) changed.add(packageId);
  }
  const { lastValidLevels } = solution;
  for (let at = lastValidLevels.length - 1; at >= 0; at--) {
    if ((lastValidLevels[at] ?? 0) <= level) break;
    lastValidLevels[at] = level;
  }
  lastValidLevels.push(level);
}

/** How an incompatibility relates to what is known; `almost` names the one package that keeps it from being satisfied. */
export function relate<Note>(
  solution: PartialSolution<Note>,
  incompatibility: Incompatibility<Note>,
): { readonly relation: Relation | 'almost'; readonly packageId: number } {
  let almost = -1;
  for (let at = 0; at < incompatibility.packages.length; at++) {
    const packageId = incompatibility.packages[at] ?? -1;
    const term = incompatibility.terms[at];
    const known = knownTerm(solution, packageId);
    const relation =
      known === undefined || term === undefined ? 'inconclusive' : relateTerm(known, term);
    if (relation === 'satisfied') continue;
    if (relation === 'contradicted') return { relation: 'contradicted', packageId };
    if (almost >= 0) return { relation: 'inconclusive', packageId };
    almost = packageId;
  }
  return almost < 0
    ? { relation: 'satisfied', packageId: -1 }
    : { relation: 'almost', packageId: almost };
}

interface Satisfier<Note> {
  readonly packageId: number;
  readonly cause: Incompatibility<Note> | null;
  readonly order: number;
  readonly level: number;
}

/** Where the conflict came from: the last assignment that made it, and the level at which all others held already. */
export interface SatisfierSearch<Note> {
  readonly packageId: number;
  /** Level to go back to; equal to the satisfier's own level when `cause` has to be resolved first. */
  readonly previousLevel: number;
  /** null when the satisfier is the first at its level: going back is right. */
  readonly cause: Incompatibility<Note> | null;
}

/** Finds the satisfier of a satisfied incompatibility and the level before it. */
export function findSatisfier<Note>(
  solution: PartialSolution<Note>,
  incompatibility: Incompatibility<Note>,
): SatisfierSearch<Note> {
  const satisfiers: Satisfier<Note>[] = [];
  for (const packageId of incompatibility.packages) {
    satisfiers.push(satisfierOf(solution, packageId, termOf(incompatibility, packageId), null));
  }
  let last = satisfiers[0];
  for (const satisfier of satisfiers)
    if (last === undefined || satisfier.order > last.order) last = satisfier;
  if (last === undefined) throw new Error('An incompatibility without terms');
  // The part of the term that the satisfier alone does not explain was explained by an earlier assignment.
  let previousLevel = 1;
  for (const satisfier of satisfiers) {
    if (satisfier !== last) previousLevel = Math.max(previousLevel, satisfier.level);
  }
  const alone = satisfierAlone(solution, last);
  const earlier = satisfierOf(
    solution,
    last.packageId,
    termOf(incompatibility, last.packageId),
    alone,
  );
  previousLevel = Math.max(previousLevel, earlier.level);
  if (previousLevel < last.level) return { packageId: last.packageId, previousLevel, cause: null };
  if (last.cause === null) throw new Error('A decision satisfies a conflict at its own level');
  return { packageId: last.packageId, previousLevel, cause: last.cause };
}

/** What the satisfier itself says: the decided version, or the negation of its cause. */
function satisfierAlone<Note>(solution: PartialSolution<Note>, satisfier: Satisfier<Note>): Term {
  if (satisfier.cause !== null) return negateTerm(termOf(satisfier.cause, satisfier.packageId));
  const version = decidedVersion(solution, satisfier.packageId);
  if (version === undefined) throw new Error('A satisfier without cause is a decision');
  return { positive: true, set: singleSet(version) };
}

/** The first assignment of a package from which on (with `start` added) the term is satisfied. */
function satisfierOf<Note>(
  solution: PartialSolution<Note>,
  packageId: number,
  term: Term,
  start: Term | null,
): Satisfier<Note> {
  const assignment = solution.assignments.get(packageId);
  if (assignment === undefined) throw new Error('A satisfied term on an unknown package');
  for (const derivation of assignment.derivations) {
    const known =
      start === null ? derivation.accumulated : intersectTerms(derivation.accumulated, start);
    if (relateTerm(known, term) === 'satisfied') {
      return {
        packageId,
        cause: derivation.cause,
        order: derivation.order,
        level: derivation.level,
      };
    }
  }
  return {
    packageId,
    cause: null,
    order: assignment.decisionOrder,
    level: assignment.highestLevel,
  };
}

function termOf<Note>(incompatibility: Incompatibility<Note>, packageId: number): Term {
  const term = termOn(incompatibility, packageId);
  if (term === undefined) throw new Error('An incompatibility without the term that was asked for');
  return term;
}
