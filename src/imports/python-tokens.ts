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
const STRING_PREFIX = /^(?:[rbuft]|[bft]r|r[bft])$/i;

/** All tokens in order. Linear; an unclosed string ends with its line, or with the text where it is a triple one. */
export function readPythonTokens(text: string): readonly PythonToken[] {
  const tokens: PythonToken[] = [];
  let line = 1;
  let position = 0;
  while (position < text.length) {
    const character = text[position] ?? '';
    if (character === '\n' || (character === '\r' && text[position + 1] !== '\n')) line++;
    if (/\s/.test(character) || character === '\\') {
      position++;
      continue;
    }
    const start = position;
    if (character === '#') {
      position = endOfLine(text, position);
      tokens.push({ kind: 'comment', value: text.slice(start, position), line });
      continue;
    }
    let quoteAt = position;
    if (WORD_START.test(character)) {
      WORD.lastIndex = position;
      position += WORD.exec(text)?.[0].length ?? 1;
      const word = text.slice(start, position);
      const next = text[position];
      if ((next !== '"' && next !== "'") || !STRING_PREFIX.test(word)) {
        tokens.push({ kind: 'name', value: word, line });
        continue;
      }
      quoteAt = position;
    }
    if (text[quoteAt] === '"' || text[quoteAt] === "'") {
      const string = readString(text, quoteAt);
      tokens.push({ kind: 'string', value: string.value, line });
      line += countNewlines(text, start, string.end);
      position = string.end;
      continue;
    }
    tokens.push({ kind: 'mark', value: character, line });
    position++;
  }
  return tokens;
}

function endOfLine(text: string, from: number): number {
  let end = from;
  while (end < text.length && text[end] !== '\n' && text[end] !== '\r') end++;
  return end;
}

function readString(
  text: string,
  quoteAt: number,
): { readonly value: string; readonly end: number } {
  const quote = text[quoteAt] ?? '';
  const isTriple = text.startsWith(quote.repeat(3), quoteAt);
  const width = isTriple ? 3 : 1;
  let position = quoteAt + width;
  while (position < text.length) {
    const character = text[position];
    if (character === '\\') position += 2;
    else if (character === quote && (!isTriple || text.startsWith(quote.repeat(3), position)))
      return { value: text.slice(quoteAt + width, position), end: position + width };
    else if (!isTriple && character === '\n')
      return { value: text.slice(quoteAt + 1, position), end: position };
    else position++;
  }
  return { value: text.slice(quoteAt + width), end: text.length };
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
