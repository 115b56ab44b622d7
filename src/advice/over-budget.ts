import { findPreset } from '../budget/presets.ts';
import type { Finding, PlaceRow } from '../types.ts';
import type { AdviceRule } from './advice.ts';

/** More than the place takes that the repository goes to, as its files show it. Advice, as only `check` is a gate. */
export const overBudget: AdviceRule = {
  code: 'DW117',
  rule: 'over-budget',
  title: 'more than the place takes that the repository goes to',
  severity: 'info',
  evaluate: ({ places }) => places.filter(({ status }) => status === 'failed').map(findingOf),
};

function findingOf(row: PlaceRow): Finding {
  const { key, measure, limit, remaining, locations, target } = row;
  const preset = findPreset(key);
  const what = measure === 'download' ? 'takes, by the compressed wheels' : 'takes, unpacked';
  const way =
    (remaining ?? 0) > limit
      ? 'taking out what the product does not need is not enough'
      : 'without what the product does not need it would fit';
  return {
    code: overBudget.code,
    rule: overBudget.rule,
    packages: [],
    leaves: [],
    severity: overBudget.severity,
    // What the place makes of it when it compresses, nobody knows before.
    confidence: measure === 'download' ? 'likely' : 'certain',
    message: `${key}: the set is more than ${preset?.place ?? key} ${what}, with Python ${target.python} on ${target.arch}; ${way}`,
    locations,
    evidence: locations.map(({ path, line }) => ({ path, line, note: `goes to ${key}` })),
    savedInstalledBytes: null,
    savedDownloadBytes: null,
    remedy: null,
  };
}
