/** Files that an image is built with and that no repository holds: the build itself makes them. */
import { fileNameOf } from '../inputs/file-access.ts';
import type { InstallCommand } from './install-command.ts';
import type { ImageLayer, ProductImage } from './product-image.ts';
import type { ShellCommand } from './shell-lines.ts';
import { textsOf } from './shell-pieces.ts';

/** True for a file that a command before some install command writes, or that a heredoc of COPY holds. */
export function isMadeBefore(
  { layers }: ProductImage,
  install: InstallCommand,
  path: string,
): boolean {
  // What comes through a pipe: `-`, `/dev/stdin`, `<(poetry export)`.
  if (/^(?:-$|<|\/dev\/)/.test(path)) return true;
  const file = fileNameOf(path);
  const own = layers.findIndex(({ installs }) => installs.includes(install));
  return layers.slice(0, own + 1).some((layer, at) => {
    const isLast = at === own;
    return (
      isWrittenOut(layer, file) ||
      layer.commands.some(
        (command) => !(isLast && command.line > install.line) && writes(command, file),
      )
    );
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
