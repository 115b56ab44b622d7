import { describe, expect, it } from 'vitest';

import { normalizeName } from '../../src/pep/name.ts';
import { formatRequirement } from '../../src/pep/requirement.ts';
import type { Known, CoreMetadata } from '../../src/types.ts';
import {
  readSdist,
  readSdistMetadata,
  sdistInflatedLimit,
} from '../../src/weigh/sdist-metadata.ts';
import type { SdistFacts } from '../../src/weigh/sdist-metadata.ts';
import { writeTar, writeTarGz } from '../support/tar-writer.ts';
import { writeZip } from '../support/zip-writer.ts';

const name = normalizeName('pdf-forge');

interface Source {
  readonly chunks: AsyncIterable<Uint8Array>;
  fed: number;
}

function sourceOf(bytes: Uint8Array, size = 4096): Source {
  async function* feed(): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < bytes.length; at += size) {
      const chunk = bytes.subarray(at, at + size);
      source.fed += chunk.length;
      yield chunk;
    }
  }
  const source: Source = { fed: 0, chunks: feed() };
  return source;
}

type Files = Readonly<Record<string, string>>;

function members(files: Files): readonly { readonly name: string; readonly content: string }[] {
  return Object.entries(files).map(([path, content]) => ({
    name: `pdf_forge-1.0/${path}`,
    content,
  }));
}

async function read(files: Files, filename = 'pdf_forge-1.0.tar.gz'): Promise<SdistFacts> {
  const bytes = filename.endsWith('.zip')
    ? writeZip(members(files))
    : filename.endsWith('.tar')
      ? writeTar(members(files))
      : writeTarGz(members(files));
  return readSdist({ filename, chunks: sourceOf(bytes).chunks }, name, '1.0');
}

function shown(metadata: Known<CoreMetadata>): readonly string[] {
  if (!metadata.known) throw new Error(`${metadata.reason}: ${metadata.detail}`);
  return [metadata.from, ...metadata.value.requiresDist.map(formatRequirement)];
}

function pkgInfo(version: string, ...lines: readonly string[]): string {
  return `${[`Metadata-Version: ${version}`, 'Name: PDF.Forge', 'Version: 1.0', ...lines].join('\n')}\n\nText\n`;
}

const project = '[project]\nname = "pdf-forge"\nversion = "1.0"\nrequires-python = ">=3.9"\n';
const setuptools =
  '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n';
const poetry =
  '[build-system]\nrequires = ["poetry-core"]\nbuild-backend = "poetry.core.masonry.api"\n';
const egg = 'pdf_forge.egg-info';

