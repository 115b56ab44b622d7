/**
 * Requirements as setuptools writes them: `requires.txt` of an egg-info folder, and `setup.cfg`.
 *
 * Traps:
 * - A heading of `requires.txt` is `[extra]`, `[extra:marker]` or `[:marker]`; lines before the first one are for all.
 * - `install_requires` in setup.cfg may be lines or separated by `;`, so that a marker is only safe on lines.
 * - `file:` and `attr:` values of setup.cfg are read at build time: not static.
 */
import { isValidName, normalizeExtra } from '../pep/name.ts';
import { ParseError } from '../pep/parse-error.ts';
import { repairRequirement } from '../pep/requirement.ts';
import type { Requirement } from '../types.ts';

/** Requirements for every extra, the extras, and sentences about what was repaired or skipped. */
export interface StaticRequirements {
  readonly requiresDist: readonly Requirement[];
  readonly providesExtras: readonly string[];
  readonly repairs: readonly string[];
}

/** Requirements of one extra (null: of the distribution itself) as written, with a marker for all of them. */
export interface RequirementSection {
  readonly extra: string | null;
  readonly marker: string | null;
  readonly lines: readonly string[];
}

/** Puts sections into one list, with `extra == "name"` in the markers as core metadata has it. Bad lines are skipped and said. */
export function joinSections(sections: readonly RequirementSection[]): StaticRequirements {
  const requiresDist: Requirement[] = [];
  const extras = new Set<string>();
  const repairs: string[] = [];
  for (const section of sections) {
    const extra = section.extra === null ? null : normalizeExtra(section.extra);
    if (extra !== null && !isValidName(extra)) {
      repairs.push(`The extra \`${section.extra}\` was skipped: not a valid name`);
      continue;
    }
    if (extra !== null) extras.add(extra);
    for (const line of section.lines)
      addRequirement(line, extra, section.marker, { requiresDist, repairs });
  }
  return { requiresDist, providesExtras: [...extras].toSorted(), repairs };
}

function addRequirement(
  line: string,
  extra: string | null,
  marker: string | null,
  into: { readonly requiresDist: Requirement[]; readonly repairs: string[] },
): void {
  const { base, own } = splitMarker(line);
  const markers = [own, marker, extra === null ? null : `extra == "${extra}"`].filter(
    (part) => part !== null,
  );
  const joined =
    markers.length === 1 ? markers.join('') : markers.map((part) => `(${part})`).join(' and ');
  try {
    const { requirement, repaired } = repairRequirement(
      markers.length === 0 ? base : `${base} ; ${joined}`,
    );
    into.requiresDist.push(requirement);
    if (repaired.length > 0)
      into.repairs.push(`The requirement \`${line}\` was repaired by ${repaired.join(', ')}`);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    into.repairs.push(`The requirement \`${line}\` was skipped: ${error.message}`);
  }
}

/** A URL may hold a `;`: there the marker begins after white space. */
function splitMarker(line: string): { readonly base: string; readonly own: string | null } {
  const at = line.includes('@') && line.includes('://') ? line.search(/\s;/) : line.indexOf(';');
  if (at < 0) return { base: line.trim(), own: null };
  const own = line.slice(at).replace(/^\s*;/, '').trim();
  return { base: line.slice(0, at).trim(), own: own === '' ? null : own };
}

/** Reads `requires.txt` of an egg-info folder. */
export function parseRequiresText(text: string): StaticRequirements {
  const sections: { extra: string | null; marker: string | null; lines: string[] }[] = [
    { extra: null, marker: null, lines: [] },
  ];
  for (const line of text.split(/\r\n|\r|\n/)) {
    const content = line.trim();
    if (content === '' || content.startsWith('#')) continue;
    const heading = /^\[([^:\]]*)(?::(.*))?\]$/.exec(content);
    if (heading === null) {
      sections.at(-1)?.lines.push(content);
      continue;
    }
    const extra = (heading[1] ?? '').trim();
    const marker = (heading[2] ?? '').trim();
    sections.push({
      extra: extra === '' ? null : extra,
      marker: marker === '' ? null : marker,
      lines: [],
    });
  }
  return joinSections(sections);
}

/** What `setup.cfg` states about requirements. */
export interface SetupConfiguration extends StaticRequirements {
  readonly requiresPython: string | null;
  /** True when `install_requires` is there. */
  readonly hasRequirements: boolean;
}

/** Reads the static requirements of `setup.cfg`; null where they are read from elsewhere at build time. */
export function parseSetupConfiguration(text: string): SetupConfiguration | null {
  const sections = readSetupSections(text);
  const options = sections.get('options');
  const required = options?.get('install_requires') ?? null;
  const extras = [...(sections.get('options.extras_require') ?? [])];
  const values = [required ?? '', ...extras.map(([, value]) => value)];
  if (values.some((value) => /^\s*(?:file|attr):/.test(value))) return null;
  const joined = joinSections([
    { extra: null, marker: null, lines: listLines(required ?? '') },
    ...extras.map(([extra, value]) => ({ ...splitExtra(extra), lines: listLines(value) })),
  ]);
  return {
    ...joined,
    requiresPython: options?.get('python_requires')?.trim() || null,
    hasRequirements: required !== null,
  };
}

/** `security:python_version<"3"` as a key of extras_require. */
function splitExtra(key: string): Pick<RequirementSection, 'extra' | 'marker'> {
  const colon = key.indexOf(':');
  if (colon < 0) return { extra: key, marker: null };
  return { extra: colon === 0 ? null : key.slice(0, colon), marker: key.slice(colon + 1) };
}

/** Lines where the value has some, else parts between `;`. */
function listLines(value: string): readonly string[] {
  const parts = value.includes('\n') ? value.split('\n') : value.split(';');
  return parts.map((part) => part.replace(/(?:^|\s)#.*$/, '').trim()).filter((part) => part !== '');
}

/** Sections of an ini file as Python's configparser reads them: lower-case keys, indented lines continue a value. */
function readSetupSections(text: string): ReadonlyMap<string, ReadonlyMap<string, string>> {
  const sections = new Map<string, Map<string, string>>();
  let section = new Map<string, string>();
  let key: string | null = null;
  for (const line of text.split(/\r\n|\r|\n/)) {
    const content = line.trim();
    if (content === '' || content.startsWith('#') || content.startsWith(';')) continue;
    if (/^\s/.test(line) && key !== null) {
      section.set(key, `${section.get(key) ?? ''}\n${content}`);
      continue;
    }
    key = null;
    const heading = /^\[(.+)\]$/.exec(content);
    if (heading !== null) {
      section = sections.get(heading[1] ?? '') ?? new Map<string, string>();
      sections.set(heading[1] ?? '', section);
      continue;
    }
    const delimiter = content.search(/[=:]/);
    if (delimiter < 1) continue;
    key = content.slice(0, delimiter).trim().toLowerCase();
    section.set(key, content.slice(delimiter + 1).trim());
  }
  return sections;
}
