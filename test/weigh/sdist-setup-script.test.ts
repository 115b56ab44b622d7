import { describe, expect, it } from 'vitest';

import { normalizeName } from '../../src/pep/name.ts';
import { formatRequirement } from '../../src/pep/requirement.ts';
import { readSdist } from '../../src/weigh/sdist-metadata.ts';
import { asksTheSame, readArchiveScript } from '../../src/weigh/sdist-setup-script.ts';
import { parseRequiresText } from '../../src/weigh/egg-requires.ts';
import { writeTarGz } from '../support/tar-writer.ts';
import { writeZip } from '../support/zip-writer.ts';

const name = normalizeName('mail-sign');

async function shown(
  files: Readonly<Record<string, string>>,
  isZip = false,
): Promise<readonly string[]> {
  const members = Object.entries(files).map(([path, content]) => ({
    name: `mail-sign-1.0/${path}`,
    content,
  }));
  const bytes = isZip ? writeZip(members) : writeTarGz(members);
  async function* chunks(): AsyncGenerator<Uint8Array> {
    yield bytes;
  }
  const filename = `mail-sign-1.0.${isZip ? 'zip' : 'tar.gz'}`;
  const { metadata } = await readSdist({ filename, chunks: chunks() }, name, '1.0');
  if (!metadata.known) return [metadata.reason];
  return [metadata.from, ...metadata.value.requiresDist.map(formatRequirement)];
}

const egg = 'mail_sign.egg-info';
const head = 'from setuptools import setup\n';
const either = `${head}try:
    import DNS
    required = ['Py3DNS']
except ImportError:
    required = ['dnspython>=2']
setup(name='mail-sign', install_requires=required)
`;
const pkgInfo = 'Metadata-Version: 2.1\nName: mail-sign\nVersion: 1.0\n';

