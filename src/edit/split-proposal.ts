import type { HeldResolution } from '../resolve/held.ts';
import type { WeighedGraph } from '../types.ts';
import { totalsOf } from '../weigh/totals.ts';
import type { SplitProposal } from './plan-splits.ts';

/** A proposal with the totals of what it holds. */
export function toProposal(
  graph: WeighedGraph,
  held: HeldResolution,
  parts: Pick<SplitProposal, 'file' | 'kind' | 'content' | 'resolvable' | 'removed'>,
): SplitProposal {
  const totals = totalsOf(graph.distributions.filter(({ name }) => held.names.has(name)));
  return { ...parts, graph, held, totals };
}
