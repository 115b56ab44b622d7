/**
 * pylock.toml (PEP 751).
 *
 * Traps: every package whose marker holds is installed, wanted by somebody or not; markers may ask for `extras` and
 * `dependency_groups`, of which the groups in `default-groups` are in force unless others are chosen; the version may be left
 * out for what is built from a folder; `pylock.NAME.toml` is a lock too; an unknown major version must not be read, an
 * unknown minor one may be, with a warning.
 */
import { normalizeExtra, normalizeName } from '../pep/name.ts';
import type { LockPin, LockedSet, Marker, ParsedInput, RequirementGroup } from '../types.ts';
import { toWarning } from './declare.ts';
import { fileNameOf, folderOf, joinPath } from './file-access.ts';
import type { Input, InputContext, InputFile } from './input.ts';
import { toLockedFile } from './lock-file-entry.ts';
import { readEntries } from './lock-entries.ts';
import { findKeyPlace } from './lock-places.ts';
import {
  createLockReading,
  pinnedRequirement,
  quoteValue,
  readLockMarker,
  toLockInput,
  toPin,
  unusableLock,
  warnOfDuplicates,
  warnOfLock,
  type LockReading,
} from './lock.ts';
import type { SettledMarker } from '../pep/settle-marker.ts';
import { settleSets } from './pylock-sets.ts';
import { quoteText } from './quote.ts';
import { roleOfGroup } from './roles.ts';
import { arrayOf, field, isTable, parseToml, textOf, textsOf, type TomlDocument } from './toml.ts';

const kind = 'pylock';

/** pylock.toml and pylock.NAME.toml. */
export const pylock: Input = { name: kind, parse: (file, context) => parsePylock(file, context) };

/** What a pylock.toml holds. Loads the TOML parser. Never throws for bad text. */
export async function parsePylock(file: InputFile, context: InputContext): Promise<ParsedInput> {
  const reading = createLockReading(file);
  const document = await parseToml(file);
  if ('message' in document) return unusableLock(reading, kind, document);
  const version = field(document.root, 'lock-version');
  const place = document.at(['lock-version']);
  if (typeof version !== 'string' || !/^1(?:\.|$)/.test(version)) {
    const message = `version ${quoteValue(version)} of pylock.toml is not known; depweight reads 1.x`;
    return unusableLock(reading, kind, toWarning('unknown-lock-version', place, message));
  }
  if (!/^1(?:\.0)?$/.test(version)) {
    const message = `version ${quoteText(version)} of pylock.toml is newer than 1.0; what it adds is not read`;
    warnOfLock(reading, 'unknown-lock-version', place, message);
  }
  const packages = readPackages(reading, document, context);
  warnOfDuplicates(reading, packages);
  const groups = readGroups(packages, document.root);
  const inForce = textsOf(field(document.root, 'default-groups')) ?? [];
  const role = roleOfGroup(/^pylock\.(.+)\.toml$/.exec(fileNameOf(file.path))?.[1] ?? '');
  const input = toLockInput(reading, {
    kind,
    // Beside its manifest the sets that are wanted are the manifest's: a pin counts where it could count.
    pins: packages.map((pin) => ({
      ...pin,
      marker: withoutSets(pin.marker, inForce),
      sets: setsOf(pin.marker, document.root),
    })),
    groups,
    needsUntold: packages.every(({ dependencies }) => dependencies.length === 0),
    requiresPython: textOf(field(document.root, 'requires-python')),
    requiresPythonAt: findKeyPlace(document, 'requires-python', 'first'),
  });
  return role === null ? input : { ...input, role };
}

function readPackages(
  reading: LockReading,
  document: TomlDocument,
  context: InputContext,
): readonly LockPin[] {
  const pins: LockPin[] = [];
  for (const { entry, place, index } of readEntries(reading, document, 'packages')) {
    for (const wrong of findWrongPaths(entry, context, folderOf(reading.path))) {
      const at = document.at(['packages', index, wrong.key, 'path']);
      warnOfLock(reading, wrong.code, at, wrong.message);
    }
    const pin = toPin(reading, {
      name: field(entry, 'name'),
      version: field(entry, 'version'),
      marker: readLockMarker(reading, textOf(field(entry, 'marker')), place),
      requiresPython: textOf(field(entry, 'requires-python')),
      ...readSource(entry, folderOf(reading.path)),
      hashes: readHashes(entry),
      ...readFiles(entry),
      dependencies: readNeeds(entry),
      place,
    });
    if (pin !== null) pins.push(pin);
  }
  return pins;
}

function readSource(entry: unknown, folder: string): Pick<LockPin, 'source' | 'origin'> {
  const vcs = field(entry, 'vcs');
  const local = (path: string): Pick<LockPin, 'source' | 'origin'> => ({
    source: 'local',
    origin: `file:${joinPath(folder, path)}`,
  });
  if (isTable(vcs)) {
    const commit = textOf(field(vcs, 'commit-id')) ?? textOf(field(vcs, 'requested-revision'));
    const address = textOf(field(vcs, 'url')) ?? textOf(field(vcs, 'path')) ?? '';
    const type = textOf(field(vcs, 'type')) ?? 'git';
    return {
      source: 'vcs',
      origin: `${type}+${address}${commit === null ? '' : `@${commit}`}`,
    };
  }
  const path =
    textOf(field(entry, 'directory', 'path')) ??
    (textOf(field(entry, 'archive', 'url')) === null
      ? textOf(field(entry, 'archive', 'path'))
      : null);
  if (path !== null) return local(path);
  const url = textOf(field(entry, 'archive', 'url'));
  if (url !== null) return { source: 'url', origin: url };
  return { source: 'index', origin: textOf(field(entry, 'index')) };
}

