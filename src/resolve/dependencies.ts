/** What a version asks for, as the solver is told it. */
import type { DeclaredRequirement, Requirement } from '../types.ts';
import { isSingletonSpecifiers } from '../pep/specifier.ts';
import type { Universe } from './candidates.ts';
import { hasRelease } from './candidates.ts';
import { CondaOutgrownError } from './conda.ts';
import type { Note } from './conflict.ts';
import type { SolverPackage } from './packages.ts';
import { baseOf, membersOf, numberOf } from './packages.ts';
import type { Demand } from './priorities.ts';
import { discover } from './priorities.ts';
import type { Unusable } from './release-metadata.ts';
import { metadataOf, warnOfExtra } from './release-metadata.ts';
import type { ActiveRequirement } from './requirements.ts';
import { activeRequirements } from './requirements.ts';
import type { Run } from './run.ts';
import type { SolverDependency } from './solver.ts';
import { universeOf } from './universes.ts';
import { isEmptySet, setHas, setsEqual, singleSet } from './version-set.ts';
import type { VersionSet } from './version-set.ts';

/** A dependency; one on a proxy says which package that stands for. */
export interface Dependency extends SolverDependency<Note> {
  readonly standsFor?: number;
}

/** A requirement of the input in force. */
export interface RootRequirement extends ActiveRequirement {
  readonly declared: DeclaredRequirement | null;
}

/** The requirements of the input that are in force for the target, overrides and constraints included. */
export function rootRequirements(run: Run): readonly RootRequirement[] {
  const written = run.request.requirements.map(({ requirement }) => requirement);
  return activeRequirements(null, written, null, run.global).map((active) => ({
    ...active,
    declared: run.places.get(active.requirement) ?? null,
  }));
}

/** What the input asks for. */
export async function rootDependencies(
  run: Run,
  requirements: readonly RootRequirement[],
): Promise<readonly Dependency[]> {
  return toDependencies(run, requirements, (active, at) => ({
    kind: 'requires',
    parent: null,
    requirement: active.requirement,
    declared: requirements[at]?.declared ?? null,
    ...originOf(active),
  }));
}

/** What a proxy asks for: its members, in its own version. */
export function membersFor(run: Run, proxy: SolverPackage, version: number): readonly Dependency[] {
  return membersOf(proxy).map((member) => {
    const packageId = numberOf(run.packages, member);
    discover(run.priorities, packageId, member.name, 'singleton');
    return { packageId, set: singleSet(version), note: { kind: 'proxy' } };
  });
}

function originOf({ origin }: ActiveRequirement): {
  readonly origin?: 'constraint' | 'override';
} {
  return origin === 'requirement' ? {} : { origin };
}

/** What a version of a distribution, or of an extra of it, asks for; or why it cannot be had. */
export async function dependenciesOf(
  run: Run,
  universe: Universe,
  version: number,
  extra: string | null,
): Promise<{ readonly list: readonly Dependency[] } | Unusable> {
  if (universe.leaf !== null) return { list: [] };
  const choice = universe.choose(version);
  if (!choice.usable) return { why: choice.why };
  run.asked.push({ universe, version, extra });
  const metadata = await metadataOf(run, universe, version, choice.file);
  if (metadata === null) return { list: [] };
  if ('why' in metadata) return metadata;
  const { requiresPython } = metadata;
  if (requiresPython !== null && !run.policy.admitsPython(requiresPython).admits) {
    return { why: `needs Python ${requiresPython}`, obstacle: { kind: 'python', requiresPython } };
  }
  if (extra !== null && !metadata.providesExtras.includes(extra)) {
    warnOfExtra(run, universe, universe.versions[version]?.text ?? '', extra);
  }
  const active = activeRequirements(universe.name, metadata.requiresDist, extra, run.global);
  const parent = { name: universe.name, version: universe.versions[version]?.text ?? '', extra };
  const others = active.filter(({ requirement }) => requirement.name !== universe.name);
  const own = active.filter(({ requirement }) => requirement.name === universe.name);
  for (const { requirement } of own) {
    if (!setHas(universe.setFor(requirement.specifiers), version))
      return { why: 'asks for another version of itself' };
  }
  const list = await toDependencies(run, others, (found) => {
    const declared = run.places.get(found.requirement) ?? null;
    // A constraint or an override is what the user says, whoever brought the name in.
    return {
      kind: 'requires',
      parent: declared === null ? parent : null,
      requirement: found.requirement,
      declared,
      ...originOf(found),
    };
  });
  return { list };
}

