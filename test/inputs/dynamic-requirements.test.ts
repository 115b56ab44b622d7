import { describe, expect, it } from 'vitest';
import { readRepository } from '../../src/inputs/read-project.ts';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { codesOf, placesOf, readPyproject } from './support.ts';

const head = "[project]\nname = 'mine'\nversion = '1'\ndynamic = ['dependencies']\n";
const files = { 'a.txt': 'flask\n-r b.txt\n', 'b.txt': 'click\n', 'web.txt': 'rich\n' };

describe('what the build of a project says', () => {
  it.each([
    ['a list of files', "[tool.setuptools.dynamic]\ndependencies = {file = ['a.txt']}\n"],
    ['one file', "[tool.setuptools.dynamic]\ndependencies.file = 'a.txt'\n"],
    ['the files of a hook', "[tool.hatch.metadata.hooks.requirements_txt]\nfiles = ['a.txt']\n"],
  ])('is read from %s', async (_, table) => {
    const input = await readPyproject(head + table, files);
    expect(placesOf(input)).toEqual(['a.txt:1:1 flask', 'b.txt:1:1 click']);
    expect([input.includes, input.mainSetElsewhere]).toEqual([['a.txt', 'b.txt'], true]);
    expect([input.groups[0]?.partial, input.warnings]).toEqual([undefined, []]);
  });

  it.each([
    ['', 'the build of the project says what they are'],
    ['[tool.hatch.metadata.hooks.custom]\n', 'the metadata hook `custom` of Hatch says'],
    ["[tool.setuptools.dynamic]\ndependencies = {attr = 'mine.needs'}\n", 'Python code (`attr`)'],
    ['[tool.setuptools.dynamic]\ndependencies = {}\n', 'no `file` says'],
  ])('is not known for %j', async (table, words) => {
    const input = await readPyproject(head + table);
    expect(input.warnings).toMatchObject([
      { code: 'dynamic-dependencies', message: expect.stringContaining(words) },
    ]);
    expect(input.groups).toMatchObject([{ kind: 'main', requirements: [], partial: true }]);
  });

  it.each([
    ['gone.txt', 'unreadable-include pyproject.toml:6 error'],
    ['../../x.txt', 'outside-repository pyproject.toml:6 warning'],
  ])('is partial where %s cannot be read', async (path, code) => {
    const table = `[tool.setuptools.dynamic]\ndependencies = {file = ['b.txt', '${path}']}\n`;
    const input = await readPyproject(head + table, files);
    expect(codesOf(input.warnings)).toEqual([code]);
    expect(input.groups[0]?.partial).toBe(true);
  });

  it.each([
    "[tool.setuptools.dynamic.optional-dependencies]\nweb = {file = ['web.txt']}\nall = {attr = 'x'}\n",
    "[tool.hatch.metadata.hooks.requirements_txt.optional-dependencies]\nweb = ['web.txt']\nall = ['gone.txt']\n",
  ])('may be extras: %j', async (table) => {
    const text = `${head.replace("['dependencies']", "['optional-dependencies']")}dependencies = []\n${table}`;
    const { groups } = await readPyproject(text, files);
    expect(
      groups.map(({ name, requirements, partial }) => [
        name,
        requirements.map(({ raw }) => raw),
        partial,
      ]),
    ).toEqual([
      [null, [], undefined],
      ['web', ['rich'], undefined],
      ['all', [], true],
    ]);
  });

  it('says that extras are computed', async () => {
    const text = `${head.replace("['dependencies']", "['optional-dependencies']")}dependencies = []\n`;
    expect(codesOf((await readPyproject(text)).warnings)).toEqual([
      'dynamic-dependencies pyproject.toml:4 warning',
    ]);
  });

  it('makes the environment partial only where nothing else says what it needs', async () => {
    const partialOf = async (others: Readonly<Record<string, string>>): Promise<unknown> => {
      const access = createMemoryFiles({ 'pyproject.toml': head, ...others });
      const { projects } = await readRepository(access);
      return projects[0]?.environments[0]?.partial;
    };
    expect(await partialOf({})).toBe(true);
    expect(await partialOf({ 'requirements.txt': 'flask\n' })).toBeUndefined();
    expect(
      await partialOf({
        'setup.py': "from setuptools import setup\nsetup(install_requires=['a'])\n",
      }),
    ).toBeUndefined();
  });
});
