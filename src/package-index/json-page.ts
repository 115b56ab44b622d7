/**
 * Pages of the simple API in JSON (PEP 691), with sizes and times (PEP 700), and projects of PyPI's JSON API.
 *
 * Trap: `core-metadata` may be `false`, `true` or a table of hashes, and has older names.
 */
import { splitLargePage } from './large-json.ts';
import type { AddEntry } from './page-entry.ts';
import { isArchiveName, metadataHash, sha256Text } from './page-entry.ts';
import { absoluteAddress } from './page-address.ts';
import { PageError } from './page-error.ts';

/** The largest real pages have some 10 MB. */
const longestAtOnce = 16 * 1024 * 1024;

/** Reads the files of a page of PEP 691. Throws PageError. */
export function readSimpleJson(text: string, pageUrl: string, add: AddEntry): void {
  const large = text.length > longestAtOnce ? parsing(() => splitLargePage(text)) : null;
  const page = parseJson(large?.rest ?? text);
  const apiVersion = fieldOf(fieldOf(page, 'meta'), 'api-version');
  if (typeof apiVersion === 'string' && !apiVersion.startsWith('1.') && apiVersion !== '1') {
    throw new PageError(`the page has version ${apiVersion} of the simple API, only 1.x is known`);
  }
  const files = large?.files ?? listOf(fieldOf(page, 'files'));
  if (files === null) throw new PageError('the page has no list of files');
  parsing(() => {
    for (const file of files) addFile(file, pageUrl, add);
  });
}

/** Reads a list of files as a page of PEP 691 has it. Throws PageError. */
export function readJsonFiles(text: string, pageUrl: string, add: AddEntry): void {
  for (const file of listOf(parseJson(text)) ?? []) addFile(file, pageUrl, add);
}

/** Reads the `releases` of a project of PyPI's JSON API (`/pypi/NAME/json`). Throws PageError. */
export function readProjectJson(text: string, pageUrl: string, add: AddEntry): void {
  const releases = fieldOf(parseJson(text), 'releases');
  if (typeof releases !== 'object' || releases === null)
    throw new PageError('the project has no list of releases');
  for (const files of Object.values(releases))
    for (const file of listOf(files) ?? []) addFile(file, pageUrl, add);
}

function parseJson(text: string): unknown {
  return parsing((): unknown => JSON.parse(text));
}

function parsing<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new PageError(`the page is broken JSON (${error.message.slice(0, 80)})`);
  }
}

function listOf(value: unknown): readonly unknown[] | null {
  return Array.isArray(value) ? value : null;
}

// Both JSON forms at once: the simple API writes `hashes`, `upload-time`, `core-metadata`; the JSON API writes
// `digests`, `upload_time_iso_8601`, `yanked` with a separate reason.
function addFile(file: unknown, pageUrl: string, add: AddEntry): void {
  const filename = fieldOf(file, 'filename');
  const url = fieldOf(file, 'url');
  if (typeof filename !== 'string' || typeof url !== 'string' || !isArchiveName(filename)) return;
  const absolute = absoluteAddress(url, pageUrl);
  if (absolute === null) return;
  const requiresPython = fieldOf(file, 'requires-python') ?? fieldOf(file, 'requires_python');
  const size = fieldOf(file, 'size');
  const metadata =
    fieldOf(file, 'core-metadata') ??
    fieldOf(file, 'dist-info-metadata') ??
    fieldOf(file, 'data-dist-info-metadata');
  const uploadTime = fieldOf(file, 'upload-time') ?? fieldOf(file, 'upload_time_iso_8601');
  add({
    filename,
    url: absolute,
    sha256: sha256Text(fieldOf(fieldOf(file, 'hashes') ?? fieldOf(file, 'digests'), 'sha256')),
    requiresPython:
      typeof requiresPython === 'string' && requiresPython !== '' ? requiresPython : null,
    yanked: yankedReason(fieldOf(file, 'yanked'), fieldOf(file, 'yanked_reason')),
    size: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : -1,
    uploadTime: typeof uploadTime === 'string' ? uploadTime : '',
    metadataFile: metadataFlag(metadata),
    metadataHash: metadataHash(fieldOf(metadata, 'sha256')),
  });
}

function yankedReason(yanked: unknown, reason: unknown): string | null {
  if (typeof yanked === 'string') return yanked;
  if (yanked !== true) return null;
  return typeof reason === 'string' ? reason : '';
}

function metadataFlag(value: unknown): number {
  if (value === undefined || value === null) return -1;
  return value === false ? 0 : 1;
}

function fieldOf(value: unknown, key: string): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return (value as Readonly<Record<string, unknown>>)[key];
}
