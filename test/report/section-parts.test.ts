import { describe, expect, test } from 'vitest';
import { createView, type View } from '../../src/report/headline.ts';
import { createPainter } from '../../src/report/paint.ts';
import {
  clip,
  listFitting,
  measureColumns,
  placeOf,
  renderRow,
  shortenPlace,
} from '../../src/report/section-parts.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import type { DeclaredRow } from '../../src/types.ts';
import { createDeclared, createDocument, createFinding } from './documents.ts';

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

describe('the place of a package', () => {
  const at = (path: string, line: number) => createDeclared({ name: 'torch', path, line });
  const inputs = ['environment.yml', 'requirements.txt'].map((path) => ({
    path,
    kind: 'requirements-txt',
    role: 'prod' as const,
    primary: path === 'requirements.txt',
  }));
  const finding = createFinding({
    packages: ['torch', 'other'],
    locations: [
      { path: 'environment.yml', line: 3, column: 5 },
      { path: 'requirements.txt', line: 7, column: 1 },
    ],
  });
  const viewOf = (declared: readonly DeclaredRow[]): View => {
    const options = {
      width: 80,
      color: false,
      units: 'si',
      all: false,
      bytecode: false,
      weights: true,
    } as const;
    return createView(createDocument({ inputs, declared }), options, createPainter(false));
  };

  test('is that in the file that is weighed, others are counted', () => {
    const view = viewOf([at('environment.yml', 3), at('requirements.txt', 7)]);
    expect(placeOf('torch', finding, view)).toBe('requirements.txt:7 +1');
  });

  test('is the first, where the weighed file does not have it', () => {
    const view = viewOf([at('environment.yml', 3), at('elsewhere.txt', 7)]);
    expect(placeOf('torch', finding, view)).toBe('environment.yml:3');
  });

  test('is the first of the finding, where no row tells', () => {
    expect(placeOf('unheard-of', finding, viewOf([]))).toBe('environment.yml:3');
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
