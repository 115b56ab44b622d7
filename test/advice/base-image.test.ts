import { describe, expect, test } from 'vitest';
import images from '../../data/base-images.json' with { type: 'json' };
import { findBaseImage } from '../../src/image/base-images.ts';
import { auditImage, findingsOf, release } from '../image/support.ts';
import type { Finding } from '../../src/types.ts';
import { auditFiles, fillIn, serveFor } from '../support/audit-files.ts';
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
    expect(plain).toMatchObject({ savedDownloadBytes: null });
    expect(plain?.message).toContain(
      'by how much is not known for python:3.12.1-slim; on it 1 package here has no wheel for it',
    );
    // What is known of another tag is there to compare with.
    expect(plain?.evidence.map(({ note }) => note)).toEqual([
      expect.stringMatching(/^to compare python:3\.12-slim: \d+ bytes compressed/),
      expect.stringMatching(/^to compare python:3\.12-alpine: \d+ bytes compressed/),
    ]);
  });

  test('of a base with a row, but none on musl, what it weighs is still the head', async () => {
    const [own] = await findings('python:3.11-slim-bookworm', 'pure\n');
    expect(own?.evidence.map(({ note }) => note.split(':', 2).join(':'))).toEqual([
      'python:3.11-slim-bookworm',
      'to compare python:3.12-slim',
      'to compare python:3.12-alpine',
    ]);
    expect(own?.savedDownloadBytes).toBeNull();
  });

  test('says what is compiled in an image that is on musl already, and whether something is there for it', async () => {
    const contents = { 'src/crc.c': '', 'setup.py': '' };
    const built = { name: 'crc32c', version: '1', files: [glibc], sdist: { contents } };
    const onMusl = async (run: string, base = 'python:3.12-alpine'): Promise<string> => {
      const text = `FROM ${base}\n${run}COPY . .\nRUN pip install -r requirements.txt\n`;
      const document = await auditImage(text, { 'requirements.txt': 'crc32c\nboth\npure\n' }, [
        ...universe.filter(({ name }) => name !== 'crc32c'),
        built,
      ]);
      const found = findingsOf(document, 'base-image');
      return found.find(({ packages }) => packages.includes('crc32c'))?.message ?? '';
    };
    const said = await onMusl('');
    expect(said).toContain(
      'on musl 1 package has no wheel and is built from a source that holds C',
    );
    expect(said).toContain('apk add gcc musl-dev');
    expect(said).toContain('crc32c; no command installs a compiler, and the base has none');
    expect(await onMusl('RUN apk add --no-cache build-base\n')).toContain(
      'line 2 installs a compiler for that',
    );
    expect(await onMusl('', 'registry.test/own:3.12-alpine')).toMatch(/^$|: crc32c$/);
  });

  test('is silent on musl where everything has a wheel', async () => {
    const text = 'FROM python:3.12-alpine\nCOPY . .\nRUN pip install -r requirements.txt\n';
    const document = await auditImage(text, { 'requirements.txt': 'both\npure\n' }, universe);
    expect(findingsOf(document, 'base-image').map(({ message }) => message)).toEqual([
      'the base is python:3.12-alpine, which is in no other figure',
    ]);
  });
});

describe('base-image of a locked set', () => {
  const file = (name: string, rest: string): string =>
    `{ url = "{url:${name}-1-${rest}}", hash = "sha256:{sha256:${name}-1-${rest}}", size = 1 }`;
  const wheel = (name: string, platform: string): string =>
    file(name, `cp312-cp312-${platform}_x86_64.whl`);
  const source = '{ url = "https://index.test/crc32c-1.tar.gz", hash = "sha256:00", size = 1 }';
  const packages = [
    ['both', `wheels = [${wheel('both', 'manylinux_2_17')}, ${wheel('both', 'musllinux_1_2')}]`],
    ['closed', `wheels = [${wheel('closed', 'manylinux_2_17')}]`],
    ['crc32c', `sdist = ${source}\nwheels = [${wheel('crc32c', 'manylinux_2_17')}]`],
  ];
  const names = packages.map(([name]) => name ?? '');
  const manifest = `[project]\nname = "mine"\nversion = "1"\nrequires-python = ">=3.12"\ndependencies = ${JSON.stringify(names)}\n`;
  const told = '1 package here has no wheel for it and would be built, with a compiler and headers';

  async function messageOf(lock: Readonly<Record<string, string>>): Promise<string | undefined> {
    const server = await serveFor(universe);
    const files = {
      Dockerfile: 'FROM python:3.12-slim\nCOPY . .\nRUN uv sync --no-dev\n',
      'pyproject.toml': manifest,
      ...lock,
    };
    const filled = Object.entries(files).map(([path, text]) => [path, fillIn(text, server)]);
    const document = await auditFiles(Object.fromEntries(filled), server);
    // What the lock holds, it tells: no page is asked for.
    expect(server.requests.filter((request) => /simple\/\w+\/$/.test(request.path))).toEqual([]);
    return findingsOf(document, 'base-image')[0]?.message;
  }

  test('is told by the files that uv.lock names', async () => {
    const own = `[[package]]\nname = "mine"\nversion = "1"\nsource = { virtual = "." }\ndependencies = [${names.map((name) => `{ name = "${name}" }`).join(', ')}]\n`;
    const others = packages.map(
      ([name = '', files = '']) =>
        `[[package]]\nname = "${name}"\nversion = "1"\nsource = { registry = "{index}" }\n${files}\n`,
    );
    const lock = `version = 1\nrequires-python = ">=3.12"\n${own}${others.join('')}`;
    const message = await messageOf({ 'uv.lock': lock });
    expect(message).toContain(`${told}: crc32c; 1 package here has nothing for it at all: closed`);
  });

  test('is told by those that pylock.toml names', async () => {
    const inPylock = (text: string): string =>
      text.replaceAll(/hash = "sha256:([^"]*)"/g, 'hashes = { sha256 = "$1" }');
    const rows = packages.map(
      ([name = '', files = '']) =>
        `[[packages]]\nname = "${name}"\nversion = "1"\nindex = "{index}"\n${inPylock(files)}\n`,
    );
    const lock = `lock-version = "1.0"\ncreated-by = "uv"\nrequires-python = ">=3.12"\n${rows.join('')}`;
    expect(await messageOf({ 'pylock.toml': lock })).toContain(`${told}: crc32c`);
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
