import { describe, expect, test } from 'vitest';
import { findBuilds } from '../../src/accelerators/find-builds.ts';
import { measureBuilds } from '../../src/accelerators/measure-builds.ts';
import { formatRequirement } from '../../src/pep/requirement.ts';
import { parseVersion } from '../../src/pep/version.ts';
import type { AcceleratorBuilds, Environment } from '../../src/types.ts';
import { declaration, linux, weighedGraph, type Invented } from '../support/weighed-graph.ts';

type World = Readonly<Record<string, Invented>>;

const cuda: World = {
  torch: { version: '2.1.0', size: 1400, requires: ['nvidia-cudnn-cu12', 'triton', 'sympy'] },
  'nvidia-cudnn-cu12': { size: 1200 },
  triton: { size: 300 },
  sympy: { size: 20 },
};
const labelled = (label: string, size: number, requires: readonly string[] = []): World => ({
  torch: { version: `2.1.0+${label}`, size, requires: ['sympy', ...requires] },
  'pytorch-triton-rocm': { size: 250 },
  sympy: { size: 20 },
});
const builds: Readonly<Record<string, World>> = {
  cpu: labelled('cpu', 650),
  cu118: labelled('cu118', 1500),
  cu121: labelled('cu121', 1600),
  'rocm5.6': labelled('rocm5.6', 2100, ['pytorch-triton-rocm']),
};

interface Scene {
  readonly world?: World;
  readonly addresses?: readonly string[];
  readonly more?: Partial<Environment>;
  /** Whether the page above the labelled indexes is there. */
  readonly isListed?: boolean;
  readonly target?: Parameters<typeof findBuilds>[0]['target'];
}

/** The builds, and what was asked: `torch==2.1.0+cpu from https://index.test/whl/cpu`. */
async function buildsOf({
  world = cuda,
  addresses = [],
  more = {},
  isListed = true,
  target = linux,
}: Scene): Promise<{ readonly builds: AcceleratorBuilds | null; readonly asked: string[] }> {
  const asked: string[] = [];
  const graph = weighedGraph(['torch'], world);
  const environment: Environment = {
    id: 'prod',
    project: '.',
    inputs: ['requirements.txt'],
    requirements: [declaration('torch', 1)],
    constraints: [],
    overrides: [],
    options: {},
    ...more,
  };
  const measured = await measureBuilds({
    environment,
    graph,
    addresses,
    async pageOf(name, index) {
      asked.push(`page of ${name} on ${index}`);
      if (!isListed) return { status: 'not-found' };
      const texts = ['2.0.0+cu999', ...Object.keys(builds).map((label) => `2.1.0+${label}`)];
      const releases = texts.flatMap((text) => {
        const version = parseVersion(text);
        return version === null ? [] : [{ version, files: () => [] }];
      });
      return { status: 'found', page: { name, releases } };
    },
    async resolveMore({ requirements }) {
      const texts = requirements.map(({ requirement }) => formatRequirement(requirement));
      asked.push(`${texts.join(' ')} from ${requirements[0]?.index ?? 'the main index'}`);
      const label = texts[0]?.split('+')[1];
      const found = label === undefined ? cuda : builds[label];
      if (found === undefined)
        return { solved: false, conflict: { message: 'none', hint: null, requirements: [] } };
      return { solved: true, graph: weighedGraph(['torch'], found) };
    },
  });
  return { builds: findBuilds({ graph, target, measured }), asked };
}

const rows = (found: AcceleratorBuilds | null): readonly unknown[] =>
  (found?.builds ?? []).map(({ build, version, current, installedBytes, beside }) => [
    build,
    version,
    current,
    installedBytes,
    beside.packages,
    beside.installedBytes,
  ]);

