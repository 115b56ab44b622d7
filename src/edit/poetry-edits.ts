/** Edits of Poetry's own tables: pairs instead of requirement strings, extras that name dependencies. */
import { findTomlPositions } from '../inputs/toml-positions.ts';
import { normalizeName } from '../pep/name.ts';
import { formatSpecifiers } from '../pep/specifier.ts';
import type { DeclaredRequirement, DistributionName, Requirement } from '../types.ts';
import { quote, takeElements } from './toml-array.ts';
import { elementsOf, type TomlKeys } from './toml-lines.ts';
import { formatKey } from './toml-table.ts';

const extrasTable = ['tool', 'poetry', 'extras'];

/** A requirement as a pair: `name = ">=1,<2"`, with extras or a marker as a table. */
export function toPoetryPair({
  displayName,
  specifiers,
  extras,
  markerText,
  url,
}: Requirement): string {
  const version = specifiers.length === 0 ? '*' : formatSpecifiers(specifiers);
  const parts = [
    url === null ? `version = ${quote(version)}` : `url = ${quote(url)}`,
    ...(extras.length === 0 ? [] : [`extras = [${extras.map(quote).join(', ')}]`]),
    ...(markerText === null ? [] : [`markers = ${quote(singleQuoted(markerText))}`]),
  ];
  const isPlain = parts.length === 1 && url === null;
  return `${formatKey(displayName)} = ${isPlain ? quote(version) : `{ ${parts.join(', ')} }`}`;
}

/** Texts of a marker may stand in either quotes. */
function singleQuoted(marker: string): string {
  return marker.includes("'") ? marker : marker.replaceAll('"', "'");
}

/** Takes names out of every extra: one that names what is no dependency is an error to Poetry. */
export function dropFromPoetryExtras(before: string, names: readonly DistributionName[]): string {
  let text = before;
  for (const { path } of findTomlPositions(before).pairsOf(extrasTable)) {
    const indexes = new Set(
      elementsOf(findTomlPositions(text), path)
        .filter(({ value, end }) => names.includes(memberName(text.slice(value, end))))
        .map((element) => element.path.at(-1) ?? ''),
    );
    if (indexes.size > 0) text = takeElements(text, path, indexes).text;
  }
  return text;
}

function memberName(token: string): DistributionName {
  return normalizeName(token.slice(1, -1).replace(/[[(<>=!~; ].*$/s, ''));
}

/** Marks dependencies as optional where they stand; those that are written over several tables are left. */
export function makeOptional(
  before: string,
  requirements: readonly DeclaredRequirement[],
): { readonly text: string; readonly left: readonly DeclaredRequirement[] } {
  let text = before;
  const left: DeclaredRequirement[] = [];
  for (const declared of requirements) {
    const path = pairOf(text, declared.requirement.name);
    const span = path === null ? null : findTomlPositions(text).spanOf(path);
    const value = span === null ? '' : text.slice(span.value, span.end);
    const optional = asOptional(value);
    if (span === null || optional === null) left.push(declared);
    else text = text.slice(0, span.value) + optional + text.slice(span.end);
  }
  return { text, left };
}

function pairOf(text: string, name: DistributionName): TomlKeys | null {
  const table = ['tool', 'poetry', 'dependencies'];
  const pairs = findTomlPositions(text).pairsOf(table);
  return (
    pairs.find(({ path }) => path.length === 4 && normalizeName(path[3] ?? '') === name)?.path ??
    null
  );
}

function asOptional(value: string): string | null {
  if (/^(?:"[^"\n]*"|'[^'\n]*')$/.test(value)) return `{ version = ${value}, optional = true }`;
  if (!value.startsWith('{') || /\boptional\b/.test(value)) return null;
  const inner = value.slice(1, -1).trimEnd();
  return `{${inner}${inner.endsWith(',') ? '' : ','} optional = true }`;
}
