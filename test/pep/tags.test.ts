import { describe, expect, test } from 'vitest';
import { compatibleTags } from '../../src/pep/tags.ts';
import { parseWheelFilename } from '../../src/pep/wheel-filename.ts';
import { targetOf } from './environments.ts';
import { readVectors } from './vectors.ts';

const vectors = readVectors<{
  readonly platforms: readonly (readonly string[])[];
  readonly pythons: readonly {
    readonly python: string;
    readonly specific: readonly string[];
    readonly anywhere: readonly string[];
  }[];
}>('tags');

const cases = vectors.platforms.flatMap(([platform = '', ...fitting]) =>
  vectors.pythons.map((python) => ({
    platform,
    python: python.python.replace('cp3', '3.'),
    tags: [
      ...python.specific.flatMap((pair) => fitting.map((tag) => `${pair}-${tag}`)),
      ...python.anywhere.map((pair) => `${pair}-any`),
    ],
  })),
);

function fit(
  filename: string,
  platform: string,
  python?: string,
  implementation?: 'cp' | 'pp',
): number | null {
  const wheel = parseWheelFilename(filename);
  if (wheel === null) throw new Error(`no wheel: ${filename}`);
  return compatibleTags(targetOf(platform, python, implementation)).bestPriority(wheel);
}

/** The order of fitting wheels, best first; those that do not fit are left out. */
function ranked(tags: readonly string[], platform: string, python?: string): readonly string[] {
  const fitting = tags.flatMap((tag) => {
    const priority = fit(`a-1-${tag}.whl`, platform, python);
    return priority === null ? [] : [{ tag, priority }];
  });
  return fitting.toSorted((left, right) => left.priority - right.priority).map(({ tag }) => tag);
}

