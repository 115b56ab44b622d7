/** Measures a proposal: the set resolved again with the change and every other version held, both sides weighed. */
import type { ResolveMore } from '../resolve/project.ts';
import type { Bytes, WeighedDistribution } from '../types.ts';
import { downloadBytesOf } from '../weigh/totals.ts';
import { changedEnvironment, heldVersions } from './changed-environment.ts';
import type { RemedyContext } from './remedy-context.ts';
import type { Proposal, Remedy, Replacement } from './remedy.ts';

/** The measured remedy; null where the change has no solution, or what it replaces stays for others. */
export async function measureProposal(
  proposal: Proposal,
  context: RemedyContext,
  resolveMore: ResolveMore,
): Promise<Remedy | null> {
  const changed = changedEnvironment([proposal], context);
  const outcome = await resolveMore(changed, heldVersions([proposal], context));
  if (!outcome.solved) return null;
  const after = outcome.graph.distributions;
  const names = new Set(after.map(({ name }) => name));
  const isReplaced = ({ name, requirement }: Replacement): boolean => requirement?.name !== name;
  if (proposal.replacements.some((one) => isReplaced(one) && names.has(one.name))) return null;
  const leaving = without(context.staying, after);
  const arriving = without(after, context.staying);
  if (leaving.length === 0) return null;
  return {
    ...proposal,
    confidence:
      proposal.fit === 'same-import' && proposal.against.length === 0 ? 'likely' : 'possible',
    savedInstalledBytes: difference(leaving, arriving, installedBytesOf),
    savedDownloadBytes: difference(leaving, arriving, downloadBytesOf),
    atLeast: leaving.some(({ weight }) => !weight.known),
    leaves: leaving
      .map(({ name }) => name)
      .filter((name) => !names.has(name))
      .toSorted(),
    arrives: arriving.map(({ name, version }) => ({ name, version })),
  };
}

/** Those of the first set that the second has not, or in another version. */
function without(
  first: readonly WeighedDistribution[],
  second: readonly WeighedDistribution[],
): readonly WeighedDistribution[] {
  const versions = new Map(second.map(({ name, version }) => [name, version]));
  return first.filter(({ name, version }) => versions.get(name) !== version);
}

function installedBytesOf({ weight }: WeighedDistribution): Bytes | null {
  return weight.known ? weight.value.installedBytes : null;
}

/** What leaves less what comes; null where something that comes is unknown, or nothing that leaves is known. */
function difference(
  leaving: readonly WeighedDistribution[],
  arriving: readonly WeighedDistribution[],
  bytesOf: (one: WeighedDistribution) => Bytes | null,
): Bytes | null {
  const gone = leaving.map(bytesOf).filter((bytes) => bytes !== null);
  const come = arriving.map(bytesOf);
  if (gone.length === 0 || come.includes(null)) return null;
  const sum = (values: readonly (Bytes | null)[]): Bytes =>
    values.reduce<Bytes>((total, bytes) => total + (bytes ?? 0), 0);
  return sum(gone) - sum(come);
}
