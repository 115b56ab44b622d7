/** Where each line of the source goes: it stays, it moves to the development file, or it goes. */
import { createHeldResolver, type HeldResolution, type Root } from '../resolve/held.ts';
import type { DeclaredRequirement, DistributionName } from '../types.ts';
import type { PlacedBlock } from './flatten.ts';
import type { SplitRequest } from './plan-splits.ts';
import type { Destination } from './select-blocks.ts';

/** The answers for one request. */
export interface Routing {
  readonly production: HeldResolution;
  /** What is asked for at the top of the production set. */
  readonly roots: readonly Root[];
  readonly destinationOfName: (name: DistributionName) => Destination;
  readonly destinationOf: (block: PlacedBlock) => Destination;
  /** The distribution that a block requires, null where it is none or could not be read. */
  readonly nameOf: (block: PlacedBlock) => DistributionName | null;
}

/** Decides for the names of a request; `lines` are those of the source. */
export function routeOf(request: SplitRequest, lines: readonly DeclaredRequirement[]): Routing {
  const { graph, unused, developmentOnly, compiledFor } = request;
  const held = createHeldResolver(graph, request.target);
  const declared = graph.roots.filter(({ name }) => compiledFor === null || compiledFor.has(name));
  const without = (...dropped: readonly ReadonlySet<DistributionName>[]): readonly Root[] =>
    declared.filter(({ name }) => !dropped.some((names) => names.has(name)));
  const roots = without(unused, developmentOnly);
  const production = held(roots);
  const development = held(without(unused));
  const isKnown = new Set(graph.distributions.map(({ name }) => name));

  const destinationOfName = (name: DistributionName): Destination => {
    // A pin of a compiled file that is not for this target cannot be judged here.
    const byPin = compiledFor !== null && !compiledFor.has(name) && isKnown.has(name);
    if (byPin) {
      if (production.names.has(name)) return 'stays';
      return development.names.has(name) ? 'moves' : 'goes';
    }
    if (unused.has(name)) return 'goes';
    return developmentOnly.has(name) ? 'moves' : 'stays';
  };
  const names = new Map(
    lines.map(({ location, requirement }) => [
      `${location.path}:${location.line}`,
      requirement.name,
    ]),
  );
  const namesByText = new Map(lines.map(({ raw, requirement }) => [raw, requirement.name]));
  const nameOf = (block: PlacedBlock): DistributionName | null => {
    if (block.kind !== 'item') return null;
    for (let line = block.line; line < block.end; line++) {
      const name = names.get(`${block.file}:${line}`);
      if (name !== undefined) return name;
    }
    // A line that says again what another one says was read once only.
    return namesByText.get(block.text.trim()) ?? null;
  };
  const destinationOf = (block: PlacedBlock): Destination => {
    const name = nameOf(block);
    return name === null ? 'stays' : destinationOfName(name);
  };
  return { production, roots, destinationOfName, destinationOf, nameOf };
}
