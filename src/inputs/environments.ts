/**
 * The sets that are installed together (CONTRACT.md, Environment): `prod`, `dev`, one per extra, group and alternative.
 */
import { normalizeExtra } from '../pep/name.ts';
import type {
  DeclaredRequirement,
  Environment,
  IndexOptions,
  LockedPart,
  ParsedInput,
  Warning,
} from '../types.ts';
import { collectDeclared } from './declared-entries.ts';
import { mainParts, type Draft, type Part } from './environment-draft.ts';
import { compareText, folderOf } from './file-access.ts';
import type { InputContext } from './input.ts';
import { findLockChanges } from './lock-changes.ts';
import { followLocalProjects } from './local-projects.ts';
import { mergeOptions } from './merge-options.ts';
import { everyExtra, type PrimarySource } from './primary-source.ts';
import type { Alternatives, DeclaredEntry, ReadProjectOptions } from './project.ts';
import { quoteText } from './quote.ts';
import { isDevelopmentRole } from './roles.ts';

/** Constraints and overrides from files that the command line or the image names. */
export interface NamedRequirements {
  readonly constraints: readonly DeclaredRequirement[];
  readonly overrides: readonly DeclaredRequirement[];
  readonly options: IndexOptions;
  readonly warnings: readonly Warning[];
}

/** All that environments are made of. */
export interface EnvironmentParts {
  readonly folder: string;
  readonly inputs: readonly ParsedInput[];
  readonly primary: PrimarySource;
  readonly alternatives: readonly Alternatives[];
  readonly compiled: ReadonlyMap<string, ParsedInput>;
  readonly options: ReadProjectOptions;
  readonly context: InputContext;
  readonly commandLine: NamedRequirements;
}

/** Environments, which one the headline speaks of, and what is declared for which. */
export interface BuiltEnvironments {
  readonly environments: readonly Environment[];
  readonly headline: string;
  readonly declared: readonly DeclaredEntry[];
  readonly warnings: readonly Warning[];
}

/** Builds them all. The order is prod, dev, extras, groups, others, each by name. */
export async function buildEnvironments(parts: EnvironmentParts): Promise<BuiltEnvironments> {
  const warnings: Warning[] = [];
  const drafts = draftEnvironments(parts);
  const asked = draftAsked(parts, drafts, warnings);
  const all =
    asked === null || drafts.some(({ id }) => id === asked.id) ? drafts : [...drafts, asked];
  const environments: Environment[] = [];
  for (const draft of all) {
    const { environment, warnings: own } = await toEnvironment(draft, parts);
    environments.push(environment);
    warnings.push(...own);
  }
  return {
    environments,
    headline: asked?.id ?? 'prod',
    declared: collectDeclared(parts, drafts, environments),
    warnings,
  };
}

function draftEnvironments(parts: EnvironmentParts): readonly Draft[] {
  const { inputs, primary } = parts;
  const product: Draft = { id: 'prod', parts: productParts(parts) };
  const groups = manifestGroups(inputs);
  const development = [
    ...developmentFiles(parts),
    ...groups.filter(({ group }) => isDevelopmentRole(group.role)),
  ];
  const drafts: Draft[] = [product];
  if (development.length > 0) drafts.push({ id: 'dev', parts: [...product.parts, ...development] });
  const others = groups.filter(({ group }) => !isDevelopmentRole(group.role));
  for (const kind of ['extra', 'group'] as const) {
    const ofKind = others
      .filter(({ group }) => group.kind === kind)
      .toSorted((a, b) => compareText(a.group.name ?? '', b.group.name ?? ''));
    for (const part of ofKind)
      drafts.push({ id: `${kind}:${part.group.name ?? ''}`, parts: [...product.parts, part] });
  }
  for (const input of otherFiles(parts)) drafts.push({ id: input.path, parts: mainParts(input) });
  return primary.inputs.length === 0 && inputs.length === 0 ? [] : drafts;
}

function productParts({ inputs, primary }: EnvironmentParts): readonly Part[] {
  const wanted = {
    extra: new Set(primary.extras.map(normalizeExtra)),
    group: new Set(primary.groups.map(normalizeExtra)),
  };
  const isWanted = ({ kind, name }: Part['group']): boolean =>
    kind !== 'main' &&
    (wanted[kind].has(name ?? '') || (kind === 'extra' && primary.extras.includes(everyExtra)));
  const besides = manifestGroups(inputs).filter(
    ({ group, input }) =>
      [...primary.inputs, primary.lock?.manifest ?? null].some(
        (own) => own !== null && folderOf(own.path) === folderOf(input.path),
      ) && isWanted(group),
  );
  // Beside a lock it is the manifest that says what is wanted; the lock says which versions.
  const main = new Set(
    primary.inputs.map((input) => (input.locked ? (primary.lock?.manifest ?? input) : input)),
  );
  const installed = [...main].filter(({ path }) => !primary.withoutMain.includes(path));
  return [...installed.flatMap(mainParts), ...besides];
}

