/** A weighed graph as plain JSON for the cache: requirements as text, everything else as it is. */
import type { Requirement, WeighedDistribution, WeighedGraph } from '../types.ts';
import { ParseError } from '../pep/parse-error.ts';
import { formatRequirement, parseRequirement } from '../pep/requirement.ts';

interface StoredDistribution extends Omit<WeighedDistribution, 'requires'> {
  readonly requires: readonly string[];
}

/** What the cache keeps of a graph. */
export interface StoredGraph extends Omit<WeighedGraph, 'distributions'> {
  readonly distributions: readonly StoredDistribution[];
}

export function encodeGraph(graph: WeighedGraph): StoredGraph {
  return {
    ...graph,
    distributions: graph.distributions.map((distribution) => ({
      ...distribution,
      requires: distribution.requires.map(formatRequirement),
    })),
  };
}

/** The graph, null where a requirement cannot be read: then another version of depweight wrote it. */
export function decodeGraph(stored: StoredGraph): WeighedGraph | null {
  try {
    const distributions = stored.distributions.map((distribution) => ({
      ...distribution,
      requires: distribution.requires.map((text): Requirement => parseRequirement(text)),
    }));
    return { ...stored, distributions };
  } catch (error) {
    if (error instanceof ParseError) return null;
    throw error;
  }
}
