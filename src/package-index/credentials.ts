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

/** What is known of users. */
export interface Credentials {
  /** Remembers the credentials of an index address, if it has some; of two for one address the first counts. */
  add(indexUrl: string): void;
  /** Remembers the credentials in the address of one file, which count for nothing else. */
  addFile(url: string): void;
  /** An `Http` that sends them along to their origins. */
  applyTo(http: Http): Http;
}

interface User {
  /** Path of the index. */
  readonly path: string;
  /** `name:password@`. */
  readonly userInfo: string;
}

/** Credentials of the index addresses given so far. */
export function createCredentials(): Credentials {
  const byOrigin = new Map<string, User[]>();
  const byFile = new Map<string, string>();
  const authorize = (url: string): string => {
    const own = byFile.get(url);
    if (own !== undefined) return own;
    if (byOrigin.size === 0 || userInfo.test(url) || !URL.canParse(url)) return url;
    const { origin, pathname } = new URL(url);
    const user = nearestUser(byOrigin.get(origin) ?? [], pathname);
    return user === null ? url : url.replace('://', () => `://${user.userInfo}`);
  };
  return {
    add(indexUrl) {
      if (!URL.canParse(indexUrl)) return;
      const { origin, username, password, pathname: path } = new URL(indexUrl);
      if (username === '' && password === '') return;
      const known = byOrigin.get(origin) ?? [];
      if (known.some((user) => user.path === path)) return;
      byOrigin.set(origin, [...known, { path, userInfo: `${username}:${password}@` }]);
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

/** A host may serve an index for each team: the user of the one whose path shares most folders, as in pip. */
function nearestUser(users: readonly User[], path: string): User | null {
  let nearest: User | null = null;
  let most = -1;
  for (const user of users) {
    const shared = sharedFolders(user.path, path);
    if (shared <= most) continue;
    nearest = user;
    most = shared;
  }
  return nearest;
}

function sharedFolders(left: string, right: string): number {
  const others = right.split('/');
  const folders = left.split('/').filter((folder) => folder !== '');
  const differs = folders.findIndex((folder, at) => folder !== others[at + 1]);
  return differs < 0 ? folders.length : differs;
}
