/**
 * What an image held before a later command took something out or replaced it. pip keeps what is there, so that each command
 * adds to the set of those before it, and only names that are uninstalled or pinned anew change.
 */
import {
  commandOf,
  inputOfImage,
  installsSomething,
  isOfImage,
  nameIn,
} from '../inputs/dockerfile.ts';
import { ownNames } from '../inputs/image-source.ts';
import { mainSetOf } from '../inputs/related-files.ts';
import type { ProjectInputs } from '../inputs/project.ts';
import type { ResolveMore } from '../resolve/project.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { DeclaredRequirement, Environment, WeighedGraph } from '../types.ts';
import type { EarlierSet } from './image-facts.ts';

/** Resolves it; null where no command changes what an earlier one installed, or that has no solution. */
export async function findEarlierSet(
  { weighedImage: image, steps, inputs }: ProjectInputs,
  { environment, graph }: { readonly environment: Environment; readonly graph: WeighedGraph },
  resolveMore: ResolveMore,
): Promise<EarlierSet | null> {
  if (image === null) return null;
  const { installs } = image;
  const first = installs.findIndex(installsSomething);
  const needed = neededIn(environment, graph, image);
  const at = installs.findIndex(
    ({ removes, packages }, index) =>
      index > first &&
      first !== -1 &&
      (removes.length > 0 ||
        packages.some(({ text }) => /[=<>~]/.test(text) && needed.has(nameIn(text)))),
  );
  const changing = installs[at];
  const before = installs.slice(0, Math.max(at, 0)).findLast(installsSomething);
  if (changing === undefined || before === undefined) return null;
  const laterPaths = new Set(
    steps
      .filter(({ command }) => command >= at)
      .map(({ path }) => path)
      .filter((path) => !steps.some((step) => step.path === path && step.command < at)),
  );
  const isEarlier = ({ location }: DeclaredRequirement): boolean =>
    !isOfImage(location, image) && !laterPaths.has(location.path);
  // What a command settled that names files alone.
  const isSettled = (declared: DeclaredRequirement): boolean =>
    isOfImage(declared.location, image) &&
    commandOf(declared, image) === -1 &&
    declared.location.line < changing.line;
  const written = inputOfImage({ ...image, installs: installs.slice(0, at) }, ownNames(inputs));
  const { locked: _locked, ...unlocked } = environment;
  const kept: Environment = {
    ...unlocked,
    requirements: [...environment.requirements.filter(isEarlier), ...mainSetOf(written)],
    overrides: [
      ...environment.overrides.filter((one) => isEarlier(one) || isSettled(one)),
      ...written.overrides,
    ],
    // Those of its own commands serve the names that they stand beside.
    options: withoutLater(environment.options),
  };
  const outcome = await resolveMore(kept);
  if (!outcome.solved) return null;
  return { graph: outcome.graph, command: at, line: changing.line, installedAt: before.line };
}

function withoutLater({
  laterIndexUrls: _later,
  ...options
}: Environment['options']): Environment['options'] {
  return options;
}

/** Names that others need, or that a file declares beside the Dockerfile. */
function neededIn(
  { requirements }: Environment,
  { distributions }: WeighedGraph,
  image: ProductImage,
): ReadonlySet<string> {
  return new Set([
    ...distributions.flatMap(({ dependencies }) => dependencies.map(({ name }) => name)),
    ...requirements
      .filter(({ location }) => !isOfImage(location, image))
      .map(({ requirement }) => requirement.name),
  ]);
}
