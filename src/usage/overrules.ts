/** Where the user overrules the verdict, and overrules that no longer matter. */

import { toWarning } from '../inputs/declare.ts';
import { folderOf } from '../inputs/file-access.ts';
import type { DistributionName, Overrule, Usage, Warning } from '../types.ts';
import { judgeUsage } from './judge-usage.ts';
import type { DeclaredForUsage, UsageInput } from './usage-facts.ts';

/** The comments on lines, and after them what the configuration keeps. */
export function collectOverrules(
  declared: readonly DeclaredForUsage[],
  configured: readonly Overrule[],
): readonly Overrule[] {
  const marked = new Map<string, Overrule>();
  for (const { declared: one } of declared) {
    if (one.keep === null) continue;
    const { name } = one.requirement;
    const { path, line } = one.location;
    const overrule: Overrule = {
      name,
      reason: one.keep,
      location: one.location,
      from: 'line',
    };
    marked.set(`${path}\0${line}\0${name}`, overrule);
  }
  return [...marked.values(), ...configured];
}

/** The other projects of the run: the configuration above speaks for all of them. */
export interface ProjectsBeside {
  /** Folder of the project that is judged. */
  readonly project: string;
  /** Whether it is the one to report what concerns none of them. */
  readonly isFirst: boolean;
  /** What the others declare. */
  readonly declared: ReadonlySet<DistributionName>;
}

/** Warnings on overrules without which the verdict would be no worse, and on names that nobody declares any more. */
export function findStaleOverrules(input: UsageInput, beside: ProjectsBeside): readonly Warning[] {
  const { overrules = [] } = input;
  if (overrules.length === 0) return [];
  const declared = new Set(input.declared.map((one) => one.declared.requirement.name));
  const bare = new Map(judgeUsage({ ...input, overrules: [] }).map((usage) => [usage.name, usage]));
  return overrules.flatMap((overrule) => {
    const isOurs = overrule.from === 'line' || folderOf(overrule.location.path) === beside.project;
    const isElsewhere = !isOurs && beside.declared.has(overrule.name);
    if (isElsewhere || (!isOurs && !beside.isFirst && !declared.has(overrule.name))) return [];
    const reason = declared.has(overrule.name)
      ? describeUse(bare.get(overrule.name))
      : 'no file declares it any more';
    return reason === null ? [] : [staleKeep(overrule, reason)];
  });
}

function describeUse(usage: Usage | undefined): string | null {
  if (usage === undefined || usage.confidence === 'possible') return null;
  if (!['used', 'optional', 'type-only'].includes(usage.verdict)) return null;
  const [place] = usage.evidence;
  return place === undefined
    ? 'it is used anyway'
    : `it is used anyway (${place.path}:${place.line}, ${place.note})`;
}

function staleKeep({ name, location, from }: Overrule, reason: string): Warning {
  const what = from === 'line' ? 'the comment `depweight: keep`' : `keep = "${name}"`;
  return toWarning('stale-keep', location, `${what} is not needed: ${reason}`);
}
