/**
 * The JSON of a scan, made while the files are read: no rows are kept, only their text. The bytes are those that
 * `formatJson` of the whole document gives. Plain rows are copied from the memory of the lexer: a tree has more rows than
 * files, and no object is made for one.
 */

import {
  BITS,
  CALL,
  COMPUTED_CALL,
  KIND,
  LEVEL,
  LINE,
  SIZE,
  SPANS,
} from '../imports/lexer/layout.ts';
import type { ImportRecords } from '../imports/lexer/lexer.ts';
import { arePlain, contextOf } from '../imports/lexer/records.ts';
import type { ImportUse, ScanDocument } from '../types.ts';
import { createByteWriter } from './byte-writer.ts';
import type { ByteWriter } from './byte-writer.ts';
import { formatJson } from './json.ts';

/** An import without its file. */
export type ScanRow = Omit<ImportUse, 'path'>;

/** The imports of one file. */
export interface ScannedRows {
  readonly path: string;
  readonly imports: readonly ScanRow[];
  /** The same as the lexer left them, where a lexer has read the file. */
  readonly records?: ImportRecords | null;
}

/** A JSON report that is made while the files are read. */
export interface ScanJson {
  /** Adds a file. Files come in the order of their paths. */
  add(file: ScannedRows): void;
  /** The report in pieces, to be written one after the other. */
  finish(rest: Omit<ScanDocument, 'imports'>): readonly (string | Buffer)[];
}

/** What needs no escape and holds no address: all names of Python in ASCII and almost all paths. */
const PLAIN = /^[\w./@+ -]*$/;
const NO_IMPORTS = '\n  "imports": []';

/** Begins a report without rows. */
export function createScanJson(): ScanJson {
  const rows = createByteWriter();
  return {
    add(file) {
      const { path, records } = file;
      if (records && PLAIN.test(path) && arePlain(records)) writeRecords(rows, path, records);
      else for (const row of inOrder(file.imports)) rows.text(formatUnusualRow({ path, ...row }));
    },
    finish(rest) {
      const frame = formatJson({ ...rest, imports: [] });
      const [first, ...others] = rows.finish();
      if (first === undefined) return [frame];
      const start = frame.indexOf(NO_IMPORTS) + NO_IMPORTS.length - 1;
      // Each row begins with a comma, which the first one is without.
      const pieces = [first.subarray(1), ...others];
      return [frame.slice(0, start), ...pieces, `\n  ${frame.slice(start)}`];
    },
  };
}

function inOrder(imports: readonly ScanRow[]): readonly ScanRow[] {
  let line = 0;
  for (const row of imports) {
    if (row.line < line) return imports.toSorted((a, b) => a.line - b.line);
    line = row.line;
  }
  return imports;
}

// ---------------------------------------------------------------------------------------------------------------------
// Rows

const MODULE: Uint8Array = Buffer.from(',\n      "module": "');
const LEVEL_NAME: Uint8Array = Buffer.from('",\n      "level": ');
const NAMES: Uint8Array = Buffer.from(',\n      "names": [');
const FIRST_NAME: Uint8Array = Buffer.from('\n        "');
const NEXT_NAME: Uint8Array = Buffer.from('",\n        "');
const LAST_NAME: Uint8Array = Buffer.from('"\n      ');

function writeRecords(rows: ByteWriter, path: string, records: ImportRecords): void {
  const { numbers, from, to } = records;
  const start = Buffer.from(`,\n    {\n      "path": "${path}",\n      "line": `, 'latin1');
  for (let at = from; at < to; at += (numbers[at + SIZE] ?? 0) >> 2) {
    const kind = numbers[at + KIND] ?? 0;
    if (kind === COMPUTED_CALL) continue;
    rows.bytes(start);
    rows.number(numbers[at + LINE] ?? 0);
    if (kind === CALL) writeCall(rows, records, at);
    else writeStatement(rows, records, at);
    rows.bytes(rowEnd(numbers[at + BITS] ?? 0, kind === CALL));
  }
}

function writeStatement(rows: ByteWriter, { numbers, memory }: ImportRecords, at: number): void {
  const names = at + SPANS + 2;
  const end = at + ((numbers[at + SIZE] ?? 0) >> 2);
  rows.bytes(MODULE);
  rows.slice(memory, numbers[names - 2] ?? 0, numbers[names - 1] ?? 0);
  rows.bytes(LEVEL_NAME);
  rows.number(numbers[at + LEVEL] ?? 0);
  rows.bytes(NAMES);
  for (let span = names; span < end; span += 2) {
    rows.bytes(span === names ? FIRST_NAME : NEXT_NAME);
    rows.slice(memory, numbers[span] ?? 0, numbers[span + 1] ?? 0);
  }
  if (end > names) rows.bytes(LAST_NAME);
}

/** The dots of the module are in its literal. */
function writeCall(rows: ByteWriter, { numbers, memory }: ImportRecords, at: number): void {
  const start = numbers[at + SPANS] ?? 0;
  const length = numbers[at + SPANS + 1] ?? 0;
  let level = 0;
  while (level < length && memory[start + level] === DOT) level++;
  rows.bytes(MODULE);
  rows.slice(memory, start + level, length - level);
  rows.bytes(LEVEL_NAME);
  rows.number(level);
  rows.bytes(NAMES);
}

const DOT = 46;
const ROW_ENDS = new Map<number, Uint8Array>();

/** What follows the names of a row in a context: there are few. */
function rowEnd(bits: number, dynamic: boolean): Uint8Array {
  const key = dynamic ? -1 - bits : bits;
  const known = ROW_ENDS.get(key);
  if (known !== undefined) return known;
  const context = JSON.stringify(contextOf(bits), null, 2).replaceAll('\n', '\n      ');
  const end = Buffer.from(`],\n      "context": ${context},\n      "dynamic": ${dynamic}\n    }`);
  ROW_ENDS.set(key, end);
  return end;
}

/** A row with quotes, controls or addresses in it: written by the format that knows all of them. */
function formatUnusualRow(use: ImportUse): string {
  const { path, line, module, level, names, context, dynamic } = use;
  const row = { path, line, module, level, names, context, dynamic };
  const frame = formatJson({
    schemaVersion: 1,
    files: 0,
    imports: [row],
    references: [],
    warnings: [],
  });
  return `,${frame.slice(frame.indexOf('[') + 1, frame.lastIndexOf('\n  ],\n  "references": []'))}`;
}
