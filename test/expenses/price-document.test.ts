import { describe, expect, test } from 'vitest';
import { priceDocument, priceSets } from '../../src/expenses/price-document.ts';
import type { Prices } from '../../src/types.ts';
import { createDocument, createFinding, createPackage } from '../report/documents.ts';

const prices: Prices = {
  currency: '$',
  storage: 0.1,
  transfer: null,
  pulls: null,
  versionsKept: 1,
  bandwidth: null,
};
const sets = (before: number, after: number) => ({
  before: { downloadBytes: before },
  after: { downloadBytes: after },
  lowerBound: false,
});

describe('two sets', () => {
  test('at $0.10 for a GB and month: 3.0 GB are $0.30, 1.7 GB are $0.17', () => {
    const { before, after } = priceSets(sets(3e9, 1.7e9), prices);
    expect([before.storage, after?.storage]).toEqual([0.3, 0.17]);
    expect([before.transfer, before.seconds]).toEqual([null, null]);
  });

  test('every factor counts', () => {
    const all = { ...prices, transfer: 0.09, pulls: 1000, versionsKept: 5, bandwidth: 12_500_000 };
    const { before, after } = priceSets(sets(2e9, 1e9), all);
    expect(before).toEqual({ downloadBytes: 2e9, storage: 1, transfer: 180, seconds: 160 });
    expect(after).toEqual({ downloadBytes: 1e9, storage: 0.5, transfer: 90, seconds: 80 });
  });

  test('a transfer without pulls is that of one', () => {
    const once = { ...prices, transfer: 0.09 };
    expect(priceSets(sets(1e9, 1e9), once).before.transfer).toBe(0.09);
  });
});

describe('a document', () => {
  const pears = createPackage({ name: 'pears', downloadBytes: 2e9 });
  const plums = createPackage({ name: 'plums', downloadBytes: 1e9 });

  test('after is without what the product does not need', () => {
    const findings = [
      createFinding({ packages: ['pears'], savedDownloadBytes: 2e9 }),
      createFinding({ confidence: 'possible', savedDownloadBytes: 1e9 }),
      createFinding({ rule: 'heavy', savedDownloadBytes: 1e9 }),
    ];
    const { before, after } = priceDocument(
      createDocument({ packages: [pears, plums], findings }),
      prices,
    );
    expect([before.storage, after?.storage]).toEqual([0.3, 0.1]);
  });

  test('where nothing leaves there is no after', () => {
    const expenses = priceDocument(createDocument({ packages: [pears] }), prices);
    expect([expenses.after, expenses.lowerBound]).toEqual([null, false]);
  });

  test('a proposed file was resolved as a whole, and counts before the findings', () => {
    const document = createDocument({ packages: [pears, plums] });
    const proof = {
      resolved: true,
      changedVersions: [],
      unprovidedModules: [],
      importErrors: [],
      providedModules: [],
    };
    const totals = { ...document.totals, downloadBytes: 5e8 };
    const row = { file: 'requirements-prod.txt', kind: 'prod' as const, content: '' };
    const splits = [{ ...row, packages: [], totals, proof }];
    expect(priceDocument({ ...document, splits }, prices).after?.storage).toBe(0.05);
  });

  test('unknown bytes make it a lower bound', () => {
    const wild = createPackage({ name: 'wild', installedBytes: null, downloadBytes: null });
    const document = createDocument({ packages: [pears, wild] });
    expect(priceDocument(document, prices).lowerBound).toBe(true);
  });
});
