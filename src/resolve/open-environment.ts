/** From the options of the command, the files and the user's configuration to an index client for an environment. */
import type { AuditEnv, AuditRequest, LocalArchive } from '../audit-env.ts';
import { joinPath } from '../inputs/file-access.ts';
import type { IndexClient } from '../package-index/index-client.ts';
import type { IndexSettings, SettingsLevel } from '../settings/index-settings.ts';
import { resolveIndexSettings } from '../settings/index-settings.ts';
import { readPipConfiguration } from '../settings/pip-configuration.ts';
import { TOOL } from '../tool.ts';
import type { DistributionName, Environment, Version } from '../types.ts';
import type { EnvironmentPorts, EnvironmentSettings } from './environment.ts';
import { locateEnvironment } from './local-places.ts';
import type { OpenEnvironment } from './project.ts';

/** Opens one client for all environments with the same settings, so that they share their pages. */
export async function createOpenEnvironment(
  request: AuditRequest,
  folder: string,
  env: AuditEnv,
): Promise<OpenEnvironment> {
  const levels = {
    project: await readProjectLevels(folder, env),
    user: await readUserLevels(env),
  };
  const clients = new Map<string, IndexClient>();
  return (asWritten) => {
    const { environment, archives } = locateEnvironment(asWritten, env);
    const settings = settingsOf(request, env, environment, levels);
    const sources = settings.indexes.map(({ url }) => ({ url }));
    const excludeNewer = excludeNewerOf(request, settings, environment);
    const key = JSON.stringify([sources, settings.findLinks, excludeNewer]);
    const client = clients.get(key) ?? openClient(request, env, settings, excludeNewer);
    clients.set(key, client);
    env.note(settings.notes);
    warnOfFolders(env, settings, environment);
    return {
      environment,
      settings: toEnvironmentSettings(request, env, settings, { key, archives }),
      ports: portsOf(env, client),
    };
  };
}

/** Those of the project's own files are located and told of already. */
function warnOfFolders(
  env: AuditEnv,
  { findLinks }: IndexSettings,
  { options }: Environment,
): void {
  for (const place of findLinks) {
    if (options.findLinks?.includes(place) === true) continue;
    if (/^https?:/i.test(place) || env.listFolder(place) !== null) continue;
    const message = `the folder ${place} (--find-links) is not there; it is left out`;
    env.warn({ code: 'find-links', message });
  }
}

/** A uv.toml beside the files of the project is stronger than `[tool.uv]`, as in uv. */
async function readProjectLevels(
  folder: string,
  { files }: AuditEnv,
): Promise<readonly SettingsLevel[]> {
  const path = joinPath(folder, 'uv.toml');
  const read = files.read(path);
  if (!read.ok) return [];
  const { readUvConfiguration } = await import('../settings/uv-configuration.ts');
  return [(await readUvConfiguration(read.bytes, path)).level];
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
  levels: { readonly project: readonly SettingsLevel[]; readonly user: readonly SettingsLevel[] },
): IndexSettings {
  const [from = environment.project] = environment.inputs;
  return resolveIndexSettings({
    flags: request.index,
    variables: env.variables,
    inputs: [...levels.project, { options: environment.options, from }],
    configuration: levels.user,
    isolated: env.isolated,
  });
}

function openClient(
  request: AuditRequest,
  env: AuditEnv,
  settings: IndexSettings,
  excludeNewer: string | null,
): IndexClient {
  const { pageSource, offline } = request;
  return env.openIndex({
    sources: settings.indexes.map(({ url }) => ({ url })),
    findLinks: settings.findLinks,
    certificate: settings.certificate,
    credentials: settings.credentials,
    pageSource,
    excludeNewer,
    offline,
  });
}

/** What is locked stays, whenever it was uploaded. */
function excludeNewerOf(
  request: AuditRequest,
  settings: IndexSettings,
  { locked }: Environment,
): string | null {
  return locked === undefined ? (request.excludeNewer ?? settings.excludeNewer) : null;
}

function toEnvironmentSettings(
  request: AuditRequest,
  env: AuditEnv,
  settings: IndexSettings,
  { key, archives }: { readonly key: string; readonly archives: readonly LocalArchive[] },
): EnvironmentSettings {
  const { pre, noBinary, onlyBinary } = settings;
  const { pageSource, weights, offline } = request;
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
      pageSource,
      settings.findLinks.map(env.listFolder),
      archives,
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
