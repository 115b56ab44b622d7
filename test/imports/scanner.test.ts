import { describe, expect, it } from 'vitest';
import fc from 'fast-check';
import { scanPython } from '../../src/imports/scanner.ts';
import type { FoundImport, ScannedSource } from '../../src/imports/scanner.ts';

function scan(text: string): ScannedSource {
  return scanPython(Buffer.from(text, 'utf8'));
}

/** `3 a.b (x,y) function try` for an import in line 3. */
function describeImport({
  line,
  module,
  level,
  names,
  context,
  dynamic,
  fallback,
}: FoundImport): string {
  const parts = [`${line} ${'.'.repeat(level)}${module}`];
  if (names.length > 0) parts.push(`(${names.join(',')})`);
  parts.push(...context);
  if (dynamic) parts.push('dynamic');
  if (fallback === true) parts.push('fallback');
  return parts.join(' ');
}

function imports(text: string): readonly string[] {
  return scan(text).imports.map(describeImport);
}

function problem(text: string): string | null {
  const first = scan(text).problems[0];
  return first === undefined ? null : `${first.line} ${first.code}`;
}

describe('import statements', () => {
  it.each([
    ['import a', ['1 a']],
    ['import a.b.c', ['1 a.b.c']],
    ['import a as b, c.d as e , f', ['1 a', '1 c.d', '1 f']],
    ['from a import b', ['1 a (b)']],
    ['from a.b import c as d, e', ['1 a.b (c,e)']],
    ['from a import *', ['1 a (*)']],
    ['from a import (b, c,)', ['1 a (b,c)']],
    ['from a import (  # (\n b, # )\n\n c as d,\n)', ['1 a (b,c)']],
    ['from a import(b)', ['1 a (b)']],
    ['import\ta', ['1 a']],
    ['import a . b', ['1 a.b']],
    ['import \\\n  a', ['1 a']],
    ['from \\\n a \\\n import \\\n b', ['1 a (b)']],
    ['import a as \\\n b', ['1 a']],
    ['import a;import b; import c # import d', ['1 a', '1 b', '1 c']],
    ['x = 1; import a', ['1 a']],
    ['from __future__ import annotations', ['1 __future__ (annotations)']],
    ['import importlib', ['1 importlib']],
    ['from from_ import import_', ['1 from_ (import_)']],
    ['import ünïcode', ['1 ünïcode']],
  ])('reads %j', (text, expected) => {
    expect(imports(text)).toEqual(expected);
    expect(problem(text)).toBeNull();
  });

  it.each([
    ['from . import a', ['1 . (a)']],
    ['from .a import b', ['1 .a (b)']],
    ['from ...a.b import c', ['1 ...a.b (c)']],
    ['from . . a import b', ['1 ..a (b)']],
    ['from.import a', ['1 . (a)']],
    ['from .. import (a, b)', ['1 .. (a,b)']],
  ])('counts the dots of %j', (text, expected) => {
    expect(imports(text)).toEqual(expected);
  });

  it('normalises identifiers by NFKC as Python does', () => {
    expect(imports('import \uff46x_web')).toEqual(['1 fx_web']);
  });

  it.each([
    'importa',
    'imported = 1',
    'x.import_module',
    'fromage = 2',
    'from_x = 3',
    'lazy = 1',
    'lazy.import_x',
    'import_ = 4',
  ])('finds nothing in %j', (text) => {
    expect(imports(text)).toEqual([]);
  });

  it('finds lazy imports of PEP 810 and leaves the name lazy alone', () => {
    expect(imports('lazy import a\nlazy from b import c\nlazy = 1\nlazy(x)\n')).toEqual([
      '1 a',
      '2 b (c)',
    ]);
  });

  it('reads on after an import that is not valid', () => {
    expect(imports('import {{ name }}\nimport b')).toEqual(['2 b']);
    expect(imports('from a import\nimport b')).toEqual(['2 b']);
    expect(problem('import a b\nimport c')).toBe('1 bad-import');
    expect(imports('import a b\nimport c')).toEqual(['1 a', '2 c']);
  });
});

