/**
 * What all lock formats have in common: exact versions, some for certain targets only.
 *
 * Beside its manifest a lock says which versions, and the manifest what is wanted: the pins become constraints on the
 * manifest's requirements, so that extras and groups work and a package that left the manifest is not counted. Alone, a lock
 * is the list of all it pins.
 */
import type { DeclaredRequirement, ParsedInput, SourceLocation, Warning } from '../types.ts';
import { declareRequirement } from './declare.ts';
import { folderOf } from './file-access.ts';
import type { InputFile } from './input.ts';

/** One package of a lock. */
export interface LockedPackage {
  readonly name: string;
  readonly version: string;
  /** PEP 508, null where it holds for every target. */
  readonly marker: string | null;
  readonly place: SourceLocation;
}

/** What a lock says besides its packages. */
export interface LockFacts {
  readonly kind: string;
  readonly requiresPython: string | null;
  readonly warnings: readonly Warning[];
}

/** The parsed input of a lock. Packages from elsewhere than an index are left to the manifest, which names them. */
export function toLockInput(
  file: InputFile,
  packages: readonly LockedPackage[],
  facts: LockFacts,
): ParsedInput {
  const warnings: Warning[] = [...file.warnings, ...facts.warnings];
  const pins: DeclaredRequirement[] = [];
  for (const { name, version, marker, place } of packages) {
    const text = `${name}==${version}${marker === null ? '' : ` ; ${marker}`}`;
    const pin = declareRequirement({ text, folder: folderOf(file.path), at: () => place });
    warnings.push(...pin.warnings);
    if (pin.declared !== null) pins.push(pin.declared);
  }
  return {
    path: file.path,
    kind: facts.kind,
    role: 'prod',
    locked: true,
    groups: [{ kind: 'main', name: null, role: 'prod', requirements: pins }],
    constraints: pins,
    overrides: [],
    options: {},
    includes: [],
    projectName: null,
    requiresPython: facts.requiresPython,
    warnings,
  };
}

/** A lock that cannot be used: no groups, and why. */
export function unusableLock(file: InputFile, kind: string, warning: Warning): ParsedInput {
  const empty = toLockInput(file, [], {
    kind,
    requiresPython: null,
    warnings: [{ ...warning, severity: 'error' }],
  });
  return { ...empty, groups: [], constraints: [] };
}

/** `(a) or (b)` of several markers, null where there is none. */
export function anyMarker(markers: readonly string[]): string | null {
  if (markers.length < 2) return markers[0] ?? null;
  return markers.map((marker) => `(${marker})`).join(' or ');
}

/** Lines of the headers `[[name]]`, in order: parsing for places would cost more than the whole lock. */
export function findTableLines(text: string, name: string): readonly number[] {
  const lines: number[] = [];
  let line = 1;
  let start = 0;
  const header = `[[${name}]]`;
  for (let end = text.indexOf('\n'); start <= text.length; end = text.indexOf('\n', start)) {
    if (text.startsWith(header, start)) lines.push(line);
    if (end === -1) break;
    start = end + 1;
    line += 1;
  }
  return lines;
}
