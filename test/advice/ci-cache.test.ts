import { describe, expect, test } from 'vitest';
import { ciCache } from '../../src/advice/ci-cache.ts';
import type { WeighedCiJob } from '../../src/ci/weigh-jobs.ts';
import type { Finding, TargetEnvironment } from '../../src/types.ts';
import { linux } from '../support/weighed-graph.ts';
import { jobOf } from './ci-fixtures.ts';
import { contextOf } from './support.ts';

const MB = 1_000_000;

function find(ciJobs: readonly WeighedCiJob[]): readonly Finding[] {
  return ciCache.evaluate(contextOf(['torch'], { torch: {} }, { ciJobs }));
}

const weight = (downloadBytes: number, target: TargetEnvironment | null = null) => ({
  weight: { target, installedBytes: 0, downloadBytes },
});

describe('ci-cache (DW134)', () => {
  test('tells all jobs that download the set anew, and how it is kept', () => {
    expect(find([jobOf(), jobOf({ name: 'docs', line: 40 })])).toMatchObject([
      {
        message: '2 jobs download all that the product needs with every run, as nothing keeps it',
        locations: [{ line: 12 }, { line: 40 }],
        savedDownloadBytes: 80 * MB,
        savedInstalledBytes: 0,
        remedy: { text: 'actions/setup-python with `cache: pip`' },
      },
    ]);
  });

  test.each([
    ['one with a cache', { hasCache: true }],
    ['one on a machine that stays', { isHosted: false }],
    ['one that need not install it', { linters: ['ruff'] }],
  ])('is silent on %s', (_, given) => {
    expect(find([jobOf(given)])).toEqual([]);
  });

  test('is silent on little, and where there is no solution', () => {
    expect(find([jobOf(weight(40 * MB))])).toEqual([]);
    expect(find([jobOf({ weight: null })])).toEqual([]);
  });

  test('of jobs that download different files the one that downloads most is told', () => {
    const jobs = [jobOf(), jobOf({ name: 'docs', ...weight(90 * MB, linux) })];
    expect(find(jobs)).toMatchObject([
      {
        message:
          '2 jobs download all that the product needs with every run, as nothing keeps it; most of all docs (as Python 3.11 on manylinux_2_28_x86_64 has it)',
        savedDownloadBytes: 90 * MB,
      },
    ]);
  });
});
