/** Where a lock no longer fits what its project asks for. It is taken as it is all the same, so this must be said. */
import type { EnvironmentResult } from '../document.ts';
import { evaluateMarker } from '../pep/marker.ts';
import { formatSpecifiers, specifierContains } from '../pep/specifier.ts';
import { compareVersions, parseVersion } from '../pep/version.ts';
import type { LockPin, LockedPart, SourceLocation, TargetEnvironment, Warning } from '../types.ts';
import { choosePins } from './lock-pins.ts';
import { placeRequirements } from './placed-requirements.ts';

const mostNamed = 10;

/** One warning for each lock that does not hold what its manifest now needs, over all environments. */
export function warnOfStaleLocks(
  results: readonly EnvironmentResult[],
  target: TargetEnvironment,
): readonly Warning[] {
  const stale = new Map<string, StaleLock>();
  for (const result of results) {
    const { environment } = result;
    const { lockedAt, changedSinceLock = [], inputs } = environment;
    if (lockedAt === undefined || !inputs.includes(lockedAt.path)) continue;
    const manifest = inputs.find((path) => path !== lockedAt.path) ?? 'what it locks';
    const known = stale.get(lockedAt.path) ?? {
      at: lockedAt,
      manifest,
      changes: new Set<string>(),
      needs: new Set<string>(),
      left: new Set<string>(),
    };
    stale.set(lockedAt.path, known);
    for (const change of changedSinceLock) known.changes.add(change);
    for (const need of staleItems(result, target)) known.needs.add(need);
    for (const name of noLongerAsked(result)) known.left.add(name);
  }
  return [...stale.values()].flatMap(toWarnings);
}

interface StaleLock {
  readonly at: SourceLocation;
  readonly manifest: string;
  /** What is declared otherwise. */
  readonly changes: Set<string>;
  /** What came out otherwise. */
  readonly needs: Set<string>;
  /** What nothing asks for any more. */
  readonly left: Set<string>;
}

function toWarnings({ at, manifest, changes, needs, left }: StaleLock): readonly Warning[] {
  const reasons = [
    ...(changes.size === 0 ? [] : [`since it was made, ${joinSome(changes, '; ')}`]),
    ...(needs.size === 0 ? [] : [`${manifest} needs ${joinSome(needs, ', ')}`]),
    ...(left.size === 0 ? [] : [`it has ${joinSome(left, ', ')}, which nothing asks for any more`]),
  ];
  if (reasons.length === 0) return [];
  const message = `${at.path} is stale: ${reasons.join('; ')}`;
  return [{ code: 'stale-lock', message, ...at }];
}

function joinSome(items: ReadonlySet<string>, separator: string): string {
  const sorted = [...items].toSorted();
  const more = sorted.length > mostNamed ? ` and ${sorted.length - mostNamed} more` : '';
  return sorted.slice(0, mostNamed).join(separator) + more;
}

function staleItems(result: EnvironmentResult, target: TargetEnvironment): readonly string[] {
  return result.environment.locked === undefined
    ? foundOtherwise(result, target)
    : askedOtherwise(result, result.environment.locked, target);
}

/** What the files of the project ask for and the lock that is installed does not give. */
function askedOtherwise(
  { environment, graph }: EnvironmentResult,
  { facts }: LockedPart,
  target: TargetEnvironment,
): readonly string[] {
  const installed = new Map(graph.distributions.map(({ name, version }) => [name, version]));
  const own = new Set(facts.projects?.map(({ name }) => name));
  return placeRequirements(environment.requirements, target).flatMap(
    ({ requirement, source, location }) => {
      const { name, marker, specifiers } = requirement;
      if (own.has(name)) return [];
      if (marker !== null && !evaluateMarker(marker, target.markers, [])) return [];
      const asked = `${name}${formatSpecifiers(specifiers)}`;
      const version = installed.get(name);
      if (version === undefined)
        return [`${asked} (line ${location.line}, which it does not have)`];
      const locked = source === 'index' ? parseVersion(version) : null;
      if (locked === null || specifierContains(specifiers, locked)) return [];
      return [`${asked} (line ${location.line}, it has ${version})`];
    },
  );
}

/** What a lock that has changed beneath installs though no requirement leads to it, with its line. */
function noLongerAsked({ environment, graph }: EnvironmentResult): readonly string[] {
  const { locked, changedSinceLock = [], requirements } = environment;
  if (locked === undefined || changedSinceLock.length === 0) return [];
  const { needsUntold, projects, pins } = locked.facts;
  // uv keeps what was asked for: what of that is gone was told by its sets.
  if (needsUntold === true || projects !== undefined) return [];
  const asked = new Set(requirements.map(({ requirement }) => requirement.name));
  return graph.roots.flatMap(({ name }) => {
    const pin = asked.has(name) ? undefined : pins.find((one) => one.name === name);
    return pin === undefined ? [] : [`${name} (line ${pin.location.line})`];
  });
}

/** What came out of a resolution that kept to the lock where it could. */
function foundOtherwise(
  { environment, graph }: EnvironmentResult,
  target: TargetEnvironment,
): readonly string[] {
  const chosen = choosePins(environment, target);
  // Files that nobody locked may bring in what no lock knows.
  const others = environment.inputs.filter((path) => path !== environment.lockedAt?.path);
  return graph.distributions.flatMap(({ name, version, unknownReason, file }) => {
    const found = parseVersion(version);
    if (found === null || unknownReason === 'not-on-index') return [];
    const pin = chosen.get(name);
    if (pin === undefined)
      return others.length > 1 ? [] : [`${name} ${version} (which it does not have)`];
    if (pin.version === null || pin.source !== 'index') return [];
    if (compareVersions(pin.version, found) !== 0)
      return [`${name} ${version} (it has ${pin.version.text})`];
    return isLockedFile(pin, file?.sha256 ?? null)
      ? []
      : [`${name} ${version} (of which it does not have the file for this target)`];
  });
}

// An index may get further files for a version after it was locked; an installer that follows the lock takes none of them.
function isLockedFile({ hashes }: LockPin, sha256: string | null): boolean {
  const known = hashes.filter((hash) => /^sha256:[0-9a-f]{64}$/i.test(hash));
  if (sha256 === null || known.length === 0) return true;
  return known.some((hash) => hash.toLowerCase() === `sha256:${sha256}`);
}
