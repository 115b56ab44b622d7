/**
 * The tokens of a Python text that may name something: identifiers, strings, comments and single punctuation marks. For
 * the few files where more than the imports matters (commands, settings, features).
 */

import { theLexer } from './lexer/lexer.ts';
import type { TokenKind } from './lexer/token-table.ts';

/** One token. `value` of a string is its content without prefix and quotes, escapes as written. */
export interface PythonToken {
  readonly kind: TokenKind;
  readonly value: string;
  /** 1-based, of the first character. */
  readonly line: number;
}

/** All tokens in order. Linear; an unclosed string ends with its line, or with the text where it is a triple one. */
export function readPythonTokens(text: string): readonly PythonToken[] {
  const bytes = Buffer.from(text);
  const { table, place } = theLexer().readTokens(bytes, bytes.length, { comments: true });
  // Each byte of ASCII is a character: then nothing is decoded again.
  const isAscii = bytes.length === text.length;
  const tokens: PythonToken[] = [];
  for (let index = 0; index < table.length; index++) {
    const value = isAscii
      ? text.slice(table.start(index) - place, table.end(index) - place)
      : table.value(index);
    tokens.push({ kind: table.kind(index), value, line: table.line(index) });
  }
  return tokens;
}
