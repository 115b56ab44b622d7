import { afterEach, describe, expect, test } from 'vitest';
import { createMemoryCache } from '../../src/io/cache.ts';
import { createHttp } from '../../src/io/http.ts';
import type { Http } from '../../src/package-index/http.ts';
import type { IndexClientOptions } from '../../src/package-index/client-context.ts';
import type { IndexClient } from '../../src/package-index/index-client.ts';
import { createIndexClient } from '../../src/package-index/index-client.ts';
import { normalizeName } from '../../src/pep/name.ts';
import type { DistributionFile, Known } from '../../src/types.ts';
import type { Fault, IndexServer } from '../support/index-server.ts';
import { startIndexServer } from '../support/index-server.ts';
import type { UniverseDistribution } from '../support/universe-files.ts';

const tool = normalizeName('tool');
const down = 'http://127.0.0.1:9/simple/';
const servers: IndexServer[] = [];
const opened: Http[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((http) => http.close()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

async function serve(
  distributions: readonly UniverseDistribution[],
  faults: readonly Fault[] = [],
): Promise<IndexServer> {
  const server = await startIndexServer({ distributions }, { faults });
  servers.push(server);
  return server;
}

function clientOf(urls: readonly string[], options: Partial<IndexClientOptions> = {}): IndexClient {
  const http = createHttp({ userAgent: 'test', retries: 0 });
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

describe('anyPage', () => {
  test('is the page of the resolution where that has one, without another request', async () => {
    const server = await serve([{ name: 'tool', version: '1.0' }]);
    const client = clientOf([server.indexUrl]);
    const strict = await client.page(tool);
    expect(await client.anyPage(tool)).toEqual({ answer: strict, isPassedOver: false });
    expect((await client.anyPage(normalizeName('none'))).answer.status).toBe('not-found');
    expect(server.requests).toHaveLength(2);
  });

  test('passes over an index that cannot be reached, and says so', async () => {
    const server = await serve([{ name: 'tool', version: '1.0' }]);
    const client = clientOf([down, server.indexUrl]);
    expect(await client.page(tool)).toMatchObject({ status: 'failed', reason: 'network' });
    expect(await client.anyPage(tool)).toMatchObject({
      answer: { status: 'found' },
      isPassedOver: true,
    });
    expect(await client.anyPage(normalizeName('none'))).toMatchObject({
      answer: { status: 'failed', reason: 'network' },
      isPassedOver: true,
    });
  });

  test('does not take one broken page for an index that is down', async () => {
    const first = await serve(
      [
        { name: 'tool', version: '1.0' },
        { name: 'other', version: '1.0' },
      ],
      [{ path: '/simple/tool/', status: 500 }],
    );
    const client = clientOf([first.indexUrl]);
    expect((await client.anyPage(tool)).answer.status).toBe('failed');
    expect((await client.anyPage(normalizeName('other'))).answer.status).toBe('found');
  });
});

describe('sdistModules', () => {
  const contents = { 'thing/__init__.py': '' };

  /** The source archive of `tool` on the index. */
  async function archiveOf(client: IndexClient): Promise<DistributionFile> {
    const { answer } = await client.anyPage(tool);
    const file = answer.status === 'found' ? answer.page.releases[0]?.files()[0] : undefined;
    if (file === undefined) throw new Error('There is no archive');
    return file;
  }

  function detailOf(answer: Known<readonly string[]>): string {
    return answer.known ? '' : `${answer.reason}: ${answer.detail ?? ''}`;
  }

  test('reads an archive once, and not again with what an earlier run left', async () => {
    const server = await serve([{ name: 'tool', version: '1.0', sdist: { contents } }]);
    const cache = createMemoryCache();
    const client = clientOf([server.indexUrl], { cache });
    const file = await archiveOf(client);
    const expected = { known: true, value: ['thing'], from: 'estimate' };
    expect(
      await Promise.all([client.sdistModules(tool, file), client.sdistModules(tool, file)]),
    ).toEqual([expected, expected]);
    const offline = clientOf([server.indexUrl], { cache, offline: true });
    expect(await offline.sdistModules(tool, file)).toEqual(expected);
    expect(server.requests.filter(({ path }) => path.endsWith('.tar.gz'))).toHaveLength(1);
  });

  test('says why it does not know: no statement, too large, offline, not there', async () => {
    const server = await serve([{ name: 'tool', version: '1.0', sdist: {} }]);
    const client = clientOf([server.indexUrl]);
    const file = await archiveOf(client);
    expect(detailOf(await client.sdistModules(tool, file))).toMatch(/^sdist-only: .*does not tell/);
    const large = { ...file, sha256: 'a', size: 5_000_000 };
    expect(detailOf(await client.sdistModules(tool, large))).toMatch(/^sdist-only: /);
    const absent = { ...file, sha256: 'b', url: `${file.url}x` };
    expect(detailOf(await client.sdistModules(tool, absent))).toMatch(/^network: .*404/);
    const offline = clientOf([server.indexUrl], { offline: true });
    expect(detailOf(await offline.sdistModules(tool, file))).toMatch(/^offline: /);
  });

  test('gives up an archive of unstated size when it turns out large', async () => {
    const bytes = Buffer.alloc(5 * 1024 * 1024, 1);
    const server = await serve([{ name: 'tool', version: '1.0', sdist: { bytes } }]);
    const client = clientOf([server.indexUrl]);
    const file = { ...(await archiveOf(client)), size: null };
    expect(detailOf(await client.sdistModules(tool, file))).toMatch(/^sdist-only: /);
  });
});

describe('buildNeeds', () => {
  test('are read once, kept for later runs, and unknown of what is large or cannot be had', async () => {
    const contents = { 'pyproject.toml': '[build-system]\nrequires = ["hatchling"]\n' };
    const server = await serve([{ name: 'tool', version: '1.0', sdist: { contents } }]);
    const cache = createMemoryCache();
    const client = clientOf([server.indexUrl], { cache });
    const page = await client.page(tool);
    const file = page.status === 'found' ? page.page.releases[0]?.files()[0] : undefined;
    if (file === undefined) throw new Error('There is no archive');
    const value = { requires: ['hatchling'], compiles: [] };
    const asked = await Promise.all([client.buildNeeds(tool, file), client.buildNeeds(tool, file)]);
    expect(asked).toMatchObject([{ value }, { value }]);
    const offline = clientOf([server.indexUrl], { cache, offline: true });
    expect(await offline.buildNeeds(tool, file)).toMatchObject({ value });
    expect(server.requests.filter(({ path }) => path.endsWith('.tar.gz'))).toHaveLength(1);
    const large = { ...file, sha256: 'a', size: 5_000_000 };
    expect(await client.buildNeeds(tool, large)).toMatchObject({ reason: 'sdist-only' });
    const absent = { ...file, sha256: 'b', url: `${file.url}x` };
    expect(await client.buildNeeds(tool, absent)).toMatchObject({ reason: 'network' });
    expect(await offline.buildNeeds(tool, absent)).toMatchObject({ reason: 'offline' });
  });
});
