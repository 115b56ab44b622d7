/**
 * Where the packages of a TOML lock stand, found by their headers: places of all keys would cost more than the whole lock.
 */
import type { SourceLocation } from '../types.ts';
import type { TomlDocument } from './toml.ts';

/** Place of the nth `[[name]]`; where headers are written otherwise, by the places of the whole document. */
export function findTablePlaces(
  document: TomlDocument,
  name: string,
  count: number,
): (index: number) => SourceLocation {
  const lines = findHeaderLines(document.text, `[[${name}]]`);
  // A header inside a multi-line text, or one with blanks in it: the slow way is the right one then.
  if (lines.length !== count) return (index) => document.at([name, index]);
  return (index) => ({ path: document.path, line: lines[index] ?? 1, column: 1 });
}

/** Place of the first line that sets the key, or of the last; the first line of the file where there is none. */
export function findKeyPlace(
  { path, text }: TomlDocument,
  key: string,
  which: 'first' | 'last',
): SourceLocation {
  const lines = [...text.matchAll(new RegExp(`^${key}\\s*=`, 'gm'))];
  const found = which === 'first' ? lines[0] : lines.at(-1);
  const line = text.slice(0, found?.index ?? 0).split('\n').length;
  return { path, line, column: 1 };
}

function findHeaderLines(text: string, header: string): readonly number[] {
  const lines: number[] = [];
  let line = 1;
  let counted = 0;
  for (let at = text.indexOf(header); at !== -1; at = text.indexOf(header, at + header.length)) {
    if (at > 0 && text.charCodeAt(at - 1) !== 10) continue;
    for (
      let end = text.indexOf('\n', counted);
      end !== -1 && end < at;
      end = text.indexOf('\n', counted)
    ) {
      line++;
      counted = end + 1;
    }
    lines.push(line);
  }
  return lines;
}
