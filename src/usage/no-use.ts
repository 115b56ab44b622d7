/** Nothing uses it: how sure that is, and where nothing can be said. */

import { isStandardModule } from '../imports/standard-library.ts';
import { roleOfGroup } from '../inputs/roles.ts';
import type { Confidence, DistributionName, UsageEvidence } from '../types.ts';
import { pluginHosts } from './development-tools.ts';
import { isStubs } from './development-use.ts';
import { elsewhereEvidence, importEvidence, placeEvidence } from './evidence-notes.ts';
import { MOST_EVIDENCE } from './judgement.ts';
import type { Judgement } from './judgement.ts';
import type { Mention } from './source-evidence.ts';
import { isKnownFeature } from './feature-needs.ts';
import type { Court } from './usage-facts.ts';

/** Declared, but not installed for this target (a marker), or nothing was resolved at all: no ground to accuse. */
export function judgeAbsent(court: Court, name: DistributionName): Judgement | null {
  if (court.modules.has(name)) return null;
  const isConditional = court.input.declared.some(
    ({ declared: { requirement } }) => requirement.name === name && requirement.marker !== null,
  );
  const note =
    court.modules.size > 0 && isConditional
      ? 'not installed for this target'
      : 'its modules are not known, as the requirements could not be resolved';
  return {
    verdict: 'unknown',
    confidence: 'possible',
    evidence: placeEvidence(court, name, note),
  };
}

/** The verdict on what nothing points at. */
export function judgeUnused(court: Court, name: DistributionName): Judgement {
  if (isShadowed(court, name)) {
    const note = `Python ${court.input.python} brings this itself, and its own comes first`;
    return {
      verdict: 'unused',
      confidence: 'likely',
      evidence: placeEvidence(court, name, note),
    };
  }
  const modules = court.modules.get(name);
  const mentions = (court.input.evidence?.mentions ?? []).filter(
    (mention) => mention.name === name && !isDeclaration(court, mention),
  );
  const elsewhere = court.signs.get(name)?.importsElsewhere ?? [];
  const doubts = doubtsOf(court, name, mentions.length);
  const evidence = [
    ...otherSource(court, name),
    ...elsewhere.slice(0, 1).map(elsewhereEvidence),
    ...mentions
      .slice(0, MOST_EVIDENCE)
      .map(({ path, line, word }) => ({ path, line, note: `mentions ${word}` })),
  ];
  if (doubts === 'open' && court.unexplained.length > 0 && modules?.known !== true)
    // Some import is unexplained and the module list is not known: the two may belong together.
    return {
      verdict: 'unknown',
      confidence: 'possible',
      evidence: [...evidence, ...court.unexplained.slice(0, 1).map(importEvidence)],
    };
  const confidence: Confidence =
    doubts === 'none' ? 'certain' : doubts === 'some' ? 'likely' : 'possible';
  return { verdict: 'unused', confidence, evidence };
}

/** The standard library has all its modules: what is imported by these names is never this one. */
function isShadowed(court: Court, name: DistributionName): boolean {
  const { modules = [], known = false } = court.modules.get(name) ?? {};
  return (
    known &&
    modules.length > 0 &&
    modules.every((module) => isStandardModule(module.split('.', 1)[0] ?? '', court.input.python))
  );
}

/** A script that carries its requirements names them in comments of its own. */
function isDeclaration(court: Court, { path, line }: Mention): boolean {
  return court.input.declared.some(
    ({ declared: { location } }) => location.path === path && location.line === line,
  );
}

/** Says what was looked for, where that is not the list of the wheel itself. */
function otherSource(court: Court, name: DistributionName): readonly UsageEvidence[] {
  const modules = court.modules.get(name);
  if (modules === undefined || modules.other === null || modules.modules.length === 0) return [];
  const shown = modules.modules.slice(0, 3).join(', ');
  const more = modules.modules.length > 3 ? ', …' : '';
  return placeEvidence(court, name, `looked for ${shown}${more}, by ${modules.other.source}`);
}

/** What speaks against an accusation: `open` where the modules are not known, `some` where a use may hide. */
function doubtsOf(
  court: Court,
  name: DistributionName,
  mentions: number,
): 'none' | 'some' | 'open' {
  const modules = court.modules.get(name);
  if (modules === undefined || modules.modules.length === 0 || isStubs(court, name)) return 'open';
  if (!modules.known && modules.other?.accuses !== true) return 'open';
  // What offers plugins to itself alone (pandas its plotting back ends) is no plugin.
  const hosts = pluginHosts(modules.entryPoints).filter(({ host }) => host !== name);
  if (hosts.length > 0 && modules.scripts.length === 0) return 'open';
  // The project has a package of the same name: which of the two an import means cannot be told.
  const own = new Set(court.input.scan.firstPartyModules);
  if (modules.modules.every((module) => own.has(module.split('.', 1)[0] ?? ''))) return 'open';
  if (isProgram(court, name) || court.input.shared?.has(name) === true) return 'open';
  const dynamic = court.input.scan.dynamicImports.some(
    ({ path }) => court.input.scan.sources?.areas[path] === undefined,
  );
  // A project below has it of its own; whether it is run with what stands here cannot be seen.
  if ((court.signs.get(name)?.importsElsewhere ?? []).length > 0) return 'open';
  const optional = optionalNeedOf(court, name);
  if (optional === 'unproven') return 'open';
  const isSure = modules.known && court.input.evidence !== undefined && !court.hasOpenNeeds;
  return dynamic || optional !== 'none' || mentions > 0 || !isSure ? 'some' : 'none';
}

/** What starts a program takes no more; a library (torch and its torchrun) has far more, however large its binaries are. */
const mostWrapperBytes = 200_000;

/**
 * It brings a program and hardly any Python (`cmake`, `par2`): what it runs beside it cannot be seen.
 */
function isProgram(court: Court, name: DistributionName): boolean {
  const { weight } = court.input.graph.distributions.find((one) => one.name === name) ?? {};
  if (weight?.known !== true || weight.value.scripts.length === 0) return false;
  const { composition, installedBytes } = weight.value;
  const isHardlyPython =
    composition.python < mostWrapperBytes && composition.python * 20 < installedBytes;
  return isHardlyPython && installedBytes > 100_000;
}

/**
 * Whether something that the code uses names it as an optional need. `unproven`: and no row of ours says what of that
 * library needs it, so that no search could have found a use.
 */
function optionalNeedOf(court: Court, name: DistributionName): 'none' | 'known' | 'unproven' {
  const hosts = court.input.graph.distributions.filter(
    (other) =>
      court.signs.has(other.name) &&
      other.requires.some((requirement) => requirement.name === name),
  );
  if (hosts.length === 0) return 'none';
  const isUnproven = hosts.some(
    (host) =>
      host.requires.some(
        (requirement) => requirement.name === name && isFeatureExtra(requirement.markerText),
      ) && !isKnownFeature(name, topModules(court, host.name)),
  );
  return isUnproven ? 'unproven' : 'known';
}

/** A need of an extra that is not for the development of the library itself. */
function isFeatureExtra(marker: string | null): boolean {
  const extra = /\bextra\s*==\s*["']([^"']+)["']/.exec(marker ?? '')?.[1];
  return extra !== undefined && roleOfGroup(extra) === null;
}

function topModules(court: Court, name: DistributionName): readonly string[] {
  return (court.modules.get(name)?.modules ?? []).map(
    (module) => module.split('.', 1)[0] ?? module,
  );
}
