/** The records that the lexer left (lexer/records.ts), read into imports. */

import type { ImportContext, ImportUse } from '../../types.ts';
import { BITS, CALL, COMPUTED_CALL, IMPORT, KIND, LEVEL, LINE, SIZE, SPANS } from './layout.ts';
import type { ImportRecords } from './lexer.ts';
import { looksOf } from './looks.ts';

/** An import without the path of its file. */
export type FoundImport = Omit<ImportUse, 'path'>;

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
const INSISTED_BIT = 256;

/** The imports of a file. `isLatin1` says that each of its bytes is one character. */
export function readImports(records: ImportRecords, isLatin1: boolean): readonly FoundImport[] {
  const { numbers } = records;
  const text: FileText = { memory: records.memory, isLatin1 };
  const imports: FoundImport[] = [];
  for (let at = records.from; at < records.to;) {
    const end = at + (numberAt(numbers, at + SIZE) >> 2);
    const kind = numberAt(numbers, at + KIND);
    if (kind === IMPORT) imports.push(readImport(text, numbers, at, end));
    else if (kind === CALL) imports.push(readCall(text, numbers, at, end));
    at = end;
  }
  return imports;
}

/** Whether a file imports one of several modules, whose names are plain. */
export function importsAny(records: ImportRecords, modules: ReadonlySet<string>): boolean {
  const { numbers, memory, to } = records;
  const looks = looksOf(modules);
  // Almost no module needs to become a string.
  let at = records.findLook(looks, records.from);
  while (at < to) {
    const start = numberAt(numbers, at + SPANS);
    const length = numberAt(numbers, at + SPANS + 1);
    if (modules.has(memory.toString('latin1', start, start + length))) return true;
    at = records.findLook(looks, at + (numberAt(numbers, at + SIZE) >> 2));
  }
  return false;
}

/** Whether a file has an import of a package or of a module of it. */
export function importsBelow(records: ImportRecords, name: string): boolean {
  const { numbers, from, to } = records;
  const text: FileText = { memory: records.memory, isLatin1: false };
  for (let at = from; at < to; at += numberAt(numbers, at + SIZE) >> 2) {
    if (numberAt(numbers, at + KIND) === COMPUTED_CALL) continue;
    const module = identifierAt(text, numbers, at + SPANS);
    if (module === name || module.startsWith(`${name}.`)) return true;
  }
  return false;
}

/** Lines of imports whose module is computed, each once. */
export function computedLines({ numbers, from, to }: ImportRecords): readonly number[] {
  const lines: number[] = [];
  for (let at = from; at < to; at += numberAt(numbers, at + SIZE) >> 2) {
    if (numberAt(numbers, at + KIND) !== COMPUTED_CALL) continue;
    const line = numberAt(numbers, at + LINE);
    if (lines.at(-1) !== line) lines.push(line);
  }
  return lines;
}

/** The bytes that names are read from. */
interface FileText {
  readonly memory: Buffer;
  readonly isLatin1: boolean;
}

function numberAt(numbers: Int32Array, index: number): number {
  return numbers[index] ?? 0;
}

function readImport(text: FileText, numbers: Int32Array, at: number, end: number): FoundImport {
  const names: string[] = [];
  for (let span = at + SPANS + 2; span < end; span += 2)
    names.push(identifierAt(text, numbers, span));
  const module = identifierAt(text, numbers, at + SPANS);
  return toImport(numbers, at, { module, level: numberAt(numbers, at + LEVEL), names });
}

/** The pieces of the literal are its module, with the dots before it. */
function readCall(text: FileText, numbers: Int32Array, at: number, end: number): FoundImport {
  let value = '';
  for (let span = at + SPANS; span < end; span += 2) value += textAt(text, numbers, span);
  const module = value.replace(/^\.+/, '');
  return toImport(numbers, at, { module, level: value.length - module.length, names: [] });
}

const NO_NAMES: readonly string[] = [];

function toImport(
  numbers: Int32Array,
  at: number,
  { module, level, names }: Pick<FoundImport, 'module' | 'level' | 'names'>,
): FoundImport {
  const bits = numberAt(numbers, at + BITS);
  const found: FoundImport = {
    line: numberAt(numbers, at + LINE),
    module,
    level,
    names: names.length === 0 ? NO_NAMES : names,
    context: contextOf(bits),
    dynamic: numberAt(numbers, at + KIND) !== IMPORT,
  };
  if ((bits & (HANDLER_BIT | INSISTED_BIT)) === 0) return found;
  return {
    ...found,
    ...((bits & HANDLER_BIT) === 0 ? {} : { fallback: true }),
    ...((bits & INSISTED_BIT) === 0 ? {} : { insisted: true }),
  };
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
function identifierAt(text: FileText, numbers: Int32Array, span: number): string {
  const start = numberAt(numbers, span);
  const length = numberAt(numbers, span + 1);
  if (length > 0) return text.memory.toString('latin1', start, start + length);
  return textAt(text, numbers, span)
    .normalize('NFKC')
    .replaceAll(/[\s\\]+/g, '');
}

function textAt({ memory, isLatin1 }: FileText, numbers: Int32Array, span: number): string {
  const start = numberAt(numbers, span);
  const end = start + Math.abs(numberAt(numbers, span + 1));
  return memory.toString(isLatin1 ? 'latin1' : 'utf8', start, end);
}
