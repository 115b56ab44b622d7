/**
 * What commands of an image delete, and which earlier layer wrote it. A layer holds what was written in it for good: only
 * deleting in the same instruction makes an image smaller.
 */
import { joinPath } from '../inputs/file-access.ts';
import type { ImageLayer } from '../target/image-layers.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { ShellCommand } from '../target/shell-lines.ts';
import { textsOf } from '../target/shell-pieces.ts';
import type { Composition } from '../types.ts';
import { emptiesCache } from './install-layers.ts';

/** A part of what is installed, by what a deletion names. */
export type DeletedPart = keyof Composition | 'bytecode';

/** A command by where it stands. */
export type WrittenCommand = Pick<ShellCommand, 'line' | 'script'>;

/** A deletion that frees nothing. */
export interface LateDeletion {
  /** The command. */
  readonly at: WrittenCommand;
  /** What wrote it, in order; a copy and the like by the line of its instruction. */
  readonly writers: readonly WrittenCommand[];
  /** As written, shortened: `rm -rf /root/.cache`. */
  readonly command: string;
  readonly kind: 'cache' | 'packages' | 'copy' | 'apt';
  /** Of `packages`: what of them, where the command tells; of all that is installed, or of nothing that could be told. */
  readonly parts: readonly DeletedPart[];
}

/** In the order of the file. `cachingLines`: instructions that leave downloads behind. */
export function findLateDeletions(
  { layers }: ProductImage,
  cachingLines: ReadonlySet<number>,
): readonly LateDeletion[] {
  const own = layers.filter(({ isInImage }) => isInImage);
  return own.flatMap((layer, at) => {
    const before = own.slice(0, at);
    return layer.commands.flatMap((command) => {
      const found = explain(command, layer, { before, cachingLines });
      return found === null ? [] : [{ at: command, command: shorten(command), ...found }];
    });
  });
}

type Explained = Pick<LateDeletion, 'writers' | 'kind' | 'parts'>;

function explain(
  command: ShellCommand,
  layer: ImageLayer,
  {
    before,
    cachingLines,
  }: { readonly before: readonly ImageLayer[]; readonly cachingLines: ReadonlySet<number> },
): Explained | null {
  const [name = ''] = textsOf(command.words);
  if (emptiesCache(command)) {
    const writer = before.findLast(({ line }) => cachingLines.has(line));
    if (writer === undefined) return null;
    return { writers: writer.installs.filter(isInstall), kind: 'cache', parts: [] };
  }
  if (/^(?:apt-get|apt|apk)$/.test(name)) return explainPackages(command, layer, before);
  const paths = deletedPaths(command);
  if (paths.length === 0) return null;
  const lists = paths.some((path) => path.startsWith('/var/lib/apt/lists'));
  if (lists) {
    const updates = ({ commands }: ImageLayer): boolean => commands.some(updatesLists);
    const writer = updates(layer) ? undefined : before.findLast(updates);
    if (writer === undefined) return null;
    return { writers: writer.commands.filter(updatesLists), kind: 'apt', parts: [] };
  }
  const inImage = (path: string): string =>
    joinPath(joinPath(layer.folder, command.folder), path.replace(/\/\*?$/, ''));
  const copy = before.findLast(({ copies }) =>
    copies.some(({ into }) => paths.some((path) => isAtOrBelow(into, inImage(path)))),
  );
  if (copy !== undefined && !paths.some(isEnvironment))
    return { writers: [ofLayer(copy)], kind: 'copy', parts: [] };
  if (layer.installs.some(isInstall)) return null;
  const parts = partsOf(command);
  if (
    !paths.some(isEnvironment) &&
    !(parts.length > 0 && paths.some((path) => /^\/(?:usr)?\/?$/.test(path)))
  )
    return null;
  const writers = before.flatMap((one): readonly WrittenCommand[] => {
    const { installs, copies } = one;
    const takesOver = copies.some(({ from, target }) => from !== null && isEnvironment(target));
    return takesOver ? [ofLayer(one)] : installs.filter(isInstall);
  });
  const isWhole = paths.every((path) => wholeEnvironment.test(path));
  return writers.length === 0 ? null : { writers, kind: 'packages', parts: isWhole ? parts : [] };
}

