import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { expect, test } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { createRefArchives } from '../../src/io/ref-archives.ts';
import { variablesFor } from '../../src/io/git.ts';

const wheel = 'pears-1.0-py3-none-any.whl';

test('archives of a commit are read from it, and gone at the end', () => {
  const files = createMemoryFiles({ [`vendor/${wheel}`]: 'then', 'vendor/notes.md': '' });
  const archives = createRefArchives({ files, outside: () => '/elsewhere' });
  const file = archives.locate(`vendor/${wheel}`) ?? '';
  expect(readFileSync(file, 'utf8')).toBe('then');
  expect(archives.locate(`./vendor/${wheel}`)).toBe(file);
  expect(readdirSync(archives.locate('vendor') ?? '')).toEqual([wheel]);
  expect(existsSync(archives.locate('vendor/plums-1.0.tar.gz') ?? '')).toBe(false);
  expect(archives.locate('../pears.whl')).toBe('/elsewhere');
  expect(archives.locate('/srv/pears.whl')).toBe('/elsewhere');
  archives.close();
  expect(existsSync(dirname(dirname(file)))).toBe(false);
});

test('programs of Windows are told where the system is', () => {
  expect(variablesFor({ searchPath: '/bin' })).not.toHaveProperty('SystemRoot');
  const told = variablesFor({ searchPath: '/bin', systemRoot: 'C:\\Windows' });
  expect(told).toMatchObject({ SystemRoot: 'C:\\Windows', PATH: '/bin' });
});
