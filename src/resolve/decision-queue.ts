/**
 * The packages that wait for a decision, each with the rank that it had when what is known of it changed last. As in uv:
 * a name that moves up or down later moves only those packages of it that something new is learned about.
 */
import type { Rank } from './priorities.ts';
import { comesBefore } from './priorities.ts';

/** The mutable state of a queue. */
export interface DecisionQueue {
  readonly ranks: Map<number, Rank>;
  /** Packages whose rank has to be looked up again. */
  readonly changed: Set<number>;
}

export function createDecisionQueue(): DecisionQueue {
  return { ranks: new Map(), changed: new Set() };
}

/** Takes the package that is decided next out of the queue; null when none is undecided. */
export function takeNext(
  { ranks, changed }: DecisionQueue,
  isUndecided: (packageId: number) => boolean,
  rankOf: (packageId: number) => Rank,
): number | null {
  for (const packageId of changed) {
    if (isUndecided(packageId)) ranks.set(packageId, rankOf(packageId));
  }
  changed.clear();
  for (;;) {
    let next: number | null = null;
    let best: Rank | null = null;
    for (const [packageId, rank] of ranks) {
      if (best !== null && !comesBefore(rank, best)) continue;
      next = packageId;
      best = rank;
    }
    if (next === null) return null;
    ranks.delete(next);
    if (isUndecided(next)) return next;
  }
}
