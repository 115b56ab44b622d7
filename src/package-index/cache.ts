/** The port to what earlier runs learned; `io/cache.ts` keeps it on disk. */
import { createHash } from 'node:crypto';
import type { PageRecord } from './page-record.ts';

/** What is known of a cached page without reading it. */
export interface PageState {
  /** Changes when the list of files changes. */
  readonly hash: string;
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Whether it may be used without asking the index. */
  readonly fresh: boolean;
}

/** A page of an earlier run. */
export interface CachedPage {
  readonly record: PageRecord;
  /** Of its state. */
  readonly hash: string;
}

/** What an index said beside the page. */
export interface PageValidators {
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Seconds, null when the index does not say. */
  readonly maxAge: number | null;
}

/** The port to the cache. `null` stands for "not there". */
export interface Cache {
  pageState(key: string): PageState | null;
  /** A page that is fresh; with `evenStale` however old it is. */
  readPage(key: string, evenStale: boolean): CachedPage | null;
  /** Returns the hash of the record. */
  writePage(key: string, record: PageRecord, validators: PageValidators): string;
  /** The index said that the page is unchanged. */
  touchPage(key: string): void;
  readFact(key: string): unknown;
  writeFact(key: string, value: unknown): void;
  readResult(key: string): unknown;
  writeResult(key: string, value: unknown): void;
  /** Writes what is still in memory. */
  flush(): void;
}

/** Name of an entry for anything that may hold other characters than a file name. */
export function cacheKey(...parts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 40);
}
