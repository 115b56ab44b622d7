import { describe, expect, test } from 'vitest';
import { EXIT_CODES, exitCodeFor, type FailOn } from '../../src/exit-code.ts';
import { createDocument, createFinding, createPackage } from '../report/documents.ts';
import type { UnknownReason } from '../../src/types.ts';

const lenient = { strict: false, failOn: null };
const onWarning: FailOn = { rules: [], severity: 'warning' };

function withUnknown(unknownReason: UnknownReason) {
  const packages = [createPackage({ name: 'gdal', installedBytes: null, unknownReason })];
  return createDocument({ packages });
}

test('the codes are those of the contract', () => {
  expect(EXIT_CODES).toEqual({
    done: 0,
    failed: 1,
    wrongCall: 2,
    incomplete: 3,
    internal: 70,
    interrupted: 130,
  });
});

describe('exitCodeFor', () => {
  test('findings alone never fail', () => {
    const findings = [createFinding({ severity: 'error' })];
    expect(exitCodeFor(createDocument({ findings }), lenient)).toBe(0);
  });

  test('a line that cannot be parsed is 2, whatever else was found', () => {
    const warnings = [{ code: 'x', message: 'y', severity: 'error' as const }];
    const findings = [createFinding({ severity: 'error' })];
    const document = createDocument({ warnings, findings });
    expect(exitCodeFor(document, { strict: true, failOn: onWarning })).toBe(2);
  });

  test('no solution is 2', () => {
    const error = { message: 'no', requirements: [] };
    expect(exitCodeFor(createDocument({ error }), lenient)).toBe(2);
  });

  test('an ordinary warning is 0, an incomplete answer 3', () => {
    expect(exitCodeFor(createDocument({ warnings: [{ code: 'x', message: 'y' }] }), lenient)).toBe(
      0,
    );
    const warnings = [{ code: 'x', message: 'y', severity: 'incomplete' as const }];
    expect(exitCodeFor(createDocument({ warnings }), lenient)).toBe(3);
  });

  test.each<UnknownReason>(['sdist-only', 'no-wheel-for-target', 'vcs', 'url', 'local', 'conda'])(
    'unknown by nature (%s) is 0, and 3 under --strict',
    (reason) => {
      expect(exitCodeFor(withUnknown(reason), lenient)).toBe(0);
      expect(exitCodeFor(withUnknown(reason), { ...lenient, strict: true })).toBe(3);
    },
  );

  test('requirements that could not be read are 0, and 3 under --strict', () => {
    const [row] = createDocument({}).environments;
    if (row === undefined) throw new Error('the document has no environment');
    const document = createDocument({ environments: [{ ...row, partial: true }] });
    expect(exitCodeFor(document, lenient)).toBe(0);
    expect(exitCodeFor(document, { ...lenient, strict: true })).toBe(3);
  });

  test.each<UnknownReason>([
    'network',
    'broken-wheel',
    'broken-metadata',
    'not-on-index',
    'no-usable-file',
    'offline',
  ])('unknown by a fault (%s) is 3', (reason) => {
    expect(exitCodeFor(withUnknown(reason), lenient)).toBe(3);
  });

  test('weights that nobody asked for are not unknown', () => {
    const row = { ...createPackage({ name: 'numpy', installedBytes: null }), unknownReason: null };
    expect(exitCodeFor(createDocument({ packages: [row] }), { ...lenient, strict: true })).toBe(0);
  });

  test.each<[FailOn, string, number]>([
    [{ rules: ['unused'], severity: null }, 'info', 1],
    [{ rules: ['dev-only'], severity: null }, 'error', 0],
    [{ rules: [], severity: 'error' }, 'error', 1],
    [{ rules: [], severity: 'error' }, 'warning', 0],
    [{ rules: [], severity: 'warning' }, 'error', 1],
    [{ rules: [], severity: 'warning' }, 'warning', 1],
    [{ rules: [], severity: 'warning' }, 'info', 0],
  ])('--fail-on %j on an unused of severity %s is %d', (failOn, severity, code) => {
    const finding = {
      ...createFinding(),
      severity: severity === 'info' ? 'info' : severity === 'error' ? 'error' : 'warning',
    } as const;
    expect(exitCodeFor(createDocument({ findings: [finding] }), { strict: false, failOn })).toBe(
      code,
    );
  });

  test('a finding that is only possible never fails', () => {
    const findings = [createFinding({ confidence: 'possible', severity: 'error' })];
    const failOn: FailOn = { rules: ['unused'], severity: 'warning' };
    expect(exitCodeFor(createDocument({ findings }), { strict: false, failOn })).toBe(0);
  });

  test('a rule that is broken stays broken however much is unknown', () => {
    const document = { ...withUnknown('network'), findings: [createFinding()] };
    expect(exitCodeFor(document, { strict: false, failOn: onWarning })).toBe(1);
  });
});

describe('budgets', () => {
  const withBudget = (status: 'passed' | 'failed' | 'unknown') => ({
    ...createDocument(),
    budgets: [{ status: 'passed' as const }, { status }],
  });

  test('that are broken are 1, what cannot be proven is 3 under --strict alone', () => {
    const strict = { ...lenient, strict: true };
    expect(exitCodeFor(withBudget('passed'), strict)).toBe(0);
    expect(exitCodeFor(withBudget('failed'), lenient)).toBe(1);
    expect(exitCodeFor(withBudget('unknown'), lenient)).toBe(0);
    expect(exitCodeFor(withBudget('unknown'), strict)).toBe(3);
  });

  test('a line that cannot be parsed outranks them, and they outrank an incomplete answer', () => {
    const warning = (severity: 'error' | 'incomplete') => [{ code: 'x', message: 'y', severity }];
    const failed = withBudget('failed');
    expect(exitCodeFor({ ...failed, warnings: warning('error') }, lenient)).toBe(2);
    expect(exitCodeFor({ ...failed, warnings: warning('incomplete') }, lenient)).toBe(1);
  });
});
