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
