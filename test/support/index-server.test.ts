import { request } from 'node:http';
import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';

import { summarizeWheel } from '../../src/weigh/wheel-contents.ts';
import { findEndOfCentralDirectory, parseCentralDirectory } from '../../src/weigh/zip-directory.ts';
import { startIndexServer } from './index-server.ts';
import type { IndexServer, IndexServerOptions, Universe } from './index-server.ts';
import { buildUniverse } from './universe-files.ts';

const universe: Universe = {
  description: 'a document renderer with a heavy font collection',
  distributions: [
    {
      name: 'Render.Kit',
      version: '1.0',
      requiresDist: ['fonts>=2', 'lint; extra == "dev"'],
      requiresPython: '>=3.8',
    },
    {
      name: 'Render.Kit',
      version: '1.1',
      yanked: 'broken <fonts>',
      uploadTime: '2024-06-01T10:00:00Z',
      files: [
        {
          tags: 'cp311-cp311-manylinux_2_28_x86_64',
          contents: { 'render_kit/__init__.py': 'x = 1\n', '.data/scripts/render': '#!python\n' },
          entryPoints: '[console_scripts]\nrk = render_kit:main\n',
        },
        { tags: 'py3-none-any', withoutMetadata: true },
      ],
      sdist: { contents: { 'setup.py': '' } },
    },
    { name: 'fonts', version: '2.0', files: [], sdist: {} },
  ],
};

const kit = 'render_kit-1.0-py3-none-any.whl';
const jsonType = 'application/vnd.pypi.simple.v1+json';
const open: IndexServer[] = [];

afterEach(async () => {
  for (const server of open.splice(0)) await server.close();
});

async function start(options: IndexServerOptions = {}): Promise<IndexServer> {
  const server = await startIndexServer(universe, options);
  open.push(server);
  return server;
}

interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: Buffer;
  /** The connection was dropped before the end. */
  readonly aborted: boolean;
}

/** Plain HTTP: fetch would follow redirects, inflate and retry on its own. */
function get(
  server: IndexServer,
  path: string,
  headers: Readonly<Record<string, string>> = {},
  method = 'GET',
): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request(server.url + path, { headers, method, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      const done = (aborted: boolean): void =>
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: Buffer.concat(chunks),
          aborted,
        });
      response.on('data', (chunk: Buffer) => chunks.push(chunk));
      response.on('end', () => done(false));
      response.on('error', () => done(true));
    });
    sent.on('error', reject);
    sent.end();
  });
}

