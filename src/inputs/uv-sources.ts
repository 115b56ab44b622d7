/**
 * `[tool.uv.sources]`: where the requirements of a name really come from.
 *
 * Traps: a source applies to every requirement of that name in the project; a list of sources is chosen from by marker, which
 * only the target decides, and by the extra or group that declares the requirement; where none fits, there is no source.
 */
import { normalizeExtra, normalizeName } from '../pep/name.ts';
import { parseMarker } from '../pep/marker.ts';
import { ParseError } from '../pep/parse-error.ts';
import type { DeclaredPlace, DeclaredRequirement, RequirementGroup } from '../types.ts';
import { toWarning } from './declare.ts';
import { folderOf, joinPath } from './file-access.ts';
import type { InputContext } from './input.ts';
import { quoteText } from './quote.ts';
import { reject, type TomlReading } from './toml-requirements.ts';
import { arrayOf, field, isTable, textOf, type TomlPath } from './toml.ts';
import { findWorkspaceMember, type UvWorkspace } from './uv-workspace.ts';

/** One place that the requirements of a name may come from. */
export interface UvSource extends DeclaredPlace {
  /** Only for requirements that this extra or group declares. */
  readonly onlyFor: { readonly kind: 'extra' | 'group'; readonly name: string } | null;
}

/** The sources of each name. */
export type UvSources = ReadonlyMap<string, readonly UvSource[]>;

const tool: TomlPath = ['tool', 'uv'];

/** The requirement with the sources applied that are for the set which declares it. */
export function applySources(
  sources: UvSources,
  declared: DeclaredRequirement,
  set: Pick<RequirementGroup, 'kind' | 'name'>,
): DeclaredRequirement {
  if (declared.source !== 'index') return declared;
  const fitting = (sources.get(declared.requirement.name) ?? []).filter(
    ({ onlyFor }) => onlyFor === null || (onlyFor.kind === set.kind && onlyFor.name === set.name),
  );
  const [only, ...others] = fitting;
  if (only === undefined) return declared;
  if (others.length === 0 && only.marker === null) return withPlace(declared, only);
  const places = fitting.map(({ marker, source, url, index, editable }) => ({
    marker,
    source,
    url,
    index,
    editable,
  }));
  return { ...declared, places };
}

/** The requirement as it comes from a place. */
export function withPlace(
  { places: _chosen, ...declared }: DeclaredRequirement,
  { url, source, index, editable }: DeclaredPlace,
): DeclaredRequirement {
  const requirement = url === null ? declared.requirement : { ...declared.requirement, url };
  return { ...declared, requirement, source, index, editable };
}

/** Reads `[tool.uv.sources]`; empty where there is none. */
export function readUvSources(
  reading: TomlReading,
  context: InputContext,
  workspace: UvWorkspace | null,
): UvSources {
  const { root } = reading.document;
  if (field(root, 'tool', 'uv', 'no-sources') === true) return new Map();
  const table = field(root, 'tool', 'uv', 'sources');
  const sources = new Map<string, readonly UvSource[]>();
  if (table === undefined) return sources;
  if (!isTable(table)) {
    reject(reading, [...tool, 'sources'], `${quoteText('tool.uv.sources')} is not a table`);
    return sources;
  }
  // An index of the workspace serves all of its members.
  const indexes = new Map([
    ...namedIndexes(field(workspace?.root.root, 'tool', 'uv', 'index')),
    ...namedIndexes(field(root, 'tool', 'uv', 'index')),
  ]);
  const without = arrayOf(field(root, 'tool', 'uv', 'no-sources-package')).map((name) =>
    normalizeName(String(name)),
  );
  for (const [name, value] of Object.entries(table)) {
    if (without.includes(normalizeName(name))) continue;
    const path = [...tool, 'sources', name];
    const several: readonly unknown[] = Array.isArray(value) ? value : [value];
    const found = several.flatMap(
      (one) => readSource(reading, context, { path, name, value: one, indexes, workspace }) ?? [],
    );
    sources.set(normalizeName(name), found);
  }
  return sources;
}

