/** The folder that the build of an image starts from, where nothing but its Dockerfile tells: that in which most of what it copies lies. */
import { joinPath } from '../inputs/file-access.ts';
import { contextsOf, originsOf } from './copy-origins.ts';
import type { ProductImage } from './product-image.ts';

/** The folder from the root. `has`: whether there is such a file or folder. The nearest where nothing tells. */
export function findBuildContext(image: ProductImage, has: (path: string) => boolean): string {
  if (image.context !== undefined) return image.context;
  // A job of CI has the whole repository.
  if (image.checkout !== undefined) return '.';
  const folders = contextsOf(image);
  const taken = [...copiedPaths(image), ...installedPaths(image)];
  const counts = folders.map(
    (folder) => taken.filter((path) => has(joinPath(folder, path))).length,
  );
  const most = Math.max(...counts);
  return folders[counts.indexOf(most)] ?? '.';
}

/** What is copied by name, up to the first part that a pattern or a variable leaves open. */
function copiedPaths({ copies }: ProductImage): readonly string[] {
  const sources = copies.flatMap((copy) => (copy.from === null ? copy.sources : []));
  return sources.flatMap((source) => {
    if (/^[a-z+]+:\/\/|^git@/i.test(source)) return [];
    const [known = ''] = source.replace(/^\/+/, '').split(/[^/]*[*?$[].*$/s);
    const path = joinPath('.', known === '' ? '.' : known);
    return path === '.' || path.startsWith('..') ? [] : [path];
  });
}

const manifests: readonly string[] = ['pyproject.toml', 'setup.py', 'setup.cfg', 'Pipfile'];

/** `COPY . .` tells nothing, but what is installed from it does. */
function installedPaths({ copies, installs }: ProductImage): readonly string[] {
  return installs.flatMap(({ folder, requirementFiles, projects, sync }) => {
    const origins = (written: string): readonly string[] =>
      originsOf(copies, joinPath(folder, written));
    const files = requirementFiles.filter((file) => !/[$:]/.test(file)).flatMap(origins);
    const folders = [...projects.map(({ path }) => path), ...(sync === null ? [] : ['.'])];
    const own = folders
      .flatMap(origins)
      .flatMap((origin) => manifests.map((name) => joinPath(origin, name)));
    return [...files, ...own];
  });
}
