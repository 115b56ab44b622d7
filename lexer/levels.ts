/** The blocks that a line is in, by their indentation. */

import { scan } from './scan';

/** What the words of a chain that may follow at a level continue. */
export const NO_CHAIN: i32 = 0;
export const IF_CHAIN: i32 = 1;
export const LOOP_CHAIN: i32 = 2;
export const TRY_CHAIN: i32 = 3;

/** One level of indentation. */
@unmanaged
export class Level {
  column: i32;
  /** Column with tabs counted as 1: where the two disagree, the file mixes tabs and spaces. */
  alternateColumn: i32;
  /** Context of its statements. */
  bits: i32;
  /** It holds the cases of a `match`. */
  isMatch: bool;
  chain: i32;
  /** Bits of the branches to come of an `if` chain. */
  elseBits: i32;
  /** Records of the body of the last `try`; the end is 0 until the body is over. */
  tryStart: usize;
  tryEnd: usize;
  /** In the body of a handler: the records that it is there for, none where the end is 0. */
  handledStart: usize;
  handledEnd: usize;
}

/** Python itself allows a hundred. What is deeper counts as part of the last. */
const MOST: i32 = 4096;
const LEVELS: usize = memory.data(4096 * 40, 8);

let depth: i32 = 0;

/** Begins with the level of the module. */
export function clearLevels(bits: i32): Level {
  depth = 0;
  return fill(0, 0, bits, false);
}

/** Goes one level in. */
export function pushLevel(column: i32, alternateColumn: i32, bits: i32, isMatch: bool): Level {
  if (depth < MOST - 1) depth++;
  return fill(column, alternateColumn, bits, isMatch);
}

/** Goes out until a level is not deeper than a column. */
export function popLevels(column: i32): Level {
  while (depth > 0 && column < at(depth).column) depth--;
  return at(depth);
}

function at(index: i32): Level {
  return changetype<Level>(LEVELS + index * offsetof<Level>());
}

function fill(column: i32, alternateColumn: i32, bits: i32, isMatch: bool): Level {
  const level = at(depth);
  level.column = column;
  level.alternateColumn = alternateColumn;
  level.bits = bits;
  level.isMatch = isMatch;
  level.chain = NO_CHAIN;
  level.elseBits = 0;
  level.tryStart = 0;
  level.tryEnd = 0;
  level.handledStart = 0;
  level.handledEnd = 0;
  return level;
}
