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
}

/** Tells the files of what is installed; null where they cannot be had. */
export type ReleaseFinder = (one: WeighedDistribution) => Promise<Release | null>;

/** What has a wheel for the target and none for musl 1.2, in its version; by name. Null where that cannot be told. */
export async function findWithoutMusl(
  { distributions }: WeighedGraph,
  target: TargetEnvironment,
  findRelease: ReleaseFinder,
): Promise<readonly MuslLack[] | null> {
  const policy = muslPolicy(target);
  if (policy === null) return null;
  const native = distributions.filter(
    ({ file }) => file?.kind === 'wheel' && !file.filename.endsWith('-any.whl'),
  );
  const lacking = await Promise.all(native.map((one) => findForMusl(one, policy, findRelease)));
  if (lacking.includes(null)) return null;
  return native.flatMap(({ name }, at) => {
    const lack = lacking[at];
    return lack === 'sdist' || lack === 'nothing' ? [{ name, hasSource: lack === 'sdist' }] : [];
  });
}

/** What there is for musl; null where that is not known. */
async function findForMusl(
  one: WeighedDistribution,
  policy: CandidatePolicy,
  findRelease: ReleaseFinder,
): Promise<'wheel' | 'sdist' | 'nothing' | null> {
  const release = await findRelease(one);
  if (release === null) return null;
  const choice = chooseFile(one.name, release, policy);
  if (!choice.usable) return 'nothing';
  return choice.file.kind === 'wheel' ? 'wheel' : 'sdist';
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
