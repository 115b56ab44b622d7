import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { decodeFile } from '../../src/inputs/decode.ts';
import { discoverFiles, projectOf, sortProjects } from '../../src/inputs/discover.ts';
import {
  createMemoryFiles,
  fileNameOf,
  folderOf,
  joinPath,
  normalizePath,
} from '../../src/inputs/file-access.ts';
import { findFormatOfNamedFile, inputFormats } from '../../src/inputs/index.ts';
import { escapeHidden, quoteText } from '../../src/inputs/quote.ts';
import {
  isNamedForProduction,
  roleOfGroup,
  roleOfRequirementsFile,
} from '../../src/inputs/roles.ts';

const encoder = new TextEncoder();

function utf16(text: string, bigEndian: boolean, mark = true): Uint8Array {
  const all = mark ? `\ufeff${text}` : text;
  const bytes = new Uint8Array(all.length * 2);
  const view = new DataView(bytes.buffer);
  for (let index = 0; index < all.length; index++)
    view.setUint16(index * 2, all.charCodeAt(index), !bigEndian);
  return bytes;
}

function decode(bytes: Uint8Array): { readonly text: string; readonly message: string } {
  const decoded = decodeFile('r.txt', { ok: true, bytes, realPath: 'r.txt' });
  if (!decoded.ok) return { text: '', message: decoded.warning.message };
  return {
    text: decoded.file.text,
    message: decoded.file.warnings.map(({ message }) => message).join('\n'),
  };
}

describe('decodeFile', () => {
  it.each([
    ['UTF-8', encoder.encode('fläsk\n'), 'fläsk\n'],
    ['UTF-8 with a mark', encoder.encode('\ufefffläsk\n'), 'fläsk\n'],
    ['little-endian UTF-16', utf16('fläsk\n', false), 'fläsk\n'],
    ['big-endian UTF-16', utf16('fläsk\n', true), 'fläsk\n'],
    [
      'Latin-1 by its cookie',
      Uint8Array.from([...encoder.encode('# -*- coding: latin-1 -*-\n# '), 0xe9]),
      '# -*- coding: latin-1 -*-\n# é',
    ],
    [
      'Latin-1 by a cookie on the second line',
      Uint8Array.from([...encoder.encode('# x\n# vim: set fileencoding=iso_8859_1\n'), 0xe9]),
      '# x\n# vim: set fileencoding=iso_8859_1\né',
    ],
    ['nothing', new Uint8Array(0), ''],
  ])('reads %s', (_, bytes, text) => {
    expect(decode(bytes)).toEqual({ text, message: '' });
  });

  it('replaces bytes that are not UTF-8, and names the first line of them', () => {
    expect(decode(Uint8Array.from([...encoder.encode('a\nb # '), 0xe9, 10]))).toEqual({
      text: 'a\nb # \ufffd\n',
      message: 'r.txt:2: bytes that are not UTF-8 were replaced; save the file as UTF-8',
    });
  });

  it('says so where the cookie names no encoding', () => {
    expect(decode(encoder.encode('# coding: klingon\nflask\n')).message).toContain('not known');
  });

  it('takes a genuine replacement character for what it is', () => {
    expect(decode(encoder.encode('# \ufffd\n')).message).toBe('');
  });

  it('names what is no text', () => {
    expect(decode(utf16('flask\nclick\n', false, false)).message).toContain(
      'UTF-16 without a byte order mark',
    );
    expect(
      decode(Uint8Array.from([0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, 0, 0, 0, 13])).message,
    ).toContain('not text');
    expect(decode(new Uint8Array(50)).message).toContain('not text');
  });

  it('warns of files that are unusually large', () => {
    expect(decode(new Uint8Array(10_000_001).fill(97)).message).toContain('10000001 bytes');
  });

  it('never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 40 }), (bytes) => decode(bytes).text.length >= 0),
    );
  });
});

describe('paths', () => {
  it.each([
    ['a/./b/../c.txt', 'a/c.txt'],
    ['./', '.'],
    ['..\\x', '../x'],
    ['a/../..', '..'],
    ['/a/../../b', '/b'],
    ['a//b/', 'a/b'],
  ])('%s is %s', (path, normal) => {
    expect(normalizePath(path)).toBe(normal);
  });

  it('have a folder and a name', () => {
    expect([folderOf('a/b.txt'), folderOf('b.txt'), folderOf('/b'), fileNameOf('a/b.txt')]).toEqual(
      ['a', '.', '/', 'b.txt'],
    );
    expect([joinPath('a', '../b'), joinPath('.', 'b'), joinPath('a', '/b')]).toEqual([
      'b',
      'b',
      '/b',
    ]);
  });

  it('stay the same when normalised again', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '.', '/', '\\') }),
        (path) => normalizePath(normalizePath(path)) === normalizePath(path),
      ),
    );
  });

  it('of files in memory are listed once each, sorted', () => {
    const files = createMemoryFiles({ 'b/c.txt': '1', 'b/d/e.txt': '2', 'a.txt': '3' });
    expect(files.list('b')).toEqual({
      ok: true,
      entries: [
        { name: 'c.txt', kind: 'file', symlink: false },
        { name: 'd', kind: 'folder', symlink: false },
      ],
    });
    expect([files.list('zz').ok, files.read('b').ok, files.read('../x')]).toMatchObject([
      false,
      false,
      { problem: 'outside' },
    ]);
  });
});

