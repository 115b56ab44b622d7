/**
 * Totals of a set of distributions. Every distribution counts once; what is not known counts nothing and makes the
 * totals lower bounds.
 */
import type { Bytes, Totals, WeighedDistribution } from '../types.ts';

/**
 * Bytes to download, null where unknown. A file without a readable directory (a source archive, a broken wheel) is still
 * downloaded: the size that the index states for it counts.
 */
export function downloadBytesOf(distribution: WeighedDistribution): Bytes | null {
  if (distribution.weight.known) return distribution.weight.value.downloadBytes;
  return distribution.file?.size ?? null;
}

/** The totals of sets that lie beside each other: what is in several of them is there several times. */
export function sumTotals(all: readonly Totals[]): Totals {
  const sum = (measure: Exclude<keyof Totals, 'lowerBound'>): number =>
    all.reduce((total, one) => total + one[measure], 0);
  return {
    packages: sum('packages'),
    downloadBytes: sum('downloadBytes'),
    installedBytes: sum('installedBytes'),
    diskBytes: sum('diskBytes'),
    bytecodeBytes: sum('bytecodeBytes'),
    unknown: sum('unknown'),
    lowerBound: all.some(({ lowerBound }) => lowerBound),
  };
}

/** Adds up the weights of distributions; one given twice (same name and version) counts once. */
export function totalsOf(distributions: Iterable<WeighedDistribution>): Totals {
  const counted = new Set<string>();
  let downloadBytes = 0;
  let installedBytes = 0;
  let diskBytes = 0;
  let bytecodeBytes = 0;
  let unknown = 0;
  for (const distribution of distributions) {
    const identity = `${distribution.name} ${distribution.version}`;
    if (counted.has(identity)) continue;
    counted.add(identity);
    downloadBytes += downloadBytesOf(distribution) ?? 0;
    if (!distribution.weight.known) {
      unknown++;
      continue;
    }
    installedBytes += distribution.weight.value.installedBytes;
    diskBytes += distribution.weight.value.diskBytes;
    bytecodeBytes += distribution.weight.value.bytecodeBytes;
  }
  return {
    packages: counted.size,
    downloadBytes,
    installedBytes,
    diskBytes,
    bytecodeBytes,
    unknown,
    lowerBound: unknown > 0,
  };
}
