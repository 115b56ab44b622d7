/** Which packages of a set would have to be built on musl. */
import type { IndexClient } from '../package-index/index-client.ts';
import { createTarget, parsePlatformName } from '../pep/platform-name.ts';
import { createRequiresPythonCheck } from '../pep/requires-python.ts';
import { compatibleTags } from '../pep/tags.ts';
import { buildPolicy } from '../resolve/candidate-policy.ts';
import type { CandidatePolicy } from '../resolve/candidates.ts';
import { chooseFile } from '../resolve/candidates.ts';
import type {
  DistributionName,
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

/** What has a wheel for the target and none for musl 1.2, in its version; by name. Null where that cannot be told. */
export async function findWithoutMusl(
  { distributions }: WeighedGraph,
  target: TargetEnvironment,
  client: IndexClient,
): Promise<readonly MuslLack[] | null> {
  const policy = muslPolicy(target);
  if (policy === null) return null;
  const native = distributions.filter(
    ({ file }) => file?.kind === 'wheel' && !file.filename.endsWith('-any.whl'),
  );
  const lacking = await Promise.all(native.map((one) => findForMusl(one, policy, client)));
  if (lacking.includes(null)) return null;
  return native.flatMap(({ name }, at) => {
    const lack = lacking[at];
    return lack === 'sdist' || lack === 'nothing' ? [{ name, hasSource: lack === 'sdist' }] : [];
  });
}

/** What there is for musl; null where the page could not be had. */
async function findForMusl(
  { name, file }: WeighedDistribution,
  policy: CandidatePolicy,
  client: IndexClient,
): Promise<'wheel' | 'sdist' | 'nothing' | null> {
  const answer = await client.page(name);
  if (answer.status !== 'found') return null;
  const release = answer.page.releases.find(({ version }) => version.text === file?.version.text);
  if (release === undefined) return null;
  const choice = chooseFile(name, release, policy);
  if (!choice.usable) return 'nothing';
  return choice.file.kind === 'wheel' ? 'wheel' : 'sdist';
}

function muslPolicy({ python, arch }: TargetEnvironment): CandidatePolicy | null {
  const row = parsePlatformName(`musllinux_1_2_${arch}`);
  if (row === null) return null;
  const target = createTarget({ python, platform: row, from: 'musl' });
  const options = { preReleases: true, noBinary: [], onlyBinary: [], preferences: new Map() };
  const request = { requirements: [], constraints: [], overrides: [], target, options };
  return buildPolicy(request, compatibleTags(target), createRequiresPythonCheck(target.pythonFull));
}
