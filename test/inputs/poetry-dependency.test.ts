import { describe, expect, it } from 'vitest';
import type { ParsedInput } from '../../src/types.ts';
import { codesOf, mainOf, placesOf, readPyproject } from './support.ts';

const source =
  "[[tool.poetry.source]]\nname = 'cpu'\nurl = 'https://index.test/cpu'\npriority = 'explicit'\n";

function read(...lines: readonly string[]): Promise<ParsedInput> {
  return readPyproject(`${source}[tool.poetry.dependencies]\n${lines.join('\n')}\n`);
}

describe('a dependency of Poetry', () => {
  it.each([
    ["a = {version='*', platform='darwin'}", 'a; sys_platform == "darwin"'],
    ["a = {version='*', platform='!=win32'}", 'a; sys_platform != "win32"'],
    [
      "a = {version='*', platform='linux || darwin'}",
      'a; sys_platform == "linux" or sys_platform == "darwin"',
    ],
    [
      "a = {version='^1', platform='linux || darwin', python='^3.8'}",
      'a>=1,<2.0; python_version >= "3.8" and python_version < "4.0" and (sys_platform == "linux" or sys_platform == "darwin")',
    ],
    ["a = {version='*', platform='*'}", 'a'],
    [
      "a = {version='^1', markers='os_name == \"x\" or os_name == \"y\"', python='>=3.9'}",
      'a>=1,<2.0; python_version >= "3.9" and (os_name == "x" or os_name == "y")',
    ],
    [
      "a = {git='git@git.test:x/a.git', tag='v1', subdirectory='sub'}",
      'a @ git+ssh://****@git.test/x/a.git@v1#subdirectory=sub',
    ],
    ["a = {git='https://git.test/a.git', branch='main'}", 'a @ git+https://git.test/a.git@main'],
    ["a = {url='https://files.test/a.zip', extras=['x']}", 'a[x] @ https://files.test/a.zip'],
  ])('%s is %s', async (line, expected) => {
    const input = await read(line);
    expect(placesOf(input)).toEqual([`pyproject.toml:6:1 ${expected}`]);
  });

  it('may be a folder that is installed for editing', async () => {
    const [declared] = mainOf(await read("a = {path='../a', develop=true}"));
    expect([declared?.requirement.url, declared?.source, declared?.editable]).toEqual([
      'file:../a',
      'local',
      true,
    ]);
  });

  it('says what is not applied, not known, or misspelt', async () => {
    const input = await read(
      "a = {version='^1', allow-prereleases=true}",
      "b = {version='^1', source='gpu'}",
      "c = {vesion='^1', version='1'}",
      "d = {version='^1', source='CPU', allow-prereleases=false}",
    );
    expect(input.warnings.map(({ code, line, column }) => `${code} ${line}:${column}`)).toEqual([
      'not-honoured 6:20',
      'unknown-index 7:27',
      'unknown-key 8:6',
    ]);
    expect(input.warnings[2]?.message).toContain('`version`');
    expect(mainOf(input).map(({ index }) => index)).toEqual([
      null,
      null,
      null,
      'https://index.test/cpu',
    ]);
  });
});

describe('a group of Poetry', () => {
  it('includes others', async () => {
    const input = await readPyproject(
      "[tool.poetry.group.lint.dependencies]\nruff='*'\n[tool.poetry.group.ci]\noptional=true\ninclude-groups=['lint','gone']\n[tool.poetry.group.ci.dependencies]\nnox='*'\n",
    );
    expect(
      input.groups.map(({ name, requirements }) => [name, ...requirements.map(({ raw }) => raw)]),
    ).toEqual([
      ['lint', 'ruff'],
      ['ci', 'nox', 'ruff'],
    ]);
    expect(codesOf(input.warnings)).toEqual(['missing-group pyproject.toml:5 error']);
  });
});

describe('Poetry 2 beside [project]', () => {
  const project = "[project]\nname='mine'\nversion='1'\n";

  it('says where what is declared comes from', async () => {
    const input = await readPyproject(
      `${source}${project}dependencies=['torch>=2', 'core', 'tool', 'far']\n[project.optional-dependencies]\nx=['more']\n[tool.poetry.dependencies]\npython='>=3.9'\ntorch={source='cpu'}\ncore={path='libs/core', develop=true}\ntool={git='https://git.test/tool.git'}\nmore={source='cpu', optional=true}\nfar=[{url='https://files.test/a.whl', python='<3.9'},{url='https://files.test/b.whl'}]\n`,
    );
    expect(
      mainOf(input).map(({ raw, source: kind, index, requirement, editable }) =>
        [raw, kind, index ?? requirement.url, editable].join(' '),
      ),
    ).toEqual([
      'torch>=2 index https://index.test/cpu false',
      'core local file:libs/core true',
      'tool vcs git+https://git.test/tool.git false',
      'far index  false',
    ]);
    expect(input.groups[1]?.requirements[0]?.index).toBe('https://index.test/cpu');
    expect(codesOf(input.warnings).filter((code) => !code.startsWith('vcs'))).toEqual([]);
  });

  it('ignores what [project] has not, and says so', async () => {
    const input = await readPyproject(
      `${project}dependencies=['flask']\n[tool.poetry.dependencies]\nflask='^3'\nclick='^8'\nrich={version='*', optional=true}\n`,
    );
    expect(placesOf(input)).toEqual(['pyproject.toml:4:16 flask']);
    expect(codesOf(input.warnings)).toEqual(['ignored-requirement pyproject.toml:7 warning']);
  });

  it.each(["dynamic=['dependencies']\n", 'dependencies=[]\n', ''])(
    'declares by its own table where [project] has %j',
    async (line) => {
      const input = await readPyproject(
        `${project}${line}[tool.poetry.dependencies]\nflask='^3'\n`,
      );
      expect(mainOf(input).map(({ raw }) => raw)).toEqual(['flask>=3,<4.0']);
      expect(input.mainSetElsewhere).toBe(false);
    },
  );
});
