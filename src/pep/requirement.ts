/**
 * Requirements (PEP 508).
 *
 * Traps:
 * - A URL ends at white space only: `a @ https://index.test/a.zip; os_name == "nt"` is an error, ` ;` is not.
 * - Specifiers may stand in parentheses, and a trailing comma is allowed: `a (>=1,)`.
 * - A name may end in `_` for a parser, though no index accepts it.
 * - `===` takes everything up to white space, `;` or `)`.
 * The reader goes over the text once and never back: no input takes more than linear time.
 */
import type { Marker, Requirement, Specifier } from '../types.ts';
import { formatMarker, parseMarkerAt } from './marker.ts';
import { normalizeExtra, normalizeName } from './name.ts';
import { ParseError } from './parse-error.ts';
import { parseWithRepairs } from './repair.ts';
import { formatSpecifiers, parseClause } from './specifier.ts';

/** Parses one requirement; throws ParseError. With `repair` the malformations that uv tolerates are repaired. */
export function parseRequirement(
  text: string,
  options: { readonly repair?: boolean } = {},
): Requirement {
  return options.repair === true
    ? parseWithRepairs(text, parseStrictly).value
    : parseStrictly(text);
}

/** Like `parseRequirement` with `repair`, and says what was repaired: empty where nothing was. */
export function repairRequirement(text: string): {
  readonly requirement: Requirement;
  readonly repaired: readonly string[];
} {
  const { value, repaired } = parseWithRepairs(text, parseStrictly);
  return { requirement: value, repaired };
}

/** The requirement as text: normalised name and extras, sorted specifiers, ` ; ` before a marker after a URL. */
export function formatRequirement(requirement: Requirement): string {
  const extras = requirement.extras.length === 0 ? '' : `[${requirement.extras.join(',')}]`;
  const url = requirement.url === null ? '' : ` @ ${requirement.url}`;
  const marker =
    requirement.marker === null
      ? ''
      : `${url === '' ? '' : ' '}; ${formatMarker(requirement.marker)}`;
  return requirement.name + extras + formatSpecifiers(requirement.specifiers) + url + marker;
}

interface Reader {
  readonly text: string;
  index: number;
}

function parseStrictly(text: string): Requirement {
  const reader: Reader = { text, index: 0 };
  skipSpace(reader);
  const displayName = readName(reader, 'Expected the name of a distribution');
  skipSpace(reader);
  const extras = readExtras(reader);
  skipSpace(reader);
  const url = readUrl(reader);
  const specifiers = url === null ? readSpecifiers(reader) : [];
  const marker = readMarker(reader, url !== null, specifiers.length > 0);
  return {
    name: normalizeName(displayName),
    displayName,
    extras: [...new Set(extras.map(normalizeExtra))].toSorted(),
    specifiers,
    url,
    marker,
    markerText: marker === null ? null : formatMarker(marker),
  };
}

function readName(reader: Reader, expected: string): string {
  const start = reader.index;
  let end = start;
  while (isNameCode(reader.text.charCodeAt(end))) end += 1;
  // A name ends in a letter, digit or underscore: what follows belongs to the next token.
  while (
    end > start &&
    (reader.text.charAt(end - 1) === '-' || reader.text.charAt(end - 1) === '.')
  )
    end -= 1;
  const name = reader.text.slice(start, end);
  if (!/^[a-z0-9]/i.test(name)) throw new ParseError(expected, start);
  reader.index = end;
  return name;
}

function readExtras(reader: Reader): readonly string[] {
  if (reader.text.charAt(reader.index) !== '[') return [];
  const opening = reader.index;
  const extras: string[] = [];
  reader.index += 1;
  skipSpace(reader);
  while (reader.text.charAt(reader.index) !== ']' || extras.length > 0) {
    extras.push(readName(reader, 'Expected the name of an extra'));
    skipSpace(reader);
    const next = reader.text.charAt(reader.index);
    if (next === ']') break;
    if (next === '') throw new ParseError('Expected `]` for this bracket', opening);
    if (next !== ',')
      throw new ParseError('Expected `,` or `]` after the name of an extra', reader.index);
    reader.index += 1;
    skipSpace(reader);
  }
  reader.index += 1;
  return extras;
}