describe('roles', () => {
  it.each([
    ['requirements.txt', 'prod'],
    ['requirements-dev.txt', 'dev'],
    ['dev-requirements.txt', 'dev'],
    ['requirements/dev.txt', 'dev'],
    ['requirements_test.in', 'test'],
    ['test-requirements.txt', 'test'],
    ['requirements-ci.txt', 'test'],
    ['requirements/docs-user.txt', 'docs'],
    ['requirements.lint.txt', 'lint'],
    ['requirements-local.txt', 'dev'],
    ['requirements-py3-tests.txt', 'test'],
    ['constraints.txt', 'constraints'],
    ['requirements-prod.txt', 'prod'],
    ['requirements/base.txt', 'prod'],
    ['requirements-gpu.txt', 'prod'],
    ['requirements-device.txt', 'prod'],
    ['requirements-attestation.txt', 'prod'],
  ])('%s is for %s', (path, role) => {
    expect(roleOfRequirementsFile(path)).toBe(role);
  });

  it.each([
    ['dev', 'dev'],
    ['Tests', 'test'],
    ['all-dev', 'dev'],
    ['pre-commit', 'lint'],
    ['read-the-docs', 'docs'],
    ['typing', 'lint'],
    ['web', null],
    ['security', null],
    ['format', null],
    ['cli', null],
  ])('the group %s is for %s', (name, role) => {
    expect(roleOfGroup(name)).toBe(role);
  });

  it('know files that are named for production', () => {
    expect(
      ['requirements-prod.txt', 'requirements/production.txt', 'requirements-product.txt'].map(
        isNamedForProduction,
      ),
    ).toEqual([true, true, false]);
  });
});

describe('discovery', () => {
  it('knows dependency files by name', () => {
    const found = (path: string): string | undefined =>
      inputFormats.find(({ matches }) => matches(path))?.name;
    expect(
      [
        'requirements.txt',
        'a/dev-requirements.in',
        'requirements/base.txt',
        'reqs.txt',
        'pyproject.toml',
        'uv.lock',
        'pylock.dev.toml',
        'poetry.lock',
      ].map(found),
    ).toEqual([
      'requirements-txt',
      'requirements-txt',
      'requirements-txt',
      'requirements-txt',
      'pyproject',
      'uv-lock',
      'pylock',
      'poetry-lock',
    ]);
    expect(
      [
        'README.txt',
        'requirements.md',
        'robots.txt',
        'requirements/README.txt',
        'my-pyproject.toml',
        'prerequirements.txt',
      ].map(found),
    ).toEqual(Array(6).fill(undefined));
  });

  it('loads each format under its own name', async () => {
    for (const { name, load } of inputFormats) expect((await load()).name).toBe(name);
  });

  it('takes any text file that the user names for a list of requirements', () => {
    expect([
      findFormatOfNamedFile('x/deps.txt')?.name,
      findFormatOfNamedFile('Pipfile.png'),
    ]).toEqual(['requirements-txt', undefined]);
  });

  it('skips folders of others and of tools', () => {
    const skipped = [
      '.tox/x',
      'node_modules/x',
      'vendor/x',
      'third_party',
      'venv',
      'lib/site-packages/x',
      'tests/fixtures/a',
      'templates/project',
      '{{cookiecutter.name}}',
      'build',
      'dist',
    ];
    const files = Object.fromEntries(skipped.map((folder) => [`${folder}/requirements.txt`, 'no']));
    const found = discoverFiles(
      createMemoryFiles({
        ...files,
        'build/lib/x.py': '',
        'dist/x.whl': '',
        'requirements.txt': '',
        'docker/build/requirements.txt': '',
        'docker/Dockerfile': '',
      }),
    );
    expect([found.files.map(({ path }) => path), found.dockerfiles]).toEqual([
      ['docker/build/requirements.txt', 'requirements.txt'],
      ['docker/Dockerfile'],
    ]);
  });

  it('gives files below requirements/ to the folder above', () => {
    expect(
      ['requirements/a.txt', 'requirements/full/a.txt', 'x/reqs/a.txt', 'x/a.txt', 'a.txt'].map(
        projectOf,
      ),
    ).toEqual(['.', '.', 'x', 'x', '.']);
  });

  it('puts the root first, then the product, then what is for development', () => {
    expect(sortProjects(['docs', 'z', 'a/b', '.', 'examples/x', 'b'])).toEqual([
      '.',
      'b',
      'z',
      'a/b',
      'docs',
      'examples/x',
    ]);
  });
});

describe('quoteText', () => {
  it('shows one short line without secrets, controls, tags and backticks', () => {
    expect(quoteText('a`b')).toBe("`a'b`");
    expect(quoteText('x\u001b[31m\u202ey\u200b')).toBe('`x\\u{1b}[31m\\u{202e}y\\u{200b}`');
    expect(quoteText('<img src=x>')).toBe('`\\u{3c}img src=x>`');
    expect(quoteText(`${'x'.repeat(70)} https://bob:hunter2@files.test/`)).not.toContain('hunter');
    expect(quoteText('y'.repeat(500))).toHaveLength(82);
    expect(escapeHidden('a\tb')).toBe('a b');
  });
});
