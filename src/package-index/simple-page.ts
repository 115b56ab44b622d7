/**
 * Pages of the simple repository API: HTML (PEP 503) and JSON (PEP 691, sizes and times by PEP 700), with yanked files
 * (PEP 592) and metadata files (PEP 658, 714).
 *
 * Traps: what the body is decides, not its Content-Type (a mirror may call everything text/html) · attribute values may
 * hold an unescaped `>` (`data-requires-python=">=3.8"`) · addresses may be relative to the page or to `<base href>` ·
 * the file name is the last segment of the address, percent-encoded · `data-yanked` without a value is yanked ·
 * `core-metadata` may be `false`, `true` or a table of hashes, and has an older name.
 */
import { withoutCredentials } from './credentials.ts';
import { splitLargePage } from './large-json.ts';
import type { PageRecord } from './page-record.ts';
import { createPageBuilder } from './page-record.ts';

/** The body is not a page of the simple API; the message says what it is instead. */
export class PageError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PageError';
  }
}

/** Reads a page of the simple API, JSON or HTML. `pageUrl` resolves relative addresses. Throws PageError. */
export function parseSimplePage(body: string, pageUrl: string): PageRecord {
  let start = 0;
  while (body.charCodeAt(start) <= 32 || body.charCodeAt(start) === 0xfeff) start++;
  if (body.charCodeAt(start) === 0x7b)
    return parseSimpleJson(start === 0 ? body : body.slice(start), pageUrl);
  if (body.charCodeAt(start) === 0x3c) return parseSimpleHtml(body, pageUrl);
  throw new PageError(
    start >= body.length
      ? 'the page is empty'
      : 'the page is neither HTML nor JSON of the simple API',
  );
}

/** The largest real pages have some 10 MB. */
const longestAtOnce = 16 * 1024 * 1024;

function parseSimpleJson(body: string, pageUrl: string): PageRecord {
  const large = body.length > longestAtOnce ? parsing(() => splitLargePage(body)) : null;
  const page = parseJson(large?.rest ?? body);
  const meta = fieldOf(page, 'meta');
  const apiVersion = fieldOf(meta, 'api-version');
  if (typeof apiVersion === 'string' && !apiVersion.startsWith('1.') && apiVersion !== '1') {
    throw new PageError(`the page has version ${apiVersion} of the simple API, only 1.x is known`);
  }
  const builder = createPageBuilder();
  if (large !== null) {
    parsing(() => {
      for (const file of large.files) addJsonFile(builder, file, pageUrl);
    });
    return builder.finish();
  }
  const files = fieldOf(page, 'files');
  if (!Array.isArray(files)) throw new PageError('the page has no list of files');
  for (const file of files) addJsonFile(builder, file, pageUrl);
  return builder.finish();
}

/** Reads a project of PyPI's JSON API (`/pypi/NAME/json`): its `releases`. Throws PageError. */
export function parseProjectJson(body: string, pageUrl: string): PageRecord {
  const releases = fieldOf(parseJson(body), 'releases');
  if (typeof releases !== 'object' || releases === null)
    throw new PageError('the project has no list of releases');
  const builder = createPageBuilder();
  for (const files of Object.values(releases)) {
    if (!Array.isArray(files)) continue;
    for (const file of files) addJsonFile(builder, file, pageUrl);
  }
  return builder.finish();
}

function parseJson(body: string): unknown {
  return parsing((): unknown => JSON.parse(body));
}

function parsing<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new PageError(`the page is broken JSON (${error.message.slice(0, 80)})`);
  }
}

type Builder = ReturnType<typeof createPageBuilder>;

