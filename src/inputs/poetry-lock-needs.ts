/**
 * What a package of a poetry.lock needs. An optional need is one of an extra: its marker names that, and in locks that are
 * too old for such markers the table `extras` of the package does.
 */
import { normalizeExtra, normalizeName } from '../pep/name.ts';
import type { LockedDependency } from '../types.ts';
import { convertPoetryConstraint, poetryPythonMarker } from './poetry-constraint.ts';
import { field, isTable, textOf, textsOf } from './toml.ts';

/** The needs of an entry; one name may be needed several times, under markers. */
export function readPoetryNeeds(entry: unknown): readonly LockedDependency[] {
  const table = field(entry, 'dependencies');
  if (!isTable(table)) return [];
  const extras = readExtras(entry);
  return Object.entries(table).flatMap(([written, value]) => {
    const name = normalizeName(written);
    const several: readonly unknown[] = Array.isArray(value) ? value : [value];
    return several.map((one) => toNeed(name, one, extras));
  });
}

/** Extras by what they bring in. */
type ExtrasByName = ReadonlyMap<string, readonly string[]>;

function readExtras(entry: unknown): ExtrasByName {
  const table = field(entry, 'extras');
  const extras = new Map<string, string[]>();
  for (const [extra, members] of isTable(table) ? Object.entries(table) : []) {
    for (const member of textsOf(members) ?? []) {
      const name = normalizeName(member.replace(/[[(<>=!~; ].*$/s, ''));
      extras.set(name, [...(extras.get(name) ?? []), normalizeExtra(extra)]);
    }
  }
  return extras;
}

function toNeed(
  name: LockedDependency['name'],
  value: unknown,
  extras: ExtrasByName,
): LockedDependency {
  const marker = textOf(field(value, 'markers'));
  const python = textOf(field(value, 'python'));
  const constraint = textOf(value) ?? textOf(field(value, 'version')) ?? '*';
  const isOfExtra = /\bextra\b/.test(marker ?? '');
  const optional = field(value, 'optional') === true || isOfExtra;
  return {
    name,
    extras: textsOf(field(value, 'extras')) ?? [],
    specifier: convertPoetryConstraint(constraint).specifiers,
    marker: marker ?? (python === null ? null : poetryPythonMarker(python)),
    optional,
    ...(optional && !isOfExtra ? { neededBy: extras.get(name) ?? [] } : {}),
  };
}