describe('lines', () => {
  it.each([
    ['LF', '\n'],
    ['CR LF', '\r\n'],
    ['CR', '\r'],
  ])('counts lines that end in %s', (_, newline) => {
    const text = [
      'import a',
      '',
      '"""',
      'import x',
      '"""',
      'def f():',
      '    import b',
      'x = (',
      '1)',
      'import c',
    ].join(newline);
    expect(imports(text)).toEqual(['1 a', '7 b function', '10 c']);
    expect(problem(text)).toBeNull();
  });

  it('counts a CR LF after a backslash once', () => {
    expect(imports('x = 1 + \\\r\n 2\r\nimport a')).toEqual(['3 a']);
  });

  it('takes a form feed for the start of a line', () => {
    expect(imports('import a\n\f\nimport b\n\fimport c\n    \fimport d')).toEqual([
      '1 a',
      '3 b',
      '4 c',
      '5 d',
    ]);
    expect(problem('import a\n\f\nimport b\n\fimport c')).toBeNull();
  });

  it('needs no newline at the end and no content at all', () => {
    expect(imports('')).toEqual([]);
    expect(imports('\n\n  \n')).toEqual([]);
    expect(imports('# only a comment')).toEqual([]);
    expect(imports('if x:\n  import a')).toEqual(['2 a if']);
  });
});

describe('strings and comments', () => {
  it.each([
    "s = 'import a'",
    's = "import a; import b"',
    '"""\nimport a\n"""',
    "r'''\nimport a\n\\'''\nimport b\n'''",
    "s = 'it\\'s'; t = 'import a'",
    's = "a\\\nimport b"',
    "b'''\nimport a'''",
    "Rb'\\'; x = 'import a",
    '# import a\n  # import b',
    "x = ''; y = '''''' ",
    "u'import a'",
    "rb'''\nimport a\n'''",
  ])('finds no import in %j', (text) => {
    expect(imports(text)).toEqual([]);
  });

  it.each([
    'x = f"{f"{f\'{1}\'}"}"',
    'y = f"{ {\'a\': "b"}[\'a\'] }"',
    "z = f'{\n  1  # comment with ' quote\n}'",
    "f'{{import x}} {1!r:>{10}} {x=}'",
    "f'{x:{{}}}'",
    'f"{x:{"}"}}"',
    "f'''\n{x[\"'''\"]}\nimport y\n'''",
    "rf'\\{x}\\''",
    "f'\\N{LEFT CURLY BRACKET}'",
    "f'{a != b}'",
    "f'{lambda_: x}'",
    't"{name!s:{width}}"',
    "f'{x:%H:%M}'",
    "fr'{x}\\n{y}'",
    'f\'{d["a"]:>{w}.{p}f}\'',
    'f"{\'\\n\'.join(x)}"',
  ])('passes the formatted string %j (PEP 701, 750)', (text) => {
    expect(imports(`${text}\nimport after`).map((line) => line.split(' ')[1])).toEqual(['after']);
    expect(problem(`${text}\nimport after`)).toBeNull();
  });

  it('does not take the letters of a longer name for a prefix', () => {
    expect(imports("leaf'{'\nimport a")).toEqual(['2 a']);
    expect(imports("print(buf'{')\nimport a")).toEqual(['2 a']);
  });

  it('goes on after a string that is not closed on its line', () => {
    expect(imports("x = 'open\nimport a")).toEqual(['2 a']);
    expect(problem("import z\nx = 'open\nimport a")).toBe('2 unterminated-string');
    expect(imports("x = f'{open\nimport a")).toEqual(['2 a']);
  });

  it('tells an odd run of backslashes before the closing quote', () => {
    expect(problem(`import a\nx = '${'\\'.repeat(501)}'\n`)).toBe('2 unterminated-string');
    expect(problem(`import a\nx = '${'\\'.repeat(500)}'\n`)).toBeNull();
  });
});

