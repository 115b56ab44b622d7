import { expect, test } from 'vitest';
import { readMachine, type MachineWords } from '../../src/ci/machine.ts';
import { parsePlatformName } from '../../src/pep/platform-name.ts';

function describeMachine(labels: string, more: Partial<MachineWords> = {}): string {
  const machine = readMachine({ labels: labels.split(' '), line: 1, ...more });
  // What it names is a platform that can be weighed.
  if (machine.system !== null) expect(parsePlatformName(machine.system)).not.toBeNull();
  return [machine.system ?? machine.image, machine.platform ?? ''].join(' ').trim();
}

test.each([
  ['ubuntu-latest', 'ubuntu:24.04'],
  ['ubuntu-slim', 'ubuntu:24.04'],
  ['ubuntu-22.04-arm', 'ubuntu:22.04 linux/arm64'],
  ['buildjet-4vcpu-ubuntu-2204', 'ubuntu:22.04'],
  ['windows-latest', 'windows'],
  ['depot-windows-2022', 'windows'],
  ['windows-11-arm', 'win_arm64'],
  ['saas-windows-medium-amd64', 'windows'],
  ['macos-latest', 'macosx_26_0_arm64'],
  ['macos-13', 'macosx_13_0_x86_64'],
  ['macos-13-xlarge', 'macosx_13_0_arm64'],
  ['macos-14', 'macosx_14_0_arm64'],
  ['macos-14-large', 'macosx_14_0_x86_64'],
  ['macos-15-intel', 'macosx_15_0_x86_64'],
  ['macos-10.15', 'macosx_10_15_x86_64'],
  ['saas-macos-medium-m1', 'macos-arm64'],
  ['self-hosted macOS X64', 'macos-x86_64'],
  ['self-hosted Windows', 'windows'],
  ['self-hosted linux ARM64', 'linux/arm64'],
  ['${matrix.os}', ''],
])('%s is %s', (labels, expected) => {
  expect(describeMachine(labels)).toBe(expected);
});

test('a container is what counts, on the processor of the machine', () => {
  expect(describeMachine('ubuntu-24.04-arm', { container: 'python:3.12-alpine' })).toBe(
    'python:3.12-alpine linux/arm64',
  );
});

test('the Macs of Azure have Intel processors, and what is the latest there is another matter', () => {
  expect(describeMachine('macOS-latest', { hasIntelMacs: true })).toBe('macos-x86_64');
  expect(describeMachine('macOS-15', { hasIntelMacs: true })).toBe('macosx_15_0_x86_64');
  expect(describeMachine('macOS-15-arm64', { hasIntelMacs: true })).toBe('macosx_15_0_arm64');
});