function manifestGroups(inputs: readonly ParsedInput[]): readonly Part[] {
  return inputs.flatMap((input) =>
    input.groups.filter(({ kind }) => kind !== 'main').map((group) => ({ input, group })),
  );
}

// requirements-dev.txt and its like; a compiled one stands for its `.in`.
function developmentFiles({ inputs, primary, compiled }: EnvironmentParts): readonly Part[] {
  const files = inputs.filter(
    (input) =>
      isFileOfOneSet(input) &&
      isDevelopmentRole(input.role) &&
      !primary.inputs.includes(input) &&
      !compiled.has(input.path),
  );
  return [...files, ...developmentSets({ inputs, primary })].flatMap(mainParts);
}

// requirements.txt and environment.yml: what the file is for is said by its name.
function isFileOfOneSet({ kind }: ParsedInput): boolean {
  return kind === 'requirements-txt' || kind === 'conda-environment';
}

// requirements.txt that leads to the development set and is not itself the product's.
function developmentSets({
  inputs,
  primary,
}: Pick<EnvironmentParts, 'inputs' | 'primary'>): readonly ParsedInput[] {
  const development = new Set(
    inputs.filter(({ role }) => isDevelopmentRole(role)).map(({ path }) => path),
  );
  return inputs.filter(
    (input) =>
      input.kind === 'requirements-txt' &&
      input.role === 'prod' &&
      !primary.inputs.includes(input) &&
      input.includes.some((path) => development.has(path)),
  );
}

// Files for production that are neither the primary source nor part of it nor a second telling of it.
function otherFiles(parts: EnvironmentParts): readonly ParsedInput[] {
  const { inputs, primary, compiled, alternatives } = parts;
  const included = new Set(inputs.flatMap(({ includes }) => includes));
  const development = developmentSets(parts);
  const isAlternative = (path: string): boolean =>
    alternatives.some(({ paths }) => paths.includes(path));
  const hasManifest = primary.inputs.some(
    ({ kind, locked }) => /^(?:pyproject|pipfile|setup-py|setup-cfg)$/.test(kind) || locked,
  );
  const isCondaWeighed = primary.inputs.some(({ kind }) => kind === 'conda-environment');
  return inputs.filter((input) => {
    const { kind, role, path } = input;
    if (
      !isFileOfOneSet(input) ||
      // Beside another primary source an environment says the same once more, in conda's words.
      (kind === 'conda-environment' && !isCondaWeighed) ||
      role !== 'prod' ||
      primary.inputs.includes(input) ||
      compiled.has(path) ||
      development.includes(input)
    )
      return false;
    // Beside a pyproject that is weighed, requirements.txt says the same again (or drifts): no set of its own.
    if (hasManifest && /(?:^|\/)requirements\.(?:txt|in)$/.test(path)) return false;
    return isAlternative(path) || !included.has(path);
  });
}

// ---------------------------------------------------------------------------------------------------------------------
// What the user asked for

function draftAsked(
  parts: EnvironmentParts,
  drafts: readonly Draft[],
  warnings: Warning[],
): Draft | null {
  const { options, inputs } = parts;
  const groups = manifestGroups(inputs);
  const extras =
    options.allExtras === true
      ? groups.filter(({ group }) => group.kind === 'extra')
      : pick(groups, 'extra', options.extras ?? [], warnings);
  const chosen = [...extras, ...pick(groups, 'group', options.groups ?? [], warnings)];
  if (chosen.length === 0) return null;
  const product = drafts.find(({ id }) => id === 'prod');
  const id =
    options.allExtras === true && (options.groups ?? []).length === 0
      ? 'all-extras'
      : [...new Set(chosen.map(({ group }) => `${group.kind}:${group.name ?? ''}`))].join('+');
  return { id, parts: [...(product?.parts ?? []), ...chosen] };
}

function pick(
  groups: readonly Part[],
  kind: 'extra' | 'group',
  names: readonly string[],
  warnings: Warning[],
): readonly Part[] {
  const ofKind = groups.filter(({ group }) => group.kind === kind);
  return names.flatMap((name) => {
    const found = ofKind.filter(({ group }) => group.name === normalizeExtra(name));
    if (found.length === 0) {
      const known = [...new Set(ofKind.map(({ group }) => group.name ?? ''))].toSorted(compareText);
      warnings.push({
        code: 'unknown-environment',
        message: unknownSetMessage(kind, name, known),
        severity: 'error',
      });
    }
    return found;
  });
}

function unknownSetMessage(
  word: 'extra' | 'group',
  name: string,
  known: readonly string[],
): string {
  const list =
    known.length === 0 ? `there are none` : `there are ${known.map(quoteText).join(', ')}`;
  return `there is no ${word} ${quoteText(name)} in this project; ${list}`;
}

// ---------------------------------------------------------------------------------------------------------------------
// From drafts to environments

