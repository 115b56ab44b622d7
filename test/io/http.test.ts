import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer as createSocketServer } from 'node:net';
import type { Socket } from 'node:net';
import { gzipSync, deflateSync } from 'node:zlib';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import type { HttpOptions } from '../../src/io/http.ts';
import { createHttp } from '../../src/io/http.ts';
import type { Http } from '../../src/package-index/http.ts';
import { HttpError } from '../../src/package-index/http.ts';

const servers: { close(): unknown; closeAllConnections?(): void }[] = [];
const opened: Http[] = [];
afterEach(async () => {
  await Promise.all(opened.splice(0).map((http) => http.close()));
  for (const server of servers.splice(0)) {
    server.close();
    server.closeAllConnections?.();
  }
});

type Handler = (request: IncomingMessage, response: ServerResponse, count: number) => void;

async function listen(server: Server | ReturnType<typeof createSocketServer>): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}`;
}

/** A server that counts its answers. */
function serve(handler: Handler): Promise<string> {
  let count = 0;
  return listen(createServer((request, response) => handler(request, response, ++count)));
}

/** A server that says these bytes, whatever it is asked, and hangs up. */
function serveBytes(bytes: string): Promise<string> {
  return listen(
    createSocketServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', () => socket.end(bytes));
    }),
  );
}

function open(options: Partial<HttpOptions> = {}): Http {
  const http = createHttp({ userAgent: 'depweight-test', retries: 0, timeoutMs: 2000, ...options });
  opened.push(http);
  return http;
}

const text = async (http: Http, url: string): Promise<string> =>
  (await http.get(url)).body?.toString() ?? '';

async function codeOf(asking: Promise<unknown>): Promise<string> {
  try {
    await asking;
    return 'answered';
  } catch (error) {
    if (!(error instanceof HttpError)) throw error;
    return error.code;
  }
}

describe('an answer', () => {
  test('has status, lower-case headers, body and address', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(200, { ETag: '"x"' }).end('hello'),
    );
    const answer = await open().get(`${url}/a?b=c`);
    expect(answer).toMatchObject({ status: 200, url: `${url}/a?b=c` });
    expect(answer.headers['etag']).toBe('"x"');
    expect(answer.body?.toString()).toBe('hello');
  });

  test('is counted, with the bytes as transferred', async () => {
    const body = gzipSync('a'.repeat(100_000));
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(body),
    );
    const http = open();
    await http.get(url);
    await http.get(url);
    expect(http.counts).toEqual({ requests: 2, receivedBytes: 2 * body.length });
  });

  test.each([
    ['gzip', gzipSync('compressed')],
    ['x-gzip', gzipSync('compressed')],
    ['deflate', deflateSync('compressed')],
    ['identity', Buffer.from('compressed')],
  ])('in %s is decoded', async (encoding, body) => {
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': encoding }).end(body),
    );
    expect(await text(open(), url)).toBe('compressed');
  });

  test('in chunks of unknown length is put together', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200);
      for (let at = 0; at < 300; at++) response.write('x'.repeat(at));
      response.end();
    });
    expect((await text(open(), url)).length).toBe((299 * 300) / 2);
  });

  test.each([304, 204])('%d without a body is whole', async (status) => {
    const url = await serve((_request, response) =>
      response.writeHead(status, { 'content-length': '50' }).end(),
    );
    expect((await open().get(url)).status).toBe(status);
  });

  test('without a body leaves the connection open for the next request', async () => {
    const sockets = new Set<unknown>();
    const url = await serve((request, response) => {
      sockets.add(request.socket);
      response.writeHead(304).end();
    });
    const http = open();
    for (let at = 0; at < 20; at++) await http.get(url, { ifNoneMatch: '"x"' });
    expect(sockets.size).toBeLessThanOrEqual(2);
  });

  test('to HEAD has the length of what is not sent', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-length': '9000000000' }).end(),
    );
    const answer = await open().get(url, { method: 'HEAD' });
    expect(answer.headers['content-length']).toBe('9000000000');
  });
});

describe('a request', () => {
  test('carries what it was given, and never asks for a compressed range', async () => {
    const seen: IncomingMessage['headers'][] = [];
    const url = await serve((request, response) => {
      seen.push(request.headers);
      response.end();
    });
    await open().get(url, { accept: 'text/html', ifNoneMatch: '"x"', ifModifiedSince: 'then' });
    await open().get(url, { range: 'bytes=-5', maxWholeBytes: 5 });
    expect(seen[0]).toMatchObject({
      accept: 'text/html',
      'if-none-match': '"x"',
      'if-modified-since': 'then',
      'user-agent': 'depweight-test',
    });
    expect(seen[0]?.['accept-encoding']).toContain('gzip');
    expect(seen[1]).toMatchObject({ range: 'bytes=-5', 'accept-encoding': 'identity' });
  });

  test('sends user and password of its address as Basic, decoded', async () => {
    const url = await serve((request, response) =>
      response.end(request.headers.authorization ?? ''),
    );
    const answer = await text(open(), url.replace('//', '//me:p%40ss@'));
    expect(answer).toBe(`Basic ${Buffer.from('me:p@ss').toString('base64')}`);
  });

  test('sends a password with a bare percent sign as it is', async () => {
    const url = await serve((request, response) =>
      response.end(request.headers.authorization ?? 'none'),
    );
    const sent = await text(open(), url.replace('//', '//me:100%zz@'));
    expect(Buffer.from(sent.replace('Basic ', ''), 'base64').toString()).toBe('me:100%zz');
  });

  test('asks who else may know the credentials', async () => {
    const url = await serve((request, response) =>
      response.end(request.headers.authorization ?? ''),
    );
    expect(await text(open({ authorizationFor: () => 'Bearer x' }), url)).toBe('Bearer x');
  });

  test.each(['nonsense', 'http://', '//host/path'])(
    'to %s is an error, not a crash',
    async (url) => {
      expect(await codeOf(open().get(url))).toBe('address');
    },
  );

  test('is limited to sixteen at a time for one host', async () => {
    let now = 0;
    let most = 0;
    const url = await serve((_request, response) => {
      most = Math.max(most, ++now);
      setTimeout(() => {
        now--;
        response.end('x');
      }, 20);
    });
    const http = open();
    await Promise.all(Array.from({ length: 60 }, () => http.get(url)));
    expect(most).toBeGreaterThan(4);
    expect(most).toBeLessThanOrEqual(16);
  });
});

describe('redirects', () => {
  test('are followed, relative ones too', async () => {
    const url = await serve((request, response) => {
      if (request.url === '/end') response.end('there');
      else response.writeHead(302, { location: request.url === '/a/b' ? '../end' : '/a/b' }).end();
    });
    const answer = await open().get(`${url}/start`);
    expect(answer.body?.toString()).toBe('there');
    expect(answer.url).toBe(`${url}/end`);
  });

  test('keep the credentials within an origin, and never take them to another', async () => {
    const other = await serve((request, response) =>
      response.end(`other ${request.headers.authorization ?? 'nobody'}`),
    );
    const url = await serve((request, response) => {
      if (request.url === '/here')
        response.writeHead(301, { location: `http://${request.headers.host}/end` }).end();
      else if (request.url === '/away') response.writeHead(301, { location: `${other}/end` }).end();
      else response.end(`own ${request.headers.authorization ?? 'nobody'}`);
    });
    const withUser = url.replace('//', '//me:pw@');
    expect(await text(open(), `${withUser}/here`)).toMatch(/^own Basic/);
    expect(await text(open(), `${withUser}/away`)).toBe('other nobody');
  });

  test('that never end, or lead nowhere, are errors', async () => {
    const loop = await serve((_request, response) =>
      response.writeHead(302, { location: '/' }).end(),
    );
    expect(await codeOf(open().get(loop))).toBe('redirects');
    const odd = await serve((_request, response) =>
      response.writeHead(302, { location: 'http://[bad' }).end(),
    );
    expect(await codeOf(open().get(odd))).toBe('redirects');
    const scheme = await serve((_request, response) =>
      response.writeHead(302, { location: 'file:///etc/passwd' }).end(),
    );
    expect(await codeOf(open().get(scheme))).toBe('redirects');
  });

  test('without an address are an answer like any other', async () => {
    const url = await serve((_request, response) => response.writeHead(302).end());
    expect((await open().get(url)).status).toBe(302);
  });
});

