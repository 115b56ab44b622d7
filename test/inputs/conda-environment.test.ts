import { describe, expect, it } from 'vitest';
import { parseCondaEnvironment } from '../../src/inputs/conda-environment.ts';
import { distributionsOfConda, nameOfConda } from '../../src/inputs/conda-names.ts';
import { decodeFile } from '../../src/inputs/decode.ts';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { findFormatOfNamedFile, inputFormats } from '../../src/inputs/index.ts';
import type { ParsedInput } from '../../src/types.ts';
import { codesOf, contextOf, mainOf, placesOf, type Files } from './support.ts';

/** Parses environment.yml, or the first of the files, beside the others. */
async function parse(files: Files | string, variables = {}): Promise<ParsedInput> {
  const all: Files = typeof files === 'string' ? { 'environment.yml': files } : files;
  const [path = ''] = Object.keys(all);
  const access = createMemoryFiles(all);
  const decoded = decodeFile(path, access.read(path));
  if (!decoded.ok) throw new Error(decoded.warning.message);
  return parseCondaEnvironment(decoded.file, contextOf(access, variables));
}

const inList = (...entries: readonly string[]): string =>
  `name: x\nchannels: [conda-forge]\ndependencies:\n${entries.map((entry) => `  - ${entry}\n`).join('')}`;

/** `name==version ; marker`, one per package of conda. */
function packagesOf(input: ParsedInput): readonly string[] {
  return mainOf(input)
    .filter(({ source }) => source === 'conda')
    .map(({ requirement, conda }) => {
      const version = conda?.version === null ? '' : `==${conda?.version ?? ''}`;
      const marker = requirement.markerText === null ? '' : ` ; ${requirement.markerText}`;
      return `${requirement.name}${version}${marker}`;
    });
}

describe('the packages of conda', () => {
  it('are declared as written, each at its place', async () => {
    const input = await parse(
      inList('numpy=1.26', 'conda-forge::pandas >=2,<3', "'scipy==1.11.4'", 'pip'),
    );
    expect(placesOf(input)).toEqual([
      'environment.yml:4:5 numpy=1.26',
      'environment.yml:5:5 conda-forge::pandas >=2,<3',
      'environment.yml:6:6 scipy==1.11.4',
      'environment.yml:7:5 pip',
    ]);
    expect(mainOf(input).every(({ source }) => source === 'conda')).toBe(true);
    expect(packagesOf(input)).toEqual(['numpy', 'pandas', 'scipy==1.11.4', 'pip']);
    expect(input.warnings).toEqual([]);
  });

  it('have the names of the distributions that pip finds in them', async () => {
    const input = await parse(inList('pytorch=2.1', 'ffmpeg', '_libgcc_mutex=0.1=main', 'opencv'));
    expect(packagesOf(input)).toEqual(['torch', 'ffmpeg', 'libgcc-mutex==0.1', 'opencv-python']);
    expect(mainOf(input).map(({ conda }) => [conda?.name, conda?.isDistribution])).toEqual([
      ['pytorch', true],
      ['ffmpeg', false],
      ['_libgcc_mutex', false],
      ['opencv', true],
    ]);
    // Only where a package of pip needs it.
    expect(input.constraints.map(({ requirement }) => requirement.name)).toEqual([
      'opencv-python-headless',
    ]);
  });

  it('may be kept, by a remark', async () => {
    const input = await parse(inList('numpy  # depweight: keep', 'scipy  # fast'));
    expect(mainOf(input).map(({ keep }) => keep)).toEqual(['', null]);
  });

  it('are for some platforms only, where a selector says so', async () => {
    const input = await parse(
      inList(
        'pywin32  # [win]',
        'cuda  # [linux64]',
        'gcc  # [not win]',
        'six  # see [1]',
        'sel(osx): appnope',
        'sel(linux): [inotify, uvloop]',
        'pip:\n      - colorama; python_version > "3"  # [win]\n      - idna',
      ),
    );
    expect(packagesOf(input)).toEqual([
      'pywin32 ; sys_platform == "win32"',
      'cuda ; sys_platform == "linux" and platform_machine == "x86_64"',
      'gcc ; sys_platform != "win32"',
      'six',
      'appnope ; sys_platform == "darwin"',
      'inotify ; sys_platform == "linux"',
      'uvloop ; sys_platform == "linux"',
    ]);
    const markers = mainOf(input)
      .filter(({ source }) => source === 'index')
      .map(({ requirement }) => requirement.markerText);
    expect(markers).toEqual(['python_version > "3" and sys_platform == "win32"', null]);
  });
});

