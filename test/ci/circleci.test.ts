import { expect, test } from 'vitest';
import { jobsOf, summary } from './read-jobs.ts';

test('steps are texts, tables and commands of the file; the image may be that of an executor', async () => {
  const jobs = await jobsOf(
    '.circleci/config.yml',
    `version: 2.1
executors:
  py:
    docker:
      - image: cimg/python:3.12
      - image: postgres
commands:
  setup:
    steps:
      - run: pip install -r requirements.txt
jobs:
  test:
    executor: py
    steps:
      - checkout
      - restore_cache: {keys: [a]}
      - setup
      - run:
          name: more
          working_directory: sub
          command: |
            pip install pytest
            pip install -r dev.txt
  lint:
    docker: [{image: "python:3.10"}]
    steps: [checkout, {run: pip install flake8}]
`,
  );
  expect(jobs.map(summary)).toEqual([
    'test:12 - cimg/python:3.12 cache 10:requirements.txt 22:pytest 23:sub/dev.txt',
    'lint:24 - python:3.10 26:flake8',
  ]);
});
