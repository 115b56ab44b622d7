/** Targets as rows, limits, and places that have one. */
import type { Bytes, SourceLocation } from './foundations.ts';

export interface TargetRow {
  readonly python: string;
  readonly implementation: string;
  /** The free-threaded build of CPython; absent for others. */
  readonly freeThreaded?: true;
  readonly os: string;
  readonly arch: string;
  readonly libc: string | null;
  readonly platformTag: string;
  readonly from: string;
}

/** What a budget limits: bytes, but for `packages`. */
export type BudgetMeasure = 'installed' | 'download' | 'packages' | 'unused' | 'growth';

/** A limit, and what the headline environment has of it. */
export interface BudgetRow {
  /** The measure, or the name of a preset. */
  readonly key: string;
  readonly measure: BudgetMeasure;
  readonly limit: number;
  /** Null where nothing is known of it; a lower bound where the status is `unknown`. */
  readonly actual: number | null;
  readonly status: 'passed' | 'failed' | 'unknown';
  readonly environment: string;
  /** Of `growth`, where the limit was given as a part of what was there before. */
  readonly percent?: number;
}

/** A place that the repository shows that it goes to: `key` is the preset that limits it. */
export interface PlaceRow extends BudgetRow {
  /** The machine there, for which `actual` holds. */
  readonly target: TargetRow;
  /** What stays of `actual` once what the product does not need has left; null as `actual` is. */
  readonly remaining: Bytes | null;
  /** It is made smaller there, nobody knows by how much. */
  readonly upperBound?: true;
  /** What was supposed, left out or not known, in halves of sentences. */
  readonly notes: readonly string[];
  /** The lines that show it, in the order of the paths. */
  readonly locations: readonly SourceLocation[];
}
