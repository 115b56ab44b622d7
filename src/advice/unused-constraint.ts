import type { AdviceRule } from './advice.ts';
import { countOf, listNames } from './wording.ts';

/** Constraints on what is installed nowhere: they hold nothing, and say otherwise. One finding for each file. */
export const unusedConstraint: AdviceRule = {
  code: 'DW115',
  rule: 'unused-constraint',
  title: 'constraints on what is not installed',
  severity: 'info',
  evaluate: ({ constraints, installed = new Set() }) => {
    if (installed.size === 0) return [];
    const paths = new Set(constraints.map(({ location }) => location.path));
    return [...paths].flatMap((path) => {
      const idle = constraints.filter(
        ({ location, requirement }) => location.path === path && !installed.has(requirement.name),
      );
      if (idle.length === 0) return [];
      const names = [...new Set(idle.map(({ requirement }) => requirement.name))];
      return [
        {
          code: unusedConstraint.code,
          rule: unusedConstraint.rule,
          packages: [],
          leaves: [],
          severity: unusedConstraint.severity,
          confidence: 'certain',
          message: `${path} constrains ${countOf(names.length, 'package')} that nothing here installs: ${listNames(names)}`,
          locations: idle.map(({ location }) => location),
          evidence: [],
          savedInstalledBytes: 0,
          savedDownloadBytes: 0,
          remedy: { kind: 'remove', text: `remove these lines from ${path}` },
        },
      ];
    });
  },
};
