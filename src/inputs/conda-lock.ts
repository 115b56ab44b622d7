/**
 * conda-lock.yml, the unified lock file (version 1): every package of conda and of pip, once for each platform.
 *
 * Traps:
 * - It holds whole environments, not what was asked for: beside its environment.yml that says what is wanted; alone, what no
 *   other package needs.
 * - A package of pip has one file with one hash, that for the platform and the Python of the lock: the version is what counts.
 * - Versions of conda need not be those of PEP 440, names may begin with `_`, and `__glibc` is the machine, no package.
 * - Packages of conda may hold one distribution together (`matplotlib` and `matplotlib-base`): they are one pin.
 */
import { normalizeName } from '../pep/name.ts';
import { parseVersion } from '../pep/version.ts';
import { parseMarker } from '../pep/marker.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  LockPin,
  LockedDependency,
  Marker,
  ParsedInput,
  RequirementGroup,
  SourceLocation,
} from '../types.ts';
import { readLockEntries, type WrittenEntry } from './conda-lock-entries.ts';
import { distributionsOfConda, nameOfConda } from './conda-names.ts';
import { toWarning } from './declare.ts';
import type { Input, InputFile } from './input.ts';
import {
  createLockReading,
  pinnedRequirement,
  rejectInLock,
  toLockInput,
  toPin,
  unusableLock,
  warnOfLock,
  type LockReading,
} from './lock.ts';
import { findRootPins } from './lock-roots.ts';
import { quoteText } from './quote.ts';
import { roleOfGroup, roleOfRequirementsFile } from './roles.ts';

const kind = 'conda-lock';
/** A lock of a thousand packages for four platforms has some 2 MB. */
const mostCharacters = 6_000_000;

/** conda-lock.yml. */
export const condaLock: Input = { name: kind, parse: (file) => parseCondaLock(file) };

/** Platforms of conda as markers. */
const platforms: Readonly<Record<string, string>> = {
  'linux-64': "sys_platform == 'linux' and platform_machine == 'x86_64'",
  'linux-aarch64': "sys_platform == 'linux' and platform_machine == 'aarch64'",
  'linux-ppc64le': "sys_platform == 'linux' and platform_machine == 'ppc64le'",
  'osx-64': "sys_platform == 'darwin' and platform_machine == 'x86_64'",
  'osx-arm64': "sys_platform == 'darwin' and platform_machine == 'arm64'",
  'win-64': "sys_platform == 'win32'",
};

/** What a conda-lock.yml holds. Never throws for bad text. */
export async function parseCondaLock(file: InputFile): Promise<ParsedInput> {
  const reading = createLockReading(file);
  if (file.text.length > mostCharacters) {
    const message = `the file has ${file.text.length} characters: no lock is so long`;
    const top = { path: file.path, line: 1, column: 1 };
    return unusableLock(reading, kind, toWarning('invalid-lock', top, message));
  }
  const written = await readLockEntries(file);
  if ('message' in written) return unusableLock(reading, kind, written);
  if (written.version !== '1') {
    const version =
      written.version === null ? 'without a version' : `of version ${quoteText(written.version)}`;
    const message = `a conda-lock.yml ${version} is not known; depweight reads version 1`;
    const warning = toWarning('unknown-lock-version', written.versionPlace, message);
    return unusableLock(reading, kind, warning);
  }
  reading.warnings.push(...written.warnings);
  const entries = written.entries.flatMap((entry) => readEntry(reading, entry) ?? []);
  const names = namesOf(entries);
  const pins = joinPins(entries.flatMap((entry) => toPins(reading, entry, names)));
  const input = toLockInput(reading, {
    kind,
    pins: pins.map(({ pin }) => pin),
    groups: toGroups(pins),
    requiresPython: null,
  });
  return { ...input, role: roleOfRequirementsFile(reading.path), ...findPython(entries) };
}

/** The interpreter; a lock has the same for all platforms. */
function findPython(entries: readonly Entry[]): Pick<ParsedInput, 'python'> {
  const python = entries.find(({ name, manager }) => manager === 'conda' && name === 'python');
  const minor = /^\d+\.\d+/.exec(python?.version ?? '')?.[0];
  if (python === undefined || minor === undefined) return {};
  return { python: { version: minor, location: python.place } };
}

// ---------------------------------------------------------------------------------------------------------------------
// Entries

interface Entry {
  readonly name: string;
  readonly version: string | undefined;
  readonly manager: 'conda' | 'pip';
  readonly marker: Marker | null;
  readonly category: string;
  readonly url: string;
  /** Names as its manager has them. */
  readonly dependencies: readonly string[];
  readonly place: SourceLocation;
}

function readEntry(
  reading: LockReading,
  { values, dependencies, place }: WrittenEntry,
): Entry | null {
  const name = values.get('name') ?? '';
  const manager = values.get('manager');
  if (name === '' || (manager !== 'conda' && manager !== 'pip')) {
    const message = 'a package has no name, or no manager that is conda or pip';
    rejectInLock(reading, place, message);
    return null;
  }
  const marker = readPlatform(reading, values.get('platform'), place);
  if (marker === undefined) return null;
  return {
    name,
    version: values.get('version'),
    manager,
    marker,
    category: values.get('category') ?? 'main',
    url: values.get('url') ?? '',
    dependencies,
    place,
  };
}

