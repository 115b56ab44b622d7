/** A source archive over HTTP, from its start and only as far as its static metadata needs. */
import type { BuildNeeds, DistributionFile, DistributionName } from '../types.ts';
import { readSdistMetadata } from '../weigh/sdist-metadata.ts';
import type { Http } from './http.ts';
import { HttpError } from './http.ts';
import type { MetadataAnswer } from './package-index.ts';
import { WheelUnavailableError } from './file-window.ts';

const kibibyte = 1024;
const firstPart = 96 * kibibyte;
const largestPart = 4 * 1024 * kibibyte;
const largestWhole = 256 * 1024 * kibibyte;
const largestForModules = 4 * 1024 * kibibyte;

/** The static metadata of a source archive. Throws HttpError, WheelUnavailableError. */
export async function readSdist(
  http: Http,
  name: DistributionName,
  file: DistributionFile,
): Promise<MetadataAnswer> {
  return readSdistMetadata(
    { filename: file.filename, chunks: chunksOf(http, file.url) },
    name,
    file.version.text,
  );
}

/**
 * The import modules of a source archive of at most 4 MiB; null where it is larger or does not tell them. Throws
 * HttpError, WheelUnavailableError.
 */
export async function readArchiveModules(
  http: () => Promise<Http>,
  name: DistributionName,
  file: DistributionFile,
): Promise<readonly string[] | null> {
  const bytes = await fetchSmall(http, file);
  if (bytes === null) return null;
  const { findSdistModules } = await import('../weigh/sdist-modules.ts');
  return findSdistModules(file.filename, bytes, name);
}

/**
 * What building a source archive of at most 4 MiB takes; null where it is larger or broken. Throws HttpError,
 * WheelUnavailableError.
 */
export async function readBuildNeeds(
  http: () => Promise<Http>,
  file: DistributionFile,
): Promise<BuildNeeds | null> {
  const bytes = await fetchSmall(http, file);
  if (bytes === null) return null;
  const { findBuildNeeds } = await import('../weigh/sdist-build.ts');
  return findBuildNeeds(file.filename, bytes);
}

async function fetchSmall(
  http: () => Promise<Http>,
  { size, url }: DistributionFile,
): Promise<Uint8Array | null> {
  return size !== null && size > largestForModules ? null : fetchWhole(await http(), url);
}

/** null when it turns out to be too large, where the index does not say so beforehand. */
async function fetchWhole(http: Http, url: string): Promise<Uint8Array | null> {
  try {
    const { status, body } = await http.get(url, { maxBytes: largestForModules });
    if (status === 200 && body !== null) return body;
    throw new WheelUnavailableError(`the index answers ${status} for the source archive`, status);
  } catch (error) {
    if (error instanceof HttpError && error.code === 'too-large') return null;
    throw error;
  }
}

/** The archive in parts of growing length, each asked for when the reader wants more. */
async function* chunksOf(http: Http, url: string): AsyncGenerator<Uint8Array> {
  let start = 0;
  let length = firstPart;
  for (;;) {
    const range = `bytes=${start}-${start + length - 1}`;
    const { status, body, headers } = await http.get(url, { range, maxWholeBytes: largestWhole });
    if (status === 416 && start > 0) return;
    if (body === null || (status !== 206 && status !== 200)) {
      throw new WheelUnavailableError(`the index answers ${status} for the source archive`, status);
    }
    if (status === 200) {
      yield body.subarray(start);
      return;
    }
    const total = totalOf(headers['content-range'], start);
    yield body;
    start += body.length;
    // Where the server does not tell the size, a part that is shorter than asked is the last one.
    const isLast = total === null ? body.length < length : start >= total;
    if (body.length === 0 || isLast) return;
    length = Math.min(length * 4, largestPart);
  }
}

/** Size of the archive by an answer 206 that was to begin at `start`; null where the server does not say. */
function totalOf(contentRange: string | undefined, start: number): number | null {
  const match = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15}|\*)$/.exec(contentRange ?? '');
  if (match === null)
    throw new WheelUnavailableError('the index answers a range without saying which', 206);
  if (Number(match[1]) !== start)
    throw new WheelUnavailableError('the index answers another range than was asked for', 206);
  return match[2] === '*' ? null : Number(match[2]);
}
