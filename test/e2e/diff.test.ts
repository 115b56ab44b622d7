import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { DiffDocument, DiffFacts } from '../../src/types.ts';
import { createRepository, removeRepositories } from '../support/git-repository.ts';
import type { TestRepository } from '../support/git-repository.ts';
import type { IndexServer } from '../support/index-server.ts';
import { startIndexServer } from '../support/index-server.ts';
import { writeZip } from '../support/zip-writer.ts';
import type { Run } from './support.ts';
import { application, ensureBuilt, runDepweight, world } from './support.ts';

let server: IndexServer;
beforeAll(async () => {
  await ensureBuilt();
  server = await startIndexServer(world);
}, 60_000);
afterAll(async () => {
  removeRepositories();
  await server.close();
});

const diffIn = (cwd: string, ...words: readonly string[]): Promise<Run> =>
  runDepweight(['diff', ...words, '--index-url', server.indexUrl], { cwd });

function documentOf({ stdout, stderr }: Run): DiffDocument {
  if (stdout === '') throw new Error(stderr);
  const document: DiffDocument = JSON.parse(stdout);
  const schema: object = JSON.parse(readFileSync('data/report.schema.json', 'utf8'));
  const validate = new Ajv({ strict: false }).compile(schema);
  expect([validate(document), validate.errors]).toEqual([true, null]);
  return document;
}

/** `+router 1.4 through webframe` and so on. */
function movesOf(document: Partial<DiffFacts>): readonly string[] {
  const { added = [], removed = [], changed = [] } = document;
  const through = (names: readonly string[]): string =>
    names.length > 1 ? ` through ${names.slice(0, -1).join(' ')}` : '';
  return [
    ...added.map((row) => `+${row.name} ${row.version}${through(row.through)}`),
    ...removed.map((row) => `-${row.name} ${row.version}${through(row.through)}`),
    ...changed.map(({ name, before, after }) => `${name} ${before.version} ${after.version}`),
  ];
}

/** The application as it is, then without what it does not use; `numbers` in another version on both sides. */
function edited(): TestRepository {
  const repository = createRepository();
  const requirements = application['requirements.txt'] ?? '';
  repository.commit({
    ...application,
    '.gitignore': '.cache\n',
    '.python-version': '3.11\n',
    'requirements.txt': `${requirements}numbers==1.19\n`,
  });
  repository.git('checkout', '-q', '-b', 'lighter');
  repository.commit({ 'requirements.txt': 'webframe==1.0\naudio==0.10\nnumbers==1.26\n' });
  return repository;
}

