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
  LockedProject,
  ParsedInput,
  RequirementGroup,
  SourceLocation,
} from '../types.ts';
import { folderOf, joinPath } from './file-access.ts';
import type { Input, InputFile } from './input.ts';
import { readEntries } from './lock-entries.ts';
import { findKeyPlace } from './lock-places.ts';
import { findRootPins } from './lock-roots.ts';
import {
  createLockReading,
  findForkedNames,
  pinnedRequirement,
  quoteValue,
  readLockMarker,
  readPackageName,
  toLockInput,
  unusableLock,
  warnOfDangling,
  warnOfDuplicates,
  warnOfLock,
  type LockReading,
} from './lock.ts';
import { quoteText } from './quote.ts';
import { findWrongSize, readProjectPath, readUvNeeds, readUvPackage } from './uv-lock-package.ts';
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
    requiresPythonAt: findKeyPlace(document, 'requires-python', 'first'),
    projects: lock.projects.map((project) => toLockedProject(project, lock.forked, folder)),
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
interface UvProject {
  readonly name: DistributionName;
  /** Of its folder, as written. */
  readonly path: string;
  readonly entry: unknown;
  readonly place: SourceLocation;
}

interface UvPackages {
  readonly pins: readonly LockPin[];
  readonly projects: readonly UvProject[];
  /** Names that are locked in several versions. */
  readonly forked: ReadonlySet<string>;
}

function readPackages(reading: LockReading, document: TomlDocument): UvPackages {
  // The first locks of uv called them distributions.
  const key = field(document.root, 'package') === undefined ? 'distribution' : 'package';
  const entries = readEntries(reading, document, key);
  const forked = findForkedNames(entries.map(({ entry }) => field(entry, 'name')));
  const pins: LockPin[] = [];
  const projects: UvProject[] = [];
  for (const { entry, place, index } of entries) {
    const path = readProjectPath(entry);
    if (path !== null) {
      const name = readPackageName(reading, field(entry, 'name'), place);
      if (name !== null) projects.push({ name: normalizeName(name), path, entry, place });
      continue;
    }
    const pin = readUvPackage(reading, entry, { place, forked });
    if (pin !== null) pins.push(pin);
    const wrong = findWrongSize(entry);
    if (wrong === -1) continue;
    const at = document.at([key, index, 'wheels', wrong]);
    warnOfLock(reading, 'invalid-size', at, 'the size of a file cannot be right and is not used');
  }
  return { pins, projects, forked };
}

function toLockedProject(
  { name, path, entry, place }: UvProject,
  forked: ReadonlySet<string>,
  folder: string,
): LockedProject {
  const sets = new Map([['', readUvNeeds(field(entry, 'dependencies'), forked)]]);
  for (const [extra, value] of entriesOf(field(entry, 'optional-dependencies')))
    sets.set(`extra:${normalizeExtra(extra)}`, readUvNeeds(value, forked));
  for (const [group, value] of entriesOf(groupsOf(entry)))
    sets.set(`group:${normalizeExtra(group)}`, readUvNeeds(value, forked));
  return { name, folder: joinPath(folder, path), sets, location: place };
}

// Until 0.4.27 groups were only those of `tool.uv.dev-dependencies`.
function groupsOf(entry: unknown): unknown {
  return field(entry, 'dev-dependencies') ?? field(entry, 'dependency-groups');
}

// uv keeps what it locked, so that it can tell when that changes; so can we.
function readDeclared({ path, entry }: UvProject, folder: string): readonly LockedDeclaration[] {
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
    for (const [name, value] of entriesOf(groupsOf(entry))) add('group', name, value);
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

function warnOfMissing(reading: LockReading, name: string, projects: readonly UvProject[]): void {
  if (name === '' || projects.some((project) => project.name === name)) return;
  const place = { path: reading.path, line: 1, column: 1 };
  const message = `the project needs ${quoteText(name)}, which the lock does not have`;
  warnOfLock(reading, 'dangling-dependency', place, message);
}
