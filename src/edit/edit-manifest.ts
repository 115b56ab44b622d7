/**
 * A pyproject.toml with requirements taken out, moved to development, or made features of their own (PEP 621 extras, PEP 735
 * groups, Poetry's tables). Only the lines that change are touched; comments, order and formatting of the rest are kept.
 *
 * Traps: places are those of the text before any edit, so they are turned into paths first; Poetry's extras name
 * dependencies that may leave; `all` of a project refers to its own extras.
 */
import { findTomlPositions } from '../inputs/toml-positions.ts';
import { roleOfGroup } from '../inputs/roles.ts';
import { formatRequirement } from '../pep/requirement.ts';
import type { DeclaredRequirement, DistributionName } from '../types.ts';
import { completeAll } from './manifest-features.ts';
import { dropFromPoetryExtras, makeOptional, toPoetryPair } from './poetry-edits.ts';
import { quote, takeElements, type TomlElement } from './toml-array.ts';
import { addPairs, addToArray, removeTable, takePairs } from './toml-table.ts';
import type { TomlKeys } from './toml-lines.ts';

/** Where what moves goes. */
export type ManifestStyle = 'extras' | 'groups' | 'poetry';

/** Distributions that are left out together, as one extra. */
export interface Feature {
  readonly name: string;
  readonly requirements: readonly DeclaredRequirement[];
}

/** What is to be done with a pyproject.toml. */
export interface ManifestChange {
  /** Without a byte order mark. */
  readonly text: string;
  readonly style: ManifestStyle;
  /** Normalised; null where the project has no name, and then no `all`. */
  readonly projectName: DistributionName | null;
  readonly removed: readonly DeclaredRequirement[];
  readonly moved: readonly DeclaredRequirement[];
  readonly features: readonly Feature[];
  /** What the set for development has already. */
  readonly inDevelopment: ReadonlySet<DistributionName>;
}

/** The edited text, and what of the change could not be done as its place is written in another way. */
export interface EditedManifest {
  readonly text: string;
  readonly left: readonly DeclaredRequirement[];
}

/** Edits the text. It is whole TOML as long as it was; what cannot be reached stays as it is. */
export function editManifest(change: ManifestChange): EditedManifest {
  const { moved, removed, features } = change;
  const inFeatures = features.flatMap(({ requirements }) => requirements);
  // Beside a [project] that declares, Poetry's tables only add to it.
  const isPoetry =
    findTomlPositions(change.text).spanOf(['project', 'dependencies']) === null &&
    change.style === 'poetry';
  const inPlace = isPoetry ? inFeatures : [];
  const leaving = [...removed, ...moved, ...(isPoetry ? [] : inFeatures)];
  const { text: without, taken, left } = takeOut(change.text, leaving);
  const reached = (declared: DeclaredRequirement): boolean => !left.includes(declared);
  let text = addDevelopment(without, change, taken);
  text = dropFromPoetryExtras(text, [...removed, ...moved].filter(reached).map(nameOf));
  for (const { name, requirements } of isPoetry ? [] : features) {
    const elements = requirements.filter(reached).map((one) => elementOf(one, taken));
    text = addToArray(text, ['project', 'optional-dependencies'], name, elements);
  }
  const optional = makeOptional(text, inPlace);
  text = optional.text;
  const complete = features
    .map(({ name, requirements }) => ({
      name,
      requirements: requirements.filter((one) => reached(one) && !optional.left.includes(one)),
    }))
    .filter(({ requirements }) => requirements.length > 0);
  return {
    text: completeAll(text, { isPoetry, projectName: change.projectName }, complete),
    left: [...left, ...optional.left],
  };
}

function nameOf({ requirement }: DeclaredRequirement): DistributionName {
  return requirement.name;
}

// ---------------------------------------------------------------------------------------------------------------------
// Out

interface Taken {
  readonly text: string;
  /** By the requirement: its element, or its pair of Poetry's as it was. */
  readonly taken: ReadonlyMap<DeclaredRequirement, TomlElement | { readonly pair: string }>;
  readonly left: readonly DeclaredRequirement[];
}

const poetryTable = ['tool', 'poetry', 'dependencies'];

