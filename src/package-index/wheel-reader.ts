/**
 * A wheel by HTTP Range: the last bytes hold the central directory and mostly the `.dist-info` files too (PEP 427 asks
 * archivers to put them last), so that one request usually gives weight, modules, scripts and metadata.
 */
import type { DistributionFile, WheelSummary } from '../types.ts';
import { findDistInfoEntry, summarizeWheel } from '../weigh/wheel-contents.ts';
import type { ByteRange, EndOfCentralDirectory, ZipEntry } from '../weigh/zip-directory.ts';
import {
  ZipError,
  findEndOfCentralDirectory,
  parseCentralDirectory,
  readEntry,
} from '../weigh/zip-directory.ts';
import type { Http } from './http.ts';

/** What one look at a wheel gives. */
export interface WheelFacts {
  readonly summary: WheelSummary;
  /** Text of METADATA, null when it was not asked for. */
  readonly metadataText: string | null;
}

/** The wheel cannot be had; `status` is that of the answer, 0 without one. */
export class WheelUnavailableError extends Error {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.name = 'WheelUnavailableError';
    this.status = status;
  }
}

/** Bytes of a file of known size from `start` on. */
interface Window {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly fileSize: number;
}

const kibibyte = 1024;
/** A server without ranges sends everything; a wheel up to this is then taken whole. */
const largestWhole = 64 * kibibyte * kibibyte;

/** Reads directory, entry points and, if asked, METADATA. Throws ZipError, HttpError, WheelUnavailableError. */
export async function readWheelFacts(
  http: Http,
  file: DistributionFile,
  withMetadata: boolean,
): Promise<WheelFacts> {
  let window = await fetchTail(http, file.url, tailLength(file.size, withMetadata));
  let end = findEndOfCentralDirectory(window.bytes, window.start, window.fileSize);
  while ('need' in end) {
    window = await extendDown(http, file.url, window, end.need.start);
    end = findEndOfCentralDirectory(window.bytes, window.start, window.fileSize);
  }
  if (end.directoryOffset < window.start) {
    window = await extendDown(http, file.url, window, end.directoryOffset);
  }
  const entries = parseCentralDirectory(directoryOf(window, end), end.entryCount, end);
  const wanted = [
    withMetadata ? findDistInfoEntry(entries, 'METADATA') : null,
    findDistInfoEntry(entries, 'entry_points.txt'),
  ];
  if (withMetadata && wanted[0] === null) throw new ZipError('The wheel has no METADATA.');
  const [metadataText, entryPointsText] = await readMembers(http, file.url, window, wanted);
  const summary = summarizeWheel({
    entries,
    downloadBytes: window.fileSize,
    entryPointsText: entryPointsText ?? null,
  });
  return { summary, metadataText: metadataText ?? null };
}

/**
 * How much of the end to ask for at first. Measured on 68 wheels: 16 KiB hold 89 % of the directories, 64 KiB 96 %;
 * RECORD and METADATA lie before it. Large wheels tend to have many files.
 */
function tailLength(size: number | null, withMetadata: boolean): number {
  if (size === null) return 48 * kibibyte;
  const base = withMetadata ? 24 * kibibyte : 12 * kibibyte;
  return Math.min(size, base + Math.min(40 * kibibyte, Math.round(size / 800)));
}

function directoryOf(window: Window, end: EndOfCentralDirectory): Uint8Array {
  const from = end.directoryOffset - window.start;
  return window.bytes.subarray(from, from + end.directorySize);
}

async function fetchTail(http: Http, url: string, length: number): Promise<Window> {
  const response = await http.get(url, { range: `bytes=-${length}`, maxWholeBytes: largestWhole });
  const { body, status, headers } = response;
  if (body !== null && status === 206) {
    const range = /^bytes (\d+)-(\d+)\/(\d+)$/.exec(headers['content-range'] ?? '');
    if (range === null) throw new WheelUnavailableError('the index answers a range without saying which', status);
    const start = Number(range[1]);
    const fileSize = Number(range[3]);
    if (start + body.length !== fileSize) {
      throw new WheelUnavailableError('the index answers another range than was asked for', status);
    }
    return { bytes: body, start, fileSize };
  }
  if (body !== null && status === 200) return { bytes: body, start: 0, fileSize: body.length };
  if (status === 200) throw new WheelUnavailableError('the index does not answer ranges, and the wheel is too large to take whole', status);
  // An empty or tiny file, or a server that knows no suffix ranges: ask for the length first.
  if (status === 416 || status === 501) return fetchTailByLength(http, url, length);
  throw new WheelUnavailableError(`the index answers ${status} for the wheel`, status);
}

