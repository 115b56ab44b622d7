/**
 * The world that the pipeline runs in, made from the options of one command: files on disk, HTTP, the cache. Everything
 * that costs time to load (undici, the purl library) is opened on first use.
 */
import { basename, relative, resolve, sep } from 'node:path';
import type { AuditEnv, AuditRequest, IndexRequest, UserFile } from '../audit-env.ts';
import { DepweightError } from '../errors.ts';
import { folderOf } from '../inputs/file-access.ts';
import { cacheFolder } from '../io/cache-folder.ts';
import { createDiskCache, createMemoryCache } from '../io/cache.ts';
import { createDiskFiles, createLocator, listArchives, locatePath } from '../io/files.ts';
import { openSourceTree } from '../io/source-walk.ts';
import { readUserFiles } from '../io/user-configuration.ts';
import type { Options } from '../options.ts';
import type { Cache } from '../package-index/cache.ts';
import type { Http, HttpCounts } from '../package-index/http.ts';
import type { IndexClient } from '../package-index/index-client.ts';
import { createIndexClient } from '../package-index/index-client.ts';
import { readConfiguration } from '../settings/configuration.ts';
import { TOOL } from '../tool.ts';
import type { Warning } from '../types.ts';
import type { CommandContext } from './command.ts';

/** One command's world, and how to leave it. */
export interface Session {
  readonly env: AuditEnv;
  readonly request: AuditRequest;
  /** Absolute: what paths in the report are relative to. */
  readonly root: string;
  /** Absolute: the repository around it, or itself. */
  readonly boundary: string;
  /** The options with the configuration of the project below the flags. */
  readonly options: Options;
  /** Of the configuration and of places that could not be read; complete when the pipeline is done. */
  readonly warnings: readonly Warning[];
  /** For `-v`; complete when the pipeline is done. */
  readonly notes: readonly string[];
  /** Null when nothing was asked of the network. */
  readonly counts: () => Readonly<HttpCounts> | null;
  /** What the index was asked with first; null where it was not. */
  readonly indexes: () => Pick<IndexRequest, 'sources' | 'findLinks'> | null;
  /** What is to be done when the session is closed. */
  readonly atEnd: (action: () => void) => void;
  /** Writes the cache and closes connections. */
  close(): Promise<void>;
}

/** Opens the world for a command. Throws DepweightError for a PATH that is not there. */
export async function openSession(given: Options, context: CommandContext): Promise<Session> {
  const { root, boundary, target, kind } = locatePath(given.path, context.workingDirectory);
  if (kind === 'missing') throw new DepweightError('path-not-found', { path: given.path });
  const disk = { root, boundary, allowOutside: given.allowOutside };
  const files = createDiskFiles(disk);
  const read = await readConfiguration(files, kind === 'folder' ? '.' : folderOf(target));
  const options = read.configuration === null ? given : context.configure(read.configuration);
  const warnings: Warning[] = [...read.warnings];
  const notes = new Set<string>();
  const warn = (warning: Warning): void => {
    if (!warnings.some(({ message }) => message === warning.message)) warnings.push(warning);
  };
  const cache = openCache(options, context);
  const variables = options.isolated ? {} : context.variables;
  const userFiles = options.isolated ? [] : readUserFiles(variables);
  const network = createNetwork(options, context, userFiles);
  const toOwnRequest = (from: Options, overrules: AuditRequest['overrules']): AuditRequest => ({
    ...toRequest(from, target, (file) => toRelative(root, context.workingDirectory, file)),
    overrules,
  });
  const top = read.configuration;
  const endings: (() => void)[] = [];
  let asked: IndexRequest | null = null;
  const env: AuditEnv = {
    files,
    rootName: basename(root),
    sources: openSourceTree(root),
    variables,
    userFiles,
    isolated: options.isolated,
    locate: createLocator(disk),
    listFolder: listArchives,
    openIndex(request) {
      asked ??= request;
      return openIndex(request, { cache, network, warn });
    },
    cache,
    signal: context.signal,
    progress: context.progress,
    warn,
    async requestOf(request, project) {
      if (project === '.') return { request, warnings: [] };
      const own = await readConfiguration(files, project);
      if (own.configuration === null) return { request, warnings: own.warnings };
      const { path, table, overrules } = own.configuration;
      const merged = context.configure({ path, table: { ...top?.table, ...table } });
      const kept = [...(top?.overrules ?? []), ...overrules];
      return { request: toOwnRequest(merged, kept), warnings: own.warnings };
    },
    note: (sentences) => sentences.forEach((sentence) => notes.add(sentence)),
  };
  return {
    env,
    root,
    boundary,
    request: toOwnRequest(options, top?.overrules ?? []),
    options,
    warnings,
    get notes() {
      return [...notes];
    },
    counts: network.counts,
    indexes: () => asked,
    atEnd: (action) => void endings.push(action),
    async close() {
      for (const end of endings) end();
      cache.flush();
      await network.close();
    },
  };
}

