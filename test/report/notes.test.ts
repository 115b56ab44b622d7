import { describe, expect, test } from 'vitest';
import type { RenderOptions } from '../../src/report/report.ts';
import { report } from '../../src/report/terminal.ts';
import type { Finding } from '../../src/types.ts';
import { attribute, createDocument, createFinding, createPackage } from './documents.ts';

const plain: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
};

const scipy = createPackage({ name: 'scipy', installedBytes: 111_000_000 });
const packages = attribute(
  [
    {
      ...scipy,
      composition: scipy.composition === null ? null : { ...scipy.composition, tests: 14_200_000 },
    },
    createPackage({ name: 'numpy', installedBytes: 61_000_000 }),
  ],
  ['scipy', 'numpy'],
);

function notesOf(findings: readonly Finding[], options = plain): readonly string[] {
  const all = [...findings, createFinding({ packages: ['numpy'], savedInstalledBytes: 5 })];
  const lines = report.render(createDocument({ packages, findings: all }), options).split('\n');
  const start = lines.findIndex((line) => line.startsWith('NOTE'));
  return lines.slice(start, lines.indexOf('', start)).map((line) => line.slice(8));
}

const tests = createFinding({
  rule: 'strippable',
  severity: 'info',
  savedInstalledBytes: 31_600_000,
  message:
    '7 % of what stays are test suites inside wheels: scipy, other and 9 more; only their own .test() entry points need them',
});

describe('NOTE', () => {
  test('says what each wheel holds of the files that can go', () => {
    expect(notesOf([tests])).toEqual([
      '32 MB (7 %) of what stays are test suites inside wheels: scipy 14 MB,',
      'other and 9 more',
    ]);
  });

  test('tells with --all what the files are for', () => {
    expect(notesOf([tests], { ...plain, all: true }).join(' ')).toContain(
      'and 9 more; only their own .test() entry points need them',
    );
  });

  test('puts the weights of what excludes one another side by side, with --all the extras below', () => {
    const choice = createFinding({
      rule: 'either-one',
      packages: ['scipy', 'numpy', 'unsized'],
      message:
        'scipy, numpy and unsized are imported in branches that exclude one another (a.py:3 and b.py:4): whoever installs this needs one of the three',
      remedy: {
        kind: 'extra',
        text: '[project.optional-dependencies]\nscipy = ["scipy>=1"]\nnumpy = ["numpy"]',
      },
    });
    const said = [
      'each run of the program needs one of scipy 111 MB, numpy 61 MB or',
      'unsized ? (a.py:3 and b.py:4)',
    ];
    expect(notesOf([choice])).toEqual(said);
    expect(notesOf([choice], { ...plain, all: true })).toEqual([
      said[0],
      'unsized ? (a.py:3 and b.py:4); an extra for each lets people choose:',
      '    [project.optional-dependencies]',
      '    scipy = ["scipy>=1"]',
      '    numpy = ["numpy"]',
    ]);
  });

  test('says less rather than half a sentence', () => {
    const message = `${'word '.repeat(20).trim()}; ${'more '.repeat(20).trim()}`;
    const lines = notesOf([createFinding({ rule: 'drift', message })]);
    expect(lines.join(' ')).toBe('word '.repeat(20).trim());
    expect(lines.join(' ')).not.toContain('…');
  });

  test('what is missing from the totals comes before advice', () => {
    const unbuilt = createFinding({
      rule: 'no-wheel',
      severity: 'info',
      message: 'gdal 3.8.0 has no wheel; its size is unknown',
    });
    expect(notesOf([tests, unbuilt])[0]).toContain('gdal 3.8.0 has no wheel');
  });

  test('several packages without a wheel are named, though none of them is declared', () => {
    const unbuilt = ['gdal', 'htbuilder'].map((name) =>
      createFinding({ rule: 'no-wheel', severity: 'info', message: `${name} 1.0 has no wheel` }),
    );
    expect(notesOf(unbuilt).join(' ')).toBe(
      '2 without a wheel for this target, so of unknown size: gdal, htbuilder',
    );
  });
});
