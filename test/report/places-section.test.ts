import { describe, expect, test } from 'vitest';
import type { RenderOptions } from '../../src/report/report.ts';
import { report } from '../../src/report/terminal.ts';
import { displayWidth } from '../../src/report/text-width.ts';
import type { PlaceRow } from '../../src/types.ts';
import { createDocument, createFinding, createPackage } from './documents.ts';
import { createTrackmaster } from './trackmaster.ts';

const plain: RenderOptions = {
  width: 80,
  color: false,
  units: 'si',
  all: false,
  bytecode: false,
  weights: true,
};

function place(given: Partial<PlaceRow> = {}): PlaceRow {
  return {
    key: 'aws-lambda-zip',
    measure: 'installed',
    limit: 262_144_000,
    actual: 5_230_000_000,
    status: 'failed',
    environment: 'prod',
    target: createDocument().target,
    notes: [],
    remaining: 443_000_000,
    locations: [{ path: 'template.yaml', line: 3, column: 1 }],
    ...given,
  };
}

const slug = place({
  key: 'heroku-slug',
  measure: 'download',
  limit: 500_000_000,
  actual: 2_840_000_000,
  remaining: 140_000_000,
  locations: [{ path: 'Procfile', line: 1, column: 1 }],
});
const passed = place({ status: 'passed', actual: 42_000_000 });
const runner = place({
  key: 'github-runner',
  status: 'passed',
  limit: 14e9,
  actual: 42_000_000,
  locations: [{ path: '.github/workflows/ci.yml', line: 9, column: 1 }],
});

/** The section alone. */
function sectionOf(places: readonly PlaceRow[], options: Partial<RenderOptions> = {}): string {
  const text = report.render({ ...createTrackmaster(), places }, { ...plain, ...options });
  return text.split('\n\n').find((section) => section.startsWith('PLACE')) ?? '';
}

describe('PLACE', () => {
  test('says what is too much, and whether the rest would fit', () => {
    expect(sectionOf([place(), slug])).toMatchInlineSnapshot(`
      "PLACE   where the repository shows that it goes
        aws-lambda-zip  template.yaml:3  ✗ 5.23 GB of 262 MB
          over by 4.97 GB; what the product needs is 443 MB, still too much
        heroku-slug     Procfile:1       ✗ ≈ 2.84 GB of 500 MB
          over by 2.34 GB; what the product needs is 140 MB, which fits; it
          compresses by itself: this is an estimate"
    `);
  });

  test('of those that take it the nearest has one line', () => {
    expect(sectionOf([passed, runner])).toMatchInlineSnapshot(`
      "PLACE   where the repository shows that it goes
        aws-lambda-zip  template.yaml:3  ✓ 42 MB of 262 MB (16 %)"
    `);
  });

  test('near its limit, what else the place counts is said', () => {
    const near = place({ status: 'passed', actual: 250_000_000 });
    expect(sectionOf([near])).toContain('it also counts your code and all layers');
  });

  test('a lower bound proves nothing', () => {
    const text = sectionOf([place({ status: 'unknown', actual: 42_000_000 })]);
    expect(text).toContain('? at least 42 MB of 262 MB');
    expect(text).toContain('unknown sizes come on top');
  });

  test('another machine is named, with what was supposed', () => {
    const target = {
      ...createDocument().target,
      python: '3.12',
      arch: 'aarch64',
      platformTag: 'manylinux_2_34_aarch64',
    };
    const notes = ['without boto3 (noDeploy)'];
    expect(sectionOf([{ ...passed, target, notes }])).toMatchInlineSnapshot(`
      "PLACE   where the repository shows that it goes
        aws-lambda-zip  template.yaml:3  ✓ 42 MB of 262 MB (16 %)
          for Python 3.12 · Linux aarch64 · glibc 2.34; without boto3 (noDeploy)"
    `);
  });

  test('what cannot be installed there is shown like what is too much', () => {
    const notes = ['no solution there: pears has no file for it'];
    const open = place({ status: 'unknown', actual: null, remaining: null, notes });
    expect(sectionOf([passed, open])).toMatchInlineSnapshot(`
      "PLACE   where the repository shows that it goes
        aws-lambda-zip  template.yaml:3  ✗ ? of 262 MB
          no solution there: pears has no file for it
        aws-lambda-zip  template.yaml:3  ✓ 42 MB of 262 MB (16 %)"
    `);
  });

  test('an upper bound is called one', () => {
    const notes = ['slim strips the libraries, so it becomes less than this'];
    const open = place({ status: 'unknown', actual: 300_000_000, upperBound: true, notes });
    expect(sectionOf([open])).toMatchInlineSnapshot(`
      "PLACE   where the repository shows that it goes
        aws-lambda-zip  template.yaml:3  ? at most 300 MB of 262 MB
          slim strips the libraries, so it becomes less than this; it also counts
          your code and all layers"
    `);
  });

  test('functions on several machines are all shown', () => {
    const target = { ...createDocument().target, arch: 'aarch64' };
    const text = sectionOf([passed, { ...passed, target }]);
    expect(text.match(/aws-lambda-zip/g)).toHaveLength(2);
  });

  test('a workflow is worth a line only where it takes much of the disk, or all is asked for', () => {
    expect(sectionOf([runner])).toBe('');
    expect(sectionOf([runner], { all: true })).toContain('.github/workflows/ci.yml:9');
    expect(sectionOf([{ ...runner, actual: 5e9 }])).toContain('5.00 GB of 14.0 GB (36 %)');
  });

  test.each([60, 80, 100])('keeps within %d columns', (width) => {
    const text = sectionOf([place(), slug, passed, runner], { width, all: true });
    expect(Math.max(...text.split('\n').map(displayWidth))).toBeLessThanOrEqual(width);
  });
});

describe('a report without work', () => {
  const packages = [createPackage({ name: 'pears' })];

  test('has the place in a line', () => {
    const text = report.render(createDocument({ packages, places: [passed] }), plain);
    expect(text).toContain('  ✓ 42 MB of 262 MB (16 %) of aws-lambda-zip (template.yaml:3)\n');
  });

  test('is no such report where the place does not take it', () => {
    const findings = [createFinding({ rule: 'over-budget', severity: 'info' })];
    const text = report.render(createDocument({ packages, findings, places: [place()] }), plain);
    expect(text).toContain('PLACE');
  });
});
