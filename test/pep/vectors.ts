/**
 * The tables in test/support/vectors, computed by PyPA's packaging: read from disk, so that the type checker does not
 * have to infer hundreds of kilobytes.
 */
import { readFileSync } from 'node:fs';

const FOLDER = new URL('../support/vectors/', import.meta.url);

/** A table by its file name without the ending. The caller states its shape. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the shape is the caller's to state
export function readVectors<T>(name: string): T {
  return JSON.parse(readFileSync(new URL(`${name}.json`, FOLDER), 'utf8'));
}