describe('contexts', () => {
  it('names functions, classes and their nesting', () => {
    const text = [
      'def f(a=(1, {2: 3}), *b: int) -> "x":',
      '    import a',
      '    class C(Base, metaclass=M):',
      '        import b',
      '        async def g(self): import c; import d',
      '    import e',
      'import f',
      '@decorator(x)',
      'async def h[T: (int, str)](x: T) -> T:',
      '    import g',
      'class A[*Ts, **P]: import h',
    ].join('\n');
    expect(imports(text)).toEqual([
      '2 a function',
      '4 b function class',
      '5 c function class',
      '5 d function class',
      '6 e function',
      '7 f',
      '10 g function',
      '11 h class',
    ]);
  });

  it.each([
    ['except ImportError:', true],
    ['except ModuleNotFoundError as e:', true],
    ['except Exception:', true],
    ['except BaseException:', true],
    ['except:', true],
    ['except (ValueError, ImportError):', true],
    ['except (  # why\n    ImportError,\n):', true],
    ['except builtins.ImportError:', true],
    ['except* (ImportError, OSError) as e:', true],
    ['except ValueError, ImportError:', true],
    ['except ImportError, e:', true],
    ['except ValueError:', false],
    ['except (KeyError, TypeError):', false],
    ['except errors() + (ImportError,):', false],
    ['except (A,) + (ImportError,):', false],
    ['except ImportErrorLike:', false],
  ])('guards a try body by %j: %s', (clause, guarded) => {
    const found = imports(`try:\n    import a\n${clause}\n    import b\n`);
    expect(found[0]).toBe(guarded ? '2 a try' : '2 a');
    expect(found[1]).toMatch(/ b fallback$/);
  });

  it('guards the body alone, by any of its handlers, at its own level', () => {
    const text = [
      'try:',
      '    import a',
      '    if x:',
      '        import b',
      '    try:',
      '        import c',
      '    except ValueError:',
      '        import d',
      'except KeyError:',
      '    import e',
      'except ImportError:',
      '    import f',
      'else:',
      '    import g',
      'finally:',
      '    import h',
    ].join('\n');
    expect(imports(text)).toEqual([
      '2 a try',
      '4 b try if',
      '6 c try',
      '8 d try fallback',
      '10 e fallback',
      '12 f fallback',
      '14 g',
      '16 h',
    ]);
  });

  it('reads try and except on one line each', () => {
    expect(imports('try: import a; import b\nexcept ImportError: c = None\nimport d')).toEqual([
      '1 a try',
      '1 b try',
      '3 d',
    ]);
  });

  it('takes suppress(ImportError) for a guard and other contexts not', () => {
    expect(imports('with contextlib.suppress(ImportError, KeyError):\n  import a')).toEqual([
      '2 a try',
    ]);
    expect(imports('with open(x) as f, suppress(ModuleNotFoundError): import a')).toEqual([
      '1 a try',
    ]);
    expect(imports('with suppress(KeyError):\n  import a')).toEqual(['2 a']);
    expect(imports('with (\n  suppress(\n   Exception,\n  ),\n):\n  import a')).toEqual([
      '6 a try',
    ]);
    expect(imports('async def f():\n  async with x as y:\n    import a')).toEqual(['3 a function']);
  });

  it.each([
    ['if TYPE_CHECKING:', 'type-checking', 'if'],
    ['if typing.TYPE_CHECKING:  # x', 'type-checking', 'if'],
    ['if (TYPE_CHECKING):', 'type-checking', 'if'],
    ['if not TYPE_CHECKING:', 'if', 'type-checking'],
    ['if not typing.TYPE_CHECKING:', 'if', 'type-checking'],
    ['if TYPE_CHECKING or x:', 'if', 'if'],
    ['if MY_TYPE_CHECKING_FLAG:', 'if', 'if'],
    ['if x:', 'if', 'if'],
  ])('tells the branches of %j', (header, body, otherwise) => {
    expect(imports(`${header}\n  import a\nelse:\n  import b`)).toEqual([
      `2 a ${body}`,
      `4 b ${otherwise}`,
    ]);
  });

  it('carries what a chain has ruled out into its later branches', () => {
    const text =
      'if x:\n  import a\nelif TYPE_CHECKING:\n  import b\nelse:\n  import c\nif not TYPE_CHECKING:\n  import d\nelif y:\n  import e';
    expect(imports(text)).toEqual([
      '2 a if',
      '4 b if type-checking',
      '6 c if',
      '8 d if',
      '10 e if type-checking',
    ]);
  });

  it('takes loops and match for conditions', () => {
    const text = [
      'for x in y:',
      '    import a',
      'else:',
      '    import b',
      'while (n := f()): import c',
      'match command.split():',
      '    case {"a": [*_]}:',
      '        import d',
      '    case _ if (n := 1): import e',
      'import f',
    ].join('\n');
    expect(imports(text)).toEqual(['2 a if', '4 b if', '5 c if', '8 d if', '9 e if', '10 f']);
  });

  it('leaves match, case and type alone where they are names', () => {
    const text =
      'match = 1\nmatch.x\nmatch(x)\nmatch: int = 3\nmatch[a:b] = 3\ncase = 2\ncase(x)\ntype = 1\ntype X[T: int] = list[T]\ntype(x)\nimport a';
    expect(imports(text)).toEqual(['11 a']);
    expect(problem(text)).toBeNull();
  });

  it('passes colons that end no header', () => {
    const text = [
      'if lambda: x: import a',
      'if (lambda x=lambda: 1: x)(): import b',
      'while lambda y=1: y:',
      '    import c',
      'if d[1:2] == {1: 2}:',
      '    import d',
      'if x := 1: import e',
      'def f(x: int = lambda: 0) -> lambda: 0: import g',
      'if "lambda": import h',
    ].join('\n');
    expect(imports(text)).toEqual([
      '1 a if',
      '2 b if',
      '4 c if',
      '6 d if',
      '7 e if',
      '8 g function',
      '9 h if',
    ]);
    expect(problem(text)).toBeNull();
  });

  it('ends blocks by indentation, not by blank lines, comments or strings', () => {
    const text =
      'def f():\n    x = 1\n\n# comment at the margin\n    """\ntext\n"""\n    import a\n  # other\n    import b\nimport c';
    expect(imports(text)).toEqual(['8 a function', '10 b function', '11 c']);
  });

  it('takes a tab to the next multiple of eight', () => {
    expect(imports('if x:\n\timport a\n        import b\nimport c')).toEqual([
      '2 a if',
      '3 b if',
      '4 c',
    ]);
  });
});

