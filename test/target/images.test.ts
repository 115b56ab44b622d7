import { describe, expect, it } from 'vitest';
import { readBaseImage } from '../../src/target/base-image.ts';
import { parseDockerfile, substitute } from '../../src/target/dockerfile.ts';
import type { InstallCommand } from '../../src/target/install-command.ts';
import { findInstallCommands } from '../../src/target/install-commands.ts';
import { textsOf } from '../../src/target/shell-pieces.ts';
import { readProductImage, type ProductImage } from '../../src/target/product-image.ts';

function imageOf(text: string): ProductImage {
  const image = readProductImage(parseDockerfile('Dockerfile', text));
  if (image === null) throw new Error('no image');
  return image;
}

function installsOf(
  run: string,
  variables: ReadonlyMap<string, string> = new Map(),
): readonly InstallCommand[] {
  const [stage] = parseDockerfile('Dockerfile', `FROM x\nRUN ${run}\n`).stages;
  return (stage?.instructions ?? []).flatMap((instruction) =>
    findInstallCommands(instruction, variables),
  );
}

describe('readBaseImage', () => {
  it.each([
    ['python:3.12', '3.12', '2.41', null],
    ['python:3.12-slim-bookworm', '3.12', '2.36', null],
    ['python:3.9.19-slim-bullseye', '3.9', '2.31', null],
    ['python:3.8-buster', '3.8', '2.28', null],
    ['python:3.11-alpine', '3.11', null, '1.2'],
    ['python:3.11-alpine3.19', '3.11', null, '1.2'],
    ['registry.test/library/python:3.10-slim@sha256:abc', '3.10', '2.41', null],
    ['registry.index.test:5000/mirror/python:3.10-slim', '3.10', '2.41', null],
    ['python:3.14-rc-slim', '3.14', '2.41', null],
    ['python:3', '3.15', '2.41', null],
    ['python', '3.15', '2.41', null],
    ['registry.test/astral-sh/uv:python3.12-bookworm-slim', '3.12', '2.36', null],
    ['registry.test/astral-sh/uv:0.8-python3.13-alpine', '3.13', null, '1.2'],
    ['registry.test/lambda/python:3.12', '3.12', '2.34', null],
    ['registry.test/lambda/python:3.11', '3.11', '2.26', null],
    ['registry.test/devcontainers/python:1-3.11-bookworm', '3.11', '2.36', null],
    ['registry.test/azure-functions/python:4-python3.11', '3.11', null, null],
    ['tiangolo/uvicorn-gunicorn-fastapi:python3.11', '3.11', null, null],
    ['registry.test/ubi9/python-311:latest', '3.11', '2.34', null],
    ['ubuntu:22.04', '3.10', '2.35', null],
    ['nvidia/cuda:12.4.1-runtime-ubuntu22.04', '3.10', '2.35', null],
    ['rocm/dev-ubuntu-24.04:6.1', '3.12', '2.39', null],
    ['debian:bookworm-slim', '3.11', '2.36', null],
    ['registry.test/distroless/python3-debian12', '3.11', '2.36', null],
    ['alpine:3.19', '3.11', null, '1.2'],
    ['amazonlinux:2023', '3.9', '2.34', null],
    ['node:20', null, null, null],
    ['scratch', null, null, null],
  ])('%s holds Python %s, glibc %s, musl %s', (name, python, glibc, musl) => {
    expect(readBaseImage(name)).toMatchObject({ python, glibc, musl });
  });

  it('tells the Python that an image is named for from the one a distribution would install', () => {
    expect([
      readBaseImage('python:3.12').pythonIsNamed,
      readBaseImage('ubuntu:22.04').pythonIsNamed,
    ]).toEqual([true, false]);
    expect(readBaseImage('python:3.11-windowsservercore-ltsc2022').os).toBe('windows');
  });
});

