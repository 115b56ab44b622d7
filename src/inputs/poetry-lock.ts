/**
 * poetry.lock, lock-version 1.x and 2.x.
 *
 * Traps: markers of a package are a text, or since 2.1 a table by group; groups are told since 2.1, by `category` before 2.0,
 * and not at all between; one name may be locked in several versions, which old locks tell apart only by what the dependents
 * ask for; dependencies of other Pythons are named but not locked; `source` is given for what is not on the default index.
 */
import { normalizeName } from '../pep/name.ts';
import type {
  LockPin,
  LockedSet,
  Marker,
  ParsedInput,
  RequirementGroup,
  SourceLocation,
} from '../types.ts';
import { toWarning } from './declare.ts';
import { folderOf, joinPath } from './file-access.ts';
import type { Input, InputFile } from './input.ts';
import { readNamedFiles } from './lock-file-entry.ts';
import { readEntries } from './lock-entries.ts';
import { findKeyPlace } from './lock-places.ts';
import { findRootPins } from './lock-roots.ts';
import {
  anyMarker,
  createLockReading,
  pinnedRequirement,
  quoteValue,
  readLockMarker,
  toLockInput,
  toPin,
  unusableLock,
  warnOfDangling,
  warnOfDuplicates,
  warnOfLock,
  type LockReading,
} from './lock.ts';
import { convertPoetryConstraint } from './poetry-constraint.ts';
import { readPoetryNeeds } from './poetry-lock-needs.ts';
import { quoteText } from './quote.ts';
import { roleOfGroup } from './roles.ts';
import { arrayOf, field, isTable, parseToml, textOf, textsOf, type TomlDocument } from './toml.ts';

const kind = 'poetry-lock';

/** poetry.lock. */
export const poetryLock: Input = { name: kind, parse: (file) => parsePoetryLock(file) };

/** What a poetry.lock holds. Loads the TOML parser. Never throws for bad text. */
export async function parsePoetryLock(file: InputFile): Promise<ParsedInput> {
  const reading = createLockReading(file);
  const document = await parseToml(file);
  if ('message' in document) return unusableLock(reading, kind, document);
  const { root } = document;
  const version = field(root, 'metadata', 'lock-version');
  const place = document.at(['metadata', 'lock-version']);
  if (version === undefined) {
    const message = 'the lock does not say its version; read as version 2';
    warnOfLock(reading, 'unknown-lock-version', place, message);
  } else if (typeof version !== 'string' || !/^[12](?:\.|$)/.test(version)) {
    const message = `version ${quoteValue(version)} of poetry.lock is not known; depweight reads 1.x and 2.x`;
    return unusableLock(reading, kind, toWarning('unknown-lock-version', place, message));
  } else if (version === '1.0') {
    const message = `the lock is of the old version ${quoteText(version)}; \`poetry lock\` renews it`;
    warnOfLock(reading, 'old-lock-version', place, message);
  }
  // Since 2.1 a package says itself when it counts.
  const ownMarkers = typeof version === 'string' && !/^(?:1|2\.0)/.test(version);
  const packages = readPackages(reading, document, ownMarkers);
  const pins = packages.map(({ pin }) => pin);
  warnOfDangling(reading, pins, new Set());
  warnOfDuplicates(reading, pins);
  const requiresPython = textOf(field(root, 'metadata', 'python-versions'));
  return toLockInput(reading, {
    kind,
    pins,
    groups: readGroups(packages, root, ownMarkers),
    requiresPython:
      requiresPython === null ? null : convertPoetryConstraint(requiresPython).specifiers,
    requiresPythonAt: findKeyPlace(document, 'python-versions', 'last'),
    staleAt: document.at(['metadata', 'content-hash']),
    contentHash: textOf(field(root, 'metadata', 'content-hash')),
  });
}

interface PoetryPackage {
  readonly pin: LockPin;
  readonly optional: boolean;
  /** Empty where the lock does not say. */
  readonly groups: readonly string[];
  /** Where the groups have markers of their own; else that of the pin counts for all. */
  readonly markers: ReadonlyMap<string, Marker | null>;
}

function readPackages(
  reading: LockReading,
  document: TomlDocument,
  ownMarkers: boolean,
): readonly PoetryPackage[] {
  const oldFiles = field(document.root, 'metadata', 'files');
  const packages: PoetryPackage[] = [];
  for (const { entry, place } of readEntries(reading, document, 'package')) {
    const category = textOf(field(entry, 'category'));
    const groups = textsOf(field(entry, 'groups')) ?? (category === null ? [] : [category]);
    const markers = readGroupMarkers(reading, entry, place);
    const marker = readLockMarker(reading, markerOf(entry), place);
    const pin = toPin(reading, {
      name: field(entry, 'name'),
      version: field(entry, 'version'),
      marker,
      requiresPython: readPythons(entry),
      ...readSource(reading, entry, place),
      ...readFiles(entry, oldFiles),
      dependencies: readPoetryNeeds(entry),
      ...(ownMarkers ? { sets: toSets(groups, markers, marker) } : {}),
      place,
    });
    if (pin === null) continue;
    packages.push({ pin, optional: field(entry, 'optional') === true, groups, markers });
  }
  return packages;
}

