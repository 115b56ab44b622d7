/**
 * Programs that install others (Poetry, uv, pipenv, ...), where an image installs them itself: nothing of the product needs them,
 * and they stay in the image all the same.
 *
 * Traps: a base image brings pip, before Python 3.12 setuptools and wheel as well, so that these are replaced and not added; a
 * stage that is only copied from keeps its own; a command may take out again what it installed.
 */
import { normalizeName } from '../pep/name.ts';
import type { BaseImage } from '../target/base-image.ts';
import type { InstallCommand } from '../target/install-command.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { DeclaredRequirement } from '../types.ts';
import { declareRequirement } from './declare.ts';
import { isProgram, nameIn } from './dockerfile.ts';
import { isInstaller } from './installer-names.ts';
import type { InstallStep } from './primary-source.ts';

/** An installer that a command of the image asks for. */
export interface ImageInstaller {
  readonly declared: DeclaredRequirement;
  /** The command. */
  readonly install: InstallCommand;
  /** Taken out again later, without what came with it. */
  readonly isRemoved: boolean;
}

/** Those that lie in the image, in order; of a name the last. What a stage installs is one where the place of it is copied. */
export function installersOfImage(image: ProductImage): readonly ImageInstaller[] {
  const { path, base } = image;
  const found = new Map<string, ImageInstaller>();
  for (const install of arrivingInstalls(image)) {
    for (const removed of install.removes.map((name) => normalizeName(name))) {
      const known = found.get(removed);
      if (known !== undefined) found.set(removed, { ...known, isRemoved: true });
    }
    if (install.onlyFetches) continue;
    for (const { text, line, script } of install.packages) {
      const name = nameIn(text);
      if (!isInstaller(name) || comesWithPython(name, base)) continue;
      const place = { path: script ?? path, line, column: 1 };
      const { declared } = declareRequirement({ text, folder: '.', at: () => place });
      if (declared !== null && declared.source === 'index')
        found.set(name, { declared, install, isRemoved: false });
    }
  }
  return [...found.values()];
}

/** pip is in every image of Python, and surely nothing else is where Python 3.12 or newer is what the image is named for. */
export function comesWithPython(name: string, { python, pythonIsNamed }: BaseImage): boolean {
  if (name === 'pip') return true;
  if (name !== 'setuptools' && name !== 'wheel') return false;
  const [major = 3, minor = 0] = (python ?? '').split('.').map(Number);
  return !pythonIsNamed || major < 3 || (major === 3 && minor < 12);
}

/** Of the image itself, and of stages where it is known that what they install is copied. */
function arrivingInstalls({ layers }: ProductImage): readonly InstallCommand[] {
  return layers.flatMap(({ isInImage, installs }) =>
    installs.filter(({ places }) => isInImage || places !== null),
  );
}

/** Programs that it installs into environments of their own, in order; of a name the last. */
export function programsOfImage(image: ProductImage): readonly DeclaredRequirement[] {
  const found = new Map<string, DeclaredRequirement>();
  for (const install of arrivingInstalls(image).filter((one) => isProgram(one, image))) {
    for (const { text, line, script } of install.packages) {
      if (isInstaller(nameIn(text))) continue;
      const place = { path: script ?? image.path, line, column: 1 };
      const { declared } = declareRequirement({ text, folder: '.', at: () => place });
      if (declared !== null && declared.source === 'index')
        found.set(declared.requirement.name, declared);
    }
  }
  return [...found.values()];
}

/** Whether the set lies in an environment of its own, so that what it shares with the installers is there twice. */
export function isIsolated(
  image: ProductImage,
  steps: readonly InstallStep[],
  installers: readonly ImageInstaller[],
): boolean {
  const commands = steps.flatMap(({ command }) => image.installs[command] ?? []);
  return (
    commands.length > 0 &&
    commands.every(
      (install) =>
        installers.every((one) => areApart(install, one.install)) ||
        // A tool that keeps its environments where it likes.
        (install.places === null && install.sync !== null),
    )
  );
}

/** Surely: of both it is known where they install to, and that is nowhere the same. */
function areApart({ places: one }: InstallCommand, { places: other }: InstallCommand): boolean {
  if (one === null || other === null) return false;
  return one.every(({ path }) => !other.some((place) => place.path === path));
}
