/**
 * `[tool.depweight]` of pyproject.toml, or depweight.toml: the keys are the flags by their long names, budget keys are the
 * flags without `max-`.
 */
import { decodeFile } from '../inputs/decode.ts';
import { joinPath, type FileAccess } from '../inputs/file-access.ts';
import { toWarning } from '../inputs/declare.ts';
import { quoteText } from '../inputs/quote.ts';
import {
  describeType,
  field,
  isTable,
  parseToml,
  type TomlDocument,
  type TomlTable,
} from '../inputs/toml.ts';
import { nearestName } from '../nearest-name.ts';
import { normalizeName } from '../pep/name.ts';
import type { Overrule, SourceLocation, Warning } from '../types.ts';

/** The settings of a project, as written. `table` is what `readOptions` takes: unknown and wrong values are left out. */
export interface Configuration {
  readonly path: string;
  readonly table: Readonly<Record<string, unknown>>;
  /** Where a key stands, for messages and for `from` (`pyproject.toml:41`). */
  readonly at: (key: string) => SourceLocation;
  /** The names of `keep`, in order. */
  readonly overrules: readonly Overrule[];
}

/** A configuration, null where a project has none, and what is wrong with it. */
export interface ReadConfiguration {
  readonly configuration: Configuration | null;
  /** Unknown keys and wrong values have severity `error`. */
  readonly warnings: readonly Warning[];
}

type Kind = 'text' | 'amount' | 'flag' | 'texts' | 'keep' | 'budget';

const kinds: Readonly<Record<string, Kind>> = {
  python: 'texts',
  platform: 'texts',
  extra: 'texts',
  'all-extras': 'flag',
  group: 'texts',
  env: 'text',
  constraint: 'texts',
  override: 'texts',
  'index-url': 'text',
  'extra-index-url': 'texts',
  'find-links': 'texts',
  'no-index': 'flag',
  pre: 'flag',
  'no-binary': 'texts',
  'only-binary': 'texts',
  'exclude-newer': 'text',
  source: 'text',
  offline: 'flag',
  refresh: 'flag',
  'cache-dir': 'text',
  format: 'text',
  output: 'texts',
  all: 'flag',
  units: 'text',
  bytecode: 'flag',
  color: 'text',
  strict: 'flag',
  'fail-on': 'texts',
  'allow-outside': 'flag',
  cert: 'text',
  style: 'text',
  compat: 'text',
  'keep-original': 'flag',
  'per-entry-point': 'flag',
  verify: 'flag',
  'price-storage': 'amount',
  'price-transfer': 'amount',
  pulls: 'amount',
  'versions-kept': 'amount',
  bandwidth: 'amount',
  keep: 'keep',
  against: 'text',
  budget: 'budget',
};
const budgetKinds: Readonly<Record<string, 'size' | 'count' | 'growth'>> = {
  installed: 'size',
  download: 'size',
  packages: 'count',
  unused: 'size',
  growth: 'growth',
};

/** The configuration of the project in a folder: depweight.toml if it is there, else `[tool.depweight]` of pyproject.toml. */
export async function readConfiguration(
  access: FileAccess,
  folder: string,
): Promise<ReadConfiguration> {
  for (const name of ['depweight.toml', 'pyproject.toml']) {
    const path = joinPath(folder, name);
    const read = access.read(path);
    if (!read.ok && (read.problem === 'missing' || name === 'pyproject.toml')) continue;
    const decoded = decodeFile(path, read);
    if (!decoded.ok) return { configuration: null, warnings: [decoded.warning] };
    // Parsing is not free: a pyproject.toml that does not name us is not parsed for our sake.
    if (name === 'pyproject.toml' && !decoded.file.text.includes('depweight')) continue;
    const result = await parseConfiguration(decoded.file.text, path);
    if (result.configuration !== null || result.warnings.length > 0) return result;
  }
  return { configuration: null, warnings: [] };
}

/** The configuration in the text of depweight.toml or pyproject.toml. Invalid TOML is a warning of severity `error`. */
export async function parseConfiguration(text: string, path: string): Promise<ReadConfiguration> {
  const document = await parseToml({ path, text, realPath: path, warnings: [] });
  if ('message' in document) return { configuration: null, warnings: [document] };
  const prefix = path.endsWith('pyproject.toml') ? ['tool', 'depweight'] : [];
  const table = prefix.length === 0 ? document.root : field(document.root, ...prefix);
  if (table === undefined) return { configuration: null, warnings: [] };
  const at = (key: string): SourceLocation => document.at([...prefix, ...key.split('.')]);
  if (!isTable(table))
    return {
      configuration: null,
      warnings: [wrong(document.at(prefix), 'tool.depweight', 'a table', table)],
    };
  const { kept, warnings } = checkTable(document, prefix, table);
  const overrules = readOverrules(document, [...prefix, 'keep'], kept['keep']);
  return { configuration: { path, table: kept, at, overrules }, warnings };
}

function checkTable(
  document: TomlDocument,
  prefix: readonly string[],
  table: TomlTable,
): { readonly kept: Readonly<Record<string, unknown>>; readonly warnings: readonly Warning[] } {
  const kept: [string, unknown][] = [];
  const warnings: Warning[] = [];
  for (const [key, value] of Object.entries(table)) {
    const kind = Object.hasOwn(kinds, key) ? kinds[key] : undefined;
    if (kind === undefined) {
      warnings.push(unknown(document.atKey([...prefix, key]), key, Object.keys(kinds)));
      continue;
    }
    const problems = checkValue(document, [...prefix, key], kind, value);
    warnings.push(...problems);
    if (problems.length === 0) kept.push([key, value]);
  }
  return { kept: Object.fromEntries(kept), warnings };
}

