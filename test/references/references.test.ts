import { describe, expect, it } from 'vitest';
import { areaOfText, hasReferences, readReferences } from '../../src/references/references.ts';

/** `3 command gunicorn` for each reference, `<x>` for modules, and the area where there is one. */
function references(path: string, text: string): readonly string[] {
  return readReferences(path, text).map(({ line, kind, name, module, area }) =>
    [
      line,
      kind,
      module === true ? `<${name}>` : name,
      ...(area === undefined ? [] : [`in ${area}`]),
    ].join(' '),
  );
}

describe('templates of Python', () => {
  it('import what their lines say', () => {
    const text = '{% if x %}\nimport pandas_ta as pta\n{% endif %}\n  from a.b import c\n';
    const names = readReferences('t/strategy.py.j2', text).map(
      ({ line, name }) => `${line} ${name}`,
    );
    expect(names).toEqual(['2 pandas_ta', '4 a.b']);
    expect(hasReferences('t/strategy.py.j2')).toBe(true);
  });
});

describe('modules that Babel loads', () => {
  it('are the extensions of its mapping file', () => {
    const text = '[jinja2: **.html]\nextensions=jinja2.ext.do, webassets.ext.jinja2.Assets\n';
    const names = readReferences('babel.cfg', text).map(({ line, name }) => `${line} ${name}`);
    expect(names).toEqual(['1 babel', '2 jinja2.ext.do', '2 webassets.ext.jinja2.Assets']);
    expect(readReferences('other.cfg', text)).toEqual([]);
  });
});

describe('modules that YAML names', () => {
  it('are handlers of functions', () => {
    const text = 'functions:\n  api:\n    handler: datadog_lambda.handler.handler  # wraps\n';
    expect(readReferences('serverless.yml', text).map(({ name }) => name)).toEqual([
      'datadog_lambda.handler.handler',
    ]);
  });

  it('are the targets of Hydra and of Lightning', () => {
    const text =
      'model:\n  _target_: torch.nn.Linear\nx:\n  - class_path: "pytorch_lightning.callbacks.X"\n';
    expect(readReferences('conf/model.yaml', text)).toEqual([
      { path: 'conf/model.yaml', line: 2, kind: 'string', name: 'torch.nn.Linear', module: true },
      {
        path: 'conf/model.yaml',
        line: 4,
        kind: 'string',
        name: 'pytorch_lightning.callbacks.X',
        module: true,
      },
    ]);
  });
});

describe('Dockerfiles', () => {
  it('reads both forms of CMD, ENTRYPOINT, RUN and HEALTHCHECK', () => {
    const text = [
      'FROM python:3.12-slim',
      'RUN pip install -r requirements.txt',
      'HEALTHCHECK --interval=30s --timeout=3s \\',
      '  # a comment inside',
      '  CMD python -c "import requests; requests.get(\'http://x\')" || exit 1',
      'ENTRYPOINT ["dumb-init", "--"]',
      'CMD ["gunicorn", "-k", "uvicorn.workers.UvicornWorker", "app.main:app"]',
      '# CMD celery',
      'CMD exec uvicorn app:app',
    ].join('\n');
    expect(references('Dockerfile', text)).toEqual([
      '2 dockerfile pip',
      '5 dockerfile <requests>',
      '7 dockerfile gunicorn',
      '7 dockerfile <uvicorn.workers.UvicornWorker>',
      '7 dockerfile <app.main>',
      '9 dockerfile uvicorn',
    ]);
  });

  it('reads heredocs as shell or as Python', () => {
    const text = 'RUN <<EOF\nblack .\nEOF\nRUN python - <<PY\nimport torch\nPY\nCMD x\n';
    expect(references('api.dockerfile', text)).toEqual([
      '1 dockerfile black',
      '4 dockerfile <torch>',
      '7 dockerfile x',
    ]);
  });

  it('ends at the end of an open heredoc', () => {
    expect(references('Dockerfile', 'RUN <<EOF\nblack .')).toEqual(['1 dockerfile black']);
  });
});

