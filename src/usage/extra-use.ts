/** An extra is a feature that users choose: it is used as a whole where anything of it is (CONTRACT.md, Usage). */

import type { DistributionName } from '../types.ts';
import { placeEvidence } from './evidence-notes.ts';
import type { Judgement, Settle } from './judgement.ts';
import { keptNames } from './judgement.ts';
import type { Court } from './usage-facts.ts';

/** What nothing points at, beside something of the same extra that is used. */
export function settleExtras(
  court: Court,
  settle: Settle,
  verdicts: ReadonlyMap<DistributionName, Judgement>,
): void {
  const used = keptNames(verdicts);
  const holders = new Map<string, DistributionName>();
  for (const { declared, extra = null } of court.input.declared) {
    const { name } = declared.requirement;
    if (extra !== null && used.has(name) && !holders.has(extra)) holders.set(extra, name);
  }
  settle((name) => {
    const extra = court.input.declared.find(
      (one) => one.declared.requirement.name === name && holders.has(one.extra ?? ''),
    )?.extra;
    if (extra === undefined || extra === null) return null;
    if (court.roles.get(name)?.includes('prod') === true) return null;
    const note = `part of ${extra}, of which ${holders.get(extra)} is used`;
    return {
      verdict: 'used',
      confidence: 'possible',
      evidence: placeEvidence(court, name, note),
    };
  });
}
