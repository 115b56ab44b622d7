import { describe, expect, it } from 'vitest';
import { parseCondaSpec } from '../../src/inputs/conda-spec.ts';
import { formatSpecifiers } from '../../src/pep/specifier.ts';

/** `name version specifiers`, the version only where one alone will do. */
function read(text: string): string {
  const { name, version, specifiers } = parseCondaSpec(text);
  return [name, version ?? '-', formatSpecifiers(specifiers) || '-'].join(' ');
}

describe('a package of conda', () => {
  it.each([
    ['numpy', 'numpy - -'],
    ['numpy=1.26', 'numpy - ==1.26.*'],
    ['numpy = 1.26', 'numpy - ==1.26.*'],
    ['numpy=1.26.*', 'numpy - ==1.26.*'],
    ['numpy 1.26.*', 'numpy - ==1.26.*'],
    ['numpy==1.26.*', 'numpy - ==1.26.*'],
    ['numpy=1.26*', 'numpy - ==1.26.*'],
    ['numpy==1.26.4', 'numpy 1.26.4 ==1.26.4'],
    ['numpy 1.26.4', 'numpy 1.26.4 ==1.26.4'],
    ['numpy=1.26.4=py311h64a7726_0', 'numpy 1.26.4 ==1.26.4'],
    ['numpy 1.26.4 py311h64a7726_0', 'numpy 1.26.4 ==1.26.4'],
    ['pytorch=2.*=cuda*', 'pytorch - ==2.*'],
    ['mkl=*=intel', 'mkl - -'],
    ['numpy >=1.2', 'numpy - >=1.2'],
    ['numpy>=1.2,<2', 'numpy - <2,>=1.2'],
    ['numpy >= 1.2 , < 2.0a0', 'numpy - <2.0a0,>=1.2'],
    ['numpy>=1.2.*', 'numpy - >=1.2'],
    ['numpy!=1.5.*', 'numpy - !=1.5.*'],
    ['numpy~=1.4.2', 'numpy - ~=1.4.2'],
    ['numpy>1,!=1.5', 'numpy - !=1.5,>1'],
    ['python=3.9|3.10', 'python - -'],
    ['numpy *', 'numpy - -'],
    ['NumPy', 'numpy - -'],
    ['backports.functools_lru_cache=1.6.4', 'backports.functools_lru_cache - ==1.6.4.*'],
    ['_libgcc_mutex=0.1=main', '_libgcc_mutex 0.1 ==0.1'],
    ['openssl=1.1.1w=h7f8727e_0', 'openssl 1.1.1w -'],
    ['jpeg=9e', 'jpeg - -'],
    ["numpy[version='>=1.2,<2',build='py*']", 'numpy - <2,>=1.2'],
    ['numpy[version=1.26.4]', 'numpy 1.26.4 ==1.26.4'],
    ['numpy>=1.2[build=py*]', 'numpy - >=1.2'],
    ['https://index.test/linux-64/scikit-learn-1.4.0-py311_1.conda', 'scikit-learn 1.4.0 ==1.4.0'],
    ['./local/six-1.16.0-py_0.tar.bz2', 'six 1.16.0 ==1.16.0'],
  ])('%s', (text, expected) => {
    expect(read(text)).toBe(expected);
  });

  it.each([
    ['conda-forge::numpy=1.26', 'conda-forge'],
    ['conda-forge/linux-64::numpy', 'conda-forge/linux-64'],
    ["numpy[channel='bioconda']", 'bioconda'],
    ['numpy', null],
  ])('may name its channel: %s', (text, channel) => {
    expect(parseCondaSpec(text)).toMatchObject({ name: 'numpy', channel });
  });

  it.each([
    ['', 'no name of a conda package'],
    ['=1.2', 'no name of a conda package'],
    ['!!', 'no name of a conda package'],
    ['numpy\u0000', 'no name of a conda package'],
    ["numpy[version='1'", 'a bracket is not closed'],
    ['https://index.test/readme.html', 'an address that names no conda package'],
  ])('is none: %j', (text, problem) => {
    expect(() => parseCondaSpec(text)).toThrow(problem);
  });
});
