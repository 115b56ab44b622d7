/**
 * Names of platforms, as uv, pip, Docker and wheel tags write them, and the targets that they stand for.
 *
 * Traps:
 * - `linux` is a level of glibc, not a system: wheels for a newer glibc do not fit.
 * - One processor has three names: `aarch64` on Linux, `arm64` on macOS, and `ARM64` as Windows' platform_machine.
 * - The patch of an interpreter is 0 unless it was given: `3.11` makes python_full_version 3.11.0, as in uv.
 * - platform_release and platform_version are empty for a target that is not the running machine.
 */
import data from '../../data/targets.json' with { type: 'json' };
import type { MarkerEnvironment, TargetEnvironment } from '../types.ts';
import { ParseError } from './parse-error.ts';
import { parsePythonName, pypyRelease } from './python-name.ts';
import { parseVersion } from './version.ts';

/** One platform: what a target needs beside the interpreter. */
export interface PlatformRow {
  /** One name for it that `parsePlatformName` reads: `x86_64-manylinux_2_28`, `aarch64-apple-darwin`. */
  readonly name: string;
  readonly os: TargetEnvironment['os'];
  /** As in wheel tags; `amd64`, `x86` or `arm64` on Windows. */
  readonly arch: string;
  readonly libc: TargetEnvironment['libc'];
  readonly platformTag: string;
  readonly markers: Pick<
    MarkerEnvironment,
    | 'os_name'
    | 'sys_platform'
    | 'platform_machine'
    | 'platform_system'
    | 'platform_release'
    | 'platform_version'
  >;
}

type DataRow = (typeof data.platforms)[number];

/** A level in a wheel tag: `2_28` of manylinux, `13_0` of macOS. */
interface Level {
  readonly major: number;
  readonly minor: number;
}

/** The platform that a name stands for, or null for a name that stands for none. */
export function parsePlatformName(name: string): PlatformRow | null {
  const text = name.trim().toLowerCase();
  return (
    fromTriple(text) ??
    fromLevelName(text) ??
    fromMacTag(text) ??
    fromWindowsTag(text) ??
    fromSystem(text)
  );
}

/** The names to offer where one was not understood: every platform once, common ones first. */
export function knownPlatformNames(): readonly string[] {
  const names = ['linux', 'linux-aarch64', 'macos', 'windows'];
  for (const row of data.platforms) {
    names.push(...row.triples.slice(0, 1), ...levelNames(row));
  }
  return names;
}

/** The platform at the level of the C library that another one has; itself where the two have not the same library. */
export function levelAlike(platform: PlatformRow, other: PlatformRow): PlatformRow {
  if (platform.libc === null || platform.libc !== other.libc) return platform;
  const level = /^[a-z]+_\d+_\d+/.exec(other.platformTag)?.[0] ?? '';
  return parsePlatformName(`${level}_${platform.arch}`) ?? platform;
}

/**
 * The target of one interpreter (`3.12`, `3.12.4`, `3.13t`, `pypy3.10`) on one platform; `from` says where it came from. Throws
 * ParseError for no Python version.
 */
export function createTarget(options: {
  readonly python: string;
  readonly platform: PlatformRow;
  readonly from: string;
}): TargetEnvironment {
  const { platform, from } = options;
  const interpreter = interpreterOf(options.python);
  const { implementation, python, pythonFull } = interpreter;
  return {
    ...interpreter,
    os: platform.os,
    arch: platform.arch,
    libc: platform.libc,
    platformTag: platform.platformTag,
    from,
    markers: {
      ...platform.markers,
      implementation_name: implementation === 'cp' ? 'cpython' : 'pypy',
      implementation_version: (implementation === 'pp' ? pypyRelease(python) : null) ?? pythonFull,
      platform_python_implementation: implementation === 'cp' ? 'CPython' : 'PyPy',
      python_full_version: pythonFull,
      python_version: python,
    },
  };
}

interface Interpreter extends Pick<
  TargetEnvironment,
  'implementation' | 'freeThreaded' | 'python' | 'pythonFull'
> {}

function interpreterOf(text: string): Interpreter {
  const name = parsePythonName(text);
  const version = parseVersion(name?.version ?? text);
  const [major, minor] = version?.release ?? [];
  if (version === null || major === undefined || minor === undefined) {
    throw new ParseError(`Expected a Python version such as 3.12, found \`${text}\``, 0);
  }
  const isShort = version.release.length === 2;
  const pythonFull = isShort ? version.text.replace(/^\d+\.\d+/, '$&.0') : version.text;
  return {
    implementation: name?.implementation ?? 'cp',
    ...(name?.freeThreaded === true ? { freeThreaded: true } : {}),
    python: `${major}.${minor}`,
    pythonFull,
  };
}

// ---------------------------------------------------------------------------------------------------------------------
// Names

/** `x86_64-unknown-linux-gnu`, `aarch64-apple-darwin`. */
function fromTriple(text: string): PlatformRow | null {
  const row = data.platforms.find((candidate) => candidate.triples.includes(text));
  return row === undefined ? null : toPlatform(row, usualLevel(row));
}

/** `x86_64-manylinux_2_28`, `manylinux_2_28_x86_64`, `manylinux2014_x86_64`, and so for musllinux. */
function fromLevelName(text: string): PlatformRow | null {
  const level = '(manylinux1|manylinux2010|manylinux2014|(?:many|musl)linux_\\d{1,3}_\\d{1,3})';
  const match =
    new RegExp(`^(?<arch>[a-z0-9_]+)-${level}$`).exec(text) ??
    new RegExp(`^${level}_(?<arch>[a-z0-9_]+)$`).exec(text);
  if (match === null) return null;
  const levelText = modernLevel(match.slice(1).find((part) => /linux/.test(part)) ?? '');
  const libc = levelText.startsWith('musl') ? 'musl' : 'glibc';
  return atLevel(
    findRow('linux', match.groups?.['arch'] ?? '', libc),
    parseLevel(levelText.slice(10)),
  );
}

