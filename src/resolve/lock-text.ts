/** Text of a lock that cannot be read: the file's own reader tells of it with its place, and here it says nothing. */

import { ParseError } from '../pep/parse-error.ts';
import { parseSpecifiers } from '../pep/specifier.ts';
import type { Specifier } from '../types.ts';

/** What a text is read to, or something else where it cannot be read. */
export function orElse<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch (error) {
    if (error instanceof ParseError) return otherwise;
    throw error;
  }
}

/** The specifiers of a text; none where it cannot be read. */
export function readSpecifiers(text: string): readonly Specifier[] {
  return orElse(() => parseSpecifiers(text, { repair: true }).specifiers, []);
}
