/** The primary source of a project by what its image installs (CONTRACT.md, Primary source). */
import { normalizeExtra, normalizeName } from '../pep/name.ts';
import { specifierContains } from '../pep/specifier.ts';
import { isMadeBefore } from '../target/made-files.ts';
import type { InstallCommand, SyncOptions } from '../target/install-command.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { DeclaredRequirement, ParsedInput, SourceLocation, Warning } from '../types.ts';
import { toWarning } from './declare.ts';
import { commandOf, inputOfImage, nameIn } from './dockerfile.ts';
import { folderOf, joinPath } from './file-access.ts';
import {
  findInstalled,
  findProject,
  placesOfConstraints,
  type InstalledFile,
} from './installed-files.ts';
import {
  everyExtra,
  nothing,
  type ConstraintFile,
  type InstallStep,
  type PrimaryQuestion,
  type PrimarySource,
} from './primary-source.ts';
import { listNames, quoteText } from './quote.ts';
import { installedSetOf, mainSetOf } from './related-files.ts';
import { findReplacing } from './replaced-requirements.ts';

// Names alone say nothing of the project's own sets, which may come in by a way that is not seen; both are installed then.
/** What is chosen by name, with what the commands of an image write out beside it; null where none does. */
export function withImage(
  question: PrimaryQuestion,
  images: readonly ProductImage[],
  chosen: PrimarySource,
): PrimarySource | null {
  const isAlone = chosen.inputs.length === 0;
  for (const image of images) {
    const own = namesInImage(question, image);
    if (own === null || own.groups.every(({ requirements }) => requirements.length === 0)) continue;
    // An image that takes no file of the repository does not install the project.
    if (!isAlone && !image.copies.some(({ from }) => from === null)) continue;
    const reason = isAlone ? `${image.path} installs it` : chosen.reason;
    // A job has no more than its commands say: nothing was copied into it.
    if (image.checkout !== undefined) return { ...nothing, inputs: [own], reason, image };
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
    return files.some((file) =>
      steps.some(
        (step) =>
          step.path === file.path &&
          step.command < at &&
          installedSetOf(file, step).some(
            ({ requirement }) => requirement.name === declared.requirement.name,
          ),
      ),
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

/** A file that a command of an image installs and that is nowhere to be found. */
export interface MissingFile {
  readonly path: string;
  /** 1-based, in the Dockerfile `path`. */
  readonly line: number;
  readonly written: string;
}

/** What the files that an image installs come to. */
export interface ChoiceByImage {
  /** Null where it installs no file of this project. */
  readonly source: PrimarySource | null;
  readonly missing: readonly MissingFile[];
  /** It installs files of another project of the repository. */
  readonly isForOthers: boolean;
}

/** Follows the install commands of an image. */
export function chooseByImage(question: PrimaryQuestion, image: ProductImage): ChoiceByImage {
  const chosen = new ChosenFiles(question);
  const missing: MissingFile[] = [];
  let isForOthers = false;
  const own = ownNames(question.inputs);
  for (const [command, install] of image.installs.entries()) {
    const { line } = install;
    const take = (file: InstalledFile, extras: readonly string[] = []): void => {
      if (file.kind === 'other') isForOthers = true;
      if (file.kind !== 'input') return;
      chosen.add(file.input, { line, command, withMain: true, groups: [] });
      for (const extra of extras) chosen.extras.add(extra);
    };
    for (const written of install.requirementFiles) {
      const file = findInstalled(question, image, install, written);
      take(file);
      if (file.kind === 'missing') missing.push({ path: image.path, line, written });
    }
    // The project by its own name: from the index or from its wheel, where it has the same needs.
    for (const { text } of install.packages.filter((word) => own.has(nameIn(word.text))))
      take(findProject(question, image, install, '.'), extrasIn(text));
    for (const { path, extras } of install.projects)
      take(findProject(question, image, install, path), extras);
    for (const { path, name } of install.groups) {
      const file = findProject(question, image, install, folderOf(path));
      if (file.kind === 'other') isForOthers = true;
      if (file.kind === 'missing') missing.push({ path: image.path, line, written: path });
      if (file.kind === 'input') chosen.addGroup(file.input, name, { line, command });
    }
    if (install.sync !== null && isSyncOf(question, image, install)) {
      // An image for the product is told so where it gets these; a job is there for them.
      const isForBoth = image.checkout !== undefined && install.sync.withDevelopment;
      const groups = isForBoth ? developmentGroups(question, install.tool) : [];
      const sync = { ...install.sync, groups: [...install.sync.groups, ...groups] };
      chosen.sync(install, sync, { line, command });
    }
  }
  const source = chosen.steps.length === 0 ? null : toSource(question, image, chosen);
  if (source === null) return { source, missing, isForOthers };
  const said = missing.map((one) => sayMissing(one, source.inputs, 'without it'));
  const unknown = chosen.unknownGroups.map((one) => sayUnknownGroup(one, image));
  const warnings = [...source.warnings, ...said, ...unknown];
  return { source: { ...source, warnings }, missing, isForOthers };
}

/** Whether it is this project that is synced: of images it is not known in which folder. */
function isSyncOf(
  { project }: PrimaryQuestion,
  { checkout }: ProductImage,
  { folder }: InstallCommand,
): boolean {
  return checkout === undefined || joinPath(checkout, project) === folder;
}

/** The groups that a tool installs unasked for development. */
function developmentGroups(
  { lock, inputs, project }: PrimaryQuestion,
  tool: InstallCommand['tool'],
): readonly string[] {
  const manifest =
    lock?.manifest ?? inputs.find(({ path }) => path === joinPath(project, 'pyproject.toml'));
  const { groups = [], defaultGroups = ['dev'] } = manifest ?? {};
  const all = groups.flatMap(({ kind, name }) => (kind === 'group' && name !== null ? [name] : []));
  if (tool !== 'uv' || defaultGroups === 'all') return all;
  return all.filter((name) => defaultGroups.includes(name));
}

/** The extras of `app[web,db]==1.0`. */
function extrasIn(text: string): readonly string[] {
  const list = /^[\w.-]+\s*\[([^\]]*)\]/.exec(text)?.[1] ?? '';
  return list
    .split(',')
    .map((extra) => extra.trim())
    .filter((extra) => extra !== '');
}

type Place = Pick<InstallStep, 'line' | 'command'>;

/** A group that a command installs and that its manifest does not have. */
interface UnknownGroup {
  readonly name: string;
  /** Of the manifest. */
  readonly path: string;
  /** 1-based, in the Dockerfile. */
  readonly line: number;
}

/** The files that an image installs, in order. */
class ChosenFiles {
  readonly found = new Map<string, ParsedInput>();
  readonly extras = new Set<string>();
  readonly groups = new Set<string>();
  readonly steps: InstallStep[] = [];
  readonly unknownGroups: UnknownGroup[] = [];
  readonly #question: PrimaryQuestion;

  constructor(question: PrimaryQuestion) {
    this.#question = question;
  }

  add(input: ParsedInput | undefined, at: Omit<InstallStep, 'path'>): void {
    if (input === undefined) return;
    // What was read lies without its sets among the inputs: beside a manifest those are the manifest's.
    const { lock } = this.#question;
    const isLock = lock?.lock.path === input.path;
    this.found.set(input.path, isLock ? lock.lock : input);
    const declaring = isLock ? (lock.manifest ?? input) : input;
    this.steps.push({ ...at, path: declaring.path });
    for (const group of at.groups) this.groups.add(group);
  }

  /** `pip install --group NAME`: the group alone. */
  addGroup(input: ParsedInput, name: string, at: Place): void {
    const group = normalizeExtra(name);
    this.add(input, { ...at, withMain: false, groups: [group] });
    if (!input.groups.some((one) => one.kind === 'group' && one.name === group))
      this.unknownGroups.push({ name, path: input.path, line: at.line });
  }

  /** `uv sync`, `pipenv install`: from the lock, where there is one. */
  sync(
    { tool }: InstallCommand,
    { extras, allExtras, groups: named, allGroups, excludedGroups, withMain }: SyncOptions,
    at: Place,
  ): void {
    const { lock, inputs, project } = this.#question;
    const manifest = joinPath(project, tool === 'pipenv' ? 'Pipfile' : 'pyproject.toml');
    const declaring = inputs.find(({ path }) => path === manifest);
    const every = declaring?.groups.flatMap(({ kind, name }) =>
      kind === 'group' ? (name ?? []) : [],
    );
    const excluded = new Set(excludedGroups.map(normalizeExtra));
    const groups = [...named.map(normalizeExtra), ...(allGroups ? (every ?? []) : [])].filter(
      (group) => !excluded.has(group),
    );
    if (!withMain && groups.length === 0) return;
    this.add(lock?.lock ?? declaring, { ...at, withMain, groups });
    // A group of pdm is one for development or an extra.
    for (const extra of tool === 'pdm' ? [...extras, ...named] : extras) this.extras.add(extra);
    if (allExtras) this.extras.add(everyExtra);
  }
}

function toSource(
  question: PrimaryQuestion,
  image: ProductImage,
  { found, extras, groups, steps }: ChosenFiles,
): PrimarySource {
  const line = steps[0]?.line ?? 0;
  const files = [...found.values()];
  const named = namesInImage(question, image);
  const overrides = findReplacing([
    ...steps.flatMap((step) => {
      const { path, command } = step;
      const file = question.inputs.find((input) => input.path === path) ?? found.get(path);
      const installed = file === undefined ? [] : installedSetOf(file, step);
      return installed.map((declared) => ({ command, declared }));
    }),
    ...(named === null ? [] : mainSetOf(named)).map((declared) => ({
      command: commandOf(declared, image),
      declared,
    })),
  ]);
  const written =
    named === null ? null : withoutIdleIndexes(without(named, overrides), files, { steps, image });
  return {
    inputs: written === null ? files : [...files, written],
    overrides,
    extras: [...extras],
    groups: [...groups],
    withoutMain: [...new Set(steps.map(({ path }) => path))].filter(
      (path) => !steps.some((step) => step.path === path && step.withMain),
    ),
    constraintFiles: constraintsOf(question, image),
    reason: `${image.path}:${line} installs it`,
    image,
    steps,
    ...lockOfImage(question, files, { path: image.path, line, column: 1 }),
  };
}

/** Of a name that a later command replaces, an earlier pin of the image stands no longer. */
function without(named: ParsedInput, overrides: readonly DeclaredRequirement[]): ParsedInput {
  const names = new Set(overrides.map(({ requirement }) => requirement.name));
  return {
    ...named,
    overrides: named.overrides.filter(
      ({ requirement: { name, specifiers } }) => specifiers.length === 0 || !names.has(name),
    ),
  };
}

function constraintsOf(
  { project }: PrimaryQuestion,
  image: ProductImage,
): readonly ConstraintFile[] {
  return image.installs
    .filter(({ requirementFiles, projects }) => requirementFiles.length + projects.length > 0)
    .flatMap((install) =>
      install.constraintFiles.map((written) => ({
        written,
        line: install.line,
        places: placesOfConstraints(project, image, install, written),
        isMade: isMadeBefore(image, install, written),
      })),
    );
}

/** That a file is not there, and what is weighed all the same. */
export function sayMissing(
  { path, line, written }: MissingFile,
  inputs: readonly ParsedInput[],
  how: 'instead' | 'without it',
): Warning {
  const names = listNames(inputs.map((input) => input.path));
  const verb = inputs.length === 1 ? 'is' : 'are';
  const rest = inputs.length === 0 ? 'nothing is weighed' : `${names} ${verb} weighed ${how}`;
  const message = `${quoteText(written)} is installed here, ${sayWhy(written)}; ${rest}`;
  return toWarning('installed-file-missing', { path, line, column: 1 }, message);
}

function sayUnknownGroup({ name, path, line }: UnknownGroup, image: ProductImage): Warning {
  const message = `the group ${quoteText(name)} is installed here, which ${path} does not have: it is in none of the figures`;
  return toWarning('installed-group-missing', { path: image.path, line, column: 1 }, message);
}

/** Why a file that is named cannot be read. */
export function sayWhy(written: string): string {
  const variable = /\$(?:\{[^}]*\}|\w+|\()/.exec(written)?.[0];
  if (variable !== undefined && variable !== '$(') return `and nothing says what ${variable} is`;
  if (variable !== undefined) return 'and what it names would have to be run';
  return /^\w+:\/\//.test(written)
    ? 'which is on another machine'
    : 'which is not in the repository';
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
