/** What differs between two weighed sets: what comes, what goes, and what is there in another version. */
import type {
  DistributionName,
  PackageWeight,
  WeighedDistribution,
  WeighedGraph,
  WeightChange,
} from '../types.ts';
import { downloadBytesOf, totalsOf } from './totals.ts';

/** The change from one set to another. */
export function compareGraphs(before: WeighedGraph, after: WeighedGraph): WeightChange {
  const old = byName(before);
  const now = byName(after);
  return {
    before: totalsOf(before.distributions),
    after: totalsOf(after.distributions),
    added: weightsOf(after.distributions.filter(({ name }) => !old.has(name))),
    removed: weightsOf(before.distributions.filter(({ name }) => !now.has(name))),
    changed: after.distributions.flatMap((distribution) => {
      const former = old.get(distribution.name);
      if (former === undefined || former.version === distribution.version) return [];
      return [{ name: distribution.name, before: weightOf(former), after: weightOf(distribution) }];
    }),
  };
}

function byName({
  distributions,
}: WeighedGraph): ReadonlyMap<DistributionName, WeighedDistribution> {
  return new Map(distributions.map((distribution) => [distribution.name, distribution]));
}

function weightsOf(distributions: readonly WeighedDistribution[]): readonly PackageWeight[] {
  return distributions.map(weightOf);
}

function weightOf(distribution: WeighedDistribution): PackageWeight {
  const { name, version, weight } = distribution;
  const installedBytes = weight.known ? weight.value.installedBytes : null;
  return { name, version, installedBytes, downloadBytes: downloadBytesOf(distribution) };
}
