import { describe, expect, test } from 'vitest';
import { auditImage, findingsOf, release, weightOf } from '../image/support.ts';

const universe = [
  release('flask', '1'),
  release('torch', '1', 5000, ['nvidia-cublas']),
  release('nvidia-cublas', '1', 9000),
];
const manifest = (...names: readonly string[]): string =>
  `[project]\nname = "x"\nversion = "1"\ndependencies = [${names.map((name) => `"${name}"`).join(', ')}]\n`;
const dockerfile =
  'FROM python:3.12\nCOPY . .\nRUN pip install -r requirements-slim.txt\nRUN pip install -e .\n';

describe('comes-back', () => {
  test('names what the project itself brings in again, with the bytes of all that it needs', async () => {
    const document = await auditImage(
      dockerfile,
      {
        'requirements-slim.txt': 'flask\n',
        'pyproject.toml': manifest('flask', 'torch'),
        'app.py': 'import flask\nimport torch\n',
      },
      universe,
    );
    const [finding, ...others] = findingsOf(document, 'comes-back');
    expect(others).toEqual([]);
    expect(finding).toMatchObject({
      code: 'DW120',
      packages: ['torch'],
      leaves: ['nvidia-cublas'],
      severity: 'info',
      locations: [{ path: 'Dockerfile', line: 4 }],
      evidence: [{ path: 'pyproject.toml', line: 4 }],
      savedInstalledBytes: await weightOf(['torch'], universe),
    });
    expect(finding?.message).toContain('requirements-slim.txt (line 3) leaves it out');
    expect(finding?.remedy?.text).toContain('--no-deps');
  });

  test('knows what was left out by the file that still has it, and by what nothing uses', async () => {
    const files = {
      'requirements.txt': 'flask\n',
      'pyproject.toml': manifest('flask', 'torch'),
      'app.py': 'import flask\nimport torch\n',
    };
    const plain = dockerfile.replace('-slim', '');
    const silent = await auditImage(plain, files, universe);
    expect(findingsOf(silent, 'comes-back')).toEqual([]);
    const kept = { ...files, 'requirements-original.txt': 'flask\ntorch\n' };
    expect(findingsOf(await auditImage(plain, kept, universe), 'comes-back')).toHaveLength(1);
    const idle = { ...files, 'app.py': 'import flask\n' };
    expect(findingsOf(await auditImage(plain, idle, universe), 'comes-back')).toHaveLength(1);
  });

  test('is silent where the project brings nothing more, or comes first', async () => {
    const files = {
      'requirements-slim.txt': 'flask\ntorch\n',
      'pyproject.toml': manifest('flask', 'torch'),
    };
    expect(findingsOf(await auditImage(dockerfile, files, universe), 'comes-back')).toEqual([]);
    const first =
      'FROM python:3.12\nCOPY . .\nRUN pip install . && pip install -r requirements-slim.txt\n';
    const slim = { ...files, 'requirements-slim.txt': 'flask\n' };
    expect(findingsOf(await auditImage(first, slim, universe), 'comes-back')).toEqual([]);
  });
});
