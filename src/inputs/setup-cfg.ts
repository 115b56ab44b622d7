/**
 * setup.cfg: `[metadata]`, `[options]` and `[options.extras_require]` as setuptools reads them.
 *
 * Traps: it is configparser's format, not that of other ini files: a value goes on over indented lines, comments are whole
 * lines, and `:` parts key from value as `=` does. Setuptools fills in no `%(name)s`. Lists are one item a line, or parted by
 * `;` on one line. `file:` reads files below the project. Most setup.cfg hold settings of linters alone and declare nothing.
 * pbr, which projects of OpenStack are built with, has its extras in `[extras]`, each with `:` before the marker.
 */
import type { DeclaredRequirement, ParsedInput, SourceLocation, Warning } from '../types.ts';
import { toWarning } from './declare.ts';
import { decodeFile } from './decode.ts';
import { emptyInput } from './empty-input.ts';
import { folderOf, joinPath } from './file-access.ts';
import type { Input, InputContext, InputFile } from './input.ts';
import { readKeepComment } from './keep-comment.ts';
import { quoteText } from './quote.ts';
import { parseRequirementsTxt } from './requirements-txt.ts';
import {
  error,
  ignoredKeywords,
  readPythonRequires,
  toSetupGroups,
  warnOfIgnored,
  type SetupEntries,
  type SetupEntry,
} from './setup-groups.ts';

const kind = 'setup-cfg';

/** setup.cfg. */
export const setupCfg: Input = {
  name: kind,
  parse: (file, context) => parseSetupCfg(file, context),
};

/** What a setup.cfg says. Never throws for bad text. */
export function parseSetupCfg(file: InputFile, context: InputContext): ParsedInput {
  const warnings: Warning[] = [...file.warnings];
  const empty = emptyInput(file.path, kind);
  const sections = readSections(file, warnings);
  const options = sections.get('options');
  const extras = sections.get('options.extras_require');
  const metadata = sections.get('metadata');
  const reading: Reading = { file, context, warnings, includes: [], fromFiles: [] };
  const required = option(options, 'install_requires');
  const projectName = readName(reading, option(metadata, 'name'));
  const sets: SetupEntries[] = [];
  if (required !== undefined) sets.push(readSet(reading, null, required));
  for (const [key, value] of extras ?? []) sets.push(readSet(reading, key, value));
  for (const [key, value] of sections.get('extras') ?? [])
    sets.push(withColonMarkers(readSet(reading, key, value)));
  for (const name of ignoredKeywords) {
    const value = option(options, name);
    if (value !== undefined) warnings.push(warnOfIgnored(name, value.location));
  }
  const { groups, warnings: own } = toSetupGroups(sets, {
    projectName,
    hasMain: required !== undefined,
  });
  warnings.push(...own);
  const python = option(options, 'python_requires');
  const pythonLine = python?.lines.find(({ text }) => text !== '');
  return {
    ...empty,
    groups: groups.map((group) => ({
      ...group,
      requirements: [
        ...group.requirements,
        ...fromFilesOf(reading, group.kind === 'main' ? null : group.name),
      ],
    })),
    includes: reading.includes,
    projectName,
    ...(pythonLine === undefined
      ? {}
      : readPythonRequires(pythonLine.text, pythonLine.location, warnings)),
    mainSetElsewhere: required === undefined || reading.fromFiles.some(({ key }) => key === null),
    warnings,
  };
}

/** A file being read, with what there is to say about it so far. */
interface Reading {
  readonly file: InputFile;
  readonly context: InputContext;
  readonly warnings: Warning[];
  readonly includes: string[];
  /** Requirements that stand in files which a `file:` names, by the key of their set. */
  readonly fromFiles: {
    readonly key: string | null;
    readonly requirements: readonly DeclaredRequirement[];
  }[];
}

function fromFilesOf(reading: Reading, key: string | null): readonly DeclaredRequirement[] {
  return reading.fromFiles
    .filter((entry) => entry.key === key)
    .flatMap(({ requirements }) => requirements);
}

function option(section: Section | undefined, name: string): Value | undefined {
  return section?.get(name) ?? section?.get(name.replaceAll('_', '-'));
}

function readName(reading: Reading, value: Value | undefined): string | null {
  const line = value?.lines.find(({ text }) => text !== '');
  if (line === undefined || warnOfInterpolation(reading, line)) return null;
  if (/^(?:attr|file):/.test(line.text)) return null;
  return line.text.length <= 300 ? line.text : null;
}

function warnOfInterpolation(reading: Reading, { text, location }: ValueLine): boolean {
  if (!/%\([^)]*\)s/.test(text)) return false;
  const message = `${quoteText(text)} refers to another value, which setuptools does not fill in; it is left out`;
  reading.warnings.push(toWarning('interpolation', location, message));
  return true;
}

