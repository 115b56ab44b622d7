import { describe, expect, it } from 'vitest';
import { parseUvLock } from '../../src/inputs/uv-lock.ts';
import { fileOf, packageOf, pinsOf, setsOf } from './lock-support.ts';
import { codesOf } from './support.ts';

const registry = "source = { registry = 'https://index.test/simple' }\n";
const uv = (packages: string): string => `version = 1\nrequires-python = '>=3.9'\n\n${packages}`;
const entry = (name: string, version: string, rest = registry): string =>
  packageOf(name, version, rest);
const parse = (text: string, path = 'uv.lock') => parseUvLock(fileOf(path, text));

describe('the pins of a uv.lock', () => {
  it('are all but the projects that it is for, each with the line of its package', async () => {
    const lock = await parse(
      uv(
        entry('mine', '1', "source = { editable = '.' }\n") +
          entry('flask', '3.0') +
          entry('tool', '1', "source = { git = 'https://files.test/x?rev=1#abc' }\n") +
          entry(
            'wheel-only',
            '2',
            "source = { url = 'https://files.test/w-2-py3-none-any.whl' }\n",
          ) +
          entry('beside', '0.1', "source = { directory = 'libs/beside' }\n") +
          entry('kept', '0.2', "source = { path = 'dist/kept-0.2.tar.gz' }\n"),
      ),
      'api/uv.lock',
    );
    expect([lock.locked, lock.requiresPython, lock.warnings]).toEqual([true, '>=3.9', []]);
    expect(pinsOf(lock)).toEqual([
      '9 flask==3.0',
      '14 tool==1 @ vcs git+https://files.test/x?rev=1#abc',
      '19 wheel-only==2 @ url https://files.test/w-2-py3-none-any.whl',
      '24 beside==0.1 @ local file:api/libs/beside',
      '29 kept==0.2 @ local file:api/dist/kept-0.2.tar.gz',
    ]);
    expect(lock.lock?.members).toEqual([{ name: 'mine', folder: 'api' }]);
  });

  it('keep the versions of one name apart by their markers', async () => {
    const markers = (...texts: readonly string[]): string =>
      `${registry}resolution-markers = [${texts.map((text) => `'${text}'`).join(', ')}]\n`;
    const lock = await parse(
      uv(
        entry('numpy', '2.2', markers('python_version < "3.11"')) +
          entry('numpy', '2.3', markers('python_version == "3.11"', 'python_version > "3.11"')),
      ),
    );
    expect(pinsOf(lock)).toEqual([
      '4 numpy==2.2 ; python_version < "3.11"',
      '10 numpy==2.3 ; python_version == "3.11" or python_version > "3.11"',
    ]);
  });

  it('know what they need, with a version only where there is a choice', async () => {
    const needs =
      "dependencies = [{ name = 'b', version = '1', marker = \"os_name == 'nt'\" }, { name = 'C', version = '1', extra = ['x'] }]\n" +
      "[package.optional-dependencies]\nfast = [{ name = 'd' }]\n";
    const lock = await parse(
      uv(
        entry('a', '1', registry + needs) +
          entry('b', '1') +
          entry('b', '2') +
          entry('c', '1') +
          entry('d', '1'),
      ),
    );
    expect(lock.lock?.pins[0]?.dependencies).toEqual([
      { name: 'b', extras: [], specifier: '==1', marker: "os_name == 'nt'", optional: false },
      { name: 'c', extras: ['x'], specifier: '', marker: null, optional: false },
      {
        name: 'd',
        extras: [],
        specifier: '',
        marker: null,
        optional: true,
        neededBy: ['fast'],
      },
    ]);
  });

  it('carry the hashes of all their files', async () => {
    const files =
      "sdist = { hash = 'sha256:a' }\nwheels = [{ hash = 'sha256:b' }, { url = 'x' }]\n";
    const lock = await parse(uv(entry('flask', '3.0', registry + files)));
    expect(lock.lock?.pins[0]?.hashes).toEqual(['sha256:a', 'sha256:b']);
  });

  it('are read from the first locks of uv too', async () => {
    const lock = await parse(
      `version = 1\n[[distribution]]\nname = 'flask'\nversion = '3.0'\nsource = 'registry+https://index.test/simple'\n[[distribution]]\nname = 'mine'\nversion = '1'\nsource = 'editable+.'\n`,
    );
    expect([pinsOf(lock), lock.lock?.members.length]).toEqual([['2 flask==3.0'], 1]);
    expect(lock.lock?.pins[0]?.origin).toBe('https://index.test/simple');
  });
});

