import { describe, expect, test } from 'vitest';
import { normalizeName } from '../../src/pep/name.ts';
import type { DeclaredRequirement, Requirement, WeighedGraph } from '../../src/types.ts';
import { faultsOf } from '../support/check-set.ts';
import type { Expected, Scenario } from '../support/scenario.ts';
import {
  describeOutcome,
  environmentOf,
  readScenarios,
  runScenario,
  targetOf,
} from '../support/scenario.ts';

const shapes = [{ shape: 'pypi' as const, relativeUrls: true }, { shape: 'mirror' as const }];

describe.each(shapes)('resolution over HTTP from an index of shape $shape', (server) => {
  test.each(readScenarios())('%s', async (_name, scenario) => {
    const outcome = await runScenario(scenario, server);
    expectOutcome(describeOutcome(outcome), scenario);
    if (outcome.solved) expect(faultsOfOutcome(scenario, outcome.graph)).toEqual([]);
  });
});

/** What the checker says, which takes the distributions and what they need from the scenario and not from the resolver. */
function faultsOfOutcome(scenario: Scenario, graph: WeighedGraph): readonly string[] {
  const requirements = scenario.requirements.map((line) => line.replaceAll(/ --hash=\S+/g, ''));
  const environment = environmentOf({ ...scenario, requirements }, 'https://index.test');
  const requirementsOf = (declared: readonly DeclaredRequirement[]): readonly Requirement[] =>
    declared.map(({ requirement }) => requirement);
  const members = graph.distributions.map(({ name, version, extras, file, requires }) => {
    const isReleased = scenario.distributions.some((one) => normalizeName(one.name) === name);
    return {
      name,
      version,
      extras,
      requires,
      requiresPython: file?.requiresPython ?? null,
      isLeaf: !isReleased || (file === null && requires.length === 0),
    };
  });
  return faultsOf({
    roots: requirementsOf(environment.requirements),
    constraints: requirementsOf(environment.constraints),
    overrides: requirementsOf(environment.overrides),
    markers: targetOf(scenario).markers,
    members,
  });
}

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
