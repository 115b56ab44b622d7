/**
 * The disk cache: pages of indexes (fresh for a time), facts of files (for ever) and whole results (as long as the
 * pages that they rest on are unchanged). Everything here may be lost at any time; a broken, foreign or unwritable
 * cache is as good as an empty one. Writes go to a temporary file first and are renamed, so that no reader and no
 * killed run leaves half a file. Nothing here holds credentials: keys are hashes, addresses are stored without them.
 */
import { createHash } from 'node:crypto';
import {
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { Cache, PageState } from '../package-index/cache.ts';
import { isPageRecord } from '../package-index/page-record.ts';

/** Raised whenever the form of an entry changes, or the rules that made it: entries of other versions are not looked at. */
const formatVersion = 2;
/** How long a page counts as fresh when the index does not say (uv and pip: 600 s). */
const defaultMaxAgeSeconds = 600;
/** Clocks of file servers differ a little from ours. */
const clockSkewSeconds = 60;
const headerBytes = 1024;

/** A cache that keeps nothing on disk: pages and facts live as long as the run. */
export function createMemoryCache(): Cache {
  const facts = new Map<string, unknown>();
  return {
    pageState: () => null,
    readPage: () => null,
    writePage: () => '',
    touchPage: () => undefined,
    readFact: (key) => facts.get(key) ?? null,
    writeFact: (key, value) => void facts.set(key, value),
    readResult: () => null,
    writeResult: () => undefined,
    flush: () => undefined,
  };
}

/** What a disk cache needs to know of its surroundings. */
export interface DiskCacheOptions {
  readonly folder: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** `--refresh`: no page counts as fresh. */
  readonly refresh: boolean;
}

/** A cache below a folder, which is made on the first write. */
export function createDiskCache(options: DiskCacheOptions): Cache {
  const root = join(options.folder, `v${formatVersion}`);
  const pagePath = (key: string): string => join(root, 'pages', `${key}.json`);
  const resultPath = (key: string): string => join(root, 'results', `${key}.json`);
  const facts = createFactStore(join(root, 'facts'), options.now);
  const writer = createWriter();
  const refreshed = new Set<string>();
  return {
    pageState(key) {
      const header = readHeader(pagePath(key));
      if (header === null) return null;
      const ageSeconds = (options.now() - header.checkedMs) / 1000;
      // A time in the future is a clock that was wrong, then or now.
      // A file may seem younger than now by less than the clock's tick: with max-age 0 it is stale all the same.
      const young = ageSeconds > -clockSkewSeconds && Math.max(0, ageSeconds) < header.maxAge;
      return { ...header, fresh: refreshed.has(key) || (young && !options.refresh) };
    },
    readPage(key) {
      const text = readText(pagePath(key));
      const bodyAt = text === null ? -1 : text.indexOf('\n');
      const record = text === null || bodyAt < 0 ? null : parseJson(text.slice(bodyAt + 1));
      return isPageRecord(record) ? record : null;
    },
    writePage(key, record, validators) {
      const body = JSON.stringify(record);
      const hash = createHash('sha1').update(body).digest('hex');
      const { etag, lastModified } = validators;
      const maxAge = validators.maxAge ?? defaultMaxAgeSeconds;
      const header = JSON.stringify({
        hash,
        etag: short(etag),
        lastModified: short(lastModified),
        maxAge,
      });
      writer.write(pagePath(key), header, '\n', body);
      refreshed.add(key);
      return hash;
    },
    touchPage(key) {
      refreshed.add(key);
      const seconds = options.now() / 1000;
      writer.attempt(() => utimesSync(pagePath(key), seconds, seconds));
    },
    readFact: (key) => facts.read(key),
    writeFact: (key, value) => facts.add(key, value),
    readResult: (key) => {
      const text = readText(resultPath(key));
      return text === null ? null : parseJson(text);
    },
    writeResult: (key, value) => writer.write(resultPath(key), JSON.stringify(value)),
    flush: () => facts.flush(writer),
  };
}

interface Header extends Omit<PageState, 'fresh'> {
  readonly maxAge: number;
  readonly checkedMs: number;
}

// The header alone is read: a page can be megabytes, and a warm run asks for the state of every page.
function readHeader(path: string): Header | null {
  const buffer = Buffer.allocUnsafe(headerBytes);
  let text: string;
  let checkedMs: number;
  try {
    const descriptor = openSync(path, 'r');
    try {
      text = buffer.toString('utf8', 0, readSync(descriptor, buffer, 0, headerBytes, 0));
      checkedMs = statSync(path).mtimeMs;
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    return absent(error);
  }
  const end = text.indexOf('\n');
  const header: unknown = end < 0 ? null : parseJson(text.slice(0, end));
  if (typeof header !== 'object' || header === null) return null;
  const { hash, etag, lastModified, maxAge } = header as Readonly<Record<string, unknown>>;
  if (typeof hash !== 'string' || typeof maxAge !== 'number') return null;
  return {
    hash,
    etag: textOrNull(etag),
    lastModified: textOrNull(lastModified),
    maxAge,
    checkedMs,
  };
}

/** A validator longer than this would push the header out of the part that is read. */
function short(text: string | null): string | null {
  return text === null || text.length > 200 ? null : text;
}

function textOrNull(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

function readText(path: string): string | null {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    return absent(error);
  }
}

// Whatever keeps an entry from being read (it is not there, not ours, a folder), the index can be asked instead.
function absent(error: unknown): null {
  if (error instanceof Error && 'code' in error) return null;
  throw error;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Half a file of a crashed machine, or not our file: the entry is made again.
    return null;
  }
}

interface Writer {
  /** Several parts, so that a large one need not be copied to stand behind a small one. */
  write(path: string, ...parts: readonly string[]): void;
  attempt(action: () => void): boolean;
}

/** Gives up for good at the first failure: a full or read-only disk does not get better during a run. */
function createWriter(): Writer {
  let failed = false;
  let serial = 0;
  const attempt = (action: () => void): boolean => {
    if (failed) return false;
    try {
      action();
      return true;
    } catch (error) {
      if (!(error instanceof Error && 'code' in error)) throw error;
      failed = true;
      return false;
    }
  };
  return {
    attempt,
    write(path, ...parts) {
      attempt(() => {
        mkdirSync(dirname(path), { recursive: true });
        const temporary = `${path}.${process.pid}-${serial++}.tmp`;
        try {
          const file = openSync(temporary, 'wx', 0o600);
          try {
            for (const part of parts) writeFileSync(file, part);
          } finally {
            closeSync(file);
          }
          renameSync(temporary, path);
        } catch (error) {
          rmSync(temporary, { force: true });
          throw error;
        }
      });
    },
  };
}

interface FactStore {
  read(key: string): unknown;
  add(key: string, value: unknown): void;
  flush(writer: Writer): void;
}

/** More packs than this are made into one. */
const mostPacks = 12;
/** Beyond this the oldest facts are dropped when packs are merged. */
const largestPacksBytes = 96 * 1024 * 1024;

/**
 * Immutable facts in packs: lines of `key TAB json`, read whole and indexed by key; the JSON of a line is parsed when
 * it is asked for. Every run that learned something adds one pack, named by its time so that packs sort by age; those of
 * earlier versions, named by a hash alone, count as the oldest.
 */
function createFactStore(folder: string, now: () => number): FactStore {
  let known: Map<string, string> | null = null;
  let packs: readonly string[] = [];
  const added = new Map<string, unknown>();
  const load = (): Map<string, string> => {
    if (known !== null) return known;
    known = new Map();
    packs = listPacks(folder);
    for (const pack of packs) indexPack(readText(join(folder, pack)) ?? '', known);
    return known;
  };
  return {
    read(key) {
      const fresh = added.get(key);
      if (fresh !== undefined) return fresh;
      const line = load().get(key);
      return line === undefined ? null : parseJson(line);
    },
    add: (key, value) => void added.set(key, value),
    flush(writer) {
      if (added.size === 0) return;
      const lines = [...added].map(([key, value]) => `${key}\t${JSON.stringify(value)}\n`);
      added.clear();
      const merge = load().size > 0 && packs.length >= mostPacks;
      const kept = merge ? keepNewest(load()) : [];
      const text = [...kept, ...lines].join('');
      const hash = createHash('sha1').update(text).digest('hex');
      writer.write(join(folder, `${packTime(now(), packs)}-${hash}.pack`), text);
      // Another run may be reading a pack that goes: it has opened it, or does without.
      if (merge)
        for (const pack of packs) writer.attempt(() => rmSync(join(folder, pack), { force: true }));
      known = null;
    },
  };
}

const timedPack = /^t(\d{15})-/;

/** Start of a name that sorts behind those of all packs that are there, even where a clock went back. */
function packTime(milliseconds: number, packs: readonly string[]): string {
  const newest = Number(timedPack.exec(packs.at(-1) ?? '')?.[1] ?? -1);
  return `t${String(Math.max(Math.trunc(milliseconds), newest + 1)).padStart(15, '0')}`;
}

/** Oldest first. A hash has no `t`, and every one of its digits sorts before it. */
function listPacks(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.pack'))
      .toSorted();
  } catch (error) {
    return absent(error) ?? [];
  }
}

function indexPack(text: string, into: Map<string, string>): void {
  let start = 0;
  for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
    const tab = text.indexOf('\t', start);
    if (tab > start && tab < end) {
      const key = text.slice(start, tab);
      // What was learned again is as young as its last pack.
      into.delete(key);
      into.set(key, text.slice(tab + 1, end));
    }
    start = end + 1;
  }
}

function keepNewest(facts: ReadonlyMap<string, string>): readonly string[] {
  let bytes = 0;
  const lines: string[] = [];
  for (const [key, json] of [...facts].toReversed()) {
    bytes += key.length + json.length;
    if (bytes > largestPacksBytes) break;
    lines.push(`${key}\t${json}\n`);
  }
  return lines.toReversed();
}
