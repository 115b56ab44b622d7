/** What only a package needed that a later command of an image took out or replaced: pip leaves it where it is. */
import type { ProductImage } from '../target/product-image.ts';
import type { DistributionName, WeighedGraph } from '../types.ts';
import { changedNames, reachedFrom, type ChangedName } from './changed-names.ts';
import type { EarlierSet } from './image-facts.ts';

/** What stays, and what it came with. */
export interface LeftBehind {
  /** Sorted; in their versions of the earlier set. */
  readonly orphans: readonly DistributionName[];
  /** What changed and left something behind, by name. */
  readonly leaving: readonly ChangedName[];
  /** What came with the first build and has a place in the final set all the same, sorted. */
  readonly kept: readonly DistributionName[];
  /** The needs of what took a place could not be read: only companions of the first are sure to be none of its own. */
  readonly isOpen: boolean;
  /** 1-based, of the command that leaves them. */
  readonly line: number;
}

/** Parts of CUDA and ROCm builds, which builds for the CPU do not have. */
const companions = /^(?:nvidia-|cuda-|triton$|pytorch-triton)/;

/** Null where nothing stays. */
export function findLeftBehind(
  image: ProductImage,
  earlier: EarlierSet,
  graph: WeighedGraph,
): LeftBehind | null {
  const changed = changedNames({ image }, earlier, graph);
  if (changed.length === 0) return null;
  const gone = new Set(changed.map(({ before }) => before.name));
  const staying = new Set(graph.distributions.map(({ name }) => name));
  const isOpen = changed.some(({ after }) => after !== null && after.metadataFrom === null);
  const reached = [...reachedFrom(earlier.graph, gone)].filter((name) => !gone.has(name));
  const orphans = reached
    .filter((name) => !staying.has(name) && (!isOpen || companions.test(name)))
    .toSorted();
  if (orphans.length === 0) return null;
  // Of several that changed, those that left something behind are to be spoken of.
  const leaving = changed
    .filter(({ before }) => {
      const own = reachedFrom(earlier.graph, new Set([before.name]));
      return orphans.some((name) => own.has(name));
    })
    .toSorted((a, b) => (a.before.name < b.before.name ? -1 : 1));
  const removal = leaving.find(({ removedAt }) => removedAt !== null);
  return {
    orphans,
    leaving,
    kept: reached.filter((name) => staying.has(name) && companions.test(name)).toSorted(),
    isOpen,
    line: removal?.removedAt ?? leaving[0]?.replacedAt ?? earlier.line,
  };
}
