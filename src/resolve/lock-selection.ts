/**
 * What a lock installs on a target: one pin for each name, chosen as the tool that wrote the lock chooses.
 *
 * Traps: a lock either names the packages of each set (Poetry since 2.1, PDM, Pipenv, pylock.toml), or they are those that are
 * reached from what the project asks for (uv, older Poetry and PDM); one name may be locked in several versions, told apart by
 * markers, by Pythons, or only by who needs which; uv writes sets that exclude one another as extras of invented names.
 */
import { evaluateMarker } from '../pep/marker.ts';
import { isSingletonSpecifiers, specifierContains } from '../pep/specifier.ts';
import { compareVersions } from '../pep/version.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  LockPin,
  LockedDependency,
  LockedPart,
  LockedProject,
  Requirement,
  Specifier,
  TargetEnvironment,
} from '../types.ts';
import type { LockNeeds } from './lock-needs.ts';
import { createLockNeeds } from './lock-needs.ts';
import { admitsTarget, isSameAddress } from './lock-pins.ts';

/** What is installed from a lock. */
export interface LockSelection {
  /** One for each name; a project of the workspace is a pin without version. */
  readonly pins: ReadonlyMap<DistributionName, LockPin>;
  /** What is asked for at the top, of what the lock has. */
  readonly roots: readonly Demand[];
  readonly needs: LockNeeds;
}

/** What somebody asks of the lock. */
export interface Demand {
  readonly name: DistributionName;
  readonly extras: readonly string[];
  readonly specifiers: readonly Specifier[];
  /** Address of the index that it is meant from. */
  readonly origin: string | null;
}

/** Chooses the pins. `requirements` are those of the project, which count where the lock does not keep them itself. */
export function selectFromLock(
  locked: LockedPart,
  requirements: readonly DeclaredRequirement[],
  target: TargetEnvironment,
): LockSelection {
  const needs = createLockNeeds(locked, target);
  const inForce = requirements.filter(
    ({ requirement: { marker } }) => marker === null || evaluateMarker(marker, target.markers, []),
  );
  const projects = ownProjects(locked);
  const roots =
    projects.length === 0
      ? inForce.map(demandOf)
      : projects.flatMap((project) => demandsOfProject(project, locked.sets, needs));
  const held = holdForSets(locked, needs);
  const pins =
    held === null
      ? walk(roots, { candidates: candidatesByName(locked, needs), target, needs })
      : chooseEach(held, roots, target);
  return {
    pins,
    roots: roots.filter(({ name }) => pins.has(name)),
    needs,
  };
}

function demandOf({ requirement, index }: DeclaredRequirement): Demand {
  const { name, extras, specifiers } = requirement;
  return { name, extras, specifiers, origin: index };
}

// ---------------------------------------------------------------------------------------------------------------------
// Where to begin

/** The projects that are meant, none where the lock does not say what they ask for. */
function ownProjects({ facts, folder, path }: LockedPart): readonly LockedProject[] {
  const { projects = [] } = facts;
  const at = folder ?? (path.includes('/') ? path.slice(0, path.lastIndexOf('/')) : '.');
  const own = projects.filter((project) => project.folder === at);
  // A workspace without a project at its root stands for all its members.
  return own.length > 0 ? own : folder === null ? projects : [];
}

function demandsOfProject(
  project: LockedProject,
  sets: readonly string[],
  needs: LockNeeds,
): readonly Demand[] {
  return sets.flatMap((set) =>
    needs
      .inForce(project.name, project.sets.get(set) ?? [])
      .filter(({ name }) => name !== project.name)
      .map((need) => toDemand(need)),
  );
}

function toDemand({
  name,
  extras,
  specifiers,
  origin = null,
}: Requirement & { readonly origin?: string | null }): Demand {
  return { name, extras, specifiers, origin };
}

// ---------------------------------------------------------------------------------------------------------------------
// Locks that name the packages of each set

type Candidates = ReadonlyMap<DistributionName, readonly LockPin[]>;

function holdForSets({ facts, sets }: LockedPart, needs: LockNeeds): Candidates | null {
  if (!facts.pins.some((pin) => pin.sets !== undefined)) return null;
  return byName(
    facts.pins.filter((pin) =>
      pin.sets?.some(({ set, marker }) => sets.includes(set) && needs.holds(marker)),
    ),
  );
}

function chooseEach(
  held: Candidates,
  roots: readonly Demand[],
  target: TargetEnvironment,
): ReadonlyMap<DistributionName, LockPin> {
  return new Map(
    [...held].map(([name, pins]) => {
      const demands = roots.filter((root) => root.name === name);
      return [name, chooseAmong(pins, demands, target)];
    }),
  );
}

