/**
 * Pairs into and out of a table of a TOML text, every byte of the rest as it was.
 *
 * Traps: a table may be written with a header, as an inline table, by dotted keys of the table above, or as `[table.key]`
 * with a header for one pair alone.
 */
import { findTomlPositions, type TomlEntry, type TomlPositions } from '../inputs/toml-positions.ts';
import { selectBlocks } from './select-blocks.ts';
import { addElements, formatArray, type TomlElement } from './toml-array.ts';
import {
  asLine,
  lineAfter,
  linesOfTable,
  withBlocks,
  type TomlBlock,
  type TomlKeys,
} from './toml-lines.ts';

/** The text without some pairs of a table with a header, and these; null where one of them is written otherwise. */
export function takePairs(
  text: string,
  table: TomlKeys,
  keys: ReadonlySet<string>,
): { readonly text: string; readonly taken: readonly TomlBlock[] } | null {
  const lines = linesOfTable(text, table);
  if (lines === null) return null;
  const taken = lines.blocks.filter(({ kind, key }) => kind === 'item' && keys.has(key));
  if (taken.length < keys.size) return null;
  const { staying } = selectBlocks(lines.blocks, ({ key }) => (keys.has(key) ? 'goes' : 'stays'));
  return { text: withBlocks(text, lines, staying), taken };
}

/** The text with lines below the last pair of a table, which is made where it is not there. */
export function addPairs(text: string, table: TomlKeys, lines: readonly string[]): string {
  if (lines.length === 0) return text;
  const own = linesOfTable(text, table);
  if (own === null) return addTable(text, table, lines);
  return insertLines(text, own.to, lines);
}

/** The text with elements at the end of the array `key` of a table; both are made where they are not there. */
export function addToArray(
  text: string,
  table: TomlKeys,
  key: string,
  elements: readonly TomlElement[],
): string {
  if (elements.length === 0) return text;
  const positions = findTomlPositions(text);
  if (positions.spanOf([...table, key]) !== null)
    return addElements(text, [...table, key], elements);
  const pair = `${formatKey(key)} = ${formatArray(text, elements)}`;
  const dotted = dottedPairs(positions, table).at(-1);
  if (dotted !== undefined) {
    const prefix = table.slice(-1).map(formatKey).join('.');
    return insertLines(text, lineAfter(text, dotted.end - 1), [`${prefix}.${pair}`]);
  }
  const inline = positions.spanOf(table);
  if (inline !== null && text.charAt(inline.value) === '{')
    return addInline(
      text,
      inline,
      `${formatKey(key)} = [${elements.map(({ token }) => token).join(', ')}]`,
    );
  return addPairs(text, table, [pair]);
}

/** The table that a header stands for, under another name. */
export function renameTable(text: string, table: TomlKeys, name: TomlKeys): string | null {
  const header = findHeader(findTomlPositions(text), table);
  if (header === undefined) return null;
  const end = lineAfter(text, header.value);
  const line = text.slice(header.value, end);
  return (
    text.slice(0, header.value) +
    line.replace(/^\[[^\]]*\]/, () => `[${name.map(formatKey).join('.')}]`) +
    text.slice(end)
  );
}

/** The text without a table that has a header of its own, up to the next one. */
export function removeTable(text: string, table: TomlKeys): string | null {
  const positions = findTomlPositions(text);
  const header = findHeader(positions, table);
  const lines = linesOfTable(text, table);
  if (header === undefined || lines === null) return null;
  const blank = /^(?:[ \t]*\r?\n)*/.exec(text.slice(lines.to))?.[0].length ?? 0;
  return text.slice(0, header.value) + text.slice(lines.to + blank);
}

/** A key as TOML writes it: bare where it can be. */
export function formatKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : JSON.stringify(key);
}

function findHeader(positions: TomlPositions, table: TomlKeys): TomlEntry | undefined {
  return positions.headers.find(({ path }) => path.join('\0') === table.join('\0'));
}

function dottedPairs(positions: TomlPositions, table: TomlKeys): readonly TomlEntry[] {
  return positions
    .pairsOf(table.slice(0, -1))
    .filter(({ path }) => path.length > table.length && path[table.length - 1] === table.at(-1));
}

function addInline(
  text: string,
  { value, end }: { readonly value: number; readonly end: number },
  pair: string,
): string {
  const inner = text.slice(value + 1, end - 1);
  const isEmpty = inner.trim() === '';
  const at = value + 1 + inner.trimEnd().length;
  return isEmpty
    ? `${text.slice(0, value + 1)} ${pair} ${text.slice(end - 1)}`
    : `${text.slice(0, at)}${inner.trimEnd().endsWith(',') ? '' : ','} ${pair}${text.slice(at)}`;
}

/** A new table goes behind the last one of the same family, else to the end. */
function addTable(text: string, table: TomlKeys, lines: readonly string[]): string {
  const positions = findTomlPositions(text);
  const family = table[0] === 'dependency-groups' ? 'project' : table[0];
  const depth = table[0] === 'tool' ? 2 : 1;
  const relatives = positions.headers.filter(
    ({ path }) => path[0] === family && (depth === 1 || path[1] === table[1]),
  );
  const last = relatives.at(-1);
  const header = `[${table.map(formatKey).join('.')}]`;
  const end = last === undefined ? text.length : (linesOfTable(text, last.path)?.to ?? text.length);
  const before = insertLines(text, end, []);
  const gap = before.trim() === '' ? [] : [''];
  return insertLines(before, end + before.length - text.length, [...gap, header, ...lines]);
}

/** At an offset where a line starts, or at the end of the text. */
function insertLines(text: string, offset: number, lines: readonly string[]): string {
  const head = text.slice(0, offset);
  const whole = head === '' || head.endsWith('\n') ? head : asLine(text, head);
  return whole + lines.map((line) => asLine(text, line)).join('') + text.slice(offset);
}
