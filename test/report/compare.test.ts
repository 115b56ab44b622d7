import { describe, expect, test } from 'vitest';
import { report } from '../../src/report/compare.ts';
import { labelTargets } from '../../src/report/compare-targets.ts';
import type { CompareDocument, MissingFile, TargetComparison } from '../../src/types.ts';
import { createDocument } from './documents.ts';

const PLATFORMS: Readonly<Record<string, Partial<TargetComparison['target']>>> = {
  linux: { os: 'linux', arch: 'x86_64', libc: 'glibc', platformTag: 'manylinux_2_28_x86_64' },
  old: { os: 'linux', arch: 'x86_64', libc: 'glibc', platformTag: 'manylinux_2_17_x86_64' },
  arm: { os: 'linux', arch: 'aarch64', libc: 'glibc', platformTag: 'manylinux_2_28_aarch64' },
  musl: { os: 'linux', arch: 'x86_64', libc: 'musl', platformTag: 'musllinux_1_2_x86_64' },
  macos: { os: 'macos', arch: 'arm64', libc: null, platformTag: 'macosx_13_0_arm64' },
  windows: { os: 'windows', arch: 'amd64', libc: null, platformTag: 'win_amd64' },
};

function targetOf(
  python: string,
  platform: string,
  given: Partial<TargetComparison> = {},
): TargetComparison {
  const isPyPy = python.startsWith('pypy');
  return {
    target: {
      python: python.replace('pypy', ''),
      implementation: isPyPy ? 'pp' : 'cp',
      os: 'linux',
      arch: 'x86_64',
      libc: null,
      platformTag: '',
      from: 'test',
      ...PLATFORMS[platform],
    },
    verdict: 'ready',
    outside: null,
    totals: {
      packages: 3,
      downloadBytes: 2_000_000,
      installedBytes: 10_000_000,
      diskBytes: 0,
      bytecodeBytes: 0,
      unknown: 0,
      lowerBound: false,
    },
    packages: [],
    missing: [],
    refused: [],
    error: null,
    ...given,
  };
}

function lackOf(name: string, given: Partial<MissingFile> = {}): MissingFile {
  return {
    name,
    version: '1.0',
    kind: 'build',
    reason: 'no-wheel-for-target',
    message: 'has no wheel for this target, only a source archive',
    direct: true,
    requiredBy: [],
    declaredAt: [{ path: 'requirements.txt', line: 3, column: 1 }],
    build: null,
    wheelFrom: null,
    wheelUntil: null,
    ...given,
  };
}

const building = (...names: readonly string[]): Partial<TargetComparison> => ({
  verdict: 'build',
  missing: names.map((name) => lackOf(name)),
});

function render(targets: readonly TargetComparison[], all = false): string {
  const document: CompareDocument = {
    ...createDocument({ command: 'compare' }),
    targets,
    chosen: null,
  };
  return report.render(document, {
    width: 80,
    color: false,
    units: 'si',
    all,
    bytecode: false,
    weights: true,
  });
}

describe('names of targets', () => {
  const grid = ['3.11', '3.12', '3.13'].flatMap((python) =>
    ['linux', 'arm', 'musl'].map((platform) => targetOf(python, platform)),
  );
  const pick = (...wanted: readonly string[]): readonly TargetComparison[] =>
    grid.filter(({ target }) =>
      wanted.includes(`${target.python} ${target.arch}${target.libc === 'musl' ? ' musl' : ''}`),
    );

  test('say once what is the same for all', () => {
    const labels = labelTargets([targetOf('3.11', 'linux'), targetOf('pypy3.10', 'linux')]);
    expect(labels.common).toBe('Linux x86_64 · glibc 2.28');
    expect(labels.pythons).toEqual(['3.11', 'PyPy 3.10']);
    expect(labelTargets([targetOf('3.11', 'arm'), targetOf('3.11', 'macos')]).common).toBe(
      'Python 3.11',
    );
  });

  test('have the level of the C library where nothing else tells them apart', () => {
    const labels = labelTargets([
      targetOf('3.11', 'linux'),
      targetOf('3.11', 'old'),
      targetOf('3.11', 'arm'),
    ]);
    expect(labels.platforms).toEqual([
      'Linux x86_64 glibc 2.28',
      'Linux x86_64 glibc 2.17',
      'Linux aarch64',
    ]);
  });

  test('are as short as they can be', () => {
    const { describe: say } = labelTargets(grid);
    expect(say(grid)).toBe('everywhere');
    expect(say(pick('3.11 x86_64', '3.11 aarch64', '3.11 x86_64 musl'))).toBe('3.11');
    expect(say(pick('3.11 aarch64', '3.12 aarch64', '3.13 aarch64'))).toBe('Linux aarch64');
    expect(say(pick('3.12 aarch64', '3.13 aarch64'))).toBe('3.12, 3.13 on Linux aarch64');
    expect(say(pick('3.12 x86_64 musl', '3.13 x86_64 musl', '3.13 aarch64', '3.13 x86_64'))).toBe(
      '3.13; 3.12 on Linux x86_64 musl',
    );
  });
});

