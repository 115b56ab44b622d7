import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CheckDocument } from '../../src/types.ts';
import { createRepository, removeRepositories } from '../support/git-repository.ts';
import type { IndexServer } from '../support/index-server.ts';
import { startIndexServer } from '../support/index-server.ts';
import type { Run } from './support.ts';
import {
  application,
  createProject,
  documentOf,
  ensureBuilt,
  removeProject,
  runDepweight,
  world,
} from './support.ts';

let server: IndexServer;
let folder: string;
const heavy = 'webframe==1.0\nheavy-tensors==2.1.0\n';

beforeAll(async () => {
  await ensureBuilt();
  server = await startIndexServer(world);
  folder = createProject({ ...application, 'requirements.txt': heavy });
}, 60_000);
afterAll(async () => {
  removeProject(folder);
  removeRepositories();
  await server.close();
});

const validate = new Ajv({ strict: false, allErrors: true }).compile(
  JSON.parse(readFileSync(new URL('../../data/report.schema.json', import.meta.url), 'utf8')),
);

const check = (words: readonly string[], cwd: string = folder): Promise<Run> =>
  runDepweight(['check', ...words, '--index-url', server.indexUrl, '--python', '3.11'], { cwd });

async function checkFiles(
  files: Readonly<Record<string, string>>,
  words: readonly string[],
): Promise<Run> {
  const other = createProject({ 'main.py': 'import webframe\n', ...files });
  const run = await check(words, other);
  removeProject(other);
  return run;
}

describe('check', () => {
  test('exits 1 over a limit, 0 within it', async () => {
    const over = await check(['--max-installed', '1 MB', '--max-unused', '0']);
    expect(over.code).toBe(1);
    expect(over.stdout).toMatch(/^✗ budget {3}installed {3}14 MB of 1.0 MB {3}over by 13 MB\n/);
    expect(over.stdout).toContain('✗ unused   heavy-tensors (requirements.txt:2)   14 MB\n');
    expect(over.stdout).toContain('meets all 2');
    expect(over.stderr).toContain('exit 1: over the budget installed, unused');
    const within = await check(['--budget', 'aws-lambda-zip', '--max-packages', '99']);
    expect([within.code, within.stderr]).toEqual([0, '']);
    expect(within.stdout).toMatch(/^✓ \d+ of 99 packages, 14 MB of 262 MB \(5 %\) of aws-lambda/);
  });

  test('gives its rows in the JSON, which the schema admits', async () => {
    const run = await check(['--json', '--max-packages', '1', '--budget', 'heroku-slug']);
    const document: CheckDocument = JSON.parse(run.stdout);
    expect(document.budgets).toMatchObject([
      { key: 'packages', limit: 1, actual: document.totals.packages, status: 'failed' },
      { key: 'heroku-slug', actual: document.totals.downloadBytes, status: 'passed' },
    ]);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  });

  test('takes limits from the configuration, below those of the command line', async () => {
    const files = {
      'requirements.txt': heavy,
      'depweight.toml': '[budget]\ninstalled = "1 MB"\npackages = 99\n',
    };
    const set = await checkFiles(files, []);
    expect([set.code, set.stdout.split('\n')[0]]).toEqual([
      1,
      expect.stringContaining('installed'),
    ]);
    const raised = await checkFiles(files, ['--max-installed', '1 GB']);
    expect(raised.code).toBe(0);
    const wrong = await checkFiles(
      { ...files, 'depweight.toml': '[budget]\ninstalled = "aws-lambda-zap"\n' },
      [],
    );
    expect([wrong.code, wrong.stdout]).toEqual([2, '']);
    expect(wrong.stderr).toContain('budget.installed');
  });

  test('what is unknown cannot be proven: 0, and 3 under --strict', async () => {
    const files = { 'requirements.txt': 'webframe==1.0\nold-archive\n' };
    const open = await checkFiles(files, ['--max-installed', '1 GB']);
    expect([open.code, open.stdout]).toEqual([0, expect.stringContaining('cannot be proven')]);
    expect((await checkFiles(files, ['--max-installed', '1 GB', '--strict'])).code).toBe(3);
    expect((await checkFiles(files, ['--max-installed', '1', '--strict'])).code).toBe(1);
  });

  test('fails on findings: an error by default, others where they are named', async () => {
    const missing = await checkFiles(
      { 'requirements.txt': 'webframe==1.0\n', 'main.py': 'import webframe\nimport nowhere\n' },
      [],
    );
    expect(missing.code).toBe(1);
    expect(missing.stdout).toContain('✗ missing');
    expect((await check([])).code).toBe(0);
    expect((await check(['--fail-on', 'unused'])).code).toBe(1);
  });
});

