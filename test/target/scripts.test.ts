import { describe, expect, test } from 'vitest';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { readNamedFile } from '../../src/inputs/read-named-file.ts';
import { readRepository } from '../../src/inputs/read-project.ts';

type Files = Readonly<Record<string, string>>;

/** What production gets, each with its place, and what is said. */
async function productOf(
  dockerfile: string,
  files: Files,
  path = 'Dockerfile',
): Promise<readonly string[]> {
  const access = createMemoryFiles({ [path]: `FROM python:3.12\n${dockerfile}`, ...files });
  const { projects } = await readRepository(access);
  const [product] = projects[0]?.environments ?? [];
  return [
    ...(product?.requirements ?? []).map(
      ({ raw, location }) => `${raw} ${location.path}:${location.line}`,
    ),
    ...(projects[0]?.warnings ?? []).map(({ message }) => message),
  ];
}

const copied = 'WORKDIR /app\nCOPY . .\n';
const script = '#!/bin/bash\nset -e\npip install flask\n';

describe('a script that an image runs', () => {
  test.each([
    ['./bin/setup.sh'],
    ['bash bin/setup.sh'],
    ['bash -eux -o pipefail bin/setup.sh prod'],
    ['sh -c "cd bin && ./setup.sh"'],
    ['. bin/setup.sh'],
    ['/app/bin/setup.sh > /dev/null'],
    ['chmod +x bin/*.sh && sudo -E bin/setup.sh'],
    ['uv run --no-sync bash bin/setup.sh'],
  ])('installs what its commands name, at their lines: %s', async (run) => {
    const files = { 'bin/setup.sh': script };
    expect(await productOf(`${copied}RUN ${run}\n`, files)).toEqual(['flask bin/setup.sh:3']);
  });

  test('is found by where it was copied from', async () => {
    const files = { 'docker/a.sh': script, 'docker/Dockerfile': '' };
    const alone = 'COPY docker/a.sh /tmp/b.sh\nRUN /tmp/b.sh\n';
    expect(await productOf(alone, files)).toEqual(['flask docker/a.sh:3']);
    const beside = `FROM python:3.12\nCOPY a.sh /tmp/\nRUN sh /tmp/a.sh\n`;
    expect(await productOf('', { ...files, 'docker/Dockerfile': beside })).toEqual([
      'flask docker/a.sh:3',
    ]);
    const mounted = 'RUN --mount=type=bind,source=docker,target=/d /d/a.sh\n';
    expect(await productOf(mounted, files)).toEqual(['flask docker/a.sh:3']);
    const inDockerfile = 'COPY <<EOF /a.sh\nset -e\npip install flask\nEOF\nRUN sh /a.sh\n';
    expect(await productOf(inDockerfile, {})).toEqual(['flask Dockerfile:4']);
  });

  test('installs files of the repository, from the folder that it is in', async () => {
    const files = {
      'requirements/base.txt': 'flask\n',
      'api/setup.sh': 'cd requirements\npip install -r base.txt\npip install -r more.txt\n',
    };
    expect(await productOf(`${copied}RUN sh api/setup.sh\n`, files)).toEqual([
      'flask requirements/base.txt:1',
      'api/setup.sh:3: `more.txt` is installed here, which is not in the repository; requirements/base.txt is weighed without it',
    ]);
  });

  test('runs by what it is given, and functions where they are called', async () => {
    const files = {
      'setup.sh':
        'gpu() {\n  pip install torch\n}\nfunction web {\n  pip install "$@"\n}\nmain() {\n  if [ "$1" = gpu ]; then gpu; else web flask click; fi\n}\nmain "$@"\n[ $# -eq 0 ] || pip install "six==$2"\n',
    };
    expect(await productOf(`${copied}RUN ./setup.sh cpu 1.0\n`, files)).toEqual([
      'flask setup.sh:8',
      'click setup.sh:8',
      'six==1.0 setup.sh:11',
    ]);
    const other = await productOf(`${copied}RUN ./setup.sh gpu 1.0\n`, files);
    expect(other).toEqual(['torch setup.sh:2', 'six==1.0 setup.sh:11']);
  });

  test('may run others, but not itself again', async () => {
    const files = {
      'a.sh': 'pip install flask\n./b.sh\n./a.sh\n',
      'b.sh': 'pip install click\nbash a.sh\n',
    };
    expect(await productOf(`${copied}RUN ./a.sh\n`, files)).toEqual([
      'flask a.sh:1',
      'click b.sh:1',
    ]);
  });

  test('has the variables of the image and of its command', async () => {
    const files = { 'a.sh': 'pip install flask==$FLASK click==${CLICK:-8}\n' };
    const dockerfile = `ENV FLASK=3.0\n${copied}RUN CLICK=7 ./a.sh && ./a.sh\n`;
    expect(await productOf(dockerfile, files)).toEqual(['flask==3.0 a.sh:1', 'click==8 a.sh:1']);
  });

  test('is told where it seems to install and cannot be read, and nowhere else', async () => {
    const said = (run: string, files: Files = {}): Promise<readonly string[]> =>
      productOf(`${copied}RUN pip install six && ${run}\n`, {
        'pyproject.toml': '[project]\nname="x"\ndependencies=[]\n',
        ...files,
      });
    const unread = (name: string): unknown =>
      expect.stringContaining(
        `Dockerfile:4: \`${name}\` is run here, and could not be read: what it may install is in none of the figures`,
      );
    expect(await said('./install.sh')).toContainEqual(unread('./install.sh'));
    expect(await said('bash scripts/setup-env.sh')).toContainEqual(unread('scripts/setup-env.sh'));
    const python = { 'deps.py': '#!/usr/bin/env python\nrun("pip install flask")\n' };
    expect(await said('./deps.py', python)).toContainEqual(unread('./deps.py'));
    for (const run of [
      './wait.sh',
      '/usr/local/bin/install-ca.sh',
      'curl -o install.sh https://index.test/install.sh && sh install.sh',
      'make install',
      './entry.sh',
    ])
      expect((await said(run)).filter((one) => one.includes('could not be read'))).toEqual([]);
  });

  test('is read where the Dockerfile is named too', async () => {
    const files = { Dockerfile: `FROM python:3.12\n${copied}RUN ./a.sh\n`, 'a.sh': script };
    const { projects } = await readNamedFile(createMemoryFiles(files), 'Dockerfile');
    const [product] = projects[0]?.environments ?? [];
    expect(product?.requirements.map(({ raw }) => raw)).toEqual(['flask']);
  });
});

