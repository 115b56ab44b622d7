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
  /** A binary heap. A package may be in it several times: the entry with its rank counts. */
  readonly heap: Entry[];
}

interface Entry {
  readonly packageId: number;
  readonly rank: Rank;
}

export function createDecisionQueue(): DecisionQueue {
  return { ranks: new Map(), changed: new Set(), heap: [] };
}

/** Takes the package that is decided next out of the queue; null when none is undecided. */
export function takeNext(
  { ranks, changed, heap }: DecisionQueue,
  isUndecided: (packageId: number) => boolean,
  rankOf: (packageId: number) => Rank,
): number | null {
  for (const packageId of changed) {
    if (!isUndecided(packageId)) continue;
    const rank = rankOf(packageId);
    ranks.set(packageId, rank);
    push(heap, { packageId, rank });
  }
  changed.clear();
  for (let next = pop(heap); next !== undefined; next = pop(heap)) {
    const { packageId, rank } = next;
    if (ranks.get(packageId) !== rank) continue;
    ranks.delete(packageId);
    if (isUndecided(packageId)) return packageId;
  }
  return null;
}

function push(heap: Entry[], entry: Entry): void {
  let at = heap.push(entry) - 1;
  while (at > 0) {
    const above = (at - 1) >> 1;
    const parent = heap[above];
    if (parent === undefined || !comesBefore(entry.rank, parent.rank)) break;
    heap[at] = parent;
    at = above;
  }
  heap[at] = entry;
}

function pop(heap: Entry[]): Entry | undefined {
  const [first] = heap;
  const last = heap.pop();
  if (last === undefined || heap.length === 0) return first;
  let at = 0;
  for (;;) {
    const below = firstBelow(heap, at);
    const child = heap[below];
    if (child === undefined || !comesBefore(child.rank, last.rank)) break;
    heap[at] = child;
    at = below;
  }
  heap[at] = last;
  return first;
}

/** Of the two entries below one, the place of the one that comes first. */
function firstBelow(heap: readonly Entry[], at: number): number {
  const left = heap[2 * at + 1];
  const right = heap[2 * at + 2];
  const isRight = left !== undefined && right !== undefined && comesBefore(right.rank, left.rank);
  return 2 * at + (isRight ? 2 : 1);
}
