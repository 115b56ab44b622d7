/**
 * uv.lock, version 1 of the format; higher revisions of it only add keys.
 *
 * Traps: one name may be locked several times, for different `resolution-markers`; the projects of the workspace are packages
 * with an `editable` or `virtual` source and nothing to weigh; a package without version is legal (its project is dynamic);
 * `git` and `url` sources carry no registry; `exclude-newer` says how the lock was made, not what to ask of the index.
 */
import { normalizeExtra, normalizeName } from '../pep/name.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  LockPin,
  LockedDeclaration,
  LockedDependency,
  ParsedInput,
  RequirementGroup,
  SourceLocation,
} from '../types.ts';
import { folderOf, joinPath } from './file-access.ts';
import type { Input, InputFile } from './input.ts';
import { findTablePlaces } from './lock-places.ts';
import {
  anyMarker,
  createLockReading,
  findForkedNames,
  findRootPins,
  pinnedRequirement,
  quoteValue,
  readLockMarker,
  rejectInLock,
  readPackageName,
  toLockInput,
  toPin,
  unusableLock,
  warnOfDangling,
  warnOfDuplicates,
  warnOfLock,
  type LockReading,
} from './lock.ts';
import { quoteText } from './quote.ts';
import { isScriptLock, roleOfGroup } from './roles.ts';
import { toWarning } from './declare.ts';
import { arrayOf, field, isTable, parseToml, textOf, textsOf, type TomlDocument } from './toml.ts';

const kind = 'uv-lock';

/** uv.lock. */
export const uvLock: Input = { name: kind, parse: (file) => parseUvLock(file) };

/** What a uv.lock holds. Loads the TOML parser. Never throws for bad text. */
export async function parseUvLock(file: InputFile): Promise<ParsedInput> {
  const reading = createLockReading(file);
  const document = await parseToml(file);
  if ('message' in document) return unusableLock(reading, kind, document);
  const { root } = document;
  const version = field(root, 'version');
  if (version !== 1) {
    const message = `version ${quoteValue(version)} of uv.lock is not known; depweight reads version 1`;
    const place = document.at(['version']);
    return unusableLock(reading, kind, toWarning('unknown-lock-version', place, message));
  }
  const lock = readPackages(reading, document);
  warnOfDangling(reading, lock.pins, new Set(lock.projects.map(({ name }) => name)));
  warnOfDuplicates(reading, lock.pins);
  const folder = folderOf(file.path);
  return toLockInput(reading, {
    kind,
    pins: lock.pins,
    groups: readGroups(reading, lock),
    requiresPython: textOf(field(root, 'requires-python')),
    members: lock.projects.map(({ name, path }) => ({ name, folder: joinPath(folder, path) })),
    declared: isScriptLock(file.path)
      ? readDeclaredByScript(file.path, root)
      : lock.projects.flatMap((project) => readDeclared(project, folder)),
  });
}

// The lock of a script has no project in it: what the script required stands at its top.
function readDeclaredByScript(path: string, root: unknown): readonly LockedDeclaration[] {
  const member = path.replace(/\.lock$/i, '');
  return arrayOf(field(root, 'manifest', 'requirements')).flatMap((one) =>
    toDeclaration({ member, set: '' }, one),
  );
}

/** A project that the lock was made for. */
interface LockedProject {
  readonly name: DistributionName;
  /** Of its folder, as written. */
  readonly path: string;
  readonly entry: unknown;
}

interface UvPackages {
  readonly pins: readonly LockPin[];
  readonly projects: readonly LockedProject[];
}

function readPackages(reading: LockReading, document: TomlDocument): UvPackages {
  // The first locks of uv called them distributions.
  const key = field(document.root, 'package') === undefined ? 'distribution' : 'package';
  const value = field(document.root, key);
  if (value !== undefined && !Array.isArray(value)) {
    const place = document.at([key]);
    rejectInLock(reading, place, `${quoteText(key)} is not a list of packages`);
  }
  const entries = arrayOf(value);
  const placeOf = findTablePlaces(document, key, entries.length);
  const forked = findForkedNames(entries.map((entry) => field(entry, 'name')));
  const pins: LockPin[] = [];
  const projects: LockedProject[] = [];
  for (const [index, entry] of entries.entries()) {
    const place = placeOf(index);
    const path = readProjectPath(entry);
    if (path !== null) {
      const name = readPackageName(reading, field(entry, 'name'), place);
      if (name !== null) projects.push({ name: normalizeName(name), path, entry });
      continue;
    }
    const pin = readPin(reading, entry, { place, forked });
    if (pin !== null) pins.push(pin);
    const wrong = findWrongSize(entry);
    if (wrong === -1) continue;
    const at = document.at([key, index, 'wheels', wrong]);
    warnOfLock(reading, 'invalid-size', at, 'the size of a file cannot be right and is not used');
  }
  return { pins, projects };
}

