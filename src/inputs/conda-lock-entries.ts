/**
 * The packages of a conda-lock.yml as they are written.
 *
 * A YAML parser takes more than a second for each megabyte, and such locks have several; conda-lock writes them one value a
 * line. So lines are read first, and only a file with any other line (written by hand, wrapped, with anchors) is parsed.
 */
import type { SourceLocation, Warning } from '../types.ts';
import { toWarning } from './declare.ts';
import type { InputFile } from './input.ts';
import { describeYaml, entryOf, parseYaml, type YamlNode } from './yaml.ts';

/** One package, its values as text. */
export interface WrittenEntry {
  /** Of `name`, `version`, `manager`, `platform`, `category`, `url`, ...: those that are there and are texts or numbers. */
  readonly values: ReadonlyMap<string, string>;
  /** Names of what it needs. */
  readonly dependencies: readonly string[];
  readonly place: SourceLocation;
}

/** What a lock holds; `warnings` tell of what could not be read. */
export interface WrittenLock {
  readonly version: string | null;
  readonly versionPlace: SourceLocation;
  readonly entries: readonly WrittenEntry[];
  readonly warnings: readonly Warning[];
}

/** Reads the packages, or gives the warning that says why it cannot. Never throws for bad text. */
export async function readLockEntries(file: InputFile): Promise<WrittenLock | Warning> {
  return scanLines(file) ?? parseEntries(file);
}

// ---------------------------------------------------------------------------------------------------------------------
// By lines

interface Scan {
  readonly entries: {
    values: Map<string, string>;
    dependencies: string[];
    place: SourceLocation;
  }[];
  version: string | null;
  versionLine: number;
  /** The key at the top that the lines belong to. */
  section: string;
  /** The key of the package that deeper lines belong to. */
  key: string;
}

const topLine = /^([a-z_]+):(?: (.*))?$/;
const entryLine = /^(- | {2})([a-z_]+):(?: (.*))?$/;
const nestedLine = /^ {4}('[^']+'|[\w.-]+):(?: |$)/;

/** The lock line by line; null where a line is not as conda-lock writes it. */
function scanLines({ text, path }: InputFile): WrittenLock | null {
  const scan: Scan = { entries: [], version: null, versionLine: 1, section: '', key: '' };
  let line = 0;
  for (const written of text.split('\n')) {
    line += 1;
    const content = written.endsWith('\r') ? written.slice(0, -1) : written;
    if (content === '' || content.startsWith('#')) continue;
    if (!readLine(scan, content, { path, line, column: 1 })) return null;
  }
  if (scan.version === null || !scan.entries.every(({ values }) => values.has('name'))) return null;
  const versionPlace = { path, line: scan.versionLine, column: 'version: '.length + 1 };
  return { version: scan.version, versionPlace, entries: scan.entries, warnings: [] };
}

function readLine(scan: Scan, content: string, place: SourceLocation): boolean {
  const top = topLine.exec(content);
  if (top !== null) {
    const [, key = '', value = ''] = top;
    // A second one of a kind, or a value where a list is due: for the parser to judge.
    if (key === 'version' && scan.version === null) {
      scan.version = readScalar(value);
      scan.versionLine = place.line;
    } else if ((key !== 'metadata' && key !== 'package') || value !== '') return false;
    scan.section = key;
    return true;
  }
  // Nothing of it is needed, and whatever is indented belongs to it.
  if (scan.section === 'metadata') return /^[ -]/.test(content);
  return scan.section === 'package' && readPackageLine(scan, content, place);
}

function readPackageLine(scan: Scan, content: string, place: SourceLocation): boolean {
  const [, lead, key = '', value = ''] = entryLine.exec(content) ?? [];
  if (lead === undefined) return readNestedLine(scan, content);
  if (lead === '- ')
    scan.entries.push({ values: new Map(), dependencies: [], place: { ...place, column: 3 } });
  const entry = scan.entries.at(-1);
  if (entry === undefined || entry.values.has(key)) return false;
  scan.key = key;
  if (value === '' || value === '{}') return true;
  const scalar = readScalar(value);
  if (scalar === null) return false;
  entry.values.set(key, scalar);
  return true;
}

// What stands below `dependencies`, `hash` and `source`: of that the names are all that counts, whatever their values are.
function readNestedLine({ entries, key }: Scan, content: string): boolean {
  const name = nestedLine.exec(content)?.[1];
  if (name === undefined) return /^ {6,}\S/.test(content);
  if (key === 'dependencies') entries.at(-1)?.dependencies.push(name.replaceAll("'", ''));
  return true;
}

/** A plain or singly quoted value; null for one that needs a parser. */
function readScalar(value: string): string | null {
  if (value.startsWith("'")) {
    const quoted = /^'((?:[^']|'')*)'$/.exec(value)?.[1];
    return quoted === undefined ? null : quoted.replaceAll("''", "'");
  }
  return /^[\w.<>~^(/+-][^#:]*(?::\/\/[^#\s]*(?:#[^\s]*)?)?$/.test(value) ? value : null;
}

// ---------------------------------------------------------------------------------------------------------------------
// By a parser

async function parseEntries(file: InputFile): Promise<WrittenLock | Warning> {
  const top = { path: file.path, line: 1, column: 1 };
  const { root, warnings } = await parseYaml(file);
  if (root === null) return warnings[0] ?? toWarning('invalid-lock', top, 'the lock is empty');
  const version = entryOf(root, 'version');
  const packages = entryOf(root, 'package');
  const written: Omit<WrittenLock, 'entries'> = {
    version: version === undefined ? null : textOf(version),
    versionPlace: version?.place ?? top,
    warnings,
  };
  if (packages?.kind === 'list')
    return { ...written, entries: packages.items.map((item) => toEntry(item)) };
  const what = packages === undefined ? 'absent' : describeYaml(packages);
  const message = `\`package\` is ${what}, not a list of packages`;
  // Of another version nothing is known, so that says more.
  if (written.version !== '1') return { ...written, entries: [] };
  return toWarning('invalid-lock', packages?.place ?? top, message);
}

function toEntry(item: YamlNode): WrittenEntry {
  const values = new Map<string, string>();
  for (const { key, value } of item.kind === 'table' ? item.entries : []) {
    const text = textOf(value);
    if (text !== null) values.set(key, text);
  }
  const needs = entryOf(item, 'dependencies');
  const dependencies = needs?.kind === 'table' ? needs.entries.map(({ key }) => key) : [];
  return { values, dependencies, place: item.place };
}

function textOf(node: YamlNode): string | null {
  if (node.kind === 'text') return node.text;
  return node.kind === 'other' && node.what === 'a number' ? node.text : null;
}
