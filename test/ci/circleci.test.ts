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

test('executors, macos, resource classes and parameters say which machine', async () => {
  const jobs = await jobsOf(
    '.circleci/config.yml',
    `version: 2.1
jobs:
  win:
    executor: {name: win/default}
    steps: [{run: pip install x}]
  mac:
    macos: {xcode: 16.0.0}
    steps: [{run: pip install x}]
  arm:
    docker: [{image: "cimg/python:3.12"}]
    resource_class: arm.medium
    steps: [{run: pip install x}]
  many:
    parameters:
      python: {type: string, default: "3.10"}
      set: {type: string, default: dev.txt}
    docker: [{image: "python:<< parameters.python >>"}]
    steps: [{run: pip install -r << parameters.set >>}]
  uncalled:
    parameters: {python: {type: string, default: "3.10"}}
    docker: [{image: "python:<< parameters.python >>"}]
    steps: [{run: pip install x}]
workflows:
  all:
    jobs:
      - win
      - many: {matrix: {parameters: {python: [3.12-slim, 3.13-alpine]}}}
`,
  );
  expect(jobs.map(summary)).toEqual([
    'win:3 - windows 5:x',
    'mac:6 - macos-arm64 8:x',
    'arm:9 - cimg/python:3.12 linux/arm64 12:x',
    'many:13 - python:3.12-slim 18:dev.txt',
    'many:13 - python:3.13-alpine 18:dev.txt',
    'uncalled:19 - python:3.10 22:x',
  ]);
});
