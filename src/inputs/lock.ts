/**
 * What all lock formats have in common: exact versions, some for certain targets only.
 *
 * Beside its manifest a lock says which versions, and the manifest what is wanted: the pins are versions to keep wherever
 * the manifest's requirements allow it. Alone, a lock stands for the sets that it holds.
 */
import { formatMarker, parseMarker } from '../pep/marker.ts';
import { isValidName, normalizeExtra, normalizeName } from '../pep/name.ts';
import { ParseError } from '../pep/parse-error.ts';
import { parseVersion } from '../pep/version.ts';
import type {
  DeclaredRequirement,
  LockFacts,
  LockPin,
  LockedDependency,
  Marker,
  ParsedInput,
  RequirementGroup,
  SourceLocation,
  Warning,
} from '../types.ts';
import { toWarning } from './declare.ts';
import { emptyInput } from './empty-input.ts';
import type { InputFile } from './input.ts';
import { quoteText } from './quote.ts';
import { describeType } from './toml.ts';

/** A lock being read: what there is to say about it so far. */
export interface LockReading {
  readonly path: string;
  readonly warnings: Warning[];
  /** Locks repeat a few markers hundreds of times. */
  readonly markers: Map<string, Marker | null>;
}

/** Starts to read a lock. */
export function createLockReading(file: InputFile): LockReading {
  return { path: file.path, warnings: [...file.warnings], markers: new Map() };
}

/** Notes something about a place. */
export function warnOfLock(
  reading: LockReading,
  code: string,
  place: SourceLocation,
  message: string,
): void {
  reading.warnings.push(toWarning(code, place, message));
}

/** Notes an error at a place: what stands there cannot be read, and the exit code will be 2. */
export function rejectInLock(reading: LockReading, place: SourceLocation, message: string): void {
  reading.warnings.push({ ...toWarning('invalid-lock', place, message), severity: 'error' });
}