describe('targets of make that an image runs', () => {
  const makefile = [
    'PIP ?= pip',
    'export REQ = requirements',
    '.PHONY: all install',
    'all: install',
    '',
    'install: tools ## what is needed',
    '\t@$(PIP) install \\',
    '\t  flask',
    '\tcd $(REQ) && $(PIP) install -r base.txt',
    'tools:',
    '\t-pip install click',
    'dev: install',
    '\tpip install pytest',
    'ifeq ($(GPU),1)',
    'install: gpu',
    'else',
    'six: ; pip install six',
    'endif',
    'gpu:',
    '\tpip install torch',
    'again:',
    '\t$(MAKE) again install',
    '',
  ].join('\n');
  const files = { Makefile: makefile, 'requirements/base.txt': 'gunicorn\n' };

  test.each([
    ['make install', ['click Makefile:11', 'flask Makefile:8']],
    ['make', ['click Makefile:11', 'flask Makefile:8']],
    ['make -C /app -s tools', ['click Makefile:11']],
    ['make install GPU=1', ['click Makefile:11', 'torch Makefile:20', 'flask Makefile:8']],
    ['make again', ['click Makefile:11', 'flask Makefile:8']],
    ['make six', ['six Makefile:17']],
  ])('install what their recipes name: %s', async (run, names) => {
    const found = await productOf(`${copied}RUN ${run}\n`, files);
    const own = found.filter((one) => one.includes(' Makefile:'));
    expect(own.toSorted()).toEqual(names.toSorted());
    expect(found).toContain('gunicorn requirements/base.txt:1');
  });

  test('are those of the repository alone', async () => {
    const built = 'RUN git clone https://index.test/x && cd x && make install\n';
    expect(await productOf(built, files)).toEqual(['gunicorn requirements/base.txt:1']);
  });
});
