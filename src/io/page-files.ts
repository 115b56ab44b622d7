/**
 * Pages in the cache, a file for each: a line with what the index said beside the page and a hash of all that follows, a
 * line with the head of the record, and its body.
 */
import { createHash } from 'node:crypto';
import { closeSync, fstatSync, openSync, readSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import type { CachedPage, PageState, PageValidators } from '../package-index/cache.ts';
import type { PageRecord } from '../package-index/page-record.ts';
import { decodePage, encodePageHead } from '../package-index/page-record.ts';
import type { CacheWriter } from './cache-files.ts';
import { absent, parseJson } from './cache-files.ts';

/** How long a page counts as fresh when the index does not say (uv and pip: 600 s). */
const defaultMaxAgeSeconds = 600;
/** Clocks of file servers differ a little from ours. */
const clockSkewSeconds = 60;
const stateBytes = 1024;
const newline = 0x0a;

/** What the pages of a cache need to know of their surroundings. */
export interface PageFilesOptions {
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** No page of an earlier run counts as fresh. */
  readonly refresh: boolean;
  readonly writer: CacheWriter;
}

/** The pages below a folder. */
export interface PageFiles {
  state(key: string): PageState | null;
  read(key: string, evenStale: boolean): CachedPage | null;
  /** Returns the hash of the record. */
  write(key: string, record: PageRecord, validators: PageValidators): string;
  touch(key: string): void;
}

/** The pages below a folder, which is made on the first write. */
export function createPageFiles(options: PageFilesOptions): PageFiles {
  const refreshed = new Set<string>();
  const pathOf = (key: string): string => join(options.folder, `${key}.page`);
  const isFresh = (key: string, { maxAge, checkedMs }: StoredState): boolean => {
    if (refreshed.has(key)) return true;
    const ageSeconds = (options.now() - checkedMs) / 1000;
    // A time in the future is a clock that was wrong, then or now.
    // A file may seem younger than now by less than the clock's tick: with max-age 0 it is stale all the same.
    return ageSeconds > -clockSkewSeconds && Math.max(0, ageSeconds) < maxAge && !options.refresh;
  };
  return {
    state(key) {
      // The first line alone is read: a page can be megabytes, and a run with a memory of results asks for no more.
      const file = readStart(pathOf(key), stateBytes);
      const stored = file === null ? null : stateOf(file);
      if (stored === null) return null;
      const { hash, etag, lastModified } = stored;
      return { hash, etag, lastModified, fresh: isFresh(key, stored) };
    },
    read(key, evenStale) {
      const file = readStart(pathOf(key), null);
      const stored = file === null ? null : stateOf(file);
      if (file === null || stored === null || !(evenStale || isFresh(key, stored))) return null;
      const record = recordOf(file.bytes, stored.hash);
      return record === null ? null : { record, hash: stored.hash };
    },
    write(key, record, { etag, lastModified, maxAge }) {
      const head = encodePageHead(record);
      const hash = hashOf(Buffer.from(`${head}\n`), record.body);
      const state = JSON.stringify({
        hash,
        etag: short(etag),
        lastModified: short(lastModified),
        maxAge: maxAge ?? defaultMaxAgeSeconds,
      });
      options.writer.write(pathOf(key), state, '\n', head, '\n', record.body);
      refreshed.add(key);
      return hash;
    },
    touch(key) {
      refreshed.add(key);
      const seconds = options.now() / 1000;
      options.writer.attempt(() => utimesSync(pathOf(key), seconds, seconds));
    },
  };
}

interface FileStart {
  readonly bytes: Buffer;
  readonly changedMs: number;
}

/** The first bytes of a file, or all of it, and when it was written. */
function readStart(path: string, length: number | null): FileStart | null {
  try {
    const descriptor = openSync(path, 'r');
    try {
      const { size, mtimeMs } = fstatSync(descriptor);
      const bytes = Buffer.allocUnsafe(Math.min(size, length ?? size));
      const count = readSync(descriptor, bytes, 0, bytes.length, 0);
      return { bytes: bytes.subarray(0, count), changedMs: mtimeMs };
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return absent(error);
  }
}

interface StoredState extends Omit<PageState, 'fresh'> {
  readonly maxAge: number;
  readonly checkedMs: number;
}

function stateOf({ bytes, changedMs }: FileStart): StoredState | null {
  const end = bytes.indexOf(newline);
  const state = end < 0 ? null : parseJson(bytes.toString('utf8', 0, end));
  if (typeof state !== 'object' || state === null) return null;
  const { hash, etag, lastModified, maxAge } = state as Readonly<Record<string, unknown>>;
  if (typeof hash !== 'string' || typeof maxAge !== 'number') return null;
  return {
    hash,
    etag: textOrNull(etag),
    lastModified: textOrNull(lastModified),
    maxAge,
    checkedMs: changedMs,
  };
}

/** The record in a file, null where a part of it is missing or damaged. */
function recordOf(bytes: Buffer, hash: string): PageRecord | null {
  const rest = bytes.subarray(bytes.indexOf(newline) + 1);
  if (hashOf(rest) !== hash) return null;
  const headEnd = rest.indexOf(newline);
  return decodePage(parseJson(rest.toString('utf8', 0, headEnd)), rest.subarray(headEnd + 1));
}

function hashOf(...parts: readonly Buffer[]): string {
  const hash = createHash('sha1');
  for (const part of parts) hash.update(part);
  return hash.digest('hex');
}

/** A validator longer than this would push the first line out of the part that is read. */
function short(text: string | null): string | null {
  return text === null || text.length > 200 ? null : text;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}
