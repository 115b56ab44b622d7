import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { readRepository } from '../../src/inputs/read-project.ts';
import { codesOf, readPyproject } from './support.ts';

const head = "[project]\nname = 'mine'\nversion = '1'\ndependencies = ['flask']\n";
const sub = "[project]\nname = 'sub-package'\nversion = '1'\ndependencies = ['rich']\n";

describe('[tool.pdm.dev-dependencies]', () => {
  const text = `${head}[tool.pdm.dev-dependencies]
test = ["pytest"]
workflow = [
    "tox",
    "-e file:///\${PROJECT_ROOT}/sub#egg=sub-package", # depweight: keep
    "-e git+https://git.test/x/y.git@main#egg=y",
]
`;

  it('holds groups of development, whatever they are called', async () => {
    const { groups, warnings } = await readPyproject(text, { 'sub/pyproject.toml': sub });
    expect(groups.slice(1).map(({ name, role }) => `${name} ${role}`)).toEqual([
      'test test',
      'workflow dev',
    ]);
    expect(
      groups[2]?.requirements.map(({ requirement, editable, source, location, keep }) => [
        requirement.name,
        requirement.url,
        `${source} ${editable} ${keep !== null} ${location.line}:${location.column}`,
      ]),
    ).toEqual([
      ['tox', null, 'index false false 8:6'],
      ['sub-package', 'file:sub', 'local true true 9:9'],
      ['y', 'git+https://git.test/x/y.git@main#egg=y', 'vcs true false 10:9'],
    ]);
    expect(codesOf(warnings)).toEqual(['vcs-requirement pyproject.toml:10 warning']);
  });

  it('has the needs of the neighbours that it names', async () => {
    const { projects } = await readRepository(
      createMemoryFiles({ 'pyproject.toml': text, 'sub/pyproject.toml': sub }),
    );
    const root = projects.find(({ project }) => project === '.');
    const dev = root?.environments.find(({ id }) => id === 'dev');
    expect(dev?.requirements.map(({ requirement }) => requirement.name)).toContain('rich');
  });
});

describe('[tool.pdm.resolution]', () => {
  it('overrides and excludes names', async () => {
    const input = await readPyproject(`${head}[tool.pdm.resolution]
excludes = ["colorama", 3]
allow-prereleases = true
[tool.pdm.resolution.overrides]
asgiref = "3.2.10"
urllib3 = ">=1.26.2"
pytz = "https://files.test/pytz-2020.9-py3-none-any.whl"
odd = 1
`);
    expect(input.overrides.map(({ raw, location }) => `${location.line} ${raw}`)).toEqual([
      '9 asgiref==3.2.10',
      '10 urllib3>=1.26.2',
      '11 pytz @ https://files.test/pytz-2020.9-py3-none-any.whl',
      '6 colorama ; python_version < "0"',
    ]);
    expect(input.options.pre).toBe(true);
    expect(codesOf(input.warnings)).toEqual([
      'invalid-value pyproject.toml:12 error',
      'excluded-distribution pyproject.toml:6 warning',
      'invalid-value pyproject.toml:6 error',
    ]);
  });

  it('is read at its older places too', async () => {
    const input = await readPyproject(
      `${head}[tool.pdm]\nallow_prereleases = true\n[tool.pdm.overrides]\nx = "1"\n`,
    );
    expect([input.overrides.map(({ raw }) => raw), input.options.pre]).toEqual([['x==1'], true]);
  });
});
