/**
 * The versions of one name as the solver sees them, and which file of each would be installed on the target.
 *
 * As uv: a version is usable when it has a wheel for the target, or a source archive with a standard name, even though
 * depweight builds none; yank, Requires-Python and tags count per file; a yanked file only for an input pinned to it.
 */
import type {
  DistributionFile,
  DistributionName,
  Specifier,
  UnknownReason,
  Version,
} from '../types.ts';
import type { RequiresPythonAnswer } from '../pep/requires-python.ts';
import { isStandardSdistExtension, parseSdistFilename } from '../pep/sdist-filename.ts';
import { specifierContains } from '../pep/specifier.ts';
import type { CompatibleTags } from '../pep/tags.ts';
import { compareVersions, isPrerelease } from '../pep/version.ts';
import type { WheelFilename } from '../pep/wheel-filename.ts';
import { compareBuilds, parseWheelFilename, tagTextOf } from '../pep/wheel-filename.ts';
import type { ProjectPage, Release } from '../package-index/package-index.ts';
import type { VersionSet } from './version-set.ts';
import { everything, highestIn, setHas, singleSet } from './version-set.ts';
import type { VersionScale } from './version-scale.ts';
import { createVersionScale } from './version-scale.ts';

/** Which files may be chosen. */
export interface CandidatePolicy {
  readonly tags: CompatibleTags;
  readonly admitsPython: (requiresPython: string) => RequiresPythonAnswer;
  readonly preReleases: boolean;
  readonly allowsWheels: (name: DistributionName) => boolean;
  readonly allowsSdists: (name: DistributionName) => boolean;
  /** Versions that an input pins, so that a yank does not hide them. */
  readonly pinnedVersions: ReadonlyMap<DistributionName, readonly Version[]>;
  /** For names with hashes. */
  readonly hashes: ReadonlyMap<DistributionName, AllowedHashes>;
}

/** The files of a name that the input allows. */
export interface AllowedHashes {
  /** `sha256:…`, lower case. */
  readonly hashes: ReadonlySet<string>;
  /** The versions that stand with the hashes; none where only a range does. */
  readonly pins: readonly Version[];
}

/** The file of a version, or why there is none: a clause that follows "numpy 1.0 …". */
export type Choice =
  | {
      readonly usable: true;
      readonly file: DistributionFile;
      /** It has wheels, and --no-binary rules them out. */
      readonly wheelsRefused?: true;
    }
  | { readonly usable: false; readonly why: string; readonly obstacle?: Obstacle };

/** What keeps a version out, where the user could do something about it. */
export type Obstacle =
  | { readonly kind: 'python'; readonly requiresPython: string }
  | { readonly kind: 'yanked' };

/** All versions of one name, numbered in ascending order. */
export interface Universe {
  readonly name: DistributionName;
  readonly versions: readonly Version[];
  /** Why there are no versions at all, else null. */
  readonly missing: MissingName | null;
  /** Set for a name that is taken as an unknown leaf: it has one version, which satisfies everything. */
  readonly leaf: Leaf | null;
  /** The index that has the name where further ones were not asked for it; `PyPI` for the default one. */
  readonly firstIndex?: string;
  /** Where the input takes it from an address instead of an index: `requirements.txt:2`. */
  readonly takenFrom?: string;
  /** The newest version that specifiers admit and `--exclude-newer` leaves out; absent where no date was given. */
  readonly newestLeftOut?: (specifiers: readonly Specifier[]) => string | null;
  release(index: number): Release;
  choose(index: number): Choice;
  /** What `choose` has answered so far, by index; absent where that rests on no page. */
  looked?(): readonly (Choice | undefined)[];
  /** The versions that specifiers admit, those that nobody released included. */
  setFor(specifiers: readonly Specifier[]): VersionSet;
  /** The version at an index, with all around it that is no release. */
  around(index: number): VersionSet;
}

/** A name without a page, or whose page has no file that could be used. */
export interface MissingName {
  readonly reason: UnknownReason;
  readonly detail: string;
}

