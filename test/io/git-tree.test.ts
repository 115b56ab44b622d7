import { createHash } from 'node:crypto';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  realpathSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import { parseRef } from '../../src/diff/parse-ref.ts';
import { createMemoryFiles, type FileAccess } from '../../src/inputs/file-access.ts';
import { findCommit, openGit, type GitPlace } from '../../src/io/git.ts';
import { type GitTree, readGitTree } from '../../src/io/git-tree.ts';
import { createTreeFiles } from '../../src/io/tree-files.ts';
import type { TestRepository } from '../support/git-repository.ts';
import {
  createFolder,
  createRepository,
  openRepository,
  removeRepositories,
  runGit,
} from '../support/git-repository.ts';

afterEach(removeRepositories);

function placeOf(folder: string): GitPlace {
  return {
    folder,
    boundary: folder,
    searchPath: process.env['PATH'] ?? '',
    signal: new AbortController().signal,
  };
}

interface Opened {
  readonly files: FileAccess;
  readonly tree: GitTree;
  readonly id: string;
}

async function open(folder: string, ref: string, isLikely = true): Promise<Opened> {
  const place = placeOf(folder);
  const git = await openGit(place);
  const { id } = await findCommit(git, parseRef(ref));
  const tree = await readGitTree(git, place, { commit: id, name: ref, isLikely: () => isLikely });
  const { prefix, top } = git;
  return {
    files: createTreeFiles({ ...tree, prefix, top, outside: createMemoryFiles({}) }),
    tree,
    id,
  };
}

function textOf({ files }: Opened, path: string): string {
  const read = files.read(path);
  return read.ok ? Buffer.from(read.bytes).toString('utf8') : `${read.problem}: ${read.detail}`;
}

async function failureOf(folder: string, ref: string): Promise<string> {
  try {
    await open(folder, ref);
  } catch (error) {
    if (error instanceof Error && 'code' in error && 'hint' in error)
      return `${String(error.code)}: ${error.message} | ${String(error.hint)}`;
    throw error;
  }
  return 'it is there';
}

function twoCommits(): TestRepository & { readonly first: string } {
  const repository = createRepository();
  const first = repository.commit({ 'requirements.txt': 'old\n', 'app/main.py': 'import old\n' });
  repository.commit({ 'requirements.txt': 'new\n', 'app/main.py': null });
  return { ...repository, first };
}

describe('the files of a commit', () => {
  test('are those of the commit, whatever is in the work tree, and nothing is touched', async () => {
    const { folder, git, first, write } = twoCommits();
    write({ 'requirements.txt': 'edited\n' });
    const status = git('status', '--porcelain');
    for (const ref of ['HEAD~1', first, first.slice(0, 8), 'main~1', 'main^', 'main@{1}']) {
      const opened = await open(folder, ref);
      expect([ref, opened.id]).toEqual([ref, first]);
      expect(textOf(opened, 'requirements.txt')).toBe('old\n');
      expect(textOf(opened, 'app/main.py')).toBe('import old\n');
    }
    expect(git('status', '--porcelain')).toBe(status);
  });

  test('that nobody foresaw are read as well', async () => {
    const { folder } = twoCommits();
    expect(textOf(await open(folder, 'HEAD~1', false), 'requirements.txt')).toBe('old\n');
  });

  test('are found from a folder below the top, where that has an odd name too', async () => {
    const { folder, commit } = createRepository();
    const odd = 'ünder "the\ttop\n';
    commit({ [`${odd}/requirements.txt`]: 'odd\n', 'common.txt': 'c\n', '-rf.txt': 'dash\n' });
    const opened = await open(join(folder, odd), 'HEAD');
    expect(textOf(opened, 'requirements.txt')).toBe('odd\n');
    expect(textOf(opened, '../common.txt')).toBe('c\n');
    expect(textOf(opened, '../-rf.txt')).toBe('dash\n');
  });

  test('may be links, which are read as links', async () => {
    const { folder, commit, write } = createRepository();
    mkdirSync(join(folder, 'real'));
    symlinkSync('real/base.txt', join(folder, 'requirements.txt'));
    symlinkSync('/etc/passwd', join(folder, 'away.txt'));
    commit({ 'real/base.txt': 'base\n' });
    write({ 'requirements.txt': 'a file now\n' });
    const opened = await open(folder, 'HEAD');
    expect(textOf(opened, 'requirements.txt')).toBe('base\n');
    expect(textOf(opened, 'away.txt')).toMatch(/^outside/);
  });

  test('are found in a work tree beside the repository, and in one with SHA-256', async () => {
    const { folder, git } = twoCommits();
    const beside = join(createFolder(), 'beside');
    git('worktree', 'add', '-q', beside, 'main~1');
    expect(textOf(await open(beside, 'main'), 'requirements.txt')).toBe('new\n');
    const other = createRepository('--object-format=sha256');
    other.commit({ 'requirements.txt': 'long hashes\n' });
    const opened = await open(other.folder, 'HEAD');
    expect(opened.id).toMatch(/^[\da-f]{64}$/);
    expect(textOf(opened, 'requirements.txt')).toBe('long hashes\n');
    expect(existsSync(folder)).toBe(true);
  });

  test('are there for a hook of git as well, which has GIT_DIR set', async () => {
    const { folder, first } = twoCommits();
    const other = createRepository();
    other.commit({});
    process.env['GIT_DIR'] = join(other.folder, '.git');
    try {
      expect((await open(folder, 'HEAD~1')).id).toBe(first);
    } finally {
      delete process.env['GIT_DIR'];
    }
  });
});

