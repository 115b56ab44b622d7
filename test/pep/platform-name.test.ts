import { describe, expect, test } from 'vitest';
import { ParseError } from '../../src/pep/parse-error.ts';
import {
  createTarget,
  knownPlatformNames,
  parsePlatformName,
} from '../../src/pep/platform-name.ts';
import { targetOf } from './environments.ts';

describe('parsePlatformName', () => {
  test.each([
    ['linux', 'manylinux_2_28_x86_64'],
    ['linux-x86_64', 'manylinux_2_28_x86_64'],
    ['linux/amd64', 'manylinux_2_28_x86_64'],
    ['Linux/AMD64', 'manylinux_2_28_x86_64'],
    ['x86_64-unknown-linux-gnu', 'manylinux_2_28_x86_64'],
    ['linux-aarch64', 'manylinux_2_28_aarch64'],
    ['linux/arm64', 'manylinux_2_28_aarch64'],
    ['linux/arm64/v8', 'manylinux_2_28_aarch64'],
    ['linux/arm/v7', 'manylinux_2_31_armv7l'],
    ['linux/ppc64le', 'manylinux_2_28_ppc64le'],
    ['linux/s390x', 'manylinux_2_28_s390x'],
    ['linux/386', 'manylinux_2_28_i686'],
    ['x86_64-manylinux_2_17', 'manylinux_2_17_x86_64'],
    ['x86_64-manylinux2014', 'manylinux_2_17_x86_64'],
    ['manylinux2014_x86_64', 'manylinux_2_17_x86_64'],
    ['manylinux2010_i686', 'manylinux_2_12_i686'],
    ['manylinux1_x86_64', 'manylinux_2_5_x86_64'],
    ['aarch64-manylinux_2_41', 'manylinux_2_41_aarch64'],
    ['arm64-manylinux_2_41', 'manylinux_2_41_aarch64'],
    ['manylinux_2_28_x86_64', 'manylinux_2_28_x86_64'],
    ['manylinux_2_57_x86_64', 'manylinux_2_57_x86_64'],
    ['x86_64-unknown-linux-musl', 'musllinux_1_2_x86_64'],
    ['aarch64-unknown-linux-musl', 'musllinux_1_2_aarch64'],
    ['musllinux_1_1_x86_64', 'musllinux_1_1_x86_64'],
    ['x86_64-musllinux_1_2', 'musllinux_1_2_x86_64'],
    ['linux-musl', 'musllinux_1_2_x86_64'],
    ['alpine/arm64', 'musllinux_1_2_aarch64'],
    ['macos', 'macosx_13_0_arm64'],
    ['aarch64-apple-darwin', 'macosx_13_0_arm64'],
    ['x86_64-apple-darwin', 'macosx_13_0_x86_64'],
    ['macos-x86_64', 'macosx_13_0_x86_64'],
    ['darwin/arm64', 'macosx_13_0_arm64'],
    ['macosx_14_0_arm64', 'macosx_14_0_arm64'],
    ['macosx_14_arm64', 'macosx_14_0_arm64'],
    ['macosx_10_15_x86_64', 'macosx_10_15_x86_64'],
    ['windows', 'win_amd64'],
    ['x86_64-pc-windows-msvc', 'win_amd64'],
    ['win_amd64', 'win_amd64'],
    ['windows/amd64', 'win_amd64'],
    ['win32', 'win32'],
    ['windows-x86', 'win32'],
    ['i686-pc-windows-msvc', 'win32'],
    ['win_arm64', 'win_arm64'],
    ['windows/arm64', 'win_arm64'],
    ['aarch64-pc-windows-msvc', 'win_arm64'],
  ])('%s is %s', (name, tag) => {
    expect(parsePlatformName(name)?.platformTag).toBe(tag);
  });

  test.each([
    '',
    'linus',
    'linux-',
    'linux/mips',
    'manylinux_2_28',
    'manylinux_2_4_x86_64',
    'manylinux_2_16_aarch64',
    'manylinux_3_0_x86_64',
    'manylinux2010_aarch64',
    'macosx_10_15_arm64',
    'macosx_10_3_x86_64',
    'macos-riscv64',
    'windows/ppc64le',
    'win64',
    'constructor',
    'linux/constructor',
    '__proto__',
  ])('%j is none', (name) => {
    expect(parsePlatformName(name)).toBeNull();
  });

  test('the name of a platform stands for the same platform', () => {
    for (const name of [
      ...knownPlatformNames(),
      'macosx_14_0_arm64',
      'macosx_10_15_x86_64',
      'manylinux1_x86_64',
      'win32',
    ]) {
      const platform = parsePlatformName(name);
      expect(platform, name).not.toBeNull();
      expect(parsePlatformName(platform?.name ?? ''), name).toEqual(platform);
      expect(parsePlatformName(platform?.platformTag ?? ''), name).toEqual(platform);
    }
  });

  test('names are as uv writes them', () => {
    const names = ['linux', 'macos', 'windows', 'manylinux2014_aarch64', 'alpine'].map(
      (name) => parsePlatformName(name)?.name,
    );
    expect(names).toEqual([
      'x86_64-manylinux_2_28',
      'aarch64-apple-darwin',
      'x86_64-pc-windows-msvc',
      'aarch64-manylinux_2_17',
      'x86_64-musllinux_1_2',
    ]);
  });

  test('parts of a platform', () => {
    expect(parsePlatformName('linux')).toMatchObject({
      os: 'linux',
      arch: 'x86_64',
      libc: 'glibc',
    });
    expect(parsePlatformName('alpine')).toMatchObject({
      os: 'linux',
      arch: 'x86_64',
      libc: 'musl',
    });
    expect(parsePlatformName('macos')).toMatchObject({ os: 'macos', arch: 'arm64', libc: null });
    expect(parsePlatformName('windows')).toMatchObject({
      os: 'windows',
      arch: 'amd64',
      libc: null,
    });
  });
});