async function toEnvironment(
  draft: Draft,
  parts: EnvironmentParts,
): Promise<{ readonly environment: Environment; readonly warnings: readonly Warning[] }> {
  const declared = uniquePlaces(draft.parts.flatMap(({ group }) => group.requirements));
  const { requirements, warnings, partial } = await followLocalProjects(
    declared,
    parts.context,
    parts.folder,
  );
  const inputs = [...new Set(draft.parts.map(({ input }) => input))];
  const lock = lockOf(inputs, parts.primary);
  const locked = lock === null ? {} : lockedPart(lock, draft, parts);
  const isPartial =
    (partial || draft.parts.some(({ group }) => group.partial === true)) && !isWhole(locked);
  const files = lock === null ? inputs : [...new Set([...inputs, lock])];
  const { commandLine } = parts;
  return {
    environment: {
      id: draft.id,
      project: parts.folder,
      inputs: files.map(({ path }) => path),
      requirements: uniquePlaces(requirements),
      constraints: uniquePlaces([
        ...inputs.flatMap(({ constraints }) => constraints),
        ...commandLine.constraints,
      ]),
      overrides: uniquePlaces([
        ...inputs.flatMap(({ overrides }) => overrides),
        ...(inputs.some((input) => isOfPrimary(input, parts.primary))
          ? parts.primary.overrides
          : []),
        ...commandLine.overrides,
      ]),
      options: joinOptions(inputs),
      ...(isPartial ? { partial: true } : {}),
      ...pinsOf(lock, parts.primary),
      ...locked,
    },
    warnings,
  };
}

function isOfPrimary(input: ParsedInput, { inputs, lock }: PrimarySource): boolean {
  return inputs.includes(input) || input === lock?.manifest;
}

function pinsOf(
  lock: ParsedInput | null,
  primary: PrimarySource,
): Pick<Environment, 'pins' | 'lockedAt' | 'changedSinceLock'> {
  if (lock?.lock === undefined) return {};
  const manifest = primary.lock?.manifest ?? null;
  const changed = manifest === null ? [] : findLockChanges(lock, manifest);
  const { pins, staleAt } = lock.lock;
  return {
    pins,
    lockedAt: staleAt,
    ...(changed.length === 0 ? {} : { changedSinceLock: changed }),
  };
}

/**
 * What the lock installs for a set. With files of others in it, or limits that the user gives by hand, the lock alone is no
 * answer: its versions are kept then where the rest allows it.
 */
function lockedPart(
  lock: ParsedInput,
  draft: Draft,
  { primary, commandLine }: EnvironmentParts,
): Pick<Environment, 'locked'> {
  const manifest = primary.lock?.manifest ?? null;
  const isWithoutMain = primary.withoutMain.includes((manifest ?? lock).path);
  const isAlone = draft.parts.every(({ input }) => input === manifest || input === lock);
  const isLimited = commandLine.constraints.length + commandLine.overrides.length > 0;
  if (lock.lock === undefined || lock.kind === 'conda-lock' || !isAlone || isLimited) return {};
  const sets = draft.parts.map(({ group: { kind, name } }) =>
    kind === 'main' ? '' : `${kind}:${name ?? ''}`,
  );
  return {
    locked: {
      facts: lock.lock,
      path: lock.path,
      sets: [...new Set([...(isWithoutMain ? [] : ['']), ...sets])],
      folder: manifest === null ? null : folderOf(manifest.path),
      ...pythonsOf(lock),
    },
  };
}

function pythonsOf({
  requiresPython,
  requiresPythonAt,
  path,
}: ParsedInput): Pick<LockedPart, 'pythons'> {
  if (requiresPython === null) return {};
  const location = requiresPythonAt ?? { path, line: 1, column: 1 };
  return { pythons: { text: requiresPython, location } };
}

// What a build computes of the requirements, the lock was made with.
function isWhole({ locked }: Pick<Environment, 'locked'>): boolean {
  if (locked === undefined) return false;
  const { pins, projects = [] } = locked.facts;
  return (
    pins.some(({ sets }) => sets !== undefined) ||
    projects.some(({ folder }) => folder === locked.folder)
  );
}

// Sets of other files are none of the lock's business.
function lockOf(inputs: readonly ParsedInput[], { lock }: PrimarySource): ParsedInput | null {
  if (lock === null) return null;
  return inputs.includes(lock.manifest ?? lock.lock) ? lock.lock : null;
}

function uniquePlaces(
  requirements: readonly DeclaredRequirement[],
): readonly DeclaredRequirement[] {
  const found = new Map<string, DeclaredRequirement>();
  for (const declared of requirements) {
    const { path, line, column } = declared.location;
    const key = `${path}:${line}:${column}:${declared.requirement.name}`;
    if (!found.has(key)) found.set(key, declared);
  }
  return [...found.values()];
}

function joinOptions(inputs: readonly ParsedInput[]): IndexOptions {
  let joined: IndexOptions = {};
  for (const { options } of inputs) joined = mergeOptions(joined, options);
  return joined;
}
