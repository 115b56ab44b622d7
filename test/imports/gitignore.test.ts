import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { globMatches, isIgnored, parseIgnoreRules } from '../../src/imports/gitignore.ts';

function ignored(text: string, path: string, isFolder = false): boolean {
  return isIgnored([parseIgnoreRules(text, '.')], path, isFolder);
}

describe('rules', () => {
  it.each([
    ['build', 'build', true],
    ['build', 'a/b/build', true],
    ['build', 'rebuild', false],
    ['/build', 'build', true],
    ['/build', 'a/build', false],
    ['a/b', 'a/b', true],
    ['a/b', 'c/a/b', false],
    ['*.py', 'x/y.py', true],
    ['*.py', 'x/y.pyc', false],
    ['doc/*.txt', 'doc/a.txt', true],
    ['doc/*.txt', 'doc/a/b.txt', false],
    ['**/foo', 'foo', true],
    ['**/foo', 'a/b/foo', true],
    ['foo/**', 'foo/a/b', true],
    ['foo/**', 'foo', false],
    ['a/**/b', 'a/b', true],
    ['a/**/b', 'a/x/y/b', true],
    ['a/**/b', 'a/x/y/c', false],
    ['*.[oa]', 'x.o', true],
    ['*.[!oa]', 'x.o', false],
    ['*.[a-f]', 'x.d', true],
    ['file?.py', 'file1.py', true],
    ['file?.py', 'file.py', false],
    ['# comment', '# comment', false],
    ['\\#file', '#file', true],
    ['\\!file', '!file', true],
    ['file ', 'file', true],
    ['file\\ ', 'file ', true],
    ['', 'x', false],
    ['/', 'x', false],
    ['[', '[', true],
  ])('%j and the path %j: %s', (rule, path, expected) => {
    expect(ignored(rule, path)).toBe(expected);
  });

  it('takes a slash at the end for folders only', () => {
    expect(ignored('out/', 'a/out', true)).toBe(true);
    expect(ignored('out/', 'a/out', false)).toBe(false);
  });

  it('lets the last rule win', () => {
    expect(ignored('*.py\n!keep.py', 'keep.py')).toBe(false);
    expect(ignored('!keep.py\n*.py', 'keep.py')).toBe(true);
    expect(ignored('*\r\n!a.py\r\n', 'a.py')).toBe(false);
  });

  it('lets a deeper file win over a higher one, for what lies below it', () => {
    const stack = [parseIgnoreRules('*.py', '.'), parseIgnoreRules('!/a.py\nsub/b', 'pkg')];
    expect(isIgnored(stack, 'pkg/a.py', false)).toBe(false);
    expect(isIgnored(stack, 'pkg/c.py', false)).toBe(true);
    expect(isIgnored(stack, 'pkg/sub/b', false)).toBe(true);
  });
});

describe('globMatches', () => {
  it('agrees with a regular expression for stars and question marks', () => {
    const glob = fc.string({ unit: fc.constantFrom('a', 'b', '*', '?'), maxLength: 8 });
    const text = fc.string({ unit: fc.constantFrom('a', 'b', 'c'), maxLength: 10 });
    fc.assert(
      fc.property(glob, text, (pattern, value) => {
        const expression = new RegExp(`^${pattern.replaceAll('*', '.*').replaceAll('?', '.')}$`);
        expect(globMatches(pattern, value)).toBe(expression.test(value));
      }),
      { numRuns: 1000 },
    );
  });

  it('is not slow for many stars', () => {
    const start = performance.now();
    expect(globMatches('*a'.repeat(200), `${'a'.repeat(5000)}b`)).toBe(false);
    expect(ignored(`${'**/a/'.repeat(100)}b`, `${'a/'.repeat(2000)}c`)).toBe(false);
    expect(performance.now() - start).toBeLessThan(1000);
  });
});
