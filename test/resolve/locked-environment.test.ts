import { describe, expect, test } from 'vitest';
import type { AuditRequest } from '../../src/audit-env.ts';
import type { AuditDocument } from '../../src/types.ts';
import { auditFiles, fillIn, serveFor } from '../support/audit-files.ts';
import type { IndexServer, UniverseDistribution } from '../support/index-server.ts';

/** flask 3 and werkzeug 3 are the newest; the locks hold older ones, of which one was yanked since. */
const universe: readonly UniverseDistribution[] = [
  {
    name: 'flask',
    version: '2.0',
    requiresDist: ['werkzeug>=2', 'blinker; sys_platform == "win32"'],
    yanked: true,
  },
  { name: 'flask', version: '3.0', requiresDist: ['werkzeug>=3'] },
  { name: 'werkzeug', version: '2.0' },
  { name: 'werkzeug', version: '3.0' },
  { name: 'blinker', version: '1.0' },
  { name: 'gunicorn', version: '20.0' },
  { name: 'gunicorn', version: '21.0' },
  { name: 'pytest', version: '7.0' },
  { name: 'pytest', version: '8.0' },
];

const project =
  "[project]\nname='mine'\nversion='1'\nrequires-python='>=3.9'\ndependencies=['flask']\n[project.optional-dependencies]\nserver=['gunicorn']\n[dependency-groups]\ndev=['pytest']\n";

const wheel = (name: string, version: string): string => `${name}-${version}-py3-none-any.whl`;

function uvPackage(name: string, version: string, rest = ''): string {
  const file = wheel(name, version);
  return `[[package]]\nname = '${name}'\nversion = '${version}'\nsource = { registry = '{index}' }\nwheels = [{ url = '{url:${file}}', hash = 'sha256:{sha256:${file}}', size = 1 }]\n${rest}\n`;
}

const uvLock =
  "version = 1\nrequires-python = '>=3.9'\n" +
  "[[package]]\nname = 'mine'\nversion = '1'\nsource = { virtual = '.' }\ndependencies = [{ name = 'flask' }]\n[package.optional-dependencies]\nserver = [{ name = 'gunicorn' }]\n[package.dev-dependencies]\ndev = [{ name = 'pytest' }]\n[package.metadata]\nrequires-dist = [{ name = 'flask' }, { name = 'gunicorn', marker = \"extra == 'server'\" }]\n[package.metadata.requires-dev]\ndev = [{ name = 'pytest' }]\n" +
  uvPackage(
    'flask',
    '2.0',
    "dependencies = [{ name = 'blinker', marker = \"sys_platform == 'win32'\" }, { name = 'werkzeug' }]",
  ) +
  uvPackage('werkzeug', '2.0') +
  uvPackage('blinker', '1.0') +
  uvPackage('gunicorn', '20.0') +
  uvPackage('pytest', '7.0');

function poetryPackage(name: string, version: string, rest: string): string {
  const file = wheel(name, version);
  return `[[package]]\nname = "${name}"\nversion = "${version}"\noptional = false\npython-versions = ">=3.9"\nfiles = [{file = "${file}", hash = "sha256:{sha256:${file}}"}]\n${rest}\n`;
}

const flaskNeeds =
  '[package.dependencies]\nblinker = {version = "*", markers = "sys_platform == \\"win32\\""}\nwerkzeug = ">=2"\n';

const poetryProject =
  "[tool.poetry]\nname='mine'\nversion='1'\n[tool.poetry.dependencies]\npython='^3.9'\nflask='*'\ngunicorn={version='*', optional=true}\n[tool.poetry.extras]\nserver=['gunicorn']\n[tool.poetry.group.dev.dependencies]\npytest='*'\n";

function poetryLock(version: '1.1' | '2.0' | '2.1'): string {
  const told = version === '2.1';
  const of = (groups: string, marker = ''): string =>
    told ? `groups = ["${groups}"]\n${marker === '' ? '' : `markers = '${marker}'\n`}` : '';
  return (
    poetryPackage('flask', '2.0', of('main') + flaskNeeds) +
    poetryPackage('werkzeug', '2.0', of('main')) +
    poetryPackage('blinker', '1.0', of('main', 'sys_platform == "win32"')) +
    poetryPackage('gunicorn', '20.0', of('main', 'extra == "server"')) +
    poetryPackage('pytest', '7.0', of('dev')) +
    `[extras]\nserver = ["gunicorn"]\n[metadata]\nlock-version = "${version}"\npython-versions = "^3.9"\ncontent-hash = "aa"\n`
  );
}

function pdmPackage(name: string, version: string, rest: string): string {
  const file = wheel(name, version);
  return `[[package]]\nname = "${name}"\nversion = "${version}"\n${rest}files = [{url = "{url:${file}}", hash = "sha256:{sha256:${file}}"}]\n`;
}

