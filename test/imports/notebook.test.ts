import { describe, expect, it } from 'vitest';
import { pythonOfNotebook, scanNotebook } from '../../src/imports/notebook.ts';

function notebook(cells: readonly unknown[], metadata: unknown = {}): string {
  return JSON.stringify({ cells, metadata, nbformat: 4, nbformat_minor: 5 }, null, 1);
}

function code(...lines: readonly string[]): unknown {
  return {
    cell_type: 'code',
    source: lines.map((line, index) => (index < lines.length - 1 ? `${line}\n` : line)),
    outputs: [],
  };
}

function modules(text: string): readonly string[] {
  return scanNotebook(text).imports.map(({ module }) => module);
}

describe('scanNotebook', () => {
  it('reads code cells and tells the lines of the file', () => {
    const text = notebook([
      { cell_type: 'markdown', source: ['import no'] },
      code('import a', 'x = "import no"'),
      code('from b import c'),
    ]);
    const found = scanNotebook(text);
    expect(found.problems).toEqual([]);
    const lines = text.split('\n');
    expect(found.imports.map(({ module, line }) => [module, lines[line - 1]?.trim()])).toEqual([
      ['a', '"import a\\n",'],
      ['b', '"from b import c"'],
    ]);
  });

  it('finds lines that the file writes with escapes', () => {
    expect(modules(notebook([code('# \u00e9\u2028 "quoted"', 'import a')]))).toEqual(['a']);
  });

  it('takes a source that is one string, and format 3 with worksheets', () => {
    expect(modules(notebook([{ cell_type: 'code', source: 'import a\nimport b' }]))).toEqual([
      'a',
      'b',
    ]);
    expect(
      modules(
        JSON.stringify({ worksheets: [{ cells: [{ cell_type: 'code', input: ['import a'] }] }] }),
      ),
    ).toEqual(['a']);
  });

  it('leaves magics, shell lines and help out and keeps the blocks around them', () => {
    const text = notebook([
      code(
        '%matplotlib inline',
        '!pip install a-dist',
        '%pip install b-dist',
        'import a',
        'x = !ls',
        'a?',
        '?a',
        '%load_ext c',
        'if a:',
        '    %time f()',
        '    !ls',
        'import b',
      ),
    ]);
    expect(modules(text)).toEqual(['a', 'b']);
    expect(scanNotebook(text).problems).toEqual([]);
    expect(scanNotebook(text).commands.map((command) => command.text)).toEqual([
      'pip install a-dist',
      'pip install b-dist',
      'ls',
      'ls',
    ]);
  });

  it('reads cells of %%time and not those of other languages', () => {
    const text = notebook([
      code('%%time', 'import a'),
      code('%%bash', 'import b', 'pytest -q'),
      code('%%html', 'import c'),
      code('', '%%timeit', 'import d'),
    ]);
    expect(modules(text)).toEqual(['a', 'd']);
    expect(scanNotebook(text).commands.map((command) => command.text)).toContain('pytest -q');
  });

  it('reads the statement behind %time', () => {
    expect(modules(notebook([code('%time import a')]))).toEqual(['a']);
  });

  it('does not read notebooks of other languages', () => {
    expect(modules(notebook([code('import a')], { kernelspec: { language: 'julia' } }))).toEqual(
      [],
    );
    expect(modules(notebook([code('import a')], { language_info: { name: 'python' } }))).toEqual([
      'a',
    ]);
  });

  it('goes on after a cell with a syntax error, and tells which one', () => {
    const found = scanNotebook(notebook([code('import a'), code('def f(:'), code('import b')]));
    expect(found.imports.map(({ module }) => module)).toEqual(['a', 'b']);
    expect(found.problems).toHaveLength(1);
    expect(found.problems[0]?.message).toContain('cell 2');
  });

  it.each([
    ['an empty file', ''],
    ['no JSON', '{"cells": ['],
    ['no cells', '{"metadata": {}, "nbformat": 4}'],
    ['wrong types', '{"cells": {"a": 1}, "nbformat": "4", "metadata": []}'],
    ['a list', '[]'],
    ['null', 'null'],
  ])('tells %s', (_, text) => {
    expect(scanNotebook(text).problems).toMatchObject([{ code: 'bad-notebook', line: 1 }]);
    expect(pythonOfNotebook(text)).toBe('');
  });

  it('passes cells that are no records', () => {
    expect(
      modules(
        notebook([
          null,
          1,
          'x',
          { cell_type: 'code' },
          { cell_type: 'code', source: [1, 'import a'] },
        ]),
      ),
    ).toEqual(['a']);
  });
});
