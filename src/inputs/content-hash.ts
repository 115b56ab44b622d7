/**
 * What Poetry, PDM and Pipenv write into their locks to tell when the manifest has changed: a hash of its tables as Python
 * writes them in JSON. Traps: older releases of a tool hash less, so that several may be right; text outside of ASCII is
 * escaped; a table that is not there counts as null, as empty, or not at all.
 */
import { createHash } from 'node:crypto';
import { normalizeName } from '../pep/name.ts';
import { compareText } from './file-access.ts';
import { arrayOf, field, isTable, type TomlTable } from './toml.ts';

/** Hashes by kind of lock, of which a fresh lock has one; a kind is absent where its hash cannot be told. */
export type LockHashes = Readonly<Record<string, readonly string[]>>;

/** Those of a pyproject.toml, for poetry.lock and pdm.lock. */
export function hashPyproject(root: TomlTable): LockHashes {
  return {
    ...(field(root, 'tool', 'poetry') === undefined
      ? {}
      : { 'poetry-lock': hashAll([poetryContent(root, true), poetryContent(root, false)]) }),
    'pdm-lock': hashAll([pdmContent(root, 'resolution'), pdmContent(root, 'overrides')]),
  };
}

/** That of a Pipfile, for Pipfile.lock. */
export function hashPipfile(root: TomlTable): LockHashes {
  const sources = field(root, 'source');
  // Pipenv puts its default index there, and hashes that.
  if (sources === undefined) return {};
  const old = {
    _meta: { sources, requires: field(root, 'requires') ?? {} },
    default: field(root, 'packages') ?? {},
    develop: field(root, 'dev-packages') ?? {},
  };
  const categories = Object.entries(root).filter(([name]) => !oldSections.includes(name));
  const contents = [old, { ...old, ...Object.fromEntries(categories) }];
  return { 'pipfile-lock': hashAll(contents, { item: ',', key: ':' }) };
}

const oldSections: readonly string[] = [
  'source',
  'requires',
  'packages',
  'dev-packages',
  'scripts',
  'pipfile',
  'pipenv',
  'default',
  'develop',
];

const oldPoetryKeys: readonly string[] = ['dependencies', 'source', 'extras', 'dev-dependencies'];

// Groups of PEP 735 are hashed since Poetry 2.3.
function poetryContent(root: TomlTable, withGroups: boolean): unknown {
  const project = pick(field(root, 'project'), [
    'requires-python',
    'dependencies',
    'optional-dependencies',
  ]);
  const groups = withGroups ? field(root, 'dependency-groups') : undefined;
  const hasProject = Object.keys(project).length > 0;
  const hasGroups = isTable(groups) && Object.keys(groups).length > 0;
  const table = field(root, 'tool', 'poetry');
  const poetry = pick(table, [...oldPoetryKeys, 'group']);
  if (hasProject || hasGroups) {
    return {
      ...(hasProject ? { project } : {}),
      ...(hasGroups ? { 'dependency-groups': groups } : {}),
      tool: { poetry },
    };
  }
  const absent = oldPoetryKeys.filter((key) => field(table, key) === undefined);
  return { ...poetry, ...Object.fromEntries(absent.map((key) => [key, null])) };
}

function pick(table: unknown, keys: readonly string[]): Readonly<Record<string, unknown>> {
  const found = keys.flatMap((key) => {
    const value = field(table, key);
    return value === undefined ? [] : [[key, value] as const];
  });
  return Object.fromEntries(found);
}

function pdmContent(root: TomlTable, last: 'resolution' | 'overrides'): unknown {
  const resolution = field(root, 'tool', 'pdm', 'resolution') ?? {};
  const groups = new Map<string, unknown[]>();
  for (const table of [
    field(root, 'dependency-groups'),
    field(root, 'tool', 'pdm', 'dev-dependencies'),
  ])
    for (const [name, list] of isTable(table) ? Object.entries(table) : [])
      groups.set(normalizeName(name), [
        ...(groups.get(normalizeName(name)) ?? []),
        ...arrayOf(list),
      ]);
  return {
    sources: field(root, 'tool', 'pdm', 'source') ?? [],
    dependencies: field(root, 'project', 'dependencies') ?? [],
    'dev-dependencies': Object.fromEntries(groups),
    'optional-dependencies': field(root, 'project', 'optional-dependencies') ?? {},
    'requires-python': field(root, 'project', 'requires-python') ?? '',
    [last]: last === 'resolution' ? resolution : (field(resolution, 'overrides') ?? {}),
  };
}

// ---------------------------------------------------------------------------------------------------------------------
// As Python's json.dumps writes it, with sorted keys

interface Separators {
  readonly item: string;
  readonly key: string;
}

function hashAll(
  contents: readonly unknown[],
  separators: Separators = { item: ', ', key: ': ' },
): readonly string[] {
  const hashes = contents.map((content) =>
    createHash('sha256').update(writeJson(content, separators)).digest('hex'),
  );
  return [...new Set(hashes)];
}

function writeJson(value: unknown, separators: Separators): string {
  const { item, key } = separators;
  if (Array.isArray(value)) {
    const items = value.map((one: unknown) => writeJson(one, separators));
    return `[${items.join(item)}]`;
  }
  if (isTable(value)) {
    const entries = Object.entries(value).toSorted(([a], [b]) => compareText(a, b));
    const members = entries.map(
      ([name, one]) => `${writeText(name)}${key}${writeJson(one, separators)}`,
    );
    return `{${members.join(item)}}`;
  }
  if (typeof value === 'string') return writeText(value);
  if (typeof value === 'bigint') return value.toString();
  // A date has no form in JSON there: whatever stands here, no lock has the hash of it.
  return JSON.stringify(value);
}

function writeText(text: string): string {
  return JSON.stringify(text).replace(
    /[\u007f-\uffff]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
