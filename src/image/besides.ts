/**
 * What an image holds besides the set that it is for: the rest of what a later command took out, and programs that only
 * install. It is in the image all the same, so that it counts in totals and budgets; nothing of the set needs it.
 */
import {
  comesWithPython,
  installersOfImage,
  isIsolated,
  programsOfImage,
} from '../inputs/installers.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import type { ResolveMore } from '../resolve/project.ts';
import type { ProductImage } from '../target/product-image.ts';
import type {
  BesidesKind,
  DeclaredRequirement,
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
  const apart = [
    await findInstallers(project, production.environment, resolveMore),
    ...(await findPrograms(image, production.environment, resolveMore)),
  ];
  return {
    sets: [...sets, ...apart.flatMap((one) => one.set ?? [])],
    earlier,
    isPartial: apart.some(({ isUnknown }) => isUnknown),
    warnings: apart.flatMap(({ warnings }) => warnings),
  };
}

/** A set that was resolved by itself; null for nothing. */
interface ApartSet {
  readonly set: Besides | null;
  /** There is one, of which nothing is known. */
  readonly isUnknown: boolean;
  readonly warnings: readonly Warning[];
}

const nothing: ApartSet = { set: null, isUnknown: false, warnings: [] };

type ResolvedApart =
  | { readonly graph: WeighedGraph; readonly warnings: readonly Warning[] }
  | ApartSet;

/** Requirements without those of the set around them. */
async function resolveApart(
  requirements: readonly DeclaredRequirement[],
  { id, project, options }: Environment,
  resolveMore: ResolveMore,
): Promise<ResolvedApart> {
  const [first] = requirements;
  if (first === undefined) return nothing;
  const alone = { id: `${id} apart`, project, inputs: [], constraints: [], overrides: [] };
  const outcome = await resolveMore({ ...alone, requirements, options });
  const at = first.location;
  if (outcome.solved) {
    // What is unknown of them is said as of all others.
    const warnings = outcome.graph.warnings.map((warning) => ({ ...at, ...warning }));
    return { graph: outcome.graph, warnings };
  }
  const names = requirements.map(({ requirement }) => requirement.name);
  const message = `what ${names.join(', ')} weighs in the image cannot be told, and is in no figure: ${outcome.conflict.message}`;
  const warning = { code: 'image-install-unread', message, ...at };
  return { set: null, isUnknown: true, warnings: [warning] };
}

/** `pip install poetry`: resolved by itself, as it came before the set or lies in an environment of its own. */
async function findInstallers(
  { weighedImage: image, steps }: ProjectInputs,
  environment: Environment,
  resolveMore: ResolveMore,
): Promise<ApartSet> {
  const found = image === null ? [] : installersOfImage(image);
  const [first] = found;
  if (image === null || first === undefined) return nothing;
  const requirements = found.map(({ declared }) => declared);
  const resolved = await resolveApart(requirements, environment, resolveMore);
  if (!('graph' in resolved)) return resolved;
  const isApart = isIsolated(image, steps, found);
  const namesOf = (isRemoved: boolean): readonly DistributionName[] =>
    found
      .filter((one) => one.isRemoved === isRemoved)
      .map(({ declared }) => declared.requirement.name)
      .toSorted();
  const removed = namesOf(true);
  const distributions = resolved.graph.distributions.filter(
    ({ name }) => !removed.includes(name) && !comesWithPython(name, image.base),
  );
  if (distributions.length === 0) return nothing;
  const staying = namesOf(false);
  const kind = staying.length > 0 ? 'installer' : 'left-behind';
  const names = staying.length > 0 ? staying : removed;
  const at = first.declared.location;
  const set: Besides = { kind, names, at, distributions, isApart };
  return { set, isUnknown: false, warnings: resolved.warnings };
}

/** `pipx install NAME`: each with an environment of its own. */
async function findPrograms(
  image: ProductImage,
  environment: Environment,
  resolveMore: ResolveMore,
): Promise<readonly ApartSet[]> {
  const found: ApartSet[] = [];
  for (const declared of programsOfImage(image)) {
    const resolved = await resolveApart([declared], environment, resolveMore);
    if (!('graph' in resolved)) {
      found.push(resolved);
      continue;
    }
    const { distributions } = resolved.graph;
    const names = [declared.requirement.name];
    const set: Besides = {
      kind: 'program',
      names,
      at: declared.location,
      distributions,
      isApart: true,
    };
    found.push({ set, isUnknown: false, warnings: resolved.warnings });
  }
  return found;
}
