import { describe, expect, test } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import type { ProjectInputs } from '../../src/inputs/project.ts';
import { readRepository } from '../../src/inputs/read-project.ts';

type Files = Readonly<Record<string, string>>;

const own: Files = { 'requirements.txt': 'flask\n' };

async function projectOf(dockerfile: string, files: Files = own, at = '.'): Promise<ProjectInputs> {
  const access = createMemoryFiles({ Dockerfile: `FROM python:3.12\n${dockerfile}`, ...files });
  const { projects } = await readRepository(access);
  const project = projects.find((one) => one.project === at);
  if (project === undefined) throw new Error('no project');
  return project;
}

/** What is weighed, and what is said of files that are not there. */
async function readFor(
  dockerfile: string,
  files: Files = own,
  at = '.',
): Promise<{ readonly primaries: readonly string[]; readonly said: readonly string[] }> {
  const { primaries, warnings } = await projectOf(dockerfile, files, at);
  const missing = warnings.filter(({ code }) => code === 'installed-file-missing');
  return {
    primaries,
    said: missing.map(({ message }) => message),
  };
}

const nothingSaid = { primaries: ['requirements.txt'], said: [] };

describe('a file that an image installs', () => {
  test('and that is not there is told, with what is weighed instead of it', async () => {
    expect(await readFor('COPY . .\nRUN pip install -r requirements-prod.txt\n')).toEqual({
      primaries: ['requirements.txt'],
      said: [
        'Dockerfile:3: `requirements-prod.txt` is installed here, which is not in the repository; requirements.txt is weighed instead',
      ],
    });
    const two =
      'COPY . /app\nWORKDIR /app\nRUN pip install -r backend/requirements.txt\nRUN pip install -r requirements.txt\n';
    expect((await readFor(two)).said).toEqual([
      'Dockerfile:4: `backend/requirements.txt` is installed here, which is not in the repository; requirements.txt is weighed without it',
    ]);
  });

  test.each([
    ['ARG REQ\nCOPY . .\nRUN pip install --no-cache-dir -r $REQ\n', 'nothing says what $REQ is'],
    [
      'COPY . .\nRUN pip install -r "requirements/${ENV}.txt" --no-deps\n',
      'nothing says what ${ENV} is',
    ],
    ['RUN pip install -r https://index.test/requirements.txt\n', 'which is on another machine'],
    [
      'COPY requirements-prod.txt /tmp/requirements.txt\nRUN pip install -r /tmp/requirements.txt\n',
      'not in the repository',
    ],
  ])('and that cannot be followed is told: %s', async (dockerfile, why) => {
    const { primaries, said } = await readFor(dockerfile);
    expect(primaries).toEqual(['requirements.txt']);
    expect(said).toEqual([expect.stringContaining(why)]);
  });

  test.each([
    ['uv export --no-dev -o reqs.txt'],
    ['poetry export -f requirements.txt --output reqs.txt'],
    ['poetry export --output=reqs.txt'],
    ['pip freeze > reqs.txt'],
    ['pip list --format=freeze >/tmp/reqs.txt'],
    ['pip-compile reqs.in'],
    ['pip-compile -o reqs.txt x.in'],
    ['grep -v torch requirements.txt | tee reqs.txt'],
    ['echo flask > reqs.txt'],
    ['<<EOF\ncat > reqs.txt <<END\nflask\nEND\nEOF'],
  ])('and that %s makes is none that is missing', async (command) => {
    const dockerfile = `COPY . .\nRUN ${command}\nRUN pip install -r reqs.txt\n`;
    expect((await readFor(dockerfile)).said).toEqual([]);
    const together = `COPY . .\nRUN ${command} \\\n && pip install -r reqs.txt\n`;
    if (!command.startsWith('<<')) expect((await readFor(together)).said).toEqual([]);
    const late = `COPY . .\nRUN pip install -r reqs.txt\nRUN ${command}\n`;
    expect((await readFor(late)).said).toHaveLength(1);
  });

  test('and that another stage or a heredoc holds is none that is missing', async () => {
    const stages =
      'COPY . .\nRUN pip-compile x.in -o reqs.txt\nFROM python:3.12\nCOPY --from=0 /reqs.txt /\nRUN pip install -r /reqs.txt\n';
    expect((await readFor(stages)).said).toEqual([]);
    const heredoc = 'COPY <<EOF /reqs.txt\nflask\nEOF\nRUN pip install -r /reqs.txt\n';
    expect((await readFor(heredoc)).said).toEqual([]);
    const added = 'RUN echo x >> reqs.txt && pip install -r reqs.txt\n';
    expect((await readFor(`COPY reqs.txt .\n${added}`)).said).toHaveLength(1);
    expect((await readFor(`COPY . .\n${added}`)).said).toEqual([]);
  });

  test.each([
    ['COPY requirements.txt /tmp/\nRUN pip install -r /tmp/requirements.txt\n'],
    ['COPY requirements.txt /tmp/list\nRUN pip install -r /tmp/list\n'],
    ['COPY requirements*.txt /tmp/\nRUN pip install -r /tmp/requirements.txt\n'],
    ['WORKDIR /srv\nADD . ./x\nWORKDIR x\nRUN pip install -r requirements.txt\n'],
    ['COPY . /srv/x\nRUN cd /srv/x && pip install -r ./requirements.txt\n'],
    ['RUN --mount=type=bind,source=requirements.txt,target=/tmp/list pip install -r /tmp/list\n'],
    ['RUN --mount=type=bind,target=/src pip install -r /src/requirements.txt\n'],
    [
      'COPY requirements.txt /a/\nFROM python:3.12\nCOPY --from=0 /a/requirements.txt /b/list\nRUN pip install -r /b/list\n',
    ],
    ['RUN pip install -r requirements.txt\n'],
  ])('is found by where it came from: %s', async (dockerfile) => {
    expect(await readFor(dockerfile)).toEqual(nothingSaid);
  });

  test('is that of the folder which is copied, not another of the same name', async () => {
    const files = { ...own, 'deploy/requirements.txt': 'gunicorn\n', 'deploy/setup.cfg': '[x]\n' };
    const dockerfile = 'COPY deploy/ /srv/\nRUN pip install -r /srv/requirements.txt\n';
    expect((await readFor(dockerfile, files, 'deploy')).primaries).toEqual([
      'deploy/requirements.txt',
    ]);
    expect((await projectOf(dockerfile, files)).weighedImage).toBeNull();
  });

  test('is read whatever its name is', async () => {
    const files = { ...own, 'docker/packages.list': 'flask\n' };
    const dockerfile = 'COPY docker/packages.list /tmp/\nRUN pip install -r /tmp/packages.list\n';
    expect(await readFor(dockerfile, files, 'docker')).toEqual({
      primaries: ['docker/packages.list'],
      said: [],
    });
  });
});

