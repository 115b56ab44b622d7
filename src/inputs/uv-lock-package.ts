/** One `[[package]]` of a uv.lock: where it comes from, its files, and what it needs. */
import { normalizeExtra, normalizeName } from '../pep/name.ts';
import type { LockPin, LockedDependency, LockedFile, SourceLocation } from '../types.ts';
import { folderOf, joinPath } from './file-access.ts';
import { toLockedFile } from './lock-file-entry.ts';
import { anyMarker, readLockMarker, toPin, type LockReading } from './lock.ts';
import { arrayOf, field, isTable, textOf, textsOf } from './toml.ts';

/** What a reader of the lock knows beside the entry. */
export interface UvPackageContext {
  readonly place: SourceLocation;
  /** Names that are locked in several versions: only of these a need tells which. */
  readonly forked: ReadonlySet<string>;
}

/** The pin of an entry, null where it has no usable name. */
export function readUvPackage(
  reading: LockReading,
  entry: unknown,
  { place, forked }: UvPackageContext,
): LockPin | null {
  const markers = textsOf(field(entry, 'resolution-markers')) ?? [];
  const written = [field(entry, 'sdist'), ...arrayOf(field(entry, 'wheels'))];
  return toPin(reading, {
    name: field(entry, 'name'),
    version: field(entry, 'version'),
    marker: readLockMarker(reading, anyMarker(markers), place),
    requiresPython: null,
    ...readSource(entry, folderOf(reading.path)),
    hashes: written.map((file) => textOf(field(file, 'hash'))).filter((hash) => hash !== null),
    files: written.flatMap(readFile),
    dependencies: readDependencies(entry, forked),
    place,
  });
}

/** The folder of a project of the workspace, as written; null for what is installed from elsewhere. */
export function readProjectPath(entry: unknown): string | null {
  // A `directory` is a project beside this one: it has to be built, so it is a pin of unknown size.
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

function readFile(written: unknown): readonly LockedFile[] {
  const path = textOf(field(written, 'path'));
  const file = toLockedFile({
    url: textOf(field(written, 'url')),
    // In a folder of wheels that serves as an index.
    filename: textOf(field(written, 'filename')) ?? path?.split('/').at(-1) ?? null,
    hash: textOf(field(written, 'hash')),
    size: field(written, 'size'),
  });
  return file === null ? [] : [file];
}

/** The number of the first wheel whose size cannot be right, -1 for none. */
export function findWrongSize(entry: unknown): number {
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
  const own = readUvNeeds(field(entry, 'dependencies'), forked);
  if (!isTable(optional)) return own;
  const ofExtras = Object.entries(optional).flatMap(([extra, value]) =>
    readUvNeeds(value, forked).map((need) => ({
      ...need,
      optional: true,
      neededBy: [normalizeExtra(extra)],
    })),
  );
  return [...own, ...ofExtras];
}

/** A list of needs, each with the version and index that tell apart what the lock holds of that name. */
export function readUvNeeds(
  list: unknown,
  forked: ReadonlySet<string>,
): readonly LockedDependency[] {
  return arrayOf(list).flatMap((value) => {
    const written = textOf(field(value, 'name'));
    if (written === null) return [];
    const name = normalizeName(written);
    const version = forked.has(name) ? textOf(field(value, 'version')) : null;
    const origin = forked.has(name) ? textOf(field(value, 'source', 'registry')) : null;
    return [
      {
        name,
        extras: textsOf(field(value, 'extra')) ?? [],
        specifier: version === null ? '' : `==${version}`,
        marker: textOf(field(value, 'marker')),
        optional: false,
        ...(origin === null ? {} : { origin }),
      },
    ];
  });
}
