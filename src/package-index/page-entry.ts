/** What the forms of a page have in common in describing a file. */
import type { PageEntry } from './page-record.ts';

/** Takes the files of a page as they are read. */
export type AddEntry = (entry: PageEntry) => void;

/** Wheels and the source archives that installers still take; eggs, installers and signatures are left out. */
export function isArchiveName(filename: string): boolean {
  return (
    filename.endsWith('.whl') ||
    filename.endsWith('.tar.gz') ||
    filename.endsWith('.zip') ||
    filename.endsWith('.tar.bz2') ||
    filename.endsWith('.tgz') ||
    filename.endsWith('.tar.xz') ||
    filename.endsWith('.tar.zst')
  );
}

/** A SHA-256 in lower case, '' for what is none. */
export function sha256Text(value: unknown): string {
  return typeof value === 'string' && value.length === 64 ? value.toLowerCase() : '';
}

/** As much of the hash of a metadata file as is kept, '' for what is none. */
export function metadataHash(value: unknown): string {
  return sha256Text(value).slice(0, 32);
}
