import { findDevelopmentInstalls } from '../image/development-installs.ts';
import type { Finding } from '../types.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import type { RemovalGroup } from './removal-groups.ts';
import { dependentsOf, evidenceOf, usagesOf, weakestConfidence } from './verdicts.ts';
import { instruction, listNames, locationsOf } from './wording.ts';

/** Among the requirements of the product, but only tests, documentation or tools need it. */
export const devOnly: AdviceRule = {
  code: 'DW102',
  rule: 'dev-only',
  title: 'needed for development only, but installed with the product',
  severity: 'warning',
  evaluate: (context) => {
    const { groups, held } = context.developmentOnly;
    const alone = held.map((name) => ({
      names: [name],
      saving: {
        leaves: [],
        leavingExtras: [],
        installedBytes: 0,
        downloadBytes: 0,
        unknown: 0,
      },
    }));
    return [...groups, ...alone].map((group) => findingOf(context, group));
  },
};

function findingOf(context: AdviceContext, { names, saving }: RemovalGroup): Finding {
  const usages = usagesOf(context.usages, names);
  const verb = names.length === 1 ? 'is' : 'are';
  const dependents = names.length === 1 && names[0] ? dependentsOf(context.graph, names[0]) : [];
  const stays =
    saving.leaves.length === 0 && dependents.length > 0
      ? `; it stays installed, as ${listNames(dependents, 3)} ${dependents.length === 1 ? 'needs' : 'need'} it`
      : '';
  return {
    code: devOnly.code,
    rule: devOnly.rule,
    packages: names,
    leaves: saving.leaves.filter((name) => !names.includes(name)),
    severity: devOnly.severity,
    confidence: weakestConfidence(usages),
    message: `${listNames(names)} ${verb} needed for development only${stays}`,
    locations: locationsOf(context.declared, names),
    evidence: evidenceOf(usages),
    savedInstalledBytes: saving.installedBytes,
    savedDownloadBytes: saving.downloadBytes,
    remedy: remedyFor(context, names),
  };
}

/** What stands among the development requirements already has only to be left out of the image. */
function remedyFor(
  { declared, image }: AdviceContext,
  names: readonly string[],
): NonNullable<Finding['remedy']> {
  const installs = findDevelopmentInstalls(image);
  const own = installs.filter((install) => names.some((name) => install.names.has(name)));
  const moving = names.filter((name) => !own.some((install) => install.names.has(name)));
  const leave = own.map(({ remedy, at }) => {
    const { path, line } = at.script ?? { path: image?.image.path ?? '', line: at.line };
    return `${remedy} (${path}:${line})`;
  });
  if (moving.length === 0) return { kind: 'remove', text: leave.join('; ') };
  const move = `${instruction('move', moving, declared)} to the development requirements`;
  return { kind: 'move', text: [move, ...leave].join('; ') };
}
