import { expect, test } from 'vitest';
import { jobsOf, summary } from './read-jobs.ts';

test('jobs have what is set for all, what they extend, and their own', async () => {
  const jobs = await jobsOf(
    '.gitlab-ci.yml',
    `default:
  image: python:3.11-slim
  before_script:
    - pip install -r requirements.txt
stages: [test]
.base:
  cache:
    paths: [.cache/pip]
  script:
    - pip install tox
test:
  extends: .base
lint:
  image:
    name: python:3.13
  before_script: []
  script:
    - pip install ruff
    - ruff check
`,
  );
  expect(jobs.map(summary)).toEqual([
    'test:11 - python:3.11-slim cache 4:requirements.txt 10:tox',
    'lint:13 - python:3.13 18:ruff',
  ]);
});
