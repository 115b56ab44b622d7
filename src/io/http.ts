/**
 * HTTP for everything that asks an index: undici with one HTTP/2 connection per host where the host speaks it, else a
 * small pool; retries with backoff, redirects, length checks, decompression, and bytes counted. undici is imported on
 * the first request, because that import costs more than a whole run from the cache.
 *
 * Traps: undici hands out truncated bodies without an error, so lengths are checked here · pipelining on an HTTP/1.1
 * connection lets one slow answer hold up all others, so the protocol is settled (ALPN) before the first request ·
 * credentials must not follow a redirect to another host.
 */
import { constants as zlibConstants, gunzip, inflate } from 'node:zlib';
import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Dispatcher, buildConnector } from 'undici';
import type { Http, HttpCounts, HttpRequest, HttpResponse } from '../package-index/http.ts';
import { DepweightError } from '../errors.ts';
import { decodeComponent } from '../package-index/credentials.ts';
import { HttpError } from '../package-index/http.ts';
import { isLinkLocalUrl, redactUrl } from '../settings/redact-url.ts';

/** How requests are made; everything that depends on the user's machine is handed in. */
export interface HttpOptions {
  /** PEM file of extra certificate authorities. */
  readonly certificateFile?: string;
  /** Proxy for an address, or null. */
  readonly proxyFor?: (url: string) => string | null;
  /** `Authorization` for an address without credentials of its own, e.g. from netrc. */
  readonly authorizationFor?: (url: string) => string | null;
  readonly userAgent: string;
  readonly signal?: AbortSignal;
  /** Time until an answer starts, and between two parts of a body. */
  readonly timeoutMs?: number;
  readonly retries?: number;
}

const defaultMaxBytes = 256 * 1024 * 1024;
const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const retryStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

/** An `Http` over undici. Close it, or the connection keeps the process alive. */
export function createHttp(options: HttpOptions): Http {
  const counts: HttpCounts = { requests: 0, receivedBytes: 0 };
  const connections = createConnections(options);
  // Every request under way listens; a hundred of them are no leak.
  if (options.signal !== undefined) setMaxListeners(0, options.signal);
  return {
    counts,
    get: async (url, request = {}) =>
      url.startsWith('file:')
        ? getLocal(url, request)
        : getWithRetries({ options, counts, connections }, url, request),
    close: () => connections.close(),
  };
}

interface Context {
  readonly options: HttpOptions;
  readonly counts: HttpCounts;
  readonly connections: Connections;
}

/** A file of `--find-links`, answered as a server with ranges would. */
function getLocal(url: string, request: HttpRequest): HttpResponse {
  const path = fileURLToPath(url);
  let content: Buffer;
  try {
    content = readFileSync(path);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    return { status: 404, headers: {}, body: null, url };
  }
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.range ?? '');
  if (range === null) return { status: 200, headers: {}, body: content, url };
  const isSuffix = range[1] === '';
  const start = isSuffix ? Math.max(0, content.length - Number(range[2])) : Number(range[1]);
  const end =
    isSuffix || range[2] === '' ? content.length : Math.min(content.length, Number(range[2]) + 1);
  if (start >= content.length) return { status: 416, headers: {}, body: null, url };
  const headers = { 'content-range': `bytes ${start}-${end - 1}/${content.length}` };
  return { status: 206, headers, body: content.subarray(start, end), url };
}

async function getWithRetries(
  context: Context,
  url: string,
  request: HttpRequest,
): Promise<HttpResponse> {
  const retries = context.options.retries ?? 3;
  for (let attempt = 0; ; attempt++) {
    const last = attempt >= retries;
    let waitMs = 150 * 3 ** attempt;
    try {
      const response = await getFollowing(context, url, request);
      if (!retryStatuses.has(response.status) || last) return response;
      waitMs = Math.max(waitMs, retryAfterMs(response.headers['retry-after']));
    } catch (error) {
      if (!(error instanceof HttpError) || last || !isWorthRetrying(error)) throw error;
    }
    await pause(waitMs, context.options.signal);
  }
}

function isWorthRetrying(error: HttpError): boolean {
  return error.code === 'network' || error.code === 'truncated' || error.code === 'timeout';
}

/** Seconds only: a date would need the clock of the server. At most ten seconds, so that a run ends. */
function retryAfterMs(header: string | undefined): number {
  const seconds = header === undefined ? 0 : Number(header);
  return Number.isFinite(seconds) && seconds > 0 ? Math.min(seconds, 10) * 1000 : 0;
}

