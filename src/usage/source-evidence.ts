/**
 * What the sources say about distributions that no import names: features of other libraries that need them, database
 * and broker URLs, and plain mentions. Asked for a few names after the imports were judged, so that large trees are not
 * tokenised for nothing. The rows are data/feature-needs.json.
 */

import featureNeeds from '../../data/feature-needs.json' with { type: 'json' };
import type { DistributionName, ImportScan, ImportUse, SourceArea } from '../types.ts';
import { pythonOfNotebook } from '../imports/notebook.ts';
import type { PythonToken } from '../imports/python-tokens.ts';
import { readPythonTokens } from '../imports/python-tokens.ts';
import { areaOfText, isEditorSetting } from '../references/references.ts';
import type { SourceAccess } from '../imports/source-access.ts';
import { decode } from '../imports/source-files.ts';

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

/** A word that stands somewhere outside the manifests. */
export interface Mention {
  readonly name: DistributionName;
  readonly word: string;
  readonly path: string;
  readonly line: number;
}

/** The answer: both lists in the order of paths and lines. */
export interface SourceEvidence {
  readonly features: readonly FeatureUse[];
  readonly mentions: readonly Mention[];
}

/** A distribution to ask about, with the words that would name it: its own names, modules and programs. */
export interface EvidenceQuestion {
  readonly name: DistributionName;
  readonly words: readonly string[];
}

interface FeatureRow {
  readonly needs: readonly string[];
  readonly modules: readonly string[];
  readonly names?: readonly string[];
  readonly strings?: readonly string[];
  readonly source: string;
}

const ROWS: readonly FeatureRow[] = featureNeeds.features;
const DRIVERS: Readonly<Record<string, readonly string[]>> = featureNeeds.drivers;

/** What declares or locks requirements, or watches them: a name there is no use. */
const MANIFEST =
  /(?:^|\/)(?:pyproject\.toml|setup\.(?:cfg|py)|Pipfile|(?:[^/]*[-_.])?(?:environments?|envs?|conda)(?:[-_.\d][^/]*)?\.ya?ml|meta\.ya?ml|(?:\.github\/)?dependabot\.ya?ml|renovate\.json5?|\.pre-commit-config\.ya?ml|tox\.ini|\.?(?:mypy|ruff|pyright)[^/]*\.(?:ini|toml|json)|[^/]*requirements[^/]*|depweight\.toml|package\.json)$/i;

/** Looks for the names in the files of a scan. */
export function gatherEvidence(
  access: SourceAccess,
  scan: ImportScan,
  questions: readonly EvidenceQuestion[],
): SourceEvidence {
  const features: FeatureUse[] = [];
  const mentions: Mention[] = [];
  if (questions.length === 0) return { features, mentions };
  const names = new Set(questions.map(({ name }) => name));
  const rows = ROWS.filter(({ needs }) => needs.some((need) => has(names, need)));
  const schemes = Object.keys(DRIVERS).filter((scheme) =>
    DRIVERS[scheme]?.some((name) => has(names, name)),
  );
  const importsByPath = groupByPath([...scan.imports, ...(scan.around?.imports ?? [])]);
  const areas = { ...scan.around?.sources.areas, ...scan.sources?.areas };
  const texts = [...(scan.sources?.texts ?? []), ...(scan.around?.sources.texts ?? [])];
  for (const path of [...(scan.sources?.python ?? []), ...(scan.around?.sources.python ?? [])]) {
    const imports = importsByPath.get(path) ?? [];
    const applicable = rows.filter(
      (row) => row.modules.length === 0 || findTrigger(row, imports) !== undefined,
    );
    const content = access.read(path);
    if (!content.ok) continue;
    const bytes = Buffer.from(content.bytes.buffer, content.bytes.byteOffset, content.length);
    const mayName = questions.some(({ words }) => words.some((word) => bytes.includes(word)));
    const mayConnect =
      schemes.length > 0 &&
      (bytes.includes('://') || schemes.some((scheme) => bytes.includes(scheme)));
    if (applicable.length === 0 && !mayName && !mayConnect) continue;
    const area = areas[path];
    const tokens = tokensOf(path, decode(content.bytes, content.length), imports[0]?.line ?? 1);
    const at = (line: number): { readonly path: string; readonly line: number } & AreaField => ({
      path,
      line,
      ...areaField(area),
    });
    features.push(...findFeatures(applicable, names, { imports, tokens, at }));
    features.push(...findDrivers(tokens, schemes, names, at));
    if (mayName && !MANIFEST.test(path))
      mentions.push(...mentionsInTokens(tokens, questions, path));
  }
  for (const path of texts)
    readTextEvidence(access, path, { questions, schemes, names }, { features, mentions });
  return { features: features.toSorted(byPlace), mentions: mentions.toSorted(byPlace) };
}

/** Tokens of a file; those of a notebook stand at the line of its first import, as cells have no lines of their own. */
function tokensOf(path: string, text: string, line: number): readonly PythonToken[] {
  if (!path.endsWith('.ipynb')) return readPythonTokens(text);
  return readPythonTokens(pythonOfNotebook(text)).map((token) => ({ ...token, line }));
}

type AreaField = { readonly area?: SourceArea };

function areaField(area: SourceArea | undefined): AreaField {
  return area === undefined ? {} : { area };
}

function byPlace(
  a: { readonly path: string; readonly line: number },
  b: { readonly path: string; readonly line: number },
): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line;
}

function has(names: ReadonlySet<string>, name: string): boolean {
  return names.has(name);
}

