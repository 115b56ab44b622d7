/**
 * The end of a zip file, on bytes at hand: where its central directory is, what it lists, and single members.
 * Format: PKWARE APPNOTE 6.3.10, with zip64. Nothing here reads a file or a network: what is missing is asked for.
 *
 * Traps:
 * - The end record is found backwards, and its signature may stand inside a comment.
 * - Offsets may be short by what was prepended to the file; the directory ends where its end record starts.
 * - Zip64 values stand in an extra field, in fixed order, only for the fields that are all ones.
 * - A name is UTF-8 only with bit 11 of the flags, else code page 437.
 * - The local header has its own lengths of name and extra field; its sizes may be 0 (data descriptor).
 */
import { crc32, inflateRawSync } from 'node:zlib';

/** The bytes are no sound zip file. The message is a sentence for the reader, without a file name. */
export class ZipError extends Error {
  override readonly name = 'ZipError';
}

/** A range of bytes of the file: `start` included, `end` excluded. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/** Where the central directory lies in the file. */
export interface EndOfCentralDirectory {
  /** Where it really starts, what was prepended to the file included. */
  readonly directoryOffset: number;
  readonly directorySize: number;
  readonly entryCount: number;
  /** Bytes before the zip file proper; to be added to every offset that the directory states. */
  readonly prependedBytes: number;
  /** Bytes after the end of the zip file proper. */
  readonly appendedBytes: number;
}

/** One entry of the central directory. */
export interface ZipEntry {
  /** As stored, cut at a NUL; directories end in `/`. */
  readonly name: string;
  /** 0 stored, 8 deflated; see APPNOTE 4.4.5. */
  readonly method: number;
  readonly compressedSize: number;
  readonly uncompressedSize: number;
  readonly crc: number;
  /** From the start of the file. */
  readonly localHeaderOffset: number;
  readonly isDirectory: boolean;
  /** A symbolic link, by the Unix mode that its archiver wrote. */
  readonly isLink: boolean;
  /** General purpose bits; bit 0: encrypted, bit 11: the name is UTF-8. */
  readonly flags: number;
}

const endSize = 22;
const locatorSize = 20;
const zip64EndSize = 56;
const entrySize = 46;
const localHeaderSize = 30;
const longestComment = 0xffff;
/** The largest seen on PyPI is 1.6 MB. */
const largestDirectory = 128 * 1024 * 1024;
/** How far before its locator a zip64 end record is looked for. */
const zip64Reach = 1024 * 1024;
/** Metadata files are read whole; the largest seen is 0.5 MB. */
const largestMember = 64 * 1024 * 1024;
/** Local headers may carry more extra bytes than the directory says (alignment, Unix times). */
const extraAllowance = 512;

const endSignature = 0x06054b50;
const locatorSignature = 0x07064b50;
const zip64EndSignature = 0x06064b50;
const entrySignature = 0x02014b50;
const digitalSignature = 0x05054b50;
const localSignature = 0x04034b50;

/**
 * Finds the central directory from the last bytes of a file: `tail` starts at `tailStart` and reaches to `fileSize`.
 * With `need`, prepend that range (it ends at `tailStart`) and call again. Throws ZipError.
 */
export function findEndOfCentralDirectory(
  tail: Uint8Array,
  tailStart: number,
  fileSize: number,
): EndOfCentralDirectory | { readonly need: ByteRange } {
  if (tailStart < 0 || tailStart + tail.length !== fileSize) {
    throw new ZipError('The bytes at hand are not the end of the file.');
  }
  const view = viewOf(tail);
  const start = Math.max(0, fileSize - longestComment - endSize);
  // A comment as long as allowed is rare: only a signature that is nowhere makes the tail too short.
  const found = findEndRecord(view, tailStart);
  if (found !== null) return found;
  if (tailStart > start) return { need: { start, end: tailStart } };
  throw new ZipError(
    fileSize < endSize
      ? `A file of ${fileSize} bytes is too short to be a zip file.`
      : 'There is no end of central directory record: not a zip file, or cut off.',
  );
}

