import { describe, expect, it } from 'vitest';
import type { EnvironmentResult } from '../../src/document.ts';
import type { PinnedSet } from '../../src/resolve/lock-pins.ts';
import { warnOfStaleLocks } from '../../src/resolve/stale-locks.ts';
import { parseMarker } from '../../src/pep/marker.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { createTarget, parsePlatformName } from '../../src/pep/platform-name.ts';
import { parseRequirement } from '../../src/pep/requirement.ts';
import { parseVersion } from '../../src/pep/version.ts';
import type {
  DeclaredRequirement,
  Environment,
  LockPin,
  TargetEnvironment,
  WeighedDistribution,
} from '../../src/types.ts';

function targetFor(python = '3.12'): TargetEnvironment {
  const platform = parsePlatformName('linux');
  if (platform === null) throw new Error('linux is a platform');
  return createTarget({ python, platform, from: 'test' });
}

const target = targetFor();

function fail(): never {
  throw new Error('that is a version');
}
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

describe('a stale lock', () => {
  const distribution = (
    name: string,
    version: string,
    rest: Partial<WeighedDistribution> = {},
  ): WeighedDistribution => ({
    name: normalizeName(name),
    version,
    extras: [],
    file: null,
    unknownReason: null,
    requires: [],
    metadataFrom: null,
    dependencies: [],
    weight: { known: false, reason: 'not-weighed' },
    ...rest,
  });

  function resultOf(
    distributions: readonly WeighedDistribution[],
    rest: Partial<Environment> = {},
  ): EnvironmentResult {
    const environment: Environment = {
      ...setOf([pin('flask==3.0'), pin('tool==1', { source: 'vcs', origin: 'git+x' })]),
      id: 'prod',
      project: '.',
      inputs: ['pyproject.toml', 'uv.lock'],
      options: {},
      lockedAt: place,
      ...rest,
    };
    return { environment, graph: { roots: [], distributions, warnings: [] } };
  }

  it('is none where all is as it was locked', () => {
    const fresh = [
      distribution('flask', '3'),
      distribution('tool', 'unknown', { unknownReason: 'vcs' }),
    ];
    expect(warnOfStaleLocks([resultOf(fresh)], target)).toEqual([]);
  });

  it('is one warning for all environments, with what it lacks and what it has otherwise', () => {
    const results = [
      resultOf([distribution('flask', '2.0'), distribution('rich', '13')]),
      resultOf([distribution('flask', '2.0'), distribution('pytest', '8')], {
        id: 'dev',
        changedSinceLock: ['the main set has gained rich'],
      }),
    ];
    expect(warnOfStaleLocks(results, target)).toEqual([
      {
        code: 'stale-lock',
        message:
          'uv.lock is stale: since it was made, the main set has gained rich; pyproject.toml needs flask 2.0 (it has 3.0), pytest 8 (which it does not have), rich 13 (which it does not have)',
        ...place,
      },
    ]);
  });

  it('names ten packages and counts the others', () => {
    const many = Array.from({ length: 14 }, (_, index) => distribution(`p${10 + index}`, '1'));
    expect(warnOfStaleLocks([resultOf(many)], target)[0]?.message).toMatch(
      /p19 1 \(.*\) and 4 more$/,
    );
  });

  it.each([
    [
      'has other files, which no lock knows',
      { inputs: ['pyproject.toml', 'requirements-dev.txt', 'uv.lock'] },
    ],
    ['is of other files alone', { inputs: ['requirements-dev.txt'] }],
  ])('is not said of what a set brings that %s', (_, rest) => {
    expect(warnOfStaleLocks([resultOf([distribution('rich', '13')], rest)], target)).toEqual([]);
  });

  it('is one that does not have the file that the target gets', () => {
    const file = {
      filename: 'flask-3.0-py3-none-any.whl',
      url: 'https://files.test/flask-3.0-py3-none-any.whl',
      kind: 'wheel' as const,
      version: parseVersion('3.0') ?? fail(),
      sha256: 'a'.repeat(64),
      size: 1,
      requiresPython: null,
      yanked: null,
      uploadTime: null,
      metadataFile: null,
    };
    const warningsFor = (hashes: readonly string[]): readonly string[] =>
      warnOfStaleLocks(
        [
          resultOf([distribution('flask', '3.0', { file })], {
            pins: [pin('flask==3.0', { hashes })],
          }),
        ],
        target,
      ).map(({ message }) => message);
    expect(warningsFor([`sha256:${'b'.repeat(64)}`])).toEqual([
      'uv.lock is stale: pyproject.toml needs flask 3.0 (of which it does not have the file for this target)',
    ]);
    expect(warningsFor([`sha256:${'b'.repeat(64)}`, `sha256:${'A'.repeat(64)}`])).toEqual([]);
    expect(warningsFor(['sha256:00', 'md5:x'])).toEqual([]);
  });

  it('is not said of a name that no index has', () => {
    const missing = distribution('gone', '0', { unknownReason: 'not-on-index' });
    expect(warnOfStaleLocks([resultOf([missing])], target)).toEqual([]);
  });

  it('is said at its place where what is installed from it is not what the manifest asks for', () => {
    const at = (line: number): DeclaredRequirement['location'] => ({
      path: 'pyproject.toml',
      line,
      column: 1,
    });
    const result = resultOf([distribution('flask', '3.0'), distribution('click', '8.0')], {
      requirements: [
        declare('flask>=4', { location: at(4) }),
        declare('click<9', { location: at(5) }),
        declare('rich', { location: at(6) }),
        declare("win; os_name == 'nt'", { location: at(7) }),
        declare('mine', { location: at(8) }),
      ],
      locked: {
        facts: {
          pins: [],
          staleAt: place,
          members: [],
          projects: [
            { name: normalizeName('mine'), folder: '.', sets: new Map(), location: place },
          ],
        },
        path: 'uv.lock',
        sets: [''],
        folder: '.',
      },
    });
    expect(warnOfStaleLocks([result], target)).toEqual([
      {
        code: 'stale-lock',
        message:
          'uv.lock is stale: pyproject.toml needs flask>=4 (line 4, it has 3.0), rich (line 6, which it does not have)',
        ...place,
      },
    ]);
  });
});
