/** The largest folders and files of a build context that are no code: data, models, archives, notebooks. */
import type { Bytes } from '../types.ts';
import { fileNameOf } from '../inputs/file-access.ts';
import { filesBelow, type ContextFile, type ContextFolder } from './context-tree.ts';

/** One folder, one file, or the files of one kind in a folder. */
export interface HeavyPart {
  /** Relative to the root of the repository; a folder ends in `/`, several files are `data/*.csv`. */
  readonly path: string;
  readonly bytes: Bytes;
  /** It lies in a package of Python, which may read it by its own place. */
  readonly isInPackage: boolean;
  /** Names by which something would speak of it. */
  readonly words: ReadonlySet<string>;
  readonly extensions: ReadonlySet<string>;
}

const leastBytes = 1_000_000;
/** Of a folder with more files, these many of the largest stand for all. */
const mostNames = 200;

/** All of a megabyte or more. A folder without code is one part; one with code is looked into. */
export function findHeavyParts(root: ContextFolder): readonly HeavyPart[] {
  return partsIn(root, root.isPackage);
}

function partsIn(folder: ContextFolder, isInPackage: boolean): readonly HeavyPart[] {
  const parts = [...groupFiles(folder.files)].flatMap(([extension, files]) => {
    const [first] = files;
    const bytes = files.reduce((sum, file) => sum + file.bytes, 0);
    if (bytes < leastBytes || first === undefined) return [];
    const place = first.path.slice(0, first.path.length - fileNameOf(first.path).length);
    const path = files.length === 1 ? first.path : `${place}*${extension}`;
    return [toPart({ path, bytes, files, isInPackage }, folder.path)];
  });
  const below = folder.folders.flatMap((one) => {
    const isPackage = isInPackage || one.isPackage;
    if (one.hasCode) return partsIn(one, isPackage);
    if (one.bytes < leastBytes) return [];
    const { path, bytes } = one;
    const files = [...filesBelow(one)].toSorted((a, b) => b.bytes - a.bytes).slice(0, mostNames);
    return [toPart({ path: `${path}/`, bytes, files, isInPackage: isPackage }, folder.path)];
  });
  return [...parts, ...below];
}

/** Files that are no code, by what their names end in; those without an end each alone. */
function groupFiles(files: readonly ContextFile[]): ReadonlyMap<string, readonly ContextFile[]> {
  const groups = new Map<string, ContextFile[]>();
  for (const file of files) {
    const name = fileNameOf(file.path);
    if (/\.pyi?$/.test(name)) continue;
    const extension = extensionOf(name);
    const key = extension === '' ? name : extension;
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [file]);
    else group.push(file);
  }
  return groups;
}

function extensionOf(name: string): string {
  const dot = name.lastIndexOf('.');
  return dot > 0 ? name.slice(dot) : '';
}

function toPart(
  {
    files,
    ...part
  }: Pick<HeavyPart, 'path' | 'bytes' | 'isInPackage'> & { readonly files: readonly ContextFile[] },
  folder: string,
): HeavyPart {
  const names = files.map(({ path }) => fileNameOf(path));
  const stems = names.map((name) => name.slice(0, name.length - extensionOf(name).length));
  const start = folder === '.' ? 0 : folder.length + 1;
  const folders = files.flatMap(({ path }) => path.slice(start).split('/').slice(0, -1));
  const words = [...folders, ...names, ...stems].filter((word) => word.length > 1);
  const extensions = names.map(extensionOf).filter((extension) => extension.length > 1);
  return { ...part, words: new Set(words), extensions: new Set(extensions) };
}
