import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import {
  findEndOfCentralDirectory,
  parseCentralDirectory,
  readEntry,
  ZipError,
} from '../../src/weigh/zip-directory.ts';
import type { EndOfCentralDirectory, ZipEntry } from '../../src/weigh/zip-directory.ts';
import { writeZip, zip64Extra } from '../support/zip-writer.ts';
import type { ZipMember } from '../support/zip-writer.ts';

const members: readonly ZipMember[] = [
  { name: 'numpy/', content: '' },
  { name: 'numpy/__init__.py', content: 'import os\n'.repeat(200) },
  { name: 'numpy/empty.py', content: '' },
  { name: 'numpy/core.so', content: Buffer.from([1, 2, 3]), method: 0 },
  { name: 'numpy-1.0.dist-info/METADATA', content: 'Name: numpy\n' },
];

/** Asks for more as a caller with a range reader would, beginning with a tail of `tailSize`. */
function findEnd(file: Buffer, tailSize: number): EndOfCentralDirectory {
  let start = Math.max(0, file.length - tailSize);
  for (let round = 0; round < 4; round++) {
    const found = findEndOfCentralDirectory(file.subarray(start), start, file.length);
    if (!('need' in found)) return found;
    expect(found.need.end).toBe(start);
    expect(found.need.start).toBeLessThan(start);
    start = found.need.start;
  }
  throw new Error('asked too often');
}

function list(file: Buffer, tailSize = file.length): readonly ZipEntry[] {
  const end = findEnd(file, tailSize);
  const directory = file.subarray(end.directoryOffset, end.directoryOffset + end.directorySize);
  return parseCentralDirectory(directory, end.entryCount, end);
}

function named(entries: readonly ZipEntry[], name: string): ZipEntry {
  const entry = entries.find((candidate) => candidate.name === name);
  if (entry === undefined) throw new Error(`no ${name}`);
  return entry;
}

function text(content: ReturnType<typeof readEntry>): string {
  if ('need' in content) throw new Error('needs more');
  return Buffer.from(content).toString();
}

function only(file: Buffer): ZipEntry {
  const [entry] = list(file);
  if (entry === undefined) throw new Error('empty');
  return entry;
}

