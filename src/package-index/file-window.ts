/**
 * Parts of a file of an index by HTTP Range.
 *
 * Traps: a server may ignore Range and send everything · suffix ranges (`bytes=-N`) may be refused where others are
 * answered · 416 for an empty file, and from servers that know no ranges for every one · an answer may be shorter than
 * asked, or another part than asked, and only Content-Range tells · the file may change between two questions.
 */
import type { Http, HttpResponse } from './http.ts';

/** The file cannot be had; `status` is that of the answer, 0 without one. */
export class WheelUnavailableError extends Error {
  readonly status: number;
  constructor(message: string, status: number) {
    super(message);
    this.name = 'WheelUnavailableError';
    this.status = status;
  }
}

/** Bytes of a file of known size from `start` on. */
export interface FileWindow {
  readonly bytes: Uint8Array;
  readonly start: number;
  readonly fileSize: number;
  /** What names this state of the file, null where the server does not say. */
  readonly etag: string | null;
}

/** A half-open part of a file. */
export interface FileRange {
  readonly start: number;
  readonly end: number;
}

/** A server without ranges sends everything; a file up to this is then taken whole. */
const largestWhole = 64 * 1024 * 1024;
/** More pieces than this for one range: the server does not mean well. */
const mostPieces = 64;

/** The last `length` bytes of a file, or more. Throws HttpError, WheelUnavailableError. */
export async function fetchTail(http: Http, url: string, length: number): Promise<FileWindow> {
  const response = await http.get(url, { range: `bytes=-${length}`, maxWholeBytes: largestWhole });
  const { status } = response;
  if (status === 206) {
    const part = partOf(response);
    const start = Math.max(0, part.fileSize - length);
    if (part.end === part.fileSize || part.start === start) return completeTail(http, url, part);
    // It took `-N` for `0-N`: going on from there would fetch nearly the whole file.
    const nothing = { ...part, bytes: new Uint8Array(0), start, end: start };
    return completeTail(http, url, nothing);
  }
  if (status === 200) return readWhole(response);
  // An empty file, or a server that knows no suffix ranges or none at all.
  if (status === 416 || status === 501) return fetchTailByLength(http, url, length);
  throw new WheelUnavailableError(`the index answers ${status} for the wheel`, status);
}

/** A part of the file that a window shows. Throws HttpError, WheelUnavailableError. */
export async function fetchRange(
  http: Http,
  url: string,
  window: FileWindow,
  range: FileRange,
): Promise<Uint8Array> {
  const pieces: Uint8Array[] = [];
  let at = range.start;
  while (at < range.end) {
    const response = await http.get(url, {
      range: `bytes=${at}-${range.end - 1}`,
      maxWholeBytes: largestWhole,
    });
    const { body, status } = response;
    if (body !== null && status === 200 && body.length === window.fileSize)
      return body.subarray(range.start, range.end);
    if (body === null || status !== 206) {
      throw new WheelUnavailableError(
        `the index answers ${status} for a part of the wheel`,
        status,
      );
    }
    const part = partOf(response);
    if (part.start !== at || part.end > range.end || part.end === at) throw anotherRange();
    if (part.fileSize !== window.fileSize || !sameState(part.etag, window.etag)) {
      throw new WheelUnavailableError('the wheel changed on the index while it was read', status);
    }
    pieces.push(part.bytes);
    if (pieces.length > mostPieces)
      throw new WheelUnavailableError('the index sends the wheel in crumbs', status);
    at = part.end;
  }
  const [only] = pieces;
  return only !== undefined && pieces.length === 1 ? only : Buffer.concat(pieces);
}

/** A window that begins at `start`, which lies before that of the window given. */
export async function extendDown(
  http: Http,
  url: string,
  window: FileWindow,
  start: number,
): Promise<FileWindow> {
  const before = await fetchRange(http, url, window, { start, end: window.start });
  return { ...window, start, bytes: Buffer.concat([before, window.bytes]) };
}

/** A part and what follows it, to the end of the file. */
async function completeTail(http: Http, url: string, part: Part): Promise<FileWindow> {
  const { bytes, start, end, fileSize, etag } = part;
  const window = { bytes, start, fileSize, etag };
  if (end === fileSize) return window;
  const rest = await fetchRange(http, url, window, { start: end, end: fileSize });
  return { ...window, bytes: Buffer.concat([bytes, rest]) };
}

function readWhole({ body, headers }: HttpResponse): FileWindow {
  if (body === null) {
    throw new WheelUnavailableError(
      'the index does not answer ranges, and the wheel is too large to take whole',
      200,
    );
  }
  return { bytes: body, start: 0, fileSize: body.length, etag: headers['etag'] ?? null };
}

async function fetchTailByLength(http: Http, url: string, length: number): Promise<FileWindow> {
  const head = await http.get(url, { method: 'HEAD' });
  const fileSize = Number(head.headers['content-length'] ?? Number.NaN);
  const etag = head.headers['etag'] ?? null;
  if (head.status === 200 && fileSize === 0)
    return { bytes: new Uint8Array(0), start: 0, fileSize, etag };
  if (head.status === 200 && Number.isSafeInteger(fileSize)) {
    const start = Math.max(0, fileSize - length);
    const response = await http.get(url, {
      range: `bytes=${start}-${fileSize - 1}`,
      maxWholeBytes: largestWhole,
    });
    if (response.status === 206) {
      const part = partOf(response);
      if (part.start !== start) throw anotherRange();
      return completeTail(http, url, part);
    }
    if (response.status === 200) return readWhole(response);
  }
  const whole = await http.get(url, { maxBytes: largestWhole });
  if (whole.status === 200) return readWhole(whole);
  throw new WheelUnavailableError(`the index answers ${whole.status} for the wheel`, whole.status);
}

interface Part extends FileWindow {
  readonly end: number;
}

/** What an answer 206 holds, by its own account. */
function partOf({ body, headers, status }: HttpResponse): Part {
  const range = /^bytes (\d{1,15})-(\d{1,15})\/(\d{1,15})$/.exec(headers['content-range'] ?? '');
  if (range === null || body === null) {
    throw new WheelUnavailableError('the index answers a range without saying which', status);
  }
  const start = Number(range[1]);
  const end = Number(range[2]) + 1;
  const fileSize = Number(range[3]);
  if (end - start !== body.length || end > fileSize) throw anotherRange();
  return { bytes: body, start, end, fileSize, etag: headers['etag'] ?? null };
}

function anotherRange(): WheelUnavailableError {
  return new WheelUnavailableError('the index answers another range than was asked for', 206);
}

// A server without ETag cannot tell; the size was compared.
function sameState(left: string | null, right: string | null): boolean {
  return left === null || right === null || left === right;
}
