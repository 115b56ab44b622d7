/** Which files the settings and the input allow. */
import type { DeclaredRequirement, DistributionName, Version } from '../types.ts';
import type { RequiresPythonAnswer } from '../pep/requires-python.ts';
import type { CompatibleTags } from '../pep/tags.ts';
import { normalizeName } from '../pep/name.ts';
import type { CandidatePolicy } from './candidates.ts';
import type { ResolveRequest } from './resolver.ts';

/** The policy of a request. */
export function buildPolicy(
  request: ResolveRequest,
  tags: CompatibleTags,
  admitsPython: (requiresPython: string) => RequiresPythonAnswer,
): CandidatePolicy {
  const { options, requirements, constraints, overrides } = request;
  const noBinary = namesIn(options.noBinary);
  const onlyBinary = namesIn(options.onlyBinary);
  return {
    tags,
    admitsPython,
    preReleases: options.preReleases,
    allowsWheels: (name) => !noBinary(name),
    allowsSdists: (name) => !onlyBinary(name),
    pinnedVersions: pinnedVersions([...requirements, ...constraints, ...overrides], options.preferences),
    hashes: hashesOf(requirements),
  };
}

/** pip's format control: names, `:all:`, and `:none:`, which takes back what came before it. */
function namesIn(list: readonly string[]): (name: DistributionName) => boolean {
  const flat = list.flatMap((item) => item.split(',')).map((item) => item.trim()).filter((item) => item !== '');
  const relevant = flat.slice(flat.lastIndexOf(':none:') + 1);
  const all = relevant.includes(':all:');
  const names = new Set(relevant.filter((item) => !item.startsWith(':')).map(normalizeName));
  return (name) => all || names.has(name);
}

function pinnedVersions(
  declared: readonly DeclaredRequirement[],
  preferences: ReadonlyMap<DistributionName, Version>,
): ReadonlyMap<DistributionName, readonly Version[]> {
  const pinned = new Map<DistributionName, Version[]>();
  const pin = (name: DistributionName, version: Version): void => {
    pinned.set(name, [...(pinned.get(name) ?? []), version]);
  };
  for (const { requirement } of declared) {
    const [only, ...others] = requirement.specifiers;
    if (only === undefined || others.length > 0 || only.wildcard || only.version === null) continue;
    if (only.operator === '==' || only.operator === '===') pin(requirement.name, only.version);
  }
  for (const [name, version] of preferences) pin(name, version);
  return pinned;
}

function hashesOf(requirements: readonly DeclaredRequirement[]): ReadonlyMap<DistributionName, ReadonlySet<string>> {
  const hashes = new Map<DistributionName, Set<string>>();
  for (const declared of requirements) {
    const usable = declared.hashes.filter((hash) => hash.startsWith('sha256:'));
    if (usable.length === 0) continue;
    const known = hashes.get(declared.requirement.name) ?? new Set<string>();
    for (const hash of usable) known.add(hash.toLowerCase());
    hashes.set(declared.requirement.name, known);
  }
  return hashes;
}
