/** The scan stage: all sources of a tree to one `ImportScan`. Reads through the port only. */

import type {
  ImportContext,
  ImportScan,
  ImportUse,
  Reference,
  SourceArea,
  SourceLocation,
  Warning,
} from '../types.ts';
import type { FirstPartyTest, LocalModules } from './first-party.ts';
import {
  collectLocalModules,
  createFirstPartyTest,
  findUsedAsPackages,
  topLevelNames,
} from './first-party.ts';
import type { ScannedNotebook } from './notebook.ts';
import { scanNotebook } from './notebook.ts';
import { mayNameModules, readStringReferences } from './python-references.ts';
import { hasReferences, readReferences } from './references.ts';
import type { FoundImport, ScannedSource, SourceProblem } from './scanner.ts';
import { scanPython } from './scanner.ts';
import { findCommandNames } from './shell-commands.ts';
import { areaOf } from './source-area.ts';
import type { SourceAccess } from './source-access.ts';
import type { PythonFile, SourceListing } from './source-files.ts';
import { decode, listSources } from './source-files.ts';

/** What to scan. */
export interface ScanProjectOptions {
  /** Folder to scan, `.` for all. */
  readonly root?: string;
  /** Folders of the projects inside: what is a test or a tool is told by the path below the nearest. Default: the root. */
  readonly projects?: readonly string[];
}

/** Text files above this are data, not configuration. */
const LARGEST_TEXT_BYTES = 1_000_000;

interface FileImports {
  readonly path: string;
  readonly folder: string;
  readonly area: SourceArea | undefined;
  readonly imports: readonly FoundImport[];
}

/** The collected results while the files are read. */
interface Collector {
  readonly access: SourceAccess;
  readonly files: FileImports[];
  readonly references: Reference[];
  readonly dynamicImports: SourceLocation[];
  readonly warnings: Warning[];
  readonly inlineScripts: string[];
}

/** Scans the Python sources and the texts that may name commands. Unreadable files become warnings. */
export async function scanSources(
  access: SourceAccess,
  options: ScanProjectOptions = {},
): Promise<ImportScan> {
  const root = options.root ?? '.';
  const listing = listSources(access, root);
  const local = collectLocalModules(listing);
  const collector: Collector = {
    access,
    files: [],
    references: [],
    dynamicImports: [],
    warnings: [...listing.warnings],
    inlineScripts: [],
  };
  const areas = createAreas(local, options.projects ?? [root]);
  for (const file of listing.python) await readPython(collector, file, areas(file.path));
  for (const path of listing.texts) readText(collector, path);
  return finishScan(collector, listing, local);
}

function finishScan(collector: Collector, listing: SourceListing, local: LocalModules): ImportScan {
  const isFirstParty = createFirstPartyTest(local, findUsedAsPackages(local, collector.files));
  const byPlace = (a: Reference, b: Reference): number =>
    compare(a.path, b.path) || a.line - b.line || compare(a.name, b.name);
  return {
    files: collector.files.length,
    imports: toAllUses(collector.files, isFirstParty),
    references: collector.references.toSorted(byPlace),
    dynamicImports: collector.dynamicImports,
    firstPartyModules: topLevelNames(local),
    warnings: collector.warnings,
    sources: {
      python: listing.python.map(({ path }) => path),
      texts: listing.texts,
      areas: areasOf(collector.files),
    },
    inlineScripts: collector.inlineScripts,
  };
}