describe('finding the end of the central directory', () => {
  it('reads names, sizes and kinds of entries in their order', () => {
    const entries = list(writeZip(members));
    expect(entries.map((entry) => [entry.name, entry.uncompressedSize, entry.isDirectory])).toEqual(
      [
        ['numpy/', 0, true],
        ['numpy/__init__.py', 2000, false],
        ['numpy/empty.py', 0, false],
        ['numpy/core.so', 3, false],
        ['numpy-1.0.dist-info/METADATA', 12, false],
      ],
    );
    expect(entries.map((entry) => entry.method)).toEqual([0, 8, 8, 0, 8]);
  });

  it('reads an archive without entries', () => {
    expect(list(writeZip([]))).toEqual([]);
  });

  it('finds the record before the longest comment by asking for a longer tail', () => {
    const file = writeZip(members, { comment: 'x'.repeat(65535) });
    expect(findEndOfCentralDirectory(file.subarray(-100), file.length - 100, file.length)).toEqual({
      need: { start: file.length - 65557, end: file.length - 100 },
    });
    expect(list(file, 100)).toHaveLength(5);
  });

  it('is not misled by a signature inside the comment', () => {
    const fake = Buffer.alloc(22);
    fake.writeUInt32LE(0x06054b50, 0);
    fake.writeUInt32LE(500, 12);
    fake.writeUInt32LE(0x7fffffff, 16);
    expect(list(writeZip(members, { comment: fake }))).toHaveLength(5);
  });

  it('takes the record whose comment ends the file over a later one that does not', () => {
    const fake = Buffer.alloc(30);
    fake.writeUInt32LE(0x06054b50, 4);
    expect(list(writeZip(members, { comment: fake }))).toHaveLength(5);
  });

  it('accepts bytes after the end record', () => {
    expect(list(writeZip(members, { append: Buffer.from('\n') }))).toHaveLength(5);
  });

  it('moves offsets by what was prepended', () => {
    const file = writeZip(members, { prepend: Buffer.from('#!/bin/sh\n') });
    expect(findEnd(file, file.length).prependedBytes).toBe(10);
    const entry = named(list(file), 'numpy-1.0.dist-info/METADATA');
    expect(text(readEntry(file, 0, entry))).toBe('Name: numpy\n');
  });

  it('takes the stated offset where bytes stand between directory and end record', () => {
    const file = writeZip(members, { gap: Buffer.alloc(40, 7) });
    expect(findEnd(file, file.length).prependedBytes).toBe(0);
    expect(list(file)).toHaveLength(5);
  });

  it.each(['end', 'entries'] as const)('reads zip64 (%s) from any length of tail', (zip64) => {
    const file = writeZip(members, { zip64, comment: 'note' });
    for (const tailSize of [26, 40, 46, 60, 101, 102, 103, 200, file.length]) {
      expect(list(file, tailSize).map((entry) => entry.name)).toEqual(
        members.map((member) => member.name),
      );
    }
  });

  it('reads zip64 behind prepended bytes', () => {
    const file = writeZip(members, { zip64: 'entries', prepend: Buffer.alloc(33, 1) });
    const entry = named(list(file, 60), 'numpy/__init__.py');
    expect(text(readEntry(file, 0, entry))).toHaveLength(2000);
  });

  it('reads the zip64 field behind another extra field', () => {
    const extra = Buffer.from([0x55, 0x54, 1, 0, 9]);
    const file = writeZip([{ name: 'a.py', content: 'abc', extra }], { zip64: 'entries' });
    expect(only(file)).toMatchObject({ name: 'a.py', uncompressedSize: 3, localHeaderOffset: 0 });
  });

  it('refuses a tail that is not the end of the file', () => {
    expect(() => findEndOfCentralDirectory(Buffer.alloc(30), 0, 40)).toThrow(ZipError);
  });

  it('says what is wrong with a file that is no zip file', () => {
    expect(() => findEnd(Buffer.from('<html>not a wheel</html>'), 1000)).toThrow(
      /no end of central directory/,
    );
    expect(() => findEnd(Buffer.alloc(0), 0)).toThrow(/too short/);
  });

  it.each([
    ['a directory beyond the file', { directoryOffset: 5_000_000 }],
    ['a directory larger than the file', { directorySize: 0xfffffff0 }],
    ['more entries than its bytes can hold', { entryCount: 60_000 }],
    ['fewer entries than there are', { entryCount: 2 }],
    ['a directory shorter than its entries', { directorySize: 100 }],
  ])('refuses %s', (_what, options) => {
    expect(() => list(writeZip(members, options))).toThrow(ZipError);
  });

  it('refuses a zip64 record with counts of 2^32 and of 2^60', () => {
    expect(() => list(writeZip(members, { zip64: 'end', entryCount: 2 ** 32 }))).toThrow(/entries/);
    const file = writeZip(members, { zip64: 'end' });
    file.writeBigUInt64LE(2n ** 60n, file.length - 22 - 20 - 56 + 40);
    expect(() => list(file)).toThrow(/2\^53/);
  });

  it('refuses a zip64 locator that points nowhere', () => {
    const file = writeZip(members, { zip64: 'end' });
    file.writeUInt32LE(0, file.length - 22 - 20 - 56);
    file.writeBigUInt64LE(BigInt(file.length * 2), file.length - 22 - 20 + 8);
    expect(() => list(file)).toThrow(/zip64 end record/);
  });

  it('refuses an archive of several disks', () => {
    const file = writeZip(members);
    file.writeUInt16LE(1, file.length - 22 + 4);
    expect(() => list(file)).toThrow(/disks/);
  });

  it('throws ZipError or answers, but never fails otherwise, for any damage', () => {
    const sound = [writeZip(members), writeZip(members, { zip64: 'entries', comment: 'c' })];
    fc.assert(
      fc.property(
        fc.constantFrom(...sound),
        fc.array(fc.tuple(fc.nat(), fc.nat(255)), { minLength: 1, maxLength: 8 }),
        fc.nat(),
        (file, changes, cut) => {
          const broken = Buffer.from(file.subarray(0, file.length - (cut % 3) * (cut % 40)));
          for (const [at, value] of changes) broken[at % broken.length] = value;
          try {
            for (const entry of list(broken)) readEntry(broken, 0, entry);
          } catch (error) {
            expect(error).toBeInstanceOf(ZipError);
          }
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('finds every entry again for any members and any tail', () => {
    const member = fc.record({
      name: fc.stringMatching(/^[a-zé]{1,9}(?:\/[a-z]{1,9}){0,3}$/),
      content: fc.string({ maxLength: 300 }),
      method: fc.constantFrom(0, 8),
      dataDescriptor: fc.boolean(),
    });
    fc.assert(
      fc.property(
        fc.uniqueArray(member, { selector: (value) => value.name, maxLength: 12 }),
        fc.nat(500),
        fc.string({ maxLength: 50 }),
        (written, tailSize, comment) => {
          const file = writeZip(written, { comment });
          const entries = list(file, tailSize);
          expect(entries.map((entry) => text(readEntry(file, 0, entry)))).toEqual(
            written.map((value) => value.content),
          );
        },
      ),
    );
  });
});

describe('parsing the central directory', () => {
  it('reads names as UTF-8 with the flag and as code page 437 without', () => {
    expect(only(writeZip([{ name: 'é/ü.py', content: '' }])).name).toBe('é/ü.py');
    const nameBytes = Buffer.from([0x82, 0x2f, 0x81, 0x80, 0xe1, 0xff]);
    expect(only(writeZip([{ name: 'x', nameBytes, content: '' }])).name).toBe('é/üÇß\u00a0');
  });

  it('cuts a name at a NUL as CPython does', () => {
    expect(only(writeZip([{ name: 'a.py\0.txt', content: '' }])).name).toBe('a.py');
  });

  it('reads more than 65535 entries where the writer counted modulo 65536', () => {
    const many = Array.from({ length: 65_540 }, (_, index) => ({
      name: `${index}`,
      content: '',
      method: 0,
    }));
    const end = findEnd(writeZip(many), 22);
    expect(end.entryCount).toBe(4);
    expect(list(writeZip(many))).toHaveLength(65_540);
  });

  it('refuses an entry without its zip64 sizes', () => {
    const file = writeZip([{ name: 'a', content: '', extra: zip64Extra([1]) }]);
    const end = findEnd(file, file.length);
    file.writeUInt32LE(0xffffffff, end.directoryOffset + 20);
    file.writeUInt32LE(0xffffffff, end.directoryOffset + 24);
    expect(() => list(file)).toThrow(/lacks its zip64 sizes/);
  });

  it('refuses entries that share bytes', () => {
    const claims = { localHeaderOffset: 0 };
    const file = writeZip([
      { name: 'a', content: 'a' },
      { name: 'b', content: 'b', claims },
    ]);
    expect(() => list(file)).toThrow(/overlap/);
  });

  it('refuses an entry that reaches into the directory', () => {
    const file = writeZip([{ name: 'a', content: 'a', claims: { compressedSize: 5000 } }]);
    expect(() => list(file)).toThrow(/into the directory/);
  });

  it('refuses bytes that are no entry, and a directory that is cut off', () => {
    expect(() => parseCentralDirectory(Buffer.alloc(50, 1), 1)).toThrow(/no signature/);
    const file = writeZip(members);
    const end = findEnd(file, file.length);
    const short = file.subarray(end.directoryOffset, end.directoryOffset + end.directorySize - 3);
    expect(() => parseCentralDirectory(short, 5)).toThrow(/cut off/);
  });
});

describe('reading a member', () => {
  const localExtra = Buffer.alloc(600);
  const file = writeZip([
    { name: 'a/first.py', content: 'x'.repeat(50), method: 0 },
    { name: 'a/entry_points.txt', content: '[console_scripts]\n'.repeat(40), localExtra },
  ]);
  const entry = named(list(file), 'a/entry_points.txt');

  it('asks for a range, and again where the local header is longer than expected', () => {
    const none = readEntry(Buffer.alloc(0), file.length, entry);
    if (!('need' in none)) throw new Error('was there');
    expect(none.need.start).toBe(entry.localHeaderOffset);
    const some = file.subarray(none.need.start, none.need.start + 60);
    const more = readEntry(some, none.need.start, entry);
    if (!('need' in more)) throw new Error('was there');
    const all = file.subarray(more.need.start, more.need.end);
    expect(text(readEntry(all, more.need.start, entry))).toBe('[console_scripts]\n'.repeat(40));
  });

  it('asks for enough at once where the local header is no longer than usual', () => {
    const first = named(list(file), 'a/first.py');
    const none = readEntry(file.subarray(100), 100, first);
    if (!('need' in none)) throw new Error('was there');
    expect(
      text(readEntry(file.subarray(none.need.start, none.need.end), none.need.start, first)),
    ).toBe('x'.repeat(50));
  });

  it.each([
    ['encrypted members', { name: 'a', content: 'a', encrypted: true }, /encrypted/],
    ['other compressions', { name: 'a', content: 'a', method: 93 }, /method 93/],
    ['a wrong checksum', { name: 'a', content: 'a', claims: { crc: 1 } }, /checksum/],
    [
      'a stored member of another size',
      { name: 'a', content: 'abc', method: 0, claims: { uncompressedSize: 2 } },
      /3 bytes, not 2/,
    ],
    [
      'a member that inflates to more than promised',
      { name: 'a', content: 'a'.repeat(1e6), claims: { uncompressedSize: 10 } },
      /larger than/,
    ],
    [
      'a member that is promised to be huge',
      { name: 'a', content: 'a', claims: { uncompressedSize: 2e9 } },
      /too large/,
    ],
  ] satisfies readonly (readonly [string, ZipMember, RegExp])[])(
    'refuses %s',
    (_what, member, message) => {
      const broken = writeZip([member]);
      expect(() => readEntry(broken, 0, only(broken))).toThrow(message);
    },
  );

  it('refuses a member that is not where the directory says', () => {
    const broken = writeZip([{ name: 'a', content: 'abcdefgh' }]);
    broken.writeUInt32LE(0, 0);
    expect(() => readEntry(broken, 0, only(broken))).toThrow(/not where/);
  });

  it('refuses damaged compressed data, with the cause', () => {
    const broken = writeZip([{ name: 'a', content: 'abcdefgh'.repeat(9) }]);
    broken.fill(0xff, 31, 36);
    expect(() => readEntry(broken, 0, only(broken))).toThrow(/cannot be decompressed/);
  });
});
