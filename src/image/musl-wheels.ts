/** Which packages of a set would have to be built on musl. */
import type { IndexClient } from '../package-index/index-client.ts';
import type { Release } from '../package-index/package-index.ts';
import { createTarget, parsePlatformName } from '../pep/platform-name.ts';
import { createRequiresPythonCheck } from '../pep/requires-python.ts';
import { compatibleTags } from '../pep/tags.ts';
import { buildPolicy } from '../resolve/candidate-policy.ts';
import type { CandidatePolicy } from '../resolve/candidates.ts';
import { chooseFile } from '../resolve/candidates.ts';
import { lockedRelease } from '../resolve/lock-files.ts';
import type {
  DistributionFile,
  DistributionName,
  LockPin,
  TargetEnvironment,
  WeighedDistribution,
  WeighedGraph,
} from '../types.ts';

/** A package without a wheel for musl. */
export interface MuslLack {
  readonly name: DistributionName;
  /** There is a source distribution: it can be built. */
  readonly hasSource: boolean;
  /** Languages that its build compiles; null where that was not looked up or cannot be told. */
  readonly compiles: readonly string[] | null;
}

/** What a set would cost on musl. */
export interface MuslCost {
  /** Packages of which there are wheels for single platforms. */
  readonly native: number;
  readonly lacking: readonly MuslLack[];
}

/** Tells the files of what is installed; null where they cannot be had. */
export type ReleaseFinder = (one: WeighedDistribution) => Promise<Release | null>;

/** Tells what building a source archive takes. */
export type BuildReader = Pick<IndexClient, 'buildNeeds'>;

/** What has a wheel for the target and none for musl 1.2, in its version; by name. Null where that cannot be told. */
export async function findWithoutMusl(
  { distributions }: WeighedGraph,
  target: TargetEnvironment,
  {
    findRelease,
    builds,
  }: { readonly findRelease: ReleaseFinder; readonly builds: BuildReader | null },
): Promise<MuslCost | null> {
  const policy = muslPolicy(target);
  if (policy === null) return null;
  const native = distributions.filter(
    ({ file }) => file?.kind === 'wheel' && !file.filename.endsWith('-any.whl'),
  );
  const found = await Promise.all(native.map((one) => findForMusl(one, policy, findRelease)));
  if (found.includes(null)) return null;
  const lacking = native.flatMap(({ name }, at): readonly Lack[] => {
    const file = found[at] ?? 'nothing';
    if (file === 'nothing') return [{ name, file: null }];
    return file.kind === 'wheel' ? [] : [{ name, file }];
  });
  return { native: native.length, lacking: await withBuilds(lacking, builds) };
}

/** What of a set that is for musl has no wheel there: an installer builds it, or fails. */
export async function findBuiltOnMusl(
  { distributions }: WeighedGraph,
  builds: BuildReader,
): Promise<MuslCost> {
  const lacking = distributions.filter(
    ({ unknownReason }) =>
      unknownReason === 'no-wheel-for-target' || unknownReason === 'sdist-only',
  );
  const known = await withBuilds(lacking, builds);
  const reasons = new Map(lacking.map(({ name, unknownReason }) => [name, unknownReason]));
  return {
    native: distributions.filter(({ file }) => file !== null && !file.filename.endsWith('-any.whl'))
      .length,
    // What has no wheel anywhere and compiles nothing takes no compiler here either.
    lacking: known.filter(
      ({ name, compiles }) =>
        reasons.get(name) === 'no-wheel-for-target' || (compiles !== null && compiles.length > 0),
    ),
  };
}

type Lack = Pick<WeighedDistribution, 'name' | 'file'>;

const mostBuilds = 5;
/** A larger archive is not fetched for the sake of a remark. */
const largestArchive = 1_000_000;

async function withBuilds(
  lacking: readonly Lack[],
  builds: BuildReader | null,
): Promise<readonly MuslLack[]> {
  const read = async ({ name, file }: Lack, at: number): Promise<readonly string[] | null> => {
    const isSmall = file?.size !== undefined && file.size !== null && file.size <= largestArchive;
    if (builds === null || file === null || !isSmall || at >= mostBuilds) return null;
    const needs = await builds.buildNeeds(name, file);
    return needs.known ? needs.value.compiles : null;
  };
  const compiles = await Promise.all(lacking.map(read));
  return lacking.map(({ name, file }, at) => ({
    name,
    hasSource: file !== null,
    compiles: compiles[at] ?? null,
  }));
}

/** The file for musl; null where that is not known. */
async function findForMusl(
  one: WeighedDistribution,
  policy: CandidatePolicy,
  findRelease: ReleaseFinder,
): Promise<DistributionFile | 'nothing' | null> {
  const release = await findRelease(one);
  if (release === null) return null;
  const choice = chooseFile(one.name, release, policy);
  return choice.usable ? choice.file : 'nothing';
}

/** By the pages of the index. */
export function releasesOnIndex(client: Pick<IndexClient, 'page'>): ReleaseFinder {
  return async ({ name, file }) => {
    const answer = await client.page(name);
    if (answer.status !== 'found') return null;
    const isInstalled = ({ version }: Release): boolean => version.text === file?.version.text;
    return answer.page.releases.find(isInstalled) ?? null;
  };
}

/** By what a lock names: a lock is taken as it is, without a page of an index. */
export function releasesInLock(pins: readonly LockPin[]): ReleaseFinder {
  return ({ name, file }) => {
    const pin = pins.find(
      (one) =>
        one.name === name && one.version?.text === file?.version.text && one.files?.length !== 0,
    );
    return Promise.resolve(pin === undefined ? null : lockedRelease(pin));
  };
}

function muslPolicy({ python, arch }: TargetEnvironment): CandidatePolicy | null {
  const row = parsePlatformName(`musllinux_1_2_${arch}`);
  if (row === null) return null;
  const target = createTarget({ python, platform: row, from: 'musl' });
  const options = { preReleases: true, noBinary: [], onlyBinary: [], preferences: new Map() };
  const request = { requirements: [], constraints: [], overrides: [], target, options };
  return buildPolicy(request, compatibleTags(target), createRequiresPythonCheck(target.pythonFull));
}
