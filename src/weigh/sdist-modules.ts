/**
 * The import modules of a source archive, without building it: what `top_level.txt` of its egg-info names, else the
 * packages that lie where a build would look for them.
 *
 * Traps: `top_level.txt` says `google` where only `google.cloud.storage` is inside; extension modules have no folder, so
 * that a name there counts even without a file; `src/` hides what is beside it; setup.py, tests and docs are no modules.
 */
import { gunzipSync } from 'node:zlib';
import { normalizeName } from '../pep/name.ts';
import type { DistributionName } from '../types.ts';
import { findImportModules } from './import-modules.ts';
import { readTar, TarError } from './tar-reader.ts';
import {
  findEndOfCentralDirectory,
  parseCentralDirectory,
  readEntry,
  ZipError,
} from './zip-directory.ts';

/** Unpacked bytes that are looked at, at most. */
const largestUnpacked = 64 * 1024 * 1024;
const largestText = 64 * 1024;
const mostMembers = 20_000;

/** Paths below the top folder, and the texts of the `top_level.txt` among them. */
interface Listing {
  readonly paths: readonly string[];
  readonly texts: ReadonlyMap<string, string>;
}

/**
 * The modules that a source archive (.tar.gz, .tgz, .tar, .zip), read whole, would install, sorted; null where they
 * cannot be told, a broken archive included.
 */
export async function findSdistModules(
  filename: string,
  bytes: Uint8Array,
  name: DistributionName,
): Promise<readonly string[] | null> {
  const listing = await listMembers(filename.toLowerCase(), bytes);
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

// ---- archives -------------------------------------------------------------------------------------------------------

async function listMembers(filename: string, bytes: Uint8Array): Promise<Listing | null> {
  try {
    if (filename.endsWith('.zip')) return listZip(bytes);
    if (filename.endsWith('.tar')) return await listTar(bytes);
    if (!/\.(?:tar\.gz|tgz)$/.test(filename)) return null;
    return await listTar(gunzipSync(bytes, { maxOutputLength: largestUnpacked }));
  } catch (error) {
    if (isBroken(error)) return null;
    throw error;
  }
}

function isBroken(error: unknown): boolean {
  if (error instanceof TarError || error instanceof ZipError) return true;
  return error instanceof Error && 'code' in error && /^(?:Z_|ERR_BUFFER)/.test(String(error.code));
}

async function listTar(bytes: Uint8Array): Promise<Listing> {
  const paths: string[] = [];
  const texts = new Map<string, string>();
  for await (const member of readTar(oneChunk(bytes), isStatement)) {
    if (paths.length === mostMembers) break;
    const path = pathBelowTop(member.name);
    paths.push(path);
    if (member.content !== null) texts.set(path, new TextDecoder().decode(member.content));
  }
  return { paths, texts };
}

// oxlint-disable-next-line require-await -- the reader takes what comes from the network as well
async function* oneChunk(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

function listZip(bytes: Uint8Array): Listing {
  const end = findEndOfCentralDirectory(bytes, 0, bytes.length);
  if ('need' in end) throw new ZipError('It is cut off.');
  const directory = bytes.subarray(end.directoryOffset, end.directoryOffset + end.directorySize);
  const paths: string[] = [];
  const texts = new Map<string, string>();
  for (const entry of parseCentralDirectory(directory, end.entryCount, end)) {
    if (entry.isDirectory || paths.length === mostMembers) continue;
    const path = pathBelowTop(entry.name);
    paths.push(path);
    if (!isStatement(entry.name, entry.uncompressedSize)) continue;
    const content = readEntry(bytes, 0, entry);
    if ('need' in content) throw new ZipError(`Its member ${entry.name} is cut off.`);
    texts.set(path, new TextDecoder().decode(content));
  }
  return { paths, texts };
}

function isStatement(name: string, size: number): boolean {
  return size <= largestText && name.endsWith('.egg-info/top_level.txt');
}

function pathBelowTop(name: string): string {
  return name.slice(name.indexOf('/') + 1);
}

// ---- modules --------------------------------------------------------------------------------------------------------

interface Stated {
  /** Folder that the egg-info lies in, with its slash: `` or `src/`; null where there is none. */
  readonly folder: string | null;
  readonly stated: readonly string[] | null;
}

/** What the egg-info of the distribution itself states; another one is that of something vendored. */
function findStated({ texts }: Listing, name: DistributionName): Stated {
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
