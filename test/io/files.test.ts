import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createDiskFiles, locatePath } from '../../src/io/files.ts';

let base = '';
let root = '';

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'depweight-files-'));
  root = join(base, 'repo');
  mkdirSync(join(root, 'sub'), { recursive: true });
  writeFileSync(join(root, 'a.txt'), 'flask\n');
  writeFileSync(join(root, 'sub', 'b.txt'), 'click\n');
  writeFileSync(join(base, 'outside.txt'), 'secret\n');
});

afterEach(() => {
  rmSync(base, { recursive: true, force: true });
});

const textOf = (path: string, options = {}): string => {
  const read = createDiskFiles({ root, ...options }).read(path);
  return read.ok ? new TextDecoder().decode(read.bytes) : read.problem;
};

describe('createDiskFiles', () => {
  it('reads files below the root, by one identity for each', () => {
    symlinkSync('.', join(root, 'loop'));
    const files = createDiskFiles({ root });
    expect(textOf('a.txt')).toBe('flask\n');
    expect(
      ['a.txt', 'sub/../a.txt', 'loop/loop/a.txt']
        .map((path) => files.read(path))
        .every((read) => read.ok && read.realPath === 'a.txt'),
    ).toBe(true);
  });

  it('says why there are no bytes, and never blocks', () => {
    execFileSync('mkfifo', [join(root, 'fifo')]);
    symlinkSync('gone', join(root, 'dangling'));
    symlinkSync('circle', join(root, 'circle'));
    expect(
      ['gone.txt', 'sub', 'fifo', 'dangling', 'circle', 'a.txt/x'].map((path) => textOf(path)),
    ).toEqual(['missing', 'folder', 'not-regular', 'missing', 'unreadable', 'missing']);
    const read = createDiskFiles({ root }).read('dangling');
    expect(read.ok ? '' : read.detail).toBe('is a link that leads nowhere');
  });

  it('reads nothing outside of the boundary, by path or by link', () => {
    symlinkSync('../outside.txt', join(root, 'link.txt'));
    symlinkSync('..', join(root, 'up'));
    expect(
      ['../outside.txt', '/etc/passwd', 'link.txt', 'up/outside.txt', '/dev/zero'].map((path) =>
        textOf(path),
      ),
    ).toEqual(['outside', 'outside', 'outside', 'outside', 'outside']);
    expect(createDiskFiles({ root }).list('up')).toMatchObject({ ok: false, problem: 'outside' });
    expect([
      textOf('../outside.txt', { boundary: base }),
      textOf('link.txt', { allowOutside: true }),
    ]).toEqual(['secret\n', 'secret\n']);
  });

  it('is not misled by a neighbour whose name begins alike', () => {
    mkdirSync(join(base, 'repo2'));
    writeFileSync(join(base, 'repo2', 'x.txt'), 'x');
    expect(textOf('../repo2/x.txt')).toBe('outside');
  });

  it('lists a folder by name, telling links', () => {
    symlinkSync('sub', join(root, 'alias'));
    symlinkSync('gone', join(root, 'zz'));
    expect(createDiskFiles({ root }).list('.')).toEqual({
      ok: true,
      entries: [
        { name: 'a.txt', kind: 'file', symlink: false },
        { name: 'alias', kind: 'folder', symlink: true },
        { name: 'sub', kind: 'folder', symlink: false },
        { name: 'zz', kind: 'other', symlink: true },
      ],
    });
    expect(createDiskFiles({ root }).list('nope')).toMatchObject({ ok: false, problem: 'missing' });
    expect(createDiskFiles({ root }).list('a.txt')).toMatchObject({ ok: false });
  });
});

describe('locatePath', () => {
  it('takes a folder as the root', () => {
    expect(locatePath('repo', base)).toEqual({ root, boundary: root, target: '.', kind: 'folder' });
  });

  it('takes the working folder as the root of a file below it, else the folder of the file', () => {
    expect(locatePath('sub/b.txt', root)).toEqual({
      root,
      boundary: root,
      target: 'sub/b.txt',
      kind: 'file',
    });
    expect(locatePath('../../a.txt', join(root, 'sub', 'c'))).toEqual({
      root,
      boundary: root,
      target: 'a.txt',
      kind: 'file',
    });
  });

  it('takes the repository around it as the boundary', () => {
    mkdirSync(join(base, '.git'));
    expect(locatePath('.', join(root, 'sub')).boundary).toBe(base);
    expect(locatePath('b.txt', join(root, 'sub')).boundary).toBe(base);
  });

  it('tells what is not there, and what is there but cannot be read', () => {
    execFileSync('mkfifo', [join(root, 'requirements.txt')]);
    symlinkSync('gone', join(root, 'dangling.txt'));
    mkdirSync(join(root, 'sub', 'requirements.txt'));
    expect(
      ['nope', 'requirements.txt', 'dangling.txt', 'sub/requirements.txt'].map(
        (path) => locatePath(path, root).kind,
      ),
    ).toEqual(['missing', 'file', 'file', 'file']);
  });
});
