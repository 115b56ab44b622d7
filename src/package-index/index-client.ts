/**
 * The `PackageIndex` over HTTP and the cache. Every answer is asked for once in a run, however many ask for it at the
 * same time.
 *
 * Order of sources for metadata, cheapest sure one first: the metadata file that the index advertises (PEP 658) · the
 * wheel's own METADATA from its tail, which gives its weight too · another wheel of the release · the static parts of
 * the source archive. Nothing is built.
 */
import { createHash } from 'node:crypto';
import type {
  CoreMetadata,
  DistributionFile,
  DistributionName,
  Evidence,
  Known,
  WheelSummary,
  Version,
} from '../types.ts';
import { parseMetadata } from '../pep/metadata.ts';
import { ParseError } from '../pep/parse-error.ts';
import { compareVersions, parseVersion, withoutLocal } from '../pep/version.ts';
import { redactUrl } from '../settings/redact-url.ts';
import { ZipError } from '../weigh/zip-directory.ts';
import type { Cache, PageState } from './cache.ts';
import { cacheKey } from './cache.ts';
import { createCredentials, withoutCredentials } from './credentials.ts';
import { defaultIndexMark, defaultIndexUrl, jsonApiUrl } from './default-index.ts';
import { decodeMetadata, encodeMetadata, isModuleFact, isSummary } from './facts.ts';
import { WheelUnavailableError } from './file-window.ts';
import type { Http, HttpResponse } from './http.ts';
import { HttpError } from './http.ts';
import type { Namesake } from './namesakes.ts';
import type {
  Eventually,
  MetadataAnswer,
  PackageIndex,
  PageAnswer,
  ProjectPage,
  Release,
} from './package-index.ts';
import { PageError } from './page-error.ts';
import type { PageEntry, PageRecord } from './page-record.ts';
import { absentPage, allEntries, emptyPage, isAbsent } from './page-record.ts';
import { createProjectPage, joinPages, recordOfName, withUploadTimes } from './project-page.ts';
import { readArchiveModules, readSdist } from './sdist-reader.ts';
import { decodePageBody, parseProjectJson, parseSimplePage } from './simple-page.ts';
import { readWheelFacts } from './wheel-reader.ts';

/** One index of the settings in force. */
export interface IndexSource {
  /** Address of the simple API; null for the default index. May hold credentials. */
  readonly url: string | null;
}

/** What an index client needs; everything with a lifetime is handed in. */
export interface IndexClientOptions {
  /** In order of preference: the first that has a name gives it. */
  readonly sources: readonly IndexSource[];
  /** Addresses with users, beside those of the sources. */
  readonly credentials?: readonly string[];
  /** Files of `--find-links`, whatever their names; they stand beside those of the indexes. */
  readonly links: () => Eventually<readonly PageEntry[] | null>;
  /** Asked for on the first request. */
  readonly http: () => Promise<Http>;
  readonly cache: Cache;
  readonly offline: boolean;
  /** ISO 8601; later uploads do not exist. */
  readonly excludeNewer: string | null;
  /** `json` takes pages from PyPI's JSON API: 2.8 times the bytes, but always with sizes and times. */
  readonly pageSource: 'simple' | 'json';
}

/** A page in the cache, and what it said when it was read. */
export interface PageStamp {
  readonly key: string;
  readonly hash: string;
}

/** A page, and whether an index that comes before it gave no answer: then it may be another one the next time. */
export interface AnyPage {
  readonly answer: PageAnswer;
  readonly isPassedOver: boolean;
}

/** What is asked only to tell which modules belong to a name: never for what is installed. */
export interface ModuleSource {
  /** As `page`, but an index that cannot be reached is passed over where another one has the name. */
  anyPage(name: DistributionName): Eventually<AnyPage>;
  /** Import modules of a source archive of at most 4 MiB; an unknown one has a detail. */
  sdistModules(
    name: DistributionName,
    file: DistributionFile,
  ): Eventually<Known<readonly string[]>>;
}