describe('setup.py of a source archive', () => {
  it('wins over what the machine of its author gave', async () => {
    const files = {
      'PKG-INFO': pkgInfo,
      'setup.py': either,
      [`${egg}/requires.txt`]: 'Py3DNS\n',
      [`${egg}/SOURCES.txt`]: '',
    };
    expect(await shown(files)).toEqual(['sdist-setup-py', 'dnspython>=2']);
    expect(await shown(files, true)).toEqual(['sdist-setup-py', 'dnspython>=2']);
  });

  it('leaves requires.txt in place where both ask for the same', async () => {
    const script = `${head}setup(install_requires=['B>=1,<2', 'a'], extras_require={'x': ['c'], ':sys_platform=="win32"': ['d']})`;
    const requires = 'a\nB<2,>=1\n\n[:sys_platform == "win32"]\nd\n\n[x]\nc\n';
    expect(await shown({ 'setup.py': script, [`${egg}/requires.txt`]: requires })).toEqual([
      'sdist-requires-txt',
      'a',
      'b<2,>=1',
      'd; sys_platform == "win32"',
      'c; extra == "x"',
    ]);
  });

  it('leaves requires.txt in place where it is computed', async () => {
    for (const body of [
      'setup(install_requires=find())',
      "setup(install_requires=['a'], extras_require=find())",
      'setup(**find())',
      'main()',
      "x = '",
    ])
      expect(await shown({ 'setup.py': head + body, [`${egg}/requires.txt`]: 'b\n' })).toEqual([
        'sdist-requires-txt',
        'b',
      ]);
  });

  it('says what an egg-info folder without requires.txt does not', async () => {
    const files = { [`${egg}/SOURCES.txt`]: 'setup.py\n' };
    expect(await shown({ ...files, 'setup.py': `${head}setup(name='x')` })).toEqual([
      'sdist-no-requires',
    ]);
    expect(await shown({ ...files, 'setup.py': `${head}setup(install_requires=['a'])` })).toEqual([
      'sdist-setup-py',
      'a',
    ]);
  });

  it('is enough alone, without egg-info', async () => {
    expect(
      await shown({
        'setup.py': `${head}setup(install_requires='a\\nb', extras_require={'x:python_version<"4"': ['c; os_name == "nt"']})`,
      }),
    ).toEqual([
      'sdist-setup-py',
      'a',
      'b',
      'c; os_name == "nt" and python_version < "4" and extra == "x"',
    ]);
    expect(await shown({ 'setup.py': `${head}setup(install_requires=find())` })).toEqual([
      'sdist-only',
    ]);
  });

  it('reads the lists that come with it', async () => {
    const script = `${head}setup(install_requires=open('requirements/base.txt').read().splitlines())`;
    expect(await shown({ 'setup.py': script, 'requirements/base.txt': 'a\nb\n' })).toEqual([
      'sdist-setup-py',
      'a',
      'b',
    ]);
    expect(await shown({ 'setup.py': script })).toEqual(['sdist-only']);
    expect(
      await shown({ 'setup.py': script, 'requirements/base.txt': `a\n${'#'.repeat(300 * 1024)}` }),
    ).toEqual(['sdist-only']);
  });

  it('is completed by setup.cfg, which it overrides', async () => {
    const configuration =
      '[options]\ninstall_requires =\n  from-cfg\n[options.extras_require]\nx =\n  extra-cfg\n';
    const files = { 'setup.cfg': configuration };
    expect(await shown({ ...files, 'setup.py': `${head}setup()` })).toEqual([
      'sdist-setup-py',
      'from-cfg',
      'extra-cfg; extra == "x"',
    ]);
    expect(await shown({ ...files, 'setup.py': `${head}setup(install_requires=['a'])` })).toEqual([
      'sdist-setup-py',
      'a',
      'extra-cfg; extra == "x"',
    ]);
    expect(
      await shown({
        ...files,
        'setup.py': `${head}setup(install_requires=['a'], extras_require={'y': 'b'})`,
      }),
    ).toEqual(['sdist-setup-py', 'a', 'b; extra == "y"']);
    expect(
      await shown({
        'setup.cfg': configuration.replace('from-cfg', 'file: x.txt'),
        'setup.py': `${head}setup()`,
      }),
    ).toEqual(['sdist-only']);
  });

  it('makes markers of what the target decides', async () => {
    const script = `${head}import sys\nrequired = ['a']\nif sys.version_info < (3, 9) or sys.platform == 'win32':\n  required.append('b; os_name == "nt"')\nsetup(install_requires=required)`;
    const [from, first, second = ''] = await shown({ 'setup.py': script });
    expect([from, first]).toEqual(['sdist-setup-py', 'a']);
    expect(second).toMatch(/^b; os_name == "nt" and \(.*python_version < "3\.9".* or .*\)$/);
  });

  it('is not asked where something else builds the archive, or the table of the project holds', async () => {
    const script = `${head}setup(install_requires=['a'])`;
    const requires = { [`${egg}/requires.txt`]: 'b\n' };
    const other =
      '[build-system]\nrequires = ["scikit-build-core"]\nbuild-backend = "scikit_build_core.build"\n';
    expect(await shown({ ...requires, 'setup.py': script, 'pyproject.toml': other })).toEqual([
      'sdist-requires-txt',
      'b',
    ]);
    const dynamic = '[project]\nname = "mail-sign"\ndynamic = ["dependencies", "version"]\n';
    expect(await shown({ ...requires, 'setup.py': script, 'pyproject.toml': dynamic })).toEqual([
      'sdist-requires-txt',
      'b',
    ]);
    expect(
      await shown({ ...requires, 'setup.py': script, 'pyproject.toml': 'not = [toml' }),
    ).toEqual(['sdist-requires-txt', 'b']);
    const setuptools =
      '[build-system]\nrequires = ["setuptools>=40", "wheel"]\nbuild-backend = "setuptools.build_meta"\n';
    expect(await shown({ ...requires, 'setup.py': script, 'pyproject.toml': setuptools })).toEqual([
      'sdist-setup-py',
      'a',
    ]);
  });

  it('is not believed beside a plugin that reads requirements elsewhere', async () => {
    const requires = { [`${egg}/requires.txt`]: 'b\n' };
    for (const keywords of [
      "setup_requires=['pbr'], pbr=True",
      "setup_requires=['setupmeta']",
      "setup_requires=['who-knows']",
    ])
      expect(await shown({ ...requires, 'setup.py': `${head}setup(${keywords})` })).toEqual([
        'sdist-requires-txt',
        'b',
      ]);
    expect(
      await shown({
        ...requires,
        'setup.py': `${head}setup(setup_requires=['who-knows'], install_requires=['a'])`,
      }),
    ).toEqual(['sdist-setup-py', 'a']);
    expect(
      await shown({ ...requires, 'setup.py': `${head}setup(setup_requires=['pytest-runner'])` }),
    ).toEqual(['sdist-setup-py']);
  });

  it('imports what the build requires, and nothing of the archive for sure', async () => {
    const build = '[build-system]\nrequires = ["setuptools", "DNS"]\n';
    expect(await shown({ 'setup.py': either, 'pyproject.toml': build })).toEqual([
      'sdist-setup-py',
      'py3dns',
    ]);
    expect(await shown({ 'setup.py': either, 'DNS/__init__.py': '' })).toEqual(['sdist-only']);
  });

  it('gives its Python where PKG-INFO does not', () => {
    const texts = new Map([['setup.py', `${head}setup(python_requires='>=3.9')`]]);
    expect(
      readArchiveScript({ texts, paths: new Set(texts.keys()), buildRequires: [] }),
    ).toMatchObject({
      requiresPython: '>=3.9',
      requiresDist: [],
    });
    expect(readArchiveScript({ texts: new Map(), paths: new Set(), buildRequires: [] })).toBeNull();
  });
});

describe('two readings', () => {
  it('are the same but for order, writing and doubles', () => {
    const same = (first: string, second: string): boolean =>
      asksTheSame(parseRequiresText(first), parseRequiresText(second));
    expect(same('a\nB_c>=1,<2\n', 'b-C<2,>=1\na\na\n')).toBe(true);
    expect(same('a', 'a\nb')).toBe(false);
    expect(same('a>1', 'a>=1')).toBe(false);
    expect(same('[x]\na', 'a')).toBe(false);
  });
});