describe('what changed since a ref', () => {
  test('is what comes, goes and changes, with what brings it and the sums of both sides', async () => {
    const { folder, git } = edited();
    const document = documentOf(await diffIn(folder, 'main', '--json'));
    expect(movesOf(document)).toEqual([
      '+audio 0.10',
      '-cuda-blobs 12.1 through heavy-tensors',
      '-heavy-tensors 2.1.0',
      '-pluggable 1.0 through testtool',
      '-testtool 7.4',
      'numbers 1.19 1.26',
    ]);
    const { before, after, difference, ref, added, removed } = document;
    expect(ref).toEqual({ name: 'main', commit: git('rev-parse', 'main'), mergeBase: false });
    expect(difference).toMatchObject({ packages: -3, installedBound: 'exact' });
    expect(difference?.installedBytes).toBe(
      (after?.installedBytes ?? 0) - (before?.installedBytes ?? 0),
    );
    expect(before?.packages).toBe(7);
    expect(added?.[0]?.declaredAt).toEqual([{ path: 'requirements.txt', line: 2, column: 1 }]);
    // Of what went, the line is that of the ref.
    expect(removed?.[0]?.declaredAt).toEqual([{ path: 'requirements.txt', line: 3, column: 1 }]);
    const about = (list: DiffDocument['newFindings']): readonly string[] =>
      (list ?? []).map(({ rule, packages }) => `${rule} ${packages.join(' ')}`);
    expect(about(document.newFindings)).toContain('unused audio numbers');
    expect(about(document.solvedFindings)).toEqual(
      expect.arrayContaining(['unused heavy-tensors', 'dev-only testtool']),
    );
    expect(document.packages.map(({ name }) => name)).toEqual([
      'audio',
      'numbers',
      'router',
      'webframe',
    ]);
  });

  test('of wheels by path is read from the commit, not from the work tree', async () => {
    const wheel = (name: string, bytes: number): Buffer =>
      writeZip([
        { name: 'pears.py', content: '#'.repeat(bytes) },
        { name: `${name}.dist-info/METADATA`, content: 'Name: pears\nVersion: 1.0\n' },
        { name: `${name}.dist-info/WHEEL`, content: 'Wheel-Version: 1.0\n' },
        { name: `${name}.dist-info/RECORD`, content: '' },
      ]);
    const path = 'vendor/pears-1.0-py3-none-any.whl';
    const repository = createRepository();
    repository.commit({ 'requirements.txt': `./${path}\n`, [path]: wheel('pears-1.0', 5000) });
    repository.write({ [path]: wheel('pears-1.0', 9000) });
    const run = await diffIn(repository.folder, 'HEAD', '--json');
    const { before, after, warnings } = documentOf(run);
    expect((after?.installedBytes ?? 0) - (before?.installedBytes ?? 0)).toBe(4000);
    expect(warnings.filter(({ code }) => code === 'local-archive')).toEqual([]);
    expect(run.stdout).not.toContain('depweight-ref');
    expect((await diffIn(repository.folder, 'HEAD', '--json')).stdout).toBe(run.stdout);
  });

  test('is printed at 80 columns, and the same twice', async () => {
    const { folder, git } = edited();
    const run = await diffIn(folder, 'main', '--format', 'table');
    expect([run.code, run.stderr]).toEqual([0, '']);
    for (const line of run.stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
    const short = git('rev-parse', 'main').slice(0, 10);
    const text = run.stdout;
    expect(text).toContain(`requirements.txt  since main (${short})`);
    expect(text).toMatch(/installed {2} *14 MB {2} *\d\S* k?B {2} *−14 MB {2}−99 %/);
    expect(text).toMatch(
      /\nREMOVED {2}4 packages, 14 MB\n {2}heavy-tensors 2\.1\.0 +9\.0 MB {2}requirements\.txt:3\n/,
    );
    expect(text).toMatch(/cuda-blobs 12\.1 +5\.0 MB {2}heavy-tensors \(requirements\.txt:3\)/);
    expect(text).toMatch(/\nCHANGED {2}1 package, .*\n {2}numbers 1\.19 → 1\.26 /);
    const json = await diffIn(folder, 'main', '--json');
    expect((await diffIn(folder, 'main', '--json')).stdout).toBe(json.stdout);
    const markdown = await diffIn(folder, 'main', '--format', 'md', '--output', 'out.md');
    expect(markdown.stdout).toMatch(
      /^<!-- depweight diff -->\n### depweight: \d\S* k?B installed \(\*\*−14/,
    );
    expect(readFileSync(join(folder, 'out.md'), 'utf8')).toBe(markdown.stdout);
  });

  test('is nothing where nothing changed, edits that are not committed included', async () => {
    const { folder, write } = edited();
    const same = await diffIn(folder, 'HEAD');
    expect(same.stdout).toContain('✓ the same packages in the same versions');
    expect(documentOf(await diffIn(folder, 'HEAD', '--json'))).toMatchObject({
      difference: { packages: 0, installedBytes: 0, installedBound: 'exact' },
      newFindings: [],
      solvedFindings: [],
    });
    write({ 'requirements.txt': 'webframe==1.0\naudio==0.10\nnumbers==1.26\ntesttool\n' });
    const moves = movesOf(documentOf(await diffIn(folder, 'HEAD', '--json')));
    expect(moves).toEqual(['+pluggable 1.0 through testtool', '+testtool 7.4']);
  });

  test('of a branch that went on is told, and main... is where this one left it', async () => {
    const { folder, git, commit } = edited();
    git('checkout', '-q', 'main');
    commit({ 'requirements.txt': 'webframe==1.0\n' });
    git('checkout', '-q', 'lighter');
    const tip = await diffIn(folder, 'main', '--json');
    expect(movesOf(documentOf(tip))).toEqual(['+audio 0.10', '+numbers 1.26']);
    expect(tip.stderr.replaceAll(/\s+/g, ' ')).toContain(
      'main... compares with where the two parted',
    );
    const parted = await diffIn(folder, 'main...', '--json');
    expect(parted.stderr).toBe('');
    expect(documentOf(parted)).toMatchObject({ ref: { name: 'main...', mergeBase: true } });
    expect(movesOf(documentOf(parted))).toContain('-heavy-tensors 2.1.0');
    expect((await diffIn(folder, 'main...')).stdout).toContain('since it left main (');
  });
});

describe('both sides', () => {
  test('are resolved for the target that is there now, and another one of the ref is told', async () => {
    const { folder, commit } = createRepository();
    const image = (tag: string): string =>
      `FROM python:${tag}\nCOPY requirements.txt .\nRUN pip install -r requirements.txt\n`;
    commit({ 'requirements.txt': 'webframe==1.0\n', Dockerfile: image('3.11-slim-bookworm') });
    commit({ Dockerfile: image('3.12-slim-trixie') });
    const document = documentOf(await diffIn(folder, 'HEAD~1', '--json'));
    expect(document.target).toMatchObject({ python: '3.12', platformTag: 'manylinux_2_41_x86_64' });
    expect(document.targetBefore).toMatchObject({
      python: '3.11',
      platformTag: 'manylinux_2_36_x86_64',
      from: 'Dockerfile:1',
    });
    expect(document.difference).toMatchObject({ installedBytes: 0, installedBound: 'exact' });
    const { stdout } = await diffIn(folder, 'HEAD~1');
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
      'At HEAD~1 the target was Python 3.11 · Linux x86_64 · glibc 2.36 (Dockerfile:1); both sides are weighed for Python 3.12',
    );
    const named = documentOf(
      await diffIn(folder, 'HEAD~1', '--python', '3.11', '--platform', 'linux', '--json'),
    );
    expect(named.targetBefore).toBeNull();
  });

  test('a size that is not known makes the difference a bound, unless both have it', async () => {
    const { folder, commit } = createRepository();
    commit({ 'requirements.txt': 'webframe==1.0\n' });
    commit({ 'requirements.txt': 'webframe==1.0\nold-archive\n' });
    commit({ 'requirements.txt': 'old-archive\nwebframe==1.0\nrouter\n' });
    const bound = async (ref: string): Promise<string | undefined> =>
      documentOf(await diffIn(folder, ref, '--json')).difference?.installedBound;
    expect(await bound('HEAD~2')).toBe('at-least');
    expect(await bound('HEAD~1')).toBe('exact');
    commit({ 'requirements.txt': 'webframe==1.0\n' });
    expect(await bound('HEAD~1')).toBe('at-most');
    expect((await diffIn(folder, 'HEAD~1')).stdout).toContain('≤ 0 B');
    expect((await diffIn(folder, 'HEAD~1')).code).toBe(0);
    expect((await diffIn(folder, 'HEAD~1', '--strict')).code).toBe(3);
  });

  test('take the options alike: extras, constraints and files that only one of them has', async () => {
    const { folder, commit } = createRepository();
    const project = (extra: string): string =>
      `[project]\nname = "app"\nversion = "1"\ndependencies = ["router"]\n${extra}`;
    commit({ 'pyproject.toml': project('') });
    commit({
      'pyproject.toml': project('[project.optional-dependencies]\nweb = ["webframe"]\n'),
      'held.txt': 'router==1.4\n',
    });
    const run = await diffIn(
      folder,
      'HEAD~1',
      '--extra',
      'web',
      '-c',
      'held.txt',
      '--pre',
      '--json',
    );
    expect(run.code).toBe(0);
    expect(movesOf(documentOf(run))).toEqual(['+webframe 1.0', 'router 2.0rc1 1.4']);
    expect(run.stderr).toContain('held.txt is not there at HEAD~1');
  });
});

