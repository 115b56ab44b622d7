/**
 * What a project declares, put together from its dependency files (CONTRACT.md, Semantics: environment, primary source,
 * alternatives, drift).
 */
import { imagesOfProject, readImages } from '../target/hints.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { DeclaredRequirement, Environment, IndexOptions, ParsedInput, Role, SourceLocation, Warning } from '../types.ts';
import { decodeFile } from './decode.ts';
import { discoverFiles, projectOf, sortProjects, type DiscoveredFile } from './discover.ts';
import { findDrift, type DeclaredSet } from './drift.ts';
import { buildEnvironments } from './environments.ts';
import { compareText, fileNameOf, folderOf, joinPath, type FileAccess } from './file-access.ts';
import { findFormatOfNamedFile } from './index.ts';
import type { InputContext, InputFormat } from './input.ts';
import { choosePrimary, type PrimarySource } from './primary.ts';
import { quoteText } from './quote.ts';

/** What the caller asks of the reading of a project. All optional: the default is what a bare `audit` wants. */
export interface ReadProjectOptions {
  /** Name of the root folder, for a project without a name of its own. */
  readonly rootName?: string;
  /** Values for `${NAME}` in requirement files; leave out under `--isolated`. */
  readonly variables?: Readonly<Record<string, string | undefined>>;
  /** `--extra` (several are installed together). */
  readonly extras?: readonly string[];
  readonly allExtras?: boolean;
  /** `--group`. */
  readonly groups?: readonly string[];
  /** `-c FILE` and `--override FILE` of the command line, relative to the root. */
  readonly constraintFiles?: readonly string[];
  readonly overrideFiles?: readonly string[];
}

/** A requirement of a manifest or `.in` (never a line of a lock), with where it counts. */
export interface DeclaredEntry {
  readonly declared: DeclaredRequirement;
  /** `prod`, `dev`, `extra:NAME`, `group:NAME` or, for an alternative, its path. */
  readonly environment: string;
  readonly role: Role;
  readonly inputPath: string;
  /** Name of the extra or group, null for the main set. */
  readonly group: string | null;
}

/** The main sets of two files of one project differ: `primary` is weighed, the difference is the finding `drift`. */
export interface Drift {
  readonly primary: string;
  readonly other: string;
  /** Declared in `primary` alone. */
  readonly onlyInPrimary: readonly DeclaredRequirement[];
  /** Declared in `other` alone. */
  readonly onlyInOther: readonly DeclaredRequirement[];
  /** Declared in both with specifiers that differ. */
  readonly different: readonly { readonly primary: DeclaredRequirement; readonly other: DeclaredRequirement }[];
}

/** Sibling files of which one is installed, never several (requirements-cpu.txt, requirements-gpu.txt). */
export interface Alternatives {
  /** Sorted; the primary one, if among them, first. */
  readonly paths: readonly string[];
}

/** All that the dependency files of one project folder say. Plain data. */
export interface ProjectInputs {
  /** Folder relative to the root, `.` for the root. */
  readonly project: string;
  /** `[project].name`, else the folder's name as given by the caller. */
  readonly name: string;
  readonly inputs: readonly ParsedInput[];
  /** Path of the primary source, null where no file declares a main set. */
  readonly primary: string | null;
  /** All of them, where an image installs several; `primary` is the first. */
  readonly primaries: readonly string[];
  /** Why that one: `Dockerfile:4 installs it`, `requirements.txt beside a pyproject.toml without dependencies`. */
  readonly primaryReason: string;
  /** The manifest that the primary source belongs to: the `.in` of a compiled file, the pyproject of a lock; else the primary itself. */
  readonly manifest: string | null;
  /** `prod` first, then `dev`, then extras, groups and alternatives by id. */
  readonly environments: readonly Environment[];
  /** Id of the environment that the headline speaks of: `prod` unless `--extra`/`--group` asked otherwise. */
  readonly headline: string;
  readonly alternatives: readonly Alternatives[];
  readonly declared: readonly DeclaredEntry[];
  readonly drift: readonly Drift[];
  readonly requiresPython: { readonly text: string; readonly location: SourceLocation } | null;
  /** The image that the target is read from, null where no Dockerfile is the product's. */
  readonly image: ProductImage | null;
  readonly warnings: readonly Warning[];
}

/** The projects of a repository, the one that `audit` details first. Empty where there is no dependency file. */
export interface RepositoryInputs {
  readonly projects: readonly ProjectInputs[];
  /** Paths of Dockerfiles seen, product images first. */
  readonly dockerfiles: readonly string[];
  /** Files with depweight's own header that nothing names: outputs, not inputs. */
  readonly outputs: readonly string[];
  readonly warnings: readonly Warning[];
}

