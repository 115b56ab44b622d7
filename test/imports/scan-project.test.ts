import { describe, expect, it } from 'vitest';
import { theLexer } from '../../src/imports/lexer/lexer.ts';
import { visitSources } from '../../src/imports/scan-project.ts';
import type { SourceRead } from '../../src/imports/source-access.ts';
import { memoryAccess, scanTree } from './support.ts';

describe('scanSources', () => {
  it('puts paths, areas and references together', async () => {
    const scan = await scanTree({
      'app/__init__.py': '',
      'app/main.py': 'import fastapi\nimport_module(name)\n',
      'tests/test_main.py': 'def f():\n    import pytest',
      'app/settings.py': 'INSTALLED_APPS = ["corsheaders"]',
      'noxfile.py': 'import subprocess\nsubprocess.run(["nox"])',
      Dockerfile: 'CMD gunicorn app',
      'nb.ipynb': '{"cells": [{"cell_type": "code", "source": ["!black x\\n", "import pandas"]}]}',
    });
    expect(scan.files).toBe(6);
    expect(
      scan.imports.map(({ path, line, module, context, area }) => [
        path,
        line,
        module,
        context.join(),
        area,
      ]),
    ).toEqual([
      ['app/main.py', 1, 'fastapi', '', undefined],
      ['nb.ipynb', 1, 'pandas', '', undefined],
      ['noxfile.py', 1, 'subprocess', '', 'tool'],
      ['tests/test_main.py', 2, 'pytest', 'function,test', 'test'],
    ]);
    expect(scan.dynamicImports).toEqual([{ path: 'app/main.py', line: 2, column: 1 }]);
    expect(scan.references).toEqual([
      { path: 'Dockerfile', line: 1, kind: 'dockerfile', name: 'gunicorn', starts: true },
      { path: 'app/settings.py', line: 1, kind: 'string', name: 'corsheaders', module: true },
      { path: 'nb.ipynb', line: 1, kind: 'command', name: 'black' },
      { path: 'noxfile.py', line: 2, kind: 'command', name: 'nox', area: 'tool' },
    ]);
    expect(scan.sources?.areas).toEqual({ 'noxfile.py': 'tool', 'tests/test_main.py': 'test' });
    expect(scan.warnings).toEqual([]);
  });

  it.each([
    ['import celery . app', ['jobs.tasks']],
    ['from celery.app import x', ['jobs.tasks']],
    ['import_module("celery.app")', ['jobs.tasks']],
    ['import celeryx', []],
    ['import_module(celery)', []],
  ])('reads the small settings of Celery beside %j', async (line, names) => {
    const text = `import subprocess\n${line}\nimports = ["jobs.tasks"]\n`;
    const { references } = await scanTree({ 'app/jobs.py': text });
    expect(references.map(({ name }) => name)).toEqual(names);
  });

  it('reads the strings of a file that had to be decoded, where it lies in the memory of the lexer', async () => {
    const comment = `# ${'\u30a2'.repeat(30)}\n`;
    const text = `# coding: shift_jis\nINSTALLED_APPS = ["corsheaders"]\n${comment.repeat(9000)}`;
    // Two bytes of Shift JIS for each letter of the comments, 83 41.
    const file = Buffer.from(text.replaceAll('\u30a2', '\x83\x41'), 'latin1');
    const { list } = memoryAccess({ 'settings.py': '' });
    const read = (): SourceRead => {
      const bytes = theLexer().reserve(file.length);
      file.copy(bytes);
      return { ok: true, bytes, length: file.length };
    };
    const { references } = await visitSources({ list, read }, {}, () => {});
    expect(references.map(({ name }) => name)).toEqual(['corsheaders']);
  });

  it('tells what could not be read as Python, with the place, and reads the rest', async () => {
    const scan = await scanTree({
      'bad.py': 'import a\nx = (1,\nimport b',
      'ext.pyx': 'cimport numpy',
      'nb.ipynb': '{',
      'py2.py': 'import c\nprint "x"\n',
    });
    expect(scan.imports.map(({ module }) => module)).toEqual(['a', 'b', 'numpy', 'c']);
    expect(scan.warnings.map(({ code, path, line }) => `${path}:${line} ${code}`)).toEqual([
      'bad.py:2 source-unclosed-bracket',
      'ext.pyx:undefined cython-source',
      'nb.ipynb:1 source-bad-notebook',
      'py2.py:2 source-python-2',
    ]);
  });

  it('knows scripts with requirements of their own (PEP 723)', async () => {
    const block = (...lines: readonly string[]): string =>
      ['# /// script', ...lines, '# ///', 'import x'].join('\n');
    const scan = await scanTree({
      'good.py': `#!/usr/bin/env -S uv run\n# é\n${block('# dependencies = ["x"]')}`,
      'plain.py': block('# requires-python = ">=3.11"'),
      'broken.py': block("# dependencies = ['fx-tmpl'"),
      'open.py': '# /// script\n# dependencies = []\nimport x',
    });
    expect(scan.inlineScripts).toEqual(['good.py']);
    expect(scan.warnings.map(({ code, path, line }) => `${path}:${line} ${code}`)).toEqual([
      'broken.py:2 bad-script-metadata',
      'open.py:1 bad-script-metadata',
    ]);
    expect(scan.imports).toHaveLength(4);
  });

  it('tells the area by the path below the nearest project', async () => {
    const files = {
      'examples/shop/app.py': 'import a',
      'examples/shop/tests/x.py': 'import b',
      'examples/other.py': 'import c',
    };
    const scan = await scanTree(files, { projects: ['.', 'examples/shop'] });
    expect(scan.imports.map(({ module, area }) => [module, area])).toEqual([
      ['c', 'example'],
      ['a', undefined],
      ['b', 'test'],
    ]);
  });

  it('is the same for two runs', async () => {
    const files = {
      'b.py': 'import x',
      'a/b.py': 'import y',
      'a-b.py': 'import z',
      Procfile: 'web: a\nw: b',
    };
    expect(JSON.stringify(await scanTree(files))).toBe(JSON.stringify(await scanTree(files)));
  });
});

