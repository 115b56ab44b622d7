/**
 * f- and t-strings (PEP 701, 750). Expressions inside are read as code: they may hold strings with the same quote,
 * comments, newlines and imports by call. What is not closed as such a string is -1.
 */

import {
  BACKSLASH,
  CLOSE_CURLY,
  CLOSE_ROUND,
  CLOSE_SQUARE,
  COLON,
  EQUALS,
  HASH,
  isQuote,
  OPEN_CURLY,
  OPEN_ROUND,
  OPEN_SQUARE,
} from './bytes';
import { checkImportingCall } from './importing-calls';
import { scan } from './scan';
import { findEither, findNewline, findPieceEnd } from './search';
import { escapeWidth, FORMATTED, isTripleAt, RAW, readPrefix, skipPlain } from './strings';

/** CPython's own limit of f-strings inside each other. */
const DEEPEST: i32 = 150;
/** `N` of `\N{NAME}`, of which no name is longer than this. */
const NAMED: u8 = 78;
const LONGEST_NAME: i32 = 100;

/** The place after the string whose opening quote is at `start`. */
export function skipFormatted(start: i32, isRaw: bool, nesting: i32): i32 {
  const quote = load<u8>(start);
  const isTriple = isTripleAt(start, quote);
  let place = start + (isTriple ? 3 : 1);
  while (true) {
    place = findPieceEnd(place, quote, BACKSLASH, OPEN_CURLY);
    if (place >= scan.end) return -1;
    const byte = load<u8>(place);
    if (byte === quote) {
      if (!isTriple) return place + 1;
      if (isTripleAt(place, quote)) return place + 3;
      place++;
    } else if (byte === BACKSLASH) place = skipEscape(place, isRaw);
    else if (byte === OPEN_CURLY) {
      if (load<u8>(place, 1) === OPEN_CURLY) place += 2;
      else {
        place = skipField(place + 1, nesting + 1);
        if (place === -1) return -1;
      }
    } else if (!isTriple) return -1;
    else place++;
  }
}

function skipEscape(place: i32, isRaw: bool): i32 {
  const next = load<u8>(place, 1);
  if (!isRaw && next === NAMED && load<u8>(place, 2) === OPEN_CURLY) {
    const close = findEither(place, CLOSE_CURLY, CLOSE_CURLY, scan.end);
    return close === scan.end || close - place > LONGEST_NAME ? place + 2 : close + 1;
  }
  // `\{` is a backslash and then a field.
  return next === OPEN_CURLY ? place + 1 : place + escapeWidth(place);
}

/** The place after a replacement field, from behind its `{`. */
function skipField(start: i32, nesting: i32): i32 {
  if (nesting > DEEPEST) return -1;
  let depth = 0;
  let place = start;
  while (place < scan.end) {
    const byte = load<u8>(place);
    if (isQuote(byte)) {
      place = skipNestedString(place, nesting);
      if (place === -1) return -1;
      continue;
    }
    if (byte === HASH) {
      place = findNewline(place);
      continue;
    }
    if (byte === OPEN_ROUND || byte === OPEN_SQUARE || byte === OPEN_CURLY) {
      depth++;
      if (byte === OPEN_ROUND) checkImportingCall(place);
    } else if (byte === CLOSE_ROUND || byte === CLOSE_SQUARE || byte === CLOSE_CURLY) {
      if (depth === 0) return byte === CLOSE_CURLY ? place + 1 : -1;
      depth--;
    } else if (byte === COLON && depth === 0 && load<u8>(place, 1) !== EQUALS)
      return skipSpecification(place + 1, nesting);
    place++;
  }
  return -1;
}

/** The place after the string inside a field. */
function skipNestedString(start: i32, nesting: i32): i32 {
  const quote = load<u8>(start);
  const isTriple = isTripleAt(start, quote);
  if (!isTriple && load<u8>(start, 1) === quote) return start + 2;
  const prefix = readPrefix(start);
  if ((prefix & FORMATTED) !== 0) return skipFormatted(start, (prefix & RAW) !== 0, nesting);
  const before = scan.problem;
  const end = skipPlain(start, quote, isTriple);
  if (scan.problem === before) return end;
  scan.problem = before;
  return -1;
}

/** What follows the `:` of a field: text with fields in it, up to the `}` of the field. */
function skipSpecification(start: i32, nesting: i32): i32 {
  let place = start;
  while (place < scan.end) {
    place = findEither(place, CLOSE_CURLY, OPEN_CURLY, scan.end);
    if (place === scan.end) break;
    if (load<u8>(place) === CLOSE_CURLY) return place + 1;
    place = skipField(place + 1, nesting + 1);
    if (place === -1) return -1;
  }
  return -1;
}
