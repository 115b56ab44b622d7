import { mkdtempSync, rmSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDiskCache, createMemoryCache } from '../../src/io/cache.ts';
import { createHttp } from '../../src/io/http.ts';
import type { Cache } from '../../src/package-index/cache.ts';
import type { Http } from '../../src/package-index/http.ts';
import type { IndexClientOptions } from '../../src/package-index/client-context.ts';
import type { IndexClient } from '../../src/package-index/index-client.ts';
import { createIndexClient } from '../../src/package-index/index-client.ts';
import type {
  MetadataAnswer,
  PageAnswer,
  ProjectPage,
  Release,
} from '../../src/package-index/package-index.ts';
import { normalizeName } from '../../src/pep/name.ts';
import type { DistributionFile } from '../../src/types.ts';
import type {
  Fault,
  IndexServer,
  IndexServerOptions,
  Universe,
  UniverseDistribution,
} from '../support/index-server.ts';
import { pageEntry } from '../support/page-entry.ts';
import { startIndexServer } from '../support/index-server.ts';

const tool = normalizeName('tool');

let folder = '';
let now = 1_700_000_000_000;
const servers: IndexServer[] = [];
const opened: Http[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'depweight-client-'));
  now = Date.now();
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((http) => http.close()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function serve(
  distributions: readonly UniverseDistribution[],
  options: IndexServerOptions = {},
): Promise<IndexServer> {
  const universe: Universe = { distributions };
  const server = await startIndexServer(universe, options);
  servers.push(server);
  return server;
}

interface Asked extends Partial<IndexClientOptions> {
  readonly urls?: readonly string[];
  readonly retries?: number;
}

function clientOf({ urls = [], retries = 0, ...options }: Asked): IndexClient {
  const http = createHttp({ userAgent: 'test', retries });
  opened.push(http);
  return createIndexClient({
    sources: urls.map((url) => ({ url })),
    links: () => null,
    http: () => Promise.resolve(http),
    cache: createMemoryCache(),
    offline: false,
    excludeNewer: null,
    pageSource: 'simple',
    ...options,
  });
}

const disk = (refresh = false): Cache => createDiskCache({ folder, now: () => now, refresh });
const versionsOf = (answer: PageAnswer): readonly string[] =>
  pageIn(answer).releases.map(({ version }) => version.text);

function pageIn(answer: PageAnswer): ProjectPage {
  if (answer.status !== 'found') throw new Error(JSON.stringify(answer));
  return answer.page;
}

function newestOf(answer: PageAnswer): {
  readonly release: Release;
  readonly file: DistributionFile;
} {
  const release = pageIn(answer).releases.at(-1);
  const file = release?.files()[0];
  if (release === undefined || file === undefined) throw new Error('The page has no file');
  return { release, file };
}

async function metadataOf(client: IndexClient): Promise<MetadataAnswer> {
  const { release, file } = newestOf(await client.page(tool));
  return client.metadata(tool, file, release);
}

const one: readonly UniverseDistribution[] = [
  { name: 'tool', version: '1.0', requiresDist: ['base'] },
];

describe('the page of a name', () => {
  test('is asked for once, however many ask at the same time', async () => {
    const server = await serve(one);
    const client = clientOf({ urls: [server.indexUrl] });
    const answers = await Promise.all([client.page(tool), client.page(tool), client.page(tool)]);
    expect(answers.map(versionsOf)).toEqual([['1.0'], ['1.0'], ['1.0']]);
    expect(server.requests).toHaveLength(1);
  });

  test('comes from the first index that has the name, and the others are not asked', async () => {
    const empty = await serve([]);
    const first = await serve(one);
    const second = await serve([{ name: 'tool', version: '9.0' }]);
    const client = clientOf({ urls: [empty.indexUrl, first.indexUrl, second.indexUrl] });
    const page = pageIn(await client.page(tool));
    expect(page.releases.map(({ version }) => version.text)).toEqual(['1.0']);
    expect(page.index).toBe(first.indexUrl);
    expect(second.requests).toEqual([]);
  });

  test('is absent where storage denies what it does not have, and its start can be had', async () => {
    const denied = '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>';
    const second = await serve([{ name: 'tool', version: '9.0' }]);
    const storage = await serve([], {
      faults: [{ path: '/simple/tool/', status: 403, body: denied }],
    });
    const client = clientOf({ urls: [storage.indexUrl, second.indexUrl] });
    expect(versionsOf(await client.page(tool))).toEqual(['9.0']);
    await client.page(normalizeName('other'));
    expect(storage.requests.filter(({ path }) => path === '/simple/')).toHaveLength(1);
    const shut = await serve([], { faults: [{ path: /simple/, status: 403, body: denied }] });
    const other = clientOf({ urls: [shut.indexUrl, second.indexUrl] });
    expect(await other.page(tool)).toMatchObject({ status: 'failed' });
    const page = await serve([], { faults: [{ path: '/simple/tool/', status: 403 }] });
    const plain = clientOf({ urls: [page.indexUrl, second.indexUrl] });
    expect(await plain.page(tool)).toMatchObject({ status: 'failed' });
  });

  test('comes from an explicit index where one is named', async () => {
    const first = await serve(one);
    const second = await serve([{ name: 'tool', version: '9.0' }]);
    const client = clientOf({ urls: [first.indexUrl] });
    expect(versionsOf(await client.page(tool, second.indexUrl))).toEqual(['9.0']);
    expect(versionsOf(await client.page(tool))).toEqual(['1.0']);
  });

  test('an index that fails ends the search: another one must not answer in its place', async () => {
    const broken = await serve(one, { faults: [{ path: /simple/, status: 500 }] });
    const second = await serve([{ name: 'tool', version: '9.0' }]);
    const answer = await clientOf({ urls: [broken.indexUrl, second.indexUrl] }).page(tool);
    expect(answer).toMatchObject({
      status: 'failed',
      reason: 'network',
      detail: expect.stringContaining('500'),
    });
    expect(second.requests).toEqual([]);
  });

  test.each([404, 410])('is not there where the index answers %d', async (status) => {
    const server = await serve(one, { faults: [{ path: /simple/, status }] });
    expect(await clientOf({ urls: [server.indexUrl] }).page(tool)).toEqual({ status: 'not-found' });
  });

  test.each<readonly [string, Fault, RegExp]>([
    ['401', { path: /simple/, status: 401 }, /credentials.*401/],
    ['403', { path: /simple/, status: 403 }, /credentials.*403/],
    ['451', { path: /simple/, status: 451 }, /451/],
    [
      'a log-in page',
      { path: /simple/, body: '<html><form>Sign in</form></html>', contentType: 'text/html' },
      /log-in/,
    ],
    [
      'broken JSON',
      { path: /simple/, body: '{"files": [', contentType: 'application/json' },
      /broken JSON/,
    ],
    ['a dropped connection', { path: /simple/, drop: true }, /cannot be reached/],
    ['half a body', { path: /simple/, truncateAt: 20 }, /tool/],
  ])('fails in words on %s', async (_what, fault, message) => {
    const server = await serve(one, { faults: [fault], shape: 'mirror' });
    const answer = await clientOf({ urls: [server.indexUrl] }).page(tool);
    expect(answer).toMatchObject({ status: 'failed', reason: 'network' });
    expect(answer.status === 'failed' ? answer.detail : '').toMatch(message);
  });

  test('is had all the same when the first answers are 503', async () => {
    const server = await serve(one, { faults: [{ path: '/simple/tool/', status: 503, times: 2 }] });
    expect(versionsOf(await clientOf({ urls: [server.indexUrl], retries: 3 }).page(tool))).toEqual([
      '1.0',
    ]);
  });

  test('needs no slash at the end of the index address', async () => {
    const server = await serve(one);
    expect(versionsOf(await clientOf({ urls: [server.indexUrl.slice(0, -1)] }).page(tool))).toEqual(
      ['1.0'],
    );
  });

  test('comes from the JSON API where that is wanted', async () => {
    const server = await serve([...one, { name: 'tool', version: '1.1' }], { shape: 'mirror' });
    const client = clientOf({ urls: [server.indexUrl], pageSource: 'json' });
    const { file } = newestOf(await client.page(tool));
    expect(file).toMatchObject({
      size: server.files.get(file.filename)?.bytes.length,
      uploadTime: '2024-01-01T00:00:00Z',
    });
    expect(server.requests.map(({ path }) => path)).toEqual(['/pypi/tool/json']);
  });

  test('gets upload times from the JSON API where a date is asked for and the page has none', async () => {
    const server = await serve(
      [
        { name: 'tool', version: '1.0', uploadTime: '2023-01-01T00:00:00Z' },
        { name: 'tool', version: '2.0', uploadTime: '2024-06-01T00:00:00Z' },
      ],
      {
        shape: 'mirror',
        faults: [
          {
            path: '/simple/tool/',
            body: '<a href="../../files/tool-1.0-py3-none-any.whl">x</a><a href="../../files/tool-2.0-py3-none-any.whl">y</a>',
            contentType: 'text/html',
          },
        ],
      },
    );
    const client = clientOf({ urls: [server.indexUrl], excludeNewer: '2024-01-01T00:00:00Z' });
    expect(versionsOf(await client.page(tool))).toEqual(['1.0']);
  });
});

test('a page that was kept without times is asked for again where a date is given', async () => {
  const server = await serve(
    [
      { name: 'tool', version: '1.0', uploadTime: '2023-01-01T00:00:00Z' },
      { name: 'tool', version: '2.0', uploadTime: '2024-06-01T00:00:00Z' },
    ],
    {
      faults: [
        {
          path: '/simple/tool/',
          body: '<a href="../../files/tool-1.0-py3-none-any.whl">x</a><a href="../../files/tool-2.0-py3-none-any.whl">y</a>',
          contentType: 'text/html',
        },
      ],
      shape: 'mirror',
    },
  );
  const ask = async (excludeNewer: string | null): Promise<readonly string[]> =>
    versionsOf(await clientOf({ urls: [server.indexUrl], cache: disk(), excludeNewer }).page(tool));
  expect(await ask(null)).toEqual(['1.0', '2.0']);
  expect(await ask('2024-01-01T00:00:00Z')).toEqual(['1.0']);
  expect(await ask('2024-01-01T00:00:00Z')).toEqual(['1.0']);
  expect(server.requests.filter(({ path }) => path === '/simple/tool/')).toHaveLength(2);
});

describe('--find-links', () => {
  const links =
    (...filenames: readonly string[]): IndexClientOptions['links'] =>
    () =>
      filenames.map((filename) => pageEntry(filename, { url: `file:///wheels/${filename}` }));

  test('stand beside the index', async () => {
    const server = await serve(one);
    const client = clientOf({
      urls: [server.indexUrl],
      links: links('tool-2.0-py3-none-any.whl', 'other-1.0-py3-none-any.whl'),
    });
    expect(versionsOf(await client.page(tool))).toEqual(['1.0', '2.0']);
  });

  test('do without an index, and where the index fails', async () => {
    expect(
      versionsOf(await clientOf({ links: links('tool-2.0-py3-none-any.whl') }).page(tool)),
    ).toEqual(['2.0']);
    expect(await clientOf({ links: links('other-2.0-py3-none-any.whl') }).page(tool)).toEqual({
      status: 'not-found',
    });
  });
});

describe('the cache', () => {
  test('saves the second question for as long as the index allows', async () => {
    const server = await serve(one);
    const ask = async (): Promise<readonly string[]> =>
      versionsOf(await clientOf({ urls: [server.indexUrl], cache: disk() }).page(tool));
    await ask();
    now += 599_000;
    expect(await ask()).toEqual(['1.0']);
    expect(server.requests).toHaveLength(1);
    now += 2000;
    expect(await ask()).toEqual(['1.0']);
    expect(server.requests.map(({ status }) => status)).toEqual([200, 304]);
  });

  test('a page that was confirmed is fresh again', async () => {
    const server = await serve(one);
    const ask = async (): Promise<PageAnswer> =>
      clientOf({ urls: [server.indexUrl], cache: disk() }).page(tool);
    await ask();
    now += 700_000;
    await ask();
    now += 500_000;
    await ask();
    expect(server.requests).toHaveLength(2);
  });

  test('an index without caching headers is asked again after ten minutes, whole', async () => {
    const server = await serve(one, { shape: 'mirror' });
    const ask = async (): Promise<PageAnswer> =>
      clientOf({ urls: [server.indexUrl], cache: disk() }).page(tool);
    await ask();
    now += 590_000;
    await ask();
    now += 20_000;
    await ask();
    expect(server.requests.map(({ status }) => status)).toEqual([200, 200]);
  });

  test('--refresh asks, and is content with "unchanged"', async () => {
    const server = await serve(one);
    await clientOf({ urls: [server.indexUrl], cache: disk() }).page(tool);
    const client = clientOf({ urls: [server.indexUrl], cache: disk(true) });
    expect(versionsOf(await client.page(tool))).toEqual(['1.0']);
    expect(server.requests.map(({ status }) => status)).toEqual([200, 304]);
  });

  test('remembers that a name is not there', async () => {
    const server = await serve([]);
    const ask = async (): Promise<PageAnswer> =>
      clientOf({ urls: [server.indexUrl], cache: disk() }).page(tool);
    expect(await ask()).toEqual({ status: 'not-found' });
    expect(await ask()).toEqual({ status: 'not-found' });
    expect(server.requests).toHaveLength(1);
  });

  test('remembers no failure', async () => {
    const server = await serve(one, { faults: [{ path: /simple/, status: 500, times: 1 }] });
    const ask = async (): Promise<string> =>
      (await clientOf({ urls: [server.indexUrl], cache: disk() }).page(tool)).status;
    expect(await ask()).toBe('failed');
    expect(await ask()).toBe('found');
  });

  test('--offline takes an old page, and says so where there is none', async () => {
    const server = await serve(one);
    await clientOf({ urls: [server.indexUrl], cache: disk() }).page(tool);
    now += 10_000_000;
    const offline = clientOf({ urls: [server.indexUrl], cache: disk(), offline: true });
    expect(versionsOf(await offline.page(tool))).toEqual(['1.0']);
    expect(await offline.page(normalizeName('other'))).toMatchObject({
      status: 'failed',
      reason: 'offline',
    });
    expect(server.requests).toHaveLength(1);
  });

  test('keeps metadata and weights, so that they are not asked for again', async () => {
    const server = await serve(one, { metadataShare: 0 });
    const ask = async (): Promise<MetadataAnswer> => {
      const cache = disk();
      const client = clientOf({ urls: [server.indexUrl], cache });
      const answer = await metadataOf(client);
      const { file } = newestOf(await client.page(tool));
      expect(await client.wheel(tool, file)).toMatchObject({ known: true });
      cache.flush();
      return answer;
    };
    const first = await ask();
    const before = server.requests.length;
    expect(await ask()).toEqual(first);
    expect(server.requests).toHaveLength(before);
  });

  test('holds no credentials, in names or contents', async () => {
    const server = await serve(one, { relativeUrls: true });
    const cache = disk();
    const client = clientOf({ urls: [server.indexUrl.replace('//', '//user:s3cr3t@')], cache });
    await metadataOf(client);
    await client.wheel(tool, newestOf(await client.page(tool)).file);
    cache.flush();
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.length).toBeGreaterThan(1);
    for (const entry of files) {
      expect(entry.name).not.toContain('s3cr3t');
      expect(readFileSync(join(entry.parentPath, entry.name), 'utf8')).not.toMatch(/s3cr3t|user:/);
    }
  });

  test('keeps nothing of a file of the disk without a hash: it may be built again', async () => {
    const ask = async (requiresDist: string): Promise<readonly string[]> => {
      const server = await serve([{ name: 'tool', version: '1.0', requiresDist: [requiresDist] }]);
      const [built] = server.files.values();
      const path = join(folder, 'tool-1.0-py3-none-any.whl');
      writeFileSync(path, built?.bytes ?? '');
      const cache = disk();
      const client = clientOf({ cache });
      const file = { ...newestOf(await clientOf({ urls: [server.indexUrl] }).page(tool)).file };
      const local = { ...file, url: pathToFileURL(path).href, sha256: null, metadataFile: false };
      const release = { version: file.version, files: () => [local] };
      const answer = await client.metadata(tool, local, release);
      expect(await client.wheel(tool, local)).toMatchObject({ known: true });
      cache.flush();
      if (!answer.known) throw new Error(answer.detail);
      return answer.value.requiresDist.map(({ name }) => name);
    };
    expect(await ask('base')).toEqual(['base']);
    expect(await ask('other')).toEqual(['other']);
  });

  test.each([
    ['without a hash is forgotten', null, true],
    ['with a hash is remembered', 'ab'.repeat(32), false],
  ])('that a wheel is broken %s', async (_what, sha256, isKnown) => {
    const broken = await serve([
      { name: 'tool', version: '1.0', files: [{ metadataText: 'Name: other\nVersion: 1.0\n\n' }] },
    ]);
    const { file } = newestOf(await clientOf({ urls: [broken.indexUrl] }).page(tool));
    const asked = { ...file, sha256, metadataFile: false };
    const release = { version: file.version, files: () => [asked] };
    let [content] = broken.files.values();
    const http: Http = {
      counts: { requests: 0, receivedBytes: 0 },
      close: () => Promise.resolve(),
      get: (url) =>
        Promise.resolve({ status: 200, headers: {}, body: Buffer.from(content?.bytes ?? ''), url }),
    };
    const ask = async (): Promise<MetadataAnswer> => {
      const cache = disk();
      const client = clientOf({ cache, http: () => Promise.resolve(http) });
      const answer = await client.metadata(tool, asked, release);
      cache.flush();
      return answer;
    };
    expect(await ask()).toMatchObject({ known: false, reason: 'broken-metadata' });
    [content] = (await serve(one)).files.values();
    expect((await ask()).known).toBe(isKnown);
  });

  test('says which pages an answer rests on, those without the name included', async () => {
    const empty = await serve([]);
    const server = await serve(one);
    const client = clientOf({ urls: [empty.indexUrl, server.indexUrl], cache: disk() });
    expect(client.stampsOf(tool)).toEqual([]);
    await client.page(tool);
    expect(client.stampsOf(tool)).toHaveLength(2);
  });
});

