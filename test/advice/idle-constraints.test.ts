import { describe, expect, test } from 'vitest';
import { auditImage, findingsOf, release } from '../image/support.ts';

const universe = [release('flask', '1'), release('flask', '2')];
const files = { 'requirements.txt': 'flask\n', 'constraints.txt': '# all\nflask==1\nclick==8\n' };
const dockerfile = (install: string, copy = 'COPY requirements.txt constraints.txt* ./'): string =>
  `FROM python:3.12\n${copy}\n${install}\n`;

describe('idle-constraints', () => {
  test('names the copy that nothing installs with, and what it says otherwise', async () => {
    const document = await auditImage(
      dockerfile('RUN pip install -r requirements.txt'),
      files,
      universe,
    );
    const [finding] = findingsOf(document, 'idle-constraints');
    expect(finding).toMatchObject({
      code: 'DW123',
      locations: [{ path: 'Dockerfile', line: 2 }],
      evidence: [{ path: 'constraints.txt', line: 2 }],
      savedInstalledBytes: 0,
    });
    expect(finding?.message).toContain('flask==1 where 2 is installed');
  });

  test.each([
    'RUN pip install -r requirements.txt -c constraints.txt',
    'RUN PIP_CONSTRAINT=constraints.txt pip install -r requirements.txt',
    'ENV PIP_CONSTRAINT=/app/constraints.txt\nRUN pip install -r requirements.txt',
  ])('is silent for %s', async (install) => {
    const document = await auditImage(dockerfile(install), files, universe);
    expect(findingsOf(document, 'idle-constraints')).toEqual([]);
  });

  test('is silent where the file is not copied, or not there', async () => {
    const install = 'RUN pip install -r requirements.txt';
    const alone = dockerfile(install, 'COPY requirements.txt ./');
    expect(findingsOf(await auditImage(alone, files, universe), 'idle-constraints')).toEqual([]);
    const missing = { 'requirements.txt': 'flask\n' };
    const document = await auditImage(dockerfile(install), missing, universe);
    expect(findingsOf(document, 'idle-constraints')).toEqual([]);
  });
});
