/** What findings on jobs of CI have in common. */
import type { WeighedCiJob } from '../ci/weigh-jobs.ts';
import type { Finding } from '../types.ts';
import type { AdviceRule } from './advice.ts';

/** A finding at the lines where jobs install. Its bytes are those of each run, and no part of what a product can save. */
export function ciFinding(
  { code, rule, severity }: AdviceRule,
  jobs: readonly WeighedCiJob[],
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

/** ` (as Python 3.14 on macosx_14_0_arm64 has it)`; '' for a job on the target of the report. */
export function sayMachine({ weight }: WeighedCiJob): string {
  const target = weight?.target ?? null;
  if (target === null) return '';
  const name = target.implementation === 'pp' ? 'PyPy' : 'Python';
  return ` (as ${name} ${target.python} on ${target.platformTag} has it)`;
}
