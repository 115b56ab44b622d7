import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { readScript, setsOf, shownSets } from './support.ts';

describe('literals', () => {
  it.each([
    ['a list', 'required = [\'a\', "b>=1"]', ['a', 'b>=1']],
    ['a tuple over lines, with a comma at the end', "required = (\n  'a',\n  'b',\n)", ['a', 'b']],
    [
      'one text with a requirement a line',
      "required = '''\na\n  # why\n  b>=1  # that\n'''",
      ['a', 'b>=1'],
    ],
    ['texts that stand side by side', "required = ['a' '>=1']", ['a>=1']],
    ['escapes and raw texts', "required = ['a\\x3e1', r\"b\", u'c', b'd']", ['a>1', 'b', 'c', 'd']],
    ['lists in lists', "required = [['a', ['b']], 'c']", ['a', 'b', 'c']],
    ['nothing', 'required = None', []],
    ['an assignment to several names', "other = required = ['a']\nother.append('b')", ['a', 'b']],
    ['an annotated name', "required: list[str] = ['a']", ['a']],
    ['several names at once', "required, other = ['a'], ['b']", ['a']],
    ['statements in one line', "required = ['a']; required.append('b')", ['a', 'b']],
    ['a line that goes on', "required = \\\n  ['a']", ['a']],
  ])('%s', (_, body, expected) => {
    expect(setsOf(body)).toEqual(expected);
  });

  it('say where each requirement stands', () => {
    const text =
      "from setuptools import setup\nsetup(\n  install_requires='''\n    a\n    b # x\n''')\n";
    const { sets } = readScript(text);
    const places = sets[0]?.lines.map(({ origin }) => text.slice(origin.offset, origin.offset + 1));
    expect(places).toEqual(['a', 'b']);
    expect(sets[0]?.lines.map(({ text: line }) => line)).toEqual(['a', 'b']);
  });
});

