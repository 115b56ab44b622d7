import type { SourceLocation, Warning } from '../types.ts';
import { toWarning } from './declare.ts';
import type { InputFile } from './input.ts';
import { escapeHidden } from './quote.ts';
import type { Place } from './requirements-lines.ts';
import { findTomlPositions, type TomlPositions } from './toml-positions.ts';

/** A table of a parsed document. Keys are own properties only: ask with `field`. */
export type TomlTable = Readonly<Record<string, unknown>>;
/** Keys and array indexes from the top of a document. */
export type TomlPath = readonly (string | number)[];

/** A parsed document with the places of its values. */
export interface TomlDocument {
  readonly root: TomlTable;
  readonly path: string;
  /** Of the whole file. */
  readonly text: string;
  /** Place of the value at the path, or of the nearest thing around it that has one. */
  readonly at: (path: TomlPath) => SourceLocation;
  /** The same for its key. */
  readonly atKey: (path: TomlPath) => SourceLocation;
}

/** A document that is a part of a file: every line of it stands in the file `lines` further down and `columns` further right. */
export interface TomlPart {
  readonly text: string;
  readonly lines: number;
  readonly columns: number;
}

/** Parses TOML; a document that is not valid is one warning of severity `error` with line and column. Loads the parser. */
export async function parseToml(
  file: InputFile,
  part: TomlPart = { text: file.text, lines: 0, columns: 0 },
): Promise<TomlDocument | Warning> {
  const { parse, TomlError } = await import('smol-toml');
  const { text } = part;
  try {
    const root = parse(text, { maxDepth: 200, integersAsBigInt: 'asNeeded' });
    return toDocument(root, file, part);
  } catch (error) {
    if (error instanceof TomlError) {
      const reason =
        error.message.split('\n', 1)[0]?.replace(/^Invalid TOML document: /, '') ?? 'not valid';
      const lastLine = text.trimEnd().split('\n').length;
      // At the end of the text the reader wants to know what was never closed, not that the text ended.
      const unclosed = error.line >= lastLine ? findTomlPositions(text).unclosed : null;
      const found = { line: Math.min(error.line, lastLine), column: error.column, ...unclosed };
      const place = placeInFile(file, part, found);
      const message = unclosed === null ? escapeHidden(reason) : 'what starts here is never closed';
      return {
        ...toWarning('invalid-toml', place, `not valid TOML: ${message}`),
        severity: 'error',
      };
    }
    if (error instanceof RangeError) {
      const place = placeInFile(file, part, { line: 1, column: 1 });
      return {
        ...toWarning('invalid-toml', place, 'nested too deeply to be read'),
        severity: 'error',
      };
    }
    throw error;
  }
}

function placeInFile(
  { path }: InputFile,
  { lines, columns }: TomlPart,
  { line, column }: Place,
): SourceLocation {
  return { path, line: line + lines, column: column + columns };
}

function toDocument(root: TomlTable, file: InputFile, part: TomlPart): TomlDocument {
  let positions: TomlPositions | null = null;
  const look = (path: TomlPath, side: 'ofKey' | 'ofValue'): SourceLocation => {
    positions ??= findTomlPositions(part.text);
    for (let length = path.length; length > 0; length--) {
      const place = positions[side](path.slice(0, length));
      if (place !== null) return placeInFile(file, part, place);
    }
    return placeInFile(file, part, { line: 1, column: 1 });
  };
  return {
    root,
    path: file.path,
    text: file.text,
    at: (path) => look(path, 'ofValue'),
    atKey: (path) => look(path, 'ofKey'),
  };
}

/** The own value of a key; undefined where the parent is no table or lacks it. */
export function field(parent: unknown, ...keys: readonly string[]): unknown {
  let value = parent;
  for (const key of keys) {
    if (!isTable(value) || !Object.hasOwn(value, key)) return undefined;
    value = value[key];
  }
  return value;
}

/** True for a table, not for an array or a date. */
export function isTable(value: unknown): value is TomlTable {
  return (
    typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date)
  );
}

/** The value if it is text, else null. */
export function textOf(value: unknown): string | null {
  return typeof value === 'string' ? value : null;
}

/** The elements if it is an array of text alone, else null. */
export function textsOf(value: unknown): readonly string[] | null {
  if (!Array.isArray(value)) return null;
  const texts = value.filter((element) => typeof element === 'string');
  return texts.length === value.length ? texts : null;
}

/** The elements of an array; none where it is no array. */
export function arrayOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

/** What a value is, in words for a message. */
export function describeType(value: unknown): string {
  if (Array.isArray(value)) return 'an array';
  if (value instanceof Date) return 'a date';
  if (value === undefined || value === null) return 'absent';
  if (typeof value === 'object') return 'a table';
  return typeof value === 'string'
    ? 'text'
    : `a ${typeof value === 'bigint' ? 'number' : typeof value}`;
}
