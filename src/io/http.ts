/**
 * HTTP for everything that asks an index: retries with backoff, redirects, credentials, and bytes counted, over the
 * connections of undici. That is loaded on the first request, because it costs more than a whole run from the cache.
 *
 * Trap: credentials must not follow a redirect to another host.
 */
import { setMaxListeners } from 'node:events';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Http, HttpCounts, HttpRequest, HttpResponse } from '../package-index/http.ts';
import { DepweightError } from '../errors.ts';
import { decodeComponent } from '../package-index/credentials.ts';
import { HttpError } from '../package-index/http.ts';
import { isLinkLocalUrl, redactUrl } from '../settings/redact-url.ts';
import type { ConnectionOptions, Connections } from './http-connections.ts';
import { createConnections } from './http-connections.ts';
import { exchange } from './http-exchange.ts';

/** How requests are made; everything that depends on the user's machine is handed in. */
export interface HttpOptions extends ConnectionOptions {
  /** `Authorization` for an address without credentials of its own, e.g. from netrc. */
  readonly authorizationFor?: (url: string) => string | null;
  readonly userAgent: string;
  readonly signal?: AbortSignal;
  /** Time until an answer starts, and between two parts of a body. */
  readonly timeoutMs?: number;
  readonly retries?: number;
}

const redirectStatuses = new Set([301, 302, 303, 307, 308]);
const retryStatuses = new Set([408, 425, 429, 500, 502, 503, 504]);

/** An `Http` over undici. Close it, or the connection keeps the process alive; what is still being asked for is given up. */
export function createHttp(given: HttpOptions): Http {
  const counts: HttpCounts = { requests: 0, receivedBytes: 0 };
  // A run that ends early leaves questions behind; without this each would be asked again, for seconds, of nobody.
  const closing = new AbortController();
  const signals = given.signal === undefined ? [closing.signal] : [given.signal, closing.signal];
  const signal = AbortSignal.any(signals);
  // Every request under way listens; a hundred of them are no leak.
  setMaxListeners(0, signal);
  const options = { ...given, signal };
  const connections = createConnections(options);
  return {
    counts,
    get: async (url, request = {}) =>
      url.startsWith('file:')
        ? getLocal(url, request)
        : getWithRetries({ options, counts, connections }, url, request),
    close: () => {
      closing.abort();
      return connections.close();
    },
  };
}

interface Context {
  readonly options: HttpOptions & { readonly signal: AbortSignal };
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

function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const abort = (): void => {
      clearTimeout(timer);
      reject(new HttpError('aborted', 'interrupted'));
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', abort);
      resolve();
    }, milliseconds);
    if (signal.aborted) abort();
    else signal.addEventListener('abort', abort, { once: true });
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
  if (context.options.signal.aborted) throw new HttpError('aborted', 'interrupted');
  context.counts.requests++;
  try {
    const { dispatcher, release } = await context.connections.dispatcherFor(address);
    try {
      const answer = await exchange({
        dispatcher,
        address,
        url,
        headers,
        request,
        counts: context.counts,
        timeoutMs: context.options.timeoutMs ?? 30_000,
        signal: context.options.signal,
      });
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

function toHttpError(error: unknown, url: string, signal: AbortSignal): HttpError | DepweightError {
  if (error instanceof HttpError || error instanceof DepweightError) return error;
  if (signal.aborted) return new HttpError('aborted', 'interrupted', error);
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
