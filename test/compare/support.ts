/** An index whose packages have wheels for some targets alone. */
import type { Universe, UniverseWheel } from '../support/universe-files.ts';

const sources = {
  contents: {
    'pyproject.toml': '[build-system]\nrequires = ["setuptools>=61", "Cython<3.1"]\n',
    'native/speed.pyx': '',
    'tests/other.rs': '',
  },
};

function wheels(...tags: readonly string[]): readonly UniverseWheel[] {
  return tags.map((tag) => ({ tags: tag }));
}

/** `native` is built where it has no wheel, `gpu` has no source archive, `pure` is at home everywhere. */
export const targetWorld: Universe = {
  distributions: [
    { name: 'pure', version: '1.0' },
    { name: 'app', version: '1.0', requiresDist: ['native>=1.0', 'pure'] },
    // The name was reserved before there was anything to compile.
    { name: 'native', version: '0.0.1' },
    {
      name: 'native',
      version: '0.9',
      files: wheels('cp311-cp311-musllinux_1_1_x86_64', 'cp310-cp310-manylinux_2_17_x86_64'),
      sdist: {},
    },
    {
      name: 'native',
      version: '1.0',
      files: wheels(
        'cp311-cp311-manylinux_2_17_x86_64',
        'cp311-cp311-win_amd64',
        'pp310-pypy310_pp73-manylinux_2_17_x86_64',
      ),
      sdist: sources,
    },
    {
      name: 'native',
      version: '1.1',
      files: wheels('cp311-cp311-manylinux_2_17_x86_64', 'cp312-cp312-manylinux_2_17_x86_64'),
      sdist: sources,
    },
    {
      name: 'gpu',
      version: '2.0',
      requiresDist: ['cuda==12'],
      files: wheels('cp311-cp311-manylinux_2_17_x86_64'),
    },
    { name: 'cuda', version: '12', files: wheels('cp311-none-manylinux_2_17_x86_64') },
    {
      name: 'gpu',
      version: '2.1',
      files: wheels('cp311-cp311-manylinux_2_17_x86_64', 'cp312-cp312-manylinux_2_17_x86_64'),
    },
    { name: 'winloop', version: '1.0', files: wheels('py3-none-win_amd64') },
    { name: 'python-bound', version: '1.0', requiresPython: '>=3.12,<3.13' },
    { name: 'python-bound', version: '2.0', requiresPython: '>=3.13' },
    {
      name: 'threaded',
      version: '1.0',
      files: wheels(
        'cp313-cp313t-manylinux_2_17_x86_64',
        'cp313-cp313-manylinux_2_17_x86_64',
        'cp313-cp313-win_amd64',
        'cp38-abi3-macosx_11_0_arm64',
      ),
      sdist: sources,
    },
    { name: 'asks-old', version: '1.0', requiresDist: ['pure<1'] },
    { name: 'asks-gpu', version: '1.0', requiresDist: ['gpu==2.0'] },
  ],
};
