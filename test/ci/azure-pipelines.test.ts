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
