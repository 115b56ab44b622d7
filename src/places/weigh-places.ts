/** Places held against their limits: what the headline environment has of each, and what would stay of that. */
import { statusOf } from '../budget/check-budgets.ts';
import { findPreset } from '../budget/presets.ts';
import type { HeldResolver } from '../resolve/held.ts';
import type {
  BudgetMeasure,
  DistributionName,
  PlaceRow,
  WeighedDistribution,
  WeighedGraph,
} from '../types.ts';
import { downloadBytesOf, totalsOf } from '../weigh/totals.ts';
import type { FoundPlace } from './index.ts';

/** The set that goes there. */
export interface PlacedSet {
  readonly environment: string;
  readonly graph: WeighedGraph;
  readonly held: HeldResolver;
  /** Directs that the product does not need. */
  readonly leaving: ReadonlySet<DistributionName>;
  /** Some of its requirements could not be read. */
  readonly partial: boolean;
}

/** A row for each place, the one that is nearest to its limit or furthest above it first. */
export function weighPlaces(
  places: readonly FoundPlace[],
  { environment, graph, held, leaving, partial }: PlacedSet,
): readonly PlaceRow[] {
  const { names } = held(graph.roots.filter(({ name }) => !leaving.has(name)));
  const staying = graph.distributions.filter(({ name }) => names.has(name));
  const rows = places.flatMap(({ preset, locations }): readonly PlaceRow[] => {
    const found = findPreset(preset);
    if (found === null) return [];
    const { measure, limit } = found;
    const { bytes, lowerBound } = measureOf(graph.distributions, measure);
    return [
      {
        key: preset,
        measure,
        limit,
        actual: bytes,
        status: statusOf(bytes, lowerBound || partial, limit),
        environment,
        remaining: measureOf(staying, measure).bytes,
        locations,
      },
    ];
  });
  const share = ({ actual, limit }: PlaceRow): number => (actual ?? 0) / limit;
  return rows.toSorted((a, b) => share(b) - share(a) || (a.key < b.key ? -1 : 1));
}

function measureOf(
  distributions: readonly WeighedDistribution[],
  measure: Extract<BudgetMeasure, 'installed' | 'download'>,
): { readonly bytes: number; readonly lowerBound: boolean } {
  const { installedBytes, downloadBytes, lowerBound } = totalsOf(distributions);
  if (measure === 'installed') return { bytes: installedBytes, lowerBound };
  return {
    bytes: downloadBytes,
    lowerBound: distributions.some((one) => downloadBytesOf(one) === null),
  };
}
