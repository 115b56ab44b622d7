/** The documents that a run is about: one, or one for each project of a repository. */
import type { ExitCode } from '../exit-code.ts';
import { EXIT_CODES } from '../exit-code.ts';
import type { AuditDocument, ProjectDocument, Warning } from '../types.ts';

/** The projects of a document, or the document itself where it is about one. */
export function documentsOf(document: AuditDocument): readonly (AuditDocument | ProjectDocument)[] {
  return document.projects ?? [document];
}

/** All warnings of a run, each once: those of the repository, and those of every project. */
export function warningsOf(document: AuditDocument): readonly Warning[] {
  const all = [document, ...(document.projects ?? [])].flatMap(({ warnings }) => warnings);
  const distinct = new Map(
    all.map((warning) => [
      [warning.code, warning.path, warning.line, warning.column, warning.message].join('\0'),
      warning,
    ]),
  );
  return [...distinct.values()];
}

/** As within one document: what cannot be read outranks a failed rule, which outranks an incomplete answer. */
export function worstExitCode(codes: readonly ExitCode[]): ExitCode {
  const rank: readonly ExitCode[] = [
    EXIT_CODES.wrongCall,
    EXIT_CODES.failed,
    EXIT_CODES.incomplete,
  ];
  return rank.find((code) => codes.includes(code)) ?? EXIT_CODES.done;
}
