/** Needed by tests, documentation, CI and tools alone. */

import type { DistributionName } from '../types.ts';
import { isTestLibrary, pluginHosts, toolKind } from './development-tools.ts';
import {
  aroundEvidence,
  codeFirst,
  importEvidence,
  placeEvidence,
  referenceEvidence,
} from './evidence-notes.ts';
import { MOST_EVIDENCE, reachableFrom, requirersOf } from './judgement.ts';
import type { Judgement, Settle } from './judgement.ts';
import { judgeFeatures } from './product-use.ts';
import type { Court } from './usage-facts.ts';

/** Tests, docs, examples, CI and tools need it; or it is a tool of development or types for one. */
export function judgeDevelopment(
  court: Court,
  name: DistributionName,
  verdicts: ReadonlyMap<DistributionName, Judgement>,
): Judgement | null {
  const signs = court.signs.get(name);
  const { imports = [], importsAround = [] } = signs ?? {};
  if (imports.length > 0 || importsAround.length > 0) {
    const isTest = imports.some(({ area }) => area === 'test');
    const evidence = [...imports.map(importEvidence), ...importsAround.map(aroundEvidence)];
    return {
      verdict: 'dev-only',
      confidence: isTest ? 'certain' : 'likely',
      evidence: evidence.slice(0, MOST_EVIDENCE),
    };
  }
  const references = codeFirst([
    ...(signs?.references ?? []),
    ...(signs?.referencesAround ?? []),
  ]).map(referenceEvidence);
  const kind = toolKind(name);
  if (kind !== null && !isStubs(court, name) && (references.length > 0 || !isTestLibrary(name))) {
    const evidence =
      references.length > 0
        ? references
        : placeEvidence(court, name, `a tool of development (${kind})`);
    return {
      verdict: 'dev-only',
      confidence: references.length > 0 ? 'certain' : 'likely',
      evidence: evidence.slice(0, MOST_EVIDENCE),
    };
  }
  if (references.length > 0)
    return {
      verdict: 'dev-only',
      confidence: 'likely',
      evidence: references.slice(0, MOST_EVIDENCE),
    };
  if (isTestLibrary(name)) return judgeFeatures(court, name, 'outside');
  return (
    judgeFeatures(court, name, 'outside') ??
    judgeStubs(court, name) ??
    judgePlugin(court, name, verdicts)
  );
}

/** A distribution of types alone: it has stubs and no module, or a name that says so. */
export function isStubs(court: Court, name: DistributionName): boolean {
  const modules = court.modules.get(name);
  if (modules === undefined || modules.modules.length === 0) return /^types-|-stubs$/.test(name);
  return false;
}

/** Types for a module that the code imports. */
function judgeStubs(court: Court, name: DistributionName): Judgement | null {
  if (!isStubs(court, name)) return null;
  const stubs = court.modules.get(name)?.stubs ?? [];
  const described =
    stubs.length > 0 ? stubs : [name.replace(/^types-|-stubs$/g, '').replaceAll('-', '_')];
  const use = court.input.scan.imports.find(
    ({ module, level }) => level === 0 && described.includes(module.split('.', 1)[0] ?? module),
  );
  if (use === undefined) return null;
  return {
    verdict: 'dev-only',
    confidence: 'possible',
    evidence: [{ ...importEvidence(use), note: `types for ${importEvidence(use).note}` }],
  };
}

/** A plugin of a tool of development. */
function judgePlugin(
  court: Court,
  name: DistributionName,
  verdicts: ReadonlyMap<DistributionName, Judgement>,
): Judgement | null {
  const host = pluginHosts(court.modules.get(name)?.entryPoints ?? {}).find(
    (one) => one.area === 'development' && one.host !== name,
  );
  if (host === undefined) return null;
  const isPresent = court.modules.has(host.host) || verdicts.has(host.host);
  return isPresent
    ? {
        verdict: 'dev-only',
        confidence: 'possible',
        evidence: placeEvidence(court, name, `plugin of ${host.host} (${host.group})`),
      }
    : null;
}

/** Pins of what only tools of development require go where those go. */
export function settleDevelopmentOnly(
  court: Court,
  settle: Settle,
  verdicts: ReadonlyMap<DistributionName, Judgement>,
): void {
  const tools = new Set(
    [...verdicts].filter(([, { verdict }]) => verdict === 'dev-only').map(([name]) => name),
  );
  const reached = reachableFrom(court, tools);
  settle((name) => {
    if (!reached.has(name)) return null;
    const note = `not imported; only required by ${requirersOf(court, name, reached)}, which is for development`;
    return {
      verdict: 'dev-only',
      confidence: 'likely',
      evidence: placeEvidence(court, name, note),
    };
  });
}
