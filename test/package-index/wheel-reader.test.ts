import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { afterEach, describe, expect, test } from 'vitest';
import { createHttp } from '../../src/io/http.ts';
import type { Http } from '../../src/package-index/http.ts';
import { WheelUnavailableError } from '../../src/package-index/file-window.ts';
import type { WheelFacts } from '../../src/package-index/wheel-reader.ts';
import { readWheelFacts } from '../../src/package-index/wheel-reader.ts';
import { parseVersion } from '../../src/pep/version.ts';
import type { DistributionFile } from '../../src/types.ts';
import { ZipError } from '../../src/weigh/zip-directory.ts';
import type { ZipMember, ZipOptions } from '../support/zip-writer.ts';
import { writeZip } from '../support/zip-writer.ts';

let server: Server | null = null;
let http: Http | null = null;
const asked: string[] = [];
afterEach(async () => {
  await http?.close();
  server?.close();
  server?.closeAllConnections();
  asked.length = 0;
});

type Answer = (request: IncomingMessage, response: ServerResponse, bytes: Buffer) => void;

/** Answers Range as servers do. */
const honest: Answer = (request, response, bytes) => {
  const range = boundsOf(request, bytes.length);
  if (range === null) {
    response
      .writeHead(200, { 'content-length': bytes.length })
      .end(request.method === 'HEAD' ? undefined : bytes);
    return;
  }
  if (range[0] >= bytes.length) response.writeHead(416).end();
  else sendPart(response, bytes, range);
};

function boundsOf({ headers }: IncomingMessage, length: number): readonly [number, number] | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(headers.range ?? '');
  if (match === null) return null;
  if (match[1] === '') return [Math.max(0, length - Number(match[2])), length];
  return [Number(match[1]), match[2] === '' ? length : Math.min(length, Number(match[2]) + 1)];
}

function sendPart(
  response: ServerResponse,
  bytes: Buffer,
  [start, end]: readonly [number, number],
  headers: Record<string, string> = {},
): void {
  const body = bytes.subarray(start, end);
  response
    .writeHead(206, {
      'content-range': `bytes ${start}-${end - 1}/${bytes.length}`,
      'content-length': body.length,
      ...headers,
    })
    .end(body);
}

async function serve(bytes: Buffer, answer: Answer): Promise<string> {
  const started = createServer((request, response) => {
    asked.push(`${request.method} ${request.headers.range ?? ''}`.trim());
    answer(request, response, bytes);
  });
  server = started;
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const address = started.address();
  if (address === null || typeof address === 'string') throw new Error('no port');
  return `http://127.0.0.1:${address.port}/tool-1.0-py3-none-any.whl`;
}

function fileOf(url: string, size: number | null): DistributionFile {
  const version = parseVersion('1.0');
  if (version === null) throw new Error('1.0 is no version');
  const unknown = {
    sha256: null,
    requiresPython: null,
    yanked: null,
    uploadTime: null,
    metadataFile: null,
  };
  return { ...unknown, filename: 'tool-1.0-py3-none-any.whl', url, kind: 'wheel', version, size };
}

const metadata = 'Metadata-Version: 2.1\nName: tool\nVersion: 1.0\n\n';

/** Bytes that do not compress, the same in every run. */
function noise(length: number): Buffer {
  const blocks: Buffer[] = [];
  for (let at = 0; at * 32 < length; at++)
    blocks.push(createHash('sha256').update(String(at)).digest());
  return Buffer.concat(blocks).subarray(0, length);
}

function wheelOf({
  metadataFirst = false,
  files = 3,
  padding = 0,
  options = {},
}: {
  metadataFirst?: boolean;
  files?: number;
  padding?: number;
  options?: ZipOptions;
} = {}): Buffer {
  const info: ZipMember[] = [
    { name: 'tool-1.0.dist-info/METADATA', content: metadata },
    {
      name: 'tool-1.0.dist-info/entry_points.txt',
      content: '[console_scripts]\ntool = tool:main\n',
    },
    { name: 'tool-1.0.dist-info/RECORD', content: '' },
  ];
  const code: ZipMember[] = Array.from({ length: files }, (_, at) => ({
    name: `tool/module_${at}.py`,
    content: 'pass\n',
  }));
  code.push({ name: 'tool/__init__.py', content: '' });
  const blob: ZipMember[] =
    padding === 0 ? [] : [{ name: 'tool/blob.bin', content: noise(padding), method: 0 }];
  return writeZip(
    metadataFirst ? [...info, ...blob, ...code] : [...blob, ...code, ...info],
    options,
  );
}

