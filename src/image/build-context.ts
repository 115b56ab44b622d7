/** What `COPY .` takes from the build context, measured: files of the user that are in the image without need. */
import {
  compareText,
  fileNameOf,
  folderOf,
  joinPath,
  type FileAccess,
} from '../inputs/file-access.ts';
import { decodeFile } from '../inputs/decode.ts';
import type { CopiedPath } from '../target/copies.ts';
import type { ProductImage } from '../target/product-image.ts';
import type { Bytes } from '../types.ts';
import { filesBelow, readContextTree, type ContextFile, type ContextTree } from './context-tree.ts';
import { parseDockerignore, type Dockerignore } from './dockerignore.ts';
import { findHeavyParts, type HeavyPart } from './heavy-parts.ts';
import { createNamedPaths, type NamedPaths } from './named-paths.ts';
import { findVersionTool } from './version-tools.ts';

/** Files and folders below one name, and whether the image may need them. */
export interface ContextPart {
  /** Relative to the root of the repository; a folder ends in `/`. */
  readonly path: string;
  readonly bytes: Bytes;
  /** `needless`: for what it is; `unnamed`: no code of the image names it; `kept`: something may read it. */
  readonly need: 'needless' | 'unnamed' | 'kept';
  /** Of one that is kept: `app/main.py:3 names it`. */
  readonly why: string | null;
}

/** What one COPY of a folder takes in. */
export interface CopiedContext {
  /** 1-based line of the COPY. */
  readonly line: number;
  /** All that it takes. */
  readonly bytes: Bytes;
  readonly files: number;
  /** The heaviest first; of those that are kept only heavy ones. */
  readonly parts: readonly ContextPart[];
  /** The file with the rules, null where there is none. */
  readonly ignoreFile: string | null;
  /** Where rules would have to stand. */
  readonly ignorePath: string;
  /** Lines for it that leave out what is not kept. */
  readonly ignoreLines: readonly string[];
  /** There is more than was looked at: the figures are lower bounds. */
  readonly isPartial: boolean;
}

/** Each COPY or ADD of a folder of the context that ends in the image, in order. */
export function measureContext(image: ProductImage, files: FileAccess): readonly CopiedContext[] {
  const context = contextOf(image, files);
  const { ignore, path: ignoreFile } = readIgnore(image, context, files);
  const inContext = (path: string): string =>
    context === '.' ? path : path.slice(context.length + 1);
  return image.layers.flatMap((layer) => {
    if (!layer.isInImage) return [];
    return layer.copies
      .filter(({ from, sources }) => from === null && sources.length > 0)
      .flatMap((copy) => {
        const trees = foldersOf(copy, context, files).map((folder) =>
          readContextTree(folder, { ignore, inContext }, files),
        );
        if (trees.length === 0) return [];
        const parts = partsOf(trees, { image, context }, files);
        const rules = parts.filter(({ need }) => need !== 'kept').map(({ path }) => path);
        return [
          {
            line: copy.line,
            bytes: sum(trees.map(({ bytes }) => bytes)),
            files: sum(trees.map((tree) => tree.files)),
            parts,
            isPartial: trees.some(({ isPartial }) => isPartial),
            ignoreFile,
            ignorePath: ignoreFile ?? joinPath(context, '.dockerignore'),
            ignoreLines: rules.map((path) => toRule(inContext(path))),
          },
        ];
      });
  });
}

function foldersOf({ sources }: CopiedPath, context: string, files: FileAccess): readonly string[] {
  return sources
    .map((source) => joinPath(context, source.replace(/^\/+/, '') || '.'))
    .filter((path) => files.list(path).ok);
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((all, one) => all + one, 0);
}

/** Less of what stays anyway is not worth a line. */
const leastKeptBytes = 1_000_000;

interface Copying {
  readonly image: ProductImage;
  readonly context: string;
}

/** What a copy takes in without need, and what of the rest is heavy. */
function partsOf(
  trees: readonly ContextTree[],
  { image, context }: Copying,
  files: FileAccess,
): readonly ContextPart[] {
  const texts = trees.flatMap(({ root }) => [...filesBelow(root)]);
  const named = createNamedPaths(texts, { path: image.path, copies: wholeCopies(image) }, files);
  const needless = trees.flatMap((tree) =>
    [...tree.needless].map(([path, bytes]) => judgeNeedless({ path, bytes }, texts, named, files)),
  );
  // A folder of data that a COPY names is what that is for.
  const heavy = trees
    .filter(({ root }) => root.hasCode || root.path === context)
    .flatMap(({ root }) => findHeavyParts(root));
  const judged = heavy.map((part) => judgeHeavy(part, named));
  return [...needless, ...judged]
    .filter(({ need, bytes }) => need !== 'kept' || bytes >= leastKeptBytes)
    .toSorted((a, b) => b.bytes - a.bytes || compareText(a.path, b.path));
}

