/**
 * What packages of a lock need, as their lock says it, for a target and the sets that are installed.
 *
 * Trap: uv writes extras and groups that exclude one another into markers, as `extra == 'extra-7-project-cpu'`, where the
 * number is the length of the name that follows.
 */
import { evaluateMarker, formatMarker, parseMarker } from '../pep/marker.ts';
import type { MarkerComparison, SettledMarker } from '../pep/settle-marker.ts';
import { settleMarker } from '../pep/settle-marker.ts';
import type {
  DistributionName,
  LockPin,
  LockedDependency,
  LockedPart,
  Marker,
  Requirement,
  Specifier,
  TargetEnvironment,
} from '../types.ts';
import { orElse, readSpecifiers } from './lock-text.ts';
import type { GlobalRequirements } from './requirements.ts';
import { activeRequirements } from './requirements.ts';

/** A need as a requirement, with the index that the lock means. */
export interface LockedNeed extends Requirement {
  readonly origin?: string | null;
}

/** Answers for one lock on one target. */
export interface LockNeeds {
  /** All needs of a pin, for every extra and marker of the target. */
  requirementsOf(pin: LockPin): readonly LockedNeed[];
  /** Those in force for the pin itself, or what one extra adds. */
  ofPin(pin: LockPin, extra: string | null): readonly LockedNeed[];
  /** Those of a list that are in force. */
  inForce(name: DistributionName, list: readonly LockedDependency[]): readonly LockedNeed[];
  /** Whether a marker of the lock holds. */
  holds(marker: Marker | null): boolean;
}

/** Prepares the answers. */
export function createLockNeeds(locked: LockedPart, target: TargetEnvironment): LockNeeds {
  const reading = createReading(locked);
  const global: GlobalRequirements = {
    markers: target.markers,
    constraints: new Map(),
    overrides: new Map(),
  };
  const extras = namesOf(locked.sets, 'extra');
  const known = new WeakMap<LockPin, readonly LockedNeed[]>();
  const requirementsOf = (pin: LockPin): readonly LockedNeed[] => {
    const needs = known.get(pin) ?? toNeeds(pin.dependencies, reading);
    known.set(pin, needs);
    return needs;
  };
  const active = (
    name: DistributionName,
    needs: readonly LockedNeed[],
    extra: string | null,
  ): readonly LockedNeed[] =>
    activeRequirements(name, needs, extra, global).map(({ requirement }) => requirement);
  return {
    requirementsOf,
    ofPin: (pin, extra) => active(pin.name, requirementsOf(pin), extra),
    inForce: (name, list) => active(name, toNeeds(list, reading), null),
    holds: (marker) => {
      const settled = marker === null ? true : reading.settle(marker);
      return typeof settled === 'boolean'
        ? settled
        : evaluateMarker(settled, target.markers, extras);
    },
  };
}

function namesOf(sets: readonly string[], kind: string): readonly string[] {
  return sets.flatMap((set) => (set.startsWith(`${kind}:`) ? [set.slice(kind.length + 1)] : []));
}

// ---------------------------------------------------------------------------------------------------------------------
// From the lock's words to requirements

interface Reading {
  readonly marker: (text: string) => SettledMarker;
  readonly settle: (marker: Marker) => SettledMarker;
  readonly specifiers: (text: string) => readonly Specifier[];
}

// Locks repeat a few markers and specifiers hundreds of times.
function createReading({ facts, sets }: LockedPart): Reading {
  const chosen = new Set<string>();
  for (const { name } of facts.projects ?? []) {
    for (const kind of ['extra', 'group'])
      for (const set of namesOf(sets, kind)) chosen.add(`${kind}-${name.length}-${name}-${set}`);
  }
  const answer = (comparison: MarkerComparison): boolean | null =>
    answerInvented(comparison, chosen);
  const settle = (marker: Marker): SettledMarker => settleMarker(marker, answer);
  const markers = new Map<string, SettledMarker>();
  const specifiers = new Map<string, readonly Specifier[]>();
  return {
    settle,
    marker: (text) => {
      const known = markers.get(text) ?? settleText(text, settle);
      markers.set(text, known);
      return known;
    },
    specifiers: (text) => {
      const known = specifiers.get(text) ?? readSpecifiers(text);
      specifiers.set(text, known);
      return known;
    },
  };
}

function settleText(text: string, settle: (marker: Marker) => SettledMarker): SettledMarker {
  return orElse(() => settle(parseMarker(text)), true);
}

function answerInvented(
  { left, operator, right }: MarkerComparison,
  chosen: ReadonlySet<string>,
): boolean | null {
  const [variable, literal] = left.kind === 'variable' ? [left, right] : [right, left];
  if (variable.kind !== 'variable' || variable.name !== 'extra' || literal.kind !== 'literal')
    return null;
  if (!/^(?:extra|group|project)-\d+-/.test(literal.value)) return null;
  if (operator === '==') return chosen.has(literal.value);
  return operator === '!=' ? !chosen.has(literal.value) : null;
}

function toNeeds(list: readonly LockedDependency[], reading: Reading): readonly LockedNeed[] {
  return list.flatMap((dependency) => {
    const settled = dependency.marker === null ? true : reading.marker(dependency.marker);
    if (settled === false) return [];
    const own = settled === true ? null : settled;
    const { neededBy } = dependency;
    if (neededBy === undefined) return [toNeed(dependency, own, reading)];
    return neededBy.map((extra) => toNeed(dependency, withExtra(own, extra), reading));
  });
}

function withExtra(marker: Marker | null, extra: string): Marker {
  const isWanted: Marker = {
    kind: 'compare',
    left: { kind: 'variable', name: 'extra' },
    operator: '==',
    right: { kind: 'literal', value: extra },
  };
  return marker === null ? isWanted : { kind: 'and', operands: [marker, isWanted] };
}

function toNeed(
  { name, extras, specifier, origin }: LockedDependency,
  marker: Marker | null,
  reading: Reading,
): LockedNeed {
  return {
    name,
    displayName: name,
    extras: [...new Set(extras)].toSorted(),
    specifiers: specifier === '' ? [] : reading.specifiers(specifier),
    url: null,
    marker,
    markerText: marker === null ? null : formatMarker(marker),
    ...(origin === undefined ? {} : { origin }),
  };
}
