/**
 * YAML as plain data with places: tables, lists and texts, each with line and column.
 *
 * Traps: an alias stands for its anchor without a copy, so that a few lines can mean billions of values (`size` tells, and
 * nothing is unfolded); a parser may keep only one of two equal keys; a file may hold several documents; `1.10` is a number,
 * and loses its zero if it is taken as one.
 */
import type * as Yaml from 'yaml';
import type { SourceLocation, Warning } from '../types.ts';
import { toWarning } from './declare.ts';
import type { InputFile } from './input.ts';
import { escapeHidden, quoteText } from './quote.ts';

/** A value of a document. `place` is where it is written, for an alias where that stands. */
export type YamlNode = YamlText | YamlList | YamlTable | YamlOther;

interface YamlValue {
  readonly place: SourceLocation;
  /** How many values it stands for, those behind aliases counted each time. */
  readonly size: number;
}

/** A text. */
export interface YamlText extends YamlValue {
  readonly kind: 'text';
  readonly text: string;
  /** Place of a 0-based offset in `text`. */
  readonly at: (offset: number) => SourceLocation;
  /** The comment behind it with its `#`, '' for none. */
  readonly comment: string;
}

/** A list, in order. */
export interface YamlList extends YamlValue {
  readonly kind: 'list';
  readonly items: readonly YamlNode[];
}

/** A table; of two equal keys the first counts, and there is an error at the second. */
export interface YamlTable extends YamlValue {
  readonly kind: 'table';
  readonly entries: readonly {
    readonly key: string;
    readonly place: SourceLocation;
    readonly value: YamlNode;
  }[];
}

/** Neither: a number, a truth value, nothing at all, or what could not be read. */
export interface YamlOther extends YamlValue {
  readonly kind: 'other';
  /** In words for a message: `a number`. */
  readonly what: string;
  /** As written, '' where that is nothing or could not be read. */
  readonly text: string;
  /** True where there was an error about it already. */
  readonly isTold: boolean;
}

/** A parsed file; no root where it is empty or no YAML. */
export interface YamlFile {
  readonly root: YamlNode | null;
  readonly warnings: readonly Warning[];
}

/** Deeper nesting than people write. */
const deepest = 100;

/** Parses the first document of a file. What is wrong is an error with line and column. Loads the parser; never throws. */
export async function parseYaml(file: InputFile): Promise<YamlFile> {
  const yaml = await import('yaml');
  const lineCounter = new yaml.LineCounter();
  const documents = yaml.parseAllDocuments(file.text, {
    lineCounter,
    // Compares every key with every other; `convertTable` looks once.
    uniqueKeys: false,
    prettyErrors: false,
    logLevel: 'silent',
  });
  const [first, ...others] = [...documents].filter(isUsed);
  if (first === undefined) return { root: null, warnings: [] };
  const reading: Reading = { yaml, lineCounter, file, anchors: new Map(), warnings: [] };
  const [error] = first.errors;
  if (error !== undefined) return { root: null, warnings: [toError(reading, error, first)] };
  const root = convert(reading, first.contents, 0);
  const [second] = others;
  if (second !== undefined) {
    const message = 'a second document starts here: only the first is read';
    reject(reading, placeOf(reading, second.range[0]), message);
  }
  return { root, warnings: reading.warnings };
}

/** The value of a key; undefined where it is no table or lacks the key. */
export function entryOf(node: YamlNode | null | undefined, key: string): YamlNode | undefined {
  if (node?.kind !== 'table') return undefined;
  return node.entries.find((entry) => entry.key === key)?.value;
}

/** What a value is, in words for a message. */
export function describeYaml(node: YamlNode): string {
  if (node.kind === 'other') return node.what;
  return { text: 'text', list: 'a list', table: 'a table' }[node.kind];
}

interface Reading {
  readonly yaml: typeof Yaml;
  readonly lineCounter: Yaml.LineCounter;
  readonly file: InputFile;
  readonly anchors: Map<string, YamlNode>;
  readonly warnings: Warning[];
}

function isUsed({ contents, errors }: Yaml.Document.Parsed): boolean {
  return contents !== null || errors.length > 0;
}

function toError(
  reading: Reading,
  { code, message, pos }: Yaml.YAMLParseError,
  document: Yaml.Document.Parsed,
): Warning {
  // At the end of the text the reader wants to know what was never closed.
  const unclosed = code === 'MISSING_CHAR' ? findUnclosed(reading, document, pos[0]) : null;
  const reason =
    code === 'RESOURCE_EXHAUSTION'
      ? 'nested too deeply to be read'
      : `not valid YAML: ${unclosed === null ? escapeHidden(message) : 'what starts here is never closed'}`;
  const place = placeOf(reading, unclosed ?? Math.min(pos[0], reading.file.text.trimEnd().length));
  return { ...toWarning('invalid-yaml', place, reason), severity: 'error' };
}

function findUnclosed(
  { yaml }: Reading,
  document: Yaml.Document.Parsed,
  offset: number,
): number | null {
  let found: number | null = null;
  yaml.visit(document, {
    Scalar: (_, { type, range }) => {
      const isQuoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
      const [start, end] = range ?? [0, 0, 0];
      if (isQuoted && start < offset && end >= offset - 1) found = start;
    },
  });
  return found;
}

function reject({ warnings }: Reading, place: SourceLocation, message: string): void {
  warnings.push({ ...toWarning('invalid-yaml', place, message), severity: 'error' });
}

function placeOf({ lineCounter, file }: Reading, offset: number): SourceLocation {
  const { line, col } = lineCounter.linePos(offset);
  return { path: file.path, line: Math.max(line, 1), column: Math.max(col, 1) };
}

