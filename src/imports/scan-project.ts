/** The scan stage: all sources of a tree to one `ImportScan`. Reads through the port only. */

import { folderOf } from '../inputs/file-access.ts';
import type { InputFile } from '../inputs/input.ts';
import { field } from '../inputs/toml.ts';
import type {
  ImportScan,
  ImportUse,
  Reference,
  SourceArea,
  SourceLocation,
  Warning,
} from '../types.ts';
import type { FirstPartyTest } from './first-party.ts';
import {
  collectLocalModules,
  createFirstPartyTest,
  findUsedAsPackages,
  topLevelNames,
} from './first-party.ts';
import type { ScannedNotebook } from './notebook.ts';
import { scanNotebook } from './notebook.ts';
import {
  mayNameModules,
  readEntryPoints,
  readStringReferences,
  settingNamesOf,
} from '../references/python-references.ts';
import { hasReferences, readReferences } from '../references/references.ts';
import { theLexer } from './lexer/lexer.ts';
import { importsAny, importsBelow } from './lexer/records.ts';
import type { FoundImport, SourceBytes, SourceFacts } from './scanner.ts';
import { scanRecords } from './scanner.ts';
import type { FileImports, VisitedFile } from './scanned-file.ts';
import { LexedImports } from './scanned-file.ts';
import { findCommandNames } from '../references/shell-commands.ts';
import { findImportedAreas } from './imported-areas.ts';
import type { AreaUnit } from './source-area.ts';
import { areaUnitOf, isTestAnyway, mayNameArea } from './source-area.ts';
import { listScriptSources } from './script-sources.ts';
import type { SourceAccess } from './source-access.ts';
import type { PythonFile, SourceListing } from './source-files.ts';
import { decode, findPythonFile, listSources } from './source-files.ts';

/** What to scan. */
export interface ScanProjectOptions {
  /** Folder to scan, `.` for all. */
  readonly root?: string;
  /** The one Python file to scan instead. */
  readonly file?: string;
  /** The script to scan instead, with the modules beside it that it imports. It is the product, wherever it lies. */
  readonly script?: string;
  /** Folders of the projects inside: what is a test or a tool is told by the path below the nearest. Default: the root. */
  readonly projects?: readonly string[];
}

/** Text files above this are data, not configuration. */
const LARGEST_TEXT_BYTES = 1_000_000;

/** What a tree says beside its imports. */
export type SourceNotes = Pick<
  ImportScan,
  'files' | 'references' | 'dynamicImports' | 'warnings' | 'inlineScripts'
>;

/** The collected results while the files are read. */
interface Collector {
  readonly access: SourceAccess;
  readonly visit: (file: VisitedFile) => void;
  files: number;
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
  const listing = listAsked(access, options);
  const local = collectLocalModules(listing);
  const files: FileImports[] = [];
  const areas = createAreas(listing.folders, options);
  const notes = await readListing(access, listing, areas.of, (file) => files.push(keep(file)));
  const isFirstParty = createFirstPartyTest(local, findUsedAsPackages(local, files));
  const promoted = findImportedAreas(files, areas.unitOf, entryPointsOf(notes));
  const placed = files.map((file) =>
    promoted.has(file.path) ? { ...file, area: undefined } : file,
  );
  return {
    ...notes,
    references: notes.references.map((reference) =>
      promoted.has(reference.path) ? withoutArea(reference) : reference,
    ),
    imports: toAllUses(placed, isFirstParty),
    firstPartyModules: [...new Set([...topLevelNames(local), ...listing.lost])].toSorted(),
    sources: {
      python: listing.python.map(({ path }) => path),
      texts: listing.texts,
      areas: areasOf(placed),
    },
  };
}

/** The file without the memory of the lexer. */
function keep({ path, folder, area, imports }: VisitedFile): FileImports {
  return { path, folder, area, imports };
}

function entryPointsOf({ references }: SourceNotes): readonly string[] {
  return references
    .filter(({ kind, area }) => kind === 'entry-point' && area === undefined)
    .map(({ name }) => name);
}

