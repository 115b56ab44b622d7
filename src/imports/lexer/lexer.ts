/**
 * The lexer as WebAssembly: a file is laid into its memory, and what it found is read from there. One for the process, as
 * making one costs more than to read a small file.
 */

import type { Looks } from './looks.ts';
import { SCALAR_MODULE, VECTOR_MODULE } from './modules.ts';
import { TOKEN_NUMBERS, TokenTable } from './token-table.ts';

/** What lexer/index.ts exports. Places are addresses in the memory. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** Where a file may start. */
  firstPlace(): number;
  readFile(start: number, length: number, skipped: number, bits: number, isCython: number): void;
  /** Where the numbers are that a file comes to: the fields of `Result`. */
  resultPlace(): number;
  /** Where a path is to be put, and what makes rows behind it: their end, or 0. */
  rowsPlace(): number;
  writeRows(pathBytes: number): number;
  /** Where looks are to be put, and what asks for them: the next record that has one, or 0. */
  looksPlace(): number;
  findLook(from: number): number;
  /** Puts an end behind a file that is only to be read for its tokens. */
  closeFile(end: number): void;
  /** Both answer how many numbers of their kind they wrote, the second one behind the table. */
  readTokens(start: number, end: number, table: number, withComments: number): number;
  findNamed(table: number, count: number, out: number, takesAll: number): number;
}

/** The part of the standard that is used here; the types of Node 20 lack it. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

/** How a file is to be read. */
export interface LexerOptions {
  /** Bytes at the start that are no source: a byte order mark. */
  readonly skipped: number;
  /** Context of the whole file, as bits. */
  readonly bits: number;
  readonly isCython: boolean;
}

/** The imports of a file as the lexer left them: records (lexer/records.ts), one after the other. */
export interface ImportRecords {
  /** The whole memory: names are at addresses in it. */
  readonly memory: Buffer;
  /** The same as whole numbers. The records are those from `from` up to `to`. */
  readonly numbers: Int32Array;
  readonly from: number;
  readonly to: number;
  /**
   * The imports as rows of the JSON of a scan, each after a comma, under a path that needs no escapes. null where they have
   * to be made of the imports: some name is not written as it is meant, or there is no room. Valid until the next call.
   */
  readonly rows: (path: string) => Buffer | null;
  /** The next record from one on whose module has one of the looks, or `to`. Valid until the next file is read. */
  readonly findLook: (looks: Looks, from: number) => number;
}

/** What is in a file; all of it is valid until the next file is read. */
export interface LexedFile extends ImportRecords {
  readonly mayHoldScript: boolean;
  /** Some import by call names a module that is not in the file. */
  readonly hasComputed: boolean;
  /** Number of the first problem, 0 where there is none. */
  readonly problem: number;
  readonly problemLine: number;
  readonly problemByte: number;
}

/** Reads files, one after the other. */
export interface Lexer {
  /**
   * The place where a file of up to `size` bytes may be put, so that it is read without being copied. What it holds stays
   * where it grows; a buffer is valid until the next call, as its memory may move.
   */
  reserve(size: number): Buffer;
  /** Reads a file of `length` bytes. Never throws on any content. */
  read(file: Uint8Array, length: number, options: LexerOptions): LexedFile;
  /** Reads the tokens of a file of `length` bytes; what was read before is no longer valid. Never throws on any content. */
  readTokens(file: Uint8Array, length: number, options?: TokenOptions): LexedTokens;
}

/** Which tokens are to be read. */
export interface TokenOptions {
  readonly comments?: boolean;
}

/** The tokens of a file; valid until the next one is read. */
export interface LexedTokens {
  readonly table: TokenTable;
  /** Address of the first byte of the file. */
  readonly place: number;
  /** Indexes of the tokens where something may be named: lexer/token-table.ts says what is meant by it. */
  readonly findNamed: (looks: Looks, takesAll: boolean) => Int32Array;
}

/** The layout of `Result` in lexer/index.ts, in whole numbers. */
const Result = {
  recordsStart: 0,
  recordsEnd: 1,
  problem: 2,
  problemLine: 3,
  problemByte: 4,
  mayHoldScript: 5,
  hasComputed: 6,
} as const;

let ofThisProcessor: Lexer | null = null;

/** The fastest lexer that the processor has the instructions for. One for the process. */
export function theLexer(): Lexer {
  ofThisProcessor ??= createFastest();
  return ofThisProcessor;
}

function createFastest(): Lexer {
  try {
    return createLexer(VECTOR_MODULE);
  } catch {
    // To ask beforehand would be to read the module twice.
    return createLexer(SCALAR_MODULE);
  }
}

/** A page of WebAssembly memory. */
const PAGE_BYTES = 65_536;
/** Room for the files of almost every project. */
const FIRST_SIZE = 262_144;
/** Records take at most this many times the bytes of their file (`import a,b`: 28 for two), and a margin for the searches. */
const RECORDS_PER_BYTE = 14;
const NUMBER_BYTES = 4;
/** Each byte may be a token, and each token may name something. */
const TOKENS_PER_BYTE = NUMBER_BYTES * (TOKEN_NUMBERS + 1);
const MARGIN = 4096;

/** Makes a lexer of one of the two modules. */
export function createLexer(module: string): Lexer {
  const compiled = new WebAssembly.Module(Buffer.from(module, 'base64'));
  const lexer = new WebAssembly.Instance(compiled).exports as Exports;
  const start = lexer.firstPlace();
  let capacity = FIRST_SIZE;
  let views = viewMemory(lexer, start, capacity);

  /** Gives a file its room and that of what is found in it, so that the memory never grows while a file is read. */
  const makeRoom = (place: number, length: number, perByte = RECORDS_PER_BYTE): void => {
    const needed = place + length * (1 + perByte) + MARGIN;
    const missing = needed - views.memory.length;
    if (missing > 0) lexer.memory.grow(Math.ceil(missing / PAGE_BYTES));
    if (missing > 0 || views.space.length < capacity) views = viewMemory(lexer, start, capacity);
  };
  /** Where a file is; one that is elsewhere is put behind the place where one may be that is still needed. */
  const placeOf = (file: Uint8Array, length: number): number => {
    if (file.buffer === views.memory.buffer && file.byteOffset === start) return start;
    const place = start + Math.ceil(capacity / 8) * 8 + MARGIN;
    makeRoom(place, length);
    views.memory.set(file.length === length ? file : file.subarray(0, length), place);
    return place;
  };
  makeRoom(start, capacity);
  const rows = (path: string): Buffer | null => {
    const place = lexer.rowsPlace();
    if (place + path.length > views.memory.length) return null;
    views.memory.write(path, place, 'latin1');
    const end = lexer.writeRows(path.length);
    return end === 0 ? null : views.memory.subarray(place + path.length, end);
  };
  let lastLooks: Looks | null = null;
  const putLooks = (looks: Looks): void => {
    if (looks !== lastLooks) views.numbers.set(looks, lexer.looksPlace() >> 2);
    lastLooks = looks;
  };
  const resultAt = lexer.resultPlace() >> 2;
  const result = (field: number): number => views.numbers[resultAt + field] ?? 0;
  const findLook = (looks: Looks, from: number): number => {
    putLooks(looks);
    const found = lexer.findLook(from * NUMBER_BYTES);
    return (found === 0 ? result(Result.recordsEnd) : found) >> 2;
  };
  return {
    reserve(size) {
      if (size > capacity) {
        capacity = size;
        makeRoom(start, capacity);
      }
      return views.space;
    },
    read(file, length, { skipped, bits, isCython }) {
      lexer.readFile(placeOf(file, length), length, skipped, bits, isCython ? 1 : 0);
      return {
        memory: views.memory,
        numbers: views.numbers,
        from: result(Result.recordsStart) >> 2,
        to: result(Result.recordsEnd) >> 2,
        rows,
        findLook,
        mayHoldScript: result(Result.mayHoldScript) !== 0,
        hasComputed: result(Result.hasComputed) !== 0,
        problem: result(Result.problem),
        problemLine: result(Result.problemLine),
        problemByte: result(Result.problemByte),
      };
    },
    readTokens(file, length, { comments = false } = {}) {
      const place = placeOf(file, length);
      makeRoom(place, length + NUMBER_BYTES, TOKENS_PER_BYTE);
      const end = place + length;
      lexer.closeFile(end);
      const first = Math.ceil((end + MARGIN) / NUMBER_BYTES);
      const tableAt = first * NUMBER_BYTES;
      const count = lexer.readTokens(place, end, tableAt, comments ? 1 : 0);
      const table = new TokenTable({ ...views, first, length: count });
      const findNamed = (looks: Looks, takesAll: boolean): Int32Array => {
        putLooks(looks);
        const out = tableAt + count * TOKEN_NUMBERS * NUMBER_BYTES;
        const found = lexer.findNamed(tableAt, count, out, takesAll ? 1 : 0);
        return views.numbers.subarray(out >> 2, (out >> 2) + found);
      };
      return { table, place, findNamed };
    },
  };
}

/** The memory as bytes and as whole numbers, and the place for files in it: made again whenever it has grown. */
interface Views {
  readonly memory: Buffer;
  readonly numbers: Int32Array;
  readonly space: Buffer;
}

function viewMemory({ memory: { buffer } }: Exports, start: number, capacity: number): Views {
  const size = Math.max(0, Math.min(capacity, buffer.byteLength - start));
  return {
    memory: Buffer.from(buffer),
    numbers: new Int32Array(buffer),
    space: Buffer.from(buffer, start, size),
  };
}
