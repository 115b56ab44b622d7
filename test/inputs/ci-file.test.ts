import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { report } from '../../src/report/split.ts';
import type { AuditDocument } from '../../src/types.ts';
import { auditFiles, compareFiles, serveFor } from '../support/audit-files.ts';

const plain = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
} as const;

const distributions = ['web', 'linter', 'tester', 'extra', 'winonly', 'nox'].map((name) => ({
  name,
  version: '1.0',
}));

const workflow = `jobs:
  lint:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/setup-python@v6
        with: {python-version: "3.13"}
      - run: pip install linter
  test:
    runs-on: ubuntu-22.04
    steps:
      - uses: actions/setup-python@v6
        with: {python-version: "3.11"}
      - run: pip install -r requirements.txt tester
  none:
    runs-on: ubuntu-latest
    steps: [{run: echo hello}]
`;

async function auditWorkflow(
  files: Readonly<Record<string, string>>,
  request: Parameters<typeof auditFiles>[2] = {},
): Promise<AuditDocument> {
  const server = await serveFor(distributions);
  const path = '.github/workflows/ci.yml';
  return auditFiles({ 'app.py': 'import web\n', ...files }, server, { path, ...request });
}

const environments = (document: AuditDocument): readonly unknown[] =>
  document.environments.map(({ id, packages }) => [id, packages]);

test('a CI file weighs what its jobs install, the one that asks for most first, and judges nothing by the code', async () => {
  const document = await auditWorkflow({
    '.github/workflows/ci.yml': workflow,
    'requirements.txt': 'web\n',
  });
  expect(environments(document)).toEqual([
    ['prod', ['tester==1.0', 'web==1.0']],
    ['job:lint', ['linter==1.0']],
  ]);
  expect(document.target).toMatchObject({
    python: '3.11',
    platformTag: 'manylinux_2_35_x86_64',
    from: '.github/workflows/ci.yml:12',
  });
  expect(document.findings).toEqual([]);
  expect(document.places).toMatchObject([
    { key: 'github-runner', locations: [{ path: '.github/workflows/ci.yml', line: 9 }] },
  ]);
  expect(document.warnings).toMatchObject([
    { code: 'ci-jobs', line: 8, message: expect.stringContaining('beside it lint (line 2)') },
  ]);
  const schema = new URL('../../data/report.schema.json', import.meta.url);
  const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(schema, 'utf8')));
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
});

test('a job that syncs gets what is for development too, of the project that it runs in', async () => {
  const project = (name: string, group: string): string =>
    `[project]\nname='${name}'\nversion='1'\ndependencies=['web']\n[dependency-groups]\ndev=['${group}']\nmore=['extra']\n`;
  const document = await auditWorkflow({
    '.github/workflows/ci.yml': workflow.replace(
      'pip install -r requirements.txt tester',
      'cd api && uv sync',
    ),
    'pyproject.toml': project('root', 'linter'),
    'api/pyproject.toml': project('api', 'tester'),
  });
  expect(environments(document)).toEqual([
    ['prod', ['tester==1.0', 'web==1.0']],
    ['job:lint', ['linter==1.0']],
  ]);
});

test('a file of which no job installs anything says so', async () => {
  await expect(
    auditWorkflow({ '.github/workflows/ci.yml': 'jobs: {a: {steps: [{run: make}]}}\n' }),
  ).rejects.toThrow('no job installs anything');
});

const matrix = `jobs:
  test:
    runs-on: \${{ matrix.os }}
    strategy: {matrix: {os: [ubuntu-latest, windows-latest, macos-14]}}
    steps:
      - uses: actions/setup-python@v6
        with: {python-version: "3.12"}
      - run: pip install web tester "linter; sys_platform != 'darwin'"
      - {run: pip install winonly, if: runner.os == 'Windows'}
  alpine:
    runs-on: ubuntu-latest
    container: python:3.11-alpine
    steps: [{run: pip install "linter; sys_platform == 'linux'"}]
`;
const path = '.github/workflows/ci.yml';

