/** The stage: all remedies of an environment, measured. */
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

/** Proposes, measures, and where files are to be made puts together what fits together. */
export async function findRemedies(
  input: RemedyInput,
  { resolveMore, makesFiles }: { readonly resolveMore: ResolveMore; readonly makesFiles: boolean },
): Promise<Remedies> {
  const context = createRemedyContext(input);
  const proposals = [...proposeFromTable(context), ...proposeNewer(context)];
  const measured = await Promise.all(
    proposals.map((proposal) => measureProposal(proposal, context, resolveMore)),
  );
  const found = [...cpuBuilds(context), ...measured.filter((remedy) => remedy !== null)];
  const remedies = found
    .filter(({ savedInstalledBytes }) => savedInstalledBytes !== null && savedInstalledBytes > 0)
    .toSorted((a, b) => (b.savedInstalledBytes ?? 0) - (a.savedInstalledBytes ?? 0));
  const slim = makesFiles ? await findSlim(remedies, context, resolveMore) : null;
  return { remedies, slim };
}
