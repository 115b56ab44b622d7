import { parse } from 'smol-toml';
import { describe, expect, test } from 'vitest';
import { editManifest, type ManifestChange } from '../../src/edit/edit-manifest.ts';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { readRepository } from '../../src/inputs/read-project.ts';
import type { DeclaredRequirement } from '../../src/types.ts';
import { names } from '../support/weighed-graph.ts';

interface Asked {
  readonly style?: ManifestChange['style'];
  readonly removed?: readonly string[];
  readonly moved?: readonly string[];
  /** Extra to its distributions. */
  readonly features?: Readonly<Record<string, readonly string[]>>;
  readonly inDevelopment?: readonly string[];
}

/** Edits a text as it is read: the places are those of the reader. */
async function edit(text: string, asked: Asked): Promise<string> {
  const { projects } = await readRepository(createMemoryFiles({ 'pyproject.toml': text }));
  const entries = projects[0]?.declared ?? [];
  const find = (wanted: readonly string[] = []): readonly DeclaredRequirement[] => {
    const found = entries
      .filter(({ declared, role }) => wanted.includes(declared.requirement.name) && role !== 'dev')
      .map(({ declared }) => declared);
    return [...new Map(found.map((one) => [JSON.stringify(one.location), one])).values()];
  };
  const edited = editManifest({
    text,
    style: asked.style ?? 'groups',
    projectName: names('shop')[0] ?? null,
    removed: find(asked.removed),
    moved: find(asked.moved),
    features: Object.entries(asked.features ?? {}).map(([name, members]) => ({
      name,
      requirements: find(members),
    })),
    inDevelopment: new Set(names(...(asked.inDevelopment ?? []))),
  });
  expect(edited.left).toEqual([]);
  expect(parse(edited.text)).toBeTypeOf('object');
  return edited.text;
}

/** The lines that an edit takes out (`-`) and puts in (`+`). */
async function changes(text: string, asked: Asked): Promise<readonly string[]> {
  const [before, after] = [text, await edit(text, asked)].map((one) => one.split('\n'));
  const rest = [...(after ?? [])];
  const gone = (before ?? []).filter((line) => {
    const index = rest.indexOf(line);
    if (index >= 0) rest.splice(index, 1);
    return index < 0;
  });
  return [...gone.map((line) => `-${line}`), ...rest.map((line) => `+${line}`)];
}

const shop = `# The shop
[project]
name = "shop"
version = "1"
dependencies = [
    # web
    "webframe>=1",
    "heavy[cuda]==2.1; python_version < '4'",  # for models
    "testtool~=7.4",  # tests
    # pictures
    'plots>=3',
]

[project.optional-dependencies]
reports = ["printer", "plots"]
all = ["shop[reports]"]

[tool.linter]
line-length = 100
`;