test('of a matrix the machine where most is installed is weighed, and each job for its own', async () => {
  const document = await auditWorkflow({ [path]: matrix });
  expect(environments(document)).toEqual([
    ['prod', ['linter==1.0', 'tester==1.0', 'web==1.0', 'winonly==1.0']],
    ['job:alpine', ['linter==1.0']],
  ]);
  expect(document.environments.map(({ project }) => project)).toEqual(['.', '.']);
  expect(document.target).toMatchObject({
    os: 'windows',
    python: '3.12',
    platformTag: 'win_amd64',
  });
  expect(document.packages.find(({ name }) => name === 'winonly')?.declaredAt).toMatchObject([
    { path, line: 9 },
  ]);
  const [test, alpine] = document.environments.map(({ job }) => job);
  expect(test).toMatchObject({
    machine: 'windows-latest',
    others: [
      {
        machine: 'ubuntu-latest',
        target: { platformTag: 'manylinux_2_39_x86_64' },
        totals: { packages: 3 },
      },
      {
        machine: 'macos-14',
        target: { platformTag: 'macosx_14_0_arm64' },
        totals: { packages: 2 },
      },
    ],
  });
  expect(alpine).toMatchObject({
    name: 'alpine',
    line: 10,
    target: { python: '3.11', libc: 'musl' },
    others: [],
  });
  const schema = new URL('../../data/report.schema.json', import.meta.url);
  const validate = new Ajv({ strict: false }).compile(JSON.parse(readFileSync(schema, 'utf8')));
  expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
});

test('a platform that is asked for is that of every job, and --env names the one that is meant', async () => {
  const document = await auditWorkflow({ [path]: matrix }, { platform: 'macos' });
  expect(
    document.environments.map(({ id, job, packages }) => [id, job?.target.os, packages]),
  ).toEqual([
    ['prod', 'macos', ['tester==1.0', 'web==1.0']],
    ['job:alpine', 'macos', []],
  ]);
  const one = await auditWorkflow(
    { [path]: matrix },
    { environment: 'job:alpine', readsSources: false },
  );
  expect(environments(one)).toEqual([['job:alpine', ['linter==1.0']]]);
  expect(one.target).toMatchObject({ libc: 'musl', python: '3.11' });
  expect(one.packages[0]?.declaredAt).toMatchObject([{ path, line: 13 }]);
  expect(one.warnings.map(({ message }) => message)).toEqual([
    'what is weighed is what the job alpine installs; beside it test (line 2)',
  ]);
  await expect(auditWorkflow({ [path]: matrix }, { environment: 'job:none' })).rejects.toThrow(
    'job:none',
  );
});

test('a machine without a solution is told and left out, all of them are an error', async () => {
  const document = await auditWorkflow({
    [path]: matrix.replace('pip install winonly', 'pip install "web==2"'),
  });
  expect(document.target.os).toBe('linux');
  expect(document.environments[0]?.job?.others).toMatchObject([
    { machine: 'macos-14' },
    { machine: 'windows-latest', totals: null },
  ]);
  expect(document.warnings).toContainEqual(
    expect.objectContaining({
      code: 'environment-conflict',
      message: expect.stringContaining('the job test has no solution on windows-latest'),
    }),
  );
  const none = await auditWorkflow({ [path]: matrix.replaceAll('web tester', 'web tester==2') });
  expect(none.error).not.toBeNull();
  expect(none.environments).toEqual([]);
  const other = await auditWorkflow({
    [path]: matrix.replaceAll('"linter; sys_platform ==', '"linter==2; sys_platform =='),
  });
  expect(other.environments.map(({ id }) => id)).toEqual(['prod']);
  expect(other.warnings.map(({ message }) => message).join()).toContain(
    'the job alpine has no solution, so it is left out',
  );
});

test('rows that differ in what they install are told apart by their values', async () => {
  const many = matrix
    .replace(
      'os: [ubuntu-latest, windows-latest, macos-14]',
      'os: [ubuntu-latest], set: [extra, "extra winonly"]',
    )
    .replace('pip install web', 'pip install ${{ matrix.set }} web');
  const document = await auditWorkflow({ [path]: many });
  expect(document.environments[0]?.job).toMatchObject({
    machine: 'ubuntu-latest, extra winonly',
    others: [{ machine: 'ubuntu-latest, extra' }],
  });
});

test('what a job calls in another repository is told where it installs nothing else', async () => {
  const document = await auditWorkflow({
    [path]: `${matrix}  far:
    uses: owner/repo/.github/workflows/x.yml@main
  send:
    steps: [{uses: actions/checkout@v5}, {uses: someone/publish@v1}, {uses: docker/login-action@v3}]
  both:
    steps: [{uses: someone/publish@v1}, {run: pip install web}]
  setup:
    steps: [{uses: actions/checkout@v5}]
`,
  });
  expect(document.warnings.filter(({ code }) => code === 'ci-unknown')).toEqual([
    expect.objectContaining({
      line: 14,
      message:
        'what these jobs install is not known, as they call what lies in other repositories: far (owner/repo/.github/workflows/x.yml@main), send (someone/publish@v1)',
    }),
  ]);
});

test('to split a CI file says why there is nothing to propose', async () => {
  const document = await auditWorkflow({ [path]: matrix }, { command: 'split', makesSplits: true });
  expect(report.render(document, plain)).toBe(
    'Nothing is proposed: what a job of CI installs is not held against the code.\n',
  );
});

