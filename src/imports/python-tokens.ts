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

const WORD_START = /[\p{L}_]/u;
const WORD = /[\p{L}\p{N}\p{M}_]*/uy;
const SPACE = /\s/;
const STRING_PREFIX = /^(?:[rbuft]|[bft]r|r[bft])$/i;

// The kinds of ASCII characters: a table and numbers, as one-letter strings and expressions are ten times slower.
const MARK = 0;
const BLANK = 1;
const LETTER = 2;
const DIGIT = 3;
const QUOTE = 4;
const HASH = 5;
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
  const tokens: PythonToken[] = [];
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
      tokens.push({ kind: 'comment', value: text.slice(start, position), line });
      continue;
    }
    let quoteAt = position;
    if (kind === LETTER) {
      position = endOfWord(text, position);
      const word = text.slice(start, position);
      if (!isQuote(text, position) || !STRING_PREFIX.test(word)) {
        tokens.push({ kind: 'name', value: word, line });
        continue;
      }
      quoteAt = position;
    }
    if (isQuote(text, quoteAt)) {
      const string = readString(text, quoteAt);
      tokens.push({ kind: 'string', value: string.value, line });
      line += countNewlines(text, start, string.end);
      position = string.end;
      continue;
    }
    tokens.push({ kind: 'mark', value: text.charAt(position), line });
    position++;
  }
  return tokens;
}

/** A newline, of which CR LF is one. */
function isNewline(text: string, position: number): boolean {
  const code = text.charCodeAt(position);
  return code === 10 || (code === 13 && text.charCodeAt(position + 1) !== 10);
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
function readString(
  text: string,
  quoteAt: number,
): { readonly value: string; readonly end: number } {
  const quote = text.charCodeAt(quoteAt);
  const isTriple = isTripleAt(text, quoteAt, quote);
  const width = isTriple ? 3 : 1;
  let position = quoteAt + width;
  while (position < text.length) {
    const code = text.charCodeAt(position);
    if (code === 92) position += 2;
    else if (code === quote && (!isTriple || isTripleAt(text, position, quote)))
      return { value: text.slice(quoteAt + width, position), end: position + width };
    else if (!isTriple && code === 10)
      return { value: text.slice(quoteAt + 1, position), end: position };
    else position++;
  }
  return { value: text.slice(quoteAt + width), end: text.length };
}

function isTripleAt(text: string, position: number, quote: number): boolean {
  return (
    text.charCodeAt(position) === quote &&
    text.charCodeAt(position + 1) === quote &&
    text.charCodeAt(position + 2) === quote
  );
}

function countNewlines(text: string, from: number, to: number): number {
  let count = 0;
  for (
    let position = text.indexOf('\n', from);
    position !== -1 && position < to;
    position = text.indexOf('\n', position + 1)
  )
    count++;
  return count;
}