describe('what goes wrong for a moment', () => {
  test.each([500, 502, 503, 504, 429, 408])('status %d is tried again', async (status) => {
    const url = await serve((_request, response, count) =>
      count === 1 ? response.writeHead(status).end() : response.end('now'),
    );
    expect(await text(open({ retries: 2 }), url)).toBe('now');
  });

  test.each([400, 401, 403, 404, 410, 501])('status %d is an answer', async (status) => {
    let asked = 0;
    const url = await serve((_request, response, count) => {
      asked = count;
      response.writeHead(status).end();
    });
    expect((await open({ retries: 2 }).get(url)).status).toBe(status);
    expect(asked).toBe(1);
  });

  test('the last of the tries is an answer too', async () => {
    const url = await serve((_request, response) => response.writeHead(503).end('no'));
    expect((await open({ retries: 1 }).get(url)).status).toBe(503);
  });

  test('a dropped connection is tried again', async () => {
    const url = await serve((request, response, count) =>
      count === 1 ? request.socket.destroy() : response.end('now'),
    );
    expect(await text(open({ retries: 1 }), url)).toBe('now');
  });

  test('Retry-After is waited for', async () => {
    const url = await serve((_request, response, count) =>
      count === 1 ? response.writeHead(429, { 'retry-after': '1' }).end() : response.end('now'),
    );
    const started = performance.now();
    await open({ retries: 1 }).get(url);
    expect(performance.now() - started).toBeGreaterThan(950);
  });
});