/** A distribution whose files are not on an index, or could not be had. */
export interface Leaf {
  readonly version: string;
  readonly reason: UnknownReason;
  readonly detail: string;
  /** The package by conda's name, if it is one. */
  readonly conda?: string;
}

/** The versions of a page and their line: the same for every target, and so made once for all that are resolved in a run. */
interface PageLine {
  readonly versions: readonly Version[];
  readonly scale: VersionScale;
}

const lines = new WeakMap<ProjectPage, PageLine>();

function lineOf(page: ProjectPage): PageLine {
  const known = lines.get(page);
  if (known !== undefined) return known;
  const versions = page.releases.map((release) => release.version);
  const line = { versions, scale: createVersionScale(versions) };
  lines.set(page, line);
  return line;
}

/** The universe of a page. */
export function createUniverse(page: ProjectPage, policy: CandidatePolicy): Universe {
  if (isHashExcluded(page, policy))
    return createMissingUniverse(page.name, hashExcluded(page.name));
  const { versions, scale } = lineOf(page);
  const release = (index: number): Release => {
    const found = page.releases[index];
    if (found === undefined) throw new Error(`${page.name} has no version number ${index}`);
    return found;
  };
  const choices: Choice[] = [];
  return {
    name: page.name,
    versions,
    missing: versions.length > 0 ? null : noUsableFile(page),
    ...(page.hidesLater === true ? { firstIndex: page.index ?? 'PyPI' } : {}),
    ...(page.leftOut === undefined ? {} : { newestLeftOut: createLeftOutSearch(page.leftOut) }),
    leaf: null,
    release,
    choose: (index) => (choices[index] ??= chooseFile(page.name, release(index), policy)),
    looked: () => choices,
    setFor: scale.setFor,
    around: scale.around,
  };
}

function createLeftOutSearch(
  leftOut: NonNullable<ProjectPage['leftOut']>,
): NonNullable<Universe['newestLeftOut']> {
  return (specifiers) => {
    const { versions } = leftOut();
    const newest = versions.findLast((version) => specifierContains(specifiers, version));
    return newest?.text ?? null;
  };
}

function noUsableFile({ name, leftOut }: ProjectPage): MissingName {
  const out = leftOut?.();
  if (out === undefined || out.versions.length === 0) {
    const detail = `the index lists no file of ${name} that could be installed`;
    return { reason: 'no-usable-file', detail };
  }
  const detail = out.hasNoTimes
    ? `the index does not tell when the files of ${name} were uploaded, so that --exclude-newer leaves them out`
    : `nothing of ${name} was uploaded before the date of --exclude-newer`;
  return { reason: 'no-usable-file', detail };
}

function hashExcluded(name: DistributionName): MissingName {
  const detail = `the index has no file of ${name} for this target with one of the hashes given`;
  return { reason: 'hash-excluded', detail };
}

/**
 * True where only the hashes stand in the way: the index has files that would do, of the pinned versions if there are
 * such, and each has another hash than those given.
 */
function isHashExcluded({ name, releases }: ProjectPage, policy: CandidatePolicy): boolean {
  const pins = policy.hashes.get(name)?.pins;
  if (pins === undefined) return false;
  const meant = releases.filter(
    ({ version }) => pins.length === 0 || pins.some((pin) => compareVersions(pin, version) === 0),
  );
  const isUsable = (under: CandidatePolicy): boolean =>
    meant.some((release) => chooseFile(name, release, under).usable);
  return !isUsable(policy) && isUsable({ ...policy, hashes: new Map() });
}

/** The universe of a name that no index has: nothing satisfies a requirement on it. */
export function createMissingUniverse(name: DistributionName, missing: MissingName): Universe {
  return {
    name,
    versions: [],
    missing,
    leaf: null,
    release: () => noRelease(name),
    choose: () => ({ usable: false, why: missing.detail }),
    setFor: createVersionScale([]).setFor,
    around: singleSet,
  };
}

/** Places for versions that somebody pins of a leaf; nobody pins more different ones. */
const leafSlots = 64;

