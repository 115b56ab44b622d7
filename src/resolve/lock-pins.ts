/**
 * The pins of a lock on one target where the lock alone is no answer, since other files take part: which of several versions
 * of a name are meant there, and what is not on an index.
 */
import { evaluateMarker, parseMarker } from '../pep/marker.ts';
import { requiresPythonAdmits } from '../pep/requires-python.ts';
import { specifierContains } from '../pep/specifier.ts';
import { compareVersions } from '../pep/version.ts';
import type {
  CondaPackage,
  DeclaredRequirement,
  DistributionName,
  Environment,
  LockPin,
  LockedDependency,
  Requirement,
  Specifier,
  TargetEnvironment,
  Version,
} from '../types.ts';
import { orElse, readSpecifiers } from './lock-text.ts';

/** What of an environment decides its pins. */
export type PinnedSet = Pick<
  Environment,
  'requirements' | 'constraints' | 'overrides' | 'pins' | 'locked'
>;

/** A set with its pins applied. */
export interface AppliedPins {
  /** With a constraint for each pin that is not on an index, so that nobody asks an index for it. */
  readonly environment: PinnedSet;
  readonly preferences: ReadonlyMap<DistributionName, Version>;
}

/** The pins in force on the target, as versions to keep and as places. */
export function applyPins(environment: PinnedSet, target: TargetEnvironment): AppliedPins {
  const { pins, requirements } = environment;
  if (pins === undefined || pins.length === 0) return { environment, preferences: new Map() };
  const chosen = choosePins(environment, target);
  const preferences = new Map<DistributionName, Version>();
  const places: DeclaredRequirement[] = [];
  const declared = new Set(
    requirements
      .filter(({ source }) => source !== 'index')
      .map(({ requirement }) => requirement.name),
  );
  for (const [name, pin] of chosen) {
    if (pin.conda !== undefined) {
      places.push(toProvision(pin, pin.conda));
    } else if (pin.source === 'index') {
      if (pin.version !== null) preferences.set(name, pin.version);
    } else if (pin.origin !== null && !declared.has(name)) {
      places.push(toPlace(pin, pin.origin));
    }
  }
  return {
    environment: {
      ...environment,
      requirements: [...requirements, ...hiddenNeeds(environment, chosen, target)],
      constraints: [...environment.constraints, ...places],
    },
    preferences,
  };
}

// What conda installs is there for whoever of pip's packages needs it.
function toProvision(pin: LockPin, conda: CondaPackage): DeclaredRequirement {
  const requirement = {
    name: pin.name,
    displayName: conda.name,
    extras: [],
    specifiers: [],
    url: null,
    marker: null,
    markerText: null,
  };
  const needs = pin.dependencies.map(({ name }) => name);
  return { ...toDeclared(pin, requirement), source: 'conda', conda: { ...conda, needs } };
}

/** A pin as a requirement of the place that it comes from. */
export function pinnedPlace(pin: LockPin): DeclaredRequirement {
  return toPlace(pin, pin.origin ?? '');
}

function toPlace(pin: LockPin, url: string): DeclaredRequirement {
  return toDeclared(pin, {
    name: pin.name,
    displayName: pin.name,
    extras: [],
    specifiers: [],
    url,
    marker: null,
    markerText: null,
  });
}

function toDeclared(pin: LockPin, requirement: Requirement): DeclaredRequirement {
  const { url, name } = requirement;
  return {
    requirement,
    raw: url === null ? name : `${name} @ ${url}`,
    location: pin.location,
    source: url === null ? 'index' : pin.source,
    editable: false,
    hashes: [],
    index: null,
    keep: null,
  };
}

// ---------------------------------------------------------------------------------------------------------------------
// Which pins

/** One pin for each name that the lock holds for the target. */
export function choosePins(
  { pins = [], requirements }: PinnedSet,
  target: TargetEnvironment,
): ReadonlyMap<DistributionName, LockPin> {
  const byName = new Map<DistributionName, LockPin[]>();
  for (const pin of pins) {
    if (pin.marker !== null && !evaluateMarker(pin.marker, target.markers, [])) continue;
    const known = byName.get(pin.name);
    if (known === undefined) byName.set(pin.name, [pin]);
    else known.push(pin);
  }
  const chosen = new Map<DistributionName, LockPin>();
  const open: [DistributionName, readonly LockPin[]][] = [];
  for (const [name, found] of byName) {
    const [only] = found;
    if (only !== undefined && found.length === 1) chosen.set(name, only);
    else open.push([name, found]);
  }
  if (open.length === 0) return chosen;
  // What is settled says what it needs of the rest; two rounds, since the open ones may need each other.
  for (let round = 0; round < 2; round++) {
    const demands = collectDemands(
      open.map(([name]) => name),
      requirements,
      chosen,
      target,
    );
    for (const [name, found] of open)
      chosen.set(name, chooseAmong(found, demands.get(name) ?? [], target));
  }
  return chosen;
}

