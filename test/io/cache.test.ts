import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { clearCache, measureCache, pruneCache } from '../../src/io/cache-commands.ts';
import { cacheFolder } from '../../src/io/cache-folder.ts';
import { createDiskCache, createMemoryCache } from '../../src/io/cache.ts';
import type { Cache } from '../../src/package-index/cache.ts';
import { createPageBuilder } from '../../src/package-index/page-builder.ts';
import type { PageRecord } from '../../src/package-index/page-record.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { pageEntry } from '../support/page-entry.ts';

let folder = '';
let now = 0;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'depweight-cache-'));
  now = Date.now();
});
afterEach(() => {
  chmodSync(folder, 0o755);
  rmSync(folder, { recursive: true, force: true });
});

const open = (refresh = false): Cache => createDiskCache({ folder, now: () => now, refresh });
const plain = { etag: null, lastModified: null, maxAge: null };

function recordOf(...filenames: readonly string[]): PageRecord {
  const builder = createPageBuilder(normalizeName('a'));
  for (const filename of filenames) builder.add(pageEntry(filename));
  return builder.finish();
}

/** Every entry below the folder. */
const listed = (): readonly string[] =>
  readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'CACHEDIR.TAG')
    .map((entry) => join(entry.parentPath, entry.name));

function onlyFile(): string {
  const [file, ...others] = listed();
  if (file === undefined || others.length > 0)
    throw new Error(`There are ${listed().length} files`);
  return file;
}

describe('pages', () => {
  test('come back in another run, with their state', () => {
    const hash = open().writePage('key', recordOf('a-1.zip'), {
      etag: '"x"',
      lastModified: 'then',
      maxAge: 60,
    });
    expect(open().readPage('key', false)).toEqual({ record: recordOf('a-1.zip'), hash });
    expect(open().pageState('key')).toMatchObject({
      hash,
      etag: '"x"',
      lastModified: 'then',
      fresh: true,
    });
  });

  test('are fresh for the time that the index gave, else for ten minutes', () => {
    open().writePage('short', recordOf(), { ...plain, maxAge: 60 });
    open().writePage('usual', recordOf(), plain);
    const fresh = (): readonly (boolean | undefined)[] =>
      ['short', 'usual'].map((key) => open().pageState(key)?.fresh);
    expect(fresh()).toEqual([true, true]);
    now += 70_000;
    expect(fresh()).toEqual([false, true]);
    now += 540_000;
    expect(fresh()).toEqual([false, false]);
  });

  test('that are stale are read only where that is asked for', () => {
    open().writePage('key', recordOf('a-1.zip'), plain);
    now += 700_000;
    expect(open().readPage('key', false)).toBeNull();
    expect(open().readPage('key', true)?.record).toEqual(recordOf('a-1.zip'));
  });

  test('of the future are not fresh: a clock was wrong', () => {
    open().writePage('key', recordOf(), plain);
    now -= 3_600_000;
    expect(open().pageState('key')?.fresh).toBe(false);
  });

  test('with max-age 0 are fresh for the run that fetched them', () => {
    const cache = open();
    cache.writePage('key', recordOf(), { ...plain, maxAge: 0 });
    expect(cache.pageState('key')?.fresh).toBe(true);
    expect(open().pageState('key')?.fresh).toBe(false);
  });

  test('are not fresh with --refresh until they were asked for', () => {
    open().writePage('key', recordOf(), plain);
    const cache = open(true);
    expect(cache.pageState('key')?.fresh).toBe(false);
    cache.touchPage('key');
    expect(cache.pageState('key')?.fresh).toBe(true);
  });

  test('have the same hash as long as their list of files is the same', () => {
    const cache = open();
    const first = cache.writePage('key', recordOf('a-1.zip'), plain);
    expect(cache.writePage('key', recordOf('a-1.zip'), { ...plain, etag: '"y"' })).toBe(first);
    expect(cache.writePage('key', recordOf('a-1.zip', 'a-2.zip'), plain)).not.toBe(first);
  });

  test('with a validator of absurd length do without it', () => {
    open().writePage('key', recordOf(), { ...plain, etag: 'x'.repeat(5000) });
    expect(open().pageState('key')).toMatchObject({ etag: null, fresh: true });
  });
});

