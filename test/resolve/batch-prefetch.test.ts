import { describe, expect, test } from 'vitest';
import type { PackageIndex } from '../../src/package-index/package-index.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { createBatchPrefetcher } from '../../src/resolve/batch-prefetch.ts';
import type { Universe } from '../../src/resolve/candidates.ts';

/** A project of releases 0, 1, 2, …, of which the odd ones have no file that would do and every fourth a wheel. */
function walk(): { readonly asked: number[]; readonly decide: (version: number) => void } {
  const asked: number[] = [];
  const name = normalizeName('walked');
  const universe = {
    name,
    choose: (at: number) =>
      at % 2 === 0
        ? { usable: true, file: { at, kind: at % 4 === 0 ? 'wheel' : 'sdist' } }
        : { usable: false, why: 'no' },
    release: (at: number) => at,
  } as unknown as Universe;
  const index = {
    metadata: (_name: string, file: { readonly at: number }) => {
      asked.push(file.at);
      return Promise.reject(new Error('gone'));
    },
  } as unknown as PackageIndex;
  const prefetch = createBatchPrefetcher(index);
  return { asked, decide: (version) => prefetch(universe, version) };
}

describe('a walk down the releases of one package', () => {
  test('is followed by requests for the next fifty from the fifth decision on, and a failed one is no matter', async () => {
    const { asked, decide } = walk();
    for (const version of [200, 199, 198, 197]) decide(version);
    expect(asked).toEqual([]);
    decide(196);
    expect([asked.length, asked[0], asked.at(-1)]).toEqual([12, 192, 148]);
    await new Promise((resume) => void setImmediate(resume));
  });

  test('goes on before what was asked for is used up, and ends at the oldest', () => {
    const { asked, decide } = walk();
    for (let version = 100; version > 96; version--) decide(version);
    decide(96);
    for (let version = 95; version > 56; version--) decide(version);
    const before = asked.length;
    decide(56);
    expect(asked.slice(before)).toContain(8);
    expect(Math.min(...asked)).toBeGreaterThanOrEqual(0);
  });
});
