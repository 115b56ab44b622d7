import { expect, test } from 'vitest';
import { normalizeName } from '../../src/pep/name.ts';
import { weighPlaces } from '../../src/places/weigh-places.ts';
import { contextOf } from '../advice/support.ts';
import type { Invented } from '../support/weighed-graph.ts';

const locations = [{ path: 'template.yaml', line: 3, column: 1 }];
const lambda = { preset: 'aws-lambda-zip', locations };
const slug = { preset: 'heroku-slug', locations };

function rowsOf(
  invented: Readonly<Record<string, Invented>>,
  leaving: readonly string[],
  partial = false,
) {
  const { graph, held } = contextOf(Object.keys(invented), invented);
  const set = { environment: 'prod', graph, held, leaving: new Set(leaving.map(normalizeName)) };
  return weighPlaces([slug, lambda], { ...set, partial });
}

test('a place is held against what it limits, with what stays; the nearest to its limit first', () => {
  const set = { pears: { size: 300_000_000 }, plums: { size: 100_000_000 } };
  expect(rowsOf(set, ['pears'])).toMatchObject([
    {
      key: 'aws-lambda-zip',
      status: 'failed',
      actual: 400_000_000,
      remaining: 100_000_000,
      locations,
    },
    { key: 'heroku-slug', measure: 'download', status: 'passed' },
  ]);
});

test('requirements that could not be read leave it open', () => {
  const set = { pears: {} };
  expect(rowsOf(set, []).map(({ status }) => status)).toEqual(['passed', 'passed']);
  expect(rowsOf(set, [], true).map(({ status }) => status)).toEqual(['unknown', 'unknown']);
});
