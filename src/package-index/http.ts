/** The port through which everything asks an index; `io/http.ts` implements it over undici. */

/** What a request may ask for. */
export interface HttpRequest {
  readonly accept?: string;
  /** `bytes=…` as in the Range header. */
  readonly range?: string;
  readonly ifNoneMatch?: string;
  readonly ifModifiedSince?: string;
  readonly method?: 'GET' | 'HEAD';
  /** Bytes of body (after decompression) beyond which the answer is given up. */
  readonly maxBytes?: number;
  /** A status 200 on a range request is an answer only if its length is below this; else the body is not read. */
  readonly maxWholeBytes?: number;
}

/** An answer with a status; a body that was not read is null. */
export interface HttpResponse {
  readonly status: number;
  /** Lower-case names; the last one of a doubled header. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer | null;
  /** The address after redirects. */
  readonly url: string;
  /** True where the request that was answered named a user. */
  readonly withUser?: boolean;
}

/** No answer was had; `message` is a sentence without credentials. */
export class HttpError extends Error {
  readonly code:
    | 'network'
    | 'timeout'
    | 'too-large'
    | 'truncated'
    | 'redirects'
    | 'address'
    | 'aborted';
  constructor(code: HttpError['code'], message: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause });
    this.name = 'HttpError';
    this.code = code;
  }
}

/** What was asked and transferred, for `--timings` and the last line of the report. */
export interface HttpCounts {
  requests: number;
  receivedBytes: number;
}

/** The port through which all requests go. */
export interface Http {
  get(url: string, request?: HttpRequest): Promise<HttpResponse>;
  readonly counts: Readonly<HttpCounts>;
  close(): Promise<void>;
}
