import { describe, expect, test } from 'vitest';
import { checkBudgets } from '../../src/budget/check-budgets.ts';
import type { AuditDocument, BudgetMeasure, GrowthFacts } from '../../src/types.ts';
import { createDiff } from '../report/diff-document.ts';
import { createDocument, createFinding, createPackage } from '../report/documents.ts';

const pears = createPackage({ name: 'pears', installedBytes: 400, downloadBytes: 100 });
const plums = createPackage({ name: 'plums', installedBytes: 600, downloadBytes: 150 });
const wild = createPackage({ name: 'wild', installedBytes: null, downloadBytes: null });

function statusOf(document: AuditDocument, measure: BudgetMeasure, limit: number) {
  const [row] = checkBudgets(document, [{ key: measure, measure, limit }]);
  return [row?.actual, row?.status];
}

describe('a set whose sizes are all known', () => {
  const document = createDocument({ packages: [pears, plums] });

  test.each([
    ['installed', 1000, 1000],
    ['download', 250, 250],
    ['packages', 2, 2],
  ] as const)('%s passes at its limit and fails one below', (measure, actual, limit) => {
    expect(statusOf(document, measure, limit)).toEqual([actual, 'passed']);
    expect(statusOf(document, measure, limit - 1)).toEqual([actual, 'failed']);
  });

  test('the row names the environment, and the preset where it is of one', () => {
    const limits = [{ key: 'aws-lambda-zip', measure: 'installed', limit: 5 } as const];
    expect(checkBudgets(document, limits)).toEqual([
      {
        key: 'aws-lambda-zip',
        measure: 'installed',
        limit: 5,
        actual: 1000,
        status: 'failed',
        environment: 'prod',
      },
    ]);
  });
});

describe('what is unknown', () => {
  const document = createDocument({ packages: [pears, wild] });

  test('is proven to fail by its lower bound, and never proven to pass', () => {
    expect(statusOf(document, 'installed', 399)).toEqual([400, 'failed']);
    expect(statusOf(document, 'installed', 5000)).toEqual([400, 'unknown']);
    expect(statusOf(document, 'download', 5000)).toEqual([100, 'unknown']);
    expect(statusOf(document, 'packages', 2)).toEqual([2, 'passed']);
  });

  test('requirements that could not be read leave the count open too', () => {
    const [environment] = document.environments;
    if (environment === undefined) throw new Error('no environment');
    const partial = { ...document, environments: [{ ...environment, partial: true as const }] };
    expect(statusOf(partial, 'packages', 2)).toEqual([2, 'unknown']);
    expect(statusOf(partial, 'packages', 1)).toEqual([2, 'failed']);
  });

  test('a conflict has no figures', () => {
    const conflict = { ...document, error: { message: 'no', requirements: [] } };
    expect(statusOf(conflict, 'installed', 1)).toEqual([null, 'unknown']);
  });
});

describe('unused', () => {
  const unused = createFinding({ packages: ['pears'], savedInstalledBytes: 400 });

  test('counts what is at least likely, and nothing that is only possible', () => {
    const possible = createFinding({ confidence: 'possible', savedInstalledBytes: 9000 });
    const moved = createFinding({ rule: 'dev-only', savedInstalledBytes: 9000 });
    const document = createDocument({ packages: [pears], findings: [unused, possible, moved] });
    expect(statusOf(document, 'unused', 400)).toEqual([400, 'passed']);
    expect(statusOf(document, 'unused', 0)).toEqual([400, 'failed']);
    expect(statusOf(createDocument({ packages: [pears] }), 'unused', 0)).toEqual([0, 'passed']);
  });

  test('is not known where no code was read, or the size of what leaves is not', () => {
    const unread = createDocument({ packages: [pears], scannedFiles: 0 });
    expect(statusOf(unread, 'unused', 0)).toEqual([null, 'unknown']);
    const findings = [createFinding({ packages: ['wild'], savedInstalledBytes: 0 })];
    const open = createDocument({ packages: [wild], findings });
    expect(statusOf(open, 'unused', 10)).toEqual([0, 'unknown']);
  });
});

