/**
 * Packages of conda among those of pip. Conda makes its set first, and pip installs on top of it:
 *
 * - What pip is asked for by name comes from the index even where conda has it: conda calls `pip install -U`.
 * - What a package of pip needs and conda has is there already, and is not fetched a second time, as long as conda's version
 *   will do. Of a version that conda does not pin that is assumed, except where the need is one exact version.
 * - Where it will not do, pip takes one from the index in its place, and does not look for older packages that need less.
 *
 * What conda packages need is not known, so that what they bring may be weighed as pip's; each of this is told.
 */
import { evaluateMarker } from '../pep/marker.ts';
import { formatSpecifiers, isSingletonSpecifiers, specifierContains } from '../pep/specifier.ts';
import { parseVersion } from '../pep/version.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  Requirement,
  Specifier,
  TargetEnvironment,
  Version,
} from '../types.ts';
import type { Universe } from './candidates.ts';
import { everything, singleSet } from './version-set.ts';

/** What conda provides under one name, in force for the target. */
export interface CondaProvision {
  readonly name: DistributionName;
  /** Where it is declared; the first place is shown. */
  readonly declared: readonly [DeclaredRequirement, ...DeclaredRequirement[]];
  /** False for a further name of a package: it counts only where a package of pip needs it. */
  readonly isListed: boolean;
}

/** A name that conda and pip both install: pip's stays. */
export interface Replacement {
  readonly provision: CondaProvision;
  /** A clause: `environment.yml:9 asks pip for it`. */
  readonly why: string;
}

/** What is declared, conda's part apart. */
export interface CondaSplit<T> {
  /** The same without what conda installs. */
  readonly pip: T;
  readonly provisions: ReadonlyMap<DistributionName, CondaProvision>;
  readonly replaced: ReadonlyMap<DistributionName, Replacement>;
}

interface Declared {
  readonly requirements: readonly DeclaredRequirement[];
  readonly constraints: readonly DeclaredRequirement[];
  readonly target: TargetEnvironment;
}

/** Sets apart what conda installs: roots of its own, and in constraints further names of them. */
export function splitConda<T extends Declared>(asked: T): CondaSplit<T> {
  const { requirements, constraints, target } = asked;
  const isConda = ({ source }: DeclaredRequirement): boolean => source === 'conda';
  const all = [...requirements, ...constraints].filter(isConda);
  if (all.length === 0) return { pip: asked, provisions: new Map(), replaced: new Map() };
  const isInForce = ({ requirement: { marker } }: DeclaredRequirement): boolean =>
    marker === null || evaluateMarker(marker, target.markers, []);
  const isPip = (declared: DeclaredRequirement): boolean => !isConda(declared);
  const byPip = new Map(
    requirements
      .filter((declared) => isPip(declared) && isInForce(declared))
      .map((declared) => [declared.requirement.name, declared]),
  );
  const provisions = collectProvisions(all.filter(isInForce), new Set(requirements));
  const replaced = new Map<DistributionName, Replacement>();
  for (const [name, provision] of provisions) {
    const other = byPip.get(name);
    if (other === undefined) continue;
    replaced.set(name, { provision, why: `${placeOf(other)} asks pip for it` });
    provisions.delete(name);
  }
  const pip = {
    ...asked,
    requirements: requirements.filter(isPip),
    constraints: constraints.filter(isPip),
  };
  return { pip, provisions, replaced };
}

function collectProvisions(
  all: readonly DeclaredRequirement[],
  listed: ReadonlySet<DeclaredRequirement>,
): Map<DistributionName, CondaProvision> {
  const byName = new Map<DistributionName, [DeclaredRequirement, ...DeclaredRequirement[]]>();
  for (const declared of all) {
    const known = byName.get(declared.requirement.name);
    if (known === undefined) byName.set(declared.requirement.name, [declared]);
    else known.push(declared);
  }
  return new Map(
    [...byName].map(([name, declared]) => [
      name,
      { name, declared, isListed: declared.some((one) => listed.has(one)) },
    ]),
  );
}