/**
 * The universe of a distribution of which no more is known than that it is wanted: every requirement on it can be met,
 * but not two that pin different versions.
 */
export function createLeafUniverse(name: DistributionName, leaf: Leaf): Universe {
  const unknown: Version = {
    text: leaf.version,
    epoch: 0,
    release: [0],
    pre: null,
    post: null,
    dev: null,
    local: null,
  };
  const versions = Array.from({ length: leafSlots }, () => unknown);
  const pinned: Version[] = [];
  return {
    name,
    versions,
    missing: null,
    leaf,
    release: () => noRelease(name),
    choose: () => ({ usable: false, why: leaf.detail }),
    setFor(specifiers) {
      const pin =
        specifiers.find(
          ({ operator, wildcard }) => !wildcard && (operator === '==' || operator === '==='),
        )?.version ?? null;
      if (pin === null) return everything;
      const known = pinned.findIndex((version) => compareVersions(version, pin) === 0);
      const slot = known >= 0 ? known : Math.min(pinned.push(pin), leafSlots) - 1;
      versions[slot] = pin;
      return singleSet(slot);
    },
    around: singleSet,
  };
}

function noRelease(name: DistributionName): never {
  throw new Error(`${name} has no release on an index`);
}

/** The highest usable-looking version of a set: stable ones first, pre-releases only when there is no stable one. */
export function pickVersion(
  universe: Universe,
  set: VersionSet,
  preReleases: boolean,
): number | null {
  const count = universe.versions.length;
  if (preReleases) return highestIn(set, count, () => true);
  return (
    highestIn(set, count, (index) => !isPrereleaseAt(universe, index)) ??
    highestIn(set, count, (index) => isPrereleaseAt(universe, index))
  );
}

/** Whether a set holds a version that somebody released. */
export function hasRelease({ versions }: Universe, set: VersionSet): boolean {
  return highestIn(set, versions.length, () => true) !== null;
}

/** The number of a version, null when the set does not hold it. */
export function findVersion(universe: Universe, set: VersionSet, wanted: Version): number | null {
  const index = universe.versions.findIndex((version) => compareVersions(version, wanted) === 0);
  return index >= 0 && setHas(set, index) ? index : null;
}

function isPrereleaseAt(universe: Universe, index: number): boolean {
  const version = universe.versions[index];
  return version !== undefined && isPrerelease(version);
}

/** The best wheel, else the source archive, else why neither would do. */
export function chooseFile(
  name: DistributionName,
  release: Release,
  policy: CandidatePolicy,
): Choice {
  const files = release.files();
  const isPinned =
    policy.pinnedVersions
      .get(name)
      ?.some((version) => compareVersions(version, release.version) === 0) ?? false;
  let first: Refusal | null = null;
  const allowed = files.filter((file) => {
    const refusal = refusalOf(name, file, isPinned, policy);
    first ??= refusal;
    return refusal === null;
  });
  const wheel = bestWheel(allowed, policy.tags);
  if (wheel !== null) return { usable: true, file: wheel };
  const sdist = allowed.find((file) => file.kind === 'sdist');
  if (sdist !== undefined) {
    const wheelsRefused = !policy.allowsWheels(name) && files.some(({ kind }) => kind === 'wheel');
    return { usable: true, file: sdist, ...(wheelsRefused ? { wheelsRefused } : {}) };
  }
  const refusal = allowed.length === 0 ? first : null;
  return { usable: false, ...(refusal ?? { why: whyUnusable(allowed, policy.tags) }) };
}

/** Why a file does not count. */
interface Refusal {
  readonly why: string;
  readonly obstacle?: Obstacle;
}

