import type { Remedy } from '../remedies/remedy.ts';
import type { AdviceRule } from './advice.ts';
import { changedNames, remedyFindings, replaceText } from './remedy-finding.ts';
import { listNames } from './wording.ts';

/** Another distribution does the same work with less (data/lighter.json), measured for this target. */
export const alternative: AdviceRule = {
  code: 'DW109',
  rule: 'alternative',
  title: 'something lighter does the same',
  severity: 'info',
  evaluate: (context) =>
    remedyFindings(alternative, context, (remedy) => ({
      message: messageOf(remedy),
      remedy: { kind: 'replace', text: replaceText(remedy, context) },
    })),
};

function messageOf(remedy: Remedy): string {
  const from = listNames(changedNames(remedy));
  const to = listNames(remedy.instead);
  if (remedy.fit === 'rewrite')
    return `${from} could be ${to}, with other code: ${remedy.condition}`;
  if (remedy.fit === 'unchecked')
    return `${from} can be ${to}, where this will do: ${remedy.condition}`;
  return `${from} can be ${to}, with the same imports: ${remedy.condition}, and no use of that was found`;
}