// Both JSON forms at once: the simple API writes `hashes`, `upload-time`, `core-metadata`; the JSON API writes
// `digests`, `upload_time_iso_8601`, `yanked` with a separate reason.
function addJsonFile(builder: Builder, file: unknown, pageUrl: string): void {
  const filename = fieldOf(file, 'filename');
  const url = fieldOf(file, 'url');
  if (typeof filename !== 'string' || typeof url !== 'string' || !isArchiveName(filename)) return;
  const absolute = absoluteAddress(url, pageUrl);
  if (absolute === null) return;
  const hash = fieldOf(fieldOf(file, 'hashes') ?? fieldOf(file, 'digests'), 'sha256');
  const requiresPython = fieldOf(file, 'requires-python') ?? fieldOf(file, 'requires_python');
  const size = fieldOf(file, 'size');
  const metadata =
    fieldOf(file, 'core-metadata') ??
    fieldOf(file, 'dist-info-metadata') ??
    fieldOf(file, 'data-dist-info-metadata');
  const uploadTime = fieldOf(file, 'upload-time') ?? fieldOf(file, 'upload_time_iso_8601');
  builder.add({
    filename,
    url: absolute,
    sha256: isSha256(hash) ? hash.toLowerCase() : '',
    requiresPython:
      typeof requiresPython === 'string' && requiresPython !== '' ? requiresPython : null,
    yanked: yankedReason(fieldOf(file, 'yanked'), fieldOf(file, 'yanked_reason')),
    size: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : -1,
    uploadTime: typeof uploadTime === 'string' ? uploadTime : '',
    metadataFile: metadataFlag(metadata),
    metadataHash: metadataHash(fieldOf(metadata, 'sha256')),
  });
}

function yankedReason(yanked: unknown, reason: unknown): string | null {
  if (typeof yanked === 'string') return yanked;
  if (yanked !== true) return null;
  return typeof reason === 'string' ? reason : '';
}

function metadataFlag(value: unknown): number {
  if (value === undefined || value === null) return -1;
  return value === false ? 0 : 1;
}

const anchorStart = '<a';

/** Walks the anchors by `indexOf`: a page may have 20,000 of them, and a full HTML parser takes seconds for that. */
function parseSimpleHtml(page: string, pageUrl: string): PageRecord {
  const html = page.includes('<A') ? page.replace(/<A(?=\s)/g, anchorStart) : page;
  const builder = createPageBuilder();
  const base = baseAddress(html, pageUrl);
  const attributes = new Map<string, string>();
  for (let at = html.indexOf(anchorStart); at >= 0; at = html.indexOf(anchorStart, at)) {
    const afterName = html.charCodeAt(at + 2);
    at += 2;
    if (afterName > 32) continue;
    attributes.clear();
    at = readAttributes(html, at, attributes);
    addAnchor(builder, attributes, base);
  }
  const record = builder.finish();
  if (record.filenames.length === 0 && !isListing(html)) {
    throw new PageError(
      'the page is HTML without links to files: a log-in or error page, not a page of an index',
    );
  }
  return record;
}

// A project without files is an empty listing, which every index still titles.
function isListing(html: string): boolean {
  const head = html.slice(0, 4096);
  return (
    head.includes('pypi:repository-version') ||
    /<(?:title|h1)>[^<]{0,200}\b(?:links|index|listing)\b/i.test(head)
  );
}

function addAnchor(builder: Builder, attributes: ReadonlyMap<string, string>, base: string): void {
  const href = attributes.get('href');
  if (href === undefined) return;
  const hashAt = href.indexOf('#');
  const address = hashAt < 0 ? href : href.slice(0, hashAt);
  const absolute = absoluteAddress(address, base);
  if (absolute === null) return;
  const filename = filenameOf(absolute);
  if (!isArchiveName(filename)) return;
  const fragment = hashAt < 0 ? '' : href.slice(hashAt + 1);
  const sha256 = fragment.startsWith('sha256=') ? fragment.slice(7, 71) : '';
  const requiresPython = attributes.get('data-requires-python');
  const metadata =
    attributes.get('data-core-metadata') ?? attributes.get('data-dist-info-metadata');
  builder.add({
    filename,
    url: absolute,
    sha256: isSha256(sha256) ? sha256.toLowerCase() : '',
    requiresPython: requiresPython === undefined || requiresPython === '' ? null : requiresPython,
    yanked: attributes.get('data-yanked') ?? null,
    size: -1,
    uploadTime: attributes.get('data-upload-time') ?? '',
    metadataFile: metadata === undefined ? -1 : metadata === 'false' ? 0 : 1,
    metadataHash: metadataHash(metadata?.startsWith('sha256=') ? metadata.slice(7) : null),
  });
}

