/** Use by the product: imports, commands, features of other libraries, plugins of what is used. */

import { normalizeName } from '../pep/name.ts';
import type { DistributionName, ImportUse, Reference, UsageEvidence, Verdict } from '../types.ts';
import { pluginHosts, toolKind } from './development-tools.ts';
import {
  aroundEvidence,
  codeFirst,
  importEvidence,
  isPython,
  overruleEvidence,
  placeEvidence,
  referenceEvidence,
} from './evidence-notes.ts';
import { MOST_EVIDENCE, keptNames, reachableFrom } from './judgement.ts';
import type { Judgement, Settle } from './judgement.ts';
import { isBundle } from './module-owners.ts';
import type { FeatureUse } from './feature-needs.ts';
import { isLastResort, isTried } from './guards.ts';
import type { Court } from './usage-facts.ts';

/** Imports and commands of product code; for a set of development or an extra, of any code. */
export function judgeDirectUse(court: Court, name: DistributionName): Judgement | null {
  const signs = court.signs.get(name);
  const isProduct = court.roles.get(name)?.includes('prod') === true;
  const imports = signs?.imports ?? [];
  const product = imports.filter(({ area }) => area === undefined);
  const imported = product.length > 0 ? judgeImports(product) : null;
  if (imported?.verdict === 'used') return imported;
  const commands = (signs?.references ?? []).filter((reference) =>
    isProductReference(reference, name),
  );
  if (commands.length > 0)
    return {
      verdict: 'used',
      confidence: 'certain',
      evidence: codeFirst(commands).slice(0, MOST_EVIDENCE).map(referenceEvidence),
    };
  // What is imported for its types alone may still be loaded by its name, or be what a feature needs.
  if (imported?.verdict === 'type-only') return judgeFeatures(court, name, 'product') ?? imported;
  if (imported !== null) return imported;
  const overrules = court.overrules.get(name);
  if (overrules !== undefined)
    return {
      verdict: 'used',
      confidence: 'certain',
      evidence: overrules.slice(0, MOST_EVIDENCE).map(overruleEvidence),
    };
  const bundled = judgeBundle(court, name);
  if (bundled !== null) return bundled;
  const around = judgeAround(court, name);
  if (around !== null) return around;
  const guess = judgeGuess(court, name);
  if (guess !== null || isProduct) return guess;
  const anywhere = [
    ...imports.map(importEvidence),
    ...codeFirst(signs?.references ?? []).map(referenceEvidence),
  ];
  if (anywhere.length > 0)
    return { verdict: 'used', confidence: 'certain', evidence: anywhere.slice(0, MOST_EVIDENCE) };
  if (court.roles.get(name)?.every((role) => role !== 'extra') === true)
    // A tool of development is run by people: no import is no sign.
    return { verdict: 'used', confidence: 'possible', evidence: [] };
  return null;
}

/**
 * One without modules of its own (`apache-airflow`, `jupyter`) is there for what it requires: it is used where product code
 * imports that, and nobody declares it.
 */
function judgeBundle(court: Court, name: DistributionName): Judgement | null {
  if (!isBundle(court.modules.get(name)) || toolKind(name) !== null) return null;
  const evidence: UsageEvidence[] = [];
  for (const brought of court.dependencies.get(name) ?? []) {
    if (court.roles.has(brought)) continue;
    const imports = court.signs.get(brought)?.imports ?? [];
    const use = imports.find(
      ({ area, context }) => area === undefined && !context.includes('type-checking'),
    );
    if (use === undefined) continue;
    const { path, line, note } = importEvidence(use);
    evidence.push({ path, line, note: `${note} of ${brought}, which ${name} brings` });
  }
  if (evidence.length === 0) return null;
  return { verdict: 'used', confidence: 'likely', evidence: evidence.slice(0, MOST_EVIDENCE) };
}

/** Code that no project is above, or of a project below that does not declare it, and files above that run things here. */
function judgeAround(court: Court, name: DistributionName): Judgement | null {
  const signs = court.signs.get(name);
  const imports = (signs?.importsAround ?? []).filter(({ area }) => area === undefined);
  const commands = (signs?.referencesAround ?? []).filter((reference) =>
    isProductReference(reference, name),
  );
  if (imports.length === 0 && commands.length === 0) return null;
  const evidence = [...imports.map(aroundEvidence), ...codeFirst(commands).map(referenceEvidence)];
  return { verdict: 'used', confidence: 'likely', evidence: evidence.slice(0, MOST_EVIDENCE) };
}

