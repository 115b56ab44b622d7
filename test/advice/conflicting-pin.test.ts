import { describe, expect, test } from 'vitest';
import { auditImage, findingsOf, release } from '../image/support.ts';

const universe = [
  release('pyannote-audio', '4.0.1', 100, ['torch>=2.8.0', 'torch<1; extra == "old"']),
  release('torch', '2.8.0'),
  release('torch', '2.4.1+cpu'),
];
const head = 'FROM python:3.12\nCOPY . .\nRUN pip install -r requirements.txt\n';

describe('conflicting-pin', () => {
  test('names what needs another version, and weighs the set all the same', async () => {
    const document = await auditImage(
      `${head}RUN pip install torch==2.4.1+cpu\n`,
      { 'requirements.txt': 'pyannote.audio\n' },
      universe,
    );
    expect(document.error).toBeNull();
    const [finding] = findingsOf(document, 'conflicting-pin');
    expect(finding).toMatchObject({
      code: 'DW122',
      packages: ['torch'],
      confidence: 'certain',
      locations: [{ path: 'Dockerfile', line: 4 }],
    });
    expect(finding?.message).toContain('torch>=2.8.0 of pyannote-audio 4.0.1');
  });

  test('names the line of a script that pins it, and the one that runs the script', async () => {
    const document = await auditImage(
      `${head}RUN sh cpu.sh\n`,
      { 'requirements.txt': 'pyannote.audio\n', 'cpu.sh': '\npip install torch==2.4.1+cpu\n' },
      universe,
    );
    expect(findingsOf(document, 'conflicting-pin')[0]?.locations).toMatchObject([
      { path: 'cpu.sh', line: 2 },
      { path: 'Dockerfile', line: 4 },
    ]);
  });

  test('is one finding for one command', async () => {
    const document = await auditImage(
      `${head}RUN pip install torch==2.4.1+cpu other==1\n`,
      { 'requirements.txt': 'pyannote.audio\nother==2\n' },
      [...universe, release('other', '1'), release('other', '2')],
    );
    expect(findingsOf(document, 'conflicting-pin')).toMatchObject([
      { packages: ['other', 'torch'] },
    ]);
  });

  test('names the line of a file that pins it otherwise', async () => {
    const document = await auditImage(
      `${head}RUN pip install torch==2.4.1+cpu\n`,
      { 'requirements.txt': 'torch==2.8.0\n' },
      universe,
    );
    expect(findingsOf(document, 'conflicting-pin')).toMatchObject([
      { evidence: [{ path: 'requirements.txt', line: 1 }] },
    ]);
  });

  test('is silent about a pin that all allow', async () => {
    const document = await auditImage(
      `${head}RUN pip install torch==2.8.0\n`,
      { 'requirements.txt': 'pyannote.audio\n' },
      universe,
    );
    expect(findingsOf(document, 'conflicting-pin')).toEqual([]);
  });

  const libraries = [
    release('requests', '2.31.0'),
    release('requests', '2.29.0'),
    release('client', '2', 100, ['requests>=2.30']),
    release('client', '1', 100, ['requests']),
    release('old', '1', 100, ['requests<2.30']),
    release('plain', '1'),
  ];

  async function audit(
    requirements: string,
    run: string,
    more: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly packages: readonly string[]; readonly said: readonly string[] }> {
    const document = await auditImage(
      `${head}${run}`,
      { 'requirements.txt': requirements, ...more },
      libraries,
    );
    expect(document.error).toBeNull();
    return {
      packages: document.environments[0]?.packages ?? [],
      said: findingsOf(document, 'conflicting-pin').map(
        ({ message, locations: [place] }) => `${place?.path}:${place?.line} ${message}`,
      ),
    };
  }

  test('replaces by a range what an earlier command pinned', async () => {
    const { packages, said } = await audit(
      'requests==2.31.0\n',
      'RUN pip install "requests<2.30"\n',
    );
    expect(packages).toEqual(['requests==2.29.0']);
    expect(said).toEqual([
      expect.stringContaining(
        'Dockerfile:4 requests<2.30 stands against requests==2.31.0 of requirements.txt:1',
      ),
    ]);
  });

  test('replaces what others still need, and keeps those as they are', async () => {
    for (const requirements of ['client==2\n', 'client\n']) {
      const { packages, said } = await audit(requirements, 'RUN pip install "requests<2.30"\n');
      expect(packages).toEqual(['client==2', 'requests==2.29.0']);
      expect(said).toEqual([expect.stringContaining('stands against requests>=2.30 of client 2')]);
    }
  });

  test('replaces what a later package needs otherwise', async () => {
    const { packages, said } = await audit('requests==2.31.0\n', 'RUN pip install old\n');
    expect(packages).toEqual(['old==1', 'requests==2.29.0']);
    expect(said).toEqual([
      expect.stringContaining(
        'Dockerfile:4 requests==2.29.0 stands against requests==2.31.0 of requirements.txt:1',
      ),
    ]);
  });

  test('takes the later of two files, and those of one command for one set', async () => {
    const more = { 'later.txt': 'requests==2.29.0\n' };
    const { packages, said } = await audit(
      'requests==2.31.0\n',
      'RUN pip install -r later.txt\n',
      more,
    );
    expect(packages).toEqual(['requests==2.29.0']);
    expect(said).toEqual([
      expect.stringContaining(
        'later.txt:1 requests==2.29.0 stands against requests==2.31.0 of requirements.txt:1',
      ),
    ]);
    const text = 'FROM python:3.12\nCOPY . .\nRUN pip install -r requirements.txt -r later.txt\n';
    const files = { 'requirements.txt': 'requests==2.31.0\n', ...more };
    const together = await auditImage(text, files, libraries);
    expect(together.error?.requirements).toHaveLength(2);
  });

  test('keeps what is there where a later command allows it, unless that upgrades', async () => {
    const keeping = await audit('requests==2.29.0\n', 'RUN pip install "requests>=2" plain\n');
    expect(keeping).toEqual({ packages: ['plain==1', 'requests==2.29.0'], said: [] });
    const upgrading = await audit('requests==2.29.0\n', 'RUN pip install -U requests\n');
    expect(upgrading.packages).toEqual(['requests==2.31.0']);
    expect(upgrading.said).toHaveLength(1);
  });

  test('takes the last of several commands that contradict each other', async () => {
    const { packages } = await audit(
      'plain\n',
      'RUN pip install requests==2.29.0\nRUN pip install "requests>2.29"\n',
    );
    expect(packages).toEqual(['plain==1', 'requests==2.31.0']);
  });
});
