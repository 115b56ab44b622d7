import { describe, expect, test } from 'vitest';
import {
  createCredentials,
  decodeComponent,
  withoutCredentials,
} from '../../src/package-index/credentials.ts';
import type { Credentials } from '../../src/package-index/credentials.ts';

/** The address that is asked when `url` is. */
async function asked(credentials: Credentials, url: string): Promise<string | undefined> {
  const seen: string[] = [];
  const http = credentials.applyTo({
    counts: { requests: 0, receivedBytes: 0 },
    close: () => Promise.resolve(),
    get: (address) => {
      seen.push(address);
      return Promise.resolve({ status: 404, headers: {}, body: null, url: address });
    },
  });
  await http.get(url);
  return seen[0];
}

describe('the user of an index', () => {
  test('goes to its origin and to no other', async () => {
    const credentials = createCredentials();
    credentials.add('https://me:pw@index.test/simple/');
    expect(await asked(credentials, 'https://index.test/files/a')).toBe(
      'https://me:pw@index.test/files/a',
    );
    expect(await asked(credentials, 'https://files.test/a')).toBe('https://files.test/a');
  });

  test.each(['a$&b', 'a$$b', "a$'b", 'a$`b', '$1'])(
    'with the password %s reaches it as written',
    async (password) => {
      const credentials = createCredentials();
      credentials.add(`https://me:${password}@index.test/simple/`);
      const url = new URL((await asked(credentials, 'https://index.test/a')) ?? '');
      expect(decodeURIComponent(url.password)).toBe(password);
      expect(url.host).toBe('index.test');
    },
  );
});

describe('of several users of one host', () => {
  test('the one whose index shares most folders with the address is sent', async () => {
    const credentials = createCredentials();
    credentials.add('https://a:1@index.test/teams/7/simple/');
    credentials.add('https://b:2@index.test/teams/8/simple/');
    credentials.add('https://c:3@index.test/teams/8/simple/');
    credentials.add('no address');
    const asks = async (path: string): Promise<string | undefined> =>
      asked(credentials, `https://index.test${path}`);
    expect(await asks('/teams/8/files/x.whl')).toBe('https://b:2@index.test/teams/8/files/x.whl');
    expect(await asks('/teams/7/simple/x/')).toBe('https://a:1@index.test/teams/7/simple/x/');
    expect(await asks('/other')).toBe('https://a:1@index.test/other');
  });
});

describe('the user of a file', () => {
  test('goes to that file alone, before that of its index', async () => {
    const credentials = createCredentials();
    credentials.add('https://me:pw@index.test/simple/');
    credentials.addFile('https://you:other@index.test/a.whl?x=1#sha256=ab');
    credentials.addFile('https://index.test/c.whl');
    expect(await asked(credentials, 'https://index.test/a.whl?x=1')).toBe(
      'https://you:other@index.test/a.whl?x=1',
    );
    expect(await asked(credentials, 'https://index.test/c.whl')).toBe(
      'https://me:pw@index.test/c.whl',
    );
  });
});

test('an address loses user and password and nothing else', () => {
  expect(withoutCredentials('https://me:p%40w@index.test/a@b')).toBe('https://index.test/a@b');
  expect(withoutCredentials('https://index.test/a@b')).toBe('https://index.test/a@b');
});

test('a component is decoded, and stays as it is where it is no encoding', () => {
  expect(['a%40b', '100%', '%zz', '%ff'].map(decodeComponent)).toEqual([
    'a@b',
    '100%',
    '%zz',
    '%ff',
  ]);
});
