import { describe, expect, test } from 'vitest';
import { findBuildNeeds } from '../../src/weigh/sdist-build.ts';
import { writeTar, writeTarGz } from '../support/tar-writer.ts';
import { writeZip } from '../support/zip-writer.ts';

type Files = Readonly<Record<string, string>>;

const membersOf = (files: Files): readonly { readonly name: string; readonly content: string }[] =>
  Object.entries(files).map(([path, content]) => ({ name: `native-1.0/${path}`, content }));

const needsOf = (files: Files): ReturnType<typeof findBuildNeeds> =>
  findBuildNeeds('native-1.0.tar.gz', writeTarGz(membersOf(files)));

describe('what a build requires', () => {
  test('is what pyproject.toml says, in its words', async () => {
    const text = '[build-system]\nrequires = ["maturin>=1,<2", "cffi ; os_name != \'nt\'"]\n';
    expect(await needsOf({ 'pyproject.toml': text })).toEqual({
      requires: ['maturin>=1,<2', "cffi ; os_name != 'nt'"],
      compiles: [],
    });
  });

  test.each([
    ['no pyproject.toml', { 'setup.py': '' }],
    ['no build-system', { 'pyproject.toml': '[tool.black]\n' }],
    ['no requires', { 'pyproject.toml': '[build-system]\nbuild-backend = "x"\n' }],
    ['one below the top', { 'vendored/pyproject.toml': '[build-system]\nrequires = ["x"]\n' }],
  ])('is setuptools where there is %s', async (_, files: Files) => {
    expect((await needsOf(files))?.requires).toEqual(['setuptools>=40.8.0']);
  });

  test.each([
    ['no TOML', { 'pyproject.toml': '[build-system' }],
    ['no list', { 'pyproject.toml': '[build-system]\nrequires = "setuptools"\n' }],
  ])('is not known where it is %s', async (_, files: Files) => {
    expect(await needsOf(files)).toBeNull();
  });
});

describe('what is compiled', () => {
  test('is told by the files, those of tests, docs and examples apart', async () => {
    const files = {
      'native/fast.pyx': '',
      'native/fast.C': '',
      'src/lib.rs': '',
      'solver/old.f90': '',
      'vendor/zip.cpp': '',
      'tests/mock.c': '',
      'docs/conf.rs': '',
      'native/examples/x.cc': '',
      'native/data.csv': '',
    };
    expect((await needsOf(files))?.compiles).toEqual(['C', 'C++', 'Cython', 'Fortran', 'Rust']);
    expect((await needsOf({ 'tests/mock.c': '', 'setup.py': '' }))?.compiles).toEqual([]);
  });

  test('is read from zip and tar archives alike', async () => {
    const members = membersOf({ 'native/fast.c': '' });
    const zip = writeZip(members.map(({ name, content }) => ({ name, content })));
    expect((await findBuildNeeds('native-1.0.zip', zip))?.compiles).toEqual(['C']);
    expect((await findBuildNeeds('native-1.0.tar', writeTar(members)))?.compiles).toEqual(['C']);
  });

  test('is not known of an archive that is broken or packed otherwise', async () => {
    const bytes = writeTarGz(membersOf({ 'native/fast.c': '' }));
    expect(await findBuildNeeds('native-1.0.tar.gz', bytes.subarray(0, 40))).toBeNull();
    expect(await findBuildNeeds('native-1.0.tar.bz2', bytes)).toBeNull();
  });
});
