/** Files as locks write them: an address, or a name alone, with a hash and maybe a size. */
import { decodeComponent } from '../package-index/credentials.ts';
import type { LockPin, LockedFile } from '../types.ts';
import { field, textOf } from './toml.ts';

/** What a lock says of a file. */
export interface WrittenFile {
  readonly url: string | null;
  /** null where the address tells it. */
  readonly filename: string | null;
  /** `sha256:…` or of another kind. */
  readonly hash: string | null;
  readonly size?: unknown;
}

/** The file, null where not even its name is told. */
export function toLockedFile({ url, filename, hash, size }: WrittenFile): LockedFile | null {
  // Anything but HTTP would be a file of this machine, which no lock of a repository may name.
  const address = url !== null && /^https?:\/\//i.test(url) ? url.replace(/#.*$/s, '') : null;
  const name = filename ?? (address === null ? null : lastSegment(address));
  if (name === null || name === '') return null;
  return {
    filename: name,
    url: address,
    sha256: /^sha256:([0-9a-f]{64})$/i.exec(hash ?? '')?.[1]?.toLowerCase() ?? null,
    size: typeof size === 'number' && Number.isSafeInteger(size) && size >= 0 ? size : null,
  };
}

function lastSegment(url: string): string {
  return decodeComponent((url.split(/[?#]/, 1)[0] ?? '').split('/').at(-1) ?? '');
}

/** Files of Poetry and PDM: `{file = NAME, hash = …}`, or an address in the place of the name. */
export function readNamedFiles(entries: readonly unknown[]): Pick<LockPin, 'hashes' | 'files'> {
  const hashes: string[] = [];
  const files: LockedFile[] = [];
  for (const entry of entries) {
    const hash = textOf(field(entry, 'hash'));
    if (hash !== null) hashes.push(hash);
    const url = textOf(field(entry, 'url'));
    const file = toLockedFile({ url, filename: textOf(field(entry, 'file')), hash });
    if (file !== null) files.push(file);
  }
  return files.length === 0 ? { hashes } : { hashes, files };
}
