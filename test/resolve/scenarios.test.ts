import { describe, expect, test } from 'vitest';
import type { Expected, Scenario } from '../support/scenario.ts';
import { describeOutcome, readScenarios, runScenario } from '../support/scenario.ts';

const shapes = [{ shape: 'pypi' as const, relativeUrls: true }, { shape: 'mirror' as const }];

describe.each(shapes)('resolution over HTTP from an index of shape $shape', (server) => {
  test.each(readScenarios())('%s', async (_name, scenario) => {
    const found = describeOutcome(await runScenario(scenario, server));
    expectOutcome(found, scenario);
  });
});

function expectOutcome(found: Expected, { expected, description }: Scenario): void {
  if (expected.conflict !== undefined) {
    const message = found.conflict?.[0] ?? `there is a solution: ${JSON.stringify(found.versions)}`;
    for (const part of expected.conflict) expect(message, description).toContain(part);
    if (expected.hint !== undefined) expect(found.hint, description).toBe(expected.hint);
    if (expected.places !== undefined) expect(found.places).toEqual(expected.places);
    return;
  }
  expect(found.conflict, description).toBeUndefined();
  expect(found.versions, description).toEqual(expected.versions);
  expect(found.extras, description).toEqual(expected.extras ?? {});
  expect(found.unknown, description).toEqual(expected.unknown ?? {});
  expect(found.files).toMatchObject(expected.files ?? {});
  const warnings = found.warnings ?? [];
  const parts = expected.warnings ?? [];
  expect(warnings, description).toHaveLength(parts.length);
  for (const part of parts) expect(warnings.join('\n'), description).toContain(part);
}

test('every scenario says what it is about and what comes out', () => {
  for (const [name, { description, expected }] of readScenarios()) {
    expect(description.length, name).toBeGreaterThan(20);
    expect('versions' in expected || 'conflict' in expected, name).toBe(true);
  }
});
