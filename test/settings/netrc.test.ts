import { describe, expect, test } from 'vitest';
import { authorizationFrom, parseNetrc } from '../../src/settings/netrc.ts';

const basic = (text: string): string => `Basic ${Buffer.from(text).toString('base64')}`;

describe('parseNetrc', () => {
  test('reads entries on one line or on several', () => {
    const text =
      'machine index.test login ada password s3cret\nmachine files.test\n  login bob\n  password p\n';
    expect(parseNetrc(text)).toEqual([
      { machine: 'index.test', login: 'ada', password: 's3cret' },
      { machine: 'files.test', login: 'bob', password: 'p' },
    ]);
  });

  test('skips comments and macros, but not a password that starts with #', () => {
    const text =
      '# mine\nmacdef init\nmachine no.test login x password y\n\nmachine index.test login a password #p # end\n';
    expect(parseNetrc(text)).toEqual([{ machine: 'index.test', login: 'a', password: '#p' }]);
  });

  test('takes quotes off, and survives a file that ends early', () => {
    expect(parseNetrc('machine index.test login "a b" password')).toEqual([
      { machine: 'index.test', login: 'a b', password: '' },
    ]);
  });
});

describe('authorizationFrom', () => {
  const entries = parseNetrc(
    'machine index.test login ada password s3cret\ndefault login any password body\n',
  );

  test('gives the entry of the host, whatever its port and case', () => {
    expect(authorizationFrom(entries, 'https://INDEX.test:8443/simple/')).toBe(basic('ada:s3cret'));
  });

  test('falls back to default', () => {
    expect(authorizationFrom(entries, 'https://other.test/')).toBe(basic('any:body'));
  });

  test('gives nothing to a host that only looks alike', () => {
    expect(
      authorizationFrom(
        parseNetrc('machine index.test login a password b'),
        'https://evil-index.test/',
      ),
    ).toBeNull();
  });
});
