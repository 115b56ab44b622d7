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

/** Names that have a wheel for the target and none for musl 1.2, in their versions; sorted. Null where that cannot be told. */
export async function findWithoutMusl(
  { distributions }: WeighedGraph,
  target: TargetEnvironment,
  client: IndexClient,
): Promise<readonly DistributionName[] | null> {
  const policy = muslPolicy(target);
  if (policy === null) return null;
  const native = distributions.filter(
    ({ file }) => file?.kind === 'wheel' && !file.filename.endsWith('-any.whl'),
  );
  const lacking = await Promise.all(native.map((one) => lacksMusl(one, policy, client)));
  if (lacking.includes(null)) return null;
  return native.filter((_, at) => lacking[at] === true).map(({ name }) => name);
}

/** Null where the page could not be had. */
async function lacksMusl(
  { name, file }: WeighedDistribution,
  policy: CandidatePolicy,
  client: IndexClient,
): Promise<boolean | null> {
  const answer = await client.page(name);
  if (answer.status !== 'found') return null;
  const release = answer.page.releases.find(({ version }) => version.text === file?.version.text);
  if (release === undefined) return null;
  const choice = chooseFile(name, release, policy);
  return !choice.usable || choice.file.kind !== 'wheel';
}

function muslPolicy({ python, arch }: TargetEnvironment): CandidatePolicy | null {
  const row = parsePlatformName(`musllinux_1_2_${arch}`);
  if (row === null) return null;
  const target = createTarget({ python, platform: row, from: 'musl' });
  const options = { preReleases: true, noBinary: [], onlyBinary: [], preferences: new Map() };
  const request = { requirements: [], constraints: [], overrides: [], target, options };
  return buildPolicy(request, compatibleTags(target), createRequiresPythonCheck(target.pythonFull));
}
