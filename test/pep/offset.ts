import { ParseError } from '../../src/pep/parse-error.ts';

/** Where parsing failed, or null where it did not. Any other error is thrown on. */
export function offsetOf(parse: () => unknown): number | null {
  try {
    parse();
    return null;
  } catch (error) {
    if (error instanceof ParseError) return error.offset;
    throw error;
  }
}