describe('a uv.lock on its own', () => {
  it('stands for what its project declared', async () => {
    const project =
      "source = { virtual = '.' }\ndependencies = [{ name = 'flask', extra = ['async'] }, { name = 'win', marker = \"os_name == 'nt'\" }]\n" +
      "[package.optional-dependencies]\nWeb_UI = [{ name = 'gunicorn' }]\n[package.dev-dependencies]\ndev = [{ name = 'pytest' }]\n";
    const lock = await parse(
      uv(
        entry('mine', '1', project) +
          ['flask', 'win', 'gunicorn', 'pytest', 'werkzeug']
            .map((name) => entry(name, '1'))
            .join(''),
      ),
    );
    expect(setsOf(lock)).toEqual([
      'main (prod): flask[async]==1 | win==1 ; os_name == "nt"',
      'extra web-ui (extra): gunicorn==1',
      'group dev (dev): pytest==1',
    ]);
    expect(lock.options).toEqual({ indexUrl: 'https://index.test/simple' });
  });

  it('leaves the version open where several are locked for one target or another', async () => {
    const project = "source = { virtual = '.' }\ndependencies = [{ name = 'numpy' }]\n";
    const lock = await parse(
      uv(entry('mine', '1', project) + entry('numpy', '1') + entry('numpy', '2')),
    );
    expect(setsOf(lock)).toEqual(['main (prod): numpy']);
  });

  it('stands for what nothing else in it needs, and for whole circles, where it is of no project', async () => {
    const needs = (name: string): string => `${registry}dependencies = [{ name = '${name}' }]\n`;
    const lock = await parse(
      uv(
        entry('a', '1', needs('b')) +
          entry('b', '1') +
          entry('c', '1', needs('d')) +
          entry('d', '1', needs('c')),
      ),
    );
    expect(setsOf(lock)).toEqual(['main (prod): a==1 | c==1 | d==1']);
  });

  it('takes a chain of 20,000 packages without running out of stack', async () => {
    const count = 20_000;
    const packages = Array.from({ length: count }, (_, index) =>
      entry(
        `c${index}`,
        '1',
        index + 1 < count ? `${registry}dependencies = [{ name = 'c${index + 1}' }]\n` : registry,
      ),
    );
    const lock = await parse(uv(packages.join('')));
    expect([setsOf(lock), lock.lock?.pins.length, lock.warnings]).toEqual([
      ['main (prod): c0==1'],
      count,
      [],
    ]);
  });

  it('keeps what the project declared when it was locked', async () => {
    const project =
      "source = { virtual = '.' }\n[package.metadata]\nrequires-dist = [{ name = 'flask', specifier = '>=2' }, { name = 'gunicorn', marker = \"extra == 'web'\" }, { name = 'own', editable = 'own' }]\n[package.metadata.requires-dev]\ndev = [{ name = 'pytest' }]\n";
    const lock = await parse(uv(entry('mine', '1', project)));
    expect(lock.lock?.declared).toEqual([
      { member: '.', set: '', name: 'flask', specifier: '>=2' },
      { member: '.', set: 'extra:web', name: 'gunicorn', specifier: '' },
      { member: '.', set: '', name: 'own', specifier: null },
      { member: '.', set: 'group:dev', name: 'pytest', specifier: '' },
    ]);
  });
});

describe('a uv.lock with faults', () => {
  it.each([
    ['version = 99\n', 'unknown-lock-version uv.lock:1 error'],
    ['a = 1\n', 'unknown-lock-version uv.lock:1 error'],
    [uv("[[package]]\nname = 'flask'\nsource = { reg"), 'invalid-toml uv.lock:6 error'],
    [uv(`[[package]]\nversion = '1'\n${registry}`), 'invalid-lock uv.lock:4 error'],
    [uv(`[[package]]\nname = 3\n${registry}`), 'invalid-lock uv.lock:4 error'],
    [uv(`[[package]]\nname = '-- x'\n${registry}`), 'invalid-lock uv.lock:4 error'],
    [uv('package = 3\n'), 'invalid-lock uv.lock:4 error'],
    [uv(`[[package]]\nname = 'flask'\n${registry}`), 'unlocked-package uv.lock:4 warning'],
    [
      uv(entry('flask', '3.0', `${registry}dependencies = [{ name = 'ghost' }]\n`)),
      'dangling-dependency uv.lock:4 warning',
    ],
    [
      uv(entry('mine', '1', "source = { virtual = '.' }\ndependencies = [{ name = 'ghost' }]\n")),
      'dangling-dependency uv.lock:1 warning',
    ],
    [
      uv(entry('flask', '3.0', `${registry}wheels = [{ size = 99999999999999999999 }]\n`)),
      'invalid-size uv.lock:8 warning',
    ],
    [
      uv(entry('flask', '3.0', `${registry}wheels = [\n  { size = 5 },\n  { size = -5 },\n]\n`)),
      'invalid-size uv.lock:10 warning',
    ],
    [uv(entry('flask', 'not a version')), 'invalid-lock uv.lock:4 error'],
    [uv(entry('flask', '3') + entry('flask', '3')), 'duplicate-package uv.lock:9 warning'],
    [
      uv(entry('flask', '3', `${registry}resolution-markers = ['python is old']\n`)),
      'invalid-marker uv.lock:4 warning',
    ],
  ])('says what is wrong with %j', async (text, code) => {
    expect(codesOf((await parse(text)).warnings)).toEqual([code]);
  });

  it('does not list hundreds of needs that dangle', async () => {
    const needs = Array.from({ length: 300 }, (_, index) => `{ name = 'ghost-${index}' }`).join(
      ', ',
    );
    const lock = await parse(uv(entry('a', '1', `${registry}dependencies = [${needs}]\n`)));
    expect(lock.warnings.length).toBe(11);
    expect(lock.warnings.at(-1)?.message).toContain('290 more');
  });
});
