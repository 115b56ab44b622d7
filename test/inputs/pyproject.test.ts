import { describe, expect, it } from 'vitest';
import type { ParsedInput } from '../../src/types.ts';
import { codesOf, mainOf, placesOf, rawsOf, readPyproject } from './support.ts';

const head = "[project]\nname = 'mine'\nversion = '1'\n";

function groupsOf(input: ParsedInput): readonly string[] {
  return input.groups.map(
    ({ kind, name, role, requirements }) =>
      `${kind} ${name ?? ''} ${role}: ${requirements.map(({ raw }) => raw).join(' ')}`,
  );
}

describe('[project]', () => {
  it('reads dependencies with the place of their text', async () => {
    const input = await readPyproject(
      `${head}dependencies = ["flask>=2", # web\n  'click[x] ; python_version < "3.9"',\n]\nrequires-python = ">=3.9"\n`,
    );
    expect(placesOf(input)).toEqual([
      'pyproject.toml:4:18 flask>=2',
      'pyproject.toml:5:4 click[x] ; python_version < "3.9"',
    ]);
    expect([input.projectName, input.requiresPython, input.requiresPythonAt?.line]).toEqual([
      'mine',
      '>=3.9',
      7,
    ]);
    expect(input.warnings).toEqual([]);
  });

  it('points at the character of a bad requirement and reads the others', async () => {
    const input = await readPyproject(
      `${head}dependencies = [\n  'flask',\n  'fx web',\n  3,\n]\n`,
    );
    expect(rawsOf(input)).toEqual(['flask']);
    expect(codesOf(input.warnings)).toEqual([
      'invalid-requirement pyproject.toml:6 error',
      'invalid-value pyproject.toml:7 error',
    ]);
  });

  it.each([
    ['project = "x"\n', 'invalid-value pyproject.toml:1 error'],
    ["[project]\nversion='1'\ndependencies=['flask']\n", 'missing-name pyproject.toml:1 warning'],
    ['[project]\nname = "m\\u001b]0;x"\n', 'invalid-value pyproject.toml:2 error'],
    [`${head}requires-python='banana'\n`, 'invalid-requires-python pyproject.toml:4 warning'],
    [`${head}requires-python=3.9\n`, 'invalid-value pyproject.toml:4 error'],
    [`${head}dependencies='flask'\n`, 'invalid-value pyproject.toml:4 error'],
    [`${head}optional-dependencies=['flask']\n`, 'invalid-value pyproject.toml:4 error'],
    [`${head}[dependency-groups]\ndev='x'\n`, 'invalid-value pyproject.toml:5 error'],
    [`${head}[tool.poetry]\ndependencies=[1]\n`, 'invalid-value pyproject.toml:5 error'],
    [`${head}[tool.uv]\nsources=[]\n`, 'invalid-value pyproject.toml:5 error'],
  ])('says what is wrong with %j', async (text, code) => {
    const input = await readPyproject(text);
    expect(codesOf(input.warnings)).toContain(code);
    expect(input.warnings.map(({ message }) => message).join('')).not.toContain('\u001b');
  });

  it.each([
    ["[project]\nname = 'x'\ndependencies = [\n  'flask',\n", 3],
    [`${head}dependencies = ['a']\ndependencies = ['b']\n`, 5],
    [`${head}[tool.x]\na=1\n[project]\nname='x'\n`, 6],
    [`x = ${'['.repeat(5000)}${']'.repeat(5000)}\n`, 1],
    ['description = """\nnever closed\n\n', 1],
  ])('gives one error with its line for TOML that is not valid', async (text, line) => {
    const input = await readPyproject(text);
    expect(codesOf(input.warnings)).toEqual([`invalid-toml pyproject.toml:${line} error`]);
    expect(input.groups).toEqual([]);
  });

  it('takes no harm from names of prototypes, long strings and long keys', async () => {
    const input = await readPyproject(
      `${head}dependencies=['flask']\n[project.optional-dependencies]\n__proto__=['click']\nconstructor=['numpy']\n[tool]\nx={__proto__={polluted=1}}\ndescription='${'x'.repeat(2_000_000)}'\na${'.a'.repeat(5000)} = 1\n`,
    );
    expect(rawsOf(input)).toEqual(['flask']);
    expect(input.groups.map(({ name }) => name)).toEqual([null, '-proto-', 'constructor']);
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined();
  });

  it('declares nothing when it only holds settings of tools', async () => {
    expect((await readPyproject('[tool.black]\nline-length = 100\n')).groups).toEqual([]);
  });

  it('marks requirements that a comment keeps', async () => {
    const input = await readPyproject(
      `${head}dependencies = [\n  "flask", # depweight: keep\n  "click",\n]\n`,
    );
    expect(mainOf(input).map(({ keep }) => keep)).toEqual(['', null]);
  });
});

