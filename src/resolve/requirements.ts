/**
 * Which requirements are in force: of the metadata of a version for one extra, with overrides and constraints applied,
 * and with extras of the distribution itself (`all = ["name[a,b]"]`) unfolded. As uv does it for one environment.
 */
import type { DistributionName, MarkerEnvironment, Requirement } from '../types.ts';
import { evaluateMarker } from '../pep/marker.ts';

/** A requirement in force, and why. */
export interface ActiveRequirement {
  readonly requirement: Requirement;
  /** `constraint`: it limits the versions without asking for the distribution. */
  readonly origin: 'requirement' | 'constraint' | 'override';
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
  const queue = active.flatMap(({ requirement }) =>
    requirement.name === name ? requirement.extras : [],
  );
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    if (seen.has(next)) continue;
    seen.add(next);
    for (const found of directlyActive(requirements, next, global)) {
      if (found.requirement.name === name) queue.push(...found.requirement.extras);
      unfolded.push(found);
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
      active.push({ requirement, origin: overrides === undefined ? 'requirement' : 'override' });
    }
    for (const constraint of global.constraints.get(written.name) ?? []) {
      if (isInForce(constraint, null, global.markers))
        active.push({ requirement: constraint, origin: 'constraint' });
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
