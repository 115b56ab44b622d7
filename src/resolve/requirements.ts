/**
 * Which requirements are in force: of the metadata of a version for one extra, with overrides and constraints applied,
 * and with extras of the distribution itself (`all = ["name[a,b]"]`) unfolded. As uv does it for one environment.
 */
import type { DistributionName, MarkerEnvironment, Requirement } from '../types.ts';
import { evaluateMarker } from '../pep/marker.ts';
import { extraOfAll, formatWithoutExtras } from '../pep/marker-residue.ts';

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
  /** What is known already: the walk ahead, the search and the graph of a resolution ask the same of a release. */
  readonly known?: WeakMap<
    readonly Requirement[],
    Map<string | null, readonly ActiveRequirement[]>
  >;
}

/** Requirements of `name` in force for the base (`extra` null) or for what one extra adds. */
export function activeRequirements(
  name: DistributionName | null,
  requirements: readonly Requirement[],
  extra: string | null,
  global: GlobalRequirements,
): readonly ActiveRequirement[] {
  const { known } = global;
  if (known === undefined) return findActive(name, requirements, extra, global);
  const byExtra = known.get(requirements) ?? new Map<string | null, Active>();
  known.set(requirements, byExtra);
  const active = byExtra.get(extra) ?? findActive(name, requirements, extra, global);
  byExtra.set(extra, active);
  return active;
}

type Active = readonly ActiveRequirement[];

function findActive(
  name: DistributionName | null,
  requirements: readonly Requirement[],
  extra: string | null,
  global: GlobalRequirements,
): Active {
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
  return requirements.flatMap((written) => {
    const overrides = global.overrides.get(written.name);
    const demands =
      overrides === undefined
        ? demandOf(written, extra, global)
        : replacementsOf(written, overrides, extra, global);
    return demands.flatMap((demand) => [demand, ...limitsOn(demand, global)]);
  });
}

function demandOf(
  requirement: Requirement,
  extra: string | null,
  { markers }: GlobalRequirements,
): readonly ActiveRequirement[] {
  if (!isInForce(requirement, extra, markers)) return [];
  return [
    { requirement, origin: 'requirement', condition: conditionOf(requirement, extra, markers) },
  ];
}

/** As uv: of what is replaced only the extra counts, so that the marker of an override stands in place of its marker. */
function replacementsOf(
  { marker }: Requirement,
  overrides: readonly Requirement[],
  extra: string | null,
  { markers }: GlobalRequirements,
): readonly ActiveRequirement[] {
  if ((marker === null ? null : extraOfAll(marker)) !== extra) return [];
  return overrides
    .filter((requirement) => isInForce(requirement, null, markers))
    .map((requirement) => ({
      requirement,
      origin: 'override',
      condition: conditionOf(requirement, null, markers),
    }));
}

function limitsOn(
  { requirement, condition }: ActiveRequirement,
  { constraints, markers }: GlobalRequirements,
): readonly ActiveRequirement[] {
  const limits = constraints.get(requirement.name) ?? [];
  return limits
    .filter((limit) => isInForce(limit, null, markers))
    .map((limit) => ({
      requirement: limit,
      origin: 'constraint',
      condition: conjunction(conditionOf(limit, null, markers), condition),
    }));
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
