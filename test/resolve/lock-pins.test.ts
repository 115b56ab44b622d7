import { describe, expect, it } from 'vitest';
import { applyPins, choosePins, type PinnedSet } from '../../src/resolve/lock-pins.ts';
import { parseMarker } from '../../src/pep/marker.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { createTarget, parsePlatformName } from '../../src/pep/platform-name.ts';
import { parseRequirement } from '../../src/pep/requirement.ts';
import { parseVersion } from '../../src/pep/version.ts';
import type {
  DeclaredRequirement,
  LockPin,
  LockedDependency,
  TargetEnvironment,
} from '../../src/types.ts';

function targetFor(python = '3.12'): TargetEnvironment {
  const platform = parsePlatformName('linux');
  if (platform === null) throw new Error('linux is a platform');
  return createTarget({ python, platform, from: 'test' });
}

const target = targetFor();

const place = { path: 'uv.lock', line: 1, column: 1 };

function pin(text: string, rest: Partial<LockPin> = {}): LockPin {
  const [head = '', marker = ''] = text.split(' ; ');
  const [name = '', version = ''] = head.split('==');
  return {
    name: normalizeName(name),
    version: parseVersion(version),
    marker: marker === '' ? null : parseMarker(marker),
    requiresPython: null,
    source: 'index',
    origin: null,
    hashes: [],
    dependencies: [],
    location: place,
    ...rest,
  };
}

const need = (name: string, rest: Partial<LockedDependency> = {}): LockedDependency => ({
  name: normalizeName(name),
  extras: [],
  specifier: '',
  marker: null,
  optional: false,
  ...rest,
});

function declare(text: string, rest: Partial<DeclaredRequirement> = {}): DeclaredRequirement {
  return {
    requirement: parseRequirement(text),
    raw: text,
    location: { path: 'pyproject.toml', line: 1, column: 1 },
    source: 'index',
    editable: false,
    hashes: [],
    index: null,
    keep: null,
    ...rest,
  };
}

const setOf = (
  pins: readonly LockPin[],
  ...requirements: readonly DeclaredRequirement[]
): PinnedSet => ({
  requirements,
  constraints: [],
  overrides: [],
  pins,
});

const versionsOf = (set: PinnedSet, at = target): readonly string[] =>
  [...choosePins(set, at).values()].map(({ name, version }) => `${name}==${version?.text ?? '?'}`);

