import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import type { InputFile } from '../../src/inputs/input.ts';
import { parsePoetryLock } from '../../src/inputs/poetry-lock.ts';
import { parsePylock } from '../../src/inputs/pylock.ts';
import { readRepository } from '../../src/inputs/read-project.ts';
import { parseUvLock } from '../../src/inputs/uv-lock.ts';
import { codesOf, contextOf, placesOf, type Files } from './support.ts';

const file = (path: string, text: string): InputFile => ({
  path,
  text,
  realPath: path,
  warnings: [],
});
const registry = "source = { registry = 'https://index.test/simple' }\n";
const uv = (packages: string): string => `version = 1\nrequires-python = '>=3.9'\n\n${packages}`;
const entry = (name: string, version: string, rest = registry): string =>
  `[[package]]\nname = '${name}'\nversion = '${version}'\n${rest}\n`;

describe('uv.lock', () => {
  it('pins what comes from an index, with the line of each package', async () => {
    const lock = await parseUvLock(
      file(
        'uv.lock',
        uv(
          entry('mine', '1', "source = { editable = '.' }\n") +
            entry('flask', '3.0') +
            entry('tool', '1', "source = { git = 'https://files.test/x#abc' }\n"),
        ),
      ),
    );
    expect([lock.locked, lock.requiresPython, placesOf(lock)]).toEqual([
      true,
      '>=3.9',
      ['uv.lock:9:1 flask==3.0'],
    ]);
    expect(lock.warnings).toEqual([]);
  });

  it('keeps the versions of one name apart by their markers', async () => {
    const markers = (...texts: readonly string[]): string =>
      `${registry}resolution-markers = [${texts.map((text) => `'${text}'`).join(', ')}]\n`;
    const lock = await parseUvLock(
      file(
        'uv.lock',
        uv(
          entry('numpy', '2.2', markers('python_version < "3.11"')) +
            entry('numpy', '2.3', markers('python_version == "3.11"', 'python_version > "3.11"')),
        ),
      ),
    );
    expect(lock.constraints.map(({ raw }) => raw)).toEqual([
      'numpy==2.2 ; python_version < "3.11"',
      'numpy==2.3 ; (python_version == "3.11") or (python_version > "3.11")',
    ]);
  });

  it.each([
    ['version = 99\n', 'unknown-lock-version uv.lock:1 error'],
    ['a = 1\n', 'unknown-lock-version uv.lock:1 error'],
    [uv("[[package]]\nname = 'flask'\nsource = { reg"), 'invalid-toml uv.lock:6 error'],
    [uv(`[[package]]\nversion = '1'\n${registry}`), 'invalid-lock uv.lock:4 error'],
    [uv(`[[package]]\nname = 'flask'\n${registry}`), 'unlocked-package uv.lock:4 warning'],
    [
      uv(entry('flask', '3.0', `${registry}dependencies = [{ name = 'ghost' }]\n`)),
      'dangling-dependency uv.lock:4 warning',
    ],
    [
      uv(entry('flask', '3.0', `${registry}wheels = [{ size = 99999999999999999999 }]\n`)),
      'invalid-size uv.lock:8 warning',
    ],
    [
      uv(entry('flask', '3.0', `${registry}wheels = [\n  { size = 5 },\n  { size = -5 },\n]\n`)),
      'invalid-size uv.lock:10 warning',
    ],
    [uv(entry('flask', 'not a version')), 'invalid-requirement uv.lock:4 error'],
  ])('says what is wrong with %j', async (text, code) => {
    expect(codesOf((await parseUvLock(file('uv.lock', text))).warnings)).toEqual([code]);
  });
});

describe('poetry.lock', () => {
  const poetry = (packages: string, version = '2.1'): string =>
    `${packages}[metadata]\nlock-version = "${version}"\npython-versions = ">=3.9"\n`;

  it('pins packages with markers in all their forms', async () => {
    const lock = await parsePoetryLock(
      file(
        'poetry.lock',
        poetry(
          entry('a', '1', "python-versions = '>=3.8'\n") +
            entry('b', '2', 'markers = "sys_platform == \'win32\'"\n') +
            entry(
              'c',
              '3',
              'markers = {main = "python_version < \'3.11\'", dev = "os_name == \'nt\'"}\n',
            ) +
            entry('d', '4', "python-versions = '>=3.9,<3.12'\n") +
            entry('e', '5', "[package.source]\ntype = 'git'\nurl = 'x'\n") +
            entry('f', '6', "[package.source]\ntype = 'legacy'\nurl = 'https://index.test'\n"),
        ),
      ),
    );
    expect(lock.constraints.map(({ raw }) => raw)).toEqual([
      'a==1',
      "b==2 ; sys_platform == 'win32'",
      "c==3 ; (python_version < '3.11') or (os_name == 'nt')",
      'd==4 ; python_version >= "3.9" and python_version < "3.12"',
      'f==6',
    ]);
    expect([lock.requiresPython, lock.warnings]).toEqual(['>=3.9', []]);
  });

  it.each([
    [poetry(entry('a', '1', ''), '9.0'), 'unknown-lock-version poetry.lock:6 error'],
    [poetry(entry('a', '1', ''), '1.0'), 'old-lock-version poetry.lock:6 warning'],
    [entry('a', '1', ''), 'unknown-lock-version poetry.lock:1 warning'],
    [poetry("[[package]]\nname = 'a'\n"), 'invalid-lock poetry.lock:1 error'],
    ['[[package]\n', 'invalid-toml poetry.lock:1 error'],
  ])('says what is wrong with %j', async (text, code) => {
    expect(codesOf((await parsePoetryLock(file('poetry.lock', text))).warnings)).toEqual([code]);
  });
});

