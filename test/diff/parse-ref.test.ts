import { describe, expect, test } from 'vitest';
import { parseRef } from '../../src/diff/parse-ref.ts';

describe('a ref', () => {
  test.each([
    ['main', 'main', false],
    [' origin/main ', 'origin/main', false],
    ['HEAD~1', 'HEAD~1', false],
    ['HEAD^{commit}', 'HEAD^{commit}', false],
    ['v1.2.3', 'v1.2.3', false],
    ['main@{yesterday}', 'main@{yesterday}', false],
    ['main...', 'main', true],
    ['main...HEAD', 'main', true],
    ['origin/release/1.2...@', 'origin/release/1.2', true],
    ['main..', 'main', false],
    ['main..HEAD', 'main', false],
    ['HEAD^{/fix...}', 'HEAD^{/fix...}', false],
    [':/fix the build...', ':/fix the build...', false],
  ])('%j asks git for %j, the merge base: %j', (text, revision, mergeBase) => {
    expect(parseRef(text)).toEqual({ text: text.trim(), revision, mergeBase });
  });

  test.each([
    ['', 'give a branch'],
    ['  ', 'give a branch'],
    ['--upload-pack=touch x', 'begins with -'],
    ['-1', 'begins with -'],
    ['main\nHEAD', 'control character'],
    ['...', 'before the dots'],
    ['...HEAD', 'before the dots'],
    ['main...feature', 'check feature out'],
    ['a..b', 'check b out'],
  ])('%j is none, and the reason is said', (text, hint) => {
    expect(() => parseRef(text)).toThrow(expect.objectContaining({ code: 'wrong-call' }));
    try {
      parseRef(text);
    } catch (error) {
      expect(String(error instanceof Error && 'hint' in error && error.hint)).toContain(hint);
    }
  });
});
