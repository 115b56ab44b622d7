import { describe, expect, test } from 'vitest';
import { auditImage, findingsOf, release, weightOf } from '../image/support.ts';

const universe = [
  release('app', '1', 100, ['torch']),
  release('torch', '2.9', 5_000_000),
  release('torch', '2.4+cpu', 3000),
];
const files = { 'requirements.txt': 'app\n' };
const head = 'FROM python:3.12\nCOPY . .\n';

describe('replaced-install', () => {
  test('weighs what stays in the layer below', async () => {
    const document = await auditImage(
      `${head}RUN pip install -r requirements.txt\nRUN pip install torch==2.4+cpu\n`,
      files,
      universe,
    );
    const [finding] = findingsOf(document, 'replaced-install');
    expect(finding).toMatchObject({
      code: 'DW121',
      locations: [{ path: 'Dockerfile', line: 4 }, { line: 3 }],
      savedInstalledBytes: await weightOf(['torch==2.9'], universe),
    });
    expect(finding?.message).toContain('torch 2.9 is replaced by 2.4+cpu');
  });

  test('names the lines of a script, and those that run it', async () => {
    const scripts = {
      ...files,
      'in.sh': 'set -e\npip install -r requirements.txt\n',
      'cpu.sh': '\npip install torch==2.4+cpu\n',
    };
    const text = `${head}RUN sh in.sh\nRUN sh cpu.sh\n`;
    const [finding] = findingsOf(await auditImage(text, scripts, universe), 'replaced-install');
    expect(finding?.locations).toMatchObject([
      { path: 'cpu.sh', line: 2 },
      { path: 'Dockerfile', line: 4 },
      { path: 'in.sh', line: 2 },
      { path: 'Dockerfile', line: 3 },
    ]);
  });

  test('says that it is downloaded for nothing where both are one layer, or another stage', async () => {
    const big = [...universe.slice(0, 1), ...universe.slice(1)];
    const same = `${head}RUN pip install -r requirements.txt && pip install torch==2.4+cpu\n`;
    const staged = `FROM python:3.12 AS build\nRUN pip install -r requirements.txt\nRUN pip install torch==2.4+cpu\n${head}COPY --from=build /usr/local/lib/python3.12/site-packages /usr/local/lib/python3.12/site-packages\n`;
    for (const dockerfile of [same, staged]) {
      const found = findingsOf(await auditImage(dockerfile, files, big), 'replaced-install');
      for (const finding of found) expect(finding.savedInstalledBytes).toBe(0);
    }
  });

  test('is silent where a later command finds what it wants', async () => {
    const document = await auditImage(
      `${head}RUN pip install -r requirements.txt\nRUN pip install "torch>=2"\n`,
      files,
      universe,
    );
    expect(findingsOf(document, 'replaced-install')).toEqual([]);
  });
});
