import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { WheelUnavailableError } from '../../src/package-index/file-window.ts';
import type { Http, HttpResponse } from '../../src/package-index/http.ts';
import type { MetadataAnswer } from '../../src/package-index/package-index.ts';
import { readSdist } from '../../src/package-index/sdist-reader.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { parseVersion } from '../../src/pep/version.ts';
import { writeTarGz } from '../support/tar-writer.ts';

const url = 'https://files.test/tool-1.0.tar.gz';
const pkgInfo = 'Metadata-Version: 2.2\nName: tool\nVersion: 1.0\nRequires-Dist: base\n\n';

/** Half a megabyte that does not compress, before what is looked for. */
const archive = writeTarGz([
  {
    name: 'tool-1.0/data.bin',
    content: Buffer.concat(
      Array.from({ length: 16_000 }, (_, at) => createHash('sha256').update(`${at}`).digest()),
    ),
  },
  { name: 'tool-1.0/PKG-INFO', content: pkgInfo },
]);

type Answer = (start: number, end: number) => Partial<HttpResponse>;

/** Reads the archive from a server that answers so, which must come to an end. */
function read(answer: Answer): Promise<MetadataAnswer> {
  let count = 0;
  const http: Http = {
    counts: { requests: 0, receivedBytes: 0 },
    close: () => Promise.resolve(),
    get: (_url, { range = '' } = {}) => {
      if (++count > 50) throw new Error('asked without end');
      const [start = 0, end = 0] = range.slice('bytes='.length).split('-').map(Number);
      return Promise.resolve({ status: 206, headers: {}, body: null, url, ...answer(start, end) });
    },
  };
  const version = parseVersion('1.0');
  if (version === null) throw new Error('1.0 is no version');
  const unknown = {
    sha256: null,
    size: null,
    requiresPython: null,
    yanked: null,
    uploadTime: null,
    metadataFile: null,
  };
  const file = { ...unknown, filename: 'tool-1.0.tar.gz', url, kind: 'sdist', version } as const;
  return readSdist(http, normalizeName('tool'), file);
}

const part = (start: number, end: number, total: number | '*' = archive.length): Answer => {
  const body = archive.subarray(start, end + 1);
  const range = `bytes ${start}-${start + body.length - 1}/${total}`;
  return () => ({ headers: { 'content-range': range }, body });
};

describe('a source archive in parts', () => {
  test('is read from several of them', async () => {
    const starts: number[] = [];
    const answer = await read((start, end) => {
      starts.push(start);
      return part(start, end)(start, end);
    });
    expect(answer.known).toBe(true);
    expect(starts.length).toBeGreaterThan(1);
  });

  test('that begin elsewhere than asked is not put together', async () => {
    await expect(read((_start, end) => part(0, end)(0, end))).rejects.toThrow(
      /another range than was asked for/,
    );
  });

  test('that do not say where they begin is not put together', async () => {
    const reading = read((start, end) => ({ body: archive.subarray(start, end + 1) }));
    await expect(reading).rejects.toBeInstanceOf(WheelUnavailableError);
  });

  test('of unknown total ends with the part that is shorter than asked', async () => {
    const starts: number[] = [];
    const answer = await read((start, end) => {
      starts.push(start);
      return start >= archive.length ? { status: 500 } : part(start, end, '*')(start, end);
    });
    expect(answer.known).toBe(true);
    expect(starts.every((start) => start < archive.length)).toBe(true);
  });

  test('that is cut short where the total is unknown is told as broken, not asked for again', async () => {
    let count = 0;
    const cut = archive.subarray(0, 1000);
    const reading = read((start) => {
      count++;
      return start === 0
        ? { headers: { 'content-range': 'bytes 0-999/*' }, body: cut }
        : { status: 500 };
    });
    expect((await reading).known).toBe(false);
    expect(count).toBe(1);
  });
});
