/**
 * Declared, not imported, and still needed: by something that is used, or as the only one to bring what is imported.
 */

import type { DistributionName, ImportUse } from '../types.ts';
import { importEvidence, placeEvidence } from './evidence-notes.ts';
import { isTried } from './guards.ts';
import { keptNames, reachableFrom, requirersOf } from './judgement.ts';
import type { Judgement, Settle } from './judgement.ts';
import type { Court } from './usage-facts.ts';

/** What something that is kept requires, and the product declares, is indirect. */
export function settleIndirect(
  court: Court,
  settle: Settle,
  verdicts: ReadonlyMap<DistributionName, Judgement>,
): void {
  const product = new Set(
    [...keptNames(verdicts)].filter((name) => court.roles.get(name)?.includes('prod') === true),
  );
  const reached = reachableFrom(court, product);
  settle((name) => {
    if (court.roles.get(name)?.includes('prod') !== true || !reached.has(name)) return null;
    const note = `not imported; required by ${requirersOf(court, name, reached)}`;
    return {
      verdict: 'indirect',
      confidence: 'certain',
      evidence: placeEvidence(court, name, note),
    };
  });
}

/** What is kept only for something else that it brings. */
export function settleCarriers(
  court: Court,
  settle: Settle,
  verdicts: ReadonlyMap<DistributionName, Judgement>,
): void {
  const held = reachableFrom(court, keptNames(verdicts));
  settle((name) => judgeCarrier(court, name, held));
}

/**
 * Declared and not imported, but the only one to bring something that product code imports. One without modules of its
 * own (a bundle) is used so; another is not, but cannot go before what it brings is declared.
 */
function judgeCarrier(
  court: Court,
  name: DistributionName,
  held: ReadonlySet<DistributionName>,
): Judgement | null {
  if (court.roles.get(name)?.includes('prod') !== true || held.has(name)) return null;
  for (const brought of [...reachableFrom(court, new Set([name]))].toSorted()) {
    if (brought === name || held.has(brought) || court.roles.has(brought)) continue;
    const use = court.signs.get(brought)?.imports.find(isPlainProductUse);
    if (use === undefined) continue;
    const { path, line, note } = importEvidence(use);
    const evidence = [{ path, line, note: `${note}: only ${name} brings ${brought}` }];
    const isBundle = court.modules.get(name)?.modules.length === 0;
    return isBundle
      ? { verdict: 'used', confidence: 'likely', evidence }
      : { verdict: 'unused', confidence: 'possible', evidence, carries: true };
  }
  return null;
}

function isPlainProductUse(use: ImportUse): boolean {
  return use.area === undefined && !isTried(use) && !use.context.includes('type-checking');
}