/** A `PackageIndex` that can say which pages its answers rest on. */
export interface IndexClient extends PackageIndex, ModuleSource {
  /** The pages that answered for a name, those of indexes that do not have it included; empty before the answer. */
  stampsOf(name: DistributionName, index?: string | null): readonly PageStamp[];
  /** Remembers user and password in the address of a file, which is then asked for with them. */
  addCredentials(url: string): void;
  /** Which of the names, all of them answered for, a later index has too. An index that is asked nothing else is not asked. */
  namesakes(names: readonly DistributionName[]): Promise<readonly Namesake[]>;
}

/** HTML comes first nowhere: a mirror gives upload times only to clients that would take JSON. */
const simpleAccept =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01';

/** Name of a page in the cache: the index without credentials, the source, and the name. */
export function pageKey(source: IndexSource, pageSource: string, name: string): string {
  const url = ownAddress(source);
  return cacheKey(url === null ? 'default' : stripCredentials(url), pageSource, name);
}

/** Null for the default index, also where a file names it. */
function ownAddress({ url }: IndexSource): string | null {
  return url === defaultIndexMark ? null : url;
}

/** A client for the sources given. */
export function createIndexClient(options: IndexClientOptions): IndexClient {
  const credentials = createCredentials();
  for (const { url } of options.sources) if (url !== null) credentials.add(url);
  for (const url of options.credentials ?? []) credentials.add(url);
  const http = async (): Promise<Http> => credentials.applyTo(await options.http());
  const context: Context = {
    options: { ...options, http },
    defaultUrl: null,
    stamps: new Map(),
    unreachable: new Set(),
    answering: new Set(),
    openIndexes: new Map(),
  };
  const pages = new Map<string, Eventually<PageAnswer>>();
  const metadata = new Map<string, Eventually<MetadataAnswer>>();
  const wheels = new Map<string, Eventually<Known<WheelSummary>>>();
  const lenient = new Map<string, Eventually<AnyPage>>();
  const archives = new Map<string, Eventually<Known<readonly string[]>>>();
  return {
    page: (name, index = null) => {
      if (index !== null) credentials.add(index);
      return once(pages, stampKey(name, index), () => findPage(context, name, index));
    },
    stampsOf: (name, index = null) => context.stamps.get(stampKey(name, index)) ?? [],
    addCredentials: (url) => credentials.addFile(url),
    metadata: (name, file, release) =>
      once(metadata, factKey(file), () => findMetadata(context, { name, file, release, wheels })),
    wheel: (name, file) => once(wheels, factKey(file), () => findSummary(context, name, file)),
    anyPage: (name) => {
      const strict = pages.get(stampKey(name, null));
      if (strict !== undefined && !(strict instanceof Promise) && strict.status !== 'failed')
        return { answer: strict, isPassedOver: false };
      return once(lenient, name, () => findAnyPage(context, name));
    },
    sdistModules: (name, file) =>
      once(archives, factKey(file), () => findArchiveModules(context, name, file)),
    namesakes: async (names) => {
      if (options.sources.length < 2) return [];
      const found = names.map(async (name) =>
        findNamesake(context, name, await pages.get(stampKey(name, null))),
      );
      return (await Promise.all(found)).flatMap((namesake) => namesake ?? []);
    },
  };
}

interface Context {
  readonly options: IndexClientOptions;
  defaultUrl: string | null;
  /** By `index name`. */
  readonly stamps: Map<string, PageStamp[]>;
  /** Indexes that gave no answer at all to some question of this run. */
  readonly unreachable: Set<IndexSource>;
  /** Indexes that answered for a page in this run, not only from the cache. */
  readonly answering: Set<IndexSource>;
  /** Whether the start of an index can be had, by its address. */
  readonly openIndexes: Map<string, Promise<boolean>>;
}

function stampKey(name: DistributionName, index: string | null): string {
  return `${index ?? ''} ${name}`;
}

function isListed(context: Context, source: IndexSource): boolean {
  return context.options.sources.includes(source);
}

