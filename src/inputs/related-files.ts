/**
 * How the files of one project belong together: compiled from one another, alternatives of one another, or telling two
 * different stories.
 */
import type { DeclaredRequirement, ParsedInput, RequirementGroup } from '../types.ts';
import { findDrift, type DeclaredSet } from './drift.ts';
import { compareText, fileNameOf } from './file-access.ts';
import type { InstallStep, PrimarySource } from './primary-source.ts';
import type { Alternatives, Drift } from './project.ts';

const condaKind = 'conda-environment';

/** Compiled files by the path of their manifest: as their header says, else `x.txt` beside `x.in`. */
export function pairCompiled(inputs: readonly ParsedInput[]): ReadonlyMap<string, ParsedInput> {
  const pairs = new Map<string, ParsedInput>();
  const paths = new Set(inputs.map(({ path }) => path));
  for (const input of inputs) {
    const sibling = input.path.replace(/\.txt$/, '.in');
    const hasSibling = sibling !== input.path && paths.has(sibling);
    if (input.compiledFrom === undefined && !hasSibling) continue;
    const sources = hasSibling
      ? [sibling]
      : (input.compiledFrom ?? []).filter((path) => paths.has(path));
    // A file compiled from several manifests holds them all; one that is compiled for development is not that of the product.
    for (const source of sources)
      if (!pairs.has(source) && (hasSibling || input.role === 'prod')) pairs.set(source, input);
  }
  return pairs;
}

/** Files for production that share at least half of the names of the smaller one and do not lead to each other. */
export function findAlternatives(
  inputs: readonly ParsedInput[],
  primary: PrimarySource,
  compiled: ReadonlyMap<string, ParsedInput>,
): readonly Alternatives[] {
  const files = inputs.filter(
    ({ kind, role, path }) =>
      (kind === 'requirements-txt' || kind === condaKind) && role === 'prod' && !compiled.has(path),
  );
  const groups: ParsedInput[][] = [];
  for (const file of files) {
    const group = groups.find((members) => members.some((member) => areAlternatives(member, file)));
    if (group === undefined) groups.push([file]);
    else group.push(file);
  }
  const isPrimary = (input: ParsedInput): boolean => primary.inputs.includes(input);
  return groups
    .filter((group) => group.length > 1)
    .map((group) => ({
      paths: group
        .toSorted(
          (a, b) => Number(isPrimary(b)) - Number(isPrimary(a)) || compareText(a.path, b.path),
        )
        .map(({ path }) => path),
    }));
}

function areAlternatives(a: ParsedInput, b: ParsedInput): boolean {
  if (a.kind !== b.kind) return false;
  if (a.includes.includes(b.path) || b.includes.includes(a.path)) return false;
  const left = namesOf(a);
  const right = namesOf(b);
  const shared = [...left].filter((name) => right.has(name)).length;
  return shared > 0 && shared * 2 >= Math.min(left.size, right.size);
}

function namesOf(input: ParsedInput): ReadonlySet<string> {
  return new Set(mainSetOf(input).map(({ requirement }) => requirement.name));
}

/** The requirements of the main set of a file. */
export function mainSetOf(input: ParsedInput): readonly DeclaredRequirement[] {
  return input.groups
    .filter(({ kind }) => kind === 'main')
    .flatMap(({ requirements }) => requirements);
}

/** What a command of an image installs of a file. */
export function installedSetOf(
  input: ParsedInput,
  { withMain, groups }: Pick<InstallStep, 'withMain' | 'groups'>,
): readonly DeclaredRequirement[] {
  const isInstalled = ({ kind, name }: RequirementGroup): boolean =>
    kind === 'group' && groups.includes(name ?? '');
  return [
    ...(withMain ? mainSetOf(input) : []),
    ...input.groups.filter(isInstalled).flatMap(({ requirements }) => requirements),
  ];
}

/** pyproject, requirements.txt and environment.yml that declare a main set beside the weighed one. A lock and a compiled file declare nothing of their own. */
export function findDrifts(
  inputs: readonly ParsedInput[],
  primary: PrimarySource,
  alternatives: readonly Alternatives[],
  compiled: ReadonlyMap<string, ParsedInput>,
): readonly Drift[] {
  const [first] = primary.inputs;
  // Groups alone say nothing of the main set.
  if (first === undefined || primary.withoutMain.length > 0) return [];
  const compiledFiles = new Set(compiled.values());
  const declares = (input: ParsedInput): boolean =>
    !input.locked &&
    !compiledFiles.has(input) &&
    input.compiledFrom === undefined &&
    input.mainSetElsewhere !== true &&
    mainSetOf(input).length > 0;
  const declaring = first.locked ? (primary.lock?.manifest ?? first) : first;
  const own = inputs.find(({ path }) => compiled.get(path) === first) ?? declaring;
  const others = inputs.filter((input) => {
    if (
      primary.inputs.includes(input) ||
      input === own ||
      !declares(input) ||
      input.kind === own.kind
    )
      return false;
    const isMain =
      input.kind === 'pyproject' ||
      (input.kind === condaKind && input.role === 'prod' && isPlainEnvironment(input)) ||
      (input.role === 'prod' && /^requirements\.(?:txt|in)$/.test(fileNameOf(input.path)));
    return (
      isMain &&
      !alternatives.some(({ paths }) => paths.includes(input.path) && paths.includes(own.path))
    );
  });
  if (own.locked || own.mainSetElsewhere === true) return [];
  // Sets that are installed together are one set to compare with.
  const set: DeclaredSet = {
    path: own.path,
    requirements: [own, ...primary.inputs.slice(1)].flatMap(mainSetOf),
  };
  const drifts = others.map((other) => {
    const drift = findDrift(set, { path: other.path, requirements: mainSetOf(other) });
    return [own, other].some(({ kind }) => kind === condaKind) ? onlyVersions(drift) : drift;
  });
  return drifts.filter((drift) => drift !== null);
}

function isPlainEnvironment({ path }: ParsedInput): boolean {
  return /^(?:environment|conda)\.ya?ml$/i.test(fileNameOf(path));
}

// An environment holds compilers and tools, under names of conda's own: only what both name can be held against each other.
function onlyVersions(drift: Drift | null): Drift | null {
  if (drift === null || drift.different.length === 0) return null;
  return { ...drift, onlyInPrimary: [], onlyInOther: [] };
}
