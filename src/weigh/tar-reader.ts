/**
 * Reads a tar archive as it streams by: POSIX ustar and pax, GNU long names. Only the members that are asked for are kept.
 *
 * Traps:
 * - A pax header (`x`) or a GNU long name (`L`) belongs to the next header; a global one (`g`) to all that follow.
 * - Sizes are octal text or, for large files, big-endian with the top bit set; pax may override them.
 * - Sizes in a hostile archive lie: nothing is allocated by a stated size before its bytes have come.
 */

/** The bytes are no sound tar archive. The message is a sentence for the reader, without a file name. */
export class TarError extends Error {
  override readonly name = 'TarError';
}

/** A regular file of the archive. */
export interface TarMember {
  /** With `/`, a leading `./` removed. */
  readonly name: string;
  readonly size: number;
  /** null when it was not asked for. */
  readonly content: Uint8Array | null;
}

const blockSize = 512;
/** Names and pax records: more is an attack. */
const largestHeaderText = 1024 * 1024;
const textDecoder = new TextDecoder('utf-8');

/**
 * Every regular file in order; `content` is filled where `isWanted` says so. A consumer that stops early also stops the
 * source. Ends at the end marker or the end of the source; throws TarError for a broken header or a cut-off member.
 */
export async function* readTar(
  chunks: AsyncIterable<Uint8Array>,
  isWanted: (name: string, size: number) => boolean,
): AsyncGenerator<TarMember, void, undefined> {
  const reader = new ByteReader(chunks);
  try {
    let overrides: Overrides = {};
    let globals: Overrides = {};
    for (;;) {
      const block = await reader.readUpTo(blockSize);
      if (block.length === 0 || isZero(block)) return;
      if (block.length < blockSize) throw new TarError('It is cut off inside a header.');
      const header = parseHeader(block, { ...globals, ...overrides });
      if (header.type === 'x' || header.type === 'g' || header.type === 'L') {
        const text = await readText(reader, header);
        if (header.type === 'g') globals = { ...globals, ...parsePax(text) };
        else
          overrides = {
            ...overrides,
            ...(header.type === 'x' ? parsePax(text) : { path: cutAtNul(text) }),
          };
        continue;
      }
      overrides = {};
      const isFile = header.type === '0' || header.type === '\0' || header.type === '7';
      if (!isFile || header.name.endsWith('/')) {
        await reader.skip(padded(hasContent(header.type) ? header.size : 0));
        continue;
      }
      const isKept = isWanted(header.name, header.size);
      const content = isKept ? await reader.read(header.size) : null;
      await reader.skip(padded(header.size) - (isKept ? header.size : 0));
      yield { name: header.name, size: header.size, content };
    }
  } finally {
    await reader.close();
  }
}

interface Overrides {
  readonly path?: string;
  readonly size?: number;
}

interface TarHeader {
  readonly name: string;
  readonly size: number;
  readonly type: string;
}

/** Links, devices and folders state a size that has no bytes. */
function hasContent(type: string): boolean {
  return !'123456'.includes(type);
}

function padded(size: number): number {
  return Math.ceil(size / blockSize) * blockSize;
}

function isZero(block: Uint8Array): boolean {
  return block.every((byte) => byte === 0);
}

function parseHeader(block: Uint8Array, overrides: Overrides): TarHeader {
  checkSum(block);
  const type = String.fromCharCode(block[156] ?? 0);
  const isMeta = type === 'x' || type === 'g' || type === 'L' || type === 'K';
  const magic = fieldText(block, 257, 5);
  const prefix = magic === 'ustar' && block[262] === 0 ? fieldText(block, 345, 155) : '';
  const short = fieldText(block, 0, 100);
  const stated = prefix === '' ? short : `${prefix}/${short}`;
  const name = (isMeta ? undefined : overrides.path) ?? stated;
  const size = (isMeta ? undefined : overrides.size) ?? parseNumber(block, 124, 12);
  return { name: name.replace(/^(?:\.\/)+/, ''), size, type };
}

function checkSum(block: Uint8Array): void {
  let total = 8 * 32;
  for (let at = 0; at < blockSize; at++) total += at >= 148 && at < 156 ? 0 : (block[at] ?? 0);
  if (total !== parseNumber(block, 148, 8))
    throw new TarError('It has a header with a wrong checksum.');
}