async function read(
  bytes: Buffer,
  answer: Answer = honest,
  size: number | null = bytes.length,
): Promise<WheelFacts> {
  const url = await serve(bytes, answer);
  http = createHttp({ userAgent: 'test', retries: 0 });
  return readWheelFacts(http, fileOf(url, size), true);
}

function expectTool({ summary, metadataText }: WheelFacts, bytes: Buffer): void {
  expect(metadataText).toBe(metadata);
  expect(summary.downloadBytes).toBe(bytes.length);
  expect(summary.modules).toEqual(['tool']);
  expect(summary.scripts).toEqual(['tool']);
}

describe('a wheel by Range', () => {
  test('takes one request where the tail holds directory and metadata', async () => {
    const bytes = wheelOf({ padding: 2_000_000 });
    expectTool(await read(bytes), bytes);
    expect(asked).toHaveLength(1);
  });

  test('takes one request of a tiny wheel, whole', async () => {
    const bytes = wheelOf();
    expectTool(await read(bytes), bytes);
    expect(asked).toHaveLength(1);
  });

  test('asks for the rest of a directory that is longer than the tail', async () => {
    const bytes = wheelOf({ padding: 300_000, files: 3000 });
    expectTool(await read(bytes, honest, null), bytes);
    expect(asked.length).toBeLessThanOrEqual(4);
  });

  test('fetches metadata that lies at the start of the wheel', async () => {
    const bytes = wheelOf({ metadataFirst: true, padding: 1_000_000 });
    expectTool(await read(bytes), bytes);
    expect(asked.length).toBeLessThanOrEqual(3);
  });

  test('does not need to know the size', async () => {
    const bytes = wheelOf({ padding: 500_000 });
    expectTool(await read(bytes, honest, null), bytes);
  });

  test.each([0, 7, 10 ** 9])(
    'believes what is served, not the size of %d that the index states',
    async (size) => {
      const bytes = wheelOf({ padding: 100_000 });
      expectTool(await read(bytes, honest, size), bytes);
    },
  );

  test.each(['end', 'entries'] as const)('reads zip64 (%s)', async (zip64) => {
    const bytes = wheelOf({ padding: 100_000, options: { zip64 } });
    expectTool(await read(bytes), bytes);
  });

  test('looks past a comment of 60 kB', async () => {
    const bytes = wheelOf({ padding: 100_000, options: { comment: 'c'.repeat(60_000) } });
    expectTool(await read(bytes), bytes);
  });
});

