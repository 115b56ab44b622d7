import { redactUrl } from '../settings/redact-url.ts';

// Controls, bidi overrides, zero-width and replacement characters: they hide what is there or act on a terminal.
const hidden =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ufff9-\uffff]/g;
const tagStart = /<(?=[a-z/!])/gi;

/** Text of a user's file in backticks for a message: one line, at most 80 characters, secrets and hidden characters replaced. */
export function quoteText(text: string): string {
  // Redacted before it is cut: the cut could take the `@` away by which a password is known.
  const safe = redactUrl(text.slice(0, 2000));
  const cut = safe.length > 80 ? `${safe.slice(0, 77)}...` : safe;
  return `\`${escapeHidden(cut).replaceAll('`', "'")}\``;
}

/** Hidden characters, and `<` before a tag name, as `\u{...}`. */
export function escapeHidden(text: string): string {
  const escape = (character: string): string =>
    character === '\t' ? ' ' : `\\u{${character.charCodeAt(0).toString(16)}}`;
  return text.replace(hidden, escape).replace(tagStart, escape);
}

/** The first five of a list of names, and how many more there are. */
export function listNames(names: readonly string[]): string {
  if (names.length <= 5) return names.map(escapeHidden).join(', ');
  return `${names.slice(0, 5).map(escapeHidden).join(', ')} and ${names.length - 5} more`;
}
