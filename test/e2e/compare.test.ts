import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { CompareDocument, InputsDocument, TargetComparison } from '../../src/types.ts';
import { targetWorld } from '../compare/support.ts';
import type { IndexServer } from '../support/index-server.ts';
import { startIndexServer } from '../support/index-server.ts';
import { createProject, documentOf, ensureBuilt, removeProject, runDepweight } from './support.ts';
import type { Run } from './support.ts';

let server: IndexServer;
const folders: string[] = [];

beforeAll(async () => {
  await ensureBuilt();
  server = await startIndexServer(targetWorld);
}, 60_000);
afterAll(async () => {
  for (const folder of folders) removeProject(folder);
  await server.close();
});

function projectOf(...requirements: readonly string[]): string {
  const folder = createProject({ 'requirements.txt': `${requirements.join('\n')}\n` });
  folders.push(folder);
  return folder;
}

const compareIn = (cwd: string, ...words: readonly string[]): Promise<Run> =>
  runDepweight(['compare', ...words, '--index-url', server.indexUrl], { cwd });
const compare = (requirements: readonly string[], ...words: readonly string[]): Promise<Run> =>
  compareIn(projectOf(...requirements), ...words);

function targetsOf(run: Run): readonly TargetComparison[] {
  const document: CompareDocument = JSON.parse(run.stdout);
  return document.targets;
}

/** `3.12 win_amd64 build native==1.0`. */
function summary(run: Run): readonly string[] {
  return targetsOf(run).map(({ target, verdict, missing }) =>
    [
      `${target.implementation === 'pp' ? 'pypy' : ''}${target.python}${target.freeThreaded === true ? 't' : ''}`,
      target.platformTag,
      verdict,
      ...missing.map(({ name, version, kind }) => `${kind}:${name}==${version ?? '?'}`),
    ].join(' '),
  );
}

