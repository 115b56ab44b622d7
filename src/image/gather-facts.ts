/** Gathers what advice on the image rests on: the last thing that is asked of the index and of the disk. */
import type { EnvironmentResult } from '../document.ts';
import type { FileAccess } from '../inputs/file-access.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import type { ResolveMore } from '../resolve/project.ts';
import { readCopiedConstraints } from './copied-constraints.ts';
import { measureContext } from './build-context.ts';
import { findEarlierSet } from './earlier-set.ts';
import type { ImageFacts } from './image-facts.ts';

/** What is known of the project so far. */
export interface ImageQuestion {
  readonly project: ProjectInputs;
  /** That for production first. */
  readonly environments: readonly EnvironmentResult[];
  readonly resolveMore: ResolveMore;
  readonly files: FileAccess;
}

/** The facts on the image of the product; null where there is none, or where another set than its own is asked for. */
export async function gatherImageFacts({
  project,
  environments,
  resolveMore,
  files,
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
    earlier: await findEarlierSet(project, production, resolveMore),
    constraints: readCopiedConstraints(image, files),
    contexts: measureContext(image, files),
    development: environments.find(({ environment }) => environment.id === 'dev')?.graph ?? null,
  };
}