describe('without an index for one of the builds', () => {
  test('the one that is there is measured, and of the others nothing is guessed', async () => {
    const { builds: found, asked } = await buildsOf({});
    expect(rows(found)).toEqual([
      ['cuda', '2.1.0', true, 1400, 2, 1500],
      ['cpu', '2.1.0+cpu', false, null, 0, 0],
      ['rocm', '2.1.0', false, null, null, null],
    ]);
    expect(asked).toEqual([]);
    expect(found?.elsewhere.map(({ os }) => os)).toContain('windows');
  });

  test('what others bring for a GPU is not said of torch', async () => {
    const world = { ...cuda, torch: { ...cuda['torch'], requires: ['sympy'] } };
    const { builds: found } = await buildsOf({ world });
    expect(rows(found)[1]).toEqual(['cpu', '2.1.0', true, 1400, 0, 0]);
  });

  test('macOS has one build alone, and a set without torch none', async () => {
    expect((await buildsOf({ target: { os: 'macos', arch: 'arm64' } })).builds).toBeNull();
    const graph = weighedGraph(['sympy'], cuda);
    const measured = { base: null, byKind: new Map() };
    expect(findBuilds({ graph, target: linux, measured })).toBeNull();
  });

  test('a build with a label stands beside that of the main index', async () => {
    const { builds: found, asked } = await buildsOf({ world: builds['rocm5.6'] ?? {} });
    expect(asked).toEqual(['torch==2.1.0 from the main index']);
    expect(rows(found)).toEqual([
      ['cuda', '2.1.0', false, 1400, 2, 1500],
      ['cpu', '2.1.0+cpu', false, null, 0, 0],
      ['rocm', '2.1.0+rocm5.6', true, 2100, 1, 250],
    ]);
  });
});

describe('with an index for one of them', () => {
  const addresses = ['https://index.test/whl/cpu'];

  test('its address leads to the newest of each, which are measured', async () => {
    const { builds: found, asked } = await buildsOf({ addresses });
    expect(asked).toEqual([
      'page of torch on https://index.test/whl',
      'torch==2.1.0+cpu from https://index.test/whl/cpu',
      'torch==2.1.0+cu121 from https://index.test/whl/cu121',
      'torch==2.1.0+rocm5.6 from https://index.test/whl/rocm5.6',
    ]);
    expect(rows(found)).toEqual([
      ['cuda', '2.1.0', true, 1400, 2, 1500],
      ['cpu', '2.1.0+cpu', false, 650, 0, 0],
      ['rocm', '2.1.0+rocm5.6', false, 2100, 1, 250],
    ]);
    expect(found?.elsewhere).toEqual([]);
  });

  test.each([
    ['options of a file', { options: { extraIndexUrls: ['https://index.test/whl/cu118/'] } }],
    [
      'the source of a line',
      {
        requirements: [
          declaration('torch', 1, 'pyproject.toml', { index: 'https://index.test/whl/rocm5.6' }),
        ],
      },
    ],
  ])('%s will do', async (_, more) => {
    const { builds: found } = await buildsOf({ more });
    expect(rows(found)[1]).toEqual(['cpu', '2.1.0+cpu', false, 650, 0, 0]);
  });

  test('a version that no index knows has no builds', async () => {
    const addresses = ['https://index.test/whl/cpu'];
    const world = { torch: { version: 'unknown', size: 1 } };
    expect(await buildsOf({ world, addresses })).toEqual({ builds: null, asked: [] });
  });

  test('another index says nothing', async () => {
    const { asked } = await buildsOf({ addresses: ['https://index.test/simple/'] });
    expect(asked).toEqual([]);
  });

  test('where what lies above cannot be listed, the build for the CPU is tried', async () => {
    const { asked } = await buildsOf({ addresses, isListed: false });
    expect(asked[1]).toBe('torch==2.1.0+cpu from https://index.test/whl/cpu');
    expect(asked).toHaveLength(2);
  });
});

describe('how each tool is told', () => {
  test('with the whole family, as one of another build brings that back', async () => {
    const world = { ...cuda, torchaudio: { version: '2.1.0' }, root: { requires: ['torchaudio'] } };
    const graph = weighedGraph(['torch', 'root'], world);
    const measured = { base: null, byKind: new Map() };
    const cpu = findBuilds({ graph, target: linux, measured })?.builds.find(
      ({ build }) => build === 'cpu',
    );
    expect(cpu?.snippets.pip).toEqual([
      '--extra-index-url ADDRESS',
      'torch==2.1.0+cpu',
      'torchaudio==2.1.0+cpu',
    ]);
    expect(cpu?.snippets.uv).toContain('torchaudio = { index = "pytorch-cpu" }');
    expect(cpu?.snippets.uv).toContain('explicit = true');
    expect(cpu?.snippets.poetry).toEqual([
      'poetry source add --priority=explicit pytorch-cpu ADDRESS',
      'poetry add --source pytorch-cpu torch==2.1.0+cpu torchaudio==2.1.0+cpu',
    ]);
  });

  test('with the address where one is configured, without its password', async () => {
    const addresses = ['https://me:secret@index.test/whl/cpu'];
    const { builds: found } = await buildsOf({ addresses });
    const text = JSON.stringify(found);
    expect(text).toContain('index.test/whl/rocm5.6');
    expect(text).not.toContain('secret');
    expect(found?.builds[0]?.snippets.pip).toEqual(['torch==2.1.0']);
  });
});