function readSet(reading: Reading, key: string | null, value: Value): SetupEntries {
  const first = value.lines.find(({ text }) => text !== '');
  if (first !== undefined && /^(?:file|attr):/.test(first.text)) {
    const unread = { key, location: value.location, entries: [], partial: true };
    if (first.text.startsWith('file:'))
      return { ...unread, partial: !readFiles(reading, key, value) };
    const message = `${quoteText(value.key)} is computed; depweight reads literals only, so that what it brings in is a lower bound`;
    reading.warnings.push(toWarning('computed-requirements', value.location, message));
    return unread;
  }
  const lines = value.lines.length > 1 ? value.lines : value.lines.flatMap(splitAtSemicolons);
  const entries: SetupEntry[] = [];
  for (const line of lines) {
    const text = line.text.replace(/(?:^|\s)#.*$/, '').trimEnd();
    if (text === '' || warnOfInterpolation(reading, line)) continue;
    const keep = readKeepComment(line.text);
    entries.push({ text, location: line.location, marker: null, keep });
  }
  return { key, location: value.location, entries };
}

// On one line `;` parts requirements, as setuptools has it, though it begins a marker everywhere else.
function splitAtSemicolons({ text, location }: ValueLine): readonly ValueLine[] {
  const parts: ValueLine[] = [];
  let from = 0;
  for (const part of text.split(';')) {
    const indent = part.length - part.trimStart().length;
    parts.push({
      text: part.trim(),
      location: { ...location, column: location.column + from + indent },
    });
    from += part.length + 1;
  }
  return parts;
}

// `dep:(python_version=='2.7')`
function withColonMarkers(set: SetupEntries): SetupEntries {
  const entries = set.entries.map((entry) => {
    const [, text = '', marker = ''] = /^([^:;@]+):([^:]+)$/.exec(entry.text) ?? [];
    return marker === '' ? entry : { ...entry, text: `${text.trim()} ; ${marker.trim()}` };
  });
  return { ...set, entries };
}

/** True where all of them could be read. */
function readFiles(reading: Reading, key: string | null, value: Value): boolean {
  const { file, context, warnings } = reading;
  let isWhole = true;
  const listed = value.lines.map(({ text }) => text.replace(/^file:/, '')).join(',');
  for (const name of listed.split(',').map((part) => part.trim())) {
    if (name === '') continue;
    const target = joinPath(folderOf(file.path), name);
    const read = context.read(target);
    if (!read.ok) {
      const isOutside = read.problem === 'outside';
      const code = isOutside ? 'outside-repository' : 'unreadable-include';
      const warning = toWarning(code, value.location, `${quoteText(name)} ${read.detail}`);
      warnings.push(isOutside ? warning : { ...warning, severity: 'error' });
      isWhole = false;
      continue;
    }
    const decoded = decodeFile(target, read);
    if (!decoded.ok) {
      warnings.push(decoded.warning);
      isWhole = false;
      continue;
    }
    const parsed = parseRequirementsTxt(decoded.file, context);
    reading.fromFiles.push({
      key,
      requirements: parsed.groups.flatMap(({ requirements }) => requirements),
    });
    reading.includes.push(target, ...parsed.includes);
    warnings.push(...parsed.warnings);
    isWhole &&= parsed.groups.every(({ partial }) => partial !== true);
  }
  return isWhole;
}

// ---------------------------------------------------------------------------------------------------------------------
// configparser

interface ValueLine {
  /** Trimmed. */
  readonly text: string;
  readonly location: SourceLocation;
}

interface Value {
  readonly key: string;
  /** Of the key. */
  readonly location: SourceLocation;
  readonly lines: ValueLine[];
}

type Section = Map<string, Value>;

function readSections(file: InputFile, warnings: Warning[]): ReadonlyMap<string, Section> {
  const sections = new Map<string, Section>();
  let section: Section | null = null;
  let value: Value | null = null;
  let keyIndent = 0;
  for (const [index, line] of file.text.split(/\r\n|\r|\n/).entries()) {
    const text = line.trim();
    if (text === '' || text.startsWith('#') || text.startsWith(';')) continue;
    const indent = line.length - line.trimStart().length;
    const location = { path: file.path, line: index + 1, column: indent + 1 };
    if (value !== null && indent > keyIndent) {
      value.lines.push({ text, location });
      continue;
    }
    value = null;
    const heading = /^\[([^\]]+)\]/.exec(text)?.[1];
    if (heading !== undefined) {
      section = sections.get(heading) ?? new Map<string, Value>();
      sections.set(heading, section);
      keyIndent = indent;
      continue;
    }
    const delimiter = text.search(/[=:]/);
    if (section === null || delimiter < 1) {
      const message = `${quoteText(text)} is neither a section nor a \`key = value\``;
      if (isOurs(sections, section)) warnings.push(error(location, message));
      continue;
    }
    keyIndent = indent;
    value = addValue(section, text, delimiter, location);
  }
  return sections;
}

// What is wrong in a section of another tool is that tool's affair.
function isOurs(sections: ReadonlyMap<string, Section>, section: Section | null): boolean {
  return ['metadata', 'options', 'options.extras_require', 'extras'].some(
    (name) => section !== null && sections.get(name) === section,
  );
}

function addValue(
  section: Section,
  line: string,
  delimiter: number,
  location: SourceLocation,
): Value {
  const key = line.slice(0, delimiter).trim();
  const rest = line.slice(delimiter + 1);
  const text = rest.trim();
  const column = location.column + delimiter + 1 + (rest.length - rest.trimStart().length);
  const value: Value = { key, location, lines: [] };
  value.lines.push({ text, location: { ...location, column } });
  section.set(key, value);
  return value;
}
