import { describe, expect, it } from 'vitest';
import {
  findCommandNames,
  findNamesInWords,
  modulesOfCode,
  splitCommands,
} from '../../src/references/shell-commands.ts';

/** Programs as they are, modules in angle brackets. */
function names(text: string): readonly string[] {
  return findCommandNames(text).map(({ name, module }) => (module ? `<${name}>` : name));
}

describe('findCommandNames', () => {
  it.each([
    ['gunicorn app:app', ['gunicorn']],
    ['FOO=1 BAR="x y" exec gunicorn -b 0.0.0.0 shop.wsgi:app', ['gunicorn', '<shop.wsgi>']],
    [
      'gunicorn -k uvicorn.workers.UvicornWorker main:app',
      ['gunicorn', '<uvicorn.workers.UvicornWorker>'],
    ],
    ['gunicorn --worker-class=gevent main:app', ['gunicorn', '<gevent>']],
    ['celery -A shop worker --pool=gevent -l info', ['celery', '<gevent>']],
    [
      'alembic upgrade head && uvicorn shop.main:app --loop uvloop',
      ['alembic', 'uvicorn', '<shop.main>', '<uvloop>'],
    ],
    ['python -m pytest -q', ['<pytest>']],
    ['python3.12 -u -X dev -m http.server', ['<http.server>']],
    ['python manage.py migrate', []],
    ['python -c "import requests, yaml; from a.b import c"', ['<requests>', '<yaml>', '<a.b>']],
    ['/venv/bin/python -m a.b', ['<a.b>']],
    ['/usr/local/bin/gunicorn x', ['gunicorn']],
    ['sh -c "mypy src; ruff check ."', ['mypy', 'ruff']],
    ["bash -ec 'black .'", ['black']],
    ['uv run --with x pytest', ['uv', 'pytest']],
    ['uv run python -m mypy', ['uv', '<mypy>']],
    ['poetry run celery -A x', ['poetry', 'celery']],
    ['pipenv run python -m a', ['pipenv', '<a>']],
    ['coverage run -m pytest', ['coverage', '<pytest>']],
    ['python -m coverage run -m pytest', ['<coverage>', '<pytest>']],
    ['ddtrace-run gunicorn x', ['ddtrace-run', 'gunicorn']],
    ['sudo -E env A=1 nice -n 5 timeout 30 flask run', ['flask']],
    ['docker compose exec -T web pytest -x', ['pytest']],
    ['docker run redis', []],
    ['a | b || c & d', ['a', 'b', 'c', 'd']],
    ['x=$(twine check dist/*)', ['twine']],
    ['echo "$(black --version)"', ['black']],
    ['ruff check . > out.txt 2>&1', ['ruff']],
    ['a \\\n  b c', ['a']],
    ['# gunicorn app', []],
    ['tox x # gunicorn', ['tox']],
    ['$CMD app', []],
    ['', []],
    ['"unclosed', ['unclosed']],
    ['--http httptools app.main:app', ['<httptools>', '<app.main>']],
    ['mkdir -p x && cd x', []],
  ])('%j', (text, expected) => {
    expect(names(text)).toEqual(expected);
  });

  it('names each once', () => {
    expect(names('black a; black b')).toEqual(['black']);
  });
});

describe('findNamesInWords', () => {
  it('keeps words with blanks whole', () => {
    expect(findNamesInWords(['sh', '-c', 'uvicorn a:b && x']).map(({ name }) => name)).toEqual([
      'uvicorn',
      'x',
    ]);
    expect(findNamesInWords(['python', '-c', 'import a\nimport b'])).toEqual([
      { name: 'a', module: true },
      { name: 'b', module: true },
    ]);
    expect(findNamesInWords([])).toEqual([]);
  });
});

describe('splitCommands', () => {
  it('splits words at blanks outside quotes', () => {
    expect(splitCommands(`a 'b c' "d e"f g\\ h; i`)).toEqual([['a', 'b c', 'd ef', 'g h'], ['i']]);
  });

  it('is linear', () => {
    const start = performance.now();
    splitCommands('$('.repeat(50_000));
    splitCommands('"$(a)"'.repeat(20_000));
    splitCommands('\\'.repeat(100_001));
    expect(performance.now() - start).toBeLessThan(1500);
  });
});

describe('modulesOfCode', () => {
  it('leaves relative imports out', () => {
    expect(modulesOfCode('import a\nfrom . import b')).toEqual(['a']);
  });
});
