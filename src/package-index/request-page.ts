/** Asking an index for the page of a name. */
import type { DistributionName } from '../types.ts';
import type { PageState } from './cache.ts';
import type { Context } from './client-context.ts';
import { sourceUrl } from './client-context.ts';
import { withoutCredentials } from './credentials.ts';
import { jsonApiUrl } from './default-index.ts';
import { failureText } from './failure.ts';
import type { HttpResponse } from './http.ts';
import { HttpError } from './http.ts';
import type { IndexSource } from './index-source.ts';
import { pageKey, simpleAccept } from './index-source.ts';
import type { PageAnswer } from './package-index.ts';
import { lacksTimes, toAnswer } from './page-answer.ts';
import { PageError } from './page-error.ts';
import type { PageRecord } from './page-record.ts';
import { absentPage, allEntries } from './page-record.ts';
import { withUploadTimes } from './project-page.ts';
import { decodePageBody, parseProjectJson, parseSimplePage } from './simple-page.ts';

/** What is asked, and the address of the index, with a slash at the end. */
interface Question {
  readonly source: IndexSource;
  readonly name: DistributionName;
  readonly base: string;
}

/** Asks whatever the cache says, but with the validators that it has. An index that gives no answer is a failed one. */
export async function askForPage(
  context: Context,
  source: IndexSource,
  name: DistributionName,
): Promise<PageAnswer> {
  if (context.options.offline) {
    const detail = `${name} is not in the cache, and --offline was given`;
    return { status: 'failed', reason: 'offline', detail };
  }
  try {
    return await ask(context, { source, name, base: sourceUrl(context, source) });
  } catch (error) {
    if (error instanceof HttpError && (error.code === 'network' || error.code === 'timeout'))
      context.unreachable.add(source);
    const detail = failureText(error, `the page of ${name}`);
    return { status: 'failed', reason: 'network', detail };
  }
}

async function ask(context: Context, question: Question): Promise<PageAnswer> {
  const { cache, pageSource } = context.options;
  const { source, name } = question;
  const key = pageKey(source, pageSource, name);
  const response = await getPage(context, question, cache.pageState(key));
  context.answering.add(source);
  const fetched = await readPageResponse(context, question, response);
  if (fetched !== 'unchanged') return keepPage(context, question, response, fetched);
  cache.touchPage(key);
  const cached = cache.readPage(key, true);
  if (cached !== null && !lacksTimes(context, cached.record))
    return toAnswer(context, source, name, cached);
  // The entry went between the question and the answer, or lacks what is wanted of it now: a question without validators
  // has a body for an answer.
  const whole = await getPage(context, question, null);
  const record = await readPageResponse(context, question, whole);
  if (record === 'unchanged') throw new PageError('the index says "unchanged" to a first question');
  return keepPage(context, question, whole, record);
}

/** An answer as text: its bytes are let go before the text is parsed, since a page can be very long. */
interface PageText extends Omit<HttpResponse, 'body'> {
  readonly text: string | null;
}

async function getPage(
  context: Context,
  { name, base }: Question,
  state: PageState | null,
): Promise<PageText> {
  const ofJsonApi = context.options.pageSource === 'json' ? jsonApiUrl(base, name) : null;
  const http = await context.options.http();
  const { body, ...answer } = await http.get(ofJsonApi ?? `${base}${name}/`, {
    accept: simpleAccept,
    ...(state?.etag ? { ifNoneMatch: state.etag } : {}),
    ...(state?.lastModified ? { ifModifiedSince: state.lastModified } : {}),
  });
  return { ...answer, text: body === null ? null : decodePageBody(body) };
}

function keepPage(
  context: Context,
  { source, name }: Question,
  { headers }: PageText,
  record: PageRecord,
): PageAnswer {
  const { cache, pageSource } = context.options;
  const hash = cache.writePage(pageKey(source, pageSource, name), record, {
    etag: headers['etag'] ?? null,
    lastModified: headers['last-modified'] ?? null,
    maxAge: maxAgeOf(headers['cache-control']),
  });
  return toAnswer(context, source, name, { record, hash });
}

function maxAgeOf(header: string | undefined): number | null {
  if (header === undefined) return null;
  if (/\bno-(?:store|cache)\b/i.test(header)) return 0;
  const match = /\bmax-age=(\d{1,9})/i.exec(header);
  return match === null ? null : Number(match[1]);
}

async function readPageResponse(
  context: Context,
  question: Question,
  response: PageText,
): Promise<PageRecord | 'unchanged'> {
  const { name, base } = question;
  const { status, text } = response;
  const url = withoutCredentials(response.url);
  if (status === 304) return 'unchanged';
  if (status === 404 || status === 410) return absentPage;
  if (await isAbsentInStorage(context, response, base)) return absentPage;
  if (status === 401 || status === 403) throw new PageError(refusalText(response));
  if (status !== 200 || text === null) throw new PageError(`the index answers ${status}`);
  if (context.options.pageSource === 'json') return parseProjectJson(text, url, name);
  const record = parseSimplePage(text, url, name);
  return lacksTimes(context, record) ? withTimes(context, question, record) : record;
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

/** Upload times from the JSON API, where the simple page has none and a date was asked for. */
async function withTimes(
  context: Context,
  { name, base }: Question,
  record: PageRecord,
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
