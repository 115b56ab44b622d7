import { expect, test } from 'vitest';
import { renderCi } from '../../src/report/ci-section.ts';
import { createView } from '../../src/report/headline.ts';
import type { View } from '../../src/report/headline.ts';
import { createPainter } from '../../src/report/paint.ts';
import { renderScripts } from '../../src/report/scripts-section.ts';
import { createDocument, createFinding, createPackage } from './documents.ts';

function viewOf(given: Parameters<typeof createDocument>[0], all = false): View {
  const options = {
    width: 80,
    color: false,
    units: 'si',
    all,
    bytecode: false,
    weights: true,
  } as const;
  return createView(createDocument(given), options, createPainter(false));
}

const jobs = (savedDownloadBytes: number): View['document']['findings'] => [
  createFinding({
    code: 'DW133',
    rule: 'idle-ci-install',
    message: 'the job lint installs all that the product needs',
    locations: [
      { path: '.github/workflows/ci.yml', line: 81, column: 1 },
      { path: '.github/workflows/ci.yml', line: 99, column: 1 },
    ],
    savedDownloadBytes,
    remedy: { kind: 'remove', text: 'pip install ruff' },
  }),
];

test('jobs are shown by what each run downloads, little of it to those who ask for all', () => {
  const expected = [
    'CI      what jobs install without need, with each run',
    '  .github/workflows/ci.yml:81 and 1 more  2.80 GB to download',
    '    the job lint installs all that the product needs',
    '    → pip install ruff',
  ];
  expect(renderCi(viewOf({ findings: jobs(2_800_000_000) }))).toEqual(expected);
  expect(renderCi(viewOf({ findings: jobs(2_000_000) }))).toEqual([]);
  expect(renderCi(viewOf({ findings: jobs(2_000_000) }, true))).toHaveLength(4);
});

test('programs of packages are listed for those who ask for all', () => {
  const packages = [
    createPackage({ name: 'flask', scripts: ['flask'] }),
    createPackage({ name: 'idle' }),
    createPackage({ name: 'numpy', scripts: ['f2py', 'numpy-config'] }),
  ];
  expect(renderScripts(viewOf({ packages }))).toEqual([]);
  expect(renderScripts(viewOf({ packages }, true))).toEqual([
    'BIN     3 programs that 2 packages put there, a few hundred bytes each',
    '  flask  flask',
    '  numpy  f2py, numpy-config',
  ]);
});