describe('what makes the weights differ', () => {
  const holding = (
    platform: string,
    packages: Readonly<Record<string, number | null>>,
  ): TargetComparison => {
    const rows = Object.entries(packages).map(([name, installedBytes]) => ({
      name,
      version: '1.0',
      direct: true,
      file: null,
      downloadBytes: 1,
      installedBytes,
      known: installedBytes !== null,
      unknownReason: null,
    }));
    const { totals } = targetOf('3.11', platform);
    const installedBytes = rows.reduce((sum, row) => sum + (row.installedBytes ?? 0), 0);
    return targetOf('3.11', platform, { packages: rows, totals: { ...totals, installedBytes } });
  };

  test('are packages that some targets have not, and those that weigh more on one', () => {
    const text = render([
      holding('linux', { torch: 900e6, cuda: 300e6, triton: 100e6, numbers: 20e6, odd: null }),
      holding('arm', { torch: 300e6, numbers: 21e6, odd: 5e6 }),
      holding('macos', { torch: 200e6, numbers: 22e6, odd: 5e6 }),
    ]);
    expect(text).toContain(
      [
        'DIFFERS  what makes the weights differ',
        '  torch up to 700 MB more on Linux x86_64 than on macOS arm64',
        '  400 MB only on Linux x86_64: 2 packages',
        '    cuda, triton',
        '',
      ].join('\n'),
    );
    expect(text).not.toContain('numbers up to');
  });

  test('are not told where all weigh much the same, and cannot act on a terminal', () => {
    const same = render([holding('linux', { a: 100e6, b: 1e6 }), holding('arm', { a: 100e6 })]);
    expect(same).not.toContain('DIFFERS');
    const hostile = render([
      holding('linux', { 'cuda\u001b[2J': 100e6, a: 1 }),
      holding('arm', { a: 1 }),
    ]);
    expect(hostile).toContain('100 MB only on Linux x86_64');
    expect(hostile).not.toContain('\u001b');
  });
});

describe('the table', () => {
  test('names what stands in the way where there is room, else how much', () => {
    const few = render([
      targetOf('3.11', 'linux'),
      targetOf('3.12', 'linux', building('numbers', 'scipy')),
    ]);
    expect(few).toMatch(/! 3\.12 +2\.0 MB +10 MB +3 {2}build: numbers, scipy\n/);
    const names = Array.from({ length: 12 }, (_, at) => `package-number-${at}`);
    const many = render([targetOf('3.11', 'linux'), targetOf('3.12', 'linux', building(...names))]);
    expect(many).toMatch(/3 {2}build: package-number-0 and 11 more\n/);
    expect(many).toContain('… and 4 more packages (--all lists them)');
  });

  test('gives for each target the release from which there is a wheel', () => {
    const lacking = (python: string, wheelFrom: string | null): TargetComparison =>
      targetOf(python, 'linux', { verdict: 'build', missing: [lackOf('numbers', { wheelFrom })] });
    expect(
      render([lacking('3.12', '1.26'), lacking('3.13', '2.1'), lacking('3.14', null)]),
    ).toContain(
      '  numbers 1.0  requirements.txt:3  everywhere\n    a wheel from 1.26 (3.12), 2.1 (3.13); none for 3.14\n',
    );
    expect(render([targetOf('3.11', 'linux'), lacking('3.12', '1.26')])).toContain(
      '    a wheel from 1.26\n',
    );
    const older = targetOf('3.12', 'linux', {
      verdict: 'build',
      missing: [lackOf('numbers', { wheelUntil: '0.9' })],
    });
    expect(render([targetOf('3.11', 'linux'), older])).toContain(
      'no later release has a wheel, 0.9 has one',
    );
  });

  test('names what is of unknown size, and why', () => {
    const unknown = {
      name: 'pears',
      version: '1.0',
      direct: true,
      file: null,
      downloadBytes: null,
      installedBytes: null,
      known: false,
      unknownReason: 'network' as const,
    };
    const text = render([
      targetOf('3.11', 'linux'),
      targetOf('3.12', 'linux', { verdict: 'incomplete', packages: [unknown] }),
    ]);
    expect(text).toMatch(/\? 3\.12 .* unknown: pears\n/);
    expect(text).toContain('UNKNOWN');
    expect(text).toContain('  pears 1.0  the network failed  ');
  });

  test('says what a build compiles, or that nothing is compiled', () => {
    const needing = (compiles: readonly string[]): string =>
      render([
        targetOf('3.11', 'linux'),
        targetOf('3.12', 'linux', {
          verdict: 'build',
          missing: [lackOf('numbers', { build: { requires: ['hatchling'], compiles } })],
        }),
      ]);
    expect(needing([])).toContain('nothing in it is compiled; the build needs hatchling');
    expect(needing(['C', 'Rust'])).toContain('compiles C, Rust; the build needs hatchling');
    expect(needing(['Cython'])).toContain('compiles C; the build needs hatchling');
  });

  test('text of an index cannot act on a terminal, and no line is wider than asked', () => {
    const hostile = lackOf('numbers\u001b[2J', {
      kind: 'none',
      version: '1'.repeat(200),
      message: `${'word '.repeat(60)}\u202e`,
      requiredBy: ['x'.repeat(200)],
      declaredAt: [],
    });
    const text = render([
      targetOf('3.11', 'linux'),
      targetOf('3.12', 'windows', { verdict: 'not-installable', missing: [hostile] }),
    ]);
    expect(text).not.toMatch(/[\u001b\u202e]/);
    for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(80);
  });
});