/** The answer at hand, or the one that is under way, or the one of `ask`. */
function once<T>(
  answers: Map<string, Eventually<T>>,
  key: string,
  ask: () => Eventually<T>,
): Eventually<T> {
  const known = answers.get(key);
  if (known !== undefined) return known;
  const asked = ask();
  answers.set(key, asked);
  // A failure is told to whoever waits for the answer; nobody waits for this copy of it.
  if (asked instanceof Promise)
    void asked.then(
      (answer) => answers.set(key, answer),
      () => undefined,
    );
  return asked;
}

// ---- pages ----------------------------------------------------------------------------------------------------------

function findPage(
  context: Context,
  name: DistributionName,
  index: string | null,
): Eventually<PageAnswer> {
  const { sources, links } = context.options;
  const asked = index === null ? sources : [{ url: index }];
  const found = links();
  // The usual case without waiting: one index, no links, a fresh page in the cache.
  const [only, ...others] = asked;
  const cached =
    found === null && only !== undefined && others.length === 0
      ? cachedPage(context, only, name)
      : null;
  return cached ?? findPageInOrder(context, asked, name, found);
}

async function findPageInOrder(
  context: Context,
  sources: readonly IndexSource[],
  name: DistributionName,
  links: Eventually<readonly PageEntry[] | null>,
): Promise<PageAnswer> {
  const linked = linkedPage(name, await links);
  for (const [at, source] of sources.entries()) {
    const answer = cachedPage(context, source, name) ?? (await askForPage(context, source, name));
    // An index that gave no answer is never passed over: the next one may have a namesake.
    if (answer.status === 'failed') return answer;
    if (answer.status === 'not-found') continue;
    const page = linked === null ? answer.page : joinPages(linked, answer.page);
    return {
      status: 'found',
      page: at + 1 < sources.length ? { ...page, hidesLater: true } : page,
    };
  }
  return linked === null ? { status: 'not-found' } : { status: 'found', page: linked };
}

async function findAnyPage(context: Context, name: DistributionName): Promise<AnyPage> {
  const linked = linkedPage(name, await context.options.links());
  let failed: PageAnswer | null = null;
  for (const source of context.options.sources) {
    const answer = cachedPage(context, source, name) ?? (await askOnce(context, source, name));
    if (answer.status === 'failed') failed ??= answer;
    if (answer.status !== 'found') continue;
    const page = linked === null ? answer.page : joinPages(linked, answer.page);
    return { answer: { status: 'found', page }, isPassedOver: failed !== null };
  }
  if (linked !== null)
    return { answer: { status: 'found', page: linked }, isPassedOver: failed !== null };
  return { answer: failed ?? { status: 'not-found' }, isPassedOver: failed !== null };
}

/** An index that did not answer is not asked for one name after the other, each time with all retries. */
async function askOnce(
  context: Context,
  source: IndexSource,
  name: DistributionName,
): Promise<PageAnswer> {
  if (context.unreachable.has(source))
    return { status: 'failed', reason: 'network', detail: 'the index cannot be reached' };
  return askForPage(context, source, name);
}

function linkedPage(
  name: DistributionName,
  links: readonly PageEntry[] | null,
): ProjectPage | null {
  if (links === null) return null;
  // As in uv: these files are meant, whatever the date, and hardly ever tell when they were uploaded.
  const page = createProjectPage(name, recordOfName(links, name), null, { excludeNewer: null });
  if (page.releases.length === 0) return null;
  // No index gave it.
  const { index: _none, ...linked } = page;
  return linked;
}

function cachedPage(
  context: Context,
  source: IndexSource,
  name: DistributionName,
): PageAnswer | null {
  const { cache, offline, pageSource } = context.options;
  const cached = cache.readPage(pageKey(source, pageSource, name), offline);
  if (cached === null || (lacksTimes(context, cached.record) && !offline)) return null;
  return toAnswer(context, source, name, cached.record, cached.hash);
}