function readPin(
  reading: LockReading,
  entry: unknown,
  { place, forked }: { readonly place: SourceLocation; readonly forked: ReadonlySet<string> },
): LockPin | null {
  const markers = textsOf(field(entry, 'resolution-markers')) ?? [];
  return toPin(reading, {
    name: field(entry, 'name'),
    version: field(entry, 'version'),
    marker: readLockMarker(reading, anyMarker(markers), place),
    requiresPython: null,
    ...readSource(entry, folderOf(reading.path)),
    hashes: readHashes(entry),
    dependencies: readDependencies(entry, forked),
    place,
  });
}

// A `directory` is a project beside this one: it has to be built, so it is a pin of unknown size.
function readProjectPath(entry: unknown): string | null {
  const source = field(entry, 'source');
  const old = /^(?:editable|virtual)\+(.*)$/.exec(textOf(source) ?? '');
  return textOf(field(source, 'editable')) ?? textOf(field(source, 'virtual')) ?? old?.[1] ?? null;
}

function readSource(entry: unknown, folder: string): Pick<LockPin, 'source' | 'origin'> {
  const source = field(entry, 'source');
  const old = /^(registry|git|direct|path|directory)\+(.*)$/.exec(textOf(source) ?? '');
  const read = (key: string): string | null =>
    textOf(field(source, key)) ?? (old?.[1] === key ? (old[2] ?? null) : null);
  const git = read('git');
  if (git !== null) return { source: 'vcs', origin: `git+${git}` };
  const url = read('url') ?? read('direct');
  if (url !== null) return { source: 'url', origin: url };
  const path = read('path') ?? read('directory');
  if (path !== null) return { source: 'local', origin: `file:${joinPath(folder, path)}` };
  return { source: 'index', origin: read('registry') };
}

function readHashes(entry: unknown): readonly string[] {
  const files = [field(entry, 'sdist'), ...arrayOf(field(entry, 'wheels'))];
  return files.map((file) => textOf(field(file, 'hash'))).filter((hash) => hash !== null);
}

function findWrongSize(entry: unknown): number {
  return arrayOf(field(entry, 'wheels')).findIndex((wheel) => {
    const size = field(wheel, 'size');
    return (
      size !== undefined && !(typeof size === 'number' && Number.isSafeInteger(size) && size >= 0)
    );
  });
}

function readDependencies(
  entry: unknown,
  forked: ReadonlySet<string>,
): readonly LockedDependency[] {
  const optional = field(entry, 'optional-dependencies');
  const extras = isTable(optional) ? Object.values(optional).flatMap(arrayOf) : [];
  return [
    ...arrayOf(field(entry, 'dependencies')).flatMap((one) => toDependency(one, forked, false)),
    ...extras.flatMap((one) => toDependency(one, forked, true)),
  ];
}

function toDependency(
  value: unknown,
  forked: ReadonlySet<string>,
  optional: boolean,
): readonly LockedDependency[] {
  const written = textOf(field(value, 'name'));
  if (written === null) return [];
  const name = normalizeName(written);
  const version = forked.has(name) ? textOf(field(value, 'version')) : null;
  return [
    {
      name,
      extras: textsOf(field(value, 'extra')) ?? [],
      specifier: version === null ? '' : `==${version}`,
      marker: textOf(field(value, 'marker')),
      optional,
    },
  ];
}