/** The marker of a platform; undefined for one that is not known, whose packages count nowhere. */
function readPlatform(
  reading: LockReading,
  platform: string | undefined,
  place: SourceLocation,
): Marker | null | undefined {
  if (platform === undefined || platform === 'noarch') return null;
  const known = reading.markers.get(platform);
  if (known !== undefined) return known ?? undefined;
  const text = Object.hasOwn(platforms, platform) ? platforms[platform] : undefined;
  const marker = text === undefined ? null : parseMarker(text);
  reading.markers.set(platform, marker);
  if (marker !== null) return marker;
  const message = `the platform ${quoteText(platform)} is not known; its packages are left out`;
  warnOfLock(reading, 'unknown-platform', place, message);
  return undefined;
}

/** Distributions by the names that dependencies are written in. */
function namesOf(entries: readonly Entry[]): (name: string) => DistributionName {
  const conda = new Set(
    entries.filter(({ manager }) => manager === 'conda').map(({ name }) => name),
  );
  return (name) => (conda.has(name) ? nameOfConda(name) : normalizeName(name));
}

// ---------------------------------------------------------------------------------------------------------------------
// Pins

interface PinOfCategory {
  readonly pin: LockPin;
  readonly category: string;
}

function toPins(
  reading: LockReading,
  entry: Entry,
  nameOf: (name: string) => DistributionName,
): readonly PinOfCategory[] {
  const { name, version, manager, marker, category, url, place } = entry;
  const needed = entry.dependencies.filter((need) => !need.startsWith('__') && need !== 'python');
  const dependencies = needed.map((need) => toDependency(nameOf(need)));
  if (manager === 'pip') {
    const isVcs = /^(?:git|hg|svn|bzr)\+/.test(url);
    const pin = toPin(reading, {
      name,
      version,
      marker,
      requiresPython: null,
      source: isVcs ? 'vcs' : 'index',
      origin: isVcs ? url : null,
      hashes: [],
      dependencies,
      place,
    });
    return pin === null ? [] : [{ pin, category }];
  }
  if (name === 'python') return [];
  const held = distributionsOfConda(name);
  const names = held.length === 0 ? [nameOfConda(name)] : held;
  return names.map((distribution) => ({
    category,
    pin: {
      name: distribution,
      version: parseVersion(version ?? ''),
      marker,
      requiresPython: null,
      source: 'conda',
      origin: null,
      hashes: [],
      dependencies,
      location: place,
      conda: { name, version: version ?? null, isDistribution: held.length > 0 },
    },
  }));
}

function toDependency(name: DistributionName): LockedDependency {
  return { name, extras: [], specifier: '', marker: null, optional: false };
}

/** Packages of conda that hold one distribution as one pin, with the needs of all. */
function joinPins(pins: readonly PinOfCategory[]): readonly PinOfCategory[] {
  const joined = new Map<string, PinOfCategory>();
  for (const one of pins) {
    const { name, source, location } = one.pin;
    const place = source === 'conda' ? '' : `${location.line}`;
    const key = `${source} ${name} ${one.pin.marker === null ? '' : JSON.stringify(one.pin.marker)} ${place}`;
    const known = joined.get(key);
    joined.set(key, known === undefined ? one : { ...known, pin: joinTwo(known.pin, one.pin) });
  }
  return [...joined.values()];
}

function joinTwo(first: LockPin, second: LockPin): LockPin {
  const needs = new Map(
    [...first.dependencies, ...second.dependencies].map((need) => [need.name, need]),
  );
  needs.delete(first.name);
  return { ...first, dependencies: [...needs.values()] };
}

// ---------------------------------------------------------------------------------------------------------------------
// Sets of a lock on its own

function toGroups(pins: readonly PinOfCategory[]): readonly RequirementGroup[] {
  const roots = new Set(findRootPins(pins.map(({ pin }) => pin)));
  const byCategory = new Map<string, DeclaredRequirement[]>([['main', []]]);
  for (const { pin, category } of pins) {
    const known = byCategory.get(category) ?? [];
    byCategory.set(category, known);
    if (roots.has(pin)) known.push(toRequirement(pin));
  }
  return [...byCategory].map(([category, requirements]) =>
    category === 'main'
      ? { kind: 'main', name: null, role: 'prod', requirements }
      : { kind: 'group', name: category, role: roleOfGroup(category) ?? 'extra', requirements },
  );
}

function toRequirement(pin: LockPin): DeclaredRequirement {
  const { conda } = pin;
  if (conda === undefined) return pinnedRequirement(pin);
  const declared = pinnedRequirement({ ...pin, source: 'index' });
  const raw = conda.version === null ? conda.name : `${conda.name}=${conda.version}`;
  return {
    ...declared,
    requirement: { ...declared.requirement, displayName: conda.name },
    raw,
    source: 'conda',
    conda,
  };
}