function takeOut(before: string, leaving: readonly DeclaredRequirement[]): Taken {
  const positions = findTomlPositions(before);
  const groups = new Map<
    string,
    { readonly table: TomlKeys; readonly members: [string, DeclaredRequirement][] }
  >();
  const left: DeclaredRequirement[] = [];
  for (const declared of leaving) {
    const path = positions.pathAt(declared.location);
    const isPair = path !== null && poetryTable.every((key, index) => path[index] === key);
    const key = path?.[isPair ? poetryTable.length : path.length - 1];
    if (path === null || key === undefined || (!isPair && !/^\d+$/.test(key))) {
      left.push(declared);
      continue;
    }
    const table = path.slice(0, isPair ? poetryTable.length : -1);
    const group = groups.get(table.join('\0')) ?? { table, members: [] };
    groups.set(table.join('\0'), group);
    group.members.push([key, declared]);
  }
  let text = before;
  const taken = new Map<DeclaredRequirement, TomlElement | { readonly pair: string }>();
  for (const { table, members } of groups.values()) {
    const isPair = table.join('\0') === poetryTable.join('\0');
    const made = isPair ? takePoetry(text, members) : takeFromArray(text, table, members);
    text = made.text;
    left.push(...made.left);
    for (const [declared, one] of made.taken) taken.set(declared, one);
  }
  return { text, taken, left };
}

type Members = readonly (readonly [string, DeclaredRequirement])[];

function takeFromArray(text: string, array: TomlKeys, members: Members): Taken {
  const indexes = members.map(([index]) => index).toSorted((a, b) => Number(a) - Number(b));
  const made = takeElements(text, array, new Set(indexes));
  const taken = new Map(
    members.flatMap(([index, declared]) => {
      const element = made.taken[[...new Set(indexes)].indexOf(index)];
      return element === undefined ? [] : [[declared, element] as const];
    }),
  );
  return { text: made.text, taken, left: [] };
}

function takePoetry(before: string, members: Members): Taken {
  let text = before;
  const taken = new Map<DeclaredRequirement, { readonly pair: string }>();
  const left: DeclaredRequirement[] = [];
  for (const [key, declared] of members) {
    const made = takePairs(text, poetryTable, new Set([key]));
    if (made !== null) {
      text = made.text;
      taken.set(declared, { pair: made.taken[0]?.raw.replace(/\r?\n$/, '') ?? '' });
      continue;
    }
    const rest = removeTable(text, [...poetryTable, key]);
    if (rest === null) left.push(declared);
    text = rest ?? text;
  }
  return { text, taken, left };
}

// ---------------------------------------------------------------------------------------------------------------------
// In

function elementOf(declared: DeclaredRequirement, taken: Taken['taken']): TomlElement {
  const one = taken.get(declared);
  if (one !== undefined && 'token' in one) return one;
  return { token: quote(formatRequirement(declared.requirement)), comment: '' };
}

function addDevelopment(text: string, change: ManifestChange, taken: Taken['taken']): string {
  const { style, moved, inDevelopment } = change;
  const wanted = moved.filter((one) => !inDevelopment.has(nameOf(one)) && taken.has(one));
  const unique = wanted.filter(
    (one, index) => wanted.findIndex((other) => nameOf(other) === nameOf(one)) === index,
  );
  if (unique.length === 0) return text;
  if (style === 'poetry') {
    const pairs = unique.map((declared) => {
      const one = taken.get(declared);
      return one !== undefined && 'pair' in one ? one.pair : toPoetryPair(declared.requirement);
    });
    return addPairs(text, developmentTable(text), pairs);
  }
  const table = style === 'groups' ? ['dependency-groups'] : ['project', 'optional-dependencies'];
  const elements = unique.map((one) => elementOf(one, taken));
  return addToArray(text, table, developmentKey(text, table), elements);
}

/** The array for development that is there, else `dev`. */
function developmentKey(text: string, table: TomlKeys): string {
  const positions = findTomlPositions(text);
  const keys = positions.pairsOf(table).map(({ path }) => path.at(-1) ?? '');
  if (keys.includes('dev') || positions.spanOf([...table, 'dev']) !== null) return 'dev';
  return keys.find((key) => roleOfGroup(key) === 'dev') ?? 'dev';
}

function developmentTable(text: string): TomlKeys {
  const headers = findTomlPositions(text).headers.map(({ path }) => path);
  const groups = headers.filter(
    (path) => path.length === 5 && path[2] === 'group' && path[4] === 'dependencies',
  );
  const own =
    groups.find((path) => path[3] === 'dev') ??
    groups.find((path) => roleOfGroup(path[3] ?? '') === 'dev');
  const old = headers.find((path) => path.join('.') === 'tool.poetry.dev-dependencies');
  return own ?? old ?? ['tool', 'poetry', 'group', 'dev', 'dependencies'];
}
