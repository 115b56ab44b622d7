/** A verdict before it is told, and what is installed with what is kept. */

import type { Confidence, DistributionName, UsageEvidence, Verdict } from '../types.ts';
import type { Court } from './usage-facts.ts';

/** What is to be said of one name. */
export interface Judgement {
  readonly verdict: Verdict;
  readonly confidence: Confidence;
  readonly evidence: readonly UsageEvidence[];
  /** It is not used, but has to stay for something that it brings. */
  readonly carries?: true;
}

/** Asks about each name that has no verdict yet; null leaves it open. */
export type Settle = (judge: (name: DistributionName) => Judgement | null) => void;

/** At most so many places are kept per verdict. */
export const MOST_EVIDENCE = 5;

/** Names whose verdict keeps them in the product. */
export function keptNames(
  verdicts: ReadonlyMap<DistributionName, Judgement>,
): ReadonlySet<DistributionName> {
  const names = new Set<DistributionName>();
  for (const [name, { verdict, carries }] of verdicts)
    if (carries === true || !['dev-only', 'unused', 'unknown'].includes(verdict)) names.add(name);
  return names;
}

/** All that is installed with the given names, themselves included. */
export function reachableFrom(
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
export function requirersOf(
  court: Court,
  name: DistributionName,
  among: ReadonlySet<DistributionName>,
): string {
  const requirers = [...among]
    .filter((other) => other !== name && court.dependencies.get(other)?.includes(name) === true)
    .toSorted();
  return requirers.slice(0, 3).join(', ');
}
