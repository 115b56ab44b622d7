import { describe, expect, test } from 'vitest';
import { priceDocument } from '../../src/expenses/price-document.ts';
import type { RenderOptions } from '../../src/report/report.ts';
import { report } from '../../src/report/terminal.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import type { AuditDocument, Prices } from '../../src/types.ts';
import { createDocument, createPackage } from './documents.ts';
import { createTrackmaster } from './trackmaster.ts';

const plain: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
};
const prices: Prices = {
  currency: '$',
  storage: 0.1,
  transfer: 0.09,
  pulls: 1000,
  versionsKept: 5,
  bandwidth: 12_500_000,
};

function sectionOf(document: AuditDocument, given: Partial<Prices> = {}, width = 80): string {
  const expenses = priceDocument(document, { ...prices, ...given });
  const text = report.render({ ...document, expenses }, { ...plain, width });
  return text.split('\n\n').find((section) => section.startsWith('COST')) ?? '';
}

describe('COST', () => {
  test('has each amount with its factors, before and after', () => {
    expect(sectionOf(createTrackmaster())).toMatchInlineSnapshot(`
      "COST    of the wheels as they are compressed; code and base image come on top
        storage   2.84 GB × 5 versions × $0.10/GB      $1.42 → $0.07 a month
        transfer  2.84 GB × 1,000 pulls × $0.09/GB          $255.70 → $12.58
        time      2.84 GB at 100 Mbit/s             3 min 47 s → 11 s a pull"
    `);
  });

  test('has only what a price was given for', () => {
    const given = { transfer: null, bandwidth: null, versionsKept: 1 };
    const text = sectionOf(createTrackmaster(), given);
    expect(text).toContain('2.84 GB × $0.10/GB');
    expect(text).not.toMatch(/transfer|time|version/);
    expect(report.render(createTrackmaster(), plain)).not.toContain('COST');
  });

  test('of a set that stays as it is there is one amount, small ones with digits that say something', () => {
    const packages = [createPackage({ name: 'pears', downloadBytes: 40_000_000 })];
    const text = sectionOf(createDocument({ packages }), { versionsKept: 1, bandwidth: 1.25e9 });
    expect(text).toMatch(/ {2}\$0\.004 a month$/m);
    expect(text).toContain('40 MB at 10 Gbit/s');
    expect(text).not.toContain('→');
  });

  test('a lower bound is said', () => {
    const wild = createPackage({ name: 'wild', installedBytes: null, downloadBytes: null });
    const pears = createPackage({ name: 'pears', downloadBytes: 3e9 });
    const document = createDocument({ packages: [pears, wild] });
    expect(sectionOf(document, { versionsKept: 1 })).toContain('≥ $0.30 a month');
  });

  test.each([60, 80, 100])('keeps within %d columns', (width) => {
    const text = sectionOf(createTrackmaster(), { pulls: 100_000_000 }, width);
    expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(width);
  });
});
