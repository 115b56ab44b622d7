import { describe, expect, test } from 'vitest';
import { ciCache } from '../../src/advice/ci-cache.ts';
import type { CiJobFacts } from '../../src/ci/gather-facts.ts';
import type { Finding } from '../../src/types.ts';
import type { Invented } from '../support/weighed-graph.ts';
import { jobOf } from './ci-fixtures.ts';
import { contextOf } from './support.ts';

const MB = 1_000_000;

function find(
  ciJobs: readonly CiJobFacts[],
  size: Invented['size'] = 160 * MB,
): readonly Finding[] {
  return ciCache.evaluate(contextOf(['torch'], { torch: { size } }, { ciJobs }));
}

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

  test('is silent on little, and on what is unknown', () => {
    expect(find([jobOf()], 80 * MB)).toEqual([]);
    expect(find([jobOf()], 'sdist-only')).toEqual([]);
  });
});
