/**
 * Who rejects whom, counted, so that names which keep losing are decided earlier (as uv, which moves them after five
 * times): otherwise a search goes through all versions of a name before it looks at the one that excludes them.
 */
import type { DistributionName } from '../types.ts';
import type { PackageStore } from './packages.ts';
import { packageOf } from './packages.ts';
import type { Priorities } from './priorities.ts';
import { markConflictEarly, markConflictLate } from './priorities.ts';
import type { ResolvedConflict, Solver } from './solver.ts';
import { backtrackPackage } from './solver.ts';

/** The mutable counters. */
export interface ConflictTracker {
  readonly affected: Map<number, number>;
  readonly culprits: Map<number, number>;
  readonly raise: number[];
  readonly lower: number[];
}

export function createConflictTracker(): ConflictTracker {
  return { affected: new Map(), culprits: new Map(), raise: [], lower: [] };
}

const conflictThreshold = 5;

/** Counts a conflict that was met when `next` was being decided, and that was traced to another package or to it. */
export function recordConflict<Note>(
  tracker: ConflictTracker,
  packages: PackageStore,
  next: number,
  { packageId: affected, incompatibility }: ResolvedConflict<Note>,
): void {
  const { name } = packageOf(packages, affected);
  let isReal = false;
  for (const packageId of incompatibility.packages) {
    if (packageId === affected || packageOf(packages, packageId).name === name) continue;
    isReal = true;
    if (increase(tracker.culprits, packageId) === conflictThreshold) tracker.lower.push(packageId);
  }
  if (isReal && increase(tracker.affected, next) === conflictThreshold) tracker.raise.push(next);
}

function increase(counts: Map<number, number>, packageId: number): number {
  const count = (counts.get(packageId) ?? 0) + 1;
  counts.set(packageId, count);
  return count;
}

/** Moves the names that were counted often enough, and takes back the decision on those that got others rejected. */
export function reprioritize<Note>(
  { raise, lower }: ConflictTracker,
  packages: PackageStore,
  priorities: Priorities,
  solver: Solver<Note>,
): void {
  for (const packageId of raise.splice(0)) {
    const { name } = packageOf(packages, packageId);
    if (name !== '') markConflictEarly(priorities, name);
  }
  for (const packageId of lower.splice(0)) {
    const { name } = packageOf(packages, packageId);
    if (name !== '' && markConflictLate(priorities, name)) backtrackPackage(solver, packageId);
  }
}

/** How often versions of each name were rejected. */
export function rejectionsOf(
  { affected }: ConflictTracker,
  packages: PackageStore,
): ReadonlyMap<DistributionName, number> {
  const rejections = new Map<DistributionName, number>();
  for (const [packageId, count] of affected) {
    const { name } = packageOf(packages, packageId);
    if (name !== '') rejections.set(name, (rejections.get(name) ?? 0) + count);
  }
  return rejections;
}
