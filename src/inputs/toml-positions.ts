/**
 * Where every key and value of a TOML document stands: the parser gives values without places.
 *
 * Runs on text that the parser accepted, so it only has to find its way, not to judge; on anything unexpected it goes on at the
 * next line and always moves forward. Traps: brackets and `#` inside strings and comments, multi-line strings with up to two
 * quotes before the closing three, dotted keys, `[a.b]` below `[[a]]`, inline tables over several lines (TOML 1.1).
 */
import type { Place } from './requirements-lines.ts';

/** Places by path. An index in a path counts elements of an array. */
export interface TomlPositions {
  /** Where the value at the path starts (for a table its header), null where there is none. */
  readonly ofValue: (path: readonly (string | number)[]) => Place | null;
  /** Where the key of that value starts; for an element of an array, the element. */
  readonly ofKey: (path: readonly (string | number)[]) => Place | null;
  /** From where to where the value at the path goes, as 0-based offsets; null where there is none. For a table its header. */
  readonly spanOf: (path: readonly (string | number)[]) => TomlSpan | null;
  /** The innermost thing that a place lies in, with its key; null where there is none. */
  readonly pathAt: (place: Place) => readonly string[] | null;
  /** The tables that have a header, in the order of the text. */
  readonly headers: readonly TomlEntry[];
  /** The pairs that stand below the header of a table, in order; of the top for `[]`. */
  readonly pairsOf: (table: readonly string[]) => readonly TomlEntry[];
  /** Place of a 0-based offset in the text. */
  readonly ofOffset: (offset: number) => Place;
  /** Where the innermost array, table or string starts that nothing closes, null where all are closed. */
  readonly unclosed: Place | null;
}

/** 0-based offsets. */
export interface TomlSpan {
  /** Where the key starts; for an element of an array, the element. */
  readonly key: number;
  readonly value: number;
  /** After the last character of the value. */
  readonly end: number;
}

/** A span with the path of what it is. */
export interface TomlEntry extends TomlSpan {
  readonly path: readonly string[];
}

interface Found {
  readonly key: number;
  readonly value: number;
  end: number;
}

interface Cursor {
  readonly text: string;
  readonly found: Map<string, Found>;
  offset: number;
  unclosed: number | null;
  readonly headers: string[];
  /** Table and path of every pair outside of inline tables. */
  readonly pairs: (readonly [string, string])[];
}

const separator = '\u0000';
/** The parser refuses deeper nesting before we run. */
const deepest = 1000;
const longestKey = 100;

/** Scans the document once; places are computed when asked for. */
export function findTomlPositions(text: string): TomlPositions {
  const cursor: Cursor = {
    text,
    found: new Map(),
    offset: 0,
    unclosed: null,
    headers: [],
    pairs: [],
  };
  scanDocument(cursor);
  let lineStarts: readonly number[] | null = null;
  const ofOffset = (offset: number): Place => {
    lineStarts ??= findLineStarts(text);
    const line = lineAt(lineStarts, offset);
    return { line: line + 1, column: offset - (lineStarts[line] ?? 0) + 1 };
  };
  const look = (path: readonly (string | number)[], side: 'key' | 'value'): Place | null => {
    const found = cursor.found.get(path.join(separator));
    return found === undefined ? null : ofOffset(found[side]);
  };
  return {
    ofValue: (path) => look(path, 'value'),
    ofKey: (path) => look(path, 'key'),
    spanOf: (path) => cursor.found.get(path.join(separator)) ?? null,
    pathAt(place) {
      lineStarts ??= findLineStarts(text);
      const offset = (lineStarts[place.line - 1] ?? 0) + place.column - 1;
      let innermost: readonly [string, Found] | null = null;
      for (const entry of cursor.found) {
        const [, { key, end }] = entry;
        if (offset !== key && (offset < key || offset >= end)) continue;
        if (innermost === null || key >= innermost[1].key) innermost = entry;
      }
      return innermost === null ? null : innermost[0].split(separator);
    },
    get headers() {
      return cursor.headers.map((path) => entryOf(cursor, path));
    },
    pairsOf(table) {
      const wanted = table.join(separator);
      return cursor.pairs
        .filter(([own]) => own === wanted)
        .map(([, path]) => entryOf(cursor, path));
    },
    ofOffset,
    unclosed: cursor.unclosed === null ? null : ofOffset(cursor.unclosed),
  };
}

