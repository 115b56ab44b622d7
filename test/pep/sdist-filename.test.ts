import { describe, expect, test } from 'vitest';
import { normalizeName } from '../../src/pep/name.ts';
import { isStandardSdistExtension, parseSdistFilename } from '../../src/pep/sdist-filename.ts';
import { readVectors } from './vectors.ts';

interface Row {
  readonly in: string;
  readonly valid: boolean;
  readonly name: string;
  readonly version: string;
}
const { sdist_filenames } = readVectors<{ readonly sdist_filenames: readonly Row[] }>(
  'requirements',
);

function parse(filename: string, name: string): string | null {
  const parsed = parseSdistFilename(filename, normalizeName(name));
  return parsed === null ? null : `${parsed.version} ${parsed.extension}`;
}

describe('parseSdistFilename', () => {
  test.each(sdist_filenames.filter((row) => row.valid))('$in is read as in packaging', (row) => {
    expect(parseSdistFilename(row.in, normalizeName(row.name))?.version).toBe(row.version);
  });

  test.each(sdist_filenames.filter((row) => !row.valid))('$in is no standard sdist', (row) => {
    const parsed = parseSdistFilename(row.in, normalizeName('foo'));
    expect(parsed !== null && isStandardSdistExtension(parsed.extension)).toBe(false);
  });

  test.each([
    ['foo-1.0-1.tar.gz', 'foo', '1.0.post1 tar.gz'],
    ['foo-1-2.tar.gz', 'foo-1', '2 tar.gz'],
    ['Foo.Bar-1.0.tar.gz', 'foo-bar', '1.0 tar.gz'],
    ['foo__bar-1.0.zip', 'foo-bar', '1.0 zip'],
    ['python-foo-1.0rc1.tar.bz2', 'python-foo', '1.0rc1 tar.bz2'],
    ['foo-1.0.tgz', 'foo', '1.0 tgz'],
    ['foo-1.0.tar.zst', 'foo', '1.0 tar.zst'],
    ['foo-1.0.tar', 'foo', '1.0 tar'],
  ])('%s of %s is %s', (filename, name, expected) => {
    expect(parse(filename, name)).toBe(expected);
  });

  test.each([
    ['foo-1.0.tar.gz', 'bar'],
    ['foo-bar-1.0.tar.gz', 'foo'],
    ['foo-1.0.linux-x86_64.tar.gz', 'foo'],
    ['foo-1.0.exe', 'foo'],
    ['foo-1.0-py3.11.egg', 'foo'],
    ['foo.tar.gz', 'foo'],
    ['foo-.tar.gz', 'foo'],
    ['foo-1.0.gz', 'foo'],
    [`foo-${'1-'.repeat(600)}1.tar.gz`, 'foo'],
  ])('%s is no sdist of %s', (filename, name) => {
    expect(parse(filename, name)).toBeNull();
  });
});