describe('targets', () => {
  test('are every Python asked for on every platform asked for, in that order, by commas or repeated', async () => {
    const words = ['--platform', 'linux/amd64,windows', '--python', '3.11', '--python', '3.12'];
    const run = await compare(['app', 'native==1.0'], ...words, '--json');
    expect(run.code).toBe(0);
    expect(summary(run)).toEqual([
      '3.11 manylinux_2_28_x86_64 ready',
      '3.12 manylinux_2_28_x86_64 build build:native==1.0',
      '3.11 win_amd64 ready',
      '3.12 win_amd64 build build:native==1.0',
    ]);
    expect(documentOf(run)).toMatchObject({ command: 'compare', chosen: null });
  });

  test('take the Python and the platform of the project where only the other is named', async () => {
    const folder = projectOf('native==1.0');
    const pythons = await compareIn(folder, '--python', '3.11,3.12', '--json');
    expect(summary(pythons).map((row) => row.split(' ', 2))).toEqual([
      ['3.11', 'manylinux_2_28_x86_64'],
      ['3.12', 'manylinux_2_28_x86_64'],
    ]);
    const platforms = await compareIn(folder, '--platform', 'linux,macos', '--json');
    // The newest Python that native==1.0 has a wheel for.
    expect(summary(platforms)).toEqual([
      '3.11 manylinux_2_28_x86_64 ready',
      '3.11 macosx_13_0_arm64 build build:native==1.0',
    ]);
  });

  test('are the usual ones where none is named, and the report says so', async () => {
    const folder = createProject({
      'requirements.txt': 'pure\n',
      Dockerfile: 'FROM python:3.13-slim-bookworm\nRUN pip install -r requirements.txt\n',
    });
    folders.push(folder);
    const run = await compareIn(folder, '--json');
    expect(summary(run)).toEqual([
      '3.13 manylinux_2_36_x86_64 ready',
      '3.14 manylinux_2_36_x86_64 ready',
      '3.15 manylinux_2_36_x86_64 ready',
      '3.13 manylinux_2_36_aarch64 ready',
      '3.13 musllinux_1_2_x86_64 ready',
      '3.13 macosx_13_0_arm64 ready',
      '3.13 win_amd64 ready',
    ]);
    const { stdout } = await compareIn(folder);
    expect(stdout.replaceAll('\n', ' ')).toContain(
      'newer Pythons, other platforms; --platform and --python name others',
    );
  });

  test('a single one stands beside that of the project', async () => {
    const folder = createProject({
      'requirements.txt': 'native==1.0\n',
      '.python-version': '3.11',
    });
    folders.push(folder);
    expect(summary(await compareIn(folder, '--python', '3.12', '--json'))).toEqual([
      '3.11 manylinux_2_28_x86_64 ready',
      '3.12 manylinux_2_28_x86_64 build build:native==1.0',
    ]);
  });

  test('PyPy has wheels of its own', async () => {
    const run = await compare(
      ['native==1.0'],
      '--python',
      'pypy3.10,3.10',
      '--platform',
      'linux',
      '--json',
    );
    expect(summary(run)).toEqual([
      'pypy3.10 manylinux_2_28_x86_64 ready',
      '3.10 manylinux_2_28_x86_64 build build:native==1.0',
    ]);
  });

  test('the free-threaded build takes the wheels of its own ABI alone', async () => {
    const words = ['--python', '3.13t,3.13', '--platform', 'linux,windows,macos'];
    const run = await compare(['threaded', 'pure'], ...words, '--json');
    expect(summary(run)).toEqual([
      '3.13t manylinux_2_28_x86_64 ready',
      '3.13 manylinux_2_28_x86_64 ready',
      '3.13t win_amd64 build build:threaded==1.0',
      '3.13 win_amd64 ready',
      '3.13t macosx_13_0_arm64 build build:threaded==1.0',
      '3.13 macosx_13_0_arm64 ready',
    ]);
    const [threaded] = targetsOf(run);
    expect(threaded?.packages.map(({ file }) => file?.filename)).toContain(
      'threaded-1.0-cp313-cp313t-manylinux_2_17_x86_64.whl',
    );
    // Nothing that is remembered of one build is taken for the other.
    const folder = projectOf('threaded');
    const only = ['--python', '3.13', '--platform', 'windows', '--json'];
    expect(summary(await compareIn(folder, ...only))[0]).toContain('3.13 ');
    expect(summary(await compareIn(folder, '--python', '3.13t', ...only.slice(2)))).toContain(
      '3.13t win_amd64 build build:threaded==1.0',
    );
  });

  test.each([
    [['--python', '3.12t'], 'there is one from 3.13 on'],
    [['--platform', 'linus'], 'there is no platform linus'],
    [['--fail-on', 'no-wheel'], 'compare judges nothing'],
    [['--python', '3.12,latest'], "--python 'latest' is not a Python version"],
  ])('%j is refused', async (words, message) => {
    const run = await compare(['pure'], ...words);
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain(message);
  });

  test('other commands take one, and name the one that takes several', async () => {
    for (const command of ['audit', 'tree', 'check', 'why pure', 'split', 'cost pure']) {
      const words = [...command.split(' '), '--platform', 'linux/amd64,linux/arm64'];
      const run = await runDepweight(words, { cwd: projectOf('pure') });
      expect([run.code, run.stdout]).toEqual([2, '']);
      expect(run.stderr).toContain('`depweight compare` puts several targets side by side');
    }
  });
});

