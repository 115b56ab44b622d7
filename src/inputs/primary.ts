/**
 * Which dependency file of a project is weighed (CONTRACT.md, Primary source).
 */
import { normalizeName } from '../pep/name.ts';
import { specifierContains } from '../pep/specifier.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { DeclaredRequirement, ParsedInput, SourceLocation, Warning } from '../types.ts';
import { toWarning } from './declare.ts';
import { commandOf, inputOfImage, nameIn } from './dockerfile.ts';
import { compareText, fileNameOf, folderOf, joinPath } from './file-access.ts';
import type { ProjectLock } from './locks.ts';
import { mainSetOf } from './related-files.ts';
import { isDevelopmentRole, isNamedForProduction } from './roles.ts';

/** The files that are installed for production, and why these. */
export interface PrimarySource {
  /** Several where an image installs several. */
  readonly inputs: readonly ParsedInput[];
  /** Extras and groups of a manifest that the image installs besides. */
  readonly extras: readonly string[];
  readonly groups: readonly string[];
  /** Constraint files that the image installs with, relative to the root where they can be found. */
  readonly constraintFiles: readonly string[];
  readonly reason: string;
  /** The image that decided, if one did. */
  readonly image: ProductImage | null;
  /** Its commands with the files that they install, in order. */
  readonly steps: readonly InstallStep[];
  /** The lock that gives the versions, with the manifest that says what is wanted. */
  readonly lock: ProjectLock | null;
  readonly warnings: readonly Warning[];
}

/** A command of an image, and a file that it installs. */
export interface InstallStep {
  /** 1-based, in the Dockerfile. */
  readonly line: number;
  /** Its place among the install commands of the image: several may stand on one line. */
  readonly command: number;
  /** Path of the file: what declares, where the command installs from a lock. */
  readonly path: string;
}

/** What is asked of the choice. */
export interface PrimaryQuestion {
  readonly project: string;
  readonly inputs: readonly ParsedInput[];
  /** The lock of the project, if it has one. */
  readonly lock: ProjectLock | null;
  /** Compiled file by its manifest. */
  readonly compiled: ReadonlyMap<string, ParsedInput>;
  readonly images: readonly ProductImage[];
}

/** Chooses the primary source; no inputs where no file declares a main set. */
export function choosePrimary(question: PrimaryQuestion): PrimarySource {
  for (const image of question.images) {
    const chosen = chooseByImage(question, image);
    if (chosen !== null) return chosen;
  }
  const chosen = chooseWithoutImage(question);
  return withImage(question, chosen) ?? chosen;
}

function chooseWithoutImage(question: PrimaryQuestion): PrimarySource {
  const { lock } = question;
  if (lock !== null) {
    const what = lock.manifest?.path ?? 'the project';
    return { ...only(lock.lock, `${lock.lock.path} locks ${what}`), lock };
  }
  return chooseByName(question);
}

const nothing: PrimarySource = {
  inputs: [],
  lock: null,
  extras: [],
  groups: [],
  constraintFiles: [],
  reason: 'no file declares what the product needs',
  image: null,
  steps: [],
  warnings: [],
};

function only(input: ParsedInput, reason: string): PrimarySource {
  return { ...nothing, inputs: [input], reason };
}

// ---------------------------------------------------------------------------------------------------------------------
// By image

// Names alone say nothing of the project's own sets, which may come in by a way that is not seen; both are installed then.
function withImage(question: PrimaryQuestion, chosen: PrimarySource): PrimarySource | null {
  const isAlone = chosen.inputs.length === 0;
  for (const image of question.images) {
    const own = namesInImage(question, image);
    if (own === null || own.groups.every(({ requirements }) => requirements.length === 0)) continue;
    // An image that takes no file of the repository does not install the project.
    if (!isAlone && !image.copies.some(({ from }) => from === null)) continue;
    const reason = isAlone ? `${image.path} installs it` : chosen.reason;
    return { ...chosen, inputs: [...chosen.inputs, own], reason, image };
  }
  return null;
}

/** What the commands write out beside files; null for nothing. */
function namesInImage({ inputs, lock }: PrimaryQuestion, image: ProductImage): ParsedInput | null {
  const own = inputOfImage(image, ownNames(inputs));
  const requirements = own.groups.flatMap((group) => group.requirements);
  // What the lock holds already in that version needs no second telling, which would loosen the lock.
  const isLocked = ({ requirement }: DeclaredRequirement): boolean =>
    lock?.lock.lock?.pins.some(
      ({ name, version }) =>
        name === requirement.name &&
        version !== null &&
        specifierContains(requirement.specifiers, version),
    ) === true;
  const isMore = own.warnings.length + own.overrides.length > 0 || !requirements.every(isLocked);
  if (isMore) return own;
  return lock === null && Object.keys(own.options).length > 0 ? own : null;
}

