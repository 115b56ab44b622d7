/**
 * Reads the imports of one Python file in a single pass over its bytes. The reading itself is WebAssembly, made from the
 * files in lexer/; here is what comes before it, the encoding, and what is made of its answers.
 */

import { lex } from './lexer/lexer.ts';
import type { SourceProblem } from './lexer/problems.ts';
import { toProblem } from './lexer/problems.ts';
import type { FoundImports } from './lexer/records.ts';
import { readRecords, TEST_BIT } from './lexer/records.ts';
import { readEncoding } from './source-encoding.ts';

export type { SourceProblem } from './lexer/problems.ts';
export type { FoundImport } from './lexer/records.ts';

/** What one file says. */
export interface ScannedSource extends FoundImports {
  /**
   * Some comment begins with `# /// script` (PEP 723). One inside a string is not seen: a module that quotes a script for its
   * documentation is not thereby one.
   */
  readonly mayHoldScriptBlock: boolean;
  /** At most one about the encoding and one, the first, about the syntax. */
  readonly problems: readonly SourceProblem[];
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
  { cython = false, test = false }: ScanOptions = {},
): ScannedSource {
  const encoding = readEncoding(Buffer.from(bytes.buffer, bytes.byteOffset, length));
  const problems: SourceProblem[] = encoding.problem === null ? [] : [encoding.problem];
  if (!encoding.isText)
    return { imports: [], dynamicLines: [], mayHoldScriptBlock: false, problems };
  const decoded = encoding.bytes;
  const file = lex(decoded ?? bytes, decoded?.length ?? length, {
    skipped: encoding.start,
    bits: test ? TEST_BIT : 0,
    isCython: cython,
  });
  if (file.problem !== 0 && !cython)
    problems.push(toProblem(file.problem, file.problemLine, file.problemByte));
  const { imports, dynamicLines } = readRecords(file, encoding.isLatin1);
  return { imports, dynamicLines, mayHoldScriptBlock: file.mayHoldScript, problems };
}
