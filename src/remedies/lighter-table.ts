/** Remedies by data/lighter.json: what else does the same work, and what of the code has to be asked first. */
import lighter from '../../data/lighter.json' with { type: 'json' };
import { parseRequirement } from '../pep/requirement.ts';
import type { Requirement, UsageEvidence, WeighedDistribution } from '../types.ts';
import type { Condition } from './code-evidence.ts';
import type { RemedyContext } from './remedy-context.ts';
import type { Proposal, RemedyRule, Replacement } from './remedy.ts';

type Fit = Exclude<Proposal['fit'], 'release'>;

interface LighterRow {
  readonly rule: RemedyRule;
  readonly fit: Fit;
  readonly from: readonly Requirement[];
  readonly to: readonly Requirement[];
  readonly sameVersion: boolean;
  /** `os arch`; null for all. */
  readonly platforms: readonly string[] | null;
  readonly condition: string;
  readonly unless: Condition;
}

/** What says that a GPU is meant. */
export const GPU: Condition = {
  features: lighter.gpu.features,
  lines: lighter.gpu.lines.map(({ files, line }) => ({
    files: new RegExp(files),
    line: new RegExp(line),
  })),
};

const ROWS: readonly LighterRow[] = lighter.rows.map((row) => ({
  // What is written in the table is held to these by its test.
  rule: row.rule as RemedyRule,
  fit: row.fit as Fit,
  from: row.from.map((text) => parseRequirement(text)),
  to: row.to.map((text) => parseRequirement(text)),
  sameVersion: row.sameVersion === true,
  platforms: row.platforms ?? null,
  condition: row.condition,
  unless: { features: row.unless ?? [], lines: [] },
}));

/** The rows that apply to what is declared and stays. */
export function proposeFromTable(context: RemedyContext): readonly Proposal[] {
  return ROWS.filter((row) => applies(row, context)).flatMap((row) => {
    const against = evidenceAgainst(row, context);
    // A GPU may be named where it is not needed (`cuda` if it is there): told, with the place. Whatever else is found is used.
    if (against.length > 0 && row.rule !== 'accelerator-build') return [];
    const proposal = { ...changeOf(row, context), ...proposalOf(row), against };
    // Modules that are not known were not looked for.
    const isOpen = row.rule === 'droppable-extra' && leavingOf(row, context).some(isUnknown);
    return isOpen ? { ...proposal, fit: 'unchecked' as const } : proposal;
  });
}

function proposalOf({
  rule,
  fit,
  condition,
  from,
  to,
}: LighterRow): Pick<Proposal, 'rule' | 'fit' | 'condition' | 'instead'> {
  const names = to.map(({ name }) => name);
  // What is on both sides does its own work as before.
  const others = names.filter((name) => from.every((one) => one.name !== name));
  return { rule, fit, condition, instead: others.length > 0 ? others : names };
}

function applies(row: LighterRow, { roots, lines, target }: RemedyContext): boolean {
  if (row.platforms?.includes(`${target.os} ${target.arch}`) === false) return false;
  return row.from.every(({ name, extras }) => {
    const root = roots.find((one) => one.name === name);
    const isOfIndex = lines.every(
      ({ requirement, source }) => requirement.name !== name || source === 'index',
    );
    return isOfIndex && root !== undefined && extras.every((extra) => root.extras.includes(extra));
  });
}

function evidenceAgainst(row: LighterRow, context: RemedyContext): readonly UsageEvidence[] {
  const { code } = context;
  const found = [...code.find(row.unless)];
  if (row.rule === 'accelerator-build') found.push(...code.find(GPU));
  if (row.rule === 'droppable-extra') found.push(...usesOfExtra(row, context));
  return found;
}

/** Uses of what only the extra brings: by import, by command, or by a feature of another library. */
function usesOfExtra(row: LighterRow, context: RemedyContext): readonly UsageEvidence[] {
  const { code } = context;
  const leaving = leavingOf(row, context);
  const known = leaving.flatMap(({ weight }) => (weight.known ? [weight.value] : []));
  return [
    ...code.usesOf(
      known.flatMap(({ modules }) => modules),
      known.flatMap(({ scripts }) => scripts),
    ),
    ...code.needsOf(leaving.map(({ name }) => name)),
  ];
}

function isUnknown({ weight }: WeighedDistribution): boolean {
  return !weight.known;
}

/** What is there for the extra alone. */
function leavingOf(
  row: LighterRow,
  { held, roots, staying }: RemedyContext,
): readonly WeighedDistribution[] {
  const dropped = new Map(row.from.map(({ name, extras }) => [name, extras]));
  const without = held(
    roots.map(({ name, extras }) => ({
      name,
      extras: extras.filter((extra) => dropped.get(name)?.includes(extra) !== true),
    })),
  );
  return staying.filter(({ name }) => !without.names.has(name));
}

/** The lines that change. What is on both sides keeps its line; the first of each side change places, the rest go or come. */
function changeOf(
  row: LighterRow,
  context: RemedyContext,
): Pick<Proposal, 'replacements' | 'added'> {
  const { from, to, sameVersion } = row;
  const declared = new Set(context.roots.map(({ name }) => name));
  const isOn = (side: readonly Requirement[], name: string): boolean =>
    side.some((one) => one.name === name);
  const coming = to.filter(({ name }) => !isOn(from, name) && !declared.has(name));
  const replacements: Replacement[] = [];
  for (const { name, extras } of from) {
    const own = context.lines.find(({ requirement }) => requirement.name === name)?.requirement;
    const other = to.find((one) => one.name === name);
    if (own === undefined) continue;
    if (other !== undefined) {
      const kept = own.extras.filter((extra) => !extras.includes(extra));
      if (kept.length !== own.extras.length)
        replacements.push({ name, requirement: plain(own, { extras: kept }) });
      continue;
    }
    const next = coming.shift();
    const specifiers = sameVersion ? own.specifiers : [];
    const requirement = next === undefined ? null : plain(next, { specifiers });
    replacements.push({ name, requirement });
  }
  return { replacements, added: coming };
}

function plain(requirement: Requirement, changed: Partial<Requirement>): Requirement {
  return { ...requirement, ...changed, marker: null, markerText: null };
}
