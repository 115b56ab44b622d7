/**
 * Pipfile: the manifest of Pipenv.
 *
 * Traps: `"*"` is any version; a table has the version beside extras, markers and an index by name; any variable of PEP 508 is
 * a key of its own (`sys_platform = "== 'win32'"`); other tables than the two old ones are categories; `[requires]` names one
 * Python; `-e` and paths are `editable` and `path`.
 */
import { nearestName } from '../nearest-name.ts';
import { normalizeExtra } from '../pep/name.ts';
import type {
  DeclaredRequirement,
  IndexOptions,
  ParsedInput,
  RequirementGroup,
  SourceLocation,
} from '../types.ts';
import { hashPipfile } from './content-hash.ts';
import { toWarning } from './declare.ts';
import { emptyInput } from './empty-input.ts';
import { fillInVariables } from './environment-variables.ts';
import type { Input, InputContext, InputFile } from './input.ts';
import { roleOfGroup } from './roles.ts';
import { quoteText } from './quote.ts';
import { declareAt, reject, warnOfType, type TomlReading } from './toml-requirements.ts';
import {
  arrayOf,
  field,
  isTable,
  parseToml,
  textOf,
  textsOf,
  type TomlPath,
  type TomlTable,
} from './toml.ts';

const kind = 'pipfile';

/** Pipfile. */
export const pipfile: Input = { name: kind, parse: parsePipfile };

const otherTables: readonly string[] = ['source', 'requires', 'scripts', 'pipenv'];

/** What a Pipfile says. Loads the TOML parser. Never throws for bad text. */
export async function parsePipfile(
  file: InputFile,
  { variables: values }: Pick<InputContext, 'variables'>,
): Promise<ParsedInput> {
  const document = await parseToml(file);
  const empty: ParsedInput = emptyInput(file.path, kind, file.warnings);
  if ('message' in document) return { ...empty, warnings: [...file.warnings, document] };
  const reading: TomlReading = { document, warnings: [...file.warnings] };
  const sources = readSources(document.root, values);
  const groups: RequirementGroup[] = [];
  for (const [name, value] of Object.entries(document.root)) {
    if (otherTables.includes(name)) continue;
    if (isTable(value))
      groups.push(toGroup(reading, name, readTable(reading, name, value, sources)));
    else warnOfType(reading, [name], 'a table of packages', value);
  }
  const python = readPython(reading);
  const pre = field(document.root, 'pipenv', 'allow_prereleases') === true ? { pre: true } : {};
  return {
    ...empty,
    groups: groups.toSorted((a, b) => Number(b.kind === 'main') - Number(a.kind === 'main')),
    options: { ...sources.options, ...pre },
    requiresPython: python?.text ?? null,
    lockHashes: hashPipfile(document.root),
    ...(python === null ? {} : { requiresPythonAt: python.location }),
    warnings: reading.warnings,
  };
}

function toGroup(
  { document }: TomlReading,
  name: string,
  requirements: readonly DeclaredRequirement[],
): RequirementGroup {
  const written = Object.keys(tableOr(field(document.root, name))).length;
  // What could not be read was told.
  const partial = requirements.length < written ? { partial: true as const } : {};
  if (name === 'packages')
    return { kind: 'main', name: null, role: 'prod', requirements, ...partial };
  const group = name === 'dev-packages' ? 'dev' : name;
  const role = roleOfGroup(group) ?? 'extra';
  return { kind: 'group', name: normalizeExtra(group), role, requirements, ...partial };
}

function tableOr(value: unknown): TomlTable {
  return isTable(value) ? value : {};
}

interface Sources {
  /** By name. */
  readonly urls: ReadonlyMap<string, string>;
  readonly options: IndexOptions;
}

// The first source is the index; the others are asked for what names them, and else after the first.
function readSources(root: unknown, values: InputContext['variables']): Sources {
  const urls = new Map<string, string>();
  const names: (readonly [string, string])[] = [];
  const all: string[] = [];
  for (const source of arrayOf(field(root, 'source'))) {
    const written = textOf(field(source, 'url'));
    if (written === null) continue;
    const url = fillInVariables(written, values);
    all.push(url);
    const name = textOf(field(source, 'name'));
    if (name === null) continue;
    urls.set(name, url);
    names.push([url, name]);
  }
  const [indexUrl, ...laterIndexUrls] = all;
  const options = {
    ...(indexUrl === undefined ? {} : { indexUrl }),
    ...(laterIndexUrls.length === 0 ? {} : { laterIndexUrls }),
    ...(names.length === 0 ? {} : { indexNames: Object.fromEntries(names) }),
  };
  return { urls, options };
}

