import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { readNamedFile } from '../../src/inputs/read-named-file.ts';
import { readRepository } from '../../src/inputs/read-project.ts';
import { parseSetupPy } from '../../src/inputs/setup-py.ts';
import type { ParsedInput } from '../../src/types.ts';
import { contextOf, placesOf, rawsOf, type Files } from './support.ts';

const head = 'from setuptools import setup\n';

function read(text: string, others: Files = {}, path = 'setup.py'): Promise<ParsedInput> {
  const access = createMemoryFiles({ ...others, [path]: text });
  return parseSetupPy({ path, text, realPath: path, warnings: [] }, contextOf(access));
}

const messagesOf = ({ warnings }: Pick<ParsedInput, 'warnings'>): readonly string[] =>
  warnings.map(({ message }) => message);

describe('setup.py', () => {
  it('declares requirements, extras, the name and the Python, each with its place', async () => {
    const input = await read(`${head}
required = [
    'flask>=2',  # depweight: keep
    "click",
]
setup(
    name='mine', python_requires='>=3.9',
    install_requires=required,
    extras_require={'tests': ['pytest'], 'all': ['mine[tests]', 'rich']},
)
`);
    expect([
      input.kind,
      input.projectName,
      input.requiresPython,
      input.requiresPythonAt?.line,
    ]).toEqual(['setup-py', 'mine', '>=3.9', 8]);
    expect(placesOf(input)).toEqual(['setup.py:4:6 flask>=2', 'setup.py:5:6 click']);
    expect(input.groups[0]?.requirements.map(({ keep }) => keep)).toEqual(['', null]);
    expect(
      input.groups
        .slice(1)
        .map(({ kind, name, role, requirements }) => [
          kind,
          name,
          role,
          requirements.map(({ raw }) => raw),
        ]),
    ).toEqual([
      ['extra', 'tests', 'test', ['pytest']],
      ['extra', 'all', 'extra', ['pytest', 'rich']],
    ]);
    expect([input.mainSetElsewhere, input.warnings]).toEqual([false, []]);
  });

  it('gives what the target decides a marker, besides its own', async () => {
    const input = await read(`${head}import sys
required = []
if sys.version_info < (3, 9):
    required += ['a', 'b; os_name == "nt"']
setup(install_requires=required)`);
    expect(
      input.groups[0]?.requirements.map(({ raw, requirement }) => [raw, requirement.markerText]),
    ).toEqual([
      ['a', 'python_version < "3.9"'],
      ['b; os_name == "nt"', 'os_name == "nt" and python_version < "3.9"'],
    ]);
  });

  it('places what it reads from a file in that file', async () => {
    const input = await read(
      `${head}setup(install_requires=open('requirements/base.txt').read().splitlines())`,
      { 'sub/requirements/base.txt': '# x\r\na\r\n' },
      'sub/setup.py',
    );
    expect(placesOf(input)).toEqual(['sub/requirements/base.txt:2:1 a']);
    expect([input.includes, input.mainSetElsewhere]).toEqual([['sub/requirements/base.txt'], true]);
  });

  it.each([
    ['setup(install_requires=load() + ["a"])', [true]],
    ['setup(install_requires=["a"], extras_require={"x": load()})', [undefined, true]],
    ['if load():\n    raise SystemExit\nsetup(**load())\n# install_requires', [true]],
    ['setup(install_requires=["a"], extras_require={"x": ["b"]})', [undefined, undefined]],
  ])('%j is partial where it is computed', async (text, partial) => {
    const { groups } = await read(`${head}${text}\n`);
    expect(groups.map((group) => group.partial)).toEqual(partial);
  });

  it('says what no installer reads', async () => {
    const input = await read(`${head}\nsetup(install_requires=['a'], tests_require=['b'])`);
    expect(messagesOf(input)).toEqual([expect.stringContaining('setup.py:3: `tests_require`')]);
  });

  it('says what is computed, and reads the rest', async () => {
    const input = await read(`${head}
def find():
    return [line for line in subprocess.run('x')]
setup(name='mine',
      install_requires=['a'] + find(),
      extras_require={'x': find(), **more()})
`);
    expect(rawsOf(input)).toEqual(['a']);
    expect(messagesOf(input)).toEqual([
      'setup.py:4: install_requires is computed; depweight reads literals only, so that what it brings in is a lower bound',
      'setup.py:4: the extra `x` is computed; depweight reads literals only, so that what it brings in is a lower bound',
      'setup.py:7: extras_require is computed; depweight reads literals only, so that what it brings in is a lower bound',
    ]);
    expect(
      input.warnings.every(
        ({ code, severity }) => code === 'computed-requirements' && severity === undefined,
      ),
    ).toBe(true);
  });

  it('says that it is not followed only where it speaks of requirements', async () => {
    const lost = await read('for x in y:\n  setup(install_requires=[x])\n');
    expect(messagesOf(lost)).toEqual([
      expect.stringMatching(/^setup\.py:1: what it gives to setup\(\) is computed \(/),
    ]);
    expect((await read('print("hello")\n')).warnings).toEqual([]);
    const module = 'class Setup:\n  install_requires: list = []\n';
    expect(await read(module)).toMatchObject({ groups: [], warnings: [] });
    expect((await read("x = '\n")).groups).toEqual([]);
  });

  it('reports bad requirements with their place, and goes on', async () => {
    const input = await read(
      `${head}setup(install_requires=['a', 'b b'], extras_require={'-': ['c'], 'x:nonsense': ['d']}, python_requires='soon')`,
    );
    expect(rawsOf(input)).toEqual(['a']);
    expect(input.warnings.map(({ severity, line }) => [severity, line])).toEqual([
      ['error', 2],
      ['error', 2],
      ['error', 2],
      [undefined, 2],
    ]);
    expect(input.requiresPython).toBeNull();
  });

  it('is only a door where pyproject.toml or setup.cfg say it all', async () => {
    const script = `${head}setup(name='mine', install_requires=['a'])`;
    expect(
      (await read(script, { 'pyproject.toml': '[project]\nname = "mine"\ndependencies = ["b"]\n' }))
        .groups,
    ).toEqual([]);
    expect(
      (await read(script, { 'pyproject.toml': '[tool.poetry.dependencies]\nb = "1"\n' })).groups,
    ).toEqual([]);
    expect(
      rawsOf(
        await read(script, {
          'pyproject.toml': '[project]\nname = "mine"\ndynamic = ["dependencies"]\n',
        }),
      ),
    ).toEqual(['a']);
    expect(rawsOf(await read(script, { 'pyproject.toml': '[tool.black]\n' }))).toEqual(['a']);
    expect(
      (await read(`${head}setup()`, { 'setup.cfg': '[options]\ninstall_requires = b\n' })).groups,
    ).toEqual([]);
  });

  it('imports what pyproject.toml requires for the build', async () => {
    const script = `${head}try:\n  import DNS\n  r = ['there']\nexcept ImportError:\n  r = ['not-there']\nsetup(install_requires=r)`;
    expect(rawsOf(await read(script))).toEqual(['not-there']);
    expect(
      rawsOf(
        await read(script, {
          'pyproject.toml': '[build-system]\nrequires = ["setuptools", "dns>=1"]\n',
        }),
      ),
    ).toEqual(['there']);
  });
});

describe('the place of setup.py and setup.cfg in a project', () => {
  const primaryOf = async (files: Files): Promise<readonly (string | null)[]> => {
    const { projects } = await readRepository(createMemoryFiles(files));
    const [project] = projects;
    return [
      projects.length === 1 ? (project?.primary ?? null) : `${projects.length} projects`,
      ...(project?.environments ?? []).map(
        ({ id, requirements }) => `${id}: ${requirements.map(({ raw }) => raw).join(' ')}`,
      ),
    ];
  };
  const script = `${head}setup(name='mine', install_requires=['a'], extras_require={'test': ['t'], 'x': ['e']})`;

  it('is that of a manifest where there is no other', async () => {
    expect(await primaryOf({ 'setup.py': script })).toEqual([
      'setup.py',
      'prod: a',
      'dev: a t',
      'extra:x: a e',
    ]);
    expect(
      await primaryOf({
        'setup.cfg': '[options]\ninstall_requires = a\n',
        'setup.py': `${head}setup()`,
      }),
    ).toEqual(['setup.cfg', 'prod: a']);
    expect(
      await primaryOf({
        'setup.py': script,
        'pyproject.toml': '[tool.black]\nline-length = 100\n',
      }),
    ).toEqual(['setup.py', 'prod: a', 'dev: a t', 'extra:x: a e']);
    expect(
      await primaryOf({
        'setup.py': script,
        'pyproject.toml': '[project]\nname = "mine"\nversion = "1"\ndynamic = ["dependencies"]\n',
      }),
    ).toEqual(['setup.py', 'prod: a', 'dev: a t', 'extra:x: a e']);
  });

  it('comes after requirements.txt and before files of other names', async () => {
    expect((await primaryOf({ 'setup.py': script, 'requirements.txt': 'b\n' }))[0]).toBe(
      'requirements.txt',
    );
    expect((await primaryOf({ 'setup.py': script, 'requirements-dev.txt': 'b\n' }))[0]).toBe(
      'setup.py',
    );
    expect((await primaryOf({ 'setup.py': script, 'requirements-gpu.txt': 'b\n' }))[0]).toBe(
      'setup.py',
    );
  });

  it('prefers setup.py to setup.cfg where both declare', async () => {
    expect(
      (
        await primaryOf({ 'setup.py': script, 'setup.cfg': '[options]\ninstall_requires = b\n' })
      )[0],
    ).toBe('setup.py');
  });

  it('is none for a setup.py further down that builds an extension', async () => {
    expect(
      await primaryOf({
        'requirements.txt': 'b\n',
        'csrc/setup.py': `${head}setup(name='fast', ext_modules=[])`,
      }),
    ).toEqual(['requirements.txt', 'prod: b']);
  });

  it('is what an image installs with `pip install .`', async () => {
    const files = {
      'setup.py': script,
      'requirements.txt': 'b\n',
      Dockerfile: 'FROM python:3.11\nCOPY . /app\nWORKDIR /app\nRUN pip install .\n',
    };
    expect((await primaryOf(files))[0]).toBe('setup.py');
  });

  it('gives what `-e .` and local folders need', async () => {
    const files = {
      'requirements.txt': '-e .[x]\n./libs/shared\n',
      'setup.py': script,
      'libs/shared/setup.cfg': '[metadata]\nname = shared\n[options]\ninstall_requires = s\n',
      'libs/shared/setup.py': `${head}setup()`,
    };
    const { projects } = await readRepository(createMemoryFiles(files));
    const root = projects.find(({ project }) => project === '.');
    expect(
      root?.environments
        .find(({ id }) => id === 'prod')
        ?.requirements.map(({ requirement }) => requirement.name)
        .toSorted(),
    ).toEqual(['a', 'e', 's', 'shared']);
  });

  it('is read when it is named', async () => {
    const { projects } = await readNamedFile(
      createMemoryFiles({ 'setup.py': script, 'requirements.txt': 'b\n' }),
      'setup.py',
    );
    expect(projects[0]?.primary).toBe('setup.py');
  });

  it('stays visible where it is not followed', async () => {
    const lost = 'import mine\nfor x in mine.all:\n  setup(install_requires=[x])\n';
    const { projects } = await readRepository(createMemoryFiles({ 'setup.py': lost }));
    expect(projects[0]?.primary).toBe('setup.py');
    expect(projects[0]?.warnings.map(({ code }) => code)).toEqual(['computed-requirements']);
  });

  it('says of a local folder whose setup.py is not followed that its needs are unknown', async () => {
    const files = {
      'requirements.txt': '-e ./old\n-e ./none\n',
      'old/setup.py': 'setup()',
      'none/setup.py': `${head}setup(name='none')`,
    };
    const { projects } = await readRepository(createMemoryFiles(files));
    expect(projects[0]?.warnings.map(({ code, line }) => [code, line])).toEqual([
      ['local-needs-unknown', 1],
    ]);
  });
});