// ---------------------------------------------------------------------------------------------------------------------
// Locks that are walked

interface LockWorld {
  readonly candidates: Candidates;
  readonly target: TargetEnvironment;
  readonly needs: LockNeeds;
}

function candidatesByName({ facts }: LockedPart, needs: LockNeeds): Candidates {
  const { pins, projects = [] } = facts;
  const all = byName([...pins, ...projects.map(toProjectPin)]);
  return new Map(
    [...all].map(([name, found]) => {
      if (found.length === 1) return [name, found];
      return [name, found.filter(({ marker }) => needs.holds(marker))];
    }),
  );
}

/** A project of the workspace that another one needs: nothing is installed from a file. */
function toProjectPin({ name, folder, sets, location }: LockedProject): LockPin {
  const dependencies: LockedDependency[] = [...(sets.get('') ?? [])];
  for (const [set, list] of sets) {
    if (!set.startsWith('extra:')) continue;
    const neededBy = [set.slice('extra:'.length)];
    dependencies.push(...list.map((need) => ({ ...need, optional: true, neededBy })));
  }
  return {
    name,
    version: null,
    marker: null,
    requiresPython: null,
    source: 'local',
    origin: `file:${folder}`,
    hashes: [],
    dependencies,
    location,
  };
}

function byName(pins: readonly LockPin[]): Candidates {
  const found = new Map<DistributionName, LockPin[]>();
  for (const pin of pins) {
    const known = found.get(pin.name);
    if (known === undefined) found.set(pin.name, [pin]);
    else known.push(pin);
  }
  return found;
}

function walk(roots: readonly Demand[], world: LockWorld): ReadonlyMap<DistributionName, LockPin> {
  const { candidates, target, needs } = world;
  const chosen = new Map<DistributionName, LockPin>();
  const asked = new Map<DistributionName, Demand[]>();
  const told = new Set<string>();
  const open: Demand[] = [...roots];
  const undecided = new Set<DistributionName>();
  const tell = (pin: LockPin, extra: string | null): void => {
    const key = `${pin.name} ${extra ?? ''}`;
    if (told.has(key)) return;
    told.add(key);
    open.push(...needs.ofPin(pin, extra).map((need) => toDemand(need)));
  };
  const take = (pin: LockPin): void => {
    chosen.set(pin.name, pin);
    for (const extra of [null, ...(asked.get(pin.name) ?? []).flatMap(({ extras }) => extras)])
      tell(pin, extra);
  };
  for (;;) {
    const demand = open.pop();
    if (demand === undefined) {
      // Of several versions one is chosen when all that is certain has said what it asks for.
      const [name] = undecided;
      if (name === undefined) return chosen;
      undecided.delete(name);
      take(chooseAmong(candidates.get(name) ?? [], asked.get(name) ?? [], target));
      continue;
    }
    const { name, extras } = demand;
    const found = candidates.get(name) ?? [];
    const [only] = found;
    if (only === undefined) continue;
    asked.set(name, [...(asked.get(name) ?? []), demand]);
    const known = chosen.get(name);
    if (known !== undefined) for (const extra of extras) tell(known, extra);
    else if (found.length === 1) take(only);
    else undecided.add(name);
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Several versions of one name

// Each test is kept to only where something passes it: a lock that contradicts itself still names versions.
function chooseAmong(
  pins: readonly LockPin[],
  demands: readonly Demand[],
  target: TargetEnvironment,
): LockPin {
  let left = pins;
  const keep = (test: (pin: LockPin) => boolean): void => {
    const passing = left.filter(test);
    if (passing.length > 0) left = passing;
  };
  for (const { specifiers, origin } of demands) {
    if (origin !== null) keep((pin) => pin.origin !== null && isSameAddress(pin.origin, origin));
    keep(({ version }) => version !== null && specifierContains(specifiers, version));
    // `==2.0` admits 2.0+cpu; where the lock has both, the one is meant that is written.
    const [only] = isSingletonSpecifiers(specifiers) ? specifiers : [];
    const meant = only?.version ?? null;
    if (meant !== null)
      keep(({ version }) => version !== null && compareVersions(version, meant) === 0);
  }
  keep(({ requiresPython }) => requiresPython === null || admitsTarget(requiresPython, target));
  // What production installs is not changed by what development has beside it.
  keep(({ sets }) => sets === undefined || sets.some(({ set }) => set === ''));
  const [best] = left.toSorted(compareNewestFirst);
  if (best === undefined) throw new Error('There is no pin to choose');
  return best;
}

function compareNewestFirst(a: LockPin, b: LockPin): number {
  if (a.version === null || b.version === null)
    return Number(a.version === null) - Number(b.version === null);
  return compareVersions(b.version, a.version);
}
