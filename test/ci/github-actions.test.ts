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
        run: pip install nothing
  docs:
    uses: ./.github/workflows/docs.yml
`,
  );
  expect(jobs.map(summary)).toEqual([
    'test:3 3.9+3.10+3.13 ubuntu:22.04 cache 17:pip 18:requirements.txt 18:pytest',
    'lint:20 - python:3.12-slim 24:ruff',
    'docs:27 - -',
  ]);
  expect(jobs.map(({ machine }) => machine)).toEqual(['github-runner', 'github-runner', null]);
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
    'test:7 - ubuntu:24.04 10:backend/all.txt 12:docs/requirements.txt 12:docs[x] 13:uv sync in backend/api 14:django~=<unknown>',
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

test.each(['', 'jobs: 3', 'jobs: {a: [], b: {steps: {run: 1}}}', 'a: &a [*a]', '- x'])(
  '%j has no job that installs',
  async (text) => {
    const jobs = await jobsOf(PATH, text);
    expect(jobs.map(summary).filter((one) => /\d:\S+$/.test(one.replace(/^\S+/, '')))).toEqual([]);
  },
);