describe('what has no wheel', () => {
  test('is built where there is a source archive, with what that takes and the releases that have one', async () => {
    const words = ['--python', '3.11,3.12', '--platform', 'linux,linux-musl', '--json'];
    const [, newer, musl] = targetsOf(await compare(['app', 'native==1.0'], ...words));
    expect(newer?.missing).toEqual([
      {
        name: 'native',
        version: '1.0',
        kind: 'build',
        reason: 'no-wheel-for-target',
        message: 'has no wheel for this target, only a source archive',
        direct: true,
        requiredBy: ['app'],
        declaredAt: [{ path: 'requirements.txt', line: 2, column: 1 }],
        build: { requires: ['setuptools>=61', 'Cython<3.1'], compiles: ['Cython'] },
        wheelFrom: '1.1',
        wheelUntil: null,
      },
    ]);
    expect(newer?.totals).toMatchObject({ packages: 3, unknown: 1, lowerBound: true });
    expect(musl?.missing).toMatchObject([{ name: 'native', wheelFrom: null, wheelUntil: '0.9' }]);
  });

  test('is not installable where there is none, and the other targets are not lost', async () => {
    const requirements = ['gpu==2.0', 'winloop; sys_platform == "win32"', 'native==1.0'];
    const run = await compare(
      requirements,
      '--python',
      '3.11,3.12',
      '--platform',
      'linux,windows',
      '--json',
    );
    expect(run.code).toBe(0);
    expect(summary(run)).toEqual([
      '3.11 manylinux_2_28_x86_64 ready',
      // What is behind the first obstacle is told as well.
      '3.12 manylinux_2_28_x86_64 not-installable none:gpu==2.0 build:native==1.0',
      '3.11 win_amd64 not-installable none:gpu==2.0',
      '3.12 win_amd64 not-installable none:gpu==2.0 build:native==1.0',
    ]);
    const [ready, blocked] = targetsOf(run);
    expect(ready?.packages.map(({ name }) => name)).toEqual(['cuda', 'gpu', 'native']);
    expect(blocked).toMatchObject({
      totals: { packages: 0, installedBytes: 0, lowerBound: true },
      packages: [],
      missing: [
        {
          reason: 'no-wheel-for-target',
          message: 'has no source archive, and its wheels for this platform are for cp311',
          declaredAt: [{ path: 'requirements.txt', line: 1, column: 1 }],
          wheelFrom: '2.1',
        },
        {},
      ],
      error: { requirements: [{ raw: 'gpu==2.0', path: 'requirements.txt', line: 1 }] },
    });
  });

  test('counts what packages say of the Python', async () => {
    const run = await compare(['python-bound<2'], '--python', '3.11,3.12,3.13', '--json');
    expect(summary(run).map((row) => row.split(' ').slice(2).join(' '))).toEqual([
      'not-installable none:python-bound==1.0',
      'ready',
      'ready',
    ]);
    const [older, , newer] = targetsOf(run);
    expect(older?.missing).toMatchObject([
      { reason: 'no-usable-file', message: 'needs Python >=3.12,<3.13', wheelFrom: null },
    ]);
    // As uv: an upper bound keeps nothing out. pip reads it otherwise.
    expect(newer?.refused).toEqual([
      { name: 'python-bound', version: '1.0', requiresPython: '>=3.12,<3.13' },
    ]);
    const { stdout } = await compare(['python-bound<2'], '--python', '3.12,3.13');
    expect(stdout).toContain('python-bound 1.0  Requires-Python >=3.12,<3.13  Python 3.13');
  });

  test('a conflict of requirements is told with its places, and exits 2 where no target has a solution', async () => {
    const run = await compare(['asks-old', 'pure==1.0'], '--python', '3.11,3.12', '--json');
    expect(run.code).toBe(2);
    expect(summary(run).map((row) => row.split(' ')[2])).toEqual([
      'not-installable',
      'not-installable',
    ]);
    expect(targetsOf(run)[0]?.error?.requirements.map(({ line }) => line)).toEqual([1, 2]);
    expect(run.stderr).toContain('pure');
  });

  test('is told of what pinned packages need as well, where another target shows what that is', async () => {
    const run = await compare(['asks-gpu==1.0'], '--python', '3.11,3.12', '--json');
    expect(run.code).toBe(0);
    const [, blocked] = targetsOf(run);
    expect(blocked).toMatchObject({
      verdict: 'not-installable',
      missing: [
        {
          name: 'gpu',
          version: '2.0',
          kind: 'none',
          direct: false,
          requiredBy: ['asks-gpu'],
          wheelFrom: '2.1',
        },
      ],
    });
    expect(blocked?.error?.message).toContain('gpu 2.0');
    const { stdout } = await compare(['asks-gpu==1.0'], '--python', '3.11,3.12');
    expect(stdout).toContain('  gpu 2.0  for asks-gpu  Python 3.12\n');
  });

  test('without a pin it is a conflict with the way to it', async () => {
    const { stdout, code } = await compare(['asks-gpu'], '--python', '3.11,3.12');
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /CONFLICT {2}Python 3\.12\n(?: {2}.*\n)* {2}gpu 2\.0 has no source archive/,
    );
    expect(stdout).toContain('    requirements.txt:1   asks-gpu\n');
  });

  test('a name that no index has leaves the rest standing, and exits 3', async () => {
    const run = await compare(['pure', 'nowhere-to-be-found'], '--python', '3.11,3.12', '--json');
    expect(run.code).toBe(3);
    expect(summary(run)[0]).toContain('not-installable none:nowhere-to-be-found');
    expect(targetsOf(run)[0]?.packages.map(({ name }) => name)).toContain('pure');
  });

  test('--strict asks for wheels on every target', async () => {
    const words = ['--python', '3.11,3.12', '--strict'];
    expect((await compare(['native==1.1'], ...words)).code).toBe(0);
    expect((await compare(['native==1.0'], ...words)).code).toBe(3);
    expect((await compare(['gpu==2.0'], ...words)).code).toBe(3);
  });
});

