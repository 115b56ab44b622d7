import { describe, expect, test } from 'vitest';
import { eitherOne } from '../../src/advice/either-one.ts';
import { normalizeName } from '../../src/pep/name.ts';
import type { Finding } from '../../src/types.ts';
import { auditFiles, serveFor } from '../support/audit-files.ts';
import { contextOf } from './support.ts';

const universe = ['alpha', 'beta', 'gamma', 'base'].map((name) => ({ name, version: '1.0' }));

async function findIn(code: string, more = ''): Promise<readonly Finding[]> {
  const server = await serveFor(universe);
  const { findings } = await auditFiles(
    { 'requirements.txt': 'alpha\nbeta>=0.5\ngamma\nbase\n', 'app.py': code, 'other.py': more },
    server,
  );
  return findings.filter(({ rule }) => rule === 'either-one');
}

describe('either-one (DW135)', () => {
  test('names the two, where they are imported, and the least that goes', () => {
    const names = ['alpha', 'beta'].map(normalizeName);
    const places = [
      { path: 'app.py', line: 2, note: 'import alpha' },
      { path: 'app.py', line: 4, note: 'import beta' },
    ];
    const context = contextOf(
      ['alpha', 'beta'],
      { alpha: { size: 900, requires: ['shared'] }, beta: { size: 80 }, shared: { size: 10 } },
      { eitherOne: [{ names, places }] },
    );
    expect(eitherOne.evaluate(context)).toMatchObject([
      {
        packages: ['alpha', 'beta'],
        message: expect.stringContaining('(app.py:2 and app.py:4)'),
        savedInstalledBytes: 80,
        remedy: { kind: 'extra', text: expect.stringContaining('alpha = ["alpha"]') },
      },
    ]);
  });

  test('of three it is one finding, with what goes whichever is kept, and with extras as they are declared', () => {
    const names = ['alpha', 'beta', 'gamma'].map(normalizeName);
    const context = contextOf(
      ['alpha', "beta>=0.5; python_version >= '3.8'", 'gamma'],
      {
        alpha: { size: 900, requires: ['shared'] },
        beta: { size: 80 },
        gamma: { size: 7, requires: ['shared'] },
        shared: { size: 10 },
      },
      { eitherOne: [{ names, places: [] }] },
    );
    const [finding] = eitherOne.evaluate(context);
    expect(finding).toMatchObject({
      packages: names,
      message: expect.stringMatching(/^alpha, beta and gamma .* one of the three$/),
      savedInstalledBytes: 87,
    });
    expect(finding?.remedy?.text.split('\n')).toEqual([
      '[project.optional-dependencies]',
      'alpha = ["alpha"]',
      `beta = ["beta>=0.5; python_version >= '3.8'"]`,
      'gamma = ["gamma"]',
    ]);
  });

  test('of unknown sizes it says nothing of bytes', () => {
    const names = ['alpha', 'beta'].map(normalizeName);
    const context = contextOf(
      ['alpha', 'beta'],
      { alpha: { size: 'sdist-only' }, beta: { size: 'sdist-only' } },
      { eitherOne: [{ names, places: [] }] },
    );
    expect(eitherOne.evaluate(context)).toMatchObject([{ savedInstalledBytes: null }]);
  });

  test.each([
    ['if and else', 'if x():\n    import alpha\nelse:\n    import beta\n'],
    ['elif', 'if x() == 1:\n    import alpha\nelif y(\n    1\n):\n    from beta import b\n'],
    [
      'nested',
      'def f():\n    if x:\n        if y:\n            import alpha\n    else:\n        import beta\n',
    ],
    ['match', 'match x:\n    case 1:\n        import alpha\n    case _:\n        import beta\n'],
    ['try', 'try:\n    import alpha\nexcept ImportError:\n    import beta\n'],
    [
      'a setting',
      'def f():\n    if s.BACKEND == "a" and c is None:\n        import alpha\n    if s.BACKEND == "b":\n        import beta\n',
    ],
  ])('is told of %s', async (_, code) => {
    expect(await findIn(code)).toMatchObject([{ packages: ['alpha', 'beta'] }]);
  });

  test.each([
    [
      'three in one',
      'if x == 1:\n    import alpha\nelif x == 2:\n    import beta\nelse:\n    import gamma\n',
      [['alpha', 'beta', 'gamma']],
    ],
    [
      'two that share one',
      'if x:\n    import beta\nelse:\n    if y:\n        import alpha\n    if z:\n        import gamma\n',
      [
        ['alpha', 'beta'],
        ['beta', 'gamma'],
      ],
    ],
  ])('%s', async (_, code, packages) => {
    expect((await findIn(code)).map((finding) => finding.packages)).toEqual(packages);
  });

  test.each([
    ['two conditions', 'if x:\n    import alpha\nif y:\n    import beta\n'],
    ['one branch', 'if x:\n    import alpha\n    import beta\n'],
    [
      'a value that may change',
      'if kind == "a":\n    import alpha\nif kind == "b":\n    import beta\n',
    ],
    ['one value', 'if A.KIND == "a":\n    import alpha\nif A.KIND == "a":\n    import beta\n'],
    ['or', 'if A.KIND == "a" or x:\n    import alpha\nif A.KIND == "b":\n    import beta\n'],
    ['for and else', 'for x in y:\n    import alpha\nelse:\n    import beta\n'],
    ['another failure', 'try:\n    import alpha\nexcept ValueError:\n    import beta\n'],
    ['one at the top', 'import alpha\nif x:\n    import alpha\nelse:\n    import beta\n'],
  ])('is silent on %s', async (_, code) => {
    expect(await findIn(code)).toEqual([]);
  });

  test('is silent where another file imports one of them anyway', async () => {
    const code = 'if x():\n    import alpha\nelse:\n    import beta\n';
    expect(await findIn(code, 'import beta\n')).toEqual([]);
  });
});
