/** Bytes by their names, and what a single byte may be part of. */

export const TAB: u8 = 9;
export const NEWLINE: u8 = 10;
export const VERTICAL_TAB: u8 = 11;
export const FORM_FEED: u8 = 12;
export const RETURN: u8 = 13;
export const SPACE: u8 = 32;
export const BANG: u8 = 33;
export const DOUBLE_QUOTE: u8 = 34;
export const HASH: u8 = 35;
export const SINGLE_QUOTE: u8 = 39;
export const OPEN_ROUND: u8 = 40;
export const CLOSE_ROUND: u8 = 41;
export const STAR: u8 = 42;
export const PLUS: u8 = 43;
export const COMMA: u8 = 44;
export const DOT: u8 = 46;
export const COLON: u8 = 58;
export const SEMICOLON: u8 = 59;
export const EQUALS: u8 = 61;
export const OPEN_SQUARE: u8 = 91;
export const BACKSLASH: u8 = 92;
export const CLOSE_SQUARE: u8 = 93;
export const UNDERSCORE: u8 = 95;
export const OPEN_CURLY: u8 = 123;
export const CLOSE_CURLY: u8 = 125;

export function isNewline(byte: u8): bool {
  return byte === NEWLINE || byte === RETURN;
}

export function isQuote(byte: u8): bool {
  return byte === DOUBLE_QUOTE || byte === SINGLE_QUOTE;
}

export function isBlank(byte: u8): bool {
  return byte === SPACE || byte === TAB || byte === FORM_FEED;
}

/** Whether a byte may be part of an identifier; every byte outside ASCII may. */
export function isWordByte(byte: u8): bool {
  const letter = byte | 32;
  return (
    (letter >= 97 && letter <= 122) ||
    (byte >= 48 && byte <= 57) ||
    byte === UNDERSCORE ||
    byte >= 128
  );
}

/** Whether the bytes at a place are those of a text of ASCII. */
export function startsWith(position: i32, text: string): bool {
  for (let index = 0; index < text.length; index++)
    if (load<u8>(position + index) !== <u8>text.charCodeAt(index)) return false;
  return true;
}

/** The same where the text is a whole word. */
export function isWord(position: i32, word: string): bool {
  return startsWith(position, word) && !isWordByte(load<u8>(position + word.length));
}
