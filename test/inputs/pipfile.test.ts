import { describe, expect, it } from 'vitest';
import { parsePipfile } from '../../src/inputs/pipfile.ts';
import { fileOf, setsOf } from './lock-support.ts';
import { codesOf, placesOf } from './support.ts';

const parse = (text: string, path = 'Pipfile', variables = {}) =>
  parsePipfile(fileOf(path, text), { variables });

describe('a Pipfile', () => {
  it('declares packages in all the ways that Pipenv reads', async () => {
    const input = await parse(
      [
        '[packages]',
        "flask = '*'",
        "six = '==1.0'",
        "bare = '1.2'",
        "uvicorn = {extras = ['standard'], version = '>=0.20'}",
        "win = {version = '*', sys_platform = \"== 'win32'\", markers = \"python_version > '3'\"}",
        "tool = {git = 'https://files.test/tool.git', ref = 'abc', editable = true}",
        "mine = {path = './libs/mine', editable = true}",
        "wheel = {file = 'https://files.test/wheel-1-py3-none-any.whl'}",
      ].join('\n'),
      'api/Pipfile',
    );
    expect(placesOf(input)).toEqual([
      'api/Pipfile:2:1 flask',
      'api/Pipfile:3:1 six==1.0',
      'api/Pipfile:4:1 bare==1.2',
      'api/Pipfile:5:1 uvicorn[standard]>=0.20',
      "api/Pipfile:6:1 win; (python_version > '3') and (sys_platform == 'win32')",
      'api/Pipfile:7:1 tool @ git+https://files.test/tool.git@abc',
      'api/Pipfile:8:1 mine @ file:./libs/mine',
      'api/Pipfile:9:1 wheel @ https://files.test/wheel-1-py3-none-any.whl',
    ]);
    const [main] = input.groups;
    expect(
      main?.requirements.map(({ source, editable }) => `${source} ${editable}`).slice(5),
    ).toEqual(['vcs true', 'local true', 'url false']);
    expect(main?.requirements[6]?.requirement.url).toBe('file:api/libs/mine');
  });

  it('says what is no key, no index, or cannot be read', async () => {
    const input = await parse(
      "[packages]\na = {vresion = '1'}\nb = {version = '1', index = 'gone'}\nc = 3\nd = {git = 'git+ssh://git@git.test/d.git', subdirectory = 'x'}\n[dev-packages]\npytest = '*'\n[pipenv]\nallow_prereleases = true\n",
    );
    expect(placesOf(input).at(-1)).toBe(
      'Pipfile:5:1 d @ git+ssh://****@git.test/d.git#subdirectory=x',
    );
    expect(codesOf(input.warnings)).toEqual([
      'unknown-key Pipfile:2 warning',
      'unknown-index Pipfile:3 warning',
      'invalid-value Pipfile:4 error',
      'vcs-requirement Pipfile:5 warning',
    ]);
    expect(input.groups.map(({ partial }) => partial)).toEqual([true, undefined]);
    expect(input.options.pre).toBe(true);
  });

  it('has development packages and categories of its own', async () => {
    const input = await parse(
      "[dev-packages]\npytest = '*'\n[packages]\nflask = '*'\n[Docs]\nsphinx = '*'\n[worker]\ncelery = '*'\n",
    );
    expect(setsOf(input)).toEqual([
      'main (prod): flask',
      'group dev (dev): pytest',
      'group docs (docs): sphinx',
      'group worker (extra): celery',
    ]);
  });

  it('names its indexes, and what comes from which', async () => {
    const input = await parse(
      [
        "[[source]]\nname = 'first'\nurl = 'https://index.test/simple'",
        "[[source]]\nname = 'cpu'\nurl = 'https://cpu.test/simple'",
        "[packages]\ntorch = {version = '*', index = 'cpu'}\nflask = {version = '*', index = 'first'}",
      ].join('\n'),
    );
    expect(input.options).toEqual({
      indexUrl: 'https://index.test/simple',
      laterIndexUrls: ['https://cpu.test/simple'],
      indexNames: { 'https://index.test/simple': 'first', 'https://cpu.test/simple': 'cpu' },
    });
    expect(input.groups[0]?.requirements.map(({ index }) => index)).toEqual([
      'https://cpu.test/simple',
      null,
    ]);
  });

  it('fills variables into the addresses of its indexes', async () => {
    const input = await parse("[[source]]\nurl = 'https://${TOKEN}@${HOST}/simple'\n", 'Pipfile', {
      TOKEN: 'secret',
    });
    expect(input.options).toEqual({ indexUrl: 'https://secret@${HOST}/simple' });
  });

  it.each([
    ["python_version = '3.11'", '==3.11.*'],
    ["python_version = '3.11'\npython_full_version = '3.11.4'", '==3.11.4'],
    ["python_version = '*'", null],
  ])('asks for one Python by %j', async (text, expected) => {
    const input = await parse(`[requires]\n${text}\n`);
    expect([input.requiresPython, input.warnings]).toEqual([expected, []]);
  });

  it.each([
    ["[packages]\nflask = 3\nclick = '*'\n", 'invalid-value Pipfile:2 error'],
    ['packages = 3\n', 'invalid-value Pipfile:1 error'],
    ["[packages]\nflask = '=> 3'\n", 'invalid-requirement Pipfile:2 error'],
    ["[requires]\npython_version = 'three'\n", 'invalid-value Pipfile:2 error'],
    ['[packages\n', 'invalid-toml Pipfile:1 error'],
  ])('says what is wrong with %j', async (text, code) => {
    expect(codesOf((await parse(text)).warnings)).toEqual([code]);
  });
});