describe('audit of a repository that shows where it goes', () => {
  test('holds it against the limit of that place, with the line', async () => {
    const other = createProject({
      ...application,
      'requirements.txt': heavy,
      'template.yaml':
        'Resources:\n  Pick:\n    Type: AWS::Serverless::Function\n    Properties:\n      Runtime: python3.11\n',
    });
    const words = ['audit', '--json', '--index-url', server.indexUrl, '--python', '3.11'];
    const run = await runDepweight(words, { cwd: other });
    removeProject(other);
    const document: CheckDocument = JSON.parse(run.stdout);
    expect(document.places).toMatchObject([
      {
        key: 'aws-lambda-zip',
        actual: document.totals.installedBytes,
        status: 'passed',
        locations: [{ path: 'template.yaml', line: 5 }],
      },
    ]);
    const [place] = document.places ?? [];
    expect(place?.remaining).toBeLessThan(1_000_000);
    expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
  });
});

describe('prices', () => {
  test('are computed for each command with a before and an after, and the schema admits it', async () => {
    const prices = ['--price-storage', '$0.10', '--versions-kept', '3', '--bandwidth', '8 Mbit/s'];
    const index = ['--index-url', server.indexUrl, '--python', '3.11'];
    for (const command of [['audit'], ['split'], ['cost', 'router']]) {
      const words = [...command, '--json', ...index, ...prices];
      const document = documentOf(await runDepweight(words, { cwd: folder }));
      const { downloadBytes } = document.totals;
      expect(document.expenses?.before.downloadBytes).toBe(downloadBytes);
      expect(document.expenses?.before.seconds).toBeCloseTo(downloadBytes / 1e6);
      expect(document.expenses?.after).not.toBeNull();
      expect(validate(document), JSON.stringify(validate.errors)).toBe(true);
      const { stdout } = await runDepweight([...command, ...index, ...prices], { cwd: folder });
      expect(stdout).toContain('COST');
    }
  });

  test('that nothing would count are refused', async () => {
    const run = await runDepweight(['audit', '--pulls', '5'], { cwd: folder });
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain('--pulls counts only with --price-transfer');
  });
});

