/** The records that the lexer left (lexer/records.ts), read into imports. */

import type { ImportContext, ImportUse } from '../../types.ts';
import type { LexedFile } from './lexer.ts';

/** An import without the path of its file. `fallback` marks one inside an `except` handler. */
export type FoundImport = Omit<ImportUse, 'path'>;

/** What the records of one file say. */
export interface FoundImports {
  readonly imports: readonly FoundImport[];
  /** Lines of imports whose module is computed, each once. */
  readonly dynamicLines: readonly number[];
}

// The layout of a record, in whole numbers.
const KIND = 0;
const SIZE = 1;
const LINE = 2;
const BITS = 3;
const LEVEL = 4;
const SPANS = 5;

const IMPORT = 1;
const COMPUTED_CALL = 3;

/** The bits of lexer/scan.ts, in the order of the contract. */
const CONTEXTS: readonly (readonly [bit: number, context: ImportContext])[] = [
  [1, 'function'],
  [2, 'class'],
  [4, 'try'],
  [8, 'if'],
  [16, 'type-checking'],
  [32, 'test'],
];
/** The bit of a file of tests. */
export const TEST_BIT = 32;
const HANDLER_BIT = 128;

/** Reads the records of a file. `isLatin1` says that each of its bytes is one character. */
export function readRecords(file: LexedFile, isLatin1: boolean): FoundImports {
  const { records } = file;
  const imports: FoundImport[] = [];
  const dynamicLines: number[] = [];
  const text: FileText = { bytes: file.bytes, isLatin1 };
  let at = 0;
  while (at < records.length) {
    const end = at + (numberAt(records, at + SIZE) >> 2);
    const kind = numberAt(records, at + KIND);
    if (kind === IMPORT) imports.push(readImport(text, records, at, end));
    else if (kind !== COMPUTED_CALL) imports.push(readCall(text, records, at, end));
    else if (dynamicLines.at(-1) !== numberAt(records, at + LINE))
      dynamicLines.push(numberAt(records, at + LINE));
    at = end;
  }
  return { imports, dynamicLines };
}

/** The bytes that names are read from. */
interface FileText {
  readonly bytes: Buffer;
  readonly isLatin1: boolean;
}

function numberAt(records: Int32Array, index: number): number {
  return records[index] ?? 0;
}

function readImport(text: FileText, records: Int32Array, at: number, end: number): FoundImport {
  const names: string[] = [];
  for (let span = at + SPANS + 2; span < end; span += 2)
    names.push(identifierAt(text, records, span));
  const module = identifierAt(text, records, at + SPANS);
  return toImport(records, at, { module, level: numberAt(records, at + LEVEL), names });
}

/** The pieces of the literal are its module, with the dots before it. */
function readCall(text: FileText, records: Int32Array, at: number, end: number): FoundImport {
  let value = '';
  for (let span = at + SPANS; span < end; span += 2) value += textAt(text, records, span);
  const module = value.replace(/^\.+/, '');
  return toImport(records, at, { module, level: value.length - module.length, names: [] });
}

const NO_NAMES: readonly string[] = [];

function toImport(
  records: Int32Array,
  at: number,
  { module, level, names }: Pick<FoundImport, 'module' | 'level' | 'names'>,
): FoundImport {
  const bits = numberAt(records, at + BITS);
  const found: FoundImport = {
    line: numberAt(records, at + LINE),
    module,
    level,
    names: names.length === 0 ? NO_NAMES : names,
    context: contextOf(bits & ~HANDLER_BIT),
    dynamic: numberAt(records, at + KIND) !== IMPORT,
  };
  return (bits & HANDLER_BIT) === 0 ? found : { ...found, fallback: true };
}

const CONTEXT_SETS = new Map<number, readonly ImportContext[]>();

/** The names of the bits; one array per combination. */
function contextOf(bits: number): readonly ImportContext[] {
  const known = CONTEXT_SETS.get(bits);
  if (known !== undefined) return known;
  const context = CONTEXTS.filter(([bit]) => (bits & bit) !== 0).map(([, name]) => name);
  CONTEXT_SETS.set(bits, context);
  return context;
}

/** A dotted name as Python compares it: normalised by NFKC, without the blanks that may stand around its dots. */
function identifierAt(text: FileText, records: Int32Array, span: number): string {
  const start = numberAt(records, span);
  const length = numberAt(records, span + 1);
  if (length > 0) return text.bytes.toString('latin1', start, start + length);
  return textAt(text, records, span)
    .normalize('NFKC')
    .replaceAll(/[\s\\]+/g, '');
}

function textAt({ bytes, isLatin1 }: FileText, records: Int32Array, span: number): string {
  const start = numberAt(records, span);
  const end = start + Math.abs(numberAt(records, span + 1));
  return bytes.toString(isLatin1 ? 'latin1' : 'utf8', start, end);
}