describe('YAML', () => {
  it('reads the commands of compose files', () => {
    const text = [
      'services:',
      '  web:',
      '    image: redis',
      '    command: gunicorn app:app',
      '  worker:',
      '    command: ["celery", "-A", "app", "worker"]',
      '    entrypoint:',
      '      - python',
      '      - -m',
      '      - app.worker',
      '    healthcheck:',
      '      test: ["CMD-SHELL", "httpx http://localhost"]',
      '  job:',
      '    command: \'sh -c "alembic upgrade head"\'',
      '    command: >',
      '      dramatiq app',
    ].join('\n');
    expect(references('docker-compose.yml', text)).toEqual([
      '4 command gunicorn',
      '6 command celery',
      '8 command <app.worker>',
      '12 command httpx',
      '14 command alembic',
      '16 command dramatiq',
    ]);
  });

  it('reads lists of words under command and args (Kubernetes)', () => {
    const text =
      'containers:\n- name: api\n  command:\n  - uvicorn\n  - app.main:app\n  args: ["--http", "httptools"]\n';
    expect(references('k8s/api.yaml', text)).toEqual([
      '4 command uvicorn',
      '4 command <app.main>',
      '6 command <httptools>',
    ]);
  });

  it('reads scripts of workflows line by line, as tools', () => {
    const text =
      'jobs:\n  x:\n    steps:\n      - run: ruff check .\n      - name: t\n        run: |\n          pip install x\n          pytest \\\n            --cov\n          python -c "\n          import yaml\n          "\n';
    expect(references('.github/workflows/ci.yml', text)).toEqual([
      '4 command ruff in tool',
      '7 command pip in tool',
      '8 command pytest in tool',
      '10 command <yaml> in tool',
    ]);
    expect(
      references('.gitlab-ci.yml', 'test:\n  script:\n    - tox -e py\n    - mypy .\n'),
    ).toEqual(['3 command tox in tool', '4 command mypy in tool']);
  });

  it('survives what is no list of commands', () => {
    expect(
      references('x.yml', 'command:\nrun: {a: b}\nscript:\n  - name: x\n    run: black .\n'),
    ).toContain('5 command black');
    expect(references('x.yml', 'args:')).toEqual([]);
  });

  it('leaves the JavaScript of a workflow alone', () => {
    const text = [
      'steps:',
      '  - uses: actions/github-script@v7',
      '    with:',
      '      script: |',
      '        await github.rest.repos.get({})',
      '  - name: other',
      '    script: |',
      '      python -m yaml',
    ].join('\n');
    expect(references('.github/workflows/x.yml', text)).toEqual(['8 command <yaml> in tool']);
  });
});

describe('other files', () => {
  it('reads Procfiles, units, crontabs and supervisor', () => {
    expect(references('Procfile', 'web: gunicorn app:app\nworker: python -m app.w\n')).toEqual([
      '1 command gunicorn',
      '2 command <app.w>',
    ]);
    expect(
      references(
        'deploy/app.service',
        '[Service]\nExecStart=/srv/venv/bin/hypercorn app:app\nExecStartPre=-alembic upgrade head',
      ),
    ).toEqual(['2 command hypercorn', '3 command alembic']);
    expect(references('crontab', '*/5 * * * * scrapy crawl x\n@daily yt-dlp y\n# x')).toEqual([
      '1 command scrapy',
      '2 command yt-dlp',
    ]);
    expect(references('conf/supervisord.conf', '[program:web]\ncommand=daphne app:app\n')).toEqual([
      '1 config supervisor',
      '2 command daphne',
    ]);
  });

  it('reads scripts, with Python in heredocs', () => {
    const text = '#!/bin/sh\nset -e\npython3 - <<PY\nimport pandas\nPY\nexec gunicorn app:app\n';
    expect(references('start.sh', text)).toEqual(['3 command <pandas>', '6 command gunicorn']);
    expect(references('bin/run', '#!/bin/sh\nalembic upgrade head')).toEqual(['2 command alembic']);
  });

  it('reads the recipes of Makefiles and justfiles', () => {
    expect(
      references(
        'Makefile',
        'PYTEST ?= poetry run pytest\n.PHONY: x\nlint: deps\n\t@ruff check .\n\t-mypy src \\\n\t  tests\nx = 1\n',
      ),
    ).toEqual([
      '1 command poetry',
      '1 command pytest',
      '4 command ruff in tool',
      '5 command mypy in tool',
    ]);
    expect(references('justfile', 'run *args:\n    @uvicorn app:app\n')).toEqual([
      '2 command uvicorn',
    ]);
  });

  it.each([
    ['Makefile', 'build-docs html: deps\n\tpdoc app\nserve:\n\tpdoc app\n', ['docs', '']],
    ['Makefile', 'test: ; locust\nUNIT := locust\n', ['test', '']],
    ['Makefile', 'migrate:: x\n\n# note: y\n\talembic up\ncheck:\n\tpip-audit\n', ['', 'tool']],
    ['Makefile', 'test:\nifdef CI\n\tlocust\nendif\n', ['test']],
    [
      'justfile',
      'x := "y:z"\nunit-test a="b":\n  locust {{a}}\ndev:\n  uvicorn a:b\n',
      ['test', ''],
    ],
    [
      'package.json',
      '{\n"scripts": {\n"lint:py": "autoflake .",\n"start": "uvicorn a:b"\n}\n}\n',
      ['tool', ''],
    ],
    [
      'pyproject.toml',
      '[tool.poe.tasks]\nbench = "locust"\nserve = "uvicorn a:b"\n[tool.poe.tasks.docs]\ncmd = "pdoc a"\n',
      ['benchmark', '', 'docs'],
    ],
  ])('a task of %s is for what its name says: %s', (path, text, areas) => {
    const found = readReferences(path, text).filter(
      ({ module, kind }) => module !== true && kind === 'command',
    );
    expect(found.map(({ area }) => area ?? '')).toEqual(areas);
  });

  it('a file that is none of the product says so of all its tasks', () => {
    expect(references('docs/Makefile', 'serve:\n\tpdoc app\n')).toEqual(['2 command pdoc in docs']);
  });

  it('reads tables of tools, entry points and commands of pyproject.toml', () => {
    const text = [
      '[build-system]',
      'build-backend = "hatchling.build"',
      '[project.scripts]',
      'shop = "shop.cli:main"',
      '[project.entry-points."pytest11"]',
      'x = "shop.testing:plugin"',
      '[tool.black]',
      'line-length = 100',
      '[tool.ruff.lint]',
      'select = ["E"]',
      '[tool.pytest.ini_options]',
      '[tool.taskipy.tasks]',
      'serve = "uvicorn shop:app"',
      '[tool.poe.tasks]',
      'lint = { cmd = "mypy ." }',
    ].join('\n');
    expect(references('pyproject.toml', text)).toEqual([
      '2 config hatchling.build',
      '4 entry-point <shop.cli>',
      '6 entry-point <shop.testing>',
      '7 config black',
      '9 config ruff',
      '11 config pytest',
      '12 config taskipy',
      '13 command uvicorn',
      '14 config poe',
      '15 command mypy in tool',
    ]);
  });

  it('reads tox.ini and setup.cfg', () => {
    const text =
      '[tox]\nenvlist = py\n[testenv]\ndeps = pytest\ncommands =\n    pytest {posargs}\n    coverage report\n[flake8]\nmax-line-length = 100\n';
    expect(references('tox.ini', text)).toEqual([
      '1 config tox in tool',
      '6 command pytest in tool',
      '7 command coverage in tool',
      '8 config flake8 in tool',
    ]);
    expect(
      references(
        'setup.cfg',
        '[metadata]\nname = x\n[options.entry_points]\nconsole_scripts =\n    a = pkg.cli:main\n[tool:pytest]\n[mypy-yaml.*]\n',
      ),
    ).toEqual(['5 entry-point <pkg.cli>', '6 config pytest', '7 config mypy-yaml']);
  });

  it('knows tools by their files', () => {
    expect(references('.pre-commit-config.yaml', 'repos: []')).toEqual([
      '1 config pre-commit in tool',
    ]);
    expect(references('mkdocs.yml', 'site_name: x')).toEqual(['1 config mkdocs']);
    expect(references('alembic.ini', '[alembic]')).toEqual(['1 config alembic']);
  });

  it('reads the scripts of package.json alone', () => {
    const text =
      '{\n  "name": "gunicorn",\n  "scripts": {\n    "api": "uvicorn app:app"\n  },\n  "x": {"pytest": "1"}\n}';
    expect(references('package.json', text)).toEqual(['4 command uvicorn']);
    expect(hasReferences('data.json')).toBe(false);
    expect(hasReferences('package.json')).toBe(true);
    expect(hasReferences('main.tf')).toBe(false);
  });
});