describe('what is built from literals', () => {
  it.each([
    ['+', "base = ['a']\nrequired = base + ['b']\nbase.append('c')", ['a', 'b']],
    [
      '+=, seen under every name of the list',
      "required = ['a']\nsame = required\nsame += ['b']",
      ['a', 'b'],
    ],
    [
      'append, extend, insert, remove',
      "required = ['x', 'b']\nrequired.append('c')\nrequired.extend(('d',))\nrequired.insert(0, 'a')\nrequired.remove('x')",
      ['a', 'b', 'c', 'd'],
    ],
    ['a star', "base = ['a']\nrequired = [*base, 'b']", ['a', 'b']],
    [
      '%, format and f-strings',
      "v = '2'\nrequired = ['a==%s' % v, 'b>={}'.format(v), f'c<{v}', 'd=={n}'.format(n=1), '%(k)s' % {'k': 'e'}]",
      ['a==2', 'b>=2', 'c<2', 'd==1', 'e'],
    ],
    [
      'a comprehension',
      "required = [n + '>=1' for n in ('a', '', 'b') if n and not n.startswith('#')]",
      ['a>=1', 'b>=1'],
    ],
    [
      'a loop',
      "required = []\nfor n in ['a', 'b', 'c']:\n  if n == 'b': continue\n  required.append(n)",
      ['a', 'c'],
    ],
    ['list, sorted, set', "required = sorted(set(list(['a', 'a'])))", ['a']],
    [
      'sum and chain',
      "from itertools import chain\nrequired = sum([['a'], ['b']], []) + list(chain(['c'], ['d'])) + list(chain.from_iterable([['e']]))",
      ['a', 'b', 'c', 'd', 'e'],
    ],
    [
      'a function of its own',
      "def need(name, version='1'):\n  return name + '==' + version\nrequired = [need('a'), need('b', version='2')]",
      ['a==1', 'b==2'],
    ],
    [
      'a function that sets a global',
      "required = []\ndef add():\n  global required\n  required = ['a']\nadd()",
      ['a'],
    ],
    [
      'a generator of its own',
      "def every():\n  yield 'a'\n  yield 'b'\nrequired = list(every())",
      ['a', 'b'],
    ],
    [
      'a lambda',
      "required = list(map(lambda n: n + '>1', ['a'])) + list(filter(None, ['', 'b']))",
      ['a>1', 'b'],
    ],
    [
      'a dictionary',
      "all = {'main': ['a']}\nrequired = all['main'] + all.get('no', ['b']) + all.setdefault('new', [])",
      ['a', 'b'],
    ],
    [
      'slices and indexes',
      "every = ['a', 'b', 'c']\nrequired = every[:1] + [every[-1]] + ['dx'[:-1]]",
      ['a', 'c', 'd'],
    ],
    ['a difference of sets', "required = set(['a', 'b']) - {'b'} | {'c'}", ['a', 'c']],
    ['a choice', "required = ['a'] if True else ['b']", ['a']],
    [
      'and, or, not',
      "required = ([] or ['a']) + (['b'] and ['c']) if not False else []",
      ['a', 'c'],
    ],
  ])('%s', (_, body, expected) => {
    expect(setsOf(body)).toEqual(expected);
  });

  it.each([
    [
      '**',
      "from setuptools import setup\nkw = dict(name='m')\nkw['install_requires'] = ['a']\nsetup(**kw)",
    ],
    [
      'update and setdefault',
      "from setuptools import setup\nkw = {}\nkw.update({'install_requires': []}, name='m')\nkw.setdefault('install_requires', []).append('a')\nsetup(**kw)",
    ],
    [
      'a function that calls setup',
      "import setuptools\ndef main():\n  setuptools.setup(name='m', install_requires=['a'])\nif __name__ == '__main__':\n  main()",
    ],
    ['a star import', "from setuptools import *\nsetup(install_requires=['a'])"],
    [
      'distutils, with what is missing caught',
      "try:\n  from setuptools import setup\nexcept ImportError:\n  from distutils.core import setup\nsetup(install_requires=['a'])",
    ],
    [
      'after a print of Python 2',
      "from setuptools import setup\nprint 'hello'\nsetup(install_requires=['a'])",
    ],
    [
      'in a try with a second try',
      "from setuptools import setup\nclass BuildFailed(Exception): pass\ndef run(ext):\n  setup(name='m', ext_modules=make(ext), install_requires=required)\nrequired = ['a']\ntry:\n  run(True)\nexcept BuildFailed:\n  run(False)",
    ],
    [
      'before a second step',
      "from setuptools import setup\nimport sys\nif 'publish' in sys.argv:\n  sys.exit()\nsetup(install_requires=['a'])",
    ],
  ])('reach setup() by %s', (_, body) => {
    expect(setsOf(body)).toEqual(['a']);
  });

  it('reads extras, in a dictionary that grows', () => {
    const body = `from setuptools import setup
extras = {'x': ['a'], 'y': 'b'}
extras['all'] = sorted(set(sum(extras.values(), [])))
extras[':python_version < "3"'] = ['c']
setup(name='m', extras_require=extras)`;
    expect(setsOf(body)).toEqual([
      '[x] a',
      '[y] b',
      '[all] a',
      '[all] ...',
      '[:python_version < "3"] c',
    ]);
    expect(setsOf(body.replace("'b'", "['b']"))).toEqual([
      '[x] a',
      '[y] b',
      '[all] a',
      '[all] b',
      '[:python_version < "3"] c',
    ]);
  });

  it('reads a defaultdict of lists', () => {
    const body =
      "from collections import defaultdict\nfrom setuptools import setup\nextras = defaultdict(list)\nextras['x'].append('a')\nsetup(extras_require=extras)";
    expect(setsOf(body)).toEqual(['[x] a']);
  });

  it('reads the name and the Python', () => {
    const { name, requiresPython, keywords, setupRequires } = readScript(
      "from setuptools import setup\nsetup(name='my.thing', python_requires='>=3.8', setup_requires=['Setuptools_SCM>=3'])",
    );
    expect([name, requiresPython?.text, setupRequires]).toEqual([
      'my.thing',
      '>=3.8',
      ['setuptools-scm'],
    ]);
    expect(keywords).toEqual(['name', 'python_requires', 'setup_requires']);
  });
});

