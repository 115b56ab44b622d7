/**
 * The import modules of a source archive, without building it: what `top_level.txt` of its egg-info names, else the
 * packages that lie where a build would look for them.
 *
 * Traps: `top_level.txt` says `google` where only `google.cloud.storage` is inside; extension modules have no folder, so
 * that a name there counts even without a file; `src/` hides what is beside it; setup.py, tests and docs are no modules.
 */
import { normalizeName } from '../pep/name.ts';
import type { DistributionName } from '../types.ts';
import { findImportModules } from './import-modules.ts';
import type { ArchiveListing } from './sdist-listing.ts';
import { listArchive } from './sdist-listing.ts';

const largestText = 64 * 1024;

/**
 * The modules that a source archive (.tar.gz, .tgz, .tar, .zip), read whole, would install, sorted; null where they
 * cannot be told, a broken archive included.
 */
export async function findSdistModules(
  filename: string,
  bytes: Uint8Array,
  name: DistributionName,
): Promise<readonly string[] | null> {
  const listing = await listArchive(filename, bytes, isStatement);
  if (listing === null) return null;
  const { folder, stated } = findStated(listing, name);
  const found = modulesBelow(listing.paths, folder ?? sourceFolder(listing.paths));
  if (stated === null) return found.length === 0 ? null : found;
  const known = stated.flatMap((top) => {
    const inside = found.filter((module) => module === top || module.startsWith(`${top}.`));
    return inside.length === 0 ? [top] : inside;
  });
  return known.length === 0 ? null : [...new Set(known)].toSorted();
}

function isStatement(name: string, size: number): boolean {
  return size <= largestText && name.endsWith('.egg-info/top_level.txt');
}

// ---- modules --------------------------------------------------------------------------------------------------------

interface Stated {
  /** Folder that the egg-info lies in, with its slash: `` or `src/`; null where there is none. */
  readonly folder: string | null;
  readonly stated: readonly string[] | null;
}

/** What the egg-info of the distribution itself states; another one is that of something vendored. */
function findStated({ texts }: ArchiveListing, name: DistributionName): Stated {
  for (const [path, text] of texts) {
    const [, folder = '', stem = ''] = /^(.*?)([^/]+)\.egg-info\/top_level\.txt$/.exec(path) ?? [];
    if (normalizeName(stem) !== name || folder.split('/').length > 3) continue;
    const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim().replaceAll('/', '.'));
    const stated = lines.filter((line) => /^[\p{L}_][\p{L}\p{N}_.]*$/u.test(line));
    return { folder, stated: stated.length === 0 ? null : stated };
  }
  return { folder: null, stated: null };
}

function sourceFolder(paths: readonly string[]): string {
  return paths.some((path) => path.startsWith('src/') && path.endsWith('.py')) ? 'src/' : '';
}

/** What stands at the top of a source tree and is not installed. */
const strayNames: ReadonlySet<string> = new Set(
  (
    'setup conftest noxfile tasks fabfile versioneer build_ext build ci bench benchmark benchmarks doc docs demo demos ' +
    'example examples sample samples script scripts src test tests testing tools misc contrib ez_setup make manage ' +
    'runtests run_tests _build_meta'
  ).split(' '),
);

function modulesBelow(paths: readonly string[], folder: string): readonly string[] {
  const below = paths
    .filter((path) => path.startsWith(folder))
    .map((path) => path.slice(folder.length));
  // Without an `__init__.py` a folder of a source tree is as a rule no package (docs/conf.py), unlike in a wheel; what
  // lies deeper counts once a folder at the top is one.
  const packages = new Set(
    below
      .filter((path) => /\/__init__\.pyi?$/.test(path))
      .map((path) => path.slice(0, path.indexOf('/'))),
  );
  const installed = below.filter((path) => {
    const [top = '', ...rest] = path.split('/');
    const isAtTop = rest.length === 0;
    return (
      !strayNames.has(isAtTop ? top.replace(/\..*$/, '') : top) && (isAtTop || packages.has(top))
    );
  });
  return findImportModules(installed);
}