describe('a body that is not what it says', () => {
  test('shorter than announced is an error, not half a page', async () => {
    const url = await serveBytes('HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf');
    expect(await codeOf(open().get(url))).not.toBe('answered');
  });

  test.each([
    ['a length below zero', 'HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\nx'],
    ['two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nxy'],
    ['no HTTP', 'hello there\r\n\r\n'],
    ['nothing', ''],
  ])('%s is an error', async (_what, bytes) => {
    expect(await codeOf(open().get(await serveBytes(bytes)))).toBe('network');
  });

  test.each([
    ['half a gzip stream', 'gzip', gzipSync('x'.repeat(5000)).subarray(0, 20)],
    ['no gzip at all', 'gzip', Buffer.from('plain')],
    ['an encoding nobody asked for', 'br', Buffer.from('x')],
    ['a chain of encodings', Array.from({ length: 300 }, () => 'gzip').join(', '), gzipSync('x')],
  ])('%s is an error', async (_what, encoding, body) => {
    const url = await serve((_request, response) =>
      response
        .writeHead(200, { 'content-encoding': encoding, 'content-length': body.length })
        .end(body),
    );
    expect(await codeOf(open().get(url))).not.toBe('answered');
  });

  test('a bomb is given up at the limit', async () => {
    const body = gzipSync(Buffer.alloc(20_000_000));
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(body),
    );
    expect(await codeOf(open().get(url, { maxBytes: 1_000_000 }))).not.toBe('answered');
    const long = await serve((_request, response) => response.end(Buffer.alloc(2_000_000)));
    expect(await codeOf(open().get(long, { maxBytes: 1_000_000 }))).toBe('too-large');
  });

  test('the whole file for a range is taken up to a limit only', async () => {
    const url = await serve((_request, response) =>
      response.writeHead(200, { 'content-length': 1000 }).end(Buffer.alloc(1000)),
    );
    expect((await open().get(url, { range: 'bytes=-5', maxWholeBytes: 1000 })).body).toHaveLength(
      1000,
    );
    expect((await open().get(url, { range: 'bytes=-5', maxWholeBytes: 999 })).body).toBeNull();
  });
});

describe('time', () => {
  test('a host that does not answer is given up', async () => {
    const url = await serve(() => undefined);
    expect(await codeOf(open({ timeoutMs: 300 }).get(url))).toBe('timeout');
  });

  test('a body that stops is given up', async () => {
    const url = await serve((_request, response) => {
      response.writeHead(200, { 'content-length': 10 });
      response.write('half');
    });
    expect(await codeOf(open({ timeoutMs: 300 }).get(url))).toBe('timeout');
  });

  test('an interruption ends requests, waits and those that come later', async () => {
    const url = await serve((_request, response, count) =>
      count === 1 ? undefined : response.writeHead(503, { 'retry-after': '9' }).end(),
    );
    const abort = new AbortController();
    const http = open({ retries: 3, signal: abort.signal });
    const started = performance.now();
    const pending = [codeOf(http.get(url)), codeOf(http.get(url))];
    setTimeout(() => abort.abort(), 200);
    expect(await Promise.all(pending)).toEqual(['aborted', 'aborted']);
    expect(await codeOf(http.get(url))).toBe('aborted');
    expect(performance.now() - started).toBeLessThan(2000);
  });
});

