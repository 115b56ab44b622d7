/** Audits of files in memory against an index on loopback. */
import { createHash } from 'node:crypto';
import { onTestFinished } from 'vitest';
import { audit } from '../../src/audit.ts';
import type { AuditEnv, AuditRequest } from '../../src/audit-env.ts';
import { compareTargets } from '../../src/compare/compare-targets.ts';
import { toSourceAccess } from '../../src/imports/source-access.ts';
import { createMemoryFiles } from '../../src/inputs/file-access.ts';
import { createMemoryCache } from '../../src/io/cache.ts';
import { createHttp } from '../../src/io/http.ts';
import type { Cache } from '../../src/package-index/cache.ts';
import { createIndexClient } from '../../src/package-index/index-client.ts';
import type { AuditDocument, CompareDocument } from '../../src/types.ts';
import type { IndexServer, UniverseDistribution } from './index-server.ts';
import { startIndexServer } from './index-server.ts';

const plain: AuditRequest = {
  command: 'audit',
  path: '.',
  python: null,
  platform: null,
  extras: [],
  allExtras: false,
  groups: [],
  environment: null,
  constraintFiles: [],
  overrideFiles: [],
  index: {},
  pageSource: 'simple',
  excludeNewer: null,
  offline: false,
  weights: true,
  readsSources: true,
  makesSplits: false,
  everyProject: true,
  overrules: [],
  subject: null,
  addition: null,
};

/** An index that is closed with the test. */
export async function serveFor(
  distributions: readonly UniverseDistribution[],
): Promise<IndexServer> {
  const server = await startIndexServer({ distributions });
  onTestFinished(() => server.close());
  return server;
}

/** Audits files in memory against an index on loopback. */
export async function auditFiles(
  files: Readonly<Record<string, string>>,
  server: IndexServer,
  request: Partial<AuditRequest> = {},
  cache: Cache = createMemoryCache(),
): Promise<AuditDocument> {
  const asked = { ...plain, index: { indexUrl: server.indexUrl }, ...request };
  return (await audit(asked, openWorld(files, cache))).document;
}

/** Compares targets of files in memory against an index on loopback. */
export function compareFiles(
  files: Readonly<Record<string, string>>,
  server: IndexServer,
  request: Partial<AuditRequest> = {},
  cache: Cache = createMemoryCache(),
): Promise<CompareDocument> {
  const asked = { ...plain, command: 'compare', index: { indexUrl: server.indexUrl }, ...request };
  return compareTargets({ ...asked, readsSources: false }, openWorld(files, cache));
}

function openWorld(files: Readonly<Record<string, string>>, cache: Cache): AuditEnv {
  const http = createHttp({ userAgent: 'test', retries: 0 });
  onTestFinished(() => http.close());
  const access = createMemoryFiles(files);
  return {
    files: access,
    rootName: 'project',
    sources: toSourceAccess(access),
    variables: {},
    userFiles: [],
    isolated: true,
    locate: () => null,
    listFolder: () => null,
    openIndex: (wanted) =>
      createIndexClient({ ...wanted, http: () => Promise.resolve(http), cache, links: () => null }),
    cache,
    signal: new AbortController().signal,
    progress: { update: () => undefined },
    requestOf: (request) => Promise.resolve({ request, warnings: [] }),
    warn: () => undefined,
    note: () => undefined,
  };
}

/** `{index}`, `{url:FILENAME}` and `{sha256:FILENAME}` of a text filled in. */
export function fillIn(text: string, { indexUrl, url, files }: IndexServer): string {
  return text
    .replaceAll('{index}', indexUrl)
    .replace(/\{url:([^}]+)\}/g, (_, filename: string) => `${url}/files/${filename}`)
    .replace(/\{sha256:([^}]+)\}/g, (_, filename: string) => {
      const file = files.get(filename);
      if (file === undefined) throw new Error(`The index has no ${filename}`);
      return createHash('sha256').update(file.bytes).digest('hex');
    });
}
