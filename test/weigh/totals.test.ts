import { describe, expect, test } from 'vitest';
import { downloadBytesOf, totalsOf } from '../../src/weigh/totals.ts';
import { weighedGraph } from '../support/weighed-graph.ts';

describe('totalsOf', () => {
  test('adds up bytes of every kind', () => {
    const { distributions } = weighedGraph(['a', 'b'], { a: { size: 10 }, b: { size: 20 } });
    expect(totalsOf(distributions)).toEqual({
      packages: 2,
      downloadBytes: 15,
      installedBytes: 30,
      diskBytes: 60,
      bytecodeBytes: 90,
      unknown: 0,
      lowerBound: false,
    });
  });

  test('counts a distribution given twice once', () => {
    const { distributions } = weighedGraph(['a'], { a: { size: 10 } });
    expect(totalsOf([...distributions, ...distributions])).toEqual(totalsOf(distributions));
  });

  test('counts two versions of one distribution apart', () => {
    const first = weighedGraph(['a'], { a: { size: 10 } }).distributions;
    const second = weighedGraph(['a'], { a: { size: 5, version: '2.0' } }).distributions;
    expect(totalsOf([...first, ...second])).toMatchObject({ packages: 2, installedBytes: 15 });
  });

  test('is a lower bound where a size is unknown, and never counts it as known', () => {
    const { distributions } = weighedGraph(['a', 'b'], {
      a: { size: 10 },
      b: { size: 'sdist-only' },
    });
    expect(totalsOf(distributions)).toMatchObject({
      packages: 2,
      installedBytes: 10,
      unknown: 1,
      lowerBound: true,
    });
  });

  test('counts what the index says of a file that cannot be looked into', () => {
    const [known] = weighedGraph(['a'], { a: { size: 10 } }).distributions;
    if (known === undefined) throw new Error('the graph is empty');
    const broken = { ...known, weight: { known: false, reason: 'broken-wheel' } } as const;
    expect(downloadBytesOf(broken)).toBe(5);
    expect(downloadBytesOf({ ...broken, file: null })).toBeNull();
    expect(totalsOf([broken])).toMatchObject({ downloadBytes: 5, installedBytes: 0, unknown: 1 });
  });

  test('is nothing for nothing', () => {
    expect(totalsOf([])).toEqual({
      packages: 0,
      downloadBytes: 0,
      installedBytes: 0,
      diskBytes: 0,
      bytecodeBytes: 0,
      unknown: 0,
      lowerBound: false,
    });
  });
});
