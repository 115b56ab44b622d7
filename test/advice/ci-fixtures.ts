/** A job of CI that installs the product, for tests of advice. */
import type { WeighedCiJob } from '../../src/ci/weigh-jobs.ts';

/** `test`, which runs more than linters and keeps nothing. */
export function jobOf(given: Partial<WeighedCiJob> = {}): WeighedCiJob {
  return {
    path: '.github/workflows/ci.yml',
    name: 'test',
    line: 12,
    tool: 'pip',
    linters: null,
    hasCache: false,
    isHosted: true,
    images: [],
    weight: { target: null, installedBytes: 160_000_000, downloadBytes: 80_000_000 },
    ...given,
  };
}
