import { describe, expect, test } from 'vitest';
import { auditImage, findingsOf, release } from '../image/support.ts';

const universe = [release('flask', '1', 5000, ['click']), release('click', '1', 3000)];
const files = { 'requirements.txt': 'flask\n' };
const install = 'pip install -r requirements.txt';

async function findings(run: string, head = ''): Promise<ReturnType<typeof findingsOf>> {
  const text = `FROM python:3.12\n${head}COPY . .\nRUN ${run}\n`;
  return findingsOf(await auditImage(text, files, universe), 'pip-cache');
}

describe('pip-cache', () => {
  test('weighs the downloads that stay, by the lines that leave them', async () => {
    const document = await auditImage(
      `FROM python:3.12\nCOPY . .\nRUN pip install --upgrade pip\nRUN ${install}\n`,
      files,
      universe,
    );
    expect(findingsOf(document, 'pip-cache')).toMatchObject([
      {
        code: 'DW126',
        severity: 'info',
        savedInstalledBytes: document.totals.downloadBytes,
        locations: [{ path: 'Dockerfile', line: 4 }],
      },
    ]);
  });

  test('names the line of the script that installs', async () => {
    const scripts = {
      ...files,
      'a.sh': `apt-get update\n${install}\npip install --no-cache-dir click\n`,
    };
    const document = await auditImage(
      'FROM python:3.12\nCOPY . .\nRUN bash ./a.sh\n',
      scripts,
      universe,
    );
    expect(findingsOf(document, 'pip-cache')).toMatchObject([
      {
        savedInstalledBytes: document.totals.downloadBytes,
        locations: [
          { path: 'a.sh', line: 2 },
          { path: 'Dockerfile', line: 3 },
        ],
      },
    ]);
  });

  test.each([
    [install.replace('install', 'install --no-cache-dir'), ''],
    [`PIP_NO_CACHE_DIR=1 ${install}`, ''],
    [install, 'ENV PIP_NO_CACHE_DIR=off\n'],
    [`--mount=type=cache,target=/root/.cache/pip ${install}`, ''],
    [`--mount=type=cache,target=/kept ${install}`, 'ENV PIP_CACHE_DIR=/kept\n'],
    [`--mount=type=cache,target=$KEPT/pip-cache ${install}`, 'ENV KEPT=/kept\n'],
    [`${install} && rm -rf /root/.cache`, ''],
    [`${install} && pip cache purge`, ''],
    [`uv ${install}`, ''],
  ])('is silent for %s', async (run, head) => {
    expect(await findings(run, head)).toEqual([]);
  });

  test('is not taken in by other caches, nor by a stage that is only copied from', async () => {
    expect(await findings(`${install} && rm -rf /var/cache/apt/*`)).toHaveLength(1);
    for (const target of ['/var/cache/apt', '/root/.cache/uv', '/root/.npm'])
      expect(await findings(`--mount=type=cache,target=${target} ${install}`)).toHaveLength(1);
    const staged = `FROM python:3.12 AS build\nCOPY . .\nRUN ${install}\nFROM python:3.12\nCOPY --from=build /opt/venv /opt/venv\n`;
    expect(findingsOf(await auditImage(staged, files, universe), 'pip-cache')).toEqual([]);
  });
});
