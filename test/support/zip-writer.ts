/** Writes zip files for tests, sound ones and with the oddities that real and hostile ones have. Deterministic. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipMember {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** 8 (deflate) unless told; 0 stores. Any other number is written over stored bytes. */
  readonly method?: number;
  /** The name as bytes, for code pages; the UTF-8 flag is then off. */
  readonly nameBytes?: Uint8Array;
  /** Sizes and checksum follow the data, and are 0 in the local header. */
  readonly dataDescriptor?: boolean;
  /** Extra field of the local header alone: makes it longer than the directory says. */
  readonly localExtra?: Uint8Array;
  /** Extra field in the directory, before a zip64 one. */
  readonly extra?: Uint8Array;
  readonly encrypted?: boolean;
  /** What the directory claims, where it is to lie. */
  readonly claims?: {
    readonly uncompressedSize?: number;
    readonly compressedSize?: number;
    readonly crc?: number;
    readonly localHeaderOffset?: number;
  };
}

export interface ZipOptions {
  readonly comment?: string | Uint8Array;
  /** Bytes before the zip file proper; offsets do not count them. */
  readonly prepend?: Uint8Array;
  /** Bytes after the end record. */
  readonly append?: Uint8Array;
  /** Bytes between the directory and the end record. */
  readonly gap?: Uint8Array;
  /** `end`: a zip64 end record; `entries`: zip64 sizes in every entry too. */
  readonly zip64?: 'end' | 'entries';
  /** Claims of the end record, where it is to lie. */
  readonly entryCount?: number;
  readonly directorySize?: number;
  readonly directoryOffset?: number;
}

/** The bytes of a zip file with these members in this order. */
export function writeZip(members: readonly ZipMember[], options: ZipOptions = {}): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const member of members) {
    const data = encode(member);
    const local = Buffer.concat([localHeader(member, data), data.bytes, descriptor(member, data)]);
    directory.push(directoryEntry(member, data, offset, options.zip64 === 'entries'));
    locals.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const ends = endRecords(options, members.length, central.length, offset);
  const parts = [options.prepend, ...locals, central, options.gap, ends, options.append];
  return Buffer.concat(parts.filter((part) => part !== undefined));
}

interface Encoded {
  readonly name: Uint8Array;
  readonly flags: number;
  readonly method: number;
  readonly bytes: Uint8Array;
  readonly size: number;
  readonly crc: number;
}

function encode(member: ZipMember): Encoded {
  const content = Buffer.from(member.content);
  const isFolder = member.name.endsWith('/');
  const method = member.method ?? (isFolder ? 0 : 8);
  const name = member.nameBytes ?? Buffer.from(member.name);
  const isAscii = name.every((byte) => byte < 0x80);
  const flags =
    (member.encrypted === true ? 1 : 0) |
    (member.dataDescriptor === true ? 8 : 0) |
    (member.nameBytes === undefined && !isAscii ? 0x800 : 0);
  const bytes = method === 8 ? deflateRawSync(content) : content;
  return { name, flags, method, bytes, size: content.length, crc: crc32(content) };
}

/** 1980-01-01 00:00, so that the same members give the same bytes. */
const dosTime = 0x00210000;