describe('what comes from another stage', () => {
  test.each([
    ['pip install --target /layer -r requirements.txt', 'COPY --from=build /layer/ /x'],
    ['pip install -t /layer -r requirements.txt', 'COPY --from=build /layer /x'],
    [
      'python -m venv /env && /env/bin/pip install -r requirements.txt',
      'COPY --from=build /env /env',
    ],
    [
      'pip wheel -w /wh -r requirements.txt',
      'RUN --mount=type=bind,from=build,source=/wh,target=/wh pip install /wh/*.whl',
    ],
  ])('is what the commands there put in the folder: %s', async (run, take) => {
    const dockerfile = `COPY . .\nFROM python:3.12 AS build\nCOPY . .\nRUN ${run}\nFROM python:3.12-slim\n${take}\n`;
    const { primaries, weighedImage } = await projectOf(dockerfile);
    expect([primaries, weighedImage === null]).toEqual([['requirements.txt'], false]);
    const other = dockerfile.replace(take, 'COPY --from=build /static /static');
    expect((await projectOf(other)).weighedImage).toBeNull();
  });

  test('is what an export there says, with its extras', async () => {
    const files = {
      'pyproject.toml':
        '[tool.poetry]\nname = "x"\n[tool.poetry.dependencies]\nflask = "*"\nboto3 = {version = "*", optional = true}\n[tool.poetry.extras]\ns3 = ["boto3"]\n',
    };
    const dockerfile =
      'COPY . .\nRUN poetry export -E s3 -o /tmp/requirements.txt\nFROM python:3.12\nCOPY --from=0 /tmp/requirements.txt .\nRUN pip install -r requirements.txt\n';
    const { environments, warnings } = await projectOf(dockerfile, files);
    expect(environments[0]?.requirements.map(({ requirement }) => requirement.name)).toEqual([
      'flask',
      'boto3',
    ]);
    expect(warnings).toEqual([]);
    const piped = 'COPY . .\nRUN poetry export | pip install -r /dev/stdin\n';
    expect((await projectOf(piped, files)).warnings).toEqual([]);
  });

  test('is what ONBUILD puts off, in what stands on the stage', async () => {
    const dockerfile =
      'FROM python:3.12 AS base\nONBUILD COPY requirements.txt /tmp/\nONBUILD RUN pip install -r /tmp/requirements.txt\nFROM base\nRUN pip install gunicorn\n';
    expect((await projectOf(dockerfile)).primaries).toEqual(['requirements.txt', 'Dockerfile']);
  });
});

