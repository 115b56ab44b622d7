import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CostDocument } from '../../src/types.ts';
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
  folder = createProject({ ...application, 'requirements.txt': 'webframe==1.0\nnumbers==1.19\n' });
}, 60_000);
afterAll(async () => {
  removeProject(folder);
  await server.close();
});

const cost = (...words: readonly string[]): Promise<Run> =>
  runDepweight(['cost', ...words, '--index-url', server.indexUrl, '--python', '3.11'], {
    cwd: folder,
  });
const costOf = async (requirement: string): Promise<CostDocument> =>
  JSON.parse((await cost(requirement, '--json')).stdout);

describe('cost', () => {
  test('weighs what comes, and names what is there already', async () => {
    const document = await costOf('heavy-tensors');
    expect(document.command).toBe('cost');
    expect(document.added.map(({ name, version }) => `${name}==${version}`)).toEqual([
      'cuda-blobs==12.1',
      'heavy-tensors==2.1.0',
    ]);
    const bytes = document.added.reduce((sum, row) => sum + (row.installedBytes ?? 0), 0);
    expect(bytes).toBeGreaterThan(14_000_000);
    expect(document.after.installedBytes - document.before.installedBytes).toBe(bytes);
    expect(document.before).toEqual(document.totals);
    expect([document.removed, document.changed, document.shared]).toEqual([[], [], []]);
    expect((await costOf('old-archive')).shared).toEqual(['router']);
  });

  test('keeps the versions that are in force', async () => {
    const { added, changed, shared } = await costOf('numbers>=1.0');
    expect([added, changed, shared]).toEqual([[], [], ['numbers']]);
  });

  test('an unknown size is a lower bound, and a name that no index has is told', async () => {
    const sdist = await costOf('old-archive');
    expect(sdist.added).toMatchObject([{ name: 'old-archive', installedBytes: null }]);
    expect(sdist.after.lowerBound).toBe(true);
    const absent = await cost('nowhere-to-be-found');
    expect(absent.code).toBe(3);
    expect(absent.stderr).toContain('no index has a project named nowhere-to-be-found');
    expect(absent.stdout).toContain('≥ +0 B installed');
  });

  test('a requirement that excludes one of the project has no cost, and both are named', async () => {
    const run = await cost('audio', '--json');
    expect(run.code).toBe(2);
    const document: CostDocument = JSON.parse(run.stdout);
    expect(document.error?.requirements.map(({ raw }) => raw)).toEqual(['numbers==1.19', 'audio']);
    expect('before' in document).toBe(false);
  });

  test.each(['two words', 'x @ https://index.test/x.whl'])('%s is refused', async (text) => {
    const run = await cost(text);
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toMatch(/is no requirement|names an address/);
  });

  test('shows it on a terminal', async () => {
    const { stdout, code } = await cost('heavy-tensors');
    expect(code).toBe(0);
    expect(stdout).toMatch(/ {2}\+14 MB installed {3}\+\S+ [kM]?B to download {3}\+2 packages\n/);
    expect(stdout).toMatch(/Comes\n {2}heavy-tensors {2}2\.1\.0 {5}9\.0 MB\n {2}cuda-blobs/);
  });

  test('the schema admits the document', async () => {
    const schema = JSON.parse(
      readFileSync(new URL('../../data/report.schema.json', import.meta.url), 'utf8'),
    );
    const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
    for (const requirement of ['heavy-tensors', 'audio', 'numbers'])
      expect(validate(await costOf(requirement)), JSON.stringify(validate.errors)).toBe(true);
  });
});