describe('metadata', () => {
  test('comes from the metadata file that the index advertises', async () => {
    const server = await serve(one);
    const answer = await metadataOf(clientOf({ urls: [server.indexUrl] }));
    expect(answer).toMatchObject({ known: true, from: 'metadata-file' });
    expect(server.requests.at(-1)?.path).toBe('/files/tool-1.0-py3-none-any.whl.metadata');
  });

  test('comes from the wheel where there is no such file, and the weight with it in one request', async () => {
    const server = await serve(one, { metadataShare: 0 });
    const client = clientOf({ urls: [server.indexUrl] });
    expect(await metadataOf(client)).toMatchObject({ known: true, from: 'wheel-metadata' });
    const before = server.requests.length;
    expect(await client.wheel(tool, newestOf(await client.page(tool)).file)).toMatchObject({
      known: true,
    });
    expect(server.requests).toHaveLength(before);
  });

  test('is first looked for in the wheel where the index says nothing of metadata files', async () => {
    const server = await serve(one, { shape: 'mirror', metadataShare: 1 });
    const client = clientOf({ urls: [server.indexUrl] });
    expect(await metadataOf(client)).toMatchObject({ known: true, from: 'wheel-metadata' });
    expect(server.requests.filter(({ path }) => path.endsWith('.metadata'))).toEqual([]);
  });

  test('comes from a file that nobody advertised where the wheel cannot be had', async () => {
    const server = await serve(one, {
      shape: 'mirror',
      metadataShare: 1,
      faults: [{ path: /\.whl$/, status: 403 }],
    });
    const answer = await metadataOf(clientOf({ urls: [server.indexUrl] }));
    expect(answer).toMatchObject({ known: true, from: 'metadata-file' });
  });

  test('is unknown where neither can be had', async () => {
    const faults = [{ path: /\.whl/, status: 403 }];
    const server = await serve(one, { shape: 'mirror', metadataShare: 1, faults });
    const answer = await metadataOf(clientOf({ urls: [server.indexUrl] }));
    expect(answer).toMatchObject({ known: false, reason: 'network' });
  });

  test.each<readonly [string, Fault]>([
    ['is not there', { path: /\.metadata$/, status: 404 }],
    ['fails', { path: /\.metadata$/, status: 500 }],
    ['is a page', { path: /\.metadata$/, body: '<html>Sign in</html>' }],
  ])('comes from the wheel where the advertised file %s', async (_what, fault) => {
    const server = await serve(one, { faults: [fault], shape: 'pypi' });
    const answer = await metadataOf(clientOf({ urls: [server.indexUrl] }));
    expect(answer).toMatchObject({ known: true, from: 'wheel-metadata' });
  });

  test('with another hash than the index gives is not believed, and that is told', async () => {
    const forged = 'Metadata-Version: 2.1\nName: tool\nVersion: 1.0\nRequires-Dist: evil\n\n';
    const server = await serve(one, { faults: [{ path: /\.metadata$/, body: forged }] });
    const answer = await metadataOf(clientOf({ urls: [server.indexUrl] }));
    if (!answer.known) throw new Error(answer.detail);
    expect(answer.value.requiresDist.map(({ name }) => name)).toEqual(['base']);
    expect(answer.value.repairs.join()).toContain('hash');
  });

  test('of another name is not believed', async () => {
    const server = await serve([
      {
        name: 'tool',
        version: '1.0',
        files: [{ metadataText: 'Metadata-Version: 2.1\nName: other\nVersion: 1.0\n\n' }],
      },
    ]);
    expect(await metadataOf(clientOf({ urls: [server.indexUrl] }))).toMatchObject({
      known: false,
      reason: 'broken-metadata',
      detail: expect.stringContaining('other'),
    });
  });

  test('of a source archive comes from another wheel of the release', async () => {
    const server = await serve([
      {
        name: 'tool',
        version: '1.0',
        requiresDist: ['base'],
        files: [{ tags: 'cp39-cp39-win_amd64' }],
        sdist: {},
      },
    ]);
    const client = clientOf({ urls: [server.indexUrl] });
    const release = pageIn(await client.page(tool)).releases[0];
    const sdist = release?.files().find(({ kind }) => kind === 'sdist');
    if (release === undefined || sdist === undefined) throw new Error('no source archive');
    expect(await client.metadata(tool, sdist, release)).toMatchObject({
      known: true,
      from: 'other-wheel',
    });
  });

  test.each<readonly [string, Partial<UniverseDistribution>, readonly Fault[]]>([
    ['is broken', { files: [{ bytes: Buffer.from('no zip') }] }, []],
    ['is away', { files: [{ withoutMetadata: true }] }, [{ path: /\.whl$/, status: 404 }]],
    [
      'drops the connection',
      { files: [{ withoutMetadata: true }] },
      [{ path: /\.whl$/, drop: true }],
    ],
    [
      'is of another name',
      { files: [{ metadataText: 'Metadata-Version: 2.1\nName: other\nVersion: 1.0\n\n' }] },
      [],
    ],
  ])('of a source archive comes from itself where the wheel %s', async (_what, files, faults) => {
    const server = await serve(
      [{ name: 'tool', version: '1.0', requiresDist: ['base'], sdist: {}, ...files }],
      { faults, metadataShare: 0 },
    );
    const client = clientOf({ urls: [server.indexUrl] });
    const release = pageIn(await client.page(tool)).releases[0];
    const sdist = release?.files().find(({ kind }) => kind === 'sdist');
    if (release === undefined || sdist === undefined) throw new Error('no source archive');
    const answer = await client.metadata(tool, sdist, release);
    if (!answer.known) throw new Error(answer.detail);
    expect(answer.value.requiresDist.map(({ name }) => name)).toEqual(['base']);
    expect(answer.from).not.toBe('other-wheel');
  });

  test('of a source archive alone comes from its static PKG-INFO', async () => {
    const server = await serve([
      { name: 'tool', version: '1.0', requiresDist: ['base'], sdist: {} },
    ]);
    const answer = await metadataOf(clientOf({ urls: [server.indexUrl] }));
    if (!answer.known) throw new Error(answer.detail);
    expect(answer.value.requiresDist.map(({ name }) => name)).toEqual(['base']);
  });

  test.each<readonly [string, boolean]>([
    ['a server with ranges', false],
    ['a server without', true],
  ])(
    'of a long source archive is read from its start only, from %s',
    async (_what, ignoreRange) => {
      const filler = Object.fromEntries(
        Array.from({ length: 40 }, (_, at) => [`src/part_${at}.c`, `${'x'.repeat(5000)}${at}`]),
      );
      const server = await serve(
        [{ name: 'tool', version: '1.0', requiresDist: ['base'], sdist: { contents: filler } }],
        { ignoreRange },
      );
      expect(await metadataOf(clientOf({ urls: [server.indexUrl] }))).toMatchObject({
        known: true,
      });
    },
  );

  test('that could not be had is unknown, and asked for again in the next run', async () => {
    const server = await serve(one, {
      metadataShare: 0,
      faults: [{ path: /files/, drop: true, times: 1 }],
    });
    const cache = disk();
    expect(await metadataOf(clientOf({ urls: [server.indexUrl], cache }))).toMatchObject({
      known: false,
      reason: 'network',
    });
    cache.flush();
    expect(await metadataOf(clientOf({ urls: [server.indexUrl], cache: disk() }))).toMatchObject({
      known: true,
    });
  });

  test('is not asked for with --offline', async () => {
    const server = await serve(one);
    await clientOf({ urls: [server.indexUrl], cache: disk() }).page(tool);
    const offline = clientOf({ urls: [server.indexUrl], cache: disk(), offline: true });
    expect(await metadataOf(offline)).toMatchObject({ known: false, reason: 'offline' });
    expect(await offline.wheel(tool, newestOf(await offline.page(tool)).file)).toMatchObject({
      known: false,
      reason: 'offline',
    });
  });
});