function withoutArea(reference: Reference): Reference {
  const { area: _, ...rest } = reference;
  return rest;
}

/**
 * Scans the same and hands over the imports file by file, in the order of their paths: nothing of them is kept, so that
 * memory stays small however large the tree is.
 */
export async function visitSources(
  access: SourceAccess,
  options: ScanProjectOptions,
  visit: (file: VisitedFile) => void,
): Promise<SourceNotes> {
  const listing = listAsked(access, options);
  const areas = createAreas(listing.folders, options);
  return readListing(access, listing, areas.of, visit);
}

function listAsked(access: SourceAccess, options: ScanProjectOptions): SourceListing {
  if (options.script !== undefined) return listScriptSources(access, options.script);
  if (options.file === undefined) return listSources(access, options.root);
  const file = findPythonFile(access, options.file);
  const python = file === null ? [] : [file];
  return { python, texts: [], folders: new Map(), lost: [], warnings: [] };
}

async function readListing(
  access: SourceAccess,
  listing: SourceListing,
  areas: (path: string) => SourceArea | undefined,
  visit: (file: VisitedFile) => void,
): Promise<SourceNotes> {
  const collector: Collector = {
    access,
    visit,
    files: 0,
    references: [],
    dynamicImports: [],
    warnings: [...listing.warnings],
    inlineScripts: [],
  };
  for (const file of listing.python) {
    const script = readPython(collector, file, areas(file.path));
    // Awaiting every file would cost more than reading it.
    if (script !== null) await noteScript(collector, script);
  }
  for (const path of listing.texts) readText(collector, path);
  const byPlace = (a: Reference, b: Reference): number =>
    compare(a.path, b.path) || a.line - b.line || compare(a.name, b.name);
  const { files, dynamicImports, warnings, inlineScripts } = collector;
  const references = collector.references.toSorted(byPlace);
  return { files, references, dynamicImports, warnings, inlineScripts };
}

function areasOf(files: readonly FileImports[]): Readonly<Record<string, SourceArea>> {
  const areas: Record<string, SourceArea> = Object.create(null);
  for (const { path, area } of files) if (area !== undefined) areas[path] = area;
  return areas;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

interface Areas {
  readonly of: (path: string) => SourceArea | undefined;
  readonly unitOf: (path: string) => AreaUnit | null;
}

/** The area of a path below the nearest project above it. */
function createAreas(
  folders: ReadonlyMap<string, boolean>,
  { script, root = '.', projects = [root] }: ScanProjectOptions,
): Areas {
  if (script !== undefined) return { of: () => undefined, unitOf: () => null };
  const prefixes = projects
    .map((project) => (project === '.' ? '' : `${project}/`))
    .toSorted((a, b) => b.length - a.length || compare(a, b));
  const unitOf = (path: string): AreaUnit | null => {
    const prefix = prefixes.find((candidate) => path.startsWith(candidate)) ?? '';
    const found = areaUnitOf(
      path.slice(prefix.length),
      (folder) => folders.get(prefix + folder) === true,
    );
    return found && { ...found, unit: prefix + found.unit };
  };
  const find = (path: string): SourceArea | undefined => unitOf(path)?.area;
  // Most names say nothing by themselves: the area is then that of the folder, which is asked once.
  const byFolder = rememberLast((folder) => find(`${folder}x.py`));
  return {
    unitOf,
    of: (path) => {
      const nameStart = path.lastIndexOf('/') + 1;
      const area = byFolder(path.slice(0, nameStart));
      const name = path.slice(nameStart);
      return isTestAnyway(area, name) || !mayNameArea(name) ? area : find(path);
    },
  };
}

/** Files come folder by folder. */
function rememberLast<T>(ask: (key: string) => T): (key: string) => T {
  let known: { readonly key: string; readonly answer: T } | null = null;
  return (key) => {
    if (known?.key !== key) known = { key, answer: ask(key) };
    return known.answer;
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
      context: found.context,
      dynamic: found.dynamic,
    };
    if (found.fallback === true) use.fallback = true;
    if (found.insisted === true) use.insisted = true;
    if (isFirstParty(folder, found)) use.firstParty = true;
    if (area !== undefined) use.area = area;
    return use;
  });
}

