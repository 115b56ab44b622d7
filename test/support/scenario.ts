/**
 * Scenarios of resolution: small invented indexes with what is asked of them and what has to come out. Each is served
 * over HTTP with real wheels, so that everything from the page to the graph takes part.
 */
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createHttp } from '../../src/io/http.ts';
import { createMemoryCache } from '../../src/io/cache.ts';
import { createIndexClient } from '../../src/package-index/index-client.ts';
import { createTarget, parsePlatformName } from '../../src/pep/platform-name.ts';
import { normalizeName } from '../../src/pep/name.ts';
import { parseVersion } from '../../src/pep/version.ts';
import type { EnvironmentOutcome } from '../../src/resolve/environment.ts';
import { resolveEnvironment } from '../../src/resolve/environment.ts';
import type { ResolveOptions } from '../../src/resolve/resolve-request.ts';
import type { DistributionName, Environment, TargetEnvironment, Version } from '../../src/types.ts';
import { mainOf, readRequirements } from '../inputs/support.ts';
import type { IndexServer, IndexServerOptions } from './index-server.ts';
import { startIndexServer } from './index-server.ts';
import type { UniverseDistribution } from './universe-files.ts';

/** One file of `fixtures/universes`. */
export interface Scenario {
  readonly description: string;
  /** Lines of requirements.txt. `{index}` is the address of the server, `{sha256:FILENAME}` the hash of a file. */
  readonly requirements: readonly string[];
  readonly constraints?: readonly string[];
  readonly overrides?: readonly string[];
  readonly python?: string;
  readonly platform?: string;
  readonly options?: {
    readonly preReleases?: boolean;
    readonly noBinary?: readonly string[];
    readonly onlyBinary?: readonly string[];
    readonly preferences?: Readonly<Record<string, string>>;
    readonly excludeNewer?: string;
  };
  readonly distributions: readonly UniverseDistribution[];
  readonly expected: Expected;
}

/** What a resolution comes to. */
export interface Expected {
  /** All of them, by name. */
  readonly versions?: Readonly<Record<string, string>>;
  /** Extras in force, of the names that have some. */
  readonly extras?: Readonly<Record<string, readonly string[]>>;
  /** Reasons of unknown weights, by name. */
  readonly unknown?: Readonly<Record<string, string>>;
  /** Parts of the warnings, one for each. */
  readonly warnings?: readonly string[];
  /** Chosen files, of the names that are told. */
  readonly files?: Readonly<Record<string, string>>;
  /** Parts of the message, in order. */
  readonly conflict?: readonly string[];
  /** What would help; null where nothing is told. */
  readonly hint?: string | null;
  /** `path:line` of what the user wrote that takes part in the conflict. */
  readonly places?: readonly string[];
}

const folder = new URL('../fixtures/universes/', import.meta.url);

/** All scenarios by name, in order. */
export function readScenarios(): readonly (readonly [string, Scenario])[] {
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file): [string, Scenario] => [
      file.slice(0, -'.json'.length),
      JSON.parse(readFileSync(new URL(file, folder), 'utf8')),
    ]);
}

/** The target of a scenario: CPython 3.11 on Linux unless told. */
export function targetOf({
  python = '3.11',
  platform = 'linux',
}: Pick<Scenario, 'python' | 'platform'>): TargetEnvironment {
  const row = parsePlatformName(platform);
  if (row === null) throw new Error(`There is no platform ${platform}`);
  return createTarget({ python, platform: row, from: 'test' });
}

/** What a scenario declares, as an environment, with what only the server (or its address) tells filled in. */
export function environmentOf(
  scenario: Pick<Scenario, 'requirements' | 'constraints' | 'overrides'>,
  server: Pick<IndexServer, 'url' | 'files'> | string,
): Pick<Environment, 'requirements' | 'constraints' | 'overrides'> {
  const known = typeof server === 'string' ? { url: server, files: new Map() } : server;
  const read = (path: string, lines: readonly string[] = []): ReturnType<typeof mainOf> => {
    const text = lines.map((line) => `${fillIn(line, known)}\n`).join('');
    return mainOf(readRequirements({ [path]: text }));
  };
  return {
    requirements: read('requirements.txt', scenario.requirements),
    constraints: read('constraints.txt', scenario.constraints),
    overrides: read('overrides.txt', scenario.overrides),
  };
}

function fillIn(line: string, { url, files }: Pick<IndexServer, 'url' | 'files'>): string {
  return line.replaceAll('{index}', url).replace(/\{sha256:([^}]+)\}/g, (_, filename: string) => {
    const file = files.get(filename);
    if (file === undefined) throw new Error(`The scenario has no file ${filename}`);
    return createHash('sha256').update(file.bytes).digest('hex');
  });
}

/** Settings with everything off but what is given. */
export function resolveOptions({ options = {} }: Pick<Scenario, 'options'>): ResolveOptions {
  const preferences = new Map<DistributionName, Version>();
  for (const [name, text] of Object.entries(options.preferences ?? {})) {
    const version = parseVersion(text);
    if (version === null) throw new Error(`${text} is no version`);
    preferences.set(normalizeName(name), version);
  }
  return {
    preReleases: options.preReleases ?? false,
    noBinary: options.noBinary ?? [],
    onlyBinary: options.onlyBinary ?? [],
    preferences,
  };
}

/** Serves the scenario and resolves it, weights included. */
export async function runScenario(
  scenario: Scenario,
  serverOptions: IndexServerOptions,
): Promise<EnvironmentOutcome> {
  const server = await startIndexServer({ distributions: scenario.distributions }, serverOptions);
  const http = createHttp({ userAgent: 'depweight-test', retries: 0 });
  const cache = createMemoryCache();
  const client = createIndexClient({
    sources: [{ url: server.indexUrl }],
    links: () => null,
    http: () => Promise.resolve(http),
    cache,
    offline: false,
    excludeNewer: scenario.options?.excludeNewer ?? null,
    pageSource: 'simple',
  });
  try {
    return await resolveEnvironment(
      environmentOf(scenario, server),
      targetOf(scenario),
      {
        options: resolveOptions(scenario),
        weights: true,
        offline: false,
        isLasting: false,
        stamp: '',
      },
      { client, cache, onResolve: () => undefined, onWeigh: () => undefined },
    );
  } finally {
    await http.close();
    await server.close();
  }
}

/** The outcome in the words of `expected`. */
export function describeOutcome(outcome: EnvironmentOutcome): Expected {
  if (!outcome.solved) {
    const { message, hint, requirements } = outcome.conflict;
    return {
      conflict: [message],
      hint,
      places: requirements.map(({ location }) => `${location.path}:${location.line}`),
    };
  }
  const { distributions, warnings } = outcome.graph;
  return {
    versions: Object.fromEntries(distributions.map(({ name, version }) => [name, version])),
    extras: Object.fromEntries(
      distributions.flatMap(({ name, extras }) => (extras.length === 0 ? [] : [[name, extras]])),
    ),
    unknown: Object.fromEntries(
      distributions.flatMap(({ name, weight }) => (weight.known ? [] : [[name, weight.reason]])),
    ),
    warnings: warnings.map(({ message }) => message),
    files: Object.fromEntries(
      distributions.flatMap(({ name, file }) => (file === null ? [] : [[name, file.filename]])),
    ),
  };
}
