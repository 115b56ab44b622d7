import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { parsePlatformName } from '../../src/pep/platform-name.ts';
import { parseDockerfile } from '../../src/target/dockerfile.ts';
import {
  readImages,
  readPythonHints,
  sortDockerfiles,
  versionsInWorkflow,
} from '../../src/target/hints.ts';
import { isDockerfileName } from '../../src/target/dockerfile-name.ts';
import { inferPlatform } from '../../src/target/platform.ts';
import { readProductImage } from '../../src/target/product-image.ts';
import { choosePythons, isOutsideRequiresPython } from '../../src/target/python.ts';

const image = (text: string) => readProductImage(parseDockerfile('Dockerfile', text));

describe('choosePythons', () => {
  const everything = {
    flag: '3.9',
    configuration: { python: '3.10', from: 'pyproject.toml:3' },
    image: image('FROM python:3.11\n'),
    hints: [{ python: '3.12', from: '.python-version:1' }],
    requiresPython: '>=3.8',
  };

  it('takes the strongest source that says something', () => {
    const { flag: _flag, ...withoutFlag } = everything;
    const { configuration: _configuration, ...withoutConfiguration } = withoutFlag;
    const { image: _image, ...withoutImage } = withoutConfiguration;
    expect(
      [everything, withoutFlag, withoutConfiguration, withoutImage].map(choosePythons),
    ).toEqual([
      { explicit: true, candidates: ['3.9'], from: '--python' },
      { explicit: true, candidates: ['3.10'], from: 'pyproject.toml:3' },
      { explicit: true, candidates: ['3.11'], from: 'Dockerfile:1' },
      { explicit: true, candidates: ['3.12'], from: '.python-version:1' },
    ]);
  });

  it.each([
    [null, ['3.14', '3.13', '3.12', '3.11', '3.10', '3.9', '3.8']],
    ['>=3.11', ['3.14', '3.13', '3.12', '3.11']],
    ['>=3.10,<3.13', ['3.12', '3.11', '3.10']],
    ['>=3.9,!=3.12.*,<4', ['3.14', '3.13', '3.11', '3.10', '3.9']],
    ['==3.12.*', ['3.12']],
    ['>=3.12.4,<3.13', ['3.12']],
    ['~=3.11', ['3.14', '3.13', '3.12', '3.11']],
    ['>=3.15', ['3.15']],
    ['>=3.6,<3.8', ['3.7']],
    ['>=3.16', ['3.16']],
    ['', ['3.14', '3.13', '3.12', '3.11', '3.10', '3.9', '3.8']],
  ])('steps down inside of %s', (requiresPython, candidates) => {
    expect(choosePythons({ requiresPython })).toMatchObject({ explicit: false, candidates });
  });

  it('says where the candidates come from', () => {
    expect(choosePythons({}).from).toBe('default');
    expect(choosePythons({ requiresPython: '>=3.9' }).from).toBe('requires-python');
    const requiresPythonFrom = 'environment.yml:4';
    expect(choosePythons({ requiresPython: '>=3.9', requiresPythonFrom }).from).toBe(
      requiresPythonFrom,
    );
  });

  it('tells a Python outside of requires-python', () => {
    expect(isOutsideRequiresPython('>=3.10', '3.9')).toBe(true);
    expect(isOutsideRequiresPython('>=3.10', '3.10.4')).toBe(false);
    expect(isOutsideRequiresPython(null, '3.9')).toBe(false);
  });
});

describe('inferPlatform', () => {
  it.each([
    ['FROM python:3.12\n', 'x86_64-manylinux_2_41'],
    ['FROM python:3.12-slim-bookworm\n', 'x86_64-manylinux_2_36'],
    ['FROM --platform=linux/arm64/v8 python:3.12-slim-bookworm\n', 'aarch64-manylinux_2_36'],
    ['FROM python:3.12-alpine\n', 'musllinux_1_2_x86_64'],
    ['FROM --platform=linux/arm64 python:3.12-alpine\n', 'musllinux_1_2_aarch64'],
    ['FROM python:3.12-windowsservercore\n', 'windows'],
    ['FROM tiangolo/uvicorn:python3.11\n', 'x86_64-manylinux_2_28'],
  ])('of %j is %s, a name that is known', (text, platform) => {
    expect(inferPlatform({ image: image(text) }).platform).toBe(platform);
    expect(parsePlatformName(platform)).not.toBeNull();
  });

  it('says where it comes from, and asks the strongest source first', () => {
    const python = image('FROM python:3.12\n');
    expect(inferPlatform({})).toEqual({ platform: 'x86_64-manylinux_2_28', from: 'default' });
    expect(inferPlatform({ image: python }).from).toBe('Dockerfile:1');
    expect(inferPlatform({ image: image('FROM tiangolo/uvicorn:python3.11\n') }).from).toBe(
      'default',
    );
    const configuration = { platform: 'macos', from: 'pyproject.toml:4' };
    expect(inferPlatform({ image: python, configuration })).toEqual(configuration);
    expect(inferPlatform({ image: python, configuration, flag: 'windows' })).toEqual({
      platform: 'windows',
      from: '--platform',
    });
  });
});