describe('dynamic dependencies', () => {
  const dynamic = `${head}dynamic = ['dependencies']\n`;

  it('reads the files that setuptools is told of', async () => {
    const input = await readPyproject(
      `${dynamic}[tool.setuptools.dynamic]\ndependencies = {file = ['requirements.txt', 'more.txt']}\n`,
      {
        'requirements.txt': 'flask\n',
        'more.txt': 'click\n',
      },
    );
    expect(placesOf(input)).toEqual(['requirements.txt:1:1 flask', 'more.txt:1:1 click']);
    expect([input.includes, input.mainSetElsewhere]).toEqual([
      ['requirements.txt', 'more.txt'],
      true,
    ]);
  });

  it('reads extras that setuptools is told of', async () => {
    const input = await readPyproject(
      `${head}dynamic=['optional-dependencies']\n[tool.setuptools.dynamic.optional-dependencies]\nweb = {file = 'web.txt'}\n`,
      { 'web.txt': 'flask\n' },
    );
    expect(groupsOf(input)).toEqual(['main  prod: ', 'extra web extra: flask']);
  });

  it.each([
    ['gone.txt', 'unreadable-include pyproject.toml:6 error'],
    ['../../etc/passwd', 'outside-repository pyproject.toml:6 warning'],
  ])('says that %s is not there to read', async (file, code) => {
    const input = await readPyproject(
      `${dynamic}[tool.setuptools.dynamic]\ndependencies = {file = '${file}'}\n`,
    );
    expect(codesOf(input.warnings)).toEqual([code]);
  });

  it('says so when only the build knows them', async () => {
    const input = await readPyproject(dynamic);
    expect([codesOf(input.warnings), input.mainSetElsewhere]).toEqual([
      ['dynamic-dependencies pyproject.toml:4 warning'],
      true,
    ]);
  });

  it('reads the list that is given although it is called dynamic', async () => {
    const input = await readPyproject(`${dynamic}dependencies=['flask']\n`);
    expect([rawsOf(input), codesOf(input.warnings), input.mainSetElsewhere]).toEqual([
      ['flask'],
      ['dynamic-and-static pyproject.toml:4 warning'],
      false,
    ]);
  });
});

describe('extras', () => {
  it('knows their role by name', async () => {
    const input = await readPyproject(
      `${head}[project.optional-dependencies]\ndev=['a']\nTests=['b']\ndocs=['c']\nsecurity=['d']\ntype-check=['e']\n`,
    );
    expect(groupsOf(input).slice(1)).toEqual([
      'extra dev dev: a',
      'extra tests test: b',
      'extra docs docs: c',
      'extra security extra: d',
      'extra type-check lint: e',
    ]);
  });

  it('follows an extra that names its own project, in a circle too', async () => {
    const input = await readPyproject(
      `${head}[project.optional-dependencies]\na=['flask']\nb=['click']\nall=['mine[a,B]','Mine[all]','numpy']\n`,
    );
    expect(groupsOf(input).at(-1)).toBe('extra all extra: flask click numpy');
    expect(input.warnings).toEqual([]);
  });

  it('reports an extra of its own that there is not', async () => {
    const input = await readPyproject(
      `${head}[project.optional-dependencies]\nall=['mine[nope]']\n`,
    );
    expect(codesOf(input.warnings)).toEqual(['missing-group pyproject.toml:5 error']);
  });
});

