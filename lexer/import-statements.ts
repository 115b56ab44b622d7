/** `import …` and `from … import …`. Answers where the statement ends, as all readers of statements do. */

import { skip, skipBlank, skipSpace } from './blanks';
import {
  CLOSE_ROUND,
  COMMA,
  DOT,
  HASH,
  isNewline,
  isWord,
  isWordByte,
  OPEN_ROUND,
  SEMICOLON,
  STAR,
} from './bytes';
import { addSpan, dropRecord, endRecord, IMPORT, startRecord } from './records';
import { BAD_IMPORT, lineAt, report, scan } from './scan';
import { findNewline } from './search';
import { skipTokens } from './tokens';

/** Reads from behind the word `import` that stands at `start`. */
export function readImport(start: i32, wordEnd: i32): i32 {
  const line = lineAt(start);
  let place = skipSpace(wordEnd);
  while (true) {
    const nameEnd = skipDottedName(place);
    if (nameEnd === place) return badImport(start, place);
    startRecord(IMPORT, line, 0);
    addSpan(place, nameEnd);
    endRecord();
    place = skipAlias(skipSpace(nameEnd), false);
    if (load<u8>(place) !== COMMA) break;
    place = skipSpace(place + 1);
  }
  return endOfImport(start, place);
}

/** Reads from behind the word `from` that stands at `start`. */
export function readFrom(start: i32, wordEnd: i32): i32 {
  const line = lineAt(start);
  let level = 0;
  let place = skipSpace(wordEnd);
  while (load<u8>(place) === DOT) {
    level++;
    place = skipSpace(place + 1);
  }
  // `from . import x`: the word after the dots is the keyword, not a module.
  const nameEnd = isImportWord(place) ? place : skipDottedName(place);
  if (nameEnd === place && level === 0) return badImport(start, place);
  const keyword = skipSpace(nameEnd);
  if (!isImportWord(keyword)) return badImport(start, keyword);
  startRecord(IMPORT, line, level);
  addSpan(place, nameEnd);
  place = skipSpace(endOfWord(keyword));
  if (load<u8>(place) === STAR) {
    addSpan(place, place + 1);
    endRecord();
    return endOfImport(start, skipSpace(place + 1));
  }
  const isOpen = load<u8>(place) === OPEN_ROUND;
  const from = isOpen ? skipBlank(place + 1) : place;
  const after = readNames(from, isOpen);
  const hasNames = after > from && isWordByte(load<u8>(from));
  if (hasNames) endRecord();
  else dropRecord();
  if (isOpen ? load<u8>(after) !== CLOSE_ROUND : !hasNames) return badImport(start, after);
  return endOfImport(start, isOpen ? skipSpace(after + 1) : after);
}

/** Whether the keyword is at a place; Cython has two of them. */
export function isImportWord(place: i32): bool {
  return isWord(place, 'import') || (scan.isCython && isWord(place, 'cimport'));
}

/** Adds the names of a from-import, up to what is no name. */
function readNames(start: i32, isOpen: bool): i32 {
  let place = start;
  while (true) {
    const nameEnd = endOfWord(place);
    if (nameEnd === place) return place;
    addSpan(place, nameEnd);
    place = skipAlias(skip(nameEnd, isOpen), isOpen);
    if (load<u8>(place) !== COMMA) return place;
    place = skip(place + 1, isOpen);
  }
}

function endOfWord(start: i32): i32 {
  let place = start;
  while (isWordByte(load<u8>(place))) place++;
  return place;
}

/** The end of `a.b.c`; blanks around the dots are allowed by Python. */
export function skipDottedName(start: i32): i32 {
  let end = start;
  while (true) {
    const wordEnd = endOfWord(end);
    if (wordEnd === end) return end;
    const dot = skipSpace(wordEnd);
    if (load<u8>(dot) !== DOT) return wordEnd;
    end = skipSpace(dot + 1);
  }
}

function skipAlias(place: i32, insideBrackets: bool): i32 {
  if (!isWord(place, 'as')) return place;
  return skip(endOfWord(skip(place + 2, insideBrackets)), insideBrackets);
}

/** The import is over: only a comment, `;` or the end of the line may follow. */
function endOfImport(start: i32, place: i32): i32 {
  const byte = load<u8>(place);
  if (isNewline(byte) || byte === SEMICOLON) return place;
  return byte === HASH ? findNewline(place) : badImport(start, place);
}

function badImport(start: i32, place: i32): i32 {
  report(BAD_IMPORT, start);
  return skipTokens(place, false);
}
