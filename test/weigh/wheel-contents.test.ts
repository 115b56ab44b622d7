import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

import { findDistInfoEntry, summarizeWheel } from '../../src/weigh/wheel-contents.ts';
import { ZipError } from '../../src/weigh/zip-directory.ts';
import type { ZipEntry } from '../../src/weigh/zip-directory.ts';
import type { WheelSummary } from '../../src/types.ts';

function entries(files: Readonly<Record<string, number>>): readonly ZipEntry[] {
  return Object.entries(files).map(([name, size]) => entry(name, size));
}

function entry(name: string, uncompressedSize: number): ZipEntry {
  const isDirectory = name.endsWith('/');
  return {
    name,
    method: 8,
    compressedSize: 1,
    uncompressedSize,
    crc: 0,
    localHeaderOffset: 0,
    isDirectory,
    isLink: false,
    flags: 0,
  };
}

function summarize(
  files: Readonly<Record<string, number>>,
  entryPointsText: string | null = null,
): WheelSummary {
  return summarizeWheel({ entries: entries(files), downloadBytes: 1000, entryPointsText });
}

function total(summary: WheelSummary): number {
  return Object.values(summary.composition).reduce((sum, bytes) => sum + bytes, 0);
}

describe('installed bytes', () => {
  it('are the sum over the files, .data included and folders not', () => {
    const summary = summarize({
      'a/': 0,
      'a/__init__.py': 100,
      'a/core.so': 5000,
      'a-1.data/scripts/run': 30,
      'a-1.data/data/share/x.dat': 7,
      'a-1.dist-info/METADATA': 50,
      'a-1.dist-info/RECORD': 20,
    });
    expect(summary).toMatchObject({
      downloadBytes: 1000,
      installedBytes: 5207,
      fileCount: 6,
      warnings: [],
    });
    expect(summary.composition).toMatchObject({
      nativeLibraries: 5030,
      python: 100,
      metadata: 70,
      data: 7,
    });
  });

  it('count a doubled name once, the last one, with a warning', () => {
    const summary = summarizeWheel({
      entries: [entry('a.py', 10), entry('b.py', 1), entry('a.py', 30)],
      downloadBytes: 1000,
      entryPointsText: null,
    });
    expect(summary.installedBytes).toBe(31);
    expect(summary.warnings).toEqual([
      'The file a.py is in the wheel more than once; counted once.',
    ]);
  });

  it.each(['../evil.py', '/etc/passwd', 'a/../../b.py', 'C:/x.py', 'a\\..\\b'])(
    'warn of %s',
    (name) => {
      expect(summarize({ [name]: 1 }).warnings).toEqual([
        expect.stringContaining('outside the place'),
      ]);
    },
  );

  it('do not warn of dots in names', () => {
    expect(summarize({ 'a/..b/c..py': 1 }).warnings).toEqual([]);
  });

  it('are what the categories add up to, for any files', () => {
    const name = fc.stringMatching(
      /^[a-z.]{1,6}(?:\/(?:tests|docs|[a-z_]{1,5})){0,3}\/[a-z]{1,4}\.(?:py|so|h|map|x)$/,
    );
    fc.assert(
      fc.property(fc.dictionary(name, fc.nat(1e9)), (files) => {
        const summary = summarize(files);
        expect(total(summary)).toBe(summary.installedBytes);
        expect(summary.diskBytes).toBeGreaterThanOrEqual(summary.installedBytes);
        expect(summary.diskBytes % 4096).toBe(0);
      }),
    );
  });
});

