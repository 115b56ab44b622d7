import { describe, expect, it } from 'vitest';
import { parsePdmLock } from '../../src/inputs/pdm-lock.ts';
import { fileOf, packageOf as entry, pinsOf, setsOf } from './lock-support.ts';
import { codesOf } from './support.ts';

const pdm = (packages: string, version = '4.5.0', rest = ''): string =>
  `[metadata]\ngroups = ["default", "dev"]\nlock_version = "${version}"\ncontent_hash = "sha256:aa"\n${rest}\n${packages}`;
const inherited = 'strategy = ["inherit_metadata"]\n';
const parse = (text: string) => parsePdmLock(fileOf('pdm.lock', text));

describe('the pins of a pdm.lock', () => {
  it('come from an index, with static addresses or without, or from elsewhere', async () => {
    const lock = await parse(
      pdm(
        entry(
          'a',
          '1',
          "files = [{url = 'https://files.test/a-1-py3-none-any.whl', hash = 'sha256:x'}]\n",
        ) +
          entry('b', '1', "git = 'https://files.test/b.git'\nrevision = 'abc'\n") +
          entry('c', '1', "url = 'https://files.test/c-1.tar.gz'\n") +
          entry('d', '1', "path = './libs/d'\n") +
          entry('e', '1', 'marker = "sys_platform == \'win32\'"\n'),
      ),
    );
    expect(pinsOf(lock)).toEqual([
      '6 a==1',
      '11 b==1 @ vcs git+https://files.test/b.git@abc',
      '17 c==1 @ url https://files.test/c-1.tar.gz',
      '22 d==1 @ local file:libs/d',
      '27 e==1 ; sys_platform == "win32"',
    ]);
    expect(lock.lock?.pins[0]?.hashes).toEqual(['sha256:x']);
    expect([lock.warnings, lock.lock?.staleAt.line]).toEqual([[], 4]);
  });

  it('are one where extras have an entry of their own', async () => {
    const lock = await parse(
      pdm(
        entry('uvicorn', '0.30', "groups = ['default']\ndependencies = ['click>=7', 'h11']\n") +
          entry(
            'uvicorn',
            '0.30',
            "groups = ['default']\nextras = ['Standard']\ndependencies = ['httptools', 'uvicorn==0.30']\n",
          ) +
          ['click', 'h11', 'httptools']
            .map((name) => entry(name, '1', "groups = ['default']\n"))
            .join(''),
        '4.5.0',
        inherited,
      ),
    );
    expect(lock.warnings).toEqual([]);
    expect(pinsOf(lock).length).toBe(4);
    expect(setsOf(lock)).toEqual(['main (prod): uvicorn[standard]==0.30']);
  });

  it('find their hashes at the end of an old lock', async () => {
    const lock = await parse(
      `${pdm(entry('a', '1'), '4.1')}\n[metadata.files]\n"a 1" = [{file = 'a.whl', hash = 'sha256:x'}]\n`,
    );
    expect(lock.lock?.pins[0]?.hashes).toEqual(['sha256:x']);
  });
});

describe('a pdm.lock on its own', () => {
  const packages =
    entry(
      'flask',
      '3',
      "groups = ['default']\ndependencies = ['tomli; python_version < \"3.11\"', 'werkzeug']\n",
    ) +
    entry('tomli', '2', "groups = ['default', 'dev']\n") +
    entry('werkzeug', '3', "groups = ['default']\n") +
    entry('pytest', '8', "groups = ['dev']\n");

  it('counts what its entries say of themselves where they inherit their conditions', async () => {
    expect(setsOf(await parse(pdm(packages, '4.5.0', inherited)))).toEqual([
      'main (prod): flask==3 | tomli==2',
      'group dev (dev): tomli==2 | pytest==8',
    ]);
  });

  it('leaves conditions to the metadata where they do not', async () => {
    expect(setsOf(await parse(pdm(packages)))).toEqual([
      'main (prod): flask==3',
      'group dev (dev): tomli==2 | pytest==8',
    ]);
  });

  it('has the Python of its first target', async () => {
    const lock = await parse(
      pdm('', '4.5.0', '[[metadata.targets]]\nrequires_python = ">=3.10"\n'),
    );
    expect(lock.requiresPython).toBe('>=3.10');
  });
});

describe('a pdm.lock with faults', () => {
  it.each([
    [pdm('', '5.0'), 'unknown-lock-version pdm.lock:3 error'],
    [pdm('', '3.1'), 'old-lock-version pdm.lock:3 warning'],
    [entry('a', '1'), 'unknown-lock-version pdm.lock:1 warning'],
    ['[metadata]\nlock_version = 4\n', 'unknown-lock-version pdm.lock:2 error'],
    [pdm("[[package]]\nversion = '1'\n"), 'invalid-lock pdm.lock:6 error'],
    [
      pdm(entry('a', '1', "dependencies = ['b c d', 3]\n")),
      'invalid-requirement pdm.lock:6 warning',
    ],
    ['package = 1\n[metadata]\nlock_version = "4.5"\n', 'invalid-lock pdm.lock:1 error'],
    ['[[package', 'invalid-toml pdm.lock:1 error'],
  ])('says what is wrong with %j', async (text, code) => {
    expect(codesOf((await parse(text)).warnings)).toEqual([code]);
  });
});
