/**
 * What a right set of distributions is, said a second time and as plainly as possible: each requirement in force is met,
 * each Python is right, and nothing is there that nobody asks for. Shares nothing with `src/resolve`.
 */
import { evaluateMarker, markerExtras } from '../../src/pep/marker.ts';
import { specifierContains } from '../../src/pep/specifier.ts';
import { parseVersion } from '../../src/pep/version.ts';
import type { MarkerEnvironment, Requirement } from '../../src/types.ts';

/** A set that somebody says is a solution. */
export interface ProposedSet {
  readonly roots: readonly Requirement[];
  readonly constraints?: readonly Requirement[];
  /** What is asked of these names is replaced by these. */
  readonly overrides?: readonly Requirement[];
  readonly markers: MarkerEnvironment;
  readonly members: readonly ProposedMember[];
}

export interface ProposedMember {
  readonly name: string;
  readonly version: string;
  /** Those in force. */
  readonly extras: readonly string[];
  /** All that its metadata asks for. */
  readonly requires: readonly Requirement[];
  readonly requiresPython?: string | null;
  /** No more is known of it than that it is wanted: every requirement on it is met. */
  readonly isLeaf?: boolean;
}

/** What is wrong with a set, in sentences; none where it is right. */
export function faultsOf(set: ProposedSet): readonly string[] {
  const wanted = wantedOf(set);
  return [
    ...new Set([
      ...wanted.faults,
      ...set.members.flatMap((member) => [
        ...pythonFaults(member, set.markers),
        ...presenceFaults(member, wanted),
        ...constraintFaults(member, set),
      ]),
    ]),
  ];
}

interface Wanted {
  /** Extras by name, of every name that somebody asks for. */
  readonly extras: ReadonlyMap<string, ReadonlySet<string>>;
  /** `name[extra]`, save those that a distribution asks of itself: they are unfolded, not listed. */
  readonly byOthers: ReadonlySet<string>;
  readonly faults: readonly string[];
}

/** What the input and the members ask for, until nothing new turns up: an extra brings requirements of its own. */
function wantedOf(set: ProposedSet): Wanted {
  const { markers, members } = set;
  const byName = new Map(members.map((member) => [member.name, member]));
  const extras = new Map<string, Set<string>>();
  const byOthers = new Set<string>();
  const faults: string[] = [];
  const demand = (requirement: Requirement, by: string, from: string | null): void => {
    const { name } = requirement;
    const found = byName.get(name);
    if (found === undefined) faults.push(`${by} needs ${name}, which is not there`);
    else if (found.isLeaf !== true && !admits(requirement, found.version))
      faults.push(`${by} is not satisfied by ${name} ${found.version}`);
    const known = extras.get(name) ?? new Set<string>();
    extras.set(name, known);
    for (const extra of requirement.extras) {
      known.add(extra);
      if (from !== name) byOthers.add(`${name}[${extra}]`);
    }
  };
  for (const requirement of inForce(set.roots, [], set)) demand(requirement, 'the input', null);
  for (let before = -1, count = 0; before !== count;) {
    before = count;
    for (const [name, asked] of [...extras]) {
      const member = byName.get(name);
      for (const requirement of inForce(member?.requires ?? [], [...asked], { ...set, markers }))
        demand(requirement, `${name} ${member?.version ?? ''}`, name);
    }
    count = [...extras.values()].reduce((sum, asked) => sum + 1 + asked.size, 0);
  }
  return { extras, byOthers, faults };
}

function inForce(
  requirements: readonly Requirement[],
  extras: readonly string[],
  { markers, overrides = [] }: Pick<ProposedSet, 'markers' | 'overrides'>,
): readonly Requirement[] {
  const isActive = ({ marker }: Requirement, having: readonly string[]): boolean =>
    marker === null || evaluateMarker(marker, markers, having);
  return requirements.flatMap((requirement) => {
    const replacing = overrides.filter(({ name }) => name === requirement.name);
    if (replacing.length === 0) return isActive(requirement, extras) ? [requirement] : [];
    // Of what is replaced nothing counts but the extra that it belongs to.
    const owners = requirement.marker === null ? [] : markerExtras(requirement.marker);
    const isAsked = owners.length === 0 || owners.some((extra) => extras.includes(extra));
    return isAsked ? replacing.filter((one) => isActive(one, [])) : [];
  });
}

function admits({ specifiers }: Requirement, version: string): boolean {
  const parsed = parseVersion(version);
  return parsed !== null && specifierContains(specifiers, parsed);
}

function pythonFaults(
  { name, version, requiresPython }: ProposedMember,
  { python_full_version: python }: MarkerEnvironment,
): readonly string[] {
  // As in pip and uv, an upper bound is a guess of the author that does not count.
  const bounds = (requiresPython ?? '').split(',').map((bound) => bound.trim());
  const lower = bounds.filter((bound) => bound.startsWith('>=')).map((bound) => bound.slice(2));
  const isTooNew = lower.some((bound) => isBelow(python, bound.trim()));
  return isTooNew ? [`${name} ${version} needs Python ${requiresPython}`] : [];
}

function isBelow(left: string, right: string): boolean {
  const [a, b] = [left, right].map((text) =>
    text.split('.').map((part) => Number.parseInt(part, 10)),
  );
  for (let at = 0; at < 3; at++) {
    const difference = (a?.[at] ?? 0) - (b?.[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}

function presenceFaults(
  { name, version, extras, isLeaf }: ProposedMember,
  wanted: Wanted,
): readonly string[] {
  const asked = wanted.extras.get(name);
  if (asked === undefined) return [`${name} ${version} is there, and nothing needs it`];
  const idle = extras.filter((extra) => !asked.has(extra));
  const lacking = [...asked].filter(
    (extra) =>
      isLeaf !== true && wanted.byOthers.has(`${name}[${extra}]`) && !extras.includes(extra),
  );
  return [
    ...idle.map((extra) => `nothing needs ${name}[${extra}]`),
    ...lacking.map((extra) => `${name}[${extra}] is not in force`),
  ];
}

function constraintFaults(
  { name, version, isLeaf }: ProposedMember,
  { constraints = [], markers }: ProposedSet,
): readonly string[] {
  if (isLeaf === true) return [];
  return inForce(constraints, [], { markers })
    .filter((constraint) => constraint.name === name && !admits(constraint, version))
    .map(() => `${name} ${version} breaks a constraint`);
}
