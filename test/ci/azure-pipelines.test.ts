import { expect, test } from 'vitest';
import { jobsOf, summary } from './read-jobs.ts';

test('steps stand at the top or in jobs of stages; the Python may be of a matrix', async () => {
  const jobs = await jobsOf(
    'azure-pipelines.yml',
    `pool:
  vmImage: ubuntu-22.04
stages:
- stage: Build
  jobs:
  - job: test
    strategy:
      matrix:
        Old: {python.version: '3.10'}
        New: {python.version: '3.12'}
    steps:
    - task: UsePythonVersion@0
      inputs:
        versionSpec: '$(python.version)'
    - script: pip install -r requirements.txt
      workingDirectory: $(Build.SourcesDirectory)/app
    - bash: pip install pytest
`,
  );
  expect(jobs.map(summary)).toEqual([
    'test:6 3.10+3.12 ubuntu:22.04 15:app/requirements.txt 17:pytest',
  ]);
  const [alone] = await jobsOf('ci/azure-pipelines.yml', 'steps:\n- script: pip install tox\n');
  expect(alone && summary(alone)).toBe('job:1 - - 2:tox');
});

test('the machine may be of the matrix', async () => {
  const jobs = await jobsOf(
    'azure-pipelines.yml',
    `variables:
- {name: set, value: dev.txt}
strategy:
  matrix:
    linux: {imageName: ubuntu-22.04, py: '3.11'}
    mac: {imageName: macOS-latest, py: '3.11'}
    windows: {imageName: windows-latest, py: '3.12'}
pool: {vmImage: $(imageName)}
steps:
- task: UsePythonVersion@0
  inputs: {versionSpec: $(PY)}
- powershell: pip install -r $(set)
`,
  );
  expect(jobs.map(summary)).toEqual([
    'job:1 3.11 ubuntu:22.04 12:dev.txt',
    'job:1 3.11 macos-x86_64 12:dev.txt',
    'job:1 3.12 windows 12:dev.txt',
  ]);
});
