import { describe, expect, test } from 'vitest';
import { normalizeName } from '../../src/pep/name.ts';
import type { FoundPlace } from '../../src/places/index.ts';
import { weighPlaces, type PlacedSet } from '../../src/places/weigh-places.ts';
import type { TargetEnvironment } from '../../src/types.ts';
import { contextOf } from '../advice/support.ts';
import { linux, weighedGraph, type Invented } from '../support/weighed-graph.ts';

const locations = [{ path: 'template.yaml', line: 3, column: 1 }];
const lambda: FoundPlace = { preset: 'aws-lambda-zip', runtime: null, locations };
const slug: FoundPlace = { preset: 'heroku-slug', runtime: null, locations };
const arm: FoundPlace = {
  ...lambda,
  runtime: { python: '3.12', arch: 'aarch64', open: [] },
};

interface World {
  readonly leaving?: readonly string[];
  readonly partial?: true;
  /** What is installed on any other machine; null for no solution. */
  readonly elsewhere?: Readonly<Record<string, Invented>> | null;
}

/** The rows, and the machines that the set was resolved for. */
async function weigh(
  invented: Readonly<Record<string, Invented>>,
  places: readonly FoundPlace[],
  { leaving = [], partial, elsewhere = invented }: World = {},
) {
  const { graph, held } = contextOf(Object.keys(invented), invented);
  const asked: TargetEnvironment[] = [];
  const set: PlacedSet = {
    environment: {
      id: 'prod',
      project: '.',
      inputs: [],
      requirements: [],
      constraints: [],
      overrides: [],
      options: {},
      ...(partial === undefined ? {} : { partial }),
    },
    graph,
    held,
    target: linux,
    leaving: new Set(leaving.map(normalizeName)),
    resolveAt: async (target) => {
      asked.push(target);
      if (elsewhere !== null)
        return { solved: true, graph: weighedGraph(Object.keys(elsewhere), elsewhere, target) };
      const conflict = { message: 'pears has no file for it', requirements: [], hint: null };
      return { solved: false, conflict };
    },
  };
  return { rows: await weighPlaces(places, set), asked };
}

test('a place is held against what it limits, with what stays; the nearest to its limit first', async () => {
  const set = { pears: { size: 300_000_000 }, plums: { size: 100_000_000 } };
  const { rows } = await weigh(set, [slug, lambda], { leaving: ['pears'] });
  expect(rows).toMatchObject([
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

test('requirements that could not be read leave it open', async () => {
  const statuses = async (world: World) =>
    (await weigh({ pears: {} }, [slug, lambda], world)).rows.map(({ status }) => status);
  expect(await statuses({})).toEqual(['passed', 'passed']);
  expect(await statuses({ partial: true })).toEqual(['unknown', 'unknown']);
});

describe('another machine', () => {
  test('has the set resolved for it', async () => {
    const elsewhere = { pears: { size: 200_000_000 } };
    const { rows, asked } = await weigh({ pears: { size: 300_000_000 } }, [arm], { elsewhere });
    expect(asked).toMatchObject([
      { python: '3.12', platformTag: 'manylinux_2_34_aarch64', from: 'template.yaml:3' },
    ]);
    expect(rows).toMatchObject([
      { status: 'passed', actual: 200_000_000, target: { python: '3.12', arch: 'aarch64' } },
    ]);
  });

  test('older Pythons of Lambda have an older C library', async () => {
    const older = { ...arm, runtime: { python: '3.11', arch: 'x86_64' as const, open: [] } };
    const { asked } = await weigh({ pears: {} }, [older]);
    expect(asked).toMatchObject([{ platformTag: 'manylinux_2_26_x86_64' }]);
    const past = { ...arm, runtime: { python: '3.6', arch: 'x86_64' as const, open: [] } };
    const unknown = await weigh({ pears: {} }, [past]);
    expect(unknown.asked).toMatchObject([{ python: '3.6', platformTag: linux.platformTag }]);
  });

  test('one that is the same asks nothing', async () => {
    const same = { ...slug, runtime: { python: '3.11', arch: 'x86_64' as const, open: [] } };
    const { asked } = await weigh({ pears: {} }, [slug, lambda, same]);
    expect(asked).toEqual([]);
  });

  test('without a solution there is no figure, and the reason', async () => {
    const { rows } = await weigh({ pears: {} }, [arm], { elsewhere: null });
    expect(rows).toMatchObject([{ actual: null, status: 'unknown', remaining: null }]);
    expect(rows[0]?.notes).toEqual(['no solution there: pears has no file for it']);
  });
});

test('names that are not packed count nothing, and are named', async () => {
  const set = { boto3: { size: 250_000_000 }, pears: { size: 50_000_000 } };
  const { rows } = await weigh(set, [{ ...lambda, excluded: ['Boto3'] }]);
  expect(rows).toMatchObject([{ actual: 50_000_000, status: 'passed' }]);
  expect(rows[0]?.notes).toEqual(['without boto3 (noDeploy)']);
});

test('what is made smaller there is never called too much', async () => {
  const place = { ...lambda, shrinks: 'slim strips the libraries' };
  const { rows } = await weigh({ pears: { size: 300_000_000 } }, [place]);
  expect(rows).toMatchObject([{ status: 'unknown', upperBound: true, actual: 300_000_000 }]);
  const fits = await weigh({ pears: {} }, [place]);
  expect(fits.rows).toMatchObject([{ status: 'passed', upperBound: true }]);
});
