/** The places of `--find-links`: folders with archives, and pages that link to some (pip, "find-links"). */
import { redactUrl } from '../settings/redact-url.ts';
import type { Warning } from '../types.ts';
import { withoutCredentials } from './credentials.ts';
import type { Http } from './http.ts';
import { HttpError } from './http.ts';
import type { PageRecord } from './page-record.ts';
import { addressOf, createPageBuilder } from './page-record.ts';
import { PageError, parseSimplePage } from './simple-page.ts';

/** What reading the places needs. */
export interface FindLinksPorts {
  readonly http: () => Promise<Http>;
  /** File names and `file:` addresses of a folder (or of the one archive that a path names), null when it is not there. */
  readonly listFolder: (
    path: string,
  ) => readonly { readonly filename: string; readonly url: string }[] | null;
  readonly warn: (warning: Warning) => void;
}

/** All archives of all places in one record. A place that cannot be read is a warning. */
export async function readFindLinks(
  places: readonly string[],
  ports: FindLinksPorts,
): Promise<PageRecord> {
  const builder = createPageBuilder();
  for (const place of places) {
    const record = /^https?:/i.test(place)
      ? await readPage(place, ports)
      : readFolder(place, ports);
    record?.filenames.forEach((filename, at) => {
      builder.add({
        filename,
        url: addressOf(record, at),
        sha256: record.sha256[at] ?? '',
        requiresPython: record.texts[record.requiresPython[at] ?? -1] ?? null,
        yanked: record.texts[record.yanked[at] ?? -1] ?? null,
        size: record.sizes[at] ?? -1,
        uploadTime: record.uploadTimes[at] ?? '',
        metadataFile: -1,
        metadataHash: '',
      });
    });
  }
  return builder.finish();
}

async function readPage(url: string, ports: FindLinksPorts): Promise<PageRecord | null> {
  try {
    const http = await ports.http();
    const response = await http.get(url, { accept: 'text/html' });
    if (response.status === 200 && response.body !== null)
      // Addresses of files are kept without the user, who is known by the place.
      return parseSimplePage(response.body.toString('utf8'), withoutCredentials(response.url));
    ports.warn({
      code: 'find-links',
      message: `${redactUrl(url)} (--find-links) answers ${response.status}; its files are left out`,
      severity: 'incomplete',
    });
  } catch (error) {
    if (!(error instanceof HttpError || error instanceof PageError)) throw error;
    ports.warn({
      code: 'find-links',
      message: `${redactUrl(url)} (--find-links) could not be read: ${error.message}`,
      severity: 'incomplete',
    });
  }
  return null;
}

function readFolder(path: string, ports: FindLinksPorts): PageRecord | null {
  const files = ports.listFolder(path);
  // That it is not there is said where the settings are read, as a run from the cache does not come here.
  if (files === null) return null;
  const builder = createPageBuilder();
  for (const { filename, url } of files) {
    builder.add({
      filename,
      url,
      sha256: '',
      requiresPython: null,
      yanked: null,
      size: -1,
      uploadTime: '',
      metadataFile: -1,
      metadataHash: '',
    });
  }
  return builder.finish();
}
