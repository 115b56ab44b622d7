/** All remedies that may change files, applied together (CONTRACT.md, Splits: slim). */
import { formatRequirement } from '../pep/requirement.ts';
import type { ResolveMore } from '../resolve/project.ts';
import type { DistributionName, WeighedGraph } from '../types.ts';
import { changedEnvironment, heldVersions } from './changed-environment.ts';
import type { RemedyContext } from './remedy-context.ts';
import type { Remedy } from './remedy.ts';

/** What becomes of the lines of a distribution. */
export interface LineReplacement {
  readonly name: DistributionName;
  /** Without a marker. null where the lines go. */
  readonly text: string | null;
}

/** The lines that change, and what the set then comes to. */
export interface Slim {
  readonly replacements: readonly LineReplacement[];
  /** Options for the top of the file. */
  readonly options: readonly string[];
  readonly graph: WeighedGraph;
}

/**
 * The remedies that are at least likely, as far as they fit together; null where there are none. What an index that is not
 * configured would give is left out: it cannot be proven.
 */
export async function findSlim(
  remedies: readonly Remedy[],
  context: RemedyContext,
  resolveMore: ResolveMore,
): Promise<Slim | null> {
  // A file has hashes for every line or for none, and for what is new there is none.
  if (context.lines.some(({ hashes }) => hashes.length > 0)) return null;
  const changed = new Set<DistributionName>();
  const chosen = remedies.filter(({ confidence, replacements, added }) => {
    const names = replacements.map(({ name }) => name);
    if (confidence === 'possible' || names.length === 0 || added.length > 0) return false;
    if (names.some((name) => changed.has(name))) return false;
    names.forEach((name) => changed.add(name));
    return true;
  });
  // The smallest saving is the first to be given up.
  for (let count = chosen.length; count > 0; count--) {
    const applied = chosen.slice(0, count);
    const environment = changedEnvironment(applied, context);
    const outcome = await resolveMore(environment, heldVersions(applied, context));
    if (!outcome.solved) continue;
    const replacements = applied.flatMap((remedy) =>
      remedy.replacements.map(({ name, requirement }) => ({
        name,
        text: requirement === null ? null : formatRequirement(requirement),
      })),
    );
    return { replacements, options: [], graph: outcome.graph };
  }
  return null;
}
