import { describe, expect, it } from 'vitest';
import { branchState } from '../../src/usage/branches.ts';
import { undeclaredIn } from '../imports/support.ts';
import { linux } from '../support/weighed-graph.ts';

/** The state of the line that holds `here`. */
function stateOf(text: string, python = '3.12'): string {
  const lines = text.split('\n');
  const line = lines.findLastIndex((one) => one.includes('here')) + 1;
  const markers = {
    ...linux.markers,
    python_version: python,
    python_full_version: `${python}.1`,
  };
  return branchState(lines, line, markers);
}

describe('branchState', () => {
  it.each([
    ['if sys.version_info >= (3, 9):\n    a\nelse:\n    here', 'never'],
    ['if sys.version_info < (3, 13):\n    here', 'always'],
    ['if sys.version_info > (3, 12):\n    here', 'always'],
    ['if sys.version_info <= (3, 12):\n    here', 'never'],
    ['if sys.version_info[:2] <= (3, 12):\n    here', 'always'],
    ['if sys.version_info[0] >= 3:\n    a\nelse:\n    here', 'never'],
    ['if sys.version_info.major == 2:\n    here', 'never'],
    ['if sys.version_info == (3, 12):\n    here', 'never'],
    ['if six.PY2:\n    here', 'never'],
    ['if (3, 9) < sys.version_info:\n    here', 'open'],
    ['if sys.platform == "win32":\n    here', 'never'],
    ["if sys.platform.startswith('win'):\n    here", 'never'],
    ['if os.name == "nt" or sys.platform == "cygwin":  # on Windows: these\n    here', 'never'],
    ['if platform.system() == "Linux":\n    here', 'always'],
    ['if sys.platform == "win32" and x[1:2]: here', 'open'],
    ['if __name__ == "__main__":\n    here', 'always'],
    ['if debug:\n    here', 'open'],
    ['if find_spec("here_x"):\n    import here', 'asked'],
    ['if is_torch_available() and debug:\n    if x:\n        here', 'asked'],
    ['if not HAS_X:\n    here', 'open'],
    ['if HAS_X:\n    a\nelse:\n    here', 'open'],
    ['if debug:\n    a\nhere', 'always'],
    ['if debug:\n    a\nelif sys.platform == "linux":\n    b\nelse:\n    here', 'never'],
    ['if debug:\n    a\nelse:\n    here', 'open'],
    ['for a in b:\n    c\nelse:\n    here', 'always'],
    ['if sys.version_info < (3, 9): here', 'never'],
    ['def f():\n    if sys.platform == "darwin":\n        try:\n            here', 'never'],
    ['if (\n    debug\n):\n    here', 'open'],
  ])('%j: %s', (text, expected) => {
    expect(stateOf(text)).toBe(expected);
  });

  it('is that of the target', () => {
    const text = 'if sys.version_info >= (3, 11):\n    a\nelse:\n    here';
    expect(stateOf(text, '3.10')).toBe('always');
    expect(stateOf(text, '3.11')).toBe('never');
  });
});

describe('settleBranches', () => {
  it('misses nothing that the target never runs, and tells what hangs on another condition', async () => {
    const text = [
      'if sys.version_info >= (3, 11):',
      '    import tomllib',
      'else:',
      '    import tomli',
      'if options.directml:',
      '    import torch_directml',
      'if sys.platform == "linux":',
      '    import pyinotify',
      'if options.debug:',
      '    import yaml',
      'import yaml',
    ].join('\n');
    expect(await undeclaredIn({ files: { 'app.py': text }, declared: [], graph: {} })).toEqual([
      'missing pyinotify app.py:8',
      'missing torch_directml conditional app.py:6',
      'missing yaml app.py:10',
    ]);
  });

  it('takes what the code asks for by its name right above for optional', async () => {
    const text = [
      'def capture():',
      '    check_requirements("mss>=9")',
      '    import mss',
      'def other():',
      '    import yaml',
      'def finish():',
      '    if importlib.util.find_spec("wandb"):',
      '        import wandb',
    ].join('\n');
    expect(await undeclaredIn({ files: { 'app.py': text }, declared: [], graph: {} })).toEqual([
      'missing mss guarded app.py:3',
      'missing wandb guarded app.py:7',
      'missing yaml app.py:5',
    ]);
  });

  it('misses nothing that a notebook installs itself, and doubts where it installs others', async () => {
    const notebook = (...source: string[]): string =>
      JSON.stringify({ cells: [{ cell_type: 'code', source: source.map((line) => `${line}\n`) }] });
    const files = {
      'a.ipynb': notebook('!pip install -q scikit-learn==1.5', 'import sklearn, yaml'),
      'b.ipynb': notebook('import torch'),
    };
    expect(await undeclaredIn({ files, declared: [], graph: {} })).toEqual([
      'missing torch b.ipynb:1',
      'missing yaml conditional a.ipynb:1',
    ]);
  });
});
