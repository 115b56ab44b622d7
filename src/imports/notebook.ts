/**
 * Python in a Jupyter notebook (nbformat 3 and 4). Traps: `source` is a string or a list of lines; magics are no Python;
 * a cell of `%%bash` is none at all, one of `%%time` is; cells of other kernels are not read; places are told as lines
 * of the JSON file, where an editor finds them.
 */

import type { FoundImport, SourceProblem } from './scanner.ts';
import { scanPython } from './scanner.ts';

/** What a notebook says: its imports and what its magics install or run. */
export interface ScannedNotebook {
  readonly imports: readonly FoundImport[];
  readonly dynamicLines: readonly number[];
  /** Shell lines: `!cmd`, `%pip …`, cells of `%%bash`. */
  readonly commands: readonly { readonly line: number; readonly text: string }[];
  readonly problems: readonly SourceProblem[];
}

/** Cell magics whose body is Python of the same kernel. */
const PYTHON_CELLS =
  /^%%(?:time|timeit|capture|prun|debug|memit|mprun|lprun|scalene|heat|snakeviz|python3?|py|pypy|wandb|skip|test|ipytest|run_pytest|writefile\s+\S+\.py)\b/;
const SHELL_CELLS = /^%%(?:bash|sh|script|system|!|cmd)/;

/** Reads a notebook. Never throws: what is no notebook is a problem with line 1. */
export function scanNotebook(text: string): ScannedNotebook {
  const nothing = { imports: [], dynamicLines: [], commands: [] };
  const problem = (message: string): ScannedNotebook => ({
    ...nothing,
    problems: [{ code: 'bad-notebook', line: 1, message }],
  });
  let notebook: unknown;
  try {
    notebook = JSON.parse(text);
  } catch {
    return problem(text.trim() === '' ? 'the notebook is empty' : 'the notebook is not valid JSON');
  }
  const cells = cellsOf(notebook);
  if (cells === null) return problem('the notebook has no list of cells');
  if (languageOf(notebook) !== 'python') return { ...nothing, problems: [] };
  return scanCells(text, cells);
}

/** The Python of all code cells, magics blanked out; empty for what is no notebook. */
export function pythonOfNotebook(text: string): string {
  let notebook: unknown;
  try {
    notebook = JSON.parse(text);
  } catch {
    // The scan has warned about it.
    return '';
  }
  const sources = (cellsOf(notebook) ?? []).flatMap((cell) => codeOf(cell) ?? []);
  return sources.map((source) => separate(source.split('\n')).python).join('\n');
}

function scanCells(text: string, cells: readonly unknown[]): ScannedNotebook {
  const imports: FoundImport[] = [];
  const dynamicLines: number[] = [];
  const commands: { readonly line: number; readonly text: string }[] = [];
  const problems: SourceProblem[] = [];
  const places = new LinePlaces(text);
  for (const [index, cell] of cells.entries()) {
    const source = codeOf(cell);
    if (source === null) continue;
    const lines = source.split('\n');
    const lineOf = places.linesOf(lines);
    const { python, shell } = separate(lines);
    for (const { line, command } of shell) commands.push({ line: lineOf(line), text: command });
    const scanned = scanPython(Buffer.from(python, 'utf8'));
    for (const found of scanned.imports) imports.push({ ...found, line: lineOf(found.line - 1) });
    for (const line of scanned.dynamicLines) dynamicLines.push(lineOf(line - 1));
    for (const { code, line, message } of scanned.problems)
      problems.push({ code, line: lineOf(line - 1), message: `cell ${index + 1}: ${message}` });
  }
  return { imports, dynamicLines, commands, problems };
}

/** Finds the lines of cells in the JSON text, moving forward only: the cells come in the order of the file. */
class LinePlaces {
  readonly #text: string;
  #position = 0;
  #line = 1;
  #counted = 0;

  constructor(text: string) {
    this.#text = text;
  }

  /** Lines of the file for the lines of the next cell, by their index. */
  linesOf(lines: readonly string[]): (index: number) => number {
    const found = lines.map((line) => {
      const quoted = JSON.stringify(line).slice(1, -1);
      const at = quoted === '' ? -1 : this.#text.indexOf(quoted, this.#position);
      if (at !== -1) {
        for (; this.#counted < at; this.#counted++)
          if (this.#text[this.#counted] === '\n') this.#line++;
        this.#position = at + quoted.length;
      }
      return this.#line;
    });
    return (index) => found[index] ?? this.#line;
  }
}

/** Python with magics blanked out, line for line, and the shell commands. */
function separate(lines: readonly string[]): {
  readonly python: string;
  readonly shell: readonly { readonly line: number; readonly command: string }[];
} {
  const shell: { readonly line: number; readonly command: string }[] = [];
  const first = lines.findIndex((line) => line.trim() !== '');
  const head = lines[first]?.trim() ?? '';
  const isShellCell = SHELL_CELLS.test(head);
  if (head.startsWith('%%') && !PYTHON_CELLS.test(head)) {
    if (isShellCell)
      for (const [line, command] of lines.entries())
        if (line > first) shell.push({ line, command });
    return { python: '', shell };
  }
  const python = lines.map((line, index) => {
    const trimmed = line.trimStart();
    const indentation = line.slice(0, line.length - trimmed.length);
    const command = /^(?:!|%(?=(?:pip|conda|mamba|uv|sx|system)\b))!?(.*)$/.exec(trimmed)?.[1];
    const assigned = /^[\w\s,]+=\s*(?:!|%(?:sx|system)\s)(.*)$/.exec(trimmed)?.[1];
    if (command !== undefined || assigned !== undefined)
      shell.push({ line: index, command: command ?? assigned ?? '' });
    const timed = /^%(?:time|timeit|prun|memit)\s+(?:-\w+\s+\S+\s+)*(.*)$/.exec(trimmed)?.[1];
    if (timed !== undefined && !timed.startsWith('-')) return indentation + timed;
    // `pass` keeps a block whose only statement was a magic.
    return isMagic(trimmed) || assigned !== undefined ? `${indentation}pass` : line;
  });
  return { python: python.join('\n'), shell };
}

function isMagic(line: string): boolean {
  return /^(?:%|!|\?)/.test(line) || /^[\w.]+\?{1,2}\s*$/.test(line) || /^\w+\s*=\s*%/.test(line);
}

function cellsOf(notebook: unknown): readonly unknown[] | null {
  if (!isRecord(notebook)) return null;
  if (Array.isArray(notebook['cells'])) return notebook['cells'];
  const worksheets = notebook['worksheets'];
  if (!Array.isArray(worksheets)) return null;
  return worksheets.flatMap((sheet: unknown) =>
    isRecord(sheet) && Array.isArray(sheet['cells']) ? sheet['cells'] : [],
  );
}

function languageOf(notebook: unknown): string {
  const metadata = isRecord(notebook) ? notebook['metadata'] : undefined;
  if (!isRecord(metadata)) return 'python';
  const language = isRecord(metadata['language_info'])
    ? metadata['language_info']['name']
    : undefined;
  const kernel = isRecord(metadata['kernelspec']) ? metadata['kernelspec']['language'] : undefined;
  const name =
    typeof language === 'string' ? language : typeof kernel === 'string' ? kernel : 'python';
  return /python/i.test(name) ? 'python' : name;
}

function codeOf(cell: unknown): string | null {
  if (!isRecord(cell) || cell['cell_type'] !== 'code') return null;
  const source = cell['source'] ?? cell['input'];
  if (typeof source === 'string') return source;
  if (!Array.isArray(source)) return null;
  return source.filter((line: unknown) => typeof line === 'string').join('');
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