function readHashes(entry: unknown): readonly string[] {
  const files = [
    field(entry, 'sdist'),
    field(entry, 'archive'),
    ...arrayOf(field(entry, 'wheels')),
  ];
  return files
    .map((file) => textOf(field(file, 'hashes', 'sha256')))
    .filter((hash) => hash !== null)
    .map((hash) => `sha256:${hash}`);
}

// A file may be named by its path beside the address, and is the one at the address.
function readFiles(entry: unknown): Pick<LockPin, 'files'> {
  const written = [
    field(entry, 'sdist'),
    field(entry, 'archive'),
    ...arrayOf(field(entry, 'wheels')),
  ];
  const files = written.flatMap((file) => {
    const sha256 = textOf(field(file, 'hashes', 'sha256'));
    const known = toLockedFile({
      url: textOf(field(file, 'url')),
      filename:
        textOf(field(file, 'name')) ?? textOf(field(file, 'path'))?.split('/').at(-1) ?? null,
      hash: sha256 === null ? null : `sha256:${sha256}`,
      size: field(file, 'size'),
    });
    return known === null ? [] : [known];
  });
  return files.length === 0 ? {} : { files };
}

function readNeeds(entry: unknown): LockPin['dependencies'] {
  return arrayOf(field(entry, 'dependencies')).flatMap((need) => {
    const name = textOf(field(need, 'name'));
    if (name === null) return [];
    const version = textOf(field(need, 'version'));
    return [
      {
        name: normalizeName(name),
        extras: [],
        specifier: version === null ? '' : `==${version}`,
        marker: null,
        optional: false,
      },
    ];
  });
}

interface WrongPath {
  readonly key: string;
  readonly code: string;
  readonly message: string;
}

function findWrongPaths(
  entry: unknown,
  context: InputContext,
  folder: string,
): readonly WrongPath[] {
  const found: WrongPath[] = [];
  for (const key of ['archive', 'directory']) {
    const path = textOf(field(entry, key, 'path'));
    if (path === null || textOf(field(entry, key, 'url')) !== null) continue;
    const read = context.read(joinPath(folder, path));
    if (read.ok || read.problem === 'folder') continue;
    const code = read.problem === 'outside' ? 'outside-repository' : 'missing-file';
    found.push({ key, code, message: `${quoteText(path)} ${read.detail}` });
  }
  return found;
}

// ---------------------------------------------------------------------------------------------------------------------
// Sets

// A package that is there for some extra alone has no pin to refuse: the manifest says whether it is wanted.
function withoutSets(marker: Marker | null, inForce: readonly string[]): Marker | null {
  const settled = settle(marker, inForce);
  return settled === false ? null : settled === true ? null : settled;
}

function settle(marker: Marker | null, chosen: readonly string[]): SettledMarker {
  return marker === null ? true : settleSets(marker, new Set(chosen.map(normalizeExtra)));
}

function setsOf(marker: Marker | null, root: unknown): readonly LockedSet[] {
  const defaults = textsOf(field(root, 'default-groups')) ?? [];
  const names = (kind: string, key: string): readonly (readonly [string, readonly string[]])[] =>
    (textsOf(field(root, key)) ?? []).map((name) => [`${kind}:${normalizeExtra(name)}`, [name]]);
  const sets: readonly (readonly [string, readonly string[]])[] = [
    ['', []],
    ...names('extra', 'extras'),
    ...names('group', 'dependency-groups'),
  ];
  return sets.flatMap(([set, chosen]) => {
    const settled = settle(marker, [...defaults, ...chosen]);
    return settled === false ? [] : [{ set, marker: settled === true ? null : settled }];
  });
}

function readGroups(pins: readonly LockPin[], root: unknown): readonly RequirementGroup[] {
  const defaults = textsOf(field(root, 'default-groups')) ?? [];
  const main = requirementsFor(pins, defaults);
  const known = new Set(main.map(({ location, raw }) => `${location.line} ${raw}`));
  const sets: RequirementGroup[] = [{ kind: 'main', name: null, role: 'prod', requirements: main }];
  for (const [setKind, key] of [
    ['extra', 'extras'],
    ['group', 'dependency-groups'],
  ] as const) {
    for (const name of textsOf(field(root, key)) ?? []) {
      if (setKind === 'group' && defaults.includes(name)) continue;
      const all = requirementsFor(pins, [...defaults, name]);
      const own = all.filter(({ location, raw }) => !known.has(`${location.line} ${raw}`));
      const role = roleOfGroup(name) ?? 'extra';
      sets.push({ kind: setKind, name: normalizeExtra(name), role, requirements: own });
    }
  }
  return sets;
}

function requirementsFor(
  pins: readonly LockPin[],
  chosen: readonly string[],
): RequirementGroup['requirements'] {
  return pins.flatMap((pin) => {
    const settled = settle(pin.marker, chosen);
    if (settled === false) return [];
    return [pinnedRequirement(pin, [], settled === true ? null : settled)];
  });
}