// pip leaves a name without a pin as it is where it is there already: the index beside it is asked for nothing.
function withoutIdleIndexes(
  input: ParsedInput,
  files: readonly ParsedInput[],
  { steps, image }: { readonly steps: readonly InstallStep[]; readonly image: ProductImage },
): ParsedInput {
  const isThere = (declared: DeclaredRequirement): boolean => {
    const at = commandOf(declared, image);
    return files.some(
      (file) =>
        steps.some(({ command, path }) => path === file.path && command < at) &&
        mainSetOf(file).some(({ requirement }) => requirement.name === declared.requirement.name),
    );
  };
  return {
    ...input,
    groups: input.groups.map((group) => ({
      ...group,
      requirements: group.requirements.map((declared) =>
        declared.requirement.specifiers.length === 0 && isThere(declared)
          ? { ...declared, index: null }
          : declared,
      ),
    })),
  };
}

function ownNames(inputs: readonly ParsedInput[]): ReadonlySet<string> {
  return new Set(
    inputs.flatMap(({ projectName }) => (projectName === null ? [] : [normalizeName(projectName)])),
  );
}

function chooseByImage(question: PrimaryQuestion, image: ProductImage): PrimarySource | null {
  const found = new Map<string, ParsedInput>();
  const extras = new Set<string>();
  const groups = new Set<string>();
  const steps: InstallStep[] = [];
  let line = 0;
  let command = -1;
  const add = (input: ParsedInput | undefined, at: number): void => {
    if (input === undefined) return;
    // What was read lies without its sets among the inputs: beside a manifest those are the manifest's.
    const lock = question.lock?.lock;
    found.set(input.path, lock?.path === input.path ? lock : input);
    line = line === 0 ? at : line;
    const declaring = lock?.path === input.path ? (question.lock?.manifest ?? input) : input;
    steps.push({ line: at, command, path: declaring.path });
  };
  for (const install of image.installs) {
    command++;
    for (const written of install.requirementFiles)
      add(findInstalled(question, image, written), install.line);
    // The project by its own name: from the index, where it has the same needs.
    const own = ownNames(question.inputs);
    if (install.packages.some(({ text }) => own.has(nameIn(text))))
      add(findProject(question, image, '.'), install.line);
    for (const project of install.projects) {
      const manifest = findProject(question, image, project.path);
      add(manifest, install.line);
      if (manifest !== undefined) for (const extra of project.extras) extras.add(extra);
    }
    if (install.sync !== null) {
      add(
        question.lock?.lock ??
          question.inputs.find(({ path }) => path === joinPath(question.project, 'pyproject.toml')),
        install.line,
      );
      for (const extra of install.sync.extras) extras.add(extra);
      for (const group of install.sync.groups) groups.add(group);
    }
  }
  if (found.size === 0) return null;
  const constraintFiles = image.installs
    .filter(({ requirementFiles, projects }) => requirementFiles.length + projects.length > 0)
    .flatMap((install) => install.constraintFiles.map((written) => pathInContext(image, written)));
  const files = [...found.values()];
  const named = namesInImage(question, image);
  const written = named === null ? null : withoutIdleIndexes(named, files, { steps, image });
  const inputs = written === null ? files : [...files, written];
  return {
    inputs,
    extras: [...extras],
    groups: [...groups],
    constraintFiles: [...new Set(constraintFiles)],
    reason: `${image.path}:${line} installs it`,
    image,
    steps,
    ...lockOfImage(question, files, { path: image.path, line, column: 1 }),
  };
}

// `pip install .` takes the newest versions that the manifest allows, so these are what the image gets and what is weighed
// (CONTRACT.md: what the image installs comes before a lock); that a lock stands beside it must be said.
function lockOfImage(
  { lock }: PrimaryQuestion,
  inputs: readonly ParsedInput[],
  place: SourceLocation,
): Pick<PrimarySource, 'lock' | 'warnings'> {
  if (lock === null) return { lock: null, warnings: [] };
  if (inputs.includes(lock.lock)) return { lock, warnings: [] };
  if (lock.manifest === null || !inputs.includes(lock.manifest))
    return { lock: null, warnings: [] };
  const message = `${lock.manifest.path} is installed without ${lock.lock.path}, so the image gets the newest versions that it allows; these are weighed, not those of the lock`;
  return { lock: null, warnings: [toWarning('lock-not-installed', place, message)] };
}

