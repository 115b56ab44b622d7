/** Files that an image is built with and that no repository holds: the build itself makes them. */
import { fileNameOf } from '../inputs/file-access.ts';
import type { ImageLayer } from './image-layers.ts';
import type { InstallCommand } from './install-command.ts';
import type { ProductImage } from './product-image.ts';
import type { ShellCommand } from './shell-lines.ts';
import { textsOf } from './shell-pieces.ts';

/** True for a file that a command before some install command writes, or that a heredoc of COPY holds. */
export function isMadeBefore(image: ProductImage, install: InstallCommand, path: string): boolean {
  // What comes through a pipe: `-`, `/dev/stdin`, `<(poetry export)`.
  if (/^(?:-$|<|\/dev\/)/.test(path)) return true;
  const file = fileNameOf(path);
  return (
    layersBefore(image, install, file).some((layer) => isWrittenOut(layer, file)) ||
    commandsBefore(image, install, file).some((command) => writes(command, file))
  );
}

/** True for a file that such a command adds lines to: it begins one where there is none. */
export function isAddedToBefore(
  image: ProductImage,
  install: InstallCommand,
  path: string,
): boolean {
  const file = fileNameOf(path);
  return commandsBefore(image, install, file).some(({ words }) => addsTo(textsOf(words), file));
}

/** Since a file of that name was copied, its own layer included. */
function layersBefore(
  { layers }: ProductImage,
  install: InstallCommand,
  file: string,
): readonly ImageLayer[] {
  const own = layers.findIndex(({ installs }) => installs.includes(install));
  const before = layers.slice(0, own + 1);
  const copied = before.findLastIndex(({ copies }) =>
    copies.some(
      ({ from, sources }) => from === null && sources.some((one) => fileNameOf(one) === file),
    ),
  );
  return before.slice(copied + 1);
}

function commandsBefore(
  image: ProductImage,
  install: InstallCommand,
  file: string,
): readonly ShellCommand[] {
  const layers = layersBefore(image, install, file);
  return layers.flatMap(({ commands }, at) => {
    if (at !== layers.length - 1) return commands;
    const own = commands.findLastIndex(
      ({ line, script }) =>
        line === install.line &&
        (script === install.script ||
          (script?.path === install.script?.path && script?.line === install.script?.line)),
    );
    return commands.slice(0, own + 1);
  });
}

/** `COPY <<EOF /requirements.txt`. */
function isWrittenOut({ copies }: ImageLayer, file: string): boolean {
  return copies.some(
    ({ from, sources, target }) =>
      from === null && sources.length === 0 && fileNameOf(target) === file,
  );
}

/** `> FILE`, `-o FILE`, `tee FILE`, `pip-compile`; what is only added to (`>>`) was there. */
function writes({ words }: ShellCommand, file: string): boolean {
  const texts = textsOf(words);
  const [name = ''] = texts;
  const isFile = (text: string | undefined): boolean =>
    text !== undefined && fileNameOf(text) === file;
  if (name === 'pip-compile' && !texts.some((text) => /^(?:-o|--output-file)/.test(text)))
    return file.endsWith('.txt') && texts.every((text) => !isFile(text));
  if (name === 'tee') return !texts.includes('-a') && texts.slice(1).some(isFile);
  return texts.some((text, at) => {
    if (/^\d?>$/.test(text) || /^(?:-o|-O|--output|--output-file|--output-document)$/.test(text))
      return isFile(texts[at + 1]);
    const joined = /^(?:\d?>|--output(?:-file)?=|-o=?)([^>].*)$/.exec(text)?.[1];
    return isFile(joined);
  });
}

/** `>> FILE`, `tee -a FILE`. */
function addsTo(texts: readonly string[], file: string): boolean {
  if (texts[0] === 'tee' && texts.includes('-a'))
    return texts.slice(1).some((text) => fileNameOf(text) === file);
  return texts.some((text, at) => {
    const joined = /^1?>>(.*)$/.exec(text)?.[1];
    return joined !== undefined && fileNameOf(joined || (texts[at + 1] ?? '')) === file;
  });
}
