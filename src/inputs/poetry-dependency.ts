/**
 * One entry of a table of dependencies of Poetry as a PEP 508 requirement.
 *
 * Traps: `optional = true` in the main table means "only by an extra"; a list of tables means one requirement per Python or
 * platform; `platform` may be a condition (`!=win32`, `linux || darwin`); an address of git may be in the form of ssh.
 */
import { nearestName } from '../nearest-name.ts';
import type { DeclaredRequirement, SourceLocation } from '../types.ts';
import { toWarning } from './declare.ts';
import { convertPoetryConstraint, poetryPythonMarker } from './poetry-constraint.ts';
import { quoteText } from './quote.ts';
import { declareAt, warnOfType, type TomlReading } from './toml-requirements.ts';
import { field, isTable, textOf, textsOf, type TomlPath, type TomlTable } from './toml.ts';

/** An entry, and whether only an extra asks for it. */
export interface PoetryEntry {
  readonly declared: DeclaredRequirement;
  readonly optional: boolean;
}

/** An entry as it stands in its table, with the indexes by their names in lower case. */
export interface WrittenEntry {
  readonly name: string;
  readonly value: unknown;
  readonly explicit: ReadonlyMap<string, string>;
}

const knownKeys: readonly string[] = [
  'version',
  'python',
  'platform',
  'markers',
  'allow-prereleases',
  'optional',
  'extras',
  'source',
  'git',
  'branch',
  'tag',
  'rev',
  'subdirectory',
  'path',
  'file',
  'url',
  'develop',
];

/** Reads it; null where it cannot be read, which is told. */
export function readPoetryEntry(
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
  warnOfKeys(reading, path, table);
  const text = toRequirementText(reading, place, name, table);
  const editable = field(table, 'develop') === true;
  const declared = declareAt(reading, place, text);
  if (declared === null) return null;
  return {
    declared: {
      ...declared,
      editable,
      index: readIndex(reading, path, { name, value: table, explicit }),
    },
    optional: field(table, 'optional') === true,
  };
}

function readIndex(
  reading: TomlReading,
  path: TomlPath,
  { name, value, explicit }: WrittenEntry,
): string | null {
  const source = textOf(field(value, 'source'));
  if (source === null) return null;
  const index = explicit.get(source.toLowerCase()) ?? null;
  if (index === null) {
    const message = `the source ${quoteText(source)} of ${quoteText(name)} is none that [[tool.poetry.source]] defines`;
    reading.warnings.push(
      toWarning('unknown-index', reading.document.at([...path, 'source']), message),
    );
  }
  return index;
}

function warnOfKeys({ document, warnings }: TomlReading, path: TomlPath, table: TomlTable): void {
  for (const key of Object.keys(table)) {
    const place = document.atKey([...path, key]);
    if (key === 'allow-prereleases' && field(table, key) === true) {
      const message =
        '`allow-prereleases` is not applied to a single package: a pre-release is taken where no final release fits';
      warnings.push(toWarning('not-honoured', place, message));
    }
    if (knownKeys.includes(key)) continue;
    const near = nearestName(key, knownKeys);
    const hint = near === null ? '' : `; did you mean ${quoteText(near)}?`;
    const message = `${quoteText(key)} is no key of a dependency of Poetry and is ignored${hint}`;
    warnings.push(toWarning('unknown-key', place, message));
  }
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
  const written = textOf(field(table, 'version'));
  const version = written ?? '';
  // Beside [project] an entry may say no more than where the thing comes from.
  const isAddition = written === null && field(reading.document.root, 'project') !== undefined;
  if (version.trim() === '' && !isAddition) {
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
  const python = textOf(field(table, 'python'));
  const platform = textOf(field(table, 'platform'));
  const markers = textOf(field(table, 'markers'));
  const parts = [
    python === null ? null : poetryPythonMarker(python),
    platform === null ? null : toPlatformMarker(platform),
    markers === null || markers.trim() === '' ? null : markers,
  ].filter((part) => part !== null);
  if (parts.length < 2) return parts[0] ?? null;
  return parts.map((part) => (/\bor\b/.test(part) ? `(${part})` : part)).join(' and ');
}

// `linux || darwin`, `!=win32`, `!=win32,!=darwin`
function toPlatformMarker(text: string): string | null {
  const toClause = (clause: string): string => {
    const [, operator = '', value = ''] = /^(==|!=|=)?\s*(.*)$/.exec(clause.trim()) ?? [];
    return `sys_platform ${operator === '!=' ? '!=' : '=='} "${value}"`;
  };
  if (text.trim() === '*') return null;
  const alternatives = text
    .split(/\s*\|\|?\s*/)
    .map((all) => all.split(',').map(toClause).join(' and '));
  return alternatives.join(' or ');
}

function readAddress(table: TomlTable): string | null {
  const folder = textOf(field(table, 'subdirectory'));
  const fragment = folder === null ? '' : `#subdirectory=${folder}`;
  const git = textOf(field(table, 'git'));
  if (git !== null) {
    const revision =
      textOf(field(table, 'rev')) ?? textOf(field(table, 'tag')) ?? textOf(field(table, 'branch'));
    const url = /^[^/:]+@[^/:]+:/.test(git) ? `ssh://${git.replace(':', '/')}` : git;
    return `git+${url}${revision === null ? '' : `@${revision}`}${fragment}`;
  }
  const path = textOf(field(table, 'path')) ?? textOf(field(table, 'file'));
  if (path !== null) return `file:${path}`;
  const url = textOf(field(table, 'url'));
  return url === null ? null : `${url}${fragment}`;
}