// A package counts where it counts for any of its groups: which groups are wanted is the manifest's to say.
function markerOf(entry: unknown): string | null {
  const markers = field(entry, 'markers');
  if (!isTable(markers)) return textOf(markers);
  const groups = textsOf(field(entry, 'groups')) ?? [];
  // A group without an entry has no condition.
  if (groups.some((group) => field(markers, group) === undefined)) return null;
  return anyMarker([
    ...new Set(Object.values(markers).filter((marker) => typeof marker === 'string')),
  ]);
}

function toSets(
  groups: readonly string[],
  markers: ReadonlyMap<string, Marker | null>,
  marker: Marker | null,
): readonly LockedSet[] {
  const named = groups.length === 0 ? ['main'] : groups;
  return named.map((group) => ({
    set: group === 'main' ? '' : `group:${normalizeName(group)}`,
    marker: markers.get(group) ?? (markers.has(group) ? null : marker),
  }));
}

function readGroupMarkers(
  reading: LockReading,
  entry: unknown,
  place: SourceLocation,
): ReadonlyMap<string, Marker | null> {
  const markers = field(entry, 'markers');
  const groups = isTable(markers) ? (textsOf(field(entry, 'groups')) ?? []) : [];
  return new Map(
    groups.map((group) => [group, readLockMarker(reading, textOf(field(markers, group)), place)]),
  );
}

function readPythons(entry: unknown): string | null {
  const written = textOf(field(entry, 'python-versions'));
  return written === null ? null : convertPoetryConstraint(written).specifiers;
}

function readSource(
  reading: LockReading,
  entry: unknown,
  place: SourceLocation,
): Pick<LockPin, 'source' | 'origin'> {
  const source = field(entry, 'source');
  const type = textOf(field(source, 'type'));
  const url = textOf(field(source, 'url'));
  if (source === undefined || type === 'legacy' || type === 'pypi')
    return { source: 'index', origin: type === 'legacy' ? url : null };
  const folder = folderOf(reading.path);
  if (url !== null && type === 'git') {
    const revision =
      textOf(field(source, 'resolved_reference')) ?? textOf(field(source, 'reference'));
    const address = /^[^/]+@[^/]+:/.test(url) ? `ssh://${url.replace(':', '/')}` : url;
    return { source: 'vcs', origin: `git+${address}${revision === null ? '' : `@${revision}`}` };
  }
  if (url !== null && type === 'url') return { source: 'url', origin: url };
  if (url !== null && (type === 'file' || type === 'directory'))
    return { source: 'local', origin: `file:${joinPath(folder, url)}` };
  const message = `the source of a package has the type ${quoteText(type ?? 'none')}, which depweight does not know; read as one of the index`;
  warnOfLock(reading, 'invalid-lock', place, message);
  return { source: 'index', origin: null };
}

// Before lock-version 2.0 the files stood together at the end, by name.
function readFiles(entry: unknown, oldFiles: unknown): Pick<LockPin, 'hashes' | 'files'> {
  const written = field(entry, 'files') ?? field(oldFiles, textOf(field(entry, 'name')) ?? '');
  return readNamedFiles(arrayOf(written));
}

// ---------------------------------------------------------------------------------------------------------------------
// What the lock stands for on its own

// `dev-packages` of an old `category`, and groups; a lock of 2.0 does not tell, so that all of it counts.
function readGroups(
  packages: readonly PoetryPackage[],
  root: unknown,
  ownMarkers: boolean,
): readonly RequirementGroup[] {
  const toGroup = (
    setKind: RequirementGroup['kind'],
    name: string | null,
    own: readonly PoetryPackage[],
  ): RequirementGroup => ({
    kind: setKind,
    name: name === null ? null : normalizeName(name),
    role: name === null ? 'prod' : (roleOfGroup(name) ?? 'extra'),
    requirements: rootsOf(own, ownMarkers).map(({ pin, markers }) => {
      const group = setKind === 'main' ? 'main' : (name ?? '');
      return pinnedRequirement(pin, [], markers.has(group) ? markers.get(group) : pin.marker);
    }),
  });
  const names = new Set(packages.flatMap(({ groups }) => groups));
  const required = packages.filter(({ optional }) => !optional);
  const sets: RequirementGroup[] = [toGroup('main', null, required.filter(isInMain))];
  for (const name of [...names].filter((group) => group !== 'main').toSorted()) {
    const own = required.filter(({ groups }) => groups.includes(name));
    sets.push(toGroup('group', name, own));
  }
  const extras = field(root, 'extras');
  for (const [name, members] of isTable(extras) ? Object.entries(extras) : []) {
    const wanted = new Set<string>(
      (textsOf(members) ?? []).map((member) =>
        normalizeName(member.replace(/[[(<>=!~; ].*$/s, '')),
      ),
    );
    sets.push(
      toGroup(
        'extra',
        name,
        packages.filter(({ pin }) => wanted.has(pin.name)),
      ),
    );
  }
  return sets;
}

function isInMain({ groups }: PoetryPackage): boolean {
  return groups.length === 0 || groups.includes('main');
}

function rootsOf(
  packages: readonly PoetryPackage[],
  ownMarkers: boolean,
): readonly PoetryPackage[] {
  const pins = packages.map(({ pin }) => pin);
  const roots = new Set(findRootPins(pins, ownMarkers));
  return packages.filter(({ pin }) => roots.has(pin));
}
