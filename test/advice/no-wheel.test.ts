import { describe, expect, test } from 'vitest';
import { noWheel } from '../../src/advice/no-wheel.ts';
import { contextOf } from './support.ts';

describe('no-wheel (DW113)', () => {
  test('names the distribution and its place', () => {
    const context = contextOf(['web', 'gdal'], {
      web: {},
      gdal: { size: 'sdist-only', version: '3.8.0' },
    });
    expect(noWheel.evaluate(context)).toMatchObject([
      {
        packages: ['gdal'],
        locations: [{ path: 'requirements.txt', line: 2 }],
        message:
          'gdal 3.8.0 has no wheel, only a source archive that has to be built; its size is unknown and left out of the totals',
        savedInstalledBytes: null,
      },
    ]);
  });

  test('names the declared ones that bring in a transitive one', () => {
    const context = contextOf(['a', 'b', 'c'], {
      a: { requires: ['built'] },
      b: { requires: ['a'] },
      c: {},
      built: { size: 'no-wheel-for-target' },
    });
    expect(noWheel.evaluate(context)).toMatchObject([
      {
        packages: ['a', 'b'],
        message: expect.stringContaining(
          'no wheel for Python 3.11 on manylinux_2_28_x86_64 and has to be built',
        ),
      },
    ]);
  });

  test('is silent about what is unknown for another reason', () => {
    expect(noWheel.evaluate(contextOf(['x'], { x: { size: 'network' } }))).toEqual([]);
  });
});
