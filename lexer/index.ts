/**
 * The part of the scanner that reads bytes, in AssemblyScript: TypeScript that becomes WebAssembly. `node scripts/build-lexer.mjs`
 * builds it into src/imports/lexer/modules.ts.
 *
 * Traps of Python's lexical grammar that these files answer:
 * - `import` is a keyword everywhere, but `match`, `case`, `type` and `lazy` are words that may also be names.
 * - Statements follow `;`, a header's `:` on the same line, and lines joined by `\` or by brackets.
 * - A header's `:` is not that of a lambda, a slice, a dictionary, an annotation or `:=`.
 * - Strings of all prefixes; f- and t-strings nest expressions that may reuse the same quote (PEP 701, 750).
 * - Whether a `try` body is guarded is only known at its handlers, which come later; `except A, B:` needs no parentheses (PEP 758).
 * - A tab goes to the next multiple of 8, a form feed sets the column to 0; lines end in LF, CR LF or CR alone.
 * - A file with a syntax error is read on: the first problem is told with its line, the imports after it are still found.
 */

import { NEWLINE } from './bytes';
import { readLines } from './lines';
import { LOOKS } from './looks';
import { clearRecords, findLook, firstRecord, recordsEnd } from './records';
import { rowsPlace, writeRows } from './rows';
import { scan } from './scan';
import { findNamed, readTokens } from './token-table';

/** Where a file may start: behind the tables. */
export function firstPlace(): usize {
  return (__heap_base + MARGIN) & ~(MARGIN - 1);
}

/** Bytes behind the file that searches may look at, and those among them that are made newlines. */
const MARGIN: i32 = 64;
const NEWLINES: i32 = 20;

/**
 * Reads the file of `length` bytes at an address: from `skipped` on, with a context for all of it. The MARGIN behind it is
 * overwritten. What it comes to is then at `resultPlace()`.
 */
export function readFile(start: i32, length: i32, skipped: i32, bits: i32, isCython: bool): void {
  const end = start + length;
  closeFile(end);
  scan.start = start;
  scan.end = end;
  scan.isCython = isCython;
  scan.mayHoldScript = false;
  scan.hasComputed = false;
  scan.definitionEnd = 0;
  scan.problem = 0;
  scan.problemLine = 0;
  scan.problemByte = 0;
  scan.brokenFormatted = 0;
  scan.header = 0;
  scan.line = 1;
  scan.linePlace = start;
  clearRecords((end + MARGIN + 7) & ~7);
  readLines(start + skipped, bits);
  writeResult();
}

/** Puts newlines behind a file, at which searches end. */
export function closeFile(end: i32): void {
  memory.fill(end, NEWLINE, NEWLINES);
}

export { findLook, findNamed, readTokens, rowsPlace, writeRows };

/** Where the looks are put that others ask for. */
export function looksPlace(): usize {
  return LOOKS;
}

/** What a file comes to, for src/imports/lexer/lexer.ts, which has the same layout: one look instead of a call for each. */
@unmanaged
class Result {
  recordsStart: usize;
  recordsEnd: usize;
  /** Number of the first problem, 0 where there is none. */
  problem: i32;
  problemLine: i32;
  problemByte: i32;
  mayHoldScript: i32;
  hasComputed: i32;
}

const result: Result = changetype<Result>(memory.data(offsetof<Result>(), 4));

export function resultPlace(): usize {
  return changetype<usize>(result);
}

function writeResult(): void {
  result.recordsStart = firstRecord();
  result.recordsEnd = recordsEnd();
  result.problem = scan.problem;
  result.problemLine = scan.problemLine;
  result.problemByte = scan.problemByte;
  result.mayHoldScript = scan.mayHoldScript ? 1 : 0;
  result.hasComputed = scan.hasComputed ? 1 : 0;
}
