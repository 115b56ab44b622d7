/** One small project, locked in every format, and an index that has gone on since. */
import type { AuditRequest } from '../../src/audit-env.ts';
import type { AuditDocument } from '../../src/types.ts';
import { auditFiles, fillIn, serveFor } from './audit-files.ts';
import type { IndexServer, UniverseDistribution } from './index-server.ts';

/** flask 3 and werkzeug 3 are the newest; the locks hold older ones, of which one was yanked since. */
export const universe: readonly UniverseDistribution[] = [
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

/** Its pyproject.toml, in the words of PEP 621. */
export const project =
  "[project]\nname='mine'\nversion='1'\nrequires-python='>=3.9'\ndependencies=['flask']\n[project.optional-dependencies]\nserver=['gunicorn']\n[dependency-groups]\ndev=['pytest']\n";

const wheel = (name: string, version: string): string => `${name}-${version}-py3-none-any.whl`;

function uvPackage(name: string, version: string, rest = ''): string {
  const file = wheel(name, version);
  return `[[package]]\nname = '${name}'\nversion = '${version}'\nsource = { registry = '{index}' }\nwheels = [{ url = '{url:${file}}', hash = 'sha256:{sha256:${file}}', size = 1 }]\n${rest}\n`;
}

/** What uv locks of it. */
export const uvLock: string =
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

/** The same in the words of Poetry. */
export const poetryProject =
  "[tool.poetry]\nname='mine'\nversion='1'\n[tool.poetry.dependencies]\npython='^3.9'\nflask='*'\ngunicorn={version='*', optional=true}\n[tool.poetry.extras]\nserver=['gunicorn']\n[tool.poetry.group.dev.dependencies]\npytest='*'\n";

/** What Poetry locks of it, in three versions of its format. */
export function poetryLock(version: '1.1' | '2.0' | '2.1'): string {
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

/** The same in the words of Pipenv. */
export const pipfile =
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

/** Formats of locks, those of Poetry by the version of the format. */
export type Format =
  | 'uv.lock'
  | 'poetry.lock 1.1'
  | 'poetry.lock 2.0'
  | 'poetry.lock 2.1'
  | 'pdm.lock'
  | 'pylock.toml'
  | 'Pipfile.lock';

/** One project in all formats of locks. */
export const formats: Readonly<Record<Format, Files>> = {
  'uv.lock': { 'pyproject.toml': project, 'uv.lock': uvLock },
  'poetry.lock 1.1': { 'pyproject.toml': poetryProject, 'poetry.lock': poetryLock('1.1') },
  'poetry.lock 2.0': { 'pyproject.toml': poetryProject, 'poetry.lock': poetryLock('2.0') },
  'poetry.lock 2.1': { 'pyproject.toml': poetryProject, 'poetry.lock': poetryLock('2.1') },
  'pdm.lock': { 'pyproject.toml': project, 'pdm.lock': pdmLock },
  'pylock.toml': { 'pyproject.toml': project, 'pylock.toml': pylock },
  'Pipfile.lock': { Pipfile: pipfile, 'Pipfile.lock': pipfileLock },
};

/** Texts by path, with places for what the index has. */
export type Files = Readonly<Record<string, string>>;

/** What came of a lock. */
export interface Outcome {
  readonly document: AuditDocument;
  readonly server: IndexServer;
}

/** Audits files against the universe; versions and sizes only, unless told otherwise. */
export async function take(files: Files, request: Partial<AuditRequest> = {}): Promise<Outcome> {
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
