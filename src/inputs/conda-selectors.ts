/**
 * Platform selectors of environment.yml: `# [win]` behind an entry for conda-lock, `sel(win):` before it for micromamba. Conda
 * itself ignores them and fails on a package that its platform lacks, so they say what is meant.
 */
import { parseMarker } from '../pep/marker.ts';
import type { Marker } from '../types.ts';

/** Platforms as conda-lock and micromamba name them, as markers. */
const selectors: Readonly<Record<string, string>> = {
  linux: "sys_platform == 'linux'",
  linux64: "sys_platform == 'linux' and platform_machine == 'x86_64'",
  aarch64: "sys_platform == 'linux' and platform_machine == 'aarch64'",
  ppc64le: "sys_platform == 'linux' and platform_machine == 'ppc64le'",
  osx: "sys_platform == 'darwin'",
  osx64: "sys_platform == 'darwin' and platform_machine == 'x86_64'",
  arm64: "sys_platform == 'darwin' and platform_machine == 'arm64'",
  win: "sys_platform == 'win32'",
  win64: "sys_platform == 'win32'",
  unix: "sys_platform != 'win32'",
  'not win': "sys_platform != 'win32'",
  'not linux': "sys_platform != 'linux'",
  'not osx': "sys_platform != 'darwin'",
};

/** The marker of a selector in a comment (`# [win]`); null for none, and for other words in brackets, which are remarks. */
export function readSelector(comment: string): Marker | null {
  const word = /\[\s*([a-z\d]+(?:\s+[a-z\d]+)?)\s*\]/i.exec(comment)?.[1] ?? '';
  const key = word.toLowerCase().replace(/\s+/, ' ');
  const text = Object.hasOwn(selectors, key) ? selectors[key] : undefined;
  return text === undefined ? null : parseMarker(text);
}

/** Both markers have to hold; null always does. */
export function joinMarkers(left: Marker | null, right: Marker | null): Marker | null {
  if (left === null || right === null) return left ?? right;
  return { kind: 'and', operands: [left, right] };
}