function pause(milliseconds: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(new HttpError('aborted', 'interrupted'));
    };
    const timer = setTimeout(() => {
      signal?.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    if (signal?.aborted === true) abort();
    else signal?.addEventListener('abort', abort, { once: true });
  });
}

async function getFollowing(
  context: Context,
  url: string,
  request: HttpRequest,
): Promise<HttpResponse> {
  let current = url;
  for (let hops = 0; hops <= 5; hops++) {
    const response = await getOnce(context, current, request);
    const location = response.headers['location'];
    if (!redirectStatuses.has(response.status) || location === undefined) return response;
    if (!URL.canParse(location, current)) {
      throw new HttpError(
        'redirects',
        `${redactUrl(current)} redirects to something that is no address`,
      );
    }
    const next = new URL(location, current);
    if (next.protocol !== 'https:' && next.protocol !== 'http:') {
      throw new HttpError(
        'redirects',
        `${redactUrl(current)} redirects to an address that is not of the web`,
      );
    }
    if (new URL(current).protocol === 'https:' && next.protocol === 'http:') {
      throw new HttpError(
        'redirects',
        `${redactUrl(current)} redirects from https to http; not followed`,
      );
    }
    keepCredentials(next, current);
    current = next.href;
  }
  throw new HttpError('redirects', `${redactUrl(url)} redirects more than five times`);
}

/** Within one origin a redirect is followed by the same user. */
function keepCredentials(next: URL, from: string): void {
  const { origin, username, password } = new URL(from);
  if (origin !== next.origin || next.username !== '' || next.password !== '') return;
  next.username = username;
  next.password = password;
}

async function getOnce(context: Context, url: string, request: HttpRequest): Promise<HttpResponse> {
  // An index could send the user's machine to ask its cloud for credentials.
  if (isLinkLocalUrl(url))
    throw new HttpError(
      'address',
      `${redactUrl(url)} is an address of the machine's own network; it is never asked`,
    );
  if (!URL.canParse(url))
    throw new HttpError('address', `${redactUrl(url)} is no address of the web`);
  const address = new URL(url);
  const headers = requestHeaders(context.options, address, request);
  address.username = '';
  address.password = '';
  context.counts.requests++;
  try {
    const { dispatcher, release } = await context.connections.dispatcherFor(address);
    try {
      const response = await dispatcher.request({
        origin: address.origin,
        path: `${address.pathname}${address.search}`,
        method: request.method ?? 'GET',
        headers,
        headersTimeout: context.options.timeoutMs ?? 30_000,
        bodyTimeout: context.options.timeoutMs ?? 30_000,
        ...(context.options.signal === undefined ? {} : { signal: context.options.signal }),
      });
      const answer = await readResponse(context, url, request, response);
      return { ...answer, withUser: headers['authorization'] !== undefined };
    } finally {
      release();
    }
  } catch (error) {
    throw toHttpError(error, url, context.options.signal);
  }
}

function requestHeaders(
  options: HttpOptions,
  address: URL,
  request: HttpRequest,
): Record<string, string> {
  const headers: Record<string, string> = {
    'user-agent': options.userAgent,
    accept: request.accept ?? '*/*',
    // A compressed range is a range of something else than the file.
    'accept-encoding': request.range === undefined ? 'gzip, deflate' : 'identity',
  };
  if (request.range !== undefined) headers['range'] = request.range;
  if (request.ifNoneMatch !== undefined) headers['if-none-match'] = request.ifNoneMatch;
  if (request.ifModifiedSince !== undefined) headers['if-modified-since'] = request.ifModifiedSince;
  const authorization = authorizationOf(options, address);
  if (authorization !== null) headers['authorization'] = authorization;
  return headers;
}

function authorizationOf(options: HttpOptions, address: URL): string | null {
  if (address.username === '' && address.password === '')
    return options.authorizationFor?.(address.href) ?? null;
  const credentials = `${decodeComponent(address.username)}:${decodeComponent(address.password)}`;
  return `Basic ${Buffer.from(credentials).toString('base64')}`;
}

