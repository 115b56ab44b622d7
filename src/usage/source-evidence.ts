/**
 * What the sources say about distributions that no import names: features of other libraries that need them, database
 * and broker URLs, and plain mentions. Asked for a few names after the imports were judged, so that large trees are not
 * tokenised for nothing.
 */

import { pythonOfNotebook } from '../imports/notebook.ts';
import { readPythonTokens } from '../imports/python-tokens.ts';
import type { PythonToken } from '../imports/python-tokens.ts';
import type { SourceAccess } from '../imports/source-access.ts';
import { decode } from '../imports/source-files.ts';
import { areaOfText, isEditorSetting } from '../references/references.ts';
import type { DistributionName, ImportScan, ImportUse, SourceArea } from '../types.ts';
import { DRIVERS, driverNote, driversOf, findDrivers, schemesIn } from './driver-urls.ts';
import {
  FEATURES,
  areaField,
  commandFeatures,
  findFeatures,
  findInLines,
  findTrigger,
  has,
  lineRowsOf,
} from './feature-needs.ts';
import type { FeatureTable, FeatureUse, Place } from './feature-needs.ts';
import { mentionsInTokens, namedInStrings, wordPattern } from './mentions.ts';

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
  readonly modules?: readonly string[];
  readonly scripts?: readonly string[];
  /** Groups of its entry points: code that names one of them loads it. */
  readonly groups?: readonly string[];
}

/** What declares or locks requirements, or watches them: a name there is no use. */
const MANIFEST =
  /(?:^|\/)(?:pyproject\.toml|setup\.(?:cfg|py)|Pipfile|(?:[^/]*[-_.])?(?:environments?|envs?|conda)(?:[-_.\d][^/]*)?\.ya?ml|meta\.ya?ml|(?:\.github\/)?dependabot\.ya?ml|renovate\.json5?|\.pre-commit-config\.ya?ml|tox\.ini|\.?(?:mypy|ruff|pyright)[^/]*\.(?:ini|toml|json)|[^/]*requirements[^/]*|depweight\.toml|package\.json)$/i;

/** Looks for the names in the files of a scan, by a table of features that need them. */
export function gatherEvidence(
  access: SourceAccess,
  scan: ImportScan,
  questions: readonly EvidenceQuestion[],
  table: FeatureTable = FEATURES,
): SourceEvidence {
  const features: FeatureUse[] = [];
  const mentions: Mention[] = [];
  if (questions.length === 0) return { features, mentions };
  const names = new Set(questions.map(({ name }) => name));
  const rows = table.features.filter(({ needs }) => needs.some((need) => has(names, need)));
  const schemes = Object.keys(DRIVERS).filter((scheme) =>
    DRIVERS[scheme]?.some((name) => has(names, name)),
  );
  const importsByPath = groupByPath([...scan.imports, ...(scan.around?.imports ?? [])]);
  const texts = [...(scan.sources?.texts ?? []), ...(scan.around?.sources.texts ?? [])];
  for (const [path, area] of pythonFiles(scan)) {
    const imports = importsByPath.get(path) ?? [];
    const applicable = rows.filter(
      (row) => row.modules.length === 0 || findTrigger(row, imports) !== undefined,
    );
    const content = access.read(path, LARGEST_SOURCE_BYTES);
    if (!content.ok) continue;
    const bytes = Buffer.from(content.bytes.buffer, content.bytes.byteOffset, content.length);
    const mayName = questions.some(({ words, groups = [] }) =>
      [...words, ...groups].some((word) => bytes.includes(word)),
    );
    const mayConnect =
      schemes.length > 0 &&
      (bytes.includes('://') || schemes.some((scheme) => bytes.includes(scheme)));
    const lineRows = lineRowsOf(table.lines, names, path);
    if (applicable.length === 0 && lineRows.length === 0 && !mayName && !mayConnect) continue;
    const text = decode(content.bytes, content.length);
    const tokens = tokensOf(path, text, imports[0]?.line ?? 1);
    const at = (line: number): ReturnType<Place> => ({ path, line, ...areaField(area) });
    features.push(...findFeatures(applicable, names, { imports, tokens, at }));
    features.push(...findDrivers(tokens, schemes, names, at));
    features.push(...findInLines(lineRows, text, names, at));
    if (mayName) features.push(...namedInStrings(tokens, questions, at));
    if (mayName && !MANIFEST.test(path))
      mentions.push(...mentionsInTokens(tokens, questions, path));
  }
  features.push(...commandFeatures(scan, rows, names));
  for (const path of texts)
    readTextEvidence(access, path, { questions, schemes, names, table }, { features, mentions });
  return { features: features.toSorted(byPlace), mentions: mentions.toSorted(byPlace) };
}

/** The Python files of a project and those around it, each with its area. */
function* pythonFiles({
  sources,
  around,
}: ImportScan): Iterable<readonly [string, SourceArea | undefined]> {
  for (const part of [sources, around?.sources])
    for (const path of part?.python ?? []) yield [path, part?.areas[path]];
}

/** Of what is larger only the beginning is looked at: it is data, and each of its words would be a token. */
const LARGEST_SOURCE_BYTES = 8_000_000;

/** Tokens of a file; those of a notebook stand at the line of its first import, as cells have no lines of their own. */
function tokensOf(path: string, text: string, line: number): readonly PythonToken[] {
  if (!path.endsWith('.ipynb')) return readPythonTokens(text);
  return readPythonTokens(pythonOfNotebook(text)).map((token) => ({ ...token, line }));
}

function byPlace(
  a: { readonly path: string; readonly line: number },
  b: { readonly path: string; readonly line: number },
): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : a.line - b.line;
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

interface TextQuestion {
  readonly questions: readonly EvidenceQuestion[];
  readonly schemes: readonly string[];
  readonly names: ReadonlySet<DistributionName>;
  readonly table: FeatureTable;
}

/** Stores of files, which scripts of the shell reach by programs of their own (`aws s3 sync`). */
function isStore(scheme: string): boolean {
  return /^(?:s3a?|gc?s|abfss?|az)$/.test(scheme);
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
  const whole = decode(content.bytes, content.length);
  const lines = whole.split(/\r\n|\r|\n/);
  const at = (line: number): ReturnType<Place> => ({ path, line, ...areaField(area) });
  const rows = lineRowsOf(question.table.lines, question.names, path);
  features.push(...findInLines(rows, whole, question.names, at));
  const missing = new Map(
    question.questions.map(({ name, words }) => [
      name,
      words.map((word) => ({ word, pattern: wordPattern(word) })),
    ]),
  );
  const isScript = /\.(?:sh|bash|zsh|ps1|bat|cmd)$|(?:^|\/)(?:Makefile|[Jj]ustfile)$/.test(path);
  for (const [index, text] of lines.entries()) {
    if (text.length > 10_000 || /\bpip3?\s+install\b|\buv\s+(?:pip|add)\b/.test(text)) continue;
    const isComment = /^\s*(?:#|;|\/\/)/.test(text);
    if (!isComment && text.includes('://')) {
      for (const scheme of schemesIn(text, false).filter((one) => !isStore(one) || !isScript))
        for (const name of driversOf(scheme, question.names))
          features.push({
            name,
            ...driverNote(scheme),
            ...at(index + 1),
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
