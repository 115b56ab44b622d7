/** From the options of the command, the files and the user's configuration to an index client for an environment. */
import type { AuditEnv, AuditRequest } from '../audit-env.ts';
import type { IndexClient } from '../package-index/index-client.ts';
import type { IndexSettings, SettingsLevel } from '../settings/index-settings.ts';
import { readPipConfiguration, resolveIndexSettings } from '../settings/index-settings.ts';
import { TOOL } from '../tool.ts';
import type { DistributionName, Environment, Version } from '../types.ts';
import type { EnvironmentPorts, EnvironmentSettings } from './environment.ts';
import type { OpenEnvironment } from './project.ts';

/** Opens one client for all environments with the same settings, so that they share their pages. */
export async function createOpenEnvironment(
  request: AuditRequest,
  env: AuditEnv,
): Promise<OpenEnvironment> {
  const configuration = await readUserLevels(env);
  const clients = new Map<string, IndexClient>();
  return (environment) => {
    const settings = settingsOf(request, env, environment, configuration);
    const sources = settings.indexes.map(({ url }) => ({ url }));
    const key = JSON.stringify([sources, settings.findLinks]);
    const client = clients.get(key) ?? openClient(request, env, settings);
    clients.set(key, client);
    env.note(settings.notes);
    warnOfFolders(env, settings);
    return {
      settings: toEnvironmentSettings(request, env, settings, key),
      ports: portsOf(env, client),
    };
  };
}

function warnOfFolders(env: AuditEnv, { findLinks }: IndexSettings): void {
  for (const place of findLinks) {
    if (/^https?:/i.test(place) || env.listFolder(place) !== null) continue;
    const message = `the folder ${place} (--find-links) is not there; it is left out`;
    env.warn({ code: 'find-links', message });
  }
}

async function readUserLevels(env: AuditEnv): Promise<readonly SettingsLevel[]> {
  const levels: SettingsLevel[] = [];
  for (const { kind, path, text } of env.userFiles) {
    if (kind === 'pip') levels.push(readPipConfiguration(text, path));
    if (kind !== 'uv') continue;
    const { readUvConfiguration } = await import('../settings/uv-configuration.ts');
    levels.push((await readUvConfiguration(new TextEncoder().encode(text), path)).level);
  }
  return levels;
}

function settingsOf(
  request: AuditRequest,
  env: AuditEnv,
  environment: Environment,
  configuration: readonly SettingsLevel[],
): IndexSettings {
  const [from = environment.project] = environment.inputs;
  return resolveIndexSettings({
    flags: request.index,
    variables: env.variables,
    inputs: [{ options: environment.options, from }],
    configuration,
    isolated: env.isolated,
  });
}

function openClient(request: AuditRequest, env: AuditEnv, settings: IndexSettings): IndexClient {
  const { pageSource, excludeNewer, offline, weights } = request;
  return env.openIndex({
    sources: settings.indexes.map(({ url }) => ({ url })),
    findLinks: settings.findLinks,
    certificate: settings.certificate,
    pageSource,
    excludeNewer,
    offline,
    weights,
  });
}

function toEnvironmentSettings(
  request: AuditRequest,
  env: AuditEnv,
  settings: IndexSettings,
  key: string,
): EnvironmentSettings {
  const { pre, noBinary, onlyBinary } = settings;
  const { excludeNewer, pageSource, weights, offline } = request;
  const preferences: ReadonlyMap<DistributionName, Version> = new Map();
  return {
    options: { preReleases: pre, noBinary, onlyBinary, preferences },
    weights,
    offline,
    // What a linked page says is not kept, so that a result which rests on one cannot be either.
    isLasting: settings.findLinks.every((place) => !/^https?:/i.test(place)),
    stamp: JSON.stringify([
      TOOL.version,
      key,
      excludeNewer,
      pageSource,
      settings.findLinks.map(env.listFolder),
    ]),
  };
}

function portsOf(env: AuditEnv, client: IndexClient): EnvironmentPorts {
  const { cache, signal, progress } = env;
  let decided = 0;
  return {
    client,
    cache,
    signal,
    onResolve: (name, version) => progress.update('resolving', ++decided, 0, `${name} ${version}`),
    onWeigh: (done, total, label) => progress.update('weighing', done, total, label),
  };
}
