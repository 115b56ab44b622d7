import { describe, expect, test } from 'vitest';
import images from '../../data/base-images.json' with { type: 'json' };
import { findBaseImage } from '../../src/image/base-images.ts';
import { auditImage, findingsOf, release } from '../image/support.ts';
import type { Finding } from '../../src/types.ts';
import type { UniverseDistribution } from '../support/index-server.ts';

const glibc = { tags: 'cp312-cp312-manylinux_2_17_x86_64' };
const musl = { tags: 'cp312-cp312-musllinux_1_2_x86_64' };
const universe: readonly UniverseDistribution[] = [
  release('pure', '1'),
  { name: 'both', version: '1', files: [glibc, musl] },
  { name: 'closed', version: '1', files: [glibc] },
  { name: 'source', version: '1', sdist: {} },
  { name: 'crc32c', version: '1', files: [glibc], sdist: {} },
];

async function findings(base: string, requirements: string): Promise<readonly Finding[]> {
  const text = `FROM ${base}\nCOPY . .\nRUN pip install -r requirements.txt\n`;
  const document = await auditImage(text, { 'requirements.txt': requirements }, universe);
  return findingsOf(document, 'base-image');
}

const bytesOf = (tag: string): number =>
  images.rows.find(({ tags, arch }) => tags.includes(tag) && arch === 'x86_64')?.compressedBytes ??
  0;

describe('base-image', () => {
  test('says what the base weighs, what musl would save, and what would have to be built there', async () => {
    const [finding] = await findings('python:3.12-slim', 'pure\nboth\ncrc32c\n');
    const bytes = bytesOf('3.12-slim');
    expect(finding).toMatchObject({
      code: 'DW132',
      locations: [{ path: 'Dockerfile', line: 1 }],
      savedInstalledBytes: null,
      savedDownloadBytes: bytes - bytesOf('3.12-alpine'),
    });
    expect(finding?.evidence[0]?.note).toContain(`python:3.12-slim: ${bytes} bytes compressed`);
    expect(finding?.message).toContain('1 package here has no wheel for it');
    expect(finding?.message).toContain('crc32c');
    const [closed] = await findings('python:3.12-slim', 'crc32c\nclosed\n');
    expect(closed?.message).toContain('crc32c; 1 package here has nothing for it at all: closed');
    const [free] = await findings('python:3.12-slim', 'pure\nboth\n');
    expect(free?.message).toContain('every package here has a wheel for it');
    const [built] = await findings('python:3.12-slim', 'pure\nsource\n');
    expect(built?.message).toContain('every package that has a wheel here has one for it');
  });

  test('says what a base on musl weighs, and nothing of one without an exact row', async () => {
    const [alpine] = await findings('python:3.12-alpine', 'pure\n');
    expect(alpine).toMatchObject({ savedDownloadBytes: null });
    expect(await findings('registry.test/python:3.12-slim', 'pure\n')).toEqual([]);
    expect(await findings('ubuntu:24.04', 'pure\n')).toEqual([]);
    const [plain] = await findings('python:3.12.1-slim', 'crc32c\n');
    expect(plain).toMatchObject({ savedDownloadBytes: null, evidence: [] });
    expect(plain?.message).toContain('an Alpine base (musl) is smaller, but 1 package');
  });
});

describe('findBaseImage', () => {
  test.each([
    ['python:3.12-slim', true],
    ['docker.io/library/python:3.12-slim', true],
    ['library/python:3.12-slim@sha256:abc', true],
    ['python:3.12.7-slim', false],
    ['python', false],
  ])('%s: %s', (reference, isKnown) => {
    expect(findBaseImage(reference, 'x86_64') !== null).toBe(isKnown);
  });

  test('rows have a source each', () => {
    for (const row of images.rows) {
      expect(row.source).toMatch(/\w/);
      expect(row.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    }
  });
});
