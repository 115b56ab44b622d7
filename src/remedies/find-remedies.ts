/** The stage: all remedies of an environment, measured. */
import type { DistributionName } from '../types.ts';
import type { ResolveMore } from '../resolve/project.ts';
import { cpuBuilds } from './cpu-build.ts';
import { proposeFromTable } from './lighter-table.ts';
import { measureProposal } from './measure.ts';
import { proposeNewer } from './newer-release.ts';
import type { RemedyInput } from './remedy-context.ts';
import { createRemedyContext } from './remedy-context.ts';
import { findSlim, type Slim } from './slim.ts';
import type { Remedy } from './remedy.ts';

/** What was found. */
export interface Remedies {
  /** Those that free something, the largest saving first; what has no solution for the target is left out. */
  readonly remedies: readonly Remedy[];
  /** All that may change files, together; null where there are none, or nobody asked. */
  readonly slim: Slim | null;
}

/** What is asked for. */
export interface RemedyRequest {
  readonly resolveMore: ResolveMore;
  /** Whether files are to be made. */
  readonly makesFiles: boolean;
  /** The one distribution that is spoken of, null for all. */
  readonly subject: DistributionName | null;
}

/** Proposes, measures, and where files are to be made puts together what fits together. */
export async function findRemedies(
  input: RemedyInput,
  { resolveMore, makesFiles, subject }: RemedyRequest,
): Promise<Remedies> {
  const context = createRemedyContext(input);
  const isAsked = (names: readonly DistributionName[]): boolean =>
    subject === null || names.includes(subject);
  const proposals = [...proposeFromTable(context), ...proposeNewer(context)].filter(
    ({ replacements }) => isAsked(replacements.map(({ name }) => name)),
  );
  const measured = await Promise.all(
    proposals.map((proposal) => measureProposal(proposal, context, resolveMore)),
  );
  const builds = cpuBuilds(context).filter(({ instead }) => isAsked(instead));
  const found = [...builds, ...measured.filter((remedy) => remedy !== null)];
  const remedies = found
    .filter(({ savedInstalledBytes }) => savedInstalledBytes !== null && savedInstalledBytes > 0)
    .toSorted((a, b) => (b.savedInstalledBytes ?? 0) - (a.savedInstalledBytes ?? 0));
  const slim = makesFiles ? await findSlim(remedies, context, resolveMore) : null;
  return { remedies, slim };
}
