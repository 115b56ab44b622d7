import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatPercent,
  formatSize,
  formatTarget,
} from '../../src/report/format.ts';
import { createDocument } from './documents.ts';

describe('formatBytes', () => {
  test.each([
    [0, '0 B'],
    [1, '1 B'],
    [999, '999 B'],
    [1000, '1.0 kB'],
    [9949, '9.9 kB'],
    [9970, '10 kB'],
    [190_921, '191 kB'],
    [999_499, '999 kB'],
    [999_600, '1.0 MB'],
    [1_225_884, '1.2 MB'],
    [12_472_285, '12 MB'],
    [442_600_000, '443 MB'],
    [999_600_000, '1.00 GB'],
    [1_400_119_075, '1.40 GB'],
    [5_232_754_717, '5.23 GB'],
    [12_340_000_000, '12.3 GB'],
    [123_400_000_000, '123 GB'],
    [1_200_000_000_000, '1.20 TB'],
  ])('%d bytes are %s', (bytes, text) => {
    expect(formatBytes(bytes, 'si')).toBe(text);
  });

  test('IEC units count by 1024 and say so', () => {
    expect(formatBytes(1023, 'iec')).toBe('1023 B');
    expect(formatBytes(1024, 'iec')).toBe('1.0 KiB');
    expect(formatBytes(262_144_000, 'iec')).toBe('250 MiB');
    expect(formatBytes(5_232_754_717, 'iec')).toBe('4.87 GiB');
  });

  test('what grows instead of shrinking has a minus sign, not a hyphen', () => {
    expect(formatBytes(-4_790_000_000, 'si')).toBe('−4.79 GB');
  });

  test('never shows 1000 of a unit, and never more than four digits', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 900_000_000_000_000 }), (bytes) => {
        const [digits = ''] = formatBytes(bytes, 'si').split(' ');
        expect(Number(digits)).toBeLessThan(1000);
        expect(digits.replace('.', '').length).toBeLessThanOrEqual(3);
      }),
    );
  });

  test('is never further off than one half of its last digit, 5 %', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 900_000_000_000_000 }), (bytes) => {
        const [digits = '', unit = ''] = formatBytes(bytes, 'si').split(' ');
        const factor = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9, TB: 1e12 }[unit] ?? 0;
        expect(Math.abs(Number(digits) * factor - bytes)).toBeLessThanOrEqual(bytes * 0.051);
      }),
    );
  });
});

test('an unknown size is a question mark, never 0', () => {
  expect(formatSize(null, 'si')).toBe('?');
  expect(formatSize(0, 'si')).toBe('0 B');
});

describe('formatPercent', () => {
  test.each([
    [0, 100, '0 %'],
    [1, 1000, '<1 %'],
    [92, 100, '92 %'],
    [999, 1000, '99 %'],
    [1000, 1000, '100 %'],
    [5, 0, '0 %'],
  ])('%d of %d is %s', (part, whole, text) => {
    expect(formatPercent(part, whole)).toBe(text);
  });
});

test('counts agree with their noun and have separators', () => {
  expect(formatCount(1, 'package')).toBe('1 package');
  expect(formatCount(0, 'package')).toBe('0 packages');
  expect(formatCount(1_234_567, 'package')).toBe('1,234,567 packages');
});

describe('formatTarget', () => {
  const target = createDocument().target;
  test('says the C library and its level', () => {
    expect(formatTarget(target)).toBe('Python 3.11 · Linux x86_64 · glibc 2.28');
    expect(
      formatTarget({
        ...target,
        libc: 'musl',
        platformTag: 'musllinux_1_2_aarch64',
        arch: 'aarch64',
      }),
    ).toBe('Python 3.11 · Linux aarch64 · musl 1.2');
  });

  test('knows macOS, Windows and PyPy', () => {
    expect(
      formatTarget({
        ...target,
        os: 'macos',
        libc: null,
        platformTag: 'macosx_13_0_arm64',
        arch: 'arm64',
      }),
    ).toBe('Python 3.11 · macOS 13.0 arm64');
    expect(
      formatTarget({
        ...target,
        implementation: 'pp',
        os: 'windows',
        libc: null,
        platformTag: 'win_amd64',
        arch: 'amd64',
      }),
    ).toBe('PyPy 3.11 · Windows amd64');
  });
});
