/**
 * Reads the dependency files of a repository, or one of them, and puts each project together.
 */
import { ciKind } from './ci-file.ts';
import { dockerfileKind, installsSomething } from './dockerfile.ts';
import { imagesOfProject, readImages } from '../target/hints.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { ParsedInput, Role, Warning } from '../types.ts';
import { decodeFile } from './decode.ts';
import {
  discoverFiles,
  projectOf,
  sortProjects,
  type DiscoveredFile,
  type Discovery,
} from './discover.ts';
import { emptyInput } from './empty-input.ts';
import { namedByImage } from './installed-files.ts';
import { buildEnvironments, type NamedRequirements } from './environments.ts';
import { fileNameOf, folderOf, joinPath, type FileAccess } from './file-access.ts';
import { holdsScriptBlock } from './find-inline-scripts.ts';
import { dockerfileFormat, findFormatOfNamedFile } from './index.ts';
import type { InputContext, InputFormat } from './input.ts';
import {
  arrangeLocks,
  isExportOf,
  isLockOfOthers,
  locksOfMembers,
  toLockOfMember,
  type ArrangedLocks,
} from './locks.ts';
import { findOutputs } from './outputs.ts';
import { choosePrimary } from './primary.ts';
import type { PrimarySource } from './primary-source.ts';
import type { ProjectInputs, ReadProjectOptions, RepositoryInputs } from './project.ts';
import { sayWhy } from './image-messages.ts';
import { listNames, quoteText } from './quote.ts';
import { toWarning } from './declare.ts';
import { isProse, noteProse } from './prose.ts';
import { isScriptLock } from './roles.ts';
import { findAlternatives, findDrifts, mainSetOf, pairCompiled } from './related-files.ts';

const condaKind = 'conda-environment';

/** Reads every project below the root. */
export async function readRepository(
  access: FileAccess,
  options: ReadProjectOptions = {},
): Promise<RepositoryInputs> {
  return readFor(access, options, null);
}

/** Files that images install and whose names say nothing: `pip install -r deps.list`. */
function filesOfImages(
  images: readonly ProductImage[],
  { files }: Discovery,
  context: InputContext,
): readonly DiscoveredFile[] {
  const format = findFormatOfNamedFile('requirements.txt');
  const paths = images.flatMap((image) => namedByImage(image, (path) => context.read(path).ok));
  return [...new Set(paths)]
    .filter((path) => !files.some((file) => file.path === path))
    .flatMap((path) => {
      const own = findFormatOfNamedFile(path) ?? format;
      return own === undefined ? [] : [{ path, format: own }];
    });
}

/** `given`: the images that count, for whichever project they install; null for those of the repository. */
async function readFor(
  access: FileAccess,
  options: ReadProjectOptions,
  given: readonly ProductImage[] | null,
): Promise<RepositoryInputs> {
  const discovery = discoverFiles(access);
  const context = createContext(access, options);
  const { images, warnings } =
    given === null
      ? readImages(access, discovery.dockerfiles, options)
      : { images: given, warnings: [] };
  const everything = await readAll(
    [...discovery.files, ...filesOfImages(images, discovery, context)],
    context,
  );
  const prose = everything.filter(isProse);
  const read = everything.filter((input) => !prose.includes(input));
  const outputs = findOutputs(read, images, options.ignoresOutputs === true);
  const found = read.filter(
    ({ path, groups, warnings: own }) =>
      !outputs.includes(path) &&
      (groups.length > 0 || own.some(({ severity }) => severity === 'error')),
  );
  const declaring = foldersOf(found.filter(({ locked }) => !locked));
  const inputs = found.filter((input) => !isLockOfOthers(input, declaring));
  const folders = foldersOf(inputs);
  const shared = new Map([
    ...locksOfMembers(found, folders),
    ['.', await readLockAbove(access, inputs, context)] as const,
  ]);
  const projects: ProjectInputs[] = [];
  if (folders.length === 0) projects.push(...(await projectOfImage(images, context, options)));
  for (const folder of folders) {
    const own = inputs.filter(({ path }) => projectOf(path) === folder);
    const others = folders.filter((other) => other !== folder);
    projects.push(
      await buildProject({
        folder,
        inputs: [...own, ...(own.some(({ locked }) => locked) ? [] : (shared.get(folder) ?? []))],
        images: given === null ? imagesOfProject(images, folder, others) : images,
        context,
        options,
      }),
    );
  }
  return {
    // The root of a workspace may declare nothing but tools: what is installed are its members.
    projects: projects.toSorted((a, b) => Number(isEmpty(a)) - Number(isEmpty(b))),
    dockerfiles: discovery.dockerfiles,
    outputs,
    warnings: [...discovery.warnings, ...warnings, ...prose.map(noteProse)],
  };
}

