/**
 * What was found: one record of whole numbers after the other, behind the file in the memory. Read by
 * src/imports/lexer/records.ts, which has the same layout:
 *
 *   kind, size in bytes, line, context bits, dots before the module, then start and length of each name
 *
 * The first name of an import is its module. Starts are addresses. A length is negative where the name is not written as it
 * is meant: with letters outside ASCII, or with blanks in it.
 */

import { DOT, isWordByte, STAR } from './bytes';
import { mayBeOneOf } from './looks';
import { scan } from './scan';

export const IMPORT: i32 = 1;
/** An import by call; its names are the pieces of one literal. */
export const CALL: i32 = 2;
/** An import by call of a name that is not in the file. */
export const COMPUTED_CALL: i32 = 3;

@unmanaged
export class Record {
  kind: i32;
  size: i32;
  line: i32;
  bits: i32;
  level: i32;
}

@unmanaged
export class Span {
  start: i32;
  length: i32;
}

/** A page of memory, in bits. */
const PAGE: i32 = 16;

let first: usize = 0;
/** Where the record being written starts, and its end so far. */
let current: usize = 0;
let next: usize = 0;

/** Begins with no records, behind the file. */
export function clearRecords(place: usize): void {
  first = place;
  current = place;
  next = place;
}

export function firstRecord(): usize {
  return first;
}

/** Where the next record will start. */
export function recordsEnd(): usize {
  return current;
}

export function startRecord(kind: i32, line: i32, level: i32): void {
  next = current;
  makeRoom(offsetof<Record>());
  const record = changetype<Record>(current);
  record.kind = kind;
  record.line = line;
  record.bits = scan.bits;
  record.level = level;
  next = current + offsetof<Record>();
}

export function addSpan(start: i32, end: i32): void {
  makeRoom(offsetof<Span>());
  const span = changetype<Span>(next);
  span.start = start;
  span.length = isPlain(start, end) ? end - start : start - end;
  next += offsetof<Span>();
}

export function endRecord(): void {
  changetype<Record>(current).size = <i32>(next - current);
  current = next;
}

/** Forgets the record that was started last. */
export function dropRecord(): void {
  next = current;
}

/** Gives more context to the records between two places. */
export function markRecords(from: usize, to: usize, bits: i32): void {
  let place = from;
  while (place < to) {
    const record = changetype<Record>(place);
    record.bits |= bits;
    place += record.size;
  }
}

/** The next record from a place on whose module has one of the LOOKS, or 0. */
export function findLook(from: usize): usize {
  let place = from;
  while (place < current) {
    const record = changetype<Record>(place);
    const module = changetype<Span>(place + offsetof<Record>());
    if (record.kind !== COMPUTED_CALL && mayBeOneOf(module.start, module.start + module.length))
      return place;
    place += record.size;
  }
  return 0;
}

function isPlain(start: i32, end: i32): bool {
  for (let place = start; place < end; place++) {
    const byte = load<u8>(place);
    if (byte >= 128 || (byte !== DOT && byte !== STAR && !isWordByte(byte))) return false;
  }
  return true;
}

function makeRoom(bytes: usize): void {
  if (next + bytes > (<usize>memory.size()) << PAGE) memory.grow(1 << (PAGE - 12));
}
