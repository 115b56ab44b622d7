/** What places allow: data/budgets.json, each row with its source and date. */
import budgets from '../../data/budgets.json' with { type: 'json' };
import type { BudgetMeasure, Bytes } from '../types.ts';

/** The limit of a place. */
export interface BudgetPreset {
  /** As in `--budget NAME`. */
  readonly name: string;
  /** For a sentence. */
  readonly place: string;
  readonly limit: Bytes;
  /** `download` is what the place compresses: that of the wheels is an estimate of it. */
  readonly measure: Extract<BudgetMeasure, 'installed' | 'download'>;
  /** What else the place counts into it. */
  readonly counts: string;
}

/** Every preset, in the order of the table. */
export const BUDGET_PRESETS: readonly BudgetPreset[] = budgets.presets.map(
  ({ name, place, limit, measure, counts }) => ({
    name,
    place,
    limit,
    // What is written in the table is held to these by its test.
    measure: measure === 'download' ? 'download' : 'installed',
    counts,
  }),
);

/** The preset of that name, null where there is none. */
export function findPreset(name: string): BudgetPreset | null {
  return BUDGET_PRESETS.find((preset) => preset.name === name) ?? null;
}
