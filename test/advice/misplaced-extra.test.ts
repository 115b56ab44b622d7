import { expect, test } from 'vitest';
import { misplacedExtra } from '../../src/advice/misplaced-extra.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { contextOf } from './support.ts';

const world = { click: { size: 'sdist-only' } } as const;

test('misplaced-extra (DW106) names the command, the extra and the import', () => {
  const misplacedExtras = [
    {
      name: normalizeName('rich'),
      extras: ['pretty'],
      command: 'pkg.cli',
      commandAt: { path: 'pyproject.toml', line: 9 },
      places: [{ path: 'pkg/show.py', line: 1, note: 'import rich' }],
      locations: [{ path: 'pyproject.toml', line: 5, column: 3 }],
    },
  ];
  expect(misplacedExtra.evaluate(contextOf(['click'], world, { misplacedExtras }))).toEqual([
    {
      code: 'DW106',
      rule: 'misplaced-extra',
      packages: ['rich'],
      leaves: [],
      severity: 'warning',
      confidence: 'likely',
      message:
        'pkg.cli (pyproject.toml:9) fails without the extra pretty: it imports rich at once (pkg/show.py:1)',
      locations: [{ path: 'pyproject.toml', line: 5, column: 3 }],
      evidence: [{ path: 'pkg/show.py', line: 1, note: 'import rich' }],
      savedInstalledBytes: null,
      savedDownloadBytes: null,
      remedy: {
        kind: 'move',
        text: 'move rich to the dependencies of the package, or import it where it is needed',
      },
    },
  ]);
  expect(misplacedExtra.evaluate(contextOf(['click'], world))).toEqual([]);
});
