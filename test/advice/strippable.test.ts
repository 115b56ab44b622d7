import { describe, expect, test } from 'vitest';
import { strippable } from '../../src/advice/strippable.ts';
import { contextOf, usage } from './support.ts';

const MB = 1_000_000;

describe('strippable (DW116)', () => {
  test('adds up the test suites of what stays, the largest first', () => {
    const context = contextOf(
      ['science', 'unused-thing'],
      {
        science: { size: 100 * MB, composition: { tests: 14 * MB }, requires: ['array'] },
        array: { size: 60 * MB, composition: { tests: 6 * MB, headers: 100 } },
        'unused-thing': { size: 50 * MB, composition: { tests: 50 * MB } },
      },
      { usages: [usage('unused-thing', 'unused')] },
    );
    expect(strippable.evaluate(context)).toMatchObject([
      {
        packages: ['science'],
        severity: 'info',
        savedInstalledBytes: 20 * MB,
        message:
          '13 % of what stays are test suites inside wheels: science and array; only their own .test() entry points need them',
      },
    ]);
  });

  test('is never 0 % of what stays', () => {
    const context = contextOf(['large'], {
      large: { size: 1000 * MB, composition: { tests: 2 * MB } },
    });
    expect(strippable.evaluate(context)[0]?.message).toMatch(/^<1 % of what stays are test suites/);
  });

  test('does not count what is read at run time', () => {
    const context = contextOf(['torch', 'jedi'], {
      torch: { size: 100 * MB, composition: { headers: 40 * MB, staticLibraries: 3 * MB } },
      jedi: { size: 20 * MB, composition: { typeStubs: 13 * MB } },
    });
    expect(strippable.evaluate(context)).toEqual([]);
  });

  test('is one finding for each kind of file, below 1 MB none', () => {
    const context = contextOf(['deck', 'built'], {
      deck: { size: 60 * MB, composition: { sourceMaps: 38 * MB, tests: 2 * MB, sources: 10 } },
      built: { size: 'sdist-only' },
    });
    expect(strippable.evaluate(context).map((one) => one.savedInstalledBytes)).toEqual([
      38 * MB,
      2 * MB,
    ]);
  });
});
