/**
 * An invented package index on 127.0.0.1, made from a small universe, with real zip wheels and tar.gz sdists.
 * Two shapes: `pypi` (PEP 691 JSON, sizes, core metadata, ETag, gzip) and `mirror` (HTML to every Accept, no sizes,
 * `.metadata` missing for a share of the files). Deterministic: the same universe gives the same bytes.
 */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout as delay } from 'node:timers/promises';
import { gzipSync } from 'node:zlib';

import { buildUniverse } from './universe-files.ts';
import type { BuiltFile, Universe } from './universe-files.ts';

export type { Universe, UniverseDistribution } from './universe-files.ts';

/** What goes wrong at a path, for the first `times` requests (always, when not said). Faults at one path add up. */
export interface Fault {
  /** The whole path, or an expression on it. */
  readonly path: string | RegExp;
  readonly times?: number;
  /** Answers this status with a short body. */
  readonly status?: number;
  /** Value of Retry-After beside `status`. */
  readonly retryAfter?: string;
  /** Sends this many bytes of the body, then drops the connection. */
  readonly truncateAt?: number;
  /** Waits before answering. */
  readonly delayMs?: number;
  /** Added to the true Content-Length. */
  readonly lengthOff?: number;
  /** 302 to this address, relative or absolute. */
  readonly redirectTo?: string;
  /** Drops the connection without an answer. */
  readonly drop?: boolean;
  /** Sends this instead of the true body, status and headers as they are. */
  readonly body?: string | Uint8Array;
  /** Overrides the Content-Type. */
  readonly contentType?: string;
}

export interface IndexServerOptions {
  readonly shape?: 'pypi' | 'mirror';
  /** Answers 200 with the whole file to every Range request. */
  readonly ignoreRange?: boolean;
  /** File addresses relative to the page; absolute otherwise. Shape `pypi` only. */
  readonly relativeUrls?: boolean;
  /** Share of wheels whose `.metadata` is there, 0 to 1: 1 for `pypi`, 0.7 for `mirror`. Chosen by file name. */
  readonly metadataShare?: number;
  readonly faults?: readonly Fault[];
  /** `name:password` without which everything is answered 401. */
  readonly user?: string;
}

export interface LoggedRequest {
  readonly method: string;
  readonly path: string;
  readonly range: string | null;
  /** `name:password` of the Authorization header, where there is one. */
  readonly user?: string;
  readonly status: number;
  /** Bytes of the body that were sent. */
  readonly bytes: number;
}

export interface IndexServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  /** The address for `--index-url`. */
  readonly indexUrl: string;
  /** In the order of the answers. Cleared by setting its length to 0. */
  readonly requests: LoggedRequest[];
  /** The most requests that were waiting for their answers at one time. */
  mostAtOnce(): number;
  /** Every file by name, as served: for expected sizes. */
  readonly files: ReadonlyMap<string, BuiltFile>;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

interface Site {
  readonly options: IndexServerOptions;
  readonly files: ReadonlyMap<string, BuiltFile>;
  readonly projects: ReadonlyMap<string, readonly BuiltFile[]>;
  origin: string;
}