// Where COPY took it from, else beside the Dockerfile.
function pathInContext(image: ProductImage, written: string): string {
  const name = fileNameOf(written);
  const sources = image.copies
    .filter(({ from }) => from === null)
    .flatMap(({ sources: copied }) => copied);
  const source = sources.find((copied) => fileNameOf(copied) === name) ?? name;
  return joinPath(folderOf(image.path), source.replace(/^\/+/, ''));
}

// The path is one inside the image. Where it came from is what COPY says; the end of the path tells it apart well enough.
function findInstalled(
  question: PrimaryQuestion,
  image: ProductImage,
  written: string,
): ParsedInput | undefined {
  const clean = written.replace(/^file:\/*/, '/').replace(/^\.\//, '');
  const name = fileNameOf(clean);
  const renamed = image.copies.find(
    ({ target, sources }) =>
      fileNameOf(target) === name && sources.length === 1 && !target.endsWith('/'),
  );
  const source = renamed?.sources[0]?.replace(/^\.?\//, '') ?? clean;
  const context = folderOf(image.path);
  const exact = [
    joinPath(context, source),
    joinPath('.', source),
    joinPath(question.project, source),
  ];
  const byPath = question.inputs.find(({ path }) => exact.includes(path));
  if (byPath !== undefined) return byPath;
  const suffixes = question.inputs.filter(
    ({ path }) =>
      `/${source}`.endsWith(`/${path}`) || `/${path}`.endsWith(`/${source.replace(/^\/+/, '')}`),
  );
  if (suffixes.length > 0) return longest(suffixes);
  const sameName = question.inputs.filter(({ path }) => fileNameOf(path) === fileNameOf(source));
  return sameName.length === 1
    ? sameName[0]
    : sameName.find(({ path }) => folderOf(path) === question.project);
}

function longest(inputs: readonly ParsedInput[]): ParsedInput | undefined {
  return inputs.toSorted((a, b) => b.path.length - a.path.length || compareText(a.path, b.path))[0];
}

// `.` and `/app` are the project where the image has only one; a path below names its folder.
function findProject(
  question: PrimaryQuestion,
  image: ProductImage,
  written: string,
): ParsedInput | undefined {
  const manifests = question.inputs.filter(
    ({ kind, groups }) => (kind === 'pyproject' || isSetupKind(kind)) && groups.length > 0,
  );
  const folder = joinPath(
    folderOf(image.path),
    written
      .replace(/^file:\/*/, '/')
      .replace(/^\/(?:app|code|src|srv|opt\/app|usr\/src\/app|workspace)(?=\/|$)\/?/, './'),
  );
  return (
    manifests.find(({ path }) => folderOf(path) === folder) ??
    (written.startsWith('.') || written.startsWith('/') ? manifests[0] : undefined)
  );
}

// ---------------------------------------------------------------------------------------------------------------------
// By name

function chooseByName(question: PrimaryQuestion): PrimarySource {
  const manifest = question.inputs.find(
    ({ kind, groups }) => kind === 'pyproject' && groups.some((group) => group.kind === 'main'),
  );
  const files = question.inputs.filter(
    ({ kind, role }) => kind === 'requirements-txt' && role === 'prod',
  );
  const usable = files.filter(({ path }) => !question.compiled.has(path));
  if (manifest !== undefined && manifest.mainSetElsewhere !== true) {
    const compiled = question.compiled.get(manifest.path);
    if (compiled !== undefined)
      return only(compiled, `${compiled.path} is compiled from ${manifest.path}`);
    return only(manifest, `${manifest.path} declares the dependencies`);
  }
  const setup = findSetup(question);
  // A file of another name than `requirements.txt` and its like may be for anything; a manifest is for the product.
  const wellNamed = usable.filter((file) => setup === undefined || rankOf(question, file) < 6);
  const chosen = chooseRequirements(question, wellNamed);
  if (chosen !== null) return chosen;
  if (
    manifest !== undefined &&
    manifest.groups.some(({ kind, requirements }) => kind === 'main' && requirements.length > 0)
  ) {
    return only(manifest, `${manifest.path} declares the dependencies`);
  }
  if (setup !== undefined) return only(setup, `${setup.path} declares the dependencies`);
  const environment = chooseCondaEnvironment(question);
  if (environment !== null) return environment;
  const first = question.inputs.find(
    ({ kind, role }) => kind === 'requirements-txt' && role !== 'constraints',
  );
  if (first !== undefined && manifest === undefined)
    return only(first, `${first.path} is the only kind of dependency file here`);
  if (manifest !== undefined) return only(manifest, `${manifest.path} declares no dependencies`);
  const [any] = question.inputs.filter(({ groups }) => groups.length > 0);
  if (any !== undefined) return only(any, `${any.path} is the only dependency file`);
  return nothing;
}