function localHeader(member: ZipMember, data: Encoded): Buffer {
  const header = Buffer.alloc(30);
  header.writeUInt32LE(0x04034b50, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(data.flags, 6);
  header.writeUInt16LE(data.method, 8);
  header.writeUInt32LE(dosTime, 10);
  if (member.dataDescriptor !== true) {
    header.writeUInt32LE(data.crc, 14);
    header.writeUInt32LE(data.bytes.length, 18);
    header.writeUInt32LE(data.size, 22);
  }
  header.writeUInt16LE(data.name.length, 26);
  header.writeUInt16LE(member.localExtra?.length ?? 0, 28);
  return Buffer.concat([header, data.name, member.localExtra ?? Buffer.alloc(0)]);
}

function descriptor(member: ZipMember, data: Encoded): Buffer {
  if (member.dataDescriptor !== true) return Buffer.alloc(0);
  const bytes = Buffer.alloc(16);
  bytes.writeUInt32LE(0x08074b50, 0);
  bytes.writeUInt32LE(data.crc, 4);
  bytes.writeUInt32LE(data.bytes.length, 8);
  bytes.writeUInt32LE(data.size, 12);
  return bytes;
}

function directoryEntry(
  member: ZipMember,
  data: Encoded,
  offset: number,
  isZip64: boolean,
): Buffer {
  const sizes = {
    size: member.claims?.uncompressedSize ?? data.size,
    compressed: member.claims?.compressedSize ?? data.bytes.length,
    offset: member.claims?.localHeaderOffset ?? offset,
  };
  const extra = Buffer.concat([
    member.extra ?? Buffer.alloc(0),
    isZip64 ? zip64Extra([sizes.size, sizes.compressed, sizes.offset]) : Buffer.alloc(0),
  ]);
  const entry = Buffer.alloc(46);
  entry.writeUInt32LE(0x02014b50, 0);
  entry.writeUInt16LE(0x0314, 4);
  entry.writeUInt16LE(isZip64 ? 45 : 20, 6);
  entry.writeUInt16LE(data.flags, 8);
  entry.writeUInt16LE(data.method, 10);
  entry.writeUInt32LE(dosTime, 12);
  entry.writeUInt32LE(member.claims?.crc ?? data.crc, 16);
  entry.writeUInt32LE(isZip64 ? 0xffffffff : sizes.compressed, 20);
  entry.writeUInt32LE(isZip64 ? 0xffffffff : sizes.size, 24);
  entry.writeUInt16LE(data.name.length, 28);
  entry.writeUInt16LE(extra.length, 30);
  entry.writeUInt32LE(isZip64 ? 0xffffffff : sizes.offset, 42);
  return Buffer.concat([entry, data.name, extra]);
}

/** The zip64 extra field with these values. */
export function zip64Extra(values: readonly number[]): Buffer {
  const field = Buffer.alloc(4 + 8 * values.length);
  field.writeUInt16LE(1, 0);
  field.writeUInt16LE(8 * values.length, 2);
  for (const [at, value] of values.entries()) field.writeBigUInt64LE(BigInt(value), 4 + 8 * at);
  return field;
}

function endRecords(options: ZipOptions, count: number, size: number, offset: number): Buffer {
  const stated = {
    count: options.entryCount ?? count,
    size: options.directorySize ?? size,
    offset: options.directoryOffset ?? offset,
  };
  const isZip64 = options.zip64 !== undefined;
  const comment = Buffer.from(options.comment ?? '');
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(isZip64 ? 0xffff : stated.count % 0x10000, 8);
  end.writeUInt16LE(isZip64 ? 0xffff : stated.count % 0x10000, 10);
  end.writeUInt32LE(isZip64 ? 0xffffffff : stated.size, 12);
  end.writeUInt32LE(isZip64 ? 0xffffffff : stated.offset, 16);
  end.writeUInt16LE(comment.length, 20);
  if (!isZip64) return Buffer.concat([end, comment]);
  const position = offset + size + (options.gap?.length ?? 0);
  return Buffer.concat([zip64End(stated), zip64Locator(position), end, comment]);
}

function zip64End(stated: {
  readonly count: number;
  readonly size: number;
  readonly offset: number;
}): Buffer {
  const record = Buffer.alloc(56);
  record.writeUInt32LE(0x06064b50, 0);
  record.writeBigUInt64LE(44n, 4);
  record.writeUInt16LE(45, 12);
  record.writeUInt16LE(45, 14);
  record.writeBigUInt64LE(BigInt(stated.count), 24);
  record.writeBigUInt64LE(BigInt(stated.count), 32);
  record.writeBigUInt64LE(BigInt(stated.size), 40);
  record.writeBigUInt64LE(BigInt(stated.offset), 48);
  return record;
}

function zip64Locator(position: number): Buffer {
  const locator = Buffer.alloc(20);
  locator.writeUInt32LE(0x07064b50, 0);
  locator.writeBigUInt64LE(BigInt(position), 8);
  locator.writeUInt32LE(1, 16);
  return locator;
}
