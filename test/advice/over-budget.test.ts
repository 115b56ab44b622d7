import { describe, expect, test } from 'vitest';
import { overBudget } from '../../src/advice/over-budget.ts';
import type { PlaceRow } from '../../src/types.ts';
import { contextOf } from './support.ts';

const row: PlaceRow = {
  key: 'aws-lambda-zip',
  measure: 'installed',
  limit: 262_144_000,
  actual: 400_000_000,
  status: 'failed',
  environment: 'prod',
  target: {
    python: '3.12',
    implementation: 'cp',
    os: 'linux',
    arch: 'aarch64',
    libc: 'glibc',
    platformTag: 'manylinux_2_34_aarch64',
    from: 'template.yaml:3',
  },
  notes: [],
  remaining: 100_000_000,
  locations: [{ path: 'template.yaml', line: 3, column: 1 }],
};
const findingsOf = (places: readonly PlaceRow[]) =>
  overBudget.evaluate(contextOf(['pears'], { pears: {} }, { places }));

describe('over-budget', () => {
  test('names the place, what shows it, and whether taking out what is not needed is enough', () => {
    const [finding] = findingsOf([row]);
    expect(finding).toMatchObject({
      code: 'DW117',
      severity: 'info',
      confidence: 'certain',
      packages: [],
      locations: row.locations,
    });
    expect(finding?.message).toContain('with Python 3.12 on aarch64');
    expect(finding?.message).toMatch(/^aws-lambda-zip: .* AWS Lambda .*without .* it would fit$/);
    const [hopeless] = findingsOf([{ ...row, remaining: 300_000_000 }]);
    expect(hopeless?.message).toContain('is not enough');
  });

  test('of what a place compresses itself only an estimate is known', () => {
    const slug = { ...row, key: 'heroku-slug', measure: 'download' as const };
    expect(findingsOf([slug])[0]).toMatchObject({ confidence: 'likely' });
  });

  test('is silent where it fits, or where nothing is proven', () => {
    expect(findingsOf([])).toEqual([]);
    expect(
      findingsOf([
        { ...row, status: 'passed' },
        { ...row, status: 'unknown' },
      ]),
    ).toEqual([]);
  });
});
