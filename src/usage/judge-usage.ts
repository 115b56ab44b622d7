/**
 * The verdict on every declared distribution (CONTRACT.md, Usage).
 *
 * In this order: product code imports it, a command of the product runs it, a feature needs it (used, optional,
 * type-only); something used requires it (indirect); a plugin host that is used loads it (used); tests or tools need it
 * (dev-only); nothing does (unused). Module names come from the wheels; a guessed name may clear, never accuse.
 */

import { isStandardModule, wasStandardModule } from '../imports/standard-library.ts';
import type { DistributionName, Usage } from '../types.ts';
import { judgeCondaInstaller } from './conda-installer.ts';
import { isAssumed } from './development-tools.ts';
import { judgeDevelopment, settleDevelopmentOnly } from './development-use.ts';
import { settleExtras } from './extra-use.ts';
import { settleCarriers, settleIndirect } from './indirect-use.ts';
import type { Judgement } from './judgement.ts';
import { lazilyImported } from './optional-use.ts';
import { judgeAbsent, judgeUnused } from './no-use.ts';
import { judgeDirectUse, judgeFeatures, settlePlugins } from './product-use.ts';
import { STRAY_MODULES } from './module-owners.ts';
import type { EvidenceQuestion } from './source-evidence.ts';
import { openCourt } from './usage-facts.ts';
import type { Court, UsageInput } from './usage-facts.ts';

/** One verdict per declared name, sorted by name. Requirements of builds and constraints are not judged. */
export function judgeUsage(input: UsageInput): readonly Usage[] {
  return judgeAll(openCourt(input));
}

/** The same for those who need the facts too. */
export function judgeAll(court: Court): readonly Usage[] {
  const names = [...court.roles.keys()].toSorted();
  const verdicts = new Map<DistributionName, Judgement>();
  const settle = (judge: (name: DistributionName) => Judgement | null): void => {
    for (const name of names) {
      const judgement = verdicts.has(name) ? null : judge(name);
      if (judgement !== null) verdicts.set(name, judgement);
    }
  };
  if (court.input.scan.files === 0) settle(() => withoutSources());
  settle((name) => judgeDirectUse(court, name));
  settle((name) => judgeCondaInstaller(court, name));
  settle((name) => judgeFeatures(court, name, 'product'));
  settleIndirect(court, settle, verdicts);
  settlePlugins(court, settle, verdicts);
  settleIndirect(court, settle, verdicts);
  settle((name) => judgeDevelopment(court, name, verdicts));
  settleCarriers(court, settle, verdicts);
  settleIndirect(court, settle, verdicts);
  settleDevelopmentOnly(court, settle, verdicts);
  settle((name) => judgeAbsent(court, name));
  settleExtras(court, settle, verdicts);
  settle((name) => judgeUnused(court, name));
  return names.map((name) => {
    const judgement = verdicts.get(name) ?? judgeUnused(court, name);
    const { verdict, confidence, evidence } = capped(
      court,
      name,
      asDeclared(court, name, judgement),
    );
    const lookedFor = court.modules.get(name)?.modules ?? [];
    return { name, verdict, confidence, evidence, lookedFor };
  });
}

function withoutSources(): Judgement {
  return { verdict: 'unknown', confidence: 'possible', evidence: [] };
}

/** What is said to be for development where it is written needs no use of its own: people run it. */
function asDeclared(court: Court, name: DistributionName, judgement: Judgement): Judgement {
  const place = court.forDevelopment.get(name);
  if (place === undefined || judgement.carries === true) return judgement;
  const { path, line } = place;
  const evidence = [...judgement.evidence, { path, line, note: 'declared for development' }];
  if (judgement.verdict === 'unused') return { ...judgement, verdict: 'dev-only', evidence };
  const isPlugin = judgement.verdict === 'dev-only' && judgement.confidence === 'possible';
  return isPlugin ? { ...judgement, confidence: 'likely', evidence } : judgement;
}

/**
 * A list from another file than the one that is installed accuses with less confidence, and one of conda not at all: which
 * modules the package has is unknown, and so is what needs it.
 */
function capped(court: Court, name: DistributionName, judgement: Judgement): Judgement {
  const isAccusation = ['unused', 'dev-only', 'indirect'].includes(judgement.verdict);
  if (isAccusation && court.ofConda.has(name))
    return { ...judgement, verdict: 'unknown', confidence: 'possible' };
  if (!isAccusation || judgement.confidence === 'possible') return judgement;
  if (judgement.verdict !== 'indirect' && mayServeOthers(court, name))
    return { ...judgement, confidence: 'possible' };
  if (judgement.confidence !== 'certain') return judgement;
  const other = court.modules.get(name)?.other ?? null;
  return other === null ? judgement : { ...judgement, confidence: 'likely' };
}

/** Libraries may import it without a word, as what Python once brought; or people start it, as a server. */
function mayServeOthers(court: Court, name: DistributionName): boolean {
  const modules = court.modules.get(name)?.modules ?? [];
  const { python } = court.input;
  return (
    isAssumed(name) ||
    modules.some((module) => wasStandardModule(module) && !isStandardModule(module, python))
  );
}

/**
 * The names worth a search in the sources: declared, but neither imported by product code nor run by a command. Ask
 * `gatherEvidence` with them and judge again with its answer. `alsoLazy`: those as well of which `findOptional` is asked.
 */
export function questionsFor(input: UsageInput, alsoLazy = false): readonly EvidenceQuestion[] {
  // What is kept is asked about too: whether it has to be kept is to be told.
  const court = openCourt({ ...input, overrules: [] });
  const questions: EvidenceQuestion[] = [];
  // A string that begins with a package of the project means that.
  const own = new Set(input.scan.firstPartyModules);
  const lazy = new Set(alsoLazy ? lazilyImported(court) : []);
  for (const name of [...court.roles.keys()].toSorted()) {
    const direct = judgeDirectUse(court, name);
    if (!lazy.has(name) && direct !== null && direct.verdict !== 'type-only') continue;
    const known = court.modules.get(name);
    const modules = (known?.modules ?? []).filter(
      (module) => !STRAY_MODULES.has(module) && !own.has(module.split('.', 1)[0] ?? ''),
    );
    const words = new Set<string>([name, ...(known?.scripts ?? []), ...modules]);
    for (const { declared } of input.declared)
      if (declared.requirement.name === name) words.add(declared.requirement.displayName);
    questions.push({
      name,
      words: [...words].filter((word) => word.length > 1).toSorted(),
      modules,
      scripts: known?.scripts ?? [],
      groups: Object.keys(known?.entryPoints ?? {}),
    });
  }
  return questions;
}