// uv keeps what it locked, so that it can tell when that changes; so can we.
function readDeclared(
  { path, entry }: LockedProject,
  folder: string,
): readonly LockedDeclaration[] {
  const member = joinPath(folder, path);
  const metadata = field(entry, 'metadata');
  const main = arrayOf(field(metadata, 'requires-dist')).map((one) => {
    const extra = /\bextra == ["']([^"']+)["']/.exec(textOf(field(one, 'marker')) ?? '')?.[1];
    return { set: extra === undefined ? '' : `extra:${normalizeExtra(extra)}`, one };
  });
  const groups = field(metadata, 'requires-dev') ?? field(metadata, 'dependency-groups');
  const development = entriesOf(groups).flatMap(([name, list]) =>
    arrayOf(list).map((one) => ({ set: `group:${normalizeExtra(name)}`, one })),
  );
  return [...main, ...development].flatMap(({ set, one }) => toDeclaration({ member, set }, one));
}

function toDeclaration(
  where: Pick<LockedDeclaration, 'member' | 'set'>,
  one: unknown,
): readonly LockedDeclaration[] {
  const name = textOf(field(one, 'name'));
  if (name === null) return [];
  const isPlaced = ['url', 'git', 'path', 'directory', 'editable', 'virtual'].some(
    (key) => field(one, key) !== undefined,
  );
  const specifier = isPlaced ? null : (textOf(field(one, 'specifier')) ?? '');
  return [{ ...where, name: normalizeName(name), specifier }];
}

// ---------------------------------------------------------------------------------------------------------------------
// What the lock stands for on its own

function readGroups(reading: LockReading, lock: UvPackages): readonly RequirementGroup[] {
  const { projects, pins } = lock;
  if (projects.length === 0) {
    const requirements = findRootPins(pins).map((pin) => pinnedRequirement(pin));
    return [{ kind: 'main', name: null, role: 'prod', requirements }];
  }
  const root = projects.filter(({ path }) => path === '.');
  const meant = root.length > 0 ? root : projects;
  const sets = new Map<string, RequirementGroup>();
  const add = (setKind: RequirementGroup['kind'], name: string | null, value: unknown): void => {
    const key = name === null ? null : normalizeExtra(name);
    const before = sets.get(`${setKind} ${key ?? ''}`)?.requirements ?? [];
    const role = name === null ? 'prod' : (roleOfGroup(name) ?? 'extra');
    const requirements = [...before, ...requirementsOf(reading, lock, value)];
    sets.set(`${setKind} ${key ?? ''}`, { kind: setKind, name: key, role, requirements });
  };
  for (const { entry } of meant) {
    add('main', null, field(entry, 'dependencies'));
    for (const [name, value] of entriesOf(field(entry, 'optional-dependencies')))
      add('extra', name, value);
    const groups = field(entry, 'dev-dependencies') ?? field(entry, 'dependency-groups');
    for (const [name, value] of entriesOf(groups)) add('group', name, value);
  }
  return [...sets.values()];
}

function entriesOf(value: unknown): readonly (readonly [string, unknown])[] {
  return isTable(value) ? Object.entries(value) : [];
}

// Where several versions are locked the pins choose among them, for the target.
function requirementsOf(
  reading: LockReading,
  { pins, projects }: UvPackages,
  value: unknown,
): readonly DeclaredRequirement[] {
  const found: DeclaredRequirement[] = [];
  for (const dependency of arrayOf(value)) {
    const name = normalizeName(textOf(field(dependency, 'name')) ?? '');
    const version = textOf(field(dependency, 'version'));
    const named = pins.filter((pin) => pin.name === name);
    const exact = named.filter((pin) => version === null || pin.version?.text === version);
    const [pin] = exact.length > 0 ? exact : named;
    if (pin === undefined) {
      warnOfMissing(reading, name, projects);
      continue;
    }
    const marker = readLockMarker(reading, textOf(field(dependency, 'marker')), pin.location);
    const open = exact.length > 1 ? { ...pin, version: null } : pin;
    found.push(pinnedRequirement(open, textsOf(field(dependency, 'extra')) ?? [], marker));
  }
  return found;
}

function warnOfMissing(
  reading: LockReading,
  name: string,
  projects: readonly LockedProject[],
): void {
  if (name === '' || projects.some((project) => project.name === name)) return;
  const place = { path: reading.path, line: 1, column: 1 };
  const message = `the project needs ${quoteText(name)}, which the lock does not have`;
  warnOfLock(reading, 'dangling-dependency', place, message);
}
