/**
 * Reads the imports of one Python file in a single pass over its bytes.
 *
 * Traps of Python's lexical grammar that this file answers:
 * - `import` is a keyword everywhere, but `match`, `case`, `type` and `lazy` are words that may also be names.
 * - Statements follow `;`, a header's `:` on the same line, and lines joined by `\` or by brackets.
 * - A header's `:` is not that of a lambda, a slice, a dictionary, an annotation or `:=`.
 * - Strings of all prefixes; f- and t-strings nest expressions that may reuse the same quote (PEP 701, 750).
 * - Whether a `try` body is guarded is only known at its handlers, which come later; `except A, B:` needs no parentheses (PEP 758).
 * - A tab goes to the next multiple of 8, a form feed sets the column to 0; lines end in LF, CR LF or CR alone.
 * - A file with a syntax error is read on: the first problem is told with its line, the imports after it are still found.
 */

import type { ImportContext, ImportUse } from '../types.ts';
import { readEncoding } from './source-encoding.ts';

/** An import without the path of its file. `fallback` marks one inside an `except` handler. */
export type FoundImport = Omit<ImportUse, 'path'>;

/** Something in a file that Python itself would refuse. `line` is 1-based. */
export interface SourceProblem {
  readonly code: string;
  readonly line: number;
  readonly message: string;
}

/** What one file says. */
export interface ScannedSource {
  readonly imports: readonly FoundImport[];
  /** Lines of imports whose module is computed. */
  readonly dynamicLines: readonly number[];
  /**
   * Some comment begins with `# /// script` (PEP 723). One inside a string is not seen: a module that quotes a script for its
   * documentation is not thereby one.
   */
  readonly mayHoldScriptBlock: boolean;
  /** At most one about the encoding and one, the first, about the syntax. */
  readonly problems: readonly SourceProblem[];
}

/** Bytes behind the file that belong to the scan: newlines there end every loop. */
export const MARGIN = 4;

/** How to read a file. */
export interface ScanOptions {
  /** Cython: `cimport` is an import too, and problems are not told. */
  readonly cython?: boolean;
  /** A file of tests: said in the context of all its imports. */
  readonly test?: boolean;
}

const FUNCTION = 1;
const CLASS = 2;
const TRY = 4;
const IF = 8;
const TYPE_CHECKING = 16;
const TEST = 32;
const HANDLER = 128;
/** The body holds the cases of a `match`; for the level alone, no context. */
const MATCH = 64;

// The kinds of byte that end the inner loop; 0 is passed over.
const NEWLINE = 1;
const QUOTE = 2;
const OPEN = 3;
const CLOSE = 4;
const HASH = 5;
const BACKSLASH = 6;
const SEMICOLON = 7;
const COLON = 8;
const STRANGE = 9;

const KIND_OF_BYTE: Uint8Array = kindTable();
/** The same where `:` ends nothing, and where `;` does not either: each stop of the inner loop costs ten passed bytes. */
const KIND_OUTSIDE_HEADERS: Uint8Array = withoutKinds([COLON]);
const KIND_INSIDE_BRACKETS: Uint8Array = withoutKinds([COLON, SEMICOLON]);
/** 1 for bytes that may be part of an identifier; every non-ASCII byte may. */
const IS_WORD: Uint8Array = wordTable();
/** 1 for what may end a piece of a string: both quotes, backslash, newlines. */
const ENDS_STRING_PIECE: Uint8Array = flagTable([34, 39, 92, 10, 13]);
/** The same for f-strings, whose fields start with a brace. */
const ENDS_FORMATTED_PIECE: Uint8Array = flagTable([34, 39, 92, 10, 13, 123]);
const IS_NEWLINE: Uint8Array = flagTable([10]);
/** `i` of import and `f` of from, behind the blanks of their line. */
const MAY_START_IMPORT_LINE: Uint8Array = flagTable([105, 102, 9]);
/** The last letters of the functions that import by call, and the blanks that may follow them. */
const ENDS_IMPORTING_CALL: Uint8Array = flagTable([101, 95, 112, 99, 32, 9]);
const IS_PREFIX_LETTER: Uint8Array = flagTable([98, 66, 102, 70, 114, 82, 116, 84, 117, 85]);

/** Kinds of the open brackets of one statement: scratch, as an array per file would cost more than its scan. */
const BRACKETS: Uint8Array = new Uint8Array(200);
/** CPython's own limits: brackets inside each other, and f-strings inside each other. */
const DEEPEST_BRACKETS = 200;
const DEEPEST_FORMATTED = 150;

// Words as bytes: compared with the file without a string in between.
const AS: Uint8Array = Buffer.from('as');
const CASE: Uint8Array = Buffer.from('case');
const CDEF: Uint8Array = Buffer.from('cdef');
const CIMPORT: Uint8Array = Buffer.from('cimport');
const CLASS_WORD: Uint8Array = Buffer.from('class');
const CPDEF: Uint8Array = Buffer.from('cpdef');
const ASYNC: Uint8Array = Buffer.from('async');
const DEF: Uint8Array = Buffer.from('def');
const ELIF: Uint8Array = Buffer.from('elif');
const ELSE: Uint8Array = Buffer.from('else');
const EXCEPT: Uint8Array = Buffer.from('except');
const FINALLY: Uint8Array = Buffer.from('finally');
const FOR: Uint8Array = Buffer.from('for');
const FROM: Uint8Array = Buffer.from('from');
const IF_WORD: Uint8Array = Buffer.from('if');
const IMPORT: Uint8Array = Buffer.from('import');
const LAMBDA: Uint8Array = Buffer.from('lambda');
const LAZY: Uint8Array = Buffer.from('lazy');
const MATCH_WORD: Uint8Array = Buffer.from('match');
const NAME_ARGUMENT: Uint8Array = Buffer.from('name=');
const PRINT: Uint8Array = Buffer.from('print');
const SCRIPT_BLOCK: Uint8Array = Buffer.from('# /// script');
const SUPPRESS: Uint8Array = Buffer.from('suppress');
const TRY_WORD: Uint8Array = Buffer.from('try');
const WHILE: Uint8Array = Buffer.from('while');
const WITH: Uint8Array = Buffer.from('with');
/** Per first letter the second letters, as bits, of the words that start a statement of interest. */
const KEYWORD_STARTS: Int32Array = keywordStarts();

const IMPORTING_CALLS = {
  import_module: Buffer.from('import_module'),
  __import__: Buffer.from('__import__'),
  importorskip: Buffer.from('importorskip'),
  find_spec: Buffer.from('find_spec'),
} as const;

const SWALLOWING: ReadonlySet<string> = new Set([
  'ImportError',
  'ModuleNotFoundError',
  'Exception',
  'BaseException',
]);

function kindTable(): Uint8Array {
  const table = new Uint8Array(256);
  const set = (kind: number, text: string): void => {
    for (const character of text) table[character.charCodeAt(0)] = kind;
  };
  set(NEWLINE, '\n\r');
  set(QUOTE, '\'"');
  set(OPEN, '([{');
  set(CLOSE, ')]}');
  set(HASH, '#');
  set(BACKSLASH, '\\');
  set(SEMICOLON, ';');
  set(COLON, ':');
  set(STRANGE, '`$?!\0');
  return table;
}

function withoutKinds(kinds: readonly number[]): Uint8Array {
  return KIND_OF_BYTE.map((kind) => (kinds.includes(kind) ? 0 : kind));
}

