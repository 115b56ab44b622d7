/**
 * The names, strings, comments and punctuation marks of a file as a table, for the few files where more than the imports
 * matters. Read by src/imports/lexer/token-table.ts, which has the same layout. Layout of Python is not told, nor are the
 * fields of f-strings: a string is one token, and ends with its line where it is not closed. Bytes outside ASCII are letters.
 */

import {
  BACKSLASH,
  CLOSE_ROUND,
  COLON,
  DOT,
  EQUALS,
  HASH,
  isBlank,
  isNewline,
  isQuote,
  isWordByte,
  NEWLINE,
  OPEN_ROUND,
  OPEN_SQUARE,
  PLUS,
  UNDERSCORE,
  VERTICAL_TAB,
} from './bytes';
import { mayBeOneOf } from './looks';
import { findEither, findNewline } from './search';
import { escapeWidth, isTripleAt } from './strings';

const MARK: i32 = 0;
const NAME: i32 = 1;
const STRING: i32 = 2;
const COMMENT: i32 = 3;

@unmanaged
class Token {
  kind: i32;
  /** Of a string: without prefix and quotes. */
  start: i32;
  end: i32;
  line: i32;
}

let next: usize = 0;

/** Writes the tokens between two places to the address of a table, and answers how many they are. Linear. */
export function readTokens(start: i32, end: i32, table: usize, withComments: bool): i32 {
  next = table;
  let line = 1;
  let place = isByteOrderMark(start) ? start + 3 : start;
  while (place < end) {
    const byte = load<u8>(place);
    if (isBlank(byte) || byte === BACKSLASH || byte === VERTICAL_TAB) place++;
    else if (isNewline(byte)) {
      if (endsLine(place)) line++;
      place++;
    } else if (byte === HASH) {
      const lineEnd = min(findNewline(place), end);
      if (withComments) addToken(COMMENT, place, lineEnd, line);
      place = lineEnd;
    } else {
      const wordEnd = isDigit(byte) ? place : endOfWord(place);
      if (isQuote(load<u8>(wordEnd)) && isStringPrefix(place, wordEnd) && wordEnd < end) {
        const stringEnd = readString(wordEnd, end, line);
        line += countLineEnds(wordEnd, stringEnd);
        place = stringEnd;
      } else if (wordEnd > place) {
        addToken(NAME, place, wordEnd, line);
        place = wordEnd;
      } else {
        addToken(MARK, place, place + 1, line);
        place++;
      }
    }
  }
  return <i32>((next - table) / offsetof<Token>());
}

function addToken(kind: i32, start: i32, end: i32, line: i32): void {
  const token = changetype<Token>(next);
  token.kind = kind;
  token.start = start;
  token.end = end;
  token.line = line;
  next += offsetof<Token>();
}

function isByteOrderMark(place: i32): bool {
  return load<u8>(place) === 0xef && load<u8>(place, 1) === 0xbb && load<u8>(place, 2) === 0xbf;
}

/** Of CR LF only the second byte ends a line. */
function endsLine(newline: i32): bool {
  return load<u8>(newline) === NEWLINE || load<u8>(newline, 1) !== NEWLINE;
}

function countLineEnds(start: i32, end: i32): i32 {
  let count = 0;
  for (let place = start; place < end; place++)
    if (isNewline(load<u8>(place)) && endsLine(place)) count++;
  return count;
}

function isDigit(byte: u8): bool {
  return byte >= 48 && byte <= 57;
}

function endOfWord(start: i32): i32 {
  let place = start;
  while (isWordByte(load<u8>(place))) place++;
  return place;
}

/** Whether the word between two places, which may be none, is a prefix of strings, or none at all. */
function isStringPrefix(start: i32, end: i32): bool {
  if (end === start) return true;
  const first = load<u8>(start) | 32;
  if (end - start === 1) return first === 117 || isRaw(first) || isBytesOrFields(first);
  if (end - start !== 2) return false;
  const second = load<u8>(start, 1) | 32;
  return (isRaw(first) && isBytesOrFields(second)) || (isBytesOrFields(first) && isRaw(second));
}

function isRaw(letter: u8): bool {
  return letter === 114;
}

/** b, f, t */
function isBytesOrFields(letter: u8): bool {
  return letter === 98 || letter === 102 || letter === 116;
}

