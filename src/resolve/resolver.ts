/**
 * Resolution of one environment for one target: PubGrub over the index, with the order of decisions and the rules of
 * uv, so that both choose the same versions. Here is what happens around the search: attempts follow one another until
 * one says what can be said.
 *
 * The parts: `run.ts` what an attempt knows, `universes.ts` the versions of each name, `packages.ts` what the solver
 * decides on, `search.ts` the loop, `dependencies.ts` what a version asks for, `conflict-tracker.ts` who moves up.
 */
import type { DistributionName } from '../types.ts';
import type { Leaf } from './candidates.ts';
import { CondaOutgrownError, splitConda } from './conda.ts';
import type { ConflictWorld, Note } from './conflict.ts';
import { rejectionsOf } from './conflict-tracker.ts';
import { brokenReleasesOf, explainConflict, missingNamesOf } from './explain.ts';
import { SearchGivenUpError, explainGivenUp } from './given-up.ts';
import type { Incompatibility } from './incompatibility.ts';
import type { ResolveAnswer, ResolveEnv, ResolveRequest } from './resolve-request.ts';
import type { CondaState, Run } from './run.ts';
import { createRun, createShared } from './run.ts';
import { search } from './search.ts';
import { NoSolutionError } from './solver.ts';

/** Finds one version for everything that is wanted, or says why there is none. Throws only what the ports throw. */
export async function resolve(asked: ResolveRequest, env: ResolveEnv): Promise<ResolveAnswer> {
  const { pip: request, provisions, replaced } = splitConda(asked);
  // A name that no index has is first a conflict to go round; only if that alone is in the way it becomes a leaf.
  const leaves = new Map<DistributionName, Leaf>();
  // The same for a release whose metadata is broken: only where nothing else fits it is taken as it is.
  const tolerated = new Set<string>();
  const conda: CondaState = { provisions: new Map(provisions), replaced: new Map(replaced) };
  const shared = createShared(request, env, conda);
  const { precedents } = env;
  for (;;) {
    const run = createRun(shared, leaves, tolerated);
    try {
      const followed = (await precedents?.follow(run)) ?? null;
      if (followed !== null) return { solved: true, graph: followed };
      const graph = await search(run);
      precedents?.keep(run);
      return { solved: true, graph };
    } catch (error) {
      if (error instanceof CondaOutgrownError) {
        const { provision, why } = error;
        conda.provisions.delete(provision.name);
        conda.replaced.set(provision.name, { provision, why });
        continue;
      }
      if (error instanceof SearchGivenUpError)
        return {
          solved: false,
          conflict: explainGivenUp(
            error.steps,
            rejectionsOf(run.conflicts, run.packages),
            request.requirements,
          ),
        };
      if (!(error instanceof NoSolutionError)) throw error;
      const root = error.incompatibility as Incompatibility<Note>;
      const missing = missingNamesOf(root).filter(({ name }) => !leaves.has(name));
      const broken = brokenReleasesOf(root).filter((release) => !tolerated.has(release));
      if (missing.length === 0 && broken.length === 0)
        return { solved: false, conflict: explainConflict(root, worldOf(run)) };
      for (const { name, leaf } of missing) leaves.set(name, leaf);
      for (const release of broken) tolerated.add(release);
    }
  }
}

function worldOf(run: Run): ConflictWorld {
  return {
    universeOf: (name) => {
      const universe = run.universes.get(run.leaves.has(name) ? `${name} leaf` : name);
      return universe instanceof Promise ? undefined : universe;
    },
    python: run.request.target.python,
  };
}
