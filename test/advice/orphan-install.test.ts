import { describe, expect, test } from 'vitest';
import { auditImage, findingsOf, release, weightOf } from '../image/support.ts';

const nvidia = ['nvidia-cublas', 'nvidia-cudnn', 'nvidia-nccl'];
const universe = [
  release('flask', '1'),
  release('torch', '2.9', 5000, [...nvidia, 'triton', 'sympy']),
  release('torch', '2.4+cpu', 3000, ['sympy']),
  ...nvidia.map((name) => release(name, '1', 4000)),
  release('triton', '1', 2000),
  release('sympy', '1', 500),
];
const head = 'FROM python:3.12\nCOPY . .\n';
const files = { 'requirements.txt': 'flask\ntorch\n' };

describe('orphan-install', () => {
  test('names what stays when one build is taken out for another, and what it weighs', async () => {
    const document = await auditImage(
      `${head}RUN pip install -r requirements.txt && \\\n    (pip uninstall -y torch || true) && \\\n    pip install torch==2.4+cpu\n`,
      files,
      universe,
    );
    const [finding] = findingsOf(document, 'orphan-install');
    expect(finding).toMatchObject({
      code: 'DW114',
      packages: ['torch'],
      leaves: [...nvidia, 'triton'],
      confidence: 'certain',
      locations: [{ path: 'Dockerfile', line: 4 }, { line: 3 }],
      savedInstalledBytes: await weightOf([...nvidia, 'triton'], universe),
      remedy: { kind: 'index' },
    });
    expect(finding?.message).toContain('3 nvidia-* and triton');
    expect(document.environments[0]?.packages).toEqual([
      'flask==1',
      ...nvidia.map((name) => `${name}==1`),
      'sympy==1',
      'torch==2.4+cpu',
      'triton==1',
    ]);
  });

  test('names what stays of what is taken out for good, and what else can be done', async () => {
    const document = await auditImage(
      `${head}RUN pip install -r requirements.txt\nRUN pip uninstall -y torch\n`,
      files,
      universe,
    );
    expect(findingsOf(document, 'orphan-install')).toMatchObject([
      { leaves: [...nvidia, 'sympy', 'triton'], remedy: { kind: 'remove' } },
    ]);
    expect(findingsOf(document, 'orphan-install')[0]?.remedy?.text).toContain(
      `pip uninstall -y torch ${nvidia.join(' ')} sympy triton`,
    );
  });

  test('names the lines of scripts, and those that run them', async () => {
    const scripts = {
      ...files,
      'in.sh': 'set -e\npip install -r requirements.txt\n',
      'out.sh': '\n\npip uninstall -y torch\n',
    };
    const text = `${head}RUN sh in.sh\nRUN sh out.sh\n`;
    const [finding] = findingsOf(await auditImage(text, scripts, universe), 'orphan-install');
    expect(finding?.locations).toMatchObject([
      { path: 'out.sh', line: 3 },
      { path: 'Dockerfile', line: 4 },
      { path: 'in.sh', line: 2 },
      { path: 'Dockerfile', line: 3 },
    ]);
  });

  test('speaks of nothing else that changed and left nothing behind', async () => {
    const document = await auditImage(
      `${head}RUN pip install -r requirements.txt\nRUN pip uninstall -y torch && pip install flask==2\n`,
      files,
      [...universe, release('flask', '2')],
    );
    const [finding] = findingsOf(document, 'orphan-install');
    expect(finding?.message).toMatch(/^uninstalling torch leaves/);
    expect(finding?.remedy?.text).toContain('do not install torch');
  });

  test('says for whom a companion of the build stays', async () => {
    const document = await auditImage(
      `${head}RUN pip install -r requirements.txt && pip uninstall -y torch && pip install torch==2.4+cpu\n`,
      { 'requirements.txt': 'flask\ntorch\nwhisper\n' },
      [...universe, release('whisper', '1', 100, ['triton'])],
    );
    const [finding] = findingsOf(document, 'orphan-install');
    expect(finding?.leaves).toEqual(nvidia);
    expect(finding?.message).toContain('triton stays, as whisper needs it');
  });

  test('claims only companions where the needs of the other build are not known', async () => {
    const document = await auditImage(
      `${head}RUN pip install -r requirements.txt\nRUN pip install --index-url http://127.0.0.1:9/cpu torch==3.0+cpu\n`,
      files,
      universe,
    );
    expect(findingsOf(document, 'orphan-install')).toMatchObject([
      { leaves: [...nvidia, 'triton'], confidence: 'likely' },
    ]);
  });

  test('is silent where the build that is meant comes first, or nothing is taken out', async () => {
    const first = `${head}RUN pip install torch==2.4+cpu\nRUN pip install -r requirements.txt\n`;
    expect(findingsOf(await auditImage(first, files, universe), 'orphan-install')).toEqual([]);
    const plain = `${head}RUN pip install -r requirements.txt\n`;
    expect(findingsOf(await auditImage(plain, files, universe), 'orphan-install')).toEqual([]);
  });
});