/** What the image of a Dockerfile installs, whatever else the repository declares. */
async function readNamedImage(
  access: FileAccess,
  path: string,
  options: ReadProjectOptions,
): Promise<RepositoryInputs> {
  const { images, warnings } = readImages(access, [path], options);
  const [image] = images;
  const read = await readFor(access, options, images);
  const repository = { ...read, warnings: [...read.warnings, ...warnings] };
  if (image === undefined) return { ...repository, projects: [] };
  const context = createContext(access, options);
  const [named] = await readAll([{ path, format: dockerfileFormat }], context);
  const installed = repository.projects
    .filter(({ weighedImage }) => weighedImage !== null)
    .toSorted((a, b) => b.primaries.length - a.primaries.length);
  const parts = { folder: '.', inputs: [], images, context, options };
  const [project = await buildProject({ ...parts, ...(named === undefined ? {} : { named }) })] =
    installed;
  return { ...repository, projects: [project] };
}

/** What the jobs of a CI file install: that of the one that asks for most, and each of the others as an environment of its own. */
async function readNamedCi(
  access: FileAccess,
  path: string,
  options: ReadProjectOptions,
): Promise<RepositoryInputs> {
  const none = { projects: [], dockerfiles: [], outputs: [] };
  const decoded = decodeFile(path, access.read(path));
  if (!decoded.ok) return { ...none, warnings: [decoded.warning] };
  const { readCiJobs } = await import('../ci/index.ts');
  const { joinJobs, readRows } = await import('../ci/join-jobs.ts');
  const { sayUnknownCalls } = await import('../ci/unknown-calls.ts');
  const context = createContext(access, options);
  const { jobs, warnings: read } = await readCiJobs(decoded.file, context);
  const installed = await readRows(path, jobs, async (image) => {
    const parts = { folder: '.', inputs: [], images: [image], context, options };
    const { projects } = await readFor(access, options, [image]);
    const [project = await buildProject(parts)] = projects
      .filter(({ weighedImage }) => weighedImage !== null)
      .toSorted((a, b) => b.primaries.length - a.primaries.length);
    return project.primaries.length > 0 ? project : null;
  });
  const warnings = [...read, ...sayUnknownCalls(path, jobs)];
  const project = joinJobs(installed);
  if (project !== null) return { ...none, projects: [project], warnings };
  const message = `${path}: no job installs anything that could be followed`;
  const nothing: Warning = { code: 'no-dependencies', message, path, severity: 'error' };
  return { ...none, warnings: [...warnings, nothing] };
}

// No file says what is needed but the Dockerfile itself.
async function projectOfImage(
  images: readonly ProductImage[],
  context: InputContext,
  options: ReadProjectOptions,
): Promise<readonly ProjectInputs[]> {
  const product = imagesOfProject(images, '.', []);
  const project = await buildProject({
    folder: '.',
    inputs: [],
    images: product,
    context,
    options,
  });
  return project.primary === null ? [] : [project];
}

function isEmpty({ environments, inputs }: ProjectInputs): boolean {
  const product = environments.find(({ id }) => id === 'prod');
  return (
    product?.requirements.length === 0 &&
    !inputs.some(({ groups }) => groups.some(({ kind }) => kind === 'main'))
  );
}

const mostFoldersAbove = 8;

// A member of a workspace that is audited on its own: its lock is in a folder above, if that is of this repository.
async function readLockAbove(
  access: FileAccess,
  inputs: readonly ParsedInput[],
  context: InputContext,
): Promise<readonly ParsedInput[]> {
  const own = inputs.filter(({ path }) => projectOf(path) === '.');
  const name = own.find(({ kind }) => kind === 'pyproject')?.projectName ?? null;
  const format = findFormatOfNamedFile('uv.lock');
  if (name === null || format === undefined || own.some(({ locked }) => locked)) return [];
  for (
    let above = 1, path = '../uv.lock';
    above <= mostFoldersAbove;
    above++, path = `../${path}`
  ) {
    const read = access.read(path);
    if (!read.ok && read.problem === 'outside') return [];
    if (!read.ok) continue;
    const [lock] = await readAll([{ path, format }], context);
    const seen = lock === undefined ? null : toLockOfMember(lock, name);
    return seen === null ? [] : [seen];
  }
  return [];
}

