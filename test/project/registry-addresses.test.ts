import { PackageURL, UrlConverter } from '@socketregistry/packageurl-js';
import { describe, expect, test } from 'vitest';
import { defaultIndexUrl, jsonApiUrl } from '../../src/package-index/default-index.ts';
import { listFiles, readProjectFile } from './support.ts';

/** Host of the registry that the package URL specification names for a type. */
function hostOf(type: string): string {
  const url = UrlConverter.toDownloadUrl(PackageURL.fromString(`pkg:${type}/depweight@0`))?.url;
  if (url === undefined) throw new Error(`no address for ${type}`);
  return new URL(url).host;
}

describe('the default index', () => {
  test('is the simple API of a site with https', async () => {
    const url = new URL(defaultIndexUrl());
    expect(url.protocol).toBe('https:');
    expect(url.pathname).toBe('/simple/');
    expect(url.host).toMatch(/^[a-z]+\.[a-z]+$/);
    expect(`${url.search}${url.hash}${url.username}`).toBe('');
  });

  test('has its JSON API beside it', async () => {
    const url = defaultIndexUrl();
    expect(jsonApiUrl(url, 'numpy')).toBe(`${new URL(url).origin}/pypi/numpy/json`);
  });
});

describe('addresses of registries', () => {
  test.each(['pypi', 'npm'])('that of %s is in no file of the project', (type) => {
    const host = hostOf(type);
    const naming = listFiles('').filter((path) => readProjectFile(path).includes(host));
    expect(naming).toEqual([]);
  });

  test('the lock file names no registry', () => {
    expect(readProjectFile('package-lock.json')).not.toContain('"resolved"');
  });
});
