/**
 * All files that an index lists for one name, independent of the target. A large project has over 20,000 files, of which
 * a resolution looks at a few dozen: they stay text, one line for each release, until somebody asks for that release.
 * In memory and on disk the form is the same, so that a page from the cache costs no more than reading it.
 */

/** Releases in ascending order, each with one line of `body`. */
export interface PageRecord {
  /** Start that addresses share, up to a slash. */
  readonly urlBase: string;
  /** Normalised. */
  readonly versions: readonly string[];
  /** Where the line of each release ends, in bytes; it begins where the one before ends. */
  readonly ends: readonly number[];
  /** Whether the index says of every file when it was uploaded. */
  readonly hasTimes: boolean;
  /** UTF-8: rows (`PageRow`) in the order of the page, each behind a `rowMark`. */
  readonly body: Buffer;
}

/** One file as a page describes it. */
export interface PageEntry {
  readonly filename: string;
  /** Absolute, without credentials. */
  readonly url: string;
  /** Lower-case hex, '' when the index gives none. */
  readonly sha256: string;
  readonly requiresPython: string | null;
  /** The reason, '' without one, null when it is not yanked. */
  readonly yanked: string | null;
  /** Bytes, -1 when the index does not say. */
  readonly size: number;
  /** ISO 8601, '' when the index does not say. */
  readonly uploadTime: string;
  /** 1 advertised, 0 said not to be there, -1 not said (PEP 658, 714). */
  readonly metadataFile: number;
  /** The first 32 hex digits of the SHA-256 of the metadata file, '' when the index gives none. */
  readonly metadataHash: string;
}

/** Stands before each row. JSON can hold it nowhere, so that it is found without reading the rows. */
export const rowMark = '\u0001';

/**
 * A file as JSON: its name; what stands between `urlBase` and the name in its address, or the whole address (`=…`) where
 * it has another shape; SHA-256 or ''; Requires-Python; size; time of upload; whether it is yanked, or why. Then, where
 * the index says something of metadata files, what it says (`true`, `false`, or `{` for hashes) and the hash.
 */
type PageRow = PlainRow | readonly [...plain: PlainRow, metadataFile: string, metadataHash: string];

type PlainRow = readonly [
  filename: string,
  middle: string,
  sha256: string,
  requiresPython: string | null,
  size: number | null,
  uploadTime: string | null,
  yanked: string | boolean | null,
];

/** A page without files. */
export const emptyPage: PageRecord = {
  urlBase: '',
  versions: [],
  ends: [],
  hasTimes: true,
  body: Buffer.alloc(0),
};

const absentMark = 'absent';

/** A page that is kept to say that the index has none. */
export const absentPage: PageRecord = { ...emptyPage, urlBase: absentMark };

/** Whether a record says that the index has no page. */
export function isAbsent(record: PageRecord): boolean {
  return record.urlBase === absentMark;
}

/** The files of release number `at`, in the order of the page. */
export function entriesAt(record: PageRecord, at: number): readonly PageEntry[] {
  const start = at === 0 ? 0 : (record.ends[at - 1] ?? 0);
  const [, ...rows] = record.body.toString('utf8', start, record.ends[at]).split(rowMark);
  // They were written by this project, and the cache checks that they are whole.
  return rows.map((row) => toEntry(record, JSON.parse(row) as PageRow));
}

/** All files, release by release. */
export function allEntries(record: PageRecord): readonly PageEntry[] {
  return record.versions.flatMap((_, at) => entriesAt(record, at));
}

function toEntry(record: PageRecord, row: PageRow): PageEntry {
  const [filename, middle, sha256, requiresPython, size, uploadTime, yanked] = row;
  const [metadataFile, metadataHash] = row.length === 9 ? [row[7], row[8]] : ['', ''];
  return {
    filename,
    url: middle.startsWith('=') ? middle.slice(1) : `${record.urlBase}${middle}${filename}`,
    sha256,
    requiresPython: requiresPython === '' ? null : requiresPython,
    yanked: yanked === true ? '' : yanked === false ? null : yanked,
    size: size ?? -1,
    uploadTime: uploadTime ?? '',
    metadataFile: metadataFile === '' ? -1 : metadataFile === 'false' ? 0 : 1,
    metadataHash,
  };
}

/** The row of an entry, with its mark. */
export function toRow(entry: PageEntry, urlBase: string): string {
  const { filename, sha256, requiresPython, size, uploadTime, yanked } = entry;
  const { metadataFile, metadataHash } = entry;
  const plain: PlainRow = [
    filename,
    shortenAddress(entry.url, urlBase, filename),
    sha256,
    requiresPython,
    size < 0 ? null : size,
    uploadTime === '' ? null : uploadTime,
    yanked,
  ];
  const row: PageRow =
    metadataFile < 0 ? plain : [...plain, metadataFile === 0 ? 'false' : 'true', metadataHash];
  return rowMark + JSON.stringify(row);
}

/** Scheme, host and first folder: what the files of one host share; '' where it would hold credentials. */
export function addressBase(url: string): string {
  const hostStart = url.indexOf('://');
  const folder = url.indexOf('/', hostStart < 0 ? 0 : hostStart + 3);
  if (folder < 0) return '';
  const next = url.indexOf('/', folder + 1);
  const base = url.slice(0, (next < 0 ? folder : next) + 1);
  return base.includes('@') ? '' : base;
}

function shortenAddress(url: string, base: string, filename: string): string {
  const middleEnd = url.length - filename.length;
  const isBelow =
    base !== '' && middleEnd >= base.length && url.startsWith(base) && url.endsWith(filename);
  return isBelow ? url.slice(base.length, middleEnd) : `=${url}`;
}

/** Everything but the body, as one line of JSON. */
export function encodePageHead(record: PageRecord): string {
  const { body: _body, ...head } = record;
  return JSON.stringify(head);
}

/** The record of a head and its body, null where the two are none. */
export function decodePage(head: unknown, body: Buffer): PageRecord | null {
  if (typeof head !== 'object' || head === null) return null;
  const { urlBase, versions, ends, hasTimes } = head as Partial<PageRecord>;
  const isWhole =
    typeof urlBase === 'string' &&
    typeof hasTimes === 'boolean' &&
    Array.isArray(versions) &&
    Array.isArray(ends) &&
    versions.length === ends.length &&
    (ends.at(-1) ?? 0) === body.length;
  return isWhole ? { urlBase, versions, ends, hasTimes, body } : null;
}