describe('a project that is new or gone', () => {
  test('counts from nothing, or to nothing', async () => {
    const { folder, commit } = createRepository();
    commit({ 'README.md': 'empty\n' });
    commit({ 'requirements.txt': 'webframe==1.0\n' });
    const added = documentOf(await diffIn(folder, 'HEAD~1', '--json'));
    expect(added).toMatchObject({ presence: 'new', before: { packages: 0, installedBytes: 0 } });
    expect(movesOf(added)).toEqual(['+router 1.4 through webframe', '+webframe 1.0']);
    const named = documentOf(await diffIn(folder, 'HEAD~1', 'requirements.txt', '--json'));
    expect(named).toMatchObject({ presence: 'new', difference: { packages: 2 } });
    commit({ 'requirements.txt': null });
    const gone = documentOf(await diffIn(folder, 'HEAD~1', '--json'));
    expect(gone).toMatchObject({ presence: 'gone', after: { packages: 0 }, packages: [] });
    expect(movesOf(gone)).toEqual(['-router 1.4 through webframe', '-webframe 1.0']);
    const nothing = await diffIn(folder, 'HEAD~2', '--json');
    expect(nothing.code).toBe(2);
    expect(nothing.stderr).toContain('no dependency file found');
  });

  test('of several is a row, and each is compared with itself', async () => {
    const { folder, commit } = createRepository();
    const old = commit({
      'api/requirements.txt': 'webframe==1.0\n',
      'old/requirements.txt': 'testtool\n',
      'web/requirements.txt': 'router\n',
    });
    commit({
      'api/requirements.txt': 'webframe==1.0\naudio\n',
      'old/requirements.txt': null,
      'worker/requirements.txt': 'numbers==1.26\n',
    });
    const document = documentOf(await diffIn(folder, old, '--json'));
    const rows = (document.projects ?? []).map((project) => [
      project.path,
      project.presence,
      ...movesOf(project),
    ]);
    expect(rows).toEqual([
      ['api', 'both', '+audio 0.10', '+numbers 1.26 through audio'],
      ['web', 'both'],
      ['worker', 'new', '+numbers 1.26'],
      ['old', 'gone', '-pluggable 1.0 through testtool', '-testtool 7.4'],
    ]);
    const { stdout } = await diffIn(folder, old);
    expect(stdout).toMatch(/\n {2}worker {4,} –  +\S+ k?B +\+\S+ k?B\n/);
    expect(stdout).toMatch(/\n {2}old {4,}\S+ k?B  +– +−\S+ k?B\n/);
    const below = documentOf(await diffIn(join(folder, 'api'), 'HEAD~1', '--json'));
    expect(movesOf(below)).toEqual(['+audio 0.10', '+numbers 1.26 through audio']);
  });
});