async function readResponse(
  context: Context,
  url: string,
  request: HttpRequest,
  response: Dispatcher.ResponseData,
): Promise<HttpResponse> {
  const headers = flattenHeaders(response.headers);
  const status = response.statusCode;
  const length = headers['content-length'] === undefined ? null : Number(headers['content-length']);
  const isUnwantedWhole =
    status === 200 &&
    request.range !== undefined &&
    (length === null || length > (request.maxWholeBytes ?? 0));
  if (isUnwantedWhole) {
    discard(response);
    return { status, headers, body: null, url };
  }
  // Such an answer may state the length of the body that it does not have, which undici takes for a broken one.
  if (status === 304 || status === 204) {
    await response.body.dump().catch(() => discard(response));
    return { status, headers, body: Buffer.alloc(0), url };
  }
  const maxBytes = request.maxBytes ?? defaultMaxBytes;
  // Of the announced size at once: chunks that are joined later take the memory of a large page twice.
  const hasBody = request.method !== 'HEAD';
  let body = Buffer.allocUnsafe(hasBody ? firstSize(length, maxBytes) : 0);
  let received = 0;
  for await (const chunk of response.body as AsyncIterable<Buffer>) {
    const start = received;
    received += chunk.length;
    context.counts.receivedBytes += chunk.length;
    if (received > maxBytes) {
      discard(response);
      throw new HttpError('too-large', `${redactUrl(url)} sends more than ${maxBytes} bytes`);
    }
    if (received > body.length)
      body = Buffer.concat([body.subarray(0, start)], Math.max(received, 2 * body.length));
    chunk.copy(body, start);
  }
  if (hasBody && length !== null && received !== length) {
    throw new HttpError('truncated', `${redactUrl(url)} sent ${received} of ${length} bytes`);
  }
  const raw = body.subarray(0, received);
  return {
    status,
    headers,
    url,
    body: await decode(raw, headers['content-encoding'], maxBytes, url),
  };
}

/** Gives up a body. undici says so by an error event, which nobody else listens to. */
function discard(response: Dispatcher.ResponseData): void {
  response.body.on('error', () => undefined);
  response.body.destroy();
}

/** A length that cannot be true is not believed; memory that is never written to costs nothing. */
function firstSize(length: number | null, maxBytes: number): number {
  return length !== null && length >= 0 && length <= maxBytes ? length : 64 * 1024;
}

function flattenHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) flat[name.toLowerCase()] = last;
  }
  return flat;
}

function decode(
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
  url: string,
): Promise<Buffer> | Buffer {
  if (encoding === undefined || encoding === 'identity' || body.length === 0) return body;
  const decoder =
    encoding === 'gzip' || encoding === 'x-gzip' ? gunzip : encoding === 'deflate' ? inflate : null;
  if (decoder === null) {
    throw new HttpError(
      'network',
      `${redactUrl(url)} answers in the unknown encoding ${encoding.slice(0, 40)}`,
    );
  }
  return new Promise((resolve, reject) => {
    decoder(
      body,
      { maxOutputLength: maxBytes, finishFlush: zlibConstants.Z_FINISH },
      (error, decoded) => {
        if (error === null) resolve(decoded);
        else
          reject(
            new HttpError('truncated', `${redactUrl(url)} sent a broken compressed body`, error),
          );
      },
    );
  });
}

function toHttpError(
  error: unknown,
  url: string,
  signal: AbortSignal | undefined,
): HttpError | DepweightError {
  if (error instanceof HttpError || error instanceof DepweightError) return error;
  if (signal?.aborted === true) return new HttpError('aborted', 'interrupted', error);
  const code = errorCode(error);
  if (code.includes('TIMEOUT') || code === 'ETIMEDOUT') {
    return new HttpError('timeout', `${redactUrl(url)} did not answer in time`, error);
  }
  const detail = error instanceof Error ? error.message.split('\n', 1)[0] : String(error);
  return new HttpError(
    'network',
    `${redactUrl(url)} cannot be reached (${code === '' ? detail : code})`,
    error,
  );
}

function errorCode(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'cause' in error ? errorCode(error.cause) : '';
}

interface Connections {
  dispatcherFor(
    address: URL,
  ): Promise<{ readonly dispatcher: Dispatcher; readonly release: () => void }>;
  close(): Promise<void>;
}

interface Connected {
  readonly dispatcher: Dispatcher;
  /** Ends the connection that was opened beforehand, if no request took it. */
  readonly dropUnused: () => void;
  readonly limit: LimitGate;
}

interface LimitGate {
  enter(): Promise<() => void>;
}

