import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sanitize, sanitizeDocument } from '../../src/report/sanitize.ts';

describe('sanitize', () => {
  test('leaves plain text, accents, wide characters and emoji alone', () => {
    for (const text of ['requests[socks]==2.31.0', 'naïve café', '日本語', '📦 box', 'a·b → c']) {
      expect(sanitize(text)).toBe(text);
    }
  });

  test('makes escape sequences visible', () => {
    expect(sanitize('\u001b[31mred\u001b[0m')).toBe('␛[31mred␛[0m');
    expect(sanitize('\u001b]52;c;aGk=\u0007')).toBe('␛]52;c;aGk=␇');
    expect(sanitize('\u009b2J')).toBe('<U+009B>2J');
    expect(sanitize('a\u007fb\bc')).toBe('a␡b␈c');
  });

  test('makes bidi overrides and zero-width characters visible', () => {
    expect(sanitize('gnp\u202etxt.exe')).toBe('gnp<U+202E>txt.exe');
    expect(sanitize('num\u200bpy')).toBe('num<U+200B>py');
    expect(sanitize('\u2066a\u2069')).toBe('<U+2066>a<U+2069>');
    expect(sanitize('\ufeffa\u{e0041}')).toBe('<U+FEFF>a<U+E0041>');
  });

  test('keeps text on one line', () => {
    expect(sanitize('a\r\nb\nc\td')).toBe('a b c d');
    expect(sanitize('a\rb')).toBe('a␍b');
  });

  test('never gives a command to a CI runner', () => {
    expect(sanitize('::error::x')).toBe(': :error::x');
    expect(sanitize('text ::set-output name=a::b')).toBe('text : :set-output name=a::b');
    expect(sanitize('##[error]x')).toBe('# #[error]x');
    expect(sanitize('crate::module')).toBe('crate::module');
  });

  test('leaves passwords out of URLs', () => {
    expect(sanitize('fx @ https://user:hunter2@index.test/fx.whl')).not.toContain('hunter2');
  });

  test('whatever goes in, no control character comes out', () => {
    const hidden = /[\u0000-\u001f\u007f-\u009f\u200b-\u200f\u2028-\u202e\u2060-\u2069]/;
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        const clean = sanitize(text);
        expect(clean).not.toMatch(hidden);
        expect(clean).not.toMatch(/(^|\s)::\S/);
        expect(clean).not.toContain('##[');
      }),
    );
  });

  test('is the same when done twice', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 40 }), (text) => {
        expect(sanitize(sanitize(text))).toBe(sanitize(text));
      }),
    );
  });
});

test('sanitizeDocument reaches every string and changes nothing else', () => {
  const document = { name: 'a\u001bb', rows: [{ size: 3, none: null, text: ['\u202e'] }] };
  expect(sanitizeDocument(document)).toEqual({
    name: 'a␛b',
    rows: [{ size: 3, none: null, text: ['<U+202E>'] }],
  });
  expect(document.name).toBe('a\u001bb');
});
