/** Scan to verdicts in one call: judges by imports and commands, asks the sources about what is left, judges again. */

import type { Usage } from '../types.ts';
import type { SourceAccess } from './source-access.ts';
import { gatherEvidence } from './source-evidence.ts';
import type { UndeclaredImport } from './undeclared.ts';
import { findUndeclaredImports } from './undeclared.ts';
import type { UsageInput } from './usage.ts';
import { judgeUsage, questionsFor } from './usage.ts';

/** What the code says about what is declared, and what it uses without a declaration. */
export interface SourceJudgement {
  readonly usages: readonly Usage[];
  readonly undeclared: readonly UndeclaredImport[];
}

/** Judges the declared requirements of one project by its scan (see `scanOfProject`). */
export function judgeSources(
  access: SourceAccess,
  input: Omit<UsageInput, 'evidence'>,
): SourceJudgement {
  const evidence = gatherEvidence(access, input.scan, questionsFor(input));
  const withEvidence = { ...input, evidence };
  return { usages: judgeUsage(withEvidence), undeclared: findUndeclaredImports(withEvidence) };
}