describe('two inputs', () => {
  const files = {
    'requirements-gpu.txt': 'gpu==2.0\nnative==1.0\npure\n',
    'requirements-cpu.txt': 'native==1.1\npure\n',
    'impossible.txt': 'asks-old\npure==1.0\n',
    '.python-version': '3.11\n',
    'api/requirements.txt': 'pure\n',
  };
  const compareInputs = (...words: readonly string[]): Promise<Run> => {
    const folder = createProject(files);
    folders.push(folder);
    return compareIn(folder, ...words);
  };

  test('are weighed on the target of the first, with what each has that the other has not', async () => {
    const run = await compareInputs('requirements-gpu.txt', 'requirements-cpu.txt', '--json');
    expect(run.code).toBe(0);
    const document: InputsDocument = JSON.parse(run.stdout);
    const rows = document.targets.map(({ input, target, verdict }) => [
      input,
      target.python,
      verdict,
    ]);
    expect(rows).toEqual([
      ['requirements-gpu.txt', '3.11', 'ready'],
      ['requirements-cpu.txt', '3.11', 'ready'],
    ]);
    expect(document.removed).toMatchObject([{ name: 'cuda' }, { name: 'gpu', version: '2.0' }]);
    expect(document.added).toEqual([]);
    expect(document.changed).toMatchObject([
      { name: 'native', before: { version: '1.0' }, after: { version: '1.1' } },
    ]);
    expect(document.before).toEqual(document.targets[0]?.totals);
    expect(document.after.packages).toBe(2);
  });

  test('may be folders, and are shown with the difference', async () => {
    const { stdout, code } = await compareInputs('requirements-cpu.txt', 'api', '--python', '3.12');
    expect(code).toBe(0);
    expect(stdout).toMatch(/^for Python 3\.12 · Linux x86_64 · glibc 2\.28\n/);
    expect(stdout).toMatch(/ {2}difference .* −1\n\nOnly in the first {2}1 package, /);
    expect(
      (await compareInputs('requirements-cpu.txt', 'api', '--python', '3.13')).stdout,
    ).toContain('  native 1.1  requirements-cpu.txt:1  requirements-cpu.txt\n');
    const same = await compareInputs('api', 'api');
    expect(same.stdout).toContain('The same packages in the same versions.');
  });

  test('have no difference where one has no solution', async () => {
    const run = await compareInputs('requirements-cpu.txt', 'impossible.txt', '--json');
    expect(run.code).toBe(2);
    const document: CompareDocument = JSON.parse(run.stdout);
    expect(document.targets.map(({ verdict }) => verdict)).toEqual(['ready', 'not-installable']);
    expect('before' in document).toBe(false);
    const { stdout } = await compareInputs('requirements-cpu.txt', 'impossible.txt');
    expect(stdout).toMatch(/✗ impossible\.txt +– +– +– {2}conflict/);
  });

  test('take one target', async () => {
    const run = await compareInputs('api', 'requirements-cpu.txt', '--python', '3.11,3.12');
    expect([run.code, run.stdout]).toEqual([2, '']);
    expect(run.stderr).toContain('two inputs are compared on one target');
    const absent = await compareInputs('api', 'nowhere');
    expect([absent.code, absent.stdout]).toEqual([2, '']);
  });

  test('the schema admits the documents', async () => {
    const validate = new Ajv({ strict: false, allErrors: true }).compile(readSchema());
    for (const other of ['requirements-cpu.txt', 'impossible.txt']) {
      const run = await compareInputs('requirements-gpu.txt', other, '--json');
      expect(validate(JSON.parse(run.stdout)), JSON.stringify(validate.errors)).toBe(true);
    }
  });
});

