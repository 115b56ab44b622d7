/**
 * `[tool.uv]`: indexes, constraints, overrides, workspace members; its sources are read by `uv-sources.ts`.
 *
 * Traps: an index marked `explicit` serves only who names it; one of format `flat` is a page or folder of links; the default
 * index comes last.
 */
import { parseMoment } from '../settings/moment.ts';
import type { DeclaredRequirement, IndexOptions } from '../types.ts';
import { toWarning } from './declare.ts';
import { folderOf, joinPath } from './file-access.ts';
import type { InputContext } from './input.ts';
import { readExclusions } from './excluded-distributions.ts';
import { quoteText } from './quote.ts';
import { toLink } from './requirements-index-options.ts';
import { readRequirementArray, type TomlReading } from './toml-requirements.ts';
import { arrayOf, field, textOf, textsOf } from './toml.ts';
import { warnOfUvLimits } from './uv-limits.ts';
import { applySources, readUvSources, type UvSources } from './uv-sources.ts';
import type { UvWorkspace } from './uv-workspace.ts';

/** What `[tool.uv]` says besides groups. */
export interface UvTables {
  readonly options: IndexOptions;
  readonly constraints: readonly DeclaredRequirement[];
  readonly overrides: readonly DeclaredRequirement[];
  readonly devDependencies: readonly DeclaredRequirement[];
  readonly sources: UvSources;
}

const tool = ['tool', 'uv'] as const;

/**
 * Reads `[tool.uv]`, of a member of a workspace that of its root besides; everything is empty where there is none.
 * `workspace` is null for a script.
 */
export function readUvTables(
  reading: TomlReading,
  context: InputContext,
  workspace: UvWorkspace | null,
): UvTables {
  const { document } = reading;
  const root = workspace?.root ?? document;
  // What is wrong with the root is told where it is read for itself.
  const settings: TomlReading = root === document ? reading : { document: root, warnings: [] };
  const read = (from: TomlReading, key: string): readonly DeclaredRequirement[] =>
    readRequirementArray(from, [...tool, key], field(from.document.root, ...tool, key));
  warnOfMembersOutside(reading);
  warnOfUvLimits(reading, root === document);
  const sources = new Map([
    ...(root === document ? [] : readUvSources(settings, context, workspace)),
    ...readUvSources(reading, context, workspace),
  ]);
  const place = (declared: DeclaredRequirement): DeclaredRequirement =>
    applySources(sources, declared, { kind: 'main', name: null });
  return {
    options: readUvOptions(field(root.root, ...tool), folderOf(root.path)),
    constraints: read(settings, 'constraint-dependencies').map(place),
    overrides: [
      ...read(settings, 'override-dependencies').map(place),
      ...readExclusions(settings, [...tool, 'exclude-dependencies']),
    ],
    devDependencies: read(reading, 'dev-dependencies'),
    sources,
  };
}

/** Options for the index in the keys of `[tool.uv]`, which are those of uv.toml. Paths are meant from `folder`. */
export function readUvOptions(uv: unknown, folder: string): IndexOptions {
  let indexUrl = textOf(field(uv, 'index-url'));
  const extra: string[] = [];
  const findLinks: string[] = [];
  const names: (readonly [string, string])[] = [];
  for (const entry of arrayOf(field(uv, 'index'))) {
    const url = textOf(field(entry, 'url'));
    const name = textOf(field(entry, 'name'));
    if (url === null) continue;
    if (name !== null) names.push([url, name]);
    if (field(entry, 'format') === 'flat') findLinks.push(url);
    else if (field(entry, 'default') === true) indexUrl = url;
    else if (field(entry, 'explicit') !== true) extra.push(url);
  }
  extra.push(...(textsOf(field(uv, 'extra-index-url')) ?? []));
  findLinks.push(...(textsOf(field(uv, 'find-links')) ?? []));
  const noBinary =
    field(uv, 'no-binary') === true ? [':all:'] : (textsOf(field(uv, 'no-binary-package')) ?? []);
  const onlyBinary =
    field(uv, 'no-build') === true ? [':all:'] : (textsOf(field(uv, 'no-build-package')) ?? []);
  const excludeNewer = parseMoment(textOf(field(uv, 'exclude-newer')) ?? '');
  return {
    ...(excludeNewer === null ? {} : { excludeNewer }),
    ...(indexUrl === null ? {} : { indexUrl }),
    ...(extra.length === 0 ? {} : { extraIndexUrls: extra }),
    ...(names.length === 0 ? {} : { indexNames: Object.fromEntries(names) }),
    ...(findLinks.length === 0
      ? {}
      : { findLinks: findLinks.map((place) => toLink(place, folder)) }),
    ...(field(uv, 'no-index') === true ? { noIndex: true } : {}),
    ...(field(uv, 'prerelease') === 'allow' ? { pre: true } : {}),
    ...(noBinary.length === 0 ? {} : { noBinary }),
    ...(onlyBinary.length === 0 ? {} : { onlyBinary }),
  };
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