/** Not one of the faults after which another end record may do. */
class TwoArchivesError extends ZipError {}

type EndResult = EndOfCentralDirectory | { readonly need: ByteRange };

/**
 * The one end record whose comment ends the file; else the last that holds together; failing all, the fault of the first
 * that was tried. Two that end the file are an archive hidden in the comment of another: readers differ on which it is.
 */
function findEndRecord(view: DataView, tailStart: number): EndResult | null {
  let fault: ZipError | null = null;
  let found: EndResult | null = null;
  for (const exact of [true, false]) {
    for (let at = view.byteLength - endSize; at >= 0; at--) {
      if (view.getUint32(at, true) !== endSignature) continue;
      const commentEnd = at + endSize + view.getUint16(at + 20, true);
      // Inexact: something was appended to the zip file; still its comment must fit.
      if (exact ? commentEnd !== view.byteLength : commentEnd > view.byteLength) continue;
      try {
        const result = readEndRecord(view, at, tailStart);
        if (!exact) return result;
        if (found !== null)
          throw new TwoArchivesError(
            'It ends in two central directories, one inside the comment of the other.',
          );
        found = result;
      } catch (error) {
        if (!(error instanceof ZipError) || error instanceof TwoArchivesError) throw error;
        fault ??= error;
      }
    }
    if (found !== null) return found;
  }
  if (fault !== null) throw fault;
  return null;
}

function readEndRecord(view: DataView, at: number, tailStart: number): EndResult {
  const zip64 = readZip64End(view, at, tailStart);
  if (zip64 !== null && 'need' in zip64) return zip64;
  const disks = view.getUint32(at + 4, true);
  if (zip64 === null && disks !== 0)
    throw new ZipError('It is a part of a zip file on several disks.');
  const stated = {
    entryCount: view.getUint16(at + 10, true),
    size: view.getUint32(at + 12, true),
    offset: view.getUint32(at + 16, true),
    end: tailStart + at,
  };
  if (zip64 === null && view.getUint16(at + 8, true) !== stated.entryCount) {
    throw new ZipError('Its end record states two different numbers of entries.');
  }
  const appendedBytes = view.byteLength - (at + endSize + view.getUint16(at + 20, true));
  return { ...placeDirectory(zip64 ?? stated, view, tailStart), appendedBytes };
}

interface StatedDirectory {
  readonly entryCount: number;
  readonly size: number;
  readonly offset: number;
  /** Where the record that follows the directory starts in the file. */
  readonly end: number;
}

/** The directory ends where its end record starts (as CPython reads it), unless it only stands where its offset says. */
function placeDirectory(
  stated: StatedDirectory,
  view: DataView,
  tailStart: number,
): Omit<EndOfCentralDirectory, 'appendedBytes'> {
  const { entryCount, size, offset, end } = stated;
  if (size > end || offset + size > end) {
    throw new ZipError(
      `Its central directory (${size} bytes at ${offset}) does not fit before its end record at ${end}: cut off, or lying.`,
    );
  }
  if (size > largestDirectory)
    throw new ZipError(`Its central directory of ${size} bytes is larger than any real one.`);
  if (entryCount * entrySize > size) {
    throw new ZipError(
      `It claims ${entryCount} entries, which a directory of ${size} bytes cannot hold.`,
    );
  }
  const adjacent = end - size;
  const isGap =
    entryCount > 0 &&
    !startsEntry(view, adjacent - tailStart, true) &&
    startsEntry(view, offset - tailStart, false);
  const directoryOffset = isGap ? offset : adjacent;
  return {
    directoryOffset,
    directorySize: size,
    entryCount,
    prependedBytes: directoryOffset - offset,
  };
}

function startsEntry(view: DataView, at: number, unseen: boolean): boolean {
  if (at < 0 || at + 4 > view.byteLength) return unseen;
  return view.getUint32(at, true) === entrySignature;
}