async function fetchTailByLength(http: Http, url: string, length: number): Promise<Window> {
  const head = await http.get(url, { method: 'HEAD' });
  const fileSize = Number(head.headers['content-length'] ?? Number.NaN);
  if (head.status !== 200 || !Number.isSafeInteger(fileSize)) {
    throw new WheelUnavailableError(`the index answers ${head.status} for the wheel`, head.status);
  }
  if (fileSize === 0) throw new ZipError('The wheel is empty.');
  const start = Math.max(0, fileSize - length);
  return { bytes: await fetchRange(http, url, { start, end: fileSize }), start, fileSize };
}

async function fetchRange(http: Http, url: string, range: ByteRange): Promise<Uint8Array> {
  const header = `bytes=${range.start}-${range.end - 1}`;
  const { body, status } = await http.get(url, { range: header, maxWholeBytes: largestWhole });
  if (body !== null && status === 200) return body.subarray(range.start, range.end);
  if (body === null || status !== 206) {
    throw new WheelUnavailableError(`the index answers ${status} for a part of the wheel`, status);
  }
  if (body.length !== range.end - range.start) {
    throw new WheelUnavailableError('the index answers another range than was asked for', status);
  }
  return body;
}

async function extendDown(http: Http, url: string, window: Window, start: number): Promise<Window> {
  const before = await fetchRange(http, url, { start, end: window.start });
  return { ...window, start, bytes: Buffer.concat([before, window.bytes]) };
}

/** Members lie side by side as a rule: what is missing is asked for in one range. */
async function readMembers(
  http: Http,
  url: string,
  window: Window,
  members: readonly (ZipEntry | null)[],
): Promise<readonly (string | null)[]> {
  const missing: ByteRange[] = [];
  for (const member of members) {
    const content = member === null ? null : readEntry(window.bytes, window.start, member);
    if (content !== null && 'need' in content) missing.push(content.need);
  }
  const near = await fetchSpans(http, url, window, missing);
  return Promise.all(members.map((member) => (member === null ? null : readMember(http, url, [window, ...near], member))));
}

const widestSpan = 512 * kibibyte;

async function fetchSpans(
  http: Http,
  url: string,
  window: Window,
  ranges: readonly ByteRange[],
): Promise<readonly Window[]> {
  if (ranges.length === 0) return [];
  const start = Math.min(...ranges.map((range) => range.start));
  const end = Math.min(window.fileSize, Math.max(...ranges.map((range) => range.end)));
  if (start < 0 || start >= end) throw new ZipError('A member lies outside of the wheel.');
  const spans = end - start <= widestSpan ? [{ start, end }] : ranges;
  return Promise.all(
    spans.map(async (span) => {
      const bounded = { start: span.start, end: Math.min(window.fileSize, span.end) };
      return { bytes: await fetchRange(http, url, bounded), start: span.start, fileSize: window.fileSize };
    }),
  );
}

async function readMember(
  http: Http,
  url: string,
  windows: readonly Window[],
  member: ZipEntry,
): Promise<string> {
  let need: ByteRange | null = null;
  for (const window of windows) {
    const content = readEntry(window.bytes, window.start, member);
    if (!('need' in content)) return Buffer.from(content.buffer, content.byteOffset, content.length).toString('utf8');
    need = content.need;
  }
  // The local header was longer than the directory let expect.
  const fileSize = windows[0]?.fileSize ?? 0;
  if (need === null || need.end > fileSize) throw new ZipError(`Its member ${member.name} reaches past its end.`);
  const bytes = await fetchRange(http, url, need);
  const content = readEntry(bytes, need.start, member);
  if ('need' in content) throw new ZipError(`Its member ${member.name} cannot be found.`);
  return Buffer.from(content).toString('utf8');
}
