/** How many names of a distribution product code asks for: who uses four of a hundred can often do without. */
import type { DistributionName, ImportScan } from '../types.ts';
import type { ModuleIndex } from './module-owners.ts';

/**
 * Distinct names by distribution, from `from x import a, b` alone. A distribution that is imported as a whole somewhere is
 * left out: which of its attributes are used is not counted.
 */
export function countUsedNames(
  scan: ImportScan,
  index: ModuleIndex,
): ReadonlyMap<DistributionName, number> {
  const names = new Map<DistributionName, Set<string>>();
  const whole = new Set<DistributionName>();
  for (const use of scan.imports) {
    if (use.level > 0 || use.area !== undefined || use.firstParty === true) continue;
    if (use.context.includes('type-checking')) continue;
    for (const owner of index.owners(use)) {
      if (use.names.length === 0 || use.names.includes('*')) whole.add(owner);
      const own = names.get(owner) ?? new Set();
      for (const name of use.names) own.add(`${use.module}.${name}`);
      names.set(owner, own);
    }
  }
  return new Map(
    [...names].filter(([name]) => !whole.has(name)).map(([name, own]) => [name, own.size]),
  );
}
