/**
 * Features of libraries that need another distribution without importing it: the rows of data/feature-needs.json.
 */

import featureNeeds from '../../data/feature-needs.json' with { type: 'json' };
import type { PythonToken } from '../imports/python-tokens.ts';
import type { DistributionName, ImportScan, ImportUse, SourceArea } from '../types.ts';

/** A place that needs a distribution without importing it. */
export interface FeatureUse {
  readonly name: DistributionName;
  readonly path: string;
  readonly line: number;
  readonly note: string;
  readonly area?: SourceArea;
  /** The place names the driver itself (`postgresql+psycopg://`): one of several would do elsewhere. */
  readonly named?: boolean;
}

/** Code that needs distributions: see `_meta` of data/feature-needs.json. */
export interface FeatureRow {
  readonly needs: readonly string[];
  readonly modules: readonly string[];
  readonly names?: readonly string[];
  readonly strings?: readonly string[];
}

/** A line of a file of configuration that needs a distribution. */
export interface LineRow {
  readonly needs: readonly string[];
  readonly files: RegExp;
  readonly line: RegExp;
}

/** Rows on Python code, and rows on lines of other files. */
export interface FeatureTable {
  readonly features: readonly FeatureRow[];
  readonly lines: readonly LineRow[];
}

/** The rows on imports, names and strings of Python code. */
const ROWS: readonly FeatureRow[] = featureNeeds.features;

/** The table of data/feature-needs.json. */
export const FEATURES: FeatureTable = {
  features: ROWS,
  lines: featureNeeds.lines.map(({ needs, files, line }) => ({
    needs,
    files: new RegExp(files),
    line: new RegExp(line),
  })),
};

/** The rows on lines that speak of some names and of a file. */
export function lineRowsOf(
  rows: readonly LineRow[],
  names: ReadonlySet<string>,
  path: string,
): readonly LineRow[] {
  return rows.filter(
    ({ needs, files }) => needs.some((need) => names.has(need)) && files.test(path),
  );
}

/** What the lines of a file need by these rows. */
export function findInLines(
  rows: readonly LineRow[],
  text: string,
  names: ReadonlySet<DistributionName>,
  at: Place,
): readonly FeatureUse[] {
  if (rows.length === 0) return [];
  return text.split(/\r\n|\r|\n/).flatMap((line, index) => {
    const needs = rows.filter((row) => row.line.test(line)).flatMap((row) => row.needs);
    const note = `${JSON.stringify(line.trim().slice(0, 60))} needs it`;
    return [...names]
      .filter((name) => needs.includes(name))
      .map((name) => ({ name, note, ...at(index + 1) }));
  });
}

/** The area of a place, left out for the product. */
export type AreaField = { readonly area?: SourceArea };

/** The same as a part of a record. */
export function areaField(area: SourceArea | undefined): AreaField {
  return area === undefined ? {} : { area };
}

/** `has` for names that are not known to be normalised. */
export function has(names: ReadonlySet<string>, name: string): boolean {
  return names.has(name);
}

/** A program that is run uses what its module would: `gunicorn app:app` in an image imports nothing here. */
export function commandFeatures(
  scan: ImportScan,
  rows: readonly FeatureRow[],
  names: ReadonlySet<DistributionName>,
): readonly FeatureUse[] {
  const plain = rows.filter((row) => row.names === undefined && row.strings === undefined);
  return [...scan.references, ...(scan.around?.references ?? [])].flatMap((reference) => {
    const { path, line, kind, name: program, area } = reference;
    if (kind === 'config') return [];
    const needs = plain
      .filter(({ modules }) => modules.includes(program))
      .flatMap((row) => row.needs);
    return [...names]
      .filter((name) => needs.includes(name))
      .map((name) => ({ name, path, line, note: `${program} uses it`, ...areaField(area) }));
  });
}

/** Whether a row says what of a library needs a distribution: then a use of that would have been found. */
export function isKnownFeature(need: DistributionName, modules: readonly string[]): boolean {
  return ROWS.some(
    (row) =>
      row.needs.includes(need) &&
      row.modules.some((wanted) => modules.includes(wanted.split('.', 1)[0] ?? wanted)),
  );
}

/** The first import that a row speaks of; `from starlette.middleware import sessions` names the module below too. */
export function findTrigger(row: FeatureRow, imports: readonly ImportUse[]): ImportUse | undefined {
  return imports.find(({ module, names }) =>
    row.modules.some(
      (wanted) =>
        module === wanted ||
        module.startsWith(`${wanted}.`) ||
        names.some((name) => `${module}.${name}` === wanted),
    ),
  );
}

export type Place = (line: number) => { readonly path: string; readonly line: number } & AreaField;

/** One Python file as the rows see it. */
interface FileFacts {
  readonly imports: readonly ImportUse[];
  readonly tokens: readonly PythonToken[];
  readonly at: Place;
}

/** What a Python file needs by the rows that apply to it. */
export function findFeatures(
  rows: readonly FeatureRow[],
  names: ReadonlySet<DistributionName>,
  { imports, tokens, at }: FileFacts,
): readonly FeatureUse[] {
  const found: FeatureUse[] = [];
  for (const row of rows) {
    const use = matchRow(row, imports, tokens);
    if (use === null) continue;
    for (const name of names)
      if (row.needs.includes(name)) found.push({ name, note: use.note, ...at(use.line) });
  }
  return found;
}

function matchRow(
  row: FeatureRow,
  imports: readonly ImportUse[],
  tokens: readonly PythonToken[],
): { readonly line: number; readonly note: string } | null {
  const trigger = findTrigger(row, imports);
  if (row.names === undefined && row.strings === undefined)
    return trigger === undefined ? null : { line: trigger.line, note: `${trigger.module} uses it` };
  for (const name of row.names ?? []) {
    const line = lineOfName(row, name, imports, tokens);
    if (line === null) continue;
    const [module = ''] = trigger?.module.split('.') ?? row.modules;
    return { line, note: `${name.replaceAll(/[.(=]/g, '')} of ${module} needs it` };
  }
  for (const pattern of row.strings ?? []) {
    const expression = new RegExp(pattern);
    const token = tokens.find(
      ({ kind, value }) => kind === 'string' && value.length < 500 && expression.test(value),
    );
    if (token !== undefined)
      return { line: token.line, note: `${JSON.stringify(token.value.slice(0, 60))} needs it` };
  }
  return null;
}

/** `Name`: imported from the module, or an attribute; `name=`: a keyword; `.name(`: an attribute that is called; `.name`. */
function lineOfName(
  row: FeatureRow,
  name: string,
  imports: readonly ImportUse[],
  tokens: readonly PythonToken[],
): number | null {
  const word = name.replaceAll(/[.(=]/g, '');
  if (word === name) {
    const imported = imports.find(
      ({ module, names }) =>
        names.includes(name) && findTrigger(row, [{ ...EMPTY_USE, module }]) !== undefined,
    );
    if (imported !== undefined) return imported.line;
  }
  const index = tokens.findIndex((token, at) => {
    if (token.kind !== 'name' || token.value !== word) return false;
    if (name.endsWith('=')) return tokens[at + 1]?.value === '=' && tokens[at + 2]?.value !== '=';
    if (tokens[at - 1]?.value !== '.') return false;
    return !name.endsWith('(') || tokens[at + 1]?.value === '(';
  });
  return tokens[index]?.line ?? null;
}

const EMPTY_USE: ImportUse = {
  path: '',
  line: 0,
  module: '',
  level: 0,
  names: [],
  context: [],
  dynamic: false,
};
