import type { PageEntry } from '../../src/package-index/page-record.ts';

/** A file of which the index says nothing but where it is, or what `more` says. */
export function pageEntry(filename: string, more: Partial<PageEntry> = {}): PageEntry {
  return {
    filename,
    url: `https://index.test/files/${filename}`,
    sha256: '',
    requiresPython: null,
    yanked: null,
    size: 1,
    uploadTime: '',
    metadataFile: -1,
    metadataHash: '',
    ...more,
  };
}
