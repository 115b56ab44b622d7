/** Puts a project together from its files and images (CONTRACT.md, Semantics). */
import type { ProductImage } from '../target/product-image.ts';
import type { ParsedInput, Warning } from '../types.ts';
import { readCommandLineFiles } from './command-line-files.ts';
import { dockerfileKind, installsSomething } from './dockerfile.ts';
import { buildEnvironments } from './environments.ts';
import { fileNameOf } from './file-access.ts';
import type { InputContext } from './input.ts';
import { arrangeLocks, isExportOf, type ArrangedLocks } from './locks.ts';
import { only, type PrimarySource } from './primary-source.ts';
import { choosePrimary } from './primary.ts';
import type { ProjectInputs, ReadProjectOptions } from './project.ts';
import { listNames } from './quote.ts';
import { findAlternatives, findDrifts, mainSetOf, pairCompiled } from './related-files.ts';

const condaKind = 'conda-environment';

/** What a project is put together from. */
export interface ProjectParts {
  readonly folder: string;
  readonly inputs: readonly ParsedInput[];
  readonly images: readonly ProductImage[];
  readonly context: InputContext;
  readonly options: ReadProjectOptions;
  /** The one file that the user named. */
  readonly named?: ParsedInput;
}

/** Chooses the primary source, and builds the environments around it. */
export async function buildProject({
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
  // Of other manifests that are named, a lock beside them is a neighbour.
  const isOfLock = named.locked || named.kind === 'inline-script';
  return { ...only(input, `${named.path} was named`), lock: isOfLock ? lock : null };
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

/** What the files say of the Pythons that the project is for. */
export function requiresPythonOf(inputs: readonly ParsedInput[]): ProjectInputs['requiresPython'] {
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

// A file that is read for itself and as part of another says the same thing twice.
function uniqueWarnings(warnings: readonly Warning[]): readonly Warning[] {
  const seen = new Map<string, Warning>();
  for (const warning of warnings) {
    const key = `${warning.code} ${warning.path ?? ''} ${warning.line ?? ''} ${warning.column ?? ''} ${warning.message}`;
    if (!seen.has(key)) seen.set(key, warning);
  }
  return [...seen.values()];
}
