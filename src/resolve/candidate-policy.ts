/** Which files the settings and the input allow. */
import type { DeclaredRequirement, DistributionName, Version } from '../types.ts';
import type { RequiresPythonAnswer } from '../pep/requires-python.ts';
import type { CompatibleTags } from '../pep/tags.ts';
import { evaluateMarker } from '../pep/marker.ts';
import { normalizeName } from '../pep/name.ts';
import type { AllowedHashes, CandidatePolicy } from './candidates.ts';
import type { ResolveRequest } from './resolve-request.ts';

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
    allowsWheels: (name) => !isRefused(name, noBinary, onlyBinary),
    allowsSdists: (name) => !isRefused(name, onlyBinary, noBinary),
    pinnedVersions: pinnedVersions(
      [...requirements, ...constraints, ...overrides],
      options.preferences,
    ),
    hashes: hashesOf(request),
  };
}

/** Names in a list of pip's format control, and whether it holds `:all:`. */
interface NameList {
  readonly all: boolean;
  readonly names: ReadonlySet<DistributionName>;
}

/** pip's format control: names, `:all:`, and `:none:`, which takes back what came before it. */
function namesIn(list: readonly string[]): NameList {
  const flat = list
    .flatMap((item) => item.split(','))
    .map((item) => item.trim())
    .filter((item) => item !== '');
  const relevant = flat.slice(flat.lastIndexOf(':none:') + 1);
  return {
    all: relevant.includes(':all:'),
    names: new Set(relevant.filter((item) => !item.startsWith(':')).map(normalizeName)),
  };
}

/** What is said of a name is stronger than what the other list says of all. */
function isRefused(name: DistributionName, refused: NameList, demanded: NameList): boolean {
  return refused.names.has(name) || (refused.all && !demanded.names.has(name));
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

/**
 * What `--hash` allows, by name. Only SHA-256 can be held against an index, so a name with a hash of another kind is not
 * restricted: the file may be the one of that hash.
 */
function hashesOf({
  requirements,
  target,
}: ResolveRequest): ReadonlyMap<DistributionName, AllowedHashes> {
  const given = new Map<DistributionName, DeclaredRequirement[]>();
  for (const declared of requirements) {
    const { name, marker } = declared.requirement;
    if (declared.hashes.length === 0) continue;
    // A lock for all platforms has one line, with hashes of its own, for each marker.
    if (marker !== null && !evaluateMarker(marker, target.markers, [])) continue;
    given.set(name, [...(given.get(name) ?? []), declared]);
  }
  const allowed = new Map<DistributionName, AllowedHashes>();
  for (const [name, declared] of given) {
    const hashes = declared.flatMap((one) => one.hashes.map((hash) => hash.toLowerCase()));
    if (!hashes.every((hash) => hash.startsWith('sha256:'))) continue;
    allowed.set(name, { hashes: new Set(hashes), pins: pinsIn(declared) });
  }
  return allowed;
}

function pinsIn(declared: readonly DeclaredRequirement[]): readonly Version[] {
  return [...pinnedVersions(declared, new Map()).values()].flat();
}
