/**
 * Pipfile.lock, pipfile-spec 6.
 *
 * Traps: it is JSON; `default` and `develop` are the two old categories, further ones are named as in the Pipfile; versions
 * are written with `==`; nothing says which package needs which, so that every entry counts as wanted.
 */
import { normalizeExtra } from '../pep/name.ts';
import type { LockPin, ParsedInput, RequirementGroup, SourceLocation, Warning } from '../types.ts';
import { toWarning } from './declare.ts';
import { folderOf, joinPath } from './file-access.ts';
import type { Input, InputFile } from './input.ts';
import { findJsonPlaces, placeOfOffset, type JsonPlaces } from './json-places.ts';
import {
  createLockReading,
  pinnedRequirement,
  quoteValue,
  readLockMarker,
  rejectInLock,
  toLockInput,
  toPin,
  unusableLock,
  warnOfLock,
  type LockReading,
} from './lock.ts';
import { escapeHidden, quoteText } from './quote.ts';
import { roleOfGroup } from './roles.ts';
import { arrayOf, describeType, field, isTable, textOf, textsOf } from './toml.ts';

const kind = 'pipfile-lock';

/** Pipfile.lock. */
export const pipfileLock: Input = { name: kind, parse: (file) => parsePipfileLock(file) };

/** What a Pipfile.lock holds. Never throws for bad text. */
export function parsePipfileLock(file: InputFile): ParsedInput {
  const reading = createLockReading(file);
  const root = parseJson(file);
  if ('problem' in root) return unusableLock(reading, kind, root.problem);
  const places = lazyPlaces(file.text);
  const placeOf = (...path: readonly string[]): SourceLocation => ({
    path: file.path,
    ...(places(...path) ?? places(...path.slice(0, 1)) ?? { line: 1, column: 1 }),
  });
  const version = field(root.value, '_meta', 'pipfile-spec');
  if (version !== undefined && version !== 6) {
    const message = `version ${quoteValue(version)} of Pipfile.lock is not known; depweight reads version 6`;
    const place = placeOf('_meta', 'pipfile-spec');
    return unusableLock(reading, kind, toWarning('unknown-lock-version', place, message));
  }
  const sources = readSources(root.value);
  const sets: RequirementGroup[] = [];
  const pins: LockPin[] = [];
  for (const [category, value] of Object.entries(isTable(root.value) ? root.value : {})) {
    if (category === '_meta') continue;
    if (!isTable(value)) {
      const message = `${quoteText(category)} is ${describeType(value)}, not a table of packages`;
      rejectInLock(reading, placeOf(category), message);
      continue;
    }
    const packages = readCategory(reading, value, { category, placeOf, sources });
    pins.push(...packages.map(({ pin }) => pin));
    sets.push(toGroup(category, packages));
  }
  return toLockInput(reading, {
    kind,
    // What production installs comes first: a version that only development has never takes its place.
    pins: joinCategories(pins),
    needsUntold: true,
    groups: sets.toSorted((a, b) => Number(b.kind === 'main') - Number(a.kind === 'main')),
    requiresPython: readPython(field(root.value, '_meta', 'requires')),
    staleAt: placeOf('_meta', 'hash'),
    contentHash: textOf(field(root.value, '_meta', 'hash', 'sha256')),
  });
}