describe('growth', () => {
  function grown(more: Readonly<Record<string, string>> = {}): ReturnType<typeof createRepository> {
    const repository = createRepository();
    const files = { '.gitignore': '.cache\n', 'main.py': 'import webframe\n' };
    repository.commit({ ...files, 'requirements.txt': 'webframe==1.0\n' });
    repository.git('checkout', '-q', '-b', 'feature');
    repository.commit({ 'requirements.txt': heavy, ...more });
    return repository;
  }

  test('is held against a ref: what is added since then, and what brings it', async () => {
    const { folder: cwd, git } = grown();
    const words = ['--max-growth', '1 MB', '--against', 'main...'];
    const over = await check(words, cwd);
    expect(over.code).toBe(1);
    expect(over.stdout).toMatch(
      /^✗ budget {3}growth {3}\+14 MB of \+1\.0 MB since main\.\.\. {3}over by 13 MB\n/,
    );
    expect(over.stdout).toContain('heavy-tensors (requirements.txt:2)');
    expect(over.stdout).toContain('depweight diff main...');
    expect(over.stderr).toContain('exit 1: over the budget growth');
    const run = await check([...words, '--json'], cwd);
    const document: CheckDocument = JSON.parse(run.stdout);
    expect([validate(document), validate.errors]).toEqual([true, null]);
    expect(document.budgets).toMatchObject([
      { key: 'growth', measure: 'growth', limit: 1_000_000, status: 'failed', environment: 'prod' },
    ]);
    expect(document.budgets[0]?.actual).toBe(document.growth?.difference.installedBytes);
    expect(document.growth).toMatchObject({
      ref: { name: 'main...', commit: git('rev-parse', 'main'), mergeBase: true },
      added: [
        { name: 'cuda-blobs', through: ['heavy-tensors', 'cuda-blobs'] },
        { name: 'heavy-tensors' },
      ],
    });
    const within = await check(['--max-growth', '15 MB', '--against', 'main'], cwd);
    expect([within.code, within.stderr]).toEqual([0, '']);
    expect(within.stdout).toBe('✓ +14 MB of +15 MB since main\n');
  });

  test('of the configuration is not proven where nothing names a ref', async () => {
    const table = '[tool.depweight.budget]\ngrowth = "500 %"\n';
    const { folder: cwd } = grown({ 'pyproject.toml': table });
    const run = await check(['--strict'], cwd);
    expect(run.code).toBe(3);
    expect(run.stdout.replaceAll(/\s+/g, ' ')).toContain(
      'as --against names no ref to measure from',
    );
    expect((await check(['--against', 'main'], cwd)).code).toBe(1);
  });

  test('takes the ref of the configuration, and the limit of a flag before that of the table', async () => {
    const table = '[tool.depweight]\nagainst = "main"\n[tool.depweight.budget]\ngrowth = "500 %"\n';
    const { folder: cwd } = grown({ 'pyproject.toml': table });
    expect((await check([], cwd)).code).toBe(1);
    expect((await check(['--max-growth', '20MB'], cwd)).code).toBe(0);
  });

  test('that cannot be known is no success: a set without a solution at the ref is exit 3', async () => {
    const { folder: cwd, commit } = grown();
    commit({ 'main.py': '', 'requirements.txt': 'audio==0.10\nnumbers==1.19\n' });
    commit({ 'requirements.txt': 'audio==0.10\n' });
    const run = await check(['--max-growth', '1 MB', '--against', 'HEAD~1'], cwd);
    expect(run.code).toBe(3);
    expect(run.stderr).toContain('at HEAD~1: ');
    expect(run.stdout.replaceAll(/\s+/g, ' ')).toContain('one of the sides has no solution');
  });

  test('measures the one project that is checked, and no other', async () => {
    const { folder: cwd, commit } = createRepository();
    commit({
      'api/requirements.txt': 'webframe==1.0\n',
      'web/requirements.txt': 'testtool\n',
      '.python-version': '3.11\n',
    });
    commit({
      'api/requirements.txt': heavy,
      'web/requirements.txt': 'router\n',
      '.python-version': '3.12\n',
    });
    const words = [
      'check',
      'api',
      '--max-growth',
      '0',
      '--against',
      'HEAD~1',
      '--index-url',
      server.indexUrl,
    ];
    const run = await runDepweight([...words, '--json'], { cwd });
    const { growth }: CheckDocument = JSON.parse(run.stdout);
    expect(growth?.added.map(({ name }) => name)).toEqual(['cuda-blobs', 'heavy-tensors']);
    expect(growth?.removed).toEqual([]);
  });

  test.each([
    [['--max-growth', '1 MB'], '--max-growth has nothing to measure from'],
    [['--against', 'main'], 'no growth is limited'],
    [['--max-growth', '1 MB', '--against', 'mian'], 'did you mean main?'],
    [['--max-growth', '1M', '--against', 'main'], '1MB or 1MiB?'],
    [['--max-growth', '1 MB', '--against=--help'], 'no name of a commit begins with -'],
  ])('%j is a wrong call', async (words, message) => {
    const { folder: cwd } = grown();
    const run = await check(words, cwd);
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr.replaceAll(/\s+/g, ' ')).toContain(message);
  });
});