describe('dependency groups', () => {
  it('follows includes, each once, in order', async () => {
    const input = await readPyproject(
      `${head}[dependency-groups]\ntest=['pytest', {include-group='Base'}]\nbase=['coverage']\ndev=[{include-group='test'},{include-group='base'},'ruff']\n`,
    );
    expect(groupsOf(input).slice(1)).toEqual([
      'group test test: pytest coverage',
      'group base extra: coverage',
      'group dev dev: pytest coverage ruff',
    ]);
    expect(input.warnings).toEqual([]);
  });

  it('reports a circle once, where it begins', async () => {
    const input = await readPyproject(
      `${head}dependencies=['flask']\n[dependency-groups]\na=[{include-group='b'}]\nb=[{include-group='a'}, 'click']\n`,
    );
    expect(codesOf(input.warnings)).toEqual(['group-cycle pyproject.toml:6 error']);
    expect(rawsOf(input)).toEqual(['flask']);
  });

  it('reports a group that there is not, names that collide and items of the wrong kind', async () => {
    const input = await readPyproject(
      `${head}[dependency-groups]\na=[{include-group='zz'}]\nDev=['flask']\ndev=['click']\nx=[{foo='x'}, 3]\n`,
    );
    expect(codesOf(input.warnings).toSorted()).toEqual([
      'duplicate-group pyproject.toml:7 error',
      'invalid-value pyproject.toml:8 error',
      'invalid-value pyproject.toml:8 error',
      'missing-group pyproject.toml:5 error',
    ]);
  });

  it('takes time in proportion to the text, not to the paths through it', async () => {
    const lines = Array.from(
      { length: 60 },
      (_, index) => `g${index}=[{include-group='g${index + 1}'},{include-group='g${index + 1}'}]\n`,
    );
    const input = await readPyproject(
      `${head}[dependency-groups]\n${lines.join('')}g60=['flask']\n`,
    );
    expect(
      input.groups.find(({ name }) => name === 'g0')?.requirements.map(({ raw }) => raw),
    ).toEqual(['flask']);
    expect(input.warnings).toHaveLength(1);
    expect(codesOf(input.warnings)).toEqual(['repeated-include pyproject.toml:1 warning']);
    expect(input.warnings[0]?.message).toContain('60 times');
    expect(input.warnings[0]?.message).toContain('line 5');
  });

  it('places an include that is repeated once where it stands', async () => {
    const input = await readPyproject(
      `${head}[dependency-groups]\nx=['flask']\ny=[\n  {include-group='x'},\n  {include-group='x'},\n]\n`,
    );
    expect(codesOf(input.warnings)).toEqual(['repeated-include pyproject.toml:8 warning']);
  });

  it('reads a file whose keys nest without end and warns once', async () => {
    for (const depth of [150, 20_000]) {
      const text = `${head}dependencies=['flask']\n[tool]\na${'.a'.repeat(depth)} = 1\n`;
      const input = await readPyproject(text);
      expect(rawsOf(input)).toEqual(['flask']);
      expect(codesOf(input.warnings)).toEqual(['deep-nesting pyproject.toml:1 warning']);
      expect(input.warnings[0]?.message).toContain('line 6');
    }
    const usual = await readPyproject(`${head}[tool.a.b.c.d.e.f.g.h]\ni.j.k.l = 1\n`);
    expect(usual.warnings).toEqual([]);
  });

  it('reads the development tables of uv, PDM and Hatch as groups', async () => {
    const input = await readPyproject(
      `${head}[tool.uv]\ndev-dependencies=['pytest']\n[tool.pdm.dev-dependencies]\nlint=['ruff']\n[tool.hatch.envs.default]\ndependencies=['coverage']\n[tool.hatch.envs.docs]\ndependencies=['mkdocs']\n`,
    );
    expect(groupsOf(input).slice(1)).toEqual([
      'group dev dev: pytest coverage',
      'group lint lint: ruff',
      'group docs docs: mkdocs',
    ]);
    expect(input.warnings).toEqual([]);
  });
});

