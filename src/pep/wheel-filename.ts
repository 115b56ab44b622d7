/**
 * File names of wheels (PEP 427, 491, compressed tag sets of PEP 425).
 *
 * Traps:
 * - Five parts or six: the third of six is the build tag, which begins with a digit and only breaks ties.
 * - Each tag part is a set: `py2.py3-none-any` is two tags.
 * - The name is escaped: `_` stands for `-`, `.` and `_` alike. Doubled underscores occur, as in uv they are accepted.
 */
import type { DistributionName } from '../types.ts';
import { normalizeName } from './name.ts';
import { parseVersion } from './version.ts';

/** What the name of a wheel says. Tags are lower case. */
export interface WheelFilename {
  readonly name: DistributionName;
  /** Normalised. */
  readonly version: string;
  /** Leading number and the rest, null where there is no build tag. */
  readonly build: readonly [number, string] | null;
  readonly pythons: readonly string[];
  readonly abis: readonly string[];
  readonly platforms: readonly string[];
}

/** Reads the file name of a wheel; null for what is none. */
export function parseWheelFilename(filename: string): WheelFilename | null {
  if (!filename.endsWith('.whl')) return null;
  const parts = filename.slice(0, -4).split('-');
  if (parts.length !== 5 && parts.length !== 6) return null;
  const [name = '', versionText = ''] = parts;
  const [python = '', abi = '', platform = ''] = parts.slice(-3);
  const version = parseVersion(versionText);
  const build = parts.length === 6 ? parseBuild(parts[2] ?? '') : null;
  const pythons = parseTagSet(python);
  const abis = parseTagSet(abi);
  const platforms = parseTagSet(platform);
  if (!isEscapedName(name) || version === null || /\s/.test(versionText)) return null;
  if (pythons === null || abis === null || platforms === null) return null;
  if (build === null && parts.length === 6) return null;
  return { name: normalizeName(name), version: version.text, build, pythons, abis, platforms };
}

/** The three sets of tags in the name of a wheel, as they stand there. */
export function tagTextOf(filename: string): string {
  const end = filename.endsWith('.whl') ? filename.length - 4 : filename.length;
  let start = end;
  for (let sets = 0; sets < 3 && start > 0; sets++) start = filename.lastIndexOf('-', start - 1);
  return filename.slice(start + 1, end);
}

/** Order of build tags, a higher one better: none, then by number, then by the rest. */
export function compareBuilds(left: WheelFilename['build'], right: WheelFilename['build']): number {
  if (left === null || right === null) return (left === null ? 0 : 1) - (right === null ? 0 : 1);
  if (left[0] !== right[0]) return left[0] - right[0];
  if (left[1] === right[1]) return 0;
  return left[1] < right[1] ? -1 : 1;
}

function isEscapedName(name: string): boolean {
  return /^[a-z0-9_.]+$/i.test(name) || /^[\p{L}\p{N}_.]+$/u.test(name);
}

function parseBuild(text: string): readonly [number, string] | null {
  const match = /^(\d+)([a-z0-9_.]*)$/i.exec(text);
  return match === null ? null : [Number(match[1]), match[2] ?? ''];
}

function parseTagSet(text: string): readonly string[] | null {
  const tags = text.toLowerCase().split('.');
  return tags.every((tag) => /^[a-z0-9_]+$/.test(tag)) ? tags : null;
}