describe('what the target decides becomes a marker', () => {
  it.each([
    ['sys.version_info < (3, 8)', 'python_version < "3.8"'],
    ['sys.version_info <= (3, 8)', 'python_version < "3.8"'],
    ['sys.version_info > (3, 8)', 'python_version >= "3.8"'],
    ['(3, 8) <= sys.version_info', 'python_version >= "3.8"'],
    ['sys.version_info[:2] <= (3, 8)', 'python_version < "3.9"'],
    ['sys.version_info[:2] == (3, 8)', 'python_version == "3.8"'],
    ['sys.version_info[:2] != (3, 8)', 'python_version != "3.8"'],
    ['sys.version_info < (3, 8, 2)', 'python_full_version < "3.8.2"'],
    ['sys.version_info >= (3, 8, 0)', 'python_version >= "3.8"'],
    ['sys.version_info.minor < 9', 'python_version < "3.9"'],
    ['sys.version_info[1] >= 9', 'python_version >= "3.9"'],
    ['sys.hexversion < 0x03080000', 'python_version < "3.8"'],
    ['not sys.version_info >= (3, 8)', 'python_version < "3.8"'],
    ['(3, 7) <= sys.version_info < (3, 9)', 'python_version >= "3.7" and python_version < "3.9"'],
    ["sys.platform == 'win32'", 'sys_platform == "win32"'],
    ["sys.platform.startswith('win')", 'sys_platform == "win32"'],
    ["sys.platform.startswith(('linux', 'freebsd'))", 'sys_platform == "linux"'],
    ["sys.platform in ('win32', 'cygwin')", 'sys_platform == "win32"'],
    ["'linux' in sys.platform", 'sys_platform == "linux"'],
    ["os.name == 'nt'", 'os_name == "nt"'],
    ["os.name != 'nt'", 'os_name == "posix"'],
    ["platform.system() == 'Darwin'", 'platform_system == "Darwin"'],
    ["platform.system().lower() == 'windows'", 'platform_system == "Windows"'],
    ["platform.machine() == 'arm64'", 'platform_machine == "arm64"'],
    ["platform.python_implementation() == 'PyPy'", 'platform_python_implementation == "PyPy"'],
    ["'__pypy__' in sys.builtin_module_names", 'platform_python_implementation == "PyPy"'],
  ])('%s', (condition, marker) => {
    const body = `import platform\nrequired = ['a']\nif ${condition}:\n  required.append('b')`;
    expect(setsOf(body)).toEqual(['a', expect.stringMatching(/^b ; /)]);
    const shown = setsOf(body)[1] ?? '';
    // os_name has two values: either way of saying it is right.
    expect([marker, 'os_name != "nt"']).toContain(shown.replace('b ; ', ''));
  });

  it.each([
    ['sys.version_info[0] == 2', false],
    ['sys.version_info[0] >= 3', true],
    ['sys.version_info.major > 2', true],
    ['sys.version_info > (3,)', true],
    ['sys.version_info < (3,)', false],
    ['sys.version_info >= (2, 7)', true],
    ['sys.version_info < (2, 7, 9)', false],
    ['sys.version_info == (3, 8)', false],
    ['sys.version_info[:1] == (3,)', true],
    ['sys.hexversion >= 0x03000000', true],
    ["sys.version[0] == '2'", false],
    ["sys.version < '3'", false],
    ["sys.version.startswith('x') or True", true],
    ["sys.platform == 'cygwin'", false],
    ["sys.platform.startswith('java')", false],
  ])('%s is decided for every target', (condition, expected) => {
    expect(setsOf(`required = []\nif ${condition}:\n  required.append('b')`)).toEqual(
      expected ? ['b'] : [],
    );
  });

  it('gives both sides of a choice their own marker, and what they share none', () => {
    const body =
      "if sys.version_info >= (3, 9):\n  required = ['new', 'shared']\nelse:\n  required = ['old', 'shared']";
    expect(setsOf(body)).toEqual([
      'new ; python_version >= "3.9"',
      'shared',
      'old ; python_version < "3.9"',
    ]);
  });

  it('joins conditions inside each other, leaving out what cannot be', () => {
    const body = `required = []
if sys.platform == 'win32':
  required.append('w')
  if sys.version_info < (3, 9):
    required.append('x')
elif sys.platform == 'darwin':
  required.append('d')`;
    expect(setsOf(body)).toEqual([
      'd ; sys_platform == "darwin"',
      'w ; sys_platform == "win32"',
      'x ; sys_platform == "win32" and python_version < "3.9"',
    ]);
  });

  it('asks one question once', () => {
    const body =
      "required = []\nOLD = sys.version_info < (3, 9)\nif OLD: required.append('a')\nif sys.version_info < (3, 9): required.append('b')";
    expect(setsOf(body)).toEqual(['a ; python_version < "3.9"', 'b ; python_version < "3.9"']);
  });

  it('gives up where there are too many', () => {
    const questions = Array.from(
      { length: 9 },
      (_, index) => `if sys.version_info < (3, ${index + 5}): required.append('p${index}')`,
    );
    expect(setsOf(`required = []\n${questions.join('\n')}`)).toEqual([
      expect.stringMatching(/^problem: /),
    ]);
  });
});