describe('the weight of a wheel', () => {
  test('is what its central directory says', async () => {
    const server = await serve([
      {
        name: 'tool',
        version: '1.0',
        files: [{ contents: { 'tool/__init__.py': 'x'.repeat(1234) } }],
      },
    ]);
    const client = clientOf({ urls: [server.indexUrl] });
    const { file } = newestOf(await client.page(tool));
    const weight = await client.wheel(tool, file);
    if (!weight.known) throw new Error(weight.detail);
    expect(weight.value.composition.python).toBe(1234);
    expect(weight.value.downloadBytes).toBe(server.files.get(file.filename)?.bytes.length);
  });

  test('of a file that is no zip archive is unknown, with a sentence', async () => {
    const server = await serve([
      { name: 'tool', version: '1.0', files: [{ bytes: Buffer.from('<html>nope</html>') }] },
    ]);
    const client = clientOf({ urls: [server.indexUrl] });
    const weight = await client.wheel(tool, newestOf(await client.page(tool)).file);
    expect(weight).toMatchObject({
      known: false,
      reason: 'broken-wheel',
      detail: expect.stringContaining('tool 1.0'),
    });
  });
});

describe('credentials', () => {
  test('go with every request to the index and with none to another host', async () => {
    const files = await serve(one);
    const seen: string[] = [];
    const http: Http = {
      counts: { requests: 0, receivedBytes: 0 },
      close: () => Promise.resolve(),
      get: (url) => {
        seen.push(url);
        const body = url.includes('/simple/')
          ? `<a href="../../files/tool-1.0-py3-none-any.whl">x</a><a href="${files.url}/files/tool-2.0-py3-none-any.whl">y</a>`
          : '';
        return Promise.resolve({
          status: url.includes('/simple/') ? 200 : 404,
          headers: {},
          body: Buffer.from(body),
          url,
        });
      },
    };
    const client = clientOf({
      urls: ['https://me:pw@index.test/simple/'],
      http: () => Promise.resolve(http),
    });
    const { releases } = pageIn(await client.page(tool));
    for (const release of releases)
      for (const file of release.files()) await client.wheel(tool, file);
    expect(seen).toEqual([
      'https://me:pw@index.test/simple/tool/',
      'https://me:pw@index.test/files/tool-1.0-py3-none-any.whl',
      `${files.url}/files/tool-2.0-py3-none-any.whl`,
    ]);
  });
});