// ---------------------------------------------------------------------------------------------------------------------
// Reading

/** Reads every project below the root. */
export async function readRepository(access: FileAccess, options: ReadProjectOptions = {}): Promise<RepositoryInputs> {
  const discovery = discoverFiles(access);
  const context = createContext(access, options);
  const { images, warnings } = readImages(access, discovery.dockerfiles);
  const read = await readAll(discovery.files, context);
  const outputs = findOutputs(read, images);
  const inputs = read.filter(({ path, groups, warnings: own }) => !outputs.includes(path) && (groups.length > 0 || own.some(({ severity }) => severity === 'error')));
  const folders = sortProjects([...new Set(inputs.map(({ path }) => projectOf(path)))]);
  const projects: ProjectInputs[] = [];
  for (const folder of folders) {
    const own = inputs.filter(({ path }) => projectOf(path) === folder);
    const others = folders.filter((other) => other !== folder);
    projects.push(await buildProject({ folder, inputs: own, images: imagesOfProject(images, folder, others), context, options }));
  }
  return { projects, dockerfiles: discovery.dockerfiles, outputs, warnings: [...discovery.warnings, ...warnings] };
}

/** Reads one file, given by its path relative to the root, as the only requirement source. Neighbours give configuration only. */
export async function readNamedFile(access: FileAccess, path: string, options: ReadProjectOptions = {}): Promise<RepositoryInputs> {
  const format = findFormatOfNamedFile(path);
  if (format === undefined) return { projects: [], dockerfiles: [], outputs: [], warnings: [] };
  const context = createContext(access, options);
  const [input] = await readAll([{ path, format }], context);
  const folder = folderOf(path);
  const listed = access.list(folder);
  const names = listed.ok ? listed.entries.map(({ name }) => name) : [];
  const discovered = names.filter((name) => /^(?:dockerfile|containerfile)$/i.test(name)).map((name) => joinPath(folder, name));
  const { images, warnings } = readImages(access, discovered);
  if (input === undefined) return { projects: [], dockerfiles: discovered, outputs: [], warnings };
  const prod: Role = 'prod';
  // A file that the user names is what is weighed, whatever its own name says of its role.
  const named = input.kind === 'requirements-txt' ? { ...input, role: prod, groups: input.groups.map((group) => ({ ...group, role: prod })) } : input;
  const project = await buildProject({ folder, inputs: [named], images, context, options, named });
  const neighbour = project.requiresPython === null && fileNameOf(path) !== 'pyproject.toml' && names.includes('pyproject.toml') ? await readNeighbour(access, folder, context) : null;
  return { projects: [{ ...project, requiresPython: project.requiresPython ?? neighbour }], dockerfiles: discovered, outputs: [], warnings };
}

async function readNeighbour(access: FileAccess, folder: string, context: InputContext): Promise<ProjectInputs['requiresPython']> {
  const format = findFormatOfNamedFile('pyproject.toml');
  if (format === undefined) return null;
  const [input] = await readAll([{ path: joinPath(folder, 'pyproject.toml'), format }], { ...context, list: access.list });
  return input === undefined ? null : requiresPythonOf([input]);
}

function createContext(access: FileAccess, options: ReadProjectOptions): InputContext {
  return { read: (path) => access.read(path), list: (folder) => access.list(folder), variables: options.variables ?? {} };
}

async function readAll(files: readonly DiscoveredFile[], context: InputContext): Promise<readonly ParsedInput[]> {
  const read: ParsedInput[] = [];
  for (const { path, format } of files) read.push(await readInput(path, format, context));
  return read;
}

async function readInput(path: string, format: InputFormat, context: InputContext): Promise<ParsedInput> {
  const decoded = decodeFile(path, context.read(path));
  if (decoded.ok) {
    const input = await format.load();
    return input.parse(decoded.file, context);
  }
  return {
    path,
    kind: format.name,
    role: 'prod',
    locked: false,
    groups: [],
    constraints: [],
    overrides: [],
    options: {},
    includes: [],
    projectName: null,
    requiresPython: null,
    warnings: [decoded.warning],
  };
}

// What depweight wrote is not read again, unless somebody made it an input by naming it.
function findOutputs(inputs: readonly ParsedInput[], images: readonly ProductImage[]): readonly string[] {
  const included = new Set(inputs.filter(({ writtenByDepweight }) => writtenByDepweight !== true).flatMap(({ includes }) => includes));
  const installed = images.flatMap(({ installs }) => installs.flatMap(({ requirementFiles }) => requirementFiles.map(fileNameOf)));
  const outputs = inputs.filter(({ path, writtenByDepweight }) => writtenByDepweight === true && !included.has(path) && !installed.includes(fileNameOf(path)));
  return outputs.map(({ path }) => path).toSorted(compareText);
}

