/** The document of `check`. */
import type { WeightChange, WeightDifference } from './answers.ts';
import type { MovedPackage, RefRow } from './diff.ts';
import type { AuditDocument } from './document.ts';
import type { BudgetRow, TargetRow } from './places.ts';

/** What has changed since the ref that a budget of growth is held against. */
export interface GrowthFacts extends WeightChange {
  readonly ref: RefRow;
  readonly added: readonly MovedPackage[];
  readonly removed: readonly MovedPackage[];
  readonly difference: WeightDifference;
  readonly targetBefore: TargetRow | null;
}

/** The document of `check`. */
export interface CheckDocument extends AuditDocument {
  readonly budgets: readonly BudgetRow[];
  /** Absent where no ref was named, or one of the sides has no solution. */
  readonly growth?: GrowthFacts;
}
