import { describe, expect, test } from 'vitest';
import { report } from '../../src/report/cost.ts';
import type { RenderOptions } from '../../src/report/report.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import type { CostDocument, PackageWeight } from '../../src/types.ts';
import { createDocument } from './documents.ts';

const plain: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
};

const MB = 1_000_000;
const row = (name: string, megabytes: number | null, version = '1.0'): PackageWeight => ({
  name,
  version,
  installedBytes: megabytes === null ? null : megabytes * MB,
  downloadBytes: megabytes === null ? null : megabytes * MB,
});

function costOf(given: Partial<CostDocument> = {}): CostDocument {
  const document = createDocument({ command: 'cost' });
  const totals = {
    ...document.totals,
    packages: 3,
    installedBytes: 20 * MB,
    downloadBytes: 8 * MB,
  };
  return {
    ...document,
    requirement: 'pandas>=2',
    before: totals,
    after: { ...totals, packages: 5, installedBytes: 66 * MB, downloadBytes: 22 * MB },
    added: [row('pandas', 44), row('pytz', 2)],
    removed: [],
    changed: [],
    shared: ['numpy'],
    ...given,
  };
}

const render = (document: CostDocument, options: Partial<RenderOptions> = {}): string =>
  report.render(document, { ...plain, ...options });

describe('the report of cost', () => {
  test('begins with what is added, and the whole before and after', () => {
    const text = render(costOf());
    expect(text).toContain(
      [
        '  +46 MB installed   +14 MB to download   +2 packages',
        '  20 MB → 66 MB with pandas>=2',
        '  there already: numpy',
        '',
        'Comes',
        '  pandas  1.0      44 MB',
        '  pytz    1.0     2.0 MB',
      ].join('\n'),
    );
    expect(text).not.toContain('Changes');
  });

  test('says which versions change and what goes', () => {
    const changed = [{ name: 'numpy', before: row('numpy', 60), after: row('numpy', 61, '2.0') }];
    const text = render(costOf({ changed, removed: [row('six', 1)] }));
    expect(text).toContain('Changes\n  numpy 1.0 → 2.0\n  six 1.0 goes\n');
  });

  test('shows less as less, and a size that is unknown as a lower bound', () => {
    const { before } = costOf();
    const lighter = { ...before, packages: 2, installedBytes: 5 * MB, downloadBytes: 1 * MB };
    expect(render(costOf({ after: lighter, added: [] }))).toContain(
      '  −15 MB installed   −7.0 MB to download   −1 package',
    );
    const text = render(costOf({ added: [row('gdal', null)] }));
    expect(text).toContain('≥ +46 MB installed');
    expect(text).toMatch(/gdal {2}1\.0 +\?/);
  });

  test('shows ten, and all when asked to', () => {
    const added = Array.from({ length: 14 }, (_, at) => row(`p${at + 10}`, 14 - at));
    const text = render(costOf({ added }));
    expect(text).toContain('… and 4 more packages, 10 MB (--all lists them)');
    expect(text).not.toContain('p23');
    expect(render(costOf({ added }), { all: true })).toContain('p23');
  });

  test.each([60, 72, 100])('keeps within %d columns', (width) => {
    const name = 'a-very-long-name-of-a-distribution-that-goes-on-and-on-for-ever';
    const document = costOf({
      requirement: `${name}==${'1'.repeat(80)}`,
      added: [row(name, 1, '1.0.0.dev20261129+local.version')],
      changed: [{ name, before: row(name, 1), after: row(name, 1, '2'.repeat(70)) }],
      shared: [name, `${name}-too`],
    });
    for (const line of render(document, { width }).split('\n'))
      expect(displayWidth(line)).toBeLessThanOrEqual(width);
  });
});
