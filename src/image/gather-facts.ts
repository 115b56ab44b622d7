/** Gathers what advice on the image rests on: the last thing that is asked of the index and of the disk. */
import type { EnvironmentResult } from '../document.ts';
import type { FileAccess } from '../inputs/file-access.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import type { IndexClient } from '../package-index/index-client.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { Environment, TargetEnvironment } from '../types.ts';
import type { ImageBesides } from './besides.ts';
import { readCopiedConstraints } from './copied-constraints.ts';
import { hasMuslVariant } from './base-images.ts';
import { measureContext } from './build-context.ts';
import type { ImageFacts } from './image-facts.ts';
import {
  findBuiltOnMusl,
  findWithoutMusl,
  releasesInLock,
  releasesOnIndex,
  type MuslCost,
  type ReleaseFinder,
} from './musl-wheels.ts';

/** What is known of the project so far. */
export interface ImageQuestion {
  readonly project: ProjectInputs;
  /** That for production first. */
  readonly environments: readonly EnvironmentResult[];
  readonly besides: ImageBesides | null;
  readonly files: FileAccess;
  readonly target: TargetEnvironment;
  readonly client: IndexClient;
}

/** The facts on the image of the product; null where there is none, or where another set than its own is asked for. */
export async function gatherImageFacts({
  project,
  environments,
  besides,
  files,
  target,
  client,
}: ImageQuestion): Promise<ImageFacts | null> {
  const [production] = environments;
  const image = project.weighedImage ?? project.image;
  if (image === null || production?.environment.id !== 'prod') return null;
  return {
    image,
    isWeighed: project.weighedImage !== null,
    steps: project.steps,
    inputs: project.inputs,
    declared: production.environment.requirements,
    overrides: production.environment.overrides,
    earlier: besides?.earlier ?? null,
    besides: production.besides ?? [],
    constraints: readCopiedConstraints(image, files),
    contexts: measureContext(image, files),
    musl: await muslCost(image, production, { target, client }),
  };
}

/** Asked only where the base has a variant on musl, or is one. */
async function muslCost(
  image: ProductImage,
  { environment, graph }: EnvironmentResult,
  { target, client }: Pick<ImageQuestion, 'target' | 'client'>,
): Promise<MuslCost | null> {
  if (target.libc === 'musl' && image.base.musl !== null) return findBuiltOnMusl(graph, client);
  if (!hasMuslVariant(image.baseName) || target.libc !== 'glibc') return null;
  return findWithoutMusl(graph, target, {
    findRelease: findReleases(environment, client),
    builds: client,
  });
}

function findReleases({ locked }: Environment, client: IndexClient): ReleaseFinder {
  return locked === undefined ? releasesOnIndex(client) : releasesInLock(locked.facts.pins);
}

/** What musl would cost where no image says what the base is; null where that is no question. */
export async function gatherMuslCost(
  { environment, graph }: EnvironmentResult,
  { target, client }: Pick<ImageQuestion, 'target' | 'client'>,
): Promise<MuslCost | null> {
  if (environment.id !== 'prod' || target.libc !== 'glibc') return null;
  // conda has its own packages of the C library, and none for musl.
  if (graph.distributions.some(({ unknownReason }) => unknownReason === 'conda')) return null;
  return findWithoutMusl(graph, target, {
    findRelease: findReleases(environment, client),
    builds: null,
  });
}
