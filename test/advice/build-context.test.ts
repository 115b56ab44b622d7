import { describe, expect, test } from 'vitest';
import { auditImage, findingsOf, release } from '../image/support.ts';
import type { Finding } from '../../src/types.ts';

const universe = [release('flask', '1')];
const megabyte = 'x'.repeat(1_000_000);
const files = {
  'requirements.txt': 'flask\n',
  '.git/objects/pack': megabyte + megabyte,
  'tests/data.json': megabyte,
  'env/pyvenv.cfg': 'x',
  'env/lib/a.py': 'y'.repeat(10),
  'src/app.py': 'import flask\n',
};

async function findings(
  text: string,
  more: Readonly<Record<string, string>> = {},
): Promise<readonly Finding[]> {
  const dockerfile = `FROM python:3.12\n${text}\nRUN pip install -r requirements.txt\n`;
  return findingsOf(await auditImage(dockerfile, { ...files, ...more }, universe), 'build-context');
}

describe('build-context', () => {
  test('weighs what COPY takes in without need, virtual environments by what is in them', async () => {
    const [finding] = await findings('COPY . .');
    expect(finding).toMatchObject({
      code: 'DW130',
      locations: [{ path: 'Dockerfile', line: 2 }],
      savedInstalledBytes: 3_000_011,
    });
    expect(finding?.message).toContain('.git/, tests/ and env/; there is no .dockerignore');
  });

  test('names what is heavy and what no code names, and leaves what something names or a package holds', async () => {
    const heavy = {
      'data/a.csv': megabyte,
      'data/deep/b.csv': megabyte,
      'models/net.pt': megabyte + megabyte,
      'dump.sql': megabyte,
      '1.csv': megabyte,
      '2.csv': megabyte,
      'shop/__init__.py': '',
      'shop/static/film.mp4': megabyte,
      'app.py': 'import flask\nopen("models/" + name)\n',
    };
    const [finding] = await findings('COPY . .', { ...heavy, '.dockerignore': '.git\nenv\n' });
    expect(finding?.parts).toEqual(
      [
        { path: 'data/', bytes: 2_000_000, kept: null },
        { path: 'models/', bytes: 2_000_000, kept: 'app.py:2 names it' },
        { path: '*.csv', bytes: 2_000_000, kept: null },
        { path: 'dump.sql', bytes: 1_000_000, kept: null },
        { path: 'shop/static/', bytes: 1_000_000, kept: 'it lies in a package of the product' },
        { path: 'tests/', bytes: 1_000_000, kept: null },
      ].toSorted((a, b) => b.bytes - a.bytes || (a.path < b.path ? -1 : 1)),
    );
    expect(finding).toMatchObject({ savedInstalledBytes: 6_000_000, confidence: 'possible' });
    expect(finding?.remedy?.snippet).toEqual({
      path: '.dockerignore',
      lines: ['*.csv', 'data', 'dump.sql', 'tests'],
    });
  });

  test.each([
    ['a string of code', { 'src/app.py': 'import flask\nRAW = f"{HERE}/data"\n' }],
    ['a pattern of code', { 'src/app.py': 'import flask\nHERE.glob("*.bin")\n' }],
    ['the name of a file', { 'src/app.py': 'import flask\nopen(HERE / "big.bin")\n' }],
    ['a setting', { 'settings.yaml': 'folder: data\n' }],
    ['a script', { 'start.sh': 'python load.py data/\n' }],
  ])('leaves out nothing that %s names', async (_, more) => {
    const data = { 'data/big.bin': megabyte, '.dockerignore': '.git\ntests\nenv\n' };
    expect(await findings('COPY . .', data)).toMatchObject([{ savedInstalledBytes: 1_000_000 }]);
    expect(await findings('COPY . .', { ...data, ...more })).toEqual([]);
  });

  test('keeps tests that code or the Dockerfile names, whatever settings say', async () => {
    const only = {
      '.dockerignore': '.git\nenv\n',
      'setup.cfg': '[tool:pytest]\ntestpaths = tests\n',
    };
    expect(await findings('COPY . .', only)).toMatchObject([{ savedInstalledBytes: 1_000_000 }]);
    expect(await findings('COPY . .\nRUN python -m pytest tests', only)).toEqual([]);
    const inTests = { ...only, 'conftest.py': 'from tests.data import x\n' };
    expect(await findings('COPY . .', inTests)).toMatchObject([{ savedInstalledBytes: 1_000_000 }]);
    const imported = { ...only, 'src/app.py': 'import flask\nfrom tests.data import x\n' };
    expect(await findings('COPY . .', imported)).toEqual([]);
  });

  test('keeps .git where a build asks it for the version', async () => {
    const [finding] = await findings('COPY . .', {
      'pyproject.toml': '[build-system]\nrequires = ["setuptools", "setuptools_scm"]\n',
    });
    expect(finding?.savedInstalledBytes).toBe(1_000_011);
    expect(finding?.parts).toContainEqual({
      path: '.git/',
      bytes: 2_000_000,
      kept: 'pyproject.toml:2 may ask git',
    });
    expect(finding?.remedy?.snippet?.lines).toEqual(['tests', 'env']);
  });

  test('tells of what is heavy even where all of it is named', async () => {
    const [finding] = await findings('COPY . .', {
      'models/net.pt': megabyte.repeat(10),
      'src/app.py': 'import flask\nopen("models/net.pt")\n',
      '.dockerignore': '.git\ntests\nenv\n',
    });
    expect(finding).toMatchObject({ savedInstalledBytes: null, remedy: null });
    expect(finding?.parts).toMatchObject([{ path: 'models/', bytes: 10_000_000 }]);
  });

  test('writes rules that mean these files and no others', async () => {
    const [finding] = await findings('COPY . .', {
      'a*[1].bin': megabyte,
      '#b.bin2': megabyte,
      'src/__pycache__/a.pyc': 'x'.repeat(600_000),
      'lib/__pycache__/b.pyc': 'x'.repeat(600_000),
    });
    expect(finding?.remedy?.snippet?.lines).toEqual([
      '.git',
      '**/__pycache__',
      '/#b.bin2',
      'a\\*\\[1].bin',
      'tests',
      'env',
    ]);
  });

  test('heeds .dockerignore, and that of the Dockerfile before it', async () => {
    const ignore = { '.dockerignore': '.git\ntests\n!tests/data.json\n' };
    expect(await findings('COPY . .', ignore)).toMatchObject([
      { savedInstalledBytes: 1_000_011, evidence: [{ path: '.dockerignore' }] },
    ]);
    const own = { ...ignore, 'Dockerfile.dockerignore': '**\n!src\n!requirements.txt\n' };
    expect(await findings('COPY . .', own)).toEqual([]);
  });

  test('measures the folders that are named, and nothing that comes from elsewhere', async () => {
    expect(await findings('COPY src requirements.txt ./')).toEqual([]);
    expect(await findings('COPY tests /tests')).toEqual([]);
    expect(await findings('COPY ["./", "/app/"]')).toHaveLength(1);
    expect(await findings('ADD . /app')).toHaveLength(1);
    expect(await findings('COPY --from=x . .')).toEqual([]);
  });

  test('takes the folder of the Dockerfile for the context where what it copies is there', async () => {
    const document = await auditImage(
      'FROM scratch\n',
      {
        'services/api/Dockerfile':
          'FROM python:3.12\nCOPY requirements.txt .\nCOPY . .\nRUN pip install -r requirements.txt\n',
        'services/api/requirements.txt': 'flask\n',
        'services/api/app.py': 'import flask\n',
        'services/api/docs/big.html': megabyte,
        '.git/objects/pack': megabyte,
      },
      universe,
    );
    const all = [document, ...(document.projects ?? [])].flatMap((one) => one.findings);
    const found = all.filter(({ rule }) => rule === 'build-context');
    expect(found[0]?.savedInstalledBytes).toBe(1_000_000);
    expect(found[0]?.message).toContain('services/api/docs/');
  });
});
