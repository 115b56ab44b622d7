/**
 * The address of the default index. It is written nowhere in this project: the definition of the `pypi` type of the
 * package URL specification names it, and a library keeps that. Loaded only when a page has to be fetched.
 */
import { createRequire } from 'node:module';
import type * as PackageUrlLibrary from '@socketregistry/packageurl-js';

/** Stands for the default index where a file names PyPI by its name: no URL has this form. */
export const defaultIndexMark = 'pypi:';

/** The simple API of the default index, with a slash at the end. */
export function defaultIndexUrl(): string {
  const { PackageURL, UrlConverter } = loadLibrary();
  // The converter asks for a name and a version; the address of a project page holds the name alone.
  const url = UrlConverter.toDownloadUrl(PackageURL.fromString('pkg:pypi/depweight@0'))?.url;
  const end = 'depweight/';
  if (url === undefined || !url.endsWith(`/simple/${end}`)) {
    throw new Error('The package URL library no longer gives the simple API of the pypi type');
  }
  return url.slice(0, -end.length);
}

/** By `require`: `import()` looks through the 190 kB of a CommonJS module for names first, 40 ms more. */
function loadLibrary(): typeof PackageUrlLibrary {
  return createRequire(import.meta.url)('@socketregistry/packageurl-js');
}

/** The project page of PyPI's JSON API beside a simple API, null where the address has another shape. */
export function jsonApiUrl(simpleUrl: string, name: string): string | null {
  const match = /^(.*)\/simple\/?$/.exec(simpleUrl);
  return match?.[1] === undefined ? null : `${match[1]}/pypi/${name}/json`;
}
