/**
 * A document held against limits. Where sizes are unknown the lower bound is compared: above the limit it has failed for
 * certain, within it nothing is proven.
 */
import type { AuditDocument, BudgetMeasure, BudgetRow, GrowthFacts } from '../types.ts';
import type { BudgetLimit } from './read-limits.ts';

/** What is weighed for a limit. */
interface Actual {
  /** Null where nothing is known. */
  readonly value: number | null;
  /** There may be more. */
  readonly lowerBound: boolean;
}

/** One row for each limit, in their order: those of the headline environment. */
export function checkBudgets(
  document: AuditDocument,
  limits: readonly BudgetLimit[],
  growth: GrowthFacts | null = null,
): readonly BudgetRow[] {
  const environment = document.environments[0]?.id ?? 'prod';
  return limits.map((one) => {
    const { key, measure, limit } = one;
    if (measure === 'growth') return { ...growthRow(one, growth), environment };
    const { value, lowerBound } = measureOf(document, measure);
    const status = value === null ? 'unknown' : statusOf(value, lowerBound, limit);
    return { key, measure, limit, actual: value, status, environment };
  });
}

/** What a limit of this measure is compared with. */
export function measureOf(
  document: AuditDocument,
  measure: Exclude<BudgetMeasure, 'growth'>,
): Actual {
  const { totals, packages, environments, error } = document;
  // Of a conflict nothing was weighed.
  if (error !== null) return { value: null, lowerBound: true };
  const isPartial = environments[0]?.partial === true;
  switch (measure) {
    case 'installed':
      return { value: totals.installedBytes, lowerBound: totals.lowerBound };
    case 'download': {
      const lowerBound = isPartial || packages.some(({ downloadBytes }) => downloadBytes === null);
      return { value: totals.downloadBytes, lowerBound };
    }
    case 'packages':
      return { value: totals.packages, lowerBound: isPartial };
    case 'unused':
      return unusedOf(document);
    default: {
      const never: never = measure;
      return never;
    }
  }
}

/** Passed or failed, or neither proven: of a lower bound only that it fails is sure. */
export function statusOf(value: number, lowerBound: boolean, limit: number): BudgetRow['status'] {
  if (value > limit) return 'failed';
  return lowerBound ? 'unknown' : 'passed';
}

/** Bytes of what nothing uses, as far as that is at least likely. */
function unusedOf({ findings, scannedFiles, packages }: AuditDocument): Actual {
  if (scannedFiles === null || scannedFiles === 0) return { value: null, lowerBound: true };
  const unused = findings.filter(
    ({ rule, confidence }) => rule === 'unused' && confidence !== 'possible',
  );
  const leaving = new Set(unused.flatMap((finding) => [...finding.packages, ...finding.leaves]));
  const isOpen = packages.some(({ name, known }) => !known && leaving.has(name));
  let bytes = 0;
  for (const { savedInstalledBytes } of unused) bytes += savedInstalledBytes ?? 0;
  const lowerBound =
    isOpen || unused.some(({ savedInstalledBytes }) => savedInstalledBytes === null);
  return { value: bytes, lowerBound };
}

/** What was added since a ref. Only as much is said of it as is certain: a bound may prove that it fits, or that it does not. */
function growthRow(
  { key, measure, limit, percent }: BudgetLimit,
  growth: GrowthFacts | null,
): Omit<BudgetRow, 'environment'> {
  const part = percent === undefined ? {} : { percent };
  const row = { key, measure, limit, ...part } as const;
  if (growth === null) return { ...row, actual: null, status: 'unknown' };
  const { before, difference } = growth;
  const { installedBytes: actual, installedBound: bound } = difference;
  if (percent === undefined) {
    const isOver = actual > limit;
    return { ...row, actual, status: provenStatus(isOver, bound) };
  }
  // Of nothing there is no part.
  if (before.packages === 0 && !before.lowerBound && actual > 0)
    return { ...row, actual, status: 'unknown' };
  const allowed = Math.floor((before.installedBytes * percent) / 100);
  const isOver = actual > allowed;
  // A part of more than is known would be more, so that what is over may still fit.
  const isOpen = isOver && before.lowerBound;
  const status = isOpen ? 'unknown' : provenStatus(isOver, bound);
  return { ...row, limit: allowed, actual, status };
}

function provenStatus(
  isOver: boolean,
  bound: GrowthFacts['difference']['installedBound'],
): BudgetRow['status'] {
  if (bound !== 'exact' && bound !== (isOver ? 'at-least' : 'at-most')) return 'unknown';
  return isOver ? 'failed' : 'passed';
}
