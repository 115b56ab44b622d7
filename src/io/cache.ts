/**
 * The disk cache: pages of indexes (fresh for a time), facts of files (for ever) and whole results (as long as the
 * pages that they rest on are unchanged). Everything here may be lost at any time; a broken, foreign or unwritable
 * cache is as good as an empty one. Writes go to a temporary file first and are renamed, so that no reader and no
 * killed run leaves half a file. Nothing here holds credentials: keys are hashes, addresses are stored without them.
 */
import { join } from 'node:path';
import type { Cache } from '../package-index/cache.ts';
import { createCacheWriter, parseJson, readText } from './cache-files.ts';
import { createFactStore } from './fact-packs.ts';
import { createPageFiles } from './page-files.ts';

/** Raised whenever the form of an entry changes, or the rules that made it: entries of other versions are not looked at. */
const formatVersion = 3;

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
  const { now, refresh } = options;
  const root = join(options.folder, `v${formatVersion}`);
  const resultPath = (key: string): string => join(root, 'results', `${key}.json`);
  const writer = createCacheWriter(root);
  const facts = createFactStore(join(root, 'facts'), now);
  const pages = createPageFiles({ folder: join(root, 'pages'), now, refresh, writer });
  return {
    pageState: pages.state,
    readPage: pages.read,
    writePage: pages.write,
    touchPage: pages.touch,
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
