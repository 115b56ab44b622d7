import { describe, expect, it } from 'vitest';

import { categoryOf, emptyComposition } from '../../src/weigh/wheel-categories.ts';
import type { Category } from '../../src/weigh/wheel-categories.ts';

describe('the category of a file', () => {
  it.each<readonly [string, Category]>([
    ['numpy/core/_multiarray.cpython-311-x86_64-linux-gnu.so', 'nativeLibraries'],
    ['scipy.libs/libgfortran-040039e1.so.5.0.0', 'nativeLibraries'],
    ['torch/lib/c10.DLL', 'nativeLibraries'],
    ['ruff-0.1.data/scripts/ruff', 'nativeLibraries'],
    ['triton/backends/nvidia/bin/ptxas', 'nativeLibraries'],
    ['torch/bin/protoc-3.21.12.0', 'nativeLibraries'],
    ['torch/bin/setup.json', 'data'],
    ['numpy/__init__.py', 'python'],
    ['a-1.data/purelib/a/b.py', 'python'],
    ['a-1.data/scripts/tool.py', 'python'],
    ['pandas/tests/io/data.csv', 'tests'],
    ['pandas/tests/x.so', 'tests'],
    ['six/test_six.py', 'tests'],
    ['pkg/conftest.py', 'tests'],
    ['pkg/thing_test.py', 'tests'],
    ['numpy/testing/__init__.py', 'python'],
    ['pkg/contest.py', 'python'],
    ['pkg/latest/a.py', 'python'],
    ['requests-stubs/api.pyi', 'typeStubs'],
    ['requests/py.typed', 'typeStubs'],
    ['torch/include/ATen/a.h', 'headers'],
    ['triton/include/cuda/std/array', 'headers'],
    ['greenlet-3.data/headers/greenlet.h', 'headers'],
    ['lxml/etree.pyx', 'sources'],
    ['numpy/core/config.h.in', 'sources'],
    ['numpy/random/lib/libnpyrandom.a', 'staticLibraries'],
    ['pydeck/nbextension/index.js.map', 'sourceMaps'],
    ['pkg/docs/index.html', 'docs'],
    ['pkg/README.md', 'docs'],
    ['pkg/examples/run.py', 'docs'],
    ['botocore/docs/client.py', 'python'],
    ['numpy-1.0.dist-info/licenses/doc/x.md', 'metadata'],
    ['setuptools/_vendor/wheel-0.4.dist-info/METADATA', 'metadata'],
    ['botocore/data/endpoints.json', 'data'],
    ['LICENSE', 'data'],
    ['pkg/.hidden', 'data'],
  ])('%s is %s', (path, category) => {
    expect(categoryOf(path)).toBe(category);
  });

  it('is always one of the composition', () => {
    for (const path of ['', '/', 'a', '.so', 'a/.', '..', 'a.data/scripts/']) {
      expect(Object.keys(emptyComposition)).toContain(categoryOf(path));
    }
  });
});
