import { describe, expect, test } from 'vitest';
import { idleCiInstall } from '../../src/advice/idle-ci-install.ts';
import type { AuditDocument } from '../../src/types.ts';
import { auditFiles, serveFor } from '../support/audit-files.ts';
import { jobOf } from './ci-fixtures.ts';
import { contextOf } from './support.ts';

const releases = { torch: { size: 900 }, web: {} };

describe('idle-ci-install (DW133)', () => {
  test('names the job, what it runs, and what each run downloads', () => {
    const ciJobs = [
      jobOf(),
      jobOf({
        name: 'lint',
        line: 30,
        linters: ['black', 'ruff'],
        weight: { target: null, installedBytes: 900, downloadBytes: 450 },
      }),
    ];
    expect(idleCiInstall.evaluate(contextOf(['torch'], releases, { ciJobs }))).toMatchObject([
      {
        locations: [{ line: 30 }],
        message:
          'the job lint installs all that the product needs, with every run, and runs black, ruff alone, which read the source without it',
        savedInstalledBytes: 900,
        remedy: { text: expect.stringContaining('pip install black ruff') },
      },
    ]);
  });

  test('of unknown sizes it is silent, and so where nothing but linters is not sure', () => {
    const context = contextOf(['torch'], { torch: { size: 'sdist-only' } }, { ciJobs: [jobOf()] });
    expect(idleCiInstall.evaluate(context)).toEqual([]);
  });
});

const jobWith = (...steps: readonly string[]): string =>
  `jobs:\n  lint:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/checkout@v5\n${steps.map((step) => `      - ${step}\n`).join('')}`;

describe('a job', () => {
  test.each([
    [['run: pip install -r requirements.txt ruff', 'run: python -m ruff check . || exit 1'], true],
    [['run: uv pip install -r requirements.txt', 'run: uv run --no-sync flake8'], true],
    [['run: pip install -r requirements.txt', 'uses: psf/black@stable'], false],
    [['run: pip install -r requirements.txt', 'run: ruff check', 'run: pytest'], false],
    [['run: pip install -r requirements.txt', 'run: ruff check && make test'], false],
    [['run: pip install -r requirements.txt', 'run: mypy .'], false],
    [['run: pip install -r requirements.txt', 'run: ruff check', 'uses: some/action@v1'], false],
    [['run: pip install -r requirements.txt', 'run: pip check', 'run: ruff check'], false],
    [['run: uv pip install -r requirements.txt', 'run: uv build', 'run: ruff check'], false],
    [['run: pip3 install -r requirements.txt', 'run: pip3 -V && ruff check'], true],
    [['run: poetry config x y && pip install -r requirements.txt', 'run: poetry run ruff .'], true],
    [
      [
        'run: pip install -r requirements.txt',
        'run: ruff check',
        '{shell: python, run: import web}',
      ],
      false,
    ],
    [['run: pip install ruff', 'run: ruff check'], false],
    [['run: pip install -r docs/requirements.txt', 'run: ruff check'], false],
  ])('with %j: %s', async (steps, isIdle) => {
    const server = await serveFor([{ name: 'web', version: '1.0' }]);
    const { findings } = await auditFiles(
      {
        'requirements.txt': 'web\n',
        'docs/requirements.txt': 'web\n',
        'app.py': 'import web\n',
        '.github/workflows/ci.yml': jobWith(...steps),
      },
      server,
    );
    expect(findings.some(({ rule }) => rule === 'idle-ci-install')).toBe(isIdle);
  });
});

test('a job with a matrix, and one whose workflow another one calls, are told once, where they install', async () => {
  const server = await serveFor([{ name: 'web', version: '1.0' }]);
  const lint = (condition: string): string => `jobs:
  lint:
    strategy: {matrix: {os: [ubuntu-latest, windows-latest]}}
    runs-on: \${{ matrix.os }}
    steps:
      - run: pip install -r requirements.txt
      - run: ruff check
      - {run: pytest, if: ${condition}}
`;
  const find = async (condition: string): Promise<readonly unknown[]> => {
    const { findings } = await auditFiles(
      {
        'requirements.txt': 'web\n',
        'app.py': 'import web\n',
        '.github/workflows/called.yml': lint(condition),
        '.github/workflows/ci.yml': 'jobs:\n  call:\n    uses: ./.github/workflows/called.yml\n',
      },
      server,
    );
    return findings.filter(({ rule }) => rule === 'idle-ci-install');
  };
  expect(await find('false')).toMatchObject([
    { locations: [{ path: '.github/workflows/called.yml', line: 6 }] },
  ]);
  expect(await find("runner.os == 'Windows'")).toEqual([]);
});

