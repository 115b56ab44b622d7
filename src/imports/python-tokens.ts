/**
 * The tokens of a Python text that may name something: identifiers, strings, comments and single punctuation marks. For
 * the few files where more than the imports matters (commands, settings, features); the scanner is the fast way.
 */

/** One token. `value` of a string is its content without prefix and quotes, escapes as written. */
export interface PythonToken {
  readonly kind: 'name' | 'string' | 'comment' | 'mark';
  readonly value: string;
  /** 1-based, of the first character. */
  readonly line: number;
}

/**
 * The same tokens as numbers, without the comments, for stages that pass over most of them: a value is made only where it
 * is asked for. Indexes outside the table are tokens of no kind.
 */
export class TokenTable {
  readonly #text: string;
  #kinds = new Uint8Array(1024);
  /** Start, end and line of each: those of a string are of its content. */
  #places = new Int32Array(3 * 1024);
  length = 0;

  constructor(text: string) {
    this.#text = text;
  }

  add(kind: number, start: number, end: number, line: number): void {
    const index = this.length++;
    if (index === this.#kinds.length) this.#grow();
    this.#kinds[index] = kind;
    this.#places[3 * index] = start;
    this.#places[3 * index + 1] = end;
    this.#places[3 * index + 2] = line;
  }

  #grow(): void {
    const kinds = new Uint8Array(2 * this.#kinds.length);
    const places = new Int32Array(2 * this.#places.length);
    kinds.set(this.#kinds);
    places.set(this.#places);
    this.#kinds = kinds;
    this.#places = places;
  }

  #isKind(index: number, kind: number): boolean {
    return index >= 0 && index < this.length && this.#kinds[index] === kind;
  }

  isName(index: number): boolean {
    return this.#isKind(index, LETTER);
  }

  isString(index: number): boolean {
    return this.#isKind(index, QUOTE);
  }

  /** The code of a punctuation mark, 0 for what is none. */
  mark(index: number): number {
    return this.#isKind(index, MARK) ? this.#text.charCodeAt(this.#places[3 * index] ?? 0) : 0;
  }

  value(index: number): string {
    return this.#text.slice(this.#places[3 * index], this.#places[3 * index + 1]);
  }

  line(index: number): number {
    return this.#places[3 * index + 2] ?? 0;
  }

  /** The token as an object of its own. */
  token(index: number): PythonToken {
    const kind = KIND_NAMES[this.#kinds[index] ?? MARK] ?? 'mark';
    return { kind, value: this.value(index), line: this.line(index) };
  }
}

const WORD_START = /[\p{L}_]/u;
const WORD = /[\p{L}\p{N}\p{M}_]*/uy;
const SPACE = /\s/;
const STRING_PREFIX = /^(?:[rbuft]|[bft]r|r[bft])$/i;
const LONGEST_PREFIX = 2;

// The kinds of ASCII characters: a table and numbers, as one-letter strings and expressions are ten times slower.
const MARK = 0;
const BLANK = 1;
const LETTER = 2;
const DIGIT = 3;
const QUOTE = 4;
const HASH = 5;
/** The names of the kinds that become tokens. */
const KIND_NAMES: readonly PythonToken['kind'][] = [
  'mark',
  'mark',
  'name',
  'name',
  'string',
  'comment',
];
const KINDS: Uint8Array = kindsOfAscii();

function kindsOfAscii(): Uint8Array {
  const kinds = new Uint8Array(128);
  const set = (kind: number, text: string): void => {
    for (let index = 0; index < text.length; index++) kinds[text.charCodeAt(index)] = kind;
  };
  set(BLANK, ' \t\n\v\f\r\\');
  set(LETTER, 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_');
  set(DIGIT, '0123456789');
  set(QUOTE, '\'"');
  set(HASH, '#');
  return kinds;
}

function kindAt(text: string, position: number): number {
  const code = text.charCodeAt(position);
  if (code < 128) return KINDS[code] ?? MARK;
  const character = text.charAt(position);
  if (WORD_START.test(character)) return LETTER;
  return SPACE.test(character) ? BLANK : MARK;
}

/** All tokens in order. Linear; an unclosed string ends with its line, or with the text where it is a triple one. */
export function readPythonTokens(text: string): readonly PythonToken[] {
  const table = readTokens(text, true);
  const tokens: PythonToken[] = [];
  for (let index = 0; index < table.length; index++) tokens.push(table.token(index));
  return tokens;
}

/** The same without comments, as a table. */
export function readTokenTable(text: string): TokenTable {
  return readTokens(text, false);
}

function readTokens(text: string, withComments: boolean): TokenTable {
  const table = new TokenTable(text);
  let line = 1;
  let position = 0;
  while (position < text.length) {
    const kind = kindAt(text, position);
    if (kind === BLANK) {
      if (isNewline(text, position)) line++;
      position++;
      continue;
    }
    const start = position;
    if (kind === HASH) {
      position = endOfLine(text, position);
      if (withComments) table.add(HASH, start, position, line);
      continue;
    }
    if (kind === LETTER) {
      position = endOfWord(text, position);
      if (!isQuote(text, position) || !isStringPrefix(text, start, position)) {
        table.add(LETTER, start, position, line);
        continue;
      }
    }
    if (isQuote(text, position)) {
      const quote = text.charCodeAt(position);
      const isTriple = isTripleAt(text, position, quote);
      const content = position + (isTriple ? 3 : 1);
      const end = endOfContent(text, content, quote, isTriple);
      table.add(QUOTE, content, end, line);
      position = text.charCodeAt(end) === quote ? end + content - position : end;
      line += countNewlines(text, start, position);
      continue;
    }
    position++;
    table.add(MARK, start, position, line);
  }
  return table;
}

/** A newline, of which CR LF is one. */
function isNewline(text: string, position: number): boolean {
  const code = text.charCodeAt(position);
  return code === 10 || (code === 13 && text.charCodeAt(position + 1) !== 10);
}

function isStringPrefix(text: string, start: number, end: number): boolean {
  return end - start <= LONGEST_PREFIX && STRING_PREFIX.test(text.slice(start, end));
}

function isQuote(text: string, position: number): boolean {
  const code = text.charCodeAt(position);
  return code === 34 || code === 39;
}

function endOfWord(text: string, from: number): number {
  let end = from;
  for (;;) {
    const code = text.charCodeAt(end);
    if (code >= 128) break;
    const kind = KINDS[code];
    if (kind !== LETTER && kind !== DIGIT) return end;
    end++;
  }
  // From the first letter outside ASCII on, and to take pairs of surrogates whole.
  WORD.lastIndex = end;
  const rest = WORD.exec(text)?.[0].length ?? 0;
  return rest > 0 || end > from ? end + rest : end + 1;
}

function endOfLine(text: string, from: number): number {
  let end = from;
  while (end < text.length && text.charCodeAt(end) !== 10 && text.charCodeAt(end) !== 13) end++;
  return end;
}

/** Where the content of a string ends that starts at a place, behind quotes of a width. */
function endOfContent(text: string, start: number, quote: number, isTriple: boolean): number {
  let position = start;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === 92) position += 2;
    else if (code === quote && (!isTriple || isTripleAt(text, position, quote))) return position;
    else if (!isTriple && code === 10) return position;
    else position++;
  }
  return text.length;
}

function isTripleAt(text: string, position: number, quote: number): boolean {
  return (
    text.charCodeAt(position) === quote &&
    text.charCodeAt(position + 1) === quote &&
    text.charCodeAt(position + 2) === quote
  );
}

// Most strings are short: a loop over them costs less than a search.
function countNewlines(text: string, from: number, to: number): number {
  let count = 0;
  for (let position = from; position < to; position++)
    if (text.charCodeAt(position) === 10) count++;
  return count;
}
