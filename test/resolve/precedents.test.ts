import { describe, expect, onTestFinished, test } from 'vitest';
import { createMemoryCache } from '../../src/io/cache.ts';
import { createHttp } from '../../src/io/http.ts';
import { createIndexClient } from '../../src/package-index/index-client.ts';
import type { EnvironmentOutcome } from '../../src/resolve/environment.ts';
import { resolveEnvironment } from '../../src/resolve/environment.ts';
import { createPrecedents } from '../../src/resolve/precedents.ts';
import type { TargetEnvironment } from '../../src/types.ts';
import { targetOf } from '../pep/environments.ts';
import { startIndexServer } from '../support/index-server.ts';
import { environmentOf, resolveOptions } from '../support/scenario.ts';
import type { UniverseDistribution } from '../support/universe-files.ts';

const distributions: readonly UniverseDistribution[] = [
  { name: 'app', version: '2.0', requiresDist: ['lib>=2', 'win-only; sys_platform == "win32"'] },
  { name: 'lib', version: '2.0' },
  {
    name: 'lib',
    version: '3.0',
    files: [{ tags: 'cp311-cp311-manylinux_2_17_x86_64' }],
  },
  { name: 'win-only', version: '1.0' },
  { name: 'native', version: '1.0', files: [{ tags: 'py3-none-any' }] },
  {
    name: 'native',
    version: '2.0',
    files: [
      { tags: 'cp312-cp312-manylinux_2_17_x86_64' },
      { tags: 'cp312-cp312-win_amd64', requiresDist: ['win-only'] },
      { tags: 'cp312-cp312-macosx_11_0_arm64' },
    ],
  },
  { name: 'bound', version: '1.0' },
  { name: 'bound', version: '2.0', requiresPython: '>=3.12' },
];

interface Answer {
  readonly searched: boolean;
  readonly versions: readonly string[];
}

/** The answers for targets that follow one another, each the same as the one that the target has by itself. */
async function resolveAll(
  requirement: string,
  targets: readonly TargetEnvironment[],
): Promise<readonly Answer[]> {
  const scenario = { requirements: [requirement] };
  const server = await startIndexServer({ distributions });
  const http = createHttp({ userAgent: 'depweight-test', retries: 0 });
  onTestFinished(async () => {
    await http.close();
    await server.close();
  });
  const client = createIndexClient({
    sources: [{ url: server.indexUrl }],
    links: () => null,
    http: () => Promise.resolve(http),
    cache: createMemoryCache(),
    offline: false,
    excludeNewer: null,
    pageSource: 'simple',
  });
  const options = resolveOptions({});
  const settings = { options, weights: false, offline: false, isLasting: false, stamp: '' };
  const environment = environmentOf(scenario, server);
  let decisions = 0;
  const ports = {
    client,
    cache: createMemoryCache(),
    onResolve: () => void decisions++,
    onWeigh: () => undefined,
  };
  const precedents = createPrecedents();
  const answers: Answer[] = [];
  for (const target of targets) {
    decisions = 0;
    const found = await resolveEnvironment(environment, target, settings, { ...ports, precedents });
    answers.push({ searched: decisions > 0, versions: versionsOf(found) });
    expect(found).toEqual(await resolveEnvironment(environment, target, settings, ports));
  }
  return answers;
}

function versionsOf(outcome: EnvironmentOutcome): readonly string[] {
  if (!outcome.solved) return [];
  return outcome.graph.distributions.map(({ name, version }) => `${name} ${version}`);
}

describe('a target', () => {
  test('for which all is as it was for an earlier one is not searched, and has files of its own', async () => {
    const targets = ['linux', 'macos', 'linux-musl'].map((name) => targetOf(name, '3.12'));
    const versions = ['app 2.0', 'lib 2.0'];
    expect(await resolveAll('app', [...targets, targetOf('linux', '3.13')])).toEqual([
      { searched: true, versions },
      { searched: false, versions },
      { searched: false, versions },
      { searched: false, versions },
    ]);
    const natives = await resolveAll('native', targets.slice(0, 2));
    expect(natives.map(({ searched }) => searched)).toEqual([true, false]);
  });

  test.each([
    ['by a wheel that only one has', 'app', '3.11 linux', '3.11 macos'],
    ['by a marker that holds on one', 'app', '3.12 linux', '3.12 windows'],
    ['by a release for newer Pythons', 'bound', '3.12 linux', '3.11 linux'],
    ['by what the wheel for it needs', 'native', '3.12 linux', '3.12 windows'],
    ['by having no file', 'native', '3.12 linux', '3.12 linux-musl'],
  ])('that differs %s is searched', async (_, requirement, ...names) => {
    const targets = names.map((name) => {
      const [python, platform = ''] = name.split(' ');
      return targetOf(platform, python);
    });
    const [one, other] = await resolveAll(requirement, targets);
    expect([one?.searched, other?.searched]).toEqual([true, true]);
    expect(one?.versions).not.toEqual(other?.versions);
  });
});