function fieldText(block: Uint8Array, start: number, length: number): string {
  return cutAtNul(textDecoder.decode(block.subarray(start, start + length)));
}

function cutAtNul(text: string): string {
  const nul = text.indexOf('\0');
  return nul < 0 ? text : text.slice(0, nul);
}

function parseNumber(block: Uint8Array, start: number, length: number): number {
  const first = block[start] ?? 0;
  let value = 0;
  if (first >= 0x80) {
    value = first & 0x7f;
    for (let at = start + 1; at < start + length; at++) value = value * 256 + (block[at] ?? 0);
  } else {
    const digits = fieldText(block, start, length).trim();
    if (!/^[0-7]*$/.test(digits))
      throw new TarError('It has a header whose numbers are not octal.');
    value = digits === '' ? 0 : Number.parseInt(digits, 8);
  }
  if (!Number.isSafeInteger(value))
    throw new TarError('It has a header that states a size beyond 2^53 bytes.');
  return value;
}

async function readText(reader: ByteReader, header: TarHeader): Promise<string> {
  if (header.size > largestHeaderText)
    throw new TarError(`It has a header of ${header.size} bytes.`);
  const content = await reader.read(header.size);
  await reader.skip(padded(header.size) - header.size);
  return textDecoder.decode(content);
}

/** Records `LENGTH KEY=VALUE\n`; LENGTH is in bytes, which for names in ASCII are characters. */
function parsePax(text: string): Overrides {
  const bytes = Buffer.from(text);
  let overrides: Overrides = {};
  let at = 0;
  while (at < bytes.length) {
    const space = bytes.indexOf(0x20, at);
    const length = Number(bytes.toString('utf8', at, Math.max(at, space)));
    if (
      space < 0 ||
      !Number.isInteger(length) ||
      length <= space - at ||
      at + length > bytes.length
    ) {
      throw new TarError('It has a broken pax header.');
    }
    const record = bytes.toString('utf8', space + 1, at + length).replace(/\n$/, '');
    overrides = { ...overrides, ...readPaxRecord(record) };
    at += length;
  }
  return overrides;
}

function readPaxRecord(record: string): Overrides {
  const equals = record.indexOf('=');
  const value = record.slice(equals + 1);
  if (record.startsWith('path=')) return { path: value };
  if (!record.startsWith('size=')) return {};
  const size = Number(value);
  if (!/^\d+$/.test(value) || !Number.isSafeInteger(size))
    throw new TarError('It has a pax header with a broken size.');
  return { size };
}

/** Bytes on demand from a source of chunks. A class for its lifetime: it must close its source. */
class ByteReader {
  readonly #source: AsyncIterator<Uint8Array>;
  #chunk: Uint8Array = new Uint8Array(0);
  #at = 0;

  constructor(chunks: AsyncIterable<Uint8Array>) {
    this.#source = chunks[Symbol.asyncIterator]();
  }

  /** `length` bytes, or what is left at the end of the source. */
  async readUpTo(length: number): Promise<Uint8Array> {
    const parts: Uint8Array[] = [];
    let missing = length;
    while (missing > 0 && (await this.#fill())) {
      const part = this.#chunk.subarray(this.#at, this.#at + missing);
      this.#at += part.length;
      missing -= part.length;
      parts.push(part);
    }
    const [only] = parts;
    return parts.length === 1 && only !== undefined ? only : Buffer.concat(parts);
  }

  async read(length: number): Promise<Uint8Array> {
    const bytes = await this.readUpTo(length);
    if (bytes.length < length) throw new TarError('It is cut off inside a member.');
    return bytes;
  }

  async skip(length: number): Promise<void> {
    let missing = length;
    while (missing > 0) {
      if (!(await this.#fill())) throw new TarError('It is cut off inside a member.');
      const step = Math.min(missing, this.#chunk.length - this.#at);
      this.#at += step;
      missing -= step;
    }
  }

  async close(): Promise<void> {
    await this.#source.return?.();
  }

  /** Makes at least one byte available; false at the end of the source. */
  async #fill(): Promise<boolean> {
    while (this.#at >= this.#chunk.length) {
      const next = await this.#source.next();
      if (next.done === true) return false;
      this.#chunk = next.value;
      this.#at = 0;
    }
    return true;
  }
}