/** The dependencies that requirements make: of a name, or of each extra that is asked for. */
async function toDependencies(
  run: Run,
  active: readonly ActiveRequirement[],
  noteOf: (active: ActiveRequirement, at: number) => Note,
): Promise<readonly Dependency[]> {
  const pending = active.map(({ requirement }) => universeOf(run, requirement.name));
  // All pages are under way by now; waiting for them one after the other costs nothing.
  const universes: Universe[] = [];
  for (const universe of pending)
    universes.push(universe instanceof Promise ? await universe : universe);
  return active.flatMap((one, at) => {
    const universe = universes[at];
    return universe === undefined ? [] : dependenciesOn(run, one, universe, noteOf(one, at));
  });
}

function dependenciesOn(
  run: Run,
  { requirement, condition }: ActiveRequirement,
  universe: Universe,
  plainNote: Note,
): readonly Dependency[] {
  const { name, extras, specifiers } = requirement;
  const set = universe.setFor(specifiers);
  const isMet = universe.leaf === null ? hasRelease(universe, set) : !isEmptySet(set);
  if (!isMet) refuseConda(run, requirement, plainNote);
  const note = isMet ? plainNote : withCause(plainNote, universe);
  const demand = demandOf(run, requirement, universe, set);
  const base = numberOf(run.packages, baseOf(name));
  if (extras.length === 0 && condition === null) {
    discover(run.priorities, base, name, demand);
    return [{ packageId: base, set, note }];
  }
  const asked = extras.length === 0 ? [null] : extras;
  return asked.map((extra) => {
    const packageId = numberOf(run.packages, { name, kind: 'proxy', extra, condition });
    discover(run.priorities, packageId, name, demand);
    discover(run.priorities, base, name, demand);
    return { packageId, set, note, standsFor: base };
  });
}

function demandOf(
  run: Run,
  { name, specifiers }: Requirement,
  universe: Universe,
  set: VersionSet,
): Demand {
  const source = run.direct.get(name)?.source;
  if (source !== undefined && source !== 'index') return 'direct';
  const isPin = specifiers.some(
    (specifier) =>
      isSingletonSpecifiers([specifier]) && setsEqual(universe.setFor([specifier]), set),
  );
  return isPin ? 'singleton' : 'other';
}

// As pip: what is installed and will not do is replaced, before anything else is tried.
function refuseConda(run: Run, requirement: Requirement, note: Note): void {
  const provision = run.conda.provisions.get(requirement.name);
  if (provision === undefined || note.kind !== 'requires') return;
  const { parent, declared } = note;
  const place = declared === null ? 'the input' : declared.location.path;
  const by = parent === null ? place : `${parent.name} ${parent.version}`;
  throw new CondaOutgrownError(provision, requirement, by);
}

/** Says with a demand that nothing can meet why that is so. */
function withCause(note: Note, universe: Universe): Note {
  if (note.kind !== 'requires') return note;
  if (universe.missing !== null) return { ...note, missing: universe.missing };
  const leftOut = universe.newestLeftOut?.(note.requirement.specifiers) ?? null;
  const newest = universe.versions.at(-1)?.text ?? '';
  const { firstIndex, takenFrom } = universe;
  return {
    ...note,
    newest,
    ...(takenFrom === undefined ? {} : { takenFrom }),
    ...(firstIndex === undefined ? {} : { firstIndex }),
    ...(leftOut === null ? {} : { leftOut }),
  };
}