describe('imports that are tried', () => {
  const tried = (module: string): string =>
    `try:\n  import ${module}\n  required = ['there']\nexcept ImportError:\n  required = ['not-there']`;

  it.each([
    ['another distribution', 'DNS', ['not-there']],
    ['a module of Python 2', 'ConfigParser', ['not-there']],
    ['the standard library', 'json', ['there']],
    ['setuptools', 'setuptools.command.build_py', ['there']],
    ['distutils, which setuptools brings', 'distutils.core', ['there']],
    [
      'a newer module',
      'tomllib',
      ['there ; python_version >= "3.11"', 'not-there ; python_version < "3.11"'],
    ],
    [
      'a module that was taken out',
      'asyncore',
      ['not-there ; python_version >= "3.12"', 'there ; python_version < "3.12"'],
    ],
  ])('%s', (_, module, expected) => {
    expect(setsOf(tried(module))).toEqual(expected);
  });

  it('of what the build requires are there; what else it brings in is not known', () => {
    expect(setsOf(tried('numpy'), {}, ['numpy'])).toEqual(['there']);
    expect(setsOf(tried('other'), {}, ['numpy'])).toEqual(['...']);
  });

  it('of what setup_requires names are there', () => {
    const text = `from setuptools import setup\n${tried('numpy')}\nsetup(install_requires=required, setup_requires=['numpy'])`;
    expect(setsOf(text)).toEqual(['there']);
  });

  it('of wheel, pkg_resources and the project itself are not known', () => {
    expect(setsOf(tried('wheel'))).toEqual(['...']);
    expect(setsOf(tried('pkg_resources'))).toEqual(['...']);
    expect(setsOf(tried('mine'), { 'mine/__init__.py': null })).toEqual(['...']);
    expect(
      setsOf(
        "required = ['a']\ntry:\n  from mine import __version__\nexcept ImportError:\n  __version__ = '0'",
        { 'mine.py': null },
      ),
    ).toEqual(['a']);
  });

  it('that nothing catches stop no build that there was', () => {
    expect(
      setsOf(
        "import numpy\nfrom Cython.Build import cythonize\nrequired = ['a']\nmodules = cythonize([])",
      ),
    ).toEqual(['a']);
  });

  it('work through a function and past handlers of something else', () => {
    const body =
      "def ask():\n  try:\n    import DNS\n  except ValueError:\n    pass\ntry:\n  ask()\n  required = ['a']\nexcept (KeyError, ImportError) as error:\n  required = ['b']\nfinally:\n  required.append('c')";
    expect(setsOf(body)).toEqual(['b', 'c']);
  });

  it('take the else where nothing was raised', () => {
    expect(
      setsOf(
        "try:\n  import json\nexcept ImportError:\n  required = ['a']\nelse:\n  required = ['b']",
      ),
    ).toEqual(['b']);
  });

  it('know names that only Python 2 has', () => {
    expect(
      setsOf("try:\n  unicode\n  required = ['two']\nexcept NameError:\n  required = ['three']"),
    ).toEqual(['three']);
  });
});