function readPython(
  reading: TomlReading,
): { readonly text: string; readonly location: SourceLocation } | null {
  const { document } = reading;
  const full = textOf(field(document.root, 'requires', 'python_full_version'));
  const minor = textOf(field(document.root, 'requires', 'python_version'));
  const written = full ?? minor;
  if (written === null || written === '*') return null;
  const key = full === null ? 'python_version' : 'python_full_version';
  const location = document.at(['requires', key]);
  if (/^\d+(?:\.\d+)*$/.test(written))
    return { text: full === null ? `==${written}.*` : `==${written}`, location };
  reject(reading, ['requires', key], `${quoteText(written)} is no version of Python`);
  return null;
}

// ---------------------------------------------------------------------------------------------------------------------
// Packages

function readTable(
  reading: TomlReading,
  table: string,
  packages: TomlTable,
  { urls, options }: Sources,
): readonly DeclaredRequirement[] {
  const found: DeclaredRequirement[] = [];
  for (const [name, value] of Object.entries(packages)) {
    const path = [table, name];
    const entry = typeof value === 'string' ? { version: value } : value;
    if (!isTable(entry)) {
      warnOfType(reading, path, 'a version or a table', value);
      continue;
    }
    const declared = readEntry(reading, path, name, entry);
    if (declared === null) continue;
    warnOfKeys(reading, path, entry);
    const index = textOf(field(entry, 'index'));
    const url = index === null ? null : (urls.get(index) ?? null);
    if (index !== null && url === null) {
      const message = `the index ${quoteText(index)} of ${quoteText(name)} is none that [[source]] defines`;
      const place = reading.document.at([...path, 'index']);
      reading.warnings.push(toWarning('unknown-index', place, message));
    }
    found.push({
      ...declared,
      index: url === options.indexUrl ? null : url,
      editable: field(entry, 'editable') === true,
    });
  }
  return found;
}

function readEntry(
  reading: TomlReading,
  path: TomlPath,
  name: string,
  entry: TomlTable,
): DeclaredRequirement | null {
  const place = reading.document.atKey(path);
  const extras = textsOf(field(entry, 'extras')) ?? [];
  const head = extras.length === 0 ? name : `${name}[${extras.join(',')}]`;
  const marker = readMarker(entry);
  const address = readAddress(entry);
  if (address !== null)
    return declareAt(
      reading,
      place,
      `${head} @ ${address}${marker === null ? '' : ` ; ${marker}`}`,
    );
  const version = (textOf(field(entry, 'version')) ?? '*').trim();
  // A bare version is what Pipenv writes as `==`.
  const specifiers = version === '*' ? '' : /^\d/.test(version) ? `==${version}` : version;
  return declareAt(reading, place, `${head}${specifiers}${marker === null ? '' : `; ${marker}`}`);
}

const knownKeys: readonly string[] = [
  ...['version', 'extras', 'markers', 'index', 'editable', 'ref', 'subdirectory', 'path', 'file'],
  ...['git', 'hg', 'svn', 'bzr', 'hashes', 'no_binary', 'skip_resolver'],
];

function warnOfKeys({ document, warnings }: TomlReading, path: TomlPath, entry: TomlTable): void {
  for (const key of Object.keys(entry)) {
    if (knownKeys.includes(key) || variables.includes(key)) continue;
    const near = nearestName(key, knownKeys);
    const hint = near === null ? '' : `; did you mean ${quoteText(near)}?`;
    const message = `${quoteText(key)} is no key of a package of Pipenv and is ignored${hint}`;
    warnings.push(toWarning('unknown-key', document.atKey([...path, key]), message));
  }
}

function readAddress(entry: TomlTable): string | null {
  const folder = textOf(field(entry, 'subdirectory'));
  const fragment = folder === null ? '' : `#subdirectory=${folder}`;
  for (const type of ['git', 'hg', 'svn', 'bzr']) {
    const address = textOf(field(entry, type));
    if (address === null) continue;
    const revision = textOf(field(entry, 'ref'));
    const url = /^[^/]+@[^/]+:/.test(address) ? `ssh://${address.replace(':', '/')}` : address;
    return `${type}+${url.replace(/^(?:git|hg|svn|bzr)\+/, '')}${revision === null ? '' : `@${revision}`}${fragment}`;
  }
  const path = textOf(field(entry, 'path')) ?? textOf(field(entry, 'file'));
  if (path === null) return null;
  return /^[a-z][a-z+.-]*:/i.test(path) ? path : `file:${path}`;
}

const variables: readonly string[] = [
  'os_name',
  'sys_platform',
  'platform_machine',
  'platform_python_implementation',
  'platform_release',
  'platform_system',
  'platform_version',
  'python_version',
  'python_full_version',
  'implementation_name',
  'implementation_version',
];

function readMarker(entry: TomlTable): string | null {
  const parts: string[] = [];
  const markers = textOf(field(entry, 'markers'));
  if (markers !== null && markers.trim() !== '') parts.push(markers);
  for (const name of variables) {
    const condition = textOf(field(entry, name));
    if (condition !== null) parts.push(`${name} ${condition}`);
  }
  if (parts.length < 2) return parts[0] ?? null;
  return parts.map((part) => `(${part})`).join(' and ');
}