describe('growth', () => {
  const known = 'web 1 1000 10';
  function growthOf(before: string, after: string): GrowthFacts {
    const diff = createDiff({ packages: before }, { packages: after });
    const { ref, before: old, after: now, difference, added, removed, changed } = diff;
    if (!old || !now || !difference || !added || !removed || !changed) throw new Error('no diff');
    return {
      ref,
      before: old,
      after: now,
      difference,
      added,
      removed,
      changed,
      targetBefore: null,
    };
  }
  function rowOf(
    growth: GrowthFacts | null,
    limit: { readonly limit: number; readonly percent?: number },
  ) {
    const limits = [{ key: 'growth', measure: 'growth', ...limit } as const];
    const [row] = checkBudgets(createDocument(), limits, growth);
    return [row?.limit, row?.actual, row?.status];
  }

  test('passes at its limit and fails one below, and less is always within it', () => {
    const grown = growthOf(known, `${known}\nfig 1 50 5`);
    expect(rowOf(grown, { limit: 50 })).toEqual([50, 50, 'passed']);
    expect(rowOf(grown, { limit: 49 })).toEqual([49, 50, 'failed']);
    expect(rowOf(growthOf(`${known}\nfig 1 50 5`, known), { limit: 0 })).toEqual([
      0,
      -50,
      'passed',
    ]);
    expect(rowOf(growthOf(known, known), { limit: 0 })).toEqual([0, 0, 'passed']);
  });

  test('as a part is of what was there before', () => {
    const grown = growthOf(known, `${known}\nfig 1 50 5`);
    expect(rowOf(grown, { limit: 0, percent: 5 })).toEqual([50, 50, 'passed']);
    expect(rowOf(grown, { limit: 0, percent: 4.9 })).toEqual([49, 50, 'failed']);
    // Of nothing there is no part.
    expect(rowOf(growthOf('', known), { limit: 0, percent: 5 })).toEqual([0, 1000, 'unknown']);
    expect(rowOf(growthOf('', ''), { limit: 0, percent: 5 })).toEqual([0, 0, 'passed']);
    // What is unknown on both sides may make the part larger, never smaller.
    const open = growthOf(`${known}\nsource 1 ? ?`, `${known}\nsource 1 ? ?\nfig 1 50 5`);
    expect(rowOf(open, { limit: 0, percent: 5 })).toEqual([50, 50, 'passed']);
    expect(rowOf(open, { limit: 0, percent: 1 })).toEqual([10, 50, 'unknown']);
    expect(rowOf(open, { limit: 49 })).toEqual([49, 50, 'failed']);
  });

  test('that is a bound proves only what the bound says', () => {
    const atLeast = growthOf(known, `${known}\nfig 1 50 5\nsource 1 ? ?`);
    expect(rowOf(atLeast, { limit: 49 })).toEqual([49, 50, 'failed']);
    expect(rowOf(atLeast, { limit: 5000 })).toEqual([5000, 50, 'unknown']);
    const atMost = growthOf(`${known}\nsource 1 ? ?`, `${known}\nfig 1 50 5`);
    expect(rowOf(atMost, { limit: 50 })).toEqual([50, 50, 'passed']);
    expect(rowOf(atMost, { limit: 49 })).toEqual([49, 50, 'unknown']);
    const open = growthOf(`${known}\nsource 1 ? ?`, `${known}\nsource 2 ? ?`);
    expect(rowOf(open, { limit: 5000 })).toEqual([5000, 0, 'unknown']);
  });

  test('without a ref, or a solution on both sides, is unknown', () => {
    expect(rowOf(null, { limit: 5 })).toEqual([5, null, 'unknown']);
  });
});
