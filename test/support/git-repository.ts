/** Real git repositories in temporary folders, with an identity of their own and without the configuration of this machine. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';

/** A folder with a repository in it. */
export interface TestRepository {
  readonly folder: string;
  git(...words: readonly string[]): string;
  /** Writes files, null to remove one, and commits all there is. Gives the commit. */
  commit(files: Readonly<Record<string, string | Uint8Array | null>>): string;
  write(files: Readonly<Record<string, string | Uint8Array | null>>): void;
}

const variables = {
  PATH: process.env['PATH'] ?? '',
  HOME: tmpdir(),
  GIT_CONFIG_GLOBAL: '/dev/null',
  GIT_CONFIG_NOSYSTEM: '1',
  GIT_AUTHOR_NAME: 'tester',
  GIT_AUTHOR_EMAIL: 'tester@example.test',
  GIT_AUTHOR_DATE: '2026-01-01T00:00:00Z',
  GIT_COMMITTER_NAME: 'tester',
  GIT_COMMITTER_EMAIL: 'tester@example.test',
  GIT_COMMITTER_DATE: '2026-01-01T00:00:00Z',
};

const folders: string[] = [];

/** A new folder; `removeRepositories` removes all of them. */
export function createFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'depweight-git-'));
  folders.push(folder);
  return folder;
}

export function removeRepositories(): void {
  for (const folder of folders.splice(0)) rmSync(folder, { recursive: true, force: true });
}

/** git in a folder; what it writes, without the last line feed. */
export function runGit(folder: string, ...words: readonly string[]): string {
  const settings = ['-c', 'protocol.file.allow=always', '-c', 'advice.detachedHead=false'];
  return execFileSync('git', [...settings, ...words], {
    cwd: folder,
    env: variables,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'pipe'],
  }).replace(/\n$/, '');
}

/** The repository in a folder that there is. */
export function openRepository(folder: string): TestRepository {
  const git = (...words: readonly string[]): string => runGit(folder, ...words);
  const write: TestRepository['write'] = (files) => {
    for (const [path, content] of Object.entries(files)) {
      const absolute = join(folder, path);
      rmSync(absolute, { recursive: true, force: true });
      if (content === null) continue;
      mkdirSync(dirname(absolute), { recursive: true });
      writeFileSync(absolute, content);
    }
  };
  return {
    folder,
    git,
    write,
    commit(files) {
      write(files);
      git('add', '-A');
      git('commit', '-q', '--allow-empty', '--no-gpg-sign', '-m', 'a change');
      return git('rev-parse', 'HEAD');
    },
  };
}

/** A new repository whose branch is `main`. */
export function createRepository(...options: readonly string[]): TestRepository {
  const folder = createFolder();
  runGit(folder, 'init', '-q', '-b', 'main', ...options, '.');
  return openRepository(folder);
}
