import { describe, expect, test } from 'vitest';
import {
  clip,
  listFitting,
  measureColumns,
  renderRow,
  shortenPlace,
} from '../../src/report/section-parts.ts';
import { displayWidth } from '../../src/report/text-width.ts';

describe('a row', () => {
  const row = {
    name: 'pytest',
    version: '7.4.3',
    place: 'requirements.txt:16',
    texts: ['only in tests/test_main.py and 2 more files → dev', 'only in tests/ → dev'],
  };
  const columns = measureColumns([row]);

  test('says the longest of its texts that has room', () => {
    expect(renderRow(row, columns, 100)).toEqual([
      '  pytest      7.4.3  requirements.txt:16  only in tests/test_main.py and 2 more files → dev',
    ]);
    expect(renderRow(row, columns, 70)).toEqual([
      '  pytest      7.4.3  requirements.txt:16  only in tests/ → dev',
    ]);
  });

  test('puts the text below where nothing has room', () => {
    expect(renderRow({ ...row, place: 'a/'.repeat(20) }, columns, 64)).toEqual([
      `  pytest      7.4.3  ${'a/'.repeat(20)}`,
      '      only in tests/test_main.py and 2 more files → dev',
    ]);
  });

  test.each([60, 80, 100])('never leaves %d columns', (width) => {
    const wild = {
      name: 'n'.repeat(200),
      version: '1'.repeat(90),
      place: `${'deep/'.repeat(40)}file.txt:1`,
      texts: ['x'.repeat(300)],
    };
    for (const line of renderRow(wild, measureColumns([wild, row]), width)) {
      expect(displayWidth(line)).toBeLessThanOrEqual(width);
    }
  });
});

describe('columns', () => {
  const rows = ['a.txt:1', `${'far/'.repeat(20)}b.txt:1`].map((place) => ({
    name: 'apple',
    version: '',
    place,
    texts: [],
  }));

  test('one place that is far longer does not widen all', () => {
    expect(measureColumns(rows)).toEqual({ name: 10, version: 0, place: 10 });
  });
});

describe('shortenPlace', () => {
  test.each([
    ['app/main.py:3', 20, 'app/main.py:3'],
    ['src/dashboard/pages/analytics.py:4', 24, '…/pages/analytics.py:4'],
    ['src/dashboard/pages/analytics.py:4', 18, '…/analytics.py:4'],
    ['src/pages/analytics.py:4 (optional)', 28, '…/analytics.py:4 (optional)'],
    ['very_long_name_of_a_file.py:12', 10, '…ile.py:12'],
  ])('%s in %d columns is %s', (text, width, expected) => {
    expect(shortenPlace(text, width)).toBe(expected);
    expect(displayWidth(expected)).toBeLessThanOrEqual(width);
  });
});

describe('listFitting', () => {
  const names = ['apple', 'pear', 'plum', 'watermelons-and-more'];

  test('names as many as have room and counts the others', () => {
    expect(listFitting({ lead: '4 of: ', names }, 80, 1)).toBe(
      '4 of: apple, pear, plum, watermelons-and-more',
    );
    expect(listFitting({ lead: '4 of: ', names }, 26, 1)).toBe('4 of: apple and 3 more');
    expect(listFitting({ lead: '4 of: ', names }, 20, 2)).toBe(
      '4 of: apple, pear, plum and 1 more',
    );
  });

  test('counts what is known by number only', () => {
    expect(listFitting({ lead: '', names: ['apple'], hidden: 7 }, 80, 1)).toBe('apple and 7 more');
  });
});

test('clipped text ends at a whole word', () => {
  expect(clip('one two three four', 9, 1)).toEqual(['one …']);
  expect(clip('one two', 9, 1)).toEqual(['one two']);
});