// ---------------------------------------------------------------------------------------------------------------------
// Values

function convert(reading: Reading, node: unknown, depth: number): YamlNode {
  const { yaml, anchors } = reading;
  if (yaml.isAlias(node)) return resolveAlias(reading, node);
  const converted = convertNode(reading, node, depth);
  // Known from its end on: an alias inside of what it names leads nowhere, and no circle comes about.
  if (yaml.isNode(node) && 'anchor' in node && typeof node.anchor === 'string')
    anchors.set(node.anchor, converted);
  return converted;
}

function convertNode(reading: Reading, node: unknown, depth: number): YamlNode {
  const { yaml } = reading;
  const place = placeOf(reading, startOf(reading, node));
  if (depth > deepest) {
    reject(reading, place, 'nested too deeply to be read');
    return { kind: 'other', place, size: 1, what: 'nested too deeply', text: '', isTold: true };
  }
  if (yaml.isScalar(node)) return convertScalar(reading, node, place);
  if (yaml.isSeq(node)) {
    const items = node.items.map((item) => convert(reading, item, depth + 1));
    return { kind: 'list', place, size: sizeOf(items), items };
  }
  if (yaml.isMap(node)) return convertTable(reading, node, { place, depth });
  return { kind: 'other', place, size: 1, what: 'nothing', text: '', isTold: false };
}

function startOf({ yaml }: Reading, node: unknown): number {
  return yaml.isNode(node) ? (node.range?.[0] ?? 0) : 0;
}

function sizeOf(parts: readonly YamlNode[]): number {
  let size = 1;
  for (const part of parts) size += part.size;
  return size;
}

function resolveAlias(reading: Reading, alias: Yaml.Alias): YamlNode {
  const place = placeOf(reading, startOf(reading, alias));
  const found = reading.anchors.get(alias.source);
  if (found !== undefined) return { ...found, place };
  reject(reading, place, `${quoteText(`*${alias.source}`)} names no anchor that stands before it`);
  return { kind: 'other', place, size: 1, what: 'an alias without anchor', text: '', isTold: true };
}

function convertTable(
  reading: Reading,
  map: Yaml.YAMLMap,
  { place, depth }: { readonly place: SourceLocation; readonly depth: number },
): YamlTable {
  const entries = new Map<string, YamlTable['entries'][number]>();
  const merged: YamlTable['entries'][number][] = [];
  for (const pair of map.items) {
    const key = keyOf(reading, pair.key);
    const at = placeOf(reading, startOf(reading, pair.key));
    const value = convert(reading, pair.value, depth + 1);
    const known = entries.get(key);
    const bases = value.kind === 'list' ? value.items : [value];
    if (key === '<<' && bases.every(({ kind }) => kind === 'table'))
      merged.push(...bases.flatMap((base) => (base.kind === 'table' ? base.entries : [])));
    else if (known === undefined) entries.set(key, { key, place: at, value });
    else
      reject(
        reading,
        at,
        `${quoteText(key)} stands here again (first in line ${known.place.line}) and is not read`,
      );
  }
  // `<<: *base`, `<<: [*first, *second]`: keys count where the table has none of its own, nor an earlier one of the list.
  for (const entry of merged) if (!entries.has(entry.key)) entries.set(entry.key, entry);
  const all = [...entries.values()];
  return { kind: 'table', place, size: sizeOf(all.map(({ value }) => value)), entries: all };
}

function keyOf({ yaml }: Reading, key: unknown): string {
  return yaml.isScalar(key) ? String(key.source ?? key.value) : '';
}

// ---------------------------------------------------------------------------------------------------------------------
// Texts

function convertScalar(reading: Reading, scalar: Yaml.Scalar, place: SourceLocation): YamlNode {
  const { value, source = '', comment } = scalar;
  if (typeof value === 'string') {
    const at = createPlaces(reading, scalar, value);
    return {
      kind: 'text',
      place: at(0),
      size: 1,
      text: value,
      at,
      comment: comment === null || comment === undefined ? '' : `#${comment}`,
    };
  }
  const what = value === null || value === undefined ? 'nothing' : `a ${typeof value}`;
  return {
    kind: 'other',
    place,
    size: 1,
    what: what.replace('bigint', 'number'),
    text: source,
    isTold: false,
  };
}

// Exact for what stands in one line without escapes, and for `|` blocks: what people write. Else the place of the start.
function createPlaces(
  reading: Reading,
  { type, range }: Yaml.Scalar,
  value: string,
): YamlText['at'] {
  const { text } = reading.file;
  const [start, end] = range ?? [0, 0, 0];
  if (type === 'BLOCK_LITERAL' || type === 'BLOCK_FOLDED')
    return createBlockPlaces(placeOf(reading, start), value, text.slice(start, end));
  const isQuoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
  const first = placeOf(reading, start + (isQuoted ? 1 : 0));
  const isOneLine = !text.slice(start, end).includes('\n');
  return (offset) => (isOneLine ? { ...first, column: first.column + offset } : first);
}

// The first line of what is written is the `|`.
function createBlockPlaces(header: SourceLocation, value: string, written: string): YamlText['at'] {
  const writtenLines = written.split('\n');
  const starts: number[] = [];
  let next = 0;
  for (const line of value.split('\n')) {
    starts.push(next);
    next += line.length + 1;
  }
  return (offset) => {
    const index = starts.findLastIndex((start) => start <= offset);
    const start = starts[index] ?? 0;
    const line = writtenLines[index + 1] ?? '';
    const indent = Math.max(line.indexOf(value.slice(start, (starts[index + 1] ?? next) - 1)), 0);
    return { ...header, line: header.line + index + 1, column: indent + offset - start + 1 };
  };
}