describe('parseDockerfile', () => {
  it('joins continued lines over comments and blank lines, with any line ends and a byte order mark', () => {
    const file = parseDockerfile(
      'Dockerfile',
      '\ufeffFROM python:3.11\r\n# no\r\nRUN pip install \\\r\n  # why\r\n\r\n  flask \\\r\n  click\r\n',
    );
    expect(
      file.stages[0]?.instructions.map(({ name, line, text }) => [
        name,
        line,
        text.replace(/\s+/g, ' ').trim(),
      ]),
    ).toEqual([['RUN', 3, 'pip install flask click']]);
  });

  it('knows another escape character', () => {
    const file = parseDockerfile('Dockerfile', '# escape=`\nFROM x\nRUN dir C:\\ `\n  && y\n');
    expect(file.stages[0]?.instructions[0]?.text).toContain('C:\\');
  });

  it('keeps heredocs with their instruction', () => {
    const file = parseDockerfile(
      'Dockerfile',
      'FROM x\nRUN <<EOF\npip install flask\nFROM nothing\nEOF\nCOPY <<-"R" /r.txt\n\tclick\n\tR\nCMD y\n',
    );
    expect(file.stages).toHaveLength(1);
    expect(
      file.stages[0]?.instructions.map(({ name, heredocs }) => [
        name,
        heredocs.map(({ line }) => line),
      ]),
    ).toEqual([
      ['RUN', [3]],
      ['COPY', [7]],
      ['CMD', []],
    ]);
  });

  it.each([
    ['FROM x\nRUN <<EOF\npip install flask\n', 'invalid-dockerfile', 2, undefined],
    ['FROM x\nFROB y\n', 'unknown-instruction', 2, undefined],
    ['RUN pip install flask\n', 'invalid-dockerfile', 1, 'error'],
  ])('says what is wrong with %j', (text, code, line, severity) => {
    expect(parseDockerfile('Dockerfile', text).warnings).toMatchObject([
      { code, line, ...(severity === undefined ? {} : { severity }) },
    ]);
  });

  it.each([
    ['registry.test/lambda/python:3.12-arm64', 'linux/arm64'],
    ['arm64v8/python:3.12', 'linux/arm64'],
    ['registry.test/lambda/python:3.12-x86_64@sha256:00', 'linux/amd64'],
    ['python:3.12-slim', null],
  ])('takes the machine that the name of a base says: %s', (base, platform) => {
    const file = parseDockerfile('Dockerfile', `FROM ${base}\nRUN true\n`);
    expect(readProductImage(file)?.platform).toBe(platform);
  });

  it('fills in ARG with its default, before and after FROM', () => {
    const file = parseDockerfile(
      'Dockerfile',
      'ARG V=3.11\nARG BASE=python:${V}-slim\nFROM --platform=linux/arm64 ${BASE} AS Base\nARG V\nENV A="1 2" B=$V\n',
    );
    expect(file.stages[0]).toMatchObject({
      base: 'python:3.11-slim',
      name: 'base',
      platform: 'linux/arm64',
    });
    const variables = [...(file.stages[0]?.variables ?? [])];
    expect(variables.filter(([name]) => !name.startsWith('$'))).toEqual([
      ['V', '3.11'],
      ['A', '1 2'],
      ['B', '3.11'],
    ]);
  });

  it('takes a platform that the builder sets for none', () => {
    expect(
      parseDockerfile('Dockerfile', 'FROM --platform=$BUILDPLATFORM x\n').stages[0]?.platform,
    ).toBeNull();
  });

  it.each([
    ['${A:-d}', 'd'],
    ['${A-d}', 'd'],
    ['${B:-d}', 'b'],
    ['${B:+x}', 'x'],
    ['$B/${A}', 'b/'],
    ['\\$B', '$B'],
  ])('substitutes %s by %s', (text, value) => {
    expect(substitute(text, new Map([['B', 'b']]))).toBe(value);
  });
});