describe('names', () => {
  it.each([
    ['scikit-learn', ['scikit-learn']],
    ['ruamel.yaml', ['ruamel-yaml']],
    ['typing_extensions', ['typing-extensions']],
    ['pytorch', ['torch']],
    ['pytorch-gpu', ['torch']],
    ['matplotlib-base', ['matplotlib']],
    ['py-opencv', ['opencv-python', 'opencv-python-headless']],
    ['tzdata', []],
    ['python-tzdata', ['tzdata']],
    ['_openmp_mutex', []],
    ['constructor', ['constructor']],
  ])('%s', (name, expected) => {
    expect(distributionsOfConda(name)).toEqual(expected);
  });

  it('of what is no distribution are those of conda', () => {
    expect(['tzdata', '_openmp_mutex'].map(nameOfConda)).toEqual(['tzdata', 'openmp-mutex']);
  });
});

describe('python', () => {
  it.each([
    ['python=3.11', '3.11'],
    ['python=3.7.13', '3.7'],
    ['python 3.10.*', '3.10'],
    ['python==3.9.18', '3.9'],
    ['conda-forge::python=3.12', '3.12'],
    ['python=3.11.15=h1044e36_0', '3.11'],
    ['python>=3.11,<3.12', '3.11'],
    ['python=2.7', '2.7'],
  ])('%s is the interpreter and no package', async (entry, version) => {
    const input = await parse(inList('numpy', entry));
    expect(input.python).toEqual({
      version,
      location: { path: 'environment.yml', line: 5, column: 5 },
    });
    expect([packagesOf(input), input.requiresPython]).toEqual([['numpy'], null]);
  });

  it.each([
    ['python>=3.9', '>=3.9'],
    ['python >= 3.8', '>=3.8'],
    ['python>=3.9,<3.12', '<3.12,>=3.9'],
    ['python=3', '==3.*'],
    ['python', null],
    ['python=3.9|3.10', null],
  ])('%s limits which one', async (entry, requiresPython) => {
    const input = await parse(inList(entry));
    expect([input.python, input.requiresPython]).toEqual([undefined, requiresPython]);
    expect(input.requiresPythonAt).toEqual(
      requiresPython === null ? undefined : { path: 'environment.yml', line: 4, column: 5 },
    );
  });
});