describe('imports by call', () => {
  it.each([
    ['importlib.import_module("a.b")', ['1 a.b dynamic']],
    ["import_module('a')", ['1 a dynamic']],
    ['x = __import__("a").b', ['1 a dynamic']],
    ['pytest.importorskip("a", minversion="1")', ['1 a dynamic']],
    ['importlib.util.find_spec("a")', ['1 a dynamic']],
    ['import_module(".a", package="b")', ['1 .a dynamic']],
    ['import_module(\n  # why\n  "a"\n)', ['1 a dynamic']],
    ['import_module("a" ".b")', ['1 a.b dynamic']],
    ['import_module(r"a")', ['1 a dynamic']],
    ['import_module (u"a")', ['1 a dynamic']],
    ['import_module(name="a")', ['1 a dynamic']],
    ['f"{__import__("a").b}"', ['1 a dynamic']],
    [
      '@decorate(import_module("a"))\ndef f(x=__import__("b")): pass',
      ['1 a dynamic', '2 b dynamic'],
    ],
    ['def f():\n  import_module("a")', ['2 a function dynamic']],
    ['try:\n  import_module("a")\nexcept ImportError: pass', ['2 a try dynamic']],
  ])('reads %j', (text, expected) => {
    expect(imports(text)).toEqual(expected);
    expect(scan(text).dynamicLines).toEqual([]);
  });

  it('tells the line of a computed module', () => {
    expect(scan('x\nimport_module(name)').dynamicLines).toEqual([2]);
    expect(scan('__import__(f"a.{b}")').dynamicLines).toEqual([1]);
    expect(scan('import_module("a" + b)').dynamicLines).toEqual([1]);
    expect(scan('import_module("a".lower())').dynamicLines).toEqual([1]);
    expect(scan('find_spec(name)').dynamicLines).toEqual([]);
  });

  it('does not take definitions and other names for calls', () => {
    expect(scan('def import_module(name): pass\ndef __import__ (x): pass').dynamicLines).toEqual(
      [],
    );
    expect(imports('my_import_module("a"); x.reimport_module("b"); importorskipped("c")')).toEqual(
      [],
    );
  });
});