describe('files that the script reads', () => {
  const files = { 'requirements.txt': '# all\na>=1\n\n  b # why\n', README: 'text' };

  it.each([
    ['open and splitlines', "required = open('requirements.txt').read().splitlines()"],
    [
      'with and readlines',
      "with open('requirements.txt') as f:\n  required = [line.strip() for line in f.readlines()]",
    ],
    [
      'io.open with an encoding',
      "required = io.open('requirements.txt', encoding='utf-8').read().split('\\n')",
    ],
    [
      'a loop over the file',
      "required = []\nwith open('requirements.txt', 'r') as f:\n  for line in f:\n    line = line.strip()\n    if line and not line.startswith('#'):\n      required.append(line)",
    ],
    [
      'a path from __file__',
      "here = os.path.abspath(os.path.dirname(__file__))\nrequired = open(os.path.join(here, 'requirements.txt')).read()",
    ],
    [
      'pathlib',
      "from pathlib import Path\nrequired = (Path(__file__).parent / 'requirements.txt').read_text().splitlines()",
    ],
    [
      'pathlib, otherwise',
      "import pathlib\nrequired = pathlib.Path(__file__).with_name('requirements.txt').open().read()",
    ],
    [
      'a function of its own',
      "def read(*parts):\n  with open(os.path.join(os.path.dirname(__file__), *parts)) as f:\n    return f.read()\nrequired = read('requirements.txt').strip().split('\\n')",
    ],
    [
      'pkg_resources',
      "import pkg_resources\nrequired = [str(r) for r in pkg_resources.parse_requirements(open('requirements.txt'))]",
    ],
    [
      'pip',
      "from pip.req import parse_requirements\nrequired = [str(r.req) for r in parse_requirements('requirements.txt', session=False)]",
    ],
    [
      'os.path.exists',
      "required = []\nif os.path.exists('requirements.txt'):\n  required = open('requirements.txt').read()",
    ],
    [
      'try',
      "try:\n  required = open('requirements.txt').read()\nexcept IOError:\n  required = ['none']",
    ],
  ])('%s', (_, body) => {
    expect(setsOf(body, files)).toEqual(['a>=1', 'b']);
  });

  it('place each requirement in the file that holds it', () => {
    const { sets } = readScript(
      "from setuptools import setup\nsetup(install_requires=[l.strip() for l in open('requirements.txt')])",
      files,
    );
    expect(sets[0]?.lines.map(({ origin }) => origin)).toEqual([
      { path: 'requirements.txt', offset: 6 },
      { path: 'requirements.txt', offset: 14 },
    ]);
  });

  it('that are not there raise what is caught', () => {
    expect(
      setsOf(
        "try:\n  required = open('requirements.txt').read()\nexcept IOError:\n  required = ['none']",
      ),
    ).toEqual(['none']);
    expect(setsOf("required = ['a'] if os.path.isfile('x.txt') else ['b']")).toEqual(['b']);
  });

  it('that nobody can read, or that lie outside, make it computed', () => {
    expect(
      setsOf("required = open('requirements.txt').read()", { 'requirements.txt': null }),
    ).toEqual(['...']);
    expect(setsOf("required = open('../requirements.txt').read()", files)).toEqual(['...']);
    expect(setsOf("required = open('/etc/passwd').read()", files)).toEqual(['...']);
  });

  it('with options of pip are not taken as they are', () => {
    expect(
      setsOf("required = open('requirements.txt').read().splitlines()", {
        'requirements.txt': '-r base.txt\na\n',
      }),
    ).toEqual(['a', '...']);
  });

  it('for something else do not matter', () => {
    const body =
      "import re\nversion = re.search('x', open('mine/__init__.py').read()).group(1)\nexec(open('mine/version.py').read())\nrequired = ['a']";
    expect(setsOf(body, { 'mine/__init__.py': null })).toEqual(['a']);
  });
});

