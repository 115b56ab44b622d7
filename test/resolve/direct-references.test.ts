import { mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createDiskCache } from '../../src/io/cache.ts';
import { createHttp } from '../../src/io/http.ts';
import { createIndexClient } from '../../src/package-index/index-client.ts';
import type { EnvironmentOutcome } from '../../src/resolve/environment.ts';
import { resolveEnvironment } from '../../src/resolve/environment.ts';
import type { IndexServer } from '../support/index-server.ts';
import { startIndexServer } from '../support/index-server.ts';
import { environmentOf, resolveOptions, targetOf } from '../support/scenario.ts';

let folder = '';
const closing: (() => unknown)[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'depweight-direct-'));
});
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
  rmSync(folder, { recursive: true, force: true });
});

async function serveBeta(): Promise<IndexServer> {
  const nested = 'leaf @ https://deep:s3cret@files.test/leaf-1.0-py3-none-any.whl ; extra == "x"';
  const server = await startIndexServer({
    distributions: [{ name: 'beta', version: '1.0', requiresDist: [nested] }],
  });
  closing.push(() => server.close());
  return server;
}

/** Serves the files of an index to a user with this password only. */
async function guard(index: IndexServer, password: string): Promise<string> {
  const expected = `Basic ${Buffer.from(`user:${password}`).toString('base64')}`;
  const server = createServer((request, response) => {
    const name = decodeURIComponent((request.url ?? '').split('/').at(-1) ?? '');
    const file = index.files.get(name);
    if (request.headers.authorization !== expected) response.writeHead(401).end();
    else if (file === undefined) response.writeHead(404).end();
    else response.writeHead(200, { 'content-length': file.bytes.length }).end(file.bytes);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  closing.push(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `127.0.0.1:${address.port}`;
}

async function run(line: string): Promise<EnvironmentOutcome> {
  const http = createHttp({ userAgent: 'test', retries: 0 });
  closing.push(() => http.close());
  const cache = createDiskCache({ folder, now: () => Date.now(), refresh: false });
  const client = createIndexClient({
    sources: [],
    links: () => null,
    http: () => Promise.resolve(http),
    cache,
    offline: false,
    excludeNewer: null,
    pageSource: 'simple',
  });
  const outcome = await resolveEnvironment(
    environmentOf({ requirements: [line] }, ''),
    targetOf({}),
    { options: resolveOptions({}), weights: true, offline: false, isLasting: true, stamp: '' },
    { client, cache, onResolve: () => undefined, onWeigh: () => undefined },
  );
  cache.flush();
  return outcome;
}

function betaOf(outcome: EnvironmentOutcome): unknown {
  if (!outcome.solved) throw new Error(outcome.conflict.message);
  return outcome.graph.distributions.find(({ name }) => name === 'beta');
}

test.each(['s3cret', 's3cret$&', 's3cret%zz'])(
  'the password %s of an address is used, and is in no file of the cache',
  async (password) => {
    const host = await guard(await serveBeta(), password);
    const line = `beta @ http://user:${password}@${host}/beta-1.0-py3-none-any.whl`;
    const cold = await run(line);
    expect(betaOf(cold)).toMatchObject({
      version: '1.0',
      weight: { known: true },
      file: { url: `http://${host}/beta-1.0-py3-none-any.whl` },
    });
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) =>
      entry.isFile(),
    );
    expect(files.some(({ parentPath }) => parentPath.endsWith('results'))).toBe(true);
    expect(files.some(({ parentPath }) => parentPath.endsWith('facts'))).toBe(true);
    for (const { name, parentPath } of files) {
      expect(name).not.toContain('s3cret');
      expect(readFileSync(join(parentPath, name), 'utf8')).not.toMatch(/s3cret|user:/);
    }
    expect(betaOf(await run(line))).toEqual(JSON.parse(JSON.stringify(betaOf(cold))));
  },
);

test('an address with a bare percent sign is read as it is', async () => {
  const line = 'beta @ https://files.test/100%/beta%zz-1.0-py3-none-any.whl';
  expect(betaOf(await run(line))).toMatchObject({ version: 'unknown', unknownReason: 'url' });
});