describe('what Python would refuse', () => {
  it.each([
    ['import a\n  import b', '2 unexpected-indent'],
    ['if x:\nimport a', '1 missing-block'],
    ['if x:\n    a\n  b\nimport c', '3 bad-dedent'],
    ['if 1:\n\tx=1\n        import b', '3 tabs-and-spaces'],
    ['import a\nx = (1,\nimport b', '2 unclosed-bracket'],
    ['import a\nx = {1,\n', '2 unclosed-bracket'],
    ['x = (1]\n', '1 unmatched-bracket'],
    ['x = 1)\n', '1 unmatched-bracket'],
    ['import a\nx=1\0\nimport b', '2 nul-byte'],
    ['import a\nx = `1`', '2 bad-character'],
    ['x = a ? b : c', '1 bad-character'],
    ['{% if x %}\nimport a', '1 template'],
    ['x = 1 \\ 2', '1 bad-continuation'],
    ['print "x"', '1 python-2'],
    ['"""\nopen', '1 unterminated-string'],
    ['while x\n  import a', '1 missing-colon'],
  ])('tells the first problem of %j', (text, expected) => {
    expect(problem(text)).toBe(expected);
  });

  it('tells expressions that are nested deeper than Python reads', () => {
    expect(problem(`x = ${'('.repeat(300)}${')'.repeat(300)}`)).toBe('1 too-deep');
    expect(problem(`x = ${'('.repeat(150)}${')'.repeat(150)}`)).toBeNull();
    expect(problem(`import a\nx = ${'-'.repeat(5000)}1`)).toBe('2 too-deep');
    expect(problem(`import a\nx = '${'-'.repeat(5000)}'`)).toBeNull();
  });

  it('finds the imports around a problem', () => {
    expect(imports('import a\nx = (1,\nimport b\ndef f(:\n  import c\nfrom d import e')).toEqual(
      expect.arrayContaining(['1 a', '3 b', '6 d (e)']),
    );
    expect(imports('import a\nx=1\0\nimport b')).toEqual(['1 a', '3 b']);
    expect(imports('try:\n    x = `1` <> 2\nexcept ImportError, e:\n    import b')).toEqual([
      '4 b fallback',
    ]);
  });

  it('keeps from in brackets where it is no statement', () => {
    const text = 'def f():\n  x = (yield\n    from y)\n  import a';
    expect(imports(text)).toEqual(['4 a function']);
    expect(problem(text)).toBeNull();
  });

  it('accepts != and numbers with underscores', () => {
    expect(problem('x = 1_000 != 2 # $?`!\n')).toBeNull();
  });
});

describe('Cython', () => {
  it('reads cimport and keeps quiet about its syntax', () => {
    const text =
      'cimport numpy as np\nfrom a cimport b\ncdef int y = <int>3\ncdef class C:\n    cdef f(self):\n        import c\ncpdef g(x): import d\n';
    const scanned = scanPython(Buffer.from(text), text.length, { cython: true });
    expect(scanned.imports.map(describeImport)).toEqual([
      '1 numpy',
      '2 a (b)',
      '6 c function class',
      '7 d function',
    ]);
    expect(scanned.problems).toEqual([]);
  });

  it('takes cimport for a name in Python', () => {
    expect(imports('cimport = 1')).toEqual([]);
  });
});

describe('long strings', () => {
  it.each([
    ['an escaped quote before its end', String.raw`x = '''a\'''' ; import b`],
    ['an escaped backslash before its end', String.raw`x = '''a\\''' ; import b`],
    ['quotes inside', `x = '''a' ''b''' ; import b`],
    ['a backslash as its first character', String.raw`x = '''\''' import a''' ; import b`],
    ['nothing in it', `x = '''''' ; import b`],
    ['the other quotes in it', `x = '''\n"""\nimport a\n'''\nimport b`],
  ])('passes one with %s', (_, text) => {
    const scanned = scan(text);
    expect(scanned.imports.map(({ module }) => module)).toEqual(['b']);
    expect(scanned.problems).toEqual([]);
  });

  it('tells the line of one that is left open by an escaped quote', () => {
    expect(scan(String.raw`x = '''a\'''`).problems).toMatchObject([
      { code: 'unterminated-string', line: 1 },
    ]);
  });

  it('counts its lines for the imports behind it', () => {
    const piece = fc.constantFrom('\n', 'a', 'bc', '"');
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const inside = pieces.join('');
        const [found] = scan(`x = '''${inside}'''\nimport b`).imports;
        expect(found?.line).toBe(inside.split('\n').length + 1);
      }),
    );
  });
});