function checkValue(
  document: TomlDocument,
  path: readonly string[],
  kind: Kind,
  value: unknown,
): readonly Warning[] {
  const name = path.at(-1) ?? '';
  const place = document.at(path);
  switch (kind) {
    case 'flag':
      return typeof value === 'boolean' ? [] : [wrong(place, name, 'true or false', value)];
    case 'text':
      return typeof value === 'string' ? [] : [wrong(place, name, 'text', value)];
    case 'amount':
      return typeof value === 'string' || (typeof value === 'number' && value >= 0)
        ? []
        : [wrong(place, name, 'a number or text', value)];
    case 'texts':
      return isText(value) || (Array.isArray(value) && value.every(isText))
        ? []
        : [wrong(place, name, 'text or an array of text', value)];
    case 'keep':
      return checkKeep(document, path, value);
    case 'budget':
      return checkBudget(document, path, value);
    default: {
      const never: never = kind;
      return never;
    }
  }
}

// `keep = ["numpy"]`, or with reasons `keep = {numpy = "loaded by the plugin"}`.
function checkKeep(
  document: TomlDocument,
  path: readonly string[],
  value: unknown,
): readonly Warning[] {
  const isList = Array.isArray(value) && value.every(isText);
  if (!isList && !(isTable(value) && Object.values(value).every(isText)))
    return [
      wrong(document.at(path), 'keep', 'an array of names or a table of names with reasons', value),
    ];
  return keptEntries(value).flatMap(({ name, key, at }) =>
    isName(name)
      ? []
      : [wrong(document[at]([...path, key]), 'keep', 'the name of a distribution', name)],
  );
}

interface KeptEntry {
  readonly name: string;
  readonly reason: string;
  readonly key: string | number;
  /** How the document finds the name: it is the value of an array, but the key of a table. */
  readonly at: 'at' | 'atKey';
}

function keptEntries(value: unknown): readonly KeptEntry[] {
  if (Array.isArray(value))
    return value
      .filter(isText)
      .map((name, key): KeptEntry => ({ name, reason: '', key, at: 'at' }));
  if (!isTable(value)) return [];
  return Object.entries(value).flatMap(([name, reason]): readonly KeptEntry[] =>
    isText(reason) ? [{ name, reason: reason.trim(), key: name, at: 'atKey' }] : [],
  );
}

/** PEP 508: no version, no extra, for it is the whole distribution that stays. */
function isName(text: string): boolean {
  return /^(?:[a-z\d]|[a-z\d][a-z\d._-]*[a-z\d])$/i.test(text);
}

function readOverrules(
  document: TomlDocument,
  path: readonly string[],
  value: unknown,
): readonly Overrule[] {
  return keptEntries(value).map(({ name, reason, key, at }) => ({
    name: normalizeName(name),
    reason,
    location: document[at]([...path, key]),
    from: 'configuration',
  }));
}

function checkBudget(
  document: TomlDocument,
  path: readonly string[],
  value: unknown,
): readonly Warning[] {
  if (isText(value)) return [];
  if (!isTable(value))
    return [wrong(document.at(path), 'budget', 'the name of a preset or a table', value)];
  return Object.entries(value).flatMap(([key, limit]) => {
    const kind = Object.hasOwn(budgetKinds, key) ? budgetKinds[key] : undefined;
    if (kind === undefined)
      return [unknown(document.atKey([...path, key]), `budget.${key}`, Object.keys(budgetKinds))];
    const isNumber = typeof limit === 'number' && Number.isInteger(limit) && limit >= 0;
    const isSize = isText(limit) && /^[+]?\d+(?:\.\d+)?\s*(?:(?:[kmgt]i?)?b)?$/i.test(limit.trim());
    // The name of a preset; which there are, `check` knows.
    const isPreset = isText(limit) && /^[a-z][a-z\d]*(?:-[a-z\d]+)+$/.test(limit);
    const isPart = isText(limit) && /^[+]?\s*\d+(?:\.\d+)?\s*%$/.test(limit.trim());
    if (isNumber || (kind === 'size' && (isSize || isPreset))) return [];
    if (kind === 'growth' && (isSize || isPart)) return [];
    const expected = EXPECTED[kind];
    return [wrong(document.at([...path, key]), `budget.${key}`, expected, limit)];
  });
}

const EXPECTED: Readonly<Record<'size' | 'count' | 'growth', string>> = {
  size: 'a size such as "500 MB"',
  count: 'a whole number',
  growth: 'a size such as "10 MB" or a part such as "5 %"',
};

function isText(value: unknown): value is string {
  return typeof value === 'string';
}

function wrong(place: SourceLocation, key: string, expected: string, value: unknown): Warning {
  const found = typeof value === 'string' ? quoteText(value) : describeType(value);
  return {
    ...toWarning('invalid-setting', place, `${quoteText(key)} is ${found}, not ${expected}`),
    severity: 'error',
  };
}

function unknown(place: SourceLocation, key: string, known: readonly string[]): Warning {
  const nearest = nearestName(key.replace(/^budget\./, ''), known);
  const hint = nearest === null ? '' : `; did you mean ${quoteText(nearest)}?`;
  return {
    ...toWarning('unknown-setting', place, `there is no setting ${quoteText(key)}${hint}`),
    severity: 'error',
  };
}
