/** The places of `--find-links`: folders with archives, and pages that link to some (pip, "find-links"). */
import { redactUrl } from '../settings/redact-url.ts';
import type { Warning } from '../types.ts';
import { withoutCredentials } from './credentials.ts';
import type { Http } from './http.ts';
import { HttpError } from './http.ts';
import { PageError } from './page-error.ts';
import type { PageEntry } from './page-record.ts';
import { decodePageBody, readSimplePage } from './simple-page.ts';

/** What reading the places needs. */
export interface FindLinksPorts {
  readonly http: () => Promise<Http>;
  /** File names and `file:` addresses of a folder (or of the one archive that a path names), null when it is not there. */
  readonly listFolder: (
    path: string,
  ) => readonly { readonly filename: string; readonly url: string }[] | null;
  readonly warn: (warning: Warning) => void;
}

/** All archives of all places. A place that cannot be read is a warning. */
export async function readFindLinks(
  places: readonly string[],
  ports: FindLinksPorts,
): Promise<readonly PageEntry[]> {
  const all: PageEntry[] = [];
  for (const place of places) {
    const entries = /^https?:/i.test(place)
      ? await readPage(place, ports)
      : readFolder(place, ports);
    // One by one: a page may have more files than a call may have arguments.
    for (const entry of entries) all.push({ ...entry, metadataFile: -1, metadataHash: '' });
  }
  return all;
}

async function readPage(url: string, ports: FindLinksPorts): Promise<readonly PageEntry[]> {
  try {
    const http = await ports.http();
    const response = await http.get(url, { accept: 'text/html' });
    if (response.status === 200 && response.body !== null) {
      const entries: PageEntry[] = [];
      const text = decodePageBody(response.body);
      // Addresses of files are kept without the user, who is known by the place.
      const pageUrl = withoutCredentials(response.url);
      readSimplePage(text, pageUrl, (entry) => void entries.push(entry));
      return entries;
    }
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
  return [];
}

function readFolder(path: string, ports: FindLinksPorts): readonly PageEntry[] {
  // That it is not there is said where the settings are read, as a run from the cache does not come here.
  return (ports.listFolder(path) ?? []).map(({ filename, url }) => ({
    filename,
    url,
    sha256: '',
    requiresPython: null,
    yanked: null,
    size: -1,
    uploadTime: '',
    metadataFile: -1,
    metadataHash: '',
  }));
}