const job = (...commands: readonly string[]): string =>
  `jobs:\n  test:\n    runs-on: ubuntu-26.04\n    steps:\n${commands.map((run) => `      - run: ${run}\n`).join('')}`;

test('programs that are fetched to be run are environments of their own', async () => {
  const document = await auditWorkflow({
    [path]: job(
      'pip install web tester',
      'pipx run linter .',
      'uvx --from "extra==1.0" --with web tester@1.0 x',
      'python -m pipx run --spec extra other',
      'uv tool run ./local.py && pipx run build',
    ),
  });
  expect(environments(document)).toEqual([
    ['prod', ['tester==1.0', 'web==1.0']],
    ['job:test (uvx tester)', ['extra==1.0', 'web==1.0']],
    ['job:test (pipx run linter)', ['linter==1.0']],
    ['job:test (pipx run other)', ['extra==1.0']],
  ]);
  expect(document.target.platformTag).toBe('manylinux_2_43_x86_64');
});

test('what a job builds to publish it does not install', async () => {
  const files = {
    'pyproject.toml': "[project]\nname='mine'\nversion='1'\ndependencies=['web']\n",
    [path]: job('uv build && pip install linter'),
  };
  expect(environments(await auditWorkflow(files))).toEqual([['prod', ['linter==1.0']]]);
  const installed = { ...files, [path]: job('python -m build', 'pip install dist/*.whl') };
  expect(environments(await auditWorkflow(installed))).toEqual([['prod', ['web==1.0']]]);
});

test('that programs install into environments of their own is said', async () => {
  const document = await auditWorkflow({
    [path]: job('pip install web', 'python -m tox -e py', 'uvx nox', 'pre-commit run'),
  });
  expect(document.warnings).toContainEqual({
    code: 'ci-inner',
    message:
      'what these jobs install into environments that a program of theirs makes is not followed and in no figure: test (tox, nox, pre-commit)',
    path,
    line: 2,
  });
});

test('a workflow whose name is that of an environment is one of CI all the same', async () => {
  const server = await serveFor(distributions);
  const named = '.github/workflows/test-env-deploy.yml';
  const document = await auditFiles({ [named]: job('sfw pip install web') }, server, {
    path: named,
  });
  expect(environments(document)).toEqual([['prod', ['web==1.0']]]);
});

test('targets of make and scripts of the repository are followed, and told at their own lines', async () => {
  const document = await auditWorkflow({
    [path]: job('make -C api install', './ci/more.sh tester'),
    'api/Makefile': 'install: check\n\tpip install -r requirements.txt\ncheck:\n\ttrue\n',
    'api/requirements.txt': 'web\n',
    'ci/more.sh': '#!/bin/sh\npip install "$1"\n',
  });
  expect(environments(document)).toEqual([['prod', ['tester==1.0', 'web==1.0']]]);
  const placeOf = (wanted: string): unknown =>
    document.packages.find(({ name }) => name === wanted)?.declaredAt[0];
  expect(placeOf('web')).toMatchObject({ path: 'api/requirements.txt', line: 1 });
  expect(placeOf('tester')).toMatchObject({ path: 'ci/more.sh', line: 2 });
});

test('a job that sets up PyPy alone is weighed for that, one with both for CPython', async () => {
  const setUp = (versions: string): string =>
    `jobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: actions/setup-python@v6\n        with: {python-version: ${versions}}\n      - run: pip install web\n`;
  const alone = await auditWorkflow({ [path]: setUp('pypy-3.10') });
  expect(alone.target).toMatchObject({ implementation: 'pp', python: '3.10' });
  const both = await auditWorkflow({ [path]: setUp('"pypy-3.11\\n3.9"') });
  expect(both.target).toMatchObject({ implementation: 'cp', python: '3.9' });
});

test('compare says which row of a matrix it holds against other targets', async () => {
  const server = await serveFor(distributions);
  const files = { [path]: matrix };
  const document = await compareFiles(files, server, {
    path,
    targets: { platforms: ['linux', 'macos'], pythons: [] },
  });
  expect(document.warnings.filter(({ code }) => code === 'ci-row')).toEqual([
    {
      code: 'ci-row',
      message:
        'of the job test what it installs on ubuntu-latest is compared; beside it there are windows-latest, macos-14, which audit weighs each',
      path,
      line: 2,
    },
  ]);
  const alpine = await compareFiles(files, server, {
    path,
    environment: 'job:alpine',
    targets: { platforms: [], pythons: [] },
  });
  expect(alpine.targets[0]?.target).toMatchObject({ libc: 'musl', python: '3.11' });
});
