/**
 * What commands of an image delete, and which earlier layer wrote it. A layer holds what was written in it for good: only
 * deleting in the same instruction makes an image smaller.
 */
import type { ImageLayer } from '../target/image-layers.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { ShellCommand } from '../target/shell-lines.ts';
import { textsOf } from '../target/shell-pieces.ts';
import type { Composition } from '../types.ts';
import { emptiesCache } from './install-layers.ts';

/** A part of what is installed, by what a deletion names. */
export type DeletedPart = keyof Composition | 'bytecode';

/** A deletion that frees nothing. */
export interface LateDeletion {
  /** 1-based line of the command. */
  readonly line: number;
  /** The line that wrote it. */
  readonly writtenAt: number;
  /** As written, shortened: `rm -rf /root/.cache`. */
  readonly command: string;
  readonly kind: 'cache' | 'packages' | 'copy' | 'apt';
  /** Of `packages`: what of them, where the command tells. */
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
      return found === null ? [] : [{ line: command.line, command: shorten(command), ...found }];
    });
  });
}

type Explained = Pick<LateDeletion, 'writtenAt' | 'kind' | 'parts'>;

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
    return writer === undefined ? null : { writtenAt: writer.line, kind: 'cache', parts: [] };
  }
  if (/^(?:apt-get|apt|apk)$/.test(name)) return explainPackages(command, layer, before);
  const paths = deletedPaths(command);
  if (paths.length === 0) return null;
  const lists = paths.some((path) => path.startsWith('/var/lib/apt/lists'));
  if (lists) {
    const updates = ({ commands }: ImageLayer): boolean => commands.some(updatesLists);
    const writer = updates(layer) ? undefined : before.findLast(updates);
    return writer === undefined ? null : { writtenAt: writer.line, kind: 'apt', parts: [] };
  }
  const copy = before.findLast(({ copies }) =>
    copies.some(({ target }) => paths.some((path) => isAtOrBelow(target, path))),
  );
  if (copy !== undefined && !paths.some(isEnvironment))
    return { writtenAt: copy.line, kind: 'copy', parts: [] };
  if (layer.installs.some(({ removes }) => removes.length === 0)) return null;
  const parts = partsOf(command);
  if (
    !paths.some(isEnvironment) &&
    !(parts.length > 0 && paths.some((path) => /^\/(?:usr)?\/?$/.test(path)))
  )
    return null;
  const writer = before.findLast(
    ({ installs, copies }) =>
      installs.some(({ removes }) => removes.length === 0) ||
      copies.some(({ from, target }) => from !== null && isEnvironment(target)),
  );
  return writer === undefined ? null : { writtenAt: writer.line, kind: 'packages', parts };
}

function explainPackages(
  { words }: ShellCommand,
  layer: ImageLayer,
  before: readonly ImageLayer[],
): Explained | null {
  const [, verb = '', ...rest] = textsOf(words).filter((word) => !word.startsWith('-'));
  if (!/^(?:purge|remove|del)$/.test(verb)) return null;
  const installs = ({ commands }: ImageLayer): boolean =>
    commands.some((command) => {
      const [name = '', own = '', ...names] = textsOf(command.words).filter(
        (word) => !word.startsWith('-'),
      );
      return (
        /^(?:apt-get|apt|apk)$/.test(name) &&
        /^(?:install|add)$/.test(own) &&
        names.some((one) => rest.includes(one))
      );
    });
  if (installs(layer)) return null;
  const writer = before.findLast(installs);
  return writer === undefined ? null : { writtenAt: writer.line, kind: 'apt', parts: [] };
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
