import { redactUrl } from '../settings/redact-url.ts';

/**
 * Text from repositories and indexes, made safe for a terminal and a CI log.
 * Traps: an escape sequence can hide lines or write to the clipboard; bidi overrides and zero-width
 * characters make a name look like another; a line that starts with `::` or holds `##[` is a command to
 * GitHub and Azure; a URL may carry a password.
 */

const HIDDEN =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufe00-\ufe0e\ufeff\uffa0\ufff0-\uffff\ud800-\udfff]|[\u{e0000}-\u{e0fff}]/gu;
const WORKFLOW_COMMAND = /(^|\s)::(?=\S)/g;

/** One line of text with nothing in it that acts on a terminal; what was hidden becomes visible. */
export function sanitize(text: string): string {
  return redactUrl(text)
    .replace(/\r?\n|\t/g, ' ')
    .replace(HIDDEN, visible)
    .replace(WORKFLOW_COMMAND, '$1: :')
    .replaceAll('##[', '# #[');
}

/** The same document with every string sanitised: what the reports for the terminal start from. */
export function sanitizeDocument<T>(document: T): T {
  const clean: T = JSON.parse(JSON.stringify(document), (_, value: unknown) =>
    typeof value === 'string' ? sanitize(value) : value,
  );
  return clean;
}

/** Control pictures for C0 (`␛`), a code point in angle brackets for the rest (`<U+202E>`). */
function visible(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x20) return String.fromCodePoint(0x2400 + code);
  if (code === 0x7f) return '\u2421';
  return `<U+${code.toString(16).toUpperCase().padStart(4, '0')}>`;
}
