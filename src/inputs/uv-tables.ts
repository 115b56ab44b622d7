/**
 * `[tool.uv]`: sources, indexes, constraints, overrides, workspace members.
 *
 * Traps: a source applies to every requirement of that name in the project; a list of sources is chosen from by marker; an
 * index marked `explicit` serves only who names it; members of a workspace are found by glob, and by name.
 */
import { normalizeName } from '../pep/name.ts';
import type { DeclaredRequirement, IndexOptions, SourceLocation } from '../types.ts';
import { toWarning } from './declare.ts';
import { folderOf, joinPath } from './file-access.ts';
import type { InputContext } from './input.ts';
import { quoteText } from './quote.ts';
import { readRequirementArray, reject, type TomlReading } from './toml-requirements.ts';
import { field, isTable, textOf, textsOf, type TomlPath } from './toml.ts';
import { findWorkspaceMember } from './uv-workspace.ts';

/** Where a requirement of a name really comes from. */
interface UvSource {
  readonly url: string | null;
  readonly kind: DeclaredRequirement['source'];
  readonly index: string | null;
  readonly editable: boolean;
  readonly place: SourceLocation;
}

/** What `[tool.uv]` says besides groups. */
export interface UvTables {
  readonly options: IndexOptions;
  readonly constraints: readonly DeclaredRequirement[];
  readonly overrides: readonly DeclaredRequirement[];
  readonly devDependencies: readonly DeclaredRequirement[];
  /** The requirement with its source applied. */
  readonly apply: (declared: DeclaredRequirement) => DeclaredRequirement;
}

const tool: TomlPath = ['tool', 'uv'];

/** Reads `[tool.uv]`; everything is empty where there is none. */
export function readUvTables(reading: TomlReading, context: InputContext): UvTables {
  const uv = field(reading.document.root, 'tool', 'uv');
  const read = (key: string): readonly DeclaredRequirement[] =>
    readRequirementArray(reading, [...tool, key], field(uv, key));
  const sources = readSources(reading, context);
  return {
    options: readUvOptions(uv),
    constraints: read('constraint-dependencies'),
    overrides: read('override-dependencies'),
    devDependencies: read('dev-dependencies'),
    apply: (declared) => applySource(declared, sources.get(declared.requirement.name)),
  };
}

function applySource(
  declared: DeclaredRequirement,
  source: UvSource | undefined,
): DeclaredRequirement {
  if (source === undefined || declared.source !== 'index') return declared;
  const requirement =
    source.url === null ? declared.requirement : { ...declared.requirement, url: source.url };
  return {
    ...declared,
    requirement,
    source: source.kind,
    index: source.index,
    editable: source.editable,
  };
}

function readSources(reading: TomlReading, context: InputContext): ReadonlyMap<string, UvSource> {
  const { root } = reading.document;
  const table = field(root, 'tool', 'uv', 'sources');
  const sources = new Map<string, UvSource>();
  if (table === undefined) {
    warnOfMembersOutside(reading);
    return sources;
  }
  if (!isTable(table)) {
    reject(reading, [...tool, 'sources'], `${quoteText('tool.uv.sources')} is not a table`);
    return sources;
  }
  const indexes = namedIndexes(field(root, 'tool', 'uv', 'index'));
  warnOfMembersOutside(reading);
  for (const [name, value] of Object.entries(table)) {
    const path = [...tool, 'sources', name];
    // Several sources differ by marker; without one we take the first and say so.
    const several: readonly unknown[] = Array.isArray(value) ? value : [value];
    if (several.length > 1) {
      reading.warnings.push(
        toWarning(
          'several-sources',
          reading.document.atKey(path),
          `${quoteText(name)} has ${several.length} sources; the first one is taken`,
        ),
      );
    }
    const source = readSource(reading, context, { path, name, value: several[0], indexes });
    if (source !== null) sources.set(normalizeName(name), source);
  }
  return sources;
}

interface SourceEntry {
  readonly path: TomlPath;
  readonly name: string;
  readonly value: unknown;
  readonly indexes: ReadonlyMap<string, string>;
}

function readSource(
  reading: TomlReading,
  context: InputContext,
  { path, name, value, indexes }: SourceEntry,
): UvSource | null {
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
    return { url: null, kind: 'index', index: url, editable: false, place };
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
      url: `git+${git}${revision === null ? '' : `@${revision}`}`,
      kind: 'vcs',
      index: null,
      editable: false,
      place,
    };
  }
  const url = textOf(field(value, 'url'));
  if (url !== null) return { url, kind: 'url', index: null, editable: false, place };
  const editable = field(value, 'editable') === true;
  const local = textOf(field(value, 'path'));
  if (local !== null)
    return { url: `file:${joinPath(folder, local)}`, kind: 'local', index: null, editable, place };
  if (field(value, 'workspace') === true) {
    const member = findWorkspaceMember(context, folder, normalizeName(name));
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
      kind: 'local',
      index: null,
      editable: true,
      place,
    };
  }
  reject(
    reading,
    path,
    `the source of ${quoteText(name)} is none that uv knows (index, git, url, path, workspace)`,
  );
  return null;
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

/** Options for the index in the keys of `[tool.uv]`, which are those of uv.toml. */
export function readUvOptions(uv: unknown): IndexOptions {
  const entries: readonly unknown[] = Array.isArray(field(uv, 'index'))
    ? asArray(field(uv, 'index'))
    : [];
  let indexUrl = textOf(field(uv, 'index-url'));
  const extra: string[] = [];
  for (const entry of entries) {
    const url = textOf(field(entry, 'url'));
    if (url === null) continue;
    if (field(entry, 'default') === true) indexUrl = url;
    else if (field(entry, 'explicit') !== true) extra.push(url);
  }
  extra.push(...(textsOf(field(uv, 'extra-index-url')) ?? []));
  const findLinks = textsOf(field(uv, 'find-links')) ?? [];
  const noBinary =
    field(uv, 'no-binary') === true ? [':all:'] : (textsOf(field(uv, 'no-binary-package')) ?? []);
  const onlyBinary =
    field(uv, 'no-build') === true ? [':all:'] : (textsOf(field(uv, 'no-build-package')) ?? []);
  return {
    ...(indexUrl === null ? {} : { indexUrl }),
    ...(extra.length === 0 ? {} : { extraIndexUrls: extra }),
    ...(findLinks.length === 0 ? {} : { findLinks }),
    ...(field(uv, 'no-index') === true ? { noIndex: true } : {}),
    ...(field(uv, 'prerelease') === 'allow' ? { pre: true } : {}),
    ...(noBinary.length === 0 ? {} : { noBinary }),
    ...(onlyBinary.length === 0 ? {} : { onlyBinary }),
  };
}

function asArray(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

// ---------------------------------------------------------------------------------------------------------------------
// Workspace

function warnOfMembersOutside(reading: TomlReading): void {
  const members = textsOf(field(reading.document.root, 'tool', 'uv', 'workspace', 'members')) ?? [];
  for (const [index, member] of members.entries()) {
    const path = joinPath(folderOf(reading.document.path), member);
    if (!path.startsWith('/') && !path.startsWith('..')) continue;
    const place = reading.document.at([...tool, 'workspace', 'members', index]);
    reading.warnings.push(
      toWarning(
        'outside-repository',
        place,
        `the workspace members ${quoteText(member)} lie outside the repository and are left out`,
      ),
    );
  }
}
