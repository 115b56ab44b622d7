import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createDiskCache } from '../../src/io/cache.ts';
import { createHttp } from '../../src/io/http.ts';
import type { Http } from '../../src/package-index/http.ts';
import { createIndexClient } from '../../src/package-index/index-client.ts';
import { resolveEnvironment } from '../../src/resolve/environment.ts';
import { findGaps } from '../../src/resolve/gaps.ts';
import type { Supposition } from '../../src/resolve/suppose.ts';
import { suppose } from '../../src/resolve/suppose.ts';
import type { DistributionName } from '../../src/types.ts';
import { normalizeName } from '../../src/pep/name.ts';
import type { IndexServer, IndexServerOptions } from '../support/index-server.ts';
import { startIndexServer } from '../support/index-server.ts';
import { environmentOf, resolveOptions, targetOf } from '../support/scenario.ts';
import type { UniverseDistribution, UniverseSdist } from '../support/universe-files.ts';

let folder = '';
const servers: IndexServer[] = [];
const opened: Http[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'depweight-suppose-'));
});
afterEach(async () => {
  await Promise.all(opened.splice(0).map((http) => http.close()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
  rmSync(folder, { recursive: true, force: true });
});

async function serve(
  distributions: readonly UniverseDistribution[],
  options: IndexServerOptions = {},
): Promise<IndexServer> {
  const server = await startIndexServer({ distributions }, options);
  servers.push(server);
  return server;
}

/** Resolves the lines against the indexes as a run does, and supposes what that leaves open. */
async function run(
  lines: readonly string[],
  urls: readonly string[],
  offline = false,
): Promise<Supposition> {
  const http = createHttp({ userAgent: 'test', retries: 0 });
  opened.push(http);
  const cache = createDiskCache({ folder, now: () => Date.now(), refresh: false });
  const client = createIndexClient({
    sources: urls.map((url) => ({ url })),
    links: () => null,
    http: () => Promise.resolve(http),
    cache,
    offline,
    excludeNewer: null,
    pageSource: 'simple',
  });
  const environment = environmentOf({ requirements: lines }, urls.at(-1) ?? '');
  const target = targetOf({});
  const settings = {
    options: resolveOptions({}),
    weights: true,
    offline,
    isLasting: true,
    stamp: urls.join(' '),
  };
  const ports = { client, cache, onResolve: () => undefined, onWeigh: () => undefined };
  const outcome = await resolveEnvironment(environment, target, settings, ports);
  const graphs = outcome.solved ? [outcome.graph] : [];
  const gaps = findGaps(environment.requirements, graphs, target);
  const open = new Set(gaps.map(({ declared }) => declared.requirement.name));
  const names = graphs.flatMap(({ distributions }) => distributions.map(({ name }) => name));
  const resolved = new Set<DistributionName>(names.filter((name) => !open.has(name)));
  const supposition = await suppose({ gaps, resolved, target }, settings, ports);
  cache.flush();
  return supposition;
}

function listOf({ modules }: Supposition, name: string): ReturnType<Supposition['modules']['get']> {
  return modules.get(normalizeName(name));
}

/** `name==version -> names of what it requires`, of what is taken for names that were not resolved. */
function releasesOf({ distributions }: Supposition): readonly string[] {
  return distributions.map(({ name, version, dependencies }) =>
    [`${name}==${version}`, ...dependencies.map((edge) => edge.name)].join(' '),
  );
}

const archive = (contents: Readonly<Record<string, string>>): UniverseSdist => ({ contents });
const wheel = (module: string, tags = 'py3-none-any') =>
  ({ tags, contents: { [`${module}/__init__.py`]: '' } }) as const;

describe('modules of a release without a readable wheel', () => {
  test('are those of its wheel for another platform', async () => {
    const server = await serve([
      { name: 'tool', version: '1.0', files: [wheel('own', 'cp311-cp311-win_amd64')], sdist: {} },
      { name: 'tool', version: '0.9', files: [wheel('older')] },
    ]);
    const supposition = await run(['tool==1.0'], [server.indexUrl]);
    expect(listOf(supposition, 'tool')).toEqual({
      modules: ['own'],
      scripts: [],
      entryPoints: {},
      source: 'the wheel of tool 1.0',
      accuses: true,
    });
    expect(supposition.distributions).toEqual([]);
  });

  test('are those of the nearest release that has a wheel, the newer of two', async () => {
    const server = await serve([
      { name: 'tool', version: '1.0', files: [wheel('far')] },
      { name: 'tool', version: '1.1', files: [wheel('near_older')] },
      { name: 'tool', version: '1.2', sdist: {} },
      { name: 'tool', version: '1.3rc1', files: [wheel('candidate')] },
      { name: 'tool', version: '1.4', files: [wheel('newer')] },
    ]);
    const supposition = await run(['tool==1.2'], [server.indexUrl]);
    expect(listOf(supposition, 'tool')).toMatchObject({
      modules: ['near_older'],
      source: 'the wheel of tool 1.1',
    });
    const both = await serve([
      { name: 'tool', version: '1.1', files: [wheel('older')] },
      { name: 'tool', version: '1.2', sdist: {} },
      { name: 'tool', version: '1.3', files: [wheel('newer')] },
    ]);
    expect(listOf(await run(['tool==1.2'], [both.indexUrl]), 'tool')?.modules).toEqual(['newer']);
  });

  test('are those of its small source archive where no release has a wheel', async () => {
    const files = { 'thing/__init__.py': '', 'tool.egg-info/top_level.txt': 'thing\n' };
    const server = await serve([{ name: 'tool', version: '1.0', sdist: archive(files) }]);
    expect(listOf(await run(['tool'], [server.indexUrl]), 'tool')).toMatchObject({
      modules: ['thing'],
      source: 'the source archive of tool 1.0',
    });
  });

  test('stay unknown where the archive does not tell them or is large', async () => {
    const large = Buffer.alloc(5 * 1024 * 1024, 1);
    const server = await serve([
      { name: 'mute', version: '1.0', sdist: archive({ 'setup.py': '' }) },
      { name: 'large', version: '1.0', sdist: { bytes: large } },
    ]);
    const { modules } = await run(['mute', 'large'], [server.indexUrl]);
    expect([...modules.keys()]).toEqual([]);
  });

  test('pass over a wheel that is broken', async () => {
    const server = await serve([
      { name: 'tool', version: '1.0', sdist: {} },
      { name: 'tool', version: '1.1', files: [{ bytes: Buffer.from('no wheel') }] },
      { name: 'tool', version: '1.2', files: [wheel('later')] },
    ]);
    expect(listOf(await run(['tool==1.0'], [server.indexUrl]), 'tool')?.modules).toEqual(['later']);
  });

  test('from an index do not accuse what comes from elsewhere', async () => {
    const server = await serve([{ name: 'tool', version: '1.0', requiresDist: ['base'] }]);
    const supposition = await run(['tool @ git+https://host.test/tool.git'], [server.indexUrl]);
    expect(listOf(supposition, 'tool')).toMatchObject({ modules: ['tool'], accuses: false });
    expect(releasesOf(supposition)).toEqual(['tool==1.0 base']);
  });
});

describe('a set without a solution', () => {
  const clash: readonly UniverseDistribution[] = [
    { name: 'web', version: '1.0', requiresDist: ['base<2', 'inner', 'json-x; extra == "fast"'] },
    { name: 'web', version: '2.0', requiresDist: ['base'] },
    { name: 'base', version: '1.0' },
    { name: 'base', version: '2.0' },
    { name: 'inner', version: '1.0', requiresDist: ['deep[all]'] },
    { name: 'inner', version: '2.0', requiresPython: '>=3.99' },
    { name: 'deep', version: '1.0', requiresDist: ['leaf; extra == "all"', 'never; extra == "x"'] },
    { name: 'json-x', version: '1.0' },
    { name: 'leaf', version: '1.0' },
  ];

  test('takes for each name the newest usable release that it admits by itself, and follows what those require', async () => {
    const server = await serve(clash);
    const supposition = await run(['web[fast]==1.0', 'base==2.0'], [server.indexUrl]);
    expect(releasesOf(supposition)).toEqual([
      'base==2.0',
      'deep==1.0 leaf',
      'inner==1.0 deep',
      'json-x==1.0',
      'leaf==1.0',
      'web==1.0 base inner json-x',
    ]);
    expect([...supposition.modules.keys()]).toEqual([
      'base',
      'deep',
      'inner',
      'json-x',
      'leaf',
      'web',
    ]);
    expect(supposition.distributions.every(({ weight }) => !weight.known)).toBe(true);
  });

  test('takes the same public version for a local one, a wheel for another target, and the nearest newer pin', async () => {
    const server = await serve([
      ...clash,
      { name: 'tensors', version: '2.1.0', files: [wheel('tensors')] },
      { name: 'tensors', version: '2.2.0', files: [wheel('changed')] },
      { name: 'winonly', version: '3.0', files: [wheel('win32api', 'cp311-cp311-win_amd64')] },
      { name: 'gone', version: '1.0', files: [wheel('gone')] },
      { name: 'gone', version: '1.5', files: [wheel('gone5')] },
    ]);
    const lines = ['tensors==2.1.0+cpu', 'winonly==3.0', 'gone==1.2'];
    const supposition = await run(lines, [server.indexUrl]);
    expect(releasesOf(supposition)).toEqual(['gone==1.5', 'tensors==2.1.0', 'winonly==3.0']);
    expect(listOf(supposition, 'winonly')?.modules).toEqual(['win32api']);
    expect(listOf(supposition, 'tensors')?.modules).toEqual(['tensors']);
  });

  test('leaves out what no index has', async () => {
    const server = await serve(clash);
    const supposition = await run(['web==1.0', 'base==2.0', 'nowhere'], [server.indexUrl]);
    expect(supposition.distributions.map(({ name }) => name)).not.toContain('nowhere');
    expect(listOf(supposition, 'nowhere')).toBeUndefined();
  });

  test('ends where requirements go round in a circle', async () => {
    const server = await serve([
      { name: 'a', version: '1.0', requiresDist: ['b[x]'] },
      { name: 'b', version: '1.0', requiresDist: ['a; extra == "x"', 'b[y]; extra == "x"'] },
    ]);
    const supposition = await run(['a', 'b==3'], [server.indexUrl]);
    expect(releasesOf(supposition)).toEqual(['a==1.0 b', 'b==1.0 a']);
  });
});

describe('an index that cannot be reached', () => {
  const down = 'http://127.0.0.1:9/simple/';

  test('is passed over where the next one has the name', async () => {
    const server = await serve([
      { name: 'web', version: '1.0', requiresDist: ['base'] },
      { name: 'base', version: '1.0' },
    ]);
    const supposition = await run(['web', 'base'], [down, server.indexUrl]);
    expect(releasesOf(supposition)).toEqual(['base==1.0', 'web==1.0 base']);
    expect(listOf(supposition, 'web')?.modules).toEqual(['web']);
  });

  test('is not remembered', async () => {
    const first = await run(['web'], [down]);
    expect(first.distributions).toEqual([]);
    const faults = [{ path: /\/simple\/tool\//, times: 2, status: 500 }];
    const server = await serve([{ name: 'tool', version: '1.0', files: [wheel('own')] }], {
      faults,
    });
    expect([...(await run(['tool==2'], [server.indexUrl])).modules.keys()]).toEqual([]);
    expect([...(await run(['tool==2'], [server.indexUrl])).modules.keys()]).toEqual(['tool']);
  });
});

describe('a second run', () => {
  test('asks the index for nothing', async () => {
    const files = { 'tool.egg-info/top_level.txt': 'thing\n' };
    const server = await serve([
      { name: 'tool', version: '1.0', sdist: archive(files) },
      { name: 'web', version: '1.0', requiresDist: ['base'] },
      { name: 'base', version: '1.0' },
      { name: 'mute', version: '1.0', sdist: archive({ 'setup.py': '' }) },
    ]);
    for (const lines of [
      ['tool', 'web', 'mute'],
      ['tool', 'web', 'mute', 'base==7'],
    ]) {
      const first = await run(lines, [server.indexUrl]);
      server.requests.length = 0;
      expect(await run(lines, [server.indexUrl])).toEqual(first);
      expect(await run(lines, [server.indexUrl], true)).toEqual(first);
      expect(server.requests).toEqual([]);
    }
  });
});
