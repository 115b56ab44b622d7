/**
 * Searches for bytes, sixteen at a time where the processor can: this is where most of a scan's time goes. There is a
 * newline behind every file, so that each search ends. Built twice, as not every processor has such instructions.
 */

import { NEWLINE, RETURN, SPACE } from './bytes';

/** All bits of a mask of sixteen. */
const ALL: i32 = 0xffff;

// A byte is a stop where the entries of its two halves share a bit. The bits stand for the upper halves:
//   0x: NUL \n \r    2x: ! " # $ ' ( )    3x: : ; ?    5x: [ \ ]    6x: `    7x: { }
const UPPER_HALVES: usize = memory.data<u8>([1, 0, 2, 4, 0, 8, 16, 32, 0, 0, 0, 0, 0, 0, 0, 0], 16);

/** What may end a header. */
export const HEADER_STOPS: usize = memory.data<u8>(
  [17, 2, 2, 2, 2, 0, 0, 2, 2, 2, 5, 44, 8, 41, 0, 4],
  16,
);
/** What may end a statement that is no header: no `:`. */
export const STATEMENT_STOPS: usize = memory.data<u8>(
  [17, 2, 2, 2, 2, 0, 0, 2, 2, 2, 1, 44, 8, 41, 0, 4],
  16,
);
/** What matters inside brackets: neither `:` nor `;`. */
export const BRACKET_STOPS: usize = memory.data<u8>(
  [17, 2, 2, 2, 2, 0, 0, 2, 2, 2, 1, 40, 8, 41, 0, 4],
  16,
);

/** The next byte that one of the tables above names. */
export function findStop(start: i32, stops: usize): i32 {
  let position = start;
  if (ASC_FEATURE_SIMD) {
    const lower = v128.load(stops);
    const upper = v128.load(UPPER_HALVES);
    while (true) {
      const bytes = v128.load(position);
      const shared = v128.and(
        i8x16.swizzle(lower, v128.and(bytes, i8x16.splat(15))),
        i8x16.swizzle(upper, i8x16.shr_u(bytes, 4)),
      );
      const others = i8x16.bitmask(i8x16.eq(shared, i8x16.splat(0)));
      if (others !== ALL) return position + ctz(~others);
      position += 16;
    }
  }
  while (true) {
    const byte = load<u8>(position);
    if ((load<u8>(stops + (byte & 15)) & load<u8>(UPPER_HALVES + (byte >> 4))) !== 0)
      return position;
    position++;
  }
}

/** The next newline of either kind. */
export function findNewline(start: i32): i32 {
  let position = start;
  if (ASC_FEATURE_SIMD) {
    while (true) {
      const bytes = v128.load(position);
      const newlines = i8x16.eq(bytes, i8x16.splat(NEWLINE));
      const returns = i8x16.eq(bytes, i8x16.splat(RETURN));
      const found = i8x16.bitmask(v128.or(newlines, returns));
      if (found !== 0) return position + ctz(found);
      position += 16;
    }
  }
  while (load<u8>(position) !== NEWLINE && load<u8>(position) !== RETURN) position++;
  return position;
}

/** The next of two bytes, or `end`. */
export function findEither(start: i32, first: u8, second: u8, end: i32): i32 {
  let position = start;
  if (ASC_FEATURE_SIMD) {
    while (position < end) {
      const bytes = v128.load(position);
      const isFirst = i8x16.eq(bytes, i8x16.splat(first));
      const isSecond = i8x16.eq(bytes, i8x16.splat(second));
      const found = i8x16.bitmask(v128.or(isFirst, isSecond));
      if (found !== 0) return min(position + ctz(found), end);
      position += 16;
    }
    return end;
  }
  while (position < end && load<u8>(position) !== first && load<u8>(position) !== second)
    position++;
  return position;
}

/** The next of three bytes or newline of either kind. */
export function findPieceEnd(start: i32, first: u8, second: u8, third: u8): i32 {
  let position = start;
  if (ASC_FEATURE_SIMD) {
    while (true) {
      const bytes = v128.load(position);
      const isNewline = v128.or(
        i8x16.eq(bytes, i8x16.splat(NEWLINE)),
        i8x16.eq(bytes, i8x16.splat(RETURN)),
      );
      const isEither = v128.or(
        i8x16.eq(bytes, i8x16.splat(first)),
        i8x16.eq(bytes, i8x16.splat(second)),
      );
      const isThird = i8x16.eq(bytes, i8x16.splat(third));
      const found = i8x16.bitmask(v128.or(isNewline, v128.or(isEither, isThird)));
      if (found !== 0) return position + ctz(found);
      position += 16;
    }
  }
  while (true) {
    const byte = load<u8>(position);
    if (byte === first || byte === second || byte === third) return position;
    if (byte === NEWLINE || byte === RETURN) return position;
    position++;
  }
}

/** The first byte that is no space. */
export function skipSpaces(start: i32): i32 {
  let position = start;
  if (ASC_FEATURE_SIMD) {
    while (true) {
      const spaces = i8x16.bitmask(i8x16.eq(v128.load(position), i8x16.splat(SPACE)));
      if (spaces !== ALL) return position + ctz(~spaces);
      position += 16;
    }
  }
  while (load<u8>(position) === SPACE) position++;
  return position;
}

/** How often a byte stands between two places. */
export function countByte(start: i32, end: i32, byte: u8): i32 {
  let count = 0;
  let position = start;
  if (ASC_FEATURE_SIMD) {
    for (; position + 16 <= end; position += 16)
      count += popcnt(i8x16.bitmask(i8x16.eq(v128.load(position), i8x16.splat(byte))));
  }
  for (; position < end; position++) if (load<u8>(position) === byte) count++;
  return count;
}