function scanDocument(cursor: Cursor): void {
  let table = '';
  const arrayLengths = new Map<string, number>();
  while (cursor.offset < cursor.text.length) {
    skipBlank(cursor, true);
    const start = cursor.offset;
    const character = cursor.text.charAt(start);
    if (character === '') return;
    if (character === '[') {
      table = scanHeader(cursor, arrayLengths);
      record(cursor, table, start, start);
      cursor.headers.push(table);
    } else {
      const path = scanPair(cursor, table, 0);
      if (path !== null) cursor.pairs.push([table, path]);
    }
    if (cursor.offset === start) skipLine(cursor);
  }
}

// `[a.b]` below `[[a]]` speaks of the last element of a; so does every further part.
function scanHeader(cursor: Cursor, arrayLengths: Map<string, number>): string {
  const isArray = cursor.text.startsWith('[[', cursor.offset);
  cursor.offset += isArray ? 2 : 1;
  const parts = scanKey(cursor);
  skipLine(cursor);
  let path = '';
  for (const [index, part] of parts.entries()) {
    path = append(path, part);
    const length = arrayLengths.get(path);
    if (isArray && index === parts.length - 1) {
      arrayLengths.set(path, (length ?? 0) + 1);
      path = append(path, String(length ?? 0));
    } else if (length !== undefined) {
      path = append(path, String(length - 1));
    }
  }
  return path;
}

function entryOf({ found }: Cursor, path: string): TomlEntry {
  const { key, value, end } = found.get(path) ?? { key: 0, value: 0, end: 0 };
  return { path: path.split(separator), key, value, end };
}

/** Null where there is none. */
function scanPair(cursor: Cursor, table: string, depth: number): string | null {
  const start = cursor.offset;
  const parts = scanKey(cursor);
  skipBlank(cursor, false);
  if (cursor.text.charAt(cursor.offset) !== '=') {
    cursor.offset = start;
    return null;
  }
  cursor.offset++;
  skipBlank(cursor, false);
  let path = table;
  for (const part of parts) {
    path = append(path, part);
    // Every prefix is kept: a key of ten thousand parts would take their square.
    if (parts.length > longestKey) break;
    if (!cursor.found.has(path)) record(cursor, path, start, cursor.offset);
  }
  scanValue(cursor, path, start, depth);
  return path;
}

function scanValue(cursor: Cursor, path: string, key: number, depth: number): void {
  record(cursor, path, key, cursor.offset);
  const character = cursor.text.charAt(cursor.offset);
  if (character === '"' || character === "'") scanString(cursor);
  else if (character === '[' && depth < deepest) scanArray(cursor, path, depth + 1);
  else if (character === '{' && depth < deepest) scanInlineTable(cursor, path, depth + 1);
  else skipTo(cursor, endsBareValue);
  const found = cursor.found.get(path);
  if (found !== undefined) found.end = endOfValue(cursor.text, cursor.offset);
}

/** Bare values were followed to the comma, comment or end of the line after them. */
function endOfValue(text: string, offset: number): number {
  let end = offset;
  while (/\s/.test(text.charAt(end - 1))) end--;
  return end;
}

function scanArray(cursor: Cursor, path: string, depth: number): void {
  const opening = cursor.offset++;
  for (let index = 0; cursor.offset < cursor.text.length;) {
    skipBlank(cursor, true);
    const start = cursor.offset;
    const character = cursor.text.charAt(start);
    if (character === ']') {
      cursor.offset++;
      return;
    }
    if (character === ',') {
      cursor.offset++;
      continue;
    }
    scanValue(cursor, append(path, String(index)), start, depth);
    index++;
    if (cursor.offset === start) cursor.offset++;
  }
  cursor.unclosed ??= opening;
}

function scanInlineTable(cursor: Cursor, path: string, depth: number): void {
  const opening = cursor.offset++;
  while (cursor.offset < cursor.text.length) {
    skipBlank(cursor, true);
    const start = cursor.offset;
    const character = cursor.text.charAt(start);
    if (character === '}') {
      cursor.offset++;
      return;
    }
    if (character === ',') cursor.offset++;
    else scanPair(cursor, path, depth);
    if (cursor.offset === start) cursor.offset++;
  }
  cursor.unclosed ??= opening;
}