function refusalOf(
  name: DistributionName,
  file: DistributionFile,
  isPinned: boolean,
  policy: CandidatePolicy,
): Refusal | null {
  if (file.kind === 'wheel' && !policy.allowsWheels(name))
    return { why: 'has no source archive, and --no-binary rules out its wheels' };
  if (file.kind === 'sdist') {
    if (!policy.allowsSdists(name))
      return { why: 'has only a source archive, which --only-binary rules out' };
    const extension = parseSdistFilename(file.filename, name)?.extension ?? '';
    if (!isStandardSdistExtension(extension))
      return { why: `has only a source archive of an old kind (.${extension})` };
  }
  const { requiresPython, yanked } = file;
  if (yanked !== null && !isPinned)
    return {
      why: `was yanked${yanked === '' ? '' : ` (${yanked})`}`,
      obstacle: { kind: 'yanked' },
    };
  if (requiresPython !== null && !policy.admitsPython(requiresPython).admits)
    return { why: `needs Python ${requiresPython}`, obstacle: { kind: 'python', requiresPython } };
  const allowed = policy.hashes.get(name);
  // A file whose hash the index does not tell may be the one that is meant.
  if (allowed === undefined || file.sha256 === null) return null;
  return allowed.hashes.has(`sha256:${file.sha256}`)
    ? null
    : { why: 'has no file with one of the hashes given' };
}

function bestWheel(
  files: readonly DistributionFile[],
  tags: CompatibleTags,
): DistributionFile | null {
  let best: DistributionFile | null = null;
  let bestPriority = Number.POSITIVE_INFINITY;
  for (const file of files) {
    if (file.kind !== 'wheel') continue;
    const priority = tags.priorityOfText(tagTextOf(file.filename));
    if (priority === null || priority > bestPriority) continue;
    if (
      best !== null &&
      priority === bestPriority &&
      compareBuilds(buildOf(file), buildOf(best)) <= 0
    )
      continue;
    best = file;
    bestPriority = priority;
  }
  return best;
}

function buildOf({ filename }: DistributionFile): WheelFilename['build'] {
  return parseWheelFilename(filename)?.build ?? null;
}

function whyUnusable(allowed: readonly DistributionFile[], tags: CompatibleTags): string {
  return allowed.length === 0
    ? 'has no file that could be installed'
    : `has no source archive, and ${wheelsOf(allowed, tags)}`;
}

const mostTags = 6;

function limited(tags: readonly string[]): string {
  return tags.length <= mostTags ? tags.join(', ') : `${tags.slice(0, mostTags).join(', ')}, …`;
}

/** For what there are wheels: the Pythons where the platform fits, else that it does not. */
function wheelsOf(files: readonly DistributionFile[], tags: CompatibleTags): string {
  const platforms = new Set(['any', ...tags.platforms]);
  const pythons = new Set<string>();
  const others = new Set<string>();
  for (const { filename } of files) {
    const wheel = parseWheelFilename(filename);
    for (const platform of wheel?.platforms ?? []) others.add(platform);
    if (wheel?.platforms.some((platform) => platforms.has(platform)) !== true) continue;
    for (const python of wheel.pythons) pythons.add(python);
  }
  if (pythons.size === 0) {
    const newer = newerLibc([...others], tags);
    const help = newer === null ? '' : `; --platform ${newer} would do`;
    return `its wheels are for other platforms (${limited([...others].toSorted())})${help}`;
  }
  return `its wheels for this platform are for ${[...pythons].toSorted(comparePythonTags).join(', ')}`;
}

const libcTag = /^(manylinux|musllinux)_(\d+)_(\d+)_(.+)$/;

/** The lowest level of the C library of the target for which there is a wheel, null where that is not what is missing. */
function newerLibc(platforms: readonly string[], tags: CompatibleTags): string | null {
  const own = libcTag.exec(tags.platforms[0] ?? '');
  const levels = platforms.flatMap((tag) => {
    const level = libcTag.exec(tag);
    const isOther = level === null || level[1] !== own?.[1] || level[4] !== own?.[4];
    return isOther ? [] : [{ tag, minor: Number(level[3]) }];
  });
  levels.sort((left, right) => left.minor - right.minor);
  return levels[0]?.tag ?? null;
}

function comparePythonTags(left: string, right: string): number {
  return left.length - right.length || Number(left > right) - Number(left < right);
}