const pdmLock =
  '[metadata]\ngroups = ["default", "server", "dev"]\nstrategy = ["inherit_metadata"]\nlock_version = "4.5.0"\ncontent_hash = "sha256:aa"\n' +
  pdmPackage(
    'flask',
    '2.0',
    'groups = ["default"]\ndependencies = ["werkzeug>=2", "blinker; sys_platform == \\"win32\\""]\n',
  ) +
  pdmPackage('werkzeug', '2.0', 'groups = ["default"]\n') +
  pdmPackage('blinker', '1.0', 'groups = ["default"]\nmarker = "sys_platform == \\"win32\\""\n') +
  pdmPackage('gunicorn', '20.0', 'groups = ["server"]\n') +
  pdmPackage('pytest', '7.0', 'groups = ["dev"]\n');

function pylockPackage(name: string, version: string, marker = ''): string {
  const file = wheel(name, version);
  const condition = marker === '' ? '' : `marker = "${marker}"\n`;
  return `[[packages]]\nname = "${name}"\nversion = "${version}"\n${condition}[[packages.wheels]]\nurl = "{url:${file}}"\nsize = 1\nhashes = {sha256 = "{sha256:${file}}"}\n`;
}

const pylock =
  'lock-version = "1.0"\ncreated-by = "test"\nextras = ["server"]\ndependency-groups = ["dev"]\n' +
  pylockPackage('flask', '2.0') +
  pylockPackage('werkzeug', '2.0') +
  pylockPackage('blinker', '1.0', "sys_platform == 'win32'") +
  pylockPackage('gunicorn', '20.0', "'server' in extras") +
  pylockPackage('pytest', '7.0', "'dev' in dependency_groups");

const pipfile =
  "[[source]]\nname='x'\nurl='{index}'\n[packages]\nflask='*'\n[dev-packages]\npytest='*'\n[server]\ngunicorn='*'\n";

function pipfileEntry(name: string, version: string, marker?: string): readonly [string, unknown] {
  const hashes = [`sha256:{sha256:${wheel(name, version)}}`];
  return [
    name,
    { hashes, version: `==${version}`, ...(marker === undefined ? {} : { markers: marker }) },
  ];
}

const pipfileLock = JSON.stringify({
  _meta: { hash: { sha256: 'aa' }, 'pipfile-spec': 6, sources: [{ name: 'x', url: '{index}' }] },
  default: Object.fromEntries([
    pipfileEntry('flask', '2.0'),
    pipfileEntry('werkzeug', '2.0'),
    pipfileEntry('blinker', '1.0', "sys_platform == 'win32'"),
  ]),
  develop: Object.fromEntries([pipfileEntry('pytest', '7.0')]),
  server: Object.fromEntries([pipfileEntry('gunicorn', '20.0')]),
});

const formats = {
  'uv.lock': { 'pyproject.toml': project, 'uv.lock': uvLock },
  'poetry.lock 1.1': { 'pyproject.toml': poetryProject, 'poetry.lock': poetryLock('1.1') },
  'poetry.lock 2.0': { 'pyproject.toml': poetryProject, 'poetry.lock': poetryLock('2.0') },
  'poetry.lock 2.1': { 'pyproject.toml': poetryProject, 'poetry.lock': poetryLock('2.1') },
  'pdm.lock': { 'pyproject.toml': project, 'pdm.lock': pdmLock },
  'pylock.toml': { 'pyproject.toml': project, 'pylock.toml': pylock },
  'Pipfile.lock': { Pipfile: pipfile, 'Pipfile.lock': pipfileLock },
} as const;

type Files = Readonly<Record<string, string>>;

interface Outcome {
  readonly document: AuditDocument;
  readonly server: IndexServer;
}

async function take(files: Files, request: Partial<AuditRequest> = {}): Promise<Outcome> {
  const server = await serveFor(universe);
  const filled = Object.fromEntries(
    Object.entries(files).map(([path, text]) => [path, fillIn(text, server)]),
  );
  const document = await auditFiles(filled, server, {
    command: 'tree',
    readsSources: false,
    python: '3.11',
    platform: 'linux',
    ...request,
  });
  return { document, server };
}

const versions = ({ document }: Outcome): string =>
  document.packages.map(({ name, version }) => `${name} ${version}`).join(', ');
const pagesOf = ({ server }: Outcome): readonly string[] =>
  server.requests.filter(({ path }) => path.startsWith('/simple/')).map(({ path }) => path);