describe('[tool.uv]', () => {
  it('reads constraints, overrides and indexes', async () => {
    const input = await readPyproject(
      `${head}dependencies=['torch','flask']\n[tool.uv]\nconstraint-dependencies=['click<9']\noverride-dependencies=['jinja2==3']\nprerelease='allow'\n[tool.uv.sources]\ntorch={index='cpu'}\n[[tool.uv.index]]\nname='cpu'\nurl='https://index.test/cpu'\nexplicit=true\n[[tool.uv.index]]\nurl='https://index.test/main'\ndefault=true\n[[tool.uv.index]]\nurl='https://index.test/more'\n`,
    );
    expect([
      input.constraints.map(({ raw }) => raw),
      input.overrides.map(({ raw }) => raw),
    ]).toEqual([['click<9'], ['jinja2==3']]);
    expect(input.options).toEqual({
      indexUrl: 'https://index.test/main',
      extraIndexUrls: ['https://index.test/more'],
      indexNames: { 'https://index.test/cpu': 'cpu' },
      pre: true,
    });
    expect(mainOf(input).map(({ index }) => index)).toEqual(['https://index.test/cpu', null]);
  });

  it('takes a flat index for links, with paths from its own folder', async () => {
    const input = await readPyproject(
      `${head}[tool.uv]\nfind-links=['wheels']\n[[tool.uv.index]]\nurl='../flat'\nformat='flat'\n[[tool.uv.index]]\nurl='https://index.test/flat'\nformat='flat'\n`,
      {},
      'api/pyproject.toml',
    );
    expect(input.options).toEqual({ findLinks: ['flat', 'https://index.test/flat', 'api/wheels'] });
  });

  it('leaves the choice among sources by marker to the target, those of other sets taken out', async () => {
    const input = await readPyproject(
      `${head}dependencies=['torch','one']\n[project.optional-dependencies]\ngpu=['torch']\n[tool.uv.sources]\ntorch=[{index='cpu', marker="sys_platform == 'darwin'"},{index='gpu', extra='GPU'},{url='https://files.test/torch-1-py3-none-any.whl', marker="sys_platform == 'win32'"}]\none=[{index='gpu', group='lint'}]\n[[tool.uv.index]]\nname='cpu'\nurl='https://index.test/cpu'\nexplicit=true\n[[tool.uv.index]]\nname='gpu'\nurl='https://index.test/gpu'\nexplicit=true\n`,
    );
    const placesByName = input.groups.map(({ requirements }) =>
      requirements.map(({ index, places = [] }) => [
        index,
        places.map((place) => place.index ?? place.url),
      ]),
    );
    expect(placesByName).toEqual([
      [
        [null, ['https://index.test/cpu', 'https://files.test/torch-1-py3-none-any.whl']],
        [null, []],
      ],
      [
        [
          null,
          [
            'https://index.test/cpu',
            'https://index.test/gpu',
            'https://files.test/torch-1-py3-none-any.whl',
          ],
        ],
      ],
    ]);
  });

  it('says which marker of a source cannot be read', async () => {
    const input = await readPyproject(
      `${head}dependencies=['a']\n[tool.uv.sources]\na={url='https://files.test/a-1-py3-none-any.whl', marker='sys_platform'}\n`,
    );
    expect(codesOf(input.warnings)).toEqual(['invalid-value pyproject.toml:6 error']);
  });

  it('applies sources wherever the name stands', async () => {
    const input = await readPyproject(
      `${head}dependencies=['a','b']\n[dependency-groups]\ndev=['A','c']\n[tool.uv.sources]\na={git='https://files.test/a', tag='v1'}\nb={path='../b', editable=true}\nc={url='https://files.test/c-1-py3-none-any.whl'}\n`,
    );
    const all = input.groups.flatMap(({ requirements }) =>
      requirements.map(({ source, requirement }) => `${source} ${requirement.url}`),
    );
    expect(all).toEqual([
      'vcs git+https://files.test/a@v1',
      'local file:../b',
      'vcs git+https://files.test/a@v1',
      'url https://files.test/c-1-py3-none-any.whl',
    ]);
    expect(codesOf(input.warnings)).toEqual(['vcs-requirement pyproject.toml:8 warning']);
  });

  it('finds members of the workspace from the root and from a member', async () => {
    const root = `${head}dependencies=['core-lib']\n[tool.uv.sources]\ncore-lib={workspace=true}\n[tool.uv.workspace]\nmembers=['packages/*']\n`;
    const member =
      "[project]\nname='other'\nversion='1'\ndependencies=['mine','core-lib']\n[tool.uv.sources]\nmine={workspace=true}\ncore-lib={workspace=true}\n";
    const files = {
      'packages/core/pyproject.toml': "[project]\nname='core_lib'\nversion='1'\n",
      'packages/other/pyproject.toml': member,
    };
    const fromRoot = await readPyproject(root, files);
    expect(mainOf(fromRoot).map(({ requirement }) => requirement.url)).toEqual([
      'file:packages/core',
    ]);
    const fromMember = await readPyproject(
      member,
      { ...files, 'pyproject.toml': root },
      'packages/other/pyproject.toml',
    );
    expect(mainOf(fromMember).map(({ requirement }) => requirement.url)).toEqual([
      'file:.',
      'file:packages/core',
    ]);
  });

  it('leaves out workspace members outside of the repository', async () => {
    const input = await readPyproject(
      `${head}[tool.uv.workspace]\nmembers=['../../*','/*','packages/*']\n`,
    );
    expect(codesOf(input.warnings)).toEqual([
      'outside-repository pyproject.toml:5 warning',
      'outside-repository pyproject.toml:5 warning',
    ]);
  });

  it('reports sources that name an index that is not defined, or nothing known', async () => {
    const input = await readPyproject(
      `${head}dependencies=['a','b']\n[tool.uv.sources]\na={index='nope'}\nb={}\n`,
    );
    expect(codesOf(input.warnings)).toEqual([
      'unknown-index pyproject.toml:6 warning',
      'invalid-value pyproject.toml:7 error',
    ]);
  });
});

