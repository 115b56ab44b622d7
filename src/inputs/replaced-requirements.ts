/**
 * Requirements of later commands of an image that rule out what earlier ones asked for. pip resolves each command by itself:
 * it replaces what is there, and only warns where that is wanted otherwise.
 */
import { specifierContains } from '../pep/specifier.ts';
import type { DeclaredRequirement, Requirement } from '../types.ts';
import { excludeEachOther } from './version-ranges.ts';

/** What some command asks for, by its place among the commands. */
export interface CommandRequirement {
  readonly command: number;
  readonly declared: DeclaredRequirement;
}

/** The last of each name that an earlier command would not allow; these stand, whatever wants it otherwise. */
export function findReplacing(
  asked: readonly CommandRequirement[],
): readonly DeclaredRequirement[] {
  const replacing = new Map<string, DeclaredRequirement>();
  for (const { command, declared } of asked.toSorted((a, b) => a.command - b.command)) {
    const { name } = declared.requirement;
    const isAgainst = asked.some(
      (earlier) =>
        earlier.command < command &&
        earlier.declared.requirement.name === name &&
        areAgainst(earlier.declared.requirement, declared.requirement),
    );
    if (isAgainst) replacing.set(name, declared);
  }
  return [...replacing.values()];
}

/** No version satisfies both. Of two with markers of their own nobody knows whether they meet. */
export function areAgainst(one: Requirement, other: Requirement): boolean {
  if (one.markerText !== other.markerText) return false;
  return (
    excludesPin(one, other) ||
    excludesPin(other, one) ||
    excludeEachOther(one.specifiers, other.specifiers)
  );
}

function excludesPin(one: Requirement, { specifiers }: Requirement): boolean {
  const pin = specifiers.find(
    ({ operator, wildcard }) => (operator === '==' && !wildcard) || operator === '===',
  );
  return (
    pin?.version !== null && pin !== undefined && !specifierContains(one.specifiers, pin.version)
  );
}