describe('the pip section', () => {
  it('is a requirements file in pieces, each with its place', async () => {
    const input = await parse({
      'envs/environment.yml': [
        'channels: [defaults]',
        'dependencies:',
        '  - pip',
        '  - pip:',
        '      - requests[socks]==2.31.0  # pinned',
        '      - "rich>=13; python_version > \'3.8\'"',
        '      - -r more.txt',
        '      - --constraint=limits.txt',
        '      - --extra-index-url https://user:secret@index.test/simple',
        '      - --pre',
        '      - -e ./own',
        '      - git+https://code.test/tool.git',
        '      - https://files.test/six-1.16.0-py3-none-any.whl',
        '      - |',
        '        idna==3.4',
        '        certifi',
      ].join('\n'),
      'envs/more.txt': 'flask\n',
      'envs/limits.txt': 'click<9\n',
      'envs/own/pyproject.toml': "[project]\nname = 'own-thing'\n",
    });
    expect(placesOf(input)).toEqual([
      'envs/environment.yml:3:5 pip',
      'envs/environment.yml:5:9 requests[socks]==2.31.0',
      "envs/environment.yml:6:10 rich>=13; python_version > '3.8'",
      'envs/more.txt:1:1 flask',
      'envs/environment.yml:11:12 ./own',
      'envs/environment.yml:12:9 git+https://code.test/tool.git',
      'envs/environment.yml:13:9 https://files.test/six-1.16.0-py3-none-any.whl',
      'envs/environment.yml:15:9 idna==3.4',
      'envs/environment.yml:16:9 certifi',
    ]);
    expect(mainOf(input).map(({ source }) => source)).toEqual([
      ...['conda', 'index', 'index', 'index', 'local', 'vcs', 'url', 'index', 'index'],
    ]);
    expect(input.includes).toEqual(['envs/more.txt']);
    expect(input.constraints.map(({ raw }) => raw)).toEqual(['click<9']);
    expect(input.options).toEqual({
      extraIndexUrls: ['https://user:secret@index.test/simple'],
      pre: true,
    });
    expect(mainOf(input).find(({ source }) => source === 'local')?.requirement.name).toBe(
      'own-thing',
    );
    expect(JSON.stringify(input.warnings)).not.toContain('secret');
  });

  it('restricts files by hashes, as pip does', async () => {
    const hash = `sha256:${'a'.repeat(64)}`;
    const input = await parse(inList(`pip: ["six==1.16.0 --hash=${hash}", idna]`));
    expect(mainOf(input).map(({ hashes }) => hashes)).toEqual([[hash], []]);
    expect(codesOf(input.warnings)).toEqual(['missing-hash environment.yml:4 warning']);
  });

  it('fills in variables, whose values appear nowhere', async () => {
    const input = await parse(
      inList('pip:\n      - --index-url https://${TOKEN}@index.test/simple'),
      {
        TOKEN: 'hidden',
      },
    );
    expect(input.options.indexUrl).toBe('https://hidden@index.test/simple');
    expect(JSON.stringify([input.groups, input.warnings])).not.toContain('hidden');
  });

  it('loses one bad line and no other', async () => {
    const input = await parse(inList('pip:\n      - six=1.16\n      - -r gone.txt\n      - idna'));
    expect(placesOf(input)).toEqual(['environment.yml:7:9 idna']);
    expect(codesOf(input.warnings)).toEqual([
      'invalid-requirement environment.yml:5 error',
      'unreadable-include environment.yml:6 error',
    ]);
    expect(input.warnings[0]?.message).toContain('did you mean `six==1.16`?');
  });
});

describe('entries that are none', () => {
  it('are errors at their places, and the rest is read', async () => {
    const input = await parse(
      inList(
        '1.5',
        'null',
        '[a, b]',
        '"=bad"',
        'pip: six',
        'pip: [3, [six]]',
        'npm: [left-pad]',
        'numpy',
      ),
    );
    expect(packagesOf(input)).toEqual(['numpy']);
    expect(codesOf(input.warnings)).toEqual([
      'invalid-requirement environment.yml:4 error',
      'invalid-requirement environment.yml:5 error',
      'invalid-requirement environment.yml:6 error',
      'invalid-requirement environment.yml:7 error',
      'invalid-requirement environment.yml:8 error',
      'invalid-requirement environment.yml:9 error',
      'invalid-requirement environment.yml:9 error',
      'unknown-section environment.yml:10 warning',
    ]);
    expect(input.warnings[3]).toMatchObject({ column: 6 });
    expect(input.warnings[5]?.message).toBe(
      'environment.yml:9: an entry of `pip` is a number, not a requirement',
    );
  });

  it('are told twenty times at most', async () => {
    const input = await parse(inList(...Array.from({ length: 500 }, () => '"=bad"'), 'numpy'));
    // Equal ones count fifty times, and no more.
    expect(input.warnings).toHaveLength(22);
    expect(input.warnings.at(-1)?.message).toContain('30 more entries');
    expect(packagesOf(input)).toEqual(['numpy']);
  });

  it('may be as long as they like', async () => {
    const input = await parse(inList('x'.repeat(500_000), 'numpy'));
    expect(packagesOf(input)).toEqual(['numpy']);
    expect(input.warnings[0]?.message).toContain('an entry of 500000 characters is no package');
  });
});

