import { describe, expect, it } from 'vitest';

import { findImportModules } from '../../src/weigh/import-modules.ts';

describe('import modules from a file list', () => {
  it.each<readonly [string, readonly string[], readonly string[]]>([
    ['packages', ['numpy/__init__.py', 'numpy/core/__init__.py'], ['numpy']],
    [
      'two packages of one distribution',
      ['attr/__init__.py', 'attrs/__init__.py'],
      ['attr', 'attrs'],
    ],
    ['single files', ['six.py', 'README.md'], ['six']],
    ['compiled files without source', ['old.pyc', 'pkg/__init__.pyc'], ['old', 'pkg']],
    [
      'extension modules',
      [
        '_cffi_backend.cpython-311-x86_64-linux-gnu.so',
        '_brotli.abi3.so',
        '_w.cp311-win_amd64.pyd',
        'plain.so',
        '_p.pypy39-pp73-x86_64-linux-gnu.so',
      ],
      ['_brotli', '_cffi_backend', '_p', '_w', 'plain'],
    ],
    [
      'a package whose __init__ is compiled',
      ['fast/__init__.cpython-311-x86_64-linux-gnu.so'],
      ['fast'],
    ],
    [
      'no plain libraries',
      ['libfoo.so', 'libbar.so.3', 'foo.libs/libx-1a2b.so', 'opencv_python.libs/x.py'],
      [],
    ],
    [
      'no metadata, data, caches',
      [
        'a-1.dist-info/x.py',
        'a.egg-info/y.py',
        'a-1.data/scripts/z.py',
        '__pycache__/a.cpython-311.pyc',
      ],
      [],
    ],
    ['no names that cannot be imported', ['my-script.py', '3d.py', 'my-folder/a.py', 'a.b.py'], []],
    ['no start files', ['__main__.py', '__init__.py'], []],
    [
      'stub folders by their folder',
      ['requests-stubs/__init__.pyi', 'yaml-stubs/a/b.pyi'],
      ['requests-stubs', 'yaml-stubs'],
    ],
    [
      'top-level tests, which are importable',
      ['tests/__init__.py', 'pkg/__init__.py'],
      ['pkg', 'tests'],
    ],
    ['names in other scripts', ['модуль.py'], ['модуль']],
    ['no folder of data', ['share/man/man1/x.1', 'etc/conf.json', 'bin/tool'], []],
  ])('lists %s', (_what, paths, modules) => {
    expect(findImportModules(paths)).toEqual(modules);
  });

  it.each<readonly [string, readonly string[], readonly string[]]>([
    [
      'a package below a namespace',
      ['google/protobuf/__init__.py', 'google/_upb/_message.abi3.so'],
      ['google._upb', 'google.protobuf'],
    ],
    [
      'packages below two levels',
      ['google/cloud/storage/__init__.py', 'google/cloud/storage/a.py'],
      ['google.cloud.storage'],
    ],
    ['a module in a namespace', ['jaraco/context.py'], ['jaraco.context']],
    [
      'a folder without __init__ with modules of its own',
      ['opentelemetry/exporter/otlp/proto/http.py'],
      ['opentelemetry.exporter.otlp.proto'],
    ],
    [
      'a package with a stub alone at its top',
      ['opentelemetry/sdk/__init__.pyi', 'opentelemetry/sdk/trace/__init__.py'],
      ['opentelemetry.sdk'],
    ],
    [
      'a namespace of the old kind',
      ['backports/__init__.py', 'backports/zoneinfo/__init__.py'],
      ['backports.zoneinfo'],
    ],
    ['a namespace of the old kind that is alone', ['paste/__init__.py'], ['paste']],
    ['nothing in folders that cannot be imported', ['corpus/2020-01/a.py'], []],
  ])('names %s', (_what, paths, modules) => {
    expect(findImportModules(paths)).toEqual(modules);
  });

  it('takes a folder full of modules for a package without its __init__', () => {
    const paths = Array.from({ length: 9 }, (_, index) => `toolbox/tool${index}.py`);
    expect(findImportModules(paths)).toEqual(['toolbox']);
    expect(findImportModules(paths.slice(0, 2))).toEqual(['toolbox.tool0', 'toolbox.tool1']);
  });

  it('adds what pywin32 puts on the path by its .pth file', () => {
    const paths = [
      'pywin32.pth',
      'pythoncom.py',
      'win32/win32api.pyd',
      'win32/test/a.py',
      'win32/lib/win32con.py',
      'win32com/__init__.py',
      'pythonwin/win32ui.pyd',
      'pythonwin/pywin/__init__.py',
    ];
    const modules = findImportModules(paths);
    expect(modules).toEqual(
      expect.arrayContaining(['pythoncom', 'pywin', 'win32api', 'win32com', 'win32con', 'win32ui']),
    );
    expect(modules).not.toContain('test');
    expect(findImportModules(paths.slice(1))).not.toContain('win32con');
  });

  it('answers for a hostile depth without failing', () => {
    expect(findImportModules([`${'a/'.repeat(30_000)}b.py`])).toEqual(['a.a.a.a.a.a']);
  });
});
