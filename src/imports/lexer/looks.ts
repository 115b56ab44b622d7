/** How words look at a glance (lexer/looks.ts): what looks like none of them is none of them, and need not become a string. */

/** A bit for the first letter of each word, in the number for its length; of both the last five bits count. */
export type Looks = Int32Array;

const WIDTH = 32;
const LAST_BITS = WIDTH - 1;

const KNOWN = new WeakMap<ReadonlySet<string>, Looks>();

/** The looks of words in ASCII. */
export function looksOf(words: ReadonlySet<string>): Looks {
  const known = KNOWN.get(words);
  if (known !== undefined) return known;
  const looks = new Int32Array(WIDTH);
  for (const word of words) {
    const index = word.length & LAST_BITS;
    looks[index] = (looks[index] ?? 0) | (1 << (word.charCodeAt(0) & LAST_BITS));
  }
  KNOWN.set(words, looks);
  return looks;
}
