import { describe, expect, test } from 'vitest';
import type { Files, Format, Outcome } from '../support/locked-projects.ts';
import {
  formats,
  poetryLock,
  poetryProject,
  project,
  take,
  uvLock,
} from '../support/locked-projects.ts';

const versions = ({ document }: Outcome): string =>
  document.packages.map(({ name, version }) => `${name} ${version}`).join(', ');
const pagesOf = ({ server }: Outcome): readonly string[] =>
  server.requests.filter(({ path }) => path.startsWith('/simple/')).map(({ path }) => path);

describe.each(Object.entries(formats) as [Format, Files][])('%s', (format, files) => {
  test('gives the versions as they are, yanked or not the newest, with edges and sizes', async () => {
    const outcome = await take(files);
    expect(versions(outcome)).toBe('flask 2.0, werkzeug 2.0');
    const [flask, werkzeug] = outcome.document.packages;
    expect([flask?.direct, flask?.known, werkzeug?.requiredBy, werkzeug?.known]).toEqual([
      true,
      true,
      ['flask'],
      true,
    ]);
    expect(werkzeug?.file?.filename).toBe('werkzeug-2.0-py3-none-any.whl');
    expect(outcome.document.error).toBeNull();
  });

  test('gives what is for another platform there', async () => {
    const outcome = await take(files, { platform: 'windows' });
    expect(versions(outcome)).toBe('blinker 1.0, flask 2.0, werkzeug 2.0');
  });

  test('gives an extra, or a set of Pipenv, and the development set where they are asked for', async () => {
    const asked = format === 'Pipfile.lock' ? { groups: ['server'] } : { extras: ['server'] };
    expect(versions(await take(files, asked))).toBe('flask 2.0, gunicorn 20.0, werkzeug 2.0');
    const outcome = await take(files, { environment: 'dev' });
    expect(versions(outcome)).toBe('flask 2.0, pytest 7.0, werkzeug 2.0');
  });

  test('stays as it is under a date, sizes included', async () => {
    const outcome = await take(files, { excludeNewer: '2001-01-01T00:00:00Z' });
    expect(versions(outcome)).toBe('flask 2.0, werkzeug 2.0');
    expect(outcome.document.totals.unknown).toBe(0);
  });

  test('stays as it is under a date with versions only', async () => {
    const outcome = await take(files, { excludeNewer: '2001-01-01T00:00:00Z', weights: false });
    expect(versions(outcome)).toBe('flask 2.0, werkzeug 2.0');
  });
});

describe('what is asked of the network', () => {
  test.each(['uv.lock', 'pdm.lock', 'pylock.toml'] as const)(
    'is no page of the index for %s, which has the addresses',
    async (format) => {
      expect(pagesOf(await take(formats[format]))).toEqual([]);
    },
  );

  test.each(['uv.lock', 'pdm.lock', 'poetry.lock 2.1', 'poetry.lock 1.1'] as const)(
    'is nothing at all for the versions of %s',
    async (format) => {
      const { server } = await take(formats[format], { weights: false });
      expect(server.requests).toEqual([]);
    },
  );
});

describe('hashes of a lock', () => {
  test('that the index does not have are an error at the place of the package', async () => {
    const wrong = 'f'.repeat(64);
    const lock = poetryLock('2.1').replace('{sha256:werkzeug-2.0-py3-none-any.whl}', wrong);
    const { document } = await take({ 'pyproject.toml': poetryProject, 'poetry.lock': lock });
    expect(document.packages.map(({ name, unknownReason }) => [name, unknownReason])).toEqual([
      ['flask', null],
      ['werkzeug', 'hash-excluded'],
    ]);
    expect(document.warnings.filter(({ code }) => code === 'hash-mismatch')).toEqual([
      {
        code: 'hash-mismatch',
        message:
          'the index has werkzeug-2.0-py3-none-any.whl, but not with a hash that the lock has for it',
        severity: 'error',
        path: 'poetry.lock',
        line: 12,
        column: 1,
      },
    ]);
  });
});

describe('a lock that has no file for the target', () => {
  test('leaves the size unknown, and says which files it has', async () => {
    const other = uvLock.replace(
      "{url:werkzeug-2.0-py3-none-any.whl}', hash = 'sha256:{sha256:werkzeug-2.0-py3-none-any.whl}'",
      "https://files.test/werkzeug-2.0-cp311-cp311-win_amd64.whl', hash = 'sha256:aa'",
    );
    const { document } = await take({ 'pyproject.toml': project, 'uv.lock': other });
    const werkzeug = document.packages.find(({ name }) => name === 'werkzeug');
    expect([werkzeug?.version, werkzeug?.unknownReason, werkzeug?.file]).toEqual([
      '2.0',
      'no-wheel-for-target',
      null,
    ]);
    expect(document.warnings.map(({ code, line }) => [code, line])).toEqual([
      ['no-file-for-target', 22],
    ]);
  });
});

describe('packages of which the lock names no file', () => {
  test('keep their versions and edges, and one warning speaks of all', async () => {
    const files = uvLock.replace(/wheels = .*\n/g, '');
    const { document } = await take({ 'pyproject.toml': project, 'uv.lock': files });
    expect(document.packages.map(({ name, unknownReason }) => [name, unknownReason])).toEqual([
      ['flask', 'no-usable-file'],
      ['werkzeug', 'no-usable-file'],
    ]);
    expect(document.warnings.map(({ message, line }) => [message, line])).toEqual([
      [
        'the lock names no file of flask 2.0, werkzeug 2.0, so that nothing tells what is installed',
        16,
      ],
    ]);
  });
});

describe('a manifest that changed since', () => {
  test('changes nothing of what is installed, and the lock is said to be stale', async () => {
    const files = {
      'pyproject.toml': project.replace("['flask']", "['flask>=3', 'gunicorn']"),
      'uv.lock': uvLock,
    };
    const outcome = await take(files);
    expect(versions(outcome)).toBe('flask 2.0, werkzeug 2.0');
    expect(outcome.document.warnings.map(({ code, path }) => [code, path])).toEqual([
      ['stale-lock', 'uv.lock'],
    ]);
    expect(outcome.document.warnings[0]?.message).toContain('flask>=3 (line 5, it has 2.0)');
    expect(outcome.document.warnings[0]?.message).toContain(
      'gunicorn (line 5, which it does not have)',
    );
  });
});

describe.each(['poetry.lock 2.1', 'pdm.lock', 'Pipfile.lock'] as const)(
  '%s with the hash of another manifest',
  (format) => {
    test('is stale at that hash, and taken all the same', async () => {
      const outcome = await take(formats[format]);
      const stale = outcome.document.warnings.filter(({ code }) => code === 'stale-lock');
      expect(stale).toHaveLength(1);
      expect(stale[0]?.message).toMatch(
        /is stale: since it was made, the tables of \S+ .* changed$/,
      );
      expect(versions(outcome)).toBe('flask 2.0, werkzeug 2.0');
    });
  },
);

describe('what a lock of Poetry has and the manifest no longer asks for', () => {
  test('is installed and named with its line', async () => {
    const outcome = await take({
      'pyproject.toml': poetryProject.replace("flask='*'\n", "werkzeug='*'\n"),
      'poetry.lock': poetryLock('2.1'),
    });
    expect(versions(outcome)).toBe('flask 2.0, werkzeug 2.0');
    expect(outcome.document.warnings.map(({ message }) => message)).toEqual([
      'poetry.lock is stale: since it was made, the tables of pyproject.toml that it keeps a hash of have changed; it has flask (line 1), which nothing asks for any more',
    ]);
  });
});
