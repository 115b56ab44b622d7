import { describe, expect, it } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import type { ProjectInputs, RepositoryInputs } from '../../src/inputs/project.ts';
import { readNamedFile } from '../../src/inputs/read-named-file.ts';
import { readRepository } from '../../src/inputs/read-project.ts';
import { describePin, packageOf } from './lock-support.ts';
import { codesOf, type Files } from './support.ts';

const registry = "source = { registry = 'https://index.test/simple' }\n";
const entry = (name: string, version: string, rest = registry): string =>
  packageOf(name, version, rest);
const uv = (packages: string, version = '1'): string =>
  `version = ${version}\nrequires-python = '>=3.9'\n\n${packages}`;
const manifest =
  "[project]\nname='mine'\nrequires-python='>=3.10'\ndependencies=['flask>=2','click']\n[project.optional-dependencies]\nweb=['gunicorn']\n[dependency-groups]\ndev=['pytest']\n";
const lock = uv(
  ['flask', 'click', 'gunicorn', 'werkzeug', 'pytest'].map((name) => entry(name, '3.0')).join(''),
);
const poetry = `${entry('flask', '3', '')}${entry('click', '8', '')}[metadata]\nlock-version = "2.0"\ncontent-hash = "aa"\n`;
const pdm = `[metadata]\nlock_version = "4.5.0"\n${entry('flask', '3', '')}`;

const readAll = (files: Files): Promise<RepositoryInputs> =>
  readRepository(createMemoryFiles(files));

async function read(files: Files): Promise<ProjectInputs> {
  return firstOf(await readAll(files));
}

function firstOf({ projects }: RepositoryInputs): ProjectInputs {
  const [first] = projects;
  if (first === undefined) throw new Error('no project was found');
  return first;
}

/** `prod [pyproject.toml uv.lock]: flask>=2 click, 5 pins`. */
function environmentsOf({ environments }: ProjectInputs): readonly string[] {
  return environments.map(
    ({ id, inputs, requirements, pins }) =>
      `${id} [${inputs.join(' ')}]: ${requirements.map(({ raw }) => raw).join(' ')}, ${pins?.length ?? 'no'} pins`,
  );
}

