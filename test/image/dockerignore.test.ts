import { performance } from 'node:perf_hooks';
import { describe, expect, test } from 'vitest';
import { parseDockerignore } from '../../src/image/dockerignore.ts';

const ignores = (text: string, path: string): boolean => parseDockerignore(text).ignores(path);

describe('a .dockerignore', () => {
  test.each([
    ['.git', '.git', true],
    ['.git', '.git/objects/ab', true],
    ['.git', 'sub/.git', false],
    ['**/.git', '.git', true],
    ['**/.git', 'a/b/.git/config', true],
    ['/tests', 'tests/test_x.py', true],
    ['./tests/', 'tests/test_x.py', true],
    ['a/../tests', 'tests/x', true],
    ['*.md', 'README.md', true],
    ['*.md', 'docs/README.md', false],
    ['**/*.md', 'docs/deep/README.md', true],
    ['*/*.md', 'docs/README.md', true],
    ['docs/**', 'docs/a/b', true],
    ['docs/**', 'docsx/a', false],
    ['docs/**/x', 'docs/x', true],
    ['docs/**/x', 'docs/a/b/x', true],
    ['te?t', 'test/a', true],
    ['[a-c]*', 'beta', true],
    ['[^a-c]*', 'beta', false],
    ['a\\*b', 'a*b', true],
    ['a\\*b', 'axb', false],
    ['# .git', '.git', false],
    ['', 'a', false],
    ['**', 'anything/at/all', true],
    ['[[[[', '[[[[', false],
  ])('%j, asked about %s: %s', (text, path, expected) => {
    expect(ignores(text, path)).toBe(expected);
  });

  test('is decided by the last pattern that matches', () => {
    expect(ignores('*\n!src\n', 'src/app.py')).toBe(false);
    expect(ignores('*\n!src\n', 'tests/x.py')).toBe(true);
    expect(ignores('*.md\n!README.md\n', 'README.md')).toBe(false);
    expect(ignores('!README.md\n*.md\n', 'README.md')).toBe(true);
    expect(ignores('docs\r\n!docs/keep\r\n', 'docs/keep/a.md')).toBe(false);
    expect(parseDockerignore('docs\n!docs/keep\n').takesBack).toBe(true);
    expect(parseDockerignore('docs\n').takesBack).toBe(false);
  });

  test('is read in time that grows with the pattern, whatever is in it', () => {
    const stars = `${'**/'.repeat(200)}${'a*'.repeat(40)}b\n!**/**/**/x\n[[[[`;
    const path = `${'a'.repeat(60)}/${'aaaa/'.repeat(60)}${'a'.repeat(60)}.py`;
    const ignore = parseDockerignore(stars);
    const start = performance.now();
    for (let count = 0; count < 50; count++) expect(ignore.ignores(path)).toBe(false);
    expect(performance.now() - start).toBeLessThan(2000);
  });
});