describe('findInstallCommands', () => {
  it.each([
    ['pip install -r requirements.txt'],
    ['pip3 install --no-cache-dir --requirement=requirements.txt'],
    ['python -m pip install -U pip && python3.11 -m pip install -rrequirements.txt'],
    ['/opt/venv/bin/pip install -r requirements.txt > /dev/null 2>&1'],
    ['--mount=type=cache,target=/root/.cache PIP_NO_CACHE_DIR=1 pip install -r "requirements.txt"'],
    ['uv pip install --system -r requirements.txt'],
    ['uv pip sync requirements.txt'],
    [
      'uv pip install --system --python-preference system --resolution highest -P flask --requirements requirements.txt',
    ],
    ['pip install --use-feature fast-deps --exists-action w -r requirements.txt'],
    ['["pip", "install", "-r", "requirements.txt"]'],
    ['apt-get update; if [ -f x ]; then sudo pip install -r requirements.txt; fi'],
    ['bash -c "pip install -r requirements.txt"'],
    ['set -ex \\\n  && pip install \\\n    -r requirements.txt'],
  ])('finds the file in %s', (run) => {
    expect(installsOf(run).flatMap(({ requirementFiles }) => requirementFiles)).toEqual([
      'requirements.txt',
    ]);
    expect(installsOf(run).flatMap(({ packages }) => textsOf(packages))).toEqual(
      run.includes('-U pip') ? ['pip'] : [],
    );
  });

  it.each([
    ['sh -c "pip install -r requirements.txt && rm -rf /x; pip install gunicorn"'],
    ['["/bin/bash", "-lc", "pip install -r requirements.txt && pip install gunicorn"]'],
  ])('takes what a shell is given for commands of their own: %s', (run) => {
    expect(installsOf(run)).toMatchObject([
      { requirementFiles: ['requirements.txt'], packages: [] },
      { requirementFiles: [], packages: [{ text: 'gunicorn' }] },
    ]);
  });

  it.each([
    ['[ "$MODE" = "test" ]', ['b', 'z']],
    ['[[ $MODE != test ]]', ['a', 'z']],
    ['test "$MODE" == "prod"', ['a', 'z']],
    ['[ -z "$MODE" ]', ['b', 'z']],
    ['[ "${OTHER:-no}" = "no" ]', ['a', 'z']],
    ['[ "$OTHER" = "no" ]', ['a', 'b', 'z']],
    ['[ "$MODE" = test ] && [ -f x ]', ['b', 'z']],
    ['[ "$MODE" = prod ] && [ -f x ]', ['a', 'b', 'z']],
    ['[ "$MODE" = test ] || [ -f x ]', ['a', 'b', 'z']],
    ['[ "$MODE" = prod ] || [ -f x ]', ['a', 'z']],
    ['! [ "$MODE" = prod ]', ['b', 'z']],
    ['[[ $MODE == pr* ]]', ['a', 'z']],
    ['NEW="${MODE}1"; [ "$NEW" = prod1 ]', ['a', 'z']],
    ['[ -f x ]', ['a', 'b', 'z']],
    ['[ "$(uname -m)" = "arm64" ]', ['a', 'b', 'z']],
  ])('takes the branch of %s that runs', (condition, expected) => {
    const run = `if ${condition}; then pip install a; else if [ -f y ]; then pip install b; fi; fi; pip install z`;
    const found = installsOf(run, new Map([['MODE', 'prod']]));
    expect(found.flatMap(({ packages }) => packages.map(({ text }) => text))).toEqual(expected);
  });

  const namesIn = (run: string, known: readonly (readonly [string, string])[]): readonly string[] =>
    installsOf(run, new Map(known)).flatMap(({ packages }) => textsOf(packages));

  it.each([
    ['[ "$M" = a ] && pip install a || pip install b', ['a']],
    ['[ "$M" = b ] && pip install a || pip install b', ['b']],
    [
      '[ "$M" = b ] && { pip install a; pip install c; } || { pip install b; }; pip install z',
      ['b', 'z'],
    ],
    ['[ "$M" = a ] || pip install b', []],
    ['[ "$X" = a ] && pip install a || pip install b', ['a', 'b']],
    ['true && pip install a; false || pip install b', ['a', 'b']],
    ['pip install a 2>&1 && pip install b', ['a', 'b']],
    ['V=1.0 && pip install "a==$V"', ['a==1.0']],
    ['export V="$M.1"; pip install a==$V', ['a==a.1']],
    ['if [ -f x ]; then V=1; else V=2; fi; [ "$V" = 1 ] && pip install a', ['a']],
  ])('follows what stands behind a test: %s', (run, expected) => {
    expect(namesIn(run, [['M', 'a']])).toEqual(expected);
  });

  it.each([
    ['amd64', ['x', 'z']],
    ['arm64', ['y', 'z']],
    ['riscv64', ['other', 'z']],
  ])('takes the part of case that runs: %s', (arch, expected) => {
    const run =
      'case "$ARCH" in amd64|i?86) pip install x ;; (arm*) pip install y;; *) pip install other ;; esac && pip install z';
    expect(namesIn(run, [['ARCH', arch]])).toEqual(expected);
    expect(namesIn(run, [])).toEqual(['x', 'y', 'other', 'z']);
    const script = `<<EOF\nset -e\ncase \${ARCH} in\n  amd64)\n    # it's this\n    pip install x\n    ;;\n  arm64) pip install y ;;\n  *)\n    pip install other\nesac\npip install z\nEOF`;
    expect(namesIn(script, [['ARCH', arch]])).toEqual(expected);
  });

  it('takes both parts where a pattern of case would take too long', () => {
    const run = `case "$TEXT" in ${'*a'.repeat(20)}b) pip install x ;; *) pip install y ;; esac`;
    expect(namesIn(run, [['TEXT', 'a'.repeat(200)]])).toEqual(['x', 'y']);
    expect(namesIn(run, [['TEXT', 'a'.repeat(20_000)]])).toEqual(['x', 'y']);
    const short = 'case "$TEXT" in *-slim*) pip install x ;; *) pip install y ;; esac';
    expect(namesIn(short, [['TEXT', '3.12-slim-bookworm']])).toEqual(['x']);
  });

  it.each([
    [undefined, ['a86', 'b86', 'c86', 'd86']],
    ['aarch64', ['aarm', 'barm', 'carm', 'darm']],
    [null, ['a86', 'aarm', 'b86', 'barm', 'c86', 'carm', 'd86', 'darm']],
  ])('asks the machine that the image is for: %s', (architecture, expected) => {
    const text = [
      'FROM x',
      'ARG TARGETARCH TARGETPLATFORM',
      'RUN if [ "$(uname -m)" = "x86_64" ]; then pip install a86; else pip install aarm; fi',
      'RUN case $(dpkg --print-architecture) in amd64) pip install b86;; arm64) pip install barm;; esac',
      'RUN [ "$TARGETARCH" = amd64 ] && pip install c86 || pip install carm',
      'RUN if [ `uname -m` = x86_64 -a -f x ] || [ "${TARGETPLATFORM}" = "linux/amd64" ]; then pip install d86; fi; if [ "$TARGETPLATFORM" != "linux/amd64" ]; then pip install darm; fi',
    ].join('\n');
    const dockerfile = parseDockerfile(
      'Dockerfile',
      text,
      architecture === undefined ? {} : { architecture },
    );
    const installs = readProductImage(dockerfile)?.installs ?? [];
    const names = installs.flatMap(({ packages }) => textsOf(packages));
    expect(names.filter((name) => name !== 'd86' || architecture !== 'aarch64')).toEqual(expected);
  });

  it('takes the stage for the machine, and the platform that FROM names before that', () => {
    const text =
      'FROM python:3.12 AS for-amd64\nRUN pip install a\nFROM python:3.12 AS for-arm64\nRUN pip install b\nFROM for-${TARGETARCH}\n';
    const namesOf = (architecture: string): readonly string[] =>
      (
        readProductImage(parseDockerfile('Dockerfile', text, { architecture }))?.installs ?? []
      ).flatMap(({ packages }) => textsOf(packages));
    expect([namesOf('x86_64'), namesOf('aarch64')]).toEqual([['a'], ['b']]);
    const fixed = imageOf(
      'FROM --platform=linux/arm64 python:3.12\nARG TARGETARCH\nRUN test $TARGETARCH = arm64 && pip install b\nRUN test $(uname -m) = x86_64 && pip install a\n',
    );
    expect(fixed.installs.flatMap(({ packages }) => textsOf(packages))).toEqual(['b']);
    expect(imageOf('FROM --platform=$TARGETPLATFORM python:3.12\n').platform).toBeNull();
  });

  it('takes no words of comments, nor what another program is given, for commands', () => {
    expect(
      namesIn("<<EOF\n# don't: pip install x\npip install a # and why it's b\nEOF", []),
    ).toEqual(['a']);
    expect(namesIn('cat <<EOF > /list\npip install x\nEOF', [])).toEqual([]);
    expect(namesIn('python3 <<EOF\npip install x\nEOF', [])).toEqual([]);
    expect(namesIn('<<EOF\n#!/usr/bin/env python\npip install x\nEOF', [])).toEqual([]);
    expect(namesIn('--mount=type=cache,target=/x bash -e <<EOF\npip install a\nEOF', [])).toEqual([
      'a',
    ]);
  });

  it('takes the part of elif that runs', () => {
    const run =
      'if [ "$MODE" = "test" ]; then pip install a; elif [ "$MODE" = "prod" ]; then pip install b; else pip install c; fi';
    expect(installsOf(run, new Map([['MODE', 'prod']]))).toMatchObject([
      { packages: [{ text: 'b' }] },
    ]);
  });

  it.each([
    ['poetry build --format=wheel'],
    ['python -m build --wheel'],
    ['uv build'],
    ['hatch build -t wheel'],
  ])('takes the wheel that %s makes for what is installed', (run) => {
    expect(installsOf(`${run} && pip install dist/*.whl`)).toMatchObject([
      { projects: [{ path: '.' }] },
      { packages: [] },
    ]);
    expect(installsOf('npm run build && build/install.sh')).toEqual([]);
  });

  it('reads constraints, projects, extras, packages and indexes', () => {
    expect(
      installsOf(
        'pip install -c limits.txt -e ".[web,db]" ./libs/x "flask>=2" gunicorn==21 --extra-index-url https://index.test/cpu -t /x',
      ),
    ).toMatchObject([
      {
        constraintFiles: ['limits.txt'],
        projects: [
          { path: '.', extras: ['web', 'db'], editable: true },
          { path: './libs/x', extras: [], editable: false },
        ],
        packages: [{ text: 'flask>=2' }, { text: 'gunicorn==21' }],
        indexUrl: null,
        extraIndexUrls: ['https://index.test/cpu'],
      },
    ]);
  });

  it.each([
    [
      'uv sync --frozen --no-dev --extra web --group=ops',
      {
        withDefaultGroups: true,
        extras: ['web'],
        allExtras: false,
        groups: ['ops'],
        excludedGroups: ['dev'],
      },
    ],
    ['uv sync --all-extras', { withDefaultGroups: true, extras: [], allExtras: true, groups: [] }],
    [
      'poetry install --only main -E "a b"',
      { withDefaultGroups: false, extras: ['a', 'b'], allExtras: false, groups: [] },
    ],
    [
      'poetry install --without dev,docs',
      {
        withDefaultGroups: true,
        extras: [],
        allExtras: false,
        groups: [],
        excludedGroups: ['dev', 'docs'],
      },
    ],
    ['pdm sync --prod', { withDefaultGroups: false, extras: [], allExtras: false, groups: [] }],
    [
      'pipenv install --system --deploy',
      { withDefaultGroups: false, extras: [], allExtras: false, groups: [] },
    ],
  ])('reads which sets %s installs', (run, sync) => {
    expect(installsOf(run)).toMatchObject([{ sync }]);
  });

  it.each([
    ['conda env create -f environment.yml', ['environment.yml']],
    ['conda env create', ['environment.yml']],
    ['mamba env update -n base --file=/tmp/env.yaml', ['/tmp/env.yaml']],
    ['micromamba install -y -n base -f /tmp/env.yml && rm /tmp/env.yml', ['/tmp/env.yml']],
    ['/opt/conda/bin/conda env create --name app --file environment.yml', ['environment.yml']],
    ['conda-lock install --no-dev -n app locks/conda-lock.yml', ['locks/conda-lock.yml']],
    ['conda-lock install', ['conda-lock.yml']],
    ['conda install --file packages.txt', []],
    ['conda install -y numpy', []],
    ['conda env list', []],
  ])('reads which environment %s makes', (run, files) => {
    expect(installsOf(run).flatMap(({ requirementFiles }) => requirementFiles)).toEqual(files);
  });

  it('gives the line of each command', () => {
    const file = parseDockerfile(
      'Dockerfile',
      'FROM x\nRUN a \\\n && pip install flask \\\n && pip install click\nRUN <<EOF\nset -e\npip install numpy\nEOF\n',
    );
    const commands = (file.stages[0]?.instructions ?? []).flatMap((instruction) =>
      findInstallCommands(instruction, new Map()),
    );
    expect(commands.map(({ line, packages }) => [line, packages])).toEqual([
      [3, [{ text: 'flask', line: 3 }]],
      [4, [{ text: 'click', line: 4 }]],
      [7, [{ text: 'numpy', line: 7 }]],
    ]);
  });

  it('gives each requirement the line that it stands on', () => {
    const run =
      'pip install --no-cache-dir \\\n    flask \\\n    # why\n    "click>=8" \\\n    numpy';
    expect(installsOf(run).flatMap(({ packages }) => packages)).toEqual([
      { text: 'flask', line: 3 },
      { text: 'click>=8', line: 5 },
      { text: 'numpy', line: 6 },
    ]);
  });

  it.each([
    ['pipx install httpie', 'pipx', ['httpie']],
    ['uv tool install ruff', 'pipx', ['ruff']],
    ['uv add flask', 'uv', ['flask']],
    ['poetry add flask gunicorn', 'poetry', ['flask', 'gunicorn']],
    ['pipenv install gunicorn', 'pipenv', ['gunicorn']],
    ['poetry run pip install gunicorn', 'pip', ['gunicorn']],
    ['conda run -n app --no-capture-output pip install gunicorn', 'pip', ['gunicorn']],
    ['pip install /wheels/* dist/app-1.0.whl /tmp/x.tar.gz', 'pip', []],
  ])('reads the names in %s', (run, tool, names) => {
    const [command] = installsOf(run);
    expect([command?.tool, command?.packages.map(({ text }) => text)]).toEqual([tool, names]);
    expect(command?.projects).toEqual([]);
  });

  it('takes the lines of an instruction for one command, and those of a heredoc for one each', () => {
    const names = ['curl', 'rm', 'uv'];
    const run = `pip install \\\n    ${names.join(' \\\n    ')}`;
    expect(installsOf(run).flatMap(({ packages }) => packages.map(({ text }) => text))).toEqual(
      names,
    );
    const script = '<<EOF\ncd /app\npip install flask \\\n  click\nmy-program install x\nEOF';
    expect(installsOf(script)).toMatchObject([
      {
        line: 4,
        packages: [
          { text: 'flask', line: 4 },
          { text: 'click', line: 5 },
        ],
      },
    ]);
  });

  it('tells what is taken out, and what is only fetched', () => {
    expect(installsOf('pip uninstall -y torch torchaudio || true')).toMatchObject([
      { removes: ['torch', 'torchaudio'], packages: [], onlyFetches: false },
    ]);
    expect(installsOf('pip wheel --no-deps -w /wheels -r requirements.txt')).toMatchObject([
      { requirementFiles: ['requirements.txt'], onlyFetches: true },
    ]);
  });

  it.each([
    'pip freeze',
    'echo pip install x | cat',
    'npm install flask',
    'python setup.py sdist',
    'uv --version',
  ])('finds nothing in %s', (run) => {
    expect(installsOf(run)).toEqual([]);
  });
});

