/** The packages of a TOML lock, before anything in them is read. */
import type { SourceLocation } from '../types.ts';
import { findTablePlaces } from './lock-places.ts';
import { rejectInLock, type LockReading } from './lock.ts';
import { quoteText } from './quote.ts';
import { arrayOf, field, type TomlDocument } from './toml.ts';

/** One `[[package]]`. */
export interface LockEntry {
  readonly entry: unknown;
  readonly place: SourceLocation;
  readonly index: number;
}

/** Those that the list of that name holds, in order; what is no list is an error, and holds none. */
export function readEntries(
  reading: LockReading,
  document: TomlDocument,
  key: string,
): readonly LockEntry[] {
  const value = field(document.root, key);
  if (value !== undefined && !Array.isArray(value))
    rejectInLock(reading, document.at([key]), `${quoteText(key)} is not a list of packages`);
  const entries = arrayOf(value);
  const placeOf = findTablePlaces(document, key, entries.length);
  return entries.map((entry, index) => ({ entry, place: placeOf(index), index }));
}
