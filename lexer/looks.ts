/**
 * Looks of words: 32 words of 32 bits, one for each length (of which the last five bits count), with a bit for each first
 * letter (the same). What is not among them is none of the words; what is may be one.
 */

/** Where the looks that are asked for are put. */
export const LOOKS: usize = memory.data(128, 4);

export function mayBeOneOf(start: i32, end: i32): bool {
  const letters = load<u32>(LOOKS + ((<usize>((end - start) & 31)) << 2));
  return ((letters >>> (<u32>load<u8>(start) & 31)) & 1) !== 0;
}