describe('a close', () => {
  const retrying = { retries: 3, timeoutMs: 20_000 };

  test('gives up what is still being asked, at once and without another try', async () => {
    let asked = 0;
    const url = await serve((_request, response, count) => {
      asked = count;
      if (count > 1) response.writeHead(503, { 'retry-after': '9' }).end();
    });
    const http = open(retrying);
    const asking = Array.from({ length: 20 }, () => codeOf(http.get(url)));
    await expect.poll(() => asked).toBe(20);
    const started = performance.now();
    await http.close();
    expect(new Set(await Promise.all(asking))).toEqual(new Set(['aborted']));
    // The first wait between two tries alone is longer.
    expect(performance.now() - started).toBeLessThan(140);
    expect(asked).toBe(20);
  });

  test('does not wait for a host that never greets', async () => {
    const sockets: Socket[] = [];
    const silent = createSocketServer((socket) => {
      socket.on('error', () => undefined).resume();
      sockets.push(socket);
    });
    const url = (await listen(silent)).replace('http:', 'https:');
    const http = open(retrying);
    const asking = codeOf(http.get(url));
    await expect.poll(() => sockets.length).toBe(1);
    const started = performance.now();
    await http.close();
    expect(await asking).toBe('aborted');
    expect(performance.now() - started).toBeLessThan(1000);
    await expect.poll(() => sockets.every(({ destroyed }) => destroyed)).toBe(true);
  });
});

describe('the connection that is opened beforehand', () => {
  test('is ended by a close that came before a request took it', async () => {
    const sockets: Socket[] = [];
    const server = createServer((_request, response) => response.end());
    server.on('connection', (socket) => sockets.push(socket));
    const url = await listen(server);
    const http = open();
    const asking = codeOf(http.get(url));
    // Before the connection is there: the request comes too late for it.
    await http.close();
    expect(await asking).toBe('aborted');
    await expect.poll(() => sockets.filter(({ destroyed }) => !destroyed).length).toBe(0);
  });
});

describe('a certificate file', () => {
  test('that is not there is one error, told at once', async () => {
    const url = await serve((_request, response) => response.end());
    const http = open({ certificateFile: '/nowhere/authorities.pem', retries: 3 });
    const started = performance.now();
    await expect(http.get(url)).rejects.toMatchObject({
      name: 'DepweightError',
      code: 'certificate-unreadable',
      params: { path: '/nowhere/authorities.pem', reason: 'it is not there' },
    });
    // The first wait between two tries alone is longer.
    expect(performance.now() - started).toBeLessThan(150);
  });
});

describe('a closed port', () => {
  test('is told with its address, without credentials', async () => {
    const asking = open().get('http://me:secret@127.0.0.1:9/x');
    await expect(asking).rejects.toThrow(/127\.0\.0\.1:9/);
    await expect(open().get('http://me:secret@127.0.0.1:9/x')).rejects.not.toThrow(/secret/);
  });
});

describe('a proxy', () => {
  test('is used where there is one for the address', async () => {
    const seen: string[] = [];
    const proxy = createServer((request, response) => {
      seen.push(request.url ?? '');
      response.end('by proxy');
    });
    proxy.on('connect', (request, socket) => {
      seen.push(`CONNECT ${request.url}`);
      socket.once('data', () =>
        socket.end('HTTP/1.1 200 OK\r\nContent-Length: 8\r\nConnection: close\r\n\r\nby proxy'),
      );
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
    });
    const address = await listen(proxy);
    const http = open({ proxyFor: () => address });
    expect(await text(http, 'http://index.test/simple/')).toBe('by proxy');
    expect(seen).toHaveLength(1);
  });
});

describe('files of the disk', () => {
  test('are answered as a server with ranges would', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'depweight-http-'));
    try {
      writeFileSync(join(folder, 'a b.whl'), '0123456789');
      const url = pathToFileURL(join(folder, 'a b.whl')).href;
      const http = open();
      const get = async (range?: string): Promise<readonly unknown[]> => {
        const { status, body, headers } = await http.get(url, range === undefined ? {} : { range });
        return [status, body?.toString() ?? null, headers['content-range'] ?? null];
      };
      expect(await get()).toEqual([200, '0123456789', null]);
      expect(await get('bytes=-3')).toEqual([206, '789', 'bytes 7-9/10']);
      expect(await get('bytes=2-4')).toEqual([206, '234', 'bytes 2-4/10']);
      expect(await get('bytes=8-')).toEqual([206, '89', 'bytes 8-9/10']);
      expect(await get('bytes=-99')).toEqual([206, '0123456789', 'bytes 0-9/10']);
      expect(await get('bytes=10-12')).toEqual([416, null, null]);
      expect((await http.get(`${url}x`)).status).toBe(404);
      expect(http.counts.requests).toBe(0);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
