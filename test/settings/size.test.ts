import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseSize } from '../../src/settings/size.ts';

describe('parseSize', () => {
  test.each([
    ['0', 0],
    ['262144000', 262_144_000],
    ['500 MB', 500_000_000],
    ['500MB', 500_000_000],
    ['500 mb', 500_000_000],
    ['1.5 GB', 1_500_000_000],
    ['10 kB', 10_000],
    ['250 MiB', 262_144_000],
    ['1gib', 1_073_741_824],
    ['7 B', 7],
    ['  7 B  ', 7],
  ])('%j is %d bytes', (text, bytes) => {
    expect(parseSize(text)).toBe(bytes);
  });

  test.each([
    '',
    'M',
    '500 M',
    '500M',
    '5 G',
    '-5 MB',
    '5  MB',
    '1e3',
    'five',
    '5 MB extra',
    '5.',
    '.5 MB',
    '٥ MB',
    '9999999999999999999 B',
  ])('%j is no size', (text) => {
    expect(parseSize(text)).toBeNull();
  });

  test('whole bytes survive', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (bytes) => {
        expect(parseSize(String(bytes))).toBe(bytes);
        expect(parseSize(`${bytes} B`)).toBe(bytes);
      }),
    );
  });
});
