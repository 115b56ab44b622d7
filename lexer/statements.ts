/** Which statement begins at a place, by its first word. */

import { skipSpace } from './blanks';
import { isQuote, isWord, isWordByte } from './bytes';
import {
  checkInsistence,
  readCythonDefinition,
  readDefinition,
  readElse,
  readExcept,
  readFinally,
  readHeader,
  readIf,
  readLoop,
  readMatch,
  readTry,
  readWith,
} from './headers';
import { readFrom, readImport } from './import-statements';
import { Level } from './levels';
import { CLASS, PRINT_STATEMENT, report, scan } from './scan';
import { skipTokens } from './tokens';

/** Reads one statement; answers where it stopped: a newline, `;`, or the `:` of a header. */
export function readStatement(start: i32, level: Level): i32 {
  if (level.handledEnd !== 0) checkInsistence(start, level.handledStart, level.handledEnd);
  // The words below begin with a c d e f i l m p t w: the first letter decides for half of the statements.
  const letter = load<u8>(start) - 97;
  if (letter > 22 || ((0x48993d >> <i32>letter) & 1) === 0) return skipTokens(start, false);
  return readWord(start, level);
}

function readWord(start: i32, level: Level): i32 {
  switch (load<u8>(start)) {
    case 97: // a
      return isWord(start, 'async') ? readAsync(start, level) : skipTokens(start, false);
    case 99: // c
      return readWordOfC(start, level);
    case 100: // d
      return isWord(start, 'def') ? readDefinition(start, start + 3) : skipTokens(start, false);
    case 101: // e
      if (isWord(start, 'else')) return readElse(start, start + 4, level);
      if (isWord(start, 'elif')) return readIf(start, start + 4, level);
      if (isWord(start, 'except')) return readExcept(start, start + 6, level);
      return skipTokens(start, false);
    case 102: // f
      if (isWord(start, 'for')) return readLoop(start, start + 3, level);
      if (isWord(start, 'from')) return readFrom(start, start + 4);
      if (isWord(start, 'finally')) return readFinally(start, start + 7, level);
      return skipTokens(start, false);
    case 105: // i
      if (isWord(start, 'if')) return readIf(start, start + 2, level);
      if (isWord(start, 'import')) return readImport(start, start + 6);
      return skipTokens(start, false);
    case 108: // l
      return isWord(start, 'lazy') ? readLazy(start) : skipTokens(start, false);
    case 109: // m
      return isWord(start, 'match') ? readMatch(start, start + 5) : skipTokens(start, false);
    case 112: // p
      if (isWord(start, 'print')) checkPrint(start);
      return skipTokens(start, false);
    case 116: // t
      return isWord(start, 'try') ? readTry(start, start + 3, level) : skipTokens(start, false);
    default: // w
      if (isWord(start, 'with')) return readWith(start, start + 4);
      if (isWord(start, 'while')) return readLoop(start, start + 5, level);
      return skipTokens(start, false);
  }
}

function readWordOfC(start: i32, level: Level): i32 {
  if (isWord(start, 'class')) return readHeader(start, start + 5, CLASS);
  if (level.isMatch && isWord(start, 'case')) return readHeader(start, start + 4, 0);
  if (!scan.isCython) return skipTokens(start, false);
  if (isWord(start, 'cimport')) return readImport(start, start + 7);
  if (isWord(start, 'cdef')) return readCythonDefinition(start, start + 4);
  return isWord(start, 'cpdef') ? readCythonDefinition(start, start + 5) : skipTokens(start, false);
}

function readAsync(start: i32, level: Level): i32 {
  const next = skipSpace(start + 5);
  return next > start + 5 && !isWord(next, 'async')
    ? readStatement(next, level)
    : skipTokens(start + 5, false);
}

/** `lazy import x` (PEP 810): the word alone is a name. */
function readLazy(start: i32): i32 {
  const next = skipSpace(start + 4);
  if (next > start + 4) {
    if (isWord(next, 'import')) return readImport(next, next + 6);
    if (isWord(next, 'from')) return readFrom(next, next + 4);
  }
  return skipTokens(start + 4, false);
}

/** `print "x"` of Python 2: told, as what else the file says was not written for Python 3. */
function checkPrint(start: i32): void {
  const next = skipSpace(start + 5);
  if (next > start + 5 && isQuote(load<u8>(next))) report(PRINT_STATEMENT, start);
}
