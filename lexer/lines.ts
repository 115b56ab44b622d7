/** Lines: their indentation, and the statements on them. */

import {
  COLON,
  FORM_FEED,
  HASH,
  isBlank,
  isNewline,
  SEMICOLON,
  SPACE,
  startsWith,
  TAB,
} from './bytes';
import { clearLevels, Level, popLevels, pushLevel } from './levels';
import {
  BAD_DEDENT,
  MISSING_BLOCK,
  report,
  scan,
  TABS_AND_SPACES,
  UNEXPECTED_INDENT,
} from './scan';
import { findNewline, skipSpaces } from './search';
import { readStatement } from './statements';

/** Of the line being read: its column, and the one with tabs counted as 1. */
let column: i32 = 0;
let alternateColumn: i32 = 0;

/** Reads a whole file, whose statements have a context. */
export function readLines(start: i32, bits: i32): void {
  let level = clearLevels(bits);
  let place = start;
  while (place < scan.end) {
    const lineStart = place;
    place = skipSpaces(place);
    let byte = load<u8>(place);
    column = place - lineStart;
    alternateColumn = column;
    if (byte === TAB || byte === FORM_FEED) {
      place = measureIndentation(lineStart);
      byte = load<u8>(place);
    }
    if (isNewline(byte)) place++;
    else if (byte === HASH) {
      if (load<u8>(place, 2) === 47 && startsWith(place, '# /// script')) scan.mayHoldScript = true;
      place = findNewline(place) + 1;
    } else {
      level = enterLevel(level, lineStart);
      scan.bits = level.bits;
      place = readLogicalLine(place, level);
    }
  }
  if (scan.header !== 0) report(MISSING_BLOCK, scan.header);
}

/** The level of the line being read, which follows a line of another one. */
function enterLevel(current: Level, lineStart: i32): Level {
  if (column > current.column) {
    const isBody = scan.header !== 0;
    if (!isBody) report(UNEXPECTED_INDENT, lineStart);
    const bits = isBody ? scan.headerBits : current.bits;
    const level = pushLevel(column, alternateColumn, bits, isBody && scan.headerIsMatch);
    if (isBody) {
      level.handledStart = scan.handledStart;
      level.handledEnd = scan.handledEnd;
    }
    return level;
  }
  if (scan.header !== 0) report(MISSING_BLOCK, scan.header);
  const level = popLevels(column);
  if (column !== level.column) report(BAD_DEDENT, lineStart);
  else if (alternateColumn !== level.alternateColumn) report(TABS_AND_SPACES, lineStart);
  return level;
}

/** Measures an indentation that is not of spaces alone; answers its end. */
function measureIndentation(start: i32): i32 {
  column = 0;
  alternateColumn = 0;
  let place = start;
  while (true) {
    const byte = load<u8>(place);
    if (byte === SPACE) {
      column++;
      alternateColumn++;
    } else if (byte === TAB) {
      column = (column | 7) + 1;
      alternateColumn++;
    } else if (byte === FORM_FEED) {
      column = 0;
      alternateColumn = 0;
    } else return place;
    place++;
  }
}

/** Reads the statements up to the end of the line; answers the start of the next one. */
function readLogicalLine(start: i32, level: Level): i32 {
  let place = start;
  while (true) {
    scan.header = 0;
    place = readStatement(place, level);
    let byte = load<u8>(place);
    if (byte === SEMICOLON || byte === COLON) {
      // After `;`, or after the `:` of a header whose body is on the same line.
      byte = load<u8>(++place);
      while (isBlank(byte)) byte = load<u8>(++place);
      if (byte === HASH) place = findNewline(place);
      else if (!isNewline(byte)) continue;
    }
    return place < scan.end ? place + 1 : scan.end;
  }
}