function toAnswer(
  context: Context,
  source: IndexSource,
  name: DistributionName,
  record: PageRecord,
  hash: string,
): PageAnswer {
  const { excludeNewer, pageSource } = context.options;
  const asked = stampKey(name, isListed(context, source) ? null : source.url);
  const stamp = { key: pageKey(source, pageSource, name), hash };
  context.stamps.set(asked, [...(context.stamps.get(asked) ?? []), stamp]);
  // A page that is kept to say that there is none.
  if (isAbsent(record)) return { status: 'not-found' };
  const index = addressWithoutUser(source);
  return { status: 'found', page: createProjectPage(name, record, index, { excludeNewer }) };
}

async function askForPage(
  context: Context,
  source: IndexSource,
  name: DistributionName,
): Promise<PageAnswer> {
  const { offline, cache, pageSource } = context.options;
  if (offline)
    return {
      status: 'failed',
      reason: 'offline',
      detail: `${name} is not in the cache, and --offline was given`,
    };
  const key = pageKey(source, pageSource, name);
  try {
    const state = cache.pageState(key);
    const base = sourceUrl(context, source);
    const url =
      pageSource === 'json' ? (jsonApiUrl(base, name) ?? `${base}${name}/`) : `${base}${name}/`;
    const response = await getPage(context, url, state);
    context.answering.add(source);
    const fetched = await readPageResponse(context, response, base, name);
    if (fetched === 'unchanged') {
      cache.touchPage(key);
      const cached = cache.readPage(key, true);
      if (cached !== null && !lacksTimes(context, cached.record))
        return toAnswer(context, source, name, cached.record, cached.hash);
      return askAgain(context, source, name, { url, base });
    }
    return keepPage(context, source, name, response, fetched);
  } catch (error) {
    if (error instanceof HttpError && (error.code === 'network' || error.code === 'timeout'))
      context.unreachable.add(source);
    return {
      status: 'failed',
      reason: 'network',
      detail: failureText(error, `the page of ${name}`),
    };
  }
}

function sourceUrl(context: Context, source: IndexSource): string {
  const url = ownAddress(source);
  if (url !== null) return url.endsWith('/') ? url : `${url}/`;
  context.defaultUrl ??= defaultIndexUrl();
  return context.defaultUrl;
}

/** An answer as text: its bytes are let go before the text is parsed, since a page can be very long. */
interface PageText extends Omit<HttpResponse, 'body'> {
  readonly text: string | null;
}

async function getPage(context: Context, url: string, state: PageState | null): Promise<PageText> {
  const http = await context.options.http();
  const { body, ...answer } = await http.get(url, {
    accept: simpleAccept,
    ...(state?.etag ? { ifNoneMatch: state.etag } : {}),
    ...(state?.lastModified ? { ifModifiedSince: state.lastModified } : {}),
  });
  return { ...answer, text: body === null ? null : decodePageBody(body) };
}

// The entry went between the question and the answer, or lacks what is wanted of it now: a question without validators
// has a body for an answer.
async function askAgain(
  context: Context,
  source: IndexSource,
  name: DistributionName,
  { url, base }: { readonly url: string; readonly base: string },
): Promise<PageAnswer> {
  const response = await getPage(context, url, null);
  const fetched = await readPageResponse(context, response, base, name);
  if (fetched === 'unchanged')
    throw new PageError('the index says "unchanged" to a first question');
  return keepPage(context, source, name, response, fetched);
}

function keepPage(
  context: Context,
  source: IndexSource,
  name: DistributionName,
  response: PageText,
  record: PageRecord,
): PageAnswer {
  const { cache, pageSource } = context.options;
  const hash = cache.writePage(pageKey(source, pageSource, name), record, {
    etag: response.headers['etag'] ?? null,
    lastModified: response.headers['last-modified'] ?? null,
    maxAge: maxAgeOf(response.headers['cache-control']),
  });
  return toAnswer(context, source, name, record, hash);
}

