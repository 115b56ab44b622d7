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
/** Of what only serves to tell a conflict. */
const first = 5;

interface NameRank {
  readonly order: number;
  level: number;
}

/** The place of a package among those that wait for a decision. */
export interface Rank {
  readonly level: number;
  /** Of the discovery of its name, then of the package. */
  readonly order: number;
  readonly packageOrder: number;
}

/** The rank of what is looked at before everything else. */
export const firstRank: Rank = { level: first, order: 0, packageOrder: 0 };

/** Ranks by name, and the order of discovery of packages (a name and its extras) as tie-breaker. */
export interface Priorities {
  readonly byName: Map<DistributionName, NameRank>;
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
  // As in uv: a name in conflict stays where it is, until somebody pins it.
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

/** The rank of a package at this time. */
export function rankOf(
  { byName, byPackage }: Priorities,
  packageId: number,
  name: DistributionName,
): Rank {
  const rank = byName.get(name);
  return {
    level: rank?.level ?? unspecified,
    order: rank?.order ?? Number.MAX_SAFE_INTEGER,
    packageOrder: byPackage.get(packageId) ?? Number.MAX_SAFE_INTEGER,
  };
}

/** Whether `left` is decided before `right`. */
export function comesBefore(left: Rank, right: Rank): boolean {
  if (left.level !== right.level) return left.level > right.level;
  if (left.order !== right.order) return left.order < right.order;
  return left.packageOrder < right.packageOrder;
}
