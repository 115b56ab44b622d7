/**
 * Which requirements are in force: of the metadata of a version for one extra, with overrides and constraints applied,
 * and with extras of the distribution itself (`all = ["name[a,b]"]`) unfolded. As uv does it for one environment.
 */
import type { DistributionName, MarkerEnvironment, Requirement } from '../types.ts';
import { evaluateMarker } from '../pep/marker.ts';
import { formatWithoutExtras } from '../pep/marker-residue.ts';

/** A requirement in force, and why. */
export interface ActiveRequirement {
  readonly requirement: Requirement;
  /** `constraint`: it limits the versions without asking for the distribution. */
  readonly origin: 'requirement' | 'constraint' | 'override';
  /** On what it depends beside extras, as text; null where on nothing. True for the target, or it were not in force. */
  readonly condition: string | null;
}

/** Limits that apply to the whole resolution, by name. */
export interface GlobalRequirements {
  readonly markers: MarkerEnvironment;
  readonly constraints: ReadonlyMap<DistributionName, readonly Requirement[]>;
  readonly overrides: ReadonlyMap<DistributionName, readonly Requirement[]>;
}

/** Requirements of `name` in force for the base (`extra` null) or for what one extra adds. */
export function activeRequirements(
  name: DistributionName | null,
  requirements: readonly Requirement[],
  extra: string | null,
  global: GlobalRequirements,
): readonly ActiveRequirement[] {
  const active = directlyActive(requirements, extra, global);
  if (!active.some(({ requirement }) => isOwnExtra(requirement, name))) return active;
  const unfolded: ActiveRequirement[] = [...active];
  const seen = new Set<string>();
  const queue: AskedExtra[] = [];
  const ask = ({ requirement, condition }: ActiveRequirement): void => {
    if (requirement.name !== name) return;
    for (const wanted of requirement.extras) queue.push({ extra: wanted, condition });
  };
  active.forEach(ask);
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const key = `${next.extra} ${next.condition ?? ''}`;
    if (seen.has(key)) continue;
    seen.add(key);
    for (const found of directlyActive(requirements, next.extra, global)) {
      const both = { ...found, condition: conjunction(found.condition, next.condition) };
      ask(both);
      unfolded.push(both);
    }
  }
  const others = unfolded.filter(({ requirement }) => !isOwnExtra(requirement, name));
  // What such an extra says of its own version still counts.
  const ownVersions = unfolded.filter(
    ({ requirement }) => isOwnExtra(requirement, name) && requirement.specifiers.length > 0,
  );
  return [
    ...others,
    ...ownVersions.map((found) => ({
      ...found,
      requirement: { ...found.requirement, extras: [] },
    })),
  ];
}

/** An extra of the distribution itself that one of its extras asks for. */
interface AskedExtra {
  readonly extra: string;
  readonly condition: string | null;
}

function conjunction(left: string | null, right: string | null): string | null {
  if (left === null || right === null || left === right) return left ?? right;
  return `${left} and ${right}`;
}

function isOwnExtra(requirement: Requirement, name: DistributionName | null): boolean {
  return requirement.name === name && requirement.extras.length > 0;
}

function directlyActive(
  requirements: readonly Requirement[],
  extra: string | null,
  global: GlobalRequirements,
): readonly ActiveRequirement[] {
  const active: ActiveRequirement[] = [];
  for (const written of requirements) {
    if (!isInForce(written, extra, global.markers)) continue;
    const overrides = global.overrides.get(written.name);
    for (const requirement of overrides ?? [written]) {
      if (overrides !== undefined && !isInForce(requirement, null, global.markers)) continue;
      const origin = overrides === undefined ? 'requirement' : 'override';
      const condition = conditionOf(requirement, extra, global.markers);
      active.push({ requirement, origin, condition });
    }
    const asked = conditionOf(written, extra, global.markers);
    for (const constraint of global.constraints.get(written.name) ?? []) {
      if (!isInForce(constraint, null, global.markers)) continue;
      const condition = conjunction(conditionOf(constraint, null, global.markers), asked);
      active.push({ requirement: constraint, origin: 'constraint', condition });
    }
  }
  return active;
}

/** With an extra: what that extra adds to the base, so that nothing is in force twice. */
function isInForce(
  requirement: Requirement,
  extra: string | null,
  markers: MarkerEnvironment,
): boolean {
  const { marker } = requirement;
  if (marker === null) return extra === null;
  const inBase = evaluateMarker(marker, markers, []);
  return extra === null ? inBase : !inBase && evaluateMarker(marker, markers, [extra]);
}

function conditionOf(
  { marker }: Requirement,
  extra: string | null,
  markers: MarkerEnvironment,
): string | null {
  return marker === null
    ? null
    : formatWithoutExtras(marker, extra === null ? [] : [extra], markers);
}