function openCache(options: Options, context: CommandContext): Cache {
  if (!options.cache.enabled) return createMemoryCache();
  const folder = options.cache.directory ?? cacheFolder(context.variables);
  return createDiskCache({ folder, now: context.now, refresh: options.cache.refresh });
}

interface Network {
  readonly open: (certificate: string | null) => Promise<Http>;
  readonly counts: () => Readonly<HttpCounts> | null;
  close(): Promise<void>;
}

function createNetwork(
  options: Options,
  context: CommandContext,
  userFiles: readonly UserFile[],
): Network {
  let opening: Promise<Http> | null = null;
  let counts: Readonly<HttpCounts> | null = null;
  const open = async (certificate: string | null): Promise<Http> => {
    const { createHttp } = await import('../io/http.ts');
    const { createProxyChoice } = await import('../io/proxy.ts');
    const { authorizationFrom, parseNetrc } = await import('../settings/netrc.ts');
    const entries = userFiles.flatMap(({ kind, text }) =>
      kind === 'netrc' ? parseNetrc(text) : [],
    );
    const certificateFile = options.certificate ?? certificate;
    const http = createHttp({
      userAgent: `${TOOL.name}/${TOOL.version}`,
      signal: context.signal,
      authorizationFor: (url) => authorizationFrom(entries, url),
      proxyFor: createProxyChoice(options.isolated ? {} : context.variables),
      ...(certificateFile === null ? {} : { certificateFile }),
    });
    counts = http.counts;
    return http;
  };
  return {
    open: (certificate) => (opening ??= open(certificate)),
    counts: () => counts,
    async close() {
      const http = await opening;
      await http?.close();
    },
  };
}

interface IndexPorts {
  readonly cache: Cache;
  readonly network: Network;
  readonly warn: (warning: Warning) => void;
}

function openIndex(request: IndexRequest, { cache, network, warn }: IndexPorts): IndexClient {
  const http = (): Promise<Http> => network.open(request.certificate);
  const { findLinks } = request;
  let links: ReturnType<Parameters<typeof createIndexClient>[0]['links']> | undefined;
  const readLinks = async (): Promise<Awaited<NonNullable<typeof links>>> => {
    const { readFindLinks } = await import('../package-index/find-links.ts');
    return readFindLinks(findLinks, { http, listFolder: listArchives, warn });
  };
  const linkedPages = findLinks.filter((place) => /^https?:/i.test(place));
  return createIndexClient({
    ...request,
    credentials: [...request.credentials, ...linkedPages],
    http,
    cache,
    links: () => (links ??= findLinks.length === 0 ? null : readLinks()),
  });
}

/** Files of the command line are meant from where it was typed; stages see paths from the root. */
function toRelative(root: string, workingDirectory: string, file: string): string {
  return relative(root, resolve(workingDirectory, file)).split(sep).join('/');
}

function toRequest(
  options: Options,
  path: string,
  locate: (file: string) => string,
): Omit<AuditRequest, 'overrules'> {
  const { selection, command } = options;
  if (command === 'split' && selection.environment !== null) {
    throw new DepweightError('wrong-call', {
      message: 'split takes no --env: it divides the set for production',
      hint: 'leave --env out',
    });
  }
  return {
    command,
    path,
    python: options.python,
    platform: options.platform,
    ...(command === 'compare' ? { targets: options.targets } : {}),
    extras: selection.extras,
    allExtras: selection.allExtras,
    groups: selection.groups,
    environment: selection.environment,
    constraintFiles: selection.constraints.map(locate),
    overrideFiles: selection.overrides.map(locate),
    index: options.index,
    pageSource: options.source,
    excludeNewer: options.excludeNewer,
    offline: options.cache.offline,
    weights: options.weights,
    readsSources: !['tree', 'cost', 'compare'].includes(command),
    makesSplits: command === 'split',
    ...(command === 'split' ? { split: options.split } : {}),
    everyProject: command === 'audit' || command === 'diff',
    subject: command === 'why' ? options.package : null,
    addition: command === 'cost' ? options.package : null,
  };
}