describe('bytes', () => {
  it('reads no further than the given length and survives a full buffer', () => {
    const bytes = Buffer.from('import a\nimport b');
    expect(scanPython(bytes, 8).imports.map(({ module }) => module)).toEqual(['a']);
    expect(scanPython(Buffer.from('import b'), 8).imports).toHaveLength(1);
  });

  it('reads the same from a large buffer with leftovers behind the file', () => {
    for (const text of [
      'import a',
      'x = "',
      "x = '''",
      '# c',
      'x = f"{a',
      'import a \\',
      'x = (',
    ]) {
      const bytes = Buffer.from(`${text}"""'''\nimport leftover\n)`);
      expect(scanPython(bytes, text.length)).toEqual(scan(text));
    }
  });

  it('says of a file of tests that it is one, last in the context', () => {
    const text = Buffer.from('import a\ndef f():\n    import b\nimport_module("c")');
    const scanned = scanPython(text, text.length, { test: true });
    expect(scanned.imports.map(({ context }) => context)).toEqual([
      ['test'],
      ['function', 'test'],
      ['test'],
    ]);
  });

  it('does not change the bytes of the file', () => {
    const bytes = Buffer.from('import a\nx = "é"\n');
    const before = Buffer.from(bytes);
    scanPython(bytes, bytes.length);
    expect(bytes.equals(before)).toBe(true);
  });

  it('finds the place of inline script metadata (PEP 723)', () => {
    expect(scan('#!x\n# /// script\n# dependencies = []\n# ///\n').mayHoldScriptBlock).toBe(true);
    expect(scan('# /// other\n"""\n# /// script\n"""').mayHoldScriptBlock).toBe(false);
  });
});

