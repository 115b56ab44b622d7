/**
 * pyproject.toml: `[project]` (PEP 621), `[dependency-groups]` (PEP 735), and the tables of setuptools, uv, Poetry, PDM and Hatch.
 *
 * Traps of PEP 621: `dynamic = ["dependencies"]` means another file or the build says; names of extras are compared normalised;
 * an extra may name its own project (`mine[all]`), also in a circle; a pyproject.toml of linter settings declares nothing.
 */
import { isValidName, normalizeExtra, normalizeName } from '../pep/name.ts';
import type {
  DeclaredRequirement,
  ParsedInput,
  RequirementGroup,
  SourceLocation,
} from '../types.ts';
import { toWarning } from './declare.ts';
import { decodeFile } from './decode.ts';
import { flattenGroups, type GroupItem, type RawGroup } from './dependency-groups.ts';
import { folderOf, joinPath } from './file-access.ts';
import type { Input, InputContext, InputFile } from './input.ts';
import { mergeOptions } from './merge-options.ts';
import { readPdmOptions } from './pdm-sources.ts';
import { readPoetryTables, type PoetryTables } from './poetry-tables.ts';
import { quoteText } from './quote.ts';
import { parseRequirementsTxt } from './requirements-txt.ts';
import { roleOfGroup } from './roles.ts';
import {
  collectGroups,
  readGroupItems,
  readPythonSpecifiers,
  readRequirementArray,
  reject,
  warnOfType,
  type TomlReading,
} from './toml-requirements.ts';
import { field, isTable, parseToml, textsOf, type TomlDocument, type TomlTable } from './toml.ts';
import { applySources } from './uv-sources.ts';
import { readUvTables, type UvTables } from './uv-tables.ts';

/** pyproject.toml. */
export const pyproject: Input = {
  name: 'pyproject',
  parse: (file, context) => parsePyproject(file, context),
};