function parseJson(file: InputFile): { readonly value: unknown } | { readonly problem: Warning } {
  try {
    const value: unknown = JSON.parse(file.text);
    if (isTable(value)) return { value };
    const place = { path: file.path, line: 1, column: 1 };
    const message = `the lock is ${describeType(value)}, not a table`;
    return { problem: toWarning('invalid-json', place, message) };
  } catch (error) {
    if (!(error instanceof SyntaxError || error instanceof RangeError)) throw error;
    const offset = /at position (\d+)/.exec(error.message)?.[1];
    const end = file.text.trimEnd().length;
    const place = placeOfOffset(
      file.text,
      offset === undefined ? end : Math.min(Number(offset), end),
    );
    // V8 quotes the text around the fault, which may be long and may hide something.
    const reason = error.message.replace(/,? ?".*$|\.\.\..*$| at position.*$| in JSON.*$/s, '');
    const message = `not valid JSON: ${escapeHidden(reason)}`;
    return { problem: toWarning('invalid-json', { path: file.path, ...place }, message) };
  }
}

function lazyPlaces(text: string): JsonPlaces {
  let places: JsonPlaces | null = null;
  return (...path) => {
    places ??= findJsonPlaces(text);
    return places(...path);
  };
}

function readSources(root: unknown): ReadonlyMap<string, string> {
  const sources = new Map<string, string>();
  for (const source of arrayOf(field(root, '_meta', 'sources'))) {
    const name = textOf(field(source, 'name'));
    const url = textOf(field(source, 'url'));
    if (name !== null && url !== null) sources.set(name, url);
  }
  return sources;
}

function readPython(requires: unknown): string | null {
  const full = textOf(field(requires, 'python_full_version'));
  if (full !== null && /^\d+(?:\.\d+)+$/.test(full)) return `==${full}`;
  const minor = textOf(field(requires, 'python_version'));
  return minor !== null && /^\d+(?:\.\d+)*$/.test(minor) ? `==${minor}.*` : null;
}

// ---------------------------------------------------------------------------------------------------------------------
// Packages

interface LockedEntry {
  readonly pin: LockPin;
  readonly extras: readonly string[];
}

interface Category {
  readonly category: string;
  readonly placeOf: (...path: readonly string[]) => SourceLocation;
  readonly sources: ReadonlyMap<string, string>;
}

function readCategory(
  reading: LockReading,
  packages: Readonly<Record<string, unknown>>,
  { category, placeOf, sources }: Category,
): readonly LockedEntry[] {
  const found: LockedEntry[] = [];
  for (const [name, entry] of Object.entries(packages)) {
    const place = placeOf(category, name);
    if (!isTable(entry)) {
      const message = `${quoteText(name)} is ${describeType(entry)}, not a table with a version`;
      rejectInLock(reading, place, message);
      continue;
    }
    const version = field(entry, 'version');
    if (version === '*' && textsOf(field(entry, 'hashes')) === null) {
      const message = `${quoteText(name)} was not locked, since it is for another platform; it is left out`;
      warnOfLock(reading, 'unlocked-package', place, message);
      continue;
    }
    const pin = toPin(reading, {
      name,
      version: readVersion(version),
      marker: readLockMarker(reading, textOf(field(entry, 'markers')), place),
      requiresPython: null,
      ...readSource(entry, folderOf(reading.path), sources),
      hashes: textsOf(field(entry, 'hashes')) ?? [],
      dependencies: [],
      extras: (textsOf(field(entry, 'extras')) ?? []).map(normalizeExtra),
      place,
    });
    if (pin === null) continue;
    const sets = [{ set: setOf(category), marker: pin.marker }];
    found.push({ pin: { ...pin, sets }, extras: pin.extras ?? [] });
  }
  return found;
}

function readVersion(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  return value === '*' ? null : value.replace(/^={2,3}\s*/, '');
}

function readSource(
  entry: unknown,
  folder: string,
  sources: ReadonlyMap<string, string>,
): Pick<LockPin, 'source' | 'origin'> {
  for (const type of ['git', 'hg', 'svn', 'bzr']) {
    const address = textOf(field(entry, type));
    if (address === null) continue;
    const revision = textOf(field(entry, 'ref'));
    const origin = `${type}+${address}${revision === null ? '' : `@${revision}`}`;
    return { source: 'vcs', origin };
  }
  const path = textOf(field(entry, 'path')) ?? textOf(field(entry, 'file'));
  if (path !== null) {
    const isRemote = /^https?:/i.test(path);
    const origin = isRemote ? path : `file:${joinPath(folder, path.replace(/^file:\/*/, '/'))}`;
    return { source: isRemote ? 'url' : 'local', origin };
  }
  const index = textOf(field(entry, 'index'));
  return { source: 'index', origin: index === null ? null : (sources.get(index) ?? null) };
}

function toGroup(category: string, packages: readonly LockedEntry[]): RequirementGroup {
  const requirements = packages.map(({ pin, extras }) => pinnedRequirement(pin, extras));
  if (category === 'default') return { kind: 'main', name: null, role: 'prod', requirements };
  const name = category === 'develop' ? 'dev' : category;
  const role = roleOfGroup(name) ?? 'extra';
  return { kind: 'group', name: normalizeExtra(name), role, requirements };
}

// What several categories hold in one version is one pin of all of them; in another version it is one of its own.
function joinCategories(pins: readonly LockPin[]): readonly LockPin[] {
  const found = new Map<string, LockPin>();
  for (const pin of pins) {
    const key = `${pin.name} ${pin.version?.text ?? ''} ${pin.origin ?? ''}`;
    const before = found.get(key);
    const sets = [...(before?.sets ?? []), ...(pin.sets ?? [])];
    found.set(key, { ...(before ?? pin), sets });
  }
  return [...found.values()];
}

function setOf(category: string): string {
  if (category === 'default') return '';
  return `group:${normalizeExtra(category === 'develop' ? 'dev' : category)}`;
}
