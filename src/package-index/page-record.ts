/**
 * All files that an index lists for one name, in columns: one record per index and name, independent of the target.
 * A large project has over 20,000 files, so that one object per file would cost more than reading the page did.
 */

/** Columns of equal length, one entry per file; see `texts` for those that hold numbers of strings. */
export interface PageRecord {
  /** Start that all addresses share, up to a slash. */
  readonly urlBase: string;
  readonly filenames: string[];
  /** What stands between `urlBase` and the file name; a whole address (`=…`) where it has another shape. */
  readonly urls: string[];
  /** Lower-case hex, '' when the index gives none. */
  readonly sha256: string[];
  /** Number in `texts`, -1 for none. */
  readonly requiresPython: number[];
  /** Number in `texts` of the reason, -1 when not yanked. */
  readonly yanked: number[];
  /** Bytes, -1 when the index does not say. */
  readonly sizes: number[];
  /** ISO 8601, '' when the index does not say. */
  readonly uploadTimes: string[];
  /** 1 advertised, 0 said not to be there, -1 not said (PEP 658, 714). */
  readonly metadataFiles: number[];
  /** The first 32 hex digits of the SHA-256 of the metadata file, '' when the index gives none. */
  readonly metadataHashes: string[];
  readonly texts: string[];
}

/** One file as a page describes it. */
export interface PageEntry {
  readonly filename: string;
  /** Absolute, or as the page writes it when `PageBuilder` gets no base. */
  readonly url: string;
  readonly sha256: string;
  readonly requiresPython: string | null;
  readonly yanked: string | null;
  readonly size: number;
  readonly uploadTime: string;
  readonly metadataFile: number;
  readonly metadataHash: string;
}

/** Collects entries into a record. */
export interface PageBuilder {
  add(entry: PageEntry): void;
  finish(): PageRecord;
}

/** A builder whose addresses are stored relative to the longest start that the first files share. */
export function createPageBuilder(): PageBuilder {
  const record: PageRecord = {
    urlBase: '',
    filenames: [],
    urls: [],
    sha256: [],
    requiresPython: [],
    yanked: [],
    sizes: [],
    uploadTimes: [],
    metadataFiles: [],
    metadataHashes: [],
    texts: [],
  };
  const numbers = new Map<string, number>();
  const numberOf = (text: string | null): number => {
    if (text === null) return -1;
    const known = numbers.get(text);
    if (known !== undefined) return known;
    numbers.set(text, record.texts.length);
    return record.texts.push(text) - 1;
  };
  let urlBase = '';
  return {
    add(entry) {
      if (record.urls.length === 0) urlBase = addressBase(entry.url);
      record.filenames.push(entry.filename);
      record.urls.push(shortenAddress(entry.url, urlBase, entry.filename));
      record.sha256.push(entry.sha256);
      record.requiresPython.push(numberOf(entry.requiresPython));
      record.yanked.push(numberOf(entry.yanked));
      record.sizes.push(entry.size);
      record.uploadTimes.push(entry.uploadTime);
      record.metadataFiles.push(entry.metadataFile);
      record.metadataHashes.push(entry.metadataHash);
    },
    finish: () => ({ ...record, urlBase }),
  };
}

/** The address of the file at `index`, as it was added. */
export function addressOf(record: PageRecord, index: number): string {
  const short = record.urls[index] ?? '';
  if (short.startsWith('=')) return short.slice(1);
  return `${record.urlBase}${short}${record.filenames[index] ?? ''}`;
}

/** Scheme, host and first folder: what the files of one host share. */
function addressBase(url: string): string {
  const hostStart = url.indexOf('://');
  const folder = url.indexOf('/', hostStart < 0 ? 0 : hostStart + 3);
  if (folder < 0) return '';
  const next = url.indexOf('/', folder + 1);
  return url.slice(0, (next < 0 ? folder : next) + 1);
}

function shortenAddress(url: string, base: string, filename: string): string {
  const middleEnd = url.length - filename.length;
  if (base !== '' && middleEnd >= base.length && url.startsWith(base) && url.endsWith(filename)) {
    return url.slice(base.length, middleEnd);
  }
  return `=${url}`;
}

/** Whether a parsed cache entry has the columns of a record, all of one length. */
export function isPageRecord(value: unknown): value is PageRecord {
  if (typeof value !== 'object' || value === null) return false;
  const record = value as Partial<Record<keyof PageRecord, unknown>>;
  const columns = [
    record.filenames,
    record.urls,
    record.sha256,
    record.requiresPython,
    record.yanked,
    record.sizes,
    record.uploadTimes,
    record.metadataFiles,
    record.metadataHashes,
  ];
  const count = Array.isArray(record.filenames) ? record.filenames.length : -1;
  return (
    typeof record.urlBase === 'string' &&
    Array.isArray(record.texts) &&
    columns.every((column) => Array.isArray(column) && column.length === count)
  );
}
