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

// Words and beginnings of words, as the machine loads them: most statements begin with none of them.
const DEF: u32 = 0x666564;
const ELSE: u32 = 0x65736c65;
const ELIF: u32 = 0x66696c65;
const EXCE: u32 = 0x65637865;
const FINA: u32 = 0x616e6966;
const FOR: u32 = 0x726f66;
const FROM: u32 = 0x6d6f7266;
const IF: u32 = 0x6669;
const IMPO: u32 = 0x6f706d69;
const TRY: u32 = 0x797274;
const WHIL: u32 = 0x6c696877;
const WITH: u32 = 0x68746977;

function readWord(start: i32, level: Level): i32 {
  const four = load<u32>(start);
  const three = four & 0xffffff;
  switch (four & 0xff) {
    case 97: // a
      return isWord(start, 'async') ? readAsync(start, level) : skipTokens(start, false);
    case 99: // c
      return readWordOfC(start, level);
    case 100: // d
      return three === DEF && endsAt(start + 3)
        ? readDefinition(start, start + 3)
        : skipTokens(start, false);
    case 101: // e
      if (four === ELSE && endsAt(start + 4)) return readElse(start, start + 4, level);
      if (four === ELIF && endsAt(start + 4)) return readIf(start, start + 4, level);
      if (four === EXCE && isWord(start, 'except')) return readExcept(start, start + 6, level);
      return skipTokens(start, false);
    case 102: // f
      if (three === FOR && endsAt(start + 3)) return readLoop(start, start + 3, level);
      if (four === FROM && endsAt(start + 4)) return readFrom(start, start + 4);
      if (four === FINA && isWord(start, 'finally')) return readFinally(start, start + 7, level);
      return skipTokens(start, false);
    case 105: // i
      if ((four & 0xffff) === IF && endsAt(start + 2)) return readIf(start, start + 2, level);
      if (four === IMPO && isWord(start, 'import')) return readImport(start, start + 6);
      return skipTokens(start, false);
    case 108: // l
      return isWord(start, 'lazy') ? readLazy(start) : skipTokens(start, false);
    case 109: // m
      return isWord(start, 'match') ? readMatch(start, start + 5) : skipTokens(start, false);
    case 112: // p
      if (isWord(start, 'print')) checkPrint(start);
      return skipTokens(start, false);
    case 116: // t
      return three === TRY && endsAt(start + 3)
        ? readTry(start, start + 3, level)
        : skipTokens(start, false);
    default: // w
      if (four === WITH && endsAt(start + 4)) return readWith(start, start + 4);
      if (four === WHIL && isWord(start, 'while')) return readLoop(start, start + 5, level);
      return skipTokens(start, false);
  }
}

function endsAt(place: i32): bool {
  return !isWordByte(load<u8>(place));
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
