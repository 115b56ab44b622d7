import { describe, expect, test } from 'vitest';
import { parseDockerfile } from '../../src/target/dockerfile.ts';
import type { InstallCommand } from '../../src/target/install-command.ts';
import { readProductImage } from '../../src/target/product-image.ts';
import { textsOf } from '../../src/target/shell-pieces.ts';

function installsOf(run: string): readonly InstallCommand[] {
  const image = readProductImage(parseDockerfile('Dockerfile', `FROM x\nRUN ${run}\n`));
  return image?.installs ?? [];
}

function filesIn(run: string): readonly string[] {
  return installsOf(run).flatMap(({ requirementFiles }) => requirementFiles);
}

describe('what a command is given by the shell', () => {
  test.each([
    ['for f in a.txt b.txt; do pip install -r $f; done', ['a.txt', 'b.txt']],
    [
      'for f in a b; do for g in c d; do pip install -r "$f/$g.txt"; done; done; pip install -r z',
      ['a/c.txt', 'a/d.txt', 'b/c.txt', 'b/d.txt', 'z'],
    ],
    ['<<EOF\nfor f in a.txt b.txt\ndo\n  pip install -r ${f}\ndone\nEOF', ['a.txt', 'b.txt']],
    ['for f in *.txt; do pip install -r $f; done', ['$f']],
    ['cat a.txt | xargs -n 1 pip install', ['a.txt']],
    ['cat a.txt | xargs -L1 -P 4 pip install --no-deps', ['a.txt']],
    ['xargs pip install < a.txt', ['a.txt']],
    ['xargs -a a.txt pip install --no-cache-dir <b', ['b']],
    ['grep -v x a.txt | xargs pip install', []],
    ['pip install $(cat a.txt) && pip install -r b.txt', ['a.txt', 'b.txt']],
    ['pip-sync', ['requirements.txt']],
    ['pip-sync a.txt b.txt', ['a.txt', 'b.txt']],
  ])('is found in %s', (run, files) => {
    expect(filesIn(run)).toEqual(files);
  });

  test.each([
    ['sudo -E -u app pip install -r a.txt'],
    ['gosu app pip install -r a.txt'],
    ['timeout -k 5 600 pip install -r a.txt'],
    ['nice -n 10 pip install -r a.txt'],
    ['env -u X A=b /usr/bin/env pip install -r a.txt'],
    ['su app -c "pip install -r a.txt"'],
    ['pyenv exec pip install -r a.txt'],
    ['runuser -u app -- pip install -r a.txt'],
  ])('is the same behind what only wraps it: %s', (run) => {
    expect(filesIn(run)).toEqual(['a.txt']);
    expect(installsOf(run).flatMap(({ packages }) => textsOf(packages))).toEqual([]);
  });

  test.each([
    ['python setup.py install'],
    ['python3 setup.py develop --no-deps'],
    ['hatch dep show requirements > r.txt'],
  ])('%s is the project', (run) => {
    expect(installsOf(run)).toMatchObject([{ projects: [{ path: '.' }] }]);
    expect(installsOf('python setup.py sdist')).toEqual([]);
  });

  test.each([
    ['uv pip install --system -r pyproject.toml --extra web --extra db', '.', ['web', 'db']],
    ['uv pip install -r /app/pyproject.toml --all-extras', '/app', ['*']],
  ])('a manifest in the place of a list is its project: %s', (run, path, extras) => {
    expect(installsOf(run)).toMatchObject([
      { requirementFiles: [], projects: [{ path, extras, editable: false }] },
    ]);
  });
});

describe('a subshell', () => {
  test.each([
    ['false && (pip install -r a; pip install -r b); pip install -r c', ['c']],
    ['true && (pip install -r a; pip install -r b) && pip install -r c', ['a', 'b', 'c']],
    ['true || (pip install -r a && pip install -r b) && pip install -r c', ['c']],
    ['true || { pip install -r a; pip install -r b; } && pip install -r c', ['c']],
    ['(false) && pip install -r a || pip install -r b', ['b']],
    ['(true) || pip install -r a', []],
    ['[ -n "" ] && (pip install -r a) || (pip install -r b)', ['b']],
    ['case x in (y) pip install -r a;; (x) pip install -r b;; esac', ['b']],
    ['X=$(false) && pip install -r a', ['a']],
    ['f() { true; } && pip install -r a', ['a']],
    ['A=1; (A=2); pip install -r $A', ['1']],
  ])('runs as one command of it does: %s', (run, files) => {
    expect(filesIn(run)).toEqual(files);
  });

  test('leaves the folder of what is behind it as it is', () => {
    const run =
      '(cd /a && pip install -r x) && cd b && sh -c "cd c && pip install -r y"; pip install -r z';
    expect(installsOf(run).map(({ folder }) => folder)).toEqual(['/a', '/b/c', '/b']);
  });
});

test('loops in loops are not unrolled without end', () => {
  const items = Array.from({ length: 50 }, (_, at) => `i${at}`).join(' ');
  const open = ['a', 'b', 'c', 'd', 'e'].map((name) => `for ${name} in ${items}; do `).join('');
  const run = `${open}pip install -r r.txt; ${'done; '.repeat(5)}`;
  expect(new Set(filesIn(run))).toEqual(new Set(['r.txt']));
});