describe('areaOfText', () => {
  it.each([
    ['.github/workflows/x.yml', 'tool'],
    ['sub/.gitlab-ci.yml', 'tool'],
    ['tox.ini', 'tool'],
    ['docker-compose.test.yml', 'test'],
    ['Dockerfile.test', 'test'],
    ['tests/run.sh', 'test'],
    ['docs/Makefile', 'docs'],
    ['examples/Dockerfile', 'example'],
    ['docker-compose.yml', undefined],
    ['Makefile', undefined],
    ['deploy/latest.sh', undefined],
  ])('%s is %s', (path, area) => {
    expect(areaOfText(path)).toBe(area);
  });
});

describe('code in commands', () => {
  const imported = (path: string, text: string): readonly string[] =>
    readReferences(path, text).map(({ name, imported: isImported }) =>
      isImported === true ? `imports ${name}` : `runs ${name}`,
    );

  it.each([
    ['RUN python -c "import nltk; nltk.download()"', ['imports nltk']],
    ['HEALTHCHECK CMD python3.11 -W ignore -c "import requests" || exit 1', ['imports requests']],
    ['CMD ["python", "-c", "import nltk"]', ['imports nltk']],
    [
      `CMD ["sh", "-c", "python -c 'import nltk' && gunicorn app:app"]`,
      ['imports nltk', 'runs gunicorn'],
    ],
    ['RUN <<EOF python3\nimport nltk\nEOF', ['imports nltk']],
    ['CMD python -m gunicorn -c gunicorn.conf.py', ['runs gunicorn']],
  ])('%j', (text, expected) => {
    expect(imported('Dockerfile', text).filter((one) => !/ (?:python|sh|exit)/.test(one))).toEqual(
      expect.arrayContaining(expected),
    );
  });

  it('is told apart in scripts and YAML too', () => {
    expect(imported('run.sh', 'python - <<EOF\nimport nltk\nEOF\n')).toContain('imports nltk');
    expect(imported('compose.yml', 'command: python -c "import nltk"')).toContain('imports nltk');
  });

  it('is not read from the settings of an editor', () => {
    expect(hasReferences('.idea/run.sh')).toBe(false);
    expect(hasReferences('a/.vscode/tasks.toml')).toBe(false);
    expect(hasReferences('ideas/run.sh')).toBe(true);
  });
});
