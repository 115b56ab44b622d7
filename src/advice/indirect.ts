import type { DistributionName } from '../types.ts';
import { savingWithout } from '../weigh/attribution.ts';
import type { AdviceRule } from './advice.ts';
import { dependentsOf, evidenceOf, usagesOf, weakestConfidence } from './verdicts.ts';
import { listNames, locationsOf } from './wording.ts';

/** Declared and not used by the code, but another declared distribution needs it: removing the line frees nothing. */
export const indirect: AdviceRule = {
  code: 'DW103',
  rule: 'indirect',
  title: 'declared, but needed only by another package',
  severity: 'info',
  evaluate: (context) => {
    const roots = new Set(context.graph.roots.map(({ name }) => name));
    const pinned = context.usages
      .filter(({ name, verdict }) => verdict === 'indirect' && roots.has(name))
      .map(({ name }) => name);
    const names: readonly DistributionName[] = [...new Set([...pinned, ...context.unused.held])];
    return names.toSorted().map((name) => {
      const usages = usagesOf(context.usages, [name]);
      const dependents = dependentsOf(context.graph, name);
      const saving = savingWithout(context.graph, context.held, new Set([name]));
      const needed =
        dependents.length === 0
          ? ''
          : `; it is installed anyway, as ${listNames(dependents, 3)} ${dependents.length === 1 ? 'needs' : 'need'} it`;
      return {
        code: indirect.code,
        rule: indirect.rule,
        packages: [name],
        leaves: saving.leaves.filter((leaving) => leaving !== name),
        severity: indirect.severity,
        confidence: weakestConfidence(usages),
        message: `${name} is declared but not imported${needed}`,
        locations: locationsOf(context.declared, [name]),
        evidence: evidenceOf(usages),
        savedInstalledBytes: saving.installedBytes,
        savedDownloadBytes: saving.downloadBytes,
        remedy: null,
      };
    });
  },
};
