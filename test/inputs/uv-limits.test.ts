import { describe, expect, it } from 'vitest';
import { codesOf, readPyproject } from './support.ts';

const head = "[project]\nname = 'mine'\nversion = '1'\n[tool.uv]\n";

describe('keys of [tool.uv]', () => {
  it.each([
    ["resolution = 'lowest'", 'not-honoured'],
    ["prerelease = 'disallow'", 'not-honoured'],
    ["index-strategy = 'unsafe-best-match'", 'not-honoured'],
    ["exclude-newer = '1 week'", 'not-honoured'],
    ["exclude-newer-package = { flask = '2024-01-01' }", 'not-honoured'],
    ["dependency-metadata = [{ name = 'x', requires-dist = [] }]", 'not-honoured'],
    ['pip = { universal = true }', 'not-honoured'],
    ['environments = [\'sys_platform == "linux"\']', 'no-effect'],
    ["conflicts = [[{ extra = 'a' }, { extra = 'b' }]]", 'no-effect'],
    ['no-build-isolation = true', 'no-effect'],
  ])('%s is told', async (line, code) => {
    const { warnings } = await readPyproject(`${head}${line}\n`);
    expect(codesOf(warnings)).toEqual([`${code} pyproject.toml:5 warning`]);
  });

  it.each([
    "resolution = 'highest'",
    "prerelease = 'if-necessary-or-explicit'",
    "prerelease = 'allow'",
    "index-strategy = 'first-index'",
    "exclude-newer = '2024-01-01'",
    "exclude-newer = '2024-01-01T10:00:00Z'",
    'package = false',
    "default-groups = ['dev']",
    'pip = {}',
  ])('%s is not', async (line) => {
    expect((await readPyproject(`${head}${line}\n`)).warnings).toEqual([]);
  });

  it('that date the index count', async () => {
    const { options } = await readPyproject(`${head}exclude-newer = '2024-01-01'\n`);
    expect(options.excludeNewer).toBe('2024-01-02T00:00:00.000Z');
  });

  it('that exclude names take them out, whoever needs them', async () => {
    const input = await readPyproject(`${head}exclude-dependencies = ['colorama']\n`);
    expect(input.overrides.map(({ raw }) => raw)).toEqual(['colorama ; python_version < "0"']);
    expect(codesOf(input.warnings)).toEqual(['excluded-distribution pyproject.toml:5 warning']);
  });
});
