import { expect, test } from 'vitest';
import { listFiles, readProjectFile } from './support.ts';

const resolution = readProjectFile('docs/resolution.md');

test('docs/resolution.md names universes and tests that are there', () => {
  const files = new Set([...listFiles('test'), ...listFiles('scripts')]);
  const rows = resolution.split('\n').filter((line) => line.startsWith('| '));
  const checks = rows.map((row) => row.split(' | ').at(-1) ?? '');
  const universes = checks.flatMap((check) => [...check.matchAll(/`([a-z0-9-]+)`/g)]);
  const named = universes.flatMap(([, name]) =>
    name !== undefined && files.has(`test/fixtures/universes/${name}.json`) ? [name] : [],
  );
  expect(named.length).toBeGreaterThan(30);
  // Of every row that names universes, all of them are there.
  for (const check of checks.filter((text) => /^`[a-z]+-[a-z-]+`/.test(text)))
    for (const [, name] of check.matchAll(/`([a-z0-9-]+)`/g))
      expect(files, check).toContain(`test/fixtures/universes/${name}.json`);
  for (const [path] of resolution.matchAll(/\b(?:test|scripts)\/[\w/.-]+\.(?:ts|mjs)/g))
    expect(files).toContain(path);
});

test('the documents are linked from the README', () => {
  const readme = readProjectFile('README.md');
  for (const path of listFiles('docs')) expect(readme).toContain(`(${path})`);
});