describe('what is not known is said', () => {
  it.each([
    ['a call', 'required = find()', ['...']],
    ['a part of a list', "required = ['a'] + find()", ['a', '...']],
    ['an element', "required = ['a', find(), 'b']", ['a', 'b', '...']],
    ['a version', "required = ['a', 'b==' + version]", ['a', '...']],
    [
      'a list given to something unseen',
      "required = ['a']\nimport tools\ntools.change(required)",
      ['a', '...'],
    ],
    [
      'a list changed in a loop over something unseen',
      "required = ['a']\nfor line in find():\n  required.append(line)",
      ['a', '...'],
    ],
    [
      'a list changed in a while',
      "required = ['a']\nwhile find():\n  required += ['b']",
      ['a', '...'],
    ],
    [
      'a name bound in a loop over something unseen',
      "required = ['a']\nfor line in find():\n  required = [line]",
      ['...'],
    ],
    [
      'a loop that changes it by another name',
      "required = ['a']\nfor line in find():\n  other = required\n  other.append(line)",
      ['a', '...'],
    ],
    [
      'a function called in a loop over something unseen',
      "required = ['a']\ndef add(): required.append('b')\nfor line in find():\n  add()",
      ['a', '...'],
    ],
    [
      'a dictionary of lists changed in a loop',
      "kw = {'r': ['a']}\nfor line in find():\n  kw['r'].append(line)\nrequired = kw['r']",
      ['a', '...'],
    ],
    [
      'an environment variable',
      "required = ['a']\nif os.environ.get('X'):\n  required.append('b')",
      ['a', '...'],
    ],
    ['a choice by one', "required = ['a', 'b' if os.environ.get('X') else 'c']", ['a', '...']],
    [
      'a handler of what may be raised',
      "required = ['a']\ntry:\n  find()\nexcept Exception:\n  required.append('b')",
      ['a', '...'],
    ],
    [
      'a syntax that is not read',
      "required = ['a']\nmatch find():\n  case 1:\n    required.append('b')",
      ['a', '...'],
    ],
    ['a decorated function', "@cached\ndef need(): return ['a']\nrequired = need()", ['...']],
    ['a set of dictionary keys', "required = {1: 'a'}", ['...']],
  ])('%s', (_, body, expected) => {
    expect(setsOf(body)).toEqual(expected);
  });

  it('unless it comes to the same', () => {
    expect(
      setsOf("required = ['a']\nif os.environ.get('X'):\n  print('hello')\nelse:\n  url = 'x'"),
    ).toEqual(['a']);
    expect(setsOf("if find():\n  required = ['a', 'b']\nelse:\n  required = ['b', 'a']")).toEqual([
      'a',
      'b',
    ]);
    expect(
      setsOf("required = ['a']\ntry:\n  text = convert('README')\nexcept Exception:\n  text = ''"),
    ).toEqual(['a']);
    expect(
      setsOf("required = ['a']\nfor line in find():\n  if line in required: print(len(required))"),
    ).toEqual(['a']);
  });

  it('holds for keywords that ** of something unseen may have', () => {
    expect(setsOf('from setuptools import setup\nsetup(**find())')).toEqual(['...', '[...]']);
    expect(
      setsOf(
        "from setuptools import setup\nsetup(install_requires=['a'], extras_require={}, **find())",
      ),
    ).toEqual(['a']);
  });

  it('holds for two calls that differ', () => {
    const twice =
      "from setuptools import setup\nsetup(install_requires=['a'])\nsetup(install_requires=['b'])";
    expect(setsOf(twice)).toEqual(['a', '...']);
  });

  it('says so where setup() is not reached', () => {
    expect(readScript('import sys\n').problem).toContain('no call of setup()');
    expect(
      readScript("from setuptools import setup\nfor x in find():\n  setup(install_requires=['a'])")
        .problem,
    ).toContain('not followed');
    expect(readScript("setup(install_requires=['a'])").calledAt).toBeNull();
    expect(readScript("x = 'not closed\n").problem).toContain('not closed');
    expect(readScript('if x:\n    a = 1\n  b = 2\n').problem).toContain('indented');
  });
});