function maxAgeOf(header: string | undefined): number | null {
  if (header === undefined) return null;
  if (/\bno-(?:store|cache)\b/i.test(header)) return 0;
  const match = /\bmax-age=(\d{1,9})/i.exec(header);
  return match === null ? null : Number(match[1]);
}

async function readPageResponse(
  context: Context,
  response: PageText,
  base: string,
  name: DistributionName,
): Promise<PageRecord | 'unchanged'> {
  const { status, text } = response;
  const url = withoutCredentials(response.url);
  if (status === 304) return 'unchanged';
  if (status === 404 || status === 410) return absentPage;
  if (await isAbsentInStorage(context, response, base)) return absentPage;
  if (status === 401 || status === 403) throw new PageError(refusalText(response));
  if (status !== 200 || text === null) throw new PageError(`the index answers ${status}`);
  if (context.options.pageSource === 'json') return parseProjectJson(text, url, name);
  const record = parseSimplePage(text, url, name);
  return lacksTimes(context, record) ? withTimes(context, record, base, name) : record;
}

/**
 * Storage that may not be listed answers "access denied" for what it does not have, as the index of PyTorch does (uv knows
 * that one by its host). Whoever answers so for the start of the index as well has shut us out of all of it.
 */
async function isAbsentInStorage(
  context: Context,
  { status, text, withUser }: PageText,
  base: string,
): Promise<boolean> {
  if (status !== 403 || withUser === true) return false;
  if (!/<Code>\s*AccessDenied\s*<\/Code>/.test(text ?? '')) return false;
  const known = context.openIndexes.get(base) ?? askForStart(context, base);
  context.openIndexes.set(base, known);
  return known;
}

async function askForStart(context: Context, base: string): Promise<boolean> {
  const http = await context.options.http();
  const { status } = await http.get(base, { method: 'HEAD', accept: simpleAccept });
  return status === 200;
}

function refusalText({ status, withUser }: PageText): string {
  if (withUser === true) return `the index refuses the credentials given (${status})`;
  if (status === 403) return 'the index refuses access, at least without credentials (403)';
  return 'the index asks for credentials (401): give them in its URL, in netrc, or as UV_INDEX_NAME_USERNAME and UV_INDEX_NAME_PASSWORD where it has a name; no keyring is asked';
}

/** A page that was kept before anybody asked for a date may have no times. */
function lacksTimes(context: Context, record: PageRecord): boolean {
  return context.options.excludeNewer !== null && !record.hasTimes;
}

/** Upload times from the JSON API, where the simple page has none and a date was asked for. */
async function withTimes(
  context: Context,
  record: PageRecord,
  base: string,
  name: DistributionName,
): Promise<PageRecord> {
  const url = jsonApiUrl(base, name);
  if (url === null) return record;
  const http = await context.options.http();
  const { status, body } = await http.get(url, { accept: 'application/json' });
  if (status !== 200 || body === null) return record;
  const detailed = parseProjectJson(decodePageBody(body), url, name);
  const times = new Map(
    allEntries(detailed).map(({ filename, uploadTime }) => [filename, uploadTime]),
  );
  return withUploadTimes(record, name, times);
}

// ---- names on several indexes -----------------------------------------------------------------------------------------

async function findNamesake(
  context: Context,
  name: DistributionName,
  answer: PageAnswer | undefined,
): Promise<Namesake | null> {
  if (answer?.status !== 'found' || answer.page.index === undefined) return null;
  const { index } = answer.page;
  const { sources } = context.options;
  const addresses = sources.map((source) => addressWithoutUser(source));
  const at = addresses.indexOf(index);
  if (at < 0) return null;
  const later = sources.slice(at + 1);
  const has = await Promise.all(later.map((source) => hasName(context, source, name)));
  const others = addresses.slice(at + 1).filter((_, order) => has[order] === true);
  return others.length === 0 ? null : { name, index, others };
}

function addressWithoutUser(source: IndexSource): string | null {
  const url = ownAddress(source);
  return url === null ? null : redactUrl(url);
}

