/** What has no wheel on a target: what of it an installer can build, and what is not to be had there at all. */
import type { IndexClient } from '../package-index/index-client.ts';
import type { ProjectPage, Release } from '../package-index/package-index.ts';
import { evaluateMarker } from '../pep/marker.ts';
import { createRequiresPythonCheck } from '../pep/requires-python.ts';
import { isSingletonSpecifiers, specifierContains } from '../pep/specifier.ts';
import { compatibleTags } from '../pep/tags.ts';
import { compareVersions, isPrerelease, parseVersion } from '../pep/version.ts';
import { buildPolicy } from '../resolve/candidate-policy.ts';
import type { CandidatePolicy } from '../resolve/candidates.ts';
import { chooseFile } from '../resolve/candidates.ts';
import type { PinnedSet } from '../resolve/lock-pins.ts';
import { placeRequirements } from '../resolve/placed-requirements.ts';
import type { ResolveOptions } from '../resolve/resolve-request.ts';
import type {
  DeclaredRequirement,
  DistributionFile,
  DistributionName,
  MissingFile,
  SourceLocation,
  Specifier,
  TargetEnvironment,
  UnknownReason,
  Version,
  WeighedDistribution,
  WeighedGraph,
} from '../types.ts';

/** A set of requirements on a target, and who knows the files. */
export interface AskedSet {
  readonly environment: PinnedSet;
  readonly target: TargetEnvironment;
  readonly options: ResolveOptions;
  readonly client: IndexClient;
}

/** Reasons for which an installer finds no wheel. */
const REASONS: ReadonlySet<UnknownReason> = new Set([
  'sdist-only',
  'no-wheel-for-target',
  'no-binary',
  'hash-excluded',
  'not-on-index',
  'no-usable-file',
]);

/** What a resolved set has no wheel for, sorted by name. */
export async function findMissing(
  asked: AskedSet,
  graph: WeighedGraph,
): Promise<readonly MissingFile[]> {
  const lacking = graph.distributions.filter(
    ({ unknownReason }) => unknownReason !== null && REASONS.has(unknownReason),
  );
  return Promise.all(lacking.map((distribution) => describeMissing(distribution, graph, asked)));
}

async function describeMissing(
  { name, version, file, unknownReason }: WeighedDistribution,
  graph: WeighedGraph,
  asked: AskedSet,
): Promise<MissingFile> {
  const reason = unknownReason ?? 'sdist-only';
  const parsed = file?.version ?? parseVersion(version);
  // Who refuses wheels, or lets in one hash alone, is not helped by another release.
  const isByFile = reason === 'no-usable-file' || reason === 'no-wheel-for-target';
  const hasAround = (reason === 'sdist-only' || isByFile) && parsed !== null;
  const around = hasAround ? await wheelsAround(name, [parsed, parsed], asked) : noWheels;
  const why =
    file === null && isByFile && parsed !== null ? await whyRefused(name, parsed, asked) : null;
  return {
    name,
    version,
    kind: file === null ? 'none' : 'build',
    reason,
    message: why ?? describeReason(reason, file !== null),
    direct: graph.roots.some((root) => root.name === name),
    requiredBy: graph.distributions
      .filter((other) => other.name !== name && other.dependencies.some((one) => one.name === name))
      .map((other) => other.name),
    declaredAt: placesOf(name, asked.environment.requirements),
    build: file === null ? null : await buildNeeds(name, file, asked.client),
    ...around,
  };
}

/** What the index has of a release that is of no use to the target; null where that cannot be said. */
async function whyRefused(
  name: DistributionName,
  version: Version,
  asked: AskedSet,
): Promise<string | null> {
  const answer = await asked.client.page(name);
  if (answer.status !== 'found') return null;
  const release = answer.page.releases.find((one) => compareVersions(one.version, version) === 0);
  if (release === undefined) return null;
  const choice = chooseFile(name, release, policyOf(asked));
  return choice.usable ? null : choice.why;
}

