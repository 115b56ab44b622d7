/** The state of the one file that is being read: records at fixed places, as there is no other memory than the file's. */

import { NEWLINE, RETURN } from './bytes';
import { countByte, findEither } from './search';

// Contexts, as bits. The same numbers as in src/imports/scanner.ts.
export const FUNCTION: i32 = 1;
export const CLASS: i32 = 2;
export const TRY: i32 = 4;
export const IF: i32 = 8;
export const TYPE_CHECKING: i32 = 16;
/** Given with the file. */
export const TEST: i32 = 32;
export const HANDLER: i32 = 128;
/** Under a `try` whose handler ends what imports it: the code does not do without it. */
export const INSISTED: i32 = 256;

/** What Python would refuse, in the order of PROBLEMS in src/imports/scanner.ts. 0 is none. */
export const UNEXPECTED_INDENT: i32 = 1;
export const MISSING_BLOCK: i32 = 2;
export const BAD_DEDENT: i32 = 3;
export const TABS_AND_SPACES: i32 = 4;
export const MISSING_COLON: i32 = 5;
export const BAD_IMPORT: i32 = 6;
export const UNCLOSED_BRACKET: i32 = 7;
export const UNCLOSED_BEFORE_IMPORT: i32 = 8;
export const DEEP_BRACKETS: i32 = 9;
export const TEMPLATE: i32 = 10;
export const UNOPENED_BRACKET: i32 = 11;
export const WRONG_BRACKET: i32 = 12;
export const NUL_BYTE: i32 = 13;
export const BAD_CHARACTER: i32 = 14;
export const DEEP_OPERATORS: i32 = 15;
export const END_AFTER_BACKSLASH: i32 = 16;
export const BAD_CONTINUATION: i32 = 17;
export const UNCLOSED_ON_LINE: i32 = 18;
export const UNCLOSED_STRING: i32 = 19;
export const UNCLOSED_TRIPLE: i32 = 20;
export const PRINT_STATEMENT: i32 = 21;

/** Places are addresses. */
@unmanaged
export class Scan {
  /** Of the first byte: none before it is part of the file. */
  start: i32;
  /** Behind the last byte, where newlines follow. */
  end: i32;
  isCython: bool;
  /** Some comment begins with `# /// script`. */
  mayHoldScript: bool;
  /** Some import by call names a module that is not in the file. */
  hasComputed: bool;
  /** Context of the statement being read. */
  bits: i32;
  /** End of the name after `def`: a parenthesis there is no call. */
  definitionEnd: i32;
  /** The first problem, and its line. */
  problem: i32;
  problemLine: i32;
  /** The byte of a BAD_CHARACTER. */
  problemByte: i32;
  /** f-strings that were not closed; after some, none is nested any more: recovery stays linear. */
  brokenFormatted: i32;
  /** The header that was read last, 0 where the last statement was none, and what its body gets. */
  header: i32;
  headerBits: i32;
  headerIsMatch: bool;
  /** Records that the header, of a handler, is there for: none where both are 0. */
  handledStart: usize;
  handledEnd: usize;
  /** The line of a place before which all newlines were counted. */
  line: i32;
  linePlace: i32;
}

export const scan: Scan = changetype<Scan>(memory.data(offsetof<Scan>()));

/** Keeps the first problem of the file, as Python would. */
export function report(problem: i32, place: i32): void {
  if (scan.problem !== 0) return;
  scan.problem = problem;
  scan.problemLine = countLines(scan.start, place) + 1;
  scan.problemByte = load<u8>(place);
}

/** The 1-based line of a place. Places mostly ascend, so that each line is counted once. */
export function lineAt(place: i32): i32 {
  if (place < scan.linePlace) return countLines(scan.start, place) + 1;
  scan.line += countLines(scan.linePlace, place);
  scan.linePlace = place;
  return scan.line;
}

/** Line ends between two places: LF, CR LF or CR alone. */
function countLines(from: i32, to: i32): i32 {
  if (findEither(from, RETURN, RETURN, to) === to) return countByte(from, to, NEWLINE);
  let lines = 0;
  for (let place = from; place < to; place++) {
    const byte = load<u8>(place);
    if (byte === RETURN || (byte === NEWLINE && load<u8>(place - 1) !== RETURN)) lines++;
  }
  return lines;
}
