import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { parsePylock } from '../../src/inputs/pylock.ts';
import { fileOf, pinsOf, setsOf } from './lock-support.ts';
import { codesOf, contextOf, type Files } from './support.ts';

const parse = (text: string, files: Files = {}, path = 'pylock.toml') =>
  parsePylock(fileOf(path, text), contextOf(createMemoryFiles(files)));
const head = "lock-version = '1.0'\nrequires-python = '>=3.10'\n";
const entry = (name: string, rest = ''): string =>
  `[[packages]]\nname = '${name}'\nversion = '1'\n${rest}`;

describe('a pylock.toml', () => {
  it('is all of its packages, from wherever they come', async () => {
    const lock = await parse(
      head +
        entry(
          'flask',
          "marker = 'python_version > \"3.9\"'\nindex = 'https://index.test/simple'\n",
        ) +
        entry(
          'a',
          "[packages.archive]\nurl = 'https://files.test/a-1.zip'\nhashes = {sha256 = 'x'}\n",
        ) +
        entry(
          'b',
          "[packages.vcs]\ntype = 'git'\nurl = 'https://files.test/b'\ncommit-id = 'abc'\n",
        ) +
        "[[packages]]\nname = 'c'\ndirectory = { path = 'libs/c' }\n",
      { 'libs/c/x': '' },
    );
    expect([pinsOf(lock), lock.requiresPython, lock.warnings]).toEqual([
      [
        '3 flask==1 ; python_version > "3.9"',
        '8 a==1 @ url https://files.test/a-1.zip',
        '14 b==1 @ vcs git+https://files.test/b@abc',
        '21 c==? @ local file:libs/c',
      ],
      '>=3.10',
      [],
    ]);
    expect(setsOf(lock)).toEqual([
      'main (prod): flask==1 ; python_version > "3.9" | a @ https://files.test/a-1.zip | b @ git+https://files.test/b@abc | c @ file:libs/c',
    ]);
  });

  it('has the sets that its markers ask for', async () => {
    const lock = await parse(
      `${head}extras = ['web']\ndependency-groups = ['dev', 'tools']\ndefault-groups = ['tools']\n` +
        entry('flask') +
        entry('gunicorn', "marker = \"'web' in extras and os_name == 'posix'\"\n") +
        entry('pytest', 'marker = "\'dev\' in dependency_groups"\n') +
        entry('rich', "marker = \"'tools' in dependency_groups or 'dev' in dependency_groups\"\n"),
    );
    expect(setsOf(lock)).toEqual([
      'main (prod): flask==1 | rich==1',
      'extra web (extra): gunicorn==1 ; os_name == "posix"',
      'group dev (dev): pytest==1',
    ]);
    // Beside a manifest all of them are versions to keep.
    expect(pinsOf(lock).length).toBe(4);
  });

  it('is for development where its name says so', async () => {
    expect((await parse(head, {}, 'pylock.dev.toml')).role).toBe('dev');
    expect((await parse(head, {}, 'pylock.prod.toml')).role).toBe('prod');
  });

  it('carries the hashes of its files', async () => {
    const files =
      "[[packages.wheels]]\nname = 'x'\nhashes = {sha256 = 'a'}\n[packages.sdist]\nhashes = {sha256 = 'b', md5 = 'c'}\n";
    const lock = await parse(head + entry('flask', files));
    expect(lock.lock?.pins[0]?.hashes).toEqual(['sha256:b', 'sha256:a']);
  });

  it.each([
    ["lock-version = '2.0'\n", 'unknown-lock-version pylock.toml:1 error'],
    ['lock-version = 1\n', 'unknown-lock-version pylock.toml:1 error'],
    ['', 'unknown-lock-version pylock.toml:1 error'],
    ["lock-version = '1.7'\n", 'unknown-lock-version pylock.toml:1 warning'],
    ["lock-version='1.0'\n[[packages]]\nversion='1'\n", 'invalid-lock pylock.toml:2 error'],
    ["lock-version='1.0'\npackages='x'\n", 'invalid-lock pylock.toml:2 error'],
    ["lock-version='1.0'\n[[packages]]\nname='a'\n", 'unlocked-package pylock.toml:2 warning'],
    [
      "lock-version='1.0'\n[[packages]]\nname='a'\nversion='1'\n[packages.archive]\npath='../../etc/passwd'\n",
      'outside-repository pylock.toml:6 warning',
    ],
    [
      "lock-version='1.0'\n[[packages]]\nname='a'\n[packages.directory]\npath='libs/a'\n",
      'missing-file pylock.toml:5 warning',
    ],
  ])('says what is wrong with %j', async (text, code) => {
    expect(codesOf((await parse(text)).warnings)).toEqual([code]);
  });
});