describe('static metadata of a source archive, best source first', () => {
  it('takes PKG-INFO 2.2 or later', async () => {
    const { metadata } = await read({
      'PKG-INFO': pkgInfo(
        '2.4',
        'Requires-Python: >=3.9',
        'Requires-Dist: a>=1',
        'Provides-Extra: x',
        'Requires-Dist: b; extra == "x"',
      ),
    });
    expect(shown(metadata)).toEqual(['sdist-pkg-info', 'a>=1', 'b; extra == "x"']);
    expect(metadata).toMatchObject({
      value: { name: 'pdf-forge', version: '1.0', requiresPython: '>=3.9', providesExtras: ['x'] },
    });
  });

  it('believes PKG-INFO 2.2 that states no dependencies', async () => {
    const { metadata } = await read({ 'PKG-INFO': pkgInfo('2.2'), [`${egg}/requires.txt`]: 'a' });
    expect(shown(metadata)).toEqual(['sdist-pkg-info']);
  });

  it('passes over PKG-INFO where the field is dynamic, in any case', async () => {
    const { metadata } = await read({
      'PKG-INFO': pkgInfo('2.2', 'Dynamic: requires-dist', 'Requires-Dist: a'),
      [`${egg}/requires.txt`]: 'b',
    });
    expect(shown(metadata)).toEqual(['sdist-requires-txt', 'b']);
  });

  it('takes the [project] table', async () => {
    const { metadata } = await read({
      'PKG-INFO': pkgInfo('2.1'),
      'pyproject.toml': `${project}dependencies = ["a>=1"]\n[project.optional-dependencies]\nDocs = ["b; os_name == 'nt'"]\n`,
    });
    expect(shown(metadata)).toEqual([
      'sdist-pyproject',
      'a>=1',
      'b; os_name == "nt" and extra == "docs"',
    ]);
    expect(metadata).toMatchObject({
      value: { requiresPython: '>=3.9', providesExtras: ['docs'], version: '1.0' },
    });
  });

  it.each([
    'dynamic = ["dependencies"]',
    'dynamic = ["optional-dependencies"]',
    'dependencies = "a"',
    'dependencies = [1]',
  ])('passes over a [project] table with %s', async (line) => {
    const { metadata } = await read({
      'pyproject.toml': `${setuptools}${project}${line}\n`,
      [`${egg}/requires.txt`]: 'from-egg',
    });
    expect(shown(metadata)).toEqual(['sdist-requires-txt', 'from-egg']);
  });

  it('takes an older PKG-INFO of poetry or flit, never of setuptools', async () => {
    const old = pkgInfo('2.1', 'Requires-Dist: a');
    expect(shown((await read({ 'PKG-INFO': old, 'pyproject.toml': poetry })).metadata)).toEqual([
      'sdist-pkg-info',
      'a',
    ]);
    expect(shown((await read({ 'pyproject.toml': poetry, 'PKG-INFO': old })).metadata)).toEqual([
      'sdist-pkg-info',
      'a',
    ]);
    expect((await read({ 'PKG-INFO': old, 'pyproject.toml': setuptools })).metadata.known).toBe(
      false,
    );
    expect((await read({ 'PKG-INFO': old, 'setup.py': '' })).metadata.known).toBe(false);
  });

  it('takes requires.txt, with the Python versions of PKG-INFO', async () => {
    const { metadata, modules, hasSetupScript } = await read({
      'setup.py': 'raise SystemExit("never run")',
      'PKG-INFO': pkgInfo('1.2', 'Requires-Python: >=3.6'),
      [`src/${egg}/requires.txt`]: 'a\n[x]\nb\n',
      [`src/${egg}/top_level.txt`]: 'pdf_forge\n\n_forge\n',
    });
    expect(shown(metadata)).toEqual(['sdist-requires-txt', 'a', 'b; extra == "x"']);
    expect(metadata).toMatchObject({ value: { requiresPython: '>=3.6' } });
    expect(modules).toEqual(['pdf_forge', '_forge']);
    expect(hasSetupScript).toBe(true);
  });

  it('takes the egg-info of the distribution itself over others', async () => {
    const { metadata } = await read({
      'aaa.egg-info/requires.txt': 'wrong',
      'vendor/pdf_forge.egg-info/requires.txt': 'deeper',
      [`${egg}/requires.txt`]: 'right',
    });
    expect(shown(metadata)).toEqual(['sdist-requires-txt', 'right']);
  });

  it('takes the only egg-info whatever its name, and none of several strangers', async () => {
    const one = await read({ 'old_name.egg-info/requires.txt': 'a' });
    expect(shown(one.metadata)).toEqual(['sdist-requires-txt', 'a']);
    const two = await read({
      'old_name.egg-info/requires.txt': 'a',
      'tests.egg-info/requires.txt': 'b',
    });
    expect(two.metadata.known).toBe(false);
  });

  it('concludes from an egg-info without requires.txt that there are no dependencies', async () => {
    const { metadata } = await read({ [`${egg}/SOURCES.txt`]: 'setup.py' });
    expect(shown(metadata)).toEqual(['sdist-no-requires']);
    expect((await read({ [`${egg}/top_level.txt`]: 'x' })).metadata.known).toBe(false);
  });

  it('estimates from setup.cfg where there is nothing better', async () => {
    const { metadata } = await read({
      'setup.cfg': '[options]\ninstall_requires = a\npython_requires = >=3.7\n',
      'setup.py': '',
    });
    expect(shown(metadata)).toEqual(['estimate', 'a']);
    expect(metadata).toMatchObject({ value: { requiresPython: '>=3.7' } });
    expect((await read({ 'setup.cfg': '[options]\nzip_safe = 1\n' })).metadata.known).toBe(false);
  });

  it('is unknown, with a sentence, where nothing is stated', async () => {
    const { metadata, modules, hasSetupScript } = await read({
      'setup.py': 'setup()',
      'PKG-INFO': pkgInfo('1.1'),
    });
    expect(metadata).toEqual({
      known: false,
      reason: 'sdist-only',
      detail: 'pdf_forge-1.0.tar.gz states no dependencies without being built',
    });
    expect(modules).toBeNull();
    expect(hasSetupScript).toBe(true);
  });

  it('reads only files of the top folder', async () => {
    const { metadata } = await read({
      'tests/data/PKG-INFO': pkgInfo('2.2', 'Requires-Dist: wrong'),
      'tests/pyproject.toml': project,
    });
    expect(metadata.known).toBe(false);
  });

  it('goes on to the next source where PKG-INFO or pyproject.toml is broken', async () => {
    const { metadata } = await read({
      'PKG-INFO': 'Metadata-Version: 2.2\n\n',
      'pyproject.toml': '[project\nname = ',
      [`${egg}/requires.txt`]: 'a',
    });
    expect(shown(metadata)).toEqual(['sdist-requires-txt', 'a']);
  });

  it('refuses the PKG-INFO of another distribution', async () => {
    const { metadata } = await read({
      'PKG-INFO': 'Metadata-Version: 2.2\nName: other\nVersion: 1\n',
    });
    expect(metadata).toMatchObject({
      known: false,
      reason: 'broken-metadata',
      detail: expect.stringContaining('other'),
    });
  });
});