describe('servers that do not know ranges well', () => {
  test('one that ignores Range gives the whole wheel', async () => {
    const bytes = wheelOf({ padding: 50_000 });
    expectTool(
      await read(bytes, (_request, response) =>
        response.writeHead(200, { 'content-length': bytes.length }).end(bytes),
      ),
      bytes,
    );
    expect(asked).toHaveLength(1);
  });

  test('one that ignores Range for a huge wheel is left alone', async () => {
    const reading = read(wheelOf(), (_request, response) => {
      response.writeHead(200, { 'content-length': 3_000_000_000 });
      response.write('PK');
    });
    await expect(reading).rejects.toThrow(/too large to take whole/);
  });

  test.each([416, 501])(
    'one that answers %d to suffix ranges is asked by length',
    async (status) => {
      const bytes = wheelOf({ padding: 200_000 });
      const answer: Answer = (request, response) =>
        request.headers.range?.startsWith('bytes=-') === true
          ? response.writeHead(status).end()
          : honest(request, response, bytes);
      expectTool(await read(bytes, answer), bytes);
      expect(asked[1]).toBe('HEAD');
    },
  );

  test('one that answers 416 to every range is asked for the whole', async () => {
    const bytes = wheelOf({ padding: 50_000 });
    const answer: Answer = (request, response) =>
      request.headers.range === undefined
        ? honest(request, response, bytes)
        : response.writeHead(416).end();
    expectTool(await read(bytes, answer), bytes);
  });

  test('one that refuses HEAD as well is asked for the whole', async () => {
    const bytes = wheelOf({ padding: 50_000 });
    const answer: Answer = (request, response) => {
      if (request.method === 'HEAD') response.writeHead(405).end();
      else if (request.headers.range !== undefined) response.writeHead(416).end();
      else honest(request, response, bytes);
    };
    expectTool(await read(bytes, answer), bytes);
  });

  test('one that sends less than asked is asked on', async () => {
    const bytes = wheelOf({ padding: 300_000, files: 2000 });
    const answer: Answer = (request, response) => {
      const [start, end] = boundsOf(request, bytes.length) ?? [0, bytes.length];
      sendPart(response, bytes, [start, Math.min(end, start + 20_000)]);
    };
    expectTool(await read(bytes, answer, null), bytes);
  });

  test('one that takes a suffix for a start is asked by length, not for nearly the whole file', async () => {
    const bytes = wheelOf({ padding: 3_000_000 });
    let sent = 0;
    const answer: Answer = (request, response) => {
      const suffix = /^bytes=-(\d+)$/.exec(request.headers.range ?? '')?.[1];
      const range =
        suffix === undefined ? boundsOf(request, bytes.length) : ([0, Number(suffix) + 1] as const);
      if (range === null) throw new Error('the whole file was asked for');
      sent += range[1] - range[0];
      sendPart(response, bytes, range);
    };
    expectTool(await read(bytes, answer), bytes);
    expect(sent).toBeLessThan(200_000);
  });

  test('one that sends crumbs is given up', async () => {
    const bytes = wheelOf({ padding: 300_000 });
    const answer: Answer = (request, response) => {
      const [start] = boundsOf(request, bytes.length) ?? [0, 0];
      sendPart(response, bytes, [start, start + 1]);
    };
    await expect(read(bytes, answer)).rejects.toThrow(/crumbs/);
    expect(asked.length).toBeLessThan(100);
  });

  test.each<readonly [string, Answer]>([
    [
      'says nothing of the range',
      (request, response, bytes) =>
        response.writeHead(206).end(bytes.subarray(-(boundsOf(request, bytes.length)?.[0] ?? 0))),
    ],
    [
      'states another length than it sends',
      (_request, response, bytes) =>
        response.writeHead(206, { 'content-range': `bytes 0-9/${bytes.length}` }).end(bytes),
    ],
    [
      'states a range past the end',
      (_request, response) =>
        response.writeHead(206, { 'content-range': 'bytes 0-9/5' }).end('0123456789'),
    ],
    [
      'sends several parts',
      (_request, response) =>
        response
          .writeHead(206, { 'content-type': 'multipart/byteranges; boundary=x' })
          .end('--x\r\n\r\n--x--'),
    ],
  ])('one that %s is not believed', async (_what, answer) => {
    await expect(read(wheelOf(), answer)).rejects.toBeInstanceOf(WheelUnavailableError);
  });

  test('a wheel that changes between two questions is refused', async () => {
    const bytes = wheelOf({ padding: 300_000, files: 3000 });
    let state = 0;
    const answer: Answer = (request, response) => {
      const [start, end] = boundsOf(request, bytes.length) ?? [0, bytes.length];
      sendPart(response, bytes, [start, end], { etag: `"${state++}"` });
    };
    await expect(read(bytes, answer, null)).rejects.toThrow(/changed/);
  });

  test.each([403, 404, 500])('status %d is told', async (status) => {
    const reading = read(wheelOf(), (_request, response) => response.writeHead(status).end());
    await expect(reading).rejects.toThrow(String(status));
  });
});

describe('files that are no wheels', () => {
  test.each<readonly [string, Buffer]>([
    ['an empty file', Buffer.alloc(0)],
    ['a page', Buffer.from('<html>not found</html>'.repeat(100))],
    ['half a wheel', wheelOf({ padding: 10_000 }).subarray(0, 6000)],
    ['a zip without METADATA', writeZip([{ name: 'a.txt', content: 'x' }])],
    [
      'a zip with METADATA twice',
      writeZip([
        { name: 'a-1.dist-info/METADATA', content: 'x' },
        { name: 'a-1.dist-info/METADATA', content: 'y' },
      ]),
    ],
    [
      'encrypted METADATA',
      writeZip([{ name: 'a-1.dist-info/METADATA', content: 'x', encrypted: true }]),
    ],
    [
      'METADATA beyond the end',
      writeZip([
        { name: 'a-1.dist-info/METADATA', content: 'x', claims: { compressedSize: 2 ** 30 } },
      ]),
    ],
  ])('%s is a broken wheel', async (_what, bytes) => {
    await expect(read(bytes)).rejects.toBeInstanceOf(ZipError);
  });

  test('bytes after the end are told', async () => {
    const { summary } = await read(wheelOf({ options: { append: Buffer.alloc(20) } }));
    expect(summary.warnings.join()).toContain('20 bytes follow');
  });
});