function judgeImports(product: readonly ImportUse[]): Judgement {
  const runtime = product.filter(({ context }) => !context.includes('type-checking'));
  const plain = runtime.filter(
    (use) => !isTried(use) && (use.fallback !== true || isLastResort(use, runtime)),
  );
  const verdict: Verdict =
    runtime.length === 0 ? 'type-only' : plain.length === 0 ? 'optional' : 'used';
  const shown = plain.length > 0 ? plain : product;
  return {
    verdict,
    confidence: 'certain',
    evidence: shown.slice(0, MOST_EVIDENCE).map(importEvidence),
  };
}

const BUILD_BACKENDS: ReadonlySet<string> = new Set(['setuptools', 'wheel']);

/** Development tools that a Makefile or a script runs, or a table configures, are not thereby part of the product. */
export function isProductReference(reference: Reference, name: DistributionName): boolean {
  if (reference.area !== undefined) return false;
  // `[tool.setuptools]` is read where wheels are built.
  if (reference.kind === 'config' && BUILD_BACKENDS.has(name)) return false;
  const kind = toolKind(name);
  if (kind === null) return true;
  // An image may well serve notebooks or documentation; it does not run a linter for its users.
  return reference.kind === 'dockerfile' && kind !== 'test' && kind !== 'lint' && kind !== 'typing';
}

/** The module list is not that of its wheel, and a module that nothing explains has a part of the name: that clears it. */
function judgeGuess(court: Court, name: DistributionName): Judgement | null {
  if (court.modules.get(name)?.known === true) return null;
  const use = court.unexplained.find(({ module }) => mayBeModuleOf(module, name));
  if (use === undefined) return null;
  return { verdict: 'used', confidence: 'possible', evidence: [importEvidence(use)] };
}

/** `whisper` may be of `openai-whisper`, `yaml` of `pyyaml`, `google.foo` of `google-foo`. */
function mayBeModuleOf(module: string, name: DistributionName): boolean {
  const compact = (text: string): string => text.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
  const whole = compact(name);
  const top = module.split('.', 1)[0] ?? module;
  if (
    compact(top) === whole ||
    compact(module) === whole ||
    `py${compact(top)}` === whole ||
    compact(top) === `py${whole}` ||
    `${compact(top)}py` === whole
  )
    return true;
  const parts = name.split('-');
  return (
    top.length > 2 &&
    (parts.includes(top.toLowerCase()) ||
      parts.includes(`py${top.toLowerCase()}`) ||
      parts.includes(compact(top)) ||
      normalizeName(module.replaceAll('.', '-')).startsWith(name))
  );
}

/** Features and URLs, in product code or outside it. */
export function judgeFeatures(
  court: Court,
  name: DistributionName,
  where: 'product' | 'outside',
): Judgement | null {
  const features = (court.input.evidence?.features ?? []).filter(
    (feature) => feature.name === name && (feature.area === undefined) === (where === 'product'),
  );
  if (features.length === 0) return null;
  const rank = ({ path, named }: FeatureUse): number =>
    (isPython(path) ? 0 : 2) + (named === true ? 0 : 1);
  const evidence = features
    .toSorted((a, b) => rank(a) - rank(b))
    .slice(0, MOST_EVIDENCE)
    .map(({ path, line, note }) => ({ path, line, note }));
  return { verdict: where === 'product' ? 'used' : 'dev-only', confidence: 'likely', evidence };
}

/** Plugins of what is used are used, as far as nothing says otherwise. */
export function settlePlugins(
  court: Court,
  settle: Settle,
  verdicts: ReadonlyMap<DistributionName, Judgement>,
): void {
  const used = reachableFrom(court, keptNames(verdicts));
  settle((name) => {
    const hosts = pluginHosts(court.modules.get(name)?.entryPoints ?? {});
    const host = hosts.find(
      (candidate) =>
        candidate.area === 'product' && candidate.host !== name && used.has(candidate.host),
    );
    if (host === undefined || toolKind(name) !== null) return null;
    return {
      verdict: 'used',
      confidence: 'possible',
      evidence: placeEvidence(court, name, `plugin of ${host.host} (${host.group})`),
    };
  });
}