describe('the shape of PyPI', () => {
  it('serves PEP 691 JSON to those who accept it', async () => {
    const server = await start();
    const reply = await get(server, '/simple/render-kit/', {
      accept: `${jsonType}, text/html;q=0.1`,
    });
    expect(reply.headers['content-type']).toBe(jsonType);
    const page = JSON.parse(reply.body.toString());
    expect(page.files[0]).toMatchObject({
      filename: kit,
      url: `${server.url}/files/${kit}`,
      size: server.files.get(kit)?.bytes.length,
      'requires-python': '>=3.8',
      yanked: false,
      'upload-time': '2024-01-01T00:00:00Z',
      'core-metadata': { sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    });
    expect(page.files.map((file: { yanked: unknown }) => file.yanked)).toEqual([
      false,
      'broken <fonts>',
      'broken <fonts>',
      'broken <fonts>',
    ]);
    expect(page.files[2]['core-metadata']).toBe(false);
    expect(page.versions).toEqual(['1.0', '1.1']);
  });

  it('serves HTML to others', async () => {
    const reply = await get(await start({ relativeUrls: true }), '/simple/render-kit/', {
      accept: 'text/html',
    });
    const text = reply.body.toString();
    expect(text).toContain(`href="../../files/${kit}#sha256=`);
    expect(text).toContain('data-requires-python="&gt;=3.8"');
    expect(text).toContain('data-yanked="broken &lt;fonts&gt;"');
    expect(text).toContain('data-core-metadata="sha256=');
  });

  it('answers 304 to its own ETag, and compresses when asked', async () => {
    const server = await start();
    const first = await get(server, '/simple/fonts/');
    expect(first.headers['cache-control']).toContain('max-age=600');
    const second = await get(server, '/simple/fonts/', {
      'if-none-match': String(first.headers['etag']),
    });
    expect([second.status, second.body.length]).toEqual([304, 0]);
    const zipped = await get(server, '/simple/fonts/', { 'accept-encoding': 'gzip, br' });
    expect(zipped.headers['content-encoding']).toBe('gzip');
    expect(gunzipSync(zipped.body)).toEqual(first.body);
  });

  it('redirects to the normalised name and answers 404 for others', async () => {
    const server = await start();
    expect(await get(server, '/simple/Render.Kit/')).toMatchObject({
      status: 301,
      headers: { location: '/simple/render-kit/' },
    });
    expect(await get(server, '/simple/fonts')).toMatchObject({ status: 301 });
    expect((await get(server, '/simple/none/')).status).toBe(404);
    expect((await get(server, '/files/none.whl')).status).toBe(404);
    expect((await get(server, '/elsewhere')).status).toBe(404);
    expect((await get(server, '/simple/')).body.toString()).toContain('/simple/render-kit/');
  });

  it('serves metadata where the page says so', async () => {
    const server = await start();
    const text = (await get(server, `/files/${kit}.metadata`)).body.toString();
    expect(text).toContain(
      'Name: Render.Kit\nVersion: 1.0\nRequires-Python: >=3.8\nProvides-Extra: dev\nRequires-Dist: fonts>=2\n',
    );
    expect((await get(server, '/files/render_kit-1.1-py3-none-any.whl.metadata')).status).toBe(404);
    expect((await get(server, '/files/fonts-2.0.tar.gz.metadata')).status).toBe(404);
  });

  it('serves the JSON API of a project and of a release', async () => {
    const server = await start();
    const project = JSON.parse((await get(server, '/pypi/render-kit/json')).body.toString());
    expect(project.info.version).toBe('1.1');
    expect(Object.keys(project.releases)).toEqual(['1.0', '1.1']);
    const release = JSON.parse((await get(server, '/pypi/render-kit/1.0/json')).body.toString());
    expect(release.info.requires_dist).toEqual(['fonts>=2', 'lint; extra == "dev"']);
    expect(release.urls[0].url).toBe(`${server.url}/files/${kit}`);
    expect((await get(server, '/pypi/render-kit/9/json')).status).toBe(404);
    expect((await get(server, '/pypi/none/json')).status).toBe(404);
  });
});

describe('the shape of the mirror', () => {
  it('serves HTML to every Accept, with upload times only to JSON first', async () => {
    const server = await start({ shape: 'mirror' });
    const accept = `${jsonType}, text/html;q=0.2`;
    const reply = await get(server, '/simple/render-kit/', { accept, 'accept-encoding': 'gzip' });
    expect(reply.headers).not.toHaveProperty('etag');
    expect(reply.headers).not.toHaveProperty('content-encoding');
    expect(reply.headers['content-type']).toBe('text/html');
    const text = reply.body.toString();
    expect(text).toContain('data-upload-time="2024-06-01T10:00:00Z"');
    expect(text).toContain(`href="${server.url}/files/${kit}#`);
    expect(text).not.toContain('core-metadata');
    const other = await get(server, '/simple/render-kit/', { accept: `text/html, ${jsonType}` });
    expect(other.body.toString()).not.toContain('data-upload-time');
  });

  it('has metadata for the stated share of files, the same ones each time', async () => {
    const none = await start({ shape: 'mirror', metadataShare: 0 });
    expect((await get(none, `/files/${kit}.metadata`)).status).toBe(404);
    const all = await start({ shape: 'mirror', metadataShare: 1 });
    expect((await get(all, `/files/${kit}.metadata`)).status).toBe(200);
  });

  it('gives relative addresses in its JSON API', async () => {
    const server = await start({ shape: 'mirror' });
    const document = JSON.parse((await get(server, '/pypi/render-kit/json')).body.toString());
    const file = document.releases['1.0'][0];
    expect(new URL(file.url, `${server.url}/pypi/render-kit/json`).href).toBe(
      `${server.url}/files/${kit}`,
    );
    expect(file['core-metadata']).toBe(false);
  });
});

describe('ranges', () => {
  it.each([
    ['bytes=0-9', 206, 0, 10],
    ['bytes=-22', 206, -22, undefined],
    ['bytes=5-', 206, 5, undefined],
    ['bytes=5-99999999', 206, 5, undefined],
  ])('%s gives a part', async (range, status, start_, end) => {
    const server = await start();
    const whole = Buffer.from(server.files.get(kit)?.bytes ?? '');
    const reply = await get(server, `/files/${kit}`, { range });
    expect(reply.status).toBe(status);
    expect(reply.body).toEqual(whole.subarray(start_, end));
    expect(reply.headers['content-range']).toMatch(new RegExp(`^bytes \\d+-\\d+/${whole.length}$`));
  });

  it.each(['bytes=99999999-', 'bytes=-0', 'bytes=9-5'])('%s cannot be satisfied', async (range) => {
    const server = await start();
    const reply = await get(server, `/files/${kit}`, { range });
    expect(reply.status).toBe(416);
    expect(reply.headers['content-range']).toBe(`bytes */${server.files.get(kit)?.bytes.length}`);
  });

  it('are ignored when told to', async () => {
    const server = await start({ ignoreRange: true });
    const reply = await get(server, `/files/${kit}`, { range: 'bytes=0-9' });
    expect([reply.status, reply.body.length]).toEqual([200, server.files.get(kit)?.bytes.length]);
    expect(reply.headers).not.toHaveProperty('accept-ranges');
  });

  it('and HEAD are logged with the bytes that were sent', async () => {
    const server = await start();
    await get(server, `/files/${kit}`, { range: 'bytes=0-9' });
    const head = await get(server, `/files/${kit}`, {}, 'HEAD');
    expect(head.headers['content-length']).toBe(String(server.files.get(kit)?.bytes.length));
    expect(server.requests).toEqual([
      { method: 'GET', path: `/files/${kit}`, range: 'bytes=0-9', status: 206, bytes: 10 },
      { method: 'HEAD', path: `/files/${kit}`, range: null, status: 200, bytes: 0 },
    ]);
  });
});

describe('a user', () => {
  it('is asked of every request, and logged', async () => {
    const server = await start({ user: 'me:pw' });
    const authorization = `Basic ${Buffer.from('me:pw').toString('base64')}`;
    expect((await get(server, '/simple/fonts/')).status).toBe(401);
    expect((await get(server, '/simple/fonts/', { authorization })).status).toBe(200);
    expect(server.requests.map(({ user }) => user)).toEqual([undefined, 'me:pw']);
  });
});

describe('faults', () => {
  const path = '/simple/fonts/';

  it('last as long as they are told to', async () => {
    const server = await start({ faults: [{ path, status: 503, times: 2, retryAfter: '1' }] });
    const replies = [await get(server, path), await get(server, path), await get(server, path)];
    expect(replies.map((reply) => reply.status)).toEqual([503, 503, 200]);
    expect(replies[0]?.headers['retry-after']).toBe('1');
    expect((await get(server, '/simple/render-kit/')).status).toBe(200);
  });

  it('cut a body short', async () => {
    const server = await start({ faults: [{ path: /\.whl$/, truncateAt: 20 }] });
    const reply = await get(server, `/files/${kit}`);
    expect([reply.status, reply.aborted, reply.body.length]).toEqual([200, true, 20]);
    expect(server.requests[0]?.bytes).toBe(20);
  });

  it('redirect, replace a body, its type and its length', async () => {
    const server = await start({
      faults: [
        { path: '/simple/old/', redirectTo: path },
        { path, body: '<html>captive portal', contentType: 'text/plain' },
        { path: '/simple/render-kit/', lengthOff: 10 },
      ],
    });
    expect(await get(server, '/simple/old/')).toMatchObject({
      status: 302,
      headers: { location: path },
    });
    const reply = await get(server, path);
    expect([reply.body.toString(), reply.headers['content-type']]).toEqual([
      '<html>captive portal',
      'text/plain',
    ]);
    const waiting = get(server, '/simple/render-kit/').then((short) => short.aborted);
    // The client waits for ten bytes more than there are, until the server goes.
    await expect(Promise.race([waiting, server.close()])).resolves.toBeUndefined();
  });

  it('drop the connection, and delay', async () => {
    const server = await start({
      faults: [
        { path, drop: true, times: 1 },
        { path: '/simple/', delayMs: 60 },
      ],
    });
    await expect(get(server, path)).rejects.toThrow();
    expect(server.requests[0]).toMatchObject({ path, status: 0 });
    const before = performance.now();
    await get(server, '/simple/');
    expect(performance.now() - before).toBeGreaterThan(50);
  });
});

describe('the files of a universe', () => {
  it('are the same bytes each time', () => {
    const bytes = (): readonly string[] =>
      buildUniverse(universe).map((file) => Buffer.from(file.bytes).toString('hex'));
    expect(bytes()).toEqual(bytes());
  });

  it('are named as indexes name them, sdists last', () => {
    expect(buildUniverse(universe).map((file) => file.filename)).toEqual([
      kit,
      'render_kit-1.1-cp311-cp311-manylinux_2_28_x86_64.whl',
      'render_kit-1.1-py3-none-any.whl',
      'render_kit-1.1.tar.gz',
      'fonts-2.0.tar.gz',
    ]);
  });

  it('are real wheels, with metadata, record and entry points at the end', () => {
    const wheel = buildUniverse(universe)[1]?.bytes ?? new Uint8Array(0);
    const end = findEndOfCentralDirectory(wheel, 0, wheel.length);
    if ('need' in end) throw new Error('cut off');
    const directory = wheel.subarray(end.directoryOffset, end.directoryOffset + end.directorySize);
    const entries = parseCentralDirectory(directory, end.entryCount, end);
    const folder = 'render_kit-1.1.dist-info';
    expect(entries.map((entry) => entry.name)).toEqual([
      'render_kit/__init__.py',
      'render_kit-1.1.data/scripts/render',
      `${folder}/METADATA`,
      `${folder}/WHEEL`,
      `${folder}/entry_points.txt`,
      `${folder}/RECORD`,
    ]);
    const summary = summarizeWheel({ entries, downloadBytes: wheel.length, entryPointsText: null });
    expect(summary).toMatchObject({ modules: ['render_kit'], scripts: ['render'], warnings: [] });
  });
});