/** Lines that copy all of a folder: they name what they take no better than `.` does. */
function wholeCopies({ layers }: ProductImage): ReadonlySet<number> {
  const copies = layers.flatMap((layer) => layer.copies);
  return new Set(
    copies
      .filter(({ from, sources }) => from === null && sources.some((one) => /^\.?\/*$/.test(one)))
      .map(({ line }) => line),
  );
}

/** Made by tools, which make it again; nobody needs it for what it is. */
const madeByTools =
  /^(?:\*\*|\.(?:hg|svn|github|venv|tox|nox|mypy_cache|pytest_cache|ruff_cache|cache|idea|vscode|coverage.*)|venv|htmlcov)$/;

function judgeNeedless(
  { path, bytes }: Pick<ContextPart, 'path' | 'bytes'>,
  texts: readonly ContextFile[],
  named: NamedPaths,
  files: FileAccess,
): ContextPart {
  const name = fileNameOf(path.replace(/\/$/, ''));
  const needless = { path, bytes, need: 'needless' as const, why: null };
  if (name === '.git') {
    const tool = findVersionTool(texts, files);
    return tool === null ? needless : { path, bytes, need: 'kept', why: tool };
  }
  if (path.startsWith('**') || madeByTools.test(name) || !/^[\w-]+$/.test(name)) return needless;
  const words = new Set([name]);
  const place = named.find({ words, extensions: new Set(), alsoInSettings: false });
  return place === null ? needless : { path, bytes, need: 'kept', why: sayPlace(place) };
}

function judgeHeavy(part: HeavyPart, named: NamedPaths): ContextPart {
  const { path, bytes, words, extensions } = part;
  if (part.isInPackage)
    return { path, bytes, need: 'kept', why: 'it lies in a package of the product' };
  if (named.isPartial)
    return { path, bytes, need: 'kept', why: 'there is too much code to search it for the name' };
  const place = named.find({ words, extensions, alsoInSettings: true });
  if (place === null) return { path, bytes, need: 'unnamed', why: null };
  return { path, bytes, need: 'kept', why: sayPlace(place) };
}

function sayPlace({ path, line }: { readonly path: string; readonly line: number }): string {
  return `${path}:${line} names it`;
}

/** A line of .dockerignore that means this path and no other. */
function toRule(path: string): string {
  const plain = path.replace(/\/$/, '');
  if (plain.startsWith('**/')) return plain;
  const folder = plain.slice(0, plain.lastIndexOf('/') + 1);
  const name = fileNameOf(plain);
  const escape = (text: string): string => text.replace(/[\\?[]/g, '\\$&');
  const rule = `${escape(folder).replaceAll('*', '\\*')}${escape(name).replace(/(?!^)\*/g, '\\*')}`;
  return /^[#!]/.test(rule) ? `/${rule}` : rule;
}

/** The folder of the Dockerfile where all that it copies is there, else the top. */
function contextOf({ path, copies }: ProductImage, files: FileAccess): string {
  const folder = folderOf(path);
  const named = copies
    .filter(({ from }) => from === null)
    .flatMap(({ sources }) => sources)
    .map((source) => source.replace(/^\/+/, ''))
    .filter((source) => !/[*?[]/.test(source) && joinPath('.', source) !== '.');
  const holds = (place: string): boolean =>
    named.every((source) => {
      const asked = joinPath(place, source);
      return files.list(asked).ok || files.sizeOf(asked) !== null;
    });
  if (folder === '.') return '.';
  const isOwnFolder =
    /^(?:\.?docker(?:files?)?|build|deploy(?:ment)?|infra|ops|containers?)$/i.test(
      folder.slice(folder.lastIndexOf('/') + 1),
    );
  return holds(folder) && !(isOwnFolder && holds('.')) ? folder : '.';
}

/** The rules for a build that starts from a folder, and the file that has them. */
export function readIgnore(
  { path }: ProductImage,
  context: string,
  files: FileAccess,
): { readonly ignore: Dockerignore; readonly path: string | null } {
  for (const place of [`${path}.dockerignore`, joinPath(context, '.dockerignore')]) {
    const decoded = decodeFile(place, files.read(place));
    if (decoded.ok) return { ignore: parseDockerignore(decoded.file.text), path: place };
  }
  return { ignore: parseDockerignore(''), path: null };
}