describe('nothing of the repository is run', () => {
  test('no hook, filter, monitor, text conversion or pager', async () => {
    const { folder, git, commit } = createRepository();
    commit({ '.gitattributes': '* filter=evil diff=evil\n', 'requirements.txt': 'a\n' });
    const mark = join(createFolder(), 'mark');
    const script = join(folder, '.git', 'evil');
    writeFileSync(script, `#!/bin/sh\ntouch ${mark}\ncat\n`);
    chmodSync(script, 0o755);
    for (const hook of ['post-checkout', 'reference-transaction', 'post-index-change'])
      symlinkSync(script, join(folder, '.git', 'hooks', hook));
    const settings = ['core.fsmonitor', 'core.pager', 'core.sshCommand', 'core.editor'];
    for (const key of [
      ...settings,
      'filter.evil.smudge',
      'filter.evil.clean',
      'diff.evil.textconv',
    ])
      git('config', key, script);
    git('config', 'core.sparseCheckout', 'true');
    git('config', 'filter.evil.required', 'true');
    expect(textOf(await open(folder, 'HEAD'), 'requirements.txt')).toBe('a\n');
    expect(await failureOf(folder, 'missing')).toMatch(/^unknown-ref/);
    expect(existsSync(mark)).toBe(false);
  });

  test('and a git that it brings along is not taken', async () => {
    const { folder, commit } = createRepository();
    commit({ 'bin/git': '#!/bin/sh\nexit 1\n' });
    chmodSync(join(folder, 'bin/git'), 0o755);
    const place = { ...placeOf(folder), searchPath: join(folder, 'bin') };
    await expect(openGit(place)).rejects.toMatchObject({ code: 'git-missing' });
  });

  test('what a partial clone lacks is not fetched', async () => {
    const { folder, git } = twoCommits();
    git('config', 'uploadpack.allowFilter', 'true');
    const clone = join(createFolder(), 'clone');
    runGit(folder, 'clone', '-q', '--filter=blob:none', `file://${folder}`, clone);
    expect(textOf(await open(clone, 'HEAD'), 'requirements.txt')).toBe('new\n');
    const lacking = await open(clone, 'HEAD~1');
    expect(textOf(lacking, 'requirements.txt')).toBe(
      'unreadable: is not in this clone, which is a partial one',
    );
    const treeless = join(createFolder(), 'treeless');
    runGit(folder, 'clone', '-q', '--filter=tree:0', `file://${folder}`, treeless);
    expect(await failureOf(treeless, 'HEAD~1')).toMatch(/^git-failed.*--refetch --no-filter/);
  });
});

