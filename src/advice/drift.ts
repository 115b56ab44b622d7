import type { Drift } from '../inputs/project.ts';
import type { DeclaredRequirement } from '../types.ts';
import type { AdviceRule } from './advice.ts';
import { listNames } from './wording.ts';

/** Two files of one project declare different sets. One is weighed; what the other says may be installed all the same. */
export const drift: AdviceRule = {
  code: 'DW107',
  rule: 'drift',
  title: 'two files of the project declare different requirements',
  severity: 'warning',
  evaluate: (context) =>
    context.drift.map((one) => {
      const concerned = concernedBy(one);
      return {
        code: drift.code,
        rule: drift.rule,
        packages: [...new Set(concerned.map(({ requirement }) => requirement.name))].toSorted(),
        leaves: [],
        severity: drift.severity,
        confidence: 'certain',
        message: messageOf(one),
        locations: concerned.map(({ location }) => location),
        evidence: [],
        savedInstalledBytes: null,
        savedDownloadBytes: null,
        remedy: {
          kind: 'replace',
          text: `let one of ${one.primary} and ${one.other} follow the other`,
        },
      };
    }),
};

function concernedBy({
  onlyInPrimary,
  onlyInOther,
  different,
}: Drift): readonly DeclaredRequirement[] {
  return [
    ...onlyInPrimary,
    ...onlyInOther,
    ...different.flatMap((pair) => [pair.primary, pair.other]),
  ];
}

function messageOf({ primary, other, onlyInPrimary, onlyInOther, different }: Drift): string {
  const namesOf = (declared: readonly DeclaredRequirement[]): string =>
    listNames([...new Set(declared.map(({ requirement }) => requirement.name))].toSorted());
  const parts = [
    onlyInOther.length > 0 ? `${namesOf(onlyInOther)} only in ${other}` : null,
    onlyInPrimary.length > 0 ? `${namesOf(onlyInPrimary)} only in ${primary}` : null,
    different.length > 0
      ? `${namesOf(different.map((pair) => pair.primary))} with other versions`
      : null,
  ].filter((part) => part !== null);
  return `${primary}, which is weighed here, and ${other} differ: ${parts.join('; ')}`;
}