describe('[tool.poetry]', () => {
  const poetry = "[tool.poetry]\nname='mine'\n[tool.poetry.dependencies]\npython='^3.9'\n";

  it('converts constraints and keeps the place of the name', async () => {
    const input = await readPyproject(
      `${poetry}flask='^2.1'\nclick={version='~8.1', extras=['x'], python='<3.12'}\nnumpy='*'\n`,
    );
    expect(placesOf(input)).toEqual([
      'pyproject.toml:5:1 flask>=2.1,<3.0',
      'pyproject.toml:6:1 click[x]>=8.1,<8.2; python_version < "3.12"',
      'pyproject.toml:7:1 numpy',
    ]);
    expect([input.projectName, input.requiresPython]).toEqual(['mine', '>=3.9,<4.0']);
  });

  it('reads groups, old development tables, extras and optional dependencies', async () => {
    const input = await readPyproject(
      `${poetry}flask='*'\nredis={version='^5', optional=true}\n[tool.poetry.dev-dependencies]\npytest='*'\n[tool.poetry.group.docs.dependencies]\nmkdocs='^1'\n[tool.poetry.extras]\ncache=['redis']\nbad=['gone']\n`,
    );
    expect(groupsOf(input)).toEqual([
      'main  prod: flask',
      'extra cache extra: redis>=5,<6.0',
      'extra bad extra: ',
      'group dev dev: pytest',
      'group docs docs: mkdocs>=1,<2.0',
    ]);
    expect(codesOf(input.warnings)).toEqual(['invalid-value pyproject.toml:13 error']);
  });

  it('reads several constraints, addresses and sources', async () => {
    const input = await readPyproject(
      `${poetry}a=[{version='^1', python='>=3.10'},{version='^0.9', python='<3.10'}]\nb={git='https://files.test/b.git', rev='abc'}\nc={url='https://files.test/c-1.0-py3-none-any.whl'}\nd={version='*', source='mirror'}\n[[tool.poetry.source]]\nname='mirror'\nurl='https://index.test/m'\npriority='explicit'\n[[tool.poetry.source]]\nname='own'\nurl='https://index.test/own'\n`,
    );
    expect(mainOf(input).map(({ raw, source, index }) => [raw, source, index])).toEqual([
      ['a>=1,<2.0; python_version >= "3.10"', 'index', null],
      ['a>=0.9,<0.10; python_version < "3.10"', 'index', null],
      ['b @ git+https://files.test/b.git@abc', 'vcs', null],
      ['c @ https://files.test/c-1.0-py3-none-any.whl', 'url', null],
      ['d', 'index', 'https://index.test/m'],
    ]);
    expect(input.options).toEqual({
      indexUrl: 'https://index.test/own',
      indexNames: { 'https://index.test/m': 'mirror', 'https://index.test/own': 'own' },
    });
  });

  it.each([
    [['a primary', 'b supplemental', 'c explicit', 'd primary'], 'a', ['d', 'b']],
    [['a supplemental', 'b secondary'], undefined, ['a', 'b']],
    [['a secondary', 'b default', 'c primary'], 'b', ['c', 'a']],
    [['a primary', 'PyPI primary'], 'a', ['pypi:']],
    [['PyPI primary', 'a supplemental'], 'pypi:', ['a']],
  ])('asks the sources %j in the order of their priorities', async (sources, main, later) => {
    const tables = sources.map((source) => {
      const [name, priority] = source.split(' ');
      const url = name === 'PyPI' ? '' : `url='${name}'\n`;
      return `[[tool.poetry.source]]\nname='${name}'\n${url}priority='${priority}'\n`;
    });
    const { options } = await readPyproject(`${poetry}\n${tables.join('')}`);
    expect([options.indexUrl, options.laterIndexUrls]).toEqual([main, later]);
    expect(options.extraIndexUrls).toBeUndefined();
  });

  it('says what it had to read loosely', async () => {
    const input = await readPyproject(`${poetry}a=''\nb='>=1,<1.9 || >=2.1,<3'\nc=7\n`);
    expect(codesOf(input.warnings)).toEqual([
      'empty-constraint pyproject.toml:5 warning',
      'approximate-constraint pyproject.toml:6 warning',
      'invalid-value pyproject.toml:7 error',
    ]);
    expect(rawsOf(input)).toEqual(['a', 'b>=1,<3']);
  });

  it('adds sources and nothing else to what [project] declares in Poetry 2', async () => {
    const input = await readPyproject(
      `${head}dependencies=['flask']\n[tool.poetry.dependencies]\nflask={source='X'}\nclick='*'\n[[tool.poetry.source]]\nname='x'\nurl='https://index.test/x'\npriority='explicit'\n`,
    );
    expect(mainOf(input).map(({ raw, index }) => [raw, index])).toEqual([
      ['flask', 'https://index.test/x'],
    ]);
  });
});

