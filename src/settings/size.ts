import type { Bytes } from '../types.ts';

const FACTORS: Readonly<Record<string, number>> = {
  b: 1,
  kb: 1e3,
  mb: 1e6,
  gb: 1e9,
  kib: 1024,
  mib: 1024 ** 2,
  gib: 1024 ** 3,
};

/**
 * Bytes from `500 MB`, `1.5GiB` or `262144000`: units in any case, a bare number is bytes.
 * Null for anything else; `M` alone is not a unit, as nobody knows which one it is.
 */
export function parseSize(text: string): Bytes | null {
  const match = /^(\d{1,15}(?:\.\d{1,6})?) ?(b|kb|mb|gb|kib|mib|gib)?$/i.exec(text.trim());
  if (match === null) return null;
  const bytes = Number(match[1]) * (FACTORS[(match[2] ?? 'b').toLowerCase()] ?? 1);
  return Number.isSafeInteger(Math.round(bytes)) ? Math.round(bytes) : null;
}
