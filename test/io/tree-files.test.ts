import { describe, expect, test } from 'vitest';
import { createMemoryFiles, type FileAccess } from '../../src/inputs/file-access.ts';
import { createTreeFiles, type TreeEntry } from '../../src/io/tree-files.ts';

/** `path` to its content; `-> target` is a link, `@` a submodule. */
function filesOf(
  contents: Readonly<Record<string, string>>,
  prefix = '',
  outside: FileAccess = createMemoryFiles({}),
): FileAccess {
  const entries = Object.entries(contents).map(([path, text]): TreeEntry => {
    const link = text.startsWith('-> ');
    const kind = text === '@' ? 'submodule' : link ? 'link' : 'file';
    return { path, kind, id: link ? text.slice(3) : text, size: text.length };
  });
  return createTreeFiles({
    entries,
    read: ({ id }) =>
      id === 'lacking'
        ? { ok: false, detail: 'is not here' }
        : { ok: true, bytes: new TextEncoder().encode(id) },
    prefix,
    top: '/repo',
    outside,
  });
}

function textOf(files: FileAccess, path: string): string {
  const read = files.read(path);
  return read.ok ? new TextDecoder().decode(read.bytes) : `${read.problem}: ${read.detail}`;
}

describe('files of a commit', () => {
  const files = filesOf({
    'requirements.txt': 'numpy',
    'a/b/pyproject.toml': 'toml',
    'a/c.txt': 'c',
    vendored: '@',
    broken: 'lacking',
  });

  test('are read by their paths, with their sizes', () => {
    expect(textOf(files, 'requirements.txt')).toBe('numpy');
    expect(textOf(files, './a/x/../b/pyproject.toml')).toBe('toml');
    expect(textOf(files, '/repo/a/c.txt')).toBe('c');
    expect(files.sizeOf('requirements.txt')).toBe(5);
    expect([files.sizeOf('a'), files.sizeOf('nothing'), files.sizeOf('vendored')]).toEqual([
      null,
      null,
      null,
    ]);
    const read = files.read('a/./c.txt');
    expect(read.ok && read.realPath).toBe('a/c.txt');
  });

  test('are listed sorted, folders and submodules as folders', () => {
    expect(files.list('.')).toEqual({
      ok: true,
      entries: [
        { name: 'a', kind: 'folder', symlink: false },
        { name: 'broken', kind: 'file', symlink: false },
        { name: 'requirements.txt', kind: 'file', symlink: false },
        { name: 'vendored', kind: 'folder', symlink: false },
      ],
    });
    expect(files.list('vendored')).toEqual({ ok: true, entries: [] });
    expect(files.list('nothing')).toMatchObject({ ok: false, problem: 'missing' });
    expect(files.list('a/c.txt')).toMatchObject({ ok: false, problem: 'missing' });
  });

  test('say what is wrong with what is no file, or not there', () => {
    expect(textOf(files, 'a')).toMatch(/^folder/);
    expect(textOf(files, 'a/none')).toBe('missing: does not exist');
    expect(textOf(files, 'a/c.txt/deeper')).toMatch(/^missing/);
    expect(textOf(files, 'broken')).toBe('unreadable: is not here');
  });

  test('outside of the repository the disk is asked, which has its own bounds', () => {
    const outside = createMemoryFiles({ '/etc/constraints.txt': 'held' });
    const inner = filesOf({ 'a/b.txt': 'b', 'top.txt': 'top' }, 'a', outside);
    expect(textOf(inner, '/etc/constraints.txt')).toBe('held');
    expect(textOf(inner, '../../x')).toMatch(/^outside/);
    expect(textOf(inner, '../top.txt')).toBe('top');
    expect(inner.list('/etc').ok).toBe(true);
    expect(inner.sizeOf('/etc/constraints.txt')).toBe(4);
  });
});

describe('below the top', () => {
  const files = filesOf(
    { 'services/api/app.py': 'x', 'common.txt': 'c', 'services/w.txt': 'w' },
    'services/api',
  );

  test('paths are relative to the folder, and the whole repository is there', () => {
    expect(textOf(files, 'app.py')).toBe('x');
    const read = files.read('../../common.txt');
    expect(read.ok && read.realPath).toBe('../../common.txt');
    expect(files.list('..')).toMatchObject({ entries: [{ name: 'api' }, { name: 'w.txt' }] });
  });

  test('a folder that is not in the commit holds nothing', () => {
    const gone = filesOf({ 'a.txt': 'a' }, 'services/api');
    expect(gone.list('.')).toMatchObject({ ok: false, problem: 'missing' });
    expect(textOf(gone, '../../a.txt')).toBe('a');
  });
});

describe('links', () => {
  const files = filesOf({
    'real/base.txt': 'base',
    'requirements.txt': '-> real/base.txt',
    'real/back.txt': '-> ../requirements.txt',
    folder: '-> real',
    loop: '-> loop',
    lost: '-> nowhere',
    away: '-> ../../etc/passwd',
    absolute: '-> /etc/passwd',
    home: '-> .',
  });

  test('are followed inside of the repository, and keep the identity of what they lead to', () => {
    expect(textOf(files, 'requirements.txt')).toBe('base');
    expect(textOf(files, 'real/back.txt')).toBe('base');
    expect(textOf(files, 'folder/base.txt')).toBe('base');
    expect(textOf(files, 'home/home/folder/back.txt')).toBe('base');
    const read = files.read('folder/base.txt');
    expect(read.ok && read.realPath).toBe('real/base.txt');
    expect(files.sizeOf('requirements.txt')).toBe(4);
  });

  test('lead nowhere else', () => {
    expect(textOf(files, 'loop')).toBe('unreadable: is a link that leads to itself');
    expect(textOf(files, 'lost')).toBe('missing: is a link that leads nowhere');
    for (const path of ['away', 'absolute'])
      expect(textOf(files, path)).toBe('outside: is a link that leaves the repository');
  });

  test('have the kind of what they lead to', () => {
    const listed = files.list('.');
    const kinds = listed.ok
      ? listed.entries.map(({ name, kind, symlink }) => `${name} ${kind} ${symlink}`)
      : [];
    expect(kinds).toEqual([
      'absolute other true',
      'away other true',
      'folder folder true',
      'home folder true',
      'loop other true',
      'lost other true',
      'real folder false',
      'requirements.txt file true',
    ]);
  });
});