describe('a lock beside its manifest', () => {
  it('gives the versions, while the manifest says what is wanted and declared', async () => {
    const project = await read({ 'pyproject.toml': manifest, 'uv.lock': lock });
    expect([
      project.primary,
      project.primaryReason,
      project.manifest,
      project.requiresPython?.text,
      project.drift,
      project.warnings,
    ]).toEqual(['uv.lock', 'uv.lock locks pyproject.toml', 'pyproject.toml', '>=3.10', [], []]);
    expect(environmentsOf(project)).toEqual([
      'prod [pyproject.toml uv.lock]: flask>=2 click, 5 pins',
      'dev [pyproject.toml uv.lock]: flask>=2 click pytest, 5 pins',
      'extra:web [pyproject.toml uv.lock]: flask>=2 click gunicorn, 5 pins',
    ]);
    expect(project.environments.flatMap(({ constraints }) => constraints)).toEqual([]);
    expect([...new Set(project.declared.map(({ declared }) => declared.location.path))]).toEqual([
      'pyproject.toml',
    ]);
  });

  it('leaves the index to the manifest', async () => {
    const project = await read({ 'pyproject.toml': manifest, 'uv.lock': lock });
    expect(project.environments[0]?.options).toEqual({});
  });

  it.each([
    ['uv', 'uv.lock', 'poetry.lock'],
    ['poetry', 'poetry.lock', 'uv.lock'],
  ])('is that of [tool.%s], if there are two', async (tool, used, other) => {
    const project = await read({
      'pyproject.toml': `${manifest}[tool.${tool}]\n`,
      'uv.lock': lock,
      'poetry.lock': poetry,
    });
    expect([project.primary, codesOf(project.warnings)]).toEqual([
      used,
      [`several-locks ${other}:1 warning`],
    ]);
    expect(project.warnings[0]?.message).toBe(
      `${used} and ${other} both lock this project; ${used} is used, since pyproject.toml is set up for it`,
    );
  });

  it('is the first of uv, pylock, Poetry and PDM, where no table says', async () => {
    const pylock = "lock-version = '1.0'\n[[packages]]\nname = 'flask'\nversion = '3'\n";
    const files: Files = { 'pyproject.toml': manifest, 'poetry.lock': poetry, 'pdm.lock': pdm };
    expect((await read(files)).primary).toBe('poetry.lock');
    expect((await read({ ...files, 'pylock.toml': pylock })).primary).toBe('pylock.toml');
    expect((await read({ ...files, 'pylock.toml': pylock, 'uv.lock': lock })).primary).toBe(
      'uv.lock',
    );
  });

  it('is Pipfile.lock for a Pipfile', async () => {
    const project = await read({
      Pipfile:
        "[packages]\nflask = '*'\n[dev-packages]\npytest = '*'\n[requires]\npython_version = '3.11'\n",
      'Pipfile.lock':
        '{"default": {"flask": {"version": "==3.0"}, "six": {"version": "==1"}}, "develop": {}}',
    });
    expect([project.primary, project.manifest, project.requiresPython?.text]).toEqual([
      'Pipfile.lock',
      'Pipfile',
      '==3.11.*',
    ]);
    expect(environmentsOf(project)).toEqual([
      'prod [Pipfile Pipfile.lock]: flask, 2 pins',
      'dev [Pipfile Pipfile.lock]: flask pytest, 2 pins',
    ]);
  });

  it('is passed over where the image installs something else', async () => {
    const files = {
      'pyproject.toml': manifest,
      'uv.lock': lock,
      'requirements.txt': 'flask==3.0\n',
      Dockerfile: 'FROM python:3.12\nRUN pip install -r requirements.txt\n',
    };
    const project = await read(files);
    expect([project.primary, project.environments[0]?.pins]).toEqual([
      'requirements.txt',
      undefined,
    ]);
    const synced = await read({
      ...files,
      Dockerfile: 'FROM python:3.12\nRUN uv sync --no-dev --extra web\n',
    });
    expect([synced.primary, environmentsOf(synced)[0]]).toEqual([
      'uv.lock',
      'prod [pyproject.toml uv.lock]: flask>=2 click gunicorn, 5 pins',
    ]);
  });

  it('is the one whose tool the image runs', async () => {
    const project = await read({
      'pyproject.toml': manifest,
      'uv.lock': lock,
      'poetry.lock': poetry,
      Dockerfile: 'FROM python:3.12\nRUN poetry install --only main\n',
    });
    expect(project.primary).toBe('poetry.lock');
  });

  it('is left aside where the image installs the project without it, and that is said', async () => {
    const project = await read({
      'pyproject.toml': manifest,
      'uv.lock': lock,
      Dockerfile: 'FROM python:3.12\nRUN pip install .[web]\n',
    });
    expect([project.primary, environmentsOf(project)[0], codesOf(project.warnings)]).toEqual([
      'pyproject.toml',
      'prod [pyproject.toml]: flask>=2 click gunicorn, no pins',
      ['lock-not-installed Dockerfile:2 warning'],
    ]);
  });

  it('is no drift from its own export, while other lists are', async () => {
    const files = { 'pyproject.toml': manifest, 'uv.lock': lock };
    const exported = await read({ ...files, 'requirements.txt': 'flask==3.0\nwerkzeug==3.0\n' });
    expect(exported.drift).toEqual([]);
    const other = await read({ ...files, 'requirements.txt': 'flask\nrich\n' });
    expect(other.drift.map(({ primary, other: path }) => [primary, path])).toEqual([
      ['pyproject.toml', 'requirements.txt'],
    ]);
  });

  it('knows what has changed since it was made', async () => {
    const project = `[[package]]\nname = 'mine'\nversion = '1'\nsource = { editable = '.' }\n[package.metadata]\nrequires-dist = [{ name = 'flask', specifier = '>=2' }, { name = 'gunicorn', marker = "extra == 'web'" }]\n[package.metadata.requires-dev]\ndev = [{ name = 'pytest' }]\n`;
    const { environments } = await read({
      'pyproject.toml': manifest,
      'uv.lock': lock + project,
    });
    expect(environments[0]?.changedSinceLock).toEqual(['the main set has gained click']);
  });
});

describe('a lock that cannot be used', () => {
  it('gives way to the manifest where its format is not known', async () => {
    const project = await read({ 'pyproject.toml': manifest, 'uv.lock': uv('', '99') });
    expect([project.primary, codesOf(project.warnings)]).toEqual([
      'pyproject.toml',
      ['unknown-lock-version uv.lock:1 warning'],
    ]);
    expect(project.warnings[0]?.message).toMatch(/`99`.*; pyproject\.toml is used instead$/);
  });

  it('is an error where it is broken, and the manifest is read all the same', async () => {
    const project = await read({ 'pyproject.toml': manifest, 'uv.lock': 'version = ' });
    expect([project.primary, codesOf(project.warnings), environmentsOf(project)[0]]).toEqual([
      'pyproject.toml',
      ['invalid-toml uv.lock:1 error'],
      'prod [pyproject.toml]: flask>=2 click, no pins',
    ]);
  });

  it('gives way to another lock', async () => {
    const files = { 'pyproject.toml': manifest, 'uv.lock': uv('', '99'), 'poetry.lock': poetry };
    const project = await read(files);
    expect([project.primary, project.warnings[0]?.message]).toEqual([
      'poetry.lock',
      expect.stringMatching(/poetry\.lock is used instead$/),
    ]);
  });
});

