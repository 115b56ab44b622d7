import { describe, expect, test } from 'vitest';
import { createMemoryCache } from '../../src/io/cache.ts';
import { createHttp } from '../../src/io/http.ts';
import type { IndexClient } from '../../src/package-index/index-client.ts';
import { createIndexClient } from '../../src/package-index/index-client.ts';
import { createTarget, parsePlatformName } from '../../src/pep/platform-name.ts';
import type { EnvironmentOutcome } from '../../src/resolve/environment.ts';
import { resolveEnvironment } from '../../src/resolve/environment.ts';
import type { Precedents } from '../../src/resolve/precedents.ts';
import { createPrecedents } from '../../src/resolve/precedents.ts';
import type { TargetEnvironment } from '../../src/types.ts';
import { startIndexServer } from '../support/index-server.ts';
import {
  describeOutcome,
  environmentOf,
  readScenarios,
  resolveOptions,
} from '../support/scenario.ts';

const TARGETS = [
  ['3.11', 'linux'],
  ['3.12', 'linux-musl'],
  ['3.11', 'linux/arm64'],
  ['3.14', 'macos'],
  ['3.8', 'windows'],
  ['pypy3.10', 'linux'],
].map(([python = '', name = '']): TargetEnvironment => {
  const platform = parsePlatformName(name);
  if (platform === null) throw new Error(name);
  return createTarget({ python, platform, from: 'test' });
});

describe('targets that share a client have the answers that each has with one of its own', () => {
  test.each(readScenarios())('%s', async (_, scenario) => {
    const server = await startIndexServer({ distributions: scenario.distributions });
    const http = createHttp({ userAgent: 'depweight-test', retries: 0 });
    const clientOf = (): IndexClient =>
      createIndexClient({
        sources: [{ url: server.indexUrl }],
        links: () => null,
        http: () => Promise.resolve(http),
        cache: createMemoryCache(),
        offline: false,
        excludeNewer: scenario.options?.excludeNewer ?? null,
        pageSource: 'simple',
      });
    const environment = environmentOf(scenario, server);
    const options = resolveOptions(scenario);
    const settings = { options, weights: false, offline: false, isLasting: false, stamp: '' };
    const resolveFor = (
      target: TargetEnvironment,
      client: IndexClient,
      precedents?: Precedents,
    ): Promise<EnvironmentOutcome> =>
      resolveEnvironment(environment, target, settings, {
        client,
        cache: createMemoryCache(),
        onResolve: () => undefined,
        onWeigh: () => undefined,
        ...(precedents === undefined ? {} : { precedents }),
      });
    try {
      const shared = clientOf();
      const precedents = createPrecedents();
      const together = await Promise.all(TARGETS.map((target) => resolveFor(target, shared)));
      for (const [at, target] of TARGETS.toReversed().entries()) {
        const alone = describeOutcome(await resolveFor(target, clientOf()));
        expect(describeOutcome(await resolveFor(target, shared))).toEqual(alone);
        const followed = await resolveFor(target, shared, precedents);
        expect(describeOutcome(followed)).toEqual(alone);
        const first = together.at(-1 - at);
        expect(first && describeOutcome(first)).toEqual(alone);
      }
    } finally {
      await http.close();
      await server.close();
    }
  });
});