describe('properties', () => {
  const name = fc.stringMatching(/^[a-z]{2,6}$/).map((text) => `m_${text}`);
  const noise = fc.constantFrom(
    'x = (1,\n     2)',
    's = "import no"',
    "d = {'a': [1, {2: 3}]}  # import no",
    '"""\n  import no\n"""',
    'f"{x!r:>{width}} {d[\'k\']}"',
    'y = lambda a: {a: 1}',
    'z = 1 + \\\n    2',
    '',
    '# import no',
  );

  /** A program with the imports that it holds: blocks of random nesting, each line known. */
  const program = fc.array(
    fc.tuple(
      name,
      noise,
      fc.nat(3),
      fc.constantFrom('def f():', 'if x:', 'class C:', 'for i in y:', 'with z:'),
    ),
    { maxLength: 30 },
  );

  it('finds each import of a generated program once, in its line', () => {
    fc.assert(
      fc.property(program, (steps) => {
        const lines: string[] = [];
        const expected: string[] = [];
        const indent = (depth: number): string => '    '.repeat(depth);
        for (const [module, filler, depth, header] of steps) {
          for (let level = 0; level < depth; level++) lines.push(indent(level) + header);
          // Fillers of several lines stand in brackets, strings or after a backslash: their indentation is free.
          if (filler !== '') lines.push(...`${indent(depth)}${filler}`.split('\n'));
          lines.push(`${indent(depth)}import ${module}`);
          expected.push(`${lines.length} ${module}`);
        }
        const scanned = scan(lines.join('\n'));
        expect(scanned.imports.map(({ line, module }) => `${line} ${module}`)).toEqual(expected);
        expect(scanned.problems).toEqual([]);
      }),
    );
  });

  it('gives the same for CR LF as for LF', () => {
    fc.assert(
      fc.property(program, (steps) => {
        const text = steps.map(([module, filler]) => `${filler}\nimport ${module}`).join('\n');
        expect(imports(text.replaceAll('\n', '\r\n'))).toEqual(imports(text));
      }),
    );
  });

  it('ends without an exception on any bytes, within their lines', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 300 }), (bytes) => {
        const lines = Buffer.from(bytes)
          .toString('latin1')
          .split(/\r\n|\r|\n/).length;
        for (const { line } of scanPython(bytes).imports) expect(line).toBeLessThanOrEqual(lines);
      }),
    );
  });

  it('ends without an exception on any mixture of its own tokens', () => {
    const token = fc.constantFrom(
      'import ',
      'from ',
      ' a',
      '.',
      '(',
      ')',
      '{',
      '}',
      '[',
      ']',
      '"',
      "'",
      '"""',
      'f"',
      "f'''",
      '\\',
      '\n',
      '\r',
      ':',
      ';',
      '#',
      '    ',
      '\t',
      'if ',
      'try:',
      'except ',
      'else:',
      'match x',
      'case ',
      'lambda',
      '=',
      ',',
      '*',
      ' as ',
      '__import__(',
      '\0',
    );
    fc.assert(
      fc.property(fc.array(token, { maxLength: 60 }), (tokens) => {
        scan(tokens.join(''));
      }),
      { numRuns: 500 },
    );
  });

  it.each([
    ['one long line', `import a\nx = [${'1,'.repeat(500_000)}]\nimport b\n`],
    ['one long string', `import a\nx = '${'a'.repeat(2_000_000)}'\nimport b\n`],
    ['deep brackets', `import a\nx = ${'('.repeat(100_000)}1${')'.repeat(100_000)}\nimport b\n`],
    ['many f-strings left open', `import a\n${'x = f"{\n'.repeat(5000)}import b\n`],
    ['many lines', `import a\n${'x = 1\n'.repeat(300_000)}import b\n`],
    ['nested f-strings', `import a\n${'f"{'.repeat(3000)}\nimport b\n`],
    [
      'deep indentation',
      `import a\n${Array.from({ length: 2000 }, (_, depth) => `${' '.repeat(depth)}if x:\n`).join('')}${' '.repeat(2000)}import b\n`,
    ],
  ])('reads %s in linear time', (_, text) => {
    const start = performance.now();
    const modules = scan(text).imports.map(({ module }) => module);
    expect(modules[0]).toBe('a');
    expect(modules.at(-1)).toBe('b');
    expect(performance.now() - start).toBeLessThan(2000);
  });
});

describe('a handler that ends what imports', () => {
  const insisted = (text: string): readonly boolean[] =>
    scanPython(Buffer.from(text)).imports.map((found) => found.insisted === true);

  it.each([
    [
      'raises',
      'try:\n    import a\nexcept ImportError as e:\n    raise RuntimeError("no a") from e\n',
    ],
    [
      'says something first',
      'try:\n    import a\nexcept ImportError:\n    print("install a")\n    raise\n',
    ],
    ['exits', 'try:\n    import a\nexcept ImportError:\n    print("x")\n    sys.exit(1)\n'],
    ['raises on its line', 'try: import a\nexcept ImportError: raise\n'],
    [
      'is in a function',
      'def f():\n    try:\n        import a\n    except Exception:\n        raise\n',
    ],
  ])('and %s is no way out', (_, text) => {
    expect(insisted(text)).toEqual([true]);
    expect(scanPython(Buffer.from(text)).imports[0]?.context).toContain('try');
  });

  it.each([
    ['goes on', 'try:\n    import a\nexcept ImportError:\n    a = None\n'],
    [
      'raises under a condition',
      'try:\n    import a\nexcept ImportError:\n    if strict:\n        raise\n',
    ],
    [
      'raises in a function',
      'try:\n    import a\nexcept ImportError:\n    def a():\n        raise X\n',
    ],
    [
      'is of another error',
      'try:\n    import a\nexcept ImportError:\n    a = None\nexcept ValueError:\n    raise\n',
    ],
  ])('one that %s is one', (_, text) => {
    expect(insisted(text)).toEqual([false]);
  });

  it('speaks of its own try alone', () => {
    const text =
      'try:\n    import a\nexcept ImportError:\n    try:\n        import b\n    except ImportError:\n        raise\nimport c\nraise X\n';
    expect(insisted(text)).toEqual([false, true, false]);
  });
});
