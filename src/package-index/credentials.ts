/**
 * User names and passwords of index addresses. They go with every request to the same origin and nowhere else: pages and
 * facts are kept without them, so that a cache can be shared.
 */
import type { Http } from './http.ts';

const userInfo = /^([a-z][a-z0-9+.-]*:\/\/)[^/?#]*@/i;

/** An address without user name and password. */
export function withoutCredentials(url: string): string {
  return url.includes('@') ? url.replace(userInfo, '$1') : url;
}

/** What `%xx` stands for; text that is no such encoding stays as it is, since passwords are often written plainly. */
export function decodeComponent(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch (error) {
    if (error instanceof URIError) return text;
    throw error;
  }
}

/** What is known of users, by origin. */
export interface Credentials {
  /** Remembers the credentials of an index address, if it has some; of two for one origin the first counts. */
  add(indexUrl: string): void;
  /** Remembers the credentials in the address of one file, which count for nothing else. */
  addFile(url: string): void;
  /** An `Http` that sends them along to their origins. */
  applyTo(http: Http): Http;
}

/** Credentials of the index addresses given so far. */
export function createCredentials(): Credentials {
  const byOrigin = new Map<string, string>();
  const byFile = new Map<string, string>();
  const authorize = (url: string): string => {
    const own = byFile.get(url);
    if (own !== undefined) return own;
    if (byOrigin.size === 0 || userInfo.test(url) || !URL.canParse(url)) return url;
    const credentials = byOrigin.get(new URL(url).origin);
    return credentials === undefined ? url : url.replace('://', () => `://${credentials}`);
  };
  return {
    add(indexUrl) {
      if (!URL.canParse(indexUrl)) return;
      const { origin, username, password } = new URL(indexUrl);
      if (username === '' && password === '') return;
      if (!byOrigin.has(origin)) byOrigin.set(origin, `${username}:${password}@`);
    },
    addFile(url) {
      const address = url.replace(/#.*$/, '');
      const plain = withoutCredentials(address);
      if (plain !== address && !byFile.has(plain)) byFile.set(plain, address);
    },
    applyTo: (http) => ({
      counts: http.counts,
      get: (url, request) => http.get(authorize(url), request),
      close: () => http.close(),
    }),
  };
}
