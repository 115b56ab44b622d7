/**
 * pyproject.toml: `[project]` (PEP 621), `[dependency-groups]` (PEP 735), and the tables of setuptools, uv, Poetry, PDM, Hatch and
 * flit. Each tool has a file of its own; here they are put together. A pyproject.toml of linter settings declares nothing.
 */
import { isValidName, normalizeExtra } from '../pep/name.ts';
import type { DeclaredRequirement, ParsedInput, RequirementGroup, Role } from '../types.ts';
import { hashPyproject } from './content-hash.ts';
import { toWarning } from './declare.ts';
import { flattenGroups, type GroupItem, type RawGroup } from './dependency-groups.ts';
import { emptyInput } from './empty-input.ts';
import { readFlitTables } from './flit-tables.ts';
import { readHatchFile, readHatchGroups } from './hatch-environments.ts';
import type { Input, InputContext, InputFile } from './input.ts';
import { mergeOptions } from './merge-options.ts';
import { readPdmOptions } from './pdm-sources.ts';
import { readPdmGroups, readPdmResolution } from './pdm-tables.ts';
import { readPoetryTables, type PoetryTables } from './poetry-tables.ts';
import { readExtraSets, readMainSet } from './project-sets.ts';
import { quoteText } from './quote.ts';
import { roleOfGroup } from './roles.ts';
import {
  collectGroups,
  readGroupItems,
  readPythonSpecifiers,
  reject,
  toItems,
  warnOfType,
  type PythonText,
  type TomlReading,
} from './toml-requirements.ts';
import { field, isTable, parseToml, type TomlDocument, type TomlTable } from './toml.ts';
import { applySources } from './uv-sources.ts';
import { readUvTables, type UvTables } from './uv-tables.ts';
import { findUvWorkspace, type UvWorkspace } from './uv-workspace.ts';

const kind = 'pyproject';

/** pyproject.toml. */
export const pyproject: Input = {
  name: kind,
  parse: (file, context) => parsePyproject(file, context),
};

/** What a pyproject.toml says. Loads the TOML parser. Never throws for bad text. */
export async function parsePyproject(file: InputFile, context: InputContext): Promise<ParsedInput> {
  const document = await parseToml(file);
  if ('message' in document) return emptyInput(file.path, kind, [...file.warnings, document]);
  const reading: TomlReading = { document, warnings: [...file.warnings, ...warnOfDepth(document)] };
  const hatch = await readHatchFile(file.path, context, reading.warnings);
  const workspace = await findUvWorkspace(document, context);
  return readDocument(reading, { hatch, workspace }, context);
}

// Far below what a person or a tool writes, far above what the names of settings need.
const usualDepth = 100;

// `a.a.a. … = 1` is valid TOML of any length; nothing here reads so deep, and whoever sent it may mean harm.
function warnOfDepth({ root, path, at }: TomlDocument): ParsedInput['warnings'] {
  const open: { readonly table: TomlTable; readonly keys: readonly string[] }[] = [
    { table: root, keys: [] },
  ];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { table, keys } = next;
    if (keys.length > usualDepth) {
      const message = `the file nests keys more than ${usualDepth} deep, in line ${at(keys).line}; nothing below that is read`;
      return [toWarning('deep-nesting', { path, line: 1, column: 1 }, message)];
    }
    for (const [key, value] of Object.entries(table)) {
      if (isTable(value)) open.push({ table: value, keys: [...keys, key] });
    }
  }
  return [];
}

function readDocument(
  reading: TomlReading,
  { hatch, workspace }: { readonly hatch: TomlReading | null; readonly workspace: UvWorkspace },
  context: InputContext,
): ParsedInput {
  const { document } = reading;
  const uv = readUvTables(reading, context, workspace);
  const poetry = readPoetryTables(reading);
  const flit = readFlitTables(reading);
  const pdm = readPdmResolution(reading);
  const projectName = readName(reading, poetry?.name ?? flit?.name ?? null);
  const tables = { projectName, poetry, flit };
  const main = readMainSet(reading, context, tables);
  const extras = toGroups(reading, readExtraSets(reading, context, tables), 'extra');
  const groups = readGroups(reading, { uv, poetry, hatch, extras });
  const requiresPython = readRequiresPython(reading, poetry?.python ?? flit?.python ?? null);
  const mainGroup: readonly RequirementGroup[] = main.exists
    ? [
        {
          kind: 'main',
          name: null,
          role: 'prod',
          requirements: main.requirements,
          ...(main.partial ? { partial: true } : {}),
        },
      ]
    : [];
  const withSources = [...mainGroup, ...extras, ...groups].map((group) => ({
    ...group,
    requirements: group.requirements.map((declared) =>
      applySources(uv.sources, withPoetryPlace(declared, poetry), group),
    ),
  }));
  return {
    ...emptyInput(document.path, kind),
    groups: withSources,
    constraints: uv.constraints,
    overrides: [...uv.overrides, ...pdm.overrides],
    options: [
      poetry?.options ?? {},
      readPdmOptions(reading, context),
      pdm.options,
      uv.options,
    ].reduce(mergeOptions),
    includes: main.includes,
    projectName,
    requiresPython: requiresPython?.text ?? null,
    ...(requiresPython === null ? {} : { requiresPythonAt: requiresPython.location }),
    mainSetElsewhere: main.isElsewhere,
    toolTables: toolTablesOf(document.root),
    ...defaultGroupsOf(document.root),
    ...optionalGroupsOf(document.root),
    lockHashes: hashPyproject(document.root),
    warnings: reading.warnings,
  };
}

