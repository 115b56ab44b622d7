/**
 * Core metadata (METADATA of a wheel, PKG-INFO of an sdist): the headers that resolution needs.
 *
 * Traps:
 * - The headers end at the first empty line; a line of blanks only continues the value before it.
 * - Field names have no fixed case, values may be folded over lines, and `UNKNOWN` means that there is none.
 * - Requires-Dist of old releases is often malformed: it is repaired as uv does, and what cannot be is skipped and said.
 * - The description after the headers can be megabytes: it is never looked at.
 */
import type { CoreMetadata, DistributionName, Requirement } from '../types.ts';
import { isValidName, normalizeExtra, normalizeName } from './name.ts';
import { ParseError } from './parse-error.ts';
import { repairRequirement } from './requirement.ts';

/** Core metadata with what tells whether an sdist's copy can be trusted (PEP 643). */
export interface ParsedMetadata extends CoreMetadata {
  readonly name: DistributionName;
  /** `2.1`; null where the file does not say. */
  readonly metadataVersion: string | null;
  /** Names of the fields that a build may change, as written. */
  readonly dynamic: readonly string[];
}

/** The headers that are kept, by lower-case name. */
interface Headers {
  readonly first: ReadonlyMap<string, string>;
  readonly requiresDist: readonly string[];
  readonly providesExtra: readonly string[];
  readonly dynamic: readonly string[];
}

/** Reads the headers of a metadata file; throws ParseError where Name or Version is missing. */
export function parseMetadata(text: string): ParsedMetadata {
  const headers = readHeaders(text);
  const repairs: string[] = [];
  const requiresDist = parseRequirements(headers.requiresDist, repairs);
  const unreadable = headers.requiresDist.length - requiresDist.length;
  return {
    name: normalizeName(required(headers, 'name', 'Name')),
    version: required(headers, 'version', 'Version'),
    metadataVersion: headers.first.get('metadata-version') ?? null,
    requiresPython: headers.first.get('requires-python') ?? null,
    requiresDist,
    providesExtras: parseExtras(headers.providesExtra, repairs),
    dynamic: headers.dynamic,
    repairs,
    ...(unreadable === 0 ? {} : { unreadable }),
  };
}

function required(headers: Headers, key: string, field: string): string {
  const value = headers.first.get(key);
  if (value === undefined) throw new ParseError(`Expected a ${field} field in the metadata`, 0);
  return value;
}

function parseRequirements(values: readonly string[], repairs: string[]): readonly Requirement[] {
  const requirements: Requirement[] = [];
  for (const value of values) {
    try {
      const { requirement, repaired } = repairRequirement(value);
      requirements.push(requirement);
      if (repaired.length > 0)
        repairs.push(`Requires-Dist \`${shown(value)}\` was repaired by ${repaired.join(', ')}`);
    } catch (error) {
      if (!(error instanceof ParseError)) throw error;
      repairs.push(`Requires-Dist \`${shown(value)}\` was skipped: ${shown(error.message)}`);
    }
  }
  return requirements;
}

/** What a sentence quotes of a line that may be megabytes long. */
function shown(value: string): string {
  return value.length > 120 ? `${value.slice(0, 119)}…` : value;
}

function parseExtras(values: readonly string[], repairs: string[]): readonly string[] {
  const extras = new Set<string>();
  for (const value of values) {
    if (isValidName(value)) extras.add(normalizeExtra(value));
    else
      repairs.push(`Provides-Extra \`${shown(value)}\` was skipped: Expected the name of an extra`);
  }
  return [...extras];
}

function readHeaders(text: string): Headers {
  const first = new Map<string, string>();
  const requiresDist: string[] = [];
  const providesExtra: string[] = [];
  const dynamic: string[] = [];
  for (const [name, value] of headerLines(text)) {
    if (value === '' || value === 'UNKNOWN') continue;
    if (name === 'requires-dist') requiresDist.push(value);
    else if (name === 'provides-extra') providesExtra.push(value);
    else if (name === 'dynamic') dynamic.push(value);
    else if (!first.has(name)) first.set(name, value);
  }
  return { first, requiresDist, providesExtra, dynamic };
}

/** The headers of interest, in order, with folded lines joined. */
function headerLines(text: string): readonly (readonly [name: string, value: string])[] {
  const headers: Header[] = [];
  let current: Header | null = null;
  let start = text.charCodeAt(0) === 0xfeff ? 1 : 0;
  while (start < text.length) {
    const newline = text.indexOf('\n', start);
    const lineEnd = newline === -1 ? text.length : newline;
    const line = text.slice(
      start,
      lineEnd > start && text.charCodeAt(lineEnd - 1) === 13 ? lineEnd - 1 : lineEnd,
    );
    if (line === '') break;
    if (line.startsWith(' ') || line.startsWith('\t')) {
      current?.lines.push(line.trim());
    } else {
      current = readHeader(line);
      if (current !== null) headers.push(current);
    }
    start = lineEnd + 1;
  }
  return headers.map((header) => [header.name, header.lines.join(' ').trim()] as const);
}

interface Header {
  readonly name: string;
  readonly lines: string[];
}

/** null for a line without a name, and for a field that resolution does not need. */
function readHeader(line: string): Header | null {
  const colon = line.indexOf(':');
  if (colon === -1) return null;
  const name = line.slice(0, colon).trimEnd().toLowerCase();
  return isNeeded(name) ? { name, lines: [line.slice(colon + 1).trim()] } : null;
}

function isNeeded(name: string): boolean {
  switch (name) {
    case 'metadata-version':
    case 'name':
    case 'version':
    case 'requires-python':
    case 'requires-dist':
    case 'provides-extra':
    case 'dynamic':
      return true;
    default:
      return false;
  }
}