function scanKey(cursor: Cursor): readonly string[] {
  const parts: string[] = [];
  while (cursor.offset < cursor.text.length) {
    skipBlank(cursor, false);
    const character = cursor.text.charAt(cursor.offset);
    const start = cursor.offset;
    if (character === '"' || character === "'") {
      scanString(cursor);
      parts.push(unquote(cursor.text.slice(start, cursor.offset)));
    } else {
      skipTo(cursor, endsBareKey);
      parts.push(cursor.text.slice(start, cursor.offset));
    }
    skipBlank(cursor, false);
    if (cursor.text.charAt(cursor.offset) !== '.') return parts;
    cursor.offset++;
  }
  return parts;
}

// Basic keys have the escapes of JSON and a few more; a key that uses those is found under its written form.
function unquote(text: string): string {
  const inner = text.slice(1, -1);
  if (text.startsWith("'") || !inner.includes('\\')) return inner;
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'string' ? value : inner;
  } catch {
    // `\e`, `\x` and `\U` are TOML's own.
    return inner;
  }
}

function scanString(cursor: Cursor): void {
  const { text } = cursor;
  const quote = text.charAt(cursor.offset);
  const triple = quote.repeat(3);
  const escapes = quote === '"';
  if (!text.startsWith(triple, cursor.offset)) {
    cursor.offset++;
    const closing = quote.charCodeAt(0);
    while (cursor.offset < text.length) {
      const code = text.charCodeAt(cursor.offset);
      if (code === 10) return;
      cursor.offset += escapes && code === 92 ? 2 : 1;
      if (code === closing) return;
    }
    return;
  }
  const opening = cursor.offset;
  cursor.offset += 3;
  while (cursor.offset < text.length) {
    if (escapes && text.charAt(cursor.offset) === '\\') {
      cursor.offset += 2;
    } else if (text.startsWith(triple, cursor.offset)) {
      cursor.offset += 3;
      // One or two quotes may stand right before the closing three.
      while (text.charAt(cursor.offset) === quote) cursor.offset++;
      return;
    } else {
      cursor.offset++;
    }
  }
  cursor.unclosed ??= opening;
}

// By code, not by character: locks have millions of them, and this runs on each.
function skipBlank(cursor: Cursor, overLines: boolean): void {
  const { text } = cursor;
  for (; cursor.offset < text.length; cursor.offset++) {
    const code = text.charCodeAt(cursor.offset);
    if (code === 32 || code === 9 || code === 0xfeff) continue;
    if (!overLines) return;
    if (code === 35) {
      skipLine(cursor);
      cursor.offset--;
    } else if (code !== 10 && code !== 13) {
      return;
    }
  }
}

function skipTo(cursor: Cursor, ends: (code: number) => boolean): void {
  const { text } = cursor;
  while (cursor.offset < text.length && !ends(text.charCodeAt(cursor.offset))) cursor.offset++;
}

/** `,` `]` `}` `#` and the end of the line. */
function endsBareValue(code: number): boolean {
  return code === 44 || code === 93 || code === 125 || code === 35 || code === 10;
}

/** White space, `.` `=` `]` `#` and quotes. */
function endsBareKey(code: number): boolean {
  return (
    code <= 32 ||
    code === 46 ||
    code === 61 ||
    code === 93 ||
    code === 34 ||
    code === 39 ||
    code === 35
  );
}

function skipLine(cursor: Cursor): void {
  const end = cursor.text.indexOf('\n', cursor.offset);
  cursor.offset = end === -1 ? cursor.text.length : end + 1;
}

function record(cursor: Cursor, path: string, key: number, value: number): void {
  cursor.found.set(path, { key, value, end: value });
}

function append(path: string, part: string): string {
  return path === '' ? part : path + separator + part;
}

function findLineStarts(text: string): readonly number[] {
  const starts = [0];
  for (let index = text.indexOf('\n'); index !== -1; index = text.indexOf('\n', index + 1))
    starts.push(index + 1);
  return starts;
}

function lineAt(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
