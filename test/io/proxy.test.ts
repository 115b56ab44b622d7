import { expect, test } from 'vitest';
import { createProxyChoice } from '../../src/io/proxy.ts';

const https = 'https://index.test/simple/';
const http = 'http://index.test:8080/simple/';

test.each([
  [{}, https, null],
  [{ HTTPS_PROXY: 'http://p.test:1' }, https, 'http://p.test:1'],
  [{ HTTPS_PROXY: 'http://p.test:1' }, http, null],
  [{ http_proxy: 'p.test:2' }, http, 'http://p.test:2'],
  [{ ALL_PROXY: 'http://all.test:3' }, http, 'http://all.test:3'],
  [{ ALL_PROXY: 'http://all.test:3', https_proxy: 'http://p.test:1' }, https, 'http://p.test:1'],
  [
    { https_proxy: 'http://lower.test:1', HTTPS_PROXY: 'http://upper.test:1' },
    https,
    'http://lower.test:1',
  ],
  [{ HTTPS_PROXY: 'http://p.test:1', NO_PROXY: '*' }, https, null],
  [{ HTTPS_PROXY: 'http://p.test:1', NO_PROXY: 'other.test, index.test' }, https, null],
  [{ HTTPS_PROXY: 'http://p.test:1', no_proxy: '.test' }, https, null],
  [{ HTTPS_PROXY: 'http://p.test:1', no_proxy: '*.test' }, https, null],
  [{ HTTPS_PROXY: 'http://p.test:1', no_proxy: 'ndex.test' }, https, 'http://p.test:1'],
  [{ HTTP_PROXY: 'http://p.test:1', no_proxy: 'index.test:8080' }, http, null],
  [{ HTTP_PROXY: 'http://p.test:1', no_proxy: 'index.test:9090' }, http, 'http://p.test:1'],
])('%j for %s is %s', (variables, url, expected) => {
  expect(createProxyChoice(variables)(url)).toBe(expected);
});
