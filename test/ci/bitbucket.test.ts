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
