/**
 * Text from repositories and indexes, made safe for Markdown as GitHub and GitLab read it.
 * Traps: `@name` tells that person and `#12` leaves a note there, also where a backslash stands before; a `|` ends the cell
 * of a table in code as well.
 */
export function escapeMarkdown(text: string): string {
  return text
    .replace(/[&<>]/g, (sign) => ENTITIES[sign] ?? sign)
    .replace(/[\\`*_[\]|~]/g, String.raw`\$&`)
    .replace(/[@#!](?=\w)/g, '$&&#8203;')
    .replace(/\b(https?|ftp):\/\//gi, '$1:&#8203;//')
    .replace(/\bwww\./gi, 'www&#8203;.');
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };
