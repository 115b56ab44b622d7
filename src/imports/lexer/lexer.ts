/**
 * The lexer as WebAssembly: a file is laid into its memory, and what it found is read from there. One for the process, as
 * making one costs more than to read a small file.
 */

import { SCALAR_MODULE, VECTOR_MODULE } from './modules.ts';

/** What lexer/index.ts exports. Places are addresses in the memory. */
interface Exports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  /** Where a file may start. */
  firstPlace(): number;
  readFile(start: number, length: number, skipped: number, bits: number, isCython: number): void;
  recordsStart(): number;
  recordsEnd(): number;
  /** Number of the first problem, 0 where there is none. */
  problem(): number;
  problemLine(): number;
  problemByte(): number;
  mayHoldScript(): number;
}

/** The part of the standard that is used here; the types of Node 20 lack it. */
declare const WebAssembly: {
  readonly validate: (bytes: Uint8Array) => boolean;
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

/** What is in a file; all of it is valid until the next file is read. */
export interface LexedFile {
  /** The file, and some newlines behind it. */
  readonly bytes: Buffer;
  /** The records of lexer/records.ts, one after the other. */
  readonly records: Int32Array;
  readonly mayHoldScript: boolean;
  /** Number of the first problem, 0 where there is none. */
  readonly problem: number;
  readonly problemLine: number;
  readonly problemByte: number;
}

/** A page of WebAssembly memory. */
const PAGE_BYTES = 65_536;
/** Behind every file: what searches may look at, and room for a few records. */
const MARGIN = 1024;

/** Reads one file of `length` bytes. Never throws on any content. */
export type Lexer = (file: Uint8Array, length: number, options: LexerOptions) => LexedFile;

let ofThisProcessor: Lexer | null = null;

/** Reads one file with the fastest lexer that the processor has the instructions for. */
export function lex(file: Uint8Array, length: number, options: LexerOptions): LexedFile {
  ofThisProcessor ??= createLexer(canRun(VECTOR_MODULE) ? VECTOR_MODULE : SCALAR_MODULE);
  return ofThisProcessor(file, length, options);
}

function canRun(module: string): boolean {
  return WebAssembly.validate(Buffer.from(module, 'base64'));
}

/** Makes a lexer of one of the two modules. */
export function createLexer(module: string): Lexer {
  const compiled = new WebAssembly.Module(Buffer.from(module, 'base64'));
  const lexer = new WebAssembly.Instance(compiled).exports as Exports;
  const start = lexer.firstPlace();
  return (file, length, { skipped, bits, isCython }) => {
    layOut(lexer, file.length === length ? file : file.subarray(0, length), start);
    lexer.readFile(start, length, skipped, bits, isCython ? 1 : 0);
    const { buffer } = lexer.memory;
    const from = lexer.recordsStart();
    return {
      bytes: Buffer.from(buffer, start, length),
      records: new Int32Array(buffer, from, (lexer.recordsEnd() - from) >> 2),
      mayHoldScript: lexer.mayHoldScript() !== 0,
      problem: lexer.problem(),
      problemLine: lexer.problemLine(),
      problemByte: lexer.problemByte(),
    };
  };
}

function layOut({ memory }: Exports, file: Uint8Array, start: number): void {
  const missing = start + file.length + MARGIN - memory.buffer.byteLength;
  if (missing > 0) memory.grow(Math.ceil(missing / PAGE_BYTES));
  new Uint8Array(memory.buffer, start, file.length).set(file);
}
