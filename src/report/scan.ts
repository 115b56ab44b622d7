import type { ImportContext, ImportUse, ScanDocument } from '../types.ts';
import { formatJson } from './json.ts';
import { compareText } from './order.ts';
import { createPainter } from './paint.ts';
import type { RenderOptions } from './report.ts';
import { sanitize } from './sanitize.ts';
import { displayWidth, padEnd, padStart, truncate } from './text-width.ts';

/** An import without its file. */
export type ScanRow = Omit<ImportUse, 'path'>;

/** A JSON report that is made while the files are read: no rows are kept, only their text. */
export interface ScanJson {
  /** Adds a file. Files come in the order of their paths. */
  add(path: string, imports: readonly ScanRow[]): void;
  /** The report in pieces, to be written one after the other. */
  finish(rest: Omit<ScanDocument, 'imports'>): readonly (string | Buffer)[];
}

// ---------------------------------------------------------------------------------------------------------------------
// JSON

/** Characters gathered before they become bytes: an object per file would cost more than its text. */
const PIECE_LENGTH = 65_536;
/** What needs no escape and holds no address: all names of Python in ASCII and almost all paths. */
const PLAIN = /^[\w./@+ -]*$/;
const NO_IMPORTS = '\n  "imports": []';

/** The same bytes as `formatJson` of the whole document gives, without the whole document. */
export function createScanJson(): ScanJson {
  const pieces: Buffer[] = [];
  let text = '';
  let isFirst = true;
  return {
    add(path, imports) {
      const isPlainPath = PLAIN.test(path);
      for (const row of inOrder(imports)) {
        const isPlain = isPlainPath && isPlainRow(row);
        text += isFirst ? '' : ',';
        text += isPlain ? formatRow(path, row) : formatUnusualRow({ path, ...row });
        isFirst = false;
      }
      if (text.length < PIECE_LENGTH) return;
      pieces.push(Buffer.from(text));
      text = '';
    },
    finish(rest) {
      const frame = formatJson({ ...rest, imports: [] });
      if (isFirst) return [frame];
      const start = frame.indexOf(NO_IMPORTS) + NO_IMPORTS.length - 1;
      return [frame.slice(0, start), ...pieces, text, `\n  ${frame.slice(start)}`];
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

function isPlainRow(row: ScanRow): boolean {
  if (!PLAIN.test(row.module)) return false;
  for (const name of row.names) if (name !== '*' && !PLAIN.test(name)) return false;
  return true;
}

function formatRow(path: string, row: ScanRow): string {
  return `
    {
      "path": "${path}",
      "line": ${row.line},
      "module": "${row.module}",
      "level": ${row.level},
      "names": ${formatWords(row.names)},
      "context": ${formatContext(row.context)},
      "dynamic": ${row.dynamic}
    }`;
}

function formatWords(words: readonly string[]): string {
  if (words.length === 0) return '[]';
  let text = `[\n        "${words[0]}"`;
  for (let index = 1; index < words.length; index++) text += `,\n        "${words[index]}"`;
  return `${text}\n      ]`;
}

const CONTEXTS = new Map<readonly ImportContext[], string>();

/** The scanner has one array per combination, so that each is written once. */
function formatContext(context: readonly ImportContext[]): string {
  const known = CONTEXTS.get(context);
  if (known !== undefined) return known;
  const text = formatWords(context);
  if (CONTEXTS.size < 64) CONTEXTS.set(context, text);
  return text;
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
  return frame.slice(frame.indexOf('[') + 1, frame.lastIndexOf('\n  ],\n  "references": []'));
}

// ---------------------------------------------------------------------------------------------------------------------
// Table

/** Modules that are shown without `--all`. */
const MOST_MODULES = 25;

interface ModuleUse {
  uses: number;
  readonly first: ImportUse;
}

/** The imports of the code as a person reads them: each top-level module, how often, and where first. */
export function formatScan(document: ScanDocument, options: RenderOptions): string {
  const painter = createPainter(options.color);
  const files = document.files === 1 ? '1 Python file' : `${document.files} Python files`;
  const modules = countModules(document.imports);
  if (modules.size === 0) return `${files}: no imports from outside\n`;
  const sorted = [...modules].toSorted(([a, x], [b, y]) => y.uses - x.uses || compareText(a, b));
  const shown = sorted
    .slice(0, options.all ? sorted.length : MOST_MODULES)
    .map(([name, { uses, first }]) => ({
      name: sanitize(name),
      uses: String(uses),
      place: `${sanitize(first.path)}:${first.line}`,
    }));
  const widest = shown.reduce((width, { name }) => Math.max(width, displayWidth(name)), 0);
  const nameWidth = Math.min(widest, 40);
  const lines = shown.map(({ name, uses, place }) =>
    [
      `  ${padEnd(truncate(name, nameWidth), nameWidth)}`,
      padStart(uses, 6),
      `   ${painter.dim(truncate(place, options.width - nameWidth - 11))}`,
    ].join(''),
  );
  const left = sorted.length - shown.length;
  if (left > 0) lines.push(painter.dim(`  … and ${left} more modules (--all lists them)`));
  return [`${painter.bold(files)}  ${sorted.length} modules imported`, '', ...lines, ''].join('\n');
}

function countModules(imports: readonly ImportUse[]): ReadonlyMap<string, ModuleUse> {
  const modules = new Map<string, ModuleUse>();
  for (const use of imports) {
    if (use.level > 0) continue;
    const dot = use.module.indexOf('.');
    const name = dot === -1 ? use.module : use.module.slice(0, dot);
    const known = modules.get(name);
    if (known === undefined) modules.set(name, { uses: 1, first: use });
    else known.uses++;
  }
  return modules;
}
