import type { Remedy } from '../remedies/remedy.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { remedyFindings, replaceText } from './remedy-finding.ts';
import { listNames } from './wording.ts';

/** An extra that is declared, and nothing of what it brings is used. */
export const droppableExtra: AdviceRule = {
  code: 'DW111',
  rule: 'droppable-extra',
  title: 'an extra whose packages nothing uses',
  severity: 'info',
  evaluate: (context) =>
    remedyFindings(droppableExtra, context, (remedy) => ({
      message: messageOf(remedy, context),
      remedy: { kind: 'extra', text: replaceText(remedy, context) },
    })),
};

function messageOf(remedy: Remedy, { graph }: AdviceContext): string {
  const dropped = remedy.replacements.flatMap(({ name, requirement }) => {
    const extras = graph.roots.find((root) => root.name === name)?.extras ?? [];
    return extras
      .filter((extra) => requirement?.extras.includes(extra) !== true)
      .map((extra) => `${name}[${extra}]`);
  });
  const use = remedy.fit === 'same-import' ? 'brings what nothing here uses' : 'may not be needed';
  return `${listNames(dropped)} ${use}: ${listNames(remedy.leaves)}; without it: ${remedy.condition}`;
}
