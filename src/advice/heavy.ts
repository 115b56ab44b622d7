import type { DistributionName } from '../types.ts';
import { savingWithout } from '../weigh/attribution.ts';
import type { AdviceRule } from './advice.ts';
import { countOf, locationsOf } from './wording.ts';

const mostFindings = 5;
/** Below this nobody gains by looking, whatever the share. */
const leastBytes = 10_000_000;
const leastShare = 0.05;

/** The directs with the most bytes that are there for them alone, those that can go or move left out. */
export const heavy: AdviceRule = {
  code: 'DW108',
  rule: 'heavy',
  title: 'the heaviest requirements, by what is there for them alone',
  severity: 'info',
  evaluate: (context) => {
    const told = new Set<DistributionName>(
      [context.unused, context.developmentOnly].flatMap(({ groups, held }) => [
        ...groups.flatMap((group) => group.names),
        ...held,
      ]),
    );
    const total = context.graph.distributions.reduce(
      (sum, { weight }) => sum + (weight.known ? weight.value.installedBytes : 0),
      0,
    );
    const bytesOf = (name: DistributionName): number =>
      context.attribution.get(name)?.exclusiveAtLeast ?? 0;
    const names = [...new Set(context.graph.roots.map(({ name }) => name))]
      .filter((name) => !told.has(name))
      .filter((name) => bytesOf(name) >= Math.max(leastBytes, total * leastShare))
      .toSorted((a, b) => bytesOf(b) - bytesOf(a) || (a < b ? -1 : 1));
    return names.slice(0, mostFindings).map((name) => {
      const saving = savingWithout(context.graph, context.held, new Set([name]));
      const others = saving.leaves.filter((leaving) => leaving !== name);
      const share = Math.round((bytesOf(name) / total) * 100);
      const count = context.usedNames.get(name);
      const used = count === undefined ? '' : `; ${countOf(count, 'name')} of it used`;
      return {
        code: heavy.code,
        rule: heavy.rule,
        packages: [name],
        leaves: others,
        severity: heavy.severity,
        confidence: 'certain',
        message: `${name}${others.length > 0 ? ` and ${countOf(others.length, 'package')} that only it needs` : ''} ${others.length > 0 ? 'make' : 'makes'} up ${share} % of what is installed${used}`,
        locations: locationsOf(context.declared, [name]),
        evidence: [],
        savedInstalledBytes: saving.installedBytes,
        savedDownloadBytes: saving.downloadBytes,
        remedy: null,
      };
    });
  },
};
