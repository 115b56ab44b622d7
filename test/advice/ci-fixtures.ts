/** A job of CI that installs the product, for tests of advice. */
import type { CiJobFacts } from '../../src/ci/gather-facts.ts';

/** `test`, which runs more than linters and keeps nothing. */
export function jobOf(given: Partial<CiJobFacts> = {}): CiJobFacts {
  return {
    path: '.github/workflows/ci.yml',
    name: 'test',
    line: 12,
    tool: 'pip',
    linters: null,
    hasCache: false,
    isHosted: true,
    ...given,
  };
}
