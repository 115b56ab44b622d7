/**
 * Reads the imports of one Python file in a single pass over its bytes. The reading itself is WebAssembly, made from the
 * files in lexer/; here is what comes before it, the encoding, and what is made of its answers.
 */

import type { ImportRecords } from './lexer/lexer.ts';
import { theLexer } from './lexer/lexer.ts';
import type { SourceProblem } from './lexer/problems.ts';
import { toProblem } from './lexer/problems.ts';
import type { FoundImport } from './lexer/records.ts';
import { computedLines, readImports, TEST_BIT } from './lexer/records.ts';
import { readEncoding } from './source-encoding.ts';

export type { SourceProblem } from './lexer/problems.ts';
export type { FoundImport } from './lexer/records.ts';

/** What one file says, besides its imports. */
export interface SourceFacts {
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

/** What one file says. */
export interface ScannedSource extends SourceFacts {
  readonly imports: readonly FoundImport[];
}

/** The same with the imports as records, which are valid until the next file is read. */
export interface SourceRecords extends SourceFacts {
  readonly records: ImportRecords;
  /** Each byte of the file is one character. */
  readonly isLatin1: boolean;
  /** What was read: the file, or what it was decoded to. */
  readonly source: SourceBytes;
}

/** A file in memory. */
export interface SourceBytes {
  readonly bytes: Uint8Array;
  readonly length: number;
}

/** How to read a file. */
export interface ScanOptions {
  /** Cython: `cimport` is an import too, and problems are not told. */
  readonly cython?: boolean;
  /** A file of tests: said in the context of all its imports. */
  readonly test?: boolean;
}

/** Finds every import of a Python file. Never throws on any content. */
export function scanPython(
  bytes: Uint8Array,
  length: number = bytes.length,
  options: ScanOptions = {},
): ScannedSource {
  const { records, isLatin1, source: _, ...facts } = scanRecords(bytes, length, options);
  return { imports: readImports(records, isLatin1), ...facts };
}

const NO_RECORDS: ImportRecords = {
  memory: Buffer.alloc(0),
  numbers: new Int32Array(0),
  from: 0,
  to: 0,
  rows: () => Buffer.alloc(0),
  findLook: () => 0,
};

const NO_LINES: readonly number[] = [];

/** The same for those who need no object for each import. */
export function scanRecords(
  bytes: Uint8Array,
  length: number,
  { cython = false, test = false }: ScanOptions,
): SourceRecords {
  const encoding = readEncoding(Buffer.from(bytes.buffer, bytes.byteOffset, length));
  const problems: SourceProblem[] = encoding.problem === null ? [] : [encoding.problem];
  const { isLatin1 } = encoding;
  if (!encoding.isText)
    return {
      records: NO_RECORDS,
      isLatin1,
      source: { bytes, length },
      dynamicLines: NO_LINES,
      mayHoldScriptBlock: false,
      problems,
    };
  const decoded = encoding.bytes;
  const source = decoded === null ? { bytes, length } : { bytes: decoded, length: decoded.length };
  const file = theLexer().read(source.bytes, source.length, {
    skipped: encoding.start,
    bits: test ? TEST_BIT : 0,
    isCython: cython,
  });
  if (file.problem !== 0 && !cython)
    problems.push(toProblem(file.problem, file.problemLine, file.problemByte));
  return {
    records: file,
    isLatin1,
    source,
    dynamicLines: file.hasComputed ? computedLines(file) : NO_LINES,
    mayHoldScriptBlock: file.mayHoldScript,
    problems,
  };
}