describe('a damaged cache', () => {
  test.each([
    ['emptied', ''],
    ['cut in the header', '{"hash":"ab'],
    ['without a header line', '{"hash":"ab","maxAge":600}'],
    ['of binary rubbish', '\0\u0001\u0002'],
    ['of another JSON', '[]\n[]'],
  ])('a page %s is not there', (_what, text) => {
    open().writePage('key', recordOf('a-1.zip'), plain);
    writeFileSync(onlyFile(), text);
    expect(open().readPage('key', true)).toBeNull();
  });

  test('a page with half a body is not read, and can be written again', () => {
    open().writePage('key', recordOf('a-1.zip'), plain);
    const path = onlyFile();
    writeFileSync(path, readFileSync(path, 'utf8').slice(0, -10));
    expect(open().readPage('key', true)).toBeNull();
    open().writePage('key', recordOf('a-2.zip'), plain);
    expect(open().readPage('key', false)?.record).toEqual(recordOf('a-2.zip'));
  });

  test('a page with another byte than was written is not there', () => {
    open().writePage('key', recordOf('a-1.zip'), plain);
    const path = onlyFile();
    writeFileSync(path, readFileSync(path, 'utf8').replace('index.test', 'index.tset'));
    expect(open().readPage('key', true)).toBeNull();
  });

  test('a folder in the place of an entry is no entry', () => {
    open().writePage('key', recordOf(), plain);
    const path = onlyFile();
    rmSync(path);
    mkdirSync(path);
    expect(open().readPage('key', true)).toBeNull();
    expect(open().pageState('key')).toBeNull();
  });

  test('a pack with broken lines gives its sound ones', () => {
    const cache = open();
    cache.writeFact('one', { value: 1 });
    cache.writeFact('two', { value: 2 });
    cache.flush();
    const path = onlyFile();
    writeFileSync(
      path,
      `${readFileSync(path, 'utf8').replace('{"value":1}', '{"value":')}three\t{"cut`,
    );
    expect(open().readFact('one')).toBeNull();
    expect(open().readFact('two')).toEqual({ value: 2 });
    expect(open().readFact('three')).toBeNull();
  });

  test('entries of another format version are not looked at', () => {
    open().writePage('key', recordOf('a-1.zip'), plain);
    const path = onlyFile();
    const foreign = join(folder, 'v999', 'pages');
    mkdirSync(foreign, { recursive: true });
    writeFileSync(join(foreign, 'other.page'), readFileSync(path));
    expect(open().readPage('other', true)).toBeNull();
  });
});

describe('facts', () => {
  test('come back in another run', () => {
    const cache = open();
    cache.writeFact('m:1', { name: 'a', text: 'line\nbreak\tand tab' });
    expect(cache.readFact('m:1')).toEqual({ name: 'a', text: 'line\nbreak\tand tab' });
    cache.flush();
    expect(open().readFact('m:1')).toEqual({ name: 'a', text: 'line\nbreak\tand tab' });
    expect(open().readFact('m:2')).toBeNull();
  });

  test('of runs at the same time are all kept', () => {
    const [first, second] = [open(), open()];
    first.writeFact('a', 1);
    second.writeFact('b', 2);
    first.flush();
    second.flush();
    const later = open();
    expect([later.readFact('a'), later.readFact('b')]).toEqual([1, 2]);
  });

  test('of many runs are merged into few packs, and none is lost', () => {
    for (let run = 0; run < 40; run++) {
      const cache = open();
      cache.readFact('x');
      cache.writeFact(`key-${run}`, run);
      cache.flush();
    }
    expect(listed().length).toBeLessThanOrEqual(13);
    const cache = open();
    expect(Array.from({ length: 40 }, (_, run) => cache.readFact(`key-${run}`))).toEqual(
      Array.from({ length: 40 }, (_, run) => run),
    );
  });

  const learn = (key: string, value: unknown): void => {
    const cache = open();
    cache.writeFact(key, value);
    cache.flush();
  };

  test('of the latest run count, whatever their packs hash to', () => {
    for (let run = 0; run < 10; run++) {
      now += 1000;
      learn('key', run);
      expect(open().readFact('key')).toBe(run);
    }
  });

  test('of the latest run count where the clock stands still or goes back', () => {
    for (let run = 0; run < 8; run++) {
      const cache = open();
      cache.readFact('x');
      cache.writeFact('key', run);
      cache.flush();
      expect(open().readFact('key')).toBe(run);
      now -= run % 2 === 0 ? 0 : 5000;
    }
  });

  test('in packs named by a hash alone are read, as the oldest', () => {
    learn('key', 'new');
    const pack = onlyFile();
    writeFileSync(join(pack, '..', `${'f'.repeat(40)}.pack`), 'key\t"old"\nother\t"kept"\n');
    expect(open().readFact('key')).toBe('new');
    expect(open().readFact('other')).toBe('kept');
  });

  test('beyond the size of the store go oldest first, those learned again last', () => {
    const large = 'x'.repeat(9 * 1024 * 1024);
    for (let run = 0; run < 12; run++) {
      now += 1000;
      learn(`key-${run}`, large);
      if (run === 6) learn('key-0', large);
    }
    now += 1000;
    learn('last', 1);
    const cache = open();
    const kept = Array.from({ length: 12 }, (_, run) => cache.readFact(`key-${run}`) !== null);
    expect([kept[0], kept[1], kept[11], cache.readFact('last')]).toEqual([true, false, true, 1]);
  });

  test('nothing is written where nothing was learned', () => {
    open().flush();
    expect(listed()).toEqual([]);
  });
});

