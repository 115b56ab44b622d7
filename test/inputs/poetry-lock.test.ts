import { describe, expect, it } from 'vitest';
import { parsePoetryLock } from '../../src/inputs/poetry-lock.ts';
import { fileOf, packageOf as entry, pinsOf, setsOf } from './lock-support.ts';
import { codesOf } from './support.ts';

const poetry = (packages: string, version = '2.1', rest = ''): string =>
  `${packages}[metadata]\nlock-version = "${version}"\npython-versions = ">=3.9,<4.0"\ncontent-hash = "aa"\n${rest}`;
const parse = (text: string) => parsePoetryLock(fileOf('poetry.lock', text));

describe('the pins of a poetry.lock', () => {
  it('have markers in all their forms', async () => {
    const lock = await parse(
      poetry(
        entry('a', '1') +
          entry('b', '2', 'markers = "sys_platform == \'win32\'"\n') +
          entry(
            'c',
            '3',
            'groups = ["main", "dev"]\nmarkers = {main = "python_version < \'3.11\'", dev = "os_name == \'nt\'"}\n',
          ) +
          entry('d', '4', 'groups = ["main", "dev"]\nmarkers = {dev = "os_name == \'nt\'"}\n'),
      ),
    );
    expect(pinsOf(lock)).toEqual([
      '1 a==1',
      '5 b==2 ; sys_platform == "win32"',
      '10 c==3 ; python_version < "3.11" or os_name == "nt"',
      '16 d==4',
    ]);
    expect([lock.requiresPython, lock.warnings]).toEqual(['>=3.9,<4.0', []]);
    expect(lock.lock?.staleAt.line).toBe(25);
  });

  it('may come from elsewhere than the index', async () => {
    const source = (type: string, url: string, rest = ''): string =>
      `[package.source]\ntype = '${type}'\nurl = '${url}'\n${rest}`;
    const lock = await parse(
      poetry(
        entry(
          'a',
          '1',
          source(
            'git',
            'https://files.test/a.git',
            "reference = 'main'\nresolved_reference = 'abc'\n",
          ),
        ) +
          entry('b', '1', source('git', 'git@files.test:x/b.git', "reference = 'v1'\n")) +
          entry('c', '1', source('url', 'https://files.test/c-1.tar.gz')) +
          entry('d', '1', source('directory', '../d')) +
          entry('e', '1', source('legacy', 'https://private.test/simple')),
      ),
    );
    expect((lock.lock?.pins ?? []).map(({ source: kind, origin }) => `${kind} ${origin}`)).toEqual([
      'vcs git+https://files.test/a.git@abc',
      'vcs git+ssh://git@files.test/x/b.git@v1',
      'url https://files.test/c-1.tar.gz',
      'local file:../d',
      'index https://private.test/simple',
    ]);
  });

  it('know what they need, and for which extra', async () => {
    const lock = await parse(
      poetry(
        entry(
          'a',
          '1',
          '[package.dependencies]\nnumpy = [\n  {version = "^1.20", markers = "python_version < \'3.11\'"},\n  {version = ">=2", python = ">=3.11"},\n]\nSix = "*"\nfast = {version = "*", optional = true, extras = ["x"]}\nui = {version = "*", markers = "extra == \'ui\'"}\n[package.extras]\nSpeed_Up = ["Fast[x] (>=1)"]\n',
        ) +
          entry('numpy', '1.26', "python-versions = '>=3.9'\n") +
          entry('numpy', '2.0') +
          entry('six', '1'),
        '1.1',
      ),
    );
    expect(lock.lock?.pins[0]?.dependencies).toEqual([
      {
        name: 'numpy',
        extras: [],
        specifier: '>=1.20,<2.0',
        marker: "python_version < '3.11'",
        optional: false,
      },
      {
        name: 'numpy',
        extras: [],
        specifier: '>=2',
        marker: 'python_version >= "3.11"',
        optional: false,
      },
      { name: 'six', extras: [], specifier: '', marker: null, optional: false },
      {
        name: 'fast',
        extras: ['x'],
        specifier: '',
        marker: null,
        optional: true,
        neededBy: ['speed-up'],
      },
      { name: 'ui', extras: [], specifier: '', marker: "extra == 'ui'", optional: true },
    ]);
    expect(lock.lock?.pins[1]?.requiresPython).toBe('>=3.9');
  });

  it('find their hashes at the end of an old lock', async () => {
    const files = "[metadata.files]\na = [{file = 'a.whl', hash = 'sha256:x'}]\n";
    const lock = await parse(poetry(entry('a', '1'), '1.1', files));
    expect(lock.lock?.pins[0]?.hashes).toEqual(['sha256:x']);
  });
});

describe('a poetry.lock on its own', () => {
  it('stands for the groups that its packages name, each with the condition of that group', async () => {
    const lock = await parse(
      poetry(
        `${entry('flask', '3', 'groups = ["main"]\n[package.dependencies]\nwerkzeug = "*"\ntomli = {version = "*", markers = "python_version < \'3.11\'"}\n')}${entry('werkzeug', '3', 'groups = ["main"]\n')}${entry('tomli', '2', 'groups = ["main", "dev"]\nmarkers = {main = "python_version < \'3.11\'"}\n')}${entry('pytest', '8', 'groups = ["dev"]\n')}${entry('uvloop', '1', 'optional = true\ngroups = ["main"]\n')}[extras]\nfast = ["uvloop"]\n\n`,
      ),
    );
    expect(setsOf(lock)).toEqual([
      'main (prod): flask==3 | tomli==2 ; python_version < "3.11"',
      'group dev (dev): tomli==2 | pytest==8',
      'extra fast (extra): uvloop==1',
    ]);
  });

  it('tells development by category before there were groups', async () => {
    const lock = await parse(
      poetry(
        entry('flask', '3', 'category = "main"\n') + entry('pytest', '8', 'category = "dev"\n'),
        '1.1',
      ),
    );
    expect(setsOf(lock)).toEqual(['main (prod): flask==3', 'group dev (dev): pytest==8']);
  });
});

describe('a poetry.lock with faults', () => {
  it.each([
    [poetry(entry('a', '1'), '9.0'), 'unknown-lock-version poetry.lock:6 error'],
    [poetry(entry('a', '1'), '1.0'), 'old-lock-version poetry.lock:6 warning'],
    [entry('a', '1'), 'unknown-lock-version poetry.lock:1 warning'],
    [poetry("[[package]]\nname = 'a'\n"), 'unlocked-package poetry.lock:1 warning'],
    [poetry('[[package]]\nname = "a"\nversion = 3\n'), 'invalid-lock poetry.lock:1 error'],
    ['package = "x"\n[metadata]\nlock-version = "2.0"\n', 'invalid-lock poetry.lock:1 error'],
    ['[[package]\n', 'invalid-toml poetry.lock:1 error'],
    [
      poetry(entry('a', '1', '[package.dependencies]\nghost = "*"\n')),
      'dangling-dependency poetry.lock:1 warning',
    ],
    [
      poetry(entry('a', '1', "[package.source]\ntype = 'carrier pigeon'\n")),
      'invalid-lock poetry.lock:1 warning',
    ],
  ])('says what is wrong with %j', async (text, code) => {
    expect(codesOf((await parse(text)).warnings)).toEqual([code]);
  });
});
