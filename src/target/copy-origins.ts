/** Where in the build context a file of an image comes from, by what COPY, ADD and bound mounts say. */
import { fileNameOf, folderOf, joinPath } from '../inputs/file-access.ts';
import type { CopiedPath } from './copies.ts';

const mostStages = 4;

/** Paths of the build context that a path in the image may come from; of the last copy first. */
export function originsOf(
  copies: readonly CopiedPath[],
  path: string,
  depth = 0,
): readonly string[] {
  const found = copies.toReversed().flatMap((copy) => {
    const own = copy.sources.flatMap((source) => originsIn(copy, source, path));
    if (copy.from === null) return own;
    return depth < mostStages
      ? own.flatMap((origin) => originsOf(copies, `/${origin}`, depth + 1))
      : [];
  });
  return [...new Set(found)];
}

/** Paths of the context, or of the stage that is copied from, that a source may bring to a path. */
export function originsIn(
  { sources, into, target }: CopiedPath,
  source: string,
  path: string,
): readonly string[] {
  const from = joinPath('.', source.replace(/^\/+/, ''));
  if (path === into) return sources.length === 1 && !target.endsWith('/') ? [from] : [];
  const folder = into === '/' ? into : `${into}/`;
  if (!path.startsWith(folder)) return [];
  const below = path.slice(folder.length);
  // A file keeps its name, a folder gives what is in it.
  const isNamed = matches(fileNameOf(from), below);
  return [...(isNamed ? [joinPath(folderOf(from), below)] : []), joinPath(from, below)];
}

/** `COPY requirements*.txt ./`. */
function matches(pattern: string, name: string): boolean {
  if (pattern === name) return true;
  if (!/[*?]/.test(pattern) || name.includes('/')) return false;
  const source = pattern.replace(/[.+^${}()|[\]\\]/g, '\\$&');
  return new RegExp(`^${source.replaceAll('*', '.*').replaceAll('?', '.')}$`).test(name);
}

/** Folders of the repository that a build may start from: the one that is said, that of the Dockerfile, and those above it. */
export function contextsOf({
  path,
  context = null,
}: {
  readonly path: string;
  readonly context?: string | null | undefined;
}): readonly string[] {
  const contexts: string[] = context === null ? [] : [context];
  for (let folder = folderOf(path); ; folder = folderOf(folder)) {
    if (folder !== context) contexts.push(folder);
    if (folder === '.' || folder === '/') return contexts;
  }
}