test('results come back, and leave no temporary files', () => {
  open().writeResult('key', { a: [1] });
  expect(open().readResult('key')).toEqual({ a: [1] });
  expect(open().readResult('other')).toBeNull();
  expect(listed().filter((path) => path.includes('.tmp'))).toEqual([]);
});

test('the folder says that it is a cache, which backups and scans pass by', () => {
  open().writeResult('key', {});
  const [version = ''] = readdirSync(folder);
  expect(readFileSync(join(folder, version, 'CACHEDIR.TAG'), 'utf8')).toMatch(
    /^Signature: 8a477f597d28d172789f06886806bc55\n/,
  );
});

test('a folder that cannot be written to is no error, and what is there is read', () => {
  open().writePage('key', recordOf('a-1.zip'), plain);
  rmSync(join(folder, 'v3'), { recursive: true });
  writeFileSync(join(folder, 'v3'), 'a file in the way');
  const cache = open();
  cache.writePage('key', recordOf('a-2.zip'), plain);
  cache.writeFact('a', 1);
  cache.writeResult('r', 1);
  cache.touchPage('key');
  cache.flush();
  expect(cache.readPage('key', true)).toBeNull();
  expect(readFileSync(join(folder, 'v3'), 'utf8')).toBe('a file in the way');
});

test('the cache of a run without one keeps facts for the run and nothing else', () => {
  const cache = createMemoryCache();
  cache.writePage('key', recordOf(), plain);
  cache.writeFact('a', 1);
  cache.flush();
  expect([cache.pageState('key'), cache.readPage('key', true), cache.readFact('a')]).toEqual([
    null,
    null,
    1,
  ]);
});

describe('the commands', () => {
  const fill = (): void => {
    const cache = open();
    cache.writePage('old', recordOf(), plain);
    cache.writeFact('a', 1);
    cache.writeResult('r', 1);
    cache.flush();
  };

  test('info counts the files and bytes', () => {
    expect(measureCache(folder)).toEqual({ files: 0, bytes: 0 });
    fill();
    const { files, bytes } = measureCache(folder);
    expect(files).toBe(3);
    expect(bytes).toBeGreaterThan(50);
    expect(measureCache(join(folder, 'nowhere'))).toEqual({ files: 0, bytes: 0 });
  });

  test('prune takes what is old', () => {
    fill();
    const old = listed().find((path) => path.includes('pages')) ?? '';
    utimesSync(old, 1, 1);
    expect(pruneCache(folder, Date.now() - 1000)).toMatchObject({ files: 1 });
    expect(listed()).toHaveLength(2);
  });

  test('clear takes what is ours and nothing else', () => {
    fill();
    writeFileSync(join(folder, 'thesis.txt'), 'keep me');
    mkdirSync(join(folder, 'video'));
    expect(clearCache(folder)).toMatchObject({ files: 3 });
    expect(listed().map((path) => path.slice(folder.length + 1))).toEqual(['thesis.txt']);
    expect(readdirSync(folder).toSorted()).toEqual(['thesis.txt', 'video']);
  });

  test('clear of a cache that is not there is nothing', () => {
    expect(clearCache(join(folder, 'nowhere'))).toEqual({ files: 0, bytes: 0 });
  });
});

test('the folder is the one that the user names, else a place of the platform', () => {
  expect(cacheFolder({ DEPWEIGHT_CACHE_DIR: '/own' })).toBe('/own');
  expect(cacheFolder({ DEPWEIGHT_CACHE_DIR: '' })).toContain('depweight');
  if (process.platform === 'linux') {
    expect(cacheFolder({ XDG_CACHE_HOME: '/xdg' })).toBe(join('/xdg', 'depweight'));
  }
});
