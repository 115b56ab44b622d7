/** Writes tar archives for tests: ustar, with pax or GNU headers for long names. Deterministic. */
import { gzipSync } from 'node:zlib';

export interface TarInput {
  readonly name: string;
  readonly content?: string | Uint8Array;
  /** Type flag; `0` (a file) unless told, `5` is a folder, `2` a link. */
  readonly type?: string;
  /** What the header claims, where it is to lie. */
  readonly size?: number;
  /** Path and size in a pax header, whatever their length. */
  readonly pax?: boolean;
}

export interface TarOptions {
  /** How names beyond 100 bytes are written. */
  readonly longNames?: 'pax' | 'gnu' | 'prefix';
  /** Without the two zero blocks at the end. */
  readonly unended?: boolean;
}

/** The bytes of a tar archive with these members in this order. */
export function writeTar(members: readonly TarInput[], options: TarOptions = {}): Buffer {
  const blocks: Buffer[] = [];
  for (const member of members) {
    const content = Buffer.from(member.content ?? '');
    const long = options.longNames ?? 'pax';
    const isLong = Buffer.byteLength(member.name) > 100;
    if (member.pax === true || (isLong && long === 'pax')) {
      const records = paxRecord('path', member.name) + paxRecord('size', String(content.length));
      blocks.push(header('PaxHeader', Buffer.byteLength(records), 'x'), pad(Buffer.from(records)));
    }
    if (isLong && long === 'gnu') {
      const name = Buffer.from(`${member.name}\0`);
      blocks.push(header('././@LongLink', name.length, 'L'), pad(name));
    }
    const slash = long === 'prefix' && isLong ? member.name.lastIndexOf('/') : -1;
    const prefix = slash < 0 ? '' : member.name.slice(0, slash);
    const name = member.pax === true ? 'short' : member.name.slice(slash + 1);
    blocks.push(
      header(name, member.size ?? content.length, member.type ?? '0', prefix),
      pad(content),
    );
  }
  if (options.unended !== true) blocks.push(Buffer.alloc(1024));
  return Buffer.concat(blocks);
}

/** The same, compressed. */
export function writeTarGz(members: readonly TarInput[], options: TarOptions = {}): Buffer {
  // Node writes no time into the gzip header: the bytes are the same each time.
  return gzipSync(writeTar(members, options));
}

function paxRecord(key: string, value: string): string {
  const body = Buffer.byteLength(` ${key}=${value}\n`);
  let length = body + String(body).length;
  if (String(length).length !== String(body).length) length = body + String(length).length;
  return `${length} ${key}=${value}\n`;
}

function header(name: string, size: number, type: string, prefix = ''): Buffer {
  const block = Buffer.alloc(512);
  block.write(name.slice(0, 100), 0);
  block.write('0000644\0', 100);
  block.write('0000000\0', 108);
  block.write('0000000\0', 116);
  block.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  block.write('00000000000\0', 136);
  block.write('        ', 148);
  block.write(type, 156);
  block.write('ustar\x0000', 257);
  block.write(prefix, 345);
  const total = block.reduce((sum, byte) => sum + byte, 0);
  block.write(`${total.toString(8).padStart(6, '0')}\0 `, 148);
  return block;
}

function pad(content: Buffer): Buffer {
  return Buffer.concat([content, Buffer.alloc((512 - (content.length % 512)) % 512)]);
}