function describeReason(reason: UnknownReason, isBuilt: boolean): string {
  if (reason === 'sdist-only') return 'has no wheel at all, only a source archive';
  if (reason === 'no-binary') return 'is built from source (--no-binary)';
  if (reason === 'hash-excluded') return 'has no file for this target with one of the hashes given';
  if (reason === 'not-on-index') return 'is on no index';
  if (reason === 'no-usable-file') return 'has no file on the index that could be installed';
  return isBuilt
    ? 'has no wheel for this target, only a source archive'
    : 'has no wheel for this target and no source archive';
}

function placesOf(
  name: DistributionName,
  requirements: readonly DeclaredRequirement[],
): readonly SourceLocation[] {
  return requirements
    .filter(({ requirement }) => requirement.name === name)
    .map(({ location: { path, line, column } }) => ({ path, line, column }));
}

async function buildNeeds(
  name: DistributionName,
  file: DistributionFile,
  client: IndexClient,
): Promise<MissingFile['build']> {
  const needs = await client.buildNeeds(name, file);
  return needs.known ? needs.value : null;
}

// ---------------------------------------------------------------------------------------------------------------------
// Where there is no solution

/**
 * The declared requirements that no release with a file for the target meets, each looked at by itself: a conflict names the
 * first of them alone. Empty where it is the requirements among each other that do not fit.
 */
export async function findBlockers(asked: AskedSet): Promise<readonly MissingFile[]> {
  if (asked.environment.locked !== undefined) return [];
  const found = await Promise.all(activeOf(asked).map((declared) => findBlocker(declared, asked)));
  const byName = new Map(found.flatMap((one) => (one === null ? [] : [[one.name, one] as const])));
  return [...byName.values()];
}

async function findBlocker(
  { requirement: { name, specifiers }, index }: DeclaredRequirement,
  asked: AskedSet,
): Promise<MissingFile | null> {
  const lack = await findLack({ name, specifiers, index }, asked);
  if (lack === null) return null;
  const declaredAt = placesOf(name, asked.environment.requirements);
  return { ...lack, direct: true, requiredBy: [], declaredAt };
}

/**
 * The same for what a set needs on another target, where that is pinned by those who need it: what these ask for in the
 * versions that they have there is nowhere to be had here. Only of packages whose dependents are held by the input, and can be
 * had themselves.
 */
export async function findInnerBlockers(
  asked: AskedSet,
  reference: WeighedGraph | null,
  blocked: ReadonlySet<string>,
): Promise<readonly MissingFile[]> {
  if (reference === null || asked.environment.locked !== undefined) return [];
  const declared = new Set(asked.environment.requirements.map((one) => one.requirement.name));
  const held = new Set(
    activeOf(asked).flatMap(({ requirement: { name, specifiers } }) =>
      isSingletonSpecifiers(specifiers) && !blocked.has(name) ? [name] : [],
    ),
  );
  const holders = reference.distributions.filter(({ name }) => held.has(name));
  const inner = reference.distributions.filter(({ name }) => !declared.has(name));
  const found = await Promise.all(inner.map(({ name }) => findInnerBlocker(name, holders, asked)));
  return found.flatMap((one) => one ?? []);
}

async function findInnerBlocker(
  name: DistributionName,
  holders: readonly WeighedDistribution[],
  asked: AskedSet,
): Promise<MissingFile | null> {
  const { markers } = asked.target;
  const wanted = holders.flatMap((holder) =>
    holder.requires
      .filter(
        (one) =>
          one.name === name &&
          (one.marker === null || evaluateMarker(one.marker, markers, holder.extras)),
      )
      .map(({ specifiers }) => ({ by: holder.name, specifiers })),
  );
  if (wanted.length === 0) return null;
  const specifiers = wanted.flatMap((one) => one.specifiers);
  const lack = await findLack({ name, specifiers, index: null }, asked);
  if (lack === null) return null;
  const requiredBy = [...new Set(wanted.map(({ by }) => by))];
  return { ...lack, direct: false, requiredBy, declaredAt: [] };
}

/** The requirements of the input that ask an index on the target. */
function activeOf({ environment, target }: AskedSet): readonly DeclaredRequirement[] {
  return placeRequirements(environment.requirements, target).filter(
    ({ source, requirement: { marker } }) =>
      source === 'index' && (marker === null || evaluateMarker(marker, target.markers, [])),
  );
}