function keywordStarts(): Int32Array {
  const table = new Int32Array(256);
  const words = [IF_WORD, DEF, FOR, TRY_WORD, FROM, ELIF, ELSE, WITH, LAZY, CASE, CDEF, CLASS_WORD];
  words.push(WHILE, MATCH_WORD, PRINT, ASYNC, CPDEF, IMPORT, EXCEPT, FINALLY, CIMPORT);
  for (const [first = 0, second = 0] of words)
    table[first] = (table[first] ?? 0) | (1 << (second & 31));
  return table;
}

function wordTable(): Uint8Array {
  const table = new Uint8Array(256);
  for (let byte = 0; byte < 256; byte++) {
    const isDigit = byte >= 48 && byte <= 57;
    const isLetter = (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122);
    table[byte] = isDigit || isLetter || byte === 95 || byte >= 128 ? 1 : 0;
  }
  return table;
}

function flagTable(bytes: readonly number[]): Uint8Array {
  const table = new Uint8Array(256);
  for (const byte of bytes) table[byte] = 1;
  return table;
}

/** An import being built: contexts stay bits until the end, as handlers come after the body they guard. */
interface Draft {
  readonly line: number;
  readonly module: string;
  readonly level: number;
  readonly names: readonly string[];
  readonly dynamic: boolean;
  bits: number;
}

/** What follows a header at one level of indentation: which word it continues, and where a `try` body began. */
interface Level {
  column: number;
  /** Column with tabs counted as 1: where the two disagree, the file mixes tabs and spaces. */
  alternateColumn: number;
  bits: number;
  isMatch: boolean;
  chain: 'none' | 'if' | 'loop' | 'try';
  /** Bits of the branches to come of an `if` chain. */
  elseBits: number;
  tryStart: number;
  tryEnd: number;
}

/** The state of one file. Mutable and private to this module: one record, so that loops can keep locals. */
interface Scan {
  /** Ends soon behind `end`, so that native searches stop there. */
  readonly bytes: Buffer;
  /** The byte at `end` is a newline that is not part of the file. */
  readonly end: number;
  readonly cython: boolean;
  readonly isLatin1: boolean;
  readonly hasCarriageReturn: boolean;
  readonly drafts: Draft[];
  readonly dynamicLines: number[];
  /** Context of the statement being read. */
  bits: number;
  /** End of the name after `def`: a parenthesis there is no call. */
  definitionEnd: number;
  mayHoldScriptBlock: boolean;
  linePosition: number;
  line: number;
  problem: SourceProblem | null;
  /** f-strings that were not closed; after some, none is nested any more: recovery stays linear. */
  brokenFormatted: number;
}

/**
 * Finds every import of a Python file. The bytes behind `length` are overwritten where there are at least MARGIN of
 * them; a buffer with less room is copied. Never throws on any content.
 */
export function scanPython(
  bytes: Uint8Array,
  length: number = bytes.length,
  options: ScanOptions = {},
): ScannedSource {
  const given = Buffer.from(bytes.buffer, bytes.byteOffset, length);
  const encoding = readEncoding(given);
  const problems: SourceProblem[] = encoding.problem === null ? [] : [encoding.problem];
  if (!encoding.isText)
    return { imports: [], dynamicLines: [], mayHoldScriptBlock: false, problems };
  const source = encoding.bytes ?? bytes;
  const end = encoding.bytes?.length ?? length;
  const scan = startScan(withMargin(source, end), end, encoding.isLatin1, options.cython === true);
  scanLines(scan, encoding.start, options.test === true ? TEST : 0);
  if (scan.problem !== null && !scan.cython) problems.push(scan.problem);
  return {
    imports: scan.drafts.map(toFoundImport),
    dynamicLines: scan.dynamicLines,
    mayHoldScriptBlock: scan.mayHoldScriptBlock,
    problems,
  };
}

/** The file with newlines behind it: in place where the buffer has room, as a copy where not. */
function withMargin(bytes: Uint8Array, length: number): Buffer {
  const room = length + MARGIN;
  const fits = bytes.length >= room;
  const file = fits ? Buffer.from(bytes.buffer, bytes.byteOffset, room) : Buffer.allocUnsafe(room);
  if (!fits) file.set(bytes.subarray(0, length));
  for (let position = length; position < room; position++) file[position] = 10;
  return file;
}

function startScan(bytes: Buffer, end: number, isLatin1: boolean, cython: boolean): Scan {
  return {
    bytes,
    end,
    cython,
    isLatin1,
    hasCarriageReturn: bytes.indexOf(13) !== -1,
    drafts: [],
    dynamicLines: [],
    bits: 0,
    definitionEnd: -1,
    mayHoldScriptBlock: false,
    linePosition: 0,
    line: 1,
    problem: null,
    brokenFormatted: 0,
  };
}

function decodeText(scan: Scan, start: number, end: number): string {
  return scan.bytes.toString(scan.isLatin1 ? 'latin1' : 'utf8', start, end);
}

const CONTEXT_SETS = new Map<number, readonly ImportContext[]>();

/** The names of the bits, in the order of the contract; one array per combination. */
function contextOf(bits: number): readonly ImportContext[] {
  const cached = CONTEXT_SETS.get(bits);
  if (cached !== undefined) return cached;
  const context: ImportContext[] = [];
  if ((bits & FUNCTION) !== 0) context.push('function');
  if ((bits & CLASS) !== 0) context.push('class');
  if ((bits & TRY) !== 0) context.push('try');
  if ((bits & IF) !== 0) context.push('if');
  if ((bits & TYPE_CHECKING) !== 0) context.push('type-checking');
  if ((bits & TEST) !== 0) context.push('test');
  CONTEXT_SETS.set(bits, context);
  return context;
}

function toFoundImport(draft: Draft): FoundImport {
  const found: FoundImport = {
    line: draft.line,
    module: draft.module,
    level: draft.level,
    names: draft.names,
    context: contextOf(draft.bits & ~HANDLER),
    dynamic: draft.dynamic,
  };
  return (draft.bits & HANDLER) === 0 ? found : { ...found, fallback: true };
}

// ---------------------------------------------------------------------------------------------------------------------
// Lines and blocks

function newLevel(column: number, alternateColumn: number, bits: number, isMatch: boolean): Level {
  return {
    column,
    alternateColumn,
    bits,
    isMatch,
    chain: 'none',
    elseBits: 0,
    tryStart: 0,
    tryEnd: -1,
  };
}

/** What the header before this line opened, or null. */
interface Header {
  readonly bits: number;
  readonly isMatch: boolean;
  readonly position: number;
}