describe('archives', () => {
  const files = { 'PKG-INFO': pkgInfo('2.2', 'Requires-Dist: a') };

  it.each([
    'pdf_forge-1.0.tar.gz',
    'pdf_forge-1.0.tgz',
    'pdf_forge-1.0.tar',
    'pdf_forge-1.0.zip',
    'PDF.ZIP'.toLowerCase(),
  ])('are read as %s', async (filename) => {
    expect(shown((await read(files, filename)).metadata)).toEqual(['sdist-pkg-info', 'a']);
  });

  it.each(['x-1.tar.bz2', 'x-1.tar.xz', 'x-1.egg'])(
    'of other kinds (%s) are unknown, and their bytes are not asked for',
    async (filename) => {
      const source = sourceOf(Buffer.from('x'));
      const metadata = await readSdistMetadata({ filename, chunks: source.chunks }, name, '1.0');
      expect(metadata).toMatchObject({
        known: false,
        reason: 'sdist-only',
        detail: expect.stringContaining(filename),
      });
      expect(source.fed).toBe(0);
    },
  );

  it('are read no further than needed', async () => {
    const noise = Array.from({ length: 200 }, (_, index) => ({
      name: `pdf_forge-1.0/z${index}`,
      content: Buffer.from(
        Array.from({ length: 5000 }, (_value, at) => (at * 7919 * (index + 1)) % 251),
      ),
    }));
    const bytes = writeTarGz([...members(files), ...noise]);
    const source = sourceOf(bytes, 1024);
    const metadata = await readSdistMetadata(
      { filename: 'a-1.tar.gz', chunks: source.chunks },
      name,
      '1.0',
    );
    expect(metadata.known).toBe(true);
    expect(source.fed).toBeLessThan(bytes.length / 2);
  });

  it.each<readonly [string, string, Uint8Array]>([
    ['no gzip', 'a.tar.gz', Buffer.from('<html>')],
    [
      'a cut-off gzip',
      'a.tar.gz',
      writeTarGz(members({ 'x.py': 'x'.repeat(9999), 'setup.py': '' })).subarray(0, 60),
    ],
    ['no tar', 'a.tar', Buffer.alloc(2000, 65)],
    ['no zip', 'a.zip', Buffer.alloc(2000, 65)],
    [
      'a zip with a broken member',
      'a.zip',
      writeZip([{ name: 'a-1/PKG-INFO', content: 'abc', claims: { crc: 5 } }]),
    ],
  ])('that are broken (%s) are unknown', async (_what, filename, bytes) => {
    const metadata = await readSdistMetadata(
      { filename, chunks: sourceOf(bytes).chunks },
      name,
      '1.0',
    );
    expect(metadata).toMatchObject({
      known: false,
      reason: 'broken-metadata',
      detail: expect.stringContaining(`${filename} cannot be read`),
    });
  });

  it('that inflate beyond the limit are unknown, and are not read on', async () => {
    const big = { name: 'pdf_forge-1.0/a.bin', content: Buffer.alloc(sdistInflatedLimit + 1) };
    const bytes = writeTarGz([big, ...members(files)]);
    const metadata = await readSdistMetadata(
      { filename: 'a.tar.gz', chunks: sourceOf(bytes).chunks },
      name,
      '1.0',
    );
    expect(metadata).toMatchObject({
      known: false,
      reason: 'sdist-only',
      detail: expect.stringContaining('64 MiB'),
    });
  });

  it('whose source fails pass the failure on', async () => {
    async function* failing(): AsyncGenerator<Uint8Array> {
      yield writeTarGz(members({ 'x.py': 'x' })).subarray(0, 20);
      throw new Error('connection reset');
    }
    await expect(
      readSdistMetadata({ filename: 'a.tar.gz', chunks: failing() }, name, '1.0'),
    ).rejects.toThrow('connection reset');
    await expect(
      readSdistMetadata({ filename: 'a.tar', chunks: failing() }, name, '1.0'),
    ).rejects.toThrow();
  });
});