describe('readProductImage', () => {
  it('is the last stage with all that it stands on', () => {
    const image = imageOf(
      'FROM python:3.11 AS dev\nRUN pip install pytest\nFROM python:3.12-slim AS base\nRUN pip install flask\nFROM base\nRUN pip install click\n',
    );
    expect(image.base.python).toBe('3.12');
    expect(image.baseLine).toBe(3);
    expect(image.installs.flatMap(({ packages }) => packages)).toMatchObject([
      { text: 'flask' },
      { text: 'click' },
    ]);
  });

  it('takes in stages whose environment is copied, and their Python where the base has none', () => {
    const image = imageOf(
      'FROM python:3.11-slim AS build\nRUN pip install -r requirements.txt\nFROM registry.test/distroless/cc-debian12\nCOPY --from=build /usr/local/lib/python3.11/site-packages /packages\n',
    );
    expect([image.base.python, image.pythonLine]).toEqual(['3.11', 1]);
    expect([image.base.glibc, image.baseLine]).toEqual(['2.36', 3]);
    expect(image.installs.flatMap(({ requirementFiles }) => requirementFiles)).toEqual([
      'requirements.txt',
    ]);
  });

  it('leaves out stages of which only a file is copied', () => {
    const image = imageOf(
      'FROM python:3.11 AS front\nRUN pip install nodeenv\nFROM python:3.12\nCOPY --from=front /static/app.js /static/\n',
    );
    expect(image.installs).toEqual([]);
  });

  it("takes the distribution's own Python only where it is installed, and a named one before it", () => {
    expect(
      imageOf('FROM ubuntu:22.04\nRUN apt-get update && apt-get install -y python3 python3-pip\n')
        .base.python,
    ).toBe('3.10');
    expect(
      imageOf('FROM ubuntu:22.04\nRUN apt-get install -y python3.12 python3-pip\n').base.python,
    ).toBe('3.12');
    expect(imageOf('FROM debian:bookworm\nRUN uv python install 3.13\n').base.python).toBe('3.13');
    expect(imageOf('FROM ubuntu:22.04\nRUN apt-get install -y curl\n').base.python).toBeNull();
  });

  it('gives the layers of the image and of the stages that it takes over, with caches that stay outside', () => {
    const image = imageOf(
      'FROM python:3.11 AS build\nRUN --mount=type=cache,target=/root/.cache /opt/venv/bin/pip install flask\nFROM python:3.11\nCOPY --from=build /opt/venv /opt/venv\nUSER app\nRUN rm -rf /tmp/x\n',
    );
    expect(image.layers).toMatchObject([
      { line: 2, instruction: 'RUN', isInImage: false, mounts: ['/root/.cache'] },
      { line: 4, instruction: 'COPY', isInImage: true },
      { line: 6, isInImage: true, user: 'app', commands: [{ words: [{ text: 'rm' }, {}, {}] }] },
    ]);
  });

  it('knows in a stage what ARG and ENV set in the one that it stands on', () => {
    const image = imageOf(
      'FROM python:3.11 AS base\nARG V=2.0\nENV PIP_NO_CACHE_DIR=1\nFROM base\nRUN pip install flask==${V}\n',
    );
    expect(image.installs[0]?.packages).toEqual([{ text: 'flask==2.0', line: 5 }]);
    expect(image.layers[0]?.variables.get('PIP_NO_CACHE_DIR')).toBe('1');
  });

  it('reports stages that stand on later ones or on themselves', () => {
    expect(imageOf('FROM b AS a\nFROM a AS b\n').warnings).toMatchObject([
      { code: 'stage-cycle', line: 1, severity: 'error' },
    ]);
    expect(imageOf('FROM a AS a\n').warnings).toMatchObject([{ code: 'stage-cycle' }]);
  });

  it('is none where there is no stage', () => {
    expect(readProductImage(parseDockerfile('Dockerfile', '# empty\n'))).toBeNull();
  });
});
