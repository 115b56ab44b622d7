import { expect, test } from 'vitest';
import pythons from '../../data/pythons.json' with { type: 'json' };
import { minorOf } from '../../src/ci/yaml-values.ts';

test.each<readonly [string, string | null]>([
  ['3.12', '3.12'],
  ['3.9.18', '3.9'],
  ['~3.11', '3.11'],
  ['python-3.10', '3.10'],
  ['3.15-dev', '3.15'],
  ['3.x', pythons.newestStable],
  ['3', pythons.newestStable],
  ['>=3.9', pythons.newestStable],
  ['pypy3.10', 'pypy3.10'],
  ['pypy-3.10-v7.3.19', 'pypy3.10'],
  ['pypy', null],
  ['2.7', null],
  ['${matrix.python}', null],
])('%s sets up %s', (written, python) => {
  expect(minorOf(written)).toBe(python);
});
