/** The extra `all` of a pyproject.toml, kept complete: it refers to the project's own extras, or it is made. */
import { findTomlPositions } from '../inputs/toml-positions.ts';
import { roleOfGroup } from '../inputs/roles.ts';
import { normalizeExtra, normalizeName } from '../pep/name.ts';
import type { Feature, ManifestChange } from './edit-manifest.ts';
import { quote } from './toml-array.ts';
import { elementsOf, type TomlKeys } from './toml-lines.ts';
import { addToArray } from './toml-table.ts';

const ALL = 'all';

/** The text with new features in `all`. Those of Poetry are made here as well: its extras are names of dependencies. */
export function completeAll(
  text: string,
  {
    isPoetry,
    projectName,
  }: { readonly isPoetry: boolean; readonly projectName: ManifestChange['projectName'] },
  features: readonly Feature[],
): string {
  if (features.length === 0) return text;
  if (isPoetry) return completePoetry(text, features);
  const names = features.map(({ name }) => name);
  if (projectName === null) return text;
  const table = ['project', 'optional-dependencies'];
  const positions = findTomlPositions(text);
  const keys = positions.pairsOf(table).map(({ path }) => path.at(-1) ?? '');
  const all = keys.find((key) => normalizeExtra(key) === ALL);
  if (all === undefined) {
    // `pairsOf` knows tables with a header alone; what else there is would be missing from it.
    const product = keys.filter((key) => roleOfGroup(key) === null && !names.includes(key));
    const token = quote(`${projectName}[${[...product, ...names].join(',')}]`);
    return addToArray(text, table, ALL, [{ token, comment: '' }]);
  }
  for (const { value, end } of elementsOf(positions, [...table, all])) {
    const parts = /^(["'])([A-Za-z0-9._-]+)(\s*\[)([^\]]*)(\].*)$/s.exec(text.slice(value, end));
    const [, open = '', name = '', bracket = '', list = '', rest = ''] = parts ?? [];
    if (parts === null || normalizeName(name) !== projectName) continue;
    const token = open + name + bracket + joinExtras(list, names) + rest;
    return text.slice(0, value) + token + text.slice(end);
  }
  const token = quote(`${projectName}[${names.join(',')}]`);
  return addToArray(text, table, all, [{ token, comment: '' }]);
}

/** In their order where there is one, else at the end. */
function joinExtras(list: string, names: readonly string[]): string {
  const written = list.split(',').map((name) => name.trim());
  const separator = /,(\s*)/.exec(list)?.[0] ?? ',';
  const isSorted = written.join() === written.toSorted().join();
  const joined = [...written, ...names.filter((name) => !written.includes(name))];
  return (isSorted ? joined.toSorted() : joined).join(separator);
}

function completePoetry(before: string, features: readonly Feature[]): string {
  const table: TomlKeys = ['tool', 'poetry', 'extras'];
  let text = before;
  for (const { name, requirements } of features)
    text = addToArray(text, table, name, requirements.map(toMember));
  const positions = findTomlPositions(text);
  const extras = positions.pairsOf(table).map(({ path }) => path);
  const all = extras.find((path) => normalizeExtra(path.at(-1) ?? '') === ALL)?.at(-1);
  const added = features.flatMap(({ requirements }) => requirements.map(toMember));
  if (all !== undefined) return addToArray(text, table, all, added);
  const tokens = extras.flatMap((path) =>
    elementsOf(positions, path).map(({ value, end }) => text.slice(value, end)),
  );
  const members = [...new Set(tokens)].map((token) => ({ token, comment: '' }));
  return addToArray(text, table, ALL, members);
}

function toMember({ requirement }: Feature['requirements'][number]): {
  token: string;
  comment: string;
} {
  return { token: quote(requirement.name), comment: '' };
}