interface ProjectParts {
  readonly folder: string;
  readonly inputs: readonly ParsedInput[];
  readonly images: readonly ProductImage[];
  readonly context: InputContext;
  readonly options: ReadProjectOptions;
  /** The one file that the user named. */
  readonly named?: ParsedInput;
}

async function buildProject({ folder, inputs, images, context, options, named }: ProjectParts): Promise<ProjectInputs> {
  const compiled = pairCompiled(inputs);
  const primary = named === undefined ? choosePrimary({ project: folder, inputs, compiled, images }) : namedSource(named);
  const alternatives = named === undefined ? findAlternatives(inputs, primary, compiled) : [];
  const manifest = manifestOf(primary, compiled, inputs, folder);
  const commandLine = await readCommandLineFiles(options, primary, context);
  const built = await buildEnvironments({ folder, inputs, primary, alternatives, compiled, options, context, commandLine });
  const warnings = [...inputs.flatMap((input) => input.warnings), ...commandLine.warnings, ...built.warnings];
  return {
    project: folder,
    name: nameOf(folder, inputs, options),
    inputs,
    primary: primary.inputs[0]?.path ?? null,
    primaries: primary.inputs.map(({ path }) => path),
    primaryReason: primary.reason,
    manifest,
    environments: built.environments,
    headline: built.headline,
    alternatives,
    declared: built.declared,
    drift: findDrifts(inputs, primary, alternatives, compiled),
    requiresPython: requiresPythonOf(inputs),
    image: primary.image ?? images[0] ?? null,
    warnings: uniqueWarnings(warnings),
  };
}

function namedSource(named: ParsedInput): PrimarySource {
  return { inputs: [named], extras: [], groups: [], constraintFiles: [], reason: `${named.path} was named`, image: null };
}

function nameOf(folder: string, inputs: readonly ParsedInput[], options: ReadProjectOptions): string {
  const named = inputs.find(({ projectName }) => projectName !== null)?.projectName;
  return named ?? (folder === '.' ? (options.rootName ?? '.') : fileNameOf(folder));
}

function requiresPythonOf(inputs: readonly ParsedInput[]): ProjectInputs['requiresPython'] {
  const input = inputs.find(({ requiresPython }) => requiresPython !== null);
  if (input?.requiresPython == null) return null;
  return { text: input.requiresPython, location: input.requiresPythonAt ?? { path: input.path, line: 1, column: 1 } };
}

/** Compiled files by the path of their manifest: as their header says, else `x.txt` beside `x.in`. */
function pairCompiled(inputs: readonly ParsedInput[]): ReadonlyMap<string, ParsedInput> {
  const pairs = new Map<string, ParsedInput>();
  const paths = new Set(inputs.map(({ path }) => path));
  for (const input of inputs) {
    const sibling = input.path.replace(/\.txt$/, '.in');
    const hasSibling = sibling !== input.path && paths.has(sibling);
    if (input.compiledFrom === undefined && !hasSibling) continue;
    const sources = hasSibling ? [sibling] : (input.compiledFrom ?? []).filter((path) => paths.has(path));
    // A file compiled from several manifests holds them all; one that is compiled for development is not that of the product.
    for (const source of sources) if (!pairs.has(source) && (hasSibling || input.role === 'prod')) pairs.set(source, input);
  }
  return pairs;
}

function manifestOf(primary: PrimarySource, compiled: ReadonlyMap<string, ParsedInput>, inputs: readonly ParsedInput[], folder: string): string | null {
  const [first] = primary.inputs;
  if (first === undefined) return null;
  for (const [manifest, input] of compiled) if (input === first) return manifest;
  if (!first.locked) return first.path;
  return inputs.find(({ path }) => path === joinPath(folder, 'pyproject.toml'))?.path ?? first.path;
}

// ---------------------------------------------------------------------------------------------------------------------
// Alternatives and drift

// Files for production that share at least half of the names of the smaller one and do not lead to each other.
function findAlternatives(inputs: readonly ParsedInput[], primary: PrimarySource, compiled: ReadonlyMap<string, ParsedInput>): readonly Alternatives[] {
  const files = inputs.filter(({ kind, role, path }) => kind === 'requirements-txt' && role === 'prod' && !compiled.has(path));
  const groups: ParsedInput[][] = [];
  for (const file of files) {
    const group = groups.find((members) => members.some((member) => areAlternatives(member, file)));
    if (group === undefined) groups.push([file]);
    else group.push(file);
  }
  const isPrimary = (input: ParsedInput): boolean => primary.inputs.includes(input);
  return groups
    .filter((group) => group.length > 1)
    .map((group) => ({ paths: group.toSorted((a, b) => Number(isPrimary(b)) - Number(isPrimary(a)) || compareText(a.path, b.path)).map(({ path }) => path) }));
}

