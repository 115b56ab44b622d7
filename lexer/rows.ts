/**
 * The records as rows of the report of `scan --json`: a tree has hundreds of thousands, and here each is copied only once.
 * The bytes are those that src/report/json.ts writes; test/report/scan-json.test.ts holds the two beside each other.
 */

import { DOT } from './bytes';
import { CALL, COMPUTED_CALL, firstRecord, Record, recordsEnd, Span } from './records';
import { CLASS, FUNCTION, IF, scan, TEST, TRY, TYPE_CHECKING } from './scan';

/** What a row takes beside its path and names, and a name beside its letters, at most. */
const ROW_BYTES: usize = 480;
const NAME_BYTES: usize = 16;
const PAGE_BITS: i32 = 16;
const ZERO: u8 = 48;

let out: usize = 0;

/** Where the path of the file is to be put: the rows follow it. */
export function rowsPlace(): usize {
  return recordsEnd();
}

/**
 * Writes a row for each record; answers where they end. 0 where some row is to be written by other means: its names are not
 * written as they are meant, its lines do not ascend, or there is no room.
 */
export function writeRows(pathBytes: usize): usize {
  if (!canWrite(pathBytes)) return 0;
  const path = rowsPlace();
  out = path + pathBytes;
  let place = firstRecord();
  while (place < path) {
    const record = changetype<Record>(place);
    if (record.kind !== COMPUTED_CALL) writeRow(record, place, path, pathBytes);
    place += record.size;
  }
  return out;
}

function canWrite(pathBytes: usize): bool {
  const end = recordsEnd();
  let needed = pathBytes + (scan.end - scan.start);
  let line = 0;
  let place = firstRecord();
  while (place < end) {
    const record = changetype<Record>(place);
    const next = place + record.size;
    if (record.line < line) return false;
    line = record.line;
    let span = place + offsetof<Record>();
    // A literal of several pieces is not one name.
    if (record.kind === CALL && next > span + offsetof<Span>()) return false;
    needed += ROW_BYTES + pathBytes;
    for (; span < next; span += offsetof<Span>()) {
      if (changetype<Span>(span).length < 0) return false;
      needed += NAME_BYTES;
    }
    place = next;
  }
  return end + needed <= (<usize>memory.size()) << PAGE_BITS;
}

function writeRow(record: Record, place: usize, path: usize, pathBytes: usize): void {
  put(',\n    {\n      "path": "');
  copy(path, pathBytes);
  put('",\n      "line": ');
  putNumber(record.line);
  put(',\n      "module": "');
  const names = place + offsetof<Record>();
  const isCall = record.kind === CALL;
  // The dots of a module that is called for are in its literal.
  const level = isCall ? dotsOf(changetype<Span>(names)) : record.level;
  putName(changetype<Span>(names), isCall ? level : 0);
  put('",\n      "level": ');
  putNumber(level);
  put(',\n      "names": [');
  const end = place + record.size;
  for (let span = names + offsetof<Span>(); span < end; span += offsetof<Span>()) {
    put(span === names + offsetof<Span>() ? '\n        "' : '",\n        "');
    putName(changetype<Span>(span), 0);
  }
  if (end > names + offsetof<Span>()) put('"\n      ');
  put('],\n      "context": [');
  putContext(record.bits);
  put(isCall ? '],\n      "dynamic": true\n    }' : '],\n      "dynamic": false\n    }');
}

function putContext(bits: i32): void {
  const start = out;
  if ((bits & FUNCTION) !== 0) put('\n        "function",');
  if ((bits & CLASS) !== 0) put('\n        "class",');
  if ((bits & TRY) !== 0) put('\n        "try",');
  if ((bits & IF) !== 0) put('\n        "if",');
  if ((bits & TYPE_CHECKING) !== 0) put('\n        "type-checking",');
  if ((bits & TEST) !== 0) put('\n        "test",');
  if (out === start) return;
  // The last one is without its comma.
  out--;
  put('\n      ');
}

function dotsOf(span: Span): i32 {
  let level = 0;
  while (level < span.length && load<u8>(span.start + level) === DOT) level++;
  return level;
}

function putName(span: Span, skipped: i32): void {
  copy(<usize>(span.start + skipped), <usize>(span.length - skipped));
}

/** In steps, of which the last may write on: there is room, and what follows comes later. */
function copy(from: usize, length: usize): void {
  for (let index: usize = 0; index < length; index += 8)
    store<u64>(out + index, load<u64>(from + index));
  out += length;
}

/** The same for a text of ASCII, whose characters take two bytes each. */
function put(text: string): void {
  const length = text.length;
  if (ASC_FEATURE_SIMD) {
    const from = changetype<usize>(text);
    for (let index = 0; index < length; index += 8) {
      const characters = v128.load(from + ((<usize>index) << 1));
      store<u64>(out + index, i64x2.extract_lane(i8x16.narrow_i16x8_u(characters, characters), 0));
    }
  } else {
    for (let index = 0; index < length; index++) store<u8>(out + index, <u8>text.charCodeAt(index));
  }
  out += length;
}

function putNumber(value: i32): void {
  let digits = 1;
  for (let rest = value; rest >= 10; rest /= 10) digits++;
  let rest = value;
  for (let index = digits - 1; index >= 0; index--) {
    store<u8>(out + index, ZERO + <u8>(rest % 10));
    rest /= 10;
  }
  out += digits;
}
