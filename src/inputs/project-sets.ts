/**
 * The main set and the extras of a pyproject.toml: `[project]` (PEP 621), or the tables of Poetry and flit where that is
 * silent.
 *
 * Traps: `dynamic = ["dependencies"]` means another file or the build says; an extra may name its own project (`mine[all]`),
 * also in a circle; with `[project]`, the table of Poetry adds to it and declares nothing, unless it is dynamic.
 */
import { normalizeExtra, normalizeName } from '../pep/name.ts';
import type { DeclaredRequirement } from '../types.ts';
import { toWarning } from './declare.ts';
import type { GroupItem, RawGroup } from './dependency-groups.ts';
import { readDynamicExtras, readDynamicMain, warnOfDynamicExtras } from './dynamic-requirements.ts';
import type { FlitTables } from './flit-tables.ts';
import type { InputContext } from './input.ts';
import type { PoetryTables } from './poetry-tables.ts';
import { quoteText } from './quote.ts';
import {
  collectGroups,
  readRequirementItems,
  requirementsIn,
  toItems,
  unreadItem,
  warnOfType,
  type TomlReading,
} from './toml-requirements.ts';
import { field, isTable, textsOf, type TomlTable } from './toml.ts';

/** Tables of tools that may stand for `[project]`, and the name of the project. */
export interface ProjectTables {
  readonly projectName: string | null;
  readonly poetry: PoetryTables | null;
  readonly flit: FlitTables | null;
}

/** The main set and where it comes from. */
export interface MainSet {
  readonly requirements: readonly DeclaredRequirement[];
  readonly includes: readonly string[];
  /** It is absent here, or given elsewhere. */
  readonly isElsewhere: boolean;
  /** False where no table declares anything: a file of settings. */
  readonly exists: boolean;
  /** Not all of it could be read. */
  readonly partial: boolean;
}

/** Reads the main set. */
export function readMainSet(
  reading: TomlReading,
  context: InputContext,
  tables: ProjectTables,
): MainSet {
  const { document } = reading;
  const project = field(document.root, 'project');
  const { poetry, flit } = tables;
  if (!isTable(project)) {
    const requirements = [...(poetry?.main ?? []), ...(flit?.main ?? [])];
    const exists = poetry?.hasMain === true || flit !== null;
    return { requirements, includes: [], isElsewhere: !exists, exists, partial: false };
  }
  const isDynamic = readDynamic(reading, project).includes('dependencies');
  const value = field(project, 'dependencies');
  const fromPoetry = poetry?.main ?? [];
  if (value === undefined && isDynamic && fromPoetry.length === 0)
    return { ...readDynamicMain(reading, context), isElsewhere: true, exists: true };
  if (value !== undefined && isDynamic) {
    const message =
      '`dependencies` is given and also listed in `dynamic`, which the standard forbids; the list given here is read';
    reading.warnings.push(
      toWarning('dynamic-and-static', document.at(['project', 'dynamic']), message),
    );
  }
  const items = readRequirementItems(reading, ['project', 'dependencies'], value);
  const declared = requirementsIn(items);
  const known = new Set(declared.map(({ requirement }) => requirement.name));
  // A list without entries is none for Poetry.
  const isOpen = isDynamic || items.length === 0;
  const added = isOpen ? fromPoetry : [];
  if (!isOpen) warnOfIgnored(reading, fromPoetry, project);
  const requirements = [
    ...declared,
    ...added.filter(({ requirement }) => !known.has(requirement.name)),
  ];
  return {
    requirements,
    includes: [],
    isElsewhere: value === undefined && requirements.length === 0,
    exists: true,
    partial: items.some(({ kind }) => kind === 'unread'),
  };
}

// Poetry 2 passes over what its table has and [project] has not.
function warnOfIgnored(
  reading: TomlReading,
  fromPoetry: readonly DeclaredRequirement[],
  project: TomlTable,
): void {
  const written = JSON.stringify([
    field(project, 'dependencies'),
    field(project, 'optional-dependencies'),
  ]);
  const names = new Set(
    [...written.matchAll(/"([\w.-]+)/g)].map(([, name = '']) => normalizeName(name)),
  );
  for (const { requirement, location } of fromPoetry) {
    if (names.has(requirement.name)) continue;
    const message = `${quoteText(requirement.displayName)} is ignored, as Poetry does: with [project].dependencies its own table only adds to them`;
    reading.warnings.push(toWarning('ignored-requirement', location, message));
  }
}

function readDynamic(reading: TomlReading, project: TomlTable): readonly string[] {
  const value = field(project, 'dynamic');
  if (value === undefined) return [];
  const texts = textsOf(value);
  if (texts === null) warnOfType(reading, ['project', 'dynamic'], 'an array of text', value);
  return texts ?? [];
}

/** Reads the extras, by their normalised names. */
export function readExtraSets(
  reading: TomlReading,
  context: InputContext,
  { projectName, poetry, flit }: ProjectTables,
): ReadonlyMap<string, RawGroup> {
  const path = ['project', 'optional-dependencies'];
  const { root } = reading.document;
  const table = field(root, ...path);
  if (table !== undefined && !isTable(table)) warnOfType(reading, path, 'a table', table);
  const own = projectName === null ? null : normalizeName(projectName);
  const sets = Object.entries(isTable(table) ? table : {}).map(([name, value]) => ({
    name,
    items: unfoldOwn(readRequirementItems(reading, [...path, name], value), own),
  }));
  const dynamic = readDynamicExtras(reading, context);
  for (const [name, { requirements, partial }] of dynamic) {
    const items = [...toItems(requirements), ...(partial ? [unreadItem] : [])];
    sets.push({ name, items: unfoldOwn(items, own) });
  }
  for (const [name, requirements] of [...(poetry?.extras ?? []), ...(flit?.extras ?? [])]) {
    if (sets.some((set) => normalizeExtra(set.name) === normalizeExtra(name))) continue;
    sets.push({ name, items: unfoldOwn(toItems(requirements), own) });
  }
  const isDynamic = textsOf(field(root, 'project', 'dynamic'))?.includes('optional-dependencies');
  if (isDynamic === true && sets.length === 0) warnOfDynamicExtras(reading);
  return collectGroups(reading, path, sets);
}

// `mine[a,b]` in an extra of `mine` stands for the extras a and b.
function unfoldOwn(items: readonly GroupItem[], own: string | null): readonly GroupItem[] {
  return items.flatMap((item): readonly GroupItem[] => {
    if (item.kind !== 'requirement' || item.declared.requirement.name !== own) return [item];
    const { requirement, location } = item.declared;
    return requirement.extras.map((name) => ({ kind: 'include', name, location }));
  });
}