describe('pylock.toml', () => {
  const parse = (text: string, files: Files = {}) =>
    parsePylock(file('pylock.toml', text), contextOf(createMemoryFiles(files)));

  it('pins packages with their markers', async () => {
    const lock = await parse(
      "lock-version = '1.0'\nrequires-python = '>=3.10'\n[[packages]]\nname = 'flask'\nversion = '3.0'\nmarker = 'python_version > \"3.9\"'\n[[packages]]\nname = 'local'\ndirectory = { path = 'libs/local' }\n",
      { 'libs/local/x': '' },
    );
    expect([placesOf(lock), lock.requiresPython]).toEqual([
      ['pylock.toml:3:1 flask==3.0 ; python_version > "3.9"', 'pylock.toml:7:1 local'],
      '>=3.10',
    ]);
    expect([lock.constraints.length, codesOf(lock.warnings)]).toEqual([
      1,
      ['unlocked-package pylock.toml:7 warning'],
    ]);
  });

  it.each([
    ["lock-version = '2.0'\n", 'unknown-lock-version pylock.toml:1 error'],
    ['', 'unknown-lock-version pylock.toml:1 error'],
    ["lock-version='1.0'\n[[packages]]\nversion='1'\n", 'invalid-lock pylock.toml:2 error'],
    [
      "lock-version='1.0'\n[[packages]]\nname='a'\nversion='1'\n[packages.archive]\npath='../../etc/passwd'\n",
      'outside-repository pylock.toml:6 warning',
    ],
  ])('says what is wrong with %j', async (text, code) => {
    expect(codesOf((await parse(text)).warnings)).toEqual([code]);
  });
});

describe('a lock beside its manifest', () => {
  const manifest =
    "[project]\nname='mine'\nrequires-python='>=3.10'\ndependencies=['flask>=2','click']\n[project.optional-dependencies]\nweb=['gunicorn']\n";
  const lock = uv(
    entry('flask', '3.0') +
      entry('click', '8.1') +
      entry('gunicorn', '21') +
      entry('werkzeug', '3.1'),
  );

  it('gives the versions, while the manifest says what is wanted and declared', async () => {
    const [project] = (
      await readRepository(createMemoryFiles({ 'pyproject.toml': manifest, 'uv.lock': lock }))
    ).projects;
    expect([
      project?.primary,
      project?.manifest,
      project?.requiresPython?.text,
      project?.drift,
    ]).toEqual(['uv.lock', 'pyproject.toml', '>=3.10', []]);
    expect(
      project?.environments.map(({ id, inputs, requirements, constraints }) => [
        id,
        inputs,
        requirements.map(({ raw }) => raw),
        constraints.length,
      ]),
    ).toEqual([
      ['prod', ['uv.lock', 'pyproject.toml'], ['flask>=2', 'click'], 4],
      ['extra:web', ['uv.lock', 'pyproject.toml'], ['flask>=2', 'click', 'gunicorn'], 4],
    ]);
    expect(project?.declared.map(({ declared }) => declared.location.path)).toEqual([
      'pyproject.toml',
      'pyproject.toml',
      'pyproject.toml',
    ]);
    expect(project?.warnings).toEqual([]);
  });

  it('is stale where it has no version for what the manifest wants', async () => {
    const [project] = (
      await readRepository(
        createMemoryFiles({
          'pyproject.toml': manifest,
          'uv.lock': uv(entry('flask', '1.0') + entry('click', '8')),
        }),
      )
    ).projects;
    expect(codesOf(project?.warnings ?? [])).toEqual(['stale-lock pyproject.toml:4 warning']);
  });

  it('is the one of the tool that the manifest is set up for, if there are two', async () => {
    const poetry = '[metadata]\nlock-version = "2.0"\n';
    const read = async (tool: string) =>
      (
        await readRepository(
          createMemoryFiles({
            'pyproject.toml': `${manifest}[tool.${tool}]\n`,
            'uv.lock': lock,
            'poetry.lock': poetry + entry('flask', '3', '') + entry('click', '8', ''),
          }),
        )
      ).projects[0];
    expect((await read('uv'))?.primary).toBe('uv.lock');
    expect((await read('poetry'))?.primary).toBe('poetry.lock');
    expect(codesOf((await read('uv'))?.warnings ?? [])).toContain(
      'several-locks poetry.lock:1 warning',
    );
  });

  it('stands for itself where there is no manifest', async () => {
    const [project] = (await readRepository(createMemoryFiles({ 'uv.lock': lock }))).projects;
    expect(project?.environments[0]?.requirements.map(({ raw }) => raw)).toEqual([
      'flask==3.0',
      'click==8.1',
      'gunicorn==21',
      'werkzeug==3.1',
    ]);
  });

  it('is passed over where the image installs something else', async () => {
    const files = {
      'pyproject.toml': manifest,
      'uv.lock': lock,
      'requirements.txt': 'flask==3.0\n',
      Dockerfile: 'FROM python:3.12\nRUN pip install -r requirements.txt\n',
    };
    expect((await readRepository(createMemoryFiles(files))).projects[0]?.primary).toBe(
      'requirements.txt',
    );
    const synced = { ...files, Dockerfile: 'FROM python:3.12\nRUN uv sync --no-dev --extra web\n' };
    const [project] = (await readRepository(createMemoryFiles(synced))).projects;
    expect([
      project?.primary,
      project?.environments[0]?.requirements.map(({ raw }) => raw),
    ]).toEqual(['uv.lock', ['flask>=2', 'click', 'gunicorn']]);
  });
});
