/** One file of a scan, and its imports: as the lexer left them, and as objects for those who ask for them. */

import type { SourceArea } from '../types.ts';
import type { ImportRecords } from './lexer/lexer.ts';
import { readImports } from './lexer/records.ts';
import type { FoundImport, SourceRecords } from './scanner.ts';

/** What one file imports, before it is known what is the project's own. */
export interface FileImports {
  readonly path: string;
  readonly folder: string;
  readonly area: SourceArea | undefined;
  readonly imports: readonly FoundImport[];
}

/** The same while the file is still in the memory of the lexer: valid until the next one is read. */
export interface VisitedFile extends FileImports {
  /** Null for what the lexer has not read in one piece: a notebook. */
  readonly records: ImportRecords | null;
}

/** A file whose imports become objects when they are asked for first. */
export class LexedImports implements VisitedFile {
  readonly path: string;
  readonly folder: string;
  readonly area: SourceArea | undefined;
  readonly records: ImportRecords;
  readonly #isLatin1: boolean;
  #imports: readonly FoundImport[] | null = null;

  constructor(
    { path, folder, area }: Omit<FileImports, 'imports'>,
    { records, isLatin1 }: SourceRecords,
  ) {
    this.path = path;
    this.folder = folder;
    this.area = area;
    this.records = records;
    this.#isLatin1 = isLatin1;
  }

  get imports(): readonly FoundImport[] {
    this.#imports ??= readImports(this.records, this.#isLatin1);
    return this.#imports;
  }
}