describe('readPythonHints', () => {
  const read = (files: Record<string, string>, folder = '.') =>
    readPythonHints(createMemoryFiles(files), folder).map(
      ({ python, from }) => `${python} ${from}`,
    );

  it('reads files that name a Python, strongest first, those of the project before those of the root', () => {
    expect(
      read({
        'runtime.txt': 'python-3.11.9\n',
        '.python-version': '# pinned\n3.12.4\n',
        '.tool-versions': 'nodejs 20\npython 3.10.1\n',
      }),
    ).toEqual(['3.12 .python-version:2', '3.11 runtime.txt:1', '3.10 .tool-versions:2']);
    expect(read({ '.python-version': '3.12\n', 'api/.python-version': '3.13\n' }, 'api')).toEqual([
      '3.13 api/.python-version:1',
      '3.12 .python-version:1',
    ]);
    expect(read({ '.python-version': 'system\npypy3.10\n' })).toEqual([]);
  });

  it('takes a version that all workflows agree on, and no matrix', () => {
    const one =
      'jobs:\n  a:\n    steps:\n      - uses: actions/setup-python@v5\n        with:\n          python-version: "3.11"\n';
    expect(read({ '.github/workflows/ci.yml': one, '.github/workflows/b.yaml': one })).toEqual([
      '3.11 .github/workflows/b.yaml:6',
    ]);
    expect(
      read({
        '.github/workflows/ci.yml': one,
        '.github/workflows/b.yml': one.replace('3.11', '3.12'),
      }),
    ).toEqual([]);
  });

  it.each([
    ['python-version: ["3.10", \'3.11\', 3.12]\n', ['3.10', '3.11', '3.12']],
    ['python-version:\n  - "3.9"\n  - 3.10.4 # old\nos:\n  - 3.11\n', ['3.9', '3.10']],
    ['python-version: ${{ matrix.python }}\n', []],
    ['- python-version: 3.12\n', ['3.12']],
    ['node-version: 3.12\n', []],
  ])('finds the versions in %j', (text, versions) => {
    expect(versionsInWorkflow(text).map(({ python }) => python)).toEqual(versions);
  });
});

describe('Dockerfiles', () => {
  it.each(['Dockerfile', 'dockerfile', 'Dockerfile.prod', 'api.Dockerfile', 'Containerfile'])(
    'are called %s',
    (name) => {
      expect(isDockerfileName(name)).toBe(true);
    },
  );

  it.each([
    'Dockerfile.dockerignore',
    'Dockerfile.md',
    'docker-compose.yml',
    'dockerfile_utils.py',
  ])('are not called %s', (name) => {
    expect(isDockerfileName(name)).toBe(false);
  });

  it('come in the order in which they are taken for the product', () => {
    expect(
      sortDockerfiles([
        'tests/Dockerfile',
        'docker/Dockerfile',
        'Dockerfile.gpu',
        'Dockerfile.dev',
        'Dockerfile.prod',
        'Dockerfile',
        'devices/Dockerfile',
      ]),
    ).toEqual([
      'Dockerfile',
      'devices/Dockerfile',
      'docker/Dockerfile',
      'Dockerfile.prod',
      'Dockerfile.gpu',
      'Dockerfile.dev',
      'tests/Dockerfile',
    ]);
  });

  it('that cannot be read are warnings', async () => {
    const { images, warnings } = await readImages(
      createMemoryFiles({ Dockerfile: new Uint8Array(200) }),
      ['Dockerfile', 'gone/Dockerfile'],
    );
    expect([images, warnings.map(({ severity }) => severity)]).toEqual([
      [],
      ['warning', 'warning'],
    ]);
  });
});
