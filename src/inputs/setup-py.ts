/**
 * setup.py, read without running it (`setup-script/`): what it gives to `setup()`, as far as that is literal.
 *
 * Traps: `[project]` in the pyproject.toml beside it wins, save for what it lists as dynamic; `setup()` without anything is only a
 * door to setup.cfg or pyproject.toml; a list that is read from requirements.txt is declared there.
 */
import { normalizeName } from '../pep/name.ts';
import { createBuildEnvironment } from '../setup-script/build-environment.ts';
import type { CombinedLine, CombinedSet } from '../setup-script/combine.ts';
import { readSetupScript, type SetupScript } from '../setup-script/setup-script.ts';
import type { ParsedInput, SourceLocation, Warning } from '../types.ts';
import { toWarning } from './declare.ts';
import { decodeFile, readText } from './decode.ts';
import { emptyInput } from './empty-input.ts';
import { folderOf, joinPath } from './file-access.ts';
import type { Input, InputContext, InputFile } from './input.ts';
import { readKeepComment } from './keep-comment.ts';
import { quoteText } from './quote.ts';
import {
  ignoredKeywords,
  readPythonRequires,
  toSetupGroups,
  warnOfIgnored,
  type SetupEntries,
  type SetupEntry,
} from './setup-groups.ts';
import { field, isTable, parseToml, textsOf } from './toml.ts';

const kind = 'setup-py';

/** setup.py. */
export const setupPy: Input = { name: kind, parse: (file, context) => parseSetupPy(file, context) };

/** What a setup.py says. Loads the TOML parser where there is a pyproject.toml. Never throws for bad text. */
export async function parseSetupPy(file: InputFile, context: InputContext): Promise<ParsedInput> {
  const folder = folderOf(file.path);
  const empty = emptyInput(file.path, kind, file.warnings);
  const beside = await readBeside(folder, context);
  if (beside.declaresAll) return empty;
  const texts = new Map<string, string>();
  const script = readSetupScript(
    file.text,
    surroundings({ folder, context, texts, buildRequires: beside.buildRequires }),
  );
  const places = createPlaces(file, folder, texts);
  const warnings: Warning[] = [...file.warnings];
  if (script.calledAt === null) {
    // A file of this name may be anything; one that builds and speaks of requirements means to have some.
    if (!/\b(?:install|extras)_require/.test(file.text) || !isSetupScript(file.text))
      return { ...empty, warnings };
    warnings.push(warnOfScript(file, script.problem));
    const unread = { key: null, location: places.ofOffset(0), entries: [], partial: true };
    const { groups } = toSetupGroups([unread], { projectName: null, hasMain: true });
    return { ...empty, groups, mainSetElsewhere: true, warnings };
  }
  warnings.push(...warnOfComputed(script, places));
  const calledAt = places.ofOffset(script.calledAt);
  for (const keyword of ignoredKeywords)
    if (script.keywords.includes(keyword)) warnings.push(warnOfIgnored(keyword, calledAt));
  // A setup.py of a folder further down that gives none builds an extension, and is no project of its own.
  const hasMain =
    script.hasRequirements || (folder === '.' && script.name !== null && !beside.hasConfiguration);
  const { groups, warnings: own } = toSetupGroups(
    script.sets.map((set) => toEntries(set, script, places)),
    {
      projectName: script.name,
      hasMain,
    },
  );
  warnings.push(...own);
  const main = script.sets.find(({ extra }) => extra === null);
  const read = [
    ...new Set(
      (main?.lines ?? []).flatMap(({ origin }) =>
        origin.path === null ? [] : [joinPath(folder, origin.path)],
      ),
    ),
  ];
  const python = script.requiresPython;
  return {
    ...empty,
    groups,
    includes: read,
    projectName: script.name,
    ...(python === null ? {} : readPythonRequires(python.text.trim(), places.at(python), warnings)),
    mainSetElsewhere: read.length > 0 || (main?.lines.length ?? 0) === 0,
    warnings,
  };
}