describe('disk bytes', () => {
  it('round files up to blocks, none for an empty one, and add a block for each folder', () => {
    const files = { 'a/__init__.py': 0, 'a/b/x.py': 1, 'a/b/y.py': 4096, 'a/b/z.py': 4097 };
    expect(summarize(files).diskBytes).toBe((2 + 0 + 1 + 1 + 2) * 4096);
  });

  it('count INSTALLER and a wrapper for each script', () => {
    const files = { 'a.py': 1, 'a-1.dist-info/METADATA': 1 };
    expect(summarize(files).diskBytes).toBe((1 + 1 + 1 + 1) * 4096);
    const scripts = '[console_scripts]\nx = a:main\ny = a:main\n';
    expect(summarize(files, scripts).diskBytes).toBe((4 + 2) * 4096);
  });

  it('put .data folders where they are installed, and leave out folders that all share', () => {
    expect(summarize({ 'a-1.data/scripts/x': 1 }).diskBytes).toBe(4096);
    expect(summarize({ 'a-1.data/purelib/a.py': 1 }).diskBytes).toBe(4096);
    expect(summarize({ 'a-1.data/data/share/a/x': 1 }).diskBytes).toBe(2 * 4096);
  });

  it('give large folders more blocks', () => {
    const files = Object.fromEntries(
      Array.from({ length: 1000 }, (_, index) => [`a/${'name'.repeat(8)}${index}.txt`, 0]),
    );
    // 1000 names of some 48 bytes: 12 blocks when packed, more as directories grow by splitting.
    const blocks = summarize(files).diskBytes / 4096;
    expect(blocks).toBeGreaterThan(12);
    expect(blocks).toBeLessThan(20);
  });
});

describe('bytecode', () => {
  it('is estimated from Python files in site-packages alone', () => {
    expect(
      summarize({ 'a.so': 1e6, 'a.pyi': 1e6, 'a-1.data/scripts/x.py': 1e6 }).bytecodeBytes,
    ).toBe(0);
    const { bytecodeBytes } = summarize({
      'a/__init__.py': 100_000,
      'a-1.data/platlib/b.py': 100_000,
    });
    expect(bytecodeBytes).toBeGreaterThan(200_000);
    expect(bytecodeBytes).toBeLessThan(260_000);
  });

  it('is something even for empty modules', () => {
    expect(summarize({ 'a/__init__.py': 0 }).bytecodeBytes).toBeGreaterThan(100);
  });
});

describe('names', () => {
  it('of modules come from site-packages, .data/purelib included', () => {
    const files = {
      'a/__init__.py': 1,
      'a-1.data/purelib/b.py': 1,
      'a-1.data/platlib/c.abi3.so': 1,
      'a-1.data/data/d.py': 1,
    };
    expect(summarize(files).modules).toEqual(['a', 'b', 'c']);
  });

  it('of scripts come from entry points and .data/scripts, sorted', () => {
    const text = '[console_scripts]\nrun = a:main\n[gui_scripts]\nRunW = a:gui [extra]\n';
    expect(summarize({ 'a-1.data/scripts/f2py': 1 }, text).scripts).toEqual([
      'RunW',
      'f2py',
      'run',
    ]);
  });

  it('of other groups are kept with their entries', () => {
    const text = [
      '# comment',
      '; another',
      'stray = before any group',
      '[pytest11]',
      'cov = pytest_cov.plugin',
      'broken line',
      '= nothing',
      '[ flake8.extension ]\r',
      'B=bugbear:Checker [extra]',
      'A = a:b',
      '[pytest11]',
      'second=x',
      '[__proto__]',
      'x = y',
    ].join('\n');
    const { entryPoints, scripts } = summarize({}, text);
    expect(scripts).toEqual([]);
    expect(Object.entries(entryPoints)).toEqual([
      ['__proto__', ['x = y']],
      ['flake8.extension', ['A = a:b', 'B = bugbear:Checker [extra]']],
      ['pytest11', ['cov = pytest_cov.plugin', 'second = x']],
    ]);
  });
});

describe('the .dist-info folder', () => {
  it('is the one at the top, not a vendored one', () => {
    const list = entries({
      'a/_vendor/b-1.dist-info/METADATA': 1,
      'a-1.dist-info/METADATA': 2,
      'x.dist-info/RECORD': 3,
    });
    expect(findDistInfoEntry(list, 'METADATA')?.uncompressedSize).toBe(2);
    expect(findDistInfoEntry(list, 'entry_points.txt')).toBeNull();
  });

  it('must be alone', () => {
    const list = entries({ 'a-1.dist-info/METADATA': 1, 'b-1.dist-info/METADATA': 2 });
    expect(() => findDistInfoEntry(list, 'METADATA')).toThrow(ZipError);
  });
});
