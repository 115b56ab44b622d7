import { describe, expect, it } from 'vitest';
import type { SourceAccess, SourceEntry } from '../../src/imports/source-access.ts';
import { findPythonFile, listSources } from '../../src/imports/source-files.ts';
import { memoryAccess } from './support.ts';

function pythonOf(files: Readonly<Record<string, string>>): readonly string[] {
  return listSources(memoryAccess(files)).python.map(({ path }) => path);
}

describe('listSources', () => {
  it('takes Python by suffix and by shebang, in the order of the paths', () => {
    const files = {
      'b.py': '',
      'a/x.py': '',
      'a-b/x.pyw': '',
      'stub.pyi': '',
      'ext.pyx': '',
      'nb.ipynb': '',
      'bin/tool': '#!/usr/bin/env python3\n',
      'bin/other': '#!/usr/bin/env -S uv run --script\n',
      'bin/shell': '#!/bin/sh\n',
      'bin/binary': '\u007fELF',
      LICENSE: '#!/usr/bin/python',
      'readme.md': '',
      'x.txt': '',
    };
    const listing = listSources(memoryAccess(files));
    expect(listing.python).toEqual([
      { path: 'a-b/x.pyw', kind: 'python' },
      { path: 'a/x.py', kind: 'python' },
      { path: 'b.py', kind: 'python' },
      { path: 'bin/other', kind: 'python' },
      { path: 'bin/tool', kind: 'python' },
      { path: 'ext.pyx', kind: 'cython' },
      { path: 'nb.ipynb', kind: 'notebook' },
      { path: 'stub.pyi', kind: 'stub' },
    ]);
    expect(listing.texts).toEqual(['bin/shell']);
  });

  it('takes the texts that may name commands, and no locks', () => {
    const files = Object.fromEntries(
      [
        'Dockerfile',
        'Dockerfile.dev',
        'api.dockerfile',
        'compose.yaml',
        'Procfile',
        'x.service',
        'run.sh',
        'Makefile',
        'justfile',
        'pyproject.toml',
        'tox.ini',
        '.github/workflows/ci.yml',
        '.env',
        '.env.example',
        'uv.lock',
        'poetry.lock',
        'package-lock.json',
        'photo.png',
      ].map((name) => [name, '']),
    );
    expect(listSources(memoryAccess(files)).texts).toEqual([
      '.env',
      '.env.example',
      '.github/workflows/ci.yml',
      'Dockerfile',
      'Dockerfile.dev',
      'Makefile',
      'Procfile',
      'api.dockerfile',
      'compose.yaml',
      'justfile',
      'pyproject.toml',
      'run.sh',
      'tox.ini',
      'x.service',
    ]);
  });

  it('leaves environments, installed packages, caches and outputs out', () => {
    expect(
      pythonOf({
        'app.py': '',
        '.venv/lib/x.py': '',
        'weird/pyvenv.cfg': '',
        'weird/lib/y.py': '',
        'conda/conda-meta/history': '',
        'conda/z.py': '',
        'kept/CACHEDIR.TAG': '',
        'kept/tool/a.py': '',
        'vendor/site-packages/a.py': '',
        'node_modules/gyp/a.py': '',
        '__pycache__/a.py': '',
        '.tox/py/a.py': '',
        '.git/hooks/a.py': '',
        'build/lib/app.py': '',
        'build/lib/sub/x.py': '',
        'dist/app-1.0-py3-none-any.whl': '',
        'dist/x.py': '',
        'app.egg-info/x.py': '',
      }),
    ).toEqual(['app.py']);
  });

  it('keeps folders that only sound like outputs', () => {
    expect(
      pythonOf({
        'build/__init__.py': '',
        'build/lib/x.py': '',
        'dist/app.py': '',
        'env/a.py': '',
      }),
    ).toEqual(['build/__init__.py', 'build/lib/x.py', 'dist/app.py', 'env/a.py']);
  });

  it('leaves out what git ignores, with nested files and exceptions', () => {
    expect(
      pythonOf({
        '.gitignore': 'generated/\n*.gen.py\n/local.py\n',
        'generated/a.py': '',
        'pkg/generated/b.py': '',
        'x.gen.py': '',
        'local.py': '',
        'pkg/local.py': '',
        'pkg/.gitignore': '!keep.gen.py\n',
        'pkg/keep.gen.py': '',
        'pkg/drop.gen.py': '',
      }),
    ).toEqual(['pkg/keep.gen.py', 'pkg/local.py']);
    expect(pythonOf({ '.git/info/exclude': 'x.py', 'x.py': '', 'y.py': '' })).toEqual(['y.py']);
  });

  it('tells packages from folders', () => {
    const { folders } = listSources(
      memoryAccess({ 'a/__init__.py': '', 'b/x.py': '', 'c/__init__.pyi': '' }),
    );
    expect(Object.fromEntries(folders)).toEqual({ a: true, b: false, c: true });
  });

  it('reads one folder alone', () => {
    expect(listSources(memoryAccess({ 'a/x.py': '', 'b/y.py': '' }), 'a').python).toEqual([
      { path: 'a/x.py', kind: 'python' },
    ]);
  });

  it('warns about links that leave, pipes and folders that cannot be listed', () => {
    const entries: Readonly<Record<string, readonly SourceEntry[]>> = {
      '.': [
        { name: 'all', kind: 'link-outside' },
        { name: 'loop', kind: 'link-inside' },
        { name: 'gone.py', kind: 'link-broken' },
        { name: 'gone.txt', kind: 'link-broken' },
        { name: 'pipe.py', kind: 'other' },
        { name: 'secret', kind: 'folder' },
      ],
    };
    const access: SourceAccess = {
      list: (folder) => entries[folder] ?? null,
      read: () => ({ ok: false, problem: 'unreadable', detail: 'must not be read' }),
    };
    const { python, lost, warnings } = listSources(access);
    expect(python).toEqual([]);
    expect(lost).toEqual(['gone', 'gone']);
    expect(warnings.map(({ code, path }) => `${code} ${path}`)).toEqual([
      'link-outside all',
      'broken-link gone.py',
      'not-a-file pipe.py',
      'unreadable-folder secret',
    ]);
  });
});

describe('findPythonFile', () => {
  const access = memoryAccess({
    'a.py': '',
    'x/B.PYI': '',
    'c.pyx': '',
    'd.ipynb': '{}',
    run: '#!/usr/bin/env python3\nimport os',
    'run.sh': '#!/bin/sh\n',
    'notes.txt': 'import os',
    tool: 'import os',
  });

  it.each([
    ['a.py', 'python'],
    ['x/B.PYI', 'stub'],
    ['c.pyx', 'cython'],
    ['d.ipynb', 'notebook'],
    ['run', 'python'],
  ])('takes %s for %s', (path, kind) => {
    expect(findPythonFile(access, path)).toEqual({ path, kind });
  });

  it.each(['run.sh', 'notes.txt', 'tool', 'gone'])('takes %s for none', (path) => {
    expect(findPythonFile(access, path)).toBeNull();
  });
});