function scanLines(scan: Scan, start: number, bits: number): void {
  const { bytes, end } = scan;
  const base = newLevel(0, 0, bits, false);
  const levels: Level[] = [base];
  let top = base;
  let header: Header | null = null;
  let position = start;
  while (position < end) {
    const lineStart = position;
    while (bytes[position] === 32) position++;
    let column = position - lineStart;
    let alternateColumn = column;
    let byte = bytes[position] ?? 10;
    if (byte === 9 || byte === 12) {
      position = measureIndentation(bytes, lineStart);
      column = INDENTATION.column;
      alternateColumn = INDENTATION.alternateColumn;
      byte = bytes[position] ?? 10;
    }
    if (byte === 10 || byte === 13) {
      position++;
      continue;
    }
    if (byte === 35) {
      if (bytes[position + 2] === 47 && isWordAt(bytes, position, SCRIPT_BLOCK))
        scan.mayHoldScriptBlock = true;
      position = skipComment(scan, position) + 1;
      continue;
    }
    if (column > top.column) {
      if (header === null)
        report(scan, 'unexpected-indent', lineStart, 'this line is indented without a reason');
      top = newLevel(column, alternateColumn, header?.bits ?? top.bits, header?.isMatch ?? false);
      levels.push(top);
    } else {
      if (header !== null)
        report(
          scan,
          'missing-block',
          header.position,
          'an indented block is missing after this line',
        );
      while (column < top.column && levels.length > 1) {
        levels.pop();
        top = levels[levels.length - 1] ?? base;
      }
      if (column !== top.column)
        report(scan, 'bad-dedent', lineStart, 'the indentation matches no line above');
      else if (alternateColumn !== top.alternateColumn)
        report(scan, 'tabs-and-spaces', lineStart, 'tabs and spaces are mixed in the indentation');
    }
    scan.bits = top.bits;
    const statement = readLogicalLine(scan, position, top);
    position = statement.next;
    header = statement.header;
  }
  if (header !== null)
    report(scan, 'missing-block', header.position, 'an indented block is missing after this line');
}

/** One result record for all lines with tabs: it is read at once and never kept. */
const INDENTATION: { column: number; alternateColumn: number } = { column: 0, alternateColumn: 0 };

/** Measures an indentation that is not of spaces alone; answers its end. */
function measureIndentation(bytes: Uint8Array, start: number): number {
  let column = 0;
  let alternateColumn = 0;
  for (let position = start; ; position++) {
    const byte = bytes[position];
    if (byte === 32) {
      column++;
      alternateColumn++;
    } else if (byte === 9) {
      column = (column | 7) + 1;
      alternateColumn++;
    } else if (byte === 12) {
      column = 0;
      alternateColumn = 0;
    } else {
      INDENTATION.column = column;
      INDENTATION.alternateColumn = alternateColumn;
      return position;
    }
  }
}

/** One result record for all lines: it is read at once and never kept. */
const LINE_RESULT: { next: number; header: Header | null } = { next: 0, header: null };

/** Reads one logical line; `next` is the start of the next physical line. */
function readLogicalLine(scan: Scan, start: number, level: Level): typeof LINE_RESULT {
  const { bytes, end } = scan;
  LINE_RESULT.header = null;
  let position = start;
  for (;;) {
    position = readStatement(scan, position, level);
    let byte = bytes[position] ?? 10;
    if (byte === 59 || byte === 58) {
      // After `;`, or after the `:` of a header whose body is on the same line.
      position++;
      byte = bytes[position] ?? 10;
      while (byte === 32 || byte === 9 || byte === 12) byte = bytes[++position] ?? 10;
      if (byte === 35) position = skipComment(scan, position);
      else if (byte !== 10 && byte !== 13) {
        LINE_RESULT.header = null;
        continue;
      }
    }
    LINE_RESULT.next = position < end ? position + 1 : end;
    return LINE_RESULT;
  }
}

/** Reads one statement; answers where it stopped: a newline, `;`, or the `:` of a header. */
function readStatement(scan: Scan, start: number, level: Level): number {
  const { bytes } = scan;
  const seconds = KEYWORD_STARTS[bytes[start] ?? 0] ?? 0;
  if ((seconds & (1 << ((bytes[start + 1] ?? 0) & 31))) === 0)
    return skipTokens(scan, start, false);
  let wordEnd = start + 1;
  while (IS_WORD[bytes[wordEnd] ?? 0] === 1) wordEnd++;
  switch (wordEnd - start) {
    case 2:
      return isWordAt(bytes, start, IF_WORD)
        ? readIf(scan, start, wordEnd, level)
        : skipTokens(scan, wordEnd, false);
    case 3:
      return readThreeLetterStatement(scan, start, wordEnd, level);
    case 4:
      return readFourLetterStatement(scan, start, wordEnd, level);
    case 5:
      return readFiveLetterStatement(scan, start, wordEnd, level);
    case 6:
      if (isWordAt(bytes, start, IMPORT)) return readImport(scan, start, wordEnd);
      if (isWordAt(bytes, start, EXCEPT)) return readExcept(scan, start, wordEnd, level);
      return skipTokens(scan, wordEnd, false);
    case 7:
      if (isWordAt(bytes, start, FINALLY)) return readFinally(scan, start, wordEnd, level);
      if (scan.cython && isWordAt(bytes, start, CIMPORT)) return readImport(scan, start, wordEnd);
      return skipTokens(scan, wordEnd, false);
    default:
      return skipTokens(scan, wordEnd, false);
  }
}

function readThreeLetterStatement(
  scan: Scan,
  start: number,
  wordEnd: number,
  level: Level,
): number {
  const { bytes } = scan;
  if (isWordAt(bytes, start, DEF)) return readDefinition(scan, start, wordEnd);
  if (isWordAt(bytes, start, FOR)) return readLoop(scan, start, wordEnd, level);
  if (isWordAt(bytes, start, TRY_WORD)) return readTry(scan, start, wordEnd, level);
  return skipTokens(scan, wordEnd, false);
}

function readFourLetterStatement(scan: Scan, start: number, wordEnd: number, level: Level): number {
  const { bytes } = scan;
  switch (bytes[start]) {
    case 102:
      return isWordAt(bytes, start, FROM)
        ? readFrom(scan, start, wordEnd)
        : skipTokens(scan, wordEnd, false);
    case 101:
      if (isWordAt(bytes, start, ELIF)) return readIf(scan, start, wordEnd, level);
      if (isWordAt(bytes, start, ELSE)) return readElse(scan, start, wordEnd, level);
      return skipTokens(scan, wordEnd, false);
    case 119:
      return isWordAt(bytes, start, WITH)
        ? readWith(scan, start, wordEnd)
        : skipTokens(scan, wordEnd, false);
    case 108:
      return isWordAt(bytes, start, LAZY)
        ? readLazy(scan, wordEnd)
        : skipTokens(scan, wordEnd, false);
    case 99:
      if (level.isMatch && isWordAt(bytes, start, CASE)) return readHeader(scan, start, wordEnd, 0);
      if (scan.cython && isWordAt(bytes, start, CDEF))
        return readCythonDefinition(scan, start, wordEnd);
      return skipTokens(scan, wordEnd, false);
    default:
      return skipTokens(scan, wordEnd, false);
  }
}

function readFiveLetterStatement(scan: Scan, start: number, wordEnd: number, level: Level): number {
  const { bytes } = scan;
  if (isWordAt(bytes, start, CLASS_WORD)) return readHeader(scan, start, wordEnd, CLASS);
  if (isWordAt(bytes, start, WHILE)) return readLoop(scan, start, wordEnd, level);
  if (isWordAt(bytes, start, MATCH_WORD)) return readMatch(scan, start, wordEnd);
  if (isWordAt(bytes, start, PRINT)) checkPrint(scan, start, wordEnd);
  if (isWordAt(bytes, start, ASYNC)) {
    const next = skipSpace(scan, wordEnd);
    return next > wordEnd ? readStatement(scan, next, level) : skipTokens(scan, wordEnd, false);
  }
  if (scan.cython && isWordAt(bytes, start, CPDEF))
    return readCythonDefinition(scan, start, wordEnd);
  return skipTokens(scan, wordEnd, false);
}

