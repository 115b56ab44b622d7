/**
 * An index on loopback as PyPI itself would answer: PEP 691 JSON with sizes and upload times (PEP 700), metadata files
 * (PEP 658, 714), ETag and gzip, made from what the default index gives here, which may be a mirror with plain HTML.
 * It counts what it sends. Files are forwarded; what was fetched once is kept, so that a second run waits for nobody.
 *
 * Where the index has no metadata file, METADATA is taken out of the wheel by Range. The hashes of metadata files are
 * not known before they are fetched: the pages carry made-up ones of the same length, which do not compress either.
 */
/* oxlint-disable no-restricted-imports -- a bench serves and starts what it measures */
import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
import { loadSources } from './load-sources.mjs';

const JSON_TYPE = 'application/vnd.pypi.simple.v1+json';

/**
 * Starts the index. `counts` are those of the bodies that were sent; headers are not in them. Close it, or it keeps the
 * process alive.
 */
export async function startProxy() {
  const { createHttp, defaultIndexUrl, jsonApiUrl, readWheelFacts } = await loadSources();
  const upstream = { http: createHttp({ userAgent: 'depweight-bench' }), readWheelFacts };
  upstream.indexUrl = defaultIndexUrl();
  upstream.jsonUrl = (name) => jsonApiUrl(upstream.indexUrl, name);
  const answers = new Map();
  const addresses = new Map();
  const counts = { pages: noCount(), metadata: noCount(), ranges: noCount() };

  const server = createServer((request, response) => {
    const key = `${request.method} ${request.url} ${request.headers.range ?? ''}`;
    let answer = answers.get(key);
    if (answer === undefined) answers.set(key, (answer = findAnswer(upstream, addresses, request)));
    answer.then(
      (found) => send(response, found, request, counts),
      (error) => response.writeHead(502).end(String(error)),
    );
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    indexUrl: `http://127.0.0.1:${server.address().port}/simple/`,
    counts,
    clearCounts() {
      for (const count of Object.values(counts)) Object.assign(count, noCount());
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await upstream.http.close();
    },
  };
}

/** Requests and bytes of one kind. */
function noCount() {
  return { requests: 0, bytes: 0 };
}

function kindOf(url) {
  if (url.startsWith('/simple/')) return 'pages';
  return url.endsWith('.metadata') ? 'metadata' : 'ranges';
}

function send(response, { status, type, body, encoded, headers }, request, counts) {
  const takesGzip = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '');
  const sent = takesGzip && encoded !== undefined ? encoded : body;
  const count = counts[kindOf(request.url)];
  count.requests++;
  count.bytes += sent.length;
  response.writeHead(status, {
    ...headers,
    'content-type': type,
    'content-length': sent.length,
    ...(sent === encoded ? { 'content-encoding': 'gzip' } : {}),
  });
  response.end(request.method === 'HEAD' ? undefined : sent);
}

async function findAnswer(upstream, addresses, request) {
  const page = /^\/simple\/([a-z0-9-]+)\/$/.exec(request.url);
  if (page !== null) return makePage(upstream, addresses, page[1]);
  const address = addresses.get(request.url.replace(/\.metadata$/, ''));
  if (address === undefined) return notFound();
  return request.url.endsWith('.metadata')
    ? makeMetadata(upstream, address)
    : forward(upstream, address, request.headers.range);
}

function notFound() {
  return { status: 404, type: 'text/plain', body: Buffer.from('not found'), headers: {} };
}

async function makePage(upstream, addresses, name) {
  const { status, body } = await upstream.http.get(upstream.jsonUrl(name));
  if (status !== 200 || body === null) return notFound();
  const { releases } = JSON.parse(body.toString('utf8'));
  const files = Object.values(releases).flatMap((release) =>
    release.map((file) => toSimpleFile(file, upstream.jsonUrl(name), addresses)),
  );
  const page = { files, meta: { 'api-version': '1.4' }, name, versions: Object.keys(releases) };
  const text = Buffer.from(JSON.stringify(page));
  const etag = `"${createHash('sha256').update(text).digest('hex').slice(0, 32)}"`;
  const headers = { etag, 'cache-control': 'max-age=600, public' };
  return { status: 200, type: JSON_TYPE, body: text, encoded: gzipSync(text), headers };
}

/** The fields that PyPI's own pages have, in its order. */
function toSimpleFile(file, pageUrl, addresses) {
  const address = new URL(file.url, pageUrl);
  const path = address.pathname.replace(/^.*\/packages\//, '/packages/');
  addresses.set(path, address.href);
  const isWheel = file.filename.endsWith('.whl');
  const madeUp = createHash('sha256').update(`${file.filename} metadata`).digest('hex');
  // As long as a real one; of a kind that is not checked, since the true hash would need every metadata file.
  const metadata = isWheel ? { blake2s: madeUp } : false;
  return {
    'core-metadata': metadata,
    'data-dist-info-metadata': metadata,
    filename: file.filename,
    hashes: { sha256: file.digests.sha256 },
    provenance: null,
    'requires-python': file.requires_python,
    size: file.size,
    'upload-time': file.upload_time_iso_8601,
    // The digests in the path are what costs; a constant host before them would compress to nothing.
    url: `../..${path}`,
    yanked: file.yanked ? (file.yanked_reason ?? true) : false,
  };
}

async function makeMetadata(upstream, address) {
  const { status, body } = await upstream.http.get(`${address}.metadata`);
  const type = 'application/octet-stream';
  if (status === 200 && body !== null) return { status, type, body, headers: {} };
  const { metadataText } = await upstream.readWheelFacts(
    upstream.http,
    { url: address, size: null },
    true,
  );
  return { status: 200, type, body: Buffer.from(metadataText), headers: {} };
}

async function forward(upstream, address, range) {
  const options = range === undefined ? {} : { range };
  const { status, body, headers } = await upstream.http.get(address, options);
  const contentRange = headers['content-range'];
  return {
    status,
    type: 'application/octet-stream',
    body: body ?? Buffer.alloc(0),
    headers: {
      'accept-ranges': 'bytes',
      ...(contentRange === undefined ? {} : { 'content-range': contentRange }),
    },
  };
}
