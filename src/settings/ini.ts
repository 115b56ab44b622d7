/** A line of an ini file that holds a value. */
export interface IniEntry {
  readonly section: string;
  /** Lower case, `_` as `-`: pip takes both. */
  readonly key: string;
  /** Lines of the value, trimmed, without empty ones. */
  readonly values: readonly string[];
  readonly line: number;
}

/**
 * Entries of an ini file as Python's configparser reads them: `=` or `:`, indented lines continue a value, `#` and `;` start
 * comment lines. No interpolation: `%(home)s` stays as it is.
 */
export function parseIni(text: string): readonly IniEntry[] {
  const entries: { section: string; key: string; values: string[]; line: number }[] = [];
  let section = '';
  for (const [index, line] of text
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/)
    .entries()) {
    const trimmed = line.trim();
    if (trimmed === '' || trimmed.startsWith('#') || trimmed.startsWith(';')) continue;
    const header = /^\[([^\]]*)\]/.exec(trimmed);
    const last = entries.at(-1);
    if (header !== null) {
      section = (header[1] ?? '').trim();
    } else if (/^\s/.test(line) && last !== undefined && last.section === section) {
      last.values.push(trimmed);
    } else {
      const pair = /^([^=:]+?)\s*[=:]\s*(.*)$/.exec(trimmed);
      if (pair === null) continue;
      const key = (pair[1] ?? '').toLowerCase().replaceAll('_', '-');
      entries.push({
        section,
        key,
        values: pair[2] === '' ? [] : [pair[2] ?? ''],
        line: index + 1,
      });
    }
  }
  return entries;
}