describe('what is kept elsewhere', () => {
  test('Git LFS: the file where this machine has it, else why there is none', async () => {
    const { folder, commit } = createRepository();
    const content = 'numpy==1.0\n';
    const hash = createHash('sha256').update(content).digest('hex');
    const pointer = (sum: string, size: number): string =>
      `version https://git-lfs.github.com/spec/v1\noid sha256:${sum}\nsize ${size}\n`;
    commit({
      'here.txt': pointer(hash, content.length),
      'away.txt': pointer('0'.repeat(64), 5),
      'plain.txt': 'version 1\n',
    });
    const media = join(folder, '.git/lfs/objects', hash.slice(0, 2), hash.slice(2, 4));
    mkdirSync(media, { recursive: true });
    writeFileSync(join(media, hash), content);
    const opened = await open(folder, 'HEAD');
    expect(textOf(opened, 'here.txt')).toBe(content);
    expect(textOf(opened, 'away.txt')).toMatch(/^unreadable: is kept by Git LFS/);
    expect(textOf(opened, 'plain.txt')).toBe('version 1\n');
  });

  test('a submodule has the commit in a repository of its own', async () => {
    const library = twoCommits();
    const whole = createRepository();
    whole.git('submodule', 'add', '-q', library.folder, 'libs/inner');
    runGit(join(whole.folder, 'libs/inner'), 'checkout', '-q', library.first);
    whole.commit({ 'requirements.txt': '-e libs/inner\n' });
    runGit(join(whole.folder, 'libs/inner'), 'checkout', '-q', 'main');
    whole.commit({});
    expect(textOf(await open(whole.folder, 'HEAD~1'), 'libs/inner/requirements.txt')).toBe('old\n');
    expect(textOf(await open(whole.folder, 'HEAD'), 'libs/inner/requirements.txt')).toBe('new\n');
    // From inside, it is a repository like any other.
    const inner = await open(join(whole.folder, 'libs/inner'), 'HEAD~1');
    expect(textOf(inner, 'requirements.txt')).toBe('old\n');
    // One that is not checked out holds nothing, on both sides.
    const clone = join(createFolder(), 'clone');
    runGit(whole.folder, 'clone', '-q', whole.folder, clone);
    const opened = await open(clone, 'HEAD');
    expect(opened.files.list('libs/inner')).toEqual({ ok: true, entries: [] });
    expect(opened.tree.warnings).toEqual([]);
  });

  test('a submodule whose commit is not there is told', async () => {
    const library = twoCommits();
    const whole = createRepository();
    whole.git('submodule', 'add', '-q', library.folder, 'inner');
    whole.git('update-index', '--cacheinfo', `160000,${'1'.repeat(40)},inner`);
    whole.git('commit', '-q', '-m', 'a commit that nobody has');
    const { tree } = await open(whole.folder, 'HEAD');
    expect(tree.warnings).toMatchObject([
      { code: 'submodule', path: 'inner', severity: 'incomplete' },
    ]);
  });

  test('what a sparse checkout leaves out is on neither side', async () => {
    const { folder, git, commit } = createRepository();
    commit({ 'api/requirements.txt': 'a\n', 'web/requirements.txt': 'w\n' });
    git('sparse-checkout', 'set', 'api');
    const opened = await open(folder, 'HEAD');
    expect(textOf(opened, 'api/requirements.txt')).toBe('a\n');
    expect(textOf(opened, 'web/requirements.txt')).toMatch(/^missing/);
    expect(opened.tree.warnings).toMatchObject([
      { code: 'sparse-checkout', message: expect.stringContaining('1 file') },
    ]);
  });
});

