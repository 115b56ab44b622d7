/** Strings without fields, passed over. */

import { BACKSLASH, isWordByte, NEWLINE, RETURN } from './bytes';
import { skipFormatted } from './formatted-strings';
import { report, scan, UNCLOSED_ON_LINE, UNCLOSED_STRING, UNCLOSED_TRIPLE } from './scan';
import { findEither, findPieceEnd } from './search';

/** Bits of a prefix. */
export const FORMATTED: i32 = 1;
export const RAW: i32 = 2;

/** The place after the string whose opening quote is at `start`. */
export function skipString(start: i32): i32 {
  const quote = load<u8>(start);
  const isTriple = isTripleAt(start, quote);
  if (!isTriple && load<u8>(start, 1) === quote) return start + 2;
  const prefix = readPrefix(start);
  if ((prefix & FORMATTED) !== 0 && scan.brokenFormatted < 3) {
    const end = skipFormatted(start, (prefix & RAW) !== 0, 0);
    if (end !== -1) return end;
    scan.brokenFormatted++;
  }
  return skipPlain(start, quote, isTriple);
}

/** The same for a string whose prefix says nothing of fields. */
export function skipPlain(start: i32, quote: u8, isTriple: bool): i32 {
  return isTriple ? skipTriple(start, quote) : skipSingle(start, quote);
}

/** Whether three quotes of a kind stand at a place. */
export function isTripleAt(place: i32, quote: u8): bool {
  return load<u8>(place) === quote && load<u8>(place, 1) === quote && load<u8>(place, 2) === quote;
}

/** The prefix of a string as bits; letters that belong to a longer word are none. */
export function readPrefix(quoteAt: i32): i32 {
  // b, f, r, t and u, of either case.
  const letter = (load<u8>(quoteAt - 1) | 32) - 97;
  return letter < 32 && ((1 << (<i32>letter)) & 0x1a0022) !== 0 ? readLetters(quoteAt) : 0;
}

function readLetters(quoteAt: i32): i32 {
  let bits = 0;
  let place = quoteAt - 1;
  for (; place >= scan.start && quoteAt - place <= 3; place--) {
    const letter = load<u8>(place) | 32;
    if (letter === 102 || letter === 116) bits |= FORMATTED;
    else if (letter === 114) bits |= RAW;
    else if (letter !== 98 && letter !== 117) break;
  }
  return place >= scan.start && isWordByte(load<u8>(place)) ? 0 : bits;
}

function skipSingle(start: i32, quote: u8): i32 {
  let place = start + 1;
  while (true) {
    place = findPieceEnd(place, quote, BACKSLASH, BACKSLASH);
    const byte = load<u8>(place);
    if (byte === quote) return place + 1;
    if (byte !== BACKSLASH) {
      report(UNCLOSED_ON_LINE, start);
      return place;
    }
    place += escapeWidth(place);
    if (place > scan.end) {
      report(UNCLOSED_STRING, start);
      return scan.end;
    }
  }
}

/** Bytes of a backslash and what it quotes; a CR LF is quoted whole. */
export function escapeWidth(place: i32): i32 {
  return load<u8>(place, 1) === RETURN && load<u8>(place, 2) === NEWLINE ? 3 : 2;
}

function skipTriple(start: i32, quote: u8): i32 {
  const content = start + 3;
  let place = findEither(content, quote, quote, scan.end);
  while (place < scan.end) {
    if (isTripleAt(place, quote) && !isEscaped(content, place)) return place + 3;
    place = findEither(place + 1, quote, quote, scan.end);
  }
  report(UNCLOSED_TRIPLE, start);
  return scan.end;
}

/** Whether an odd number of backslashes stands before a place. */
function isEscaped(from: i32, place: i32): bool {
  let position = place;
  while (position > from && load<u8>(position - 1) === BACKSLASH) position--;
  return ((place - position) & 1) === 1;
}