// Only where no other file says what the product needs: beside one, environment.yml is how to work on it.
function chooseCondaEnvironment({ inputs, project }: PrimaryQuestion): PrimarySource | null {
  const isPipfile = inputs.some(
    ({ kind, groups }) =>
      kind === 'pipfile' &&
      groups.some((group) => group.kind === 'main' && group.requirements.length > 0),
  );
  const environments = inputs.filter(
    ({ kind, role, groups }) =>
      kind === 'conda-environment' && role === 'prod' && groups.length > 0,
  );
  const rank = ({ path }: ParsedInput): number => {
    const inFolder = folderOf(path) === project ? 0 : 2;
    return inFolder + (/^(?:environment|conda)\.ya?ml$/i.test(fileNameOf(path)) ? 0 : 1);
  };
  const [first] = environments.toSorted((a, b) => rank(a) - rank(b) || compareText(a.path, b.path));
  if (first === undefined || isPipfile) return null;
  return only(first, `${first.path} declares the dependencies`);
}

// setup.py before setup.cfg: what both give, setuptools takes from setup.py.
function findSetup({ inputs, project }: PrimaryQuestion): ParsedInput | undefined {
  const declaring = inputs.filter(
    ({ kind, path, groups }) =>
      isSetupKind(kind) &&
      folderOf(path) === project &&
      groups.some((group) => group.kind === 'main' && group.requirements.length > 0),
  );
  return declaring.find(({ kind }) => kind === 'setup-py') ?? declaring[0];
}

function isSetupKind(kind: string): boolean {
  return kind === 'setup-py' || kind === 'setup-cfg';
}

const baseNames: readonly string[] = [
  'requirements',
  'requirement',
  'reqs',
  'main',
  'base',
  'common',
  'core',
  'default',
  'app',
  'all',
  'install',
];

function chooseRequirements(
  question: PrimaryQuestion,
  files: readonly ParsedInput[],
): PrimarySource | null {
  const ranked = files.toSorted(
    (a, b) => rankOf(question, a) - rankOf(question, b) || compareText(a.path, b.path),
  );
  const [first] = ranked;
  if (first === undefined) return null;
  const source = manifestOf(question, first);
  const compiledNote = source === null ? '' : `, compiled from ${source}`;
  // requirements.txt that only leads on to the development set: what production needs stands in a file of its own.
  const development = first.includes
    .map((path) => question.inputs.find((input) => input.path === path))
    .filter((input) => input !== undefined && isDevelopmentRole(input.role));
  const product = ranked.find(
    (input) =>
      input !== first &&
      development.some((included) => included?.includes.includes(input.path) === true),
  );
  if (product !== undefined && development[0] !== undefined) {
    return only(
      product,
      `${first.path} includes ${development[0].path} and is the development set; ${product.path} is what it builds on`,
    );
  }
  const production = ranked.find(
    (input) => isNamedForProduction(input.path) && input.includes.includes(first.path),
  );
  if (production !== undefined)
    return only(
      production,
      `${production.path} is named for production and includes ${first.path}`,
    );
  return only(first, `${first.path} declares the dependencies${compiledNote}`);
}

function manifestOf(question: PrimaryQuestion, input: ParsedInput): string | null {
  for (const [manifest, compiled] of question.compiled) if (compiled === input) return manifest;
  return null;
}

// requirements.txt in the project's own folder, then what is named for production, then `base` and its like.
function rankOf(question: PrimaryQuestion, { path }: ParsedInput): number {
  const name = fileNameOf(path).toLowerCase();
  const inFolder = folderOf(path) === question.project;
  if (name === 'requirements.txt') return inFolder ? 0 : 2;
  // What `split --compat --keep-original` left of it.
  if (name === 'requirements-original.txt' && inFolder) return 0.5;
  if (name === 'requirements.in') return inFolder ? 1 : 3;
  if (isNamedForProduction(path)) return 4;
  if (baseNames.includes(name.replace(/\.\w+$/, ''))) return 5;
  return inFolder ? 6 : 7;
}
