/** The packages of conda in a resolved graph: which there are, what they need of each other, and who of pip's needs them. */
import type { DistributionName, ResolvedDistribution } from '../types.ts';
import type { CondaProvision } from './conda.ts';

type Provisions = ReadonlyMap<DistributionName, CondaProvision>;

/** A conda package of a graph: who of pip's needs it, and with which extras. */
export interface CondaNeed {
  readonly provision: CondaProvision;
  readonly extras: readonly string[];
  readonly neededBy: readonly DistributionName[];
}

/** What conda installs and none of pip's packages needs: there was nothing to solve. */
export function unsolvedOfConda(
  provisions: Provisions,
  chosen: ReadonlyMap<DistributionName, number>,
): readonly (readonly [DistributionName, number])[] {
  const listed = [...provisions.values()].filter(({ isListed }) => isListed);
  const all = withNeeds([...listed.map(({ name }) => name), ...chosen.keys()], provisions);
  return [...all].filter((name) => !chosen.has(name)).map((name) => [name, 0]);
}

/** With the edges that a lock tells, to what is there. */
export function withCondaNeeds(
  provisions: Provisions,
  distribution: ResolvedDistribution,
  there: ReadonlySet<DistributionName>,
): ResolvedDistribution {
  const provision = provisions.get(distribution.name);
  if (provision === undefined) return distribution;
  const needs = needsOf(provision, (name) => there.has(name));
  return { ...distribution, dependencies: needs.map((name) => ({ name, extras: [] })) };
}

/** The conda packages of the graph, and who of the others needs each. */
export function condaNeeds(
  provisions: Provisions,
  distributions: readonly ResolvedDistribution[],
): readonly CondaNeed[] {
  const needing = new Map<DistributionName, DistributionName[]>();
  for (const { name, dependencies } of distributions) {
    // What packages of conda need of each other is conda's affair.
    if (provisions.has(name)) continue;
    for (const edge of dependencies)
      needing.set(edge.name, [...(needing.get(edge.name) ?? []), name]);
  }
  return distributions.flatMap(({ name, extras }): CondaNeed[] => {
    const provision = provisions.get(name);
    return provision === undefined
      ? []
      : [{ provision, extras, neededBy: needing.get(name) ?? [] }];
  });
}

/** What conda installs stays, whoever of pip's packages goes: all that is listed, and what no other package of conda needs. */
export function condaRoots(
  provisions: Provisions,
  others: Iterable<DistributionName>,
  distributions: readonly ResolvedDistribution[],
): readonly DistributionName[] {
  const listed = [...provisions.values()].filter(({ isListed }) => isListed);
  const roots = [...others, ...listed.map(({ name }) => name)];
  const unheld = (): readonly ResolvedDistribution[] => {
    const held = withNeeds(roots, provisions);
    return distributions.filter(({ name }) => provisions.has(name) && !held.has(name));
  };
  const needed = new Set(
    unheld().flatMap(({ dependencies }) => dependencies.map(({ name }) => name)),
  );
  roots.push(...unheld().flatMap(({ name }) => (needed.has(name) ? [] : [name])));
  // Circles that nobody else needs.
  roots.push(...unheld().map(({ name }) => name));
  return roots.filter((name) => provisions.has(name));
}

/** What a conda package needs of the others, where a lock says so: names that conda provides or pip replaces. */
function needsOf(
  provision: CondaProvision,
  isThere: (name: DistributionName) => boolean,
): readonly DistributionName[] {
  const needs = new Set(provision.declared.flatMap(({ conda }) => conda?.needs ?? []));
  return [...needs].filter((name) => name !== provision.name && isThere(name)).toSorted();
}

/** All that conda installs for the given names, themselves included. */
function withNeeds(
  names: Iterable<DistributionName>,
  provisions: Provisions,
): ReadonlySet<DistributionName> {
  const reached = new Set<DistributionName>();
  const open = [...names];
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const provision = provisions.get(name);
    if (provision === undefined || reached.has(name)) continue;
    reached.add(name);
    open.push(...needsOf(provision, (need) => provisions.has(need)));
  }
  return reached;
}
