import { describe, expect, test } from 'vitest';
import { parseDockerfile } from '../../src/target/dockerfile.ts';
import { readProductImage, type ProductImage } from '../../src/target/product-image.ts';

function imageOf(text: string): ProductImage {
  const image = readProductImage(parseDockerfile('Dockerfile', text));
  if (image === null) throw new Error('no image');
  return image;
}

/** An image of a stage `b` with these instructions, of which the last copies. */
function built(instructions: string, copy: string, base = 'python:3.12'): ProductImage {
  return imageOf(`FROM ${base} AS b\n${instructions}\nFROM python:3.12\nCOPY --from=b ${copy}\n`);
}

const names = ({ installs }: ProductImage): readonly string[] =>
  installs.flatMap(({ packages, sync }) => [
    ...packages.map(({ text }) => text),
    ...(sync === null ? [] : ['the project']),
  ]);

describe('what a stage installs is in the image where its place is copied', () => {
  const pip = 'RUN pip install flask';
  const uv = 'WORKDIR /app\nRUN uv sync';
  test.each([
    ['packages of the interpreter', pip, '/usr/local/lib/python3.12/site-packages /x/', 1],
    ['all that the interpreter has', pip, '/usr/local /usr/local', 1],
    ['the library of the interpreter', pip, '/usr/local/lib /usr/local/lib', 1],
    ['packages, by a pattern', pip, '/usr/local/lib/python3*/site-packages /x', 1],
    ['its programs alone', pip, '/usr/local/bin /usr/local/bin', 0],
    ['one program', pip, '/usr/local/bin/flask /usr/local/bin/', 0],
    ['other libraries', pip, '/usr/lib/x86_64-linux-gnu /usr/lib/x86_64-linux-gnu', 0],
    ['sources', pip, '/src /src', 0],
    ['the folder of the project', `WORKDIR /app\n${pip}`, '/app /app', 0],
    ['everything', pip, '/ /', 1],
    ['another environment', pip, '/opt/venv /opt/venv', 0],
    [
      'of the distribution',
      'RUN pip3 install flask',
      '/usr/lib/python3/dist-packages /x',
      1,
      'debian:12',
    ],
    ['--target', 'RUN pip install --target=/deps flask', '/deps /deps', 1],
    ['--target, other folder', 'RUN pip install --target=/deps flask', '/app /app', 0],
    ['-t and a part of it', 'RUN pip install -t /deps flask', '/deps/flask /deps/flask', 1],
    ['-t in the folder', 'WORKDIR /app\nRUN pip install flask -t .', '/app /app', 1],
    ['PIP_TARGET', 'ENV PIP_TARGET=/deps\nRUN pip install flask', '/deps /deps', 1],
    ['--prefix', 'RUN pip install --prefix /install flask', '/install /usr/local', 1],
    [
      '--prefix, other folder',
      'RUN pip install --prefix /install flask',
      '/usr/local /usr/local',
      0,
    ],
    ['--root', 'RUN pip install --root=/out flask', '/out/usr/local /usr/local', 0],
    ['--user', 'RUN pip install --user flask', '/root/.local /root/.local', 1],
    [
      '--user of another user',
      'USER app\nRUN pip install --user flask',
      '/home/app/.local /root/.local',
      1,
    ],
    ['--user by HOME', 'ENV HOME=/h\nRUN pip install --user flask', '/h/.local /x', 1],
    ['what a shell of conda installs', 'RUN pip install flask', '/opt/conda/envs/x /x', 1],
    ['--user, other folder', 'RUN pip install --user flask', '/usr/local/lib /usr/local/lib', 0],
    ['PYTHONUSERBASE', 'ENV PYTHONUSERBASE=/u\nRUN pip install --user flask', '/u /root/.local', 1],
    [
      'the environment of the program',
      'RUN python -m venv /v && /v/bin/pip install flask',
      '/v /v',
      1,
    ],
    ['the environment of the module', 'RUN /v/bin/python -m pip install flask', '/v /v', 1],
    [
      'a relative one',
      'WORKDIR /app\nRUN python -m venv v && v/bin/pip install flask',
      '/app/v /v',
      1,
    ],
    ['the library of one', 'RUN /v/bin/pip install flask', '/v/lib/python3.12/site-packages /x', 1],
    [
      'one that is active by PATH',
      'RUN python -m venv /v\nENV PATH=/v/bin:$PATH\nRUN pip install flask',
      '/v /v',
      1,
    ],
    [
      'one that is active by PATH, copied not',
      'RUN python -m venv /v\nENV PATH=/v/bin:$PATH\nRUN pip install flask',
      '/usr/local /usr/local',
      0,
    ],
    [
      'one that is made active',
      'RUN python -m venv /v && . /v/bin/activate && pip install flask',
      '/v /v',
      1,
    ],
    [
      'one that was made active in another command',
      'RUN python -m venv /v && . /v/bin/activate\nRUN pip install flask',
      '/v /v',
      0,
    ],
    [
      'behind folders of tools',
      'ENV PATH=/opt/poetry/bin:$PATH\nRUN pip install flask',
      '/usr/local /usr/local',
      1,
    ],
    [
      'uv pip in VIRTUAL_ENV',
      'ENV VIRTUAL_ENV=/v\nRUN uv venv /v && uv pip install flask',
      '/v /v',
      1,
    ],
    ['uv pip --system', 'RUN uv pip install --system flask', '/usr/local /usr/local', 1],
    ['uv pip --python', 'RUN uv pip install --python /v/bin/python flask', '/v /v', 1],
    ['uv sync', uv, '/app/.venv /app/.venv', 1],
    ['uv sync and all of the folder', uv, '/app /app', 1],
    ['uv sync, other folder', uv, '/app/src /app/src', 0],
    ['uv sync of a member', 'WORKDIR /app/packages/a\nRUN uv sync', '/app/.venv /app/.venv', 1],
    ['UV_PROJECT_ENVIRONMENT', `ENV UV_PROJECT_ENVIRONMENT=/v\n${uv}`, '/v /v', 1],
    [
      'poetry in the project',
      'WORKDIR /app\nENV POETRY_VIRTUALENVS_IN_PROJECT=1\nRUN poetry install',
      '/app/.venv /v',
      1,
    ],
    [
      'poetry in the interpreter',
      'WORKDIR /app\nRUN poetry config virtualenvs.create false && poetry install',
      '/app /app',
      0,
    ],
    ['pipenv --system', 'RUN pipenv install --system', '/usr/local /usr/local', 1],
    ['wheels', 'RUN pip wheel -w /wheels flask', '/wheels /wheels', 1],
    ['wheels by a pattern', 'RUN pip wheel --wheel-dir=/wheels flask', '/wheels/*.whl /w/', 1],
    ['wheels in the folder', 'WORKDIR /w\nRUN pip wheel flask', '/w /w', 1],
    [
      'wheels that are installed',
      'RUN pip wheel -w /wheels flask && /v/bin/pip install /wheels/*.whl',
      '/v /v',
      1,
    ],
    [
      'wheels that are installed elsewhere',
      'RUN pip wheel -w /wheels flask && /v/bin/pip install /wheels/*.whl',
      '/usr/local /x',
      0,
    ],
    ['conda by prefix', 'RUN conda env create -p /env -f environment.yml', '/env /env', 1],
    ['what was moved', 'RUN pip install -t /deps flask && mv /deps /out', '/out /deps', 1],
    [
      'what was copied below',
      'RUN python -m venv /v && /v/bin/pip install flask\nRUN mkdir /out && cp -r /v /out/',
      '/out/v /v',
      1,
    ],
  ])('%s', (_, instructions, copy, count, base = 'python:3.12') => {
    const image = built(instructions, copy, base);
    const own = image.installs.filter(({ requirementFiles }) => requirementFiles.length > 0);
    expect(Math.max(names(image).length, own.length)).toBe(count);
    expect(image.guessed).toEqual([]);
  });

  test.each([
    ['poetry by its configuration', 'RUN poetry install', '/app/.venv /app/.venv', 1],
    ['poetry, and a path that sounds of nothing', 'RUN poetry install', '/app/src /src', 0],
    [
      'an interpreter that nothing names',
      'ENV PATH=/opt/x/venv/bin:$PATH\nRUN pip install flask',
      '/opt/x /x',
      1,
    ],
    ['what is packed', 'RUN pip install flask && pyinstaller a.py', '/app/dist/ /app', 1],
    ['the environment of conda', 'RUN conda run -n x pip install flask', '/opt/conda/envs/x /x', 1],
    ['a variable that nothing sets', 'RUN pip install flask -t $WHERE', '/opt/x /x', 1],
    ['shims', 'ENV PATH=/root/.pyenv/shims:$PATH\nRUN pip install flask', '/root/.pyenv /x', 1],
  ])('is guessed where nothing tells the place: %s', (_, instructions, copy, count) => {
    const image = built(instructions, copy);
    expect(names(image)).toHaveLength(count);
    expect(image.guessed).toHaveLength(count);
  });

  test('goes from stage to stage with what is copied', () => {
    const through = (last: string): readonly string[] =>
      names(
        imageOf(
          `FROM python:3.12 AS a\nRUN pip install -t /a/b flask\nFROM scratch AS b\nCOPY --from=a /a /x\nFROM python:3.12\nCOPY --from=b ${last}\n`,
        ),
      );
    expect(through('/x/b /y')).toEqual(['flask']);
    expect(through('/x /y')).toEqual(['flask']);
    expect(through('/a/b /y')).toEqual([]);
  });

  test('of a stage what lies elsewhere stays there', () => {
    const image = built('RUN pip install cython\nRUN pip install -t /deps flask', '/deps /deps');
    expect(names(image)).toEqual(['flask']);
    expect(image.left?.map(({ install, stage, copy }) => [install.line, stage, copy.line])).toEqual(
      [[2, 'b', 5]],
    );
  });

  test('holds the project whose wheel it builds and installs', () => {
    const image = built('WORKDIR /app\nRUN poetry build && /v/bin/pip install dist/*.whl', '/v /v');
    expect(image.installs.flatMap(({ projects }) => projects)).toMatchObject([{ path: '.' }]);
  });

  test('is taken with the requirements that it exports', () => {
    const image = imageOf(
      'FROM python:3.12 AS b\nRUN poetry export -o requirements.txt\nFROM python:3.12\nCOPY --from=b /requirements.txt .\nRUN pip install -r requirements.txt\n',
    );
    expect(names(image)).toEqual(['the project']);
    expect(image.guessed).toEqual([]);
  });
});
