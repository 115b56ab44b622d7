import { describe, expect, test } from 'vitest';
import { readLimits } from '../../src/budget/read-limits.ts';
import { DepweightError } from '../../src/errors.ts';

const read = (flags: Readonly<Record<string, unknown>>, setting?: unknown) =>
  readLimits({ flags, setting, path: 'pyproject.toml' }).map(
    ({ key, measure, limit }) => `${key} ${measure} ${limit}`,
  );

function failure(flags: Readonly<Record<string, unknown>>, setting?: unknown): DepweightError {
  try {
    read(flags, setting);
  } catch (error) {
    if (error instanceof DepweightError) return error;
  }
  throw new Error('nothing was refused');
}

describe('limits', () => {
  test('are read from flags, in the order of the report', () => {
    const flags = {
      'max-unused': '0 MB',
      'max-packages': '60',
      'max-installed': '250MiB',
      'max-download': '200 MB',
    };
    expect(read(flags)).toEqual([
      'installed installed 262144000',
      'download download 200000000',
      'packages packages 60',
      'unused unused 0',
    ]);
    expect(read({})).toEqual([]);
  });

  test('of the configuration stand below the flags', () => {
    const table = { installed: '500 MB', packages: 60 };
    expect(read({ 'max-installed': '1 GB' }, table)).toEqual([
      'installed installed 1000000000',
      'packages packages 60',
    ]);
    expect(read({}, { installed: 1000 })).toEqual(['installed installed 1000']);
  });

  test('of growth are sizes, with or without a sign, or a part of what was there', () => {
    for (const text of ['10 MB', '+10MB', '+ 10 MB', '10000000'])
      expect(read({ 'max-growth': text })).toEqual(['growth growth 10000000']);
    expect(read({}, { growth: 5 })).toEqual(['growth growth 5']);
    const parts = (text: string): unknown =>
      readLimits({ flags: { 'max-growth': text }, setting: undefined, path: '' })[0]?.percent;
    expect([parts('5%'), parts('+2.5 %'), parts('0 %')]).toEqual([5, 2.5, 0]);
    expect(read({ 'max-growth': '1MB' }, { growth: '5 %', unused: 0 })).toEqual([
      'unused unused 0',
      'growth growth 1000000',
    ]);
  });

  test('may be the names of places', () => {
    const lambda = 'aws-lambda-zip installed 262144000';
    expect(read({ budget: ['aws-lambda-zip,heroku-slug'] })).toEqual([
      lambda,
      'heroku-slug download 500000000',
    ]);
    expect(read({}, 'aws-lambda-zip')).toEqual([lambda]);
    expect(read({}, { installed: 'aws-lambda-zip' })).toEqual([lambda]);
    expect(read({ budget: ['aws-lambda-zip', 'aws-lambda-zip'] })).toEqual([lambda]);
  });

  test.each([
    [{ 'max-installed': '5M' }, undefined, '--max-installed', '5MB or 5MiB?'],
    [{ 'max-installed': 'much' }, undefined, '--max-installed', null],
    [{ 'max-installed': '5 %' }, undefined, '--max-installed', null],
    [{ 'max-growth': '+10M' }, undefined, '--max-growth', '+10MB or +10MiB?'],
    [{ 'max-growth': '-10 MB' }, undefined, '--max-growth', null],
    [{ 'max-growth': 'aws-lambda-zip' }, undefined, '--max-growth', null],
    [{ 'max-packages': '1.5' }, undefined, '--max-packages', null],
    [{ 'max-packages': '5 MB' }, undefined, '--max-packages', null],
    [{ budget: ['aws-lambda-zp'] }, undefined, '--budget', 'did you mean aws-lambda-zip?'],
    [{ budget: ['moon'] }, undefined, '--budget', expect.stringContaining('the presets are')],
    [{}, { installed: 'heroku-slug' }, 'budget.installed', null],
    [{}, { download: true }, 'budget.download', null],
  ])('%j over %j is refused', (flags, setting, named, hint) => {
    const error = failure(flags, setting);
    expect(error.exitCode).toBe(2);
    expect(error.message).toContain(named);
    expect(error.hint).toEqual(hint);
    if (setting !== undefined) expect(error.location?.path).toBe('pyproject.toml');
  });
});
