/**
 * The lines of an array or a table of a TOML text as blocks, so that some can be taken out and the others keep every byte
 * (`select-blocks.ts`). Positions come from `inputs/toml-positions.ts`; texts are those that the parser accepted.
 *
 * Traps: a comment before, behind or between elements; a string or a table over several lines; elements that share a line;
 * `\r\n`; a last element without a comma; a comma at the start of a line.
 */
import { findTomlPositions, type TomlEntry, type TomlPositions } from '../inputs/toml-positions.ts';
import { lineEndOf } from './requirements-blocks.ts';

/** Keys from the top, elements by their index. */
export type TomlKeys = readonly string[];

/** One line, or several that one element spans. */
export interface TomlBlock {
  readonly kind: 'blank' | 'comment' | 'item';
  /** Without indentation: what belongs together is not told by it here. */
  readonly text: string;
  /** As it stands in the file, with its line end. */
  readonly raw: string;
  /** Of an item: the key or the index of what stands there. */
  readonly key: string;
}

/** A stretch of whole lines, 0-based offsets. */
export interface TomlLines {
  readonly from: number;
  readonly to: number;
  readonly blocks: readonly TomlBlock[];
}

/** The elements of an array, in order. */
export function elementsOf(positions: TomlPositions, array: TomlKeys): readonly TomlEntry[] {
  const entries: TomlEntry[] = [];
  for (let index = 0; ; index++) {
    const path = [...array, String(index)];
    const span = positions.spanOf(path);
    if (span === null) return entries;
    entries.push({ path, ...span });
  }
}

/** The lines of an array whose elements stand on lines of their own; null for any other. */
export function linesOfArray(text: string, array: TomlKeys): TomlLines | null {
  const positions = findTomlPositions(text);
  const span = positions.spanOf(array);
  if (span === null || text.charAt(span.value) !== '[') return null;
  const from = lineAfter(text, span.value);
  const to = lineStart(text, span.end - 1);
  const elements = elementsOf(positions, array);
  // What follows the opening bracket on its line, and what stands before the closing one on its own, is no line of an element.
  const isPlain =
    from <= to &&
    /^\[[ \t]*(?:#.*)?\r?\n?$/.test(text.slice(span.value, from)) &&
    /^[ \t]*$/.test(text.slice(to, span.end - 1));
  return isPlain ? toLines(text, { from, to }, elements) : null;
}

/** The lines of a table with a header, from below it to its last pair; null where there is no such table. */
export function linesOfTable(text: string, table: TomlKeys): TomlLines | null {
  const positions = findTomlPositions(text);
  const header = positions.headers.find(({ path }) => path.join('\0') === table.join('\0'));
  if (header === undefined) return null;
  const pairs = positions.pairsOf(table);
  const from = lineAfter(text, header.value);
  const last = pairs.at(-1);
  const to = last === undefined ? from : lineAfter(text, last.end - 1);
  return toLines(text, { from, to }, pairs);
}

/** The text with the blocks of some lines instead of those that stand there. */
export function withBlocks(
  text: string,
  { from, to }: Pick<TomlLines, 'from' | 'to'>,
  blocks: readonly { readonly raw: string }[],
): string {
  return text.slice(0, from) + blocks.map(({ raw }) => raw).join('') + text.slice(to);
}

/** The start of the line that an offset is in. */
export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf('\n', offset - 1) + 1;
}

/** The start of the line after the one that an offset is in. */
export function lineAfter(text: string, offset: number): number {
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

/** White space at the start of the line of an offset. */
export function indentAt(text: string, offset: number): string {
  return /^[ \t]*/.exec(text.slice(lineStart(text, offset)))?.[0] ?? '';
}

/** A line with an end of the kind that the text has. */
export function asLine(text: string, line: string): string {
  return line + lineEndOf(text);
}

interface Range {
  readonly from: number;
  readonly to: number;
}

/** Null where two elements share a line. */
function toLines(text: string, { from, to }: Range, items: readonly TomlEntry[]): TomlLines | null {
  const blocks: TomlBlock[] = [];
  let offset = from;
  for (const item of items) {
    const start = lineStart(text, item.key);
    if (start < offset) return null;
    const between = plainBlocks(text.slice(offset, start));
    if (between === null) return null;
    blocks.push(...between);
    const end = lineAfter(text, Math.max(item.end - 1, item.key));
    if (/[^\s,]/.test(text.slice(start, item.key))) return null;
    const raw = text.slice(start, end);
    const key = item.path.at(-1) ?? '';
    blocks.push({ kind: 'item', text: raw.trimStart(), raw, key });
    offset = end;
  }
  const rest = offset > to ? null : plainBlocks(text.slice(offset, to));
  return rest === null ? null : { from, to, blocks: [...blocks, ...rest] };
}

/** Null where a line is neither blank nor a comment: a comma on its own. */
function plainBlocks(text: string): readonly TomlBlock[] | null {
  const lines = text.match(/[^\n]*\n|[^\n]+$/g) ?? [];
  if (lines.some((line) => /^\s*[^\s#]/.test(line))) return null;
  return lines.map((raw) => ({
    kind: raw.trim() === '' ? 'blank' : 'comment',
    text: raw.trimStart(),
    raw,
    key: '',
  }));
}
