/**
 * The tokens that the lexer read (lexer/token-table.ts), as they are in its memory: a value is made only where it is asked
 * for. Indexes outside the table are neither names nor strings nor marks, and have no text.
 */

/** Whole numbers for a token: its kind, start, end and line. Starts and ends are addresses; those of a string of its content. */
export const TOKEN_NUMBERS = 4;
const START = 1;
const END = 2;
const LINE = 3;

// Kinds.
const MARK = 0;
const NAME = 1;
const STRING = 2;

/** The kinds by their numbers. */
export const TOKEN_KINDS = ['mark', 'name', 'string', 'comment'] as const;

/** What kind of token one is. */
export type TokenKind = (typeof TOKEN_KINDS)[number];

/** Where the lexer left a table. */
export interface TokenPlaces {
  /** The whole memory of the lexer, as bytes and as whole numbers. */
  readonly memory: Buffer;
  readonly numbers: Int32Array;
  /** Index of the first number of the table. */
  readonly first: number;
  readonly length: number;
}

/** The tokens of one file: valid until the lexer reads another. */
export class TokenTable {
  readonly length: number;
  readonly #memory: Buffer;
  readonly #numbers: Int32Array;
  readonly #first: number;

  constructor({ memory, numbers, first, length }: TokenPlaces) {
    this.length = length;
    this.#memory = memory;
    this.#numbers = numbers;
    this.#first = first;
  }

  #number(index: number, field: number): number {
    const isInside = index >= 0 && index < this.length;
    return isInside ? (this.#numbers[this.#first + TOKEN_NUMBERS * index + field] ?? 0) : 0;
  }

  #isKind(index: number, kind: number): boolean {
    return index >= 0 && index < this.length && this.#number(index, 0) === kind;
  }

  kind(index: number): TokenKind {
    return TOKEN_KINDS[this.#number(index, 0)] ?? 'mark';
  }

  isName(index: number): boolean {
    return this.#isKind(index, NAME);
  }

  isString(index: number): boolean {
    return this.#isKind(index, STRING);
  }

  /** The code of a punctuation mark, 0 for what is none. */
  mark(index: number): number {
    return this.#isKind(index, MARK) ? (this.#memory[this.start(index)] ?? 0) : 0;
  }

  /** Address of the first byte. */
  start(index: number): number {
    return this.#number(index, START);
  }

  /** Address behind the last byte. */
  end(index: number): number {
    return this.#number(index, END);
  }

  /** Text of a token; bytes that are no UTF-8 become replacement characters. */
  value(index: number): string {
    return this.#memory.toString('utf8', this.start(index), this.end(index));
  }

  /** 1-based, of the first character. */
  line(index: number): number {
    return this.#number(index, LINE);
  }
}