function isSetupScript(text: string): boolean {
  return (
    /^[^\S\n]*(?:\w+\.)?setup[^\S\n]*\(/m.test(text) ||
    /^[^\S\n]*(?:from|import)[^\S\n][^\n]*\b(?:setuptools|distutils|skbuild|distutils2)\b/m.test(
      text,
    )
  );
}

// ---------------------------------------------------------------------------------------------------------------------
// What lies beside it

interface Beside {
  /** pyproject.toml says all that setup.py could. */
  readonly declaresAll: boolean;
  /** setup.cfg or pyproject.toml may hold what setup.py does not give. */
  readonly hasConfiguration: boolean;
  /** Normalised, besides setuptools and wheel. */
  readonly buildRequires: readonly string[];
}

async function readBeside(folder: string, context: InputContext): Promise<Beside> {
  const configuration = readText(context, joinPath(folder, 'setup.cfg'));
  const hasOptions = configuration !== null && /^\[options\b/m.test(configuration);
  const path = joinPath(folder, 'pyproject.toml');
  const text = readText(context, path);
  const document =
    text === null ? null : await parseToml({ path, text, realPath: path, warnings: [] });
  if (document === null || 'message' in document)
    return { declaresAll: false, hasConfiguration: hasOptions, buildRequires: [] };
  const project = field(document.root, 'project');
  const dynamic = textsOf(field(project, 'dynamic')) ?? [];
  const isElsewhere = field(document.root, 'tool', 'poetry', 'dependencies') !== undefined;
  const hasProject = isTable(project);
  const requires = textsOf(field(document.root, 'build-system', 'requires')) ?? [];
  return {
    declaresAll: isElsewhere || (hasProject && !dynamic.includes('dependencies')),
    hasConfiguration: hasOptions || hasProject,
    buildRequires: requires
      .map((requirement) => normalizeName(/^[\w.-]+/.exec(requirement)?.[0] ?? ''))
      .filter((name) => name !== 'setuptools' && name !== 'wheel'),
  };
}

interface ScriptFolder {
  readonly folder: string;
  readonly context: InputContext;
  /** Gets the texts of the files that the script reads. */
  readonly texts: Map<string, string>;
  readonly buildRequires: readonly string[];
}

function surroundings({
  folder,
  context,
  texts,
  buildRequires,
}: ScriptFolder): ReturnType<typeof createBuildEnvironment> {
  const listed = context.list(folder);
  const entries = listed.ok ? listed.entries : [];
  // pip is there where people run the script by hand, and was there when such scripts were written.
  const perhaps = new Set(['pip', ...entries.map(({ name }) => name.replace(/\.py$/, ''))]);
  return createBuildEnvironment({
    read(path) {
      const target = joinPath(folder, path);
      const read = context.read(target);
      if (!read.ok) return read.problem === 'missing' ? 'missing' : 'unread';
      const decoded = decodeFile(target, read);
      if (!decoded.ok) return 'unread';
      texts.set(path, decoded.file.text);
      return { text: decoded.file.text };
    },
    exists(path) {
      const read = context.read(joinPath(folder, path));
      return read.ok ? true : read.problem === 'missing' ? false : null;
    },
    perhaps,
    buildRequires,
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// Places and warnings

interface Places {
  readonly at: (line: Pick<CombinedLine, 'origin'>) => SourceLocation;
  readonly ofOffset: (offset: number) => SourceLocation;
  readonly keepAt: (place: SourceLocation) => string | null;
}

function createPlaces(file: InputFile, folder: string, texts: ReadonlyMap<string, string>): Places {
  const starts = new Map<string | null, readonly number[]>();
  const textOf = (path: string | null): string =>
    path === null ? file.text : (texts.get(path) ?? '');
  const place = (path: string | null, offset: number): SourceLocation => {
    const known = starts.get(path) ?? lineStarts(textOf(path));
    starts.set(path, known);
    let line = 0;
    let end = known.length;
    while (end - line > 1) {
      const middle = (line + end) >> 1;
      if ((known[middle] ?? 0) <= offset) line = middle;
      else end = middle;
    }
    return {
      path: path === null ? file.path : joinPath(folder, path),
      line: line + 1,
      column: offset - (known[line] ?? 0) + 1,
    };
  };
  const lines = file.text.split(/\r\n|\r|\n/);
  return {
    at: ({ origin }) => place(origin.path, origin.offset),
    ofOffset: (offset) => place(null, offset),
    keepAt: ({ path, line }) =>
      path === file.path ? readKeepComment(lines[line - 1] ?? '') : null,
  };
}

function lineStarts(text: string): readonly number[] {
  const starts = [0];
  for (const { 0: end, index } of text.matchAll(/\r\n|\r|\n/g)) starts.push(index + end.length);
  return starts;
}

function toEntries(set: CombinedSet, script: SetupScript, places: Places): SetupEntries {
  const entries = set.lines.map((line): SetupEntry => {
    const location = places.at(line);
    return { text: line.text, location, marker: line.marker, keep: places.keepAt(location) };
  });
  const location = places.ofOffset(script.calledAt ?? 0);
  return { key: set.extra, location, entries, partial: set.computedAt !== null };
}

function warnOfComputed(script: SetupScript, places: Places): readonly Warning[] {
  const warnings: Warning[] = [];
  const warn = (what: string, offset: number): void => {
    const message = `${what} is computed; depweight reads literals only, so that what it brings in is a lower bound`;
    warnings.push(toWarning('computed-requirements', places.ofOffset(offset), message));
  };
  for (const { extra, computedAt } of script.sets) {
    if (computedAt === null) continue;
    warn(extra === null ? 'install_requires' : `the extra ${quoteText(extra)}`, computedAt);
  }
  if (script.extrasComputedAt !== null) warn('extras_require', script.extrasComputedAt);
  return warnings;
}

function warnOfScript(file: InputFile, problem: string | null): Warning {
  const place = { path: file.path, line: 1, column: 1 };
  const message = `what it gives to setup() is computed (${problem ?? 'no call of it is reached'}); depweight reads literals only`;
  return toWarning('computed-requirements', place, message);
}
