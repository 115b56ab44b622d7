/** Rows in the text of a page, where `json-shape.ts` has put them in the place of its files. */
import type { PageBuilder } from './page-builder.ts';
import { rowMark } from './page-record.ts';

/**
 * Hands the rows of a text that begins with the first file to a builder, and what stands between them to `readFiles`, as
 * a list in JSON: files that became no rows. Gives back what follows the last row.
 */
export function takeRows(
  text: string,
  builder: PageBuilder,
  readFiles: (list: string) => void,
): string {
  let end = 0;
  for (let start = text.indexOf(rowMark); start >= 0;) {
    if (start > end) readFiles(`[${text.slice(end, start).replace(/,\s*$/, '')}]`);
    const next = text.indexOf(rowMark, start + 1);
    end = next >= 0 && text[next - 1] === ']' ? next : rowEnd(text, start);
    builder.addRow(text, start, end);
    start = next;
  }
  return text.slice(end);
}

const row = new RegExp(`${rowMark}\\[(?:"(?:[^"\\\\]|\\\\.)*"|[^"\\]])*\\]`, 'y');

function rowEnd(text: string, start: number): number {
  row.lastIndex = start;
  return row.test(text) ? row.lastIndex : text.length;
}