/** The zip64 record of the end record at `at`, or null when there is no locator before it. */
function readZip64End(
  view: DataView,
  at: number,
  tailStart: number,
): StatedDirectory | { readonly need: ByteRange } | null {
  const locator = at - locatorSize;
  if (locator < 0) {
    if (!isZip64Marked(view, at) || tailStart === 0) return null;
    return { need: { start: Math.max(0, tailStart + locator - zip64EndSize), end: tailStart } };
  }
  if (view.getUint32(locator, true) !== locatorSignature) return null;
  const adjacent = locator - zip64EndSize;
  const said = safeUint64(view, locator + 8);
  // What was prepended makes it too small, never too large.
  if (said > tailStart + adjacent) throw misplacedZip64(said, tailStart + locator);
  if (adjacent >= 0 && view.getUint32(adjacent, true) === zip64EndSignature)
    return readZip64Record(view, adjacent, tailStart);
  const position = said;
  const end = tailStart + locator;
  if (end - position > zip64Reach) throw misplacedZip64(position, end);
  if (position < tailStart)
    return {
      need: { start: Math.min(position, Math.max(0, tailStart + adjacent)), end: tailStart },
    };
  if (adjacent < 0) return { need: { start: Math.max(0, tailStart + adjacent), end: tailStart } };
  return readZip64Record(view, position - tailStart, tailStart);
}

function misplacedZip64(position: number, end: number): ZipError {
  return new ZipError(
    `Its zip64 end record is said to be at ${position}, which is not before its locator at ${end}.`,
  );
}

function isZip64Marked(view: DataView, at: number): boolean {
  return (
    view.getUint16(at + 10, true) === 0xffff ||
    view.getUint32(at + 12, true) === 0xffffffff ||
    view.getUint32(at + 16, true) === 0xffffffff
  );
}

function readZip64Record(view: DataView, at: number, tailStart: number): StatedDirectory {
  if (view.getUint32(at, true) !== zip64EndSignature)
    throw new ZipError('Its zip64 locator points at no zip64 end record.');
  if (view.getUint32(at + 16, true) !== 0 || view.getUint32(at + 20, true) !== 0) {
    throw new ZipError('It is a part of a zip file on several disks.');
  }
  const entryCount = safeUint64(view, at + 32);
  if (safeUint64(view, at + 24) !== entryCount)
    throw new ZipError('Its zip64 end record states two different numbers of entries.');
  return {
    entryCount,
    size: safeUint64(view, at + 40),
    offset: safeUint64(view, at + 48),
    end: tailStart + at,
  };
}

/**
 * The entries of a central directory in the order of the directory. `place` moves offsets by what was prepended and
 * lets entries be held against the start of the directory. Throws ZipError where the bytes contradict themselves.
 */
export function parseCentralDirectory(
  bytes: Uint8Array,
  entryCount: number,
  place?: Pick<EndOfCentralDirectory, 'directoryOffset' | 'prependedBytes'>,
): readonly ZipEntry[] {
  const view = viewOf(bytes);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const entries: ZipEntry[] = [];
  let at = 0;
  while (at + 4 <= bytes.length) {
    const signature = view.getUint32(at, true);
    if (signature === digitalSignature) break;
    if (signature !== entrySignature)
      throw new ZipError(`Entry ${entries.length + 1} of its central directory has no signature.`);
    const end = at + entrySize > bytes.length ? Infinity : entryEnd(view, at);
    if (end > bytes.length)
      throw new ZipError(`Entry ${entries.length + 1} of its central directory is cut off.`);
    entries.push(readDirectoryEntry(view, text, at, place?.prependedBytes ?? 0));
    at = end;
  }
  // Writers without zip64 count modulo 65536.
  if (
    entries.length !== entryCount &&
    (entries.length < 0x10000 || entries.length % 0x10000 !== entryCount)
  ) {
    throw new ZipError(
      `Its end record states ${entryCount} entries, its central directory holds ${entries.length}.`,
    );
  }
  checkOverlaps(entries, place?.directoryOffset ?? Infinity);
  return entries;
}

