/** What all questions of one index client share. */
import type { DistributionName } from '../types.ts';
import type { Cache } from './cache.ts';
import { defaultIndexUrl } from './default-index.ts';
import type { Http } from './http.ts';
import type { IndexSource } from './index-source.ts';
import { ownAddress } from './index-source.ts';
import type { Eventually, MetadataAnswer, Release } from './package-index.ts';
import type { PageEntry } from './page-record.ts';

/** What an index client needs; everything with a lifetime is handed in. */
export interface IndexClientOptions {
  /** In order of preference: the first that has a name gives it. */
  readonly sources: readonly IndexSource[];
  /** Addresses with users, beside those of the sources. */
  readonly credentials?: readonly string[];
  /** Files of `--find-links`, whatever their names; they stand beside those of the indexes. */
  readonly links: () => Eventually<readonly PageEntry[] | null>;
  /** Asked for on the first request. */
  readonly http: () => Promise<Http>;
  readonly cache: Cache;
  readonly offline: boolean;
  /** ISO 8601; later uploads do not exist. */
  readonly excludeNewer: string | null;
  /** `json` takes pages from PyPI's JSON API: 2.8 times the bytes, but always with sizes and times. */
  readonly pageSource: 'simple' | 'json';
}

/** A page in the cache, and what it said when it was read. */
export interface PageStamp {
  readonly key: string;
  readonly hash: string;
}

/** The state of a client for one run. */
export interface Context {
  readonly options: IndexClientOptions;
  defaultUrl: string | null;
  /** By `index name`. */
  readonly stamps: Map<string, PageStamp[]>;
  /** What the metadata of a release was last read from, and what it says. */
  readonly decoded: WeakMap<Release, { readonly text: string; readonly answer: MetadataAnswer }>;
  /** Indexes that gave no answer at all to some question of this run. */
  readonly unreachable: Set<IndexSource>;
  /** Indexes that answered for a page in this run, not only from the cache. */
  readonly answering: Set<IndexSource>;
  /** Whether the start of an index can be had, by its address. */
  readonly openIndexes: Map<string, Promise<boolean>>;
}

/** Under which the pages stand that answered for a name. */
export function stampKey(name: DistributionName, index: string | null): string {
  return `${index ?? ''} ${name}`;
}

/** The address of an index, with a slash at the end. */
export function sourceUrl(context: Context, source: IndexSource): string {
  const url = ownAddress(source);
  if (url !== null) return url.endsWith('/') ? url : `${url}/`;
  context.defaultUrl ??= defaultIndexUrl();
  return context.defaultUrl;
}
