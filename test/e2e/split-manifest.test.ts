import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { SplitRow } from '../../src/types.ts';
import type { IndexServer } from '../support/index-server.ts';
import { startIndexServer } from '../support/index-server.ts';
import {
  createProject,
  documentOf,
  ensureBuilt,
  removeProject,
  runDepweight,
  world,
} from './support.ts';
import type { Run } from './support.ts';

const before = `[project]
name = "shop"
version = "1"
dependencies = [
    "webframe==1.0",  # web
    "heavy-tensors==2.1.0",
    "testtool==7.4",
    "audio==0.10",
]

[tool.linter]  # last
`;
const after = `[project]
name = "shop"
version = "1"
dependencies = [
    "webframe==1.0",  # web
]

[project.optional-dependencies]
audio = [
    "audio==0.10",
]
all = [
    "shop[audio]",
]

[dependency-groups]
dev = [
    "testtool==7.4",
]

[tool.linter]  # last
`;
const files = {
  'pyproject.toml': before,
  'app/__init__.py': '',
  'app/main.py': 'import webframe\ntry:\n    import audio\nexcept ImportError:\n    audio = None\n',
  'tests/test_main.py': 'import testtool\n',
};

let server: IndexServer;
let folder: string;
beforeAll(async () => {
  await ensureBuilt();
  server = await startIndexServer(world);
}, 60_000);
afterAll(() => server.close());
beforeEach(() => {
  folder = createProject(files);
});
afterEach(() => removeProject(folder));

const split = (...words: readonly string[]): Promise<Run> =>
  runDepweight(['split', ...words, '--index-url', server.indexUrl, '--python', '3.11'], {
    cwd: folder,
  });
const read = (): string => readFileSync(join(folder, 'pyproject.toml'), 'utf8');
const rowOf = (run: Run): SplitRow => {
  const [row, ...others] = documentOf(run).splits;
  expect(others).toEqual([]);
  if (row === undefined) throw new Error('nothing is proposed');
  return row;
};

test('a pyproject.toml is edited in place: shown as a diff, written on demand, and a second run finds nothing', async () => {
  const shown = await split();
  expect(shown.code).toBe(0);
  expect(shown.stdout).toContain('\n-    "heavy-tensors==2.1.0",\n');
  expect(shown.stdout).toMatch(/guarded by try +audio +app\/main\.py:3/);
  expect(read()).toBe(before);
  expect((await split('--write')).code).toBe(0);
  expect(read()).toBe(after);
  expect(readdirSync(folder).filter((name) => /requirements|tmp/.test(name))).toEqual([]);
  const again = await split('--write', '--json');
  expect(documentOf(again).splits).toEqual([]);
  expect(read()).toBe(after);
});

test('each set of it is resolved again', async () => {
  const row = rowOf(await split('--json'));
  expect(row).toMatchObject({
    kind: 'manifest',
    packages: ['router==1.4', 'webframe==1.0'],
    proof: {
      resolved: true,
      changedVersions: [],
      unprovidedModules: ['audio'],
      importErrors: [{ module: 'audio', path: 'app/main.py', line: 3, guarded: true }],
    },
  });
  const sets = (row.sets ?? []).map(({ environment, before: old, after: now }) => [
    environment,
    old?.packages ?? null,
    now.packages,
  ]);
  expect(sets).toEqual([
    ['prod', 8, 2],
    ['dev', null, 4],
    ['extra:all', null, 4],
    ['extra:audio', null, 4],
  ]);
});

test.each([
  ['extras', '[project.optional-dependencies]\naudio = [\n    "audio==0.10",\n]'],
  ['groups', '[dependency-groups]\ndev = [\n    "testtool==7.4",\n]'],
  ['poetry', '[tool.poetry.group.dev.dependencies]\ntesttool = "==7.4"\n'],
])('--style %s says where what moves goes', async (style, text) => {
  const { content } = rowOf(await split('--style', style, '--json'));
  if (style === 'extras') expect(content).toContain('dev = [\n    "testtool==7.4",\n]');
  expect(content).toContain(style === 'extras' ? '[project.optional-dependencies]' : text);
});

test('--style requirements proposes files instead', async () => {
  const { splits } = documentOf(await split('--style', 'requirements', '--json'));
  expect(splits.map(({ kind }) => kind)).toEqual(['prod', 'dev', 'minimal']);
});

test.each([
  [['--compat', 'dev'], 'requirements files'],
  [['--keep-original'], 'requirements files'],
])('%j says that it is for files', async (words, told) => {
  const run = await split(...words);
  expect(run.code).toBe(2);
  expect(run.stderr).toContain(told);
});

test('a style for a pyproject.toml is refused where a requirements file says what is needed', async () => {
  writeFileSync(join(folder, 'pyproject.toml'), '[tool.linter]\n');
  writeFileSync(join(folder, 'requirements.txt'), 'webframe\n');
  const run = await split('--style', 'groups');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('requirements.txt says what this project needs');
});

describe('in a git repository', () => {
  // Which of two equal lines is kept is not for us to say.
  const changesOf = (diff: string): readonly string[] =>
    diff
      .split('\n')
      .filter((line) => /^[-+](?![-+]{2} )/.test(line))
      .toSorted();
  const git = (...words: readonly string[]): string =>
    execFileSync('git', words, {
      cwd: folder,
      encoding: 'utf8',
      env: { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' },
    });

  test('a file is edited that git can give back, and `git diff` shows the lines of the proposal', async () => {
    git('init', '-q');
    git('add', 'pyproject.toml');
    const { diff } = rowOf(await split('--json'));
    expect((await split('--write')).code).toBe(0);
    const shown = git('diff', '--no-color', 'pyproject.toml');
    expect(changesOf(shown)).toEqual(changesOf(diff ?? ''));
  });

  test.each([
    ['has changes of its own', true],
    ['is not known to git', false],
  ])('a file that %s is refused, unless forced', async (_, isAdded) => {
    git('init', '-q');
    if (isAdded) git('add', 'pyproject.toml');
    writeFileSync(join(folder, 'pyproject.toml'), `${before}# mine\n`);
    const run = await split('--write');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('git');
    expect(read()).toBe(`${before}# mine\n`);
    expect((await split('--write', '--force')).code).toBe(0);
    expect(read()).toBe(`${after}# mine\n`);
  });
});

test('where an image installs a requirements file and the project, both are proposed and proven together', async () => {
  const lines = 'webframe==1.0\nheavy-tensors==2.1.0\n';
  writeFileSync(join(folder, 'requirements.txt'), lines);
  const project =
    '[project]\nname = "shop"\ndependencies = ["webframe==1.0", "heavy-tensors==2.1.0"]\n';
  writeFileSync(join(folder, 'pyproject.toml'), project);
  const image =
    'FROM python:3.11\nCOPY . .\nRUN pip install -r requirements.txt\nRUN pip install -e .\n';
  writeFileSync(join(folder, 'Dockerfile'), image);
  const run = await split('--write', '--json');
  expect(run.code).toBe(0);
  const { splits } = documentOf(run);
  expect(
    splits.map(({ kind, proof, packages }) => [
      kind,
      proof.resolved,
      proof.changedVersions,
      packages,
    ]),
  ).toEqual([
    ['prod', true, [], ['router==1.4', 'webframe==1.0']],
    ['manifest', true, [], ['router==1.4', 'webframe==1.0']],
  ]);
  expect(read()).toBe('[project]\nname = "shop"\ndependencies = ["webframe==1.0"]\n');
  expect(readFileSync(join(folder, 'requirements.txt'), 'utf8')).toBe(lines);
});