/** `macosx_13_0_arm64`, and `macosx_13_arm64`. */
function fromMacTag(text: string): PlatformRow | null {
  const match = /^macosx_(\d{1,3})(?:_(\d{1,3}))?_(arm64|x86_64)$/.exec(text);
  if (match === null) return null;
  return atLevel(
    findRow('macos', match[3] ?? '', null),
    parseLevel(`${match[1]}_${match[2] ?? '0'}`),
  );
}

function fromWindowsTag(text: string): PlatformRow | null {
  const row = data.platforms.find((candidate) => candidate.tag === text);
  return row === undefined ? null : toPlatform(row, null);
}

/** `linux`, `linux-aarch64`, `linux/amd64`, `macos-x86_64`, `windows`, `alpine`. */
function fromSystem(text: string): PlatformRow | null {
  const match = /^(linux-musl|linux|alpine|musl|macos|darwin|windows|win)(?:[-/_](.+))?$/.exec(
    text,
  );
  if (match === null) return null;
  const system = match[1] ?? '';
  const architecture = match[2];
  if (system === 'macos' || system === 'darwin')
    return usual(findRow('macos', architecture ?? 'arm64', null));
  if (system === 'windows' || system === 'win')
    return usual(findRow('windows', architecture ?? 'x86_64', null));
  return usual(findRow('linux', architecture ?? 'x86_64', system === 'linux' ? 'glibc' : 'musl'));
}

/** PEP 600 names of the levels that had a name of their own. */
function modernLevel(text: string): string {
  if (text === 'manylinux1') return 'manylinux_2_5';
  if (text === 'manylinux2010') return 'manylinux_2_12';
  return text === 'manylinux2014' ? 'manylinux_2_17' : text;
}

function findRow(os: string, architecture: string, libc: string | null): DataRow | undefined {
  const canonical = Object.entries(data.architectures).find(([, spellings]) =>
    spellings.includes(architecture),
  )?.[0];
  return data.platforms.find(
    (row) => row.os === os && row.libc === libc && canonicalArchitecture(row) === canonical,
  );
}

function canonicalArchitecture(row: DataRow): string | undefined {
  return Object.entries(data.architectures).find(([, spellings]) =>
    spellings.includes(row.arch),
  )?.[0];
}

function usual(row: DataRow | undefined): PlatformRow | null {
  return row === undefined ? null : toPlatform(row, usualLevel(row));
}

function usualLevel(row: DataRow): Level | null {
  return row.usual === undefined ? null : parseLevel(row.usual);
}

/** A level newer than any known is accepted: distributions move on before the table does. */
function atLevel(row: DataRow | undefined, level: Level): PlatformRow | null {
  if (row?.oldest === undefined) return null;
  const oldest = parseLevel(row.oldest);
  const isOlder =
    level.major < oldest.major || (level.major === oldest.major && level.minor < oldest.minor);
  // glibc and musl have kept their major number; macOS has not.
  const isOther = row.os === 'linux' && level.major !== oldest.major;
  return isOlder || isOther ? null : toPlatform(row, level);
}

function parseLevel(text: string): Level {
  const [major, minor] = text.split('_');
  return { major: Number(major), minor: Number(minor) };
}

function levelNames(row: DataRow): readonly string[] {
  if (row.os !== 'linux' || row.oldest === undefined || row.newest === undefined) return [];
  const family = row.libc === 'musl' ? 'musllinux' : 'manylinux';
  const { major, minor: last } = parseLevel(row.newest);
  // Below 2.17 no supported system is left: those names work, and are not offered.
  const first = Math.max(parseLevel(row.oldest).minor, family === 'manylinux' ? 17 : 1);
  return Array.from(
    { length: last - first + 1 },
    (_, index) => `${row.arch}-${family}_${major}_${first + index}`,
  );
}

// ---------------------------------------------------------------------------------------------------------------------
// Rows

function toPlatform(row: DataRow, level: Level | null): PlatformRow {
  const os = toSystem(row.os);
  return {
    name: nameOf(row, os, level),
    os,
    arch: row.arch,
    libc: row.libc === 'glibc' || row.libc === 'musl' ? row.libc : null,
    platformTag: tagOf(row, os, level),
    markers: {
      ...data.systems[os],
      platform_machine: row.machine,
      platform_release: '',
      platform_version: '',
    },
  };
}

function toSystem(os: string): TargetEnvironment['os'] {
  return os === 'macos' || os === 'windows' ? os : 'linux';
}

function tagOf(row: DataRow, os: TargetEnvironment['os'], level: Level | null): string {
  if (level === null) return row.tag ?? '';
  if (os === 'macos') return `macosx_${level.major}_${level.minor}_${row.arch}`;
  return `${row.libc === 'musl' ? 'musl' : 'many'}linux_${level.major}_${level.minor}_${row.arch}`;
}

function nameOf(row: DataRow, os: TargetEnvironment['os'], level: Level | null): string {
  const tag = tagOf(row, os, level);
  if (os === 'linux') return `${row.arch}-${tag.slice(0, -row.arch.length - 1)}`;
  return tag === tagOf(row, os, usualLevel(row)) ? (row.triples[0] ?? tag) : tag;
}
