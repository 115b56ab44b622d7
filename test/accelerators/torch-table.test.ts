import { expect, test } from 'vitest';
import torchBuilds from '../../data/torch-builds.json' with { type: 'json' };
import { cpuBuildsElsewhere } from '../../src/accelerators/torch-table.ts';
import { parseVersion } from '../../src/pep/version.ts';

const linux = { os: 'linux', arch: 'x86_64' };

function elsewhere(text: string, target = linux): readonly string[] {
  const version = parseVersion(text);
  if (version === null) throw new Error(text);
  return cpuBuildsElsewhere(version, target).map(
    ({ os, arch, version: own, installedBytes }) => `${os} ${arch} ${own} ${installedBytes}`,
  );
}

test('every row has a target, a build and both sizes', () => {
  const seen = new Set<string>();
  for (const row of torchBuilds.wheels) {
    expect(parseVersion(row.version)).not.toBeNull();
    expect(['cpu', 'cuda']).toContain(row.build);
    expect(row.installedBytes).toBeGreaterThan(row.downloadBytes);
    seen.add(`${row.version} ${row.os} ${row.arch}`);
  }
  expect(seen.size).toBe(torchBuilds.wheels.length);
});

test('tells the CPU builds of the version for other targets', () => {
  expect(elsewhere('2.4.1')).toEqual([
    'linux aarch64 2.4.1 356000000',
    'macos arm64 2.4.1 269000000',
    'windows amd64 2.4.1 1138000000',
  ]);
});

test('since 2.11 that for Linux aarch64 is a build for CUDA', () => {
  expect(elsewhere('2.11.0').some((row) => row.startsWith('linux'))).toBe(false);
});

test('takes the newest version before one that is not in the table', () => {
  expect(elsewhere('2.4.99+cu121')).toEqual(elsewhere('2.4.1'));
  expect(elsewhere('1.13.1')).toEqual([]);
});

test('leaves out the target itself', () => {
  expect(elsewhere('2.4.1', { os: 'linux', arch: 'aarch64' })).toHaveLength(2);
});
