/** What later commands of an image take out or put another version of in its place. */
import { nameIn } from '../inputs/dockerfile.ts';
import { normalizeName } from '../pep/name.ts';
import type { InstallCommand } from '../target/install-command.ts';
import type { DistributionName, WeighedDistribution, WeighedGraph } from '../types.ts';
import { layerOf, type EarlierSet, type ImageFacts } from './image-facts.ts';

/** One name that was there and is not what it was. */
export interface ChangedName {
  readonly before: WeighedDistribution;
  /** Null where it is gone. */
  readonly after: WeighedDistribution | null;
  /** Line of the command that took it out, null where it was merely replaced. */
  readonly removedAt: number | null;
  /** Line of the command that installs the other version, null for none. */
  readonly replacedAt: number | null;
  /** The command that took it out, else the one that installs the other version. */
  readonly changedBy: InstallCommand | null;
}

/** By name, sorted. */
export function changedNames(
  { image }: Pick<ImageFacts, 'image'>,
  { graph: earlier, command }: EarlierSet,
  graph: WeighedGraph,
): readonly ChangedName[] {
  const later = image.installs.slice(command);
  const now = new Map(graph.distributions.map((one) => [one.name, one]));
  return earlier.distributions.flatMap((before): ChangedName[] => {
    const { name } = before;
    const removal = later.find(({ removes }) => removes.some((one) => normalizeName(one) === name));
    const replacement = later.findLast(({ packages }) =>
      packages.some(({ text }) => nameIn(text) === name),
    );
    const after = now.get(name) ?? null;
    const isChanged =
      removal !== undefined || (replacement !== undefined && after?.version !== before.version);
    if (!isChanged) return [];
    return [
      {
        before,
        after,
        removedAt: removal?.line ?? null,
        replacedAt: replacement?.line ?? null,
        changedBy: removal ?? replacement ?? null,
      },
    ];
  });
}

/** The last command before the change that installed something; the line alone where it is none of the image's. */
export function installedBefore(
  { installs }: ImageFacts['image'],
  { command, installedAt }: EarlierSet,
): InstallCommand | number {
  return (
    installs
      .slice(0, command)
      .findLast(({ line, removes }) => line === installedAt && removes.length === 0) ?? installedAt
  );
}

/** All that some names reach, they themselves included. */
export function reachedFrom(
  { distributions }: WeighedGraph,
  names: Iterable<DistributionName>,
): ReadonlySet<DistributionName> {
  const byName = new Map(distributions.map((one) => [one.name, one]));
  const reached = new Set(names);
  for (const name of reached) {
    for (const edge of byName.get(name)?.dependencies ?? []) reached.add(edge.name);
  }
  return reached;
}

/** True where two commands belong to layers of the image itself that lie upon each other. */
export function isInLayerBelow({ image }: ImageFacts, first: number, second: number): boolean {
  const below = layerOf(image, first);
  const above = layerOf(image, second);
  return below?.isInImage === true && above?.isInImage === true && below.line !== above.line;
}
