import { describe, expect, test } from 'vitest';
import { decodeMetadata, encodeMetadata, isSummary } from '../../src/package-index/facts.ts';
import type { MetadataAnswer } from '../../src/package-index/package-index.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { parseRequirement } from '../../src/pep/requirement.ts';
import { summarizeWheel } from '../../src/weigh/wheel-contents.ts';

const known: MetadataAnswer = {
  known: true,
  from: 'metadata-file',
  value: {
    name: normalizeName('My_Tool'),
    version: '1.0',
    requiresPython: '>=3.8',
    requiresDist: [
      parseRequirement('base[x,y]<2,>=1'),
      parseRequirement('win; sys_platform == "win32"'),
      parseRequirement('speed; extra == "fast"'),
      parseRequirement('direct @ https://files.test/direct-1.0-py3-none-any.whl'),
    ],
    providesExtras: ['fast'],
    repairs: ['one line was repaired'],
  },
};

const throughJson = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

describe('metadata in the cache', () => {
  test('comes back as it went', () => {
    expect(decodeMetadata(throughJson(encodeMetadata(known)))).toEqual(known);
  });

  test('what is unknown comes back with its reason', () => {
    const unknown: MetadataAnswer = {
      known: false,
      reason: 'broken-metadata',
      detail: 'it has no name',
    };
    expect(decodeMetadata(throughJson(encodeMetadata(unknown)))).toEqual(unknown);
  });

  test.each([
    ['nothing', null],
    ['a number', 4],
    ['an empty record', {}],
    ['no list of requirements', { name: 'a', version: '1', from: 'x', requiresDist: 'b' }],
    [
      'a requirement of another grammar',
      { name: 'a', version: '1', from: 'x', requiresDist: ['=='] },
    ],
    ['no source', { name: 'a', version: '1', requiresDist: [] }],
  ])('%s is read again', (_what, stored) => {
    expect(decodeMetadata(stored)).toBeNull();
  });
});

describe('a summary in the cache', () => {
  const summary = summarizeWheel({ entries: [], downloadBytes: 5, entryPointsText: null });

  test('is known for one', () => {
    expect(isSummary(throughJson(summary))).toBe(true);
  });

  test.each([
    ['null', null],
    ['half of one', { installedBytes: 1 }],
    ['text for bytes', { ...summary, installedBytes: '1' }],
    ['no modules', { ...summary, modules: null }],
  ])('%s is none', (_what, stored) => {
    expect(isSummary(stored)).toBe(false);
  });
});
