import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { normalizeName } from '../../src/pep/name.ts';
import { findSdistModules } from '../../src/weigh/sdist-modules.ts';
import { writeTar, writeTarGz } from '../support/tar-writer.ts';
import { writeZip } from '../support/zip-writer.ts';

const name = normalizeName('pretty-thing');

/** The modules of an archive with these files below its top folder. */
function modulesOf(files: Readonly<Record<string, string>>): Promise<readonly string[] | null> {
  return findSdistModules('pretty-thing-1.0.tar.gz', archive(files), name);
}

function archive(files: Readonly<Record<string, string>>): Uint8Array {
  return writeTarGz(membersOf(files));
}

function membersOf(
  files: Readonly<Record<string, string>>,
): readonly { readonly name: string; readonly content: string }[] {
  return Object.entries(files).map(([path, content]) => ({
    name: `pretty-thing-1.0/${path}`,
    content,
  }));
}

describe('top_level.txt', () => {
  test('names the modules, extension modules without a file included', async () => {
    const files = {
      'pretty_thing.egg-info/top_level.txt': '_speedups\npretty\n\n',
      'pretty/__init__.py': '',
      'setup.py': '',
      'tests/__init__.py': '',
    };
    expect(await modulesOf(files)).toEqual(['_speedups', 'pretty']);
  });

  test('counts in the src layout, and is that of the distribution itself', async () => {
    const files = {
      'src/pretty_thing.egg-info/top_level.txt': 'pretty\r\n',
      'src/pretty/__init__.py': '',
      'vendor/other.egg-info/top_level.txt': 'other\n',
    };
    expect(await modulesOf(files)).toEqual(['pretty']);
    const foreign = { 'vendor/other.egg-info/top_level.txt': 'other\n' };
    expect(await modulesOf(foreign)).toBeNull();
  });

  test('that names a namespace is narrowed to what lies in it', async () => {
    const files = {
      'pretty_thing.egg-info/top_level.txt': 'google\n',
      'google/__init__.py': '',
      'google/cloud/__init__.py': '',
      'google/cloud/pretty/__init__.py': '',
      'google/cloud/pretty/client.py': '',
    };
    expect(await modulesOf(files)).toEqual(['google.cloud.pretty']);
  });

  test('with what is no module name is left out', async () => {
    const files = { 'pretty_thing.egg-info/top_level.txt': '../x\n-e .\npretty\n' };
    expect(await modulesOf(files)).toEqual(['pretty']);
  });
});

describe('folders', () => {
  test('of packages and single files count where nothing states them', async () => {
    const files = {
      'PKG-INFO': '',
      'pyproject.toml': '',
      'setup.py': '',
      'conftest.py': '',
      'pretty/__init__.py': '',
      'pretty/sub/x.py': '',
      'prettier.py': '',
      'docs/conf.py': '',
      'tests/__init__.py': '',
      'examples/demo.py': '',
    };
    expect(await modulesOf(files)).toEqual(['prettier', 'pretty']);
  });

  test('below src hide what stands beside them', async () => {
    const files = { 'src/pretty/__init__.py': '', 'tools_of_ours/__init__.py': '', 'run.py': '' };
    expect(await modulesOf(files)).toEqual(['pretty']);
  });

  test('without a package tell nothing', async () => {
    expect(await modulesOf({ 'setup.py': '', 'README.md': '', 'docs/conf.py': '' })).toBeNull();
    expect(await modulesOf({})).toBeNull();
  });
});

describe('archives', () => {
  const files = { 'pretty/__init__.py': '' };

  test('are read packed as zip, tgz and tar', async () => {
    const zip = writeZip(
      membersOf({ ...files, 'pretty_thing.egg-info/top_level.txt': 'other\n' }).map((member) => ({
        ...member,
      })),
    );
    expect(await findSdistModules('pretty-thing-1.0.ZIP', zip, name)).toEqual(['other']);
    expect(await findSdistModules('x.tgz', archive(files), name)).toEqual(['pretty']);
    expect(await findSdistModules('x.tar', writeTar(membersOf(files)), name)).toEqual(['pretty']);
  });

  test('that are broken, cut off or of another kind tell nothing', async () => {
    const whole = archive(files);
    expect(await findSdistModules('x.tar.gz', Buffer.from('no gzip'), name)).toBeNull();
    expect(await findSdistModules('x.tar.gz', whole.subarray(0, 40), name)).toBeNull();
    expect(await findSdistModules('x.zip', Buffer.from('no zip at all'), name)).toBeNull();
    expect(await findSdistModules('x.tar.bz2', whole, name)).toBeNull();
  });

  test('that unpack to far more than they are tell nothing', async () => {
    const bomb = gzipSync(Buffer.alloc(80 * 1024 * 1024));
    expect(bomb.length).toBeLessThan(200_000);
    expect(await findSdistModules('x.tar.gz', bomb, name)).toBeNull();
  });
});
