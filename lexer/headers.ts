/** Statements that open a block: up to their colon. The body gets the context that the header gives. */

import { skipSpace } from './blanks';
import {
  CLOSE_CURLY,
  CLOSE_ROUND,
  CLOSE_SQUARE,
  COLON,
  HASH,
  isNewline,
  isQuote,
  isWord,
  isWordByte,
  OPEN_CURLY,
  OPEN_ROUND,
  OPEN_SQUARE,
  startsWith,
} from './bytes';
import {
  asksForTypeChecking,
  NEGATED,
  suppressesImportError,
  swallowsImportError,
  YES,
} from './conditions';
import { IF_CHAIN, Level, LOOP_CHAIN, TRY_CHAIN } from './levels';
import { markRecords, recordsEnd } from './records';
import {
  CLASS,
  FUNCTION,
  HANDLER,
  IF,
  INSISTED,
  MISSING_COLON,
  report,
  scan,
  TRY,
  TYPE_CHECKING,
} from './scan';
import { findNewline } from './search';
import { skipString } from './strings';
import { skipTokens } from './tokens';

/** More of a Cython header than this is not looked at. */
const LONGEST_CYTHON: i32 = 400;

/** Any header whose body gets `bits`, from behind its word. */
export function readHeader(start: i32, wordEnd: i32, bits: i32): i32 {
  return openBody(start, findHeaderEnd(wordEnd), bits);
}

function openBody(start: i32, colon: i32, bits: i32): i32 {
  if (load<u8>(colon) !== COLON) {
    report(MISSING_COLON, start);
    return colon;
  }
  scan.bits |= bits;
  scan.header = start;
  scan.headerBits = scan.bits;
  scan.headerIsMatch = false;
  scan.handledStart = 0;
  scan.handledEnd = 0;
  return colon;
}

/** The `:` that ends a header: those of lambdas are passed over. */
function findHeaderEnd(from: i32): i32 {
  let place = skipTokens(from, true);
  // The body of a lambda stands on its line: a colon at the end of a line ends the header.
  if (load<u8>(place) !== COLON || isLineEnd(place + 1)) return place;
  if (!holdsLambda(from, place)) return place;
  let colons = 1;
  while (load<u8>(place) === COLON && countOuterLambdas(from, place) >= colons) {
    place = skipTokens(place + 1, true);
    colons++;
  }
  return place;
}

function isLineEnd(from: i32): bool {
  const byte = load<u8>(skipSpace(from));
  return isNewline(byte) || byte === HASH;
}

/** Whether the word is there at all, in a string too: a plain search before the tokens are looked at. */
function holdsLambda(from: i32, to: i32): bool {
  for (let place = from; place < to; place++)
    if (load<u8>(place) === 98 && startsWith(place - 3, 'lambda')) return true;
  return false;
}

/** Lambdas outside brackets and strings between two places of one header. */
function countOuterLambdas(from: i32, to: i32): i32 {
  let depth = 0;
  let count = 0;
  let place = from;
  while (place < to) {
    const byte = load<u8>(place);
    if (isQuote(byte)) {
      place = skipString(place);
      continue;
    }
    if (byte === HASH) place = findNewline(place);
    else if (byte === OPEN_ROUND || byte === OPEN_SQUARE || byte === OPEN_CURLY) depth++;
    else if (byte === CLOSE_ROUND || byte === CLOSE_SQUARE || byte === CLOSE_CURLY) depth--;
    else if (depth === 0 && isWord(place, 'lambda') && !isWordByte(load<u8>(place - 1))) count++;
    place++;
  }
  return count;
}

/** `def`, whose name is no call. */
export function readDefinition(start: i32, wordEnd: i32): i32 {
  let nameEnd = skipSpace(wordEnd);
  while (isWordByte(load<u8>(nameEnd))) nameEnd++;
  scan.definitionEnd = nameEnd;
  return readHeader(start, nameEnd, FUNCTION);
}