describe.each(Object.entries(formats))('%s', (format, files: Files) => {
  test('gives the versions as they are, yanked or not the newest, with edges and sizes', async () => {
    const outcome = await take(files);
    expect(versions(outcome)).toBe('flask 2.0, werkzeug 2.0');
    const [flask, werkzeug] = outcome.document.packages;
    expect([flask?.direct, flask?.known, werkzeug?.requiredBy, werkzeug?.known]).toEqual([
      true,
      true,
      ['flask'],
      true,
    ]);
    expect(werkzeug?.file?.filename).toBe('werkzeug-2.0-py3-none-any.whl');
    expect(outcome.document.error).toBeNull();
  });

  test('gives what is for another platform there', async () => {
    const outcome = await take(files, { platform: 'windows' });
    expect(versions(outcome)).toBe('blinker 1.0, flask 2.0, werkzeug 2.0');
  });

  test('gives an extra, or a set of Pipenv, and the development set where they are asked for', async () => {
    const asked = format === 'Pipfile.lock' ? { groups: ['server'] } : { extras: ['server'] };
    expect(versions(await take(files, asked))).toBe('flask 2.0, gunicorn 20.0, werkzeug 2.0');
    const outcome = await take(files, { environment: 'dev' });
    expect(versions(outcome)).toBe('flask 2.0, pytest 7.0, werkzeug 2.0');
  });

  test('stays as it is under a date, and with versions only', async () => {
    const outcome = await take(files, { excludeNewer: '2001-01-01T00:00:00Z', weights: false });
    expect(versions(outcome)).toBe('flask 2.0, werkzeug 2.0');
  });
});

describe('what is asked of the network', () => {
  test.each(['uv.lock', 'pdm.lock', 'pylock.toml'] as const)(
    'is no page of the index for %s, which has the addresses',
    async (format) => {
      expect(pagesOf(await take(formats[format]))).toEqual([]);
    },
  );

  test.each(['uv.lock', 'pdm.lock', 'poetry.lock 2.1', 'poetry.lock 1.1'] as const)(
    'is nothing at all for the versions of %s',
    async (format) => {
      const { server } = await take(formats[format], { weights: false });
      expect(server.requests).toEqual([]);
    },
  );
});

describe('hashes of a lock', () => {
  test('that the index does not have are an error at the place of the package', async () => {
    const wrong = 'f'.repeat(64);
    const lock = poetryLock('2.1').replace('{sha256:werkzeug-2.0-py3-none-any.whl}', wrong);
    const { document } = await take({ 'pyproject.toml': poetryProject, 'poetry.lock': lock });
    expect(document.packages.map(({ name, unknownReason }) => [name, unknownReason])).toEqual([
      ['flask', null],
      ['werkzeug', 'hash-excluded'],
    ]);
    expect(document.warnings.filter(({ code }) => code === 'hash-mismatch')).toEqual([
      {
        code: 'hash-mismatch',
        message:
          'the index has werkzeug-2.0-py3-none-any.whl, but not with a hash that the lock has for it',
        severity: 'error',
        path: 'poetry.lock',
        line: 12,
        column: 1,
      },
    ]);
  });
});

describe('a lock that has no file for the target', () => {
  test('leaves the size unknown, and says which files it has', async () => {
    const other = uvLock.replace(
      "{url:werkzeug-2.0-py3-none-any.whl}', hash = 'sha256:{sha256:werkzeug-2.0-py3-none-any.whl}'",
      "https://files.test/werkzeug-2.0-cp311-cp311-win_amd64.whl', hash = 'sha256:aa'",
    );
    const { document } = await take({ 'pyproject.toml': project, 'uv.lock': other });
    const werkzeug = document.packages.find(({ name }) => name === 'werkzeug');
    expect([werkzeug?.version, werkzeug?.unknownReason, werkzeug?.file]).toEqual([
      '2.0',
      'no-wheel-for-target',
      null,
    ]);
    expect(document.warnings.map(({ code, line }) => [code, line])).toEqual([
      ['no-file-for-target', 22],
    ]);
  });
});

describe('a manifest that changed since', () => {
  test('changes nothing of what is installed, and the lock is said to be stale', async () => {
    const files = {
      'pyproject.toml': project.replace("['flask']", "['flask>=3', 'gunicorn']"),
      'uv.lock': uvLock,
    };
    const outcome = await take(files);
    expect(versions(outcome)).toBe('flask 2.0, werkzeug 2.0');
    expect(outcome.document.warnings.map(({ code, path }) => [code, path])).toEqual([
      ['stale-lock', 'uv.lock'],
    ]);
    expect(outcome.document.warnings[0]?.message).toContain('flask>=3 (line 5, it has 2.0)');
    expect(outcome.document.warnings[0]?.message).toContain(
      'gunicorn (line 5, which it does not have)',
    );
  });
});
