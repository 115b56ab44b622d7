/**
 * What building a source archive takes, without building it: `[build-system]` of its pyproject.toml (PEP 518), and which
 * compilers its files ask for.
 *
 * Traps: without pyproject.toml, or without `requires` in it, a build uses setuptools; tests, docs and examples may hold C
 * that nothing compiles; a `.c` beside the `.pyx` that it was made from still needs the compiler of C.
 */
import type { BuildNeeds } from '../types.ts';
import { listArchive } from './sdist-listing.ts';

const largestText = 256 * 1024;

/** What a build has where an archive names nothing (PEP 518). */
const withoutTable: readonly string[] = ['setuptools>=40.8.0'];

/** By the ends of file names. */
const LANGUAGES: Readonly<Record<string, string>> = {
  c: 'C',
  cc: 'C++',
  cpp: 'C++',
  cxx: 'C++',
  pyx: 'Cython',
  f: 'Fortran',
  f90: 'Fortran',
  rs: 'Rust',
};

/** The needs of an archive that was read whole; null where it is broken. */
export async function findBuildNeeds(
  filename: string,
  bytes: Uint8Array,
): Promise<BuildNeeds | null> {
  const listing = await listArchive(
    filename,
    bytes,
    (name, size) => size <= largestText && name.split('/').slice(1).join('/') === 'pyproject.toml',
  );
  if (listing === null) return null;
  const text = listing.texts.get('pyproject.toml');
  const requires = text === undefined ? withoutTable : await readRequires(text);
  return requires === null ? null : { requires, compiles: languagesOf(listing.paths) };
}

/** Null where the file is no TOML: a build would fail as well. */
async function readRequires(text: string): Promise<readonly string[] | null> {
  const { parse, TomlError } = await import('smol-toml');
  try {
    const system: unknown = parse(text)['build-system'];
    if (typeof system !== 'object' || system === null || !('requires' in system))
      return withoutTable;
    const { requires } = system;
    return Array.isArray(requires)
      ? requires.filter((one): one is string => typeof one === 'string')
      : null;
  } catch (error) {
    if (error instanceof TomlError) return null;
    throw error;
  }
}

function languagesOf(paths: readonly string[]): readonly string[] {
  const found = new Set<string>();
  for (const path of paths) {
    if (/(?:^|\/)(?:tests?|docs?|examples?|bench(?:marks?)?|fuzz)\//i.test(path)) continue;
    const [, ending = ''] = /\.([a-z0-9]+)$/i.exec(path) ?? [];
    const language = LANGUAGES[ending.toLowerCase()];
    if (language !== undefined) found.add(language);
  }
  return [...found].toSorted();
}
