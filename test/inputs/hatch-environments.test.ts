import { describe, expect, it } from 'vitest';
import type { ParsedInput } from '../../src/types.ts';
import { codesOf, readPyproject } from './support.ts';

const head =
  "[project]\nname = 'mine'\nversion = '1'\ndependencies = []\n[project.optional-dependencies]\nweb = ['flask']\n";

function groupsOf({ groups }: ParsedInput): readonly string[] {
  return groups
    .filter(({ kind }) => kind === 'group')
    .map(
      ({ name, role, requirements, partial }) =>
        `${name} ${role}${partial === true ? ' partial' : ''}: ${requirements.map(({ requirement }) => requirement.url ?? requirement.name).join(' ')}`,
    );
}

describe('environments of Hatch', () => {
  it('have what `default` has, key by key', async () => {
    const input = await readPyproject(`${head}
[tool.hatch.envs.default]
dependencies = ["pytest"]
extra-dependencies = ["coverage"]
[tool.hatch.envs.style]
detached = true
dependencies = ["ruff"]
[tool.hatch.envs.docs]
dependencies = ["mkdocs"]
[tool.hatch.envs.more]
template = "docs"
extra-dependencies = ["mike"]
[tool.hatch.envs.plain]
[tool.hatch.envs.hatch-test]
extra-dependencies = ["hypothesis"]
`);
    expect(groupsOf(input)).toEqual([
      'dev dev: pytest coverage',
      'style lint: ruff',
      'docs docs: mkdocs coverage',
      'more extra: mkdocs mike',
      'plain extra: pytest coverage',
      'hatch-test test: hypothesis',
    ]);
    expect(input.warnings).toEqual([]);
  });

  it('may have extras of the project and groups', async () => {
    const input = await readPyproject(`${head}
[dependency-groups]
types = ["mypy"]
[tool.hatch.envs.test]
features = ["Web", "gone"]
dependency-groups = ["types"]
`);
    expect(groupsOf(input)).toEqual(['types extra: mypy', 'test test partial: flask mypy']);
    expect(codesOf(input.warnings)).toEqual(['invalid-value pyproject.toml:11 error']);
  });

  it('name the folder of the project, and other things that only Hatch knows', async () => {
    const input = await readPyproject(
      `${head}
[tool.hatch.envs.default]
dependencies = [
  "core @ {root:uri}/core",
  "mate @ {root:parent:uri}/mate",
  "secret @ https://{env:TOKEN}@files.test/secret-1.0.tar.gz",
]
[tool.hatch.envs.default.overrides]
matrix.django.dependencies = [{ value = "django" }]
`,
      { 'core/x': '' },
    );
    expect(groupsOf(input)).toEqual(['dev dev partial: file:core file:../mate']);
    expect(codesOf(input.warnings)).toEqual([
      'hatch-context pyproject.toml:12 warning',
      'hatch-context pyproject.toml:15 warning',
    ]);
  });

  it('stand in hatch.toml, whose word counts, with places there', async () => {
    const input = await readPyproject(`${head}[tool.hatch.envs.old]\ndependencies=['a']\n`, {
      'hatch.toml': '[envs.default]\ndependencies = [\n  "pytest",\n  "x y",\n]\n',
    });
    expect(groupsOf(input)).toEqual(['dev dev partial: pytest']);
    expect(input.groups.at(-1)?.requirements[0]?.location).toEqual({
      path: 'hatch.toml',
      line: 3,
      column: 4,
    });
    expect(codesOf(input.warnings)).toEqual(['invalid-requirement hatch.toml:4 error']);
  });

  it('are those of pyproject.toml where hatch.toml has none or is broken', async () => {
    const text = `${head}[tool.hatch.envs.default]\ndependencies=['a']\n`;
    for (const file of ['[build]\nx = 1\n', 'x = \n'])
      expect(groupsOf(await readPyproject(text, { 'hatch.toml': file }))).toEqual(['dev dev: a']);
  });

  it('that build on one another in a circle end', async () => {
    const input = await readPyproject(
      `${head}[tool.hatch.envs.a]\ntemplate='b'\n[tool.hatch.envs.b]\ntemplate='a'\n[tool.hatch.envs.c]\ndependencies=['x']\n`,
    );
    expect(groupsOf(input)).toEqual(['c extra: x']);
  });
});
