import { expect, test } from 'vitest';
import { jobsOf, summary } from './read-jobs.ts';

const PATH = '.github/workflows/ci.yml';

test('a job has the Python that it sets up, the matrix filled in, and its installs with their lines', async () => {
  const jobs = await jobsOf(
    PATH,
    `on: push
jobs:
  test:
    runs-on: ubuntu-22.04
    strategy:
      matrix:
        python: ["3.9", '3.10']
        include:
          - python: 3.13
    steps:
      - uses: actions/checkout@v5
      - uses: actions/setup-python@v6
        with:
          python-version: \${{ matrix.python }}
          cache: pip
      - run: |
          python -m pip install --upgrade pip
          pip install -r requirements.txt \\
            pytest
  lint:
    runs-on: ubuntu-latest
    container: python:3.12-slim
    steps:
      - run: pip install ruff
      - shell: pwsh
        run: pip install other
  docs:
    uses: ./.github/workflows/docs.yml
`,
  );
  expect(jobs.map(summary)).toEqual([
    'test:3 3.9+3.10+3.13 ubuntu:22.04 cache 17:pip 18:requirements.txt 18:pytest',
    'lint:20 - python:3.12-slim 24:ruff 26:other',
  ]);
  expect(jobs.map(({ machine }) => machine.preset)).toEqual(['github-runner', 'github-runner']);
});

test('folders and variables come from the workflow, the job, the step and cd', async () => {
  const [job] = await jobsOf(
    PATH,
    `env:
  REQS: all.txt
defaults:
  run:
    working-directory: backend
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - run: pip install -r \${{ env.REQS }}
      - working-directory: docs
        run: pip install -r requirements.txt -e .[x]
      - run: cd api && uv sync
      - run: pip install "django~=\${{ steps.x.outputs.y }}"
`,
  );
  expect(job && summary(job)).toBe(
    'test:7 - ubuntu:24.04 10:backend/all.txt 12:docs/requirements.txt 12:docs[x] 13:uv sync in backend/api 14:django~=${steps.x.outputs.y}',
  );
});

test('an action of the repository gives its steps', async () => {
  const action = `runs:
  using: composite
  steps:
    - uses: astral-sh/setup-uv@v7
      with:
        python-version: "3.12"
    - run: uv sync --all-extras
      shell: bash
`;
  const [job] = await jobsOf(
    PATH,
    'jobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: ./.github/actions/setup\n',
    { '.github/actions/setup/action.yml': action },
  );
  expect(job && summary(job)).toBe('test:2 3.12 ubuntu:24.04 cache 5:uv sync in .');
});

test('a matrix gives a job for each kind of machine, without what it excludes and with what it includes', async () => {
  const jobs = await jobsOf(
    PATH,
    `jobs:
  test:
    runs-on: \${{ matrix.os }}
    strategy:
      matrix:
        os: [ubuntu-latest, windows-latest]
        python: ["3.11", "3.12"]
        exclude: [{os: windows-latest, python: "3.12"}]
        include:
          - {os: windows-latest, more: pywin}
          - {os: macos-14, python: "3.13", more: mac}
    steps:
      - uses: actions/setup-python@v6
        with: {python-version: "\${{ matrix.python }}"}
      - run: pip install one \${{ matrix.more }}
      - run: pip install linux
        if: runner.os == 'Linux'
      - run: pip install not-mac
        if: \${{ !startsWith(matrix.os, 'mac') }}
`,
  );
  expect(jobs.map(summary)).toEqual([
    'test:2 3.11+3.12 ubuntu:24.04 15:one 16:linux 18:not-mac',
    'test:2 3.11 windows 15:one 15:pywin 18:not-mac',
    'test:2 3.13 macosx_14_0_arm64 15:one 15:mac',
  ]);
  expect(jobs.map(({ machine }) => machine.isHosted)).toEqual([true, true, true]);
});

test('a matrix of tables, of containers, and one that an input gives', async () => {
  const jobs = await jobsOf(
    PATH,
    `on:
  workflow_dispatch:
    inputs:
      systems: {default: '["ubuntu-22.04", "macos-13"]'}
jobs:
  tables:
    runs-on: \${{ matrix.on.os }}
    strategy: {matrix: {on: [{os: windows-2022, set: win.txt}, {os: ubuntu-22.04-arm, set: arm.txt}]}}
    steps: [{run: "pip install -r \${{ matrix.on.set }}"}]
  images:
    runs-on: ubuntu-latest
    container: {image: "python:\${{ matrix.tag }}"}
    strategy: {matrix: {tag: [3.12-slim, 3.13-alpine]}}
    steps: [{run: pip install x}]
  given:
    runs-on: \${{ matrix.os }}
    strategy: {matrix: {os: "\${{ fromJSON(inputs.systems) }}"}}
    steps: [{run: pip install x}]
  made:
    runs-on: ubuntu-latest
    strategy: {matrix: "\${{ fromJSON(needs.a.outputs.b) }}"}
    steps: [{run: "pip install \${{ matrix.x }} y", if: matrix.x}]
`,
  );
  expect(jobs.map(summary)).toEqual([
    'tables:6 - windows 9:win.txt',
    'tables:6 - ubuntu:22.04 linux/arm64 9:arm.txt',
    'images:10 - python:3.12-slim 14:x',
    'images:10 - python:3.13-alpine 14:x',
    'given:15 - ubuntu:22.04 18:x',
    'given:15 - macosx_13_0_x86_64 18:x',
    'made:19 - ubuntu:24.04 22:${matrix.x} 22:y',
  ]);
});

