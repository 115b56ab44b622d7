import {
  chmodSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import type * as fileSystem from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { outputHeader } from '../../src/edit/write-policy.ts';
import { DepweightError } from '../../src/errors.ts';
import type { WrittenSplits } from '../../src/io/write-splits.ts';
import { foreseeRefusals, writeSplits } from '../../src/io/write-splits.ts';
import type { SplitRow, Totals } from '../../src/types.ts';

/** Whether a rename to this path fails; other calls reach the disk. */
let failsAt: (to: string) => boolean = () => false;
vi.mock('node:fs', async (load) => {
  const disk = await load<typeof fileSystem>();
  const renameSync: typeof disk.renameSync = (from, to) => {
    if (failsAt(String(to))) throw Object.assign(new Error('no'), { code: 'EBUSY' });
    disk.renameSync(from, to);
  };
  return { ...disk, renameSync };
});

const header = `${outputHeader('requirements.txt', 'depweight split --write')}\n`;
const totals: Totals = {
  packages: 1,
  downloadBytes: 1,
  installedBytes: 1,
  diskBytes: 1,
  bytecodeBytes: 0,
  unknown: 0,
  lowerBound: false,
};

let base = '';
let root = '';

beforeEach(() => {
  base = mkdtempSync(join(tmpdir(), 'depweight-write-'));
  root = join(base, 'repo');
  mkdirSync(root);
  writeFileSync(join(root, 'requirements.txt'), 'flask\npytest\n');
});

afterEach(() => {
  failsAt = () => false;
  chmodSync(root, 0o700);
  rmSync(base, { recursive: true, force: true });
});

function proposal(file: string, body: string): SplitRow {
  const proof = {
    resolved: true,
    changedVersions: [],
    unprovidedModules: [],
    importErrors: [],
    providedModules: [],
  };
  return { file, kind: 'prod', content: `${header}${body}`, totals, packages: [], proof };
}

const both = [
  proposal('requirements-prod.txt', 'flask\n'),
  proposal('requirements-dev.txt', '-r requirements-prod.txt\npytest\n'),
];
const write = (force = false): WrittenSplits => writeSplits(root, both, force);
const read = (name: string): string => readFileSync(join(root, name), 'utf8');
const statuses = ({ splits }: WrittenSplits): readonly unknown[] =>
  splits.map(({ status }) => status);
const listed = (): readonly string[] => readdirSync(root).toSorted();

describe('writeSplits', () => {
  it('writes all files and says so', () => {
    const done = write();
    expect(statuses(done)).toEqual(['written', 'written']);
    expect(done.warnings).toEqual([]);
    expect(read('requirements-prod.txt')).toBe(`${header}flask\n`);
    expect(listed()).toEqual(['requirements-dev.txt', 'requirements-prod.txt', 'requirements.txt']);
  });

  it('leaves a file with the same bytes untouched', () => {
    write();
    const before = statSync(join(root, 'requirements-prod.txt')).ino;
    expect(statuses(write())).toEqual(['unchanged', 'unchanged']);
    expect(statSync(join(root, 'requirements-prod.txt')).ino).toBe(before);
  });

  it('keeps the mode of the file that it renews', () => {
    writeFileSync(join(root, 'requirements-prod.txt'), `${header}old\n`);
    chmodSync(join(root, 'requirements-prod.txt'), 0o640);
    write();
    expect(statSync(join(root, 'requirements-prod.txt')).mode & 0o777).toBe(0o640);
  });

  it('keeps a mode that the mask of the process would cut', () => {
    writeFileSync(join(root, 'requirements-prod.txt'), `${header}old\n`);
    chmodSync(join(root, 'requirements-prod.txt'), 0o666);
    write();
    expect(statSync(join(root, 'requirements-prod.txt')).mode & 0o777).toBe(0o666);
  });

  it('puts back the files before it when a later one cannot be renamed', () => {
    writeFileSync(join(root, 'requirements-prod.txt'), `${header}old\n`);
    chmodSync(join(root, 'requirements-prod.txt'), 0o600);
    failsAt = (to) => to.endsWith('requirements-dev.txt');
    expect(() => write()).toThrow('requirements-dev.txt cannot be written: EBUSY');
    expect(read('requirements-prod.txt')).toBe(`${header}old\n`);
    expect(statSync(join(root, 'requirements-prod.txt')).mode & 0o777).toBe(0o600);
    expect(listed()).toEqual(['requirements-prod.txt', 'requirements.txt']);
  });

  it('takes away a new file when a later one cannot be renamed', () => {
    failsAt = (to) => to.endsWith('requirements-dev.txt');
    expect(() => write()).toThrow(DepweightError);
    expect(listed()).toEqual(['requirements.txt']);
  });

  it('puts back the link that it was forced to replace', () => {
    symlinkSync('requirements.txt', join(root, 'requirements-prod.txt'));
    failsAt = (to) => to.endsWith('requirements-dev.txt');
    expect(() => write(true)).toThrow(DepweightError);
    expect(readlinkSync(join(root, 'requirements-prod.txt'))).toBe('requirements.txt');
    expect(read('requirements.txt')).toBe('flask\npytest\n');
  });

  it('names what could not be put back', () => {
    writeFileSync(join(root, 'requirements-prod.txt'), `${header}old\n`);
    let renames = 0;
    failsAt = () => ++renames > 1;
    expect(() => write()).toThrow(/requirements-prod\.txt could not be put back: EBUSY/);
    expect(listed()).toEqual(['requirements-prod.txt', 'requirements.txt']);
  });

  it('foresees what it would refuse, and changes nothing', () => {
    writeFileSync(join(root, 'requirements-dev.txt'), 'mine\n');
    const rows = foreseeRefusals(root, both, false);
    expect(rows.map(({ status, refusal }) => [status, refusal])).toEqual([
      [undefined, undefined],
      [undefined, expect.stringContaining('--force')],
    ]);
    expect(listed()).toEqual(['requirements-dev.txt', 'requirements.txt']);
    expect(foreseeRefusals(root, both, true)).toEqual(both);
  });

  it('foresees a folder in the place of a file', () => {
    mkdirSync(join(root, 'requirements-prod.txt'));
    const [row] = foreseeRefusals(root, both, true);
    expect(row?.refusal).toContain('no file');
  });

  it('writes nothing where one file is by hand, and names it in an error', () => {
    writeFileSync(join(root, 'requirements-dev.txt'), 'mine\n');
    const done = write();
    expect(statuses(done)).toEqual(['refused', 'refused']);
    expect(done.splits[0]?.refusal).toContain('requirements-dev.txt');
    expect(done.splits[1]?.refusal).toContain('--force');
    expect(done.warnings).toEqual([
      expect.objectContaining({
        code: 'write-refused',
        path: 'requirements-dev.txt',
        severity: 'error',
      }),
    ]);
    expect(listed()).toEqual(['requirements-dev.txt', 'requirements.txt']);
  });

  it('throws what the disk says, and leaves no temporary file', () => {
    mkdirSync(join(root, 'requirements-prod.txt'));
    expect(() => write()).toThrow(DepweightError);
    expect(listed()).toEqual(['requirements-prod.txt', 'requirements.txt']);
  });

  it.skipIf(process.getuid?.() === 0)('names a folder that may not be written to', () => {
    chmodSync(root, 0o500);
    expect(() => write()).toThrow(/requirements-prod\.txt/);
    chmodSync(root, 0o700);
    expect(listed()).toEqual(['requirements.txt']);
  });
});

describe('writeSplits and links', () => {
  it('neither replaces nor follows a symbolic link within the project: a warning says where it leads', () => {
    writeFileSync(join(root, 'real.txt'), '# mine\n');
    symlinkSync('real.txt', join(root, 'requirements-prod.txt'));
    const done = write();
    expect(statuses(done)).toEqual(['refused', 'refused']);
    expect(done.warnings).toEqual([
      expect.objectContaining({ path: 'requirements-prod.txt', severity: 'incomplete' }),
    ]);
    expect(done.warnings[0]?.message).toContain('real.txt');
    expect(read('real.txt')).toBe('# mine\n');
    expect(lstatSync(join(root, 'requirements-prod.txt')).isSymbolicLink()).toBe(true);
    expect(listed()).not.toContain('requirements-dev.txt');
  });

  it('refuses links out of the project and to nothing as errors', () => {
    writeFileSync(join(base, 'outside.txt'), 'keep\n');
    symlinkSync('../outside.txt', join(root, 'requirements-prod.txt'));
    symlinkSync('gone.txt', join(root, 'requirements-dev.txt'));
    expect(write().warnings.map(({ severity }) => severity)).toEqual(['error', 'error']);
    expect(readFileSync(join(base, 'outside.txt'), 'utf8')).toBe('keep\n');
    expect(listed()).not.toContain('gone.txt');
  });

  it('tells a link in a circle as a file that cannot be written', () => {
    symlinkSync('requirements-prod.txt', join(root, 'requirements-prod.txt'));
    for (const force of [false, true]) {
      expect(() => write(force)).toThrow('requirements-prod.txt cannot be written: ELOOP');
    }
    expect(listed()).toEqual(['requirements-prod.txt', 'requirements.txt']);
  });

  it('takes a link to the very text for done', () => {
    writeFileSync(join(root, 'real.txt'), `${header}flask\n`);
    symlinkSync('real.txt', join(root, 'requirements-prod.txt'));
    expect(statuses(write())).toEqual(['unchanged', 'written']);
    expect(lstatSync(join(root, 'requirements-prod.txt')).isSymbolicLink()).toBe(true);
  });

  it('does not tear a hard link apart, not even one of its own files', () => {
    for (const text of ['flask\npytest\n', `${header}old\n`]) {
      rmSync(join(root, 'requirements-prod.txt'), { force: true });
      writeFileSync(join(root, 'requirements.txt'), text);
      linkSync(join(root, 'requirements.txt'), join(root, 'requirements-prod.txt'));
      const done = write();
      expect(statuses(done)).toEqual(['refused', 'refused']);
      expect(done.warnings[0]).toMatchObject({ severity: 'incomplete' });
      expect(done.warnings[0]?.message).toContain('hard link');
      expect(read('requirements.txt')).toBe(text);
      expect(read('requirements-prod.txt')).toBe(text);
    }
  });

  it('with force puts a file in the place of the link and leaves the other end alone', () => {
    writeFileSync(join(root, 'real.txt'), '# mine\n');
    symlinkSync('real.txt', join(root, 'requirements-prod.txt'));
    linkSync(join(root, 'requirements.txt'), join(root, 'requirements-dev.txt'));
    expect(statuses(write(true))).toEqual(['written', 'written']);
    expect(lstatSync(join(root, 'requirements-prod.txt')).isSymbolicLink()).toBe(false);
    expect(read('real.txt')).toBe('# mine\n');
    expect(read('requirements.txt')).toBe('flask\npytest\n');
  });

  it.each([false, true])(
    'does not write through a folder out of the project (--force: %s)',
    (force) => {
      mkdirSync(join(base, 'elsewhere'));
      symlinkSync('../elsewhere', join(root, 'requirements'));
      const done = writeSplits(root, [proposal('requirements/prod.txt', 'flask\n')], force);
      expect(statuses(done)).toEqual(['refused']);
      expect(done.warnings[0]).toMatchObject({ path: 'requirements/prod.txt', severity: 'error' });
      expect(readdirSync(join(base, 'elsewhere'))).toEqual([]);
    },
  );
});
