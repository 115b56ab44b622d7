import type { Finding, Usage } from '../types.ts';
import { savingWithout, type Saving } from '../weigh/attribution.ts';
import type { AdviceContext, AdviceRule } from './advice.ts';
import type { RemovalGroup } from './removal-groups.ts';
import { dependentsOf, evidenceOf, usagesOf, weakestConfidence } from './verdicts.ts';
import { countOf, instruction, listNames, locationsOf } from './wording.ts';

/** From here on an unused distribution is a warning. */
const noticeableBytes = 1_000_000;

/** Declared, imported and named nowhere. What can only leave together is one finding. */
export const unused: AdviceRule = {
  code: 'DW101',
  rule: 'unused',
  title: 'declared, but used nowhere',
  severity: 'warning',
  evaluate: (context) => [
    ...context.unused.groups.map((group) => findingOf(context, group)),
    ...possiblyUnused(context),
  ],
};

function findingOf(context: AdviceContext, group: RemovalGroup): Finding {
  const usages = usagesOf(context.usages, group.names);
  const { saving } = group;
  return {
    ...common(context, group, usages),
    severity: (saving.installedBytes ?? 0) >= noticeableBytes ? 'warning' : 'info',
    confidence: weakestConfidence(usages),
    message: `${listNames(group.names)} ${verbOf(group)} declared but used nowhere${consequence(context, group)}`,
  };
}

/** The module list is unknown, or it is a plugin: told, but never an accusation, and never part of a group. */
function possiblyUnused(context: AdviceContext): readonly Finding[] {
  const installed = new Set(context.graph.roots.map(({ name }) => name));
  return context.usages
    .filter(
      ({ name, verdict, confidence }) =>
        verdict === 'unused' && confidence === 'possible' && installed.has(name),
    )
    .map((usage) => {
      const saving = savingWithout(context.graph, context.held, new Set([usage.name]));
      return {
        ...common(context, { names: [usage.name], saving }, [usage]),
        severity: 'info',
        confidence: 'possible',
        message: `no use of ${usage.name} was found, but it cannot be told for sure`,
      };
    });
}

function common(
  context: AdviceContext,
  { names, saving }: RemovalGroup,
  usages: readonly Usage[],
): Omit<Finding, 'severity' | 'confidence' | 'message'> {
  return {
    code: unused.code,
    rule: unused.rule,
    packages: names,
    leaves: saving.leaves.filter((name) => !names.includes(name)),
    locations: locationsOf(context.declared, names),
    evidence: evidenceOf(usages),
    savedInstalledBytes: saving.installedBytes,
    savedDownloadBytes: saving.downloadBytes,
    remedy: { kind: 'remove', text: instruction('remove', names, context.declared) },
  };
}

function verbOf({ names }: RemovalGroup): string {
  return names.length === 1 ? 'is' : 'are';
}

function consequence(context: AdviceContext, { names, saving }: RemovalGroup): string {
  const staying = names.filter((name) => !saving.leaves.includes(name));
  const others = saving.leaves.length - (names.length - staying.length);
  const parts = [
    names.length > 1 ? 'what they bring in leaves only when all of them go' : null,
    others > 0
      ? `${countOf(others, 'package')} that nothing else needs ${others === 1 ? 'goes' : 'go'} too`
      : null,
    ...staying.map((name) => stays(context, name, saving)),
    saving.unknown > 0 ? `the size of ${saving.unknown} of what leaves is unknown` : null,
  ].filter((part) => part !== null);
  return parts.length === 0 ? '' : `; ${parts.join('; ')}`;
}

function stays(
  context: AdviceContext,
  name: RemovalGroup['names'][number],
  saving: Saving,
): string {
  const dependents = dependentsOf(context.graph, name);
  const needed = `as ${listNames(dependents, 3)} ${dependents.length === 1 ? 'needs' : 'need'} it`;
  const extras = saving.leavingExtras.filter((extra) => extra.startsWith(`${name}[`));
  const leaving = extras.length > 0 ? `; what leaves is ${listNames(extras)}` : '';
  return `${name} itself stays, ${needed}${leaving}`;
}
