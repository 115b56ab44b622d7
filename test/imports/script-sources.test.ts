import { describe, expect, it } from 'vitest';
import { listScriptSources } from '../../src/imports/script-sources.ts';
import { memoryAccess, scanTree } from './support.ts';

function filesOf(tree: Readonly<Record<string, string>>, script: string): readonly string[] {
  return listScriptSources(memoryAccess(tree), script).python.map(({ path }) => path);
}

describe('the files of a script', () => {
  it('are itself and what it imports of its own folder, through others too', () => {
    const tree = {
      'tools/run.py': 'import helper\nimport json\nfrom parts import wheel\n',
      'tools/helper.py': 'import deep.inner\nimport run\n',
      'tools/deep/inner.py': 'import yaml\n',
      'tools/deep/other.py': '',
      'tools/parts/__init__.py': 'from . import hub\n',
      'tools/parts/wheel.py': 'from .. import nothing\nfrom .hub import x\n',
      'tools/parts/hub.py': '',
      'tools/parts/spare.py': '',
      'tools/json/readme.txt': '',
      'tools/other.py': 'import numpy\n',
      'helper.py': '',
    };
    expect(filesOf(tree, 'tools/run.py')).toEqual([
      'tools/deep/inner.py',
      'tools/helper.py',
      'tools/parts/__init__.py',
      'tools/parts/hub.py',
      'tools/parts/wheel.py',
      'tools/run.py',
    ]);
  });

  it('need no suffix of their first one, and no folder', () => {
    expect(filesOf({ run: 'import a', 'a.py': '' }, 'run')).toEqual(['a.py', 'run']);
  });

  it('are those of a folder of scripts even where it is a package', async () => {
    const tree = {
      'tests/__init__.py': '',
      'tests/test_run.py': 'import helper\nimport flask\n',
      'tests/helper.py': '',
    };
    const scan = await scanTree(tree, { script: 'tests/test_run.py' });
    expect(scan.files).toBe(2);
    expect(scan.imports.map(({ module, firstParty, area }) => [module, firstParty, area])).toEqual([
      ['helper', true, undefined],
      ['flask', undefined, undefined],
    ]);
  });
});
