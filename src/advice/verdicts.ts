/** What rules ask of the verdicts on several names together. */
import type { Confidence, DistributionName, Usage, UsageEvidence, WeighedGraph } from '../types.ts';

const weakestFirst: readonly Confidence[] = ['possible', 'likely', 'certain'];

/** The weakest confidence of some verdicts: a finding is as sure as its least sure part. */
export function weakestConfidence(usages: readonly Usage[]): Confidence {
  return weakestFirst.find((level) => usages.some((one) => one.confidence === level)) ?? 'possible';
}

/** The verdicts on some names, in the order of the names. */
export function usagesOf(
  usages: readonly Usage[],
  names: readonly DistributionName[],
): readonly Usage[] {
  const byName = new Map(usages.map((usage) => [usage.name, usage]));
  return names.map((name) => byName.get(name)).filter((usage) => usage !== undefined);
}

/** Their evidence, each place once. */
export function evidenceOf(usages: readonly Usage[]): readonly UsageEvidence[] {
  const distinct = new Map<string, UsageEvidence>();
  for (const { evidence } of usages) {
    for (const one of evidence) distinct.set(`${one.path}:${one.line}:${one.note}`, one);
  }
  return [...distinct.values()];
}

/** Distributions that need `name` directly, declared ones first, then by name. */
export function dependentsOf(graph: WeighedGraph, name: DistributionName): readonly string[] {
  const roots = new Set(graph.roots.map((root) => root.name));
  const dependents = graph.distributions
    .filter((one) => one.name !== name && one.dependencies.some((edge) => edge.name === name))
    .map((one) => one.name);
  return [
    ...dependents.filter((one) => roots.has(one)).toSorted(),
    ...dependents.filter((one) => !roots.has(one)).toSorted(),
  ];
}
