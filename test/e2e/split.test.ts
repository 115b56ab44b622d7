import { mkdtempSync, readFileSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { IndexServer } from '../support/index-server.ts';
import { startIndexServer } from '../support/index-server.ts';
import {
  application,
  createProject,
  ensureBuilt,
  removeProject,
  runDepweight,
  world,
} from './support.ts';
import type { Run } from './support.ts';

let server: IndexServer;
let folder: string;

beforeAll(async () => {
  await ensureBuilt();
  server = await startIndexServer(world);
}, 60_000);
afterAll(() => server.close());
beforeEach(() => {
  folder = createProject(application);
});
afterEach(() => removeProject(folder));

const split = (...words: readonly string[]): Promise<Run> =>
  runDepweight(['split', ...words, '--index-url', server.indexUrl, '--python', '3.11'], {
    cwd: folder,
  });
const read = (path: string): string => readFileSync(join(folder, path), 'utf8');
const listed = (): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.txt'))
    .toSorted();

test('is dry by default: it shows the files, proven, and writes none', async () => {
  const run = await split('--json');
  expect(run.code).toBe(0);
  const { splits } = JSON.parse(run.stdout);
  const files = splits.map(({ file }: { file: string }) => file);
  expect(files).toContain('requirements-prod.txt');
  expect(files).toContain('requirements-dev.txt');
  for (const { proof } of splits)
    expect(proof).toMatchObject({ resolved: true, changedVersions: [] });
  expect(listed()).toEqual(['requirements.txt']);
});

test('--write writes them with the comments and pins of the user', async () => {
  const run = await split('--write');
  expect(run.code).toBe(0);
  expect(listed()).toContain('requirements-prod.txt');
  const production = read('requirements-prod.txt');
  expect(production).toContain('# web\nwebframe==1.0\n');
  expect(production).not.toContain('heavy-tensors');
  expect(production).not.toContain('testtool');
  const development = read('requirements-dev.txt');
  expect(development).toContain('-r requirements-prod.txt');
  expect(development).toContain('testtool==7.4');
  expect(read('requirements.txt')).toBe(application['requirements.txt']);
  expect(readdirSync(folder).filter((name) => name.includes('.tmp'))).toEqual([]);
});

test('a second --write changes nothing', async () => {
  await split('--write');
  const before = listed().map((name) => read(name));
  const run = await split('--write', '--json');
  expect(run.code).toBe(0);
  const { splits } = JSON.parse(run.stdout);
  expect(splits.map(({ status }: { status: string }) => status)).toEqual([
    'unchanged',
    'unchanged',
  ]);
  expect(listed().map((name) => read(name))).toEqual(before);
});

test('a file that a person wrote is refused, and then nothing is written', async () => {
  writeFileSync(join(folder, 'requirements-dev.txt'), 'mine==1\n');
  const run = await split('--write');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('requirements-dev.txt');
  expect(read('requirements-dev.txt')).toBe('mine==1\n');
  expect(listed()).not.toContain('requirements-prod.txt');
});

test('--force writes over it', async () => {
  writeFileSync(join(folder, 'requirements-dev.txt'), 'testtool==7.4\n');
  const run = await split('--write', '--force');
  expect(run.code).toBe(0);
  expect(read('requirements-dev.txt')).toContain('-r requirements-prod.txt');
});

test('a link out of the project is refused', async () => {
  const outside = mkdtempSync(join(tmpdir(), 'depweight-outside-'));
  try {
    writeFileSync(join(outside, 'target.txt'), 'keep\n');
    symlinkSync(join(outside, 'target.txt'), join(folder, 'requirements-prod.txt'));
    const run = await split('--write');
    expect(run.code).toBe(2);
    expect(readFileSync(join(outside, 'target.txt'), 'utf8')).toBe('keep\n');
  } finally {
    removeProject(outside);
  }
});

test('nothing is written where a line could not be parsed', async () => {
  writeFileSync(
    join(folder, 'requirements.txt'),
    `${application['requirements.txt']}=== nonsense\n`,
  );
  const run = await split('--write');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('requirements.txt:5');
  expect(listed()).toEqual(['requirements.txt']);
});

const names = ['requirements-dev.txt', 'requirements-original.txt', 'requirements-prod.txt'];

test('--compat leaves a requirements.txt of the user alone', async () => {
  const run = await split('--write', '--compat', 'dev');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('--keep-original');
  expect(listed()).toEqual(['requirements.txt']);
  expect(read('requirements.txt')).toBe(application['requirements.txt']);
});

test('--compat with --keep-original leads to the new file and keeps every byte of the old one', async () => {
  const bytes = Buffer.from(
    '\uFEFF# caf\u00e9\r\nwebframe==1.0\r\nheavy-tensors==2.1.0\r\ntesttool==7.4',
  );
  writeFileSync(join(folder, 'requirements.txt'), bytes);
  const run = await split('--write', '--compat', 'dev', '--keep-original');
  expect(run.code).toBe(0);
  expect(listed()).toEqual([...names, 'requirements.txt']);
  expect(readFileSync(join(folder, 'requirements-original.txt'))).toEqual(bytes);
  expect(read('requirements.txt')).toMatch(
    /^# Written by depweight .*\r\n#.*\r\n-r requirements-dev\.txt\r\n$/,
  );
  expect(read('requirements-prod.txt')).toContain('from requirements-original.txt.');
});

test.each([
  ['the same options', ['--compat', 'dev', '--keep-original']],
  ['none of them', []],
])('after --compat a second run with %s changes no byte', async (_, again) => {
  await split('--write', '--compat', 'dev', '--keep-original');
  const before = listed().map((name) => [name, read(name)]);
  const run = await split('--write', '--json', ...again);
  expect(run.code).toBe(0);
  const { splits, inputs } = JSON.parse(run.stdout);
  expect(new Set(splits.map(({ status }: { status: string }) => status))).toEqual(
    new Set(['unchanged']),
  );
  expect(inputs.map(({ path }: { path: string }) => path)).toEqual(['requirements-original.txt']);
  expect(listed().map((name) => [name, read(name)])).toEqual(before);
});

test.each([
  ['the kept original', 'FROM python:3.11\n', 'requirements-original.txt', 'heavy-tensors'],
  [
    'what the image installs',
    'FROM python:3.11\nCOPY . .\nRUN pip install -r requirements.txt\nCMD python -m app.main\n',
    'requirements.txt',
    'testtool',
  ],
])(
  'after --compat an audit speaks of %s, and split still of the source',
  async (_, image, primary, heaviest) => {
    writeFileSync(join(folder, 'Dockerfile'), image);
    await split('--write', '--compat', 'dev', '--keep-original');
    const before = listed().map((name) => read(name));
    const audited = await runDepweight(
      ['audit', '--json', '--index-url', server.indexUrl, '--python', '3.11'],
      { cwd: folder },
    );
    const { inputs, packages } = JSON.parse(audited.stdout);
    expect(inputs.find((input: { primary: boolean }) => input.primary).path).toBe(primary);
    expect(packages.map(({ name }: { name: string }) => name)).toContain(heaviest);
    await split('--write', '--compat', 'dev', '--keep-original');
    expect(listed().map((name) => read(name))).toEqual(before);
  },
);

test('--compat --force without a copy: what was written is then all that an audit has, and no split takes more out of it', async () => {
  expect((await split('--write', '--compat', 'prod', '--force')).code).toBe(0);
  expect(read('requirements.txt')).toContain('-r requirements-prod.txt');
  const before = listed().map((name) => read(name));
  const again = await split('--write', '--compat', 'prod', '--force');
  expect(again.code).toBe(2);
  expect(again.stderr).toContain('nothing to split');
  expect(listed().map((name) => read(name))).toEqual(before);
  const named = await split('requirements-prod.txt', '--write');
  expect(named.code).toBe(2);
  expect(named.stderr).toContain('from requirements.txt');
  const words = ['audit', '--json', '--index-url', server.indexUrl, '--python', '3.11'];
  const audited = JSON.parse((await runDepweight(words, { cwd: folder })).stdout);
  expect(audited.totals.packages).toBe(2);
});

test('--keep-original alone keeps a copy beside a source that stays what it is', async () => {
  await split('--write', '--keep-original');
  expect(read('requirements-original.txt')).toBe(application['requirements.txt']);
  expect(read('requirements.txt')).toBe(application['requirements.txt']);
  expect(read('requirements-prod.txt')).toContain('from requirements.txt.');
  writeFileSync(join(folder, 'requirements.txt'), 'webframe==1.0\n');
  const run = await split('--write', '--keep-original');
  expect(run.code).toBe(2);
  expect(run.stderr).toContain('no copy of requirements.txt');
});

test('what a hand-written requirements-dev.txt said survives every later run', async () => {
  writeFileSync(join(folder, 'requirements-dev.txt'), '-r requirements.txt\n\n# mine\naudio\n');
  await split('--write', '--force');
  const first = read('requirements-dev.txt');
  expect(first).toContain('# mine\naudio\n');
  const run = await split('--write', '--json');
  expect(read('requirements-dev.txt')).toBe(first);
  const development = JSON.parse(run.stdout).splits.find(
    ({ kind }: { kind: string }) => kind === 'dev',
  );
  expect(development.packages).toContain('audio==0.10');
});

test('what is optional is left out of requirements-minimal.txt, and the imports that fail then are told', async () => {
  writeFileSync(
    join(folder, 'requirements.txt'),
    'webframe==1.0\naudio==0.10\nheavy-tensors==2.1.0\nnumbers==1.26\ntesttool==7.4\n',
  );
  writeFileSync(
    join(folder, 'app/main.py'),
    [
      'import webframe',
      'try:',
      '    import audio',
      'except ImportError:',
      '    audio = None',
      'def guess():',
      '    import tensors.core',
      'def count():',
      '    import numbers_py',
      'import numbers_py as plain',
      '',
    ].join('\n'),
  );
  const run = await split('--write', '--json');
  expect(run.code).toBe(0);
  expect(read('requirements-minimal.txt')).toMatch(/\n\nwebframe==1\.0\nnumbers==1\.26\n$/);
  const { splits } = JSON.parse(run.stdout);
  const of = (kind: string): { proof: unknown } =>
    splits.find((split: { kind: string }) => split.kind === kind);
  expect(of('minimal').proof).toEqual({
    resolved: true,
    changedVersions: [],
    unprovidedModules: ['audio', 'tensors.core'],
    providedModules: ['numbers_py', 'webframe'],
    importErrors: [
      { module: 'audio', path: 'app/main.py', line: 3, guarded: true, lazy: false },
      { module: 'tensors.core', path: 'app/main.py', line: 7, guarded: false, lazy: true },
    ],
  });
  expect(of('prod').proof).toMatchObject({ unprovidedModules: [], importErrors: [] });
  const shown = await split();
  expect(shown.stdout).toMatch(/fails when called +tensors\.core +app\/main\.py:7/);
});