/** Null where that is not known, which is no reason for a run to wait or to fail. */
async function hasName(
  context: Context,
  source: IndexSource,
  name: DistributionName,
): Promise<boolean | null> {
  const { cache, offline } = context.options;
  const key = pageKey(source, 'presence', name);
  const kept = cache.readPage(key, offline);
  if (kept !== null) return !isAbsent(kept.record);
  if (offline || !context.answering.has(source)) return null;
  try {
    const url = `${sourceUrl(context, source)}${name}/`;
    const http = await context.options.http();
    // Its answer has no body, where a page may be long.
    const { status } = await http.get(url, { method: 'HEAD', accept: simpleAccept });
    if (status !== 200 && status !== 404 && status !== 410) return null;
    const validators = { etag: null, lastModified: null, maxAge: null };
    cache.writePage(key, status === 200 ? emptyPage : absentPage, validators);
    return status === 200;
  } catch (error) {
    // What is no failed answer goes on from here.
    failureText(error, name);
    return null;
  }
}

// ---- metadata -------------------------------------------------------------------------------------------------------

interface MetadataRequest {
  readonly name: DistributionName;
  readonly file: DistributionFile;
  readonly release: Release;
  readonly wheels: Map<string, Eventually<Known<WheelSummary>>>;
}

function findMetadata(context: Context, request: MetadataRequest): Eventually<MetadataAnswer> {
  const stored = decodeMetadata(readFact(context, 'm', request.file));
  if (stored !== null) return stored;
  if (context.options.offline) {
    return {
      known: false,
      reason: 'offline',
      detail: `the metadata of ${request.file.filename} is not in the cache`,
    };
  }
  return askForMetadata(context, request);
}

async function askForMetadata(context: Context, request: MetadataRequest): Promise<MetadataAnswer> {
  const { file, name } = request;
  try {
    const answer = withoutUsers(
      file.kind === 'wheel'
        ? await wheelMetadata(context, request, file)
        : await sdistMetadata(context, request),
    );
    const isOutcome = answer.known || (answer.reason !== 'network' && file.sha256 !== null);
    if (isOutcome) keepFact(context, 'm', file, encodeMetadata(answer));
    return answer;
  } catch (error) {
    return failure(error, `the metadata of ${name} ${file.version.text}`);
  }
}

/** Requirements that name an address may carry a password into the cache. */
function withoutUsers(answer: MetadataAnswer): MetadataAnswer {
  if (!answer.known || answer.value.requiresDist.every(({ url }) => url === null)) return answer;
  const requiresDist = answer.value.requiresDist.map((requirement) =>
    requirement.url === null
      ? requirement
      : { ...requirement, url: withoutCredentials(requirement.url) },
  );
  return { ...answer, value: { ...answer.value, requiresDist } };
}

async function wheelMetadata(
  context: Context,
  request: MetadataRequest,
  file: DistributionFile,
): Promise<MetadataAnswer> {
  const advertised = file.metadataFile === true ? await metadataFile(context, file) : null;
  if (typeof advertised === 'string') return toMetadata(advertised, 'metadata-file', request);
  try {
    const answer = await metadataInWheel(context, request, file);
    return advertised === null ? answer : withRepair(answer, wrongHashRepair);
  } catch (error) {
    // Where the index says nothing of metadata files there may be one. It is asked for last: of the mirrors that say
    // nothing most have none, and the end of a wheel takes no more time.
    const text =
      file.metadataFile === null && error instanceof WheelUnavailableError
        ? await metadataFile(context, file)
        : null;
    if (typeof text !== 'string') throw error;
    return toMetadata(text, 'metadata-file', request);
  }
}

const wrongHashRepair =
  'the metadata file on the index does not have the hash that the index gives; the wheel was read instead';

function withRepair(answer: MetadataAnswer, repair: string): MetadataAnswer {
  if (!answer.known) return answer;
  return { ...answer, value: { ...answer.value, repairs: [...answer.value.repairs, repair] } };
}

