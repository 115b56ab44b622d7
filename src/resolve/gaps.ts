/** Declared distributions of which the resolution does not tell the import modules, and why. */
import { evaluateMarker } from '../pep/marker.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  TargetEnvironment,
  WeighedDistribution,
  WeighedGraph,
} from '../types.ts';

/** One declared name whose modules the resolution does not tell. */
export interface Gap {
  /** Its first declaration in force. */
  readonly declared: DeclaredRequirement;
  /** Extras of all its declarations, sorted. */
  readonly extras: readonly string[];
  /** What was resolved, without a wheel that can be read; null where nothing was, as its set has no solution. */
  readonly resolved: WeighedDistribution | null;
}

/** Source archives and the like of one run that are looked into. */
const mostUnreadable = 40;
/** Names of sets without a solution that are looked up. */
const mostUnresolved = 400;

/**
 * The declared names without known modules, sorted. Names that lie in a folder of the user or come from conda are none:
 * nothing on an index speaks for them. At most 40 without a readable wheel and 400 of which nothing is known.
 */
export function findGaps(
  declared: readonly DeclaredRequirement[],
  graphs: readonly WeighedGraph[],
  target: TargetEnvironment,
): readonly Gap[] {
  const resolved = new Map<DistributionName, WeighedDistribution>();
  for (const { distributions } of graphs) {
    for (const distribution of distributions) {
      const known = resolved.get(distribution.name);
      if (known === undefined || (!known.weight.known && distribution.weight.known))
        resolved.set(distribution.name, distribution);
    }
  }
  const gaps = new Map<DistributionName, Gap>();
  for (const one of declared) {
    const { name, marker, extras } = one.requirement;
    const found = resolved.get(name) ?? null;
    if (one.source === 'local' || one.source === 'conda') continue;
    if (found !== null && !isOpaque(found)) continue;
    if (marker !== null && !evaluateMarker(marker, target.markers, [])) continue;
    const known = gaps.get(name);
    const all = [...new Set([...(known?.extras ?? []), ...extras])].toSorted();
    gaps.set(name, { declared: known?.declared ?? one, extras: all, resolved: found });
  }
  const sorted = [...gaps]
    .toSorted(([a], [b]) => Number(a > b) - Number(a < b))
    .map(([, gap]) => gap);
  return [
    ...sorted.filter((gap) => !isUnresolved(gap)).slice(0, mostUnreadable),
    ...sorted.filter(isUnresolved).slice(0, mostUnresolved),
  ];
}

/** Neither the wheel nor anything else of it was asked for: its requirements are open too. */
export function isUnresolved({ resolved }: Gap): boolean {
  return resolved === null || (resolved.file === null && resolved.metadataFrom === null);
}

/** `not-weighed`: nobody wanted to know. */
function isOpaque({ weight }: WeighedDistribution): boolean {
  return !weight.known && weight.reason !== 'not-weighed' && weight.reason !== 'local';
}