function readUrl(reader: Reader): string | null {
  if (reader.text.charAt(reader.index) !== '@') return null;
  reader.index += 1;
  skipSpace(reader);
  const start = reader.index;
  while (reader.index < reader.text.length && !isSpaceAt(reader, reader.index)) reader.index += 1;
  if (reader.index === start) throw new ParseError('Expected a URL after `@`', start);
  return reader.text.slice(start, reader.index);
}

function readSpecifiers(reader: Reader): readonly Specifier[] {
  const opening = reader.index;
  const isParenthesized = reader.text.charAt(opening) === '(';
  if (isParenthesized) reader.index += 1;
  const specifiers: Specifier[] = [];
  skipSpace(reader);
  while (isOperatorAt(reader)) {
    const start = reader.index;
    const end = endOfClause(reader);
    specifiers.push(parseClause(reader.text, start, end));
    reader.index = end;
    skipSpace(reader);
    if (reader.text.charAt(reader.index) !== ',') break;
    reader.index += 1;
    skipSpace(reader);
  }
  if (isParenthesized) {
    if (reader.text.charAt(reader.index) !== ')')
      throw new ParseError('Expected `)` for this parenthesis', opening);
    reader.index += 1;
  }
  return specifiers;
}

/** Past the operator, the space after it, and all that can be part of a version. */
function endOfClause(reader: Reader): number {
  const { text } = reader;
  let end = reader.index;
  while ('=<>!~'.includes(text.charAt(end)) && end < text.length) end += 1;
  const isArbitrary = text.startsWith('===', reader.index);
  while (isSpaceAt(reader, end)) end += 1;
  while (end < text.length && (isArbitrary ? isArbitraryAt(text, end) : isVersionAt(text, end)))
    end += 1;
  return end;
}

function readMarker(reader: Reader, isUrl: boolean, hasSpecifiers: boolean): Marker | null {
  skipSpace(reader);
  if (reader.index >= reader.text.length) return null;
  if (reader.text.charAt(reader.index) !== ';')
    throw new ParseError(expectedHere(isUrl, hasSpecifiers), reader.index);
  return parseMarkerAt(reader.text, reader.index + 1);
}

function expectedHere(isUrl: boolean, hasSpecifiers: boolean): string {
  if (isUrl) return 'Expected ` ;` and a marker, or the end, after the URL';
  if (hasSpecifiers) return 'Expected `,` and another specifier, `;` and a marker, or the end';
  return 'Expected a version specifier, `@` and a URL, `;` and a marker, or the end';
}

function isOperatorAt(reader: Reader): boolean {
  const character = reader.text.charAt(reader.index);
  return character !== '' && '=<>!~'.includes(character);
}

function isVersionAt(text: string, index: number): boolean {
  const code = text.charCodeAt(index);
  return isNameCode(code) || code === 43 || code === 33 || code === 42;
}

function isArbitraryAt(text: string, index: number): boolean {
  return !/[\s;),]/.test(text.charAt(index));
}

/** Letters, digits, `-`, `.`, `_`. */
function isNameCode(code: number): boolean {
  return (
    (code >= 97 && code <= 122) ||
    (code >= 65 && code <= 90) ||
    (code >= 48 && code <= 57) ||
    code === 45 ||
    code === 46 ||
    code === 95
  );
}

function isSpaceAt(reader: Reader, index: number): boolean {
  const character = reader.text.charAt(index);
  return character === ' ' || character === '\t';
}

function skipSpace(reader: Reader): void {
  while (isSpaceAt(reader, reader.index)) reader.index += 1;
}