/** One dispatcher per origin, made on first use. */
function createConnections(options: HttpOptions): Connections {
  const byOrigin = new Map<string, Promise<Connected>>();
  return {
    async dispatcherFor(address) {
      const { origin } = address;
      const known = byOrigin.get(origin) ?? connectTo(options, address);
      byOrigin.set(origin, known);
      try {
        const { dispatcher, limit } = await known;
        return { dispatcher, release: await limit.enter() };
      } catch (error) {
        byOrigin.delete(origin);
        throw error;
      }
    },
    async close() {
      const connected = await Promise.allSettled(byOrigin.values());
      await Promise.allSettled(
        connected.map(async (result) => {
          if (result.status !== 'fulfilled') return;
          result.value.dropUnused();
          await result.value.dispatcher.destroy();
        }),
      );
    },
  };
}

const streamsPerHttp2Connection = 96;
const connectionsPerHttp1Host = 16;

async function connectTo(options: HttpOptions, address: URL): Promise<Connected> {
  const undici = await import('undici');
  const certificate =
    options.certificateFile === undefined
      ? {}
      : { ca: await certificates(options.certificateFile) };
  const proxy = options.proxyFor?.(address.href) ?? null;
  if (proxy !== null) {
    const dispatcher = new undici.ProxyAgent({
      uri: proxy,
      connections: connectionsPerHttp1Host,
      requestTls: certificate,
      proxyTls: certificate,
    });
    const limit = await createLimit(connectionsPerHttp1Host);
    return { dispatcher, limit, dropUnused: () => undefined };
  }
  const connector = undici.buildConnector({
    allowH2: address.protocol === 'https:',
    timeout: 15_000,
    ...certificate,
  });
  // The protocol decides how many requests may share a connection, so one is opened before the first request.
  const first = await dial(connector, address);
  const isHttp2 = 'alpnProtocol' in first && first.alpnProtocol === 'h2';
  let unused: typeof first | null = first;
  const connect: typeof connector = (target, callback) => {
    const ready = unused;
    unused = null;
    if (ready === null || ready.destroyed) connector(target, callback);
    // undici takes a connection only after the call has returned.
    else setImmediate(() => callback(null, ready));
  };
  const dispatcher = new undici.Pool(address.origin, {
    connect,
    allowH2: isHttp2,
    connections: isHttp2 ? 1 : connectionsPerHttp1Host,
    pipelining: isHttp2 ? streamsPerHttp2Connection : 1,
  });
  return {
    dispatcher,
    // undici does not know of it, and it keeps the process alive.
    dropUnused: () => void unused?.destroy(),
    limit: await createLimit(isHttp2 ? streamsPerHttp2Connection : connectionsPerHttp1Host),
  };
}

type Connector = ReturnType<typeof buildConnector>;
type Socket = NonNullable<Parameters<Parameters<Connector>[1]>[1]>;

function dial(connector: Connector, address: URL): Promise<Socket> {
  const isSecure = address.protocol === 'https:';
  return new Promise((resolve, reject) => {
    connector(
      {
        hostname: address.hostname,
        host: address.host,
        protocol: address.protocol,
        port: address.port === '' ? (isSecure ? '443' : '80') : address.port,
        ...(isSecure ? { servername: address.hostname } : {}),
      },
      (error, socket) => {
        // undici leaves the other of the two undefined, whatever its types say.
        if (error) reject(error);
        else if (socket) resolve(socket);
        else reject(new Error('no connection'));
      },
    );
  });
}

/**
 * The user's authorities beside the list that Node.js ships; the system's own store is not read. In other tools
 * `SSL_CERT_FILE` replaces their list. Throws DepweightError.
 */
async function certificates(file: string): Promise<string[]> {
  const { rootCertificates } = await import('node:tls');
  return [...rootCertificates, readCertificates(file)];
}

function readCertificates(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (!(error instanceof Error && 'code' in error)) throw error;
    const reason = error.code === 'ENOENT' ? 'it is not there' : String(error.code);
    throw new DepweightError('certificate-unreadable', { path: file, reason }, { cause: error });
  }
}

async function createLimit(concurrency: number): Promise<LimitGate> {
  const { default: pLimit } = await import('p-limit');
  const limit = pLimit(concurrency);
  return {
    enter: () =>
      new Promise((entered) => {
        void limit(() => new Promise<void>((release) => entered(release)));
      }),
  };
}