/** What a pyproject.toml says. Loads the TOML parser. Never throws for bad text. */
export async function parsePyproject(file: InputFile, context: InputContext): Promise<ParsedInput> {
  const document = await parseToml(file);
  if ('message' in document) return emptyInput(file, [...file.warnings, document]);
  const reading: TomlReading = { document, warnings: [...file.warnings, ...warnOfDepth(document)] };
  return readDocument(reading, context);
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

function emptyInput(file: InputFile, warnings: ParsedInput['warnings']): ParsedInput {
  return {
    path: file.path,
    kind: 'pyproject',
    role: 'prod',
    locked: false,
    groups: [],
    constraints: [],
    overrides: [],
    options: {},
    includes: [],
    projectName: null,
    requiresPython: null,
    warnings,
  };
}

/** The main set and where it comes from. */
interface MainSet {
  readonly requirements: readonly DeclaredRequirement[];
  readonly includes: readonly string[];
  readonly isElsewhere: boolean;
  /** False where no table declares anything: a file of settings. */
  readonly exists: boolean;
}

function readDocument(reading: TomlReading, context: InputContext): ParsedInput {
  const { document } = reading;
  const uv = readUvTables(reading, context);
  const poetry = readPoetryTables(reading);
  const projectName = readName(reading, poetry);
  const main = readMain(reading, context, poetry);
  const extras = readExtras(reading, context, { projectName, poetry });
  const groups = readGroups(reading, { uv, poetry });
  const requiresPython = readRequiresPython(reading, poetry);
  const mainGroup: readonly RequirementGroup[] = main.exists
    ? [{ kind: 'main', name: null, role: 'prod', requirements: main.requirements }]
    : [];
  const withSources = [...mainGroup, ...extras, ...groups].map((group) => ({
    ...group,
    requirements: group.requirements.map((declared) =>
      applySources(uv.sources, withPoetryIndex(declared, poetry), group),
    ),
  }));
  return {
    ...emptyInput({ path: document.path, text: '', realPath: '', warnings: [] }, []),
    groups: withSources,
    constraints: uv.constraints,
    overrides: uv.overrides,
    options: [poetry?.options ?? {}, readPdmOptions(reading, context), uv.options].reduce(
      mergeOptions,
    ),
    includes: main.includes,
    projectName,
    requiresPython: requiresPython?.text ?? null,
    ...(requiresPython === null ? {} : { requiresPythonAt: requiresPython.location }),
    mainSetElsewhere: main.isElsewhere,
    toolTables: toolTablesOf(document.root),
    warnings: reading.warnings,
  };
}

function withPoetryIndex(
  declared: DeclaredRequirement,
  poetry: PoetryTables | null,
): DeclaredRequirement {
  const index = poetry?.indexes.get(declared.requirement.name);
  const isOpen = declared.index === null && declared.source === 'index';
  return index === undefined || !isOpen ? declared : { ...declared, index };
}

function toolTablesOf(root: unknown): readonly string[] {
  const tool = field(root, 'tool');
  return isTable(tool) ? Object.keys(tool) : [];
}

function readName(reading: TomlReading, poetry: PoetryTables | null): string | null {
  const { document } = reading;
  const project = field(document.root, 'project');
  if (project === undefined) return poetry?.name ?? null;
  if (!isTable(project)) {
    warnOfType(reading, ['project'], 'a table', project);
    return null;
  }
  const name = field(project, 'name');
  if (name === undefined) {
    reading.warnings.push(
      toWarning('missing-name', document.at(['project']), '[project] has no name'),
    );
    return poetry?.name ?? null;
  }
  if (typeof name !== 'string') {
    warnOfType(reading, ['project', 'name'], 'text', name);
    return null;
  }
  if (isValidName(name) && name.length <= 300) return name;
  reject(reading, ['project', 'name'], `${quoteText(name)} is no valid project name`);
  return null;
}

function readRequiresPython(
  reading: TomlReading,
  poetry: PoetryTables | null,
): { readonly text: string; readonly location: SourceLocation } | null {
  const path = ['project', 'requires-python'];
  if (field(reading.document.root, ...path) !== undefined)
    return readPythonSpecifiers(reading, path);
  const python = poetry?.python ?? null;
  return python === null ? null : { text: python.specifiers, location: python.location };
}

// ---------------------------------------------------------------------------------------------------------------------
// Main set

function readMain(
  reading: TomlReading,
  context: InputContext,
  poetry: PoetryTables | null,
): MainSet {
  const { document } = reading;
  const project = field(document.root, 'project');
  const fromPoetry = poetry?.main ?? [];
  if (!isTable(project)) {
    const exists = field(document.root, 'tool', 'poetry', 'dependencies') !== undefined;
    return { requirements: fromPoetry, includes: [], isElsewhere: !exists, exists };
  }
  const dynamic = readDynamic(reading, project);
  const isDynamic = dynamic.includes('dependencies');
  const value = field(project, 'dependencies');
  if (value === undefined && isDynamic && fromPoetry.length === 0)
    return readDynamicMain(reading, context);
  if (value !== undefined && isDynamic) {
    const message =
      '`dependencies` is given and also listed in `dynamic`, which the standard forbids; the list given here is read';
    reading.warnings.push(
      toWarning('dynamic-and-static', document.at(['project', 'dynamic']), message),
    );
  }
  const declared = readRequirementArray(reading, ['project', 'dependencies'], value);
  const known = new Set(declared.map(({ requirement }) => requirement.name));
  // Poetry 2: the table adds sources and markers to what [project] has, and requirements that it lacks only when dynamic.
  const added =
    value === undefined
      ? fromPoetry
      : fromPoetry.filter(({ requirement }) => !known.has(requirement.name) && isDynamic);
  const requirements = [...declared, ...added];
  return {
    requirements,
    includes: [],
    isElsewhere: value === undefined && requirements.length === 0,
    exists: true,
  };
}

function readDynamic(reading: TomlReading, project: unknown): readonly string[] {
  const value = field(project, 'dynamic');
  if (value === undefined) return [];
  const texts = textsOf(value);
  if (texts === null) warnOfType(reading, ['project', 'dynamic'], 'an array of text', value);
  return texts ?? [];
}

function readDynamicMain(reading: TomlReading, context: InputContext): MainSet {
  const { document } = reading;
  const path = ['tool', 'setuptools', 'dynamic', 'dependencies'];
  const setuptools = field(document.root, ...path, 'file');
  const hatchPath = ['tool', 'hatch', 'metadata', 'hooks', 'requirements_txt', 'files'];
  const hatch = field(document.root, ...hatchPath);
  const value = setuptools ?? hatch;
  const at = setuptools === undefined ? hatchPath : [...path, 'file'];
  if (value === undefined) {
    const message =
      '`dependencies` is dynamic: the build of the project says what they are, which is not run';
    reading.warnings.push(
      toWarning('dynamic-dependencies', document.at(['project', 'dynamic']), message),
    );
    return { requirements: [], includes: [], isElsewhere: true, exists: true };
  }
  const { requirements, includes } = readFiles(reading, context, at, value);
  return { requirements, includes, isElsewhere: true, exists: true };
}

function readFiles(
  reading: TomlReading,
  context: InputContext,
  path: readonly string[],
  value: unknown,
): { readonly requirements: readonly DeclaredRequirement[]; readonly includes: readonly string[] } {
  const files = typeof value === 'string' ? [value] : textsOf(value);
  if (files === null) {
    warnOfType(reading, path, 'a path or an array of paths', value);
    return { requirements: [], includes: [] };
  }
  const requirements: DeclaredRequirement[] = [];
  const includes: string[] = [];
  for (const file of files) {
    const target = joinPath(folderOf(reading.document.path), file);
    const read = context.read(target);
    if (!read.ok) {
      const place = reading.document.at(path);
      const isOutside = read.problem === 'outside';
      const warning = toWarning(
        isOutside ? 'outside-repository' : 'unreadable-include',
        place,
        `${quoteText(file)} ${read.detail}`,
      );
      reading.warnings.push(isOutside ? warning : { ...warning, severity: 'error' });
      continue;
    }
    const decoded = decodeFile(target, read);
    if (!decoded.ok) {
      reading.warnings.push(decoded.warning);
      continue;
    }
    const parsed = parseRequirementsTxt(decoded.file, context);
    requirements.push(...parsed.groups.flatMap((group) => group.requirements));
    includes.push(target, ...parsed.includes);
    reading.warnings.push(...parsed.warnings);
  }
  return { requirements, includes };
}

// ---------------------------------------------------------------------------------------------------------------------
// Extras

function readExtras(
  reading: TomlReading,
  context: InputContext,
  {
    projectName,
    poetry,
  }: { readonly projectName: string | null; readonly poetry: PoetryTables | null },
): readonly RequirementGroup[] {
  const path = ['project', 'optional-dependencies'];
  const table = field(reading.document.root, ...path);
  if (table !== undefined && !isTable(table)) warnOfType(reading, path, 'a table', table);
  const sets: { readonly name: string; readonly items: readonly GroupItem[] }[] = [];
  const own = projectName === null ? null : normalizeName(projectName);
  for (const [name, value] of Object.entries(isTable(table) ? table : {})) {
    sets.push({
      name,
      items: toExtraItems(readRequirementArray(reading, [...path, name], value), own),
    });
  }
  const dynamicPath = ['tool', 'setuptools', 'dynamic', 'optional-dependencies'];
  const dynamic = field(reading.document.root, ...dynamicPath);
  for (const [name, value] of Object.entries(isTable(dynamic) ? dynamic : {})) {
    const file = field(value, 'file');
    if (file === undefined) continue;
    sets.push({
      name,
      items: toExtraItems(
        readFiles(reading, context, [...dynamicPath, name, 'file'], file).requirements,
        own,
      ),
    });
  }
  for (const [name, requirements] of poetry?.extras ?? []) {
    if (sets.some((set) => normalizeExtra(set.name) === normalizeExtra(name))) continue;
    sets.push({ name, items: toExtraItems(requirements, own) });
  }
  return toGroups(reading, collectGroups(reading, path, sets), 'extra');
}

// `mine[a,b]` in an extra of `mine` stands for the extras a and b.
function toExtraItems(
  requirements: readonly DeclaredRequirement[],
  own: string | null,
): readonly GroupItem[] {
  return requirements.flatMap((declared): readonly GroupItem[] => {
    if (declared.requirement.name !== own) return [{ kind: 'requirement', declared }];
    return declared.requirement.extras.map((name) => ({
      kind: 'include',
      name,
      location: declared.location,
    }));
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// Groups

function readGroups(
  reading: TomlReading,
  { uv, poetry }: { readonly uv: UvTables; readonly poetry: PoetryTables | null },
): readonly RequirementGroup[] {
  const path = ['dependency-groups'];
  const table = field(reading.document.root, ...path);
  if (table !== undefined && !isTable(table)) warnOfType(reading, path, 'a table', table);
  const sets = Object.entries(isTable(table) ? table : {}).map(([name, value]) => ({
    name,
    items: readGroupItems(reading, [...path, name], value),
  }));
  const groups = collectGroups(reading, path, sets);
  const addAll = (name: string, requirements: readonly DeclaredRequirement[]): void => {
    if (requirements.length === 0) return;
    const key = normalizeExtra(name);
    const items = requirements.map((declared): GroupItem => ({ kind: 'requirement', declared }));
    const before = groups.get(key);
    groups.set(key, { name: before?.name ?? name, items: [...(before?.items ?? []), ...items] });
  };
  addAll('dev', uv.devDependencies);
  for (const [name, requirements] of poetry?.groups ?? []) addAll(name, requirements);
  for (const [name, requirements] of readToolGroups(reading)) addAll(name, requirements);
  return toGroups(reading, groups, 'group');
}

// PDM before PEP 735, and the environments of Hatch.
function readToolGroups(reading: TomlReading): ReadonlyMap<string, readonly DeclaredRequirement[]> {
  const groups = new Map<string, readonly DeclaredRequirement[]>();
  const pdm = field(reading.document.root, 'tool', 'pdm', 'dev-dependencies');
  for (const [name, value] of Object.entries(isTable(pdm) ? pdm : {})) {
    // `-e file:///${PROJECT_ROOT}/x` is PDM's own way to name a neighbour; it is no requirement.
    const isEditable = (text: string): boolean => text.startsWith('-e');
    const path = ['tool', 'pdm', 'dev-dependencies', name];
    if (textsOf(value)?.some(isEditable) === true) {
      reading.warnings.push(
        toWarning(
          'editable-group',
          reading.document.at(path),
          `the editable entries of ${quoteText(name)} are not read`,
        ),
      );
    }
    groups.set(name, readRequirementArray(reading, path, value, isEditable));
  }
  const hatch = field(reading.document.root, 'tool', 'hatch', 'envs');
  for (const [name, environment] of Object.entries(isTable(hatch) ? hatch : {})) {
    // `{root:uri}` and the like are filled in by Hatch when it runs.
    const hasContext = (text: string): boolean => text.includes('{');
    const found = ['dependencies', 'extra-dependencies'].flatMap((key) =>
      readRequirementArray(
        reading,
        ['tool', 'hatch', 'envs', name, key],
        field(environment, key),
        hasContext,
      ),
    );
    // Hatch's `default` environment is where one works; every other one is named for its task.
    groups.set(name === 'default' ? 'dev' : name, [
      ...(groups.get(name === 'default' ? 'dev' : name) ?? []),
      ...found,
    ]);
  }
  return groups;
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
    role: roleOfGroup(group.name) ?? 'extra',
    requirements: requirements.get(key) ?? [],
    ...(partial.has(key) ? { partial: true } : {}),
  }));
}