function areAlternatives(a: ParsedInput, b: ParsedInput): boolean {
  if (a.includes.includes(b.path) || b.includes.includes(a.path)) return false;
  const left = namesOf(a);
  const right = namesOf(b);
  const shared = [...left].filter((name) => right.has(name)).length;
  return shared > 0 && shared * 2 >= Math.min(left.size, right.size);
}

function namesOf(input: ParsedInput): ReadonlySet<string> {
  return new Set(mainSetOf(input).map(({ requirement }) => requirement.name));
}

function mainSetOf(input: ParsedInput): readonly DeclaredRequirement[] {
  return input.groups.filter(({ kind }) => kind === 'main').flatMap(({ requirements }) => requirements);
}

// pyproject and requirements.txt that both declare a main set. A lock and a compiled file declare nothing of their own.
function findDrifts(inputs: readonly ParsedInput[], primary: PrimarySource, alternatives: readonly Alternatives[], compiled: ReadonlyMap<string, ParsedInput>): readonly Drift[] {
  const [first] = primary.inputs;
  if (first === undefined) return [];
  const compiledFiles = new Set(compiled.values());
  const declares = (input: ParsedInput): boolean => !input.locked && !compiledFiles.has(input) && input.compiledFrom === undefined && input.mainSetElsewhere !== true && mainSetOf(input).length > 0;
  const own = inputs.find(({ path }) => compiled.get(path) === first) ?? first;
  const others = inputs.filter((input) => {
    if (primary.inputs.includes(input) || input === own || !declares(input) || input.kind === own.kind) return false;
    const isMain = input.kind === 'pyproject' || (input.role === 'prod' && /^requirements\.(?:txt|in)$/.test(fileNameOf(input.path)));
    return isMain && !alternatives.some(({ paths }) => paths.includes(input.path) && paths.includes(own.path));
  });
  if (own.locked || own.mainSetElsewhere === true) return [];
  // Sets that are installed together are one set to compare with.
  const set: DeclaredSet = { path: own.path, requirements: [own, ...primary.inputs.slice(1)].flatMap(mainSetOf) };
  const drifts = others.map((other) => findDrift(set, { path: other.path, requirements: mainSetOf(other) }));
  return drifts.filter((drift) => drift !== null);
}

// ---------------------------------------------------------------------------------------------------------------------
// Command line and warnings

/** Constraints and overrides from files that the command line or the image names. */
export interface CommandLineRequirements {
  readonly constraints: readonly DeclaredRequirement[];
  readonly overrides: readonly DeclaredRequirement[];
  readonly options: IndexOptions;
  readonly warnings: readonly Warning[];
}

async function readCommandLineFiles(options: ReadProjectOptions, primary: PrimarySource, context: InputContext): Promise<CommandLineRequirements> {
  const read = async (paths: readonly string[] | undefined): Promise<readonly ParsedInput[]> => {
    const format = findFormatOfNamedFile('constraints.txt');
    return format === undefined ? [] : readAll((paths ?? []).map((path) => ({ path, format })), context);
  };
  // A constraint file of the image that is not where it seems to be is the image's affair: no error of this project.
  const ofImage = primary.constraintFiles.filter((path) => context.read(path).ok);
  const constraints = await read([...(options.constraintFiles ?? []), ...ofImage]);
  const overrides = await read(options.overrideFiles);
  return {
    constraints: constraints.flatMap((input) => [...mainSetOf(input), ...input.constraints]),
    overrides: overrides.flatMap(mainSetOf),
    options: {},
    warnings: [...constraints, ...overrides].flatMap(({ warnings }) => warnings),
  };
}

// A file that is read for itself and as part of another says the same thing twice.
function uniqueWarnings(warnings: readonly Warning[]): readonly Warning[] {
  const seen = new Map<string, Warning>();
  for (const warning of warnings) {
    const key = `${warning.code} ${warning.path ?? ''} ${warning.line ?? ''} ${warning.column ?? ''} ${warning.message}`;
    if (!seen.has(key)) seen.set(key, warning);
  }
  return [...seen.values()];
}

/** The sentence for an extra, group or environment that there is not. */
export function unknownSetMessage(word: 'extra' | 'group', name: string, known: readonly string[]): string {
  const list = known.length === 0 ? `there are none` : `there are ${known.map(quoteText).join(', ')}`;
  return `there is no ${word} ${quoteText(name)} in this project; ${list}`;
}