/** All that is installed lies below; of one folder in it no row of bytes tells. */
const wholeEnvironment =
  /^(?:\/(?:usr(?:\/local(?:\/lib)?)?)?|.*\/python[\d.*]*|.*(?:site|dist)-packages|[^ ]*venv|.*\.local(?:\/lib)?)\/?\*?$/;

function isInstall({ removes }: ImageLayer['installs'][number]): boolean {
  return removes.length === 0;
}

function ofLayer({ line }: ImageLayer): WrittenCommand {
  return { line, script: null };
}

function explainPackages(
  { words }: ShellCommand,
  layer: ImageLayer,
  before: readonly ImageLayer[],
): Explained | null {
  const [, verb = '', ...rest] = textsOf(words).filter((word) => !word.startsWith('-'));
  if (!/^(?:purge|remove|del)$/.test(verb)) return null;
  const installs = (command: ShellCommand): boolean => {
    const [name = '', own = '', ...names] = textsOf(command.words).filter(
      (word) => !word.startsWith('-'),
    );
    return (
      /^(?:apt-get|apt|apk)$/.test(name) &&
      /^(?:install|add)$/.test(own) &&
      names.some((one) => rest.includes(one))
    );
  };
  if (layer.commands.some(installs)) return null;
  const writers = before.findLast(({ commands }) => commands.some(installs))?.commands;
  return writers === undefined
    ? null
    : { writers: writers.filter(installs), kind: 'apt', parts: [] };
}

function updatesLists({ words }: ShellCommand): boolean {
  const texts = textsOf(words);
  return /^apt(?:-get)?$/.test(texts[0] ?? '') && texts.includes('update');
}

function deletedPaths({ words }: ShellCommand): readonly string[] {
  const [name = '', ...rest] = textsOf(words);
  if (name === 'rm') return rest.filter((word) => !word.startsWith('-'));
  if (name !== 'find') return [];
  const runs = rest.findIndex((word) => /^-exec(?:dir)?$/.test(word));
  const isDeleting =
    rest.includes('-delete') ||
    // `-exec rm`, `-exec sh -c 'rm ...'`; `-exec sed` and the like write.
    (runs !== -1 &&
      rest.slice(runs + 1).some((word) => /(?:^|[\s/])(?:rm|strip)(?:\s|$)/.test(word)));
  // Paths come before the first test.
  const end = rest.findIndex((word) => word.startsWith('-') || word === '(' || word === '\\(');
  return isDeleting ? rest.slice(0, Math.max(end, 0)) : [];
}

function isEnvironment(path: string): boolean {
  return /site-packages|dist-packages|venv|\/usr\/local(?:\/lib.*)?\/?$|\/usr\/lib\/python|\.local/.test(
    path,
  );
}

function isAtOrBelow(target: string, deleted: string): boolean {
  const folder = deleted.replace(/\/\*?$/, '');
  const place = target.replace(/\/+$/, '');
  return (
    folder.startsWith('/') &&
    folder.length > 1 &&
    (place === folder || place.startsWith(`${folder}/`))
  );
}

const partWords: readonly (readonly [RegExp, DeletedPart])[] = [
  [/\.py\[?c|__pycache__/, 'bytecode'],
  [/(?:^|\/)tests?\/?\*?$/, 'tests'],
  [/\.pyi$/, 'typeStubs'],
  [/\.(?:c|cpp|pyx|\[ch\])$/, 'sources'],
  [/\.(?:h|hpp|pxd)$/, 'headers'],
  [/\.a$/, 'staticLibraries'],
  [/\.map$/, 'sourceMaps'],
];

function partsOf({ words }: ShellCommand): readonly DeletedPart[] {
  const texts = textsOf(words);
  return partWords
    .filter(([word]) => texts.some((text) => word.test(text)))
    .map(([, part]) => part);
}

function shorten({ words }: ShellCommand): string {
  const text = textsOf(words).join(' ');
  return text.length > 60 ? `${text.slice(0, 57)}…` : text;
}
