/** The document of `diff`. */
import type { PackageWeight, WeightChange, WeightDifference } from './answers.ts';
import type { AuditDocument, ProjectDocument } from './document.ts';
import type { Finding } from './findings.ts';
import type { SourceLocation } from './foundations.ts';
import type { TargetRow } from './places.ts';

/** The commit that the work tree is compared with. */
export interface RefRow {
  /** As it was asked for. */
  readonly name: string;
  /** Hexadecimal. */
  readonly commit: string;
  /** True: the last commit that it has in common with HEAD. */
  readonly mergeBase: boolean;
}

/** A package that comes or goes, with what brings it or brought it. */
export interface MovedPackage extends PackageWeight {
  /** Names from a declared requirement to it, both included; the declared one alone where it is that itself. */
  readonly through: readonly string[];
  /** Where that one is declared, or was. */
  readonly declaredAt: readonly SourceLocation[];
}

/** What `diff` says of a project. */
export interface DiffFacts extends WeightChange {
  readonly difference: WeightDifference;
  readonly added: readonly MovedPackage[];
  readonly removed: readonly MovedPackage[];
  /** `new`: not there at the ref; `gone`: there alone. */
  readonly presence: 'both' | 'new' | 'gone';
  /** What the ref itself would be resolved for, where that is another target; both sides are resolved for one. */
  readonly targetBefore: TargetRow | null;
  /** Findings that the ref has not, and those that it alone has. */
  readonly newFindings: readonly Finding[];
  readonly solvedFindings: readonly Finding[];
}

/** A project of a repository with several; the facts are absent where one side has no solution. */
export interface DiffProject extends ProjectDocument, Partial<DiffFacts> {}

/** The document of `diff`. */
export interface DiffDocument extends AuditDocument, Partial<DiffFacts> {
  readonly ref: RefRow;
  readonly projects?: readonly DiffProject[];
}
