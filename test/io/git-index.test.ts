import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { readGitState, type GitState } from '../../src/io/git-index.ts';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'depweight-git-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const git = (...words: readonly string[]): string =>
  execFileSync('git', ['-c', 'core.autocrlf=false', ...words], {
    cwd: folder,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
    env: { PATH: process.env['PATH'] ?? '', HOME: folder, GIT_CONFIG_NOSYSTEM: '1' },
  });
const hasGit = ((): boolean => {
  try {
    return execFileSync('git', ['--version'], { encoding: 'utf8' }) !== '';
  } catch {
    // Not every machine has it.
    return false;
  }
})();
const stateOf = (name: string): GitState => {
  const path = join(folder, name);
  return readGitState(path, readFileSync(path));
};

test('without a repository there is nothing to ask', () => {
  writeFileSync(join(folder, 'a'), 'x');
  expect(stateOf('a')).toBe('none');
});

test.each(['', 'DIRC', 'DIRC\0\0\0\u0009\0\0\0\u0001', 'DIRC\0\0\0\u0002\0\0\0\u00ffabc'])(
  'an index that is none is no answer: %j',
  (text) => {
    mkdirSync(join(folder, '.git'));
    writeFileSync(join(folder, '.git', 'index'), text, 'latin1');
    writeFileSync(join(folder, 'a'), 'x');
    expect(stateOf('a')).toBe('unknown');
  },
);

test('nothing is known to a repository without an index', () => {
  mkdirSync(join(folder, '.git'));
  writeFileSync(join(folder, 'a'), 'x');
  expect(stateOf('a')).toBe('untracked');
});

describe.skipIf(!hasGit)('what git has of a file', () => {
  test.each([
    ['version 2', []],
    ['version 4, which shortens paths', ['update-index', '--index-version', '4']],
    ['version 3, with longer flags', ['add', '-N', 'sub/new.toml']],
  ])('is read from an index of %s', (_, words) => {
    git('init', '-q');
    mkdirSync(join(folder, 'sub'));
    for (const name of [
      'a',
      'pyproject.toml',
      'sub/a',
      'sub/pyproject.toml',
      'sub/pyproject2.toml',
    ])
      writeFileSync(join(folder, name), `${name}\r\n`);
    git('add', 'a', 'pyproject.toml', 'sub');
    writeFileSync(join(folder, 'sub/new.toml'), 'new\n');
    if (words.length > 0) git(...words);
    expect(stateOf('pyproject.toml')).toBe('clean');
    expect(stateOf('sub/pyproject.toml')).toBe('clean');
    expect(stateOf('sub/pyproject2.toml')).toBe('clean');
    expect(stateOf('sub/new.toml')).not.toBe('clean');
    writeFileSync(join(folder, 'sub/pyproject.toml'), 'other\n');
    expect(stateOf('sub/pyproject.toml')).toBe('changed');
  });

  test('may have other line ends', () => {
    git('init', '-q');
    writeFileSync(join(folder, 'a'), 'x\ny\n');
    git('add', 'a');
    writeFileSync(join(folder, 'a'), 'x\r\ny\r\n');
    expect(stateOf('a')).toBe('clean');
  });

  test('is read where hashes are long', () => {
    git('init', '-q', '--object-format=sha256');
    writeFileSync(join(folder, 'a'), 'x\n');
    git('add', 'a');
    expect(stateOf('a')).toBe('clean');
  });

  test('is read beside a work tree', () => {
    git('init', '-q', 'main');
    writeFileSync(join(folder, 'main', 'a'), 'x\n');
    git('-C', 'main', 'add', 'a');
    git('-C', 'main', '-c', 'user.name=x', '-c', 'user.email=x@index.test', 'commit', '-qm', 'x');
    git('-C', 'main', 'worktree', 'add', '-q', '../tree');
    expect(stateOf('tree/a')).toBe('clean');
  });
});
