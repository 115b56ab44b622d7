/** What findings on images have in common. */
import type { Finding, UsageEvidence } from '../types.ts';
import type { AdviceRule } from './advice.ts';

/** What a single finding says; the rest is the plain case. */
export type ImageFindingParts = Pick<Finding, 'message'> &
  Partial<Finding> & {
    /** Lines of the Dockerfile, the one that an editor shall open first. */
    readonly lines?: readonly number[];
  };

/** A finding of a rule at lines of a Dockerfile. */
export function imageFinding(
  { code, rule, severity }: AdviceRule,
  path: string,
  { lines = [], packages = [], leaves = [], ...parts }: ImageFindingParts,
): Finding {
  return {
    code,
    rule,
    packages,
    leaves: leaves.filter((name) => !packages.includes(name)),
    severity,
    confidence: 'likely',
    locations: [...new Set(lines)].map((line) => ({ path, line, column: 1 })),
    evidence: [],
    savedInstalledBytes: null,
    savedDownloadBytes: null,
    remedy: null,
    ...parts,
  };
}

/** A place as evidence. */
export function placed(path: string, line: number, note: string): UsageEvidence {
  return { path, line, note };
}