async function metadataInWheel(
  context: Context,
  request: MetadataRequest,
  file: DistributionFile,
): Promise<MetadataAnswer> {
  const http = await context.options.http();
  // The same bytes give the weight, so that nobody asks for them a second time.
  const facts = readWheelFacts(http, file, true);
  const summary = facts.then(
    (known): Known<WheelSummary> => ({
      known: true,
      value: known.summary,
      from: 'central-directory',
    }),
    (error: unknown) => failure(error, `the directory of ${file.filename}`),
  );
  // Interrupted before anyone asked for the weight: the failure of `facts` below says so.
  void summary.catch(() => undefined);
  if (!request.wheels.has(factKey(file))) request.wheels.set(factKey(file), summary);
  const { metadataText, summary: value } = await facts;
  keepFact(context, 'w', file, value);
  return toMetadata(metadataText ?? '', 'wheel-metadata', request);
}

/** The text of the metadata file beside a wheel (PEP 658), null where the index has none. */
async function metadataFile(
  context: Context,
  file: DistributionFile,
): Promise<string | { readonly wrongHash: true } | null> {
  const http = await context.options.http();
  const { status, body } = await http.get(metadataAddress(file.url), {
    maxBytes: 16 * 1024 * 1024,
  });
  if (status !== 200 || body === null) return null;
  const hash = createHash('sha256').update(body).digest('hex');
  if (!hash.startsWith(file.metadataHash ?? '')) return { wrongHash: true };
  const text = body.toString('utf8');
  // Some servers answer an unknown path with a page.
  return /^metadata-version\s*:/im.test(text.slice(0, 4096)) ? text : null;
}

function metadataAddress(url: string): string {
  const query = url.indexOf('?');
  return query < 0 ? `${url}.metadata` : `${url.slice(0, query)}.metadata${url.slice(query)}`;
}

function toMetadata(text: string, from: Evidence, request: MetadataRequest): MetadataAnswer {
  const { name, file } = request;
  const parsed = parseMetadata(text);
  if (parsed.name !== name) {
    return {
      known: false,
      reason: 'broken-metadata',
      detail: `${file.filename} says that it is ${parsed.name}`,
    };
  }
  if (!isSameRelease(parsed.version, file.version)) {
    return {
      known: false,
      reason: 'broken-metadata',
      detail: `${file.filename} says that it is version ${parsed.version.slice(0, 40)}`,
    };
  }
  const { version, requiresPython, requiresDist, providesExtras, repairs, unreadable } = parsed;
  const value: CoreMetadata = {
    name,
    version,
    requiresPython,
    requiresDist,
    providesExtras,
    repairs,
    ...(unreadable === undefined ? {} : { unreadable }),
  };
  return { known: true, value, from };
}

// Builds for an accelerator may carry their local version in one place only, as uv lets them.
function isSameRelease(stated: string, version: Version): boolean {
  const parsed = parseVersion(stated);
  return parsed !== null && compareVersions(withoutLocal(parsed), withoutLocal(version)) === 0;
}

/** Unknown where that wheel is broken or away; the archive itself is asked then. */
async function otherWheelMetadata(
  context: Context,
  request: MetadataRequest,
  file: DistributionFile,
): Promise<MetadataAnswer> {
  try {
    return await wheelMetadata(context, request, file);
  } catch (error) {
    return failure(error, `the metadata of ${file.filename}`);
  }
}

async function sdistMetadata(context: Context, request: MetadataRequest): Promise<MetadataAnswer> {
  for (const file of request.release.files()) {
    if (file.kind !== 'wheel') continue;
    const answer = await otherWheelMetadata(context, request, file);
    if (answer.known) return { ...answer, from: 'other-wheel' };
    break;
  }
  const http = await context.options.http();
  return readSdist(http, request.name, request.file);
}

// ---- weights --------------------------------------------------------------------------------------------------------

