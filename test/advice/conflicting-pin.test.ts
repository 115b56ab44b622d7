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
});
