import { describe, expect, it } from 'vitest';
import { placesOf, readPyproject } from './support.ts';

const flit = `[build-system]
requires = ["flit_core >=2,<4"]
build-backend = "flit_core.buildapi"
[tool.flit.metadata]
module = "mine"
requires-python = ">=3.6"
requires = [
    "requests (>=2.6)",
    "configparser; python_version == '2.7'",
]
dev-requires = ["black"]
[tool.flit.metadata.requires-extra]
test = ["pytest >=2.7.3", "mine[doc]"]
doc = ["sphinx"]
`;

describe('[tool.flit.metadata]', () => {
  it('declares what a project needs, with places', async () => {
    const input = await readPyproject(flit);
    expect(placesOf(input)).toEqual([
      'pyproject.toml:8:6 requests (>=2.6)',
      "pyproject.toml:9:6 configparser; python_version == '2.7'",
    ]);
    expect([input.projectName, input.requiresPython, input.requiresPythonAt?.line]).toEqual([
      'mine',
      '>=3.6',
      6,
    ]);
    expect(
      input.groups
        .slice(1)
        .map(({ kind, name, role, requirements }) => [
          `${kind} ${name} ${role}`,
          requirements.map(({ raw }) => raw),
        ]),
    ).toEqual([
      ['extra test test', ['pytest >=2.7.3', 'sphinx']],
      ['extra doc docs', ['sphinx']],
      ['extra dev dev', ['black']],
    ]);
    expect([input.mainSetElsewhere, input.warnings]).toEqual([false, []]);
  });

  it('gives way to [project]', async () => {
    const input = await readPyproject(`${flit}[project]\nname='other'\nversion='1'\n`);
    expect([input.projectName, placesOf(input)]).toEqual(['other', []]);
  });

  it('knows the word of flit for the main set', async () => {
    const text = "[tool.flit.metadata]\nmodule='m'\nrequires-extra={'.none'=['flask']}\n";
    const input = await readPyproject(text);
    expect(input.groups.map(({ kind, requirements }) => [kind, requirements[0]?.raw])).toEqual([
      ['main', 'flask'],
    ]);
  });
});
