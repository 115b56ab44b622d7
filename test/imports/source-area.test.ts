import { describe, expect, it } from 'vitest';
import { areaOf, isProductPath, mayNameArea } from '../../src/imports/source-area.ts';

const packages = new Set(['app', 'app/tools', 'src/shop', 'src/shop/docs']);
const isPackage = (folder: string): boolean => packages.has(folder);

describe('areaOf', () => {
  it.each([
    ['app/main.py', undefined],
    ['src/shop/models.py', undefined],
    ['manage.py', undefined],
    ['tests/test_main.py', 'test'],
    ['tests/helpers.py', 'test'],
    ['app/tests/factories.py', 'test'],
    ['app/test_views.py', 'test'],
    ['app/views_test.py', 'test'],
    ['app/tests.py', 'test'],
    ['conftest.py', 'test'],
    ['unit_tests/x.py', 'test'],
    ['integration-tests/x.py', 'test'],
    ['docs/conf.py', 'docs'],
    ['examples/demo.py', 'example'],
    ['samples/a/b.py', 'example'],
    ['benchmarks/speed.py', 'benchmark'],
    ['extras/benchmarks.py', 'benchmark'],
    ['bench_parser.py', 'benchmark'],
    ['app/benchmark.py', undefined],
    ['noxfile_config.py', 'tool'],
    ['tools/release.py', 'tool'],
    ['setup.py', 'tool'],
    ['noxfile.py', 'tool'],
    ['app/hooks/hook-streamlit.py', 'tool'],
    ['tasks.py', 'tool'],
    ['.github/scripts/x.py', 'tool'],
    ['app/tools/calculator.py', undefined],
    ['src/shop/docs/render.py', undefined],
    ['app/tests_pre_start.py', undefined],
    ['app/contest.py', undefined],
    ['app/latest.py', undefined],
    ['plugins/dispatch_test/document.py', undefined],
    ['app/tasks.py', undefined],
    ['app/setup.py', undefined],
    ['scripts/import_data.py', undefined],
  ])('%s is %s', (path, area) => {
    expect(areaOf(path, isPackage)).toBe(area);
    expect(isProductPath(path, isPackage)).toBe(area === undefined);
  });
});

describe('mayNameArea', () => {
  it.each([
    ...[
      'test_x.py',
      'x_tests.py',
      'conftest.py',
      'tests.pyi',
      'hook-numpy.py',
      'benchmark.py',
      'bench_io.ipynb',
    ],
    ...[
      'setup.py',
      'noxfile_ci.py',
      'tasks.py',
      'fabfile.py',
      'dodo.py',
      'duties.py',
      'toxfile.py',
      'pavement.py',
    ],
    ...['make.py', 'versioneer.py', 'ez_setup.py', 'bootstrap-buildout.py'],
  ])('is told of %s, which has an area by its name', (name) => {
    expect(areaOf(name, () => false)).toBeDefined();
    expect(mayNameArea(name)).toBe(true);
  });

  it.each(['models.py', '__init__.py', 'io.pyx'])('is not told of %s', (name) => {
    expect(mayNameArea(name)).toBe(false);
  });
});
