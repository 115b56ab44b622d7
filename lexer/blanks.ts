/** What stands between tokens. */

import { BACKSLASH, HASH, isBlank, isNewline, NEWLINE, RETURN } from './bytes';
import { BAD_CONTINUATION, END_AFTER_BACKSLASH, report, scan } from './scan';
import { findNewline } from './search';

/** The place after a backslash and the newline that it takes away. */
export function skipContinuation(place: i32): i32 {
  const next = load<u8>(place, 1);
  if (place + 1 >= scan.end) {
    report(END_AFTER_BACKSLASH, place);
    return scan.end;
  }
  if (next === RETURN && load<u8>(place, 2) === NEWLINE) return min(place + 3, scan.end);
  if (isNewline(next)) return place + 2;
  report(BAD_CONTINUATION, place);
  return place + 1;
}

/** Blanks and joined lines. */
export function skipSpace(start: i32): i32 {
  let place = start;
  while (true) {
    const byte = load<u8>(place);
    if (isBlank(byte)) place++;
    else if (byte === BACKSLASH && place + 1 < scan.end && isNewline(load<u8>(place, 1)))
      place = skipContinuation(place);
    else return place;
  }
}

/** Blanks, newlines and comments: what brackets allow between tokens. */
export function skipBlank(start: i32): i32 {
  let place = start;
  while (place < scan.end) {
    const byte = load<u8>(place);
    if (byte === HASH) place = findNewline(place);
    else if (isBlank(byte) || isNewline(byte)) place++;
    else if (byte === BACKSLASH) place = skipContinuation(place);
    else return place;
  }
  return scan.end;
}

/** What the place allows: all blanks inside brackets, those of one line outside. */
export function skip(place: i32, insideBrackets: bool): i32 {
  return insideBrackets ? skipBlank(place) : skipSpace(place);
}
