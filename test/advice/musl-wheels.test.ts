import { describe, expect, test } from 'vitest';
import type { Finding } from '../../src/types.ts';
import { findingsOf, release } from '../image/support.ts';
import { auditFiles, serveFor } from '../support/audit-files.ts';
import type { UniverseDistribution } from '../support/index-server.ts';

const glibc = { tags: 'cp312-cp312-manylinux_2_17_x86_64' };
const musl = { tags: 'cp312-cp312-musllinux_1_2_x86_64' };
const windows = { tags: 'cp312-cp312-win_amd64' };
const universe: readonly UniverseDistribution[] = [
  release('pure', '1'),
  release('holder', '1', 100, ['crc32c']),
  { name: 'both', version: '1', files: [glibc, musl] },
  { name: 'crc32c', version: '1', files: [glibc, windows], sdist: {} },
];

async function findings(
  requirements: string,
  more: Readonly<Record<string, string>> = {},
  platform: string | null = null,
): Promise<readonly Finding[]> {
  const files = { 'requirements.txt': requirements, 'app.py': 'import pure\n', ...more };
  const server = await serveFor(universe);
  const document = await auditFiles(files, server, { python: '3.12', platform });
  return findingsOf(document, 'musl-wheels');
}

describe('musl-wheels', () => {
  test('names what would be built on Alpine, with the line that brings it and bases to compare', async () => {
    const [finding] = await findings('pure\nholder\nboth\n');
    expect(finding).toMatchObject({
      code: 'DW137',
      severity: 'info',
      packages: ['holder'],
      locations: [{ path: 'requirements.txt', line: 2 }],
      savedInstalledBytes: null,
      savedDownloadBytes: null,
    });
    expect(finding?.message).toBe(
      'in an image on Alpine (musl) 1 package here has no wheel for it and would be built, with a compiler and headers: crc32c',
    );
    expect(finding?.evidence[1]?.note).toMatch(/^to compare python:3\.12-alpine: \d+ bytes/);
  });

  test('is silent where all has a wheel, where an image says what the base is, and for other platforms', async () => {
    expect(await findings('pure\nboth\n')).toEqual([]);
    const Dockerfile = 'FROM python:3.12-slim\nCOPY . .\nRUN pip install -r requirements.txt\n';
    expect(await findings('crc32c\n', { Dockerfile })).toEqual([]);
    expect(await findings('crc32c\n', {}, 'windows')).toEqual([]);
    expect(await findings('crc32c\n', {}, 'x86_64-unknown-linux-musl')).toEqual([]);
  });
});