interface SourceEntry {
  readonly path: TomlPath;
  readonly name: string;
  readonly value: unknown;
  readonly indexes: ReadonlyMap<string, string>;
  /** Null for a script, which is in none. */
  readonly workspace: UvWorkspace | null;
}

function readSource(
  reading: TomlReading,
  context: InputContext,
  entry: SourceEntry,
): UvSource | null {
  const place = readPlace(reading, context, entry);
  if (place === null) return null;
  const { value } = entry;
  const extra = textOf(field(value, 'extra'));
  const group = textOf(field(value, 'group'));
  const name = extra ?? group;
  const kind = extra === null ? ('group' as const) : ('extra' as const);
  return {
    ...place,
    marker: readMarker(reading, entry),
    onlyFor: name === null ? null : { kind, name: normalizeExtra(name) },
  };
}

function readMarker(
  reading: TomlReading,
  { path, name, value }: SourceEntry,
): DeclaredPlace['marker'] {
  const text = textOf(field(value, 'marker'));
  if (text === null) return null;
  try {
    return parseMarker(text);
  } catch (error) {
    if (!(error instanceof ParseError)) throw error;
    const message = `the source of ${quoteText(name)} has a marker that cannot be read: ${error.message}`;
    reading.warnings.push({
      ...toWarning('invalid-value', reading.document.atKey(path), message),
      severity: 'error',
    });
    return null;
  }
}

function readPlace(
  reading: TomlReading,
  context: InputContext,
  { path, name, value, indexes, workspace }: SourceEntry,
): Omit<DeclaredPlace, 'marker'> | null {
  const place = reading.document.atKey(path);
  const folder = folderOf(reading.document.path);
  const warn = (code: string, message: string): void => {
    reading.warnings.push(toWarning(code, place, message));
  };
  const index = textOf(field(value, 'index'));
  if (index !== null) {
    const url = indexes.get(index) ?? null;
    if (url === null)
      warn(
        'unknown-index',
        `the source of ${quoteText(name)} names the index ${quoteText(index)}, which [[tool.uv.index]] does not define`,
      );
    return { url: null, source: 'index', index: url, editable: false };
  }
  const git = textOf(field(value, 'git'));
  if (git !== null) {
    const revision =
      textOf(field(value, 'rev')) ?? textOf(field(value, 'tag')) ?? textOf(field(value, 'branch'));
    warn(
      'vcs-requirement',
      `${quoteText(name)} is installed from version control: its size and needs are unknown`,
    );
    return {
      url: `git+${git}${revision === null ? '' : `@${revision}`}${fragmentOf(value)}`,
      source: 'vcs',
      index: null,
      editable: false,
    };
  }
  const url = textOf(field(value, 'url'));
  if (url !== null)
    return { url: `${url}${fragmentOf(value)}`, source: 'url', index: null, editable: false };
  const editable = field(value, 'editable') === true;
  const local = textOf(field(value, 'path'));
  if (local !== null)
    return { url: `file:${joinPath(folder, local)}`, source: 'local', index: null, editable };
  if (field(value, 'workspace') === true) {
    const member =
      workspace === null ? null : findWorkspaceMember(context, workspace, normalizeName(name));
    if (member === null)
      warn(
        'workspace-member',
        `${quoteText(name)} is a member of this workspace, but no folder of it has that name`,
      );
    else
      warn(
        'workspace-member',
        `${quoteText(name)} is a member of this workspace: its dependencies count, its own size is unknown`,
      );
    return {
      url: `file:${member ?? joinPath(folder, name)}`,
      source: 'local',
      index: null,
      editable: true,
    };
  }
  reject(
    reading,
    path,
    `the source of ${quoteText(name)} is none that uv knows (index, git, url, path, workspace)`,
  );
  return null;
}

function fragmentOf(source: unknown): string {
  const folder = textOf(field(source, 'subdirectory'));
  return folder === null ? '' : `#subdirectory=${folder}`;
}

function namedIndexes(value: unknown): ReadonlyMap<string, string> {
  const indexes = new Map<string, string>();
  for (const entry of Array.isArray(value) ? value : []) {
    const name = textOf(field(entry, 'name'));
    const url = textOf(field(entry, 'url'));
    if (name !== null && url !== null) indexes.set(name, url);
  }
  return indexes;
}