describe('the sets that a command installs', () => {
  const manifest = {
    'pyproject.toml':
      '[project]\nname = "x"\ndependencies = ["flask"]\n[project.optional-dependencies]\ndev = ["pytest"]\nweb = ["gunicorn"]\n[dependency-groups]\ndev = ["ruff"]\n',
  };
  const pipfile = { Pipfile: '[packages]\nflask = "*"\n[dev-packages]\npytest = "*"\n' };

  test.each([
    ['pip install ".[dev]"', manifest, ['flask', 'pytest']],
    ['uv pip install -r pyproject.toml --all-extras', manifest, ['flask', 'pytest', 'gunicorn']],
    ['uv sync --no-dev --all-extras', manifest, ['flask', 'pytest', 'gunicorn']],
    ['uv sync --group dev', manifest, ['flask', 'ruff']],
    ['pdm install --prod -G web', manifest, ['flask', 'gunicorn']],
    ['pdm install --no-default -G web', manifest, ['gunicorn', 'ruff']],
    ['pdm install --no-default -G dev', manifest, ['pytest', 'ruff']],
    ['uv sync --no-dev --dev', manifest, ['flask', 'ruff']],
    ['uv sync --no-dev --package x', manifest, ['flask']],
    ['uv sync --package other && pip install --group dev', manifest, ['ruff']],
    ['pip install --group dev', manifest, ['ruff']],
    ['pip install --group=./pyproject.toml:dev && pip install .', manifest, ['flask', 'ruff']],
    ['uv pip install --system --group pyproject.toml:dev', manifest, ['ruff']],
    ['pip install . && pip install --group dev', manifest, ['flask', 'ruff']],
    ['uv sync --only-group dev', manifest, ['ruff']],
    ['uv sync --only-dev', manifest, ['ruff']],
    ['uv sync --no-default-groups', manifest, ['flask']],
    ['uv sync --all-groups', manifest, ['flask', 'ruff']],
    ['uv sync --all-groups --no-group dev', manifest, ['flask']],
    ['uv sync --only-group dev && uv sync --no-dev', manifest, ['flask', 'ruff']],
    ['uv run python -m compileall .', manifest, ['flask', 'ruff']],
    ['uv run --only-group dev --with gunicorn ruff check', manifest, ['ruff']],
    ['pipenv install --system --deploy', pipfile, ['flask']],
    ['pipenv requirements > r.txt && pip install -r r.txt', pipfile, ['flask']],
  ])('are those of %s', async (run, files, names) => {
    const { environments, weighedImage } = await projectOf(`COPY . .\nRUN ${run}\n`, files);
    expect(weighedImage).not.toBeNull();
    expect(environments[0]?.requirements.map(({ requirement }) => requirement.name)).toEqual(names);
  });
});

describe('a group of a manifest that an image installs alone', () => {
  const manifest = '[project]\nname = "x"\ndependencies = ["flask"]\n[dependency-groups]\n';

  test('is that of the manifest which is named, and told where it is not there', async () => {
    const files = {
      'pyproject.toml': `${manifest}web = ["gunicorn"]\n`,
      'docs/pyproject.toml': '[dependency-groups]\nweb = ["sphinx"]\n',
    };
    const dockerfile = (name: string): string =>
      `COPY . /x\nRUN cd /x && pip install --group ${name}\n`;
    const at = async (name: string): Promise<readonly (string | null)[]> => {
      const project = await projectOf(dockerfile(name), files);
      const [product] = project.environments;
      const names = product?.requirements.map(({ requirement }) => requirement.name) ?? [];
      return [
        ...names,
        project.weighedImage?.path ?? null,
        ...project.warnings.map((one) => one.message),
      ];
    };
    expect(await at('web')).toEqual(['gunicorn', 'Dockerfile']);
    expect(await at('docs/pyproject.toml:web')).toEqual(['flask', null]);
    expect(await at('nothing')).toEqual([
      'Dockerfile',
      'Dockerfile:3: the group `nothing` is installed here, which pyproject.toml does not have: it is in none of the figures',
    ]);
  });

  test('is that of the lock, without what the project itself needs', async () => {
    const files = {
      'pyproject.toml': `${manifest}web = ["gunicorn"]\n`,
      'uv.lock':
        'version = 1\n[[package]]\nname = "x"\nversion = "0"\nsource = { virtual = "." }\ndependencies = [{ name = "flask" }]\n',
    };
    const setsOf = async (run: string): Promise<readonly string[] | undefined> => {
      const { environments } = await projectOf(`COPY . .\nRUN ${run}\n`, files);
      return environments[0]?.locked?.sets;
    };
    expect(await setsOf('uv sync --only-group web')).toEqual(['group:web']);
    expect(await setsOf('uv sync --group web')).toEqual(['', 'group:web']);
  });
});