/** Starts the index; the caller closes it. */
export async function startIndexServer(
  universe: Universe,
  options: IndexServerOptions = {},
): Promise<IndexServer> {
  const files = buildUniverse(universe);
  const site: Site = { options, files: byFilename(files), projects: byProject(files), origin: '' };
  const requests: LoggedRequest[] = [];
  const faultsLeft = new Map(
    (options.faults ?? []).map((fault) => [fault, fault.times ?? Infinity]),
  );
  let underWay = 0;
  let mostAtOnce = 0;
  const server = createServer((request, response) => {
    mostAtOnce = Math.max(mostAtOnce, ++underWay);
    void respond(site, faultsLeft, request, response).then((sent) => {
      underWay--;
      requests.push(sent);
    });
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server has no port');
  site.origin = `http://127.0.0.1:${address.port}`;
  return {
    url: site.origin,
    indexUrl: `${site.origin}/simple/`,
    requests,
    mostAtOnce: () => mostAtOnce,
    files: site.files,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function byFilename(files: readonly BuiltFile[]): ReadonlyMap<string, BuiltFile> {
  return new Map(files.map((file) => [file.filename, file]));
}

function byProject(files: readonly BuiltFile[]): ReadonlyMap<string, readonly BuiltFile[]> {
  const projects = new Map<string, BuiltFile[]>();
  for (const file of files) {
    const project = projects.get(file.project) ?? [];
    projects.set(file.project, project);
    project.push(file);
  }
  return projects;
}

async function respond(
  site: Site,
  faultsLeft: Map<Fault, number>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<LoggedRequest> {
  const path = new URL(request.url ?? '/', site.origin).pathname;
  const log = {
    method: request.method ?? 'GET',
    path,
    range: request.headers.range ?? null,
    ...userOf(request),
  };
  const faults = takeFaults(faultsLeft, path);
  for (const fault of faults) if (fault.delayMs !== undefined) await delay(fault.delayMs);
  if (faults.some((fault) => fault.drop === true)) {
    response.destroy();
    return { ...log, status: 0, bytes: 0 };
  }
  const isRefused = site.options.user !== undefined && site.options.user !== log.user;
  const answer = isRefused
    ? plain(401, 'who are you?')
    : applyFaults(answerFor(site, path, request), faults);
  const cut = faults.find((fault) => fault.truncateAt !== undefined)?.truncateAt;
  const body = log.method === 'HEAD' ? new Uint8Array(0) : answer.body.subarray(0, cut);
  response.sendDate = false;
  response.writeHead(answer.status, {
    'content-length': String(answer.body.length),
    ...answer.headers,
  });
  if (cut === undefined) {
    response.end(body);
  } else {
    // The client must see the bytes before the connection goes.
    response.write(body, () => setImmediate(() => response.destroy()));
  }
  return { ...log, status: answer.status, bytes: body.length };
}

function userOf(request: IncomingMessage): { readonly user?: string } {
  const match = /^Basic (\S+)$/.exec(request.headers.authorization ?? '');
  return match === null ? {} : { user: Buffer.from(match[1] ?? '', 'base64').toString('utf8') };
}

function takeFaults(faultsLeft: Map<Fault, number>, path: string): readonly Fault[] {
  const taken: Fault[] = [];
  for (const [fault, left] of faultsLeft) {
    const isHere = typeof fault.path === 'string' ? fault.path === path : fault.path.test(path);
    if (!isHere || left <= 0) continue;
    faultsLeft.set(fault, left - 1);
    taken.push(fault);
  }
  return taken;
}

function applyFaults(answer: Answer, faults: readonly Fault[]): Answer {
  let { status, headers, body } = answer;
  for (const fault of faults) {
    if (fault.status !== undefined) {
      ({ status, headers, body } = plain(fault.status, `status ${fault.status}`));
      if (fault.retryAfter !== undefined) headers = { ...headers, 'retry-after': fault.retryAfter };
    }
    if (fault.redirectTo !== undefined) {
      ({ status, headers, body } = redirect(302, fault.redirectTo));
    }
    if (fault.body !== undefined) body = Buffer.from(fault.body);
    if (fault.contentType !== undefined)
      headers = { ...headers, 'content-type': fault.contentType };
    if (fault.lengthOff !== undefined) {
      headers = { ...headers, 'content-length': String(body.length + fault.lengthOff) };
    }
  }
  return { status, headers, body };
}

function plain(status: number, text: string): Answer {
  return { status, headers: { 'content-type': 'text/plain' }, body: Buffer.from(text) };
}

function redirect(status: number, location: string): Answer {
  return { status, headers: { location }, body: new Uint8Array(0) };
}

// ---------------------------------------------------------------------------------------------------------------------
// Routes

const jsonType = 'application/vnd.pypi.simple.v1+json';

function answerFor(site: Site, path: string, request: IncomingMessage): Answer {
  const [, root, name, ...rest] = path.split('/').map(decodeURIComponent);
  if (root === 'simple' && name === '') return page(site, rootPage(site), request);
  if (root === 'simple' && name !== undefined) return projectAnswer(site, name, rest, request);
  if (root === 'files' && name !== undefined && rest.length === 0)
    return fileAnswer(site, name, request);
  if (root === 'pypi' && name !== undefined && rest.at(-1) === 'json')
    return jsonApi(site, name, rest);
  return plain(404, 'not found');
}

function projectAnswer(
  site: Site,
  name: string,
  rest: readonly string[],
  request: IncomingMessage,
): Answer {
  const normalized = normalize(name);
  if (normalized !== name || rest.length === 0) return redirect(301, `/simple/${normalized}/`);
  const files = site.projects.get(normalized);
  if (files === undefined || rest[0] !== '') return plain(404, 'not found');
  const accept = request.headers.accept ?? '';
  if (isMirror(site)) return page(site, htmlPage(site, normalized, files, accept), request);
  const isJson = accept.includes(jsonType);
  const text = isJson
    ? jsonPage(site, normalized, files)
    : htmlPage(site, normalized, files, accept);
  return page(site, text, request, isJson ? jsonType : 'text/html; charset=utf-8');
}

function isMirror(site: Site): boolean {
  return site.options.shape === 'mirror';
}

/** A page with its caching headers; the mirror has none of them. */
function page(
  site: Site,
  text: string,
  request: IncomingMessage,
  contentType = 'text/html; charset=utf-8',
): Answer {
  const body = Buffer.from(text);
  if (isMirror(site)) return { status: 200, headers: { 'content-type': 'text/html' }, body };
  const etag = `"${sha256(body).slice(0, 32)}"`;
  const headers = { etag, 'cache-control': 'max-age=600, public', vary: 'Accept, Accept-Encoding' };
  if (request.headers['if-none-match'] === etag) {
    return { status: 304, headers, body: new Uint8Array(0) };
  }
  const typed = { ...headers, 'content-type': contentType };
  if (!/\bgzip\b/.test(request.headers['accept-encoding']?.toString() ?? '')) {
    return { status: 200, headers: typed, body };
  }
  return { status: 200, headers: { ...typed, 'content-encoding': 'gzip' }, body: gzipSync(body) };
}

function rootPage(site: Site): string {
  const links = [...site.projects.keys()].map((name) => `<a href="/simple/${name}/">${name}</a>`);
  return `<!DOCTYPE html><html><body>${links.join('\n')}</body></html>`;
}

function jsonPage(site: Site, name: string, files: readonly BuiltFile[]): string {
  return JSON.stringify({
    meta: { 'api-version': '1.1' },
    name,
    versions: [...new Set(files.map((file) => file.version))],
    files: files.map((file) => ({
      filename: file.filename,
      url: fileUrl(site, file),
      hashes: { sha256: sha256(file.bytes) },
      ...(file.requiresPython === null ? {} : { 'requires-python': file.requiresPython }),
      size: file.bytes.length,
      ...(file.uploadTime === null ? {} : { 'upload-time': file.uploadTime }),
      yanked: file.yanked === null ? false : file.yanked || true,
      'core-metadata': hasMetadata(site, file) ? { sha256: sha256(file.metadata ?? '') } : false,
    })),
  });
}

function htmlPage(site: Site, name: string, files: readonly BuiltFile[], accept: string): string {
  const links = files.map((file) => {
    const attributes = [`href="${escapeHtml(fileUrl(site, file))}#sha256=${sha256(file.bytes)}"`];
    if (file.requiresPython !== null) {
      attributes.push(`data-requires-python="${escapeHtml(file.requiresPython)}"`);
    }
    if (file.yanked !== null) attributes.push(`data-yanked="${escapeHtml(file.yanked)}"`);
    if (isMirror(site)) {
      if (file.uploadTime !== null && accept.startsWith(jsonType)) {
        attributes.push(`data-upload-time="${file.uploadTime}"`);
      }
    } else if (hasMetadata(site, file)) {
      attributes.push(`data-core-metadata="sha256=${sha256(file.metadata ?? '')}"`);
    }
    return `    <a ${attributes.join(' ')}>${escapeHtml(file.filename)}</a><br />`;
  });
  return [
    '<!DOCTYPE html>',
    '<html>',
    `  <head><meta name="pypi:repository-version" content="1.0"><title>Links for ${name}</title></head>`,
    '  <body>',
    `    <h1>Links for ${name}</h1>`,
    ...links,
    '  </body>',
    '</html>',
    '',
  ].join('\n');
}

function jsonApi(site: Site, name: string, rest: readonly string[]): Answer {
  const files = site.projects.get(normalize(name));
  const newest = files?.at(-1);
  if (files === undefined || newest === undefined) return plain(404, 'not found');
  const version = rest.length > 1 ? rest[0] : newest.version;
  const chosen = files.filter((file) => file.version === version);
  if (chosen.length === 0) return plain(404, 'not found');
  const releases: Record<string, unknown[]> = {};
  for (const file of files) (releases[file.version] ??= []).push(jsonApiFile(site, file));
  const document = {
    info: {
      name: newest.project,
      version,
      requires_dist: chosen[0]?.requiresDist ?? null,
      requires_python: chosen[0]?.requiresPython ?? null,
    },
    ...(rest.length > 1 ? {} : { releases }),
    urls: chosen.map((file) => jsonApiFile(site, file)),
  };
  return {
    status: 200,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify(document)),
  };
}

function jsonApiFile(site: Site, file: BuiltFile): unknown {
  return {
    filename: file.filename,
    url: isMirror(site) ? `../../files/${encodeURIComponent(file.filename)}` : fileUrl(site, file),
    packagetype: file.kind === 'wheel' ? 'bdist_wheel' : 'sdist',
    size: file.bytes.length,
    digests: { sha256: sha256(file.bytes) },
    requires_python: file.requiresPython,
    upload_time_iso_8601: file.uploadTime,
    yanked: file.yanked !== null,
    yanked_reason: file.yanked === '' ? null : file.yanked,
    'core-metadata': !isMirror(site) && hasMetadata(site, file),
  };
}

function fileUrl(site: Site, file: BuiltFile): string {
  const path = `files/${encodeURIComponent(file.filename)}`;
  const isRelative = site.options.relativeUrls === true && !isMirror(site);
  return isRelative ? `../../${path}` : `${site.origin}/${path}`;
}

/** Chosen by the file name alone, so that it is the same in every run. */
function hasMetadata(site: Site, file: BuiltFile): boolean {
  if (file.metadata === null || file.withoutMetadata) return false;
  const share = site.options.metadataShare ?? (isMirror(site) ? 0.7 : 1);
  return Number.parseInt(sha256(file.filename).slice(0, 8), 16) / 2 ** 32 < share;
}

function fileAnswer(site: Site, name: string, request: IncomingMessage): Answer {
  const exact = site.files.get(name);
  if (exact !== undefined) return contentAnswer(site, exact.bytes, request);
  const wheel = name.endsWith('.metadata')
    ? site.files.get(name.slice(0, -'.metadata'.length))
    : undefined;
  if (wheel === undefined || !hasMetadata(site, wheel)) return plain(404, 'not found');
  return contentAnswer(site, Buffer.from(wheel.metadata ?? ''), request);
}

function contentAnswer(site: Site, content: Uint8Array, request: IncomingMessage): Answer {
  const headers = {
    'content-type': 'application/octet-stream',
    ...(isMirror(site)
      ? {}
      : {
          etag: `"${sha256(content).slice(0, 32)}"`,
          'cache-control': 'max-age=365000000, immutable, public',
        }),
  };
  if (site.options.ignoreRange === true) return { status: 200, headers, body: content };
  const ranged = { ...headers, 'accept-ranges': 'bytes' };
  const range = /^bytes=(\d*)-(\d*)$/.exec(request.headers.range ?? '');
  if (range === null) return { status: 200, headers: ranged, body: content };
  const bounds = rangeBounds(range[1] ?? '', range[2] ?? '', content.length);
  if (bounds === null) {
    return {
      status: 416,
      headers: { ...ranged, 'content-range': `bytes */${content.length}` },
      body: new Uint8Array(0),
    };
  }
  const { start, end } = bounds;
  return {
    status: 206,
    headers: { ...ranged, 'content-range': `bytes ${start}-${end - 1}/${content.length}` },
    body: content.subarray(start, end),
  };
}

/** End excluded; null for what cannot be satisfied. */
function rangeBounds(
  first: string,
  last: string,
  length: number,
): { readonly start: number; readonly end: number } | null {
  if (first === '') {
    const count = Math.min(Number(last), length);
    return last === '' || count === 0 ? null : { start: length - count, end: length };
  }
  const start = Number(first);
  const end = last === '' ? length : Math.min(Number(last) + 1, length);
  return start >= length || end <= start ? null : { start, end };
}

function normalize(name: string): string {
  return name.toLowerCase().replace(/[-_.]+/g, '-');
}

function escapeHtml(text: string): string {
  return text
    .replace(/&/g, '&amp;')
    .replace(/"/g, '&quot;')
    .replace(/</g, '&lt;')
    .replace(/>/g, '&gt;');
}

function sha256(content: string | Uint8Array): string {
  return createHash('sha256').update(content).digest('hex');
}
