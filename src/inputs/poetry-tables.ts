/**
 * `[tool.poetry]`: dependencies by name, groups, extras and sources, as PEP 508 requirements.
 *
 * Traps: `optional = true` in the main table means "only by an extra"; a list of tables means one requirement per Python or
 * platform; `python` is no dependency; with `[project]` the main table only adds to what `[project]` says (Poetry 2).
 */
import { normalizeExtra, normalizeName } from '../pep/name.ts';
import { defaultIndexMark } from '../package-index/default-index.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  IndexOptions,
  SourceLocation,
} from '../types.ts';
import { toWarning } from './declare.ts';
import { quoteText } from './quote.ts';
import { convertPoetryConstraint, poetryPythonMarker } from './poetry-constraint.ts';
import {
  declareAt,
  reject,
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
  readonly groups: ReadonlyMap<string, readonly DeclaredRequirement[]>;
  readonly python: PythonText | null;
  readonly name: string | null;
  readonly options: IndexOptions;
  /** Indexes that the main table names, which in Poetry 2 go for what `[project]` declares too. */
  readonly indexes: ReadonlyMap<DistributionName, string>;
}

interface PoetryEntry {
  readonly declared: DeclaredRequirement;
  readonly optional: boolean;
}

/** Reads `[tool.poetry]`; null where there is none. */
export function readPoetryTables(reading: TomlReading): PoetryTables | null {
  const poetry = field(reading.document.root, 'tool', 'poetry');
  if (!isTable(poetry)) return null;
  const sources = readSources(poetry);
  const main = readTable(reading, ['tool', 'poetry', 'dependencies'], sources.explicit);
  const groups = new Map<string, readonly DeclaredRequirement[]>();
  const legacy = readTable(reading, ['tool', 'poetry', 'dev-dependencies'], sources.explicit);
  if (legacy.length > 0)
    groups.set(
      'dev',
      legacy.map(({ declared }) => declared),
    );
  for (const [name, group] of Object.entries(tableOr(field(poetry, 'group')))) {
    if (!isTable(group)) continue;
    const path = ['tool', 'poetry', 'group', name, 'dependencies'];
    const entries = readTable(reading, path, sources.explicit).map(({ declared }) => declared);
    groups.set(name, [...(groups.get(name) ?? []), ...entries]);
  }
  return {
    main: main.filter(({ optional }) => !optional).map(({ declared }) => declared),
    hasMain: field(poetry, 'dependencies') !== undefined,
    extras: readExtras(reading, poetry, main),
    groups,
    python: readPython(reading, poetry),
    name: textOf(field(poetry, 'name')),
    options: sources.options,
    indexes: new Map(
      main.flatMap(({ declared: { index, requirement } }) =>
        index === null ? [] : [[requirement.name, index] as const],
      ),
    ),
  };
}

function tableOr(value: unknown): TomlTable {
  return isTable(value) ? value : {};
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
      const entry = readEntry(reading, at, { name, value: one, explicit });
      if (entry !== null) entries.push(entry);
    }
  }
  return entries;
}

interface WrittenEntry {
  readonly name: string;
  readonly value: unknown;
  readonly explicit: ReadonlyMap<string, string>;
}

function readEntry(
  reading: TomlReading,
  path: TomlPath,
  { name, value, explicit }: WrittenEntry,
): PoetryEntry | null {
  const table = typeof value === 'string' ? { version: value } : value;
  if (!isTable(table)) {
    warnOfType(reading, path, 'a version or a table', value);
    return null;
  }
  const place = reading.document.atKey(path);
  const text = toRequirementText(reading, place, name, table);
  const declared = declareAt(reading, place, text);
  if (declared === null) return null;
  const source = textOf(field(table, 'source'));
  return {
    declared: {
      ...declared,
      index: (source === null ? null : explicit.get(source.toLowerCase())) ?? null,
    },
    optional: field(table, 'optional') === true,
  };
}

function toRequirementText(
  reading: TomlReading,
  place: SourceLocation,
  name: string,
  table: TomlTable,
): string {
  const extras = textsOf(field(table, 'extras')) ?? [];
  const head = extras.length === 0 ? name : `${name}[${extras.join(',')}]`;
  const marker = readMarker(table);
  const address = readAddress(table);
  if (address !== null) return `${head} @ ${address}${marker === null ? '' : ` ; ${marker}`}`;
  const version = textOf(field(table, 'version')) ?? '';
  if (version.trim() === '') {
    const message = `${quoteText(name)} has an empty version constraint; read as any version`;
    reading.warnings.push(toWarning('empty-constraint', place, message));
  }
  const { specifiers, approximate } = convertPoetryConstraint(version);
  if (approximate) {
    const message = `${quoteText(`${name} = ${version}`)} has alternatives (||), which one requirement cannot say; read as ${quoteText(specifiers)}`;
    reading.warnings.push(toWarning('approximate-constraint', place, message));
  }
  return `${head}${specifiers}${marker === null ? '' : `; ${marker}`}`;
}

function readMarker(table: TomlTable): string | null {
  const parts: string[] = [];
  const python = textOf(field(table, 'python'));
  const pythonMarker = python === null ? null : poetryPythonMarker(python);
  if (pythonMarker !== null) parts.push(pythonMarker);
  const platform = textOf(field(table, 'platform'));
  if (platform !== null) parts.push(`sys_platform == "${platform}"`);
  const markers = textOf(field(table, 'markers'));
  if (markers !== null && markers.trim() !== '') parts.push(markers);
  if (parts.length === 0) return null;
  return parts.length === 1
    ? parts.join('')
    : parts.map((part) => (/\bor\b/.test(part) ? `(${part})` : part)).join(' and ');
}

function readAddress(table: TomlTable): string | null {
  const git = textOf(field(table, 'git'));
  if (git !== null) {
    const revision =
      textOf(field(table, 'rev')) ?? textOf(field(table, 'tag')) ?? textOf(field(table, 'branch'));
    const url = git.startsWith('git@') ? `ssh://${git.replace(':', '/')}` : git;
    return `git+${url}${revision === null ? '' : `@${revision}`}`;
  }
  const path = textOf(field(table, 'path')) ?? textOf(field(table, 'file'));
  if (path !== null) return `file:${path}`;
  return textOf(field(table, 'url'));
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
