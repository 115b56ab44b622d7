import { Ajv } from 'ajv';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import type { AuditDocument } from '../../src/types.ts';
import { auditFiles, serveFor } from '../support/audit-files.ts';

const distributions = ['web', 'linter', 'tester', 'extra'].map((name) => ({
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

async function auditWorkflow(files: Readonly<Record<string, string>>): Promise<AuditDocument> {
  const server = await serveFor(distributions);
  const path = '.github/workflows/ci.yml';
  return auditFiles({ 'app.py': 'import web\n', ...files }, server, { path });
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
