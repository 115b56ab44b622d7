import { describe, expect, test } from 'vitest';
import { auditImage, findingsOf, release } from '../image/support.ts';
import type { Finding } from '../../src/types.ts';

const universe = [release('flask', '1')];
const megabyte = 'x'.repeat(1_000_000);
const files = {
  'requirements.txt': 'flask\n',
  '.git/objects/pack': megabyte + megabyte,
  'tests/data.json': megabyte,
  'env/pyvenv.cfg': 'x',
  'env/lib/a.py': 'y'.repeat(10),
  'src/app.py': 'import flask\n',
};

async function findings(
  text: string,
  more: Readonly<Record<string, string>> = {},
): Promise<readonly Finding[]> {
  const dockerfile = `FROM python:3.12\n${text}\nRUN pip install -r requirements.txt\n`;
  return findingsOf(await auditImage(dockerfile, { ...files, ...more }, universe), 'build-context');
}

describe('build-context', () => {
  test('weighs what COPY takes in without need, virtual environments by what is in them', async () => {
    const [finding] = await findings('COPY . .');
    expect(finding).toMatchObject({
      code: 'DW130',
      locations: [{ path: 'Dockerfile', line: 2 }],
      savedInstalledBytes: 3_000_011,
    });
    expect(finding?.message).toContain('.git/, tests/ and env/; there is no .dockerignore');
  });

  test('heeds .dockerignore, and that of the Dockerfile before it', async () => {
    const ignore = { '.dockerignore': '.git\ntests\n!tests/data.json\n' };
    expect(await findings('COPY . .', ignore)).toMatchObject([
      { savedInstalledBytes: 1_000_011, evidence: [{ path: '.dockerignore' }] },
    ]);
    const own = { ...ignore, 'Dockerfile.dockerignore': '**\n!src\n!requirements.txt\n' };
    expect(await findings('COPY . .', own)).toEqual([]);
  });

  test('measures the folders that are named, and nothing that comes from elsewhere', async () => {
    expect(await findings('COPY src requirements.txt ./')).toEqual([]);
    expect(await findings('COPY tests /tests')).toEqual([]);
    expect(await findings('COPY ["./", "/app/"]')).toHaveLength(1);
    expect(await findings('ADD . /app')).toHaveLength(1);
    expect(await findings('COPY --from=x . .')).toEqual([]);
  });

  test('takes the folder of the Dockerfile for the context where what it copies is there', async () => {
    const document = await auditImage(
      'FROM scratch\n',
      {
        'services/api/Dockerfile':
          'FROM python:3.12\nCOPY requirements.txt .\nCOPY . .\nRUN pip install -r requirements.txt\n',
        'services/api/requirements.txt': 'flask\n',
        'services/api/app.py': 'import flask\n',
        'services/api/docs/big.html': megabyte,
        '.git/objects/pack': megabyte,
      },
      universe,
    );
    const all = [document, ...(document.projects ?? [])].flatMap((one) => one.findings);
    const found = all.filter(({ rule }) => rule === 'build-context');
    expect(found[0]?.savedInstalledBytes).toBe(1_000_000);
    expect(found[0]?.message).toContain('services/api/docs/');
  });
});
