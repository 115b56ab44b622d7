/**
 * Places held against their limits: what is installed there, and what would stay of that. A place that is another machine than
 * the one that the report is for has the set resolved for it.
 */
import { statusOf } from '../budget/check-budgets.ts';
import { findPreset } from '../budget/presets.ts';
import { targetRow } from '../document.ts';
import { normalizeName } from '../pep/name.ts';
import { createHeldResolver, type HeldResolver } from '../resolve/held.ts';
import type { ResolveAt } from '../resolve/project.ts';
import type {
  BudgetMeasure,
  Bytes,
  DistributionName,
  Environment,
  PlaceRow,
  TargetEnvironment,
  WeighedDistribution,
  WeighedGraph,
} from '../types.ts';
import { downloadBytesOf, totalsOf } from '../weigh/totals.ts';
import type { FoundPlace } from './index.ts';
import { targetOfPlace } from './place-target.ts';

/** The set that goes there, as it is resolved for the report. */
export interface PlacedSet {
  readonly environment: Environment;
  readonly graph: WeighedGraph;
  readonly held: HeldResolver;
  readonly target: TargetEnvironment;
  /** Directs that the product does not need. */
  readonly leaving: ReadonlySet<DistributionName>;
  readonly resolveAt: ResolveAt;
}

/** A row for each place, the one that is nearest to its limit or furthest above it first. */
export async function weighPlaces(
  places: readonly FoundPlace[],
  set: PlacedSet,
): Promise<readonly PlaceRow[]> {
  const rows: PlaceRow[] = [];
  for (const place of places) {
    const row = await weighPlace(place, set);
    if (row !== null) rows.push(row);
  }
  // One without a solution takes nothing at all.
  const share = ({ actual, limit }: PlaceRow): number =>
    actual === null ? Number.POSITIVE_INFINITY : actual / limit;
  return rows.toSorted((a, b) => {
    const [first, second] = [share(a), share(b)];
    if (first !== second) return second > first ? 1 : -1;
    return a.key < b.key ? -1 : a.key > b.key ? 1 : 0;
  });
}

async function weighPlace(place: FoundPlace, set: PlacedSet): Promise<PlaceRow | null> {
  const preset = findPreset(place.preset);
  if (preset === null) return null;
  const { environment, leaving } = set;
  const target = targetOfPlace(place, set.target);
  const { measure, limit } = preset;
  const { locations, excluded = [], shrinks, runtime } = place;
  const common = {
    key: place.preset,
    measure,
    limit,
    environment: environment.id,
    target: targetRow(target),
    locations,
  };
  const there = await resolveThere(target, set);
  if ('problem' in there) {
    const notes = [`no solution there: ${there.problem}`];
    return { ...common, actual: null, status: 'unknown', remaining: null, notes };
  }
  const without = new Set<string>(excluded.map(normalizeName));
  const sumOf = (left: ReadonlySet<string>): Sum => {
    const { names } = there.held(there.graph.roots.filter(({ name }) => !left.has(name)));
    return measureOf(
      there.graph.distributions.filter(({ name }) => names.has(name)),
      measure,
    );
  };
  const { bytes, lowerBound } =
    without.size === 0 ? measureOf(there.graph.distributions, measure) : sumOf(without);
  const status = statusOf(bytes, lowerBound || environment.partial === true, limit);
  return {
    ...common,
    actual: bytes,
    // What is made smaller by nobody knows how much may fit all the same.
    status: status === 'failed' && shrinks !== undefined ? 'unknown' : status,
    remaining: sumOf(new Set([...leaving, ...without])).bytes,
    ...(shrinks === undefined ? {} : { upperBound: true as const }),
    notes: [
      ...(runtime?.open ?? []),
      ...(without.size === 0 ? [] : [`without ${[...without].join(', ')} (noDeploy)`]),
      ...(shrinks === undefined ? [] : [`${shrinks}, so it becomes less than this`]),
    ],
  };
}

/** The set on the machine of the place, or why there is none. */
async function resolveThere(
  target: TargetEnvironment,
  set: PlacedSet,
): Promise<Pick<PlacedSet, 'graph' | 'held'> | { readonly problem: string }> {
  if (target === set.target) return set;
  const outcome = await set.resolveAt(target, set.environment);
  if (!outcome.solved) return { problem: outcome.conflict.message };
  const { graph } = outcome;
  return { graph, held: createHeldResolver(graph, target) };
}

interface Sum {
  readonly bytes: Bytes;
  readonly lowerBound: boolean;
}

function measureOf(
  distributions: readonly WeighedDistribution[],
  measure: Extract<BudgetMeasure, 'installed' | 'download'>,
): Sum {
  const { installedBytes, downloadBytes, lowerBound } = totalsOf(distributions);
  if (measure === 'installed') return { bytes: installedBytes, lowerBound };
  return {
    bytes: downloadBytes,
    lowerBound: distributions.some((one) => downloadBytesOf(one) === null),
  };
}