/** Reads one file; answers its text where it may hold inline script metadata. */
function readPython(
  collector: Collector,
  file: PythonFile,
  area: SourceArea | undefined,
): InputFile | null {
  const { path, kind } = file;
  const content = collector.access.read(path);
  if (!content.ok) {
    collector.warnings.push({
      code: `source-${content.problem}`,
      message: `this file ${content.detail}; its imports were not read`,
      path,
    });
    return null;
  }
  const folder = folderOf(path);
  if (kind === 'notebook') {
    const notebook = scanNotebook(decode(content.bytes, content.length));
    addNotebook(collector, path, area, notebook);
    const imports = area === 'test' ? notebook.imports.map(asTest) : notebook.imports;
    addSource(collector, { path, folder, area, imports, records: null }, notebook);
    return null;
  }
  const scanned = scanRecords(content.bytes, content.length, {
    cython: kind === 'cython',
    test: area === 'test',
  });
  if (kind === 'cython')
    collector.warnings.push({
      code: 'cython-source',
      message: 'Cython is read for its import and cimport lines only',
      path,
    });
  const lexed = new LexedImports({ path, folder, area }, scanned);
  addSource(collector, lexed, scanned);
  // The bytes that were read may be gone: what was decoded is put beside them.
  const { source } = scanned;
  const text = scanned.mayHoldScriptBlock
    ? decode(source.bytes, source.length).replace(/^\ufeff/, '')
    : null;
  // Tests start programs to test them, but a conftest.py names the plugins of pytest.
  if (area === undefined || area === 'tool' || path.endsWith('conftest.py'))
    addStringReferences(collector, lexed, source);
  return text === null ? null : { path, text, realPath: path, warnings: [] };
}

/** Strings are looked for where they may matter. */
function addStringReferences(collector: Collector, file: LexedImports, source: SourceBytes): void {
  const { path, area } = file;
  if (source.length > LARGEST_TEXT_BYTES) return;
  const isSetup = SETUP_SCRIPT.test(path);
  const isNaming = mayNameModules(path, (modules) => importsAny(file.records, modules));
  if (!isSetup && !isNaming) return;
  const names = isNaming ? settingNamesOf(path, (name) => importsBelow(file.records, name)) : null;
  // From here on the records of the file are gone.
  const tokens = theLexer().readTokens(source.bytes, source.length);
  // The script is a tool, and the commands that it defines are the product's.
  for (const found of isSetup ? readEntryPoints(tokens.table) : [])
    collector.references.push(toReference(path, found, undefined));
  for (const found of names === null ? [] : readStringReferences(tokens, names))
    collector.references.push(toReference(path, found, area));
}

const SETUP_SCRIPT = /(?:^|\/)setup\.py$/;

function addSource(
  collector: Collector,
  file: VisitedFile,
  scanned: Pick<SourceFacts, 'dynamicLines' | 'problems'>,
): void {
  const { path } = file;
  collector.files++;
  collector.visit(file);
  for (const line of scanned.dynamicLines) collector.dynamicImports.push({ path, line, column: 1 });
  for (const { code, line, message } of scanned.problems)
    collector.warnings.push({ code: `source-${code}`, message, path, line });
}

function asTest(found: FoundImport): FoundImport {
  return { ...found, context: [...found.context, 'test'] };
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

/** A script that declares its own requirements (PEP 723), or a warning where its block cannot be read. */
async function noteScript(collector: Collector, file: InputFile): Promise<void> {
  const { readScriptBlock } = await import('../inputs/inline-script.ts');
  const document = await readScriptBlock(file);
  if (document === null) return;
  if (!('message' in document)) {
    if (Array.isArray(field(document.root, 'dependencies')))
      collector.inlineScripts.push(file.path);
    return;
  }
  // The rest of the project does not depend on it.
  const { severity: _, ...warning } = document;
  collector.warnings.push({ ...warning, code: 'bad-script-metadata' });
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