describe('knownPlatformNames', () => {
  test('offers every name once, common ones first', () => {
    const names = knownPlatformNames();
    expect(new Set(names).size).toBe(names.length);
    expect(names.slice(0, 4)).toEqual(['linux', 'linux-aarch64', 'macos', 'windows']);
    expect(names).toContain('x86_64-manylinux_2_17');
    expect(names).toContain('s390x-manylinux_2_42');
    expect(names).toContain('i686-musllinux_1_1');
    expect(names).not.toContain('x86_64-manylinux_2_43');
  });
});

describe('createTarget', () => {
  test('sets the markers as uv does', () => {
    expect(targetOf('linux', '3.11')).toEqual({
      python: '3.11',
      pythonFull: '3.11.0',
      implementation: 'cp',
      os: 'linux',
      arch: 'x86_64',
      libc: 'glibc',
      platformTag: 'manylinux_2_28_x86_64',
      from: 'test',
      markers: {
        implementation_name: 'cpython',
        implementation_version: '3.11.0',
        os_name: 'posix',
        platform_machine: 'x86_64',
        platform_python_implementation: 'CPython',
        platform_release: '',
        platform_system: 'Linux',
        platform_version: '',
        python_full_version: '3.11.0',
        python_version: '3.11',
        sys_platform: 'linux',
      },
    });
  });

  test.each([
    ['macos', 'posix', 'darwin', 'Darwin', 'arm64'],
    ['x86_64-apple-darwin', 'posix', 'darwin', 'Darwin', 'x86_64'],
    ['windows', 'nt', 'win32', 'Windows', 'AMD64'],
    ['win32', 'nt', 'win32', 'Windows', 'x86'],
    ['win_arm64', 'nt', 'win32', 'Windows', 'ARM64'],
    ['linux/arm64', 'posix', 'linux', 'Linux', 'aarch64'],
    ['alpine', 'posix', 'linux', 'Linux', 'x86_64'],
  ])('%s', (name, osName, sysPlatform, system, machine) => {
    expect(targetOf(name).markers).toMatchObject({
      os_name: osName,
      sys_platform: sysPlatform,
      platform_system: system,
      platform_machine: machine,
    });
  });

  test.each([
    ['3.11', '3.11', '3.11.0'],
    ['3.11.7', '3.11', '3.11.7'],
    ['3.14.0rc2', '3.14', '3.14.0rc2'],
    ['3.15rc1', '3.15', '3.15.0rc1'],
  ])('Python %s is %s and %s', (python, short, full) => {
    expect(targetOf('linux', python)).toMatchObject({ python: short, pythonFull: full });
  });

  test.each(['3', '', 'three', '3.x'])('%j is no Python version', (python) => {
    const platform = parsePlatformName('linux');
    if (platform === null) throw new Error('linux');
    expect(() => createTarget({ python, platform, from: 'test' })).toThrow(ParseError);
  });

  test('PyPy', () => {
    expect(targetOf('linux', '3.10', 'pp').markers).toMatchObject({
      implementation_name: 'pypy',
      implementation_version: '7.3.19',
      platform_python_implementation: 'PyPy',
      python_full_version: '3.10.0',
      python_version: '3.10',
    });
  });
});