/** `cdef` and `cpdef` of Cython: a function, a class, a block of declarations or a variable. */
export function readCythonDefinition(start: i32, wordEnd: i32): i32 {
  const colon = skipTokens(wordEnd, true);
  if (load<u8>(colon) !== COLON) return colon;
  const word = skipSpace(wordEnd);
  if (isWord(word, 'class')) return openBody(start, colon, CLASS);
  for (let place = wordEnd; place < min(colon, wordEnd + LONGEST_CYTHON); place++)
    if (load<u8>(place) === OPEN_ROUND) return openBody(start, colon, FUNCTION);
  return openBody(start, colon, 0);
}

/** `for` and `while`. */
export function readLoop(start: i32, wordEnd: i32, level: Level): i32 {
  level.chain = LOOP_CHAIN;
  level.elseBits = IF;
  return readHeader(start, wordEnd, IF);
}

/** `if` and `elif`: a chain carries what it has ruled out into its later branches. */
export function readIf(start: i32, wordEnd: i32, level: Level): i32 {
  const isFirst = wordEnd - start === 2;
  const inherited = isFirst ? 0 : level.elseBits;
  level.chain = IF_CHAIN;
  const colon = findHeaderEnd(wordEnd);
  const checking = asksForTypeChecking(wordEnd, colon);
  level.elseBits = inherited | (checking === NEGATED ? TYPE_CHECKING : IF);
  return openBody(start, colon, inherited | (checking === YES ? TYPE_CHECKING : IF));
}

/** `else` of an `if`, a loop or a `try`. */
export function readElse(start: i32, wordEnd: i32, level: Level): i32 {
  const isOfTry = level.chain === TRY_CHAIN;
  if (isOfTry) closeTryBody(level);
  return readHeader(start, wordEnd, isOfTry ? 0 : level.elseBits);
}

/** `try`: whether its body is guarded is told by its handlers, which come later. */
export function readTry(start: i32, wordEnd: i32, level: Level): i32 {
  level.chain = TRY_CHAIN;
  level.tryStart = recordsEnd();
  level.tryEnd = 0;
  return readHeader(start, wordEnd, 0);
}

function closeTryBody(level: Level): void {
  if (level.tryEnd === 0) level.tryEnd = recordsEnd();
}

export function readFinally(start: i32, wordEnd: i32, level: Level): i32 {
  closeTryBody(level);
  return readHeader(start, wordEnd, 0);
}

export function readExcept(start: i32, wordEnd: i32, level: Level): i32 {
  closeTryBody(level);
  const colon = findHeaderEnd(wordEnd);
  const holdsImports = level.chain === TRY_CHAIN && level.tryEnd > level.tryStart;
  if (!holdsImports || !swallowsImportError(wordEnd, colon)) return openBody(start, colon, HANDLER);
  const from = level.tryStart;
  markRecords(from, level.tryEnd, TRY);
  // No further handler has to do it again.
  level.tryStart = level.tryEnd;
  const end = openBody(start, colon, HANDLER);
  scan.handledStart = from;
  scan.handledEnd = level.tryEnd;
  // The body may stand on the same line.
  if (load<u8>(colon) === COLON) checkInsistence(skipSpace(colon + 1), from, level.tryEnd);
  return end;
}

/** A statement of a handler: one that ends what is imported makes the handler no way out. */
export function checkInsistence(start: i32, from: usize, to: usize): void {
  const ends =
    isWord(start, 'raise') ||
    startsWith(start, 'sys.exit(') ||
    startsWith(start, 'os._exit(') ||
    startsWith(start, 'exit(') ||
    startsWith(start, 'quit(');
  if (ends) markRecords(from, to, INSISTED);
}

export function readWith(start: i32, wordEnd: i32): i32 {
  const colon = findHeaderEnd(wordEnd);
  return openBody(start, colon, suppressesImportError(wordEnd, colon) ? TRY : 0);
}

/** `match` is a statement only where a colon ends the line: `match: int = 1` and `match(x)` are not. */
export function readMatch(start: i32, wordEnd: i32): i32 {
  if (load<u8>(skipSpace(wordEnd)) === COLON) return skipTokens(wordEnd, false);
  const colon = findHeaderEnd(wordEnd);
  if (load<u8>(colon) !== COLON) return colon;
  if (!isLineEnd(colon + 1)) return skipTokens(colon + 1, false);
  openBody(start, colon, IF);
  scan.headerIsMatch = true;
  return colon;
}
