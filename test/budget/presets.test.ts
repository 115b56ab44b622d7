import { expect, test } from 'vitest';
import budgets from '../../data/budgets.json' with { type: 'json' };
import { BUDGET_PRESETS, findPreset } from '../../src/budget/presets.ts';

test('every place has a limit, what it limits, and a source with its day', () => {
  expect(new Set(budgets.presets.map(({ name }) => name)).size).toBe(budgets.presets.length);
  for (const row of budgets.presets) {
    expect(row.name).toMatch(/^[a-z][a-z\d]*(?:-[a-z\d]+)+$/);
    expect(Number.isSafeInteger(row.limit) && row.limit > 0, row.name).toBe(true);
    expect(['installed', 'download']).toContain(row.measure);
    expect(row.date).toMatch(/^\d{4}-\d{2}-\d{2}$/);
    expect(row.url).toMatch(/^https:\/\//);
    expect(row.source.length).toBeGreaterThan(20);
    expect(row.counts).not.toBe('');
  }
});

test('the limit of a zip for Lambda is in exact bytes', () => {
  expect(findPreset('aws-lambda-zip')).toMatchObject({ limit: 262_144_000, measure: 'installed' });
  expect(findPreset('heroku-slug')?.measure).toBe('download');
  expect(findPreset('nowhere')).toBeNull();
  expect(BUDGET_PRESETS.length).toBe(budgets.presets.length);
});
