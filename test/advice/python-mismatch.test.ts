import { describe, expect, test } from 'vitest';
import { auditImage, findingsOf, release } from '../image/support.ts';
import type { AuditDocument, Finding } from '../../src/types.ts';
import type { UniverseDistribution } from '../support/index-server.ts';

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

describe('an environment that meets another C library', () => {
  const wheel = (name: string, tags: string): UniverseDistribution => ({
    name,
    version: '1.0',
    files: [{ tags }],
  });
  const native = [
    wheel('old', 'cp312-cp312-manylinux_2_17_x86_64.manylinux_2_39_x86_64'),
    wheel('new', 'cp312-cp312-manylinux_2_39_x86_64'),
    {
      name: 'both',
      version: '1.0',
      files: [
        { tags: 'cp312-cp312-musllinux_1_2_x86_64' },
        { tags: 'cp312-cp312-manylinux_2_17_x86_64' },
      ],
    },
    wheel('pure', 'py3-none-any'),
  ];
  const audited = (
    [builder, base]: readonly [string, string],
    names: string,
    copied = '--target=/deps',
  ): Promise<AuditDocument> =>
    auditImage(
      `FROM ${builder} AS build\nCOPY . .\nRUN pip install ${copied} -r requirements.txt\nFROM ${base}\nCOPY --from=build /deps /deps\n`,
      { 'requirements.txt': names.replaceAll(' ', '\n') },
      native,
    );

  test('has the wheels of the stage that installs it, and its target', async () => {
    const document = await audited(
      ['python:3.12-slim-trixie', 'python:3.12-slim-bookworm'],
      'new old pure',
    );
    expect(document.target).toMatchObject({
      python: '3.12',
      platformTag: 'manylinux_2_41_x86_64',
      from: 'Dockerfile:1',
    });
    expect(
      findingsOf(document, 'python-mismatch').map(({ packages, message }) => [packages, message]),
    ).toEqual([
      [
        ['new'],
        '/deps was made with glibc 2.41 (line 1), and the image has glibc 2.36 (line 4): the wheel of new does not load there',
      ],
    ]);
  });

  test('does not load with another library, but for what is no machine code', async () => {
    const musl: readonly [string, string] = ['python:3.12-alpine', 'python:3.12-slim'];
    const document = await audited(musl, 'both pure');
    expect(document.target.platformTag).toBe('musllinux_1_2_x86_64');
    expect(findingsOf(document, 'python-mismatch').map(({ packages }) => packages)).toEqual([
      ['both'],
    ]);
    const other = await audited(['python:3.12-slim', 'python:3.12-alpine'], 'old');
    expect(findingsOf(other, 'python-mismatch')).toHaveLength(1);
    expect(findingsOf(await audited(musl, 'pure'), 'python-mismatch')).toEqual([]);
  });

  test('is told beside another Python, for a folder of --target and of --prefix', async () => {
    for (const option of ['--target=/deps', '--prefix=/deps']) {
      const document = await audited(
        ['python:3.12-slim', 'registry.test/distroless/python3-debian12'],
        'pure',
        option,
      );
      expect(document.target).toMatchObject({
        python: '3.12',
        platformTag: 'manylinux_2_41_x86_64',
      });
      expect(findingsOf(document, 'python-mismatch').map(({ message }) => message)).toEqual([
        '/deps was made with Python 3.12 (line 1), and the image has Python 3.11 (line 4): compiled modules do not load there',
      ]);
    }
  });

  test('has the target of the image where that installs something itself', async () => {
    const document = await auditImage(
      'FROM python:3.12-slim AS build\nRUN pip install --target=/deps pure\nFROM python:3.11-slim-bookworm\nCOPY --from=build /deps /deps\nCOPY . .\nRUN pip install -r requirements.txt\n',
      { 'requirements.txt': 'pure\n' },
      native,
    );
    expect(document.target).toMatchObject({ python: '3.11', platformTag: 'manylinux_2_36_x86_64' });
    expect(findingsOf(document, 'python-mismatch')).toHaveLength(1);
  });

  test('meets no other where its interpreter comes along', async () => {
    const document = await auditImage(
      'FROM python:3.12-slim-bookworm AS build\nRUN python -m venv /v && /v/bin/pip install pure\nFROM debian:bookworm\nRUN apt-get install -y python3\nCOPY --from=build /v /v\nCOPY --from=build /usr/local /usr/local\n',
      {},
      native,
    );
    expect(findingsOf(document, 'python-mismatch')).toEqual([]);
    expect(document.target.python).toBe('3.12');
  });
});