function entryEnd(view: DataView, at: number): number {
  return (
    at +
    entrySize +
    view.getUint16(at + 28, true) +
    view.getUint16(at + 30, true) +
    view.getUint16(at + 32, true)
  );
}

function readDirectoryEntry(
  view: DataView,
  text: Buffer,
  at: number,
  prependedBytes: number,
): ZipEntry {
  const flags = view.getUint16(at + 8, true);
  const nameStart = at + entrySize;
  const nameEnd = nameStart + view.getUint16(at + 28, true);
  const name = decodeName(text, nameStart, nameEnd, (flags & 0x800) !== 0);
  const sizes = readSizes(view, at, nameEnd);
  return {
    name,
    method: view.getUint16(at + 10, true),
    compressedSize: sizes.compressedSize,
    uncompressedSize: sizes.uncompressedSize,
    crc: view.getUint32(at + 16, true),
    localHeaderOffset: sizes.localHeaderOffset + prependedBytes,
    isDirectory: name.endsWith('/'),
    isLink: view.getUint32(at + 38, true) >>> 28 === 0xa,
    flags,
  };
}

type Sizes = Pick<ZipEntry, 'compressedSize' | 'uncompressedSize' | 'localHeaderOffset'>;

function readSizes(view: DataView, at: number, extraStart: number): Sizes {
  const compressedSize = view.getUint32(at + 20, true);
  const uncompressedSize = view.getUint32(at + 24, true);
  const localHeaderOffset = view.getUint32(at + 42, true);
  if (
    compressedSize !== 0xffffffff &&
    uncompressedSize !== 0xffffffff &&
    localHeaderOffset !== 0xffffffff
  ) {
    return { compressedSize, uncompressedSize, localHeaderOffset };
  }
  const extraEnd = extraStart + view.getUint16(at + 30, true);
  const next = zip64Values(view, extraStart, extraEnd);
  return {
    uncompressedSize: uncompressedSize === 0xffffffff ? next() : uncompressedSize,
    compressedSize: compressedSize === 0xffffffff ? next() : compressedSize,
    localHeaderOffset: localHeaderOffset === 0xffffffff ? next() : localHeaderOffset,
  };
}

/** A reader of the values of the zip64 extra field, one a call, in their order (APPNOTE 4.5.3). */
function zip64Values(view: DataView, start: number, end: number): () => number {
  let at = start;
  let fieldEnd = start;
  while (at + 4 <= end) {
    const size = view.getUint16(at + 2, true);
    if (at + 4 + size > end) break;
    if (view.getUint16(at, true) === 0x0001) {
      fieldEnd = at + 4 + size;
      at += 4;
      break;
    }
    at += 4 + size;
  }
  return () => {
    if (at + 8 > fieldEnd)
      throw new ZipError('An entry of its central directory lacks its zip64 sizes.');
    at += 8;
    return safeUint64(view, at - 8);
  };
}

/** Two members that share bytes are the mark of a zip bomb; installers refuse them too. */
function checkOverlaps(entries: readonly ZipEntry[], directoryOffset: number): void {
  const byOffset = entries.toSorted(
    (first, second) => first.localHeaderOffset - second.localHeaderOffset,
  );
  let end = 0;
  for (const entry of byOffset) {
    if (entry.localHeaderOffset < end)
      throw new ZipError('Entries of its central directory overlap in the file.');
    end = entry.localHeaderOffset + localHeaderSize + entry.compressedSize;
  }
  if (end > directoryOffset)
    throw new ZipError('An entry of its central directory reaches into the directory itself.');
}

const beyondAscii = /[\u0080-\u00ff]/;

function decodeName(text: Buffer, start: number, end: number, isUtf8: boolean): string {
  const latin = text.toString('latin1', start, end);
  const name = !beyondAscii.test(latin)
    ? latin
    : isUtf8
      ? text.toString('utf8', start, end)
      : decodeCodePage437(latin);
  const nul = name.indexOf('\0');
  return nul < 0 ? name : name.slice(0, nul);
}

