import { describe, expect, it } from 'vitest';
import type { ParsedInput } from '../../src/types.ts';
import { codesOf, mainOf, readPyproject, type Files } from './support.ts';

const project = (name: string, rest = ''): string =>
  `[project]\nname='${name}'\nversion='1'\n${rest}`;
const root = project(
  'root',
  `[tool.uv]
constraint-dependencies = ['urllib3<2']
override-dependencies = ['torch==2.0']
[tool.uv.workspace]
members = ['packages/*', 'tools/**']
exclude = ['packages/old*']
[tool.uv.sources]
torch = { index = 'cpu' }
core = { workspace = true }
local = { path = 'vendor/local' }
[[tool.uv.index]]
name = 'cpu'
url = 'https://index.test/cpu'
explicit = true
[[tool.uv.index]]
url = 'https://index.test/more'
`,
);
const files: Files = {
  'pyproject.toml': root,
  'packages/core/pyproject.toml': project('core'),
  'packages/old-core/pyproject.toml': project('core'),
  'vendor/local/x': '',
};
const needs = "dependencies=['torch', 'core', 'local']\n";

function readMember(path: string, text: string): Promise<ParsedInput> {
  return readPyproject(text, files, path);
}

const originsOf = (input: ParsedInput): readonly (string | null)[] =>
  mainOf(input).map(({ index, requirement }) => index ?? requirement.url);

describe('a member of a workspace', () => {
  it.each(['packages/api/pyproject.toml', 'tools/a/b/pyproject.toml'])(
    'has the sources, constraints and indexes of the root (%s)',
    async (path) => {
      const input = await readMember(path, project('api', needs));
      expect(originsOf(input)).toEqual([
        'https://index.test/cpu',
        'file:packages/core',
        'file:vendor/local',
      ]);
      expect(input.constraints.map(({ raw, location }) => `${raw} ${location.path}`)).toEqual([
        'urllib3<2 pyproject.toml',
      ]);
      expect(input.overrides.map(({ raw, index }) => `${raw} ${index}`)).toEqual([
        'torch==2.0 https://index.test/cpu',
      ]);
      expect(input.options.extraIndexUrls).toEqual(['https://index.test/more']);
      expect(input.warnings).toEqual([]);
    },
  );

  it('says more than the root of what it needs itself, and nothing of the workspace', async () => {
    const input = await readMember(
      'packages/api/pyproject.toml',
      project(
        'api',
        `${needs}[tool.uv]\nconstraint-dependencies=['rich<9']\n[tool.uv.sources]\ntorch={url='https://files.test/torch.whl'}\nlocal={index='cpu'}\n`,
      ),
    );
    expect(originsOf(input)).toEqual([
      'https://files.test/torch.whl',
      'file:packages/core',
      'https://index.test/cpu',
    ]);
    expect(input.constraints.map(({ raw }) => raw)).toEqual(['urllib3<2']);
    expect(codesOf(input.warnings)).toEqual(['not-honoured packages/api/pyproject.toml:6 warning']);
  });

  it.each(['packages/old-api/pyproject.toml', 'other/pyproject.toml'])(
    'is not what no glob names or what is excluded (%s)',
    async (path) => {
      const input = await readMember(path, project('api', needs));
      expect(originsOf(input)).toEqual([null, null, null]);
      expect([input.constraints, input.options]).toEqual([[], {}]);
    },
  );

  it('is found however the table of the workspace is written', async () => {
    const written = project('root', '[tool]\nuv.workspace = { members = ["packages/core"] }\n');
    const input = await readPyproject(
      project(
        'app',
        `${needs}[tool.uv]\nworkspace.members = ["packages/*"]\nsources.core.workspace = true\n`,
      ),
      { ...files, 'pyproject.toml': written },
      'app/pyproject.toml',
    );
    expect(codesOf(input.warnings)).toEqual(['workspace-member app/pyproject.toml:7 warning']);
    const inside = await readPyproject(
      `${written}[project.optional-dependencies]\nx=['core']\n[tool.uv.sources]\ncore={workspace=true}\n`,
      files,
    );
    expect(inside.groups[1]?.requirements[0]?.requirement.url).toBe('file:packages/core');
  });
});

describe('sources', () => {
  it('are left out where uv is told to', async () => {
    const sources =
      "[tool.uv.sources]\ncore={url='https://files.test/core.whl'}\nlocal={url='https://files.test/l.whl'}\n";
    const none = await readPyproject(
      project('a', `${needs}[tool.uv]\nno-sources=true\n${sources}`),
    );
    expect(originsOf(none)).toEqual([null, null, null]);
    const some = await readPyproject(
      project('a', `${needs}[tool.uv]\nno-sources-package=['Core']\n${sources}`),
    );
    expect(originsOf(some)).toEqual([null, null, 'https://files.test/l.whl']);
  });

  it('may lie in a folder of a repository', async () => {
    const input = await readPyproject(
      project(
        'a',
        "dependencies=['b']\n[tool.uv.sources]\nb={git='https://git.test/x.git', rev='v1', subdirectory='b'}\n",
      ),
    );
    expect(originsOf(input)).toEqual(['git+https://git.test/x.git@v1#subdirectory=b']);
  });
});