describe('the pins of a target', () => {
  it('leave out those whose marker does not hold there', () => {
    const pins = [pin("win==1 ; sys_platform == 'win32'"), pin('flask==3')];
    expect(versionsOf(setOf(pins))).toEqual(['flask==3']);
  });

  it.each([
    ['3.10', 'numpy==2.2'],
    ['3.12', 'numpy==2.3'],
  ])('are one for each name: for Python %s %s', (python, expected) => {
    const pins = [
      pin("numpy==2.2 ; python_full_version < '3.11'"),
      pin("numpy==2.3 ; python_full_version >= '3.11'"),
    ];
    expect(versionsOf(setOf(pins), targetFor(python))).toEqual([expected]);
  });

  it.each([
    ['3.8', 'numpy==1.24'],
    ['3.12', 'numpy==2.3'],
  ])('are told apart by their Pythons where they have no marker: %s', (python, expected) => {
    const pins = [
      pin('numpy==2.3', { requiresPython: '>=3.11' }),
      pin('numpy==1.24', { requiresPython: '>=3.8,<3.9' }),
    ];
    expect(versionsOf(setOf(pins), targetFor(python))).toEqual([expected]);
  });

  it('are what their dependents ask for on that target', () => {
    const old = need('numpy', { specifier: '<2', marker: "python_version >= '3.12'" });
    const recent = need('numpy', { specifier: '>=2', marker: "python_version < '3.12'" });
    const pins = [
      pin('numpy==1.26'),
      pin('numpy==2.3'),
      pin('a==1', { dependencies: [old, recent] }),
    ];
    expect(versionsOf(setOf(pins))).toContain('numpy==1.26');
    expect(versionsOf(setOf(pins), targetFor('3.11'))).toContain('numpy==2.3');
  });

  it('are what the manifest asks for, by version or by index', () => {
    const pins = [
      pin('torch==2.5.1', { origin: 'https://index.test/simple' }),
      pin('torch==2.5.1+cpu', { origin: 'https://cpu.test/simple/' }),
    ];
    expect(versionsOf(setOf(pins, declare('torch', { index: 'https://cpu.test/simple' })))).toEqual(
      ['torch==2.5.1+cpu'],
    );
    expect(versionsOf(setOf([pin('a==1'), pin('a==2')], declare('a<2')))).toEqual(['a==1']);
    expect(versionsOf(setOf([pin('a==1'), pin('a==2')], declare("a<2; os_name == 'nt'")))).toEqual([
      'a==2',
    ]);
  });

  it('are the newest where nothing tells them apart, whatever their order', () => {
    expect(versionsOf(setOf([pin('a==1.10'), pin('a==1.9')]))).toEqual(['a==1.10']);
    expect(versionsOf(setOf([pin('a==1.9'), pin('a==1.10')]))).toEqual(['a==1.10']);
  });

  it('survive texts that cannot be read', () => {
    const broken = need('a', { specifier: 'about 3', marker: 'when it rains' });
    const pins = [
      pin('a==1', { requiresPython: 'any' }),
      pin('a==2'),
      pin('b==1', { dependencies: [broken] }),
    ];
    expect(versionsOf(setOf(pins))).toEqual(['b==1', 'a==2']);
  });
});

describe('a set with its pins applied', () => {
  it('prefers their versions and asks for nothing more', () => {
    const set = setOf([pin('flask==3'), pin('unused==1')], declare('flask'));
    const { environment, preferences } = applyPins(set, target);
    expect([...preferences].map(([name, version]) => `${name} ${version.text}`)).toEqual([
      'flask 3',
      'unused 1',
    ]);
    expect(environment.requirements.map(({ raw }) => raw)).toEqual(['flask']);
    expect(environment.constraints).toEqual([]);
  });

  it('is the set itself where there are none', () => {
    const set: PinnedSet = { requirements: [], constraints: [], overrides: [] };
    expect(applyPins(set, target)).toEqual({ environment: set, preferences: new Map() });
  });

  it('keeps the index from being asked for what comes from elsewhere', () => {
    const pins = [
      pin('private==1', { source: 'vcs', origin: 'git+https://files.test/private@abc' }),
      pin('wheel==1', { source: 'url', origin: 'https://files.test/wheel-1-py3-none-any.whl' }),
    ];
    const { environment, preferences } = applyPins(setOf(pins), target);
    expect(environment.constraints.map(({ raw, source }) => `${source} ${raw}`)).toEqual([
      'vcs private @ git+https://files.test/private@abc',
      'url wheel @ https://files.test/wheel-1-py3-none-any.whl',
    ]);
    expect(preferences.size).toBe(0);
  });

  it('knows what packages from repositories need, which nobody else does', () => {
    const pins = [
      pin('app==1', { dependencies: [need('private')] }),
      pin('private==1', {
        source: 'vcs',
        origin: 'git+https://files.test/private@abc',
        dependencies: [
          need('flask', { extras: ['async'] }),
          need('win', { marker: "os_name == 'nt'" }),
          need('docs', { optional: true }),
        ],
      }),
      pin('flask==3'),
      pin('unreached==1', { source: 'local', origin: 'file:x', dependencies: [need('other')] }),
    ];
    const { environment } = applyPins(setOf(pins, declare('app')), target);
    expect(
      environment.requirements.map(({ requirement }) => [requirement.name, requirement.extras]),
    ).toEqual([
      ['app', []],
      ['flask', ['async']],
    ]);
  });
});
