/** One index, its address, and the names of its pages in the cache. */
import { cacheKey } from './cache.ts';
import { withoutCredentials } from './credentials.ts';
import { defaultIndexMark } from './default-index.ts';
import { redactUrl } from '../settings/redact-url.ts';

/** One index of the settings in force. */
export interface IndexSource {
  /** Address of the simple API; null for the default index. May hold credentials. */
  readonly url: string | null;
}

/** HTML comes first nowhere: a mirror gives upload times only to clients that would take JSON. */
export const simpleAccept =
  'application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.01';

/** Name of a page in the cache: the index without credentials, the source, and the name. */
export function pageKey(source: IndexSource, pageSource: string, name: string): string {
  const url = ownAddress(source);
  return cacheKey(url === null ? 'default' : stripCredentials(url), pageSource, name);
}

/** Null for the default index, also where a file names it. */
export function ownAddress({ url }: IndexSource): string | null {
  return url === defaultIndexMark ? null : url;
}

/** The address as it is shown; null for the default index. */
export function addressWithoutUser(source: IndexSource): string | null {
  const url = ownAddress(source);
  return url === null ? null : redactUrl(url);
}

/** An address as the name of something: without user, query and fragment. */
export function stripCredentials(url: string): string {
  return withoutCredentials(url).replace(/[?#].*$/, '');
}