describe('what fails', () => {
  test('a ref that is not there, or is no ref, is a wrong call', async () => {
    const { folder } = edited();
    const unknown = await diffIn(folder, 'mian');
    expect([unknown.code, unknown.stdout]).toEqual([2, '']);
    expect(unknown.stderr).toContain('did you mean main?');
    const option = await runDepweight(['diff', '--isolated', '--', '--output=x'], {
      cwd: folder,
      bare: true,
    });
    expect(option.code).toBe(2);
    expect(option.stderr).toContain('no name of a commit begins with -');
  });

  test('a set without a solution on one side: which side it is, and exit 2', async () => {
    const { folder, commit } = createRepository();
    commit({ 'requirements.txt': 'audio==0.10\nnumbers==1.19\n' });
    commit({ 'requirements.txt': 'audio==0.10\n' });
    const run = await diffIn(folder, 'HEAD~1', '--json');
    expect(run.code).toBe(2);
    expect(run.stderr).toContain('at HEAD~1: ');
    const document = documentOf(run);
    expect(document.error?.message).toContain('at HEAD~1: ');
    expect(document.difference).toBeUndefined();
  });

  test('--fail-on looks at the findings that are new', async () => {
    const { folder, commit } = edited();
    expect((await diffIn(folder, 'HEAD~1', '--fail-on', 'dev-only')).code).toBe(0);
    const run = await diffIn(folder, 'HEAD~1', '--fail-on', 'unused');
    expect(run.code).toBe(1);
    expect(run.stderr).toContain('unused audio, numbers');
    commit({});
    expect((await diffIn(folder, 'HEAD~1', '--fail-on', 'unused')).code).toBe(0);
  });

  test('a name that the index does not have at the ref makes the answer incomplete', async () => {
    const { folder, commit } = createRepository();
    commit({ 'requirements.txt': 'router\nnowhere-to-be-found\n' });
    commit({ 'requirements.txt': 'router\n' });
    const run = await diffIn(folder, 'HEAD~1', '--json');
    expect(run.code).toBe(3);
    expect(documentOf(run).difference?.installedBound).toBe('at-most');
    expect(run.stderr.match(/at HEAD~1/g)).toHaveLength(1);
    // What both lack alike is told once, and is in no difference.
    commit({ 'requirements.txt': 'router\nnowhere-to-be-found\n' });
    commit({ 'requirements.txt': 'nowhere-to-be-found\nrouter\n' });
    const alike = await diffIn(folder, 'HEAD~1', '--json');
    expect([alike.code, documentOf(alike).difference?.installedBound]).toEqual([3, 'exact']);
    expect(alike.stderr).not.toContain('at HEAD~1');
  });
});