/** The marker of a text, null for none; one that cannot be parsed counts for every target, with a warning. */
export function readLockMarker(
  reading: LockReading,
  text: string | null,
  place: SourceLocation,
): Marker | null {
  if (text === null || text.trim() === '') return null;
  const known = reading.markers.get(text);
  if (known !== undefined) return known;
  let marker: Marker | null = null;
  try {
    marker = parseMarker(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const message = `${quoteText(text)} is no marker (${error.message}); read as one that always holds`;
    warnOfLock(reading, 'invalid-marker', place, message);
  }
  reading.markers.set(text, marker);
  return marker;
}

/** `(a) or (b)` of several markers, null where one of none always holds. */
export function anyMarker(markers: readonly string[]): string | null {
  if (markers.length < 2) return markers[0] ?? null;
  return markers.map((marker) => `(${marker})`).join(' or ');
}

// ---------------------------------------------------------------------------------------------------------------------
// Pins

/** A package as a lock writes it; `unknown` fields are judged here. */
export interface WrittenPin {
  readonly name: unknown;
  /** null: left open on purpose. */
  readonly version: unknown;
  readonly marker: Marker | null;
  readonly requiresPython: string | null;
  readonly source: LockPin['source'];
  readonly origin: string | null;
  readonly hashes: readonly string[];
  readonly dependencies: readonly LockedDependency[];
  readonly files?: LockPin['files'];
  readonly sets?: LockPin['sets'];
  readonly extras?: LockPin['extras'];
  readonly place: SourceLocation;
}

/** The pin, null where it has no usable name. What is wrong with it is a warning at its place. */
export function toPin(reading: LockReading, written: WrittenPin): LockPin | null {
  const { place } = written;
  const name = readPackageName(reading, written.name, place);
  if (name === null) return null;
  const { marker, requiresPython, source, origin, hashes, dependencies } = written;
  const { files, sets, extras } = written;
  return {
    name: normalizeName(name),
    version: readPackageVersion(reading, name, written),
    marker,
    requiresPython,
    source,
    origin,
    hashes,
    dependencies,
    location: place,
    ...(files === undefined ? {} : { files }),
    ...(sets === undefined ? {} : { sets }),
    ...(extras === undefined || extras.length === 0 ? {} : { extras }),
  };
}

/** The name of a package; one that is missing or no name is an error at the place. */
export function readPackageName(
  reading: LockReading,
  value: unknown,
  place: SourceLocation,
): string | null {
  if (typeof value === 'string' && isValidName(value) && value.length <= 300) return value;
  const message =
    value === undefined ? 'a package has no name' : `${quoteValue(value)} is no name of a package`;
  rejectInLock(reading, place, message);
  return null;
}

function readPackageVersion(
  reading: LockReading,
  name: string,
  { version, source, place }: WrittenPin,
): LockPin['version'] {
  if (version === null) return null;
  if (version === undefined) {
    // What is built from a folder or a repository gets its version when it is built.
    if (source === 'index') {
      const message = `${quoteText(name)} has no version in the lock; any version will do`;
      warnOfLock(reading, 'unlocked-package', place, message);
    }
    return null;
  }
  const parsed = typeof version === 'string' ? parseVersion(version) : null;
  if (parsed !== null) return parsed;
  const message = `the version ${quoteValue(version)} of ${quoteText(name)} is none; any version will do`;
  rejectInLock(reading, place, message);
  return null;
}

/** A value of a lock for a message: text and numbers as they are, else what kind of thing it is. */
export function quoteValue(value: unknown): string {
  if (typeof value === 'string') return quoteText(value);
  const isPlain = typeof value === 'number' || typeof value === 'bigint';
  return isPlain ? quoteText(String(value)) : describeType(value);
}

/** Names that the lock holds in several versions: only their dependents' specifiers are worth keeping. */
export function findForkedNames(names: readonly unknown[]): ReadonlySet<string> {
  const seen = new Set<string>();
  const forked = new Set<string>();
  for (const written of names) {
    if (typeof written !== 'string') continue;
    const name = normalizeName(written);
    if (seen.has(name)) forked.add(name);
    seen.add(name);
  }
  return forked;
}

const mostDangling = 10;

/** Warns of needs that the lock does not answer. `mayLack` are those that tools leave out, e.g. for other Pythons. */
export function warnOfDangling(
  reading: LockReading,
  pins: readonly LockPin[],
  also: ReadonlySet<string>,
): void {
  const names = new Set<string>(pins.map(({ name }) => name));
  let count = 0;
  for (const pin of pins) {
    for (const { name, optional, marker } of pin.dependencies) {
      if (optional || marker !== null || names.has(name) || also.has(name)) continue;
      count++;
      if (count > mostDangling) continue;
      const message = `${quoteText(pin.name)} needs ${quoteText(name)}, which the lock does not have`;
      warnOfLock(reading, 'dangling-dependency', pin.location, message);
    }
  }
  if (count <= mostDangling) return;
  const place = { path: reading.path, line: 1, column: 1 };
  const message = `${count - mostDangling} more packages need something that the lock does not have`;
  warnOfLock(reading, 'dangling-dependency', place, message);
}

/** Warns of packages that are written twice for the same targets. */
export function warnOfDuplicates(reading: LockReading, pins: readonly LockPin[]): void {
  const seen = new Set<string>();
  for (const { name, version, marker, origin, location, requiresPython } of pins) {
    const condition = marker === null ? '' : formatMarker(marker);
    const key = [name, version?.text, origin, requiresPython, condition].join(' ');
    if (seen.has(key)) {
      const message = `${quoteText(name)} ${version?.text ?? ''} is in the lock twice`;
      warnOfLock(reading, 'duplicate-package', location, message);
    }
    seen.add(key);
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Sets of a lock on its own

/** The requirement that a pin stands for where nothing else says what is wanted. */
export function pinnedRequirement(
  pin: LockPin,
  extras: readonly string[] = [],
  marker: Marker | null = pin.marker,
): DeclaredRequirement {
  const { name, version, source, origin, location } = pin;
  const written = [...new Set(extras.map(normalizeExtra))].toSorted();
  const url = source === 'index' ? null : origin;
  const specifiers =
    version === null || url !== null
      ? []
      : [{ operator: '==' as const, version, wildcard: false, text: version.text }];
  const markerText = marker === null ? null : formatMarker(marker);
  const head = written.length === 0 ? name : `${name}[${written.join(',')}]`;
  const pinned = url === null ? specifiers.map(({ text }) => `==${text}`).join('') : ` @ ${url}`;
  return {
    requirement: {
      name,
      displayName: name,
      extras: written,
      specifiers,
      url,
      marker,
      markerText,
    },
    raw: `${head}${pinned}${markerText === null ? '' : ` ; ${markerText}`}`,
    location,
    source: url === null ? 'index' : source,
    editable: false,
    hashes: [],
    index: null,
    keep: null,
  };
}

// ---------------------------------------------------------------------------------------------------------------------
// Parsed inputs

/** What a format says of its lock. */
export interface LockParts {
  readonly kind: string;
  readonly pins: readonly LockPin[];
  /** The sets that the lock stands for where it has no manifest. */
  readonly groups: readonly RequirementGroup[];
  readonly requiresPython: string | null;
  readonly requiresPythonAt?: SourceLocation;
  readonly members?: LockFacts['members'];
  readonly declared?: LockFacts['declared'];
  readonly projects?: LockFacts['projects'];
  readonly needsUntold?: boolean;
  readonly staleAt?: SourceLocation;
  readonly contentHash?: string | null;
}

/** The parsed input of a lock that could be read. */
export function toLockInput(reading: LockReading, parts: LockParts): ParsedInput {
  const { kind, pins, groups, requiresPython, members = [], declared, projects, staleAt } = parts;
  const facts: LockFacts = {
    pins,
    staleAt: staleAt ?? { path: reading.path, line: 1, column: 1 },
    members,
    ...(declared === undefined ? {} : { declared }),
    ...(projects === undefined ? {} : { projects }),
    ...(typeof parts.contentHash === 'string' ? { contentHash: parts.contentHash } : {}),
    ...(parts.needsUntold === true ? { needsUntold: true } : {}),
  };
  const indexUrl = commonestIndex(pins);
  return {
    ...emptyLock(reading, kind),
    groups,
    options: indexUrl === null ? {} : { indexUrl },
    requiresPython,
    ...(parts.requiresPythonAt === undefined ? {} : { requiresPythonAt: parts.requiresPythonAt }),
    lock: facts,
  };
}

/** A lock that cannot be used: no pins, and the error that says why. */
export function unusableLock(reading: LockReading, kind: string, warning: Warning): ParsedInput {
  reading.warnings.push({ ...warning, severity: 'error' });
  return emptyLock(reading, kind);
}

function emptyLock({ path, warnings }: LockReading, kind: string): ParsedInput {
  return { ...emptyInput(path, kind, warnings), locked: true };
}

// A lock without manifest has no other table that names its index, and a private name must not be asked of a public one.
function commonestIndex(pins: readonly LockPin[]): string | null {
  const counts = new Map<string, number>();
  for (const { source, origin } of pins) {
    if (source === 'index' && origin !== null && /^https?:/i.test(origin))
      counts.set(origin, (counts.get(origin) ?? 0) + 1);
  }
  let best: string | null = null;
  for (const [origin, count] of counts)
    if (best === null || count > (counts.get(best) ?? 0)) best = origin;
  return best;
}
