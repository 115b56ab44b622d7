/**
 * The JSON of a scan, made while the files are read: no rows are kept, only their text. The bytes are those that
 * `formatJson` of the whole document gives. Plain rows are made by the lexer: a tree has more rows than files, and no object
 * is made for one.
 */

import type { ImportRecords } from '../imports/lexer/lexer.ts';
import type { ImportUse, ScanDocument } from '../types.ts';
import { createByteWriter } from './byte-writer.ts';
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
      if (records && records.from === records.to) return;
      const plain = records && PLAIN.test(path) ? records.rows(path) : null;
      if (plain !== null) rows.bytes(plain);
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
