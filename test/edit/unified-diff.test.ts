import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { unifiedDiff } from '../../src/edit/unified-diff.ts';

test('is empty where nothing changes', () => {
  expect(unifiedDiff('a', 'x\n', 'x\n')).toBe('');
});

test('has three lines around each change, joined where they touch', () => {
  const lines = Array.from({ length: 30 }, (_, index) => `${index}\n`);
  const after = lines.filter((_, index) => index !== 5 && index !== 20).join('');
  expect(unifiedDiff('a', lines.join(''), after)).toBe(
    '--- a/a\n+++ b/a\n@@ -3,7 +3,6 @@\n 2\n 3\n 4\n-5\n 6\n 7\n 8\n@@ -18,7 +17,6 @@\n 17\n 18\n 19\n-20\n 21\n 22\n 23\n',
  );
});

test('says where a last line has no end', () => {
  expect(unifiedDiff('a', 'x', 'y\n')).toBe(
    '--- a/a\n+++ b/a\n@@ -1 +1 @@\n-x\n\\ No newline at end of file\n+y\n',
  );
});

const canPatch = ((): boolean => {
  try {
    execFileSync('patch', ['--version'], { stdio: 'ignore' });
    return true;
  } catch {
    // Not every machine has it.
    return false;
  }
})();

test.skipIf(!canPatch)('is what `patch` makes the new text of', () => {
  const folder = mkdtempSync(join(tmpdir(), 'depweight-diff-'));
  const path = join(folder, 'f');
  const text = fc
    .array(fc.constantFrom('a', 'b', 'c', ''), { maxLength: 30 })
    .map((lines) => lines.map((line) => `${line}\n`).join(''));
  try {
    fc.assert(
      fc.property(text, text, (before, after) => {
        fc.pre(before !== after && before !== '' && after !== '');
        writeFileSync(path, before);
        const input = unifiedDiff('f', before, after);
        const words = ['-s', '-o', '-', path];
        expect(execFileSync('patch', words, { input, encoding: 'utf8' })).toBe(after);
      }),
      { numRuns: 40 },
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
