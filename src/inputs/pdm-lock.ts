/**
 * pdm.lock, lock_version 4.x.
 *
 * Traps: a distribution with extras is an entry of its own beside the plain one, which it then needs; `files` name files, or
 * with `static_urls` their addresses; `marker` and `requires_python` both limit an entry; a lock of several targets has one
 * name in several versions.
 */
import { normalizeExtra, normalizeName } from '../pep/name.ts';
import { ParseError } from '../pep/parse-error.ts';
import { formatMarker } from '../pep/marker.ts';
import { parseRequirement } from '../pep/requirement.ts';
import { formatSpecifiers } from '../pep/specifier.ts';
import type {
  LockPin,
  LockedDependency,
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
import { quoteText } from './quote.ts';
import { roleOfGroup } from './roles.ts';
import { arrayOf, field, parseToml, textOf, textsOf, type TomlDocument } from './toml.ts';

const kind = 'pdm-lock';

/** pdm.lock. */
export const pdmLock: Input = { name: kind, parse: (file) => parsePdmLock(file) };

/** What a pdm.lock holds. Loads the TOML parser. Never throws for bad text. */
export async function parsePdmLock(file: InputFile): Promise<ParsedInput> {
  const reading = createLockReading(file);
  const document = await parseToml(file);
  if ('message' in document) return unusableLock(reading, kind, document);
  const version = field(document.root, 'metadata', 'lock_version');
  const place = document.at(['metadata', 'lock_version']);
  if (version === undefined) {
    const message = 'the lock does not say its version; read as version 4';
    warnOfLock(reading, 'unknown-lock-version', place, message);
  } else if (typeof version !== 'string' || !/^[1-4](?:\.|$)/.test(version)) {
    const message = `version ${quoteValue(version)} of pdm.lock is not known; depweight reads 4.x and older`;
    return unusableLock(reading, kind, toWarning('unknown-lock-version', place, message));
  } else if (!version.startsWith('4')) {
    const message = `the lock is of the old version ${quoteText(version)}; \`pdm lock\` renews it`;
    warnOfLock(reading, 'old-lock-version', place, message);
  }
  const ownMarkers = isInherited(document.root);
  const packages = joinExtras(readPackages(reading, document, ownMarkers));
  const pins = packages.map(({ pin }) => pin);
  warnOfDangling(reading, pins, new Set());
  warnOfDuplicates(reading, pins);
  return toLockInput(reading, {
    kind,
    pins,
    groups: readGroups(packages, ownMarkers),
    requiresPython: readPythons(document.root),
    requiresPythonAt: findKeyPlace(document, 'requires_python', 'first'),
    staleAt: document.at(['metadata', 'content_hash']),
    contentHash: readContentHash(document.root),
  });
}

interface PdmPackage {
  readonly pin: LockPin;
  readonly extras: readonly string[];
  readonly groups: readonly string[];
}

function readPackages(
  reading: LockReading,
  document: TomlDocument,
  ownMarkers: boolean,
): readonly PdmPackage[] {
  const oldFiles = field(document.root, 'metadata', 'files');
  const packages: PdmPackage[] = [];
  for (const { entry, place } of readEntries(reading, document, 'package')) {
    const groups = textsOf(field(entry, 'groups')) ?? [];
    const marker = readLockMarker(reading, textOf(field(entry, 'marker')), place);
    const pin = toPin(reading, {
      name: field(entry, 'name'),
      version: field(entry, 'version'),
      marker,
      requiresPython: textOf(field(entry, 'requires_python')),
      ...readSource(entry, folderOf(reading.path)),
      ...readFiles(entry, oldFiles),
      dependencies: readDependencies(reading, entry, place),
      ...(ownMarkers ? { sets: toSets(groups, marker) } : {}),
      place,
    });
    if (pin === null) continue;
    packages.push({ pin, extras: extrasOf(entry), groups });
  }
  return packages;
}

function extrasOf(entry: unknown): readonly string[] {
  return (textsOf(field(entry, 'extras')) ?? []).map(normalizeExtra);
}

function readSource(entry: unknown, folder: string): Pick<LockPin, 'source' | 'origin'> {
  const git = textOf(field(entry, 'git')) ?? textOf(field(entry, 'hg'));
  if (git !== null) {
    const revision = textOf(field(entry, 'revision')) ?? textOf(field(entry, 'ref'));
    return { source: 'vcs', origin: `git+${git}${revision === null ? '' : `@${revision}`}` };
  }
  const url = textOf(field(entry, 'url'));
  if (url !== null) return { source: 'url', origin: url };
  const path = textOf(field(entry, 'path'));
  if (path !== null) return { source: 'local', origin: `file:${joinPath(folder, path)}` };
  return { source: 'index', origin: null };
}

// Before 4.3 the files stood together at the end, by `name version`.
function readFiles(entry: unknown, oldFiles: unknown): Pick<LockPin, 'hashes' | 'files'> {
  const key = `${textOf(field(entry, 'name')) ?? ''} ${textOf(field(entry, 'version')) ?? ''}`;
  return readNamedFiles(arrayOf(field(entry, 'files') ?? field(oldFiles, key)));
}

// An optional set and a group share one space of names.
function toSets(groups: readonly string[], marker: Marker | null): readonly LockedSet[] {
  const named = groups.length === 0 ? ['default'] : groups;
  return named.flatMap((group) =>
    group === 'default'
      ? [{ set: '', marker }]
      : ['extra', 'group'].map((kind) => ({ set: `${kind}:${normalizeName(group)}`, marker })),
  );
}

function readDependencies(
  reading: LockReading,
  entry: unknown,
  place: SourceLocation,
): readonly LockedDependency[] {
  const neededBy = extrasOf(entry);
  const own = normalizeName(textOf(field(entry, 'name')) ?? '');
  const found: LockedDependency[] = [];
  for (const text of arrayOf(field(entry, 'dependencies'))) {
    if (typeof text !== 'string') continue;
    try {
      const { name, extras, specifiers, marker } = parseRequirement(text, { repair: true });
      // `uvicorn[standard]` needs the plain one: they are joined.
      if (name === own && neededBy.length > 0 && extras.length === 0) continue;
      found.push({
        name,
        extras,
        specifier: formatSpecifiers(specifiers),
        marker: marker === null ? null : formatMarker(marker),
        optional: false,
        ...(neededBy.length === 0 ? {} : { neededBy }),
      });
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      // Only what a package needs is lost, and the index says that too.
      const message = `${quoteText(text)} is no requirement (${error.message}) and is left out`;
      warnOfLock(reading, 'invalid-requirement', place, message);
    }
  }
  return found;
}

// `uvicorn` and `uvicorn[standard]` are one distribution; what either needs, it needs.
function joinExtras(packages: readonly PdmPackage[]): readonly PdmPackage[] {
  const joined = new Map<string, PdmPackage>();
  const rest: PdmPackage[] = [];
  for (const one of packages) {
    const { pin, extras, groups } = one;
    const key = `${pin.name} ${pin.version?.text ?? ''} ${pin.origin ?? ''}`;
    const before = joined.get(key);
    if (before === undefined) {
      joined.set(key, one);
      continue;
    }
    if (extras.length === 0 && before.extras.length === 0) {
      rest.push(one);
      continue;
    }
    const dependencies = [...before.pin.dependencies, ...pin.dependencies];
    const plain = before.extras.length === 0 ? before.pin : pin;
    const sets = [...(before.pin.sets ?? []), ...(pin.sets ?? [])];
    joined.set(key, {
      pin: { ...plain, dependencies, ...(sets.length === 0 ? {} : { sets }) },
      extras: [...new Set([...before.extras, ...extras])],
      groups: [...new Set([...before.groups, ...groups])],
    });
  }
  return [...joined.values(), ...rest];
}

function readContentHash(root: unknown): string | null {
  const hash = textOf(field(root, 'metadata', 'content_hash'));
  return /^sha256:(.+)$/.exec(hash ?? '')?.[1] ?? null;
}

function readPythons(root: unknown): string | null {
  const target = arrayOf(field(root, 'metadata', 'targets'))[0];
  return textOf(field(target, 'requires_python'));
}

// ---------------------------------------------------------------------------------------------------------------------
// What the lock stands for on its own

// With this strategy an entry says itself when it counts.
function isInherited(root: unknown): boolean {
  return arrayOf(field(root, 'metadata', 'strategy')).includes('inherit_metadata');
}

function readGroups(
  packages: readonly PdmPackage[],
  ownMarkers: boolean,
): readonly RequirementGroup[] {
  const names = new Set(packages.flatMap(({ groups }) => groups));
  names.delete('default');
  const main = packages.filter(({ groups }) => groups.length === 0 || groups.includes('default'));
  const sets: RequirementGroup[] = [toGroup(null, main, ownMarkers)];
  for (const name of [...names].toSorted())
    sets.push(
      toGroup(
        name,
        packages.filter(({ groups }) => groups.includes(name)),
        ownMarkers,
      ),
    );
  return sets;
}

function toGroup(
  name: string | null,
  packages: readonly PdmPackage[],
  ownMarkers: boolean,
): RequirementGroup {
  const pins = findRootPins(
    packages.map(({ pin }) => pin),
    ownMarkers,
  );
  const extras = new Map(packages.map((one) => [one.pin, one.extras]));
  return {
    kind: name === null ? 'main' : 'group',
    name: name === null ? null : normalizeName(name),
    role: name === null ? 'prod' : (roleOfGroup(name) ?? 'extra'),
    requirements: pins.map((pin) => pinnedRequirement(pin, extras.get(pin) ?? [])),
  };
}