function findSummary(
  context: Context,
  name: DistributionName,
  file: DistributionFile,
): Eventually<Known<WheelSummary>> {
  const stored = readFact(context, 'w', file);
  if (isSummary(stored)) return { known: true, value: stored, from: 'central-directory' };
  if (context.options.offline) {
    return {
      known: false,
      reason: 'offline',
      detail: `the size of ${file.filename} is not in the cache`,
    };
  }
  return askForSummary(context, name, file);
}

async function askForSummary(
  context: Context,
  name: DistributionName,
  file: DistributionFile,
): Promise<Known<WheelSummary>> {
  try {
    const http = await context.options.http();
    const { summary } = await readWheelFacts(http, file, false);
    keepFact(context, 'w', file, summary);
    return { known: true, value: summary, from: 'central-directory' };
  } catch (error) {
    return failure(error, `the directory of ${name} ${file.version.text}`);
  }
}

// ---- modules of source archives --------------------------------------------------------------------------------------

function findArchiveModules(
  context: Context,
  name: DistributionName,
  file: DistributionFile,
): Eventually<Known<readonly string[]>> {
  const stored = readFact(context, 's', file);
  if (isModuleFact(stored)) return toModules(file, stored.modules);
  if (context.options.offline)
    return { known: false, reason: 'offline', detail: `${file.filename} is not in the cache` };
  return askForArchiveModules(context, name, file);
}

async function askForArchiveModules(
  context: Context,
  name: DistributionName,
  file: DistributionFile,
): Promise<Known<readonly string[]>> {
  try {
    const modules = await readArchiveModules(context.options.http, name, file);
    keepFact(context, 's', file, { modules });
    return toModules(file, modules);
  } catch (error) {
    return failure(error, `the modules of ${name} ${file.version.text}`);
  }
}

function toModules(
  file: DistributionFile,
  modules: readonly string[] | null,
): Known<readonly string[]> {
  if (modules !== null) return { known: true, value: modules, from: 'estimate' };
  const detail = `${file.filename} is large, or does not tell its modules without being built`;
  return { known: false, reason: 'sdist-only', detail };
}

// ---- shared ---------------------------------------------------------------------------------------------------------

/** A file is what its hash says it is; without one, what its address says. */
function factKey(file: DistributionFile): string {
  return file.sha256 ?? cacheKey(stripCredentials(file.url));
}

/** Metadata, weight, or modules of a source archive. */
type FactKind = 'm' | 'w' | 's';

function readFact(context: Context, kind: FactKind, file: DistributionFile): unknown {
  return isLastingFile(file) ? context.options.cache.readFact(`${kind}:${factKey(file)}`) : null;
}

function keepFact(context: Context, kind: FactKind, file: DistributionFile, fact: unknown): void {
  if (isLastingFile(file)) context.options.cache.writeFact(`${kind}:${factKey(file)}`, fact);
}

/** A file of the disk is rebuilt under its name; only a hash tells one from the next, and reading it again is cheap. */
function isLastingFile({ sha256, url }: DistributionFile): boolean {
  return sha256 !== null || !/^file:/i.test(url);
}

function stripCredentials(url: string): string {
  return withoutCredentials(url).replace(/[?#].*$/, '');
}

function failure(
  error: unknown,
  what: string,
): {
  readonly known: false;
  readonly reason: 'network' | 'broken-wheel' | 'broken-metadata';
  readonly detail: string;
} {
  const detail = failureText(error, what);
  if (error instanceof ZipError) return { known: false, reason: 'broken-wheel', detail };
  if (error instanceof ParseError) return { known: false, reason: 'broken-metadata', detail };
  return { known: false, reason: 'network', detail };
}

/** A sentence for the expected failures; anything else is a bug and goes on. */
function failureText(error: unknown, what: string): string {
  const isExpected =
    error instanceof HttpError ||
    error instanceof PageError ||
    error instanceof ZipError ||
    error instanceof ParseError ||
    error instanceof WheelUnavailableError;
  if (!isExpected) throw error;
  if (error instanceof HttpError && error.code === 'aborted') throw error;
  return `${what} could not be read: ${redactUrl(error.message)}`;
}
