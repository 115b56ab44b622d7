/** How the scan sees the files of a project: a port, so that the stages stay pure. `io/source-walk.ts` is the disk. */

import type { FileAccess } from '../inputs/file-access.ts';

/**
 * One name in a folder. Links are not followed: what they point at inside the project is met there, and what lies
 * outside is not the project's. `other` is a FIFO, a socket or a device: it is never opened.
 */
export interface SourceEntry {
  readonly name: string;
  readonly kind: 'file' | 'folder' | 'link-inside' | 'link-outside' | 'link-broken' | 'other';
}

/** The content of a file, valid until the next `read`; the array may be longer than the file. */
export type SourceRead =
  | { readonly ok: true; readonly bytes: Uint8Array; readonly length: number }
  | { readonly ok: false; readonly problem: 'too-large' | 'unreadable'; readonly detail: string };

/** Files below one root; paths use `/` and the root is `.`. Never blocks, never follows a link, never writes. */
export interface SourceAccess {
  /** Names in a folder in any order; null where it cannot be listed. */
  list(folder: string): readonly SourceEntry[] | null;
  /** A whole file, or its first `limit` bytes. */
  read(path: string, limit?: number): SourceRead;
}

/** The access of the scan on top of the one that the dependency files are read by: for tests and for git refs. */
export function toSourceAccess(files: FileAccess): SourceAccess {
  return {
    list(folder) {
      const listed = files.list(folder);
      if (!listed.ok) return null;
      return listed.entries.map(({ name, kind, symlink }) => ({
        name,
        kind: symlink ? (kind === 'other' ? 'link-broken' : 'link-inside') : kind,
      }));
    },
    read(path) {
      const result = files.read(path);
      if (result.ok) return { ok: true, bytes: result.bytes, length: result.bytes.length };
      const problem = result.problem === 'too-large' ? 'too-large' : 'unreadable';
      return { ok: false, problem, detail: result.detail };
    },
  };
}