describe('a lock without a manifest', () => {
  it('stands for itself', async () => {
    const project = await read({ 'uv.lock': lock });
    expect([project.primary, environmentsOf(project)]).toEqual([
      'uv.lock',
      ['prod [uv.lock]: flask==3.0 click==3.0 gunicorn==3.0 werkzeug==3.0 pytest==3.0, 5 pins'],
    ]);
  });

  it('does not when something else says what is wanted', async () => {
    const project = await read({
      'Pipfile.lock': '{"default": {"a": {"version": "==1"}}}',
      'pyproject.toml': manifest,
    });
    expect([project.primary, environmentsOf(project)[0]]).toEqual([
      'pyproject.toml',
      'prod [pyproject.toml]: flask>=2 click, no pins',
    ]);
  });
});

describe('a lock that the user names', () => {
  const named = (files: Files, path: string) => readNamedFile(createMemoryFiles(files), path);

  it('is read with its manifest', async () => {
    const project = firstOf(
      await named({ 'pyproject.toml': manifest, 'poetry.lock': poetry }, 'poetry.lock'),
    );
    expect([project.primary, environmentsOf(project)[0]]).toEqual([
      'poetry.lock',
      'prod [pyproject.toml poetry.lock]: flask>=2 click, 2 pins',
    ]);
    expect(project.environments[0]?.lockedAt).toEqual({
      path: 'poetry.lock',
      line: 11,
      column: 16,
    });
  });

  it('stands for itself without one', async () => {
    const project = firstOf(
      await named({ 'pdm.lock': pdm, 'requirements.txt': 'rich\n' }, 'pdm.lock'),
    );
    expect([project.primary, environmentsOf(project)]).toEqual([
      'pdm.lock',
      ['prod [pdm.lock]: flask==3, 1 pins'],
    ]);
  });

  it('is an error where its format is not known', async () => {
    const { projects } = await named({ 'uv.lock': uv('', '99') }, 'uv.lock');
    expect(codesOf(projects[0]?.warnings ?? [])).toEqual(['unknown-lock-version uv.lock:1 error']);
  });
});

describe('the lock of a workspace', () => {
  const member = (name: string, path: string): string =>
    entry(name, '1', `source = { editable = '${path}' }\n`);
  const workspace = uv(
    member('api', 'packages/api') + member('jobs', 'packages/jobs') + entry('flask', '3'),
  );
  const files: Files = {
    'pyproject.toml':
      "[tool.uv.workspace]\nmembers=['packages/*']\n[dependency-groups]\ntools=['rich']\n",
    'uv.lock': workspace,
    'packages/api/pyproject.toml': "[project]\nname='api'\ndependencies=['flask']\n",
    'packages/jobs/pyproject.toml': "[project]\nname='jobs'\ndependencies=['flask']\n",
  };

  it('gives each member its versions, and comes before a root that installs nothing', async () => {
    const { projects } = await readAll(files);
    expect(projects.map(({ project, primary }) => `${project} ${primary ?? ''}`)).toEqual([
      'packages/api uv.lock',
      'packages/jobs uv.lock',
      '. pyproject.toml',
    ]);
    expect(projects[0]?.environments[0]?.pins?.map(describePin)).toEqual(['flask==3']);
  });

  it('is found above a member that is audited on its own', async () => {
    const project = await read({
      '../uv.lock': workspace,
      'pyproject.toml': "[project]\nname='api'\ndependencies=['flask']\n",
    });
    expect([project.primary, environmentsOf(project)]).toEqual([
      '../uv.lock',
      ['prod [pyproject.toml ../uv.lock]: flask, 1 pins'],
    ]);
  });

  it('is not taken by a project that it does not name', async () => {
    const project = await read({
      '../uv.lock': workspace,
      'pyproject.toml': "[project]\nname='other'\ndependencies=['flask']\n",
    });
    expect([project.primary, project.environments[0]?.pins]).toEqual(['pyproject.toml', undefined]);
  });
});