describe('files that are hostile', () => {
  it('unfold nothing behind aliases', async () => {
    const lines = ['a0: &a0 [x, x, x, x, x, x, x, x, x]'];
    for (let at = 1; at < 9; at++)
      lines.push(`a${at}: &a${at} [${Array.from({ length: 9 }, () => `*a${at - 1}`).join(', ')}]`);
    const input = await parse(`${lines.join('\n')}\ndependencies: *a8\n`);
    expect(codesOf(input.warnings)).toEqual(['invalid-requirement environment.yml:10 error']);
    expect(input.groups).toEqual([]);
  });

  it('read what an alias names where it is small', async () => {
    const input = await parse(
      'pins: &pin numpy==1.26.4\ndependencies:\n  - *pin\n  - pip: &p [six]\n',
    );
    expect(placesOf(input)).toEqual([
      'environment.yml:3:5 numpy==1.26.4',
      'environment.yml:4:14 six',
    ]);
  });

  it('are refused before they are parsed when they are huge', async () => {
    const started = performance.now();
    const input = await parse(inList('x'.repeat(20_000_000)));
    expect(input.warnings.map(({ message }) => message).join()).toContain(
      'no environment is so long',
    );
    expect(performance.now() - started).toBeLessThan(3000);
  });

  it('may have Windows line ends and a byte order mark', async () => {
    const text = '\ufeffdependencies:\r\n  - numpy==1.26.4\r\n  - pip:\r\n    - six\r\n';
    const input = await parse(text);
    expect(placesOf(input)).toEqual([
      'environment.yml:2:5 numpy==1.26.4',
      'environment.yml:4:7 six',
    ]);
  });

  it.each([
    ['is no YAML', 'dependencies:\n  - numpy\n - six\n', 'invalid-yaml environment.yml:3 error'],
    ['is indented by tabs', 'dependencies:\n\t- numpy\n', 'invalid-yaml environment.yml:2 error'],
    [
      'has the dependencies twice',
      'dependencies: [numpy]\ndependencies: [scipy]\n',
      'invalid-yaml environment.yml:2 error',
    ],
    [
      'holds two documents',
      'dependencies: [numpy]\n---\ndependencies: [scipy]\n',
      'invalid-yaml environment.yml:2 error',
    ],
    [
      'has a table in place of the list',
      'name: x\ndependencies: {numpy: 1}\n',
      'invalid-requirement environment.yml:2 error',
    ],
    [
      'has text in place of the list',
      'dependencies: numpy\n',
      'invalid-requirement environment.yml:1 error',
    ],
  ])('say where the file %s', async (_, text, code) => {
    expect(codesOf((await parse(text)).warnings)).toEqual([code]);
  });
});

describe('which files', () => {
  const formatOf = (path: string): string | undefined =>
    inputFormats.find(({ matches }) => matches(path))?.name;

  it.each([
    'environment.yml',
    'environment.yaml',
    'environment-dev.yml',
    'environment_gpu.yaml',
    'environment3.9.yml',
    'conda.yml',
    'conda-env.yml',
    'env.yml',
    'binder/environment.yml',
    'envs/my_env.yaml',
    'dev-environment.yml',
  ])('%s may be one', (path) => {
    expect(formatOf(path)).toBe('conda-environment');
  });

  it.each([
    'docker-compose.yml',
    'environment.json',
    'environment.devenv.yml',
    'meta.yaml',
    'envelope.yml',
    'condarc.yml',
    'mkdocs.yml',
  ])('%s is none', (path) => {
    expect(formatOf(path)).toBeUndefined();
  });

  it('any YAML file that the user names', () => {
    expect(findFormatOfNamedFile('ci/py311.yml')?.name).toBe('conda-environment');
  });

  it.each([
    ['has no dependencies', 'environment.yml', 'name: staging\nvariables: {A: b}\n'],
    ['is of a tool with other dependencies', 'env.yaml', 'dependencies:\n  db: postgres\n'],
    ['is of a tool with a list of services', 'env.yaml', 'dependencies: [db, cache]\n'],
    ['is broken and of another tool', 'env.yaml', 'dependencies: [db\nx: }\n'],
  ])('but not one that %s: of that nothing is said', async (_, path, text) => {
    const input = await parse({ [path]: text });
    expect([input.groups, input.warnings]).toEqual([[], []]);
  });

  it.each([
    ['channels', 'channels: [a]\ndependencies: [numpy]\n'],
    ['a pip section', 'dependencies:\n  - numpy\n  - pip: [six]\n'],
  ])('but one of any name that has %s', async (_, text) => {
    expect(packagesOf(await parse({ 'env.yaml': text }))).toEqual(['numpy']);
  });

  it('has the role that its name says', async () => {
    const roleOf = async (path: string): Promise<string> =>
      (await parse({ [path]: inList('numpy') })).role;
    expect(await roleOf('environment.yml')).toBe('prod');
    expect(await roleOf('environment-dev.yml')).toBe('dev');
    expect(await roleOf('environment_docs.yaml')).toBe('docs');
    expect(await roleOf('test-env.yml')).toBe('test');
  });
});