/** `print "x"` of Python 2: told, as what else the file says was not written for Python 3. */
function checkPrint(scan: Scan, start: number, wordEnd: number): void {
  const { bytes } = scan;
  const next = skipSpace(scan, wordEnd);
  if (next > wordEnd && KIND_OF_BYTE[bytes[next] ?? 10] === QUOTE)
    report(scan, 'python-2', start, 'a print statement: this file is Python 2');
}

// ---------------------------------------------------------------------------------------------------------------------
// Headers

/**
 * Passes a header up to its colon. The body, on the same line or indented below, gets the bits of the header added to
 * those of the statement.
 */
function readHeader(scan: Scan, start: number, wordEnd: number, bits: number): number {
  const colon = findHeaderEnd(scan, wordEnd);
  return openBody(scan, start, colon, bits);
}

function openBody(scan: Scan, start: number, colon: number, bits: number): number {
  if (scan.bytes[colon] !== 58) {
    report(scan, 'missing-colon', start, 'a `:` is missing at the end of this statement');
    return colon;
  }
  scan.bits |= bits & ~MATCH;
  LINE_RESULT.header = { bits: scan.bits, isMatch: (bits & MATCH) !== 0, position: start };
  return colon;
}

/** The `:` that ends a header: those of lambdas are passed over. */
function findHeaderEnd(scan: Scan, from: number): number {
  let position = skipTokens(scan, from, true);
  // The body of a lambda stands on its line: a colon at the end of a line ends the header.
  if (scan.bytes[position] !== 58 || isLineEnd(scan, position + 1)) return position;
  if (!hasLambda(scan.bytes, from, position)) return position;
  let colons = 1;
  while (scan.bytes[position] === 58 && countOuterLambdas(scan, from, position) >= colons) {
    position = skipTokens(scan, position + 1, true);
    colons++;
  }
  return position;
}

/** Whether the word is there at all, in a string too: a plain search before the tokens are looked at. */
function hasLambda(bytes: Uint8Array, from: number, to: number): boolean {
  for (let position = from; position < to; position++)
    if (
      bytes[position] === 98 &&
      bytes[position + 1] === 100 &&
      isWordAt(bytes, position - 3, LAMBDA)
    )
      return true;
  return false;
}

function isLineEnd(scan: Scan, from: number): boolean {
  const byte = scan.bytes[skipSpace(scan, from)] ?? 10;
  return byte === 10 || byte === 13 || byte === 35;
}

/** Lambdas outside brackets and strings between two places of one header. */
function countOuterLambdas(scan: Scan, from: number, to: number): number {
  const { bytes } = scan;
  let depth = 0;
  let count = 0;
  for (let position = from; position < to; position++) {
    const kind = KIND_OF_BYTE[bytes[position] ?? 0];
    if (kind === OPEN) depth++;
    else if (kind === CLOSE) depth--;
    else if (kind === QUOTE) position = skipString(scan, position) - 1;
    else if (kind === HASH) position = skipComment(scan, position);
    else if (
      depth === 0 &&
      bytes[position] === 108 &&
      isWordAt(bytes, position, LAMBDA) &&
      IS_WORD[bytes[position + 6] ?? 0] === 0 &&
      IS_WORD[bytes[position - 1] ?? 0] === 0
    )
      count++;
  }
  return count;
}

function readDefinition(scan: Scan, start: number, wordEnd: number): number {
  const { bytes } = scan;
  let nameEnd = skipSpace(scan, wordEnd);
  while (IS_WORD[bytes[nameEnd] ?? 0] === 1) nameEnd++;
  scan.definitionEnd = nameEnd;
  return readHeader(scan, start, nameEnd, FUNCTION);
}

/** `cdef` and `cpdef`: a function, a class, a block of declarations or a variable. */
function readCythonDefinition(scan: Scan, start: number, wordEnd: number): number {
  const colon = skipTokens(scan, wordEnd, true);
  if (scan.bytes[colon] !== 58) return colon;
  const header = decodeText(scan, wordEnd, Math.min(colon, wordEnd + 400));
  const bits = /^\s*class\b/.test(header) ? CLASS : header.includes('(') ? FUNCTION : 0;
  return openBody(scan, start, colon, bits);
}

function readLoop(scan: Scan, start: number, wordEnd: number, level: Level): number {
  level.chain = 'loop';
  level.elseBits = IF;
  return readHeader(scan, start, wordEnd, IF);
}

function readIf(scan: Scan, start: number, wordEnd: number, level: Level): number {
  const inherited = wordEnd - start === 4 ? level.elseBits : 0;
  level.chain = 'if';
  const colon = findHeaderEnd(scan, wordEnd);
  const checking = readTypeChecking(scan, wordEnd, colon);
  level.elseBits = inherited | (checking === 'negated' ? TYPE_CHECKING : IF);
  return openBody(scan, start, colon, inherited | (checking === 'yes' ? TYPE_CHECKING : IF));
}

/** Whether a test is `TYPE_CHECKING` alone, bare, qualified, in parentheses or after `not`. */
function readTypeChecking(scan: Scan, from: number, to: number): 'yes' | 'negated' | 'no' {
  const { bytes } = scan;
  let last = to - 1;
  while (last > from && (bytes[last] === 32 || bytes[last] === 41 || bytes[last] === 9)) last--;
  if (bytes[last] !== 71 || last - from > 200) return 'no';
  const test = decodeText(scan, from, to)
    .replaceAll(/[\s\\()]+/g, ' ')
    .trim();
  if (/^(?:[\w.]+\.)?TYPE_CHECKING$/.test(test)) return 'yes';
  return /^not (?:[\w.]+\.)?TYPE_CHECKING$/.test(test) ? 'negated' : 'no';
}

function readElse(scan: Scan, start: number, wordEnd: number, level: Level): number {
  if (level.chain === 'try') closeTryBody(scan, level);
  return readHeader(scan, start, wordEnd, level.chain === 'try' ? 0 : level.elseBits);
}

function readTry(scan: Scan, start: number, wordEnd: number, level: Level): number {
  level.chain = 'try';
  level.tryStart = scan.drafts.length;
  level.tryEnd = -1;
  return readHeader(scan, start, wordEnd, 0);
}

function closeTryBody(scan: Scan, level: Level): void {
  if (level.tryEnd === -1) level.tryEnd = scan.drafts.length;
}

function readFinally(scan: Scan, start: number, wordEnd: number, level: Level): number {
  closeTryBody(scan, level);
  return readHeader(scan, start, wordEnd, 0);
}

function readExcept(scan: Scan, start: number, wordEnd: number, level: Level): number {
  closeTryBody(scan, level);
  const colon = findHeaderEnd(scan, wordEnd);
  if (level.chain === 'try' && level.tryEnd > level.tryStart) {
    const clause = decodeText(scan, wordEnd, Math.min(colon, wordEnd + 2000));
    if (swallowsImportError(clause)) {
      for (let index = level.tryStart; index < level.tryEnd; index++) {
        const draft = scan.drafts[index];
        if (draft !== undefined) draft.bits |= TRY;
      }
    }
  }
  return openBody(scan, start, colon, HANDLER);
}