function areasOf(files: readonly FileImports[]): Readonly<Record<string, SourceArea>> {
  const areas: Record<string, SourceArea> = Object.create(null);
  for (const { path, area } of files) if (area !== undefined) areas[path] = area;
  return areas;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The area of a path below the nearest project above it. */
function createAreas(
  local: LocalModules,
  projects: readonly string[],
): (path: string) => SourceArea | undefined {
  const prefixes = projects
    .map((project) => (project === '.' ? '' : `${project}/`))
    .toSorted((a, b) => b.length - a.length || compare(a, b));
  return (path) => {
    const prefix = prefixes.find((candidate) => path.startsWith(candidate)) ?? '';
    return areaOf(path.slice(prefix.length), (folder) => local.packages.has(prefix + folder));
  };
}

function toAllUses(
  files: readonly FileImports[],
  isFirstParty: FirstPartyTest,
): readonly ImportUse[] {
  const uses: ImportUse[] = [];
  for (const file of files) for (const use of toUses(file, isFirstParty)) uses.push(use);
  return uses;
}

/** An import while it is put together: plain assignments, as this runs once per import of the tree. */
type NewUse = { -readonly [Key in keyof ImportUse]: ImportUse[Key] };

function toUses(file: FileImports, isFirstParty: FirstPartyTest): readonly ImportUse[] {
  const { path, folder, area } = file;
  return file.imports.map((found) => {
    const use: NewUse = {
      path,
      line: found.line,
      module: found.module,
      level: found.level,
      names: found.names,
      context: area === 'test' ? withTest(found.context) : found.context,
      dynamic: found.dynamic,
    };
    if (found.fallback === true) use.fallback = true;
    if (isFirstParty(folder, found)) use.firstParty = true;
    if (area !== undefined) use.area = area;
    return use;
  });
}

const TEST_ONLY: readonly ImportContext[] = ['test'];

function withTest(context: readonly ImportContext[]): readonly ImportContext[] {
  return context.length === 0 ? TEST_ONLY : [...context, 'test'];
}

async function readPython(
  collector: Collector,
  file: PythonFile,
  area: SourceArea | undefined,
): Promise<void> {
  const { path, kind } = file;
  const content = collector.access.read(path);
  if (!content.ok) {
    collector.warnings.push({
      code: `source-${content.problem}`,
      message: `this file ${content.detail}; its imports were not read`,
      path,
    });
    return;
  }
  const slash = path.lastIndexOf('/');
  const folder = slash === -1 ? '.' : path.slice(0, slash);
  if (kind === 'notebook') {
    const notebook = scanNotebook(decode(content.bytes, content.length));
    addNotebook(collector, path, area, notebook);
    addSource(collector, { path, folder, area, imports: notebook.imports }, notebook);
    return;
  }
  const scanned = scanPython(content.bytes, content.length, { cython: kind === 'cython' });
  if (kind === 'cython')
    collector.warnings.push({
      code: 'cython-source',
      message: 'Cython is read for its import and cimport lines only',
      path,
    });
  addSource(collector, { path, folder, area, imports: scanned.imports }, scanned);
  if (scanned.scriptBlock !== null) {
    const text = decode(content.bytes, content.length);
    await readScriptBlock(collector, path, text, scanned.scriptBlock);
  }
  if (area === undefined || area === 'tool')
    addStringReferences(collector, { path, area }, scanned, content);
}

/** Strings are looked for where they may matter: the content is that of the last `read`, valid until the next. */
function addStringReferences(
  collector: Collector,
  file: Pick<FileImports, 'path' | 'area'>,
  scanned: ScannedSource,
  content: { readonly bytes: Uint8Array; readonly length: number },
): void {
  const { path, area } = file;
  if (content.length > LARGEST_TEXT_BYTES) return;
  if (!mayNameModules(path, modulesOf(scanned.imports))) return;
  for (const found of readStringReferences(decode(content.bytes, content.length)))
    collector.references.push(toReference(path, found, area));
}

function* modulesOf(imports: readonly FoundImport[]): Iterable<string> {
  for (const { module } of imports) yield module;
}

function addSource(
  collector: Collector,
  file: FileImports,
  scanned: {
    readonly dynamicLines: readonly number[];
    readonly problems: readonly SourceProblem[];
  },
): void {
  const { path } = file;
  collector.files.push(file);
  for (const line of scanned.dynamicLines) collector.dynamicImports.push({ path, line, column: 1 });
  for (const { code, line, message } of scanned.problems)
    collector.warnings.push({ code: `source-${code}`, message, path, line });
}

function addNotebook(
  collector: Collector,
  path: string,
  area: SourceArea | undefined,
  notebook: ScannedNotebook,
): void {
  for (const { line, text } of notebook.commands)
    for (const named of findCommandNames(text))
      collector.references.push(toReference(path, { line, kind: 'command', ...named }, area));
}

function toReference(
  path: string,
  named: Pick<Reference, 'line' | 'kind' | 'name' | 'module'>,
  area: SourceArea | undefined,
): Reference {
  const { line, kind, name } = named;
  const reference: Reference = { path, line, kind, name };
  const withModule = named.module === true ? { ...reference, module: true } : reference;
  return area === undefined ? withModule : { ...withModule, area };
}

/** Inline script metadata (PEP 723): a script that declares its own requirements, or a warning where it cannot be read. */
async function readScriptBlock(
  collector: Collector,
  path: string,
  text: string,
  position: number,
): Promise<void> {
  // The place is in bytes: the lines above are counted on the bytes' own text.
  const above = Buffer.from(text, 'utf8').subarray(0, position).toString('utf8');
  const firstLine = above.split(/\r\n|\r|\n/).length;
  const lines = text.split(/\r\n|\r|\n/).slice(firstLine - 1);
  if (!/^# \/\/\/ script\s*$/.test(lines[0] ?? '')) return;
  const end = lines.findIndex(
    (line, index) => index > 0 && (/^# \/\/\/\s*$/.test(line) || !/^#(?: |$)/.test(line)),
  );
  const isClosed = end > 0 && /^# \/\/\/\s*$/.test(lines[end] ?? '');
  const warn = (line: number, message: string): void => {
    collector.warnings.push({ code: 'bad-script-metadata', message, path, line });
  };
  if (!isClosed) {
    warn(firstLine, 'the inline script metadata (PEP 723) is not closed by `# ///`');
    return;
  }
  const { parse, TomlError } = await import('smol-toml');
  try {
    const metadata = parse(
      lines
        .slice(1, end)
        .map((line) => line.slice(2))
        .join('\n'),
    );
    if (Array.isArray(metadata['dependencies'])) collector.inlineScripts.push(path);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    warn(
      firstLine + Math.min(error.line, Math.max(end - 1, 1)),
      'the inline script metadata (PEP 723) is not valid TOML',
    );
  }
}

function readText(collector: Collector, path: string): void {
  if (!hasReferences(path)) return;
  const content = collector.access.read(path, LARGEST_TEXT_BYTES);
  if (!content.ok) {
    collector.warnings.push({
      code: `source-${content.problem}`,
      message: `this file ${content.detail}; what it names is not known`,
      path,
    });
    return;
  }
  if (content.length >= LARGEST_TEXT_BYTES) return;
  collector.references.push(...readReferences(path, decode(content.bytes, content.length)));
}

/** The part of a scan that belongs to one project: the files whose nearest project folder it is (CONTRACT.md, Usage). */
export function scanOfProject(
  scan: ImportScan,
  project: string,
  projects: readonly string[],
): ImportScan {
  if (projects.every((other) => other === project)) return scan;
  const owns = createOwner(project, projects);
  const own = <T extends { readonly path: string }>(items: readonly T[]): readonly T[] =>
    items.filter(({ path }) => owns(path));
  const imports = own(scan.imports);
  const python = scan.sources?.python.filter(owns) ?? [];
  return {
    ...scan,
    files:
      scan.sources === undefined ? new Set(imports.map(({ path }) => path)).size : python.length,
    imports,
    references: own(scan.references),
    dynamicImports: own(scan.dynamicImports),
    sources: {
      python,
      texts: scan.sources?.texts.filter(owns) ?? [],
      areas: scan.sources?.areas ?? {},
    },
    inlineScripts: scan.inlineScripts?.filter(owns) ?? [],
  };
}

function createOwner(project: string, projects: readonly string[]): (path: string) => boolean {
  const contains = (folder: string, path: string): boolean =>
    folder === '.' || path.startsWith(`${folder}/`);
  const nested = projects.filter(
    (other) => other !== project && (project === '.' || other.startsWith(`${project}/`)),
  );
  return (path) => contains(project, path) && !nested.some((other) => contains(other, path));
}