type Lack = Omit<MissingFile, 'direct' | 'requiredBy' | 'declaredAt'>;

/** What is wanted of a name, and the index that the input names for it. */
interface Want {
  readonly name: DistributionName;
  readonly specifiers: readonly Specifier[];
  readonly index: string | null;
}

/** Null where some release that is admitted has a file for the target, and where the page cannot be had. */
async function findLack({ name, specifiers, index }: Want, asked: AskedSet): Promise<Lack | null> {
  const answer = await asked.client.page(name, index);
  // What is on no index, or could not be asked for, is told by the conflict or by its own warning.
  if (answer.status !== 'found') return null;
  const policy = policyOf(asked);
  const meant = answer.page.releases.filter(({ version }) =>
    specifierContains(specifiers, version),
  );
  const [lowest] = meant;
  const highest = meant.at(-1);
  if (lowest === undefined || highest === undefined) return null;
  const choices = meant.map((release) => chooseFile(name, release, policy));
  const refused = choices.flatMap((choice) => (choice.usable ? [] : [choice]));
  if (refused.length < choices.length) return null;
  // Of several reasons the one that is told is of the newest release that this Python could use.
  const isOfPython = (choice: (typeof refused)[number]): boolean =>
    choice.obstacle?.kind === 'python';
  const told = refused.findLast((choice) => !isOfPython(choice)) ?? refused.at(-1);
  return {
    name,
    version: meant.length === 1 ? highest.version.text : null,
    kind: 'none',
    reason: refused.every(isOfPython) ? 'no-usable-file' : 'no-wheel-for-target',
    message: told?.why ?? '',
    build: null,
    ...wheelsAroundIn(answer.page, [lowest.version, highest.version], policy),
  };
}

// ---------------------------------------------------------------------------------------------------------------------
// Other releases

type Around = Pick<MissingFile, 'wheelFrom' | 'wheelUntil'>;
const noWheels: Around = { wheelFrom: null, wheelUntil: null };

async function wheelsAround(
  name: DistributionName,
  bounds: readonly [lowest: Version, highest: Version],
  asked: AskedSet,
): Promise<Around> {
  const answer = await asked.client.page(name);
  return answer.status === 'found'
    ? wheelsAroundIn(answer.page, bounds, policyOf(asked))
    : noWheels;
}

/** The releases nearest to some that have a wheel for the target. */
function wheelsAroundIn(
  { name, releases }: ProjectPage,
  [lowest, highest]: readonly [lowest: Version, highest: Version],
  policy: CandidatePolicy,
): Around {
  const hasWheel = (release: Release): boolean => {
    if (isPrerelease(release.version)) return false;
    const choice = chooseFile(name, release, policy);
    return choice.usable && choice.file.kind === 'wheel';
  };
  // Before a package was compiled it was another one: of a number that somebody reserved there is a wheel for everything.
  const asked = releases.filter(
    ({ version }) =>
      compareVersions(version, lowest) >= 0 && compareVersions(version, highest) <= 0,
  );
  const isCompiled = asked.some((release) => release.files().some(isCompiledWheel));
  const later = releases.filter(({ version }) => compareVersions(version, highest) > 0);
  const earlier = releases.filter(({ version }) => compareVersions(version, lowest) < 0);
  return {
    wheelFrom: later.find(hasWheel)?.version.text ?? null,
    wheelUntil:
      earlier.findLast(
        (release) => hasWheel(release) && (!isCompiled || release.files().some(isCompiledWheel)),
      )?.version.text ?? null,
  };
}

function isCompiledWheel({ kind, filename }: DistributionFile): boolean {
  return kind === 'wheel' && !filename.endsWith('-any.whl');
}

/** Files as the settings let them in, whatever the input pins or hashes. */
function policyOf({ target, options }: AskedSet): CandidatePolicy {
  const request = { requirements: [], constraints: [], overrides: [], target, options };
  return buildPolicy(request, compatibleTags(target), createRequiresPythonCheck(target.pythonFull));
}
