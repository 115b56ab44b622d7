/** What the compose files of a repository build. */
import { readText } from '../inputs/decode.ts';
import {
  compareText,
  fileNameOf,
  folderOf,
  joinPath,
  type FileAccess,
} from '../inputs/file-access.ts';
import { rankOfCompose } from './compose-name.ts';
import type { ComposeBuild } from './compose-service.ts';

/** What a plain build of the Dockerfile in a folder does not have; the parser is loaded for nothing less. */
const tellsMore =
  /\b(?:target|args|platforms?|extends|include)["']?\s*:|<<\s*:|\bdockerfile["']?\s*:(?!\s*["']?(?:\.\/)?Dockerfile["']?\s*$)/m;

/** Builds of all compose files beside Dockerfiles and at the top, those for production first; none for development. */
export async function findComposeBuilds(
  access: FileAccess,
  dockerfiles: readonly string[],
): Promise<readonly ComposeBuild[]> {
  const folders = new Set(['.', ...dockerfiles.map(folderOf)]);
  const paths = [...folders].flatMap((folder) => {
    const listed = access.list(folder);
    const entries = listed.ok ? listed.entries : [];
    return entries
      .filter(({ name, kind }) => kind === 'file' && rankOfCompose(name) !== null)
      .map(({ name }) => joinPath(folder, name));
  });
  const telling = paths.filter((path) => tellsMore.test(readText(access, path) ?? ''));
  if (telling.length === 0 || dockerfiles.length === 0) return [];
  const { readServices } = await import('./read-services.ts');
  const rank = (path: string): number => rankOfCompose(fileNameOf(path)) ?? 9;
  const builds: ComposeBuild[] = [];
  for (const path of telling.toSorted((a, b) => rank(a) - rank(b) || compareText(a, b))) {
    // What is wrong with it is told to whoever names it.
    const { services } = await readServices(path, access);
    builds.push(...services.flatMap(({ build }) => build ?? []));
  }
  return builds;
}
