/**
 * File names of source distributions (PEP 625, and the names before it).
 *
 * Traps:
 * - `foo-1.0-1.tar.gz` is `foo-1-0` in version 1, or `foo` in version 1.0.post1: only the name tells.
 * - Names before PEP 625 keep `-`, `.` and capitals: `Foo.Bar-1.0.tar.gz`.
 * - `foo-1.0.linux-x86_64.tar.gz` is a binary archive, not an sdist.
 */
import type { DistributionName } from '../types.ts';
import { normalizeName } from './name.ts';
import { parseVersion } from './version.ts';

/** What the name of an sdist says beside the distribution. */
export interface SdistFilename {
  /** Normalised. */
  readonly version: string;
  /** Without the dot in front: `tar.gz`. */
  readonly extension: string;
}

/** Longer names are no file's, and would cost a normalisation for each of their dashes. */
const LONGEST_FILENAME = 1024;

/** Reads the file name of a source distribution of `name`; null for what is none, or another's. */
export function parseSdistFilename(filename: string, name: DistributionName): SdistFilename | null {
  const extension = extensionOf(filename);
  if (extension === null || filename.length > LONGEST_FILENAME) return null;
  const stem = filename.slice(0, -extension.length - 1);
  for (let dash = stem.indexOf('-'); dash !== -1; dash = stem.indexOf('-', dash + 1)) {
    // Normalising never makes a name longer.
    if (dash < name.length || normalizeName(stem.slice(0, dash)) !== name) continue;
    const version = parseVersion(stem.slice(dash + 1));
    if (version !== null) return { version: version.text, extension };
  }
  return null;
}

/** True for the two endings that PEP 625 allows; the resolver takes no other for a usable file, as uv. */
export function isStandardSdistExtension(extension: string): boolean {
  return extension === 'tar.gz' || extension === 'zip';
}

/** The endings that uv knows. */
function extensionOf(filename: string): string | null {
  const match = /\.(tar\.(?:gz|bz2|xz|lz|lzma|zst)|zip|tar|tgz|tbz|txz|tlz)$/.exec(filename);
  return match?.[1] ?? null;
}
