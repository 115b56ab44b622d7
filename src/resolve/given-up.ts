/** A search that took too long: whether there is a solution is not known, and what is known is said. */
import type { DeclaredRequirement, DistributionName } from '../types.ts';
import type { Conflict } from './conflict.ts';

/** The search took more steps than it is allowed. */
export class SearchGivenUpError extends Error {
  readonly steps: number;
  constructor(steps: number) {
    super('The search was given up');
    this.name = 'SearchGivenUpError';
    this.steps = steps;
  }
}

const mostNames = 3;

/** The names that were rejected most often, and what the user says of them. */
export function explainGivenUp(
  steps: number,
  rejections: ReadonlyMap<DistributionName, number>,
  requirements: readonly DeclaredRequirement[],
): Conflict {
  const names = [...rejections]
    .toSorted(([, left], [, right]) => right - left)
    .slice(0, mostNames)
    .map(([name]) => name);
  const named = new Set<string>(names);
  return {
    message: `no set of versions was found in ${steps} steps, and the search was given up; what was rejected most often: ${names.join(', ')}`,
    hint: 'pin some of these, or narrow what is asked of them',
    requirements: requirements.filter(({ requirement }) => named.has(requirement.name)),
  };
}
