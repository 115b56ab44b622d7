import { describe, expect, test } from 'vitest';
import { checkBudgets } from '../../src/budget/check-budgets.ts';
import { readLimits } from '../../src/budget/read-limits.ts';
import { report } from '../../src/report/check.ts';
import type { RenderOptions } from '../../src/report/report.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import type { AuditDocument, CheckDocument } from '../../src/types.ts';
import { createDiff } from './diff-document.ts';
import { createDocument, createFinding, createPackage } from './documents.ts';
import { createTrackmaster } from './trackmaster.ts';

const plain: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
  failOn: { rules: [], severity: 'error' },
};

function checked(document: AuditDocument, flags: Readonly<Record<string, unknown>>): CheckDocument {
  const budgets = checkBudgets(document, readLimits({ flags, setting: undefined, path: '' }));
  return { ...document, command: 'check', budgets };
}

const four = {
  'max-installed': '500 MB',
  'max-download': '200 MB',
  'max-packages': '60',
  'max-unused': '0',
};

describe('a broken budget', () => {
  test('is a line for each limit, and what would meet them', () => {
    expect(report.render(checked(createTrackmaster(), four), plain)).toMatchInlineSnapshot(`
      "✗ budget   installed   5.23 GB of 500 MB   over by 4.73 GB
      ✗ budget   download    2.84 GB of 200 MB   over by 2.64 GB
      ✗ budget   packages         68 of 60       over by 8
      ✗ budget   unused      4.79 GB of 0 B      over by 4.79 GB
      ✗ unused   torch, torchaudio (requirements.txt:12, :13)   4.79 GB

        Removing and moving the 3 lines that nothing in the product needs meets all 4:
        442 MB, 140 MB to download, 43 packages.
        depweight split
        for Python 3.11 · Linux x86_64 · glibc 2.28 (Dockerfile:1)
      "
    `);
  });

  test('says what removing is not enough for', () => {
    const text = report.render(checked(createTrackmaster(), { budget: 'aws-lambda-zip' }), plain);
    expect(text).toContain('✗ budget   aws-lambda-zip   5.23 GB of 262 MB   over by 4.97 GB\n');
    expect(text).toContain('aws-lambda-zip also counts your code and all layers');
    expect(text).toMatch(/is not\s+enough: 442 MB/);
  });

  test('by less than the digits show is shown in bytes', () => {
    const packages = [createPackage({ name: 'pears', installedBytes: 1_000_001 })];
    const document = checked(createDocument({ packages }), { 'max-installed': '1000000' });
    expect(report.render(document, plain)).toContain('1,000,001 B of 1,000,000 B   over by 1 B');
  });

  test.each([60, 80, 100])('keeps within %d columns', (width) => {
    const flags = { ...four, budget: 'heroku-slug,azure-functions' };
    const text = report.render(checked(createTrackmaster(), flags), { ...plain, width });
    expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(width);
  });
});

describe('a budget that is met', () => {
  test('is one line', () => {
    const flags = { 'max-installed': '6 GB', 'max-download': '3 GB', 'max-packages': '100' };
    expect(report.render(checked(createTrackmaster(), flags), plain)).toBe(
      '✓ 5.23 GB of 6.00 GB (87 %), 2.84 GB of 3.00 GB to download, 68 of 100 packages\n',
    );
  });

  test('without any the line says so', () => {
    expect(report.render(checked(createTrackmaster(), {}), plain)).toBe(
      '✓ no budget is set, and no finding fails: 5.23 GB, 68 packages\n',
    );
  });

  test('a slug is compressed by its place: the wheels are an estimate', () => {
    const packages = [createPackage({ name: 'pears' })];
    const document = checked(createDocument({ packages }), { budget: 'heroku-slug' });
    const text = report.render(document, plain);
    expect(text).toMatch(/^✓ 100 kB of 500 MB \(<1 %\) of heroku-slug\n/);
    expect(text).toContain('the wheels are an estimate of that');
  });
});

describe('a budget that cannot be proven', () => {
  test('says why', () => {
    const packages = [createPackage({ name: 'gdal', installedBytes: null })];
    const document = checked(createDocument({ packages }), { 'max-installed': '5 MB' });
    expect(report.render(document, plain)).toBe(
      '? budget   installed   at least 0 B of 5.0 MB: cannot be proven, as 1 size is\n  unknown\n',
    );
  });
});

