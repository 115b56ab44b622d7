/**
 * What an image holds besides the set that it is for: the rest of what a later command took out, and programs that only
 * install. It is in the image all the same, so that it counts in totals and budgets; nothing of the set needs it.
 */
import { installersOfImage, isIsolated } from '../inputs/installers.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import type { ResolveMore } from '../resolve/project.ts';
import type {
  BesidesKind,
  DistributionName,
  Environment,
  SourceLocation,
  Warning,
  WeighedDistribution,
  WeighedGraph,
} from '../types.ts';
import { findEarlierSet } from './earlier-set.ts';
import type { EarlierSet } from './image-facts.ts';
import { findLeftBehind } from './left-behind.ts';

/** Distributions of an image that nothing of its set needs. */
export interface Besides {
  readonly kind: BesidesKind;
  /** What was taken out or replaced, or the installers that were asked for; sorted. */
  readonly names: readonly DistributionName[];
  readonly at: SourceLocation;
  /** Without what the set has as well, unless the two are apart. */
  readonly distributions: readonly WeighedDistribution[];
  /** In an environment of its own. */
  readonly isApart: boolean;
}

/** What is besides the set for production, and the set that this rests on. */
export interface ImageBesides {
  readonly sets: readonly Besides[];
  readonly earlier: EarlierSet | null;
  /** There is more, of which nothing is known. */
  readonly isPartial: boolean;
  readonly warnings: readonly Warning[];
}

/** Null where no image says what is weighed. */
export async function findBesides(
  project: ProjectInputs,
  production: { readonly environment: Environment; readonly graph: WeighedGraph },
  resolveMore: ResolveMore,
): Promise<ImageBesides | null> {
  const { weighedImage: image } = project;
  if (image === null) return null;
  const earlier = await findEarlierSet(project, production, resolveMore);
  const left = earlier && findLeftBehind(image, earlier, production.graph);
  const sets: Besides[] = [];
  if (left && earlier) {
    const orphans = new Set<string>(left.orphans);
    const { leaving, line } = left;
    sets.push({
      kind: 'left-behind',
      names: leaving.map(({ before }) => before.name),
      at: { path: image.path, line, column: 1 },
      distributions: earlier.graph.distributions.filter(({ name }) => orphans.has(name)),
      isApart: false,
    });
  }
  const { installers, warnings } = await findInstallers(project, production, resolveMore);
  const isPartial = installers === 'unknown';
  if (installers !== null && !isPartial) sets.push(installers);
  return { sets, earlier, isPartial, warnings };
}

/** `pip install poetry`: resolved by itself, as it came before the set or lies in an environment of its own. */
async function findInstallers(
  { weighedImage: image, steps }: ProjectInputs,
  { environment, graph }: { readonly environment: Environment; readonly graph: WeighedGraph },
  resolveMore: ResolveMore,
): Promise<{
  readonly installers: Besides | 'unknown' | null;
  readonly warnings: readonly Warning[];
}> {
  const found = image === null ? [] : installersOfImage(image);
  const [first] = found;
  if (image === null || first === undefined) return { installers: null, warnings: [] };
  const { id, project, options } = environment;
  const requirements = found.map(({ declared }) => declared);
  const alone = { id: `${id} installers`, project, inputs: [], constraints: [], overrides: [] };
  const outcome = await resolveMore({ ...alone, requirements, options });
  const names = [...new Set(requirements.map(({ requirement }) => requirement.name))].toSorted();
  const at = first.declared.location;
  if (!outcome.solved) {
    const message = `what ${names.join(', ')} weighs in the image cannot be told, and is in no figure: ${outcome.conflict.message}`;
    return { installers: 'unknown', warnings: [{ code: 'image-install-unread', message, ...at }] };
  }
  const isApart = isIsolated(image, steps, found);
  const own = new Set(graph.distributions.map(({ name }) => name));
  const removed = new Set(
    found.flatMap(({ isRemoved, declared }) => (isRemoved ? [declared.requirement.name] : [])),
  );
  const distributions = outcome.graph.distributions.filter(
    ({ name }) => !removed.has(name) && (isApart || !own.has(name)),
  );
  if (distributions.length === 0) return { installers: null, warnings: [] };
  // What is unknown of them is said as of all others.
  const warnings = outcome.graph.warnings.map((warning) => ({ ...at, ...warning }));
  return { installers: { kind: 'installer', names, at, distributions, isApart }, warnings };
}