describe('the sync before `uv run`', () => {
  const files = { 'pyproject.toml': '[project]\nname = "x"\ndependencies = ["flask"]\n' };

  test.each([
    ['uv run --no-sync app.py'],
    ['uv run --no-project app.py'],
    ['UV_NO_SYNC=1 uv run app.py'],
    ['uv run --isolated ruff'],
    ['uv tool run ruff'],
  ])('is none in %s', async (run) => {
    expect((await projectOf(`COPY . .\nRUN ${run}\n`, files)).weighedImage).toBeNull();
    const plain = await projectOf(`COPY . .\nRUN uv run app.py\n`, files);
    expect(plain.weighedImage).not.toBeNull();
    const set = await projectOf(`ENV UV_NO_SYNC=1\nCOPY . .\nRUN uv run app.py\n`, files);
    expect(set.weighedImage).toBeNull();
  });

  test('stands before the command that it is given', async () => {
    const run = 'uv run --python 3.12 pip install gunicorn';
    const { primaries } = await projectOf(`COPY . .\nRUN ${run}\n`, files);
    expect(primaries).toEqual(['pyproject.toml', 'Dockerfile']);
  });
});

describe('a file of constraints that an image installs with', () => {
  const installing = (constraint: string): string =>
    `COPY . /app\nWORKDIR /app\nRUN pip install -c ${constraint} -r requirements.txt\n`;

  test('limits what is installed, and is told where it cannot be read', async () => {
    const files = { ...own, 'constraints.txt': 'flask<2\n' };
    const { environments, warnings } = await projectOf(installing('constraints.txt'), files);
    expect(environments[0]?.constraints.map(({ raw }) => raw)).toEqual(['flask<2']);
    expect(warnings).toEqual([]);
    for (const constraint of ['limits.txt', 'https://index.test/limits.txt', '$LIMITS']) {
      const { said } = await readFor(installing(constraint), files);
      expect(said).toEqual([
        expect.stringMatching(
          /^Dockerfile:4: `.*` limits what is installed here, .*: versions may be others/,
        ),
      ]);
    }
    const made = `RUN pip freeze > /app/made.txt\n${installing('made.txt')}`;
    expect((await readFor(made, files)).said).toEqual([]);
  });

  test('is found beside the Dockerfile and at the top', async () => {
    const files: Files = {
      'requirements.txt': 'flask\n',
      'constraints.txt': 'flask<2\n',
      'docker/Dockerfile': `FROM python:3.12\n${installing('constraints.txt')}`,
    };
    const { projects } = await readRepository(createMemoryFiles(files));
    expect(projects[0]?.environments[0]?.constraints.map(({ raw }) => raw)).toEqual(['flask<2']);
  });
});

describe('a project that an image installs', () => {
  const files: Files = {
    'pyproject.toml': '[project]\nname = "web"\ndependencies = ["flask"]\n',
    'libs/core/pyproject.toml': '[project]\nname = "core"\ndependencies = ["click"]\n',
  };

  test('has the extras that are asked for of its wheel', async () => {
    const web = {
      'pyproject.toml':
        '[project]\nname = "web"\ndependencies = ["flask"]\n[project.optional-dependencies]\ns3 = ["boto3"]\n',
    };
    const dockerfile = 'COPY . .\nRUN pip install "web[s3] @ file://$(ls /dist/*.whl)"\n';
    const { environments, warnings } = await projectOf(dockerfile, web);
    expect(environments[0]?.requirements.map(({ raw }) => raw)).toEqual(['flask', 'boto3']);
    expect(warnings).toEqual([]);
  });

  test('leaves the names that it installs beside those of another project to that one', async () => {
    const dockerfile = 'COPY libs/core /x\nRUN pip install /x && pip install nose\n';
    const { primaries, weighedImage } = await projectOf(dockerfile, files);
    expect([primaries, weighedImage]).toEqual([['pyproject.toml'], null]);
  });

  test.each([
    ['git clone https://index.test/other.git && cd other && pip install .'],
    ['tar xf other.tgz && cd other && python setup.py install'],
    ['git clone https://index.test/other.git && pip install ./other'],
  ])('is none that is fetched there: %s', async (run) => {
    expect((await projectOf(`COPY . .\nRUN ${run}\n`, files)).weighedImage).toBeNull();
    const own = `COPY . .\nRUN git clone https://index.test/x.git && python setup.py install\n`;
    expect((await projectOf(own, files)).primaries).toEqual(['pyproject.toml']);
  });

  test('is that of the folder which is named', async () => {
    const dockerfile = 'WORKDIR /app\nCOPY . .\nRUN pip install ./libs/core\n';
    expect((await projectOf(dockerfile, files)).weighedImage).toBeNull();
    const whole = 'WORKDIR /app\nCOPY . .\nRUN pip install .\n';
    expect((await projectOf(whole, files)).primaries).toEqual(['pyproject.toml']);
  });
});
