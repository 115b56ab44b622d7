/**
 * Which undecided package is decided next. As uv: pinned ones before those in conflict before all others, in order of
 * discovery; a package that keeps losing moves up, one that keeps getting others rejected moves behind it.
 */
import type { DistributionName } from '../types.ts';

const unspecified = 0;
const conflictLate = 1;
const conflictEarly = 2;
const singleton = 3;
const direct = 4;

interface Rank {
  readonly order: number;
  level: number;
}

/** Ranks by name, and the order of discovery of packages (a name and its extras) as tie-breaker. */
export interface Priorities {
  readonly byName: Map<DistributionName, Rank>;
  readonly byPackage: Map<number, number>;
}

export function createPriorities(): Priorities {
  return { byName: new Map(), byPackage: new Map() };
}

/** How a package was asked for. */
export type Demand = 'direct' | 'singleton' | 'other';

/** Records that a package was asked for. */
export function discover(
  priorities: Priorities,
  packageId: number,
  name: DistributionName,
  demand: Demand,
): void {
  if (!priorities.byPackage.has(packageId))
    priorities.byPackage.set(packageId, priorities.byPackage.size);
  const level = demand === 'direct' ? direct : demand === 'singleton' ? singleton : unspecified;
  const rank = priorities.byName.get(name);
  if (rank === undefined) priorities.byName.set(name, { order: priorities.byName.size, level });
  else if (level > rank.level) rank.level = level;
}

/** Moves a name up that was often rejected. False when it was there before. */
export function markConflictEarly(priorities: Priorities, name: DistributionName): boolean {
  return mark(priorities, name, conflictEarly, (level) => level === conflictEarly);
}

/** Moves a name that often got others rejected behind those. False when it was there or further up. */
export function markConflictLate(priorities: Priorities, name: DistributionName): boolean {
  return mark(
    priorities,
    name,
    conflictLate,
    (level) => level === conflictLate || level === conflictEarly,
  );
}

function mark(
  priorities: Priorities,
  name: DistributionName,
  to: number,
  isThere: (level: number) => boolean,
): boolean {
  const rank = priorities.byName.get(name);
  if (rank === undefined || isThere(rank.level)) return false;
  rank.level = to;
  return true;
}

/** Whether `left` is decided before `right`. */
export function comesBefore(
  priorities: Priorities,
  left: { readonly packageId: number; readonly name: DistributionName },
  right: { readonly packageId: number; readonly name: DistributionName },
): boolean {
  const a = priorities.byName.get(left.name);
  const b = priorities.byName.get(right.name);
  const levels = (a?.level ?? unspecified) - (b?.level ?? unspecified);
  if (levels !== 0) return levels > 0;
  const orders = (a?.order ?? Number.MAX_SAFE_INTEGER) - (b?.order ?? Number.MAX_SAFE_INTEGER);
  if (orders !== 0) return orders < 0;
  const early = priorities.byPackage.get(left.packageId) ?? Number.MAX_SAFE_INTEGER;
  return early < (priorities.byPackage.get(right.packageId) ?? Number.MAX_SAFE_INTEGER);
}
