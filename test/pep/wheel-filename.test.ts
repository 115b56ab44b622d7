import { describe, expect, test } from 'vitest';
import { compareBuilds, parseWheelFilename, tagTextOf } from '../../src/pep/wheel-filename.ts';
import type { WheelFilename } from '../../src/pep/wheel-filename.ts';
import { readVectors } from './vectors.ts';

interface Row {
  readonly in: string;
  readonly valid: boolean;
  readonly name: string;
  readonly version: string;
  readonly build: readonly [] | readonly [number, string];
  readonly tags: readonly string[];
}
const { wheel_filenames } = readVectors<{ readonly wheel_filenames: readonly Row[] }>(
  'requirements',
);
/** Refused by packaging, accepted by uv and here: such wheels are on the index. */
const LENIENT = ['foo__bar-1.0-py3-none-any.whl'];

function tagsOf(wheel: WheelFilename): readonly string[] {
  const tags = wheel.pythons.flatMap((python) =>
    wheel.abis.flatMap((abi) => wheel.platforms.map((platform) => `${python}-${abi}-${platform}`)),
  );
  return tags.toSorted();
}

describe('parseWheelFilename', () => {
  test.each(wheel_filenames.filter((row) => row.valid))('$in is read as in packaging', (row) => {
    const wheel = parseWheelFilename(row.in);
    if (wheel === null) throw new Error('was refused');
    expect(wheel.name).toBe(row.name);
    expect(wheel.version).toBe(row.version);
    expect(wheel.build ?? []).toEqual(row.build);
    expect(tagsOf(wheel)).toEqual(row.tags.toSorted());
  });

  test.each(wheel_filenames.filter((row) => !row.valid && !LENIENT.includes(row.in)))(
    '$in is refused',
    (row) => {
      expect(parseWheelFilename(row.in)).toBeNull();
    },
  );

  test.each([
    ['foo__bar-1.0-py3-none-any.whl', 'foo-bar'],
    ['Foo.Bar_-1.0-py3-none-any.whl', 'foo-bar-'],
  ])('the legacy name of %s is %s', (filename, name) => {
    expect(parseWheelFilename(filename)?.name).toBe(name);
  });

  test('the version is normalised', () => {
    expect(parseWheelFilename('a-1.0.0rev1+CU_118-py3-none-any.whl')?.version).toBe(
      '1.0.0.post1+cu.118',
    );
  });

  test.each([
    'a-1.0-py3-none-.whl',
    'a-1.0-py3..py2-none-any.whl',
    'a-1.0-py3-none-any space.whl',
    'a- 1.0-py3-none-any.whl',
    'a/b-1.0-py3-none-any.whl',
    '-1.0-py3-none-any.whl',
    'a-1.0-x1-py3-none-any.whl',
    'a-1.0-1-2-py3-none-any.whl',
    'a-1.0-py3-none-any.whl.metadata',
    'a-1.0.tar.gz',
    '.whl',
  ])('%s is none', (filename) => {
    expect(parseWheelFilename(filename)).toBeNull();
  });
});

describe('compareBuilds', () => {
  test('sorts none, then numbers, then the rest', () => {
    const builds: WheelFilename['build'][] = [[10, ''], [2, 'b'], null, [2, 'a'], [2, '']];
    expect(builds.toSorted(compareBuilds)).toEqual([null, [2, ''], [2, 'a'], [2, 'b'], [10, '']]);
    expect(compareBuilds(null, null)).toBe(0);
    expect(compareBuilds([1, 'x'], [1, 'x'])).toBe(0);
  });
});

test.each([
  [
    'numpy-1.0-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl',
    'cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64',
  ],
  ['numpy-1.0-2-py2.py3-none-any.whl', 'py2.py3-none-any'],
  ['numpy.whl', 'numpy'],
])('the tags of %s are %s', (filename, text) => {
  expect(tagTextOf(filename)).toBe(text);
});
