/** Stage test: usage is still told where the requirements have no solution, or an index does not answer. */
import { afterEach, describe, expect, test } from 'vitest';
import type { AuditEnv, AuditRequest } from '../src/audit-env.ts';
import { audit } from '../src/audit.ts';
import { toSourceAccess } from '../src/imports/source-access.ts';
import { createMemoryFiles } from '../src/inputs/file-access.ts';
import { createMemoryCache } from '../src/io/cache.ts';
import { createHttp } from '../src/io/http.ts';
import type { Http } from '../src/package-index/http.ts';
import { createIndexClient } from '../src/package-index/index-client.ts';
import type { AuditDocument } from '../src/types.ts';
import type { IndexServer } from './support/index-server.ts';
import { startIndexServer } from './support/index-server.ts';
import type { UniverseDistribution } from './support/universe-files.ts';

const servers: IndexServer[] = [];
const opened: Http[] = [];

afterEach(async () => {
  await Promise.all(opened.splice(0).map((http) => http.close()));
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const defaults = {
  command: 'audit',
  path: '.',
  python: '3.11',
  platform: null,
  extras: [],
  allExtras: false,
  groups: [],
  environment: null,
  constraintFiles: [],
  overrideFiles: [],
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
} as const;

/** The document of a project in memory, against an index on loopback that comes after `before`. */
async function auditOf(
  files: Readonly<Record<string, string>>,
  distributions: readonly UniverseDistribution[],
  before: readonly string[] = [],
): Promise<AuditDocument> {
  const server = await startIndexServer({ distributions });
  servers.push(server);
  const http = createHttp({ userAgent: 'test', retries: 0 });
  opened.push(http);
  const cache = createMemoryCache();
  const memory = createMemoryFiles(files);
  const env: AuditEnv = {
    files: memory,
    rootName: 'app',
    sources: toSourceAccess(memory),
    variables: {},
    userFiles: [],
    isolated: true,
    locate: () => null,
    listFolder: () => null,
    openIndex: (request) =>
      createIndexClient({
        ...request,
        http: () => Promise.resolve(http),
        cache,
        links: () => null,
      }),
    cache,
    signal: new AbortController().signal,
    progress: { update: () => undefined },
    requestOf: (request) => Promise.resolve({ request, warnings: [] }),
    warn: () => undefined,
    note: () => undefined,
  };
  const index = { indexUrl: server.indexUrl, extraIndexUrls: before };
  const request: AuditRequest = { ...defaults, index };
  return (await audit(request, env)).document;
}

function verdictsOf({ declared }: AuditDocument): Readonly<Record<string, string>> {
  return Object.fromEntries(
    declared.map(({ name, verdict, confidence }) => [name, `${verdict} ${confidence}`]),
  );
}

const releases: readonly UniverseDistribution[] = [
  { name: 'web', version: '1.0', requiresDist: ['router<2', 'hidden'] },
  { name: 'web', version: '2.0', requiresDist: ['router'] },
  { name: 'router', version: '1.0' },
  { name: 'router', version: '2.0' },
  { name: 'hidden', version: '1.0' },
  { name: 'idle', version: '1.0', requiresDist: ['idle-core'] },
  { name: 'idle-core', version: '1.0' },
  { name: 'renamed', version: '1.0', files: [{ contents: { 'other/__init__.py': '' } }] },
  { name: 'checks', version: '1.0' },
];

const clash = ['web==1.0', 'router==2.0', 'idle', 'renamed', 'checks', 'absent==9'];
const code = {
  'app.py': 'import web\nimport other\nimport hidden\n',
  'tests/test_app.py': 'import checks\n',
};

describe('requirements without a solution', () => {
  test('keep their error, weigh nothing, and still have verdicts that accuse as likely at most', async () => {
    const files = { ...code, 'requirements.txt': clash.join('\n') };
    const document = await auditOf(files, releases);
    expect(document.error?.requirements.map(({ raw }) => raw)).toContain('router==2.0');
    expect(document.packages).toEqual([]);
    expect(document.environments).toEqual([]);
    expect(document.totals.packages).toBe(0);
    expect(verdictsOf(document)).toEqual({
      web: 'used certain',
      router: 'indirect likely',
      idle: 'unused likely',
      renamed: 'used certain',
      checks: 'dev-only likely',
      absent: 'unknown possible',
    });
  });

  test('have findings on usage, which save nothing that could be stated', async () => {
    const files = { ...code, 'requirements.txt': clash.join('\n') };
    const { findings } = await auditOf(files, releases);
    expect(findings.map(({ rule, packages }) => [rule, ...packages])).toEqual([
      ['unused', 'idle'],
      ['dev-only', 'checks'],
      ['indirect', 'router'],
      ['transitive-import'],
    ]);
    for (const finding of findings) {
      expect(finding.savedInstalledBytes).toBeNull();
      expect(finding.savedDownloadBytes).toBeNull();
      expect(finding.leaves).toEqual([]);
      expect(finding.confidence).toBe('likely');
    }
    expect(findings[0]?.evidence).toEqual([
      { path: 'requirements.txt', line: 3, note: 'looked for idle, by the wheel of idle 1.0' },
    ]);
  });
});

describe('an index that does not answer', () => {
  test('leaves sizes unknown; usage is told by the next index that has the names', async () => {
    const files = { 'app.py': 'import web\n', 'requirements.txt': 'web==1.0\nrouter==1.0\nidle\n' };
    const document = await auditOf(files, releases, ['http://127.0.0.1:9/simple/']);
    expect(document.error).toBeNull();
    expect(document.totals).toMatchObject({ packages: 3, unknown: 3, lowerBound: true });
    expect(verdictsOf(document)).toEqual({
      web: 'used certain',
      router: 'indirect likely',
      idle: 'unused likely',
    });
    const [unused] = document.findings.filter(({ rule }) => rule === 'unused');
    expect(unused).toMatchObject({ packages: ['idle'], savedInstalledBytes: null });
  });
});

describe('a distribution without a wheel', () => {
  test('is judged by the modules of its source archive, and only it is asked for', async () => {
    const contents = { 'thing/__init__.py': '' };
    const sdist: readonly UniverseDistribution[] = [
      { name: 'tool', version: '1.0', sdist: { contents } },
      { name: 'spare', version: '1.0', sdist: { contents: { 'extra_part/__init__.py': '' } } },
    ];
    const files = {
      'app.py': 'import thing, web\n',
      'requirements.txt': 'tool\nspare\nweb\nidle\n',
    };
    const document = await auditOf(files, [...releases, ...sdist]);
    expect(verdictsOf(document)).toEqual({
      tool: 'used certain',
      spare: 'unused likely',
      web: 'used certain',
      idle: 'unused certain',
    });
    const [server] = servers;
    const whole = server?.requests.filter(
      ({ path, range }) => path.endsWith('.tar.gz') && range === null,
    );
    expect(whole?.map(({ path }) => path.split('/').at(-1)).toSorted()).toEqual([
      'spare-1.0.tar.gz',
      'tool-1.0.tar.gz',
    ]);
  });

  test('in a project that imports nothing else costs no request when there is no source to judge', async () => {
    await auditOf({ 'requirements.txt': 'tool\n' }, [
      { name: 'tool', version: '1.0', sdist: { contents: { 'thing/__init__.py': '' } } },
    ]);
    const paths = servers[0]?.requests
      .filter(({ range }) => range === null)
      .map(({ path }) => path);
    expect(paths).toEqual(['/simple/tool/']);
  });
});
