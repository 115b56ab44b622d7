/** What findings on jobs of CI have in common. */
import type { CiJobFacts } from '../ci/gather-facts.ts';
import type { Bytes, Finding } from '../types.ts';
import { downloadBytesOf } from '../weigh/totals.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';

/** A finding at the lines where jobs install. Its bytes are those of each run, and no part of what a product can save. */
export function ciFinding(
  { code, rule, severity }: AdviceRule,
  jobs: readonly CiJobFacts[],
  parts: Pick<Finding, 'message' | 'savedInstalledBytes' | 'savedDownloadBytes' | 'remedy'> &
    Partial<Finding>,
): Finding {
  return {
    code,
    rule,
    packages: [],
    leaves: [],
    severity,
    confidence: 'certain',
    locations: jobs.map(({ path, line }) => ({ path, line, column: 1 })),
    evidence: [],
    ...parts,
  };
}

/** Bytes of all that the environment installs, as far as they are known. */
export function sumOfSet(
  { graph }: AdviceContext,
  which: 'installedBytes' | 'downloadBytes',
): Bytes {
  return graph.distributions
    .map((one) =>
      which === 'downloadBytes'
        ? (downloadBytesOf(one) ?? 0)
        : one.weight.known
          ? one.weight.value.installedBytes
          : 0,
    )
    .reduce((sum, bytes) => sum + bytes, 0);
}