/** What somebody asks of a name that is locked in several versions. */
interface PinDemand {
  readonly specifiers: readonly Specifier[];
  readonly index: string | null;
}

function collectDemands(
  names: readonly DistributionName[],
  requirements: readonly DeclaredRequirement[],
  chosen: ReadonlyMap<DistributionName, LockPin>,
  target: TargetEnvironment,
): ReadonlyMap<DistributionName, readonly PinDemand[]> {
  const demands = new Map<DistributionName, PinDemand[]>(names.map((name) => [name, []]));
  for (const { requirement, index } of requirements) {
    const { name, marker, specifiers } = requirement;
    if (marker !== null && !evaluateMarker(marker, target.markers, [])) continue;
    demands.get(name)?.push({ specifiers, index });
  }
  for (const pin of chosen.values()) {
    for (const dependency of pin.dependencies) {
      const known = demands.get(dependency.name);
      if (known === undefined || dependency.specifier === '' || dependency.optional) continue;
      if (holds(dependency, target))
        known.push({ specifiers: readSpecifiers(dependency.specifier), index: null });
    }
  }
  return demands;
}

// Each test is kept to only where something passes it: a lock that contradicts itself still names versions.
function chooseAmong(
  pins: readonly LockPin[],
  demands: readonly PinDemand[],
  target: TargetEnvironment,
): LockPin {
  let left = pins;
  const keep = (test: (pin: LockPin) => boolean): void => {
    const passing = left.filter(test);
    if (passing.length > 0) left = passing;
  };
  // pip installs over conda.
  keep(({ source }) => source !== 'conda');
  keep(({ requiresPython }) => requiresPython === null || admitsTarget(requiresPython, target));
  for (const { specifiers, index } of demands) {
    if (index !== null) keep(({ origin }) => origin !== null && isSameAddress(origin, index));
    keep(({ version }) => version !== null && specifierContains(specifiers, version));
  }
  const [best] = left.toSorted(compareNewestFirst);
  if (best === undefined) throw new Error('There is no pin to choose');
  return best;
}

function compareNewestFirst(a: LockPin, b: LockPin): number {
  if (a.version === null || b.version === null)
    return Number(a.version === null) - Number(b.version === null);
  return compareVersions(b.version, a.version);
}

/** Whether two addresses name one index. */
export function isSameAddress(a: string, b: string): boolean {
  return a.replace(/\/+$/, '') === b.replace(/\/+$/, '');
}

/** Whether a text of a lock admits the Python; one that cannot be read says nothing. */
export function admitsTarget(requiresPython: string, { pythonFull }: TargetEnvironment): boolean {
  return orElse(() => requiresPythonAdmits(requiresPython, pythonFull), true);
}

function holds({ marker }: LockedDependency, { markers }: TargetEnvironment): boolean {
  if (marker === null) return true;
  return orElse(() => evaluateMarker(parseMarker(marker), markers, []), true);
}

// ---------------------------------------------------------------------------------------------------------------------
// What only the lock knows

/**
 * What the reached packages from repositories and folders need: their metadata cannot be read without a build, but the
 * lock was made with it.
 */
function hiddenNeeds(
  { requirements }: PinnedSet,
  chosen: ReadonlyMap<DistributionName, LockPin>,
  target: TargetEnvironment,
): readonly DeclaredRequirement[] {
  const isHidden = ({ source, origin }: LockPin): boolean =>
    source === 'vcs' || source === 'local' || (source === 'url' && !/\.whl\b/.test(origin ?? ''));
  if (![...chosen.values()].some(isHidden)) return [];
  const reached = new Set<DistributionName>();
  for (const { requirement } of requirements) {
    const { marker, name } = requirement;
    if (marker === null || evaluateMarker(marker, target.markers, [])) reached.add(name);
  }
  const needs: DeclaredRequirement[] = [];
  // A set that grows while it is walked gives all that is reached.
  for (const name of reached) {
    const pin = chosen.get(name);
    if (pin === undefined) continue;
    for (const dependency of pin.dependencies) {
      if (dependency.optional || !holds(dependency, target)) continue;
      reached.add(dependency.name);
      if (isHidden(pin)) needs.push(toNeed(pin, dependency, chosen.get(dependency.name)));
    }
  }
  return needs;
}

function toNeed(
  pin: LockPin,
  { name, extras }: LockedDependency,
  needed: LockPin | undefined,
): DeclaredRequirement {
  const url = needed === undefined || needed.source === 'index' ? null : needed.origin;
  const declared = toDeclared(pin, {
    name,
    displayName: name,
    extras,
    specifiers: [],
    url,
    marker: null,
    markerText: null,
  });
  return { ...declared, source: url === null ? 'index' : (needed?.source ?? 'index') };
}
