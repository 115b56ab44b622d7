/** The primary source of a project by what its image installs (CONTRACT.md, Primary source). */
import { normalizeExtra, normalizeName } from '../pep/name.ts';
import { specifierContains } from '../pep/specifier.ts';
import { isMadeBefore } from '../target/made-files.ts';
import type { InstallCommand, SyncOptions } from '../target/install-command.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { DeclaredRequirement, ParsedInput, SourceLocation } from '../types.ts';
import { ChosenFiles } from './chosen-files.ts';
import { toWarning } from './declare.ts';
import { commandOf, inputOfImage, nameIn } from './dockerfile.ts';
import { folderOf, joinPath } from './file-access.ts';
import { sayMissing, sayUnknownGroup, type MissingFile } from './image-messages.ts';
import {
  findInstalled,
  findProject,
  placesOfConstraints,
  type InstalledFile,
} from './installed-files.ts';
import {
  nothing,
  type ConstraintFile,
  type InstallStep,
  type PrimaryQuestion,
  type PrimarySource,
} from './primary-source.ts';
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
    const takesFiles = image.copies.some(
      ({ from, sources }) => from === null && sources.length > 0,
    );
    if (!isAlone && !takesFiles) continue;
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

/** Names of the project itself, as its manifests say them. */
export function ownNames(inputs: readonly ParsedInput[]): ReadonlySet<string> {
  return new Set(
    inputs.flatMap(({ projectName }) => (projectName === null ? [] : [normalizeName(projectName)])),
  );
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
    const { line, script } = install;
    const place = script ?? { path: image.path, line, column: 1 };
    const at = { line, script, command };
    const take = (file: InstalledFile, extras: readonly string[] = []): void => {
      if (file.kind === 'other') isForOthers = true;
      if (file.kind !== 'input') return;
      chosen.add(file.input, { ...at, withMain: true, groups: [] });
      for (const extra of extras) chosen.extras.add(extra);
    };
    for (const written of install.requirementFiles) {
      const file = findInstalled(question, image, install, written);
      take(file);
      if (file.kind === 'missing') missing.push({ ...place, written });
    }
    // The project by its own name: from the index or from its wheel, where it has the same needs.
    for (const { text } of install.packages.filter((word) => own.has(nameIn(word.text))))
      take(findProject(question, image, install, '.'), extrasIn(text));
    for (const { path, extras } of install.projects)
      take(findProject(question, image, install, path), extras);
    for (const { path, name } of install.groups) {
      const file = findProject(question, image, install, folderOf(path));
      if (file.kind === 'other') isForOthers = true;
      if (file.kind === 'missing') missing.push({ ...place, written: path });
      if (file.kind === 'input') chosen.addGroup(file.input, name, at);
    }
    if (install.sync !== null && isSyncOf(question, image, install) && isOneOf(own, install.sync)) {
      const { withDefaultGroups } = install.sync;
      const unasked = withDefaultGroups ? defaultGroups(question, install.tool, install.sync) : [];
      chosen.sync(install, { ...install.sync, unasked }, at);
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

/** `uv sync --package NAME` leaves the other projects of a workspace alone. */
function isOneOf(own: ReadonlySet<string>, { packages }: SyncOptions): boolean {
  return packages.length === 0 || packages.some((name) => own.has(normalizeName(name)));
}

/** The groups that a tool installs unasked. */
function defaultGroups(
  { lock, inputs, project }: PrimaryQuestion,
  tool: InstallCommand['tool'],
  { groups: named }: SyncOptions,
): readonly string[] {
  const manifest =
    lock?.manifest ?? inputs.find(({ path }) => path === joinPath(project, 'pyproject.toml'));
  const { groups = [], defaultGroups: defaults = ['dev'], optionalGroups = [] } = manifest ?? {};
  const all = groups.flatMap(({ kind, name }) => (kind === 'group' && name !== null ? [name] : []));
  if (tool === 'poetry') return all.filter((name) => !optionalGroups.includes(name));
  // Whoever names one of them gets no other.
  if (tool === 'pdm') return named.some((name) => all.includes(normalizeExtra(name))) ? [] : all;
  if (tool !== 'uv' || defaults === 'all') return all;
  return all.filter((name) => defaults.includes(name));
}

/** The extras of `app[web,db]==1.0`. */
function extrasIn(text: string): readonly string[] {
  const list = /^[\w.-]+\s*\[([^\]]*)\]/.exec(text)?.[1] ?? '';
  return list
    .split(',')
    .map((extra) => extra.trim())
    .filter((extra) => extra !== '');
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
        at: { path: image.path, line: install.line, column: 1 },
        places: placesOfConstraints(project, image, install, written),
        isMade: isMadeBefore(image, install, written),
      })),
    );
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