describe('the merge base', () => {
  test('is where the branch left, and a branch that went on is told', async () => {
    const { folder, git, commit } = createRepository();
    const base = commit({ 'a.txt': '1' });
    git('checkout', '-q', '-b', 'feature');
    commit({ 'a.txt': '2' });
    const ofFeature = await findCommit(await openGit(placeOf(folder)), parseRef('main'));
    expect(ofFeature).toEqual({ id: base, hasDiverged: false });
    git('checkout', '-q', 'main');
    const tip = commit({ 'b.txt': '3' });
    git('checkout', '-q', 'feature');
    const opened = await openGit(placeOf(folder));
    expect(await findCommit(opened, parseRef('main'))).toEqual({ id: tip, hasDiverged: true });
    expect(await findCommit(opened, parseRef('main...'))).toEqual({ id: base, hasDiverged: false });
    expect(await findCommit(opened, parseRef('main...HEAD'))).toMatchObject({ id: base });
  });

  test('of unrelated histories there is none', async () => {
    const { folder, git, commit } = createRepository();
    commit({ 'a.txt': '1' });
    git('checkout', '-q', '--orphan', 'other');
    commit({ 'b.txt': '1' });
    expect(await failureOf(folder, 'main...')).toBe(
      'no-merge-base: main and HEAD have no commit in common here | compare with main itself, without the dots',
    );
    expect((await open(folder, 'main')).id).toBe(git('rev-parse', 'main'));
  });
});

describe('a ref that is not there', () => {
  test('names the nearest one, or the remote that has it', async () => {
    const { folder, git } = twoCommits();
    git('update-ref', 'refs/remotes/origin/develop', 'HEAD');
    expect(await failureOf(folder, 'mian')).toContain('did you mean main?');
    expect(await failureOf(folder, 'develop~1')).toContain('did you mean origin/develop~1?');
    expect(await failureOf(folder, 'HEAD~9')).toContain('the history is shorter than that');
    expect(await failureOf(folder, 'elsewhere-entirely')).toContain(
      'git fetch origin elsewhere-entirely',
    );
    expect(await failureOf(folder, 'HEAD:requirements.txt')).toMatch(/^unknown-ref/);
  });

  test('in a shallow clone says what CI has to fetch', async () => {
    const { folder, git } = twoCommits();
    git('branch', 'far', 'main~1');
    const clone = join(createFolder(), 'clone');
    runGit(folder, 'clone', '-q', '--depth=1', `file://${folder}`, clone);
    const back = await failureOf(clone, 'HEAD~1');
    expect(back).toContain('this clone is shallow');
    expect(back).toContain('fetch-depth: 0');
    expect(await failureOf(clone, 'origin/far')).toContain('`git fetch origin far`');
    runGit(clone, 'fetch', '-q', '--depth=1', 'origin', 'far:refs/remotes/origin/far');
    const parted = await failureOf(clone, 'origin/far...');
    expect(parted).toMatch(/^no-merge-base/);
    expect(parted).toContain('git fetch --unshallow');
    expect((await open(clone, 'origin/far')).id).toBe(git('rev-parse', 'far'));
  });

  test('and a repository without a commit, or none at all', async () => {
    expect(await failureOf(createRepository().folder, 'HEAD')).toContain('there is no commit yet');
    const folder = createFolder();
    expect(await failureOf(folder, 'main')).toMatch(
      /^not-a-repository.*`depweight compare OLD NEW`/,
    );
    const bare = createRepository('--bare');
    expect(await failureOf(bare.folder, 'HEAD')).toMatch(/^(?:not-a-repository|git-failed)/);
    await expect(openGit({ ...placeOf(folder), searchPath: '' })).rejects.toMatchObject({
      code: 'git-missing',
    });
  });

  test('an abbreviation of several commits', async () => {
    const { folder, commit } = createRepository();
    const seen = new Map<string, string>();
    for (let at = 0; at < 20; at++) {
      const prefix = commit({ 'a.txt': String(at) }).slice(0, 1);
      seen.set(prefix, prefix);
    }
    // Below four digits nothing is an abbreviation.
    expect(await failureOf(folder, [...seen.keys()][0] ?? '')).toMatch(/^unknown-ref/);
    expect(realpathSync(folder)).toBe((await openGit(placeOf(folder))).top);
    expect(openRepository(folder).git('status', '--porcelain')).toBe('');
  });
});