describe('a name that a later index has too', () => {
  const other = normalizeName('other');
  const namesake: readonly UniverseDistribution[] = [
    { name: 'tool', version: '9.0' },
    { name: 'other', version: '1.0' },
  ];

  test('is found without its page, and remembered', async () => {
    const first = await serve(one);
    const later = await serve(namesake);
    const find = async (offline: boolean) => {
      const client = clientOf({ urls: [first.indexUrl, later.indexUrl], cache: disk(), offline });
      await Promise.all([client.page(tool), client.page(other)]);
      return client.namesakes([tool, other]);
    };
    const found = [{ name: tool, index: first.indexUrl, others: [later.indexUrl] }];
    expect(await find(false)).toEqual(found);
    expect(later.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /simple/other/',
      'HEAD /simple/tool/',
    ]);
    expect(await find(true)).toEqual(found);
    expect(await find(false)).toEqual(found);
    expect(later.requests).toHaveLength(2);
  });

  test('is not looked for on an index that is asked nothing else', async () => {
    const first = await serve(one);
    const later = await serve(namesake);
    const client = clientOf({ urls: [first.indexUrl, later.indexUrl] });
    await client.page(tool);
    expect(await client.namesakes([tool])).toEqual([]);
    expect(later.requests).toEqual([]);
  });

  test.each([404, 500, 405])('is none where that index answers %d', async (status) => {
    const first = await serve(one);
    const faults = [{ path: '/simple/tool/', status }];
    const later = await serve(namesake, { faults });
    const client = clientOf({ urls: [first.indexUrl, later.indexUrl] });
    await Promise.all([client.page(tool), client.page(other)]);
    expect(await client.namesakes([tool, other])).toEqual([]);
  });

  test('is none where that index drops the connection', async () => {
    const first = await serve(one);
    const later = await serve(namesake, { faults: [{ path: '/simple/tool/', drop: true }] });
    const client = clientOf({ urls: [first.indexUrl, later.indexUrl] });
    await Promise.all([client.page(tool), client.page(other)]);
    expect(await client.namesakes([tool, other])).toEqual([]);
  });
});
