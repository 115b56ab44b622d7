import { specifierContains } from '../pep/specifier.ts';
import { parseVersion } from '../pep/version.ts';
import type { Remedy } from '../remedies/remedy.ts';
import type { Finding } from '../types.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import { remedyFindings } from './remedy-finding.ts';
import { countOf, instruction } from './wording.ts';

/** Less than this, and it is a release like any other. */
const leastBytes = 5_000_000;

/** A release beyond the pin or the cap, whose tree is lighter. */
export const newerLighter: AdviceRule = {
  code: 'DW112',
  rule: 'newer-lighter',
  title: 'a newer release is lighter',
  severity: 'info',
  evaluate: (context) =>
    remedyFindings(newerLighter, context, (remedy) => ({
      message: messageOf(remedy, context),
      remedy: { kind: 'upgrade', text: upgradeText(remedy, context) },
    })).filter(({ savedInstalledBytes }) => (savedInstalledBytes ?? 0) >= leastBytes),
};

function messageOf(remedy: Remedy, context: AdviceContext): string {
  const { name, after, before, written } = releaseOf(remedy, context);
  const leaves =
    remedy.leaves.length === 0
      ? ''
      : `, as it needs ${countOf(remedy.leaves.length, 'package')} less`;
  const place = written === '' ? '' : ` (${written} does not admit it)`;
  return `${name} ${after} is lighter than ${before}${leaves}${place}; its changes are for you to read`;
}

function upgradeText(
  remedy: Remedy,
  context: AdviceContext,
): NonNullable<Finding['remedy']>['text'] {
  const { name, after } = releaseOf(remedy, context);
  return `${instruction('raise', [name], context.declared)} to ${after}`;
}

function releaseOf(remedy: Remedy, { graph, declared }: AdviceContext) {
  const [name] = remedy.replacements.map((one) => one.name);
  if (name === undefined) throw new Error('A newer release is of one distribution');
  const after = remedy.arrives.find((one) => one.name === name)?.version ?? '';
  const version = parseVersion(after);
  const lines = declared.filter(({ requirement }) => requirement.name === name);
  const closed = lines.find(
    ({ requirement }) => version !== null && !specifierContains(requirement.specifiers, version),
  );
  return {
    name,
    after,
    before: graph.distributions.find((one) => one.name === name)?.version ?? '',
    written: closed?.raw ?? '',
  };
}