test('a file at the top is not that of the same name of a project below', async () => {
  const server = await serveFor([{ name: 'web', version: '1.0' }]);
  const { projects = [] } = await auditFiles(
    {
      'requirements.txt': 'web\n',
      'app.py': 'import web\n',
      'below/requirements.txt': 'web\n',
      'below/app.py': 'import web\n',
      '.github/workflows/ci.yml': jobWith(
        'run: pip install -r requirements.txt -r none/requirements.txt',
        'run: ruff check',
      ),
    },
    server,
  );
  const told = projects.map(({ path, findings }) => [
    path,
    findings.filter(({ rule }) => rule === 'idle-ci-install').length,
  ]);
  expect(told).toEqual([
    ['.', 1],
    ['below', 0],
  ]);
});

test('what is fetched into a folder of its own is another project', async () => {
  const server = await serveFor([{ name: 'web', version: '1.0' }]);
  const { findings } = await auditFiles(
    {
      'pyproject.toml': "[project]\nname='app'\nversion='1'\ndependencies=['web']\n",
      'app.py': 'import web\n',
      '.github/workflows/ci.yml': jobWith(
        'run: git clone https://index.test/lib && cd lib && pip install .',
        'run: ruff check',
      ),
    },
    server,
  );
  expect(findings.filter(({ rule }) => rule === 'idle-ci-install')).toEqual([]);
});

test('of several files that the product needs a job has to install all, and the line is that of the most', async () => {
  const server = await serveFor([
    { name: 'web', version: '1.0' },
    { name: 'tool', version: '1.0' },
  ]);
  const find = async (...steps: readonly string[]): Promise<readonly unknown[]> => {
    const { findings } = await auditFiles(
      {
        Dockerfile:
          'FROM python:3.12\nCOPY . .\nRUN pip install -r tools.txt\nRUN pip install .\nRUN pip install web\n',
        'tools.txt': 'tool\n',
        'pyproject.toml': "[project]\nname='app'\nversion='1'\ndependencies=['web', 'tool']\n",
        'app.py': 'import web\n',
        '.github/workflows/ci.yml': jobWith(...steps, 'run: ruff check'),
      },
      server,
    );
    return findings.filter(({ rule }) => rule === 'idle-ci-install');
  };
  expect(await find('run: pip install -r tools.txt')).toEqual([]);
  expect(await find('run: pip install -r tools.txt', 'run: pip install .')).toMatchObject([
    { locations: [{ line: 7 }] },
  ]);
});

test('the figure is what the machine of the job installs', async () => {
  const web = (tags: string, bytes: number) => ({
    tags,
    contents: { 'web/__init__.py': '#'.repeat(bytes) },
  });
  const server = await serveFor([
    {
      name: 'web',
      version: '1.0',
      files: [
        web('py3-none-manylinux_2_17_x86_64', 1000),
        web('cp312-cp312-macosx_11_0_arm64', 50_000),
      ],
    },
  ]);
  const lint = (runner: string): string =>
    `jobs:\n  lint:\n    runs-on: ${runner}\n    steps:\n      - uses: actions/setup-python@v6\n        with: {python-version: "3.12"}\n      - run: pip install -r requirements.txt\n      - run: ruff check\n`;
  const find = async (runner: string): Promise<AuditDocument['findings'][number] | undefined> => {
    const files = { 'requirements.txt': 'web\n', '.github/workflows/ci.yml': lint(runner) };
    const { findings } = await auditFiles({ ...files, 'app.py': 'import web\n' }, server);
    return findings.find(({ rule }) => rule === 'idle-ci-install');
  };
  const mac = await find('macos-14');
  expect(mac?.message).toMatch(/ \(as Python 3\.12 on macosx_14_0_arm64 has it\)$/);
  expect(mac?.savedInstalledBytes).toBeGreaterThan(50_000);
  expect((await find('ubuntu-22.04'))?.savedInstalledBytes).toBeLessThan(3000);
});
