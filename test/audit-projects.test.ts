import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import type { AuditDocument, ProjectDocument } from '../src/types.ts';
import type { IndexServer } from './support/index-server.ts';
import { startIndexServer } from './support/index-server.ts';
import type { Run } from './e2e/support.ts';
import {
  createProject,
  documentOf,
  ensureBuilt,
  removeProject,
  runDepweight,
  world,
} from './e2e/support.ts';

let server: IndexServer;

beforeAll(async () => {
  await ensureBuilt();
  server = await startIndexServer(world);
}, 60_000);

afterAll(async () => server.close());

type Files = Readonly<Record<string, string>>;

/** A top with a service below it that wastes, and documentation. */
const repository: Files = {
  'pyproject.toml': '[project]\nname = "acme"\nversion = "1"\ndependencies = ["router"]\n',
  'main.py': 'import router\n',
  'api/requirements.txt': 'webframe\nheavy-tensors==2.1.0\n',
  'api/app.py': 'import webframe\n',
  'docs/requirements.txt': 'testtool\n',
  'docs/test_examples.py': 'import testtool\n',
};

async function run(words: readonly string[], files: Files = repository): Promise<Run> {
  const folder = createProject(files);
  try {
    const flags = ['--index-url', server.indexUrl, '--python', '3.11'];
    return await runDepweight([...words, ...flags], { cwd: folder });
  } finally {
    removeProject(folder);
  }
}

async function audit(files: Files = repository, ...words: string[]): Promise<AuditDocument> {
  return documentOf(await run(['audit', '--json', ...words], files));
}

const rulesOf = ({ findings }: Pick<ProjectDocument, 'findings'>): readonly string[] =>
  findings.map(({ rule, packages }) => `${rule} ${packages.join(' ')}`);

describe('a repository with several projects', () => {
  test('is audited one by one; the document itself stays that of the first', async () => {
    const { projects = [], ...first } = await audit();
    expect(projects.map(({ path, totals }) => [path, totals.packages])).toEqual([
      ['.', 1],
      ['api', 4],
      ['docs', 2],
    ]);
    expect(first.project).toBe('acme');
    expect(first.packages.map(({ name }) => name)).toEqual(['router']);
    expect(projects[1] && rulesOf(projects[1])).toContain('unused heavy-tensors');
    expect(projects[0]?.packages).toEqual(first.packages);
    expect(first.warnings).toEqual([]);
  });

  test('gives a document that the schema admits, the same bytes twice', async () => {
    const [one, two] = [await run(['audit', '--json']), await run(['audit', '--json'])];
    expect(two?.stdout).toBe(one?.stdout);
    const schema = JSON.parse(
      readFileSync(new URL('../data/report.schema.json', import.meta.url), 'utf8'),
    );
    const validate = new Ajv({ strict: false, allErrors: true }).compile(schema);
    validate(one && documentOf(one));
    expect(validate.errors ?? []).toEqual([]);
  });

  test('has no `projects` where there is one', async () => {
    const document = await audit({ 'requirements.txt': 'router\n', 'a.py': 'import router\n' });
    expect(document).not.toHaveProperty('projects');
  });

  test('is audited in its parts by their folders', async () => {
    const document = documentOf(await run(['audit', 'api', '--json']));
    expect(document).not.toHaveProperty('projects');
    expect(rulesOf(document)).toContain('unused heavy-tensors');
  });

  test.each([
    ['tree', 'depweight tree FOLDER'],
    ['why router', 'depweight why router FOLDER'],
    ['split', 'depweight split FOLDER'],
  ])('is shown by its first project in `%s`, with a word on the others', async (words, call) => {
    const { stderr } = await run(words.split(' '));
    expect(stderr).toContain('this repository holds 3 projects; this is the one at the top');
    expect(stderr.replaceAll(/\s+/g, ' ')).toContain(`\`${call}\`: api, docs`);
  });

  test('nothing in a folder of documentation has to be moved to development', async () => {
    const { projects = [] } = await audit();
    expect(projects[2]?.declared).toMatchObject([{ name: 'testtool', verdict: 'used' }]);
  });
});

