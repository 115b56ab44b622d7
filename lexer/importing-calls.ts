/** Imports by call: import_module, __import__, importorskip and find_spec. */

import {
  BACKSLASH,
  CLOSE_ROUND,
  COMMA,
  DOT,
  isQuote,
  isWordByte,
  SPACE,
  startsWith,
  TAB,
} from './bytes';
import { skipBlank } from './blanks';
import { addSpan, CALL, COMPUTED_CALL, dropRecord, endRecord, startRecord } from './records';
import { lineAt, scan } from './scan';
import { isTripleAt, skipPlain } from './strings';

/** The shortest of the names has nine letters. */
const SHORTEST_NAME: i32 = 9;
/** A name of a module is not longer, in bytes. */
const LONGEST_LITERAL: i32 = 500;

/** Reads the call at an opening parenthesis, where it is one of those. */
export function checkImportingCall(parenthesis: i32): void {
  const last = load<u8>(parenthesis - 1);
  // Their last letters, and blanks: one byte decides for most of the calls.
  if (last === 101 || last === 95 || last === 112 || last === 99 || last === SPACE || last === TAB)
    readCall(parenthesis);
}

function readCall(parenthesis: i32): void {
  let nameEnd = parenthesis;
  while (nameEnd > scan.start && isSpaceOrTab(load<u8>(nameEnd - 1))) nameEnd--;
  const length = nameEnd - scan.start < SHORTEST_NAME ? 0 : nameLength(nameEnd);
  if (length === 0 || nameEnd === scan.definitionEnd) return;
  const nameStart = nameEnd - length;
  if (nameStart > scan.start && isWordByte(load<u8>(nameStart - 1))) return;
  const line = lineAt(startOfDottedName(nameStart));
  startRecord(CALL, line, 0);
  if (readLiteral(skipBlank(parenthesis + 1))) endRecord();
  else {
    dropRecord();
    // find_spec of a computed name only asks whether something is there.
    if (length === SHORTEST_NAME) return;
    startRecord(COMPUTED_CALL, line, 0);
    endRecord();
    scan.hasComputed = true;
  }
}

function isSpaceOrTab(byte: u8): bool {
  return byte === SPACE || byte === TAB;
}

/** Letters of the importing function whose name ends at a place, 0 where there is none. */
function nameLength(end: i32): i32 {
  // The last eight letters of the names, as the machine loads them.
  switch (load<u64>(end - 8)) {
    case 0x656c75646f6d5f74: // t_module
      return startsWith(end - 13, 'impor') ? 13 : 0;
    case 0x5f5f74726f706d69: // import__
      return startsWith(end - 10, '__') ? 10 : 0;
    case 0x70696b73726f7472: // rtorskip
      return startsWith(end - 12, 'impo') ? 12 : 0;
    case 0x636570735f646e69: // ind_spec
      return startsWith(end - 9, 'f') ? 9 : 0;
    default:
      return 0;
  }
}

function startOfDottedName(from: i32): i32 {
  let place = from;
  while (place > scan.start && (load<u8>(place - 1) === DOT || isWordByte(load<u8>(place - 1))))
    place--;
  return place;
}

/** Adds the pieces of a first argument that is a plain string literal; false for any other. */
function readLiteral(start: i32): bool {
  let place = startsWith(start, 'name=') ? start + 5 : start;
  let isLiteral = false;
  while (true) {
    const letter = load<u8>(place) | 32;
    if ((letter === 114 || letter === 117) && isQuote(load<u8>(place, 1))) place++;
    const quote = load<u8>(place);
    if (place >= scan.end || !isQuote(quote)) break;
    const isTriple = isTripleAt(place, quote);
    const before = scan.problem;
    const end = skipPlain(place, quote, isTriple);
    if (scan.problem !== before) return false;
    const width = isTriple ? 3 : 1;
    const pieceEnd = max(end - width, place + width);
    if (!isPlainPiece(place + width, pieceEnd)) return false;
    addSpan(place + width, pieceEnd);
    isLiteral = true;
    place = skipBlank(end);
  }
  const after = load<u8>(place);
  return isLiteral && (after === COMMA || after === CLOSE_ROUND);
}

function isPlainPiece(start: i32, end: i32): bool {
  if (end - start > LONGEST_LITERAL) return false;
  for (let place = start; place < end; place++) if (load<u8>(place) === BACKSLASH) return false;
  return true;
}