// Poetry 2: its table says of what `[project]` declares where it comes from.
function withPoetryPlace(
  declared: DeclaredRequirement,
  poetry: PoetryTables | null,
): DeclaredRequirement {
  const addition = poetry?.additions.get(declared.requirement.name);
  const isOpen = declared.index === null && declared.source === 'index';
  if (addition === undefined || !isOpen) return declared;
  const { source, index, editable } = addition;
  const { url } = addition.requirement;
  return { ...declared, requirement: { ...declared.requirement, url }, source, index, editable };
}

function defaultGroupsOf(root: unknown): Pick<ParsedInput, 'defaultGroups'> {
  const value = field(root, 'tool', 'uv', 'default-groups');
  if (value === 'all') return { defaultGroups: 'all' };
  if (!Array.isArray(value)) return {};
  const names = value.filter((name) => typeof name === 'string');
  return { defaultGroups: names.map(normalizeExtra) };
}

function optionalGroupsOf(root: unknown): Pick<ParsedInput, 'optionalGroups'> {
  const groups = field(root, 'tool', 'poetry', 'group');
  const names = isTable(groups) ? Object.keys(groups) : [];
  const optional = names.filter((name) => field(groups, name, 'optional') === true);
  return optional.length === 0 ? {} : { optionalGroups: optional.map(normalizeExtra) };
}

function toolTablesOf(root: unknown): readonly string[] {
  const tool = field(root, 'tool');
  return isTable(tool) ? Object.keys(tool) : [];
}

function readName(reading: TomlReading, named: string | null): string | null {
  const { document } = reading;
  const project = field(document.root, 'project');
  if (project === undefined) return named;
  if (!isTable(project)) {
    warnOfType(reading, ['project'], 'a table', project);
    return null;
  }
  const name = field(project, 'name');
  if (name === undefined) {
    reading.warnings.push(
      toWarning('missing-name', document.at(['project']), '[project] has no name'),
    );
    return named;
  }
  if (typeof name !== 'string') {
    warnOfType(reading, ['project', 'name'], 'text', name);
    return null;
  }
  if (isValidName(name) && name.length <= 300) return name;
  reject(reading, ['project', 'name'], `${quoteText(name)} is no valid project name`);
  return null;
}

function readRequiresPython(reading: TomlReading, ofTool: PythonText | null): PythonText | null {
  const path = ['project', 'requires-python'];
  return field(reading.document.root, ...path) === undefined
    ? ofTool
    : readPythonSpecifiers(reading, path);
}

// ---------------------------------------------------------------------------------------------------------------------
// Groups

interface ToolTables {
  readonly uv: UvTables;
  readonly poetry: PoetryTables | null;
  /** hatch.toml, null where there is none. */
  readonly hatch: TomlReading | null;
  readonly extras: readonly RequirementGroup[];
}

function readGroups(
  reading: TomlReading,
  { uv, poetry, hatch, extras }: ToolTables,
): readonly RequirementGroup[] {
  const path = ['dependency-groups'];
  const table = field(reading.document.root, ...path);
  if (table !== undefined && !isTable(table)) warnOfType(reading, path, 'a table', table);
  const sets = Object.entries(isTable(table) ? table : {}).map(([name, value]) => ({
    name,
    items: readGroupItems(reading, [...path, name], value),
  }));
  const groups = collectGroups(reading, path, sets);
  const add = (name: string, items: readonly GroupItem[], role?: Role): void => {
    if (items.length === 0) return;
    const key = normalizeExtra(name);
    const before = groups.get(key);
    groups.set(key, {
      name: before?.name ?? name,
      items: [...(before?.items ?? []), ...items],
      ...(role === undefined ? {} : { role }),
    });
  };
  add('dev', toItems(uv.devDependencies));
  for (const [name, items] of poetry?.groups ?? []) add(name, items);
  for (const [name, items] of readPdmGroups(reading)) add(name, items, 'dev');
  for (const [name, items] of readHatchGroups(reading, hatch, extras)) add(name, items);
  return toGroups(reading, groups, 'group');
}

function toGroups(
  reading: TomlReading,
  groups: ReadonlyMap<string, RawGroup>,
  kind: 'extra' | 'group',
): readonly RequirementGroup[] {
  const { requirements, partial, warnings } = flattenGroups(groups, {
    word: kind,
    cyclesAreErrors: kind === 'group',
  });
  reading.warnings.push(...warnings);
  return [...groups].map(([key, group]) => ({
    kind,
    name: key,
    role: roleOfGroup(group.name) ?? group.role ?? 'extra',
    requirements: requirements.get(key) ?? [],
    ...(partial.has(key) ? { partial: true } : {}),
  }));
}