function foldersOf(inputs: readonly ParsedInput[]): readonly string[] {
  return sortProjects([...new Set(inputs.map(({ path }) => projectOf(path)))]);
}

/** Reads one file, given by its path relative to the root, as the only requirement source. Neighbours give configuration only. */
export async function readNamedFile(
  access: FileAccess,
  path: string,
  options: ReadProjectOptions = {},
): Promise<RepositoryInputs> {
  // The lock of a script says which versions, the script what is wanted: naming the one is meant for both.
  const script = isScriptLock(path) ? path.replace(/\.lock$/i, '') : path;
  if (script !== path && access.read(script).ok) return readNamedFile(access, script, options);
  const format = findFormatOfNamedFile(path, () => holdsScriptBlock(path, access));
  if (format === undefined) return { projects: [], dockerfiles: [], outputs: [], warnings: [] };
  if (format.name === dockerfileKind) return readNamedImage(access, path, options);
  if (format.name === ciKind) return readNamedCi(access, path, options);
  const context = createContext(access, options);
  const [input] = await readAll([{ path, format }], context);
  if (input?.kind === 'inline-script') return readNamedScript(input, context, options);
  const folder = folderOf(path);
  const listed = access.list(folder);
  const names = listed.ok ? listed.entries.map(({ name }) => name) : [];
  const discovered = names
    .filter((name) => /^(?:dockerfile|containerfile)$/i.test(name))
    .map((name) => joinPath(folder, name));
  const { images, warnings } = readImages(access, discovered, options);
  if (input === undefined) return { projects: [], dockerfiles: discovered, outputs: [], warnings };
  if (input.groups.length === 0 && !input.warnings.some(({ severity }) => severity === 'error')) {
    const lacking =
      input.kind === condaKind
        ? 'it has no `dependencies` in the form of a conda environment'
        : 'it has no [project], no [dependency-groups] and no table of a tool that does';
    const message = `${path} declares no dependencies: ${lacking}`;
    return {
      projects: [],
      dockerfiles: discovered,
      outputs: [],
      warnings: [...warnings, { code: 'no-dependencies', message, path, severity: 'error' }],
    };
  }
  const prod: Role = 'prod';
  // A file that the user names is what is weighed, whatever its own name says of its role.
  const named =
    input.kind === 'requirements-txt' || input.kind === condaKind
      ? { ...input, role: prod, groups: input.groups.map((group) => ({ ...group, role: prod })) }
      : input;
  const manifest = named.locked ? await readManifestOfLock(access, folder, named, context) : [];
  const inputs = [...manifest, named];
  const project = await buildProject({ folder, inputs, images, context, options, named });
  const neighbour =
    project.requiresPython === null &&
    fileNameOf(path) !== 'pyproject.toml' &&
    names.includes('pyproject.toml')
      ? await readNeighbour(access, folder, context)
      : null;
  return {
    projects: [{ ...project, requiresPython: project.requiresPython ?? neighbour }],
    dockerfiles: discovered,
    outputs: [],
    warnings,
  };
}

// The script alone says what it needs and which Pythons it is for; images and settings around it are those of a project.
async function readNamedScript(
  script: ParsedInput,
  context: InputContext,
  options: ReadProjectOptions,
): Promise<RepositoryInputs> {
  const nothing = { projects: [], dockerfiles: [], outputs: [] };
  if (script.groups.length === 0) return { ...nothing, warnings: script.warnings };
  const path = `${script.path}.lock`;
  const format = findFormatOfNamedFile(path);
  const locks =
    format !== undefined && context.read(path).ok ? await readAll([{ path, format }], context) : [];
  const parts = { folder: folderOf(script.path), images: [], context, options, named: script };
  const project = await buildProject({ ...parts, inputs: [script, ...locks] });
  return { ...nothing, projects: [project], warnings: [] };
}

const manifestNames: Readonly<Record<string, readonly string[]>> = {
  'pipfile-lock': ['Pipfile'],
  'conda-lock': ['environment.yml', 'environment.yaml'],
};

// A lock locks what its manifest declares: naming the one is meant for both.
async function readManifestOfLock(
  access: FileAccess,
  folder: string,
  lock: ParsedInput,
  context: InputContext,
): Promise<readonly ParsedInput[]> {
  const names = manifestNames[lock.kind] ?? ['pyproject.toml'];
  const path = names.map((name) => joinPath(folder, name)).find((one) => access.read(one).ok);
  const format = path === undefined ? undefined : findFormatOfNamedFile(path);
  if (lock.lock === undefined || path === undefined || format === undefined) return [];
  const read = await readAll([{ path, format }], context);
  return read.filter((manifest) => manifest.groups.length > 0 && !isOnlyAround(manifest, lock));
}