describe('visitSources', () => {
  const tree = {
    'b/tests/test_x.py': 'import pytest',
    'a.py': 'import os\nimport sys',
    'b/__init__.py': '',
    'b/c.py': 'from . import d',
    'b/tests/nb.ipynb': '{"cells": [{"cell_type": "code", "source": ["import pandas"]}]}',
    'noxfile.py': 'import nox',
    'tools/noxfile.py': 'import nox',
    'b/conftest.py': 'import pytest',
    Dockerfile: 'CMD gunicorn app',
  };

  it('hands over the imports that scanSources gives, in its order', async () => {
    const seen: unknown[] = [];
    const notes = await visitSources(memoryAccess(tree), {}, ({ path, area, imports }) => {
      for (const { line, module, context } of imports)
        seen.push([path, line, module, context, area]);
    });
    const scan = await scanTree(tree);
    expect(seen).toEqual(
      scan.imports.map(({ path, line, module, context, area }) => [
        path,
        line,
        module,
        context,
        area,
      ]),
    );
    expect(seen).toContainEqual(['b/tests/nb.ipynb', 1, 'pandas', ['test'], 'test']);
    expect(seen).toContainEqual(['tools/noxfile.py', 1, 'nox', [], 'tool']);
    expect(notes.files).toBe(scan.files);
    expect(notes.references).toEqual(scan.references);
    expect(notes.warnings).toEqual(scan.warnings);
  });

  it('reads one file alone where it is asked to', async () => {
    const seen: string[] = [];
    const notes = await visitSources(memoryAccess(tree), { file: 'b/c.py' }, ({ path }) =>
      seen.push(path),
    );
    expect(seen).toEqual(['b/c.py']);
    expect(notes).toMatchObject({ files: 1, references: [], warnings: [] });
  });
});
