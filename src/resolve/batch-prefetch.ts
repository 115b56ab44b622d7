/**
 * Asks ahead where the search walks down the releases of a package (boto3 and botocore, of which hundreds exclude one
 * another): one answer after the other would take minutes, as each round trip waits for the last. As in uv.
 */
import type { DistributionName } from '../types.ts';
import type { PackageIndex } from '../package-index/package-index.ts';
import type { Universe } from './candidates.ts';

/** So many decisions on one name are a walk and no longer a choice. */
const firstTries = 5;
/** Releases asked for at once, and the decisions after which the next are: some are left, so that nothing waits. */
const batch = 50;
const triesOfBatch = 40;

/** Notes that a release is decided on; the answers are the search's to ask for again. */
export type BatchPrefetcher = (universe: Universe, version: number) => void;

/** A prefetcher that has seen no decision yet. */
export function createBatchPrefetcher(index: PackageIndex): BatchPrefetcher {
  const tries = new Map<DistributionName, number>();
  return (universe, version) => {
    const count = (tries.get(universe.name) ?? 0) + 1;
    tries.set(universe.name, count);
    if (count < firstTries || (count - firstTries) % triesOfBatch !== 0) return;
    // What was asked for before is at hand, so that batches may overlap.
    for (let at = version - 1; at >= 0 && at >= version - batch; at--) {
      const choice = universe.choose(at);
      // An archive is read only where the search comes to it: there is more to transfer.
      if (!choice.usable || choice.file.kind !== 'wheel') continue;
      const answer = index.metadata(universe.name, choice.file, universe.release(at));
      // A failed answer is the search's to report, where it comes so far.
      if (answer instanceof Promise) answer.catch(() => undefined);
    }
  };
}