describe('a pyproject.toml of PEP 621', () => {
  test('loses a line and nothing else', async () => {
    expect(await changes(shop, { removed: ['heavy'] })).toEqual([
      `-    "heavy[cuda]==2.1; python_version < '4'",  # for models`,
    ]);
  });

  test('moves a line with its comment into a group, behind the tables of the project', async () => {
    const text = await edit(shop, { moved: ['testtool'] });
    expect(text).toContain(
      'all = ["shop[reports]"]\n\n[dependency-groups]\ndev = [\n    "testtool~=7.4",  # tests\n]\n\n[tool.linter]',
    );
    expect(text.match(/testtool/g)).toHaveLength(1);
  });

  test('moves it into the group that is there', async () => {
    const text = `${shop}\n[dependency-groups]\ntest = ["other"]\ndevelop = ["lint"] # tools\n`;
    expect(await changes(text, { moved: ['testtool'] })).toEqual([
      '-    "testtool~=7.4",  # tests',
      '-develop = ["lint"] # tools',
      '+develop = ["lint", "testtool~=7.4"] # tools',
    ]);
  });

  test('moves it into an extra', async () => {
    expect(await edit(shop, { moved: ['testtool'], style: 'extras' })).toContain(
      'all = ["shop[reports]"]\ndev = [\n    "testtool~=7.4",  # tests\n]\n',
    );
  });

  test('does not name twice what the group has', async () => {
    const text = `${shop}\n[dependency-groups]\ndev = ["testtool"]\n`;
    const made = await changes(text, { moved: ['testtool'], inDevelopment: ['testtool'] });
    expect(made).toEqual(['-    "testtool~=7.4",  # tests']);
  });

  test('makes a feature an extra of its own and keeps `all` complete', async () => {
    expect(await edit(shop, { features: { models: ['heavy'] } })).toContain(
      `all = ["shop[models,reports]"]\nmodels = [\n    "heavy[cuda]==2.1; python_version < '4'",  # for models\n]\n`,
    );
  });

  test('makes an `all` where there is none, of the extras of the product', async () => {
    const text = shop.replace('all = ["shop[reports]"]\n', 'dev = ["lint"]\n');
    expect(await edit(text, { features: { models: ['heavy'] } })).toContain(
      'all = [\n    "shop[reports,models]",\n]',
    );
  });

  test('refers to the feature in an `all` that lists requirements', async () => {
    const text = shop.replace('"shop[reports]"', '"printer", "plots"');
    expect(await edit(text, { features: { models: ['heavy'] } })).toContain(
      'all = ["printer", "plots", "shop[models]"]',
    );
  });

  test('takes a comment away that spoke of nothing else, in every place', async () => {
    expect(await changes(shop, { removed: ['plots'] })).toEqual([
      '-    # pictures',
      "-    'plots>=3',",
      '-reports = ["printer", "plots"]',
      '+reports = ["printer"]',
    ]);
  });

  test.each([
    ['on one line', 'dependencies = ["webframe", "heavy", "testtool"]\n'],
    ['in an inline table', ''],
  ])('is edited where requirements stand %s', async (where, dependencies) => {
    const text =
      where === 'on one line'
        ? `[project]\nname = "shop"\n${dependencies}`
        : 'project = { name = "shop", dependencies = ["webframe", "heavy", "testtool"] }\n';
    const made = parse(await edit(text, { removed: ['heavy'], moved: ['testtool'] }));
    expect(made).toMatchObject({
      project: { dependencies: ['webframe'] },
      'dependency-groups': { dev: ['testtool'] },
    });
  });

  test('keeps its line ends', async () => {
    const text = await edit(shop.replaceAll('\n', '\r\n'), {
      removed: ['heavy'],
      moved: ['testtool'],
      features: { pictures: ['plots'] },
    });
    expect(text.replaceAll('\r\n', '')).not.toContain('\n');
  });
});

describe("a pyproject.toml of Poetry's", () => {
  const poetry = `[tool.poetry]
name = "shop"

[tool.poetry.dependencies]
python = "^3.11"
webframe = "^1"
heavy = { version = "^2", extras = ["cuda"] }  # models
testtool = "^7.4"

[tool.poetry.dependencies.plots]
version = "^3"

[tool.poetry.extras]
pictures = ["plots", "heavy"]
`;

  test('loses a pair, and its name in the extras', async () => {
    expect(await changes(poetry, { style: 'poetry', removed: ['heavy'] })).toEqual([
      '-heavy = { version = "^2", extras = ["cuda"] }  # models',
      '-pictures = ["plots", "heavy"]',
      '+pictures = ["plots"]',
    ]);
  });

  test('moves a pair into the group for development', async () => {
    expect(await edit(poetry, { style: 'poetry', moved: ['testtool'] })).toContain(
      '\n[tool.poetry.group.dev.dependencies]\ntesttool = "^7.4"\n',
    );
    const old = `${poetry}\n[tool.poetry.dev-dependencies]\nlint = "*"\n`;
    expect(await edit(old, { style: 'poetry', moved: ['testtool'] })).toContain(
      'lint = "*"\ntesttool = "^7.4"\n',
    );
  });

  test('loses a table of one dependency', async () => {
    const made = parse(await edit(poetry, { style: 'poetry', removed: ['plots'] }));
    expect(made).toMatchObject({
      tool: { poetry: { dependencies: { webframe: '^1' }, extras: { pictures: ['heavy'] } } },
    });
  });

  test('marks a feature as optional where it stands, and names it in its extra and in all', async () => {
    expect(await changes(poetry, { style: 'poetry', features: { web: ['webframe'] } })).toEqual([
      '-webframe = "^1"',
      '+webframe = { version = "^1", optional = true }',
      '+web = [',
      '+    "webframe",',
      '+]',
      '+all = [',
      '+    "plots",',
      '+    "heavy",',
      '+    "webframe",',
      '+]',
    ]);
  });

  test('beside [project] gets a requirement as a pair', async () => {
    const text = `[project]\nname = "shop"\ndependencies = ["testtool[cov]~=7.4; python_version < '4'", "webframe"]\n\n[tool.poetry.group.dev.dependencies]\nlint = "*"\n`;
    expect(await edit(text, { style: 'poetry', moved: ['testtool'] })).toContain(
      `testtool = { version = "~=7.4", extras = ["cov"], markers = "python_version < '4'" }\n`,
    );
  });
});
