import { describe, expect, test } from 'vitest';
import { auditImage, findingsOf, release } from '../image/support.ts';
import type { Finding } from '../../src/types.ts';

const universe = [release('flask', '1')];

async function findings(builder: string, base: string, path: string): Promise<readonly Finding[]> {
  const text = `FROM ${builder} AS build\nCOPY . .\nRUN pip install -r requirements.txt\nFROM ${base}\nCOPY --from=build ${path} ${path}\n`;
  const document = await auditImage(text, { 'requirements.txt': 'flask\n' }, universe);
  return findingsOf(document, 'python-mismatch');
}

const packages = '/usr/local/lib/python3.12/site-packages';

describe('python-mismatch', () => {
  test('names the Python that packages were made with and the one that they meet', async () => {
    const [finding] = await findings(
      'python:3.12-slim',
      'registry.test/distroless/python3-debian12',
      packages,
    );
    expect(finding).toMatchObject({
      code: 'DW131',
      locations: [{ path: 'Dockerfile', line: 5 }, { line: 1 }, { line: 4 }],
    });
    expect(finding?.message).toContain('Python 3.12 (line 1), and the image has Python 3.11');
    expect(await findings('python:3.12', 'python:3.13-slim', '/opt/venv')).toHaveLength(1);
    // The path says it, whatever the builder is called.
    expect(await findings('builder:latest', 'python:3.13-slim', packages)).toHaveLength(1);
  });

  test.each([
    ['python:3.12', 'python:3.12-slim', '/opt/venv'],
    ['python:3.11', 'registry.test/distroless/python3-debian12', '/opt/venv'],
    ['python:3.12', 'registry.test/distroless/cc-debian12', '/opt/venv'],
    ['python:3.12', 'python:3.13-slim', '/static'],
    ['python:3.12', 'debian:bookworm-slim', '/usr/local'],
  ])('is silent for %s, %s and %s', async (builder, base, path) => {
    expect(await findings(builder, base, path)).toEqual([]);
  });
});
