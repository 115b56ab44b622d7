/** Statements that are no imports, passed over token by token. */

import { skipContinuation, skipSpace } from './blanks';
import {
  BACKSLASH,
  BANG,
  CLOSE_CURLY,
  CLOSE_ROUND,
  CLOSE_SQUARE,
  COLON,
  DOT,
  DOUBLE_QUOTE,
  EQUALS,
  HASH,
  isQuote,
  isWord,
  NEWLINE,
  OPEN_CURLY,
  OPEN_ROUND,
  OPEN_SQUARE,
  RETURN,
  SEMICOLON,
  SINGLE_QUOTE,
  SPACE,
  startsWith,
  TAB,
} from './bytes';
import { isImportWord, skipDottedName } from './import-statements';
import { checkImportingCall } from './importing-calls';
import {
  BAD_CHARACTER,
  DEEP_BRACKETS,
  DEEP_OPERATORS,
  NUL_BYTE,
  report,
  scan,
  TEMPLATE,
  UNCLOSED_BEFORE_IMPORT,
  UNCLOSED_BRACKET,
  UNOPENED_BRACKET,
  WRONG_BRACKET,
} from './scan';
import {
  BRACKET_STOPS,
  findNewline,
  findStop,
  HEADER_STOPS,
  skipSpaces,
  STATEMENT_STOPS,
} from './search';
import { skipString } from './strings';

/** CPython's own limit of brackets inside each other. */
const DEEPEST: i32 = 200;
/** The open brackets of the statement, each by the byte that closes it. */
const EXPECTED: usize = memory.data(200);
/** Operators in a row that CPython gives up on, and the length of a statement that is worth a look. */
const LONGEST_RUN: i32 = 2000;
const LONG_STATEMENT: i32 = 4096;

/**
 * Passes over tokens to the end of the statement: a newline outside brackets, a `;`, or for a header the first `:`
 * outside brackets. Answers where it stopped.
 */
export function skipTokens(start: i32, isHeader: bool): i32 {
  const outside = isHeader ? HEADER_STOPS : STATEMENT_STOPS;
  let stops = outside;
  let place = start;
  let depth = 0;
  let opened = start;
  while (true) {
    place = findStop(place, stops);
    const byte = load<u8>(place);
    switch (byte) {
      case NEWLINE:
      case RETURN: {
        if (depth === 0 || place >= scan.end) return endOfStatement(start, place, depth, opened);
        place = skipSpaces(place + 1);
        if (!startsImport(place)) break;
        report(UNCLOSED_BEFORE_IMPORT, opened);
        return lineBefore(place);
      }
      case OPEN_ROUND:
      case OPEN_SQUARE:
      case OPEN_CURLY:
        if (depth === 0) opened = place;
        openBracket(place, byte, depth);
        depth++;
        stops = BRACKET_STOPS;
        place++;
        break;
      case CLOSE_ROUND:
      case CLOSE_SQUARE:
      case CLOSE_CURLY:
        depth = closeBracket(place, byte, depth);
        if (depth === 0) stops = outside;
        place++;
        break;
      case DOUBLE_QUOTE:
      case SINGLE_QUOTE:
        place = skipString(place);
        break;
      case HASH:
        place = findNewline(place);
        break;
      case BACKSLASH:
        place = skipContinuation(place);
        break;
      case SEMICOLON:
        return place;
      case COLON:
        if (load<u8>(place, 1) !== EQUALS) return place;
        place++;
        break;
      default:
        checkStrange(place, byte);
        place++;
    }
  }
}

function endOfStatement(start: i32, place: i32, depth: i32, opened: i32): i32 {
  if (depth > 0) report(UNCLOSED_BRACKET, opened);
  if (place - start > LONG_STATEMENT) checkOperatorRun(start, place);
  return place;
}

function openBracket(place: i32, byte: u8, depth: i32): void {
  // In ASCII `)` follows `(` at once, `]` and `}` come two after their partner.
  if (depth < DEEPEST) store<u8>(EXPECTED + depth, byte + (byte === OPEN_ROUND ? 1 : 2));
  else if (depth === DEEPEST) report(DEEP_BRACKETS, place);
  if (byte === OPEN_ROUND) checkImportingCall(place);
  // `{%`
  else if (byte === OPEN_CURLY && load<u8>(place, 1) === 37) report(TEMPLATE, place);
}

function closeBracket(place: i32, byte: u8, depth: i32): i32 {
  if (depth === 0) {
    report(UNOPENED_BRACKET, place);
    return 0;
  }
  if (depth <= DEEPEST && load<u8>(EXPECTED + depth - 1) !== byte) report(WRONG_BRACKET, place);
  return depth - 1;
}

function checkStrange(place: i32, byte: u8): void {
  if (byte === BANG && load<u8>(place, 1) === EQUALS) return;
  report(byte === 0 ? NUL_BYTE : BAD_CHARACTER, place);
}

/** CPython gives up on expressions nested thousands deep; it is told, as for brackets. */
function checkOperatorRun(start: i32, end: i32): void {
  let run = 0;
  let longest = 0;
  for (let place = start; place < end; place++) {
    const byte = load<u8>(place);
    if (isQuote(byte)) return;
    // - + ~
    if (byte !== 45 && byte !== 43 && byte !== 126) run = 0;
    else run = run > 0 && load<u8>(place - 1) === byte ? run + 1 : 1;
    longest = max(longest, run);
  }
  if (longest >= LONGEST_RUN) report(DEEP_OPERATORS, start);
}

/** Whether a line inside brackets starts an import: `import` is a keyword, so the bracket was left open. */
function startsImport(start: i32): bool {
  const byte = load<u8>(start);
  // i, f or a tab
  return (byte === 105 || byte === 102 || byte === TAB) && isImportLine(start);
}

function isImportLine(start: i32): bool {
  let place = start;
  while (load<u8>(place) === SPACE || load<u8>(place) === TAB) place++;
  if (isWord(place, 'import')) return true;
  if (!startsWith(place, 'from ')) return false;
  place += 5;
  while (load<u8>(place) === DOT || load<u8>(place) === SPACE) place++;
  return isImportWord(skipSpace(skipDottedName(place)));
}

/** The newline that ends the line before the one that a place is on. */
function lineBefore(start: i32): i32 {
  let place = start - 1;
  while (load<u8>(place) === SPACE || load<u8>(place) === TAB) place--;
  return place;
}