test('a workflow of the repository gives its jobs with the inputs of the call, and its lines are that of the call', async () => {
  const called = `on:
  workflow_call:
    inputs:
      python: {default: "3.9"}
      set: {type: string}
      slow: {type: boolean, default: false}
jobs:
  inner:
    runs-on: windows-latest
    steps:
      - uses: actions/setup-python@v6
        with: {python-version: "\${{ inputs.python }}"}
      - run: pip install -r \${{ inputs.set }}
      - if: inputs.slow
        run: pip install slow
  off:
    if: inputs.slow
    steps: [{run: pip install off}]
`;
  const text = `jobs:
  call:
    strategy: {matrix: {set: [a.txt, b.txt]}}
    uses: ./.github/workflows/called.yml
    with: {set: "\${{ matrix.set }}", python: "3.12"}
  far:
    uses: owner/repo/.github/workflows/x.yml@main
  round:
    uses: ./.github/workflows/ci.yml
  gone:
    uses: ./.github/workflows/none.yml
`;
  const jobs = await jobsOf(PATH, text, {
    '.github/workflows/called.yml': called,
    [PATH]: text,
  });
  const first = jobs.filter(({ name }) => !name.startsWith('round'));
  expect(first.map(summary)).toEqual([
    'call / inner:2 3.12 windows 2:a.txt',
    'call / inner:2 3.12 windows 2:b.txt',
    'far:6 - -',
  ]);
  // One that calls itself comes to an end.
  expect(jobs.length).toBeLessThan(20);
  expect(first.at(-1)?.calls).toEqual(['owner/repo/.github/workflows/x.yml@main']);
});

test('an action of the repository has its inputs, its folder, and actions of its own', async () => {
  const outer = `inputs:
  python: {default: "3.10"}
runs:
  steps:
    - uses: actions/setup-python@v6
      with: {python-version: "\${{ inputs.python }}"}
    - uses: ./tools/inner
      with: {names: "x y"}
    - run: pip install -r \${{ github.action_path }}/needs.txt
`;
  const inner = 'runs: {steps: [{run: "pip install ${{ inputs.names }}"}]}\n';
  const [first, second] = await jobsOf(
    PATH,
    `jobs:
  given:
    runs-on: ubuntu-latest
    steps: [{uses: ./.github/actions/outer/, with: {python: "3.13"}}]
  default:
    runs-on: ubuntu-latest
    steps: [{uses: ./.github/actions/outer}, {uses: ./gone}, {uses: ./}]
`,
    {
      '.github/actions/outer/action.yaml': outer,
      'tools/inner/action.yml': inner,
      'action.yml': 'runs: {steps: [{run: pip install top}]}\n',
    },
  );
  const needs = '/repository/.github/actions/outer/needs.txt';
  expect(first && summary(first)).toBe(`given:2 3.13 ubuntu:24.04 4:x 4:y 4:${needs}`);
  expect(second && summary(second)).toBe(`default:5 3.10 ubuntu:24.04 7:x 7:y 7:${needs} 7:top`);
});

test('the repository may lie in a folder of the machine', async () => {
  const [job] = await jobsOf(
    PATH,
    `jobs:
  test:
    runs-on: ubuntu-latest
    defaults: {run: {working-directory: src/api}}
    steps:
      - {uses: actions/checkout@v5, with: {path: ./src}}
      - {uses: actions/checkout@v5, with: {repository: other/one, path: other}}
      - run: pip install -r needs.txt
      - {run: pip install -e ., working-directory: src}
      - {run: pip install -r theirs.txt, working-directory: other}
`,
  );
  expect(job && summary(job)).toBe(
    'test:2 - ubuntu:24.04 8:api/needs.txt 9:.[] 10:other/theirs.txt',
  );
});

test('the Python may stand in a file, which uv looks for itself', async () => {
  const jobs = await jobsOf(
    PATH,
    `jobs:
  file:
    runs-on: ubuntu-latest
    steps:
      - {uses: actions/setup-python@v6, with: {python-version-file: api/.python-version, cache: "\${{ inputs.none }}"}}
  uv:
    runs-on: ubuntu-latest
    steps: [{uses: astral-sh/setup-uv@v7}]
  bounds:
    runs-on: ubuntu-latest
    steps: [{uses: actions/setup-python@v6, with: {python-version-file: pyproject.toml}}]
`,
    { 'api/.python-version': '3.11.4\n', '.python-version': '3.13\n' },
  );
  expect(jobs.map(({ name, pythons }) => [name, pythons])).toEqual([
    ['file', ['3.11']],
    ['uv', ['3.13']],
    ['bounds', []],
  ]);
});

test.each(['', 'jobs: 3', 'jobs: {a: [], b: {steps: {run: 1}}}', 'a: &a [*a]', '- x'])(
  '%j has no job that installs',
  async (text) => {
    const jobs = await jobsOf(PATH, text);
    expect(jobs.map(summary).filter((one) => /\d:\S+$/.test(one.replace(/^\S+/, '')))).toEqual([]);
  },
);
