/**
 * `[tool.poetry]`: dependencies by name, groups, extras and sources, as PEP 508 requirements.
 *
 * Traps: `python` is no dependency; with `[project]` the main table only adds to what `[project]` says (Poetry 2); an extra is a
 * list of names out of the main table.
 */
import { normalizeExtra, normalizeName } from '../pep/name.ts';
import { defaultIndexMark } from '../package-index/default-index.ts';
import type { DeclaredRequirement, DistributionName, IndexOptions } from '../types.ts';
import type { GroupItem } from './dependency-groups.ts';
import { convertPoetryConstraint } from './poetry-constraint.ts';
import { readPoetryEntry, type PoetryEntry } from './poetry-dependency.ts';
import { quoteText } from './quote.ts';
import {
  reject,
  toItems,
  warnOfType,
  type PythonText,
  type TomlReading,
} from './toml-requirements.ts';
import { arrayOf, field, isTable, textOf, textsOf, type TomlPath, type TomlTable } from './toml.ts';

/** What the tables of Poetry declare. */
export interface PoetryTables {
  readonly main: readonly DeclaredRequirement[];
  /** There is a table of them at all. */
  readonly hasMain: boolean;
  /** By name as written: extras of `[tool.poetry.extras]`. */
  readonly extras: ReadonlyMap<string, readonly DeclaredRequirement[]>;
  readonly groups: ReadonlyMap<string, readonly GroupItem[]>;
  readonly python: PythonText | null;
  readonly name: string | null;
  readonly options: IndexOptions;
  /** By name: what the main table says once of it, which in Poetry 2 adds to what `[project]` declares. */
  readonly additions: ReadonlyMap<DistributionName, DeclaredRequirement>;
}

/** Reads `[tool.poetry]`; null where there is none. */
export function readPoetryTables(reading: TomlReading): PoetryTables | null {
  const poetry = field(reading.document.root, 'tool', 'poetry');
  if (!isTable(poetry)) return null;
  const sources = readSources(poetry);
  const main = readTable(reading, ['tool', 'poetry', 'dependencies'], sources.explicit);
  const groups = new Map<string, readonly GroupItem[]>();
  const legacy = readTable(reading, ['tool', 'poetry', 'dev-dependencies'], sources.explicit);
  if (legacy.length > 0) groups.set('dev', toItems(legacy.map(({ declared }) => declared)));
  for (const [name, group] of Object.entries(tableOr(field(poetry, 'group')))) {
    if (!isTable(group)) continue;
    const path = ['tool', 'poetry', 'group', name];
    const entries = readTable(reading, [...path, 'dependencies'], sources.explicit);
    groups.set(name, [
      ...(groups.get(name) ?? []),
      ...toItems(entries.map(({ declared }) => declared)),
      ...readIncludes(reading, [...path, 'include-groups'], field(group, 'include-groups')),
    ]);
  }
  return {
    main: main.filter(({ optional }) => !optional).map(({ declared }) => declared),
    hasMain: field(poetry, 'dependencies') !== undefined,
    extras: readExtras(reading, poetry, main),
    groups,
    python: readPython(reading, poetry),
    name: textOf(field(poetry, 'name')),
    options: sources.options,
    additions: additionsOf(main),
  };
}

// Entries for several Pythons say nothing that goes for all of them.
function additionsOf(main: readonly PoetryEntry[]): PoetryTables['additions'] {
  const additions = new Map<DistributionName, DeclaredRequirement>();
  const several = new Set<DistributionName>();
  for (const { declared } of main) {
    const { name } = declared.requirement;
    if (additions.has(name)) several.add(name);
    additions.set(name, declared);
  }
  for (const name of several) additions.delete(name);
  return additions;
}

function tableOr(value: unknown): TomlTable {
  return isTable(value) ? value : {};
}

function readIncludes(
  { document }: TomlReading,
  path: TomlPath,
  value: unknown,
): readonly GroupItem[] {
  return (textsOf(value) ?? []).map((name, index) => ({
    kind: 'include',
    name: normalizeExtra(name),
    location: document.at([...path, index]),
  }));
}

