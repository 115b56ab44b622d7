import { formatSpecifiers, isSingletonSpecifiers, specifierContains } from '../pep/specifier.ts';
import type { DeclaredRequirement } from '../types.ts';
import type { Drift } from './project.ts';

/** A file's main set, for comparing. */
export interface DeclaredSet {
  readonly path: string;
  readonly requirements: readonly DeclaredRequirement[];
}

/** What two files of one project declare differently, null where they agree. A pin inside the range of the other file agrees. */
export function findDrift(primary: DeclaredSet, other: DeclaredSet): Drift | null {
  const inPrimary = byName(primary.requirements);
  const inOther = byName(other.requirements);
  const onlyInPrimary = primary.requirements.filter(
    ({ requirement }) => !inOther.has(requirement.name),
  );
  const onlyInOther = other.requirements.filter(
    ({ requirement }) => !inPrimary.has(requirement.name),
  );
  const different: {
    readonly primary: DeclaredRequirement;
    readonly other: DeclaredRequirement;
  }[] = [];
  for (const [name, mine] of inPrimary) {
    const theirs = inOther.get(name);
    if (theirs !== undefined && !agree(mine, theirs))
      different.push({ primary: mine, other: theirs });
  }
  if (onlyInPrimary.length + onlyInOther.length + different.length === 0) return null;
  return { primary: primary.path, other: other.path, onlyInPrimary, onlyInOther, different };
}

function byName(
  requirements: readonly DeclaredRequirement[],
): ReadonlyMap<string, DeclaredRequirement> {
  const map = new Map<string, DeclaredRequirement>();
  for (const declared of requirements)
    if (!map.has(declared.requirement.name)) map.set(declared.requirement.name, declared);
  return map;
}

function agree(a: DeclaredRequirement, b: DeclaredRequirement): boolean {
  if (a.requirement.url !== b.requirement.url) return false;
  const left = a.requirement.specifiers;
  const right = b.requirement.specifiers;
  if (left.length === 0 || right.length === 0 || formatSpecifiers(left) === formatSpecifiers(right))
    return true;
  const pinLeft = isSingletonSpecifiers(left) ? (left[0]?.version ?? null) : null;
  const pinRight = isSingletonSpecifiers(right) ? (right[0]?.version ?? null) : null;
  if (pinLeft !== null && specifierContains(right, pinLeft)) return true;
  return pinRight !== null && specifierContains(left, pinRight);
}