describe('compatibleTags', () => {
  test.each(cases)(
    'CPython $python on $platform takes the tags of packaging in its order',
    ({ platform, python, tags }) => {
      const compatible = compatibleTags(targetOf(platform, python));
      tags.forEach((tag, rank) => {
        const [interpreter = '', abi = '', platformTag = ''] = tag.split('-');
        expect(compatible.priority(interpreter, abi, platformTag), tag).toBe(rank);
      });
    },
  );

  test('there are as many platform tags as in packaging', () => {
    for (const [platform = '', ...fitting] of vectors.platforms) {
      expect(compatibleTags(targetOf(platform)).platforms).toEqual(fitting);
    }
  });

  test.each([
    ['a-1-cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64.whl', 'linux', '3.11'],
    ['a-1-cp37-abi3-manylinux2014_x86_64.whl', 'linux', '3.15'],
    ['a-1-cp32-abi3-manylinux1_x86_64.whl', 'linux', '3.8'],
    ['a-1-py2.py3-none-any.whl', 'linux', '3.11'],
    ['a-1-py3-none-manylinux_2_28_x86_64.whl', 'linux', '3.11'],
    ['a-1-cp311-none-any.whl', 'linux', '3.11'],
    ['a-1-cp311-cp311-linux_x86_64.whl', 'linux', '3.11'],
    ['a-1-cp311-cp311-musllinux_1_1_aarch64.whl', 'aarch64-unknown-linux-musl', '3.11'],
    ['a-1-cp311-cp311-macosx_10_9_universal2.whl', 'macos', '3.11'],
    ['a-1-cp311-cp311-macosx_10_9_intel.whl', 'x86_64-apple-darwin', '3.11'],
    ['a-1-cp311-cp311-win32.whl', 'win32', '3.11'],
    ['a-1-cp37-cp37m-manylinux1_i686.whl', 'i686-manylinux_2_28', '3.7'],
    ['a-1-cp310-cp310-manylinux_2_17_s390x.whl', 'linux/s390x', '3.10'],
  ])('%s fits %s with Python %s', (filename, platform, python) => {
    expect(fit(filename, platform, python)).not.toBeNull();
  });

  test.each([
    ['a-1-cp310-cp310-manylinux2014_x86_64.whl', 'linux', '3.11'],
    ['a-1-cp312-abi3-manylinux2014_x86_64.whl', 'linux', '3.11'],
    ['a-1-cp313-cp313t-manylinux2014_x86_64.whl', 'linux', '3.13'],
    ['a-1-cp315-abi3t-manylinux2014_x86_64.whl', 'linux', '3.15'],
    ['a-1-py2-none-any.whl', 'linux', '3.11'],
    ['a-1-py312-none-any.whl', 'linux', '3.11'],
    ['a-1-cp310-none-any.whl', 'linux', '3.11'],
    ['a-1-cp311-cp311-any.whl', 'linux', '3.11'],
    ['a-1-cp311-cp311-manylinux_2_31_x86_64.whl', 'linux', '3.11'],
    ['a-1-cp311-cp311-manylinux2010_aarch64.whl', 'linux/arm64', '3.11'],
    ['a-1-cp311-cp311-musllinux_1_2_x86_64.whl', 'linux', '3.11'],
    ['a-1-cp311-cp311-manylinux2014_x86_64.whl', 'x86_64-unknown-linux-musl', '3.11'],
    ['a-1-cp311-cp311-macosx_14_0_arm64.whl', 'macos', '3.11'],
    ['a-1-cp311-cp311-macosx_11_0_x86_64.whl', 'macos', '3.11'],
    ['a-1-cp311-cp311-win_amd64.whl', 'win_arm64', '3.11'],
    ['a-1-pp311-pypy311_pp73-manylinux2014_x86_64.whl', 'linux', '3.11'],
  ])('%s does not fit %s with Python %s', (filename, platform, python) => {
    expect(fit(filename, platform, python)).toBeNull();
  });

  test('PyPy takes its own ABI and pure wheels, never those of CPython', () => {
    expect(fit('a-1-pp310-pypy310_pp73-manylinux2014_x86_64.whl', 'linux', '3.10', 'pp')).toBe(12);
    expect(fit('a-1-py3-none-any.whl', 'linux', '3.10', 'pp')).not.toBeNull();
    expect(fit('a-1-pp3-none-any.whl', 'linux', '3.10', 'pp')).not.toBeNull();
    expect(fit('a-1-cp310-cp310-manylinux2014_x86_64.whl', 'linux', '3.10', 'pp')).toBeNull();
    expect(fit('a-1-cp37-abi3-manylinux2014_x86_64.whl', 'linux', '3.10', 'pp')).toBeNull();
  });

  test('macOS before 11 counts its minor number', () => {
    expect(
      fit('a-1-cp38-cp38-macosx_10_9_x86_64.whl', 'macosx_10_15_x86_64', '3.8'),
    ).not.toBeNull();
    expect(fit('a-1-cp38-cp38-macosx_10_16_x86_64.whl', 'macosx_10_15_x86_64', '3.8')).toBeNull();
    expect(fit('a-1-cp38-cp38-macosx_11_0_x86_64.whl', 'macosx_10_15_x86_64', '3.8')).toBeNull();
  });

  test('tags as text are worth what they are worth one by one', () => {
    const tags = compatibleTags(targetOf('linux', '3.11'));
    for (const text of [
      'cp311-cp311-manylinux_2_17_x86_64.manylinux2014_x86_64',
      'cp310.cp311-abi3-manylinux2014_x86_64',
      'PY3-none-ANY',
      'cp312-cp312-manylinux2014_x86_64',
      'constructor-none-any',
    ]) {
      const wheel = parseWheelFilename(`a-1-${text}.whl`);
      const expected = wheel === null ? null : tags.bestPriority(wheel);
      expect([tags.priorityOfText(text), tags.priorityOfText(text)], text).toEqual([
        expected,
        expected,
      ]);
    }
  });

  test('a wheel is as good as its best tag', () => {
    const both = fit('a-1-cp311-cp311-manylinux_2_12_x86_64.manylinux_2_28_x86_64.whl', 'linux');
    expect(both).toBe(fit('a-1-cp311-cp311-manylinux_2_28_x86_64.whl', 'linux'));
  });

  test('ranks the nearer ABI above the nearer platform, and pure wheels last', () => {
    const order = [
      'cp311-cp311-manylinux_2_28_x86_64',
      'cp311-cp311-manylinux_2_17_x86_64',
      'cp311-cp311-manylinux2014_x86_64',
      'cp311-cp311-linux_x86_64',
      'cp311-abi3-manylinux_2_28_x86_64',
      'cp38-abi3-manylinux_2_28_x86_64',
      'py3-none-manylinux2014_x86_64',
      'cp311-none-any',
      'py311-none-any',
      'py3-none-any',
      'py310-none-any',
    ];
    expect(ranked([...order, 'py2-none-any'].toReversed(), 'linux', '3.11')).toEqual(order);
  });
});