describe('findings', () => {
  test('that fail are named with their places', () => {
    const findings = [
      createFinding({
        rule: 'missing',
        severity: 'error',
        message: 'yaml is imported, and nothing provides it',
        locations: [{ path: 'app/main.py', line: 3, column: 1 }],
      }),
    ];
    expect(report.render(checked(createDocument({ findings }), {}), plain)).toContain(
      '✗ missing  yaml is imported, and nothing provides it (app/main.py:3)\n',
    );
  });

  test('a conflict shows the requirements that exclude each other', () => {
    const error = {
      message: 'no version fits',
      requirements: [{ raw: 'pears<1', path: 'requirements.txt', line: 1, column: 1 }],
    };
    expect(report.render(checked(createDocument({ error }), four), plain)).toContain('pears<1');
  });
});

describe('growth', () => {
  const web = 'web 1.0 4000000 1000000';
  function grown(
    before: string,
    after: string,
    flags: Readonly<Record<string, unknown>>,
  ): CheckDocument {
    const {
      ref,
      before: old,
      after: now,
      ...diff
    } = createDiff({ packages: before }, { packages: after });
    const { difference, added, removed, changed } = diff;
    if (!old || !now || !difference || !added || !removed || !changed) throw new Error('no diff');
    const growth = {
      ref,
      before: old,
      after: now,
      difference,
      added,
      removed,
      changed,
      targetBefore: null,
    };
    const limits = readLimits({ flags, setting: undefined, path: '' });
    const document = createDocument({ command: 'check', packages: diff.packages });
    return { ...document, budgets: checkBudgets(document, limits, growth), growth };
  }

  test('beyond its limit is a line, with what came and the command that shows the rest', () => {
    const after = `${web.replace('4000000', '4500000')}\nfig 2.0 12000000 5000000\nseed 1.0 1000000 9 < fig`;
    expect(report.render(grown(web, after, { 'max-growth': '10 MB' }), plain))
      .toMatchInlineSnapshot(`
      "✗ budget   growth   +14 MB of +10 MB since main   over by 3.5 MB

      ADDED    2 packages, 13 MB
        fig 2.0       12 MB
        seed 1.0     1.0 MB  fig

      CHANGED  1 package, +500 kB
        web 1.0, another file     4.0 MB → 4.5 MB       +500 kB

        depweight diff main

        for Python 3.11 · Linux x86_64 · glibc 2.28 (default)
      "
    `);
  });

  test('within its limit is a part of the one line, also where it has shrunk', () => {
    const text = (before: string, after: string, limit: string): string =>
      report.render(grown(before, after, { 'max-growth': limit, 'max-packages': '9' }), plain);
    const more = `${web}\nfig 1.0 100000 1`;
    expect(text(web, more, '1 MB')).toBe('✓ 2 of 9 packages, +100 kB of +1.0 MB since main\n');
    expect(text(web, more, '5 %')).toContain('+100 kB of +200 kB (5 %) since main\n');
    expect(text(more, web, '0')).toContain('−100 kB of 0 since main\n');
  });

  test('that cannot be proven says why', () => {
    const flags = { 'max-growth': '10 MB' };
    const source = `${web}\nsource 1.0 ? ?`;
    const said = (document: CheckDocument): string =>
      report.render(document, plain).replaceAll(/\s+/g, ' ');
    expect(said(grown(web, source, flags))).toContain(
      '? budget growth ≥ 0 B of +10 MB since main: cannot be proven, as sizes of what came or went are unknown',
    );
    expect(said(grown('', web, { 'max-growth': '5 %' }))).toContain(
      'of 5 % since main: cannot be proven, as there was nothing before of which that could be a part',
    );
    expect(said(grown(source, `${source}\nfig 1.0 9000000 1`, { 'max-growth': '5 %' }))).toContain(
      'as what was there before is not all known',
    );
    const without = checked(createDocument(), flags);
    expect(said(without)).toContain(
      'growth ? of +10 MB: cannot be proven, as --against names no ref',
    );
    const warnings = [{ code: 'growth', message: 'no solution' }];
    expect(said({ ...without, warnings })).toContain('as one of the sides has no solution');
  });
});
