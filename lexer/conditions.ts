/** What headers ask: whether types are being checked, and whether an ImportError would be caught. */

import {
  BACKSLASH,
  CLOSE_ROUND,
  COMMA,
  DOT,
  HASH,
  isBlank,
  isNewline,
  isWord,
  isWordByte,
  OPEN_ROUND,
  STAR,
  startsWith,
} from './bytes';
import { findNewline } from './search';

export const NO: i32 = 0;
export const YES: i32 = 1;
export const NEGATED: i32 = 2;

/** The last letter of TYPE_CHECKING, and its length. */
const LAST_LETTER: u8 = 71;
const NAME_LENGTH: i32 = 13;
/** Longer tests and clauses than these are not looked at. */
const LONGEST_TEST: i32 = 200;
const LONGEST_CLAUSE: i32 = 2000;

/** Whether a test is `TYPE_CHECKING` alone, bare, qualified, in parentheses or after `not`. */
export function asksForTypeChecking(from: i32, to: i32): i32 {
  let end = to;
  while (end > from && isSpaceAround(load<u8>(end - 1))) end--;
  // One letter decides for almost every test.
  if (load<u8>(end - 1) !== LAST_LETTER || end - from > LONGEST_TEST) return NO;
  let place = skipAround(from);
  const isNegated = isWord(place, 'not') && isSpaceAround(load<u8>(place + 3));
  if (isNegated) place = skipAround(place + 3);
  const name = end - NAME_LENGTH;
  if (name < place || !startsWith(name, 'TYPE_CHECKING')) return NO;
  if (name > place && load<u8>(name - 1) !== DOT) return NO;
  for (; place < name; place++)
    if (load<u8>(place) !== DOT && !isAsciiWordByte(load<u8>(place))) return NO;
  return isNegated ? NEGATED : YES;
}

/** What may stand around a test: blanks and parentheses. */
function isSpaceAround(byte: u8): bool {
  return (
    isBlank(byte) ||
    isNewline(byte) ||
    byte === BACKSLASH ||
    byte === OPEN_ROUND ||
    byte === CLOSE_ROUND
  );
}

function skipAround(start: i32): i32 {
  let place = start;
  while (isSpaceAround(load<u8>(place))) place++;
  return place;
}

function isAsciiWordByte(byte: u8): bool {
  return byte < 128 && isWordByte(byte);
}

/** Whether what stands between `except` and its colon would catch an ImportError. */
export function swallowsImportError(from: i32, to: i32): bool {
  const end = min(to, from + LONGEST_CLAUSE);
  let place = skipInside(from, end);
  if (place < end && load<u8>(place) === STAR) place = skipInside(place + 1, end);
  // A bare `except` catches all.
  return place >= end || namesImportError(place, end, true);
}

/** Whether a `with` has an item `suppress(…)` that would catch an ImportError. */
export function suppressesImportError(from: i32, to: i32): bool {
  const end = min(to, from + LONGEST_CLAUSE);
  for (let place = from; place < end; place++) {
    // `su`: two letters decide for almost every place.
    if (load<u16>(place) !== 0x7573 || !isWord(place, 'suppress')) continue;
    if (isWordByte(load<u8>(place - 1))) continue;
    const open = skipInside(place + 8, end);
    if (load<u8>(open) === OPEN_ROUND && namesImportError(open + 1, end, false)) return true;
  }
  return false;
}

/**
 * Whether one of several types, parted by commas, is an exception that an ImportError is. An element counts where it is a
 * dotted name, which parentheses may stand around. Without `isClause` the parenthesis that is open at the start ends it.
 */
function namesImportError(start: i32, end: i32, isClause: bool): bool {
  let depth = 0;
  // Of the element so far: its last word swallows; it is more than a dotted name.
  let isCaught = false;
  let isOther = false;
  let isComplete = false;
  let isFound = false;
  let place = start;
  while ((place = skipInside(place, end)) < end) {
    const byte = load<u8>(place);
    if (isAsciiWordByte(byte)) {
      if (isComplete && isClause && isWord(place, 'as')) break;
      if (isComplete) isOther = true;
      isCaught = isSwallowing(place);
      isComplete = true;
      while (isAsciiWordByte(load<u8>(place))) place++;
      continue;
    }
    if (byte === DOT) isComplete = false;
    else if (byte === COMMA) {
      if (isCaught && !isOther) isFound = true;
      isCaught = false;
      isOther = false;
      isComplete = false;
    } else if (byte === OPEN_ROUND && isClause && !isComplete && !isOther) depth++;
    else if (byte === CLOSE_ROUND && depth > 0) depth--;
    else if (byte === CLOSE_ROUND && !isClause) return isFound || (isCaught && !isOther);
    // Something is called, added or chosen: what comes of it is not known.
    else if (isClause) return false;
    else isOther = true;
    place++;
  }
  return isClause && (isFound || (isCaught && !isOther));
}

function isSwallowing(place: i32): bool {
  return (
    isWord(place, 'ImportError') ||
    isWord(place, 'ModuleNotFoundError') ||
    isWord(place, 'Exception') ||
    isWord(place, 'BaseException')
  );
}

/** Blanks, newlines, comments and joined lines, up to an end. */
function skipInside(start: i32, end: i32): i32 {
  let place = start;
  while (place < end) {
    const byte = load<u8>(place);
    if (byte === HASH) place = findNewline(place);
    else if (isBlank(byte) || isNewline(byte) || byte === BACKSLASH) place++;
    else return place;
  }
  return end;
}
