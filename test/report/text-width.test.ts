import fc from 'fast-check';
import { expect, test } from 'vitest';
import { displayWidth, padEnd, padStart, truncate, wrap } from '../../src/report/text-width.ts';

test.each([
  ['', 0],
  ['torch', 5],
  ['█░→·…', 5],
  ['日本', 4],
  ['📦', 2],
  ['👩‍💻', 2],
  ['e\u0301', 1],
  ['\u001b[31mred\u001b[39m', 3],
  ['ｗｉｄｅ', 8],
])('%j takes %d columns', (text, width) => {
  expect(displayWidth(text)).toBe(width);
});

test('padding counts columns, not characters', () => {
  expect(padEnd('日', 4)).toBe('日  ');
  expect(padStart('日', 4)).toBe('  日');
  expect(padEnd('long', 2)).toBe('long');
});

test('truncation says that something is missing and never cuts a wide character in half', () => {
  expect(truncate('requests', 8)).toBe('requests');
  expect(truncate('requests', 7)).toBe('reques…');
  expect(truncate('日本語', 4)).toBe('日…');
  expect(truncate('abc', 0)).toBe('');
});

test('wrapped lines keep every word, in order, within the width', () => {
  fc.assert(
    fc.property(
      fc.array(fc.stringMatching(/^[a-z日]{1,12}$/)),
      fc.integer({ min: 24, max: 60 }),
      (words, width) => {
        const lines = wrap(words.join(' '), width);
        expect(lines.join(' ')).toBe(words.join(' '));
        for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(width);
      },
    ),
  );
});

test('a word that is too long is broken at the end of the line', () => {
  expect(wrap('a https://index.test/a b', 10)).toEqual(['a', 'https://in', 'dex.test/a', 'b']);
  expect(wrap('日本語日本語', 5)).toEqual(['日本', '語日', '本語']);
});
