import { expect, test } from 'vitest';
import { jobsOf, summary } from './read-jobs.ts';

test('each step is a job, wherever it stands, and once', async () => {
  const jobs = await jobsOf(
    'bitbucket-pipelines.yml',
    `image: python:3.11
definitions:
  steps:
    - step: &test
        name: Test
        caches: [pip]
        script:
          - pip install -r requirements.txt
pipelines:
  default:
    - step: *test
    - parallel:
        - step:
            image: python:3.12
            script: [pip install ruff]
  branches:
    main:
      - step: *test
`,
  );
  expect(jobs.map(summary)).toEqual([
    'Test:11 - python:3.11 cache 8:requirements.txt',
    'step 2:14 - python:3.12 15:ruff',
  ]);
});

test('a runner of one’s own may be no Linux', async () => {
  const jobs = await jobsOf(
    'bitbucket-pipelines.yml',
    `image: python:3.11
pipelines:
  default:
    - step: {runs-on: [self.hosted, windows], script: [pip install x]}
    - step: {runs-on: [self.hosted, linux.arm64], script: [pip install y]}
`,
  );
  expect(jobs.map(summary)).toEqual([
    'step 1:4 - windows 4:x',
    'step 2:5 - python:3.11 linux/arm64 5:y',
  ]);
});
