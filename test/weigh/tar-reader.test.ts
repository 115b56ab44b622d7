import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readTar, TarError } from '../../src/weigh/tar-reader.ts';
import { writeTar } from '../support/tar-writer.ts';
import type { TarOptions } from '../support/tar-writer.ts';

async function* inChunks(bytes: Uint8Array, size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function read(
  bytes: Uint8Array,
  size = 1000,
  isWanted: (name: string) => boolean = () => true,
): Promise<readonly (readonly [string, string | null])[]> {
  const members: (readonly [string, string | null])[] = [];
  for await (const { name, content } of readTar(inChunks(bytes, size), isWanted)) {
    members.push([name, content === null ? null : Buffer.from(content).toString()]);
  }
  return members;
}

describe('reading a tar archive', () => {
  it('gives files with their content, whatever the chunks', async () => {
    const bytes = writeTar([
      { name: 'a-1/', type: '5' },
      { name: 'a-1/empty', content: '' },
      { name: './a-1/x.py', content: 'x'.repeat(513) },
      { name: 'a-1/link', type: '2', size: 100 },
      { name: 'a-1/y.py', content: 'y' },
    ]);
    for (const size of [1, 7, 511, 512, 4096, bytes.length]) {
      expect(await read(bytes, size)).toEqual([
        ['a-1/empty', ''],
        ['a-1/x.py', 'x'.repeat(513)],
        ['a-1/y.py', 'y'],
      ]);
    }
  });

  it('keeps only what is wanted', async () => {
    const bytes = writeTar([
      { name: 'a/x', content: 'x' },
      { name: 'a/y', content: 'y' },
    ]);
    expect(await read(bytes, 1000, (name) => name === 'a/y')).toEqual([
      ['a/x', null],
      ['a/y', 'y'],
    ]);
  });

  it.each(['pax', 'gnu', 'prefix'] satisfies readonly TarOptions['longNames'][])(
    'reads long names (%s), for one member only',
    async (longNames) => {
      const long = `${'deep/'.repeat(25)}file.py`;
      const bytes = writeTar(
        [
          { name: long, content: '1' },
          { name: 'short.py', content: '2' },
        ],
        { longNames },
      );
      expect(await read(bytes)).toEqual([
        [long, '1'],
        ['short.py', '2'],
      ]);
    },
  );

  it('takes path and size of a pax header over those of the header', async () => {
    const bytes = writeTar([
      { name: 'ünïcode.py', content: 'abc', pax: true, size: 0 },
      { name: 'next.py', content: 'n' },
    ]);
    expect(await read(bytes)).toEqual([
      ['ünïcode.py', 'abc'],
      ['next.py', 'n'],
    ]);
  });

  it('ends at the source where the end marker is missing', async () => {
    expect(await read(writeTar([{ name: 'a', content: 'a' }], { unended: true }))).toEqual([
      ['a', 'a'],
    ]);
    expect(await read(Buffer.alloc(0))).toEqual([]);
  });

  it('reads sizes in base 256', async () => {
    const bytes = writeTar([{ name: 'a', content: 'abc' }]);
    bytes.fill(0, 124, 136);
    bytes[124] = 0x80;
    bytes[135] = 3;
    fixChecksum(bytes);
    expect(await read(bytes)).toEqual([['a', 'abc']]);
  });

  it('closes its source when the reader stops early', async () => {
    let closed = false;
    async function* source(): AsyncGenerator<Uint8Array> {
      try {
        yield writeTar([{ name: 'a', content: 'a' }]);
        yield* inChunks(Buffer.alloc(1e6), 1000);
      } finally {
        closed = true;
      }
    }
    for await (const member of readTar(source(), () => false)) {
      expect(member.name).toBe('a');
      break;
    }
    expect(closed).toBe(true);
  });

  it.each<readonly [string, (bytes: Buffer) => Buffer, RegExp]>([
    ['a wrong checksum', (bytes) => (bytes.write('Z', 0), bytes), /checksum/],
    ['a cut-off header', (bytes) => bytes.subarray(0, 300), /inside a header/],
    ['a cut-off member', (bytes) => bytes.subarray(0, 600), /inside a member/],
    [
      'numbers that are not octal',
      (bytes) => (bytes.write('9', 130), fixChecksum(bytes), bytes),
      /octal/,
    ],
    [
      'a size beyond 2^53',
      (bytes) => (bytes.fill(0xff, 124, 136), fixChecksum(bytes), bytes),
      /2\^53/,
    ],
  ])('refuses %s', async (_what, damage, message) => {
    const bytes = damage(writeTar([{ name: 'abc', content: 'x'.repeat(400) }]));
    await expect(read(bytes)).rejects.toThrow(message);
  });

  it.each<readonly [string, string]>([
    ['no length', 'path=x\n'],
    ['a length beyond the header', '99 path=x\n'],
    ['a length of nothing', '0 path=x\n'],
    ['a size that is no number', '11 size=x1\n'],
  ])('refuses a pax header with %s', async (_what, content) => {
    await expect(read(writeTar([{ name: 'p', type: 'x', content }]))).rejects.toThrow(TarError);
  });

  it('refuses a header text beyond all reason without reading it', async () => {
    await expect(read(writeTar([{ name: 'L', type: 'L', size: 2e9 }]))).rejects.toThrow(
      /header of/,
    );
  });

  it('throws TarError or ends for any damage', async () => {
    const sound = writeTar([
      { name: 'a/b.py', content: 'x'.repeat(700), pax: true },
      { name: 'c', content: 'y' },
    ]);
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(fc.nat(sound.length - 1), fc.nat(255)), { minLength: 1 }),
        async (changes) => {
          const broken = Buffer.from(sound);
          for (const [at, value] of changes) broken[at] = value;
          const outcome = await read(broken).catch((error: unknown) => error);
          if (!Array.isArray(outcome)) expect(outcome).toBeInstanceOf(TarError);
        },
      ),
      { numRuns: 500 },
    );
  });
});

function fixChecksum(bytes: Buffer): void {
  bytes.write('        ', 148);
  const total = bytes.subarray(0, 512).reduce((sum, byte) => sum + byte, 0);
  bytes.write(`${total.toString(8).padStart(6, '0')}\0 `, 148);
}