/** Whether what stands between `except` and its colon would catch an ImportError. */
function swallowsImportError(clause: string): boolean {
  let types = clause
    .replaceAll(/#[^\n\r]*/g, ' ')
    .replaceAll(/\\(?=[\r\n])/g, ' ')
    .trim();
  if (types.startsWith('*')) types = types.slice(1).trim();
  types = types.replace(/\bas\s+\w+$/u, '').trim();
  if (types === '') return true;
  if (types.startsWith('(') && matchingParenthesis(types) === types.length - 1)
    types = types.slice(1, -1);
  return types.split(',').some((type) => {
    const path = type.trim().replace(/^\((.*)\)$/s, '$1');
    return /^[\w\s.]+$/u.test(path) && SWALLOWING.has(path.slice(path.lastIndexOf('.') + 1).trim());
  });
}

function matchingParenthesis(text: string): number {
  let depth = 0;
  for (let index = 0; index < text.length; index++) {
    if (text[index] === '(') depth++;
    else if (text[index] === ')' && --depth === 0) return index;
  }
  return -1;
}

function readWith(scan: Scan, start: number, wordEnd: number): number {
  const colon = findHeaderEnd(scan, wordEnd);
  const guarded =
    hasSuppress(scan.bytes, wordEnd, colon) &&
    suppressesImportError(decodeText(scan, wordEnd, Math.min(colon, wordEnd + 2000)));
  return openBody(scan, start, colon, guarded ? TRY : 0);
}

/** Two letters decide for almost every `with`, so that no text is made of it. */
function hasSuppress(bytes: Uint8Array, from: number, to: number): boolean {
  for (let position = from; position < to; position++)
    if (
      bytes[position] === 115 &&
      bytes[position + 1] === 117 &&
      isWordAt(bytes, position, SUPPRESS)
    )
      return true;
  return false;
}

function suppressesImportError(items: string): boolean {
  for (const call of items.matchAll(/\bsuppress\s*\(([^()]*)\)/g)) {
    const types = (call[1] ?? '').replaceAll(/#[^\n\r]*/g, ' ').split(',');
    if (types.some((type) => SWALLOWING.has(type.slice(type.lastIndexOf('.') + 1).trim())))
      return true;
  }
  return false;
}

/** `match` is a statement only where a colon ends the line: `match: int = 1` and `match(x)` are not. */
function readMatch(scan: Scan, start: number, wordEnd: number): number {
  const { bytes } = scan;
  const next = skipSpace(scan, wordEnd);
  if (bytes[next] === 58) return skipTokens(scan, wordEnd, false);
  const colon = findHeaderEnd(scan, wordEnd);
  if (bytes[colon] !== 58) return colon;
  const after = skipSpace(scan, colon + 1);
  const byte = bytes[after] ?? 10;
  if (byte !== 10 && byte !== 13 && byte !== 35) return skipTokens(scan, colon + 1, false);
  return openBody(scan, start, colon, IF | MATCH);
}

/** `lazy import x` (PEP 810): the word alone is a name. */
function readLazy(scan: Scan, wordEnd: number): number {
  const { bytes } = scan;
  const next = skipSpace(scan, wordEnd);
  if (next > wordEnd && isWordAt(bytes, next, IMPORT) && IS_WORD[bytes[next + 6] ?? 0] === 0)
    return readImport(scan, next, next + 6);
  if (next > wordEnd && isWordAt(bytes, next, FROM) && IS_WORD[bytes[next + 4] ?? 0] === 0)
    return readFrom(scan, next, next + 4);
  return skipTokens(scan, wordEnd, false);
}

// ---------------------------------------------------------------------------------------------------------------------
// Import statements

function readImport(scan: Scan, start: number, wordEnd: number): number {
  const { bytes } = scan;
  const line = lineAt(scan, start);
  let position = skipSpace(scan, wordEnd);
  for (;;) {
    const nameEnd = skipDottedName(scan, position);
    if (nameEnd === position) return badImport(scan, start, position);
    scan.drafts.push({
      line,
      module: moduleText(scan, position, nameEnd),
      level: 0,
      names: [],
      dynamic: false,
      bits: scan.bits,
    });
    position = skipAlias(scan, skipSpace(scan, nameEnd));
    if (bytes[position] !== 44) break;
    position = skipSpace(scan, position + 1);
  }
  return endOfImport(scan, start, position);
}

function readFrom(scan: Scan, start: number, wordEnd: number): number {
  const { bytes } = scan;
  const line = lineAt(scan, start);
  let level = 0;
  let position = skipSpace(scan, wordEnd);
  while (bytes[position] === 46) {
    level++;
    position = skipSpace(scan, position + 1);
  }
  // `from . import x`: the word after the dots is the keyword, not a module.
  const isKeyword = isImportWord(scan, position);
  const nameEnd = isKeyword ? position : skipDottedName(scan, position);
  const module = nameEnd === position ? '' : moduleText(scan, position, nameEnd);
  if (module === '' && level === 0) return badImport(scan, start, position);
  position = skipSpace(scan, nameEnd);
  if (!isImportWord(scan, position)) return badImport(scan, start, position);
  position = skipSpace(scan, position + (bytes[position] === 99 ? 7 : 6));
  if (bytes[position] === 42) {
    scan.drafts.push({ line, module, level, names: ['*'], dynamic: false, bits: scan.bits });
    return endOfImport(scan, start, skipSpace(scan, position + 1));
  }
  const names: string[] = [];
  const isOpen = bytes[position] === 40;
  const after = isOpen
    ? readNames(scan, skipBlank(scan, position + 1), names, skipBlank)
    : readNames(scan, position, names, skipSpace);
  if (names.length > 0)
    scan.drafts.push({ line, module, level, names, dynamic: false, bits: scan.bits });
  if (isOpen ? bytes[after] !== 41 : names.length === 0) return badImport(scan, start, after);
  return endOfImport(scan, start, isOpen ? skipSpace(scan, after + 1) : after);
}

function isImportWord(scan: Scan, position: number): boolean {
  const { bytes } = scan;
  if (isWordAt(bytes, position, IMPORT)) return IS_WORD[bytes[position + 6] ?? 0] === 0;
  return (
    scan.cython && isWordAt(bytes, position, CIMPORT) && IS_WORD[bytes[position + 7] ?? 0] === 0
  );
}

/** The names of a from-import, up to what is no name. `skip` passes the blanks that its place allows. */
function readNames(
  scan: Scan,
  start: number,
  names: string[],
  skip: (scan: Scan, position: number) => number,
): number {
  const { bytes } = scan;
  let position = start;
  for (;;) {
    let nameEnd = position;
    while (IS_WORD[bytes[nameEnd] ?? 0] === 1) nameEnd++;
    if (nameEnd === position) return position;
    names.push(identifierText(scan, position, nameEnd));
    position = skip(scan, nameEnd);
    if (isWordAt(bytes, position, AS) && IS_WORD[bytes[position + 2] ?? 0] === 0) {
      position = skip(scan, position + 2);
      while (IS_WORD[bytes[position] ?? 0] === 1) position++;
      position = skip(scan, position);
    }
    if (bytes[position] !== 44) return position;
    position = skip(scan, position + 1);
  }
}

/** The end of `a.b.c`; blanks around the dots are allowed by Python. */
function skipDottedName(scan: Scan, start: number): number {
  const { bytes } = scan;
  let end = start;
  for (;;) {
    const wordStart = end;
    while (IS_WORD[bytes[end] ?? 0] === 1) end++;
    if (end === wordStart) return end;
    const dot = bytes[end] === 46 ? end : skipSpace(scan, end);
    if (bytes[dot] !== 46) return end;
    end = skipSpace(scan, dot + 1);
  }
}

function skipAlias(scan: Scan, position: number): number {
  const { bytes } = scan;
  if (!isWordAt(bytes, position, AS) || IS_WORD[bytes[position + 2] ?? 0] === 1) return position;
  let end = skipSpace(scan, position + 2);
  while (IS_WORD[bytes[end] ?? 0] === 1) end++;
  return skipSpace(scan, end);
}

/** The import is over: only a comment, `;` or the end of the line may follow. */
function endOfImport(scan: Scan, start: number, position: number): number {
  const byte = scan.bytes[position] ?? 10;
  if (byte === 10 || byte === 13 || byte === 59) return position;
  if (byte === 35) return skipComment(scan, position);
  return badImport(scan, start, position);
}

function badImport(scan: Scan, start: number, position: number): number {
  report(scan, 'bad-import', start, 'this import statement is not valid Python');
  return skipTokens(scan, position, false);
}

/** An identifier as Python compares it: normalised by NFKC where it is not ASCII. */
function identifierText(scan: Scan, start: number, end: number): string {
  const { bytes } = scan;
  for (let position = start; position < end; position++)
    if ((bytes[position] ?? 0) >= 128) return decodeText(scan, start, end).normalize('NFKC');
  return bytes.toString('latin1', start, end);
}

/** A dotted name without the blanks that may stand around its dots, and that NFKC may make. */
function moduleText(scan: Scan, start: number, end: number): string {
  const { bytes } = scan;
  const text = identifierText(scan, start, end);
  for (let position = start; position < end; position++) {
    const byte = bytes[position] ?? 0;
    if (byte >= 128 || (byte !== 46 && IS_WORD[byte] === 0)) return text.replaceAll(/[\s\\]+/g, '');
  }
  return text;
}

// ---------------------------------------------------------------------------------------------------------------------
// Passing over what is no import

/**
 * Passes over tokens to the end of the statement: a newline outside brackets, a `;`, or with `stopAtColon` the first
 * `:` outside brackets. Answers where it stopped.
 */
function skipTokens(scan: Scan, start: number, stopAtColon: boolean): number {
  const { bytes, end } = scan;
  const outside = stopAtColon ? KIND_OF_BYTE : KIND_OUTSIDE_HEADERS;
  let kinds = outside;
  let position = start;
  let depth = 0;
  let opened = start;
  for (;;) {
    position = passBytes(bytes, position, kinds);
    // In the order of how often they are met.
    const kind = kinds[bytes[position] ?? 10];
    if (kind === NEWLINE) {
      if (depth === 0 || position >= end) {
        if (depth > 0) report(scan, 'unclosed-bracket', opened, 'this bracket is never closed');
        if (position - start > 4096) checkOperatorRun(scan, start, position);
        return position;
      }
      position++;
      while (bytes[position] === 32) position++;
      if (MAY_START_IMPORT_LINE[bytes[position] ?? 10] === 1 && isImportLine(scan, position)) {
        report(
          scan,
          'unclosed-bracket',
          opened,
          'this bracket is not closed before the next statement',
        );
        return lineBefore(bytes, position);
      }
    } else if (kind === OPEN) {
      if (depth === 0) opened = position;
      openBracket(scan, position, depth);
      depth++;
      kinds = KIND_INSIDE_BRACKETS;
      position++;
    } else if (kind === CLOSE) {
      depth = closeBracket(scan, position, depth);
      if (depth === 0) kinds = outside;
      position++;
    } else if (kind === QUOTE) position = skipString(scan, position);
    else if (kind === HASH) position = skipComment(scan, position);
    else if (kind === BACKSLASH) position = skipContinuation(scan, position);
    else if (kind === SEMICOLON) return position;
    else if (kind === COLON) {
      if (bytes[position + 1] !== 61) return position;
      position++;
    } else {
      checkStrange(scan, position);
      position++;
    }
  }
}

/** The next byte of a kind that matters. Four at a time: a turn of the loop costs more than a look into the table. */
function passBytes(bytes: Uint8Array, start: number, kinds: Uint8Array): number {
  for (let position = start; ; position += 4) {
    if (kinds[bytes[position] ?? 10] !== 0) return position;
    if (kinds[bytes[position + 1] ?? 10] !== 0) return position + 1;
    if (kinds[bytes[position + 2] ?? 10] !== 0) return position + 2;
    if (kinds[bytes[position + 3] ?? 10] !== 0) return position + 3;
  }
}

/** The newline that ends the line before the one that a place is on. */
function lineBefore(bytes: Uint8Array, place: number): number {
  let position = place - 1;
  while (bytes[position] === 32 || bytes[position] === 9) position--;
  return position;
}

function openBracket(scan: Scan, position: number, depth: number): void {
  const { bytes } = scan;
  const byte = bytes[position] ?? 0;
  if (depth < DEEPEST_BRACKETS) BRACKETS[depth] = byte;
  else if (depth === DEEPEST_BRACKETS)
    report(scan, 'too-deep', position, 'brackets are nested more than 200 deep');
  if (byte === 40) {
    if (position > 0 && ENDS_IMPORTING_CALL[bytes[position - 1] ?? 0] === 1)
      checkDynamicImport(scan, position);
  } else if (byte === 123 && bytes[position + 1] === 37)
    report(scan, 'template', position, 'this is a template, not Python');
}

function closeBracket(scan: Scan, position: number, depth: number): number {
  if (depth === 0) {
    report(scan, 'unmatched-bracket', position, 'this bracket was never opened');
    return 0;
  }
  const open = BRACKETS[depth - 1] ?? 0;
  const close = scan.bytes[position] ?? 0;
  // In ASCII `)` follows `(` at once, `]` and `}` come two after their partner.
  if (depth <= DEEPEST_BRACKETS && close - open !== (open === 40 ? 1 : 2))
    report(scan, 'unmatched-bracket', position, 'this bracket closes another kind');
  return depth - 1;
}

function checkStrange(scan: Scan, position: number): void {
  const byte = scan.bytes[position];
  if (byte === 33 && scan.bytes[position + 1] === 61) return;
  if (byte === 0) report(scan, 'nul-byte', position, 'a NUL byte is not allowed in Python source');
  else
    report(
      scan,
      'bad-character',
      position,
      `\`${scan.bytes.toString('latin1', position, position + 1)}\` is not Python 3`,
    );
}

/** CPython gives up on expressions nested thousands deep; it is told, as for brackets. */
function checkOperatorRun(scan: Scan, start: number, end: number): void {
  const statement = scan.bytes.subarray(start, end);
  for (const operator of ['-', '+', '~']) {
    if (
      statement.indexOf(operator.repeat(2000)) !== -1 &&
      statement.indexOf(34) === -1 &&
      statement.indexOf(39) === -1
    )
      report(scan, 'too-deep', start, 'operators are nested too deep for Python');
  }
}

/** Whether a line inside brackets starts an import: `import` is a keyword, so the bracket was left open. */
function isImportLine(scan: Scan, start: number): boolean {
  const { bytes } = scan;
  let position = start;
  while (bytes[position] === 32 || bytes[position] === 9) position++;
  if (bytes[position] === 105)
    return isWordAt(bytes, position, IMPORT) && IS_WORD[bytes[position + 6] ?? 0] === 0;
  if (bytes[position] !== 102 || !isWordAt(bytes, position, FROM) || bytes[position + 4] !== 32)
    return false;
  position += 5;
  while (bytes[position] === 46 || bytes[position] === 32) position++;
  position = skipDottedName(scan, position);
  return isImportWord(scan, skipSpace(scan, position));
}

/** The newline that ends a comment. */
function skipComment(scan: Scan, start: number): number {
  const { bytes } = scan;
  // The newline behind the file is always found.
  if (!scan.hasCarriageReturn) return bytes.indexOf(10, start);
  let position = start;
  let byte = bytes[position] ?? 10;
  while (byte !== 10 && byte !== 13) byte = bytes[++position] ?? 10;
  return position;
}

/** The place after a backslash and the newline that it takes away. */
function skipContinuation(scan: Scan, position: number): number {
  const { bytes, end } = scan;
  const next = bytes[position + 1];
  if (position + 1 >= end) {
    report(scan, 'bad-continuation', position, 'the file ends after a backslash');
    return end;
  }
  if (next === 13 && bytes[position + 2] === 10) return Math.min(position + 3, end);
  if (next === 10 || next === 13) return position + 2;
  report(
    scan,
    'bad-continuation',
    position,
    'a backslash stands before something else than the end of the line',
  );
  return position + 1;
}

/** Blanks and joined lines. */
function skipSpace(scan: Scan, start: number): number {
  const { bytes } = scan;
  let position = start;
  for (;;) {
    const byte = bytes[position] ?? 10;
    if (byte === 32 || byte === 9 || byte === 12) position++;
    else if (
      byte === 92 &&
      position + 1 < scan.end &&
      (bytes[position + 1] === 10 || bytes[position + 1] === 13)
    )
      position = skipContinuation(scan, position);
    else return position;
  }
}

/** Blanks, newlines and comments: what brackets allow between tokens. */
function skipBlank(scan: Scan, start: number): number {
  const { bytes, end } = scan;
  let position = start;
  while (position < end) {
    const byte = bytes[position] ?? 10;
    if (byte === 35) position = skipComment(scan, position);
    else if (byte === 32 || byte === 9 || byte === 12 || byte === 10 || byte === 13) position++;
    else if (byte === 92) position = skipContinuation(scan, position);
    else return position;
  }
  return end;
}

function isWordAt(bytes: Uint8Array, position: number, word: Uint8Array): boolean {
  for (let index = 0; index < word.length; index++)
    if (bytes[position + index] !== word[index]) return false;
  return true;
}

// ---------------------------------------------------------------------------------------------------------------------
// Strings

/** The place after a string whose opening quote is at `start`. */
function skipString(scan: Scan, start: number): number {
  const { bytes } = scan;
  const quote = bytes[start] ?? 0;
  const prefix = hasPrefix(bytes, start) ? readPrefix(bytes, start) : PLAIN;
  const isTriple = bytes[start + 1] === quote && bytes[start + 2] === quote;
  if (!isTriple && bytes[start + 1] === quote) return start + 2;
  if ((prefix & FORMATTED) !== 0 && scan.brokenFormatted < 3) {
    const end = skipFormatted(scan, start, (prefix & RAW) !== 0, 0);
    if (end !== -1) return end;
    scan.brokenFormatted++;
  }
  return isTriple ? skipTriple(scan, start, quote) : skipSingle(scan, start, quote);
}

const PLAIN = 0;
const FORMATTED = 1;
const RAW = 2;

// A place before the file is never asked for: it would make every read of a byte slower.
function hasPrefix(bytes: Uint8Array, quote: number): boolean {
  return quote > 0 && IS_PREFIX_LETTER[bytes[quote - 1] ?? 0] === 1;
}

/** The prefix of a string as bits; letters that belong to a longer word are none. */
function readPrefix(bytes: Uint8Array, quote: number): number {
  let position = quote - 1;
  let bits = PLAIN;
  for (; position >= 0 && quote - position <= 3; position--) {
    const letter = (bytes[position] ?? 0) | 32;
    if (letter === 102 || letter === 116) bits |= FORMATTED;
    else if (letter === 114) bits |= RAW;
    else if (letter !== 98 && letter !== 117) break;
  }
  return position >= 0 && IS_WORD[bytes[position] ?? 0] === 1 ? PLAIN : bits;
}

function skipSingle(scan: Scan, start: number, quote: number): number {
  const { bytes, end } = scan;
  let position = start + 1;
  for (;;) {
    while (ENDS_STRING_PIECE[bytes[position] ?? 10] === 0) position++;
    const byte = bytes[position] ?? 10;
    if (byte === quote) return position + 1;
    if (byte === 92) position += bytes[position + 1] === 13 && bytes[position + 2] === 10 ? 3 : 2;
    else if (byte === 10 || byte === 13) {
      report(scan, 'unterminated-string', start, 'this string is not closed on its line');
      return position;
    } else position++;
    if (position > end) {
      report(scan, 'unterminated-string', start, 'this string is not closed');
      return end;
    }
  }
}

function skipTriple(scan: Scan, start: number, quote: number): number {
  const { bytes, end } = scan;
  const content = start + 3;
  // Texts are long: the native search passes them several times faster than a loop.
  let position = bytes.indexOf(quote, content);
  while (position !== -1 && position < end) {
    if (
      bytes[position + 1] === quote &&
      bytes[position + 2] === quote &&
      !isEscaped(bytes, content, position)
    )
      return position + 3;
    position = bytes.indexOf(quote, position + 1);
  }
  report(scan, 'unterminated-string', start, 'this triple-quoted string is never closed');
  return end;
}

/** Whether an odd number of backslashes stands before a place. */
function isEscaped(bytes: Uint8Array, from: number, place: number): boolean {
  let position = place;
  while (position > from && bytes[position - 1] === 92) position--;
  return ((place - position) & 1) === 1;
}

/**
 * The place after an f- or t-string (PEP 701, 750), or -1 where it is not closed as one. Expressions inside are read as
 * code: they may hold strings with the same quote, comments, newlines and imports by call.
 */
function skipFormatted(scan: Scan, start: number, isRaw: boolean, nesting: number): number {
  const { bytes, end } = scan;
  const quote = bytes[start] ?? 0;
  const isTriple = bytes[start + 1] === quote && bytes[start + 2] === quote;
  let position = start + (isTriple ? 3 : 1);
  for (;;) {
    while (ENDS_FORMATTED_PIECE[bytes[position] ?? 10] === 0) position++;
    if (position >= end) return -1;
    const byte = bytes[position];
    if (byte === quote && !isTriple) return position + 1;
    if (byte === quote && bytes[position + 1] === quote && bytes[position + 2] === quote)
      return position + 3;
    if (byte === 92) {
      if (!isRaw && bytes[position + 1] === 78 && bytes[position + 2] === 123)
        position = skipNamedCharacter(scan, position);
      // `\{` is a backslash and then a field.
      else if (bytes[position + 1] === 123) position++;
      else position += bytes[position + 1] === 13 && bytes[position + 2] === 10 ? 3 : 2;
    } else if (byte === 123) {
      if (bytes[position + 1] === 123) position += 2;
      else {
        position = skipField(scan, position + 1, nesting + 1);
        if (position === -1) return -1;
      }
    } else if ((byte === 10 || byte === 13) && !isTriple) return -1;
    else position++;
  }
}

/** The place after `\N{NAME}`. */
function skipNamedCharacter(scan: Scan, start: number): number {
  const close = scan.bytes.indexOf(125, start);
  return close === -1 || close - start > 100 ? start + 2 : close + 1;
}

/** The place after a replacement field, from behind its `{`; -1 where it is not closed. */
function skipField(scan: Scan, start: number, nesting: number): number {
  const { bytes, end } = scan;
  if (nesting > DEEPEST_FORMATTED) return -1;
  let depth = 0;
  let position = start;
  while (position < end) {
    const byte = bytes[position] ?? 10;
    if (byte === 125 && depth === 0) return position + 1;
    const kind = KIND_OF_BYTE[byte];
    if (kind === QUOTE) {
      position = skipNestedString(scan, position, nesting);
      if (position === -1) return -1;
    } else if (kind === HASH) position = skipComment(scan, position);
    else if (kind === COLON && depth === 0 && bytes[position + 1] !== 61)
      return skipFormatSpecification(scan, position + 1, nesting);
    else {
      if (kind === OPEN) {
        depth++;
        if (byte === 40 && ENDS_IMPORTING_CALL[bytes[position - 1] ?? 0] === 1)
          checkDynamicImport(scan, position);
      } else if (kind === CLOSE) depth--;
      if (depth < 0) return -1;
      position++;
    }
  }
  return -1;
}

/** The place after the string inside a field, -1 where it is not closed. */
function skipNestedString(scan: Scan, start: number, nesting: number): number {
  const { bytes } = scan;
  const quote = bytes[start] ?? 0;
  const prefix = hasPrefix(bytes, start) ? readPrefix(bytes, start) : PLAIN;
  const isTriple = bytes[start + 1] === quote && bytes[start + 2] === quote;
  if (!isTriple && bytes[start + 1] === quote) return start + 2;
  if ((prefix & FORMATTED) !== 0) return skipFormatted(scan, start, (prefix & RAW) !== 0, nesting);
  const before = scan.problem;
  const end = isTriple ? skipTriple(scan, start, quote) : skipSingle(scan, start, quote);
  if (scan.problem === before) return end;
  scan.problem = before;
  return -1;
}

/** What follows the `:` of a field: text with fields in it, up to the `}` of the field. */
function skipFormatSpecification(scan: Scan, start: number, nesting: number): number {
  const { bytes, end } = scan;
  let position = start;
  while (position < end) {
    const byte = bytes[position];
    if (byte === 125) return position + 1;
    if (byte === 123) {
      position = skipField(scan, position + 1, nesting + 1);
      if (position === -1) return -1;
    } else position++;
  }
  return -1;
}

// ---------------------------------------------------------------------------------------------------------------------
// Imports by call

/** Tells the calls import_module, __import__, importorskip and find_spec at an opening parenthesis. */
function checkDynamicImport(scan: Scan, parenthesis: number): void {
  const { bytes } = scan;
  let nameEnd = parenthesis;
  while (nameEnd > 0 && (bytes[nameEnd - 1] === 32 || bytes[nameEnd - 1] === 9)) nameEnd--;
  // The shortest of the names has nine letters.
  const name = nameEnd < 9 ? null : importingCallBefore(bytes, nameEnd);
  if (name === null || nameEnd === scan.definitionEnd) return;
  const nameStart = nameEnd - name.length;
  if (IS_WORD[bytes[nameStart - 1] ?? 0] === 1) return;
  const value = readLiteralArgument(scan, skipBlank(scan, parenthesis + 1));
  const line = lineAt(scan, startOfDottedName(bytes, nameStart));
  if (value === null) {
    // find_spec of a computed name only asks whether something is there.
    if (name !== 'find_spec' && !scan.dynamicLines.includes(line)) scan.dynamicLines.push(line);
    return;
  }
  const module = value.replace(/^\.+/, '');
  scan.drafts.push({
    line,
    module,
    level: value.length - module.length,
    names: [],
    dynamic: true,
    bits: scan.bits,
  });
}

/** The importing function whose name ends at a place, at least nine from the start. Two bytes decide for almost every call. */
function importingCallBefore(bytes: Buffer, end: number): string | null {
  const last = bytes[end - 1];
  const before = bytes[end - 2];
  let name: keyof typeof IMPORTING_CALLS;
  if (last === 101 && before === 108) name = 'import_module';
  else if (last === 95 && before === 95) name = '__import__';
  else if (last === 112 && before === 105) name = 'importorskip';
  else if (last === 99 && before === 101) name = 'find_spec';
  else return null;
  return isWordAt(bytes, end - name.length, IMPORTING_CALLS[name]) ? name : null;
}

function startOfDottedName(bytes: Uint8Array, from: number): number {
  let position = from;
  while (position > 0 && (bytes[position - 1] === 46 || IS_WORD[bytes[position - 1] ?? 0] === 1))
    position--;
  return position;
}

/** The value of a first argument that is a plain string literal, else null. */
function readLiteralArgument(scan: Scan, start: number): string | null {
  const { bytes } = scan;
  let position = isWordAt(bytes, start, NAME_ARGUMENT) ? start + 5 : start;
  let value: string | null = null;
  for (;;) {
    const letter = (bytes[position] ?? 0) | 32;
    if ((letter === 114 || letter === 117) && KIND_OF_BYTE[bytes[position + 1] ?? 0] === QUOTE)
      position++;
    const quote = bytes[position] ?? 0;
    if (KIND_OF_BYTE[quote] !== QUOTE) break;
    const isTriple = bytes[position + 1] === quote && bytes[position + 2] === quote;
    const before = scan.problem;
    const end = isTriple ? skipTriple(scan, position, quote) : skipSingle(scan, position, quote);
    if (scan.problem !== before) return null;
    const width = isTriple ? 3 : 1;
    const piece = decodeText(scan, position + width, Math.max(end - width, position + width));
    if (piece.includes('\\') || piece.length > 500) return null;
    value = (value ?? '') + piece;
    position = skipBlank(scan, end);
  }
  return bytes[position] === 44 || bytes[position] === 41 ? value : null;
}

// ---------------------------------------------------------------------------------------------------------------------
// Places

/** Keeps the first problem of the file, as Python would. */
function report(scan: Scan, code: string, position: number, message: string): void {
  if (scan.problem !== null) return;
  scan.problem = { code, line: countLines(scan, 0, 1, position), message };
}

/** The 1-based line of a place. Places mostly ascend, so that each line is counted once. */
function lineAt(scan: Scan, position: number): number {
  if (position < scan.linePosition) return countLines(scan, 0, 1, position);
  scan.line = countLines(scan, scan.linePosition, scan.line, position);
  scan.linePosition = position;
  return scan.line;
}

function countLines(scan: Scan, from: number, fromLine: number, to: number): number {
  const { bytes } = scan;
  let line = fromLine;
  if (!scan.hasCarriageReturn) {
    let position = from;
    // Four at a time and added without a branch: this loop passes half of all bytes.
    for (; position + 4 <= to; position += 4) {
      line +=
        (IS_NEWLINE[bytes[position] ?? 0] ?? 0) +
        (IS_NEWLINE[bytes[position + 1] ?? 0] ?? 0) +
        (IS_NEWLINE[bytes[position + 2] ?? 0] ?? 0) +
        (IS_NEWLINE[bytes[position + 3] ?? 0] ?? 0);
    }
    for (; position < to; position++) if (bytes[position] === 10) line++;
    return line;
  }
  for (let position = from; position < to; position++) {
    const byte = bytes[position];
    if (byte === 13 || (byte === 10 && bytes[position - 1] !== 13)) line++;
  }
  return line;
}