describe('[tool.pdm]', () => {
  const source = (name: string, rest: string): string =>
    `[[tool.pdm.source]]\nname='${name}'\n${rest}\n`;

  it('names the index and those that are asked after it', async () => {
    const own = source('corp', "url='https://index.test/corp'");
    const named = await readPyproject(`${head}${own}`);
    expect(named.options).toEqual({
      laterIndexUrls: ['https://index.test/corp'],
      indexNames: { 'https://index.test/corp': 'corp' },
    });
    const pypi = source('pypi', "url='https://index.test/main'");
    expect((await readPyproject(`${head}${own}${pypi}`)).options).toMatchObject({
      indexUrl: 'https://index.test/main',
      laterIndexUrls: ['https://index.test/corp'],
    });
  });

  it('names links, and says which part of a source counts for nothing', async () => {
    const input = await readPyproject(
      `${head}${source('links', "type='find_links'\nurl='file:///${PROJECT_ROOT}/wheels'")}${source('corp', "url='https://index.test/corp'\ninclude_packages=['corp-*']")}`,
      {},
      'api/pyproject.toml',
    );
    expect(input.options.findLinks).toEqual(['api/wheels']);
    expect(codesOf(input.warnings)).toEqual(['source-filter api/pyproject.toml:8 warning']);
  });
});
