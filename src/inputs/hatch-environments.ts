/**
 * The environments of Hatch, in `[tool.hatch.envs]` or in a hatch.toml beside it, each as a group.
 *
 * Traps: an environment has what `default` has, key by key, unless it names another `template`, is `detached` or is one of
 * Hatch's own (`hatch-test`); `dependencies` of its own take the place of those, they are not added; `features` are extras of
 * the project; `{root:uri}` is filled in by Hatch, and so is `{env:NAME}`, of which nothing is known here.
 */
import { normalizeExtra } from '../pep/name.ts';
import type { DeclaredRequirement, RequirementGroup } from '../types.ts';
import { toWarning } from './declare.ts';
import { decodeFile } from './decode.ts';
import type { GroupItem } from './dependency-groups.ts';
import { folderOf, joinPath } from './file-access.ts';
import type { InputContext } from './input.ts';
import { fillProjectRoot } from './project-root.ts';
import { quoteText } from './quote.ts';
import {
  declareText,
  placeOfText,
  readRequirementItems,
  reject,
  toItems,
  unreadItem,
  type TomlReading,
} from './toml-requirements.ts';
import {
  arrayOf,
  field,
  isTable,
  parseToml,
  textOf,
  type TomlPath,
  type TomlTable,
} from './toml.ts';

/** Where environments are described. */
interface HatchReading extends TomlReading {
  /** Of the table of environments. */
  readonly prefix: readonly string[];
  readonly environments: TomlTable;
  readonly extras: readonly RequirementGroup[];
}

/** hatch.toml beside a pyproject.toml, as it is read; null where there is none. Loads the TOML parser. */
export async function readHatchFile(
  pyproject: string,
  context: InputContext,
  warnings: TomlReading['warnings'],
): Promise<TomlReading | null> {
  const path = joinPath(folderOf(pyproject), 'hatch.toml');
  const read = context.read(path);
  if (!read.ok) return null;
  const decoded = decodeFile(path, read);
  const document = decoded.ok ? await parseToml(decoded.file) : decoded.warning;
  if (!('message' in document)) return { document, warnings };
  warnings.push(document);
  return null;
}

/** The groups of all environments by their names, that of `default` as `dev`: it is where one works. */
export function readHatchGroups(
  pyproject: TomlReading,
  file: TomlReading | null,
  extras: readonly RequirementGroup[],
): ReadonlyMap<string, readonly GroupItem[]> {
  // What stands in hatch.toml takes the place of the table.
  const inFile = field(file?.document.root, 'envs');
  const isFile = file !== null && inFile !== undefined;
  const prefix = isFile ? ['envs'] : ['tool', 'hatch', 'envs'];
  const { document, warnings } = isFile ? file : pyproject;
  const environments = field(document.root, ...prefix);
  const groups = new Map<string, readonly GroupItem[]>();
  if (!isTable(environments)) return groups;
  const reading: HatchReading = { document, warnings, prefix, environments, extras };
  for (const name of Object.keys(environments))
    groups.set(name === 'default' ? 'dev' : name, readEnvironment(reading, name));
  return groups;
}

function readEnvironment(reading: HatchReading, name: string): readonly GroupItem[] {
  const items = ['dependencies', 'extra-dependencies'].flatMap((key) => {
    const owner = findOwner(reading, name, key);
    if (owner === null) return [];
    const path = [...reading.prefix, owner, key];
    return readRequirementItems(
      reading,
      path,
      field(reading.environments, owner, key),
      declareInContext,
    );
  });
  return [
    ...items,
    ...readFeatures(reading, name),
    ...readIncludedGroups(reading, name),
    ...readOverrides(reading, name),
  ];
}

/** The environment, itself or one that it builds on, that has a key; null for none. */
function findOwner({ environments }: HatchReading, name: string, key: string): string | null {
  const seen = new Set<string>();
  for (let owner: string | null = name; owner !== null && !seen.has(owner);) {
    seen.add(owner);
    const environment: unknown = field(environments, owner);
    if (field(environment, key) !== undefined) return owner;
    owner = templateOf(owner, environment);
  }
  return null;
}

function templateOf(name: string, environment: unknown): string | null {
  const template = textOf(field(environment, 'template'));
  if (template !== null) return template;
  const isAlone = name === 'default' || name.startsWith('hatch-');
  return isAlone || field(environment, 'detached') === true ? null : 'default';
}

function declareInContext(
  reading: TomlReading,
  path: TomlPath,
  text: string,
): DeclaredRequirement | null {
  const unknown = /\{[a-z]+(?::[^{}]*)?\}/.exec(fillProjectRoot(text))?.[0];
  if (unknown === undefined) return declareText(reading, path, text);
  const message = `${quoteText(text)} is left out: ${quoteText(unknown)} is filled in when Hatch runs`;
  reading.warnings.push(toWarning('hatch-context', placeOfText(reading.document, path), message));
  return null;
}

function readFeatures(reading: HatchReading, name: string): readonly GroupItem[] {
  const owner = findOwner(reading, name, 'features');
  if (owner === null) return [];
  return arrayOf(field(reading.environments, owner, 'features')).flatMap((value, index) => {
    const feature = textOf(value);
    const extra = reading.extras.find((one) => one.name === normalizeExtra(feature ?? ''));
    if (extra !== undefined)
      return [...toItems(extra.requirements), ...(extra.partial === true ? [unreadItem] : [])];
    const message = `the environment ${quoteText(owner)} has the feature ${quoteText(feature ?? '')}, which is no extra of the project`;
    reject(reading, [...reading.prefix, owner, 'features', index], message);
    return [unreadItem];
  });
}

function readIncludedGroups(reading: HatchReading, name: string): readonly GroupItem[] {
  const owner = findOwner(reading, name, 'dependency-groups');
  if (owner === null) return [];
  const path = [...reading.prefix, owner, 'dependency-groups'];
  return arrayOf(field(reading.environments, owner, 'dependency-groups')).flatMap(
    (value, index): readonly GroupItem[] => {
      const group = textOf(value);
      if (group === null) return [];
      const location = reading.document.at([...path, index]);
      return [{ kind: 'include', name: normalizeExtra(group), location }];
    },
  );
}

// `overrides.matrix.django.dependencies`: which of them count is decided by the entry of the matrix that runs.
function readOverrides(reading: HatchReading, name: string): readonly GroupItem[] {
  const overrides = field(reading.environments, name, 'overrides');
  const changed: readonly string[] = ['dependencies', 'extra-dependencies', 'features'];
  for (const [kind, sources] of Object.entries(isTable(overrides) ? overrides : {})) {
    for (const [source, keys] of Object.entries(isTable(sources) ? sources : {})) {
      const key = Object.keys(isTable(keys) ? keys : {}).find((one) =>
        changed.includes(one.replace(/^set-/, '')),
      );
      if (key === undefined) continue;
      const path = [...reading.prefix, name, 'overrides', kind, source, key];
      const message = `${quoteText(`${kind}.${source}.${key}`)} of the environment ${quoteText(name)} is not applied: it depends on how Hatch is run`;
      reading.warnings.push(toWarning('hatch-context', reading.document.atKey(path), message));
      return [unreadItem];
    }
  }
  return [];
}