function readSchema(): object {
  return JSON.parse(
    readFileSync(new URL('../../data/report.schema.json', import.meta.url), 'utf8'),
  );
}

describe('documents and reports', () => {
  test('a Python outside of requires-python is not allowed, whatever has wheels for it', async () => {
    const folder = createProject({
      'pyproject.toml':
        '[project]\nname = "bounded"\nversion = "1"\nrequires-python = ">=3.10,<3.12"\ndependencies = ["native==1.1"]\n',
    });
    folders.push(folder);
    const run = await compareIn(folder, '--python', '3.11,3.12', '--json');
    expect(targetsOf(run).map(({ verdict, outside }) => [verdict, outside])).toEqual([
      ['ready', null],
      [
        'not-allowed',
        {
          requiresPython: '>=3.10,<3.12',
          location: { path: 'pyproject.toml', line: 4, column: 19 },
        },
      ],
    ]);
    const { stdout } = await compareIn(folder, '--python', '3.11,3.12');
    expect(stdout).toContain(
      'Outside of requires-python >=3.10,<3.12 (pyproject.toml:4): Python 3.12.',
    );
    expect(stdout).toContain('✗ not allowed by requires-python  Python 3.12\n');
    expect(stdout).toMatch(/✗ 3\.12 .* not allowed; wheels for everything\n/);
  });

  test('a set that is for other targets alone is told', async () => {
    const words = ['--python', '3.11', '--platform', 'linux,windows'];
    const run = await compare(['winloop; sys_platform == "win32"'], ...words);
    expect(run.code).toBe(0);
    expect(run.stderr.replace(/\s+/g, ' ')).toContain(
      'asks for is for Python 3.11 on manylinux_2_28_x86_64',
    );
  });

  test('two runs give the same bytes, the second one without asking the index', async () => {
    const folder = projectOf('app', 'gpu==2.0', 'native==1.0');
    const words = ['--python', '3.11,3.12', '--platform', 'linux,macos', '--json', '--timings'];
    const [first, second] = [await compareIn(folder, ...words), await compareIn(folder, ...words)];
    expect(second.stdout).toBe(first.stdout);
    expect(second.stderr).toContain('nothing was asked of the network');
  });

  test('the schema admits the documents', async () => {
    const validate = new Ajv({ strict: false, allErrors: true }).compile(readSchema());
    const sets = [['app'], ['gpu==2.0', 'native==1.0'], ['asks-old', 'pure==1.0'], ['absent']];
    for (const set of sets) {
      const run = await compare(set, '--python', '3.11,3.12,pypy3.10', '--json');
      expect(validate(JSON.parse(run.stdout)), JSON.stringify(validate.errors)).toBe(true);
    }
  });

  test('a table of at most 80 columns says the answer first', async () => {
    const folder = projectOf('app', 'gpu==2.0', 'native==1.0');
    const { stdout, code } = await compareIn(folder, '--python', '3.11,3.12');
    expect(code).toBe(0);
    const lines = stdout.split('\n');
    expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(
      / {2}✓ wheels for everything {2}Python 3\.11\n {2}✗ not installable {8}Python 3\.12\n/,
    );
    expect(stdout).toMatch(/ {2}✗ 3\.12 +– +– +– {2}no file: gpu; build: native\n/);
    expect(stdout).toContain(
      'NO FILE  that could be installed\n  gpu 2.0  requirements.txt:2  Python 3.12\n',
    );
    expect(stdout).toContain(
      '    compiles C; the build needs setuptools>=61, Cython<3.1\n    a wheel from 1.1\n',
    );
  });

  test('a large matrix is a grid', async () => {
    const words = [
      '--python',
      '3.10,3.11,3.12',
      '--platform',
      'linux,linux/arm64,alpine,macos,windows',
    ];
    const folder = projectOf('native==1.0');
    const { stdout } = await compareIn(folder, ...words);
    expect(stdout).toMatch(/ {2}installed +3\.10 +3\.11 +3\.12\n {2}Linux x86_64 +!1 0 B/);
    expect(stdout).not.toContain('download');
    expect((await compareIn(folder, ...words, '--all')).stdout).toContain('download');
  });
});
