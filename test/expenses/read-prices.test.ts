import { describe, expect, test } from 'vitest';
import { DepweightError } from '../../src/errors.ts';
import { readPrices } from '../../src/expenses/read-prices.ts';
import type { Prices } from '../../src/types.ts';

function read(values: Readonly<Record<string, unknown>>): Prices | null {
  return readPrices({
    raw: (name) => values[name],
    refuse(name, value, expected) {
      throw new Error(`${name} ${String(value)}: ${expected}`);
    },
  });
}

describe('prices', () => {
  test('are taken as they are given', () => {
    expect(
      read({
        'price-storage': '$0.10/GB-month',
        'price-transfer': '0.09',
        pulls: '1,000',
        'versions-kept': 5,
        bandwidth: '100 Mbit/s',
      }),
    ).toEqual({
      currency: '$',
      storage: 0.1,
      transfer: 0.09,
      pulls: 1000,
      versionsKept: 5,
      bandwidth: 12_500_000,
    });
  });

  test('without any there are none, and none is guessed', () => {
    expect(read({})).toBeNull();
    expect(read({ bandwidth: '1Gbps' })).toEqual({
      currency: '',
      storage: null,
      transfer: null,
      pulls: null,
      versionsKept: 1,
      bandwidth: 125_000_000,
    });
  });

  test.each([
    ['EUR 0.10', 'EUR ', 0.1],
    ['€2', '€', 2],
    [0.1, '', 0.1],
    ['0.023/GB', '', 0.023],
  ])('%j', (text, currency, storage) => {
    expect(read({ 'price-storage': text })).toMatchObject({ currency, storage });
  });

  test.each([
    ['12.5 MB/s', 12_500_000],
    ['1MiB/s', 1_048_576],
    ['800kbit/s', 100_000],
    ['2.5 Gbit', 312_500_000],
  ])('a bandwidth of %s', (text, bytes) => {
    expect(read({ bandwidth: text })?.bandwidth).toBe(bytes);
  });

  test.each([
    ['price-storage', 'cheap'],
    ['price-storage', '-1'],
    ['price-storage', '0,10'],
    ['price-storage', true],
    ['price-transfer', ''],
    // Bits or bytes: nobody knows.
    ['bandwidth', '100Mb/s'],
    ['bandwidth', '100 MB'],
    ['bandwidth', '0 Mbit/s'],
    ['bandwidth', '100'],
  ])('%s %j is refused', (name, value) => {
    expect(() => read({ [name]: value })).toThrow(`${name} ${String(value)}: a `);
  });

  test('a count without its price would be ignored, and is refused', () => {
    for (const name of ['pulls', 'versions-kept'])
      expect(() => read({ [name]: '5' })).toThrow(DepweightError);
    expect(() => read({ 'price-storage': '1', pulls: '5' })).toThrow('--pulls counts only with');
    expect(() => read({ 'price-storage': '1', 'versions-kept': '1.5' })).toThrow('a whole number');
  });
});