function groupByPath(imports: readonly ImportUse[]): ReadonlyMap<string, readonly ImportUse[]> {
  const groups = new Map<string, ImportUse[]>();
  for (const use of imports) {
    if (use.firstParty === true || use.level > 0) continue;
    const group = groups.get(use.path);
    if (group === undefined) groups.set(use.path, [use]);
    else group.push(use);
  }
  return groups;
}

// ---------------------------------------------------------------------------------------------------------------------
// Features

/** The first import that a row speaks of; `from starlette.middleware import sessions` names the module below too. */
function findTrigger(row: FeatureRow, imports: readonly ImportUse[]): ImportUse | undefined {
  return imports.find(({ module, names }) =>
    row.modules.some(
      (wanted) =>
        module === wanted ||
        module.startsWith(`${wanted}.`) ||
        names.some((name) => `${module}.${name}` === wanted),
    ),
  );
}

type Place = (line: number) => { readonly path: string; readonly line: number } & AreaField;

/** One Python file as the rows see it. */
interface FileFacts {
  readonly imports: readonly ImportUse[];
  readonly tokens: readonly PythonToken[];
  readonly at: Place;
}

function findFeatures(
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
    if (line !== null)
      return { line, note: `${name.replaceAll(/[.(=]/g, '')} of ${row.modules[0]} needs it` };
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

// ---------------------------------------------------------------------------------------------------------------------
// URLs of databases and brokers

/** `postgresql+asyncpg://…` in a string, or the scheme alone where it names a driver (`scheme="postgresql+psycopg"`). */
function findDrivers(
  tokens: readonly PythonToken[],
  schemes: readonly string[],
  names: ReadonlySet<DistributionName>,
  at: Place,
): readonly FeatureUse[] {
  if (schemes.length === 0) return [];
  const found: FeatureUse[] = [];
  for (const token of tokens) {
    if (token.kind !== 'string' || token.value.length > 2000) continue;
    for (const scheme of schemesIn(
      token.value,
      token.value.includes('+') && schemes.includes(token.value),
    ))
      found.push(
        ...driversOf(scheme, names).map((name) => ({
          name,
          ...driverNote(scheme),
          ...at(token.line),
        })),
      );
  }
  return found;
}

function driverNote(scheme: string): Pick<FeatureUse, 'note' | 'named'> {
  const note = `${scheme}:// needs a driver`;
  return scheme.includes('+') ? { note, named: true } : { note };
}

function schemesIn(text: string, isScheme: boolean): readonly string[] {
  if (isScheme) return [text];
  return [...text.matchAll(/(?<![\w+.-])([a-z][a-z0-9]*(?:\+[a-z0-9_]+)?):\/\//gi)].map((match) =>
    (match[1] ?? '').toLowerCase(),
  );
}

/** Distributions asked about that serve a scheme. A driver named after `+` is meant alone. */
function driversOf(
  scheme: string,
  names: ReadonlySet<DistributionName>,
): readonly DistributionName[] {
  const drivers = Object.hasOwn(DRIVERS, scheme) ? (DRIVERS[scheme] ?? []) : [];
  return [...names].filter((name) => drivers.includes(name));
}

// ---------------------------------------------------------------------------------------------------------------------
// Mentions

function mentionsInTokens(
  tokens: readonly PythonToken[],
  questions: readonly EvidenceQuestion[],
  path: string,
): readonly Mention[] {
  const mentions: Mention[] = [];
  for (const { name, words } of questions) {
    for (const word of words) {
      const pattern = wordPattern(word);
      const token = tokens.find(({ kind, value }) =>
        kind === 'comment' || kind === 'string' ? pattern.test(value) : value === word,
      );
      if (token === undefined) continue;
      mentions.push({ name, word, path, line: token.line });
      break;
    }
  }
  return mentions;
}

function wordPattern(word: string): RegExp {
  return new RegExp(`(?<![\\w-])${word.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}(?![\\w-])`);
}

interface TextQuestion {
  readonly questions: readonly EvidenceQuestion[];
  readonly schemes: readonly string[];
  readonly names: ReadonlySet<DistributionName>;
}

function readTextEvidence(
  access: SourceAccess,
  path: string,
  question: TextQuestion,
  { features, mentions }: { readonly features: FeatureUse[]; readonly mentions: Mention[] },
): void {
  if (MANIFEST.test(path) || isEditorSetting(path)) return;
  const content = access.read(path, 1_000_000);
  if (!content.ok) return;
  const area = areaOfText(path);
  const lines = decode(content.bytes, content.length).split(/\r\n|\r|\n/);
  const missing = new Map(
    question.questions.map(({ name, words }) => [
      name,
      words.map((word) => ({ word, pattern: wordPattern(word) })),
    ]),
  );
  for (const [index, text] of lines.entries()) {
    if (text.length > 10_000 || /\bpip3?\s+install\b|\buv\s+(?:pip|add)\b/.test(text)) continue;
    const isComment = /^\s*(?:#|;|\/\/)/.test(text);
    if (!isComment && text.includes('://')) {
      for (const scheme of schemesIn(text, false))
        for (const name of driversOf(scheme, question.names))
          features.push({
            name,
            path,
            line: index + 1,
            ...driverNote(scheme),
            ...areaField(area),
          });
    }
    for (const [name, words] of missing) {
      const word = words.find(
        ({ word: plain, pattern }) => text.includes(plain) && pattern.test(text),
      );
      if (word === undefined) continue;
      mentions.push({ name, word: word.word, path, line: index + 1 });
      missing.delete(name);
    }
  }
}