describe('a project that fails', () => {
  const conflict = { ...repository, 'api/requirements.txt': 'audio\nnumbers==1.19\n' };

  test('exits 2 and loses none of the others', async () => {
    const result = await run(['audit', '--json'], conflict);
    expect(result.code).toBe(2);
    const { projects = [], error } = documentOf(result);
    expect(error).toBeNull();
    expect(projects.map((one) => [one.path, one.error === null, one.totals.packages])).toEqual([
      ['.', true, 1],
      ['api', false, 0],
      ['docs', true, 2],
    ]);
    expect(result.stderr).toContain('api/requirements.txt:2');
  });

  test('exits with the worst of all: 1 for a finding of any', async () => {
    const result = await run(['audit', '--fail-on', 'unused']);
    expect(result.code).toBe(1);
    expect(result.stderr).toContain('unused heavy-tensors');
  });

  test('exits 3 where one of them has a name that no index has', async () => {
    const files = { ...repository, 'docs/requirements.txt': 'nowhere\n' };
    expect((await run(['audit'], files)).code).toBe(3);
  });

  test('is the first: the document is that of the next', async () => {
    const words = ['audit', '--json', '--env', 'extra:x'];
    const extra = '[project]\nname = "api"\nversion = "1"\ndependencies = ["webframe"]\n';
    const files: Files = {
      'pyproject.toml': repository['pyproject.toml'] ?? '',
      'main.py': '',
      'api/pyproject.toml': `${extra}[project.optional-dependencies]\nx = ["router"]\n`,
      'api/app.py': 'import webframe',
    };
    const result = await run(words, files);
    const { project, projects = [] } = documentOf(result);
    expect(result.code).toBe(0);
    expect(project).toBe('api');
    expect(projects[0]).toMatchObject({ path: '.', target: null, error: null, packages: [] });
    expect(projects[0]?.warnings).toMatchObject([{ code: 'unknown-environment' }]);
    const nowhere = await run(['audit', '--env', 'extra:nothing'], files);
    expect(nowhere.code).toBe(2);
    expect(nowhere.stderr).toContain('there is no environment extra:nothing');
  });

  test('an extra that some of them have is no fault of the others', async () => {
    const head = '[project]\nname = "p"\nversion = "1"\ndependencies = []\n';
    const files = {
      'pyproject.toml': head,
      'api/pyproject.toml': `${head.replace('"p"', '"q"')}[project.optional-dependencies]\nx = ["router"]\n`,
    };
    const one = await run(['audit', '--extra', 'x'], files);
    expect(one.code).toBe(0);
    const none = await run(['audit', '--extra', 'nothing'], files);
    expect(none.code).toBe(2);
    for (const told of [one.stderr + one.stdout, none.stderr])
      expect(told.replaceAll(/\s+/g, ' ')).toContain(
        'in the project p (at the top); there are none',
      );
    expect(none.stderr.replaceAll(/\s+/g, ' ')).toContain(
      'in the project q (in api); there are `x`',
    );
  });
});

describe('the configuration of a project below', () => {
  test('goes above that of the repository, and keeps what it names there alone', async () => {
    const files: Files = {
      ...repository,
      'depweight.toml': 'extra = []\nkeep = ["router"]\n',
      'api/depweight.toml': 'python = "3.12"\n[keep]\nheavy-tensors = "by name"\n',
    };
    const folder = createProject(files);
    const flags = ['--index-url', server.indexUrl, '--json'];
    const result = await runDepweight(['audit', ...flags], { cwd: folder });
    removeProject(folder);
    const { projects = [] } = documentOf(result);
    expect(projects.map(({ path, target }) => [path, target?.python === '3.12'])).toEqual([
      ['.', false],
      ['api', true],
      ['docs', false],
    ]);
    const api = projects[1];
    expect(api && rulesOf(api)).not.toContain('unused heavy-tensors');
    // `router` is imported at the top, so that nothing there needs it to be kept.
    expect(projects[0]?.warnings).toMatchObject([{ code: 'stale-keep', path: 'depweight.toml' }]);
    expect(api?.warnings).toEqual([]);
  });

  test('fails that project alone where it is wrong', async () => {
    const files = { ...repository, 'api/depweight.toml': 'pythn = "3.12"\n' };
    const result = await run(['audit', '--json'], files);
    expect(result.code).toBe(2);
    const { projects = [] } = documentOf(result);
    expect(projects[1]?.warnings).toMatchObject([{ code: 'unknown-setting', severity: 'error' }]);
    expect(projects[0]?.warnings).toEqual([]);
  });
});
