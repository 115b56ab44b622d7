import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { scanSources } from '../../src/imports/scan-project.ts';
import { openSourceTree } from '../../src/io/source-walk.ts';

let root = '';
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'depweight-sources-'));
});
afterEach(() => {
  rmSync(root, { recursive: true, force: true });
});

function write(path: string, content: string | Uint8Array): void {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), content);
}

async function scan(): Promise<{
  readonly modules: readonly string[];
  readonly warnings: readonly string[];
}> {
  const { imports, warnings } = await scanSources(openSourceTree(root));
  return {
    modules: imports.map(({ module }) => module).toSorted(),
    warnings: warnings.map(({ code, path }) => `${code} ${path}`),
  };
}

describe('openSourceTree', () => {
  it('reads files of any size into one buffer', () => {
    write('small.py', 'import a');
    write('large.py', `import b\n${'x = 1\n'.repeat(200_000)}`);
    write('empty.py', '');
    const access = openSourceTree(root);
    for (const [path, length] of [
      ['small.py', 8],
      ['large.py', 1_200_009],
      ['empty.py', 0],
      ['small.py', 8],
    ] as const) {
      const read = access.read(path);
      expect(read).toMatchObject({ ok: true, length });
      // The scanner puts its sentinel behind the file.
      if (read.ok) expect(read.bytes.length).toBeGreaterThan(length);
    }
  });

  it('reads the head of a file', () => {
    write('a.py', 'x'.repeat(1000));
    expect(openSourceTree(root).read('a.py', 100)).toMatchObject({ ok: true, length: 100 });
  });

  it('says why there is no content', () => {
    mkdirSync(join(root, 'folder.py'));
    const access = openSourceTree(root);
    expect(access.read('gone.py')).toMatchObject({
      ok: false,
      problem: 'unreadable',
      detail: 'cannot be read (ENOENT)',
    });
    expect(access.read('folder.py')).toMatchObject({ ok: false });
    expect(access.list('gone')).toBeNull();
  });

  it('takes a folder named like a file for a folder', async () => {
    write('pkg.py/inner.py', 'import a');
    expect((await scan()).modules).toEqual(['a']);
  });

  it('follows no link: not out of the project, not in circles', async () => {
    write('app.py', 'import a');
    write('sub/b.py', 'import b');
    symlinkSync('..', join(root, 'sub/loop'));
    symlinkSync('/', join(root, 'everything'));
    symlinkSync('/etc/passwd', join(root, 'passwd.py'));
    symlinkSync('app.py', join(root, 'again.py'));
    symlinkSync('nowhere', join(root, 'gone.py'));
    expect(await scan()).toEqual({
      modules: ['a', 'b'],
      warnings: ['link-outside everything', 'broken-link gone.py', 'link-outside passwd.py'],
    });
  });

  it.skipIf(process.platform === 'win32')('does not wait for a pipe', async () => {
    write('app.py', 'import a');
    execFileSync('mkfifo', [join(root, 'pipe.py')]);
    expect(await scan()).toEqual({ modules: ['a'], warnings: ['not-a-file pipe.py'] });
  });

  it.skipIf(process.platform !== 'linux')('reads files whose names are not UTF-8', async () => {
    write('app.py', 'import a');
    writeFileSync(
      Buffer.concat([Buffer.from(`${root}/x`), Buffer.from([0xff]), Buffer.from('.py')]),
      'import b',
    );
    const folder = Buffer.concat([Buffer.from(`${root}/d`), Buffer.from([0xfe])]);
    mkdirSync(folder);
    writeFileSync(Buffer.concat([folder, Buffer.from('/y.py')]), 'import c');
    expect(await scan()).toEqual({ modules: ['a', 'b', 'c'], warnings: [] });
  });

  it.skipIf(process.platform === 'win32' || process.getuid?.() === 0)(
    'warns about a file that may not be read',
    async () => {
      write('app.py', 'import a');
      chmodSync(join(root, 'app.py'), 0o000);
      expect((await scan()).warnings).toEqual(['source-unreadable app.py']);
    },
  );

  it('goes down three hundred folders', async () => {
    write(`${'d/'.repeat(300)}x.py`, 'import a');
    expect((await scan()).modules).toEqual(['a']);
  });
});