/** Reads the attributes of a tag from `at` on; returns the position after its `>`. */
function readAttributes(html: string, start: number, attributes: Map<string, string>): number {
  const end = html.length;
  let at = start;
  while (at < end) {
    const code = html.charCodeAt(at);
    if (code === 0x3e) return at + 1;
    if (code <= 32 || code === 0x2f) {
      at++;
      continue;
    }
    const nameStart = at;
    while (at < end && !endsAttributeName(html.charCodeAt(at))) at++;
    const name = html.slice(nameStart, at).toLowerCase();
    while (at < end && html.charCodeAt(at) <= 32) at++;
    if (html.charCodeAt(at) !== 0x3d) {
      if (name !== '') attributes.set(name, '');
      else at++;
      continue;
    }
    at++;
    while (at < end && html.charCodeAt(at) <= 32) at++;
    const quote = html.charCodeAt(at);
    let valueEnd: number;
    if (quote === 0x22 || quote === 0x27) {
      valueEnd = html.indexOf(quote === 0x22 ? '"' : "'", at + 1);
      if (valueEnd < 0) return end;
      attributes.set(name, decodeEntities(html.slice(at + 1, valueEnd)));
      at = valueEnd + 1;
    } else {
      valueEnd = at;
      while (valueEnd < end && html.charCodeAt(valueEnd) > 32 && html.charCodeAt(valueEnd) !== 0x3e)
        valueEnd++;
      attributes.set(name, decodeEntities(html.slice(at, valueEnd)));
      at = valueEnd;
    }
  }
  return end;
}

function endsAttributeName(code: number): boolean {
  return code <= 32 || code === 0x3d || code === 0x3e || code === 0x2f;
}

const namedEntities: Readonly<Record<string, string>> = {
  amp: '&',
  lt: '<',
  gt: '>',
  quot: '"',
  apos: "'",
  nbsp: ' ',
};

function decodeEntities(text: string): string {
  if (!text.includes('&')) return text;
  return text.replace(/&(#x[0-9a-f]{1,6}|#[0-9]{1,7}|[a-z]{2,4});/gi, (whole, entity: string) => {
    if (!entity.startsWith('#')) return namedEntities[entity.toLowerCase()] ?? whole;
    const hexadecimal = entity[1] === 'x' || entity[1] === 'X';
    const code = Number.parseInt(entity.slice(hexadecimal ? 2 : 1), hexadecimal ? 16 : 10);
    return code > 0x10ffff ? whole : String.fromCodePoint(code);
  });
}

function baseAddress(html: string, pageUrl: string): string {
  const at = html.slice(0, 8192).search(/<base\s/i);
  if (at < 0) return pageUrl;
  const attributes = new Map<string, string>();
  readAttributes(html, at + 5, attributes);
  return absoluteAddress(attributes.get('href') ?? '', pageUrl) ?? pageUrl;
}

/** The address made absolute, without credentials; null when it cannot be one or is for neither web nor file. */
export function absoluteAddress(address: string, base: string): string | null {
  // Most addresses are plain absolute ones already; `URL` costs a microsecond for each.
  if (address.startsWith('https://') || address.startsWith('http://'))
    return withoutCredentials(address);
  try {
    const url = new URL(address, base);
    url.username = '';
    url.password = '';
    return isAllowed(url.protocol, base) ? url.href : null;
  } catch {
    return null;
  }
}

/** A page of the web must not point into the disk of the reader. */
function isAllowed(protocol: string, base: string): boolean {
  return (
    protocol === 'https:' ||
    protocol === 'http:' ||
    (protocol === 'file:' && base.startsWith('file:'))
  );
}

function filenameOf(address: string): string {
  const query = address.indexOf('?');
  const path = query < 0 ? address : address.slice(0, query);
  const name = path.slice(path.lastIndexOf('/') + 1);
  if (!name.includes('%')) return name;
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}

/** Wheels and the source archives that installers still take; eggs, installers and signatures are left out. */
function isArchiveName(filename: string): boolean {
  return (
    filename.endsWith('.whl') ||
    filename.endsWith('.tar.gz') ||
    filename.endsWith('.zip') ||
    filename.endsWith('.tar.bz2') ||
    filename.endsWith('.tgz') ||
    filename.endsWith('.tar.xz') ||
    filename.endsWith('.tar.zst')
  );
}

function metadataHash(value: unknown): string {
  return isSha256(value) ? value.slice(0, 32).toLowerCase() : '';
}

function isSha256(value: unknown): value is string {
  return typeof value === 'string' && value.length === 64;
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}