// The root of a workspace that is no project itself: its lock is that of the members.
function isOnlyAround({ path, groups }: ParsedInput, { lock }: ParsedInput): boolean {
  const members = lock?.members ?? [];
  const isMember = members.some(({ folder }) => folder === folderOf(path));
  return members.length > 0 && !isMember && groups.every(({ kind }) => kind !== 'main');
}

async function readNeighbour(
  access: FileAccess,
  folder: string,
  context: InputContext,
): Promise<ProjectInputs['requiresPython']> {
  const format = findFormatOfNamedFile('pyproject.toml');
  if (format === undefined) return null;
  const [input] = await readAll([{ path: joinPath(folder, 'pyproject.toml'), format }], {
    ...context,
    list: access.list,
  });
  return input === undefined ? null : requiresPythonOf([input]);
}

function createContext(access: FileAccess, options: ReadProjectOptions): InputContext {
  return {
    read: (path) => access.read(path),
    list: (folder) => access.list(folder),
    variables: options.variables ?? {},
  };
}

async function readAll(
  files: readonly DiscoveredFile[],
  context: InputContext,
): Promise<readonly ParsedInput[]> {
  const read: ParsedInput[] = [];
  for (const { path, format } of files) read.push(await readInput(path, format, context));
  return read;
}

async function readInput(
  path: string,
  format: InputFormat,
  context: InputContext,
): Promise<ParsedInput> {
  const decoded = decodeFile(path, context.read(path));
  if (decoded.ok) {
    const input = await format.load();
    return input.parse(decoded.file, context);
  }
  return emptyInput(path, format.name, [decoded.warning]);
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

async function buildProject({
  folder,
  inputs: read,
  images,
  context,
  options,
  named,
}: ProjectParts): Promise<ProjectInputs> {
  const arranged = arrangeLocks(read, images);
  const { lock } = arranged;
  const compiled = pairCompiled(arranged.inputs);
  const has = (path: string): boolean => context.read(path).ok;
  const question = { project: folder, inputs: arranged.inputs, lock, compiled, images, has };
  const primary = named === undefined ? choosePrimary(question) : namedSource(named, arranged);
  const alternatives =
    named === undefined ? findAlternatives(arranged.inputs, primary, compiled) : [];
  const manifest = manifestOf(primary, compiled);
  const inputs = [
    ...arranged.inputs,
    ...primary.inputs.filter(({ kind }) => kind === dockerfileKind),
  ];
  const commandLine = await readCommandLineFiles(options, primary, context);
  const built = await buildEnvironments({
    folder,
    inputs,
    primary,
    alternatives,
    compiled,
    options,
    context,
    commandLine,
  });
  const script = named?.kind === 'inline-script' ? named.path : null;
  const warnings = [
    ...inputs.flatMap((input) => input.warnings),
    ...commandLine.warnings,
    ...(primary.lock === null ? [] : arranged.warnings),
    ...primary.warnings,
    ...sayOtherImages(primary, images),
    ...built.warnings,
  ];
  return {
    project: folder,
    name: script === null ? nameOf(folder, inputs, options) : fileNameOf(script),
    inputs,
    script,
    primary: primary.inputs[0]?.path ?? null,
    primaries: primary.inputs.map(({ path }) => path),
    primaryReason: primary.reason,
    manifest,
    environments: built.environments,
    headline: built.headline,
    alternatives,
    declared: built.declared,
    drift: findDrifts(withoutExports(inputs, primary), primary, alternatives, compiled),
    requiresPython: requiresPythonOf(inputs),
    condaPython: condaPythonOf(inputs, primary),
    image: primary.image ?? images[0] ?? null,
    weighedImage: primary.image,
    steps: primary.steps,
    warnings: uniqueWarnings(warnings),
  };
}

/** Which image is meant is decided by names alone; whoever ships another one can ask about it. */
function sayOtherImages(
  { image }: PrimarySource,
  images: readonly ProductImage[],
): readonly Warning[] {
  if (image === null) return [];
  const others = images.filter((one) => one !== image && one.installs.some(installsSomething));
  if (others.length === 0) return [];
  const { path } = image;
  const message = `${path} says what is weighed; for what another image installs, name it: ${listNames(others.map((one) => `\`depweight audit ${one.path}\``))}`;
  return [{ code: 'other-images', message, path }];
}

function namedSource(named: ParsedInput, { inputs, lock }: ArrangedLocks): PrimarySource {
  const input = inputs.find(({ path }) => path === named.path) ?? named;
  return {
    inputs: [input],
    // Of other manifests that are named, a lock beside them is a neighbour.
    lock: named.locked || named.kind === 'inline-script' ? lock : null,
    extras: [],
    groups: [],
    withoutMain: [],
    constraintFiles: [],
    overrides: [],
    reason: `${named.path} was named`,
    image: null,
    steps: [],
    warnings: [],
  };
}

// `poetry export` and its like write the lock once more: that is no second declaration.
function withoutExports(
  inputs: readonly ParsedInput[],
  { lock }: PrimarySource,
): readonly ParsedInput[] {
  if (lock === null) return inputs;
  return inputs.filter(
    (input) => input.kind !== 'requirements-txt' || !isExportOf(lock.lock, mainSetOf(input)),
  );
}

function nameOf(
  folder: string,
  inputs: readonly ParsedInput[],
  options: ReadProjectOptions,
): string {
  const named = inputs.find(({ projectName }) => projectName !== null)?.projectName;
  return named ?? (folder === '.' ? (options.rootName ?? '.') : fileNameOf(folder));
}

function requiresPythonOf(inputs: readonly ParsedInput[]): ProjectInputs['requiresPython'] {
  const saying = inputs.filter(({ requiresPython }) => requiresPython !== null);
  // The manifest is what people wrote; a lock repeats it, and an environment may be narrower than the project.
  const manifests = saying.filter(({ locked }) => !locked);
  const input = manifests.find(({ kind }) => kind !== condaKind) ?? manifests[0] ?? saying[0];
  if (input === undefined || input.requiresPython === null) return null;
  return {
    text: input.requiresPython,
    location: input.requiresPythonAt ?? { path: input.path, line: 1, column: 1 },
  };
}

function condaPythonOf(
  inputs: readonly ParsedInput[],
  primary: PrimarySource,
): ProjectInputs['condaPython'] {
  const saying = inputs.filter(({ python }) => python !== undefined);
  const paths = [primary.lock?.manifest?.path, ...primary.inputs.map(({ path }) => path)];
  const [weighed] = paths.flatMap((path) => saying.find((input) => input.path === path) ?? []);
  const { python } = weighed ?? saying.find(({ role }) => role === 'prod') ?? saying[0] ?? {};
  return python === undefined ? null : { ...python, isWeighed: weighed !== undefined };
}

function manifestOf(
  primary: PrimarySource,
  compiled: ReadonlyMap<string, ParsedInput>,
): string | null {
  const [first] = primary.inputs;
  if (first === undefined) return null;
  for (const [manifest, input] of compiled) if (input === first) return manifest;
  return first.locked ? (primary.lock?.manifest?.path ?? first.path) : first.path;
}

// ---------------------------------------------------------------------------------------------------------------------
// Command line and warnings

async function readCommandLineFiles(
  options: ReadProjectOptions,
  primary: PrimarySource,
  context: InputContext,
): Promise<NamedRequirements> {
  const read = async (paths: readonly string[] | undefined): Promise<readonly ParsedInput[]> => {
    const format = findFormatOfNamedFile('constraints.txt');
    return format === undefined
      ? []
      : readAll(
          (paths ?? []).map((path) => ({ path, format })),
          context,
        );
  };
  const ofImage = findConstraints(primary, context);
  const constraints = await read([...(options.constraintFiles ?? []), ...ofImage.paths]);
  const overrides = await read(options.overrideFiles);
  return {
    constraints: constraints.flatMap((input) => [...mainSetOf(input), ...input.constraints]),
    overrides: overrides.flatMap(mainSetOf),
    options: {},
    warnings: [
      ...[...constraints, ...overrides].flatMap(({ warnings }) => warnings),
      ...ofImage.warnings,
    ],
  };
}

/** The constraint files of the image, each where it can be read first. */
function findConstraints(
  { constraintFiles, image }: PrimarySource,
  context: InputContext,
): { readonly paths: readonly string[]; readonly warnings: readonly Warning[] } {
  const paths = new Set<string>();
  const warnings: Warning[] = [];
  for (const { written, line, places, isMade } of constraintFiles) {
    const place = places.find((path) => context.read(path).ok);
    if (place !== undefined) paths.add(place);
    else if (image !== null && !isMade) {
      const at = { path: image.path, line, column: 1 };
      const message = `${quoteText(written)} limits what is installed here, ${sayWhy(written)}: versions may be others than those of the image`;
      warnings.push(toWarning('installed-file-missing', at, message));
    }
  }
  return { paths: [...paths], warnings };
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