describe('hostile scripts end soon', () => {
  const many = 20_000;
  it.each([
    ['nested brackets', `required = ${'['.repeat(many)}${']'.repeat(many)}`],
    ['nested brackets that are not closed', `required = ${'('.repeat(many)}`],
    ['a chain of +', `required = ${'a+'.repeat(many)}a`],
    ['a chain of attributes', `required = a${'.b'.repeat(many)}`],
    ['a chain of not', `required = ${'not '.repeat(many)}a`],
    ['a chain of minus', `required = ${'-'.repeat(many)}1`],
    ['a chain of lambdas', `required = ${'lambda: '.repeat(many)}1`],
    [
      'nested blocks',
      Array.from({ length: 500 }, (_, depth) => `${' '.repeat(depth)}if x:\n`).join('') +
        `${' '.repeat(500)}pass`,
    ],
    ['nested f-strings', `required = f'${'{'.repeat(many)}'`],
    ['a function that calls itself', 'def f(n): return f(n) + f(n)\nrequired = f(1)'],
    [
      'a list that doubles',
      "required = ['a']\nfor i in range(1000):\n  required = required + required",
    ],
    ['a text that doubles', "t = 'a'\nfor i in range(1000):\n  t = t + t\nrequired = [t]"],
    [
      'a text that is replaced by a larger one',
      "t = 'a' * 100\nfor i in range(100):\n  t = t.replace('a', 'aa' * 50)\nrequired = [t]",
    ],
    [
      'many extras with many lines',
      'from setuptools import setup\nextras = {}\nfor i in range(1000):\n  extras[str(i)] = [str(j) for j in range(1000)]\nsetup(extras_require=extras)',
    ],
    [
      'many names for one large list',
      "from setuptools import setup\nimport sys\nbig = [str(j) for j in range(1000)]\nextras = {}\nfor i in range(1000):\n  extras[str(i)] = big\nif find(): x = 1\nif sys.platform == 'win32': x = 1\nsetup(extras_require=extras)",
    ],
    ['a repeat', "required = ['a' * 10 ** 9]"],
    [
      'loops in loops',
      "required = []\nfor a in range(999):\n  for b in range(999):\n    for c in range(999):\n      required.append('x')",
    ],
    ['a list in itself', 'required = []\nrequired.append(required)'],
    ['a dictionary in itself', "required = {}\nrequired['a'] = required\nrequired = [required]"],
    [
      'comprehensions in each other',
      'required = [a for a in range(999) for b in range(999) for c in range(999)]',
    ],
    ['questions without end', `required = []\n${"if find(): required.append('x')\n".repeat(300)}`],
    [
      'functions that mention each other',
      `${Array.from({ length: 300 }, (_, index) => `def f${index}():\n  for x in find(): f${(index + 1) % 300}()\n`).join('')}required = f0()`,
    ],
    ['blanks', `required = ['${' '.repeat(200_000)}a']`],
    ['quotes', `required = ${"'".repeat(200_001)}`],
  ])('%s', (_, body) => {
    const started = performance.now();
    expect(() => setsOf(body)).not.toThrow();
    expect(performance.now() - started).toBeLessThan(4000);
  });

  it('never throws, whatever the text', () => {
    const words = [
      'setup',
      '(',
      ')',
      '[',
      ']',
      '{',
      '}',
      "'a'",
      '"""',
      ',',
      ':',
      '=',
      '\n',
      '\n  ',
      'if ',
      'for ',
      ' in ',
      'try:',
      'except ',
      'def f',
      'lambda ',
      '**',
      '*',
      '.',
      'install_requires',
      'import ',
      'from ',
      'setuptools',
      '+',
      '%',
      'f"{x}"',
      '\\',
      '#',
      '1',
      'not ',
      'sys.version_info',
      '<',
      'yield ',
      'return ',
      'class A',
      'with ',
      'as ',
    ];
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...words), { maxLength: 60 }), (parts) => {
        expect(
          shownSets(readScript(`from setuptools import setup\n${parts.join('')}`)),
        ).toBeInstanceOf(Array);
      }),
      { numRuns: 1500 },
    );
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => {
        expect(shownSets(readScript(text))).toBeInstanceOf(Array);
      }),
    );
  });

  it('reads any list of plain names back', () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}[a-z0-9]$/);
    fc.assert(
      fc.property(
        fc.uniqueArray(name, { maxLength: 8 }),
        fc.constantFrom("'", '"', "'''", '"""'),
        (names, quote) => {
          const body = `required = [${names.map((item) => quote + item + quote).join(', ')}]`;
          expect(setsOf(body)).toEqual(names);
        },
      ),
    );
  });
});