/** Adds the string whose opening quote is at a place; answers what is behind it. */
function readString(quoteAt: i32, end: i32, line: i32): i32 {
  const quote = load<u8>(quoteAt);
  const isTriple = isTripleAt(quoteAt, quote);
  const width = isTriple ? 3 : 1;
  const content = quoteAt + width;
  const contentEnd = endOfContent(min(content, end), end, quote, isTriple);
  addToken(STRING, content, contentEnd, line);
  return contentEnd < end && load<u8>(contentEnd) === quote ? contentEnd + width : contentEnd;
}

function endOfContent(content: i32, end: i32, quote: u8, isTriple: bool): i32 {
  let place = content;
  while (place < end) {
    if (isTriple) place = findEither(place, quote, BACKSLASH, end);
    const byte = load<u8>(place);
    if (place >= end) break;
    if (byte === BACKSLASH) place += escapeWidth(place);
    else if (byte === quote && (!isTriple || isTripleAt(place, quote))) return place;
    else if (!isTriple && isNewline(byte)) return place;
    else place++;
  }
  return end;
}

// ---------------------------------------------------------------------------------------------------------------------
// Where something may be named

/**
 * Writes the indexes of tokens where a program or a module may be named to `out`, and answers how many they are: calls of
 * names with one of the LOOKS, names in capitals that something is assigned to (with `takesAll` all that is), values that may
 * be a command, and the classes of a logging configuration. src/references/python-references.ts decides.
 */
export function findNamed(table: usize, count: i32, out: usize, takesAll: bool): i32 {
  let found = out;
  for (let index = 0; index < count; index++) {
    const token = changetype<Token>(table + index * offsetof<Token>());
    const isFound =
      token.kind === NAME
        ? isNamingName(table, index, count, takesAll)
        : index >= 2 && isNamedValue(table, index);
    if (!isFound) continue;
    store<i32>(found, index);
    found += 4;
  }
  return <i32>((found - out) >> 2);
}

function tokenAt(table: usize, index: i32): Token {
  return changetype<Token>(table + index * offsetof<Token>());
}

/** The byte of a mark, 0 for what is none. */
function markAt(table: usize, index: i32, count: i32): u8 {
  if (index < 0 || index >= count) return 0;
  const token = tokenAt(table, index);
  return token.kind === MARK ? load<u8>(token.start) : 0;
}

function isNamingName(table: usize, index: i32, count: i32, takesAll: bool): bool {
  const token = tokenAt(table, index);
  const start = token.start;
  const end = token.end;
  const after = markAt(table, index + 1, count);
  if (after === OPEN_ROUND && mayBeOneOf(start, end)) return true;
  if (!takesAll && !mayBeSetting(start, end)) return false;
  return (
    after === EQUALS ||
    after === COLON ||
    after === PLUS ||
    after === DOT ||
    (after === OPEN_ROUND && markAt(table, index - 1, count) === DOT)
  );
}

/** Letters of `pytest_plugins`, which begins with a p; of the keys `()` and `class`. */
const PYTEST_PLUGINS: i32 = 14;
const FACTORY: i32 = 2;
const CLASS_KEY: i32 = 5;

/** Settings are in capitals, but for `pytest_plugins`: SETTINGS_NAME and CONSTANT of src/references/python-references.ts. */
function mayBeSetting(start: i32, end: i32): bool {
  const first = load<u8>(start);
  return (
    (isCapital(first) && isCapital(load<u8>(end - 1))) ||
    (first === 112 && end - start === PYTEST_PLUGINS)
  );
}

/** A letter that is not small, a digit, or the underscore. */
function isCapital(byte: u8): bool {
  return (byte >= 65 && byte <= 90) || byte === UNDERSCORE || isDigit(byte);
}

/** `= [`, `= "several words"`, `"class": "module.Class"`, `"()": …` */
function isNamedValue(table: usize, index: i32): bool {
  const token = tokenAt(table, index);
  const before = tokenAt(table, index - 1);
  if (before.kind !== MARK) return false;
  const mark = load<u8>(before.start);
  if (mark === EQUALS)
    return token.kind === STRING
      ? holdsBlank(token.start, token.end)
      : load<u8>(token.start) === OPEN_SQUARE;
  if (mark !== COLON || token.kind !== STRING) return false;
  const key = tokenAt(table, index - 2);
  if (key.kind !== STRING) return false;
  const length = key.end - key.start;
  return length === FACTORY ? load<u8>(key.start, 1) === CLOSE_ROUND : length === CLASS_KEY;
}

function holdsBlank(start: i32, end: i32): bool {
  for (let place = start; place < end; place++) {
    const byte = load<u8>(place);
    if (isBlank(byte) || isNewline(byte)) return true;
  }
  return false;
}
