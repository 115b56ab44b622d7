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

test('tags and images say which machine, filled in by variables and a matrix', async () => {
  const jobs = await jobsOf(
    '.gitlab-ci.yml',
    `variables: {SET: dev.txt}
win:
  tags: [saas-windows-medium-amd64]
  image: python:3.12
  script: [pip install -r $SET $OTHER]
mac:
  tags: [saas-macos-medium-m1]
  image: macos-15-xcode-16
  script: [pip install x]
many:
  image: python:$PY
  parallel:
    matrix:
      - PY: ["3.12", 3.13-alpine]
        SET: [a.txt]
  script: ['pip install -r \${SET}']
`,
  );
  expect(jobs.map(summary)).toEqual([
    'win:2 - windows 5:dev.txt',
    'mac:6 - macosx_15_0_arm64 9:x',
    'many:10 - python:3.12 16:a.txt',
    'many:10 - python:3.13-alpine 16:a.txt',
  ]);
});
