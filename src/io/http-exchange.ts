/**
 * One question and its answer over a connection. The parts of the body go straight into a buffer of the announced
 * length: undici's `request` would wrap each answer in a stream and each part in a promise, which costs more than the
 * transfer.
 *
 * Trap: undici hands out truncated bodies without an error, so lengths are checked here.
 */
import { constants as zlibConstants, gunzip, inflate } from 'node:zlib';
import type { Dispatcher } from 'undici';
import type { HttpCounts, HttpRequest, HttpResponse } from '../package-index/http.ts';
import { HttpError } from '../package-index/http.ts';
import { redactUrl } from '../settings/redact-url.ts';

/** What is sent, and what is done with the answer. */
export interface Exchange {
  readonly dispatcher: Dispatcher;
  readonly address: URL;
  /** The address as it was asked for; named in errors, redacted. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly request: HttpRequest;
  readonly counts: HttpCounts;
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
}

const defaultMaxBytes = 256 * 1024 * 1024;

/** Sends the question and reads the answer. Throws HttpError, and whatever undici throws. */
export async function exchange(parts: Exchange): Promise<HttpResponse> {
  const { url, request } = parts;
  const { status, headers, raw } = await send(parts);
  if (raw === null) return { status, headers, body: null, url };
  const maxBytes = request.maxBytes ?? defaultMaxBytes;
  const body = await decode(raw, headers['content-encoding'], maxBytes, url);
  return { status, headers, body, url };
}

interface RawAnswer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** As transferred; null where it was not wanted. */
  readonly raw: Buffer | null;
}

function send(parts: Exchange): Promise<RawAnswer> {
  const { dispatcher, address, headers, request, timeoutMs, signal } = parts;
  return new Promise((resolve, reject) => {
    const reader = createReader(parts);
    let abort = (): void => undefined;
    const settle = (finish: () => void): void => {
      signal.removeEventListener('abort', abort);
      finish();
    };
    dispatcher.dispatch(
      {
        origin: address.origin,
        path: `${address.pathname}${address.search}`,
        method: request.method ?? 'GET',
        headers,
        headersTimeout: timeoutMs,
        bodyTimeout: timeoutMs,
      },
      {
        onRequestStart(controller) {
          abort = () => controller.abort(new HttpError('aborted', 'interrupted'));
          if (signal.aborted) abort();
          else signal.addEventListener('abort', abort, { once: true });
        },
        onResponseStart(controller, status, answered) {
          // 1xx: the answer is still to come.
          if (status < 200) return;
          if (reader.start(status, flattenHeaders(answered))) return;
          settle(() => resolve(reader.withoutBody()));
          controller.abort(new HttpError('aborted', 'the body is not wanted'));
        },
        onResponseData(controller, chunk) {
          const objection = reader.add(chunk);
          if (objection === null) return;
          settle(() => reject(objection));
          controller.abort(objection);
        },
        onResponseEnd() {
          settle(() => {
            const objection = reader.objectionAtEnd();
            if (objection === null) resolve(reader.finish());
            else reject(objection);
          });
        },
        onResponseError(_controller, error) {
          settle(() => {
            if (reader.isComplete()) resolve(reader.finish());
            else reject(error);
          });
        },
      },
    );
  });
}

/** Collects one answer. */
interface Reader {
  /** False where the body is not wanted. */
  start(status: number, headers: Readonly<Record<string, string>>): boolean;
  /** What is wrong with this part, null where nothing is. */
  add(chunk: Buffer): HttpError | null;
  objectionAtEnd(): HttpError | null;
  /** Whether an error behind the headers takes nothing away: the answer has no body. */
  isComplete(): boolean;
  finish(): RawAnswer;
  withoutBody(): RawAnswer;
}

function createReader({ url, request, counts }: Exchange): Reader {
  const maxBytes = request.maxBytes ?? defaultMaxBytes;
  let status = 0;
  let headers: Readonly<Record<string, string>> = {};
  let length: number | null = null;
  let hasBody = true;
  let received = 0;
  let body = Buffer.alloc(0);
  return {
    start(answeredStatus, answeredHeaders) {
      status = answeredStatus;
      headers = answeredHeaders;
      const announced = headers['content-length'];
      length = announced === undefined ? null : Number(announced);
      if (isUnwantedWhole(request, status, length)) return false;
      // A 304 may state the length of the body that it does not have, which undici takes for a broken one.
      hasBody = request.method !== 'HEAD' && status !== 304 && status !== 204;
      // Of the announced size at once: parts that are joined later take the memory of a large page twice.
      body = Buffer.allocUnsafe(hasBody ? firstSize(length, maxBytes) : 0);
      return true;
    },
    add(chunk) {
      const start = received;
      received += chunk.length;
      counts.receivedBytes += chunk.length;
      if (received > maxBytes)
        return new HttpError('too-large', `${redactUrl(url)} sends more than ${maxBytes} bytes`);
      if (received > body.length)
        body = Buffer.concat([body.subarray(0, start)], Math.max(received, 2 * body.length));
      chunk.copy(body, start);
      return null;
    },
    objectionAtEnd: () =>
      hasBody && length !== null && received !== length
        ? new HttpError('truncated', `${redactUrl(url)} sent ${received} of ${length} bytes`)
        : null,
    isComplete: () => status !== 0 && !hasBody,
    finish() {
      const raw = body.subarray(0, received);
      // undici may hold this reader for longer than the page is wanted.
      body = Buffer.alloc(0);
      return { status, headers, raw };
    },
    withoutBody: () => ({ status, headers, raw: null }),
  };
}

/** A file that was asked for in parts and comes whole, longer than is wanted. */
function isUnwantedWhole(
  { range, maxWholeBytes = 0 }: HttpRequest,
  status: number,
  length: number | null,
): boolean {
  return status === 200 && range !== undefined && (length === null || length > maxWholeBytes);
}

/** A length that cannot be true is not believed; memory that is never written to costs nothing. */
function firstSize(length: number | null, maxBytes: number): number {
  return length !== null && length >= 0 && length <= maxBytes ? length : 64 * 1024;
}

function flattenHeaders(
  headers: Readonly<Record<string, string | string[] | undefined>>,
): Record<string, string> {
  const flat: Record<string, string> = {};
  for (const [name, value] of Object.entries(headers)) {
    const last = Array.isArray(value) ? value.at(-1) : value;
    if (last !== undefined) flat[name.toLowerCase()] = last;
  }
  return flat;
}

function decode(
  body: Buffer,
  encoding: string | undefined,
  maxBytes: number,
  url: string,
): Promise<Buffer> | Buffer {
  if (encoding === undefined || encoding === 'identity' || body.length === 0) return body;
  const decoder =
    encoding === 'gzip' || encoding === 'x-gzip' ? gunzip : encoding === 'deflate' ? inflate : null;
  if (decoder === null) {
    throw new HttpError(
      'network',
      `${redactUrl(url)} answers in the unknown encoding ${encoding.slice(0, 40)}`,
    );
  }
  return new Promise((resolve, reject) => {
    decoder(
      body,
      { maxOutputLength: maxBytes, finishFlush: zlibConstants.Z_FINISH },
      (error, decoded) => {
        if (error === null) resolve(decoded);
        else
          reject(
            new HttpError('truncated', `${redactUrl(url)} sent a broken compressed body`, error),
          );
      },
    );
  });
}