function placeOf({ location }: DeclaredRequirement): string {
  return `${location.path}:${location.line}`;
}

// ---------------------------------------------------------------------------------------------------------------------
// One package

/** The one version of it. A requirement that it does not meet gets an empty set. */
export function createCondaUniverse(provision: CondaProvision): Universe {
  const { name, declared } = provision;
  const [first] = declared;
  const version = pinnedText(provision);
  const shown: Version = {
    text: version ?? 'unknown',
    epoch: 0,
    release: [0],
    pre: null,
    post: null,
    dev: null,
    local: null,
  };
  const detail = `${placeOf(first)} takes it from conda`;
  return {
    name,
    versions: [shown],
    missing: null,
    leaf: {
      version: shown.text,
      reason: 'conda',
      detail,
      conda: first.conda?.name ?? name,
    },
    release: () => {
      throw new Error(`${name} of conda has no release on an index`);
    },
    choose: () => ({ usable: false, why: detail }),
    setFor: (specifiers) => (meets(provision, specifiers) ? everything : []),
    around: singleSet,
  };
}

function pinnedText({ declared }: CondaProvision): string | null {
  const pinned = declared.find(({ conda }) => (conda?.version ?? null) !== null);
  return pinned?.conda?.version ?? null;
}

/** True where conda's package meets a need, as far as can be told. */
function meets(provision: CondaProvision, wanted: readonly Specifier[]): boolean {
  const { declared } = provision;
  if (!declared.every(({ conda }) => conda?.isDistribution === true)) return false;
  if (wanted.length === 0) return true;
  const text = pinnedText(provision);
  if (text !== null) {
    const version = parseVersion(text);
    // Not a version of PEP 440: what pip sees is another one.
    return version === null || specifierContains(wanted, version);
  }
  const asked = declared.flatMap(({ requirement }) => requirement.specifiers);
  if (isSingletonSpecifiers(wanted))
    return asked.some((specifier) => isAsGoodAsExact(specifier, wanted));
  return haveCommonVersion([...wanted, ...asked]);
}

// Hardly a release has a fourth number: `=1.26.4` is 1.26.4.
function isAsGoodAsExact(
  { wildcard, version }: Specifier,
  [wanted]: readonly Specifier[],
): boolean {
  const isLong = (version?.release.length ?? 0) >= 3;
  return wildcard && isLong && version?.text === wanted?.version?.text;
}

/**
 * Whether some version satisfies all clauses. Ranges that overlap have the lower end of one in common, or what comes
 * right after it.
 */
function haveCommonVersion(specifiers: readonly Specifier[]): boolean {
  const ends = specifiers.flatMap(({ version }) => (version === null ? [] : [version.text]));
  const candidates = ['0', ...ends, ...ends.map((end) => `${end.replace(/\+.*$/, '')}.0.0.1`)];
  return candidates.some((candidate) => {
    const version = parseVersion(candidate);
    return version !== null && specifierContains(specifiers, version);
  });
}

/** Thrown where conda's version will not do for a need: the resolution begins again, with the index for that name. */
export class CondaOutgrownError extends Error {
  readonly provision: CondaProvision;
  readonly why: string;

  constructor(provision: CondaProvision, needed: Requirement, by: string) {
    super(`${provision.name} of conda will not do`);
    this.name = 'CondaOutgrownError';
    this.provision = provision;
    this.why = describeNeed(provision, needed, by);
  }
}

function describeNeed(provision: CondaProvision, needed: Requirement, by: string): string {
  const [first] = provision.declared;
  const need = `${by} needs ${needed.name}${formatSpecifiers(needed.specifiers)}`;
  const { name = first.raw, isDistribution = true } = first.conda ?? {};
  if (!isDistribution) return `${need}, and conda's ${name} is no Python distribution`;
  // An open version may happen to be the one that is wanted.
  const verb = isSingletonSpecifiers(needed.specifiers) ? 'need not meet' : 'does not meet';
  return `${need}, which conda's ${first.raw} ${verb}`;
}
