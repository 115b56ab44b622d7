/**
 * The category of a file inside a wheel, by its path alone: what a reader would call it, and what could be stripped.
 * One file has one category, so that the categories add up; the first rule that applies wins.
 */
import type { Composition } from '../types.ts';

/** A name of `Composition`. */
export type Category = keyof Composition;

/** A composition of nothing: every category 0. */
export const emptyComposition: Composition = {
  nativeLibraries: 0,
  python: 0,
  tests: 0,
  typeStubs: 0,
  headers: 0,
  sources: 0,
  staticLibraries: 0,
  sourceMaps: 0,
  docs: 0,
  data: 0,
  metadata: 0,
};

/** Lower-case extensions, the dot left out. `in`: templates that a build fills (`config.h.in`). */
const extensions: Readonly<Record<Exclude<Category, 'tests' | 'data' | 'metadata'>, string>> = {
  nativeLibraries: 'so pyd dll dylib exe node',
  python: 'py pyw pyc',
  typeStubs: 'pyi',
  headers: 'h hh hpp hxx h++ cuh inc inl ipp tcc tpp',
  sources:
    'c cc cpp cxx c++ cu cl pyx pxd pxi rs go java f f77 f90 f95 f03 f08 for m mm s asm swg in',
  staticLibraries: 'a lib',
  sourceMaps: 'map',
  docs: 'rst md markdown ipynb adoc',
};

const categoryOfExtension: ReadonlyMap<string, Category> = readExtensions();

function readExtensions(): ReadonlyMap<string, Category> {
  const found = new Map<string, Category>();
  for (const category of [
    'nativeLibraries',
    'python',
    'typeStubs',
    'headers',
    'sources',
    'staticLibraries',
    'sourceMaps',
    'docs',
  ] as const) {
    for (const extension of extensions[category].split(' ')) found.set(extension, category);
  }
  return found;
}

/** The extensions that say a category by themselves; empty where other things do. */
export function extensionsOf(category: Category): readonly string[] {
  return [...categoryOfExtension].flatMap(([extension, own]) =>
    own === category ? [extension] : [],
  );
}

const testFolder = /(?:^|\/)tests?\//i;
const testFile = /^(?:test_.*|.*_test|conftest)\.py$/;
const docsFolder = /(?:^|\/)(?:docs?|examples?)\//i;
const exampleFolder = /(?:^|\/)examples?\//i;
const metadataFolder = /(?:^|\/)[^/]+\.(?:dist|egg)-info\//;
const dataFolder = /^[^/]+\.data\/(purelib|platlib|scripts|headers|data)\//;
const versionedLibrary = /\.so(?:\.\d+)+$/;
const programFolder = /(?:^|\/)s?bin\//;
const includeFolder = /(?:^|\/)include\//;

/**
 * The category of the file at `path` in a wheel, `.data` folders included. Tests come first: a data file or a library
 * below a `tests` folder is only there for them. Python below `docs` counts as code (botocore runs its own).
 */
export function categoryOf(path: string): Category {
  if (metadataFolder.test(path)) return 'metadata';
  const scheme = dataFolder.exec(path);
  const installed = scheme === null ? path : path.slice(scheme[0].length);
  if (scheme?.[1] === 'headers') return 'headers';
  const file = installed.slice(installed.lastIndexOf('/') + 1);
  if (testFolder.test(installed) || testFile.test(file)) return 'tests';
  if (file === 'py.typed') return 'typeStubs';
  const byName = categoryOfFile(file);
  if (
    docsFolder.test(installed) &&
    (byName !== 'python' || exampleFolder.test(installed)) &&
    byName !== 'nativeLibraries'
  ) {
    return 'docs';
  }
  if (byName !== null) return byName;
  // `protoc-3.21.12` has no extension either.
  if (file.includes('.') && !/\.\d+$/.test(file)) return 'data';
  // Programs and C++ headers (`include/cuda/std/array`) have no extension.
  if (scheme?.[1] === 'scripts' || programFolder.test(installed)) return 'nativeLibraries';
  return includeFolder.test(installed) ? 'headers' : 'data';
}

function categoryOfFile(file: string): Category | null {
  const dot = file.lastIndexOf('.');
  if (dot < 0) return null;
  const category = categoryOfExtension.get(file.slice(dot + 1).toLowerCase());
  if (category !== undefined) return category;
  return versionedLibrary.test(file) ? 'nativeLibraries' : null;
}
