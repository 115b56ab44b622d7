/** What is resolved to measure changes: the environment without what leaves anyway, with its lines changed. */
import { formatRequirement } from '../pep/requirement.ts';
import { versionsInForce } from '../resolve/held.ts';
import type {
  DeclaredRequirement,
  DistributionName,
  Environment,
  Requirement,
  Version,
} from '../types.ts';
import type { RemedyContext } from './remedy-context.ts';
import type { Proposal, Replacement } from './remedy.ts';

/** The environment with the changes. A lock is left out: `heldVersions` hold what stays, and the rest is free. */
export function changedEnvironment(
  proposals: readonly Proposal[],
  { environment, lines }: RemedyContext,
): Environment {
  const byName = new Map(
    proposals.flatMap(({ replacements }) => replacements).map((one) => [one.name, one]),
  );
  const added = proposals.flatMap((proposal) => proposal.added);
  const { pins: _pins, locked: _locked, lockedAt: _lockedAt, ...rest } = environment;
  const changed = lines.flatMap((line) => {
    const replacement = byName.get(line.requirement.name);
    return replacement === undefined ? [unhashed(line)] : replaceLine(line, replacement);
  });
  const [first] = lines;
  const beside = first === undefined ? [] : added.map((one) => lineOf(first, one));
  const options = { ...environment.options, requireHashes: false };
  return { ...rest, options, requirements: [...changed, ...beside] };
}

/** Hashes are given for every distribution or none, and for what is new there is none. */
function unhashed(line: DeclaredRequirement): DeclaredRequirement {
  return line.hashes.length === 0 ? line : { ...line, hashes: [] };
}

function replaceLine(
  line: DeclaredRequirement,
  { requirement }: Replacement,
): readonly DeclaredRequirement[] {
  if (requirement === null) return [];
  const { marker, markerText } = line.requirement;
  return [lineOf(line, { ...requirement, marker, markerText })];
}

function lineOf(like: DeclaredRequirement, requirement: Requirement): DeclaredRequirement {
  return { ...unhashed(like), requirement, raw: formatRequirement(requirement) };
}

/** The versions in force, but for what a newer release is asked of. */
export function heldVersions(
  proposals: readonly Proposal[],
  { graph }: Pick<RemedyContext, 'graph'>,
): ReadonlyMap<DistributionName, Version> {
  const free = new Set(
    proposals
      .filter(({ fit }) => fit === 'release')
      .flatMap(({ replacements }) => replacements.map(({ name }) => name)),
  );
  return new Map([...versionsInForce(graph)].filter(([name]) => !free.has(name)));
}