/** The upper half of IBM code page 437, from 0x80 on. */
const codePage437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

function decodeCodePage437(latin: string): string {
  let name = '';
  for (let at = 0; at < latin.length; at++) {
    const code = latin.charCodeAt(at);
    name += code < 0x80 ? latin.charAt(at) : codePage437.charAt(code - 0x80);
  }
  return name;
}

/**
 * The content of a member, when its local header and data lie inside `bytes`, which start at `bytesStart` of the file;
 * else the range that is needed, which may reach past the end of the file. Throws ZipError (encrypted, other
 * compression, wrong checksum, larger than 64 MiB).
 */
export function readEntry(
  bytes: Uint8Array,
  bytesStart: number,
  entry: ZipEntry,
): Uint8Array | { readonly need: ByteRange } {
  if ((entry.flags & 1) !== 0) throw new ZipError(`Its member ${entry.name} is encrypted.`);
  if (entry.uncompressedSize > largestMember || entry.compressedSize > largestMember) {
    throw new ZipError(
      `Its member ${entry.name} is too large to be read: ${entry.uncompressedSize} bytes.`,
    );
  }
  const start = entry.localHeaderOffset;
  const header = start - bytesStart;
  if (header < 0 || header + localHeaderSize > bytes.length) {
    const length =
      localHeaderSize + Buffer.byteLength(entry.name) + extraAllowance + entry.compressedSize;
    return { need: { start, end: start + length } };
  }
  const view = viewOf(bytes);
  if (view.getUint32(header, true) !== localSignature) {
    throw new ZipError(`Its member ${entry.name} is not where the central directory says.`);
  }
  const nameLength = view.getUint16(header + 26, true);
  const nameAndExtra = nameLength + view.getUint16(header + 28, true);
  const content = header + localHeaderSize + nameAndExtra;
  const contentEnd = content + entry.compressedSize;
  if (contentEnd > bytes.length) return { need: { start, end: bytesStart + contentEnd } };
  const nameStart = header + localHeaderSize;
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const isUtf8 = (view.getUint16(header + 6, true) & 0x800) !== 0;
  if (decodeName(text, nameStart, nameStart + nameLength, isUtf8) !== entry.name) {
    throw new ZipError(`Its member ${entry.name} has another name in its local header.`);
  }
  return decompress(bytes.subarray(content, contentEnd), entry);
}

function decompress(data: Uint8Array, entry: ZipEntry): Uint8Array {
  const content = entry.method === 0 ? data : inflate(data, entry);
  if (content.length !== entry.uncompressedSize) {
    throw new ZipError(
      `Its member ${entry.name} is ${content.length} bytes, not ${entry.uncompressedSize} as its central directory says.`,
    );
  }
  if (crc32(content) !== entry.crc)
    throw new ZipError(`Its member ${entry.name} does not match its checksum.`);
  return content;
}

function inflate(data: Uint8Array, entry: ZipEntry): Uint8Array {
  if (entry.method !== 8)
    throw new ZipError(
      `Its member ${entry.name} is compressed by method ${entry.method}, which is not read.`,
    );
  try {
    // One byte more than promised, so that a longer member is seen as such; zlib refuses a limit of 0.
    return inflateRawSync(data, { maxOutputLength: entry.uncompressedSize + 1 });
  } catch (cause) {
    throw new ZipError(
      `Its member ${entry.name} cannot be decompressed, or is larger than its central directory says.`,
      { cause },
    );
  }
}

function viewOf(bytes: Uint8Array): DataView {
  return new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

function safeUint64(view: DataView, at: number): number {
  const value = view.getUint32(at + 4, true) * 0x1_0000_0000 + view.getUint32(at, true);
  if (!Number.isSafeInteger(value)) throw new ZipError('It states a size beyond 2^53 bytes.');
  return value;
}