function readPython(reading: TomlReading, poetry: TomlTable): PoetryTables['python'] {
  const python = field(poetry, 'dependencies', 'python');
  const text = textOf(python) ?? textOf(field(python, 'version'));
  if (text === null) return null;
  const location = reading.document.at(['tool', 'poetry', 'dependencies', 'python']);
  return { text: convertPoetryConstraint(text).specifiers, location };
}

function readTable(
  reading: TomlReading,
  path: TomlPath,
  explicit: ReadonlyMap<string, string>,
): readonly PoetryEntry[] {
  const names = path.filter((part) => typeof part === 'string');
  const table = field(reading.document.root, ...names);
  if (table === undefined) return [];
  if (!isTable(table)) {
    warnOfType(reading, path, 'a table', table);
    return [];
  }
  const entries: PoetryEntry[] = [];
  for (const [name, value] of Object.entries(table)) {
    if (name === 'python') continue;
    const several: readonly unknown[] = Array.isArray(value) ? value : [value];
    for (const [index, one] of several.entries()) {
      const at = Array.isArray(value) ? [...path, name, index] : [...path, name];
      const entry = readPoetryEntry(reading, at, { name, value: one, explicit });
      if (entry !== null) entries.push(entry);
    }
  }
  return entries;
}

function readExtras(
  reading: TomlReading,
  poetry: TomlTable,
  main: readonly PoetryEntry[],
): PoetryTables['extras'] {
  const extras = new Map<string, readonly DeclaredRequirement[]>();
  for (const [name, value] of Object.entries(tableOr(field(poetry, 'extras')))) {
    const members = textsOf(value);
    if (members === null) {
      warnOfType(reading, ['tool', 'poetry', 'extras', name], 'an array of names', value);
      continue;
    }
    const found: DeclaredRequirement[] = [];
    for (const [index, member] of members.entries()) {
      const wanted = normalizeName(member.replace(/[[(<>=!~; ].*$/s, ''));
      const entries = main.filter(({ declared }) => declared.requirement.name === wanted);
      if (entries.length === 0) {
        reject(
          reading,
          ['tool', 'poetry', 'extras', name, index],
          `the extra ${quoteText(normalizeExtra(name))} names ${quoteText(member)}, which is no dependency`,
        );
      }
      found.push(...entries.map(({ declared }) => declared));
    }
    extras.set(name, found);
  }
  return extras;
}

/** Sources by name, in lower case, and what they mean for names that choose none. */
interface PoetrySources {
  readonly explicit: ReadonlyMap<string, string>;
  readonly options: IndexOptions;
}

// A source without priority, or with `primary` or `default`, takes the place of PyPI; `explicit` ones serve who names them.
// PyPI may be listed by its name alone, and has its place in the order then.
function readSources(poetry: TomlTable): PoetrySources {
  const explicit = new Map<string, string>();
  const names: (readonly [string, string])[] = [];
  const primary: string[] = [];
  const later: string[] = [];
  for (const source of arrayOf(field(poetry, 'source'))) {
    const name = textOf(field(source, 'name'));
    const isDefault = name?.toLowerCase() === 'pypi';
    const url = textOf(field(source, 'url')) ?? (isDefault ? defaultIndexMark : null);
    if (name === null || url === null) continue;
    explicit.set(name.toLowerCase(), url);
    names.push([url, name]);
    const priority =
      textOf(field(source, 'priority'))?.toLowerCase() ??
      (field(source, 'secondary') === true ? 'secondary' : 'primary');
    if (priority === 'default') primary.unshift(url);
    else if (priority === 'primary') primary.push(url);
    else if (priority === 'secondary' || priority === 'supplemental') later.push(url);
  }
  const [indexUrl, ...others] = primary;
  const laterIndexUrls = [...others, ...later];
  const options = {
    ...(indexUrl === undefined ? {} : { indexUrl }),
    ...(laterIndexUrls.length === 0 ? {} : { laterIndexUrls }),
    ...(names.length === 0 ? {} : { indexNames: Object.fromEntries(names) }),
  };
  return { explicit, options };
}
